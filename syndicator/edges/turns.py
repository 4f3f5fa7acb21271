"""Decide whose turn it is to ask: all hosts in a circle, each with few questions at once and a pause between two."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from heapq import heappop, heappush
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(slots=True)
class _Host:
    """How a host is being asked: *busy* questions are with it; the last one began at *asked_at*."""

    gap: float
    busy: int = 0
    asked_at: float = float("-inf")
    spacing: float = 0.0


class Hosts:
    """What all parties share: one host has *per_host* questions at once, and *gap* seconds between two beginnings.

    Hosts in *unspaced* have no gap of ours; the spacing that a question brings holds there too.
    """

    def __init__(self, *, per_host: int, gap: float, unspaced: frozenset[str] = frozenset()) -> None:
        self.per_host = per_host
        self._gap = gap
        self._unspaced = unspaced
        self._hosts: dict[str, _Host] = {}

    def __getitem__(self, name: str) -> _Host:
        host = self._hosts.get(name)
        if host is None:
            host = self._hosts[name] = _Host(gap=0.0 if name in self._unspaced else self._gap)
        return host


class Turns(Generic[T]):
    """One party's waiting lines, one for every host; instants are seconds of any one clock.

    A slow host fills its own few places: who waits for another host does not stand behind it.
    """

    def __init__(self, hosts: Hosts) -> None:
        self._hosts = hosts
        self._lines: dict[str, deque[tuple[T, float]]] = {}
        # A host that has a line stands in exactly one of these three.
        self._ready: deque[str] = deque()
        self._resting: list[tuple[float, str]] = []
        self._full: set[str] = set()

    def join(self, host: str, who: T, *, spacing: float, first: bool = False) -> None:
        """Put *who* into the line for *host*, at its end or as the *first*."""
        line = self._lines.get(host)
        if line is None:
            line = self._lines[host] = deque()
            self._ready.append(host)
        (line.appendleft if first else line.append)((who, spacing))

    def next(self, now: float) -> T | None:
        """Return whose turn it is, if anyone's; from now on he is with his host, until `leave`."""
        while self._resting and self._resting[0][0] <= now:
            self._ready.append(heappop(self._resting)[1])
        while self._ready:
            name = self._ready.popleft()
            line, host = self._lines[name], self._hosts[name]
            who, spacing = line[0]
            # Of two neighbours, the one that asks for the wider spacing gets it.
            free_at = host.asked_at + max(host.gap, host.spacing, spacing)
            if host.busy >= self._hosts.per_host:
                self._full.add(name)
            elif free_at > now:
                heappush(self._resting, (free_at, name))
            else:
                host.busy += 1
                host.asked_at, host.spacing = now, spacing
                line.popleft()
                if line:
                    self._ready.append(name)
                else:
                    del self._lines[name]
                return who
        return None

    def leave(self, host: str) -> None:
        """Give back a place at *host*; tell the other parties by `freed`."""
        self._hosts[host].busy -= 1

    def freed(self, host: str) -> None:
        """Learn that there is a place at *host* again."""
        if host in self._full:
            self._full.remove(host)
            self._ready.append(host)

    @property
    def rested_at(self) -> float | None:
        """When the next host has rested enough, if one rests."""
        return self._resting[0][0] if self._resting else None

"""Ask the robots.txt of hosts whose word we do not have, or have for too long."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from syndicator.model.source import Blocked, Body, Fetched, Question, Robots, Source, SourceState
from syndicator.pipeline.robots import read_robots, robots_url
from syndicator.ports import Clock, Fetcher

AGENT = "syndicator"  # the name by which a robots.txt may speak of us (RFC 9309, section 2.2.1)
GOOD_FOR = timedelta(hours=24)  # RFC 9309, section 2.4: a cached copy is not used for longer
TRY_AGAIN = timedelta(hours=1)  # after a host whose robots.txt could not be had, which forbids all meanwhile


@dataclass(frozen=True, slots=True, kw_only=True)
class Permission:
    """The sources that may be asked, with what robots.txt says in their states, and those that may not."""

    states: Mapping[str, SourceState] = field(default_factory=dict)
    refused: tuple[tuple[SourceState, Blocked], ...] = ()


def needs_robots(state: SourceState, source: Source, *, now: datetime) -> bool:
    """Tell whether robots.txt is to be asked before *source*."""
    said = state.robots
    return not source.ignore_robots and (said is None or said.url != source.url or now - said.read_at >= GOOD_FOR)


def permit(states: Iterable[SourceState], sources: Mapping[str, Source]) -> Permission:
    """Part *states* by what their robots.txt said the last time it was read."""
    allowed, refused = {}, []
    for state in states:
        source, said = sources[state.id], state.robots
        if said is None or source.ignore_robots or not said.disallows:
            allowed[state.id] = state
        else:
            refused.append((state, _refusal(state.id, said)))
    return Permission(states=allowed, refused=tuple(refused))


async def ask_robots(
    states: Iterable[SourceState], sources: Mapping[str, Source], *, fetcher: Fetcher, clock: Clock
) -> Permission:
    """Ask the robots.txt of each host of *states* once, and part them by what it says."""
    waiting: defaultdict[str, list[SourceState]] = defaultdict(list)
    for state in states:
        waiting[robots_url(sources[state.id].url)].append(state)
    questions = [
        Question(source=url, url=url, allow_private=any(sources[state.id].allow_private for state in asked))
        for url, asked in waiting.items()
    ]
    told: list[SourceState] = []
    refused: list[tuple[SourceState, Blocked]] = []
    async with aclosing(fetcher.fetch(questions)) as answers:
        async for answer in answers:
            for state in waiting[answer.source]:
                outcome = _hear(answer, state, sources[state.id].url, clock.now())
                if isinstance(outcome, Blocked):
                    refused.append((state, outcome))
                else:
                    told.append(replace(state, robots=outcome))
    permission = permit(told, sources)
    return replace(permission, refused=(*permission.refused, *refused))


def _hear(answer: Fetched, state: SourceState, url: str, now: datetime) -> Robots | Blocked | None:
    """Return what *answer* says of *url* (RFC 9309, section 2.3.1): no such file forbids nothing, and a server that is
    broken forbids all, unless we still have its last word. None: it could not be asked, and neither will the feed."""
    if isinstance(answer, Body):
        return read_robots(answer.content.decode("utf-8", "replace"), url=url, agent=AGENT, now=now)
    status = getattr(answer, "status", 0)
    if status == 429 or status >= 500:
        if state.robots is not None and state.robots.url == url:
            return replace(state.robots, read_at=now - GOOD_FOR + TRY_AGAIN)
        why = f"its robots.txt answers {status}, which forbids all until it can be read"
        return Blocked(source=state.id, why=why, status=status, retry_at=now + TRY_AGAIN)
    if status or not hasattr(answer, "status"):
        return Robots(url=url, read_at=now)
    return None


def _refusal(source: str, said: Robots) -> Blocked:
    why = f"robots.txt forbids it to us ({said.disallows}); ask the publisher, and say so under ignore_robots"
    return Blocked(source=source, why=why, retry_at=said.read_at + GOOD_FOR)

"""Ask robots.txt what we may ask, of hosts whose word we do not have, or have for too long."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from syndicator.model.source import Blocked, Body, Failed, Fetched, Question, Robots, Source, SourceState
from syndicator.pipeline.robots import read_robots, robots_url
from syndicator.ports import Clock, Fetcher

AGENT = "syndicator"  # the name by which a robots.txt may speak of us (RFC 9309, section 2.2.1)
GOOD_FOR = timedelta(hours=24)  # RFC 9309, section 2.4: a cached copy is not used for longer
TRY_AGAIN = timedelta(hours=1)  # after a host whose robots.txt could not be had, which forbids all meanwhile

# As the fetcher says it: no list of rules is so large, and redirects that never end lead to none (section 2.3.1.2).
_NO_FILE = ("larger than", "redirects in a circle", "too many redirects")


@dataclass(frozen=True, slots=True, kw_only=True)
class Permission:
    """The sources that may be asked, with what robots.txt says in their states, and those that may not."""

    states: Mapping[str, SourceState] = field(default_factory=dict)
    refused: tuple[tuple[SourceState, Blocked | Failed], ...] = ()


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
) -> AsyncGenerator[Permission, None]:
    """Ask the robots.txt of each host of *states* once; yield its sources, parted by what it says, as it answers."""
    waiting: defaultdict[str, list[SourceState]] = defaultdict(list)
    for state in states:
        waiting[robots_url(sources[state.id].url)].append(state)
    questions = [
        Question(source=url, url=url, allow_private=any(sources[state.id].allow_private for state in asked))
        for url, asked in waiting.items()
    ]
    async with aclosing(fetcher.fetch(questions)) as answers:
        async for answer in answers:
            told: list[SourceState] = []
            refused: list[tuple[SourceState, Blocked | Failed]] = []
            for state in waiting[answer.source]:
                outcome = _hear(answer, state, sources[state.id].url, clock.now())
                if isinstance(outcome, Robots):
                    told.append(replace(state, robots=outcome))
                else:
                    refused.append((state, outcome))
            permission = permit(told, sources)
            yield replace(permission, refused=(*permission.refused, *refused))


def join_permissions(permissions: Iterable[Permission]) -> Permission:
    """Return *permissions*, which speak of different sources, as one."""
    states: dict[str, SourceState] = {}
    refused: list[tuple[SourceState, Blocked | Failed]] = []
    for permission in permissions:
        states |= permission.states
        refused += permission.refused
    return Permission(states=states, refused=tuple(refused))


async def forbidden_by_robots(
    urls: Sequence[str], *, fetcher: Fetcher, clock: Clock, allow_private: bool = False
) -> dict[str, str]:
    """Return, by URL, those of *urls* that their robots.txt forbids to us: the rule, or why it cannot be read."""
    waiting: defaultdict[str, list[str]] = defaultdict(list)
    for url in urls:
        waiting[robots_url(url)].append(url)
    questions = [Question(source=robots, url=robots, allow_private=allow_private) for robots in waiting]
    forbidden = {}
    async with aclosing(fetcher.fetch(questions)) as answers:
        async for answer in answers:
            for url in waiting[answer.source]:
                outcome = _hear(answer, SourceState(id=url, url=url), url, clock.now())
                why = outcome.disallows if isinstance(outcome, Robots) else outcome.why
                if why:
                    forbidden[url] = why
    return forbidden


def _hear(answer: Fetched, state: SourceState, url: str, now: datetime) -> Robots | Blocked | Failed:
    """Return what *answer* says of *url* (RFC 9309, section 2.3.1).

    No such file forbids nothing. A server that is broken, or cannot be reached, forbids all, unless we still have its
    last word; what cannot be reached is a failure of the source like any other.
    """
    if isinstance(answer, Body):
        return read_robots(answer.content.decode("utf-8", "replace"), url=url, agent=AGENT, now=now)
    status = answer.status if isinstance(answer, Failed | Blocked) else 0
    unreached = isinstance(answer, Failed) and not status and not answer.why.startswith(_NO_FILE)
    if not unreached and status != 429 and status < 500:
        return Robots(url=url, read_at=now)
    if state.robots is not None and state.robots.url == url:
        return replace(state.robots, read_at=now - GOOD_FOR + TRY_AGAIN)
    if isinstance(answer, Failed) and unreached:
        return replace(answer, source=state.id)
    why = f"its robots.txt answers {status}, which forbids all until it can be read"
    return Blocked(source=state.id, why=why, status=status, retry_at=now + TRY_AGAIN)


def _refusal(source: str, said: Robots) -> Blocked:
    why = f"robots.txt forbids it to us ({said.disallows}); ask the publisher, and say so under ignore_robots"
    return Blocked(source=source, why=why, retry_at=said.read_at + GOOD_FOR)

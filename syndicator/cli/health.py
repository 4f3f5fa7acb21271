"""Judge how each source is, from what feeds.yaml and the store say of it; in words, and as facts for programs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, TypeAlias

from syndicator.model.source import Finding, Source, SourceState
from syndicator.pipeline.cadence import is_gone
from syndicator.pipeline.doctor import is_broken, remedy_for
from syndicator.pipeline.moves import settled_move
from syndicator.pipeline.waits import usual_wait

Mark: TypeAlias = Literal["broken", "warning", "unasked", "well", "left"]

MARKS: Mapping[Mark, str] = {"broken": "✗", "warning": "!", "unasked": "○", "well": "✓", "left": "–"}
"""How each is shown, the worst first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """How a source is. *source* is None when feeds.yaml does not name it any more, *state* when it was never asked.

    *findings* are those of the doctor, and the last answer if it was none and the doctor still waits.
    """

    id: str
    mark: Mark
    source: Source | None
    state: SourceState | None
    findings: tuple[Finding, ...] = ()

    @property
    def title(self) -> str:
        if self.source is not None:
            return self.source.title
        return self.state.title if self.state is not None else ""


def judge_all(sources: Mapping[str, Source], states: Mapping[str, SourceState], *, now: datetime) -> list[Health]:
    """Return how all sources are, the worst first, and then in the order of feeds.yaml; those that left it are last."""
    found = [_judge(id, source, states.get(id), now) for id, source in sources.items()]
    found += [Health(id=id, mark="left", source=None, state=state) for id, state in states.items() if id not in sources]
    ranks = {mark: rank for rank, mark in enumerate(MARKS)}
    return sorted(found, key=lambda health: ranks[health.mark])


def _judge(id: str, source: Source, state: SourceState | None, now: datetime) -> Health:
    if state is None or state.asked_at is None:
        return Health(id=id, mark="unasked", source=source, state=None)
    if state.url != source.url:
        # What is remembered tells of another address.
        return Health(id=id, mark="unasked", source=source, state=state)
    findings = state.findings
    if state.failures and not any(map(is_broken, findings)):
        times = "" if state.failures == 1 else f", {state.failures} times in a row"
        last = Finding(
            kind="last_answer",
            text=f"the last answer{times}: {state.outcome}",
            remedy=remedy_for(state.outcome) or f"wait: it is asked again {show_until(state.next_at, now)}",
            since=state.asked_at,
        )
        findings = (*findings, last)
    never_read = state.failures > 0 and state.full_at is None
    if never_read or any(map(is_broken, findings)):
        return Health(id=id, mark="broken", source=source, state=state, findings=findings)
    return Health(id=id, mark="warning" if findings else "well", source=source, state=state, findings=findings)


def asked_every(health: Health, *, now: datetime) -> timedelta | None:
    """Return the time between two askings while all is well, None for a source that is not asked."""
    source, state = health.source, health.state
    if source is None or (state is not None and is_gone(state, source)):
        return None
    if state is None:
        return source.every
    return usual_wait(source, pace=state.pace, rhythm=state.rhythm, new_at=state.new_at, now=now)


def is_kept_away(state: SourceState) -> bool:
    """Tell whether its robots.txt was all that was asked the last time: that forbids the feed, or cannot be read."""
    return state.failures > 0 and _is_of_robots(state.outcome)


def last_asked(state: SourceState) -> datetime | None:
    """Return when the feed itself was last asked, None if never as far as is remembered."""
    if not is_kept_away(state):
        return state.asked_at
    return next((run.last_at for run in reversed(state.history) if not _is_of_robots(run.outcome)), None)


def share_304(state: SourceState) -> float | None:
    """Return the share of 304 in its answers; None before the second, and where robots.txt keeps us from asking."""
    # The first answer cannot be 304.
    return state.unmodified / (state.asked_times - 1) if state.asked_times > 1 and not is_kept_away(state) else None


def ratio_304(state: SourceState) -> str:
    """Return `share_304` in percent, or an empty string."""
    share = share_304(state)
    return "" if share is None else f"{share:.0%}"


def _is_of_robots(outcome: str) -> bool:
    return outcome.startswith(("robots.txt", "its robots.txt"))


def show_ago(at: datetime | None, now: datetime) -> str:
    """Return how long ago *at* was: `5 min ago`."""
    return "never" if at is None else "just now" if now - at < timedelta(minutes=1) else f"{show_about(now - at)} ago"


def show_until(at: datetime | None, now: datetime) -> str:
    """Return how long it is until *at*: `in 5 min`, or `now` for what is due."""
    return "now" if at is None or at <= now else f"in {show_about(at - now)}"


def show_about(span: timedelta) -> str:
    """Return *span* in few letters, rounded down.

    >>> show_about(timedelta(minutes=90)), show_about(timedelta(days=1)), show_about(timedelta(days=45))
    ('1 h', '1 day', '6 weeks')
    """
    minutes = int(span.total_seconds() // 60)
    units = (("year", 525_600, 2), ("month", 43_800, 2), ("week", 10_080, 2), ("day", 1_440, 1))
    for name, size, least in units:
        if minutes >= size * least:
            count = minutes // size
            return f"{count} {name}" if count == 1 else f"{count} {name}s"
    return f"{minutes // 60} h" if minutes >= 60 else f"{minutes} min" if minutes else "less than a minute"


def facts(health: Health, *, now: datetime) -> dict[str, Any]:
    """Return all that is known of a source, under stable names; instants are in UTC, spans in seconds."""
    source, state = health.source, health.state
    known: dict[str, Any] = {
        "id": health.id,
        "title": health.title,
        "health": health.mark,
        "url": source.url if source else state.url if state else "",
        "outlet": (source.outlet or source.id) if source else "",
        "language": source.language if source else "",
        "adaptive": source.adaptive if source else False,
        "every_seconds": _seconds(asked_every(health, now=now)),
        "findings": [asdict(finding) | {"broken": is_broken(finding)} for finding in health.findings],
    }
    if state is None:
        return known
    share = share_304(state)
    plain = ("next_at", "full_at", "changed_at", "new_at", "asked_times", "unmodified", "failures",
             "outcome", "entries", "id_rule", "held", "held_since", "suggested")  # fmt: skip
    move = state.move
    return (
        known
        | {name: getattr(state, name) for name in plain}
        | {
            "asked_at": last_asked(state),
            "asked_url": state.url,
            "unmodified_share": None if share is None else round(share, 3),
            "rhythm_seconds": _seconds(state.rhythm),
            "pace": {
                "wait_seconds": _seconds(state.pace.wait),
                "skip_hours": state.pace.skip_hours,
                "skip_days": state.pace.skip_days,
            },
            "validators": asdict(state.validators),
            "robots": {
                "disallows": state.robots.disallows,
                "spacing_seconds": _seconds(state.robots.spacing),
                "read_at": state.robots.read_at,
            }
            if state.robots
            else None,
            "move": asdict(move) | {"settled": settled_move(state, now=now) != ""} if move else None,
            "history": [asdict(run) for run in state.history],
            "problems": state.problems,
        }
    )


def _seconds(span: timedelta | None) -> float | None:
    return None if span is None else span.total_seconds()

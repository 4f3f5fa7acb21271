"""Decide when a source is asked again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from syndicator.model.entry import Problem
from syndicator.model.source import Blocked, Body, Failed, Fetched, Gone, NotModified, Source, SourceState

MAX_BACKOFF = timedelta(days=1)  # a source that was down is met again the day after it is up
GONE_WAIT = timedelta(days=7)  # 410 means for good, but an admin may have mended the address at the publisher
MAX_WAIT = timedelta(days=2)  # no max-age or Retry-After keeps us away for longer
SPREAD = 0.1  # of the wait; so that sources which were asked together drift apart


def first_state(source: Source) -> SourceState:
    """Return the state of a source that was never asked: due at once."""
    return SourceState(id=source.id, url=source.url)


def is_due(state: SourceState, source: Source, *, now: datetime) -> bool:
    """Tell whether *source* is to be asked: its time has come, or its address has changed.

    A time farther off than any wait was set by a clock that went wrong.
    """
    farthest = now + 2 * max(source.every, GONE_WAIT)
    return state.next_at is None or not now < state.next_at <= farthest or state.url != source.url


def after_answer(state: SourceState, source: Source, answer: Fetched, *, now: datetime, jitter: float) -> SourceState:
    """Return what to remember of *source* after *answer*; *jitter* is from 0 to 1.

    The next asking is the later of what feeds.yaml says (`every`) and what the server asks for
    (`max-age`, RFC 9111, section 5.2.2.1; `Retry-After`, RFC 9110, section 10.2.3). Each failure in
    a row doubles the wait. A source is never given up.
    """
    asked = replace(state, url=source.url, asked_at=now, first_asked_at=state.first_asked_at or now, claimed_until=None)
    match answer:
        case Body() | NotModified():
            fresh = min(answer.max_age or timedelta(0), MAX_WAIT)
            wait = max(source.every, fresh)
            validators = answer.validators
            if isinstance(answer, NotModified) and not (validators.etag or validators.last_modified):
                validators = state.validators  # a 304 need not repeat what it confirms (RFC 9110, section 15.4.5)
            return replace(
                asked,
                validators=validators,
                failures=0,
                outcome="changed" if isinstance(answer, Body) else "unchanged",
                next_at=now + wait * (1 + SPREAD * jitter),
            )
        case Gone():
            return replace(asked, failures=state.failures + 1, outcome=answer.why, next_at=now + GONE_WAIT)
        case Blocked() | Failed():
            doubled = min(source.every * 2 ** min(state.failures, 16), MAX_BACKOFF)
            backoff = max(doubled, source.every) * (1 + SPREAD * jitter)
            told = min(answer.retry_at, now + MAX_WAIT) if answer.retry_at else now
            return replace(asked, failures=state.failures + 1, outcome=answer.why, next_at=max(now + backoff, told))


def after_reading(
    state: SourceState, *, title: str, body_hash: str, entries: int, problems: Sequence[Problem], now: datetime
) -> SourceState:
    """Return *state* with what reading the document brought; `changed_at` moves with the bytes only."""
    changed = body_hash != state.body_hash
    return replace(
        state,
        title=title or state.title,
        body_hash=body_hash,
        changed_at=now if changed else state.changed_at,
        outcome="changed" if changed else "unchanged",
        entries=entries,
        problems=tuple(str(problem) for problem in problems),
    )

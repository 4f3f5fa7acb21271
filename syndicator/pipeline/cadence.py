"""Decide whether a source is asked now, and what; remember of its answers what decides the next asking."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from zlib import crc32

from syndicator.model.entry import Parsed, Problem
from syndicator.model.source import (
    Answered,
    Blocked,
    Body,
    Failed,
    Fetched,
    Gone,
    NotModified,
    Question,
    Source,
    SourceState,
    Validators,
)
from syndicator.pipeline.known import join_known
from syndicator.pipeline.moves import PROOF_EVERY, follow_move, settled_move
from syndicator.pipeline.waits import (
    MAX_WAIT,
    NEVER,
    learn_rhythm,
    longest_wait,
    moment_after,
    usual_wait,
    wait_after_failure,
    wait_after_refusal,
)

# Servers were met that answer 304 for ever to a validator that they once gave. A week of lost news is the price that
# is left, and 50 kB a week that of the question; both are small beside asking in full each day.
FULL_EVERY = timedelta(days=7)
_FULL_SPREAD = 0.5  # of it, a source's share by its id: sources that were added on one day are spread over days

MAX_RUNS = 12  # of like answers; what an admin can take in at a glance

_NOTHING = timedelta(0)


def first_state(source: Source) -> SourceState:
    """Return the state of a source that was never asked: due at once."""
    return SourceState(id=source.id, url=source.url)


def is_due(state: SourceState, source: Source, *, now: datetime) -> bool:
    """Tell whether *source* is to be asked: its time has come, or its address has changed.

    One that is gone is never due at the same address. Any other time that is farther off than the longest wait was
    set by a clock that went wrong.
    """
    if state.next_at is None or state.url != source.url:
        return True
    if state.next_at == NEVER:
        return False
    return not now < state.next_at <= now + longest_wait(source)


def is_gone(state: SourceState, source: Source) -> bool:
    """Tell whether *source* has said 410 and is therefore asked no more, unless by force or at another address."""
    return state.next_at == NEVER and state.url == source.url


def question(state: SourceState, source: Source, *, now: datetime) -> Question:
    """Return what to ask *source*: conditionally, but now and then in full.

    That is every `FULL_EVERY` or so, against a bad validator, and every `PROOF_EVERY` while a move is to be proved.
    """
    validators = state.validators
    # Validators belong to the address that gave them; to another they mean nothing (RFC 9110, section 8.8).
    if state.url != source.url or _is_full_due(state, now):
        validators = Validators()
    robots = state.robots
    heeded = robots is not None and robots.url == source.url and not source.ignore_robots
    return Question(
        source=source.id,
        url=source.url,
        validators=validators,
        allow_private=source.allow_private,
        spacing=robots.spacing if robots is not None and heeded else _NOTHING,
    )


def after_answer(
    state: SourceState, source: Source, answer: Fetched, *, now: datetime, jitter: float, body_hash: str = ""
) -> SourceState:
    """Return what to remember of *source* after *answer*; *jitter* is from 0 to 1, *body_hash* that of a `Body`.

    A `Body` of other bytes than the last, or without a *body_hash*, is half of the story: failures and history stay as
    they were, and `after_reading` tells the rest. The next asking is the later of what we want (`every`, or the rhythm)
    and what the publisher wishes (`max-age`, RFC 9111, section 5.2.2.1; `Retry-After`, RFC 9110, section 10.2.3; the
    pace of its document). Each failure in a row doubles the wait. A source is given up when it says 410, and for
    nothing else.
    """
    if state.url != source.url:
        state = _at_new_address(state, source)
    match answer:
        case Body() | NotModified():
            return _after_success(state, source, answer, now=now, jitter=jitter, body_hash=body_hash)
        case Gone():
            outcome = f"{answer.why}: it is asked no more; give it another url in feeds.yaml, or take it out"
            return _after_failure(state, outcome, next_at=NEVER, now=now)
        case Blocked() | Failed():
            wait = _backoff(state, source, now=now)
            if isinstance(answer, Blocked) or answer.status == 503 or answer.retry_at is not None:
                wait = max(wait, wait_after_refusal(answer.status, answer.retry_at, now=now))
            next_at = moment_after(wait, now=now, pace=state.pace, jitter=jitter)
            return _after_failure(state, answer.why, next_at=next_at, now=now)


def after_reading(
    state: SourceState,
    source: Source,
    *,
    parsed: Parsed,
    read: Sequence[str],
    body_hash: str,
    new: int,
    problems: Sequence[Problem],
    now: datetime,
    jitter: float,
    elsewhere: bool = False,
    partial: bool = False,
) -> SourceState:
    """Return *state*, as `after_answer` gave it, with what reading the document brought, of it *new* entries.

    *read* are the fingerprints of those of its entries that need not be read again.
    `changed_at` moves with the bytes only. A document that is no feed counts as a failure: what was known of the feed
    stays, and it is not asked conditionally, so that the page in its place cannot answer 304 as if all were well; so
    does one that `is_elsewhere`. What a *partial* document leaves out is still there.
    """
    told = tuple(str(problem) for problem in problems)
    if not parsed.version or elsewhere:
        next_at = moment_after(_backoff(state, source, now=now), now=now, pace=state.pace, jitter=jitter)
        outcome = told[0] if told else "not a feed"
        if parsed.version and state.move:
            outcome = (
                f"it redirects for good to {state.move.url}, where another feed lies; nothing of that is taken, "
                "unless you give the source that url"
            )
        return replace(
            state,
            validators=Validators(),
            next_at=next_at,
            failures=state.failures + 1,
            outcome=outcome,
            problems=told,
            max_age=None,
            move=None,
            history=_with_answer(state.history, outcome, new=0, now=now),
        )
    rhythm, new_at = state.rhythm, state.new_at
    if new:
        dates = (entry.published for entry in parsed.entries)
        rhythm, new_at = learn_rhythm(rhythm, dates, new_at=new_at, now=now), now
    silent_since = new_at or state.first_asked_at
    wait = usual_wait(source, pace=parsed.pace, rhythm=rhythm, new_at=silent_since, now=now)
    wait = max(wait, min(state.max_age or _NOTHING, MAX_WAIT))
    changed = partial or body_hash != state.body_hash
    outcome = "changed" if changed else "unchanged"
    return replace(
        state,
        title=parsed.title or state.title,
        body_hash=state.body_hash if partial else body_hash,
        changed_at=now if changed else state.changed_at,
        new_at=new_at,
        next_at=moment_after(wait, now=now, pace=parsed.pace, jitter=jitter),
        failures=0,
        outcome=outcome,
        problems=told,
        entries=state.entries if partial else len(parsed.fingerprints),
        pace=parsed.pace,
        rhythm=rhythm,
        history=_with_answer(state.history, outcome, new=new, now=now),
        read=join_known(read, state.read if partial else ""),
        suggested="",
        discovered_at=None,
    )


def _is_full_due(state: SourceState, now: datetime) -> bool:
    if state.full_at is None:
        return True
    # A full question that failed (a server may answer 304 to that, too) is not repeated at once: every second one
    # is conditional, so that news is met all the same.
    if state.failures % 2:
        return False
    share = crc32(state.id.encode()) / 2**32
    patience = FULL_EVERY * (1 + _FULL_SPREAD * (share - 0.5))
    if state.move is not None and not settled_move(state, now=now):
        patience = PROOF_EVERY
    return not _NOTHING <= now - state.full_at < patience  # or it was set by a clock that went wrong


def _at_new_address(state: SourceState, source: Source) -> SourceState:
    """Return *state* without what was known of its old address; entries, rhythm and history are still the source's."""
    return SourceState(
        id=state.id,
        url=source.url,
        title=state.title,
        first_asked_at=state.first_asked_at,
        changed_at=state.changed_at,
        new_at=state.new_at,
        asked_times=state.asked_times,
        unmodified=state.unmodified,
        entries=state.entries,
        rhythm=state.rhythm,
        robots=state.robots,
        history=state.history,
        id_rule=state.id_rule,
        held=state.held,
        held_since=state.held_since,
    )


def _after_success(
    state: SourceState, source: Source, answer: Body | NotModified, *, now: datetime, jitter: float, body_hash: str
) -> SourceState:
    unmodified = isinstance(answer, NotModified)
    unchanged = unmodified or (body_hash != "" and body_hash == state.body_hash)
    validators = answer.validators
    if unmodified and not (validators.etag or validators.last_modified):
        validators = state.validators  # a 304 need not repeat what it confirms (RFC 9110, section 15.4.5)
    # Any whole document counts as a full answer, also to a conditional question: what could be stuck is not.
    full = isinstance(answer, Body) and not answer.partial
    # What a 304 leaves unsaid is as it was (RFC 9111, section 4.3.4).
    max_age = state.max_age if unmodified and answer.max_age is None else answer.max_age
    wait = max(_usual(state, source, now=now), min(max_age or _NOTHING, MAX_WAIT))
    return replace(
        state,
        validators=validators,
        first_asked_at=state.first_asked_at or now,
        asked_at=now,
        full_at=now if full else state.full_at,
        next_at=moment_after(wait, now=now, pace=state.pace, jitter=jitter),
        claimed_until=None,
        failures=0 if unchanged else state.failures,
        outcome="unchanged" if unchanged else "changed",
        asked_times=state.asked_times + 1,
        unmodified=state.unmodified + unmodified,
        max_age=max_age,
        move=follow_move(state.move, answer, now=now),
        history=_with_answer(state.history, "unchanged", new=0, now=now) if unchanged else state.history,
        suggested="" if unchanged else state.suggested,
        discovered_at=None if unchanged else state.discovered_at,
    )


def _backoff(state: SourceState, source: Source, *, now: datetime) -> timedelta:
    return wait_after_failure(_usual(state, source, now=now), failures=state.failures)


def _usual(state: SourceState, source: Source, *, now: datetime) -> timedelta:
    # One that never brought anything has been silent since it was first asked.
    new_at = state.new_at or state.first_asked_at
    return usual_wait(source, pace=state.pace, rhythm=state.rhythm, new_at=new_at, now=now)


def _after_failure(state: SourceState, outcome: str, *, next_at: datetime, now: datetime) -> SourceState:
    # A move is neither confirmed nor denied by an answer that never came.
    return replace(
        state,
        first_asked_at=state.first_asked_at or now,
        asked_at=now,
        next_at=next_at,
        claimed_until=None,
        failures=state.failures + 1,
        outcome=outcome,
        asked_times=state.asked_times + 1,
        history=_with_answer(state.history, outcome, new=0, now=now),
    )


def _with_answer(history: tuple[Answered, ...], outcome: str, *, new: int, now: datetime) -> tuple[Answered, ...]:
    """Return *history*, oldest run first, with one more answer, which lengthens the last run if it is like it."""
    if history and history[-1].outcome == outcome:
        last = history[-1]
        run = Answered(outcome=outcome, first_at=last.first_at, last_at=now, times=last.times + 1, new=last.new + new)
        return (*history[:-1], run)
    return (*history[1 - MAX_RUNS :], Answered(outcome=outcome, first_at=now, last_at=now, new=new))

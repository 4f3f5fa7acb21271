"""Ask the sources that are due, read what they answer, tag it, and remember it."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Iterable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from syndicator.config.model import Config
from syndicator.log import get_logger
from syndicator.model.entry import Item, Parsed, Problem
from syndicator.model.source import Body, Fetched, NotModified, Question, Source, SourceState, Validators
from syndicator.pipeline.cadence import after_answer, after_reading, first_state, is_due
from syndicator.pipeline.identity import entry_keys, identify
from syndicator.pipeline.parse import parse_feed
from syndicator.pipeline.rules import Rules, compile_rules, tag_items
from syndicator.ports import Clock, Fetcher, Progress, Store

log = get_logger()

# Longer than the slowest source may take, so that two processes never ask one source at once.
LEASE = timedelta(minutes=10)


@dataclass(slots=True, kw_only=True)
class RefreshReport:
    """What a refresh brought. *failed* and *troubled* are (source id, why) in the order of the answers.

    Of the *unchanged*, *not_modified* answered 304. *new* and *changed* count entries; of these *kept*
    are taken by a feed and *rejected* by none.
    """

    asked: int = 0
    changed_sources: int = 0
    unchanged: int = 0
    not_modified: int = 0
    waiting: int = 0
    failed: list[tuple[str, str]] = field(default_factory=list)
    troubled: list[tuple[str, str]] = field(default_factory=list)
    new: int = 0
    changed: int = 0
    kept: int = 0
    rejected: int = 0


async def refresh(
    config: Config,
    *,
    store: Store,
    fetcher: Fetcher,
    clock: Clock,
    jitter: Callable[[], float],
    progress: Progress,
    everything: bool = False,
) -> RefreshReport:
    """Ask the sources that are due (or *everything*), and write what is new to the store, a source at a time.

    What a source answers is written in one transaction with what we remember of the source, so that
    a validator is never kept without the entries it stands for.
    """
    report = RefreshReport()
    states = await _claim(config.sources.values(), store, now=clock.now(), everything=everything)
    report.waiting = len(config.sources) - len(states)
    if not states:
        return report
    rules = compile_rules(config.tags)
    questions = [_question(config.sources[state.id], state) for state in states.values()]
    progress.begin("sources", len(questions))
    async with aclosing(fetcher.fetch(questions)) as answers:
        async for answer in answers:
            source, state, now = config.sources[answer.source], states[answer.source], clock.now()
            state = after_answer(state, source, answer, now=now, jitter=jitter())
            harvest = _Harvest()
            if isinstance(answer, Body):
                state, harvest = await _read(answer, state, source, config, rules, store=store, now=now)
            await store.record_harvest([state], harvest.items)
            note = _count(report, answer, state, harvest)
            report.troubled.extend((source.id, silence) for silence in _silence(state, source, now))
            progress.step("sources", f"{source.title}: {note}")
            log.debug("fetched", source=source.id, outcome=state.outcome, new=len(harvest.new))
    return report


@dataclass(frozen=True, slots=True, kw_only=True)
class _Harvest:
    """What a document brought: the *items* to be written; of these, which are *new*, and which were *edited*.

    The rest only came to be known by one more key, or from one more source of their outlet.
    """

    items: Sequence[Item] = ()
    new: Sequence[Item] = ()
    edited: Sequence[Item] = ()


async def _claim(sources: Iterable[Source], store: Store, *, now: datetime, everything: bool) -> dict[str, SourceState]:
    by_id = {source.id: source for source in sources}
    known = await store.source_states(list(by_id))
    states = [known.get(id) or first_state(source) for id, source in by_id.items()]
    due = [state for state in states if everything or is_due(state, by_id[state.id], now=now)]
    return {state.id: state for state in await store.claim_sources(due, now=now, lease=LEASE)}


def _question(source: Source, state: SourceState) -> Question:
    # Validators belong to the address that gave them; to another they mean nothing.
    validators = state.validators if state.url == source.url else Validators()
    return Question(source=source.id, url=source.url, validators=validators)


async def _read(
    answer: Body, state: SourceState, source: Source, config: Config, rules: Rules, *, store: Store, now: datetime
) -> tuple[SourceState, _Harvest]:
    """Return the state after reading *answer*, and what it brought."""
    body_hash = hashlib.sha256(answer.content).hexdigest()
    if body_hash == state.body_hash:
        # The server does not know conditional requests, but the bytes say that nothing changed.
        return replace(state, outcome="unchanged"), _Harvest()
    # Reading takes tens of milliseconds of processor time; other answers must go on arriving meanwhile.
    parsed = await asyncio.to_thread(
        parse_feed, answer.content, source=source, url=answer.url, content_type=answer.content_type
    )
    # What is older than the store keeps would be forgotten at once, and be new again at the next asking.
    oldest = now - config.keep_items
    entries = [entry for entry in parsed.entries if entry.published is None or entry.published >= oldest]
    keys = {key for entry in entries for key in entry_keys(entry, outlet=source.outlet)}
    known = await store.items_by_keys(keys)
    backfill = state.changed_at is None
    items = identify(entries, known, source=source, now=now, backfill=backfill)
    items = tag_items(items, rules, sources=config.sources, feeds=config.feeds.values())
    read = after_reading(
        state,
        title=parsed.title,
        body_hash=body_hash if parsed.version else "",
        entries=len(parsed.entries),
        problems=_problems(parsed, source, answer),
        now=now,
    )
    if not parsed.version:
        # A page in place of a feed must not answer 304 from now on, as if all were well.
        read = replace(read, validators=Validators(), changed_at=state.changed_at, outcome=read.problems[0])
    before = {item.id: item.digest for item in known.values()}
    new = [item for item in items if item.id not in before]
    edited = [item for item in items if item.id in before and item.digest != before[item.id]]
    return read, _Harvest(items=items, new=new, edited=edited)


def _problems(parsed: Parsed, source: Source, answer: Body) -> list[Problem]:
    problems = list(parsed.problems)
    if parsed.version and len(parsed.entries) < source.expect.min_items:
        problems.append(
            Problem(text=f"{len(parsed.entries)} entries, where at least {source.expect.min_items} are usual")
        )
    if answer.moved_to:
        problems.append(Problem(text=f"it has moved for good to {answer.moved_to}; put that into feeds.yaml"))
    return problems


def _silence(state: SourceState, source: Source, now: datetime) -> list[str]:
    """Return what is to be said of a source that answers well and has told nothing new for too long."""
    if (
        source.expect.max_silence is None
        or state.changed_at is None
        or now - state.changed_at <= source.expect.max_silence
    ):
        return []
    return [f"nothing new since {state.changed_at:%Y-%m-%d}; look whether the feed is still kept"]


def _count(report: RefreshReport, answer: Fetched, state: SourceState, harvest: _Harvest) -> str:
    """Add one answer to *report* and return what came of it, in words."""
    report.asked += 1
    if isinstance(answer, NotModified) or state.outcome == "unchanged":
        report.unchanged += 1
        report.not_modified += isinstance(answer, NotModified)
        return "unchanged (304)" if isinstance(answer, NotModified) else "unchanged"
    if state.outcome != "changed":
        report.failed.append((state.id, state.outcome))
        return state.outcome
    told = [*harvest.new, *harvest.edited]
    report.changed_sources += 1
    report.new += len(harvest.new)
    report.changed += len(harvest.edited)
    report.kept += sum(not item.rejected for item in told)
    report.rejected += sum(bool(item.rejected) for item in told)
    report.troubled.extend((state.id, problem) for problem in state.problems)
    return f"{len(harvest.new)} new, {len(harvest.edited)} changed"

"""Read what sources answered, and tell which of their entries are new: values in, values out, fit for a thread."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from syndicator.config.model import Config
from syndicator.model.entry import Item, Parsed, Problem
from syndicator.model.source import Blocked, Body, Fetched, Source, SourceState
from syndicator.pipeline.cadence import after_answer, after_reading
from syndicator.pipeline.cues import cues
from syndicator.pipeline.doctor import diagnose
from syndicator.pipeline.entries import reading_seed
from syndicator.pipeline.examine import cut_sample, extend_sample, is_sampled
from syndicator.pipeline.identity import Identified, identify_entries
from syndicator.pipeline.keys import Named, is_front_page, name_entries
from syndicator.pipeline.known import known_fingerprints
from syndicator.pipeline.moves import is_elsewhere
from syndicator.pipeline.not_a_feed import Page, recognise
from syndicator.pipeline.parse import parse_feed
from syndicator.pipeline.rules import Rules, tag_items


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """An *answer* of *source*, whose state was *before*.

    *parsed* is its document, unless that was read already; *named* are the entries that are to be identified. *page*
    is what stands in place of a feed; if it was *searched* for a feed's address, *suggested* is what was found.
    """

    source: Source
    before: SourceState
    answer: Fetched
    at: datetime
    body_hash: str = ""
    parsed: Parsed | None = None
    named: Named | None = None
    page: Page | None = None
    searched: bool = False
    suggested: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Harvest:
    """What an answer brought: the *state* and the *items* to be written; of these, which are *new* and which *edited*.

    The rest only came to be known by one more key, or from one more source of their outlet. *examined*: something is
    wrong with the source that was not, or no more. In *doubt* nothing is to be written: the same is to be taken in
    again, with the source's twins.
    """

    answer: Fetched
    state: SourceState
    items: Sequence[Item] = ()
    new: Sequence[Item] = ()
    edited: Sequence[Item] = ()
    examined: bool = False
    doubt: bool = False


def is_to_be_read_again(state: SourceState, *, now: datetime) -> bool:
    """Tell whether the last document is to be read again even if it is the same: some of it was left out till now."""
    return state.reread_at is not None and now >= state.reread_at


def read_answer(answer: Fetched, before: SourceState, source: Source, *, oldest: datetime, at: datetime) -> Reading:
    """Return *answer* read, if it is a document of other bytes than the last; entries before *oldest* are left out."""
    reading = Reading(source=source, before=before, answer=answer, at=at)
    if not isinstance(answer, Body):
        return reading
    # An edit of feeds.yaml that reads the same bytes in another way must count as other bytes.
    body_hash = hashlib.sha256(reading_seed(source) + answer.content).hexdigest()
    same_address = before.url == source.url
    if body_hash == before.body_hash and same_address and not is_to_be_read_again(before, now=at):
        # The server does not know conditional requests, but the bytes say that nothing changed.
        return replace(reading, body_hash=body_hash)
    # When something else is expected of its entries, all of them are to be judged.
    as_before = same_address and is_sampled(source, before.sample)
    parsed = parse_feed(
        answer.content,
        source=source,
        url=answer.url,
        content_type=answer.content_type,
        known=known_fingerprints(before) if as_before else (),
    )
    page = None
    if not parsed.version:
        page = recognise(answer.content, content_type=answer.content_type, url=answer.url)
        if page is not None and page.kind == "challenge":
            # Whoever asks a browser's questions does not want to be asked soon again, whatever the status.
            return replace(reading, answer=Blocked(source=source.id, why=f"what came is {page.text}"), page=page)
    # What is older than the store keeps would be forgotten at once.
    entries = [entry for entry in parsed.entries if entry.published is None or entry.published >= oldest]
    return replace(
        reading,
        body_hash=body_hash,
        parsed=parsed,
        named=name_entries(entries, source=source, id_rule=before.id_rule),
        page=page,
    )


def keys_of(readings: Sequence[Reading]) -> set[str]:
    """Return all the keys by which the store may know the entries of *readings*."""
    return {key for reading in readings if reading.named for key in reading.named.keys}


def take_in(
    readings: Sequence[Reading],
    known: Mapping[str, Item],
    twins: Mapping[str, Mapping[str, Item]],
    *,
    config: Config,
    rules: Callable[[], Rules],
    jitter: Sequence[float],
) -> list[Harvest]:
    """Return what *readings* brought, in their order, given what the store has: items *known* by their keys, and
    *twins* of the items of a source, by its id. The *rules* are asked for where there is something to tag."""
    at_hand = dict(known)
    harvests = []
    for reading, chance in zip(readings, jitter, strict=True):
        harvest = _take(reading, at_hand, twins.get(reading.source.id), config, rules, chance)
        # Two sources of one outlet may bring the same article in one batch.
        at_hand.update((key, item) for item in harvest.items for key in item.keys)
        harvests.append(harvest)
    return harvests


def _take(
    reading: Reading,
    known: Mapping[str, Item],
    twins: Mapping[str, Item] | None,
    config: Config,
    rules: Callable[[], Rules],
    jitter: float,
) -> Harvest:
    answer, source, before, now = reading.answer, reading.source, reading.before, reading.at
    parsed, identified = reading.parsed, Identified(id_rule=before.id_rule)
    same_bytes = reading.body_hash if parsed is None else ""
    state = after_answer(before, source, answer, now=now, jitter=jitter, body_hash=same_bytes)
    if parsed is None or not isinstance(answer, Body):
        state = _examined(reading, state)
        return Harvest(answer=answer, state=state, examined=state.findings != before.findings)
    elsewhere = is_elsewhere(state, parsed, familiar=_is_familiar(reading, known), partial=answer.partial)
    if reading.named is not None and parsed.version and not elsewhere:
        identified = identify_entries(
            reading.named,
            known,
            state=before,
            sources=config.sources,
            now=now,
            backfill=before.changed_at is None or before.url != source.url,
            # What a window of new entries leaves out is as it was.
            unchanged=len(parsed.fingerprints) - len(parsed.entries) + (before.entries if answer.partial else 0),
            twins=twins,
        )
        if identified.doubt:
            return Harvest(answer=answer, state=state, doubt=True)
    items: list[Item] = []
    if identified.items:
        tagged = tag_items(identified.items, rules(), sources=config.sources, feeds=config.feeds.values())
        items = [replace(item, cues=cues(item)) for item in tagged]
    digests = {item.id: item.digest for item in known.values()}
    digests |= {item.id: item.digest for item in (twins or {}).values()}
    new = [item for item in items if item.id not in digests]
    state = after_reading(
        state,
        source,
        parsed=parsed,
        read=_to_remember(parsed, before, identified),
        body_hash=reading.body_hash,
        new=len(new),
        problems=_problems(parsed, answer, identified),
        now=now,
        jitter=jitter,
        elsewhere=elsewhere,
        partial=answer.partial,
    )
    if parsed.version and not elsewhere:
        state = replace(
            state,
            id_rule=identified.id_rule,
            held=identified.held,
            held_since=(before.held_since or now) if identified.held else None,
            reread_at=identified.again_at,
        )
    state = _examined(reading, state, sampled=parsed.version != "" and not elsewhere)
    return Harvest(
        answer=answer,
        state=state,
        examined=state.findings != before.findings,
        items=items,
        new=new,
        edited=[item for item in items if item.id in digests and item.digest != digests[item.id]],
    )


def _is_familiar(reading: Reading, known: Mapping[str, Item]) -> bool:
    """Tell whether the store knows an entry that was read by its link, and has it from this source."""
    links = (link for name in (reading.named.names if reading.named else ()) for link in name.links)
    return any(link in known and reading.source.id in known[link].sources for link in links if not is_front_page(link))


def _to_remember(parsed: Parsed, before: SourceState, identified: Identified) -> tuple[str, ...]:
    """Return the fingerprints of *parsed* without those that are to be read again: entries left out, or faulty.

    A fault is told as long as it stands, and it is told by whoever reads the entry.
    """
    left_out = identified.held or identified.skipped
    if not left_out and not parsed.faulty:
        return parsed.fingerprints
    known = known_fingerprints(before) if left_out else frozenset(parsed.fingerprints)
    known -= set(parsed.faulty)
    return tuple(each for each in parsed.fingerprints if each in known)


def _problems(parsed: Parsed, answer: Body, identified: Identified) -> list[Problem]:
    problems = list(parsed.problems)
    if answer.moved_to:
        problems.append(Problem(text=f"it has moved for good, it says, to {answer.moved_to}"))
    if count := identified.skipped:
        one = "1 entry is of the future, and left out until its date comes"
        many = f"{count:,} entries are of the future, and left out until their dates come"
        problems.append(Problem(text=f"{one if count == 1 else many} (repair.future_dates)"))
    return problems


def _examined(reading: Reading, state: SourceState, *, sampled: bool = False) -> SourceState:
    """Return *state* with what is wrong with the source, as far as it can be told.

    *sampled*: the document is the source's own, and its entries count among the last that it brought.
    """
    sample = state.sample
    if sampled and reading.parsed is not None:
        sample = extend_sample(reading.source, sample, reading.parsed.entries)
    if reading.searched:
        state = replace(state, suggested=reading.suggested, discovered_at=reading.at)
    findings = diagnose(
        reading.source,
        state,
        parsed=reading.parsed,
        now=reading.at,
        sample=sample,
        page=reading.page,
        entries_before=reading.before.entries,
    )
    sample = cut_sample(sample)
    if findings == state.findings and sample == state.sample:
        return state
    return replace(state, findings=findings, sample=sample)

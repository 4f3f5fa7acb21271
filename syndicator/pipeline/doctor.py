"""Find out what is wrong with a source, beyond what HTTP says of it, and what to try."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import get_args

from syndicator.model.entry import Parsed
from syndicator.model.source import Finding, Source, SourceState
from syndicator.pipeline.cadence import FULL_EVERY, is_gone
from syndicator.pipeline.examine import EXPECTED, VERDICTS, examine, is_sampled
from syndicator.pipeline.moves import settled_move
from syndicator.pipeline.not_a_feed import Kind, Page

PATIENCE = timedelta(days=1)  # of failing; what is mended within a day needs nobody
FAILURES = 3  # in a row; one or two are a restart of the server
DROP = 0.4  # of the entries before; a publisher who keeps fewer on purpose still keeps a half
DROP_FROM = 10  # entries; of fewer, each counts too much
DROP_TOLD = timedelta(days=3)  # a document that stays short for longer is what the publisher wants
STUCK = 3 * FULL_EVERY  # asked in full each week or so, a server that is well has sent a document by then

# Without `expect.max_silence`. Newspapers' web desks work through nights and the nine days of Tết, their sections do
# not; a rhythm of 12 hours or more may be a week's or a month's, as longer ones are not learned.
SILENT_RHYTHMS = 30
SILENT_LEAST = timedelta(days=10)
SLOW_RHYTHM = timedelta(hours=12)
SILENT_SLOW = timedelta(days=90)

_PAGES = frozenset({"not_a_feed", *get_args(Kind)})
# Found anew after every answer; all else only when a document was read.
_ASKING = frozenset({"gone", "robots", "blocked", "failing", "moved", "stuck", "silent", "held", "ids"})
_BROKEN = _PAGES | {"gone", "robots", "blocked", "failing", "empty"}
_WELL = frozenset({"changed", "unchanged"})

_REFUSED = re.compile(r"(?:401|402|403|407|429|451)\b|.*challenge")
_PRIVATE = ".*address of a private network"
_ALLOW = "if it is a machine of yours, `allow_private: true` lets it be asked"
# What to try, by what the fetcher says.
_REMEDIES = tuple(
    (re.compile(pattern), remedy)
    for pattern, remedy in (
        (_PRIVATE, _ALLOW),
        ("429", "ask it less often: give it a longer `every`"),
        ("401|402|403|407|451|.*challenge", "ask the publisher to let feed readers in, or for another address; "
         "a longer `every` may help"),
        ("404", "the feed may have another address now: `syndicator add URL` lists those that the site names"),
        ("50[0-9]", "wait: the server is in trouble; if it lasts for days, tell the publisher"),
        ("304", "wait; if it lasts for days, tell the publisher that the server answers 304 wrongly"),
        (".*certificate expired", "tell the publisher that the certificate must be renewed"),
        (".*intermediate", "tell the publisher to send the whole chain of certificates"),
        (".*certificate.*another host", "look for the right address, with or without www, and put it into feeds.yaml"),
        (".*(?:certificate|secure connection)", "tell the publisher; browsers and other feed readers refuse this too"),
        (".*host not found", "look whether the address is spelled right and the site still exists; if others are not "
         "found either, look at this machine's DNS"),
        (".*robots.txt", "wait: it is asked again; if it lasts for days, tell the publisher"),
        (".*(?:no answer within|timed out)", "wait; if it lasts for days, tell the publisher how slow the server is"),
        (".*larger than|.*more than .* tags", "ask the publisher for a shorter feed"),
        (".*redirect", "open the address in a browser, and put the one where that ends into feeds.yaml"),
    )
)  # fmt: skip
_OPEN = "open the address in a browser; if it works there, tell the publisher what is said here"


def diagnose(
    source: Source,
    state: SourceState,
    *,
    parsed: Parsed | None,
    now: datetime,
    sample: Sequence[str] = (),
    page: Page | None = None,
    entries_before: int = 0,
) -> tuple[Finding, ...]:
    """Return what is wrong with *source*, the worst first.

    *state* is as the answer and the reading left it, with the findings of before. *parsed* is what was read, None if
    nothing was (304, the same bytes, a failure): what was found in the last document then stays, and only what asking
    tells is found anew. *sample* is that of *state* with the entries of *parsed* (`examine.extend_sample`). *page* is
    what stood in place of a feed. *entries_before* is how many entries the document before had (0: there was none).
    What goes on keeps its `since`.
    """
    before = {finding.kind: finding for finding in state.findings}
    if not EXPECTED.isdisjoint(before) and state.sample and not is_sampled(source, state.sample):
        # It was found by what was expected before feeds.yaml was edited.
        before = {kind: finding for kind, finding in before.items() if kind not in EXPECTED}
    is_feed = page is None and parsed is not None and parsed.version != ""
    if is_feed and parsed is not None:
        # The state keeps its number when a document is partial, and does not count what is held back.
        count = max(state.entries, len(parsed.fingerprints))
        told = [
            *_counts(source, count, before, now, entries_before),
            *examine(source, parsed, before, sample=sample, now=now),
        ]
    elif page is not None or parsed is not None:
        stay = [finding for kind, finding in before.items() if kind in VERDICTS]
        told = [_in_its_place(page, parsed, state, now), *stay]
    else:
        # The same feed as before the page is not read again, and yet no page stands in its place any more.
        told = [f for f in before.values() if _stays(f, now) and (state.failures or f.kind not in _PAGES)]
    stands = any(finding.kind in _PAGES for finding in told)
    refusal = _refusal(source, state, now, page_stands=stands, read=parsed is not None or page is not None)
    if refusal is not None:
        told = [refusal, *(finding for finding in told if finding.kind not in _PAGES)]
    told += _condition(source, state, before, now)
    if not told:
        return ()
    told.sort(key=lambda finding: finding.kind not in _BROKEN)
    return tuple(
        replace(finding, since=before[finding.kind].since) if finding.kind in before else finding for finding in told
    )


def is_broken(finding: Finding) -> bool:
    """Tell whether nothing comes from a source because of *finding*."""
    return finding.kind in _BROKEN


def remedy_for(outcome: str) -> str:
    """Return what mends the failure that *outcome* names; an empty string: waiting, as far as we know."""
    remedy = _remedy(outcome)
    return "" if remedy.startswith("wait") else remedy


def _stays(finding: Finding, now: datetime) -> bool:
    """Tell whether *finding* outlives an answer that brought no document."""
    return finding.kind not in _ASKING and not (finding.kind == "drop" and now - finding.since > DROP_TOLD)


def _refusal(source: Source, state: SourceState, now: datetime, *, page_stands: bool, read: bool) -> Finding | None:
    """Return why there is no answer, once that is more than a passing trouble."""
    if is_gone(state, source):
        text = "says that it is gone for good (410), and is asked no more"
        return Finding(kind="gone", text=text, remedy="give it another `url`, or take it out of feeds.yaml", since=now)
    robots = state.robots
    if robots is not None and robots.disallows and robots.url == source.url and not source.ignore_robots:
        text = f"its robots.txt forbids it to us ({robots.disallows})"
        return Finding(
            kind="robots",
            text=text,
            remedy="ask the publisher; when they agree, say so under `ignore_robots`",
            since=now,
        )
    if not state.failures or read:
        return None
    times, since = _failing(state, now, only_last=page_stands)
    if times < FAILURES and now - since <= PATIENCE:
        return None
    remedy = _remedy(state.outcome) or _OPEN
    kind, verb = ("blocked", "refuses us") if _REFUSED.match(state.outcome) else ("failing", "no good answer")
    return Finding(kind=kind, text=f"{verb} since {since:%Y-%m-%d}: {state.outcome}", remedy=remedy, since=since)


def _remedy(outcome: str) -> str:
    return next((remedy for pattern, remedy in _REMEDIES if pattern.match(outcome)), "")


def _failing(state: SourceState, now: datetime, *, only_last: bool) -> tuple[int, datetime]:
    """Return how often in a row it failed, and since when; *only_last*: in the way of the last answer."""
    at = state.asked_at or now
    if only_last and state.history:
        return state.history[-1].times, state.history[-1].first_at
    for run in reversed(state.history):
        if run.outcome in _WELL:
            break
        at = run.first_at
    return state.failures, at


def _in_its_place(page: Page | None, parsed: Parsed | None, state: SourceState, now: datetime) -> Finding:
    if page is None:
        problems = parsed.problems if parsed is not None else ()
        text = str(problems[0]) if problems else "what came is not a feed"
        return Finding(kind="not_a_feed", text=text, remedy=_OPEN, since=now)
    remedy = page.remedy
    if state.suggested:
        remedy = f"the page names this feed: {state.suggested}; if it is the right one, put it into feeds.yaml"
    return Finding(kind=page.kind, text=f"what came in place of the feed {page.text}", remedy=remedy, since=now)


def _counts(
    source: Source, count: int, before: dict[str, Finding], now: datetime, entries_before: int
) -> Iterator[Finding]:
    least = source.expect.min_items
    if not count:
        remedy = "open it in a browser; if it is empty there too, ask the publisher, or look for another address"
        yield Finding(kind="empty", text="the feed is there, but has no entries", remedy=remedy, since=now)
    elif count < least:
        text = f"{_number(count, 'entry', 'entries')}, where at least {least} are expected"
        yield Finding(
            kind="few",
            text=text,
            remedy="look at the feed; if that is all there is, lower `expect.min_items`",
            since=now,
        )
    elif entries_before >= DROP_FROM and count < DROP * entries_before:
        text = f"fell from {entries_before} entries to {count}"
        yield Finding(kind="drop", text=text, remedy="look at the feed: is it still the same section?", since=now)
    elif (
        (drop := before.get("drop"))
        and now - drop.since <= DROP_TOLD
        and (not entries_before or count * DROP < entries_before)
    ):
        yield drop


def _condition(source: Source, state: SourceState, before: dict[str, Finding], now: datetime) -> Iterator[Finding]:
    """Yield what the answers of days and weeks tell, whatever the last one was."""
    if url := settled_move(state, now=now):
        remedy = "`syndicator sources --apply-moves` puts the new address into feeds.yaml"
        yield Finding(kind="moved", text=f"has moved for good to {url}", remedy=remedy, since=now)
    elif state.move is not None and "moved" in before:
        yield before["moved"]
    if state.failures:
        # A source that does not answer is silent because of that, and is no better for it either.
        yield from (before[kind] for kind in ("stuck", "silent") if kind in before)
    else:
        yield from _silence(source, state, now)
    if state.held:
        since, count = state.held_since or now, _number(state.held, "new entry is", "new entries are")
        yield Finding(
            kind="held",
            text=f"{count} held back since {since:%Y-%m-%d}, as nearly all of its entries have new ids and links",
            remedy="nothing to do: what is not known again within a day is let in, as old news",
            since=since,
        )
    if state.id_rule == "title" and not source.repair.id_from:
        yield Finding(
            kind="ids",
            text="neither ids nor links tell its entries apart; they are known by title, and twice when that is edited",
            remedy="tell the publisher; if one of the two is good, `repair: {id_from: link}` or `guid` says so",
            since=now,
        )


def _silence(source: Source, state: SourceState, now: datetime) -> Iterator[Finding]:
    if state.full_at is not None and state.unmodified and now - state.full_at > max(STUCK, 4 * source.every):
        yield Finding(
            kind="stuck",
            text=f"has sent no document since {state.full_at:%Y-%m-%d}, only that nothing changed (304)",
            remedy="open it in a browser; if there is news, tell the publisher that the server answers 304 wrongly",
            since=now,
        )
    last = state.new_at or state.changed_at
    if last is None or state.held:
        return
    if (allowed := source.expect.max_silence) is not None:
        if now - last > allowed:
            yield Finding(
                kind="silent",
                text=f"nothing new since {last:%Y-%m-%d}; expect.max_silence is {show_span(allowed)}",
                remedy="look whether the feed is still kept; if it is, raise `expect.max_silence`",
                since=now,
            )
        return
    rhythm = state.rhythm
    lively = rhythm is not None and rhythm < SLOW_RHYTHM
    if now - last > (max(SILENT_RHYTHMS * rhythm, SILENT_LEAST) if rhythm is not None and lively else SILENT_SLOW):
        used = f", after something about every {show_span(rhythm)}" if rhythm is not None and lively else ""
        yield Finding(
            kind="silent",
            text=f"nothing new since {last:%Y-%m-%d}{used}",
            remedy="look whether the feed is still kept; `expect: {max_silence: …}` says how long is normal",
            since=now,
        )


def show_span(span: timedelta) -> str:
    """Return *span* in words, rounded to its largest unit: `3 hours`.

    >>> show_span(timedelta(minutes=90)), show_span(timedelta(days=1)), show_span(timedelta(hours=47))
    ('2 hours', '1 day', '2 days')
    """
    seconds = span.total_seconds()
    for name, size, least in (("day", 86_400, 86_400), ("hour", 3_600, 3_600), ("minute", 60, 60)):
        if seconds >= least:
            return _number(round(seconds / size), name, f"{name}s")
    return _number(round(seconds), "second", "seconds")


def _number(count: int, one: str, many: str) -> str:
    return f"{count:,} {one if count == 1 else many}"

"""Look over what a document brought: does it hold what its source promises?"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import islice
from zlib import crc32

from syndicator.model.entry import Entry, Parsed, Problem
from syndicator.model.language import base_language, language_name
from syndicator.model.source import Finding, Source
from syndicator.pipeline.text import fold, is_unspaced, title_key, words
from syndicator.pipeline.urls import host_of

SAMPLE = 20  # entries that are kept in mind; a feed with two new ones an hour has turned them over by tomorrow
ENOUGH = 5  # entries for a verdict; of fewer, each counts too much
MOST = 0.5  # of the entries; papers quote, link and err here and there
SECTION = 0.3  # of the entries with one of the section's words; a headline need not name its section
SOON = timedelta(minutes=15)  # between the clocks of two honest servers
_WRONG = 10  # problems with entries, at least; and of them …
_WRONG_SHARE = 0.2  # … so many for each that was read

# What is found in the sample of entries, and is anew when something else is expected.
EXPECTED = frozenset({"language", "section", "host"})
# What is found in the new entries of a document. It may bring too few for a verdict; the one before then stands.
_OF_NEW = frozenset({"titles", "dates_unread", "dates_equal", "dates_future", "dates_no_zone", "problems"})
VERDICTS = EXPECTED | _OF_NEW

# Ampersands that are none, a stray byte, a header that lies: these are mended, and are for the list of problems only.
_ENCODING = re.compile(
    r"the bytes are |not all bytes are |the encoding .* is not known|[0-9]{2,} bytes that are no letters"
)
_MARKUP = re.compile(r"not well-formed|not as it should be|.*entities of its own|it ends within an entry")
_LONG = re.compile(r"more than .* entries; what comes after|[0-9,]+ entries; only the newest")
_NONE = "-"  # in a sample: what an entry does not have
_TIME = re.compile(r"\d:\d\d")
# A zone behind the time: Z, GMT+7, ICT, +0700; but not the halves of the day, in English or Vietnamese.
_ZONE = re.compile(r":\d\d(?:[.,]\d+)?\s*(?:[AP]M|SA|CH)?\s*(?:(?!(?:[AP]M|SA|CH)\b)[A-Z]{1,5}|[+-]\d)", re.IGNORECASE)


def examine(
    source: Source, parsed: Parsed, before: Mapping[str, Finding], *, sample: Sequence[str], now: datetime
) -> Iterator[Finding]:
    """Yield what is wrong with the document, and with its entries.

    *before* are the findings until now, by kind. *sample* is as `extend_sample` gave it for this document: most feeds
    bring an entry or two at a time, of which alone nothing can be told.
    """
    yield from _document(parsed, now)
    rows = [row.split(" ") for row in sample[1:]]
    if len(rows) < ENOUGH:
        yield from (finding for kind, finding in before.items() if kind in EXPECTED)
    else:
        yield from _language(source, [language for _, language, _, _ in rows if language != _NONE], now)
        yield from _section(source, [hit for _, _, _, hit in rows], now)
        yield from _host(source, [host for _, _, host, _ in rows if host != _NONE], now)
    if len(parsed.entries) < ENOUGH:
        yield from (finding for kind, finding in before.items() if kind in _OF_NEW)
        return
    yield from _titles(parsed, now)
    yield from _dates(source, parsed, now)
    yield from _problems(source, parsed, now)


def extend_sample(source: Source, sample: Sequence[str], entries: Sequence[Entry]) -> tuple[str, ...]:
    """Return *sample* (see `SourceState`) with the *entries* of a document, which begins with the newest.

    It has the last `SAMPLE` entries, or all of *entries* if these are more, so that a first document is judged as a
    whole; `cut_sample` makes of it what is kept. It starts anew when something else is expected than before.
    """
    rows = {row.split(" ", 1)[0]: row for row in sample[1:]} if is_sampled(source, sample) else {}
    # An entry with a fault is read again each time; it keeps its place, as it is no newer for that.
    rows |= {row.split(" ", 1)[0]: row for row in (_row(source, entry) for entry in reversed(entries))}
    most = max(SAMPLE, len(entries))
    return (_expectation(source), *islice(rows.values(), max(0, len(rows) - most), None))


def cut_sample(sample: Sequence[str]) -> tuple[str, ...]:
    """Return the hash of *sample* and its last `SAMPLE` entries."""
    return (*sample[:1], *sample[1:][-SAMPLE:])


def is_sampled(source: Source, sample: Sequence[str]) -> bool:
    """Tell whether *sample* was taken with what is expected of *source* now."""
    return len(sample) > 0 and sample[0] == _expectation(source)


def _expectation(source: Source) -> str:
    expect = source.expect
    expected = (expect.language or source.language, expect.words, expect.host)
    return f"{crc32(repr(expected).encode()):08x}"


def _row(source: Source, entry: Entry) -> str:
    name = crc32(f"{entry.guid}\n{entry.url}\n{entry.title}".encode("utf-8", "replace"))
    words = source.expect.words
    hit = bool(words) and _has_one(words, f"{entry.title} {entry.summary}")
    # Neither may hold a space, which would part what belongs together.
    language, host = ("".join(text.split()) for text in (base_language(entry.language), host_of(entry.url)))
    return f"{name:08x} {language or _NONE} {host or _NONE} {hit:d}"


def _document(parsed: Parsed, now: datetime) -> Iterator[Finding]:
    if problem := next((each for each in parsed.problems if _ENCODING.match(each.text)), None):
        remedy = "look at the letters of its titles; if they are wrong, `repair: {encoding: …}` names the right one"
        yield Finding(kind="encoding", text=str(problem), remedy=remedy, since=now)
    if problem := next((each for each in parsed.problems if _MARKUP.match(each.text)), None):
        remedy = "tell the publisher, it is a fault of their program; what stands behind it in the feed may be missing"
        yield Finding(kind="markup", text=str(problem), remedy=remedy, since=now)
    if problem := next((each for each in parsed.problems if _LONG.match(each.text)), None):
        remedy = "ask the publisher for a shorter feed, or for one of a section; what is not read is missing"
        yield Finding(kind="long", text=str(problem), remedy=remedy, since=now)


def _language(source: Source, languages: Sequence[str], now: datetime) -> Iterator[Finding]:
    expected = source.expect.language or source.language
    found = Counter(languages)
    others = found.total() - found[base_language(expected)]
    if found.total() < ENOUGH or others <= MOST * found.total():
        return
    total = found.total()
    del found[base_language(expected)]
    other, count = found.most_common(1)[0]
    yield Finding(
        kind="language",
        text=f"{count} of its last {total} entries are in {language_name(other, 'en')}, "
        f"where {language_name(expected, 'en')} is expected",
        remedy=f"look whether the address is that of the right edition; if it is, set `language: {other}`",
        since=now,
    )


def _section(source: Source, marks: Sequence[str], now: datetime) -> Iterator[Finding]:
    if not source.expect.words:
        return
    hits = marks.count("1")
    if hits < SECTION * len(marks):
        few = f"only {hits}" if hits else "none"
        yield Finding(
            kind="section",
            text=f"{few} of its last {len(marks)} entries have a word of expect.words",
            remedy="look whether the address is still that of this section; if it is, mend `expect.words`",
            since=now,
        )


def _host(source: Source, links: Sequence[str], now: datetime) -> Iterator[Finding]:
    expected = host_of(f"//{source.expect.host.strip()}")
    if not expected:
        return
    hosts = Counter(links)
    if hosts.total() < ENOUGH:
        return
    others = Counter({h: n for h, n in hosts.items() if h != expected and not h.endswith(f".{expected}")})
    total = hosts.total()
    if others.total() > MOST * total:
        yield Finding(
            kind="host",
            text=f"{others.total()} of its last {total} links lead to {others.most_common(1)[0][0]} or elsewhere, "
            f"and not to {source.expect.host}",
            remedy="look whether the outlet has moved, or somebody else has its address now; then mend `expect.host`",
            since=now,
        )


def _titles(parsed: Parsed, now: datetime) -> Iterator[Finding]:
    # Folding all the titles of a document takes as long as a fifth of reading it.
    first, *others = (entry.title for entry in parsed.entries)
    if all(title == first or title_key(title) == title_key(first) for title in others):
        remedy = "look at the feed in a browser, and tell the publisher; `expect` and `repair` cannot help"
        text = f"all {len(parsed.entries)} new entries have one title: “{parsed.entries[0].title[:60]}”"
        yield Finding(kind="titles", text=text, remedy=remedy, since=now)


def _dates(source: Source, parsed: Parsed, now: datetime) -> Iterator[Finding]:
    claimed = [entry for entry in parsed.entries if entry.claimed]
    if len(claimed) < ENOUGH:
        return
    dates = [date for entry in claimed if (date := entry.published or entry.updated)]
    unread, ahead = len(claimed) - len(dates), [date for date in dates if date > now + SOON]
    if unread > MOST * len(claimed):
        example = next(entry.claimed for entry in claimed if not (entry.published or entry.updated))
        yield Finding(
            kind="dates_unread",
            text=f"{unread} of {len(claimed)} dates cannot be read, as “{example[:40]}”",
            remedy="`repair: {date_format: …}` says how to read them; until then, entries are dated when first seen",
            since=now,
        )
    if len(dates) >= ENOUGH and len(set(dates)) == 1:
        yield Finding(
            kind="dates_equal",
            text=f"all {len(dates)} new entries bear one date, {dates[0]:%Y-%m-%d %H:%M} UTC",
            remedy="`repair: {ignore: [published, updated]}` dates entries when they are first seen",
            since=now,
        )
    if len(ahead) > MOST * len(claimed):
        yield Finding(
            kind="dates_future",
            text=f"{len(ahead)} of {len(claimed)} dates lie in the future, up to {max(ahead):%Y-%m-%d %H:%M} UTC",
            remedy="if they are some hours ahead, set `repair: {timezone: …}`; such entries are dated when first seen",
            since=now,
        )
    if source.repair.timezone or source.repair.date_format:
        return
    bare = [entry.claimed for entry in claimed if _TIME.search(entry.claimed) and not _ZONE.search(entry.claimed)]
    if len(bare) > MOST * len(claimed):
        yield Finding(
            kind="dates_no_zone",
            text=f"{len(bare)} of {len(claimed)} dates name no time zone, as “{bare[0][:40]}”",
            remedy="`repair: {timezone: Asia/Ho_Chi_Minh}`, or the outlet's own zone, makes their hours right",
            since=now,
        )


def _problems(source: Source, parsed: Parsed, now: datetime) -> Iterator[Finding]:
    told = [problem for problem in parsed.problems if _is_of_entry(problem)]
    if len(told) >= max(_WRONG, _WRONG_SHARE * len(parsed.entries)):
        yield Finding(
            kind="problems",
            text=f"{len(told)} problems with its entries; the first: {told[0]}",
            remedy=f"`syndicator sources {source.id}` shows all of them",
            since=now,
        )


def _is_of_entry(problem: Problem) -> bool:
    return "entry " in problem.where


def _has_one(terms: Sequence[str], text: str) -> bool:
    """Tell whether one of *terms* stands in *text*, as whole words where its script has such."""
    folded, spaced = fold(text), _spaced(text)
    return any(fold(term) in folded if is_unspaced(term) else _spaced(term) in spaced for term in terms)


def _spaced(text: str) -> str:
    return f" {' '.join(word.folded for word in words(text))} "

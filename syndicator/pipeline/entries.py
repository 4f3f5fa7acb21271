"""Make an Entry of what a document says of an article, the same for every format."""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from syndicator.model.entry import Enclosure, Entry, Image, Parsed, Problem
from syndicator.model.language import suggest_language
from syndicator.model.source import Pace, Repair, Source
from syndicator.pipeline.clean import clean_title, excerpt, first_image, plain_text, read_html
from syndicator.pipeline.datelines import strip_dateline
from syndicator.pipeline.dates import read_date
from syndicator.pipeline.plain import tidy, visible
from syndicator.pipeline.speech import settle_languages, tell_language
from syndicator.pipeline.text import beginning
from syndicator.pipeline.urls import clean_url, counts_readers, untracked

READER = "2"  # of entries: another number makes every source be read anew once, as after a change of what is read how
MAX_ENTRIES = 1_000  # one newspaper's feed was met with 1,000 and one with 500; most have 50
MAX_ALTERNATES = 30  # the European Union has 24 official languages, and no article has more
SUMMARY_WORDS = 100  # of the content, where the publisher gave no summary
MAX_TITLE = 1_000  # characters; the longest headlines have 300, and a whole article in its title would be shown whole
TITLE_WORDS = 12  # of the summary, where the publisher gave no title
WITNESSES = 20  # entries read before whose titles help to tell the language of a new one; more would say the same


# A tuple, as one is made of every entry of every document, known or not: 1 to 2 µs, and as a frozen dataclass 3.
class RawEntry(NamedTuple):
    """An article as its document has it: *summary* and *content* are HTML, all else text, URLs as written.

    *base* is what its relative URLs are relative to; *images* stand best first. It begins on *line* (0: not known).
    It is made with keywords.
    """

    guid: str = ""
    url: str = ""
    title: str = ""
    summary: str = ""
    content: str = ""
    base: str = ""
    language: str = ""
    published: str = ""
    updated: str = ""
    authors: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    images: tuple[Image, ...] = ()
    enclosures: tuple[Enclosure, ...] = ()
    alternates: tuple[str, ...] = ()
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RawFeed:
    """A document before its words are cleaned; *version* is empty when it is no feed."""

    version: str = ""
    title: str = ""
    language: str = ""
    pace: Pace = Pace()
    entries: tuple[RawEntry, ...] = ()
    problems: list[Problem] = field(default_factory=list)


def read_entries(feed: RawFeed, *, source: Source, known: Collection[str] = ()) -> Parsed:
    """Return *feed* cleaned: entries with neither title, link nor summary are left out, and the newest 1,000 kept.

    Entries whose fingerprint is among *known* were read before, word for word, and are left out as well; the
    fingerprints returned are those of all. The language of an entry is the declared one, unless its words plainly are
    in another, or are few and those of the rest of the document are.
    """
    problems = list(feed.problems)
    entries: list[Entry] = []
    read_before: list[RawEntry] = []
    fingerprints, faulty = [], []
    fingerprint, before = fingerprinter(source), frozenset(known)
    for number, raw in enumerate(feed.entries, start=1):
        print_of_it = fingerprint(raw)
        fingerprints.append(print_of_it)
        if print_of_it in before:
            read_before.append(_without(raw, source.repair.ignore))
            continue
        entry, faults = _entry(_without(raw, source.repair.ignore), source)
        if faults:
            faulty.append(print_of_it)
        problems += [Problem(text=fault, where=_where(number, raw, source)) for fault in faults]
        if entry is not None:
            entries.append(entry)
    if len(entries) > MAX_ENTRIES:
        problems.append(Problem(text=f"{len(entries):,} entries; only the newest {MAX_ENTRIES:,} are read"))
        entries = _newest(entries)
    return Parsed(
        version=feed.version,
        title=clean_title(feed.title),
        language=_language_tag(feed.language),
        pace=feed.pace,
        entries=tuple(_with_languages(entries, read_before[:WITNESSES], source)),
        fingerprints=tuple(fingerprints),
        faulty=tuple(faulty),
        problems=tuple(problems),
    )


def reading_seed(source: Source) -> bytes:
    """Return what is the same as long as the same bytes of *source* are read in the same way."""
    return repr((READER, source.language, source.repair)).encode()


def fingerprinter(source: Source) -> Callable[[RawEntry], str]:
    """Return what gives the fingerprint of an entry of *source*: 11 signs of base64url.

    It is the same for entries that are written alike (on whatever line), as long as our reader, and the language
    and the repairs of *source*, are the same as well.
    """
    seeded = hashlib.blake2b(reading_seed(source), digest_size=8)

    def fingerprint(raw: RawEntry) -> str:
        hashing = seeded.copy()
        # Joining takes a tenth of the time of `repr`; what has several parts says how many.
        text = "\0".join(
            (
                *(raw.guid, raw.url, raw.title, raw.summary, raw.content, raw.base, raw.language),
                *(raw.published, raw.updated, str(len(raw.authors)), *raw.authors, *raw.categories),
            )
        )
        if raw.images or raw.enclosures or raw.alternates:
            text += repr((raw.images, raw.enclosures, raw.alternates))
        hashing.update(text.encode("utf-8", "surrogatepass"))
        return urlsafe_b64encode(hashing.digest())[:11].decode("ascii")

    return fingerprint


def _entry(raw: RawEntry, source: Source) -> tuple[Entry | None, list[str]]:
    """Return *raw* cleaned, None if nothing is left of it, and what was wrong with it."""
    faults = []
    title = _title(raw, source.repair)
    described, words = read_html(raw.summary, base=raw.base) if "<" in raw.summary else ("", plain_text(raw.summary))
    content, content_words = described, words
    if raw.content and raw.content != raw.summary:
        content, content_words = read_html(raw.content, base=raw.base)
    elif raw.content:
        content = content or read_html(raw.content, base=raw.base)[0]
    summary = strip_dateline(words) or excerpt(content_words, words=SUMMARY_WORDS)
    if len(title) > MAX_TITLE:
        faults.append(f"a title of {len(title):,} characters; the first {MAX_TITLE:,} are kept")
        summary = summary or excerpt(title, words=SUMMARY_WORDS)
        title = f"{beginning(title, MAX_TITLE - 1).rstrip()}…"
    # Readers are not tracked: not by us, and not by what we link to.
    url = untracked(clean_url(raw.url, base=raw.base))
    if not url and raw.url.strip():
        faults.append(f"the link {raw.url.strip()[:80]!r} is no http or https address and is left out")
    if not (title or url or summary):
        return None, [*faults, "neither title nor link nor summary; left out"]
    claimed = (raw.published or raw.updated).strip()
    published, updated = _date(raw.published, source.repair), _date(raw.updated, source.repair)
    if claimed and published is None and updated is None:
        faults.append(f"the date {claimed[:60]!r} cannot be read")
    entry = Entry(
        source=source.id,
        guid=visible(raw.guid.strip()),
        url=url,
        title=title or excerpt(summary.replace("\n", " "), words=TITLE_WORDS),
        summary=summary,
        content=content,
        language=_declared(raw, source),
        published=published,
        updated=updated,
        claimed=visible(claimed),
        authors=_plain(raw.authors),
        categories=_plain(raw.categories),
        image=_image(raw, content, described),
        enclosures=_enclosures(raw) if raw.enclosures else (),
        alternates=_alternates(raw, url) if raw.alternates else (),
    )
    return entry, faults


def _alternates(raw: RawEntry, url: str) -> tuple[str, ...]:
    pages = (untracked(clean_url(page, base=raw.base)) for page in raw.alternates[:MAX_ALTERNATES])
    return tuple(page for page in dict.fromkeys(pages) if page and page != url)


def _title(raw: RawEntry, repair: Repair) -> str:
    match repair.title_type:
        case "text":
            return tidy(raw.title)
        case "html":
            return plain_text(raw.title).replace("\n", " ")
        case _:
            return clean_title(raw.title)


def _date(text: str, repair: Repair) -> datetime | None:
    return read_date(text, timezone=repair.timezone, form=repair.date_format) if text else None


def _declared(raw: RawEntry, source: Source) -> str:
    return _language_tag(raw.language) or source.language


def _with_languages(entries: list[Entry], read_before: list[RawEntry], source: Source) -> list[Entry]:
    """Return *entries*, whose languages are as declared, with those that their words tell.

    Where words are too few, the document tells: its other entries, and the titles of those that were *read_before*.
    """
    told = [tell_language(f"{entry.title}\n{entry.summary}", declared=entry.language) for entry in entries]
    declared = [entry.language for entry in entries]
    if "" in told:
        # A new headline that comes alone is to be told as it would have been among the first.
        declared += [_declared(raw, source) for raw in read_before]
        told += [
            tell_language(_title(raw, source.repair), declared=tag)
            for raw, tag in zip(read_before, declared[len(entries) :], strict=True)
        ]
    settled = settle_languages(told, declared=declared)
    return [
        entry if entry.language == language else replace(entry, language=language)
        for entry, language in zip(entries, settled, strict=False)
    ]


def _where(number: int, raw: RawEntry, source: Source) -> str:
    title = _title(raw, source.repair)[:60]
    return (f"line {raw.line}, " if raw.line else "") + f"entry {number}" + (f" “{title}”" if title else "")


def _without(raw: RawEntry, ignored: Collection[str]) -> RawEntry:
    """Return *raw* without the fields that are *ignored*."""
    if not ignored:
        return raw
    blank: dict[str, Any] = {"images" if name == "image" else name: () if name in _SEVERAL else "" for name in ignored}
    return raw._replace(**blank)


# The fields that may be ignored and hold more than one value.
_SEVERAL = frozenset({"authors", "categories", "image", "enclosures"})


@lru_cache(maxsize=256)
def _language_tag(text: str) -> str:
    # Looking a language up takes a millisecond, and a site has a handful of them.
    return suggest_language(text) if text.strip() else ""


def _plain(texts: Iterable[str]) -> tuple[str, ...]:
    """Return *texts* cleaned, each once."""
    return tuple(dict.fromkeys(text for text in map(clean_title, texts) if text))


def _image(raw: RawEntry, content: str, described: str) -> Image | None:
    """Return the best picture that the entry names, else the first one shown in it.

    Where both are one picture, the page says of it what the feed does not.
    """
    shown = first_image(content) or (first_image(described) if described != content else None)
    for image in raw.images:
        url = clean_url(image.url, base=raw.base)
        if not url or counts_readers(url) or image.width == 1 or image.height == 1:
            continue
        there = shown if shown and shown.url == url else Image(url=url)
        return Image(
            url=url,
            alt=clean_title(image.alt) or there.alt,
            width=image.width or there.width,
            height=image.height or there.height,
            caption=clean_title(image.caption) or there.caption,
        )
    return shown


def _enclosures(raw: RawEntry) -> tuple[Enclosure, ...]:
    return tuple(
        Enclosure(url=url, type=visible(enclosure.type.strip().lower()), length=enclosure.length)
        for enclosure in raw.enclosures
        if (url := clean_url(enclosure.url, base=raw.base))
    )


def _newest(entries: list[Entry]) -> list[Entry]:
    """Return the newest entries in the order of the document, which is not always that of time."""
    dated = [(entry.published or entry.updated, place) for place, entry in enumerate(entries)]
    # What has no date may be new: it stays.
    ranked = sorted(dated, key=lambda pair: (pair[0] is not None, -(pair[0].timestamp() if pair[0] else 0.0)))
    return [entries[place] for place in sorted(place for _, place in ranked[:MAX_ENTRIES])]

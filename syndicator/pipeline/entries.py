"""Make an Entry of what a document says of an article, the same for every format."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from syndicator.model.entry import Enclosure, Entry, Image, Parsed, Problem
from syndicator.model.language import suggest_language
from syndicator.model.source import Pace, Source
from syndicator.pipeline.clean import (
    clean_html,
    clean_title,
    clean_url,
    excerpt,
    first_image,
    plain_text,
    strip_dateline,
    untracked,
    visible,
)
from syndicator.pipeline.dates import read_date

MAX_ENTRIES = 1_000  # one newspaper's feed was met with 1,000 and one with 500; most have 50
SUMMARY_WORDS = 100  # of the content, where the publisher gave no summary
TITLE_WORDS = 12  # of the summary, where the publisher gave no title


@dataclass(frozen=True, slots=True, kw_only=True)
class RawEntry:
    """An article as its document has it: *summary* and *content* are HTML, all else text, URLs as written.

    *base* is what its relative URLs are relative to; *images* stand best first.
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


@dataclass(frozen=True, slots=True, kw_only=True)
class RawFeed:
    """A document before its words are cleaned; *version* is empty when it is no feed."""

    version: str = ""
    title: str = ""
    language: str = ""
    pace: Pace = Pace()
    entries: tuple[RawEntry, ...] = ()
    problems: list[Problem] = field(default_factory=list)


def read_entries(feed: RawFeed, *, source: Source) -> Parsed:
    """Return *feed* cleaned: entries with neither title, link nor summary are left out, and the newest 1,000 kept."""
    problems = list(feed.problems)
    entries = []
    for number, raw in enumerate(feed.entries, start=1):
        title = clean_title(raw.title)
        entry = _entry(raw, title, source, problems, where=f"entry {number}" + (f" “{title[:60]}”" if title else ""))
        if entry is not None:
            entries.append(entry)
    if len(entries) > MAX_ENTRIES:
        problems.append(Problem(text=f"{len(entries):,} entries; only the newest {MAX_ENTRIES:,} are read"))
        entries = _newest(entries)
    return Parsed(
        version=feed.version,
        title=clean_title(feed.title),
        language=suggest_language(feed.language),
        pace=feed.pace,
        entries=tuple(entries),
        problems=tuple(problems),
    )


def _entry(raw: RawEntry, title: str, source: Source, problems: list[Problem], *, where: str) -> Entry | None:
    described = clean_html(raw.summary, base=raw.base) if "<" in raw.summary else ""
    content = clean_html(raw.content, base=raw.base) if raw.content else described
    summary = strip_dateline(plain_text(raw.summary)) or excerpt(plain_text(content), words=SUMMARY_WORDS)
    # Readers are not tracked: not by us, and not by what we link to.
    url = untracked(clean_url(raw.url, base=raw.base))
    if raw.url.strip() and not url:
        problems.append(
            Problem(text=f"the link {raw.url.strip()[:80]!r} is no http or https address and is left out", where=where)
        )
    if not (title or url or summary):
        problems.append(Problem(text="neither title nor link nor summary; left out", where=where))
        return None
    claimed = raw.published or raw.updated
    published, updated = (read_date(date, timezone=source.repair.timezone) for date in (raw.published, raw.updated))
    if claimed.strip() and published is None and updated is None:
        problems.append(Problem(text=f"the date {claimed.strip()[:60]!r} cannot be read", where=where))
    return Entry(
        source=source.id,
        guid=visible(raw.guid.strip()),
        url=url,
        title=title or excerpt(summary.replace("\n", " "), words=TITLE_WORDS),
        summary=summary,
        content=content,
        language=suggest_language(raw.language) or source.language,
        published=published,
        updated=updated,
        claimed=visible(claimed.strip()),
        authors=_plain(raw.authors),
        categories=_plain(raw.categories),
        image=_image(raw) or first_image(content) or first_image(described),
        enclosures=_enclosures(raw),
    )


def _plain(texts: Iterable[str]) -> tuple[str, ...]:
    """Return *texts* cleaned, each once."""
    return tuple(dict.fromkeys(text for text in map(clean_title, texts) if text))


def _image(raw: RawEntry) -> Image | None:
    for image in raw.images:
        if url := clean_url(image.url, base=raw.base):
            return Image(url=url, alt=clean_title(image.alt), width=image.width, height=image.height)
    return None


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

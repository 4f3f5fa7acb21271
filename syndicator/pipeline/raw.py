"""Make a raw entry of the parts that a reader of XML found, the same for whichever reader found them."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from urllib.parse import urljoin

from syndicator.model.entry import Enclosure, Image
from syndicator.pipeline.clean import length, text_to_html
from syndicator.pipeline.entries import MAX_ENTRIES, RawEntry
from syndicator.pipeline.urls import clean_url

# What both readers stop at or leave out, so that no document takes feedparser more than about 5 s, which compares and
# copies some of it again and again. The largest honest feed that was met had 1,000 entries and 3 MiB.
MAX_ENTRIES_READ = 2 * MAX_ENTRIES
MAX_TAGS = 50_000  # 50 to each of 1,000 entries; feedparser takes 20 to 80 µs for one
MAX_SIGNS = 600_000  # `<` and `&` each, with those inside CDATA, which cost little
MAX_ATTRIBUTES = 50  # of one element
MAX_AUTHOR = 100  # characters in which an address is looked for
MAX_BASE = 2_000  # characters of an xml:base
MAX_CATEGORIES = 500  # of one entry
MAX_LANGUAGE = 100  # characters of an xml:lang

_PICTURE = re.compile(r"\.(?:jpe?g|png|webp|gif|avif)\b", re.IGNORECASE)


@dataclass(slots=True)
class Words:
    """The text of an element, its media *type*, and the xml:lang and xml:base that hold there."""

    value: str
    type: str
    language: str = ""
    base: str = ""


class Parts:
    """What stands in an entry; *files*, *media* and *thumbnails* are the attributes of such elements.

    *pages* are its links that lead to itself (`alternate`), and *link* is that of them, or the guid, that
    feedparser takes. A file has its URL as `href`.
    """

    # Most entries have few of them, and what is not set costs no time.
    guid = link = title = title_language = title_base = caption = language = published = created = updated = ""
    summary: Words | None = None
    content: Words | None = None
    categories: Sequence[str] = ()

    def __init__(self) -> None:
        self.pages: list[str] = []
        self.files: list[dict[str, str]] = []
        self.authors: list[str] = []
        self.media: list[dict[str, str]] = []
        self.thumbnails: list[dict[str, str]] = []


def raw_entry(parts: Parts, *, feed_languages: Collection[str], url: str, line: int) -> RawEntry:
    """Return the entry that *parts* make in a feed whose own languages are *feed_languages*, fetched from *url*."""
    summary, content, link, files = parts.summary, parts.content, parts.link, parts.files
    base = (content.base if content else "") or (summary.base if summary else "") or parts.title_base
    own = parts.title_language or (summary.language if summary else "")
    if link not in parts.pages:
        # A guid stands in for a missing link only if it is one (RSS 2.0, guid, isPermaLink).
        link = (parts.pages[0] if parts.pages else "") or clean_url(link)
    return RawEntry(
        guid=parts.guid,
        url=link,
        title=parts.title,
        summary=(_html(summary) if summary else "") or (text_to_html(parts.caption) if parts.caption else ""),
        content=_html(content) if content else "",
        base=_join(url, base) if base else url,
        # What an entry says of itself counts: `dc:language`, or an `xml:lang` that is not just the feed's.
        language=parts.language or ("" if own in feed_languages else own),
        published=parts.published or parts.created,
        updated=parts.updated,
        authors=tuple(parts.authors),
        categories=tuple(parts.categories),
        images=_images(parts, files) if files or parts.media or parts.thumbnails else (),
        enclosures=_enclosures(files) if files else (),
        line=line,
    )


def _enclosures(files: list[dict[str, str]]) -> tuple[Enclosure, ...]:
    return tuple(
        Enclosure(url=file.get("href", ""), type=file.get("type", ""), length=length(file.get("length", "")))
        for file in files
    )


def _images(parts: Parts, files: list[dict[str, str]]) -> tuple[Image, ...]:
    contents = [media for media in parts.media if _is_image(media)]
    pictures = [file for file in files if file.get("type", "").startswith("image/")]
    return tuple(
        Image(
            url=found.get("url") or found.get("href", ""),
            alt=parts.caption,
            width=length(found.get("width", "")),
            height=length(found.get("height", "")),
        )
        for found in (*contents, *pictures, *parts.thumbnails)
    )


def _is_image(media: dict[str, str]) -> bool:
    medium, media_type = media.get("medium", ""), media.get("type", "")
    if medium or media_type:
        return medium == "image" or media_type.startswith("image/")
    return bool(_PICTURE.search(media.get("url", "")))


def _html(words: Words) -> str:
    return text_to_html(words.value) if words.type == "text/plain" else words.value


def _join(url: str, base: str) -> str:
    try:
        return urljoin(url, base)
    except ValueError:
        return url

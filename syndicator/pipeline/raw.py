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

RELATIONS = "http://www.iana.org/assignments/relation/"  # may stand before a rel (RFC 4287, section 4.2.7.2)

# Where it begins is looked for first, so that no text takes time that grows with the square of its length.
_ADDRESS = re.compile(r"(?<![\w.+-])(?:mailto:)?[\w.+-]+@(?:[\w-]+\.)+[\w-]+(?:\?subject=[^\s()<>&]*)?")
_EMPTY = re.compile(r"\(\s*\)|<\s*>|&lt;\s*&gt;")
_CDATA = "<![CDATA["
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

    *pages* are its links that lead to itself (`alternate`), and *link* is that of them that feedparser takes;
    *translations* are those of them that say in what language the page is (RFC 4287, section 4.2.7.4).
    *permalink* is its guid where that may be one, *original* the link that a service put its own in the place of. A
    file has its URL as `href`, and *cover* is that of a picture.
    """

    # Most entries have few of them, and what is not set costs no time.
    guid = permalink = link = original = title = title_language = title_base = caption = cover = language = ""
    published = created = updated = ""
    summary: Words | None = None
    podcast_summary: Words | None = None
    content: Words | None = None
    categories: Sequence[str] = ()
    source_authors: Sequence[str] = ()

    def __init__(self) -> None:
        self.pages: list[str] = []
        self.translations: list[str] = []
        self.files: list[dict[str, str]] = []
        self.authors: list[str] = []
        self.media: list[dict[str, str]] = []
        self.thumbnails: list[dict[str, str]] = []


def raw_entry(
    parts: Parts, *, feed_languages: Collection[str], feed_authors: Sequence[str], url: str, line: int
) -> RawEntry:
    """Return the entry that *parts* make in a feed, fetched from *url*.

    *feed_languages* are the feed's own, and *feed_authors* those that its entries inherit (RFC 4287, section 4.2.1).
    """
    summary, content, link, files = parts.summary, parts.content, parts.link, parts.files
    podcast_summary = parts.podcast_summary
    if podcast_summary and podcast_summary.value and not (summary and summary.value):
        summary = podcast_summary
    base = (content.base if content else "") or (summary.base if summary else "") or parts.title_base
    own = parts.title_language or (summary.language if summary else "")
    if not link or link not in parts.pages:
        # A guid stands in for a missing link only if it is one (RSS 2.0, guid, isPermaLink).
        link = next(filter(None, parts.pages), "") or clean_url(link) or clean_url(parts.permalink)
    if parts.translations:
        # feedparser takes the last one, which is the page in any language.
        link = next((page for page in parts.pages if page not in parts.translations), parts.pages[0])
    if parts.original:
        link = clean_url(parts.original) or link
    described = _html(summary) if summary else ""
    # A caption that stands in for a missing summary is not said twice.
    caption = parts.caption if described else ""
    return RawEntry(
        guid=parts.guid,
        url=link,
        title=parts.title,
        summary=described or (text_to_html(parts.caption) if parts.caption else ""),
        content=_html(content) if content else "",
        base=_join(url, base) if base else url,
        # What an entry says of itself counts: `dc:language`, or an `xml:lang` that is not just the feed's.
        language=parts.language or ("" if own in feed_languages else own),
        published=parts.published or parts.created,
        updated=parts.updated,
        authors=tuple(parts.authors or parts.source_authors or feed_authors),
        categories=tuple(parts.categories),
        images=_images(parts, caption) if files or parts.media or parts.thumbnails or parts.cover else (),
        enclosures=_enclosures(files) if files else (),
        alternates=tuple(page for page in dict.fromkeys(parts.translations) if page != link),
        line=line,
    )


def author_name(text: str) -> str:
    """Return the name in *text*, which may be an address with a name (RSS 2.0, author); empty if it is only that.

    >>> author_name("desk@wire.example (Traffic desk)")
    'Traffic desk'
    """
    if "@" not in text or len(text) > MAX_AUTHOR:
        return text
    name = _EMPTY.sub("", _ADDRESS.sub("", text)).strip(" ,;\n")
    return name[1:-1].strip() if name.startswith("(") and name.endswith(")") else name


def _enclosures(files: list[dict[str, str]]) -> tuple[Enclosure, ...]:
    return tuple(
        Enclosure(url=file.get("href", ""), type=file.get("type", ""), length=length(file.get("length", "")))
        for file in files
    )


def _images(parts: Parts, caption: str) -> tuple[Image, ...]:
    contents = [media for media in parts.media if _is_image(media)]
    pictures = [file for file in parts.files if file.get("type", "").startswith("image/")]
    covers = [{"url": parts.cover}] if parts.cover else []
    return tuple(
        Image(
            url=found.get("url") or found.get("href", ""),
            caption=caption,
            width=length(found.get("width", "")),
            height=length(found.get("height", "")),
        )
        for found in (*contents, *pictures, *parts.thumbnails, *covers)
    )


def _is_image(media: dict[str, str]) -> bool:
    medium, media_type = media.get("medium", ""), media.get("type", "")
    if medium or media_type:
        return medium == "image" or media_type.startswith("image/")
    return bool(_PICTURE.search(media.get("url", "")))


def _html(words: Words) -> str:
    if words.type == "text/plain":
        return text_to_html(words.value)
    # Escaped once too often. To HTML it is a comment, and all its words would be lost (HTML standard, section 13.2.5).
    return words.value.replace(_CDATA, "").replace("]]>", "") if _CDATA in words.value else words.value


def _join(url: str, base: str) -> str:
    try:
        return urljoin(url, base)
    except ValueError:
        return url

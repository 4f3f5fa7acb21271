"""Read a feed of any format from bytes; what is wrong with it is listed and never raised."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from html import escape
from html.entities import html5
from itertools import islice
from typing import Any
from urllib.parse import urljoin
from xml.sax import SAXParseException

import feedparser

from syndicator.model.entry import Enclosure, Image, Parsed, Problem
from syndicator.model.source import Source
from syndicator.pipeline.clean import clean_url, length, text_to_html
from syndicator.pipeline.decode import decode_document
from syndicator.pipeline.entries import MAX_ENTRIES, RawEntry, RawFeed, read_entries
from syndicator.pipeline.jsonfeed import read_json_feed

# feedparser takes 40 µs a tag and 0.7 ms an entry, and cannot be stopped: these two bound it to a few seconds. The
# largest honest feed that was met had 1,000 entries.
MAX_TAGS = 200_000
MAX_SIGNS = 3 * MAX_TAGS  # with the markup inside CDATA, which costs nothing, unless it only pretends to be inside
MAX_READ = 2 * MAX_ENTRIES

_ENTRY = re.compile(r"<(?:[\w.-]+:)?(?:item|entry)(?=[\s>/])", re.IGNORECASE)
_ROOT = re.compile(
    r"<!--|(?P<html><!doctype\s+html|<html[\s>])|(?P<feed><(?:[\w.-]+:)?(?:rss|feed|rdf|channel)(?=[\s>/]))",
    re.IGNORECASE,
)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # not Char, XML 1.0, section 2.2
_REFERENCE = re.compile(r"&#(?:0*([0-9]{1,9})|[xX]0*([0-9a-fA-F]{1,8}));")
_AMPERSAND = re.compile(r"&(?!#[0-9]|#[xX][0-9a-fA-F]|(?:amp|lt|gt|quot|apos);)([A-Za-z][A-Za-z0-9]{1,31};)?")
_LONG_REFERENCE = re.compile(r"&#(?:[0-9]{10,}|[xX][0-9a-fA-F]{9,});?")


def parse_feed(content: bytes, *, source: Source, url: str, content_type: str = "") -> Parsed:
    """Return what *content*, fetched from *url* (the final one), holds; never raise.

    RSS 0.9x, 1.0 and 2.0, Atom 0.3 and 1.0, CDF and JSON Feed are told by their root and not by *content_type*,
    of which only the charset counts. *version* is empty, with one problem that says so, if it is no feed.
    """
    text, problems = decode_document(content, content_type=content_type, encoding=source.repair.encoding)
    start = text[:1000].lstrip()
    feed = read_json_feed(text, url=url) if start.startswith("{") else _read_xml(text, url)
    return read_entries(replace(feed, problems=problems + feed.problems), source=source)


def _read_xml(text: str, url: str) -> RawFeed:
    if not text.strip():
        return RawFeed(problems=[Problem(text="not a feed: the document is empty")])
    root, is_page = _find_root(text)
    if root < 0:
        what = "an HTML page" if is_page else "neither RSS, Atom nor JSON Feed"
        return RawFeed(problems=[Problem(text=f"not a feed: it is {what}; look for the feed's own address")])
    problems: list[Problem] = []
    text = _cut(text, root, problems)
    if text.count("<", root) > MAX_SIGNS or _count_tags(text, root) > MAX_TAGS:
        remedy = "ask the publisher for a shorter feed, or leave this one out"
        return RawFeed(problems=[Problem(text=f"cannot be read: it has more than {MAX_TAGS:,} tags; {remedy}")])
    document = _repair(text, root, problems)
    try:
        # feedparser gets no base: it would make a link of every guid that is none. We join the links below.
        read: dict[str, Any] = feedparser.parse(
            io.BytesIO(document.encode()),
            response_headers={"content-type": "application/xml; charset=utf-8"},
            resolve_relative_uris=False,
            sanitize_html=False,  # nh3 does that
        )
    except Exception as error:  # whatever bytes do to a parser that is not ours, it is a fact about the bytes
        return RawFeed(problems=[*problems, Problem(text=f"cannot be read ({type(error).__name__}: {error})")])
    if read.get("bozo"):
        problems.append(_bozo(read.get("bozo_exception")))
    feed = _dict(read, "feed")
    return RawFeed(
        version=_text(read, "version"),
        title=_text(feed, "title"),
        language=_text(feed, "language"),
        entries=tuple(_entry(entry, feed, url) for entry in _dicts(read, "entries")),
        problems=problems,
    )


def _cut(text: str, root: int, problems: list[Problem]) -> str:
    """Return *text* without what stands behind its first `MAX_READ` entries, its open elements closed."""
    starts = [match.start() for match in islice(_ENTRY.finditer(text, root), MAX_READ + 1)]
    if len(starts) <= MAX_READ:
        return text
    problems.append(Problem(text=f"more than {MAX_READ:,} entries; what comes after those is not read"))
    name = re.match(r"[\w.:-]+", text[root + 1 :])
    element = name.group() if name else "rss"
    return text[: starts[MAX_READ]] + ("</channel>" if element.lower() == "rss" else "") + f"</{element}>"


def _count_tags(text: str, start: int) -> int:
    """Return how many tags *text* has from *start* on, outside CDATA and comments; stop when they are too many."""
    count, at = 0, text.find("<", start)
    while at >= 0 and count <= MAX_TAGS:
        end = -1
        if text.startswith("<![CDATA[", at):
            end = text.find("]]>", at)
        elif text.startswith("<!--", at):
            end = text.find("-->", at)
        else:
            end = at
            count += 1
        if end < 0:  # never closed: whatever follows may be read as tags
            return count + text.count("<", at)
        at = text.find("<", end + 1)
    return count


def _find_root(text: str) -> tuple[int, bool]:
    """Return where the feed's root begins, or -1; and whether *text* is an HTML page."""
    at = 0
    while match := _ROOT.search(text, at):
        if match["feed"]:
            return match.start(), False
        if match["html"]:
            return -1, True
        end = text.find("-->", match.end())
        if end < 0:
            break
        at = end + 3
    return -1, False


def _repair(text: str, root: int, problems: list[Problem]) -> str:
    """Return the document from its *root* on, as UTF-8 XML with the same line numbers, listing what was taken away."""
    head = text[:root]
    if "<!entity" in head.lower():
        # A few entities that name each other grow to gigabytes; nobody needs them for news.
        problems.append(Problem(text="it declares entities of its own (DOCTYPE), which are refused"))
    if not re.match(r"\s*(<\?xml|<!|<\?|$)", head, re.IGNORECASE):
        problems.append(Problem(text=f"something stands before the document: {head.strip()[:60]!r}"))
    body, controls = _CONTROL.subn("", text[root:])
    if controls:
        problems.append(Problem(text=f"{controls} control characters, which XML does not allow"))
    if "&#" in body:
        body = _LONG_REFERENCE.sub("", _REFERENCE.sub(_keep_reference, body))
    body, loose = _escape_ampersands(body)
    if loose:
        problems.append(Problem(text=f"{loose} ampersands or HTML entities, which XML does not know"))
    # feedparser takes the caption of a picture for the article.
    body = re.sub(r"(</?)media:description\b", r"\1media:caption", body)
    return '<?xml version="1.0" encoding="utf-8"?>' + "\n" * head.count("\n") + body


def _keep_reference(match: re.Match[str]) -> str:
    code = int(match[1]) if match[1] else int(match[2], 16)
    return match[0] if code <= 0x10FFFF and not _CONTROL.match(chr(code)) else ""


def _escape_ampersands(body: str) -> tuple[str, int]:
    """Return *body* with what `&` stands for written so that XML knows it, but in CDATA; and how many there were."""
    first, *others = body.split("<![CDATA[")
    pieces, count = [], 0
    for inside, close, outside in [("", "", first), *(other.partition("]]>") for other in others)]:
        escaped, found = _AMPERSAND.subn(_known_to_xml, outside)
        pieces.append(inside + close + escaped)
        count += found
    return "<![CDATA[".join(pieces), count


def _known_to_xml(match: re.Match[str]) -> str:
    return escape(html5.get(match[1] or "", match[0]), quote=False)


def _bozo(error: object) -> Problem:
    if isinstance(error, SAXParseException):
        return Problem(
            text=f"not well-formed: {error.getMessage()}; read as far as it goes", where=f"line {error.getLineNumber()}"
        )
    return Problem(text=f"not as it should be: {error}")


def _entry(entry: dict[str, Any], feed: dict[str, Any], url: str) -> RawEntry:
    summary, content = _dict(entry, "summary_detail"), next(iter(_dicts(entry, "content")), {})
    base = _join(url, _text(content, "base") or _text(summary, "base") or _text(_dict(entry, "title_detail"), "base"))
    links = _dicts(entry, "links")
    files = [link for link in links if link.get("rel") == "enclosure"]
    return RawEntry(
        guid=_text(entry, "id"),
        url=_link(entry, links),
        title=_text(entry, "title"),
        # Without a summary feedparser puts the content there, and no detail.
        summary=_html(summary) or text_to_html(_text(entry, "media_caption")),
        content=_html(content),
        base=base,
        language=_language(entry, feed),
        published=_text(entry, "published") or _text(entry, "created"),
        updated=_text(entry, "updated"),
        authors=tuple(_text(author, "name") for author in _dicts(entry, "authors")),
        categories=tuple(_text(tag, "label") or _text(tag, "term") for tag in _dicts(entry, "tags")),
        images=_images(entry, files),
        enclosures=tuple(
            Enclosure(url=_text(link, "href"), type=_text(link, "type"), length=length(_text(link, "length")))
            for link in files
        ),
    )


def _link(entry: dict[str, Any], links: list[dict[str, Any]]) -> str:
    link = _text(entry, "link")
    own = [_text(each, "href") for each in links if each.get("rel") == "alternate"]
    # A guid stands in for a missing link only if it is one (RSS 2.0, guid, isPermaLink).
    return link if link in own else next(iter(own), "") or clean_url(link)


def _language(entry: dict[str, Any], feed: dict[str, Any]) -> str:
    """Return what the entry says of itself: `dc:language`, or an `xml:lang` that is not just the feed's."""
    own = _text(_dict(entry, "title_detail"), "language") or _text(_dict(entry, "summary_detail"), "language")
    inherited = {_text(feed, "language"), _text(_dict(feed, "title_detail"), "language")}
    return _text(entry, "language") or ("" if own in inherited else own)


def _images(entry: dict[str, Any], files: list[dict[str, Any]]) -> tuple[Image, ...]:
    contents = [media for media in _dicts(entry, "media_content") if _is_image(media)]
    pictures = [link for link in files if _text(link, "type").startswith("image/")]
    return tuple(
        Image(
            url=_text(found, "url") or _text(found, "href"),
            alt=_text(entry, "media_caption"),
            width=length(_text(found, "width")),
            height=length(_text(found, "height")),
        )
        for found in [*contents, *pictures, *_dicts(entry, "media_thumbnail")]
    )


def _is_image(media: dict[str, Any]) -> bool:
    medium, media_type = _text(media, "medium"), _text(media, "type")
    if medium or media_type:
        return medium == "image" or media_type.startswith("image/")
    return bool(re.search(r"\.(?:jpe?g|png|webp|gif|avif)\b", _text(media, "url"), re.IGNORECASE))


def _html(detail: dict[str, Any]) -> str:
    value = _text(detail, "value")
    return text_to_html(value) if _text(detail, "type") == "text/plain" else value


def _join(url: str, base: str) -> str:
    try:
        return urljoin(url, base)
    except ValueError:
        return url


def _text(found: dict[str, Any], name: str) -> str:
    # `dict.get` and not feedparser's own, which answers `published` when `updated` is asked for. An element of the
    # document may have put anything under any name.
    value = dict.get(found, name)
    return value if isinstance(value, str) else ""


def _dict(found: dict[str, Any], name: str) -> dict[str, Any]:
    value = dict.get(found, name)
    return value if isinstance(value, dict) else {}


def _dicts(found: dict[str, Any], name: str) -> list[dict[str, Any]]:
    value = dict.get(found, name)
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []

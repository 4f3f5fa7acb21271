"""Read a feed of any format from bytes; what is wrong with it is listed and never raised."""

from __future__ import annotations

import io
from collections.abc import Collection
from dataclasses import replace
from typing import Any
from xml.parsers import expat
from xml.sax import handler, make_parser
from xml.sax.xmlreader import AttributesNSImpl, InputSource

from feedparser.api import LooseFeedParser, StrictFeedParser

from syndicator.model.entry import Parsed, Problem
from syndicator.model.source import Source
from syndicator.pipeline.decode import decode_document
from syndicator.pipeline.entries import RawFeed, read_entries
from syndicator.pipeline.fast_xml import read_fast
from syndicator.pipeline.jsonfeed import read_json_feed
from syndicator.pipeline.mend import entry_starts, find_root, lines_at, mend
from syndicator.pipeline.pace import read_pace
from syndicator.pipeline.raw import (
    MAX_ATTRIBUTES,
    MAX_AUTHOR,
    MAX_BASE,
    MAX_CATEGORIES,
    MAX_ENTRIES_READ,
    MAX_LANGUAGE,
    MAX_SIGNS,
    MAX_TAGS,
    Parts,
    Words,
    raw_entry,
)

MAX_DEPTH = 200  # open elements; a feed needs 6, and its XHTML no more than a page
MAX_LOOSE = 4 * 2**20  # characters of a document that is not well-formed, which take three times as long


def parse_feed(
    content: bytes, *, source: Source, url: str, content_type: str = "", known: Collection[str] = ()
) -> Parsed:
    """Return what *content*, fetched from *url* (the final one), holds; never raise.

    RSS 0.9x, 1.0 and 2.0, Atom 0.3 and 1.0, CDF and JSON Feed are told by their root and not by *content_type*,
    of which only the charset counts. *version* is empty, with one problem that says so, if it is no feed. Entries
    whose fingerprints are *known* are not cleaned, and left out.
    """
    feed = None if source.repair.encoding else read_fast(content, url=url)
    if feed is None:
        text, problems = decode_document(content, content_type=content_type, encoding=source.repair.encoding)
        feed = _read_text(text, content, url=url, doubtful=bool(problems))
        feed = replace(feed, problems=problems + feed.problems)
    return read_entries(feed, source=source, known=known)


def _read_text(text: str, content: bytes, *, url: str, doubtful: bool) -> RawFeed:
    if text[:1000].lstrip().startswith("{"):
        return read_json_feed(text, url=url)
    # Half surrogates are no UTF-8, and no XML.
    again = b"" if doubtful else text.encode(errors="replace")
    return (read_fast(again, url=url) if again and again != content else None) or read_slowly(text, url=url)


def read_slowly(text: str, *, url: str) -> RawFeed:
    """Return the feed that *text* is, as feedparser reads it, which reads nearly all that was ever called a feed."""
    if not text.strip():
        return RawFeed(problems=[Problem(text="not a feed: the document is empty")])
    root, is_page = find_root(text)
    if root < 0:
        what = "an HTML page" if is_page else "neither RSS, Atom nor JSON Feed"
        return RawFeed(problems=[Problem(text=f"not a feed: it is {what}; look for the feed's own address")])
    if max(text.count("<", root), text.count("&", root)) > MAX_SIGNS:
        remedy = "ask the publisher for a shorter feed, or leave this one out"
        return RawFeed(problems=[Problem(text=f"cannot be read: it has more than {MAX_SIGNS:,} tags; {remedy}")])
    problems: list[Problem] = []
    document = mend(text, root, problems)
    try:
        read = _judge(document, problems)
    except Exception as error:  # whatever bytes do to a parser that is not ours, it is a fact about the bytes
        return RawFeed(problems=[*problems, Problem(text=f"cannot be read ({type(error).__name__}: {error})")])
    feed = _dict({"feed": read.feeddata}, "feed")
    entries = _dicts({"entries": read.entries}, "entries")
    starts = entry_starts(text, root)
    # Where they do not tally, no line is better than a wrong one.
    lines = lines_at(text, starts) if len(starts) == len(entries) or read.stopped else [0] * len(entries)
    languages = {_text(feed, "language"), _text(_dict(feed, "title_detail"), "language")}
    return RawFeed(
        version=read.version,
        title=_text(feed, "title"),
        language=_text(feed, "language"),
        pace=read_pace(text[root : starts[0] if starts else len(text)]),
        entries=tuple(
            raw_entry(_parts(entry), feed_languages=languages, url=url, line=line)
            for entry, line in zip(entries, lines, strict=False)
        ),
        problems=problems,
    )


def _judge(document: str, problems: list[Problem]) -> Any:
    """Return the parser of feedparser that has read *document*, as far as it could."""
    fault = _fault(document)
    if fault:
        problems.append(fault)
    if fault and len(document) > MAX_LOOSE:
        problems.append(Problem(text=f"longer than {MAX_LOOSE:,} characters; what comes after those is not read"))
        document = document[:MAX_LOOSE]
    # Its function `parse` reads every document that is not well-formed twice, guesses at encodings that we know, and
    # cannot be stopped. It gets no base: it would make a link of every guid that is none. We join the links.
    read: Any = _Loose("", None, "utf-8", {}) if fault else _Strict("", None, "utf-8")
    read.resolve_relative_uris = read.sanitize_html = False  # nh3 does that
    try:
        if fault:
            read.feed(document)
        else:
            parser = make_parser()
            parser.setFeature(handler.feature_namespaces, True)
            parser.setFeature(handler.feature_external_ges, False)
            parser.setContentHandler(read)
            parser.setErrorHandler(read)
            opened = InputSource()
            opened.setByteStream(io.BytesIO(document.encode()))
            parser.parse(opened)
    except _Enough as enough:
        problems.append(Problem(text=f"{enough}; what comes after those is not read"))
        read.stopped = True
        if read.inentry and read.entries:  # half an entry is none: it would seem to be edited when it is whole
            read.entries.pop()
    return read


def _fault(document: str) -> Problem | None:
    """Return why *document* is not well-formed, if it is not."""
    parser = expat.ParserCreate("utf-8", " ")
    try:
        parser.Parse(document.encode(), True)
    except expat.ExpatError as error:
        text = f"not well-formed: {expat.ErrorString(error.code)}; read as far as it goes"
        return Problem(text=text, where=f"line {error.lineno}")
    return None


class _Enough(Exception):
    """More of it would take too long."""


class _Bounded:
    """What keeps feedparser from taking minutes, for both of its parsers."""

    stopped = False
    _spent = 0.0  # in tags

    def _spend(self: Any, cost: float) -> None:
        self._spent += cost
        if self._spent > MAX_TAGS:
            raise _Enough(f"more than {MAX_TAGS:,} tags")

    def unknown_starttag(self: Any, tag: str, attrs: list[tuple[str, str]]) -> Any:
        self._spend(1)
        if len(self.entries) >= MAX_ENTRIES_READ and tag.rpartition(":")[2] in ("item", "entry"):
            raise _Enough(f"more than {MAX_ENTRIES_READ:,} entries")
        if attrs:  # some are copied to each element inside
            attrs = [
                pair for pair in attrs[:MAX_ATTRIBUTES] if len(pair[1]) <= _LONGEST.get(pair[0].lower(), MAX_LOOSE)
            ]
        return super().unknown_starttag(tag, attrs)  # type: ignore[misc]

    def unknown_endtag(self: Any, tag: str) -> None:
        super().unknown_endtag(tag)  # type: ignore[misc]
        # feedparser forgets that the xml:base of one entry is not that of the next, where the feed has none.
        self.baseuri = self.basestack[-1] if self.basestack else ""

    def _add_tag(self: Any, *tag: Any) -> None:
        # Each is compared with all before it.
        if len(self._get_context().get("tags", ())) < MAX_CATEGORIES:
            super()._add_tag(*tag)  # type: ignore[misc]

    def _sync_author_detail(self: Any, key: str = "author") -> None:
        context = self._get_context()
        author = context.get(key)
        # Looking for an address takes time that grows with the square of the length.
        if not isinstance(author, str) or len(author) <= MAX_AUTHOR:
            self._spend(len(author) / 10 if author and "@" in author else 0)
            super()._sync_author_detail(key)  # type: ignore[misc]
            return
        names = context.get(f"{key}s")
        if names and not names[-1]:
            names[-1]["name"] = author

    # It reads every date in a dozen ways, and we read them ourselves.

    def _end_published(self: Any) -> None:
        self.pop("published")

    def _end_updated(self: Any) -> None:
        self.pop("updated")

    def _end_created(self: Any) -> None:
        self.pop("created")

    _end_issued = _end_pubdate = _end_published
    _end_modified = _end_lastbuilddate = _end_updated


_LONGEST = {"xml:base": MAX_BASE, "base": MAX_BASE, "xml:lang": MAX_LANGUAGE, "lang": MAX_LANGUAGE}


class _Strict(_Bounded, StrictFeedParser):  # type: ignore[misc]
    def startElementNS(self: Any, name: object, qname: object, attrs: AttributesNSImpl) -> None:  # noqa: N802
        if self.depth >= MAX_DEPTH:
            raise _Enough(f"more than {MAX_DEPTH} elements within each other")
        if len(attrs) > MAX_ATTRIBUTES:  # each is looked for among all of them
            names = attrs.getNames()[:MAX_ATTRIBUTES]
            kept = {each: attrs.getValue(each) for each in names}
            attrs = AttributesNSImpl(kept, {each: attrs.getQNameByName(each) for each in names})
        super().startElementNS(name, qname, attrs)


class _Loose(_Bounded, LooseFeedParser):  # type: ignore[misc]
    # Its depth means little, as what is never closed counts for ever. What else costs time is counted as well.

    def unknown_endtag(self, tag: str) -> None:
        self._spend(0.2)
        super().unknown_endtag(tag)

    def parse_declaration(self, i: int) -> Any:
        self._spend(0.1)
        return super().parse_declaration(i)

    def handle_pi(self, _text: str) -> None:
        self._spend(0.05)

    def handle_entityref(self, ref: str) -> None:
        self._spend(0.05)
        super().handle_entityref(ref)

    def handle_charref(self, ref: str) -> None:
        self._spend(0.05)
        super().handle_charref(ref)


def _parts(entry: dict[str, Any]) -> Parts:
    title, content = _dict(entry, "title_detail"), _dicts(entry, "content")
    links = _attributes(entry, "links")
    parts = Parts()
    parts.guid = _text(entry, "id")
    parts.link = _text(entry, "link")
    parts.pages = [link.get("href", "") for link in links if link.get("rel") == "alternate"]
    parts.files = [link for link in links if link.get("rel") == "enclosure"]
    parts.title = _text(entry, "title")
    parts.title_language, parts.title_base = _text(title, "language"), _text(title, "base")
    # Without a summary feedparser puts the content there, and no detail.
    parts.summary = _words(_dict(entry, "summary_detail"))
    parts.content = _words(content[0] if content else {})
    parts.caption = _text(entry, "media_caption")
    parts.language = _text(entry, "language")
    parts.published = _text(entry, "published")
    parts.created = _text(entry, "created")
    parts.updated = _text(entry, "updated")
    parts.authors = [_text(author, "name") for author in _dicts(entry, "authors")]
    parts.categories = [_text(tag, "label") or _text(tag, "term") for tag in _dicts(entry, "tags")]
    parts.media = _attributes(entry, "media_content")
    parts.thumbnails = _attributes(entry, "media_thumbnail")
    return parts


def _words(detail: dict[str, Any]) -> Words:
    return Words(*(_text(detail, name) for name in ("value", "type", "language", "base")))


def _attributes(found: dict[str, Any], name: str) -> list[dict[str, str]]:
    return [{key: value for key, value in each.items() if isinstance(value, str)} for each in _dicts(found, name)]


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

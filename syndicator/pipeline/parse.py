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
    MAX_BASE,
    MAX_CATEGORIES,
    MAX_ENTRIES_READ,
    MAX_LANGUAGE,
    MAX_SIGNS,
    MAX_TAGS,
    RELATIONS,
    author_name,
    raw_entry,
)
from syndicator.pipeline.slow_parts import authors_of, dict_of, dicts_of, parts_of, text_of

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
    feed = dict_of({"feed": read.first_feed or read.feeddata}, "feed")
    entries = dicts_of({"entries": read.entries}, "entries")
    version = read.version or ("rss" if entries else "")
    if not version:
        what = "neither RSS, Atom nor JSON Feed"
        return RawFeed(problems=[*problems, Problem(text=f"not a feed: it is {what}; look for the feed's own address")])
    starts = entry_starts(text, root)
    # Where they do not tally, no line is better than a wrong one.
    lines = lines_at(text, starts) if len(starts) == len(entries) or read.stopped else [0] * len(entries)
    languages = {text_of(feed, "language"), text_of(dict_of(feed, "title_detail"), "language")}
    authors = authors_of(feed) if version.startswith("atom") else []
    return RawFeed(
        version=version,
        title=text_of(feed, "title"),
        language=text_of(feed, "language"),
        pace=read_pace(text[root : starts[0] if starts else len(text)]),
        entries=tuple(
            raw_entry(parts_of(entry), feed_languages=languages, feed_authors=authors, url=url, line=line)
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
            if read.inentry and read.first_feed is None and len(read.entries) > 1:
                # Read half, it would be another article than it is when it comes whole.
                problems.append(Problem(text="it ends within an entry, which is left out until it comes whole"))
                read.entries.pop()
                read.stopped = True
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
    first_feed: dict[str, Any] | None = None
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

    def _start_channel(self: Any, attrs_d: dict[str, str]) -> None:
        # Of one without a root around it feedparser says no version, as if it were no feed.
        if not self.version.startswith("rss"):
            self.version = "rss"
        super()._start_channel(attrs_d)  # type: ignore[misc]

    def _cdf_common(self: Any, attrs_d: dict[str, str]) -> None:
        if self.version == "rss" and ("href" in attrs_d or "lastmod" in attrs_d):
            self.version = "cdf"
        super()._cdf_common(attrs_d)  # type: ignore[misc]

    def _start_link(self: Any, attrs_d: dict[str, str]) -> None:
        if "rel" in attrs_d:
            attrs_d["rel"] = attrs_d["rel"].removeprefix(RELATIONS)
        super()._start_link(attrs_d)  # type: ignore[misc]

    def _end_guid(self: Any) -> None:
        value = self.pop("id")
        # Not as the link: an empty one would hide it. No element has this name.
        if value and self.guidislink:
            self._get_context().setdefault("guid that is a link", value)

    _end_id = _end_guid

    # It would take it for the content where there is a summary already.

    def _start_itunes_summary(self: Any, attrs_d: dict[str, str]) -> None:
        self.push_content("itunes_summary", attrs_d, "text/plain", 1)

    def _end_itunes_summary(self: Any) -> None:
        self.pop_content("itunes_summary")

    # It cuts addresses that end in more than four letters, and mixes authors up with publishers and with each other.

    def _end_author(self: Any) -> None:
        value, self.inauthor = self.pop("author"), 0
        names = self._get_context().get("authors")
        if value and isinstance(names, list) and not names[-1]:
            names[-1]["name"] = author_name(value)

    _end_managingeditor = _end_author

    def _save_author(self: Any, key: str, value: str, prefix: str = "author") -> None:
        names = self._get_context().setdefault("authors", [{}]) if prefix == "author" else None
        if isinstance(names, list):
            names[-1][key] = value

    def _sync_author_detail(self: Any, key: str = "author") -> None:
        pass

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
    _root = ""

    def unknown_starttag(self, tag: str, attrs: list[tuple[str, str]]) -> Any:
        self._root = self._root or tag
        return super().unknown_starttag(tag, attrs)

    def unknown_endtag(self, tag: str) -> None:
        self._spend(0.2)
        super().unknown_endtag(tag)
        # Where two documents stand one behind the other, the second one does not rename the first.
        if tag == self._root and self.first_feed is None:
            self.first_feed = dict(self.feeddata)

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

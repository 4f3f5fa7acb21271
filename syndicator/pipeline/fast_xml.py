"""Read well-formed RSS 2.0, RSS 1.0 and Atom 1.0 in one pass, as feedparser would, or leave it to feedparser."""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from xml.etree.ElementTree import Element, ParseError, TreeBuilder, XMLParser

from syndicator.pipeline.entries import RawFeed
from syndicator.pipeline.fast_entry import EntryReader
from syndicator.pipeline.fast_parts import EntryParts
from syndicator.pipeline.fast_scope import Doubt, Scope, attributes_of
from syndicator.pipeline.feed_names import Names, UnknownNames
from syndicator.pipeline.mend import entry_starts, lines_at
from syndicator.pipeline.pace import read_pace
from syndicator.pipeline.raw import MAX_ENTRIES_READ, MAX_SIGNS, MAX_TAGS, Parts, raw_entry

_RSS_1 = "http://purl.org/rss/1.0/"
_ATOM = "http://www.w3.org/2005/Atom"
_NETSCAPE = "http://my.netscape.com/rdf/simple/0.9/"

_ROOT = re.compile(rb"<(?:rss|(?:[\w.-]+:)?(?:feed|RDF))[\s>]")
_END = re.compile(rb"</[^<>]+>")
_SPACE = re.compile(rb"\s*")
_DECLARED = re.compile(rb"xmlns(?::([^\s=]{1,100}))?\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_LONG_PREFIX = re.compile(rb"xmlns:[^\s=]{101}")
_CONTROL = re.compile(rb"\xc2[\x80-\x9f]")  # which the decoder takes for letters of windows-1252
# Letters that feedparser puts right: UTF-8 that was taken for Latin-1, as it is or by the numbers of its letters.
_TWICE = re.compile(rb"\xc2(?<=\xc3[\x82-\xb4]\xc2)|\xc2(?<=[\[>]\xc2)")
_REFERENCE = re.compile(rb"&#(?:0*(?:12[89]|1[3-9][0-9]|2[0-4][0-9]|25[0-5])|x0*[89a-fA-F][0-9a-fA-F]);")

# What may stand beside the entries and is not for us, with nothing but text in it.
_IDLE = frozenset(
    """
    author category cloud contributor copyright created dc_author dc_contributor dc_creator dc_date dc_publisher
    dc_rights dc_subject dcterms_created dcterms_issued dcterms_modified feedburner_browserfriendly generator guid id
    info itunes_author itunes_block itunes_category itunes_explicit itunes_image itunes_keywords itunes_owner
    itunes_subtitle itunes_summary lastbuilddate link managingeditor media_category media_credit media_keywords
    media_rating media_thumbnail modified pubdate published rights subtitle tagline updated webmaster
    """.split()  # noqa: SIM905
)
# And with these elements in it.
_OF_PEOPLE = frozenset({"-", "", "name", "email", "uri", "itunes_name", "itunes_email"})
_AUTHORS = frozenset({"author", "dc_author", "dc_creator", "itunes_author", "managingeditor"})
_OF_PICTURES = frozenset({"-", "", "title", "link", "url", "description", "width", "height", "name"})
_INSIDE = {
    "-": frozenset({"-", ""}),
    "items": frozenset({"-", ""}),
    "itunes_category": frozenset({"itunes_category", ""}),
    **dict.fromkeys(("author", "contributor", "itunes_owner", "managingeditor"), _OF_PEOPLE),
    **dict.fromkeys(("image", "textinput"), _OF_PICTURES),
}


def read_fast(content: bytes, *, url: str) -> RawFeed | None:
    """Return the feed that *content*, fetched from *url*, is; None if feedparser may read it in another way.

    Doubtful are all but RSS 2.0, RSS 1.0 and Atom 1.0, what is not UTF-8 or not well-formed or has a DOCTYPE, prefixes
    of other namespaces than is usual, and rare elements at which feedparser does surprising things.
    """
    try:
        return _read(content, url)
    except (Doubt, UnknownNames, ParseError, UnicodeDecodeError):
        return None


def _read(content: bytes, url: str) -> RawFeed:
    start, end = _past_comments(content, 0), _END.match(content, max(content.rfind(b"</"), 0))
    if not _ROOT.match(content, start) or b"<!entity" in content[:start].lower():
        raise Doubt("before the root")
    if end is None or _past_comments(content, end.end()) < len(content):
        raise Doubt("after the root")
    if len(content) > MAX_SIGNS and max(content.count(b"<"), content.count(b"&")) > MAX_SIGNS:
        raise Doubt("size")
    if (b"\xc2" in content and _CONTROL.search(content)) or (b"\xef" in content and BOM_UTF8 in content):
        raise Doubt("encoding")
    root = _tree(content[start:] if start else content)
    if len(content) > MAX_TAGS and sum(1 for _ in root.iter()) > MAX_TAGS:
        raise Doubt("size")
    feed = _Feed(root, _declared(content), _is_damaged(content))
    lines, first = _places(content, feed)
    languages = {feed.language, feed.title_language}
    entries = [
        raw_entry(parts, feed_languages=languages, feed_authors=feed.head.authors, url=url, line=line)
        for parts, line in zip(feed.entries, lines, strict=True)
    ]
    return RawFeed(
        version=feed.version,
        title=feed.title,
        language=feed.language,
        pace=read_pace(content[start:first].decode()),
        entries=tuple(entries),
    )


def _past_comments(content: bytes, at: int) -> int:
    """Return where white space, comments and processing instructions end that begin at *at*."""
    while True:
        at = _SPACE.match(content, at).end()  # type: ignore[union-attr]
        if content.startswith(b"<!--", at):
            end = content.find(b"-->", at + 4) + 3
        elif content.startswith(b"<?", at):
            end = content.find(b"?>", at + 2) + 2
            if b"<" in content[at + 1 : end] or b"&" in content[at:end]:
                raise Doubt("instruction")
        else:
            return at
        if end < at + 4:
            raise Doubt("not closed")
        at = end


def _declared(content: bytes) -> set[tuple[str, str]]:
    """Return the prefixes that are declared anywhere, or seem to be, and their URIs."""
    declared = set()
    at = content.find(b"xmlns")  # which takes a tenth of the time of looking with the expression
    while at >= 0:
        if match := _DECLARED.match(content, at):
            declared.add((match[1] or b"", match[2] or match[3] or b""))
        elif _LONG_PREFIX.match(content, at):
            raise Doubt("xmlns")
        at = content.find(b"xmlns", at + 5)
    return {(prefix.decode(), uri.decode()) for prefix, uri in declared}


def _is_damaged(content: bytes) -> bool:
    """Tell whether there may be letters that feedparser puts right."""
    return bool((b"\xc2" in content and _TWICE.search(content)) or (b"&" in content and _REFERENCE.search(content)))


def _places(content: bytes, feed: _Feed) -> tuple[list[int], int]:
    """Return the lines on which the entries begin, 0 if in doubt, and where the first of them begins."""
    count = len(feed.entries)
    name = b"<entry" if feed.version == "atom10" else b"<item"
    lines, line, before, at = [], 1, 0, content.find(name)
    first = at if at >= 0 else len(content)
    while at >= 0:
        line += content.count(b"\n", before, at)
        lines.append(line)
        before, at = at, content.find(name, at + 1)
    # If as many look like one as there are, all are: none stands in CDATA or in a comment.
    if len(lines) == count and not feed.is_prefixed:
        return lines, first
    text = content.decode()
    places = entry_starts(text, 0)
    lines = lines_at(text, places) if len(places) == count else [0] * count
    return lines, len(text[: places[0]].encode()) if places else len(content)


def _tree(document: bytes) -> Element:
    # Of the parsers that come with Python or lxml this one took the least time, with what is read from its tree.
    parser = XMLParser(target=TreeBuilder(insert_comments=True, insert_pis=True), encoding="utf-8")
    parser.feed(document)
    root: Element = parser.close()
    return root


class _Feed:
    """A feed that is being read from its *root*."""

    def __init__(self, root: Element, declared: set[tuple[str, str]], damaged: bool) -> None:
        vocabularies = {uri for _, uri in declared if uri.lower() in (_RSS_1, _ATOM.lower(), _NETSCAPE)}
        attributes = attributes_of(root)
        # feedparser takes the first namespace for the version, unless it is at odds with the root.
        match root.tag:
            case "rss" if attributes.get("version", "").startswith("2.") and vocabularies <= {_ATOM}:
                self.version, self.item = "rss20", "item"
            case "{http://www.w3.org/2005/Atom}feed" if vocabularies == {_ATOM}:
                self.version, self.item = "atom10", f"{{{_ATOM}}}entry"
            case "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}RDF" if vocabularies == {_RSS_1}:
                self.version, self.item = "rss10", f"{{{_RSS_1}}}item"
            case _:
                raise Doubt(root.tag)
        self.title = self.title_language = self.language = ""
        self.entries: list[Parts] = []
        self.head = EntryParts()
        self._titled = False
        # In RSS 2.0 an entry has no namespace, and therefore no prefix.
        self.is_prefixed = self.version != "rss20" and any(prefix and uri in vocabularies for prefix, uri in declared)
        names = Names(declared)
        self._reader = EntryReader(names)
        scope = Scope(names, self.version == "atom10", damaged).within(attributes)
        if self.version != "rss10":
            self.language = scope.language
        self.head.scope = scope
        if self.version == "atom10":
            self._read(root, scope)
        else:
            self._read_channel(root, scope)

    def _read_channel(self, root: Element, scope: Scope) -> None:
        channels = 0
        for child in root:
            name = scope.names[child.tag]
            if name == "channel":
                channels += 1
                attributes = attributes_of(child)
                if channels > 1 or self.entries or "lastmod" in attributes or "href" in attributes:
                    raise Doubt(name)
                self._read(child, scope.within(attributes))
            elif self.version == "rss10" and child.tag == self.item:
                self._entry(child, scope)
            elif self.version == "rss10" and name in ("image", "textinput"):
                scope.passes_over(child, _OF_PICTURES)
            elif name:
                raise Doubt(name)
        if self.version == "rss10" and not channels:
            raise Doubt("channel")

    def _read(self, element: Element, scope: Scope) -> None:
        for child in element:
            name = scope.names[child.tag]
            if child.tag == self.item and self.version != "rss10":
                self._entry(child, scope)
            elif name in _AUTHORS and self.version == "atom10":
                self.head.read_author(child, None)
            elif name in _INSIDE and len(child):
                scope.passes_over(child, _INSIDE[name])
            elif name in _INSIDE or name in _IDLE:
                if len(child):
                    raise Doubt(name)
            elif name:
                self._beside(child, name, scope)

    def _entry(self, element: Element, scope: Scope) -> None:
        if len(self.entries) == MAX_ENTRIES_READ:
            raise Doubt("entries")
        self.entries.append(self._reader.read(element, scope))

    def _beside(self, element: Element, name: str, scope: Scope) -> None:
        if self.entries:
            raise Doubt(name)
        match name:
            case "title" | "dc_title" if not self._titled:
                words = scope.words(element, "text/plain")
                self.title, self.title_language, self._titled = words.value, words.language, True
            case "language" | "dc_language":
                self.language = scope.text(element)
            case "description" | "dc_description":
                scope.words(element, "text/html")
            case _:
                raise Doubt(name)

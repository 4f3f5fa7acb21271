"""Write sources as OPML 2.0, the lists by which feed readers change hands, and read such lists of others."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from html.entities import html5
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from syndicator.model.entry import Problem
from syndicator.model.language import suggest_language
from syndicator.model.source import Source
from syndicator.model.tag import Tag
from syndicator.pipeline.decode import decode_document
from syndicator.pipeline.plain import tidy
from syndicator.pipeline.urls import clean_url

MAX_BYTES = 16 * 2**20  # of a list; 10,000 feeds take 2 to 3 MiB
MAX_FEEDS = 20_000
MAX_DEPTH = 50  # folders within folders; readers make two or three

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # not Char, XML 1.0, section 2.2
_AMPERSAND = re.compile(r"&(?!#[0-9]{1,7};|#x[0-9a-fA-F]{1,6};|(?:amp|lt|gt|quot|apos);)([A-Za-z][A-Za-z0-9]{1,31};)?")
_FEED_PREFIX = re.compile(r"^feed:(?://)?(?=https?:)", re.IGNORECASE)
_FEED_SCHEME = re.compile(r"^feed(?=://)", re.IGNORECASE)
# Outlines that stand for a feed; of others, `link` and `include` name another list (OPML 2.0, "Inclusion").
_FEED_TYPES = frozenset({"rss", "atom", "rdf", "feed", "rss1", "json", "jsonfeed"})
_OTHER_ROOTS = {
    "rss": "is a feed; `syndicator add` adds it",
    "feed": "is a feed; `syndicator add` adds it",
    "rdf": "is a feed; `syndicator add` adds it",
    "html": "is a web page; save the file itself that the reader exports",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """A feed as a list names it: cleaned, in *folders* from the outside in, at *line* (from 1)."""

    url: str
    title: str = ""
    language: str = ""
    categories: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlines:
    """What a list holds. With a *fault* it cannot be used at all; *problems* are feeds that were left out, and why."""

    title: str = ""
    feeds: tuple[Outline, ...] = ()
    problems: tuple[Problem, ...] = ()
    fault: Problem | None = None


def write_opml(sources: Iterable[Source], *, tags: Mapping[str, Tag], title: str) -> bytes:
    """Return *sources* as an OPML 2.0 document in UTF-8, in their order; it says the same whenever it is written.

    Several sources of one outlet stand in a folder of its name, where the first of them stands; unless a reader of
    ours would take that name for one of *tags*. The tags of a source are its category.
    """
    by_outlet: defaultdict[str, list[Source]] = defaultdict(list)
    for source in sources:
        folder = source.outlet and source.outlet != source.id and not find_tag(source.outlet, tags)
        by_outlet[f"outlet {source.outlet}" if folder else f"source {source.id}"].append(source)
    lines = []
    for key, members in by_outlet.items():
        if len(members) == 1:
            lines.append(_outline(members[0], "    "))
            continue
        name = _attribute(key.removeprefix("outlet "))
        lines += [f"    <outline text={name} title={name}>", *(_outline(each, "      ") for each in members)]
        lines.append("    </outline>")
    head = f"  <head>\n    <title>{escape(_printable(title))}</title>\n  </head>"
    body = "\n".join(["  <body>", *lines, "  </body>"])
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<opml version="2.0">\n{head}\n{body}\n</opml>\n'.encode()


def read_opml(content: bytes) -> Outlines:
    """Return the feeds that an OPML document of any version names, in their order; never raise.

    Elements and attributes may be in any case, `&` may stand alone, the encoding may be another than is said. A
    document type is refused (it may bring entities), as is what is not well-formed, with its place.
    """
    if len(content) > MAX_BYTES:
        return _refused(f"is larger than {MAX_BYTES // 2**20} MiB; take it apart")
    text, _ = decode_document(content)
    text = text.rstrip("\0")
    if not text.strip():
        return _refused("is empty")
    document = text.lstrip("\ufeff \t\r\n")
    skipped = text[: len(text) - len(document)].count("\n")
    try:
        return _Reader(skipped).read(document)
    except expat.ExpatError:
        mended = _AMPERSAND.sub(_mend, _CONTROL.sub("", document))
    except _UnfitError as error:
        return _refused(str(error), where=error.where)
    try:
        return _Reader(skipped).read(mended)
    except expat.ExpatError as error:
        where = f"line {error.lineno + skipped}, column {error.offset + 1}"
        return _refused(
            f"is not well-formed there ({expat.ErrorString(error.code)}); mend it, or export it anew", where
        )
    except _UnfitError as error:
        return _refused(str(error), where=error.where)


def find_tag(name: str, tags: Mapping[str, Tag]) -> str:
    """Return the id of the tag that is called *name*, by its id or by a label in any language; or an empty string."""
    wanted = _folded(name)
    if wanted in tags:
        return wanted
    labelled = (id for id, tag in tags.items() if wanted in map(_folded, tag.label.texts.values()))
    return next(labelled, "")


class _UnfitError(Exception):
    """The document is no list that we read; the text says why, *where* names the line."""

    def __init__(self, text: str, line: int = 0) -> None:
        super().__init__(text)
        self.where = f"line {line}" if line else ""


class _Reader:
    """Reads one document; the first *skipped* lines were left out."""

    def __init__(self, skipped: int) -> None:
        self._skipped = skipped
        self._parser = expat.ParserCreate()
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._parser.buffer_text = True
        self._open: list[str] = []  # the elements around, the names of folders with a mark before them
        self._folders: list[str | None] = []  # one for each open outline, None for one that is a feed
        self._silenced = 0  # open outlines that are commented out
        self._title = ""
        self._feeds: list[Outline] = []
        self._problems: list[Problem] = []

    def read(self, document: str) -> Outlines:
        self._parser.Parse(document, True)
        return Outlines(title=tidy(self._title), feeds=tuple(self._feeds), problems=tuple(self._problems))

    @property
    def _line(self) -> int:
        return self._parser.CurrentLineNumber + self._skipped

    def _doctype(self, *_: object) -> None:
        raise _UnfitError("has a DOCTYPE, which no list needs and which may do harm; remove it", self._line)

    def _start(self, element: str, attributes: dict[str, str]) -> None:
        name = element.rpartition(":")[2].lower()
        if not self._open and name != "opml":
            raise _UnfitError(_OTHER_ROOTS.get(name, f"is no OPML: it begins with <{element[:40]}>"), self._line)
        self._open.append(name)
        if len(self._open) > MAX_DEPTH:
            raise _UnfitError(f"has more than {MAX_DEPTH} folders within folders; take it apart", self._line)
        if name == "outline":
            self._outline({key.lower(): value.strip() for key, value in reversed(attributes.items())})

    def _end(self, _: str) -> None:
        if self._open.pop() == "outline":
            self._folders.pop()
            self._silenced -= bool(self._silenced)

    def _text(self, text: str) -> None:
        if self._open[-2:] == ["head", "title"] and len(self._title) < 1_000:
            self._title += text

    def _outline(self, attributes: Mapping[str, str]) -> None:
        title = tidy(attributes.get("title", "") or attributes.get("text", ""))
        type = attributes.get("type", "").lower()
        url = attributes.get("xmlurl", "") or (attributes.get("url", "") if type in _FEED_TYPES else "")
        is_feed = bool(url) or type in _FEED_TYPES
        self._folders.append(None if is_feed else title)
        # An outline that is commented out takes those below it along (OPML 2.0, "Common attributes").
        if self._silenced or attributes.get("iscomment", "").lower() == "true":
            self._silenced += 1
            return
        where = f"line {self._line}" + (f", “{title[:60]}”" if title else "")
        if type in ("link", "include") and not is_feed:
            self._problems.append(Problem(text="leads to another list, which is not followed", where=where))
        elif is_feed:
            self._feed(url, title, attributes, where)

    def _feed(self, url: str, title: str, attributes: Mapping[str, str], where: str) -> None:
        url = _FEED_SCHEME.sub("https", _FEED_PREFIX.sub("", url))
        # An address that can be asked stays as it is written, so that what we export is what we import.
        address = clean_url(url) if re.search(r"\s", url) or not url.isprintable() else url
        if not clean_url(address):
            text = f"“{url[:80]}” is no web address" if url else "has no xmlUrl, the address of its feed"
            self._problems.append(Problem(text=text, where=where))
            return
        if len(self._feeds) == MAX_FEEDS:
            raise _UnfitError(f"names more than {MAX_FEEDS:,} feeds; take it apart", self._line)
        self._feeds.append(
            Outline(
                url=address,
                title=title,
                language=_language(attributes.get("language", "")),
                categories=tuple(filter(None, map(tidy, attributes.get("category", "").split(",")))),
                folders=tuple(folder for folder in self._folders if folder),
                line=self._line,
            )
        )


@lru_cache(maxsize=256)
def _language(tag: str) -> str:
    """Return the tag that is meant; looked up once, as it means going through all names of languages."""
    return suggest_language(tag) if tag else ""


def _outline(source: Source, indent: str) -> str:
    attributes = {
        "type": "rss", "text": source.title, "title": source.title, "xmlUrl": source.public_url,
        "language": source.language, "category": ",".join(source.tags),
    }  # fmt: skip
    return f"{indent}<outline {' '.join(f'{key}={_attribute(value)}' for key, value in attributes.items() if value)}/>"


def _attribute(text: str) -> str:
    return quoteattr(_printable(text))


def _printable(text: str) -> str:
    return unicodedata.normalize("NFC", _CONTROL.sub("", text))


def _mend(match: re.Match[str]) -> str:
    """Return what an ampersand, or an entity of HTML, should have been."""
    name = match[1] or ""
    return escape(html5[name]) if name in html5 else f"&amp;{name}"


def _folded(text: str) -> str:
    return unicodedata.normalize("NFC", " ".join(text.split()).casefold())


def _refused(text: str, where: str = "") -> Outlines:
    return Outlines(fault=Problem(text=text, where=where))

"""Turn the bytes of a document into text, whatever its header and its prolog say of them."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

from syndicator.model.entry import Problem

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: its BOM begins with theirs
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_PROLOG = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]+)[\"']", re.IGNORECASE)
# Codecs of Python that no document is written in: some take quadratic time, some read escapes as letters.
_NO_CHARSETS = frozenset({"idna", "punycode", "undefined", "unicode-escape", "raw-unicode-escape", "utf-7"})


def decode_document(content: bytes, *, content_type: str = "", encoding: str = "") -> tuple[str, list[Problem]]:
    """Return the text of *content* and what was wrong with its encoding; never raise.

    *encoding*, if given, is believed. Else a byte order mark decides, then zeros that show UTF-16, then
    UTF-8 if the bytes are that, because headers and prologs lie more often than bytes; only then
    the header's charset, the prolog, and windows-1252.
    """
    problems: list[Problem] = []
    for name, why in _candidates(content, content_type, encoding, problems):
        try:
            return content.decode(name).lstrip("\ufeff"), problems
        except ValueError:
            if why != "is UTF-8":  # nobody said that it was: failing is no problem, but a finding
                problems.append(Problem(text=f"not all bytes are {name}, which it {why}"))
    # A document that was cut short in the middle of a letter is still what it says that it is.
    said = (name for name, why in _candidates(content, content_type, encoding, []) if why != "is UTF-8")
    name = next(said, "windows-1252")
    problems.append(Problem(text=f"bytes that are no letters; read as {name} without them"))
    return content.decode(name, errors="replace").lstrip("\ufeff"), problems


def _candidates(content: bytes, content_type: str, encoding: str, problems: list[Problem]) -> Iterator[tuple[str, str]]:
    """Yield encodings to try, the most trustworthy first, each with why."""
    if encoding and (name := _known(encoding, "repair.encoding", problems)):
        yield name, "is told to be in feeds.yaml"
    for bom, name in _BOMS:
        if content.startswith(bom):
            yield name, "begins with the mark of"
    if name := _utf16(content):
        yield name, "looks like"
    yield "utf-8", "is UTF-8"
    header = _CHARSET.search(content_type)
    if header and (name := _known(header[1], "the Content-Type header", problems)):
        yield name, "is said to be by its header"
    prolog = _PROLOG.search(content[:1000])
    if prolog and (name := _known(prolog[1].decode("ascii", "replace"), "the XML prolog", problems)):
        yield name, "is said to be by its prolog"


def _known(name: str, where: str, problems: list[Problem]) -> str:
    """Return Python's name for the encoding, or an empty string and a problem."""
    try:
        codec = codecs.lookup(name)
        b"".decode(name)  # refuses what is no encoding of text: rot13, zlib
    except (LookupError, ValueError):
        codec = None
    if codec is None or codec.name in _NO_CHARSETS:
        problems.append(
            Problem(text=f"the encoding {name!r} is not known; set repair.encoding to the right one", where=where)
        )
        return ""
    return codec.name


def _utf16(content: bytes) -> str:
    """Return the UTF-16 that the zeros of the beginning show: markup is ASCII, so that every other byte is 0."""
    head = content[:64]
    first, second = head[0::2].count(0), head[1::2].count(0)
    if first + second < len(head) // 4 or (first and second):
        return ""
    return "utf-16-be" if first else "utf-16-le" if second else ""

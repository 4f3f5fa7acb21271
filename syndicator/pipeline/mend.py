"""Find the feed in a text and make XML of it that a parser can read, line by line as it was."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from html.entities import html5

from syndicator.model.entry import Problem

_ROOT = re.compile(
    r"<!--|(?P<html><!doctype\s+html|<html[\s>])|(?P<feed><(?:[\w.-]+:)?(?:rss|feed|rdf|channel)(?=[\s>/]))",
    re.IGNORECASE,
)
_ENTRY = re.compile(r"<(?:[\w.-]{1,80}:)?(?:item|entry)(?=[\s>/])", re.IGNORECASE)
_VERBATIM = re.compile(r"<!--|<!\[CDATA\[")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # not Char, XML 1.0, section 2.2
_REFERENCE = re.compile(r"&#(?:0*([0-9]{1,9})|[xX]0*([0-9a-fA-F]{1,8}));")
_LONG_REFERENCE = re.compile(r"&#(?:[0-9]{10,}|[xX][0-9a-fA-F]{9,});?")
_AMPERSAND = re.compile(r"&(?!#[0-9]|#[xX][0-9a-fA-F]|(?:amp|lt|gt|quot|apos);)([A-Za-z][A-Za-z0-9]{1,31};)?")
_CAPTION = re.compile(r"<(/?)media:description(?:\s[^<>]{0,1000}?)?(/?)>")


def find_root(text: str) -> tuple[int, bool]:
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


def entry_starts(text: str, root: int) -> list[int]:
    """Return where the entries of *text* begin, of which those in CDATA and comments are none."""
    return [
        match.start()
        for is_markup, begin, end in _sections(text, root)
        if is_markup and end - begin > len("<item")
        for match in _ENTRY.finditer(text, begin, end)
    ]


def lines_at(text: str, places: list[int]) -> list[int]:
    """Return the line, counted from 1, of each of *places*, which ascend."""
    lines, line, before = [], 1, 0
    for place in places:
        line += text.count("\n", before, place)
        before = place
        lines.append(line)
    return lines


def mend(text: str, root: int, problems: list[Problem]) -> str:
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
    pieces, loose = [], 0
    for is_markup, begin, end in _sections(body, 0):
        piece = body[begin:end]
        if is_markup and "&" in piece:
            if "&#" in piece:
                piece = _LONG_REFERENCE.sub("", _REFERENCE.sub(_keep_reference, piece))
            piece, found = _AMPERSAND.subn(_known_to_xml, piece)
            loose += found
        if is_markup and "media:description" in piece:
            # feedparser takes the caption of a picture for the article.
            piece = _CAPTION.sub(r"<\1media:caption\2>", piece)
        elif not is_markup and piece.startswith("<!--"):
            piece = "\n" * piece.count("\n")  # nobody reads them, and the loose parser takes long
        pieces.append(piece)
    if loose:
        problems.append(Problem(text=f"{loose} ampersands or HTML entities, which XML does not know"))
    return '<?xml version="1.0" encoding="utf-8"?>' + "\n" * head.count("\n") + "".join(pieces)


def _sections(text: str, start: int) -> Iterator[tuple[bool, int, int]]:
    """Yield the parts of *text* from *start* on, and of each whether it is markup, and not CDATA or a comment.

    What is never closed reaches to the end.
    """
    at = start
    while match := _VERBATIM.search(text, at):
        if at < match.start():
            yield True, at, match.start()
        close = text.find("-->" if match[0] == "<!--" else "]]>", match.end())
        at = close + 3 if close >= 0 else len(text)
        yield False, match.start(), at
    yield True, at, len(text)


def _keep_reference(match: re.Match[str]) -> str:
    code = int(match[1]) if match[1] else int(match[2], 16)
    return f"&#{code};" if code <= 0x10FFFF and not _CONTROL.match(chr(code)) else ""


def _known_to_xml(match: re.Match[str]) -> str:
    return escape(html5.get(match[1] or "", match[0]), quote=False)

"""Turn the bytes of a document into text, whatever its header and its prolog say of them."""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Iterator

from syndicator.model.encodings import VIETNAMESE, encoding_name
from syndicator.model.entry import Problem
from syndicator.pipeline.legacy_vietnamese import guess_vietnamese, read_vietnamese

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: its BOM begins with theirs
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_MARKS = (b"\xef", b"\xff", b"\xfe", b"\x00")  # with which a BOM begins
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:+-]+)", re.IGNORECASE)
_PROLOG = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:+-]+)[\"']", re.IGNORECASE)
_SEEN_FOR_A_PROLOG = 4_000  # bytes; a warning of the publisher's software may stand before it
_PLAIN_UTF8 = 8  # letters beyond ASCII: in no other encoding do so many happen to be valid UTF-8
_HALVES = re.compile(rb"\xed[\xa0-\xaf][\x80-\xbf]\xed[\xb0-\xbf][\x80-\xbf]")
_C1 = re.compile("[\x80-\x9f]")


def decode_document(content: bytes, *, content_type: str = "", encoding: str = "") -> tuple[str, list[Problem]]:
    """Return the text of *content* and what was wrong with its encoding; never raise.

    *encoding*, if given, is believed, unless the bytes are plainly UTF-8 by now. Else a byte order mark decides, then
    zeros that show UTF-16 or UTF-32, then UTF-8 if the bytes are that, or nearly, because headers and prologs lie
    more often than bytes; only then the header's charset, the prolog, what Vietnamese was written in before Unicode,
    and windows-1252. Byte order marks are left out wherever they stand.
    """
    problems: list[Problem] = []
    told = _known(encoding, "repair.encoding", problems) if encoding else ""
    if told and not _is_utf8_now(content, told):
        return _read(content, told, problems), problems
    if told:
        problems.append(Problem(text=f"the bytes are UTF-8 and not {encoding}; take it out", where="repair.encoding"))
    name = ""
    if content.startswith(_MARKS):
        name = next((name for mark, name in _BOMS if content.startswith(mark)), "")
    if name or (name := _wide(content)):
        return _read(content, name, problems), problems
    if b"\x1b" in content and (name := _escaping(content, content_type)):
        return _read(content, name, problems), problems
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return _read_other(content, content_type, problems), problems
    if b"\xc2" in content:
        text = _without_c1(text, problems)
    # To look among the bytes is ten times as fast as among letters of two bytes each.
    return text.replace("\ufeff", "") if codecs.BOM_UTF8[:1] in content else text, problems


def _known(name: str, where: str, problems: list[Problem]) -> str:
    """Return our name for the encoding, or an empty string and a problem."""
    known = encoding_name(name)
    if not known:
        text = f"the encoding {name[:40]!r} is not known; set repair.encoding to the right one"
        problems.append(Problem(text=text, where=where))
    return known


def _is_utf8_now(content: bytes, told: str) -> bool:
    """Tell whether *content* is UTF-8 for sure, though *told* to be something else: the publisher mended it."""
    if told.startswith("utf"):
        return False
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return False
    return _letters(text) >= _PLAIN_UTF8


def _letters(text: str) -> int:
    """Return how many signs of *text* are beyond ASCII."""
    return len(text) - len(text.encode("ascii", errors="ignore"))


def _read(content: bytes, name: str, problems: list[Problem]) -> str:
    """Return the text of *content* in the encoding *name*, with � for the bytes that are no letters."""
    try:
        text = _decode(content, name)
    except ValueError:
        text = _decode(content, name, errors="replace")
        problems.append(_lost(text.count("\ufffd"), name))
    return text.replace("\ufeff", "")


def _lost(count: int, name: str) -> Problem:
    return Problem(text=f"{count} bytes that are no letters; read as {_shown(name)}, with � for them")


def _shown(name: str) -> str:
    """Return the name by which an admin knows the encoding: Windows' code pages by theirs."""
    return name.replace("cp125", "windows-125")


def _decode(content: bytes, name: str, *, errors: str = "strict") -> str:
    if name in VIETNAMESE:
        return read_vietnamese(content, name)
    text = content.decode(name, errors)
    # windows-1258 writes a tone as a sign of its own, and a name with one would be another name.
    return unicodedata.normalize("NFC", text) if name == "cp1258" else text


def _wide(content: bytes) -> str:
    """Return the UTF-16 or UTF-32 that the zeros of the beginning show: markup is ASCII, all other bytes are 0."""
    head = content[:64]
    if not head.count(0):
        return ""
    quarter = len(head) // 4
    zeros = [head[place::4].count(0) for place in range(4)]
    if 2 * min(zeros[2:]) > quarter and not zeros[0]:
        return "utf-32-le"
    if 2 * min(zeros[:2]) > quarter and not zeros[3]:
        return "utf-32-be"
    first, second = zeros[0] + zeros[2], zeros[1] + zeros[3]
    if first + second < quarter or (first and second):
        return ""
    return "utf-16-be" if first else "utf-16-le"


def _escaping(content: bytes, content_type: str) -> str:
    """Return the encoding of seven bits that *content* is said to be in: its bytes are valid UTF-8, and are not."""
    said = (encoding_name(name) for name, _ in _names(content, content_type))
    return next((name for name in said if name.startswith(("iso2022", "hz"))), "")


def _names(content: bytes, content_type: str) -> Iterator[tuple[str, str]]:
    """Yield what the header and the prolog call the encoding, each with where."""
    if header := _CHARSET.search(content_type):
        yield header[1], "the Content-Type header"
    if prolog := _PROLOG.search(content[:_SEEN_FOR_A_PROLOG]):
        yield prolog[1].decode("ascii", "replace"), "the XML prolog"


def _without_c1(text: str, problems: list[Problem]) -> str:
    """Return *text* with the letters of windows-1252 that somebody took for control characters of ISO 8859-1."""
    text, count = _C1.subn(lambda sign: sign[0].encode("latin-1").decode("cp1252", errors="ignore"), text)
    if count:
        problems.append(Problem(text=f"{count} control characters (C1), read as the signs of windows-1252"))
    return text


def _read_other(content: bytes, content_type: str, problems: list[Problem]) -> str:
    """Return the text of *content*, which is not UTF-8 throughout."""
    content, halves = _HALVES.subn(_join, content)
    if halves:
        problems.append(Problem(text=f"{halves} letters in two halves (CESU-8), which are put together"))
    said = []
    for name, where in _names(content, content_type):
        known = _known(name, where, problems)
        # What was read as ASCII to find the prolog is neither UTF-16 nor UTF-32.
        if known.startswith(("utf-16", "utf-32")):
            problems.append(Problem(text=f"it is not {known}, as is said", where=where))
        elif known and known not in said:
            said.append(known)
    if (text := _nearly_utf8(content, problems, is_said="utf-8" in said)) is not None:
        return text
    others = [name for name in said if name != "utf-8"]
    for name in others:
        try:
            return _decode(content, name).replace("\ufeff", "")
        except ValueError:
            problems.append(Problem(text=f"not all bytes are {_shown(name)}, as its header or prolog says"))
    return _read(content, others[0], problems) if others else _read_unsaid(content, problems)


def _join(halves: re.Match[bytes]) -> bytes:
    # UTF-16 knows what two half surrogates are together.
    text = halves[0].decode("utf-8", errors="surrogatepass")
    return text.encode("utf-16", errors="surrogatepass").decode("utf-16").encode()


def _nearly_utf8(content: bytes, problems: list[Problem], *, is_said: bool) -> str | None:
    """Return *content* read as UTF-8 if few of its bytes are not; None if it is something else."""
    text = content.decode(errors="replace")
    bad = text.count("\ufffd")
    good = _letters(text) - bad
    # A document that was cut short in the middle of a letter is still what it was.
    if bad and good < (bad if is_said else 10 * bad):
        return None
    if bad:
        problems.append(_lost(bad, "utf-8"))
    return text.replace("\ufeff", "")


def _read_unsaid(content: bytes, problems: list[Problem]) -> str:
    """Return the text of *content*, of which nobody says what it is written in, or says only that it is UTF-8."""
    guess, is_plain = guess_vietnamese(content)
    name = guess if is_plain else "cp1252"
    remedy = f"it looks like {_shown(guess)}; set repair.encoding: {_shown(guess)}"
    if not guess:
        remedy = "set repair.encoding if letters look wrong"
    problems.append(Problem(text=f"the bytes are not UTF-8; read as {_shown(name)}; {remedy}"))
    return _read(content, name, problems)

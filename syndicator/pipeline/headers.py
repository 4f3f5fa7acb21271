"""Write header fields that every mail program reads as they were meant (RFC 5322 and RFC 2047).

Python's own `email` package folds long Vietnamese subjects so that spaces get lost; this is in its place.
The home of `idna`: the standard library's codec is that of 2003, and sends mail for `straße.de` to
`strasse.de`, which is somebody else.
"""

from __future__ import annotations

import base64
import re

import idna

from syndicator.pipeline.text import graphemes

# RFC 2047, section 2: an encoded-word has at most 75 characters, and a line that holds one at most 76.
MAX_WORD = 75
MAX_LINE = 76
_FRAME = len("=?utf-8?b??=")

# What would end the field or hide in it: the controls of ASCII and Latin 1, and Unicode's line ends.
_CONTROL = "\x00-\x1f\x7f-\x9f\u2028\u2029"
_GAP = re.compile(f" *[{_CONTROL}][{_CONTROL} ]*")
# Embeddings, overrides and isolates make a headline read as what it is not, and run on past its end.
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")
_SURROGATE = re.compile("[\ud800-\udfff]")

_VISIBLE = re.compile(r"[!-~]+")
_ATOM = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+")  # RFC 5322, section 3.2.3
_QUOTABLE = re.compile(r"[ -~]+")
_MAILBOX = re.compile(rf"""(?:{_ATOM.pattern}(?:\.{_ATOM.pattern})*|"(?:[ !#-\[\]-~]|\\[ -~])*")@[A-Za-z0-9.\-]+""")
# RFC 2047, section 5 (3): what may stand for itself in a phrase may do so everywhere.
_Q_SAFE = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!*+-/")
_Q = {octet: chr(octet) if octet in _Q_SAFE else f"={octet:02X}" for octet in range(256)} | {ord(" "): "_"}


def header_text(text: str) -> str:
    """Return *text* as it may stand in a header: control characters become one space, bidi overrides go.

    >>> header_text("Weekly\\r\\nBcc: everybody@example.org")
    'Weekly Bcc: everybody@example.org'
    """
    text = _SURROGATE.sub("\ufffd", _BIDI.sub("", text))
    return _GAP.sub(lambda gap: " " if gap.start() > 0 and gap.end() < len(text) else "", text)


def encode_header(name: str, text: str) -> bytes:
    """Return the field *name* that says *text* (unstructured), folded, with its line end.

    >>> encode_header("Subject", "Đà Nẵng today")
    b'Subject: =?utf-8?b?xJDDoCBO4bq1bmc=?= today\\r\\n'
    """
    text = header_text(text)
    longest = MAX_LINE - len(f"{name}: ")
    return _write_words(_Field(name), text, plain=_VISIBLE, longest=longest).to_bytes()


def encode_phrase(name: str, phrase: str, token: str) -> bytes:
    """Return the field *name* that says *phrase* and then *token*, such as `Title <id>` (RFC 5322, section 3.2.5).

    *token* is ASCII, stands as it is, and is never broken.
    """
    phrase = header_text(phrase)
    longest = MAX_LINE - len(f"{name}: ")
    quoted = _quote(phrase)
    if quoted and len(quoted) <= longest:
        return _Field(name).add(quoted).add(token).to_bytes()
    return _write_words(_Field(name), phrase, plain=_ATOM, longest=longest).add(token).to_bytes()


def encode_mailbox(name: str, display_name: str, address: str) -> bytes:
    """Return the field *name* that says who: `display name <address>`, or the address alone.

    An address that ASCII cannot say stands as the name of an empty group, for people to read
    (RFC 6857, section 3.1); the envelope has the real one.
    """
    address = ascii_address(address)
    if not _MAILBOX.fullmatch(address):
        return encode_phrase(name, f"{display_name} {address}".strip(), ":;")
    if header_text(display_name).strip():
        return encode_phrase(name, display_name.strip(), f"<{address}>")
    return _Field(name).add(address).to_bytes()


def ascii_address(address: str) -> str:
    """Return *address* with its domain as the DNS knows it (A-labels, RFC 5890); unchanged if it has no such form.

    >>> ascii_address("tin@ví-dụ.vn")
    'tin@xn--v-d-rma6749a.vn'
    """
    local, at, domain = address.rpartition("@")
    return f"{local}{at}{ascii_domain(domain)}"


def ascii_domain(domain: str) -> str:
    """Return *domain* as the DNS knows it, or as it is if it has no such form."""
    if domain.isascii():
        return domain
    try:
        return idna.encode(domain, uts46=True).decode("ascii")
    except UnicodeError:  # idna's errors descend from it
        return domain


class _Field:
    """A header field in the making, folded before what does not fit on the line."""

    def __init__(self, name: str) -> None:
        self._start = f"{name}:"
        self._lines = [self._start]

    def add(self, token: str) -> _Field:
        """Add *token* behind a space. One that is too long for any line stays where it is."""
        if len(token) > self.room and not self.fresh:
            self.fold()
        self._lines[-1] += f" {token}"
        return self

    def fold(self) -> None:
        """Begin a new line."""
        self._lines.append("")

    @property
    def fresh(self) -> bool:
        """Whether nothing stands on the line but the field's name."""
        return self._lines[-1] in ("", self._start)

    @property
    def room(self) -> int:
        """How many characters the line takes yet, behind a space."""
        return MAX_LINE - len(self._lines[-1]) - 1

    def to_bytes(self) -> bytes:
        """Return the field with its line end."""
        return ("\r\n".join(self._lines) + "\r\n").encode("ascii")


def _quote(phrase: str) -> str:
    """Return *phrase* as a quoted-string if it is ASCII that needs one (RFC 5322, section 3.2.4), else nothing."""
    # Some programs decode what looks like an encoded-word even between quotation marks.
    if not _QUOTABLE.fullmatch(phrase) or "=?" in phrase or all(map(_ATOM.fullmatch, phrase.split(" "))):
        return ""
    return '"' + re.sub(r'(["\\])', r"\\\1", phrase) + '"'


def _write_words(field: _Field, text: str, *, plain: re.Pattern[str], longest: int) -> _Field:
    """Add *text* to *field*: plain words as they are, all from the first to the last that is not encoded.

    Between encoded-words white space is lost (RFC 2047, section 6.2), so that they carry their spaces
    within; the one space between an encoded-word and a plain word counts, and stays outside.
    """
    words = text.split(" ") if text else []
    # What looks like an encoded-word, and the nothing between two spaces, would not come back as it is.
    odd = [i for i, w in enumerate(words) if not plain.fullmatch(w) or "=?" in w or len(w) > longest]
    first, end = (odd[0], odd[-1] + 1) if odd else (len(words), len(words))
    if words[first:end] == [""]:
        # A single empty word leaves nothing to encode; it takes its space with a neighbour.
        first, end = (first - 1, end) if first else (first, end + 1)
    for word in words[:first]:
        field.add(word)
    _write_encoded(field, " ".join(words[first:end]))
    for word in words[end:]:
        field.add(word)
    return field


def _write_encoded(field: _Field, text: str) -> None:
    """Add *text* to *field* in encoded-words, each of whole characters as a reader sees them."""
    octets = text.encode()
    # The shorter of the two; in a draw that which a person can read.
    form = "q" if _cost(octets, "q") <= _size(len(octets), "b") else "b"
    waiting = graphemes(text)[::-1]
    while waiting:
        room = min(MAX_WORD, field.room) - _FRAME
        taken: list[bytes] = []
        cost = 0
        while waiting and _size(cost + _cost(waiting[-1].encode(), form), form) <= room:
            taken.append(waiting.pop().encode())
            cost += _cost(taken[-1], form)
        if taken:
            field.add(_encoded_word(b"".join(taken), form))
        elif field.fresh and len(waiting[-1]) > 1:
            # A character with dozens of marks on it fits in no encoded-word; its code points do. We do not
            # leave the first line empty to gain room: what follows would begin with a space for many a reader.
            waiting.extend(waiting.pop()[::-1])
            continue
        if waiting:
            field.fold()


def _cost(octets: bytes, form: str) -> int:
    """Return what *octets* cost: in Q the characters that they become, in B their number."""
    return len(octets) if form == "b" else sum(len(_Q[octet]) for octet in octets)


def _size(cost: int, form: str) -> int:
    """Return how many characters such a cost makes."""
    return -(-cost // 3) * 4 if form == "b" else cost


def _encoded_word(octets: bytes, form: str) -> str:
    said = base64.b64encode(octets).decode("ascii") if form == "b" else "".join(_Q[octet] for octet in octets)
    return f"=?utf-8?{form}?{said}?="

"""Bring publishers' plain text into the form that we keep: one line, NFC, nothing that nobody sees."""

from __future__ import annotations

import re
import unicodedata

_UNSEEN = re.compile(
    # Controls but white space, soft hyphens, zero-width spaces, overrides of direction, half surrogates. Joiners
    # stay: Persian and emoji need them.
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069\ufffe\uffff\ud800-\udfff]"
)


def tidy(text: str) -> str:
    """Return *text* in NFC on one line, without signs that nobody sees."""
    return one_line(visible(text))


def one_line(text: str) -> str:
    """Return *text*, which went through `visible`, in NFC on one line."""
    # The blank is the only white space that Python prints; looking takes a third of the time of parting and joining.
    plain = text.strip() if "  " not in text and text.isprintable() else " ".join(text.split())
    return unicodedata.normalize("NFC", plain)


def visible(text: str) -> str:
    """Return *text* without control characters and half surrogates, which no document of ours may carry."""
    # All of them are signs that Python does not print, and asking that takes a tenth of the time of looking for them.
    return text if text.isprintable() or not _UNSEEN.search(text) else _UNSEEN.sub("", text)

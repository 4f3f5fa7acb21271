"""Cut a text into pieces, so that a page can highlight the words by which rules decided."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from syndicator.model.entry import Reason, Verdict
from syndicator.pipeline.clean import excerpt

_MORE = " …"  # what `excerpt` puts where it cuts


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """The characters of a text from *start* to before *end*, and what is said; *against*: they keep a tag out."""

    start: int
    end: int
    note: str
    against: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A part of a text, and what is said of it: nothing, where it is not marked."""

    text: str
    notes: tuple[str, ...] = ()
    against: bool = False


def cut(text: str, marks: Iterable[Mark]) -> list[Piece]:
    """Return *text* (NFC) in pieces, in its order; where marks overlap, a piece has the notes of all of them.

    >>> [piece.text for piece in cut("A consulate opens", [Mark(start=2, end=11, note="diplomacy")])]
    ['A ', 'consulate', ' opens']
    """
    within = [mark for mark in marks if 0 <= mark.start < mark.end <= len(text)]
    edges = sorted({0, len(text), *(mark.start for mark in within), *(mark.end for mark in within)})
    pieces = []
    for start, end in pairwise(edges):
        over = [mark for mark in within if mark.start <= start and end <= mark.end]
        pieces.append(
            Piece(
                text=text[start:end],
                notes=tuple(dict.fromkeys(mark.note for mark in over)),
                against=bool(over) and all(mark.against for mark in over),
            )
        )
    return pieces


def shown_pieces(text: str, marks: Sequence[Mark], *, words: int) -> list[Piece]:
    """Return no more than *words* words of *text* in pieces; what is marked beyond them is not shown."""
    whole = unicodedata.normalize("NFC", text)
    shown = excerpt(whole, words=words)
    kept = shown.removesuffix(_MORE) if shown.endswith(_MORE) and not whole.startswith(shown) else shown
    lead = whole.find(kept)  # the excerpt leaves out the space before the first word
    moved = [Mark(start=m.start - lead, end=m.end - lead, note=m.note, against=m.against) for m in marks]
    rest = [Piece(text=shown[len(kept) :])] if len(kept) < len(shown) else []
    return [*cut(kept, moved), *rest]


def marks_in(field: str, reasons: Iterable[tuple[Reason, str]], *, against: bool = False) -> list[Mark]:
    """Return the marks of those *reasons*, each with what is to be said of it, whose words stand in *field*."""
    return [
        Mark(start=reason.start, end=reason.start + len(reason.words), note=note, against=against)
        for reason, note in reasons
        if reason.field == field and reason.words
    ]


def excluding(verdict: Verdict) -> list[Reason]:
    """Return the words that keep the tag of *verdict* out."""
    return [objection.reason for objection in verdict.objections if objection.kind == "none" and objection.reason]


def distance(verdict: Verdict) -> int:
    """Return how far a tag is from being given: by how many objections; 0 where it is given."""
    return 0 if verdict.given else 1 + len(set(verdict.objections))

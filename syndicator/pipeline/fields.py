"""Lay the fields of an entry out as one text, in which rules look for their terms."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from operator import attrgetter
from typing import NamedTuple, TypeAlias, get_args

from syndicator.model.entry import Entry
from syndicator.model.language import base_language
from syndicator.model.tag import Field
from syndicator.pipeline.clean import plain_text
from syndicator.pipeline.text import is_accentless

# In this order the fields are read and their reasons told.
FIELDS: tuple[Field, ...] = get_args(Field)
BITS: Mapping[Field, int] = {field: 1 << at for at, field in enumerate(FIELDS)}

_PROSE = frozenset[str](["title", "summary", "content"])
_SLUGS = frozenset[str](["category", "url"])
# Between two categories: wider than any gap in a term, so that none is met across it.
_BESIDE = " · "
# No field holds it: control characters are cleaned away.
BREAK = "\x00"

# The number of a field in its `Page`, and the first character and the one after the last, in `Page.text`.
Span: TypeAlias = tuple[int, int, int]


class Page(NamedTuple):
    """The fields of an entry joined to one *text*, in which each begins at one of *begins*."""

    fields: tuple[Field, ...]
    text: str
    begins: tuple[int, ...]
    bare: tuple[bool, ...]

    def field_text(self, number: int) -> str:
        """Return what the field of that *number* says."""
        end = self.begins[number + 1] - 1 if number + 1 < len(self.begins) else len(self.text) - 1
        return self.text[self.begins[number] : end]


def lay_out(fields: Iterable[tuple[Field, str]], *, language: str) -> Page:
    """Return the *fields* that are not empty, in NFC, as one page.

    A field is compared without accents where it and all that was written with it have none, and *language* is
    Vietnamese or not known.
    """
    names = []
    texts = []
    for name, text in fields:
        if text:
            names.append(name)
            texts.append(text)
    joined = BREAK.join(["", *texts, ""])
    if not joined.isascii() and not unicodedata.is_normalized("NFC", joined):
        joined = unicodedata.normalize("NFC", joined)
        texts = [unicodedata.normalize("NFC", text) for text in texts]
    begins = []
    at = 1
    for text in texts:
        begins.append(at)
        at += len(text) + 1
    bare = _accentless(names, texts, joined) if _may_lack_accents(language) else (False,) * len(names)
    return Page(tuple(names), joined, tuple(begins), bare)


def page_of(entry: Entry, fields: Iterable[Field], *, outlet: str = "", sources: Sequence[str] = ()) -> Page:
    """Return those *fields* of *entry* as one page: the content as plain text, several categories with " · " between.

    The field `source` holds the *sources* (by default the entry's own) and the *outlet*.
    """
    return lay_out(
        [(field, _READERS[field](entry) if field != "source" else _voices(entry, outlet, sources)) for field in fields],
        language=entry.language,
    )


def _voices(entry: Entry, outlet: str, sources: Sequence[str]) -> str:
    names = dict.fromkeys([*(sources or [entry.source]), outlet])
    return _BESIDE.join(name for name in names if name)


@lru_cache(maxsize=256)
def _may_lack_accents(language: str) -> bool:
    return base_language(language) in ("", "vi")


def _accentless(names: Sequence[Field], texts: Sequence[str], joined: str) -> tuple[bool, ...]:
    # One person writes them: where one of them has accents, the others would have them too.
    if _PROSE.issuperset(names):
        return (is_accentless(joined),) * len(names)
    prose = all(is_accentless(texts[at]) for at, name in enumerate(names) if name in _PROSE)
    return tuple(
        [prose if name in _PROSE else name in _SLUGS and is_accentless(texts[at]) for at, name in enumerate(names)]
    )


_READERS: Mapping[Field, Callable[[Entry], str]] = {
    "title": attrgetter("title"),
    "summary": attrgetter("summary"),
    "content": lambda entry: plain_text(entry.content),
    "category": lambda entry: _BESIDE.join(entry.categories),
    "author": lambda entry: _BESIDE.join(entry.authors),
    "url": attrgetter("url"),
    "language": attrgetter("language"),
}

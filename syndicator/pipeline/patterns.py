"""Find patterns, which stand for terms, in a text in one pass: as whole words, and as what words begin with.

The home of `ahocorasick_rs` (Aho and Corasick, 1975).
"""

from __future__ import annotations

from array import array
from bisect import bisect
from collections.abc import Container, Iterable, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, BytesAhoCorasick, Implementation, MatchKind

from syndicator.pipeline.alphabet import in_bytes, words_apart
from syndicator.pipeline.fields import Span
from syndicator.pipeline.text import GLUED, NormalText, is_unspaced, normal_form

# Places of one term in one field that are kept; a rule asks for words near each other or outside of others, never for
# so many.
MAX_HITS = 50
# Of 11,000 patterns it takes 3 MB; a DFA takes 100 MB and is no faster.
_AUTOMATON = (MatchKind.Standard, Implementation.ContiguousNFA)
_SHARED = -1


class Patterns:
    """Patterns in normal form, each with the numbers of the terms for which it stands."""

    def __init__(self) -> None:
        self._wholes: dict[str, list[int]] = {}
        self._prefixes: dict[str, list[int]] = {}

    def add(self, term: int, patterns: Iterable[str], *, prefix: bool = False) -> None:
        """Let *patterns* stand for *term*, as whole words or as the *prefix* of one; not after the first search."""
        uses = self._prefixes if prefix else self._wholes
        for pattern in dict.fromkeys(patterns):
            if pattern:
                uses.setdefault(pattern, []).append(term)

    def find(self, text: str, begins: Sequence[int], *, endless: Container[int] = ()) -> dict[int, list[Span]]:
        """Return where the terms stand in *text* (NFC, between two breaks), whose fields begin at *begins*.

        In each field the first `MAX_HITS` places of a term are kept, in their order; of those that are *endless*
        all, as most of them may turn out to be in another case.
        """
        encoded = in_bytes(text)
        if encoded is not None:
            return self._of_letters.find(encoded, begins, endless)
        normal = normal_form(text)
        if not normal.starts:
            return self._of_signs.find(normal.text, begins, endless)
        # Where normalising moved letters from their places, fields are told apart when they are back in them.
        found = self._of_signs.find(normal.text, (), _EVERYTHING)
        return {term: _put_back(spans, normal, begins, endless=term in endless) for term, spans in found.items()}

    # Each is made when a text first asks for it.
    @cached_property
    def _of_letters(self) -> _OfLetters:
        return _OfLetters.of(self._wholes, self._prefixes)

    @cached_property
    def _of_signs(self) -> _OfSigns:
        return _OfSigns.of(self._wholes, self._prefixes)


class _OfLetters(NamedTuple):
    """Finds patterns in texts of one byte a letter.

    There all patterns are led by a space, and whole words followed by one: what lies within words is not met then, and
    the search hardly leaves the automaton's first states, which stay in the processor's cache. For the cache's sake,
    too, the *terms* lie in an array; where a pattern stands for several, it has `_SHARED`.
    """

    automaton: BytesAhoCorasick
    terms: array[int]
    shared: Mapping[int, tuple[int, ...]]
    signed: Mapping[int, bytes]
    first_prefix: int

    @classmethod
    def of(cls, wholes: Mapping[str, list[int]], prefixes: Mapping[str, list[int]]) -> _OfLetters:
        searched: list[bytes] = []
        terms = array("l")
        shared = {}
        signed = {}
        first_prefix = 0
        for uses, end in ((wholes, b" "), (prefixes, b"")):
            first_prefix = len(searched)
            for pattern in sorted(uses):
                if (form := in_bytes(pattern)) is None:
                    continue
                number, apart = len(searched), words_apart(form)
                searched.append(b" " + apart + end)
                terms.append(uses[pattern][0] if len(uses[pattern]) == 1 else _SHARED)
                if terms[number] == _SHARED:
                    shared[number] = tuple(uses[pattern])
                if apart != form:
                    signed[number] = form
        return cls(BytesAhoCorasick(searched, *_AUTOMATON), terms, shared, signed, first_prefix)

    def find(self, text: bytes, begins: Sequence[int], endless: Container[int]) -> dict[int, list[Span]]:
        terms, signed, first_prefix = self.terms, self.signed, self.first_prefix
        apart = words_apart(text)
        found: dict[int, list[Span]] = {}
        for number, start, end in self.automaton.find_matches_as_indexes(apart, overlapping=True):
            start += 1
            if number < first_prefix:
                end -= 1
            if text[start:end] != (signed[number] if number in signed else apart[start:end]):
                continue  # between its words another sign stands than is asked for
            if number >= first_prefix:
                end = apart.index(b" ", end)
            span = (bisect(begins, start) - 1, start, end)
            term = terms[number]
            for each in (term,) if term != _SHARED else self.shared[number]:
                if each not in found:
                    found[each] = [span]
                else:
                    _keep(found[each], span, endless=each in endless)
        return found


class _OfSigns(NamedTuple):
    """Finds patterns in texts of any script.

    Of those at *begins* and *ends* the first or last letter needs no space beside it.
    """

    automaton: AhoCorasick
    begins: frozenset[int]
    ends: frozenset[int]
    prefixes: Mapping[int, tuple[int, ...]]
    wholes: tuple[tuple[int, ...], ...]

    @classmethod
    def of(cls, wholes: Mapping[str, list[int]], prefixes: Mapping[str, list[int]]) -> _OfSigns:
        patterns = sorted(wholes.keys() | prefixes.keys())
        unspaced = set(filter(is_unspaced, {pattern[at] for pattern in patterns for at in (0, -1)}))
        kind, implementation = _AUTOMATON
        return cls(
            automaton=AhoCorasick(patterns, kind, False, implementation),
            begins=frozenset(at for at, pattern in enumerate(patterns) if pattern[0] in unspaced),
            ends=frozenset(at for at, pattern in enumerate(patterns) if pattern[-1] in unspaced),
            prefixes={at: tuple(prefixes[pattern]) for at, pattern in enumerate(patterns) if pattern in prefixes},
            wholes=tuple(tuple(wholes.get(pattern, ())) for pattern in patterns),
        )

    def find(self, text: str, begins: Sequence[int], endless: Container[int]) -> dict[int, list[Span]]:
        found: dict[int, list[Span]] = {}
        glued, wholes, prefixes, open_begins, open_ends = GLUED, self.wholes, self.prefixes, self.begins, self.ends
        # Most of what is met lies within a word; that is told by its neighbours, before it is looked at.
        for number, start, end in self.automaton.find_matches_as_indexes(text, overlapping=True):
            if glued[text[start - 1]] and number not in open_begins:
                continue
            if not glued[text[end]] or number in open_ends:
                span = (bisect(begins, start) - 1, start, end)
                for term in wholes[number]:
                    _keep(found.setdefault(term, []), span, endless=term in endless)
            if number in prefixes:
                while glued[text[end]] and number not in open_ends:
                    end += 1
                span = (bisect(begins, start) - 1, start, end)
                for term in prefixes[number]:
                    _keep(found.setdefault(term, []), span, endless=term in endless)
        return found


class _Everything:
    def __contains__(self, _: object) -> bool:
        return True


_EVERYTHING = _Everything()


def _put_back(spans: Iterable[Span], normal: NormalText, begins: Sequence[int], *, endless: bool) -> list[Span]:
    """Return as places of a text what was found in *normal*, its normal form."""
    kept: list[Span] = []
    for _, start, end in spans:
        start, end = normal.starts[start], normal.ends[end - 1]
        _keep(kept, (bisect(begins, start) - 1, start, end), endless=endless)
    return kept


def _keep(spans: list[Span], span: Span, *, endless: bool) -> None:
    # They come in the order of the text, so that the last ones stand in one field if the first of them does.
    if len(spans) < MAX_HITS or spans[-MAX_HITS][0] != span[0] or endless:
        spans.append(span)


def few(spans: Iterable[Span]) -> list[Span]:
    """Return the first `MAX_HITS` of each field of *spans*, which stand in the order of the text."""
    kept: list[Span] = []
    for span in spans:
        _keep(kept, span, endless=False)
    return kept

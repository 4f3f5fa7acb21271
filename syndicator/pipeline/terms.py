"""Find the terms of all rules in a text, in one pass.

The home of `ahocorasick_rs` and of `re2`, whose time is linear in the text whatever the expression.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, islice, pairwise, product
from typing import Any, Literal, NamedTuple, TypeAlias

import re2
from ahocorasick_rs import AhoCorasick, BytesAhoCorasick, Implementation, MatchKind

from syndicator.model.tag import Term
from syndicator.pipeline.fields import BREAK, Page, Span
from syndicator.pipeline.spellings import MAX_SPELLINGS, REMEMBERED, spellings
from syndicator.pipeline.text import (
    ABBREVIATIONS,
    GLUED,
    JOINTS,
    NormalText,
    bare,
    is_unspaced,
    level,
    normal_form,
)

EXPRESSION = "re:"

# Places of one term in one field that are kept; a rule asks for words near each other or outside of others, never for
# so many.
MAX_HITS = 50
# A bare term of one word means too much: "duc" is Đức (Germany), đức (virtue) and dục (as in education).
_MIN_BARE_WORDS = 2
_PART = re.compile(rf"[^\s{re.escape(JOINTS)}]+")
# Words of letters and digits, with one space between them: most terms, and the quickest to be made ready.
_PLAIN = re.compile(r"(?!(?:.* )?(?i:" + "|".join(sorted(ABBREVIATIONS)) + r") )[^\W_]+(?: [^\W_]+)*")
_DASHES = frozenset("-–\u2010\u2011&/·")

_Kind: TypeAlias = Literal["words", "prefix", "exact", "expression"]
_Expression: TypeAlias = Any  # re2 has no types


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """Terms made ready to be found; each is known by its place in *names*. See `compile_terms`."""

    names: tuple[Term, ...]
    accented: _Patterns
    bare: _Patterns
    exact: Mapping[int, frozenset[str]]
    expressions: _Expressions

    def find(self, page: Page) -> dict[int, list[Span]]:
        """Return where each term stands that *page* holds: at most `MAX_HITS` places in each field, in their order."""
        normal = normal_form(page.text)
        # Where normalising moved letters from their places, fields are told apart when they are back in them.
        found = self.accented.find(normal.text, () if normal.starts else page.begins, endless=self.exact)
        if normal.starts:
            _put_back(found, normal, 0, page.begins)
        for term in self.exact.keys() & found.keys():
            forms = self.exact[term]
            found[term] = _few(span for span in found[term] if level(page.text[span[1] : span[2]]) in forms)
            if not found[term]:
                del found[term]
        if True in page.bare:
            self._find_bare(page, found)
        self.expressions.find(page, found)
        return found

    def _find_bare(self, page: Page, found: dict[int, list[Span]]) -> None:
        """Add to *found* what stands without accents in the fields of *page* that have none."""
        for number, begin in enumerate(page.begins):
            if page.bare[number]:
                normal = normal_form(f"{BREAK}{page.field_text(number)}{BREAK}")
                places = self.bare.find(normal.text, (), endless=())
                _put_back(places, normal, begin - 1, page.begins)
                for term, spans in places.items():
                    found[term] = _few(sorted({*found.get(term, ()), *spans}))


def _put_back(found: dict[int, list[Span]], normal: NormalText, at: int, begins: Sequence[int]) -> None:
    """Make what was found in *normal*, the form of a text that stands *at* that place of a page, places of the page."""
    for term, spans in found.items():
        placed = []
        for _, start, end in spans:
            if normal.starts:
                start, end = normal.starts[start], normal.ends[end - 1]
            placed.append((bisect(begins, at + start) - 1, at + start, at + end))
        found[term] = _few(placed)


def compile_terms(terms: Iterable[Term]) -> Terms:
    """Return *terms* ready to be found; one with a fault (see `term_fault`) is met nowhere."""
    names = tuple(dict.fromkeys(terms))
    accented, unaccented = _Uses(), _Uses()
    exact = {}
    expressions = []
    for id, name in enumerate(names):
        kind, body = _read(name)
        if kind == "expression":
            expressions.append((id, body))
            continue
        if BREAK in body or not any(map(str.isalnum, body)):
            continue
        if kind == "words" and _PLAIN.fullmatch(body):
            words = list(map(_folded, body.split(" ")))
            patterns = list(map(" ".join, spellings(words)))
        else:
            parts = _Parts.of(body)
            words = parts.written
            if kind == "exact":
                exact[id] = frozenset(parts.spaced(words))
                accented.add(id, (normal_form(form).text for form in exact[id]))
                continue
            patterns = list(parts.variants(inflected=kind == "words"))
        accented.add(id, patterns, prefix=kind == "prefix")
        if len(words) >= _MIN_BARE_WORDS and not body.isascii():
            without = {_bare(pattern) for pattern in patterns if not pattern.isascii()}
            unaccented.add(id, without.difference(patterns), prefix=kind == "prefix")
    return Terms(
        names=names,
        accented=accented.patterns(),
        bare=unaccented.patterns(),
        exact=exact,
        expressions=_Expressions.of(expressions),
    )


def term_fault(term: Term) -> str:
    """Return what is wrong with *term* where it is met nowhere or everywhere, as "it …"; empty if it is sound.

    >>> term_fault("re:a("), term_fault("re:a*"), term_fault("–"), term_fault("consul*")
    ("it is no expression in RE2's syntax: missing ): a(", 'it is met everywhere', 'it has no letter or digit', '')
    """
    kind, body = _read(term)
    if kind == "expression":
        try:
            expression = re2.compile(body, _options())
        except re2.error as error:
            reason = error.args[0]
            return f"it is no expression in RE2's syntax: {reason.decode() if isinstance(reason, bytes) else reason}"
        return "it is met everywhere" if not body or expression.search("") else ""
    return "" if any(sign.isalnum() for sign in body) else "it has no letter or digit"


def _read(term: Term) -> tuple[_Kind, str]:
    term = unicodedata.normalize("NFC", term)
    if term.startswith(EXPRESSION):
        return "expression", term.removeprefix(EXPRESSION).strip()
    if len(term) > 1 and term[0] == term[-1] == '"':
        return "exact", term[1:-1]
    return ("prefix", term[:-1]) if term.endswith("*") else ("words", term)


class _Parts(NamedTuple):
    """The words of a term as they are *written*, and what may stand after each but the last."""

    written: list[str]
    gaps: list[list[str]]

    @classmethod
    def of(cls, body: str) -> _Parts:
        matches = list(_PART.finditer(body))
        gaps = []
        for before, after in pairwise(matches):
            gap = body[before.end() : after.start()]
            spaces = {" ", " " * len(gap)}
            if before.group().casefold() in ABBREVIATIONS:
                spaces.add("  ")
            if not _DASHES.isdisjoint(gap):
                spaces.add("   ")  # Bà Rịa - Vũng Tàu is Bà Rịa-Vũng Tàu
            gaps.append(sorted(spaces))
        return cls([match.group() for match in matches], gaps)

    def spaced(self, words: Sequence[str]) -> Iterator[str]:
        """Yield *words* with each kind of space that may stand between them."""
        if words:
            for gaps in product(*self.gaps):
                yield "".join(chain.from_iterable(zip(words, (*gaps, ""), strict=True)))

    def variants(self, *, inflected: bool) -> Iterator[str]:
        """Yield the normal forms in which the term is looked for, at most `MAX_SPELLINGS`."""
        folded = [_folded(word) for word in self.written]
        forms = (form for words in spellings(folded, inflected=inflected) for form in self.spaced(words))
        return islice(forms, MAX_SPELLINGS)


@lru_cache(maxsize=REMEMBERED)
def _folded(word: str) -> str:
    return normal_form(word).text


def _bare(pattern: str) -> str:
    return " ".join(map(_bare_word, pattern.split(" ")))


@lru_cache(maxsize=REMEMBERED)
def _bare_word(word: str) -> str:
    return bare(word)


class _Uses:
    """Collects patterns, each with the terms that it stands for: as whole words, and as what words begin with."""

    def __init__(self) -> None:
        self.wholes: dict[str, list[int]] = {}
        self.prefixes: dict[str, list[int]] = {}

    def add(self, term: int, patterns: Iterable[str], *, prefix: bool = False) -> None:
        uses = self.prefixes if prefix else self.wholes
        for pattern in dict.fromkeys(patterns):
            if pattern:
                uses.setdefault(pattern, []).append(term)

    def patterns(self) -> _Patterns:
        every = sorted(self.wholes.keys() | self.prefixes.keys())
        ascii_ones = [pattern for pattern in every if pattern.isascii()]
        kind, implementation = MatchKind.Standard, Implementation.ContiguousNFA
        return _Patterns(
            every=AhoCorasick(every, kind, False, implementation),
            uses=self._uses(every),
            ascii_ones=BytesAhoCorasick([pattern.encode() for pattern in ascii_ones], kind, implementation),
            ascii_uses=self._uses(ascii_ones),
        )

    def _uses(self, patterns: Sequence[str]) -> _Use:
        unspaced = set(filter(is_unspaced, {pattern[at] for pattern in patterns for at in (0, -1)}))
        return _Use(
            begins=frozenset(at for at, pattern in enumerate(patterns) if pattern[0] in unspaced),
            ends=frozenset(at for at, pattern in enumerate(patterns) if pattern[-1] in unspaced),
            prefixes={
                at: tuple(self.prefixes[pattern]) for at, pattern in enumerate(patterns) if pattern in self.prefixes
            },
            wholes=tuple(tuple(self.wholes.get(pattern, ())) for pattern in patterns),
        )


class _Use(NamedTuple):
    """What patterns, by their numbers, stand for: the terms that they are as *wholes*, and those as *prefixes*.

    Of *begins* and *ends* the first or last letter needs no space beside it.
    """

    begins: frozenset[int]
    ends: frozenset[int]
    prefixes: Mapping[int, tuple[int, ...]]
    wholes: tuple[tuple[int, ...], ...]


class _Patterns(NamedTuple):
    """An automaton of *every* pattern, and one of those in ASCII over bytes, which takes half the time.

    They are contiguous NFAs: of 11,000 patterns they take 3 MB, and a DFA, with 100 MB, is no faster.
    """

    every: AhoCorasick
    uses: _Use
    ascii_ones: BytesAhoCorasick
    ascii_uses: _Use

    def find(self, text: str, begins: Sequence[int], *, endless: Container[int]) -> dict[int, list[Span]]:
        """Return where the terms stand in *text*, a normal form between two breaks whose fields begin at *begins*.

        Of those that are *endless* every place is kept, as most of them may turn out to be in another case.
        """
        if text.isascii():
            places = self.ascii_ones.find_matches_as_indexes(text.encode(), overlapping=True)
            use = self.ascii_uses
        else:
            places = self.every.find_matches_as_indexes(text, overlapping=True)
            use = self.uses
        found: dict[int, list[Span]] = {}
        glued, wholes, prefixes, open_begins, open_ends = GLUED, use.wholes, use.prefixes, use.begins, use.ends
        if not begins:
            endless = _EVERYTHING  # which field a place is in is not known yet
        # Most of what is met lies within a word; that is told by its neighbours, before it is looked at.
        for number, start, end in places:
            if glued[text[start - 1]] and number not in open_begins:
                continue
            if not glued[text[end]] or number in open_ends:
                span = (bisect(begins, start) - 1, start, end)
                for term in wholes[number]:
                    if term not in found:
                        found[term] = [span]
                    else:
                        _keep(found[term], span, endless=term in endless)
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


def _keep(spans: list[Span], span: Span, *, endless: bool) -> None:
    # They come in the order of the text, so that the last ones stand in one field if the first of them does.
    if len(spans) < MAX_HITS or spans[-MAX_HITS][0] != span[0] or endless:
        spans.append(span)


def _few(spans: Iterable[Span]) -> list[Span]:
    """Return the first `MAX_HITS` of each field of *spans*, which stand in the order of the text."""
    kept: list[Span] = []
    for span in spans:
        if len(kept) < MAX_HITS or kept[-MAX_HITS][0] != span[0]:
            kept.append(span)
    return kept


class _Expressions(NamedTuple):
    """Expressions by their terms; where *together* finds nothing, none of them does."""

    each: tuple[tuple[int, _Expression], ...]
    together: _Expression | None

    @classmethod
    def of(cls, sources: Sequence[tuple[int, str]]) -> _Expressions:
        sources = [(term, source) for term, source in sources if not term_fault(EXPRESSION + source)]
        each = tuple((term, re2.compile(source, _options())) for term, source in sources)
        try:
            # One by one they take a search each. An alternation and not re2.Set, which finds nothing, and does not
            # say so, where it runs out of memory.
            together = re2.compile("|".join(f"(?:{source})" for _, source in sources), _options())
        except re2.error:
            together = None  # two may have groups of one name
        return cls(each, together)

    def find(self, page: Page, found: dict[int, list[Span]]) -> None:
        """Add to *found* where the expressions stand in *page*."""
        if not self.each:
            return
        for number, begin in enumerate(page.begins):
            text = page.field_text(number)
            if self.together is not None and not self.together.search(text):
                continue
            for term, expression in self.each:
                spans = ((number, begin + match.start(), begin + match.end()) for match in expression.finditer(text))
                if kept := list(islice((span for span in spans if span[1] < span[2]), MAX_HITS)):
                    found[term] = [*found.get(term, ()), *kept]


def _options() -> re2.Options:
    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False  # to stderr, past our own log
    return options

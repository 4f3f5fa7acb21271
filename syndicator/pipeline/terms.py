"""Find the terms of all rules in a text, in one pass.

The home of `re2`, whose time is linear in the text whatever the expression.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, islice, pairwise, product
from typing import Any, Literal, NamedTuple, TypeAlias

import re2

from syndicator.model.tag import Term
from syndicator.pipeline.fields import BREAK, Page, Span
from syndicator.pipeline.patterns import MAX_HITS, Patterns, few
from syndicator.pipeline.spellings import MAX_SPELLINGS, REMEMBERED, spellings
from syndicator.pipeline.text import (
    ABBREVIATIONS,
    JOINTS,
    bare,
    level,
    normal_form,
)

EXPRESSION = "re:"

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
    accented: Patterns
    bare: Patterns
    exact: Mapping[int, frozenset[str]]
    expressions: _Expressions

    def find(self, page: Page) -> dict[int, list[Span]]:
        """Return where each term stands that *page* holds: at most `MAX_HITS` places in each field, in their order."""
        found = self.accented.find(page.text, page.begins, endless=self.exact)
        if self.exact:
            self._keep_exact(page, found)
        if True in page.bare:
            self._find_bare(page, found)
        if self.expressions.each:
            self.expressions.find(page, found)
        return found

    def _keep_exact(self, page: Page, found: dict[int, list[Span]]) -> None:
        """Take from *found* what stands on *page* in another case than is asked for."""
        for term in self.exact.keys() & found.keys():
            forms = self.exact[term]
            found[term] = few(span for span in found[term] if level(page.text[span[1] : span[2]]) in forms)
            if not found[term]:
                del found[term]

    def _find_bare(self, page: Page, found: dict[int, list[Span]]) -> None:
        """Add to *found* what stands without accents in the fields of *page* that have none."""
        for number, begin in enumerate(page.begins):
            if page.bare[number]:
                places = self.bare.find(f"{BREAK}{page.field_text(number)}{BREAK}", (1,))
                for term, spans in places.items():
                    moved = {(number, begin - 1 + start, begin - 1 + end) for _, start, end in spans}
                    found[term] = few(sorted(moved.union(found.get(term, ()))))


def compile_terms(terms: Iterable[Term]) -> Terms:
    """Return *terms* ready to be found; one with a fault (see `term_fault`) is met nowhere."""
    names = tuple(dict.fromkeys(terms))
    accented, unaccented = Patterns(), Patterns()
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
        accented=accented,
        bare=unaccented,
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

"""Find rules that are silent mistakes: that can never hold, or that hold for everything."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from syndicator.model.tag import Field, Match, Tag, Term
from syndicator.pipeline.fields import Page, lay_out
from syndicator.pipeline.rulebook import terms_of
from syndicator.pipeline.terms import EXPRESSION, Terms, compile_terms, term_fault
from syndicator.pipeline.text import is_accentless, is_unspaced

# Three texts that have nothing in common but that they are texts; a pattern that is met in each is met everywhere.
_TEXTS = ("Quy", "b 7", "天气")
_LONGER = "qzx"  # makes the last word of a text a longer one, which only a prefix meets
# English changes so many letters at the end of a word at the most: embassy, embassies; knife, knives.
_CHANGING = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleFault:
    """What is wrong with the rule of *tag*, in *text*; with its *term*, if one is named."""

    tag: str
    text: str
    term: Term = ""


def rule_faults(tags: Mapping[str, Tag]) -> list[RuleFault]:
    """Return which rules of *tags* can never hold or hold for everything; nothing is guessed.

    A rule can never hold where each word that would speak for it is, or contains, a word that keeps it out; it holds
    for everything where no word must be met, or one that is met everywhere.
    """
    return list(_silent(tags))


def needless_terms(tags: Mapping[str, Tag]) -> list[RuleFault]:
    """Return which terms of *tags* do neither harm nor good.

    They can never count beside what keeps them out, or another term of their list meets whatever they meet.
    """
    return list(_needless(tags))


def _silent(tags: Mapping[str, Tag]) -> Iterator[RuleFault]:
    cover = _Cover(_keeping_out(tags))
    for id, match in _rules(tags):
        boundless = [term for term in dict.fromkeys(terms_of(match)) if _is_boundless(term)]
        for term in boundless:
            yield RuleFault(tag=id, term=term, text=f'"{term}" is met in nearly every text; write more of it')
        if not boundless and not _needs_a_word(match):
            text = "the rule holds for every item, as no word of it must be met; write one under any or all"
            yield RuleFault(tag=id, text=text)
        if why := _Dead(cover).rule(match, ()):
            yield RuleFault(tag=id, text=f"the rule can never hold: {why}")


def _needless(tags: Mapping[str, Tag]) -> Iterator[RuleFault]:
    keeping_out = _Cover(_keeping_out(tags))
    beside = _Cover(part for _, match in _rules(tags) for each in _matches(match) for part in _terms(each.any))
    for id, match in _rules(tags):
        dead = _Dead(keeping_out)
        if not dead.rule(match, ()):
            for term, why in dead.terms.items():
                yield RuleFault(tag=id, term=term, text=f"{why}; it can be removed")
        for each in _matches(match):
            for term, other in beside.doubles(each.any):
                text = f'"{term}" adds nothing to "{other}", which meets it too; it can be removed'
                yield RuleFault(tag=id, term=term, text=text)


def _rules(tags: Mapping[str, Tag]) -> Iterator[tuple[str, Match]]:
    return ((tag.id, tag.match) for tag in tags.values() if tag.match)


def _keeping_out(tags: Mapping[str, Tag]) -> Iterator[Term]:
    for _, match in _rules(tags):
        for each in _matches(match):
            yield from each.but_not
            yield from _terms(each.none)


def _terms(parts: Iterable[Term | Match]) -> Iterator[Term]:
    return (part for part in parts if isinstance(part, str))


def _is_boundless(term: Term) -> bool:
    """Tell whether *term* is met in nearly every text: `re:.`, `a*`."""
    if term.startswith(EXPRESSION):
        if term_fault(term):
            return False
        terms = compile_terms([term])
        return all(terms.find(_page(text)) for text in _TEXTS)
    body = term.removesuffix("*")
    return body != term and len(body) == 1 and not is_unspaced(body)


def _needs_a_word(part: Term | Match) -> bool:
    """Tell whether a word must be met for *part* to hold."""
    if isinstance(part, str):
        return True
    if part.near or part.score:
        return True
    if (part.any and all(map(_needs_a_word, part.any))) or any(map(_needs_a_word, part.all)):
        return True
    return part.at_least is not None and sum(not _needs_a_word(one) for one in part.at_least.of) < part.at_least.n


def _matches(match: Match) -> Iterator[Match]:
    """Yield *match* and those within it."""
    yield match
    for part in (match.any, match.all, match.none, match.at_least.of if match.at_least else ()):
        for one in part:
            if isinstance(one, Match):
                yield from _matches(one)


def _page(text: str) -> Page:
    # In English nothing is compared without accents: that a text has none is not certain.
    return lay_out([("title", text)], language="en")


class _Cover:
    """Knows which of *terms* are met wherever some other term is."""

    def __init__(self, terms: Iterable[Term]) -> None:
        self._terms = list(dict.fromkeys(terms))
        self._known: dict[Term, dict[Term, bool]] = {}

    @cached_property
    def _compiled(self) -> Terms:
        return compile_terms(self._terms)

    def of(self, term: Term) -> Mapping[Term, bool]:
        """Return those that are met wherever *term* is, itself included; each with whether it meets all its words."""
        if term not in self._known:
            self._known[term] = dict(self._look_up(term))
        return self._known[term]

    def doubles(self, listed: Iterable[Term | Match]) -> Iterator[tuple[Term, Term]]:
        """Yield those of *listed* that add nothing, each with the other that meets whatever it meets."""
        terms = list(_terms(listed))
        there = set(terms)
        gone: set[Term] = set()
        for term in terms:
            for other, whole in self.of(term).items():
                if whole and other != term and other in there and other not in gone:
                    gone.add(term)
                    yield term, other
                    break

    def _look_up(self, term: Term) -> Iterator[tuple[Term, bool]]:
        yield term, True
        if term.startswith(EXPRESSION) or not self._terms:
            return
        exact = len(term) > 2 and term[0] == term[-1] == '"'
        body = term[1:-1] if exact else term.removesuffix("*")
        text = body if exact or body == term else body + _LONGER
        page = _page(text)
        for number, spans in self._compiled.find(page).items():
            other = self._compiled.names[number]
            if other == term or not _is_sure(other, body, exact=exact):
                continue
            begin, end = page.begins[0], page.begins[0] + len(page.field_text(0))
            yield other, any((start, stop) == (begin, end) for _, start, stop in spans)


def _is_sure(other: Term, body: str, *, exact: bool) -> bool:
    """Tell whether *other*, which is met in *body*, is met in all spellings of it too."""
    if other.startswith(EXPRESSION):
        return False
    if other[0] == '"':
        return exact
    spelled = body.split()
    beginning = other.removesuffix("*").split()
    if other.endswith("*") and not exact and spelled[-1].isascii():
        # Where the last word of the term is met by a beginning, another form of it may begin otherwise.
        shortest = min(len(word) for word in spelled)
        if shortest - len(beginning[-1]) < _CHANGING:
            return False
    # A single word is not met in a text without accents, where a phrase that holds it is.
    return exact or is_accentless(body) or len(spelled) == 1 or len(beginning) > 1


class _Bar(NamedTuple):
    """What keeps words out of a rule and of the rules within it; those of *none*, where it looks in *fields*."""

    but_not: frozenset[Term]
    none: frozenset[Term]
    fields: frozenset[Field]


class _Dead:
    """Finds what can never hold; *terms* are those that it met on the way, each with the reason."""

    def __init__(self, cover: _Cover) -> None:
        self.terms: dict[Term, str] = {}
        self._cover = cover

    def rule(self, match: Match, around: Sequence[_Bar]) -> str:
        """Return why *match*, in which the bars *around* it hold too, can never hold; empty if it can."""
        bar = _Bar(frozenset(match.but_not), frozenset(_terms(match.none)), frozenset(match.fields))
        bars = (*around, bar) if bar.but_not or bar.none else around

        def why_not(part: Term | Match) -> str:
            if isinstance(part, Match):
                return self.rule(part, bars)
            why = self._term(part, bars, bar.fields)
            if why:
                self.terms.setdefault(part, why)
            return why

        of_any = list(map(why_not, match.any))
        if of_any and all(of_any):
            return of_any[0]
        wanted: tuple[Term | Match, ...] = (*match.all, *(match.near.words if match.near else ()))
        if why := next(filter(None, map(why_not, wanted)), ""):
            return why
        if match.at_least:
            of = list(map(why_not, match.at_least.of))
            if sum(not why for why in of) < match.at_least.n:
                return next(filter(None, of), "at_least asks for more than there are")
        if match.score:
            dead = {term: why for term, _ in match.score.weights if (why := why_not(term))}
            if sum(max(weight, 0) for term, weight in match.score.weights if term not in dead) < match.score.threshold:
                return next(iter(dead.values()), "its weights never come to the threshold")
        return ""

    def _term(self, term: Term, bars: Sequence[_Bar], fields: frozenset[Field]) -> str:
        """Return why *term*, looked for in *fields*, can never count for what *bars* keep out; empty if it can."""
        if not bars:
            return ""
        covering = self._cover.of(term)
        swallowed = False
        for bar in bars:
            # Of the few that are met wherever the term is, hardly ever is one kept out.
            if not covering.keys().isdisjoint(bar.but_not):
                for other, whole in covering.items():
                    if whole and other in bar.but_not:
                        return f'"{term}" never counts beside "{other}" under but_not'
            # What an outer but_not swallows is not certain to keep anything out.
            if not swallowed and fields <= bar.fields and not covering.keys().isdisjoint(bar.none):
                other = next(other for other in covering if other in bar.none)
                return f'"{term}" is never met without "{other}", which none keeps out'
            swallowed = swallowed or bool(bar.but_not)
        return ""

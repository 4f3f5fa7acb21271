"""Judge by what was met of a rule's terms whether the rule holds, and say why or why not."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence

from syndicator.model.entry import Objection, Reason
from syndicator.model.tag import Term
from syndicator.pipeline.fields import Page, Span
from syndicator.pipeline.rulebook import MANY, Rule
from syndicator.pipeline.text import count_words, ends_a_sentence

# Of hundreds of terms of which one should be met, so many are named.
MAX_MISSING = 8
MAX_GROUPED = 2  # and of each group of them, so many

# Objections to one rule that are told; a rule of fifty alternatives may have as many.
MAX_OBJECTIONS = 4

# Characters; what is farther apart stands in no one sentence, and need not be read through.
MAX_SENTENCE = 2000

_NO_TERM = -1

# The most telling objection first: a word that keeps the tag out, then what nearly held, then what is not there.
_KINDS = ("none", "requires", "near", "at_least", "score", "all", "any")


def by_weight(objections: Iterable[Objection]) -> tuple[Objection, ...]:
    """Return the most telling of *objections*, each once, in that order; of words within others only those around."""
    told = sorted(dict.fromkeys(objections), key=lambda objection: _KINDS.index(objection.kind))
    words = [objection.reason for objection in told if objection.reason]
    told = [each for each in told if not (each.reason and any(_stands_in(each.reason, other) for other in words))]
    return tuple(told[:MAX_OBJECTIONS])


def _stands_in(inner: Reason, outer: Reason) -> bool:
    """Tell whether the words of *inner* are a part of those of *outer*; of the same words the first term tells."""
    if inner.field != outer.field or (inner.start, inner.words) == (outer.start, outer.words):
        return inner.field == outer.field and inner.term > outer.term
    return outer.start <= inner.start and inner.start + len(inner.words) <= outer.start + len(outer.words)


class Case:
    """What was met of all terms in one page, before rules that are judged by it.

    *masks* are the fields, as bits, for which each field of the page stands. *stirred* are the numbers of the rules
    that may hold, as one of their triggers is met or they have none; without it, any may.
    """

    __slots__ = ("_around", "_held", "_masks", "_met", "_met_of", "_names", "_page", "_stirred", "_touched")

    def __init__(
        self,
        page: Page,
        met: Mapping[int, Sequence[Span]],
        *,
        names: Sequence[Term],
        masks: Sequence[int],
        stirred: Container[int] | None = None,
    ) -> None:
        self._page = page
        self._met = met
        self._names = names
        self._masks = masks
        self._stirred = stirred
        self._met_of: dict[int, frozenset[int]] = {}  # by the identity of a set of terms, those of it that are met
        self._around: dict[int, list[Span]] = {}  # and where they are met
        self._held: dict[int, bool] = {}
        self._touched: dict[int, bool] = {}

    def holds(self, rule: Rule) -> bool:
        """Tell whether *rule* holds."""
        number = rule.number
        # Most rules within a rule are not even stirred, and that is told without looking into them.
        if self._stirred is not None and number not in self._stirred:
            return False
        held = self._held.get(number)
        if held is None:
            held = self._held[number] = self._holds(rule)
        return held

    def _holds(self, rule: Rule) -> bool:
        holds = self.holds
        if (rule.any or rule.any_rules) and not self._has_any(rule):
            return False
        if rule.all and not all(self._first(term, rule) for term in rule.all):
            return False
        if rule.all_rules and not all(map(holds, rule.all_rules)):
            return False
        if rule.near and not 0 < self._stretch(rule)[0] <= rule.within:
            return False
        if rule.least and self._count(rule) < rule.least:
            return False
        if rule.weights and self._weigh(rule) < rule.threshold:
            return False
        return not ((rule.none or rule.none_rules) and any(self._excluding(rule)))

    def touches(self, rule: Rule) -> bool:
        """Tell whether a telling term of *rule* stands in its fields, be it inside one of `but_not`."""
        touched = self._touched.get(rule.number)
        if touched is None:
            telling = rule.telling.intersection(self._met)
            touched = any(self._in_fields(term, rule.fields) for term in telling & rule.own)
            touched = self._touched[rule.number] = touched or (bool(telling) and any(map(self.touches, rule.nested)))
        return touched

    def reasons(self, rule: Rule, *, holding: bool) -> tuple[Reason, ...]:
        """Return where the terms that speak for *rule* are met, each once, in the order in which one reads.

        Of a rule that holds they are those for which it does; *holding* says that it is one.
        """
        first: dict[int, Span] = {}
        for term, span in self._speaking(rule, holding=holding):
            if term not in first or span < first[term]:
                first[term] = span
        # In the order of the fields, then of the text; of two at one place, that of an outer rule before one within.
        return tuple(
            [self._reason(term, span) for span, term in sorted([(span, term) for term, span in first.items()])]
        )

    def objections(self, rule: Rule) -> tuple[Objection, ...]:
        """Return why *rule* does not hold, the most telling first; nothing where it does, or does not by far."""
        return by_weight(self._objections(rule))

    def _among(self, terms: frozenset[int]) -> frozenset[int]:
        # Few terms are met, and a rule may have hundreds; `keys() & terms` would go through those. Many rules have
        # the same set.
        found = self._met_of.get(id(terms))
        if found is None:
            found = self._met_of[id(terms)] = terms.intersection(self._met)
        return found

    def _in_fields(self, term: int, fields: int) -> list[Span]:
        masks = self._masks
        return [span for span in self._met.get(term, ()) if masks[span[0]] & fields]

    def _spans(self, term: int, rule: Rule) -> list[Span]:
        return self._outside(self._in_fields(term, rule.fields), rule.swallowing)

    def _outside(self, spans: list[Span], swallowing: frozenset[int]) -> list[Span]:
        if not swallowing:
            return spans
        around = self._around.get(id(swallowing))
        if around is None:
            around = [span for term in self._among(swallowing) for span in self._met[term]]
            self._around[id(swallowing)] = around
        if not around:
            return spans
        return [span for span in spans if not any(_lies_in(span, other) for other in around)]

    def _first(self, term: int, rule: Rule) -> Span | None:
        """Return the first place where *term* is met; most rules ask for no more, and have nothing to swallow."""
        if rule.swallowing:
            return next(iter(self._spans(term, rule)), None)
        for span in self._met.get(term, ()):
            if self._masks[span[0]] & rule.fields:
                return span
        return None

    def _has_any(self, rule: Rule) -> bool:
        for term in self._among(rule.any):
            if self._first(term, rule):
                return True
        return any(map(self.holds, rule.any_rules))

    def _excluding(self, rule: Rule) -> Iterator[tuple[int, Span]]:
        """Yield what is met of `none`: one place of each term."""
        for term in sorted(self._among(rule.none)):
            if spans := self._outside(self._in_fields(term, rule.fields), rule.swallowing_none):
                yield term, spans[0]
        for inner in rule.none_rules:
            if self.holds(inner):
                # What has nothing but a `none` of its own holds without a word.
                yield from list(self._speaking(inner, holding=True)) or [(_NO_TERM, (0, 0, 0))]

    def _count(self, rule: Rule) -> int:
        terms = sum(1 for term in self._among(rule.of) if self._first(term, rule))
        return terms + sum(map(self.holds, rule.of_rules))

    def _weigh(self, rule: Rule) -> float:
        return sum(weight for term, weight in rule.weights if self._first(term, rule))

    def _stretch(self, rule: Rule) -> tuple[int, list[tuple[int, Span]]]:
        """Return the fewest words, in one sentence, from the first to the last of `near`, and where its terms stand.

        0: they are not all met, or not in one sentence.
        """
        places = {term: self._spans(term, rule) for term in rule.near}
        if not all(places.values()):
            return 0, []
        best, chosen = 0, []
        for start in sorted(span for spans in places.values() for span in spans):
            # The nearest place of each term from here on is enough: a stretch begins with one of its terms.
            window = [(term, _next(spans, start)) for term, spans in places.items()]
            stretch = [(term, span) for term, span in window if span]
            if len(stretch) < len(window):
                continue
            text = self._page.text[start[1] : max(span[2] for _, span in stretch)]
            if len(text) <= MAX_SENTENCE and not ends_a_sentence(text):
                words = count_words(text)
                if not best or words < best:
                    best, chosen = words, stretch
        return best, chosen

    def _speaking(self, rule: Rule, *, holding: bool) -> Iterator[tuple[int, Span]]:
        """Yield a place of each term that speaks for *rule*; of one that is *holding*, only of what holds within it."""
        near = dict(self._stretch(rule)[1]) if rule.near else {}
        for term in self._among(rule.own):
            if span := near.get(term) or self._first(term, rule):
                yield term, span
        for inner in rule.nested:
            if not holding or self.holds(inner):
                yield from self._speaking(inner, holding=holding)

    def _objections(self, rule: Rule) -> Iterator[Objection]:
        for term, span in self._excluding(rule):
            yield Objection(kind="none", reason=self._reason(term, span) if term != _NO_TERM else None)
        swallowed = list(self._swallowed(rule))
        lacking = list(self._lacking(rule))
        if lacking or not self.holds(rule):
            yield from swallowed
        # Where the only word that was met is swallowed, that says it all.
        yield from (one for one in lacking if not (swallowed and one.kind == "any"))

    def _swallowed(self, rule: Rule) -> Iterator[Objection]:
        for term in sorted(self._among(rule.own)):
            inside = self._in_fields(term, rule.fields)
            if not inside or self._spans(term, rule):
                continue
            for other in self._among(rule.swallowing):
                for span in self._met[other]:
                    if _lies_in(inside[0], span):
                        yield Objection(kind="none", reason=self._reason(other, span))

    def _lacking(self, rule: Rule) -> Iterator[Objection]:
        """Yield what of *rule* is not there, part by part, where it is so little that it is worth a word."""
        if (rule.any or rule.any_rules) and not self._has_any(rule):
            touched = [inner for inner in rule.any_rules if self.touches(inner)]
            for inner in touched:
                # That of one alternative not even the words are there tells nothing where there are fifty.
                yield from (one for one in self._objections(inner) if one.kind != "any")
            # That none of many hundreds is met, as no country's name, makes nothing of a weak word that is.
            if not touched and len(rule.any) <= MANY:
                yield Objection(kind="any", missing=self._named(rule.any))
        missing = [term for term in rule.all if not self._first(term, rule)]
        if missing:
            yield Objection(kind="all", missing=self._named(missing))
        for inner in rule.all_rules:
            if not self.holds(inner):
                yield from self._objections(inner)
        if rule.near and not 0 < (words := self._stretch(rule)[0]) <= rule.within:
            apart = self._named(term for term in rule.near if not self._spans(term, rule))
            yield Objection(kind="near", missing=apart, found=words, wanted=rule.within)
        if rule.least and 0 < (count := self._count(rule)) < rule.least:
            absent = [term for term in rule.of if not self._first(term, rule)]
            groups = [inner for inner in rule.of_rules if not self.holds(inner)]
            # A list of some of what would do reads as if it were all.
            few = len(absent) + len(groups) <= MAX_MISSING
            told = (*self._named(absent), *filter(None, map(self._beginning, groups))) if few else ()
            yield Objection(kind="at_least", missing=told, found=count, wanted=rule.least)
        if rule.weights and 0 < (weight := self._weigh(rule)) < rule.threshold:
            yield Objection(kind="score", found=weight, wanted=rule.threshold)

    def _named(self, terms: Iterable[int]) -> tuple[Term, ...]:
        return tuple(self._names[term] for term in sorted(terms)[:MAX_MISSING])

    def _beginning(self, rule: Rule) -> str:
        """Return the first words of *rule*, by which an editor knows it again."""
        terms = sorted(rule.own)
        if not terms:
            return next(filter(None, map(self._beginning, rule.nested)), "")
        more = ["…"] if len(terms) > MAX_GROUPED else []
        return " / ".join([*(self._names[term] for term in terms[:MAX_GROUPED]), *more])

    def _reason(self, term: int, span: Span) -> Reason:
        number, start, end = span
        page = self._page
        return Reason(
            field=page.fields[number],
            term=self._names[term],
            words=page.text[start:end],
            start=start - page.begins[number],
        )


def _lies_in(inner: Span, outer: Span) -> bool:
    return outer[1] <= inner[1] and inner[2] <= outer[2]


def _next(spans: Sequence[Span], start: Span) -> Span | None:
    """Return the first of *spans* that begins in the field of *start* at or after it."""
    return next((span for span in spans if span[0] == start[0] and span[1] >= start[1]), None)

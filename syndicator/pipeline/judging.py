"""Judge by what was met of a rule's terms whether the rule holds, and say why or why not."""

from __future__ import annotations

from collections.abc import Callable, Collection, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property
from math import inf

from syndicator.model.entry import Objection, Reason
from syndicator.model.tag import Field, Match, Term
from syndicator.pipeline.fields import BITS, Page, Span
from syndicator.pipeline.text import count_words, ends_a_sentence

# Of hundreds of terms of which one should be met, so many are named.
MAX_MISSING = 8

# Terms; a part of a rule that has no more of them than this, as no list of countries has, says something by one.
MANY = 40

# Objections to one rule that are told; a rule of fifty alternatives may have as many.
MAX_OBJECTIONS = 4

# Characters; what is farther apart stands in no one sentence, and need not be read through.
MAX_SENTENCE = 2000

_NO_TERM = -1

# The most telling objection first: a word that keeps the tag out, then what nearly held, then what is not there.
_KINDS = ("none", "requires", "near", "at_least", "score", "all", "any")


@dataclass(frozen=True, eq=False, kw_only=True)  # with a dictionary each, in which what is worked out once is kept
class Rule:
    """A `Match` whose terms are numbers (places in `Terms.names`); of each part its terms, and apart its rules.

    *fields* are bits of `BITS`. *swallowing* are the terms of `but_not`, the inherited ones too; those of *none* are
    swallowed by the inherited ones only, *swallowing_none*. *own* are the terms that speak for it, but those of the
    rules within it. Rules that say the same have the same *number*, so that one is judged for all.
    """

    fields: int
    swallowing: frozenset[int]
    swallowing_none: frozenset[int]
    any: frozenset[int]
    any_rules: tuple[Rule, ...]
    all: tuple[int, ...]
    all_rules: tuple[Rule, ...]
    none: frozenset[int]
    none_rules: tuple[Rule, ...]
    near: tuple[int, ...]
    within: int
    least: int
    of: frozenset[int]
    of_rules: tuple[Rule, ...]
    threshold: float
    weights: tuple[tuple[int, float], ...]
    own: frozenset[int]
    number: int

    @property
    def nested(self) -> Iterator[Rule]:
        """The rules within it that speak for it."""
        yield from self.any_rules
        yield from self.all_rules
        yield from self.of_rules

    @cached_property
    def triggers(self) -> frozenset[int] | None:
        """Terms of which one at least is met wherever the rule holds, as few as it has; None where it may hold without.

        Of the parts that must all hold, that of the fewest terms is enough: a rule of weak words beside the name of a
        country need not be looked at wherever a country is named.
        """
        return min(self._parts(lambda rule: rule.triggers), key=len, default=None)

    @cached_property
    def telling(self) -> frozenset[int]:
        """Terms that tell that the rule nearly holds, where it does not: those of its parts that are not very common.

        The name of any country tells nothing of a rule that asks for a weak word beside it.
        """
        parts = self._parts(lambda rule: rule.telling or None)
        rarest = min(map(len, parts), default=0)
        return frozenset().union(*(part for part in parts if len(part) <= max(rarest, MANY)))

    def _parts(self, terms_of_inner: Callable[[Rule], frozenset[int] | None]) -> list[frozenset[int]]:
        """Return for each part that must hold, and cannot without a word, the terms of which it needs one."""
        parts = [frozenset([term]) for term in (*self.all, *self.near)]
        parts += [found for rule in self.all_rules if (found := terms_of_inner(rule)) is not None]
        for terms, rules in ((self.any, self.any_rules), (self.of, self.of_rules)):
            inner = [terms_of_inner(rule) for rule in rules]
            if (terms or rules) and None not in inner:
                parts.append(terms.union(*filter(None, inner)))
        if self.weights and self.threshold > 0:
            parts.append(frozenset(term for term, weight in self.weights if weight > 0))
        return parts


def terms_of(match: Match) -> Iterator[Term]:
    """Yield all terms of *match*."""
    for part in (match.any, match.all, match.none, match.at_least.of if match.at_least else ()):
        for one in part:
            if isinstance(one, Match):
                yield from terms_of(one)
            else:
                yield one
    yield from match.but_not
    yield from match.near.words if match.near else ()
    yield from (term for term, _ in match.score.weights) if match.score else ()


def fields_of(match: Match) -> Iterator[Field]:
    """Yield all fields in which *match* looks for something."""
    yield from match.fields
    for part in (match.any, match.all, match.none, match.at_least.of if match.at_least else ()):
        for one in part:
            if isinstance(one, Match):
                yield from fields_of(one)


class RuleBook:
    """Reads the rules of all tags; those that say the same are one, and so are sets of the same terms."""

    def __init__(self, numbers: Mapping[Term, int]) -> None:
        self.rules: list[Rule] = []  # by their numbers
        self._numbers = numbers
        self._known: dict[tuple[object, ...], Rule] = {}
        self._sets: dict[frozenset[int], frozenset[int]] = {}

    def read(self, match: Match, *, swallowing: Collection[int] = ()) -> Rule:
        """Return *match* with the numbers of its terms; those of *swallowing* are of the rules around it."""
        numbers = self._numbers
        outer = self._set(swallowing)
        inner = self._set([*swallowing, *(numbers[term] for term in match.but_not)]) if match.but_not else outer
        alternatives, least = (match.at_least.of, match.at_least.n) if match.at_least else ((), 0)
        near, within = (match.near.words, match.near.within) if match.near else ((), 0)
        weights = tuple((numbers[term], weight) for term, weight in match.score.weights) if match.score else ()
        any_of, all_of, of = self._terms(match.any), self._terms(match.all), self._terms(alternatives)
        near_to = tuple(dict.fromkeys(numbers[term] for term in near))
        rule = Rule(
            number=len(self.rules),
            fields=sum(BITS[field] for field in set(match.fields)),
            swallowing=inner,
            swallowing_none=outer,
            any=self._set(any_of),
            any_rules=self._within(match.any, inner),
            all=tuple(all_of),
            all_rules=tuple(sorted(self._within(match.all, inner), key=_commonness)),
            none=self._set(self._terms(match.none)),
            none_rules=self._within(match.none, inner),
            near=near_to,
            within=within,
            least=least,
            of=self._set(of),
            of_rules=self._within(alternatives, inner),
            threshold=match.score.threshold if match.score else 0,
            weights=weights,
            own=self._set([*any_of, *all_of, *near_to, *of, *(term for term, weight in weights if weight > 0)]),
        )
        # Sets and rules within are the same objects where they say the same, and need not be compared.
        key = tuple(_identity(getattr(rule, each.name)) for each in fields(rule) if each.name != "number")
        if key not in self._known:
            # Reading what is within may have taken the number.
            self._known[key] = replace(rule, number=len(self.rules))
            self.rules.append(self._known[key])
        return self._known[key]

    def _terms(self, part: Iterable[Term | Match]) -> list[int]:
        return [self._numbers[one] for one in part if not isinstance(one, Match)]

    def _within(self, part: Iterable[Term | Match], swallowing: frozenset[int]) -> tuple[Rule, ...]:
        return tuple(self.read(one, swallowing=swallowing) for one in part if isinstance(one, Match))

    def _set(self, terms: Iterable[int]) -> frozenset[int]:
        found = frozenset(terms)
        return self._sets.setdefault(found, found)


def _identity(value: object) -> object:
    match value:
        case frozenset():
            return id(value)
        case (Rule(), *_):
            return tuple(map(id, value))
        case _:
            return value


def _commonness(rule: Rule) -> float:
    return len(rule.triggers) if rule.triggers is not None else inf


def by_weight(objections: Iterable[Objection]) -> tuple[Objection, ...]:
    """Return the most telling of *objections*, each once, in that order."""
    told = sorted(dict.fromkeys(objections), key=lambda objection: _KINDS.index(objection.kind))
    return tuple(told[:MAX_OBJECTIONS])


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
        # In the order of the fields, then of the text; of two at one place, the first of the rule.
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
            absent = self._named(term for term in rule.near if not self._spans(term, rule))
            yield Objection(kind="near", missing=absent, found=words, wanted=rule.within)
        if rule.least and 0 < (count := self._count(rule)) < rule.least:
            yield Objection(kind="at_least", found=count, wanted=rule.least)
        if rule.weights and 0 < (weight := self._weigh(rule)) < rule.threshold:
            yield Objection(kind="score", found=weight, wanted=rule.threshold)

    def _named(self, terms: Iterable[int]) -> tuple[Term, ...]:
        return tuple(self._names[term] for term in sorted(terms)[:MAX_MISSING])

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

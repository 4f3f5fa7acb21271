"""Read rules once for all texts: terms become numbers, equal parts become one, and each rule knows what stirs it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from math import inf

from syndicator.model.tag import Field, Match, Term
from syndicator.pipeline.fields import BITS

# Terms; a part of a rule that has no more of them than this, as no list of countries has, says something by one.
MANY = 40


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


_SAID = tuple(each.name for each in fields(Rule) if each.name != "number")


def terms_of(*matches: Match) -> Iterator[Term]:
    """Yield all terms of *matches*; those of a list that several rules share come once."""
    for match, lists in _unfolded(matches):
        for part in (*lists, match.but_not):
            yield from (one for one in part if not isinstance(one, Match))
        yield from match.near.words if match.near else ()
        yield from (term for term, _ in match.score.weights) if match.score else ()


def fields_of(*matches: Match) -> Iterator[Field]:
    """Yield all fields in which *matches* look for something."""
    for match, _ in _unfolded(matches):
        yield from match.fields


def _unfolded(matches: Iterable[Match]) -> Iterator[tuple[Match, list[Sequence[Term | Match]]]]:
    """Yield *matches* and those within them, each with its lists; a list that several share comes with the first."""
    seen: set[int] = set()
    waiting = list(matches)
    for match in waiting:
        lists: list[Sequence[Term | Match]] = []
        for part in (match.any, match.all, match.none, match.at_least.of if match.at_least else ()):
            if id(part) not in seen:
                seen.add(id(part))
                lists.append(part)
                waiting.extend(one for one in part if isinstance(one, Match))
        yield match, lists


def rules_written(matches: Iterable[Match]) -> Iterator[str]:
    """Yield for each of *matches* a text, which another has only if it says the same.

    A list stands in it as its hash, which is made once where several rules share it: the lists of the shipped
    vocabulary have half a million terms.
    """
    known: dict[int, str] = {}

    def written(match: Match) -> str:
        least = match.at_least
        lists = [match.any, match.all, match.none, match.but_not, least.of if least else ()]
        return repr(([listed(part) for part in lists], least and least.n, match.near, match.score, match.fields))

    def listed(part: Sequence[Term | Match]) -> str:
        if id(part) not in known:
            # No term has these signs, which YAML does not allow.
            each = [one if isinstance(one, str) else f"\1{written(one)}" for one in part]
            known[id(part)] = hashlib.sha256("\0".join(each).encode()).hexdigest()
        return known[id(part)]

    return map(written, list(matches))


class RuleBook:
    """Reads the rules of all tags; those that say the same are one, and so are sets of the same terms."""

    def __init__(self, numbers: Mapping[Term, int]) -> None:
        self.rules: list[Rule] = []  # by their numbers
        self._numbers = numbers
        self._known: dict[tuple[object, ...], Rule] = {}
        self._sets: dict[frozenset[int], frozenset[int]] = {}
        # By the identity of a list, which is kept, too, as another might get the number of one that is gone.
        self._lists: dict[int, tuple[Sequence[Term | Match], frozenset[int], list[Match]]] = {}

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
            fields=sum(BITS[field] for field in set(match.fields)),
            swallowing=inner,
            swallowing_none=outer,
            any=any_of,
            any_rules=self._within(match.any, inner),
            all=tuple(sorted(all_of)),
            all_rules=tuple(sorted(self._within(match.all, inner), key=_commonness)),
            none=self._terms(match.none),
            none_rules=self._within(match.none, inner),
            near=near_to,
            within=within,
            least=least,
            of=of,
            of_rules=self._within(alternatives, inner),
            threshold=match.score.threshold if match.score else 0,
            weights=weights,
            own=self._union(any_of, all_of, near_to, of, [term for term, weight in weights if weight > 0]),
            number=len(self.rules),  # the last of these, as what is within takes numbers, too
        )
        # Sets and rules within are the same objects where they say the same, and need not be compared.
        key = tuple(_identity(getattr(rule, name)) for name in _SAID)
        if key not in self._known:
            self._known[key] = rule
            self.rules.append(rule)
        return self._known[key]

    def _terms(self, part: Sequence[Term | Match]) -> frozenset[int]:
        return self._split(part)[1]

    def _within(self, part: Sequence[Term | Match], swallowing: frozenset[int]) -> tuple[Rule, ...]:
        return tuple(self.read(one, swallowing=swallowing) for one in self._split(part)[2])

    def _split(self, part: Sequence[Term | Match]) -> tuple[Sequence[Term | Match], frozenset[int], list[Match]]:
        if id(part) not in self._lists:
            numbers = self._numbers
            terms = self._set([numbers[one] for one in part if isinstance(one, str)])
            self._lists[id(part)] = part, terms, [one for one in part if isinstance(one, Match)]
        return self._lists[id(part)]

    def _union(self, *parts: Collection[int]) -> frozenset[int]:
        filled = [part for part in parts if part]
        return self._set(filled[0] if len(filled) == 1 else frozenset().union(*filled))

    def _set(self, terms: Iterable[int]) -> frozenset[int]:
        found = frozenset(terms)
        return self._sets.setdefault(found, found)


def _identity(value: object) -> object:
    if isinstance(value, frozenset):
        return id(value)
    return tuple(map(id, value)) if isinstance(value, tuple) and value and isinstance(value[0], Rule) else value


def _commonness(rule: Rule) -> float:
    return len(rule.triggers) if rule.triggers is not None else inf

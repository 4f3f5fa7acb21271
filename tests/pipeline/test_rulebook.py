"""A rule knows by which terms it is stirred: it never holds without one, and most texts need not look into it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syndicator.model.tag import AtLeast, Match, Near, Score
from syndicator.pipeline.fields import lay_out
from syndicator.pipeline.judging import Case
from syndicator.pipeline.rulebook import RuleBook, terms_of
from syndicator.pipeline.terms import compile_terms

WORDS = ("apple", "bread", "cheese", "dates", "eggs")


def read(match):
    """Return the rule of *match*, and what its terms are called."""
    terms = compile_terms(terms_of(match))
    return RuleBook({term: number for number, term in enumerate(terms.names)}).read(match), terms


def named(numbers, terms):
    return None if numbers is None else {terms.names[number] for number in numbers}


WEAK, LANDS = Match(any=("apple", "bread")), Match(any=tuple(f"land {number}" for number in range(90)))


@pytest.mark.parametrize(
    ("match", "triggers"),
    [
        pytest.param(Match(any=("apple", "bread")), {"apple", "bread"}, id="of alternatives any"),
        pytest.param(Match(all=(LANDS, WEAK)), {"apple", "bread"}, id="of parts that must all hold the rarest"),
        pytest.param(Match(any=("apple", Match(all=("bread", WEAK)))), {"apple", "bread"}, id="those of rules within"),
        pytest.param(Match(near=Near(words=("apple", "bread"), within=3)), {"apple"}, id="of near words one"),
        pytest.param(Match(at_least=AtLeast(n=1, of=("apple", "dates"))), {"apple", "dates"}, id="of some any"),
        pytest.param(
            Match(score=Score(threshold=2, weights=(("apple", 2), ("eggs", -1)))),
            {"apple"},
            id="of weights the good ones",
        ),
        pytest.param(Match(any=(Match(none=("apple",)),)), None, id="none, where it may hold without a word"),
    ],
)
def test_a_rule_is_stirred_by_few_terms(match, triggers):
    rule, terms = read(match)

    assert named(rule.triggers, terms) == triggers


def test_the_name_of_a_country_tells_nothing_of_a_rule_for_weak_words_beside_one():
    rule, terms = read(Match(all=(WEAK, LANDS)))

    assert named(rule.telling, terms) == {"apple", "bread"}


def test_rules_that_say_the_same_are_one():
    book = RuleBook({word: number for number, word in enumerate(WORDS)})

    first = book.read(Match(all=(WEAK, "dates")))
    second = book.read(Match(any=(Match(any=("apple", "bread")), "eggs")))

    assert first.all_rules[0] is second.any_rules[0]
    assert [rule.number for rule in book.rules] == list(range(len(book.rules)))


def parts(inner):
    terms = st.lists(st.one_of(st.sampled_from(WORDS), inner), max_size=3).map(tuple)
    return st.builds(
        Match,
        any=terms,
        all=terms,
        none=terms,
        but_not=st.lists(st.sampled_from(("apple bread", "cheese dates")), max_size=1).map(tuple),
        at_least=st.none() | st.builds(AtLeast, n=st.integers(1, 2), of=terms.filter(bool)),
        near=st.none() | st.just(Near(words=("apple", "dates"), within=4)),
        score=st.none() | st.just(Score(threshold=1, weights=(("eggs", 1), ("bread", -1)))),
    )


MATCHES = st.recursive(st.builds(Match, any=st.lists(st.sampled_from(WORDS), min_size=1, max_size=2).map(tuple)), parts)


@settings(max_examples=40)
@given(MATCHES, st.lists(st.sampled_from(WORDS), max_size=6).map(" ".join))
def test_no_rule_holds_that_is_not_stirred(match, title):
    rule, terms = read(match)
    page = lay_out([("title", title)], language="en")
    met = terms.find(page)

    holds = Case(page, met, names=terms.names, masks=[1] * len(page.fields)).holds(rule)

    assert not holds or rule.triggers is None or not rule.triggers.isdisjoint(met)

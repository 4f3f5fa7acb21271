"""The sentences of feeds.yaml test its rules, and one that fails is told with the reason, in words."""

from __future__ import annotations

import pytest

from syndicator.model.language import Localized
from syndicator.model.tag import AtLeast, Match, Near, Score, Tag
from syndicator.pipeline.rule_trials import try_tags


def a_tag(id: str = "it", match: Match | None = None, **parts: tuple[str, ...]) -> Tag:
    return Tag(id=id, label=Localized({}), match=match or Match(any=("embassy",)), **parts)


def told(*tags: Tag) -> list[str]:
    """Try the last of *tags* among the others."""
    return [failure.text for failure in try_tags({tag.id: tag for tag in tags}, [tags[-1].id])]


@pytest.mark.parametrize(
    ("match", "sentence", "why"),
    [
        (Match(any=("embassy",)), "A fish swims", "no term of its rule is in it"),
        (
            Match(any=("embassy",), none=("suites",)),
            "Embassy Suites opens",
            'the word "Suites" keeps it out',
        ),
        (
            Match(any=("ambassador",), but_not=("brand ambassador",)),
            "A Brand Ambassador sings",
            'the word "Brand Ambassador" keeps it out',
        ),
        (Match(all=("embassy", "visit")), "The embassy opens", "“visit” must be there too"),
        (
            Match(near=Near(words=("visit", "minister"), within=2)),
            "A visit by a minister",
            "4 words from first to last",
        ),
        (Match(at_least=AtLeast(n=2, of=("a", "b"))), "Only b", "only 1 of the 2 that must be met"),
        (Match(score=Score(threshold=3, weights=(("a", 2), ("b", 1)))), "Only a", "the weights come to 2, and 3 are"),
    ],
    ids=["no term", "none", "but_not", "all", "near", "at_least", "score"],
)
def test_a_sentence_that_does_not_match_is_told_with_what_is_missing(match: Match, sentence: str, why: str) -> None:
    found = told(a_tag(match=match, must_match=(sentence,)))

    assert len(found) == 1
    assert found[0].startswith(f'"{sentence}" does not match: {why}')


def test_a_sentence_must_earn_the_required_tags_too() -> None:
    city = a_tag("city", Match(any=("Saigon",)))
    it = a_tag(requires=("city",), must_match=("An embassy in Saigon", "An embassy in Hanoi"))

    assert told(city, it) == ['"An embassy in Hanoi" does not match: it needs the tag “city” too']


def test_a_parent_is_tested_with_its_children() -> None:
    child = a_tag("it/visits", Match(any=("visit",)))
    it = a_tag(must_match=("A visit begins",), must_not_match=("A state visit",))

    assert told(child, it) == ['"A state visit" matches: its child it/visits is given']


def test_a_sentence_that_matches_is_told_with_term_and_words() -> None:
    it = a_tag(must_not_match=("Embassies open",))

    assert told(it) == ['"Embassies open" matches: the term "embassy" meets "Embassies"']


@pytest.mark.parametrize("term", ["re:(a", "re:a*"])
def test_a_term_that_cannot_be_run_is_told_once(term: str) -> None:
    it = a_tag(match=Match(any=("embassy", term)))

    failures = list(try_tags({"it": it}, ["it"]))

    assert [(failure.key, failure.term) for failure in failures] == [("match", term)]
    assert failures[0].text.startswith(f'"{term}" is no term: it')


def test_a_silent_rule_is_told() -> None:
    assert told(a_tag(match=Match(any=("embassy",), none=("embassy",)))) == [
        'the rule can never hold: "embassy" is never met without "embassy", which none keeps out'
    ]


def test_tags_that_did_not_change_are_not_tried() -> None:
    other = a_tag("other", must_match=("A fish swims",))

    assert told(other, a_tag()) == []

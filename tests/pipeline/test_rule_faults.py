"""No silent rule: one that can never hold, or that holds for everything, is told at sight."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syndicator.model.language import Localized
from syndicator.model.tag import AtLeast, Match, Near, Score, Tag
from syndicator.pipeline.rule_faults import needless_terms, rule_faults
from syndicator.pipeline.rules import compile_rules, judge_sentence


def a_tag(match: Match) -> dict[str, Tag]:
    return {"it": Tag(id="it", label=Localized({}), match=match)}


@pytest.mark.parametrize(
    ("match", "why"),
    [
        pytest.param(
            Match(any=("embassy",), none=("embassy",)),
            'the rule can never hold: "embassy" is never met without "embassy", which none keeps out',
            id="its only word is kept out",
        ),
        pytest.param(
            Match(any=("US embassy", "đại sứ quán Mỹ"), none=("embassy", "đại sứ quán")),
            'the rule can never hold: "US embassy" is never met without "embassy", which none keeps out',
            id="each of its words holds one that is kept out",
        ),
        pytest.param(
            Match(all=("treaty", "wars"), none=("war",)),
            'the rule can never hold: "wars" is never met without "war", which none keeps out',
            id="one of all is kept out, in another number",
        ),
        pytest.param(
            Match(any=("ambassador",), but_not=("ambassador*",)),
            "",
            id="what a beginning meets may be spelled otherwise",
        ),
        pytest.param(
            Match(any=("brand ambassador",), but_not=("Brand Ambassador",)),
            'the rule can never hold: "brand ambassador" never counts beside "Brand Ambassador" under but_not',
            id="its only word never counts",
        ),
        pytest.param(
            Match(near=Near(words=("visit", "hotel room"), within=9), none=("hotel",)),
            'the rule can never hold: "hotel room" is never met without "hotel", which none keeps out',
            id="one of those that stand near is kept out",
        ),
        pytest.param(
            Match(at_least=AtLeast(n=2, of=("a b", "b", "c")), none=("b",)),
            'the rule can never hold: "a b" is never met without "b", which none keeps out',
            id="too few are left",
        ),
        pytest.param(
            Match(score=Score(threshold=3, weights=(("consul", 2), ("visit", 1))), none=("visit",)),
            'the rule can never hold: "visit" is never met without "visit", which none keeps out',
            id="too little weight is left",
        ),
        pytest.param(
            Match(any=(Match(all=("consul",)),), none=("consul",)),
            'the rule can never hold: "consul" is never met without "consul", which none keeps out',
            id="the none around it",
        ),
        pytest.param(Match(any=("US embassy",), none=("Embassy Suites",)), "", id="a longer one is kept out"),
        pytest.param(Match(any=("embassy", "US embassy"), none=("US embassy",)), "", id="another word is left"),
        pytest.param(
            Match(any=("embassy",), none=("embassy",), but_not=("embassy of Atlantis",)),
            'the rule can never hold: "embassy" is never met without "embassy", which none keeps out',
            id="what but_not lets pass does not speak for the rule either",
        ),
        pytest.param(
            Match(any=(Match(any=("embassy",), fields=("url",)),), none=("embassy",), fields=("title",)),
            "",
            id="it is kept out of another field",
        ),
        pytest.param(Match(any=("who",), none=('"WHO"',)), "", id="it is kept out in capitals only"),
        pytest.param(Match(any=("sứ quán",), none=("sứ",)), "", id="a text without accents may hold the phrase alone"),
        pytest.param(Match(any=("can tho",), none=("Cần Thơ",)), "", id="a text may be written in another language"),
        pytest.param(Match(any=("wars",), none=("war room",)), "", id="what is kept out says more"),
        pytest.param(Match(all=("war",), none=("wars",)), "", id="its plural is kept out"),
        pytest.param(
            Match(any=("总领事",), none=("领事",)),
            'the rule can never hold: "总领事" is never met without "领事", which none keeps out',
            id="signs within signs",
        ),
        pytest.param(
            Match(any=("re:.",)), '"re:." is met in nearly every text; write more of it', id="a pattern for everything"
        ),
        pytest.param(Match(any=("re:[0-9]+",)), "", id="a pattern for much"),
        pytest.param(Match(any=("a*",)), '"a*" is met in nearly every text; write more of it', id="one letter"),
        pytest.param(Match(any=("日*",)), "", id="a sign that is a word"),
        pytest.param(
            Match(any=("embassy", Match(none=("hotel",)))),
            "the rule holds for every item, as no word of it must be met; write one under any or all",
            id="what is not there is enough",
        ),
        pytest.param(
            Match(at_least=AtLeast(n=1, of=("embassy", Match(none=("hotel",))))),
            "the rule holds for every item, as no word of it must be met; write one under any or all",
            id="what is not there is one of many",
        ),
        pytest.param(
            Match(at_least=AtLeast(n=2, of=("embassy", Match(none=("hotel",))))), "", id="one more must be there"
        ),
    ],
)
def test_a_silent_rule_is_told(match: Match, why: str) -> None:
    found = [fault.text for fault in rule_faults(a_tag(match))]

    assert found == ([why] if why else [])


@pytest.mark.parametrize(
    ("match", "term", "why"),
    [
        pytest.param(
            Match(any=("foreign minister", "foreign ministers")),
            "foreign ministers",
            '"foreign ministers" adds nothing to "foreign minister", which meets it too; it can be removed',
            id="the plural of another",
        ),
        pytest.param(
            Match(any=("ambassador", "US embassy", "embassy"), none=("US embassy",)),
            "US embassy",
            '"US embassy" is never met without "US embassy", which none keeps out; it can be removed',
            id="one that is kept out",
        ),
        pytest.param(
            Match(any=("treaty", Match(any=('"WHO"', "who")))),
            '"WHO"',
            '"""WHO"" adds nothing'.replace('"""WHO""', '""WHO""') + ' to "who", which meets it too; it can be removed',
            id="capitals, deep in the rule",
        ),
        pytest.param(Match(any=("minister", "foreign minister")), "", "", id="a phrase tells more than its word"),
        pytest.param(Match(any=("consul", "consulate")), "", "", id="another word"),
        pytest.param(Match(any=("can tho", "Cần Thơ")), "", "", id="with accents and without"),
        pytest.param(Match(any=("a",), all=("a",)), "", "", id="two lists"),
    ],
)
def test_a_term_that_adds_nothing_is_told(match: Match, term: str, why: str) -> None:
    found = needless_terms(a_tag(match))

    assert [(fault.term, fault.text) for fault in found] == ([(term, why)] if why else [])
    assert rule_faults(a_tag(match)) == []


TERMS = st.sampled_from(
    ["minister", "ministers", "foreign minister", '"Minister"', "minist*", "đại sứ", "sứ", "dai su"]
)
RULES = st.builds(
    Match,
    any=st.lists(TERMS, min_size=1, max_size=3).map(tuple),
    none=st.lists(TERMS, max_size=2).map(tuple),
    but_not=st.lists(TERMS, max_size=2).map(tuple),
)
SENTENCES = st.lists(
    st.sampled_from(["Minister", "ministers", "minister", "foreign", "Đại", "sứ", "dai", "su"]), max_size=6
).map(" ".join)


@given(match=RULES, sentence=SENTENCES)
@settings(max_examples=300, deadline=None)
def test_a_rule_that_can_never_hold_never_holds(match: Match, sentence: str) -> None:
    tags = a_tag(match)
    silent = bool(rule_faults(tags))

    given_to = [verdict for verdict in judge_sentence(sentence, compile_rules(tags)) if verdict.given]

    assert not (silent and given_to)


@given(match=RULES, sentence=SENTENCES)
@settings(max_examples=300, deadline=None)
def test_a_term_that_adds_nothing_can_go(match: Match, sentence: str) -> None:
    tags = a_tag(match)
    needless = {fault.term for fault in needless_terms(tags)}
    fewer = a_tag(Match(any=tuple(t for t in match.any if t not in needless), none=match.none, but_not=match.but_not))

    before, after = (
        any(verdict.given for verdict in judge_sentence(sentence, compile_rules(each))) for each in (tags, fewer)
    )

    assert before == after or not fewer["it"].match.any  # type: ignore[union-attr]

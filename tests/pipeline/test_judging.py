import pytest

from syndicator.model.entry import Objection
from syndicator.model.tag import AtLeast, Match, Near, Score
from syndicator.pipeline.fields import BITS, lay_out
from syndicator.pipeline.judging import MAX_MISSING, Case
from syndicator.pipeline.rulebook import RuleBook, fields_of, terms_of
from syndicator.pipeline.terms import compile_terms


def judge(match, title, *, summary="", language="en"):
    """Return the case of a title and a summary, and the rule, which are judged."""
    terms = compile_terms(terms_of(match))
    page = lay_out([("title", title), ("summary", summary)], language=language)
    masks = [BITS[field] for field in page.fields]
    case = Case(page, terms.find(page), names=terms.names, masks=masks)
    return case, RuleBook({term: number for number, term in enumerate(terms.names)}).read(match)


def told(objections):
    """Return the *objections* as short tuples: kind, excluding words, what is missing, found, wanted."""
    return [
        (one.kind, one.reason.words if one.reason else "", one.missing, one.found, one.wanted) for one in objections
    ]


A_OR_BC = Match(any=("apple", Match(all=("bread", "cheese"))))
NEAR = Match(near=Near(words=("visit", "minister"), within=4))
TWO = Match(at_least=AtLeast(n=2, of=("apple", "bread", Match(any=("cheese", "cream")))))
TWO_WORDS = Match(at_least=AtLeast(n=2, of=("apple", "bread", "cheese")))
SCORE = Match(
    score=Score(threshold=3, weights=(("consulate", 3), ("cooperation", 1), ("trade", 2), ("gold price", -2)))
)
BRAND = Match(any=("ambassador",), but_not=("brand ambassador",))


@pytest.mark.parametrize(
    ("match", "title", "holds"),
    [
        pytest.param(Match(any=("apple", "bread")), "An apple", True, id="one of any"),
        pytest.param(Match(any=("apple", "bread")), "A pear", False, id="none of any"),
        pytest.param(Match(all=("apple", "bread")), "Bread and apples", True, id="all of all"),
        pytest.param(Match(all=("apple", "bread")), "Bread", False, id="one of all"),
        pytest.param(Match(any=("apple",), none=("pie",)), "An apple pie", False, id="one of none"),
        pytest.param(Match(any=("apple",), all=("bread",)), "An apple", False, id="every part must hold"),
        pytest.param(A_OR_BC, "Bread and cheese", True, id="a rule in any"),
        pytest.param(A_OR_BC, "Bread", False, id="a rule in any that does not hold"),
        pytest.param(Match(all=("apple", Match(none=("pie",)))), "An apple", True, id="a rule of none in all"),
        pytest.param(Match(all=("apple", Match(none=("pie",)))), "Apple pie", False, id="which is met"),
        pytest.param(Match(any=("apple",), none=(Match(all=("pie", "hot")),)), "Apple pie", True, id="a rule in none"),
        pytest.param(Match(any=("apple",), none=(Match(all=("pie", "hot")),)), "Hot apple pie", False, id="that holds"),
        pytest.param(Match(any=("apple",), none=(Match(none=("pie",)),)), "Apple", False, id="none of none"),
        pytest.param(NEAR, "Visit of the minister", True, id="near, in a stretch of so many words"),
        pytest.param(NEAR, "Minister's state visit", True, id="near, in any order"),
        pytest.param(NEAR, "Visit of the foreign minister", False, id="not near"),
        pytest.param(NEAR, "Visit. The minister left", False, id="near, but in another sentence"),
        pytest.param(NEAR, "Visit of St. Minister", True, id="an abbreviation ends no sentence"),
        pytest.param(NEAR, "Visit, a long and bad one. A minister visit", True, id="the nearest places count"),
        pytest.param(TWO, "Apple and bread", True, id="two of three"),
        pytest.param(TWO, "Apple and apple", False, id="twice the same is one"),
        pytest.param(TWO, "Apple with cream", True, id="a rule among them"),
        pytest.param(TWO, "Cheese with cream", False, id="which counts once"),
        pytest.param(SCORE, "A consulate", True, id="a weight that is enough"),
        pytest.param(SCORE, "Trade cooperation", True, id="weights that add up"),
        pytest.param(SCORE, "Cooperation, cooperation, cooperation", False, id="each counts once"),
        pytest.param(SCORE, "Consulate on gold prices", False, id="a weight that takes away"),
        pytest.param(BRAND, "The ambassador", True, id="a word outside of but_not"),
        pytest.param(BRAND, "The brand ambassador", False, id="a word inside"),
        pytest.param(BRAND, "A brand ambassador met the ambassador", True, id="one inside and one outside"),
        pytest.param(Match(any=("state visit",), but_not=("visit card",)), "State visit card", True, id="half inside"),
        pytest.param(
            Match(any=(Match(all=("ambassador",)),), but_not=("brand ambassador",)),
            "Brand ambassador",
            False,
            id="but_not is inherited",
        ),
        pytest.param(
            Match(any=("brand",), none=("ambassador",), but_not=("brand ambassador",)),
            "brand, brand ambassador",
            False,
            id="but it takes nothing from none",
        ),
        pytest.param(
            Match(any=("brand",), none=(Match(any=("ambassador",)),), but_not=("brand ambassador",)),
            "brand, brand ambassador",
            True,
            id="except from a rule within none, which inherits it",
        ),
        pytest.param(
            Match(near=Near(words=("brand", "ambassador"), within=9), but_not=("brand ambassador",)),
            "A brand ambassador",
            False,
            id="but_not takes from near",
        ),
        pytest.param(
            Match(score=Score(threshold=1, weights=(("ambassador", 1),)), but_not=("brand ambassador",)),
            "A brand ambassador",
            False,
            id="and from score",
        ),
    ],
)
def test_a_rule_holds_where_every_part_of_it_does(match, title, holds):
    case, rule = judge(match, title)

    assert case.holds(rule) is holds
    assert (case.objections(rule) == ()) is holds


def test_near_words_stand_in_one_field():
    case, rule = judge(NEAR, "A visit", summary="Minister")

    assert not case.holds(rule)


def test_letters_of_a_script_without_spaces_count_as_words():
    near = Match(near=Near(words=("部长", "访问"), within=6))

    assert [case.holds(rule) for case, rule in (judge(near, "部长昨天访问"), judge(near, "部长昨天又访问"))] == [
        True,
        False,
    ]


def test_a_rule_looks_in_its_own_fields():
    match = Match(any=("apple", Match(any=("bread",), fields=("summary",))), fields=("title",))

    given = [judge(match, *texts) for texts in (("Bread",), ("Pear",))]
    in_summary = judge(match, "Pear", summary="Bread")

    assert [case.holds(rule) for case, rule in given] == [False, False]
    assert in_summary[0].holds(in_summary[1])


@pytest.mark.parametrize(
    ("match", "title", "reasons"),
    [
        pytest.param(
            Match(any=("bread", "apple")), "Apple, bread, apple", [("apple", 0), ("bread", 7)], id="each once"
        ),
        pytest.param(A_OR_BC, "Bread with apple", [("apple", 11)], id="of a rule within, only where it holds"),
        pytest.param(A_OR_BC, "Bread, cheese", [("bread", 0), ("cheese", 7)], id="then all of it"),
        pytest.param(BRAND, "Brand ambassador, ambassador", [("ambassador", 18)], id="what is not swallowed"),
        pytest.param(NEAR, "Visit: a sad day. A minister visit", [("minister", 20), ("visit", 29)], id="the near ones"),
        pytest.param(SCORE, "Consulate on trade", [("consulate", 0), ("trade", 13)], id="what has weight"),
    ],
)
def test_reasons_are_the_words_for_which_a_rule_holds(match, title, reasons):
    case, rule = judge(match, title)

    assert [(reason.term, reason.start) for reason in case.reasons(rule, holding=True)] == reasons


def test_reasons_of_what_nearly_holds_are_all_that_was_met():
    case, rule = judge(A_OR_BC, "Bread")

    assert [reason.words for reason in case.reasons(rule, holding=False)] == ["Bread"]


@pytest.mark.parametrize(
    ("match", "title", "objections"),
    [
        pytest.param(
            Match(any=("apple",), none=("pie",)), "Apple pie", [("none", "pie", (), 0, 0)], id="the excluding word"
        ),
        pytest.param(BRAND, "Brand ambassadors", [("none", "Brand ambassadors", (), 0, 0)], id="the swallowing words"),
        pytest.param(Match(all=("apple", "bread")), "Apple", [("all", "", ("bread",), 0, 0)], id="what is missing"),
        pytest.param(
            Match(any=("apple",), all=("bread",)), "Bread", [("any", "", ("apple",), 0, 0)], id="none of any is there"
        ),
        pytest.param(A_OR_BC, "Bread", [("all", "", ("cheese",), 0, 0)], id="what a rule within misses"),
        pytest.param(NEAR, "Visit of the foreign minister", [("near", "", (), 5, 4)], id="how far apart"),
        pytest.param(NEAR, "Visit", [("near", "", ("minister",), 0, 4)], id="one not there"),
        pytest.param(
            TWO_WORDS, "Apple", [("at_least", "", ("bread", "cheese"), 1, 2)], id="how many of how many, and what else"
        ),
        pytest.param(SCORE, "Trade", [("score", "", (), 2, 3)], id="what weight of what"),
        pytest.param(
            Match(any=("apple",), all=("bread",), none=("pie",)),
            "Apple pie",
            [("none", "pie", (), 0, 0), ("all", "", ("bread",), 0, 0)],
            id="the most telling first",
        ),
    ],
)
def test_objections_say_which_part_does_not_hold(match, title, objections):
    case, rule = judge(match, title)

    assert told(case.objections(rule)) == objections


def test_of_many_missing_terms_a_few_are_named():
    match = Match(all=("apple", Match(any=tuple(f"w{number}" for number in range(30)))))

    case, rule = judge(match, "Apple")

    [objection] = case.objections(rule)
    assert isinstance(objection, Objection)
    assert objection.missing == tuple(f"w{number}" for number in range(MAX_MISSING))


@pytest.mark.parametrize(
    ("more", "missing"),
    [
        pytest.param(tuple(f"w{number}" for number in range(MAX_MISSING + 1)), (), id="too many"),
        pytest.param((Match(any=("cheese",)), "bread"), ("bread", "cheese"), id="a word and a rule"),
        pytest.param((Match(any=("tea", "coffee", "juice")),), ("tea / coffee / …",), id="the first words of a rule"),
        pytest.param((Match(all=(Match(any=("tea", "milk")),)),), ("tea / milk",), id="of a rule of rules"),
        pytest.param((Match(any=("apple",)), "bread"), ("bread",), id="no rule that holds"),
        pytest.param((Match(none=("apple",)), "bread"), ("bread",), id="no rule without words of its own"),
    ],
)
def test_what_else_would_count_is_named_whole_or_not_at_all(more, missing):
    case, rule = judge(Match(at_least=AtLeast(n=9, of=("apple", *more))), "Apple")

    [(kind, _, named, _, _)] = told(case.objections(rule))
    assert (kind, named) == ("at_least", missing)


def test_of_two_terms_at_one_place_that_of_the_outer_rule_is_told_first():
    case, rule = judge(Match(any=(Match(any=("consul*",)), "consulate")), "A consulate")

    assert [reason.term for reason in case.reasons(rule, holding=True)] == ["consulate", "consul*"]


def test_of_excluding_words_within_others_only_those_around_are_told():
    match = Match(any=("visit",), none=("tea", "tea shop", "Tea Shop", "cake"))

    case, rule = judge(match, "A visit to the tea shop for cake")

    assert [objection.reason.words for objection in case.objections(rule)] == ["tea shop", "cake"]


def test_that_none_of_a_list_of_hundreds_is_met_is_no_objection():
    match = Match(all=("apple", Match(any=tuple(f"w{number}" for number in range(100)))))

    case, rule = judge(match, "Apple")

    assert not case.holds(rule)
    assert case.objections(rule) == ()


def test_of_alternatives_those_object_that_say_more_than_that_their_words_are_missing():
    far, near = Match(all=("apple", Match(any=("tree",)))), Match(any=("apple",), none=("pie",))

    case, rule = judge(Match(any=(far, near)), "Apple pie")

    assert [objection.kind for objection in case.objections(rule)] == ["none"]


def test_a_rule_is_touched_by_words_that_speak_for_it_in_its_fields():
    match = Match(any=("apple",), none=("pie",), fields=("title",))

    touched = [judge(match, "Apple pie"), judge(match, "Pie"), judge(match, "Pear", summary="Apple")]

    assert [case.touches(rule) for case, rule in touched] == [True, False, False]
    swallowed = judge(BRAND, "A brand ambassador")
    assert swallowed[0].touches(swallowed[1])


def test_all_terms_and_fields_of_a_rule_are_known():
    match = Match(
        any=("a", Match(all=("b",), fields=("url",))),
        none=("c", Match(any=("d",), fields=("content",))),
        but_not=("e",),
        near=Near(words=("f", "g"), within=3),
        at_least=AtLeast(n=1, of=("h", Match(any=("i",), fields=("author",)))),
        score=Score(threshold=1, weights=(("j", 1), ("k", -1))),
    )

    assert set(terms_of(match)) == set("abcdefghijk")
    assert set(fields_of(match)) == {"title", "summary", "url", "content", "author"}

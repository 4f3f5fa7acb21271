import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicator.model.language import Localized
from syndicator.model.story import Feed, Selection, TagChoice
from syndicator.model.tag import AtLeast, Match, Near, Score, Tag
from syndicator.pipeline.rules import (
    compile_rules,
    judge_entry,
    judge_sentence,
    rules_fingerprint,
    tag_entry,
    tag_items,
)
from syndicator.testing import a_source, an_entry, an_item


def a_tag(id: str = "diplomacy", **match: object) -> Tag:
    return Tag(id=id, label=Localized({"en": id}), match=Match(**match) if match else None)  # type: ignore[arg-type]


def test_a_reason_names_the_term_the_words_the_field_and_the_place():
    entry = an_entry("Nothing here", summary="Then the Consul General spoke.")

    [tagging] = tag_entry(entry, compile_rules({"d": a_tag("d", any=("consul general",))}))

    [reason] = tagging.reasons
    assert (reason.field, reason.term, reason.words) == ("summary", "consul general", "Consul General")
    assert entry.summary[reason.start :].startswith("Consul General")


def test_a_rule_looks_only_where_it_is_told():
    rules = compile_rules({"d": a_tag("d", any=("visit",), fields=("title",))})

    assert tag_entry(an_entry("Nothing", summary="A visit"), rules) == ()


def test_a_source_may_give_a_tag_and_says_so():
    [tagging] = tag_entry(an_entry("Nothing"), compile_rules({"v": a_tag("v")}), given=["v"])

    assert (tagging.tag, tagging.reasons[0].field) == ("v", "source")


def test_an_item_that_no_feed_takes_is_kept_with_the_reason():
    feed = Feed(id="f", title=Localized(), select=Selection(tags=TagChoice(any=("diplomacy",))))
    tags = {"diplomacy": a_tag(any=("consulate",)), "vietnam": a_tag("vietnam")}

    taken, tagged, bare = tag_items(
        [an_item("A consulate"), an_item("Rain", source="tuoitre", summary=""), an_item("Sun", summary="")],
        compile_rules(tags),
        sources={"vna": a_source(), "tuoitre": a_source("tuoitre", tags=("vietnam",))},
        feeds=[feed],
    )

    assert taken.rejected == ""
    assert tagged.rejected == "no feed takes it: its tags are vietnam"
    assert bare.rejected == "no feed takes it: no rule gave it a tag"


PERSON_AND_CITY = {
    "person": a_tag("person", any=("Hồ Chí Minh",), but_not=("thành phố Hồ Chí Minh", "TP Hồ Chí Minh")),
    "city": a_tag("city", any=("TP.HCM", "thành phố Hồ Chí Minh", "TP Hồ Chí Minh")),
}


@pytest.mark.parametrize(
    ("title", "tags"),
    [
        pytest.param("Chủ tịch Hồ Chí Minh", ["person"], id="the person"),
        pytest.param("Thành phố Hồ Chí Minh", ["city"], id="the city"),
        pytest.param("TP. Hồ Chí Minh", ["city"], id="the city in short"),
        pytest.param("Ở TP.HCM", ["city"], id="the city in letters"),
        pytest.param("TP.HCM nhớ Chủ tịch Hồ Chí Minh", ["person", "city"], id="both"),
        pytest.param("CHỦ TỊCH HỒ CHÍ MINH", ["person"], id="the person in upper case"),
        pytest.param("Chu tich Ho Chi Minh", ["person"], id="the person without accents"),
        pytest.param("Thanh pho Ho Chi Minh", ["city"], id="the city without accents"),
        pytest.param("Đường Ho Chi Minh", [], id="a slip among accents is neither"),
    ],
)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_the_person_is_told_from_the_city_that_bears_his_name(title, tags, form):
    entry = an_entry(unicodedata.normalize(form, title), summary="", language="vi")

    assert [tagging.tag for tagging in tag_entry(entry, compile_rules(PERSON_AND_CITY))] == tags


@pytest.mark.parametrize(
    ("field", "term", "words"),
    [
        pytest.param("title", "consulate", "Consulate", id="title"),
        pytest.param("summary", "summit", "summit", id="summary"),
        pytest.param("content", "R&D", "R&D", id="content is read as plain text"),
        pytest.param("category", "foreign affairs", "Foreign affairs", id="category"),
        pytest.param("author", "ada", "Ada", id="author"),
        pytest.param("url", "the-gioi", "the-gioi", id="address"),
        pytest.param("source", "paper", "paper", id="its outlet is a source"),
        pytest.param("source", "world", "world", id="and so is each of its sources"),
        pytest.param("language", "zh", "zh", id="language, whatever the script"),
    ],
)
def test_a_rule_looks_in_the_field_that_it_names(field, term, words):
    entry = an_entry(
        "Consulate",
        summary="A summit",
        content="<p>Of <b>R&amp;D</b></p>",
        categories=("Rain", "Foreign affairs"),
        authors=("Bob", "Ada"),
        url="https://paper.example/the-gioi/1.html",
        language="zh-Hans",
    )

    rules = compile_rules({"t": a_tag("t", any=(term,), fields=(field,))})
    [tagging] = tag_entry(entry, rules, outlet="paper", sources=("home", "world"))

    assert [(reason.field, reason.words) for reason in tagging.reasons] == [(field, words)]


def test_categories_do_not_run_into_each_other():
    rules = compile_rules({"t": a_tag("t", any=("rain foreign",), fields=("category",))})

    assert tag_entry(an_entry(categories=("Rain", "Foreign")), rules) == ()


FAMILY = {
    "diplomacy/visits": a_tag("diplomacy/visits", any=("state visit",)),
    "hcmc": a_tag("hcmc", any=("saigon",)),
    "diplomacy": a_tag("diplomacy", any=("consulate",)),
    "local": Tag(
        id="local", label=Localized(), match=Match(any=("consulate", "visit")), requires=("hcmc", "diplomacy")
    ),
}


@pytest.mark.parametrize(
    ("title", "tags"),
    [
        pytest.param("A state visit", ["diplomacy/visits", "diplomacy"], id="a child brings its parent"),
        pytest.param("A consulate", ["diplomacy"], id="but not the other way round"),
        pytest.param("A consulate in Saigon", ["hcmc", "diplomacy", "local"], id="what is required is there"),
        pytest.param(
            "State visit to Saigon", ["diplomacy/visits", "hcmc", "diplomacy", "local"], id="be it brought by a child"
        ),
        pytest.param("A visit to Saigon", ["hcmc"], id="one of two is not"),
    ],
)
def test_tags_build_on_tags(title, tags):
    taggings = tag_entry(an_entry(title, summary=""), compile_rules(FAMILY))

    assert [tagging.tag for tagging in taggings] == tags


def test_a_parent_says_which_child_brought_it():
    taggings = tag_entry(an_entry("State visit to a consulate", summary=""), compile_rules(FAMILY))

    [reasons] = [tagging.reasons for tagging in taggings if tagging.tag == "diplomacy"]
    assert [(reason.field, reason.term) for reason in reasons] == [("title", "consulate"), ("tag", "diplomacy/visits")]


def test_what_a_source_gives_counts_as_required_and_brings_its_parent():
    taggings = tag_entry(
        an_entry("A visit", summary=""), compile_rules(FAMILY), given=["hcmc", "diplomacy/visits", "unheard-of"]
    )

    assert [tagging.tag for tagging in taggings] == ["diplomacy/visits", "hcmc", "diplomacy", "local"]


def test_tags_that_require_each_other_are_not_given():
    tags = {
        one: Tag(id=one, label=Localized(), match=Match(any=("visit",)), requires=(other,))
        for one, other in (("a", "b"), ("b", "a"))
    }

    verdicts = judge_entry(an_entry("A visit", summary=""), compile_rules(tags))

    assert [(one.tag, one.given, one.objections[0].missing) for one in verdicts] == [
        ("a", False, ("b",)),
        ("b", False, ("a",)),
    ]


def test_a_tag_that_is_nearly_given_comes_with_what_speaks_against_it():
    verdicts = judge_entry(an_entry("A visit to Saigon", summary=""), compile_rules(FAMILY))

    assert [(one.tag, one.given) for one in verdicts] == [("hcmc", True), ("local", False)]
    assert [reason.words for reason in verdicts[1].reasons] == ["visit"]
    assert [(one.kind, one.missing) for one in verdicts[1].objections] == [("requires", ("diplomacy",))]


def test_what_no_word_speaks_for_is_not_nearly_given():
    rules = compile_rules({"t": a_tag("t", any=("visit",), none=("museum",)), "u": a_tag("u", none=("museum",))})

    assert judge_entry(an_entry("A museum", summary=""), rules) == ()
    assert judge_entry(an_entry("Rain", summary=""), rules) == ()


@given(st.lists(st.sampled_from(["state visit", "Saigon", "consulate", "and", "visit. "]), max_size=6), st.booleans())
def test_the_verdicts_that_are_given_are_the_tags(words, local):
    rules = compile_rules(FAMILY)
    entry = an_entry(" ".join(words), summary="")
    by_source = ["hcmc"] if local else []

    verdicts = judge_entry(entry, rules, given=by_source)

    taggings = tag_entry(entry, rules, given=by_source)
    assert [(one.tag, one.reasons) for one in verdicts if one.given] == [(one.tag, one.reasons) for one in taggings]
    assert all(bool(one.objections) is not one.given for one in verdicts)


def test_a_sentence_stands_for_every_field():
    tags = {
        "t": a_tag("t", all=("visit", Match(any=("the-gioi",), fields=("url",)))),
        "v": a_tag("v", all=("visit", Match(any=("vi",), fields=("language",)))),
    }

    verdicts = judge_sentence("A visit, the-gioi", compile_rules(tags), language="vi")

    assert [(one.tag, one.given) for one in verdicts] == [("t", True), ("v", True)]
    assert [(reason.field, reason.words, reason.start) for reason in verdicts[0].reasons] == [
        ("title", "visit", 2),
        ("title", "the-gioi", 9),
    ]


def test_a_sentence_tells_which_word_keeps_a_tag_away():
    rules = compile_rules({"t": a_tag("t", any=("ngoại",), none=("ngoại hạng",))})

    [verdict] = judge_sentence("Giải ngoại hạng Anh", rules)

    assert not verdict.given
    [objection] = verdict.objections
    assert objection.kind == "none"
    assert objection.reason is not None
    assert (objection.reason.field, objection.reason.words, objection.reason.start) == ("title", "ngoại hạng", 5)


@pytest.mark.parametrize("sentence", ["", "\ud800 visit", "\x00visit", "\u200bvisit"])
def test_whatever_is_typed_is_judged(sentence):
    verdicts = judge_sentence(sentence, compile_rules({"t": a_tag("t", any=("visit", "re:vis.t"))}))

    assert [verdict.given for verdict in verdicts] == ([True] if sentence else [])


def test_items_are_tagged_by_all_their_sources_and_their_outlet():
    rules = compile_rules({"t": a_tag("t", all=("world", "paper"), fields=("source",))})
    item = replace(an_item("Rain"), sources=("home", "world"), outlet="paper")

    [tagged] = tag_items([item], rules, sources={}, feeds=[])

    assert tagged.tag_ids == {"t"}


def test_the_fingerprint_of_the_rules_changes_with_what_a_tag_requires():
    tag = a_tag("t", any=("visit",))

    before = rules_fingerprint({"t": tag}, {}, {})

    assert rules_fingerprint({"t": replace(tag, label=Localized({"en": "T"}))}, {}, {}) == before
    assert rules_fingerprint({"t": replace(tag, requires=("u",))}, {}, {}) != before
    assert rules_fingerprint({"t": replace(tag, match=Match(any=("visits",)))}, {}, {}) != before


def test_the_fingerprint_of_the_rules_changes_with_whatever_a_rule_says():
    rules = [
        Match(any=("a", "b")),
        Match(any=("b", "a")),
        Match(any=("a b",)),
        Match(all=("a", "b")),
        Match(any=(Match(any=("a", "b")),)),
        Match(any=(Match(all=("a", "b")),)),
        Match(any=("a", "b"), none=("c",)),
        Match(any=("a", "b"), but_not=("c",)),
        Match(any=("a", "b"), fields=("title",)),
        Match(at_least=AtLeast(n=1, of=("a", "b"))),
        Match(at_least=AtLeast(n=2, of=("a", "b"))),
        Match(near=Near(words=("a", "b"), within=2)),
        Match(near=Near(words=("a", "b"), within=3)),
        Match(score=Score(threshold=1, weights=(("a", 1), ("b", 1)))),
        Match(score=Score(threshold=1, weights=(("a", 1), ("b", 2)))),
    ]

    found = {rules_fingerprint({"t": replace(a_tag("t"), match=rule)}, {}, {}) for rule in rules}

    assert len(found) == len(rules)


def test_the_fingerprint_of_the_rules_is_that_of_what_they_say_and_not_of_how_it_is_kept():
    shared = ("a", "b")
    once = {id: a_tag(id, any=shared) for id in "tu"}
    twice = {id: a_tag(id, any=tuple(iter(shared))) for id in "tu"}

    assert rules_fingerprint(once, {}, {}) == rules_fingerprint(twice, {}, {})

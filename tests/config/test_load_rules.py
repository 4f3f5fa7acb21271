"""The rules of feeds.yaml become matches in which nothing has to be looked up any more."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import pytest

from syndicator.config.load import load_config
from syndicator.config.mistake import Failure
from syndicator.config.model import Config
from syndicator.config.vocabulary import WrittenVocabulary, build_vocabulary
from syndicator.errors import ConfigError, UnknownVocabulary
from syndicator.model.language import Localized
from syndicator.model.tag import AtLeast, Match, Near, Score, Tag

HEAD = """\
site: {title: City Wire, url: "https://news.example", publisher: {name: City Desk, email: desk@news.example}}
sources: [{id: wire, title: The Wire, url: "https://wire.example/rss"}]
"""
SHIPPED = """\
words:
  football: [goal, kick]
tags:
  sport:
    label: {en: Sport, vi: Thể thao}
    mediatopic: 15000000
    match: {any: [{words: football}, race]}
    must_match: [A goal at last]
  diplomacy:
    label: {en: Diplomacy}
    match: {any: [embassy], none: [{words: football}]}
    must_match: [An embassy opens]
  diplomacy/visits:
    match: {any: [state visit]}
    must_match: [A state visit begins]
"""


def shipped(name: str) -> WrittenVocabulary:
    if name != "foreign-affairs":
        raise UnknownVocabulary(name, ["foreign-affairs"])
    return build_vocabulary({"one.yaml": SHIPPED})


def load(rules: str) -> Config:
    return load_config(HEAD + rules, env={}, vocabulary=shipped)


def match_of(written: str, *, words: str = "{}") -> Match | None:
    """Load the rule *written* for a tag."""
    return (
        load(f"words: {words}\ntags:\n  other: {{match: {{any: [x], in: [url]}}}}\n  it: {{match: {written}}}\n")
        .tags["it"]
        .match
    )


@pytest.mark.parametrize(
    ("written", "match"),
    [
        pytest.param(
            '{any: [foreign minister, consul*, \'"WHO"\', "re:G(7|20)"]}',
            Match(any=("foreign minister", "consul*", '"WHO"', "re:G(7|20)")),
            id="all four kinds of terms",
        ),
        pytest.param(
            "{any: [a, {all: [b, {none: [c]}]}]}",
            Match(any=("a", Match(all=("b", Match(none=("c",)))))),
            id="a rule in a rule in a rule",
        ),
        pytest.param(
            "{any: [a, {any: [b], in: [url]}, {any: [c, {any: [d]}], in: [category]}], in: [title]}",
            Match(
                any=(
                    "a",
                    Match(any=("b",), fields=("url",)),
                    Match(any=("c", Match(any=("d",), fields=("category",))), fields=("category",)),
                ),
                fields=("title",),
            ),
            id="fields are those around it, unless it names its own",
        ),
        pytest.param(
            "{near: {words: [visit, minister], within: 8}}", Match(near=Near(words=("visit", "minister"), within=8))
        ),
        pytest.param(
            "{at_least: {n: 2, of: [a, b, {any: [c]}]}}",
            Match(at_least=AtLeast(n=2, of=("a", "b", Match(any=("c",))))),
        ),
        pytest.param(
            "{score: {threshold: 3, weights: {consulate: 3, gold price: -2, 2026: 0.5}}}",
            Match(score=Score(threshold=3, weights=(("consulate", 3), ("gold price", -2), ("2026", 0.5)))),
        ),
        pytest.param(
            "{any: [{words: w}, x], all: [{words: w}], none: [{words: w}], but_not: [{words: w}, y]}",
            Match(any=("p", "q", "x"), all=("p", "q"), none=("p", "q"), but_not=("p", "q", "y")),
            id="the words of a list stand where it is named",
        ),
        pytest.param(
            "{at_least: {n: 3, of: [a, {words: w}]}}",
            Match(at_least=AtLeast(n=3, of=("a", "p", "q"))),
            id="each word of a list counts",
        ),
        pytest.param(
            "{any: [{rule: other}, a], in: [title]}",
            Match(any=(Match(any=("x",), fields=("url",)), "a"), fields=("title",)),
            id="another tag's rule has its own fields",
        ),
        pytest.param(
            "{any: [a], in: [title, summary, content, category, author, url, source, language]}",
            Match(
                any=("a",),
                fields=("title", "summary", "content", "category", "author", "url", "source", "language"),
            ),
            id="all eight fields",
        ),
        pytest.param('{any: ["re:a  b"]}', Match(any=("re:a  b",)), id="a pattern keeps its spaces"),
    ],
)
def test_a_match_mirrors_what_is_written(written: str, match: Match) -> None:
    assert match_of(written, words="{w: [p, q]}") == match


def test_what_a_tag_requires_is_one_or_a_list() -> None:
    tags = load("tags: {a: {}, b: {requires: a}, c: {requires: [a, b]}, a/d: {requires: [c]}}\n").tags

    assert [tag.requires for tag in tags.values()] == [(), ("a",), ("a", "b"), ("c",)]
    assert tags["a/d"].parent == "a"


@pytest.mark.parametrize(
    "sign", ["\\u200b", "\\ufeff", "\\u00ad"], ids=["no space", "a mark of order", "a soft hyphen"]
)
def test_a_term_with_a_sign_that_nobody_sees_is_refused(sign: str) -> None:
    with pytest.raises(ConfigError, match=r"holds a sign that nobody sees \(U\+"):
        load(f'tags: {{it: {{match: {{any: ["em{sign}bassy"]}}}}}}\n')


def test_a_tag_without_a_media_topic_has_that_of_its_parent() -> None:
    tags = load("tags: {a: {mediatopic: 20000639}, a/b: {}, a/b/c: {}, a/d: {mediatopic: 20000640}, e: {}}\n").tags

    assert {id: tag.mediatopic for id, tag in tags.items()} == {
        "a": 20000639,
        "a/b": 20000639,
        "a/b/c": 20000639,
        "a/d": 20000640,
        "e": 0,
    }


def test_groups_of_the_same_and_of_different_stories_arrive() -> None:
    config = load(
        "same: [[https://a.example/1, https://b.example/1]]\nnot_same: [[https://a.example/2, https://b.example/1]]\n"
    )

    assert config.same == (("https://a.example/1", "https://b.example/1"),)
    assert config.not_same == (("https://a.example/2", "https://b.example/1"),)


class TestVocabulary:
    """`use` takes the tags and lists of a vocabulary, and the file goes before it."""

    def test_its_tags_come_first_and_the_files_own_after(self) -> None:
        config = load("use: [foreign-affairs]\ntags: {own: {}, sport: {label: Games}}\n")

        assert list(config.tags) == ["sport", "diplomacy", "diplomacy/visits", "own"]
        assert config.use == ("foreign-affairs",)
        assert config.words == {"football": ("goal", "kick")}

    def test_a_key_of_the_file_replaces_that_key_and_no_other(self) -> None:
        config = load("use: [foreign-affairs]\ntags: {sport: {label: Games, must_match: [A race]}}\n")

        assert config.tags["sport"] == Tag(
            id="sport",
            label=Localized({"en": "Games"}),
            mediatopic=15000000,
            match=Match(any=("goal", "kick", "race")),
            must_match=("A race",),
        )

    def test_a_list_of_the_file_takes_the_place_of_its_namesake_in_all_rules(self) -> None:
        config = load("use: [foreign-affairs]\nwords: {football: [offside]}\n")

        assert config.tags["sport"].match == Match(any=("offside", "race"))
        assert config.tags["diplomacy"].match == Match(any=("embassy",), none=("offside",))

    def test_its_lists_and_rules_can_be_used(self) -> None:
        config = load("use: [foreign-affairs]\ntags: {own: {match: {any: [{rule: diplomacy}, {words: football}]}}}\n")

        assert config.tags["own"].match == Match(any=(Match(any=("embassy",), none=("goal", "kick")), "goal", "kick"))

    def test_sources_and_feeds_may_name_its_tags(self) -> None:
        rules = "use: [foreign-affairs]\nfeeds: {f: {title: F, select: {tags: {any: [diplomacy/visits]}}}}\n"

        assert load(rules).feeds["f"].select.tags.any == ("diplomacy/visits",)

    def test_an_unknown_one_is_told_with_those_that_there_are_and_brings_no_other_mistakes(self) -> None:
        with pytest.raises(ConfigError) as near:
            load("use: [foreign-affair]\ntags: {own: {requires: diplomacy}, diplomacy/x: {}}\n")
        with pytest.raises(ConfigError) as far:
            load("use: [sport]\n")

        assert str(near.value) == (
            'feeds.yaml:3:7 use[0]: there is no vocabulary "foreign-affair"; did you mean "foreign-affairs"?'
        )
        assert str(far.value) == 'feeds.yaml:3:7 use[0]: there is no vocabulary "sport"; there is foreign-affairs'


@pytest.mark.parametrize(
    ("rules", "tried"),
    [
        pytest.param("tags: {own: {match: {any: [a]}}}", ["own"], id="its own tag"),
        pytest.param("tags: {sport: {label: Games}}", [], id="another label"),
        pytest.param("tags: {sport: {must_match: [A race]}}", ["sport"], id="another sentence"),
        pytest.param("words: {football: [a]}", ["sport", "diplomacy"], id="a list: all that use it"),
        pytest.param(
            "tags: {diplomacy/visits: {match: {any: [a]}}}",
            ["diplomacy", "diplomacy/visits"],
            id="a child: what it gives",
        ),
        pytest.param(
            "tags: {own: {requires: sport, match: {any: [a]}}, far: {match: {any: [{rule: own}]}}}",
            ["own", "far"],
            id="a rule, and the rule that it stands in",
        ),
    ],
)
def test_of_a_vocabulary_those_tags_are_tried_that_the_file_changes(rules: str, tried: list[str]) -> None:
    seen: list[str] = []

    def try_tags(tags: Mapping[str, Tag], changed: Collection[str]) -> Collection[Failure]:
        seen.extend(changed)
        assert {"sport", "diplomacy", "diplomacy/visits"} <= tags.keys()
        return ()

    load_config(f"{HEAD}use: [foreign-affairs]\n{rules}\n", env={}, vocabulary=shipped, try_tags=try_tags)

    assert seen == tried


@pytest.mark.parametrize(
    ("rules", "failure", "told"),
    [
        pytest.param(
            "tags: {sport: {match: {any: [a, {all: [b, c]}]}}}",
            Failure(tag="sport", key="match", term="c", text="no good"),
            "4:43 tags.sport.match.any[1].all[1]: no good",
            id="a term, deep in the rule",
        ),
        pytest.param(
            "tags: {sport: {match: {any: [a]}}}",
            Failure(tag="sport", key="must_match", index=0, text="no good"),
            "4:15 tags.sport: no good",
            id="a sentence of the vocabulary, at the tag that the file has",
        ),
        pytest.param(
            "words: {football: [a]}",
            Failure(tag="diplomacy", key="must_match", index=0, text="no good"),
            "4:19 words.football: the tag diplomacy of the vocabulary, which builds on this: no good",
            id="a sentence of a tag that the file has not, at the list that it changed",
        ),
        pytest.param(
            "tags: {diplomacy/visits: {match: {any: [a]}}}",
            Failure(tag="diplomacy", key="match", text="no good"),
            '4:26 tags."diplomacy/visits": the tag diplomacy of the vocabulary, which builds on this: no good',
            id="a parent that the file has not, at its child",
        ),
        pytest.param(
            "words: {football: [goal, 're:(']}",
            Failure(tag="sport", key="match", term="re:(", text="no good"),
            "4:26 words.football[1]: no good",
            id="a term of a list that the vocabulary uses",
        ),
        pytest.param(
            "tags: {own: {match: {score: {threshold: 1, weights: {x y: 1}}}}}",
            Failure(tag="own", key="match", term="x y", text="no good"),
            '4:59 tags.own.match.score.weights."x y": no good',
            id="a term with a weight",
        ),
    ],
)
def test_a_failure_is_told_at_what_the_file_has(rules: str, failure: Failure, told: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load_config(
            f"{HEAD}use: [foreign-affairs]\n{rules}\n", env={}, vocabulary=shipped, try_tags=lambda *_: [failure]
        )

    assert str(caught.value) == f"feeds.yaml:{told}"


def test_a_mistake_in_a_rule_brings_none_in_those_that_build_on_it() -> None:
    tried: list[str] = []
    rules = (
        "words: {w: [x, 1:, '-'], fine: [y]}\n"
        "tags:\n"
        "  a: {match: {any: [{words: w}]}, must_match: [Nothing of it]}\n"
        "  b: {requires: a, match: {any: [b]}, must_match: [Nothing of it]}\n"
        "  c: {match: {any: [{rule: b}]}, must_match: [Nothing of it]}\n"
        "  d: {match: {any: [{words: fine}]}}\n"
    )

    with pytest.raises(ConfigError) as caught:
        load_config(HEAD + rules, env={}, try_tags=lambda _, changed: tried.extend(changed) or ())  # type: ignore[func-returns-value]

    assert [mistake.path for mistake in caught.value.mistakes] == ["words.w[2]"]
    assert tried == ["d"]


def test_what_the_environment_puts_into_a_rule_is_not_shown() -> None:
    rules = "words: {w: ['${HUSH}']}\ntags: {a: {match: {any: [{words: w}]}, must_match: [A day]}}\n"
    failure = Failure(tag="a", key="must_match", text='"A day" does not match "Tr0ub4dor"')

    with pytest.raises(ConfigError) as caught:
        load_config(HEAD + rules, env={"HUSH": "Tr0ub4dor"}, try_tags=lambda *_: [failure])

    assert "Tr0ub4dor" not in str(caught.value)
    assert "${HUSH}" in str(caught.value)

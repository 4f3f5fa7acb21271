from datetime import timedelta

import pytest

from syndicator.model.language import Localized
from syndicator.model.story import Feed, Selection, Story, TagChoice
from syndicator.pipeline.curate import curate, refusal
from syndicator.testing import NOON, a_source, a_story, an_item


def a_feed(**select: object) -> Feed:
    return Feed(id="f", title=Localized({"en": "F"}), select=Selection(**select))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("select", "taken"),
    [
        pytest.param({"tags": TagChoice(any=("diplomacy", "x"))}, True, id="one of any"),
        pytest.param({"tags": TagChoice(all=("diplomacy", "x"))}, False, id="not all"),
        pytest.param({"tags": TagChoice(none=("diplomacy",))}, False, id="excluded"),
        pytest.param({"languages": ("en",)}, True, id="its language"),
        pytest.param({"languages": ("vi",)}, False, id="not its language"),
        pytest.param({"newer_than": timedelta(minutes=30)}, False, id="too old"),
        pytest.param({"sources": ("vna",)}, True, id="its source"),
        pytest.param({"sources": ("other",)}, False, id="not its source"),
    ],
)
def test_a_feed_takes_what_it_selects(select, taken):
    assert bool(curate([a_story(an_item())], a_feed(**select), now=NOON)) is taken


def test_a_feed_of_chinese_takes_both_scripts_and_one_of_a_script_only_that():
    story = a_story(an_item(language="zh-Hans"))

    assert curate([story], a_feed(languages=("zh",)), now=NOON)
    assert not curate([story], a_feed(languages=("zh-Hant",)), now=NOON)


def test_the_newest_come_first_up_to_the_limit():
    stories = [a_story(an_item(f"Story {n}", published=NOON - timedelta(hours=n))) for n in (3, 1, 2)]

    chosen = curate(stories, a_feed(limit=2), now=NOON)

    assert [story.items[0].entry.title for story in chosen] == ["Story 1", "Story 2"]


PAPERS = {"grand": a_source("grand", weight=2.0), "small": a_source("small", weight=1.0)}


def told_by(*outlets: str, hours: float, title: str = "A treaty is signed") -> Story:
    return a_story(*[an_item(title, source=o, published=NOON - timedelta(hours=hours)) for o in outlets])


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param(told_by("small", hours=1), told_by("small", hours=2), id="the newer of two alike"),
        pytest.param(told_by("grand", hours=5), told_by("small", hours=1), id="the weightier, though it is older"),
        pytest.param(told_by("a", "b", "c", "d", hours=11), told_by("small", hours=1), id="what four outlets tell"),
        pytest.param(told_by("small", hours=1), told_by("a", "b", hours=8), id="what is much newer than what two tell"),
    ],
)
def test_first_comes_what_is_new_weighty_and_told_by_many(first, second):
    assert curate([second, first], a_feed(), now=NOON, sources=PAPERS) == [first, second]
    assert curate([first, second], a_feed(), now=NOON + timedelta(days=3), sources=PAPERS) == [first, second]


def test_two_sections_of_one_outlet_are_one_voice():
    sections = {"a-home": a_source("a-home", outlet="a"), "a-world": a_source("a-world", outlet="a")}
    twice = a_story(an_item("A", source="a-home", outlet="a"), an_item("B", source="a-world", outlet="a"))

    assert twice.rank(sections) == a_story(an_item("A", source="a-home", outlet="a")).rank(sections)


@pytest.mark.parametrize(
    ("select", "refused"),
    [
        pytest.param({"tags": TagChoice(any=("x",)), "languages": ("vi",)}, "tags", id="its tags, before all else"),
        pytest.param({"newer_than": timedelta(minutes=30)}, "age", id="its age"),
        pytest.param({"languages": ("vi",)}, "language", id="its languages"),
        pytest.param({"sources": ("other",)}, "source", id="its sources"),
        pytest.param({}, None, id="nothing"),
    ],
)
def test_a_refusal_has_a_reason(select, refused):
    assert refusal(a_story(an_item()), Selection(**select), now=NOON) == refused

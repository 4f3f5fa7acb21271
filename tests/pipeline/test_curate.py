from datetime import timedelta

import pytest

from syndicator.model.language import Localized
from syndicator.model.story import Feed, Selection, TagChoice
from syndicator.pipeline.curate import curate
from syndicator.testing import NOON, a_story, an_item


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

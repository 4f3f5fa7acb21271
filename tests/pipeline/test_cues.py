from dataclasses import replace
from datetime import timedelta

import pytest

from syndicator.model.entry import Image, Revision
from syndicator.pipeline.cues import VERSION, cues, cues_of, link_cue, nearby
from syndicator.testing import NOON, an_item

TEXT = (
    "The office will have a staff of nineteen and a reading room that is open to all who wish to study in Norland or"
    " to trade with it, the consul general told reporters at the ceremony in the centre of the city"
)


def shared(a, b):
    return set(cues(a)) & nearby(cues(b))


def test_cues_are_short_sorted_and_say_their_version():
    found = cues(an_item(summary=TEXT))

    assert found == tuple(sorted(found))
    assert all(cue.startswith(VERSION) and len(cue) < 20 for cue in found)
    assert len(found) < 50


def test_cues_do_not_depend_on_the_tags_so_that_an_edit_of_the_rules_leaves_stories_as_they_are():
    assert cues(an_item(tags=("diplomacy",))) == cues(an_item(tags=()))


@pytest.mark.parametrize(
    ("a", "b"),
    [
        pytest.param({"url": "https://x.example/1"}, {"url": "https://m.x.example/1?utm_source=rss"}, id="a link"),
        pytest.param({"alternates": ("https://x.example/1",)}, {"url": "https://x.example/1"}, id="an alternate"),
        pytest.param(
            {"image": Image(url="https://a.example/w640/quai-17693.jpg")},
            {"image": Image(url="https://b.example/full/quai-17693.jpg?x=1")},
            id="a picture's file",
        ),
        pytest.param({"summary": TEXT}, {"summary": TEXT.replace("nineteen", "twenty")}, id="nearly the same text"),
        pytest.param(
            {"title": "Japan lends 25 billion yen for the metro"},
            {"title": "Nhật Bản cho vay 25 tỷ yên làm metro", "language": "vi"},
            id="names and numbers in two languages",
        ),
        pytest.param(
            {"title": "一座新桥今天在城市南部开通", "language": "zh"},
            {"title": "今天一座新桥在城市南部开通了", "language": "zh"},
            id="a headline of a script without spaces",
        ),
    ],
)
def test_two_reports_of_one_event_have_a_cue_in_common(a, b):
    first = an_item(**({"title": "One headline", "source": "a", "summary": "", "url": "https://a.example/9"} | a))
    second = an_item(**({"title": "Another title", "source": "b", "summary": "", "url": "https://b.example/8"} | b))

    assert shared(first, second)
    assert shared(second, first)


def test_reports_of_different_events_have_none():
    a = an_item("A fire destroys a market in Hue", source="a", summary="")
    b = an_item("Busan sends thirty students to Can Tho", source="b", summary="")

    assert not shared(a, b)


def test_what_is_printed_every_week_does_not_gather():
    monday = an_item("Five films to see this week", source="a", url="https://a.example/1")
    next_monday = replace(monday, published_at=NOON + timedelta(days=7), entry=replace(monday.entry, url=""))

    assert not shared(monday, next_monday)


def test_whatever_is_within_three_days_meets_across_the_ends_of_periods():
    item = an_item("Five films to see this week", source="a")

    for hours in range(0, 73, 6):
        assert shared(item, replace(item, published_at=item.published_at + timedelta(hours=hours)))


def test_an_edited_item_keeps_the_cues_of_what_it_said_before():
    before = an_item("A consulate opens in Hue", summary="")
    after = an_item(
        "Norland comes to Hue", summary="", revisions=(Revision(at=NOON, title="A consulate opens in Hue"),)
    )

    assert set(cues(before)) - set(cues(after)) <= {link_cue(before.entry.url.removeprefix("https://"))}


def test_cues_that_were_made_in_another_way_are_made_anew():
    item = an_item()

    assert cues_of(replace(item, cues=("0old",))) == cues(item)
    assert cues_of(replace(item, cues=(f"{VERSION}x",))) == (f"{VERSION}x",)

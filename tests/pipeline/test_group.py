from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from syndicator.pipeline.group import group_stories
from syndicator.testing import NOON, an_item

TITLE = "Osaka opens a trade office in Ho Chi Minh City"


def ids(stories):
    return [sorted(item.entry.source for item in story.items) for story in stories]


def test_the_same_link_is_one_story_in_two_languages():
    link = "https://agency.example/a/1"
    items = [
        an_item(TITLE, source="en", url=link + "?utm_source=rss"),
        an_item("Osaka mở văn phòng thương mại", source="vi", url=link, language="vi"),
    ]

    assert ids(group_stories(items, known={})) == [["en", "vi"]]


def test_a_link_that_one_outlet_gives_to_several_articles_tells_nothing_of_them():
    front = "https://a.example/"
    items = [an_item(f"Quite another headline number {n}", source="a", guid=str(n), url=front) for n in range(4)]

    assert len(group_stories(items, known={})) == 4


def test_the_same_headline_of_two_outlets_is_one_story():
    items = [an_item(TITLE, source="a"), an_item(TITLE.upper() + "!", source="b")]

    assert ids(group_stories(items, known={})) == [["a", "b"]]


def test_the_same_headline_a_week_later_is_another_story():
    items = [an_item(TITLE, source="a"), an_item(TITLE, source="b", published=NOON + timedelta(days=7))]

    assert len(group_stories(items, known={})) == 2


def test_an_outlet_that_repeats_a_headline_tells_of_two_days():
    items = [
        an_item("Weather in the city today", source="a", guid="1", url="https://a.example/1"),
        an_item("Weather in the city today", source="a", guid="2", url="https://a.example/2"),
    ]

    assert len(group_stories(items, known={})) == 2


def test_a_short_headline_is_the_name_of_a_column():
    items = [an_item("Tin trong nước", source="a"), an_item("Tin trong nước", source="b")]

    assert len(group_stories(items, known={})) == 2


def test_a_story_keeps_its_id_when_an_earlier_report_turns_up():
    late, early = an_item(TITLE, source="a"), an_item(TITLE, source="b", published=NOON - timedelta(hours=9))
    [before] = group_stories([late], known={})

    [after] = group_stories([late, early], known={late.id: before.id})

    assert after.id == before.id


def test_items_once_gathered_stay_together_when_a_headline_is_edited():
    first, second = an_item(TITLE, source="a"), an_item("Quite another headline for it now", source="b")

    [story] = group_stories([first, second], known={first.id: "s1", second.id: "s1"})

    assert story.id == "s1"


@settings(max_examples=50)
@given(st.data())
def test_the_order_of_arrival_does_not_matter(data):
    titles = [TITLE, "Busan sends a delegation to the port", "A third headline of five words"]
    items = [
        an_item(
            titles[n % 3],
            source=f"s{n}",
            guid=f"g{n}",
            url=f"https://x.example/{n % 4}",
            published=NOON + timedelta(hours=11 * n),
        )
        for n in range(8)
    ]
    shuffled = data.draw(st.permutations(items))

    assert group_stories(shuffled, known={}) == group_stories(items, known={})

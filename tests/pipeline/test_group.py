from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from syndicator.model.entry import Image, Revision
from syndicator.pipeline.group import group_stories, name_stories, tell_stories
from syndicator.testing import NOON, an_item

TITLE = "Osaka opens a trade office in Ho Chi Minh City"


def ids(stories):
    return sorted(sorted(item.entry.source for item in story.items) for story in stories)


def test_the_same_link_is_one_story_in_two_languages():
    link = "https://agency.example/a/1"
    items = [
        an_item(TITLE, source="en", url=link + "?utm_source=rss"),
        an_item("Osaka mở văn phòng thương mại", source="vi", url=link, language="vi"),
    ]

    assert ids(group_stories(items, known={})) == [["en", "vi"]]


def test_an_article_and_the_one_that_it_names_as_its_own_in_another_language_are_one_story():
    items = [
        an_item(TITLE, source="a", alternates=("https://a.example/vi/van-phong",)),
        an_item("Văn phòng mới", source="a", url="https://www.a.example/vi/van-phong/", language="vi"),
    ]

    assert len(group_stories(items, known={})) == 1


def test_an_outlets_two_desks_are_paired_by_their_picture_within_hours():
    def told(title, language, hours):
        picture = Image(url=f"https://cdn.a.example/{language}/w640/cau-can-gio-17694.jpg")
        published = NOON + timedelta(hours=hours)
        return an_item(title, source="a", guid=language, language=language, image=picture, published=published)

    vi, en = told("Khởi công cầu Cần Giờ", "vi", 0), told("Work begins on long-awaited span", "en", 3)
    late = told("Work begins on long-awaited span", "en", 30)

    assert len(group_stories([vi, en], known={})) == 1
    assert len(group_stories([vi, late], known={})) == 2


def test_a_link_that_one_outlet_gives_to_several_articles_tells_nothing_of_them():
    page = "https://a.example/latest"
    items = [an_item(f"Quite another headline number {n}", source="a", guid=str(n), url=page) for n in range(4)]

    assert len(group_stories([*items, an_item("A fifth one", source="b", url=page)], known={})) == 5


def test_a_number_that_an_outlet_gives_to_several_articles_tells_nothing_of_them():
    link = "https://a.example/{}-4812345.html"
    titles = ("A bridge opens", "Rain floods the market", "Students leave for Busan")
    items = [an_item(title, source="a", guid=title, url=link.format(n)) for n, title in enumerate(titles)]
    other = an_item("Khai giảng", source="a", url=link.format("vi"), language="vi")

    assert len(group_stories([*items, other], known={})) == 4


def test_articles_of_one_month_folder_are_no_story():
    link = "https://a.example/a/202607/15/WS6a5720a2a310d6866eb5000{}.html"
    titles = ("A bridge opens", "Rain floods the market")
    items = [an_item(title, source="a", guid=title, url=link.format(n)) for n, title in enumerate(titles)]
    other = an_item("Khai giảng", source="a", url=link.format(7), language="vi")

    assert len(group_stories([*items, other], known={})) == 3


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


def test_a_chain_of_reports_does_not_lead_from_one_event_to_another():
    title = "Norland opens a consulate in Da Nang with {} staff"
    one = an_item(title.format(12), source="a", summary="")
    between = an_item("Norland opens a consulate in Da Nang", source="b", summary="")
    other = an_item(title.format(40), source="c", summary="")

    stories = group_stories([one, between, other], known={})

    assert len(stories) == 2
    assert all({"a", "c"} != set(story.outlets) for story in stories)


# ---- what an admin settles


def test_articles_that_an_admin_calls_the_same_are_one_story():
    a, b = an_item(TITLE, source="a"), an_item("Quite another headline for it", source="b")

    [story] = group_stories([a, b], known={}, same=[[a.entry.url + "?utm_source=rss", b.entry.url]])

    assert story.outlets == {"a", "b"}


def test_articles_that_an_admin_calls_not_the_same_are_two_stories_whatever_joins_them():
    a, b, c = (an_item(TITLE, source=source) for source in "abc")

    stories = group_stories([a, b, c], known={}, not_same=[[a.entry.url, b.entry.url]])

    assert len(stories) == 2
    assert not any({"a", "b"} <= story.outlets for story in stories)


# ---- ids


def test_a_story_keeps_its_id_when_an_earlier_report_turns_up():
    late, early = an_item(TITLE, source="a"), an_item(TITLE, source="b", published=NOON - timedelta(hours=9))
    [before] = group_stories([late], known={})

    [after] = group_stories([late, early], known={late.id: before.id})

    assert after.id == before.id


def test_an_edited_headline_leaves_an_item_with_those_who_copied_the_earlier_one():
    first, second = an_item(TITLE, source="a"), an_item("Quite another headline for it now", source="b", summary="")
    edited = replace(second, revisions=(Revision(at=NOON, title=TITLE),))

    assert len(group_stories([first, second], known={})) == 2
    assert len(group_stories([first, edited], known={})) == 1


def test_of_two_stories_that_become_one_the_id_that_was_seen_first_stays():
    old, young = (
        an_item("Old", source="a", first_seen_at=NOON),
        an_item("Young", first_seen_at=NOON + timedelta(hours=1)),
    )

    assert name_stories([[young, old]], known={old.id: "s-old", young.id: "s-young"}) == ["s-old"]


def test_of_a_story_that_is_parted_the_older_part_keeps_the_id():
    old, young = (
        an_item("Old", source="a", first_seen_at=NOON),
        an_item("Young", first_seen_at=NOON + timedelta(hours=1)),
    )

    first, second = name_stories([[young], [old]], known={old.id: "s-1", young.id: "s-1"})

    assert second == "s-1"
    assert first != "s-1"


def test_the_part_that_leaves_never_gets_the_id_of_the_one_that_stays():
    young = an_item("Young", source="b", first_seen_at=NOON + timedelta(hours=1))
    [named_after_young] = name_stories([[young]], known={})
    old = an_item("Old", source="a", first_seen_at=NOON)
    known = {old.id: named_after_young, young.id: named_after_young}

    names = name_stories([[old], [young]], known=known)

    assert names[0] == named_after_young
    assert len(set(names)) == 2


def test_stories_are_told_newest_first_and_an_item_without_one_is_a_story_of_its_own():
    old, new = an_item("Old", source="a", published=NOON - timedelta(days=1)), an_item("New", source="b")

    stories = tell_stories([old, new], {old.id: "s-1"})

    assert [story.items[0].id for story in stories] == [new.id, old.id]
    assert stories[1].id == "s-1"
    assert stories[0].id


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

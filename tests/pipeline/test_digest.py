from datetime import date, timedelta

from syndicator.model.edition import Newsletter, Schedule
from syndicator.model.language import Localized
from syndicator.model.site import Publisher, Site
from syndicator.model.story import Feed, Selection, TagChoice
from syndicator.model.subscriber import Subscription
from syndicator.model.tag import Match, Tag
from syndicator.pipeline.digest import make_edition, make_variant
from syndicator.testing import NOON, a_source, a_story, a_subscriber, an_item

SITE = Site(
    title=Localized({"en": "City"}), url="https://city.example/", publisher=Publisher(name="P", email="p@city.example")
)
TAGS = {id: Tag(id=id, label=Localized({"en": id}), match=Match(any=(id,))) for id in ("diplomacy", "trade")}
WEEKLY = Newsletter(
    id="weekly",
    title=Localized({"en": "The week", "vi": "Tuần này"}),
    feeds=("diplomacy", "trade"),
    schedule=Schedule(every="week", on=1),
    max_stories=4,
)


def a_feed(tag: str) -> Feed:
    return Feed(id=tag, title=Localized({"en": tag.title()}), select=Selection(tags=TagChoice(any=(tag,))))


FEEDS = {tag: a_feed(tag) for tag in TAGS}


def an_edition(stories, **more):
    return make_edition(WEEKLY, FEEDS, stories, period=date(2026, 7, 13), now=NOON, **more)


def titles(edition):
    return [[story.items[0].entry.title for story in section.stories] for section in edition.sections]


def test_a_story_stands_in_the_first_section_that_takes_it():
    edition = an_edition(
        [a_story(an_item("Both", tags=("trade", "diplomacy"))), a_story(an_item("Trade", tags=("trade",)))]
    )

    assert titles(edition) == [["Both"], ["Trade"]]


def test_sections_share_the_room_and_the_newest_come_first():
    stories = [a_story(an_item(f"D{n}", published=NOON - timedelta(hours=n))) for n in range(9)]
    stories += [a_story(an_item("T", tags=("trade",), published=NOON - timedelta(days=5)))]

    assert titles(an_edition(stories)) == [["D0", "D1", "D2"], ["T"]]


def test_a_story_is_told_in_one_edition_only():
    old, new = a_story(an_item("Old")), a_story(an_item("New"))

    second = an_edition([old, new], earlier=[an_edition([old])])

    assert titles(second) == [["New"]]


def test_the_first_edition_looks_back_one_period_and_a_later_one_two():
    late = a_story(an_item("Late", published=NOON - timedelta(days=10)))

    assert titles(an_edition([late])) == []
    assert titles(an_edition([late], earlier=[an_edition([a_story(an_item("Other"))])])) == [["Late"]]


def test_an_edition_carries_no_full_text():
    edition = an_edition([a_story(an_item("Long", content="<p>all of it</p>"))])

    assert edition.stories[0].items[0].entry.content == ""


class Spy:
    """Renders nothing, and remembers with what it was called."""

    def __call__(self, name, *, language, **context):
        self.context = context
        return f"{name} {language}"


def a_variant(edition, subscriber=None, subscription=None, language="en"):
    spy = Spy()
    variant = make_variant(
        edition,
        WEEKLY,
        subscriber or a_subscriber(),
        subscription or Subscription(newsletter="weekly"),
        site=SITE,
        sources={"vna": a_source()},
        tags=TAGS,
        render=spy,
        translate=lambda text, *, language, **values: text % values,
        language=language,
        secret=b"secret",
    )
    return variant, spy


def test_readers_of_the_same_languages_and_topics_share_a_variant():
    edition = an_edition([a_story()])

    ada, _ = a_variant(edition)
    bob, _ = a_variant(edition, a_subscriber("bob", timezone="Asia/Tokyo"))
    eve, _ = a_variant(edition, a_subscriber("eve", languages=("en", "vi")))

    assert ada == bob
    assert ada.id != eve.id


def test_a_reader_of_a_topic_gets_only_that_and_no_empty_mail():
    edition = an_edition([a_story(an_item("D")), a_story(an_item("T", tags=("trade",)))])

    trade, _ = a_variant(edition, subscription=Subscription(newsletter="weekly", topics=("trade",)))
    nothing, _ = a_variant(edition, subscription=Subscription(newsletter="weekly", topics=("unknown",)))

    assert len(trade.stories) == 1
    assert nothing is None


def test_the_subject_has_the_title_the_day_and_the_first_headline_in_the_readers_language():
    link = "https://agency.example/1"
    story = a_story(an_item("An office opens", url=link), an_item("Mở văn phòng", source="vi", url=link, language="vi"))

    variant, _ = a_variant(an_edition([story]), a_subscriber(languages=("vi",)), language="vi")

    assert variant.subject == "Tuần này, 13 tháng 7, 2026: Mở văn phòng"


def test_the_source_and_its_rights_reach_the_template():
    _, spy = a_variant(an_edition([a_story(an_item("An office opens"))]))

    [section] = spy.context["edition"].sections
    assert section.stories[0].lead.source == "The vna wire"
    assert section.stories[0].summary == "An office opens, officials said."


def test_what_a_reader_can_read_comes_first_and_stands_in_the_subject():
    newest = a_story(an_item("越中青年文化交流营", source="zh", language="zh-Hans"))
    older = a_story(an_item("Une exposition", source="fr", language="fr", published=NOON - timedelta(days=2)))

    variant, spy = a_variant(an_edition([newest, older]), a_subscriber(languages=("fr",)), language="fr")

    assert variant.subject.endswith(": Une exposition")
    [section] = spy.context["edition"].sections
    assert [story.lead.language for story in section.stories] == ["fr", "zh-Hans"]

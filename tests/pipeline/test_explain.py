"""An explanation tells every tag given or nearly given, and for each feed and newsletter whether and why."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from syndicator.model.edition import Edition, Newsletter, Section
from syndicator.model.language import Localized
from syndicator.model.story import Feed, Selection, TagChoice
from syndicator.model.tag import Match, Tag
from syndicator.pipeline.explain import Situation, explain_item, item_of_text
from syndicator.pipeline.rules import compile_rules
from syndicator.testing import NOON, a_source, a_story, an_item

TAGS = {
    "diplomacy": Tag(
        id="diplomacy",
        label=Localized({"en": "Diplomacy"}),
        match=Match(any=("consulate", "ambassador"), none=("brand ambassador",)),
    ),
    "trade": Tag(id="trade", label=Localized({"en": "Trade"}), match=Match(any=("export",))),
}


def a_feed(id: str = "world", **select: object) -> Feed:
    return Feed(id=id, title=Localized({"en": id}), select=Selection(**select))  # type: ignore[arg-type]


def a_situation(*stories, feeds=(), newsletters=(), editions=None, sources=()) -> Situation:
    return Situation(
        rules=compile_rules(TAGS),
        sources={source.id: source for source in sources},
        feeds={feed.id: feed for feed in feeds},
        newsletters={newsletter.id: newsletter for newsletter in newsletters},
        stories=stories,
        editions=editions or {},
        now=NOON,
        today=NOON.date(),
    )


def placed(item, *stories, feed: Feed):
    """Return where *item* stands in *feed*."""
    (placement,) = explain_item(item, a_situation(*stories, feeds=[feed])).placements
    return placement


def test_a_tag_that_is_given_is_told_with_term_field_and_place():
    (verdict,) = explain_item(an_item("A new consulate"), a_situation()).verdicts

    assert (verdict.tag, verdict.given) == ("diplomacy", True)
    reason = verdict.reasons[0]
    assert (reason.field, reason.term, reason.words, reason.start) == ("title", "consulate", "consulate", 6)


def test_a_tag_that_is_nearly_given_is_told_with_the_excluding_words():
    (verdict,) = explain_item(an_item("The brand ambassador of a consulate"), a_situation()).verdicts

    assert (verdict.tag, verdict.given) == ("diplomacy", False)
    assert verdict.objections[0].reason.words == "brand ambassador"


def test_a_typed_text_is_explained_like_a_headline():
    explanation = explain_item(item_of_text("Exports rise", language="en", now=NOON), a_situation(feeds=[a_feed()]))

    assert [verdict.tag for verdict in explanation.verdicts] == ["trade"]
    assert explanation.placements[0].taken


ITEM = an_item("A new consulate", tags=["diplomacy"])


@pytest.mark.parametrize(
    ("select", "absence", "wanted", "unwanted"),
    [
        pytest.param({}, None, (), (), id="a feed of everything takes it"),
        pytest.param({"tags": TagChoice(any=("trade", "x"))}, "tags", ("trade", "x"), (), id="it lacks one of any"),
        pytest.param({"tags": TagChoice(all=("diplomacy", "x"))}, "tags", ("x",), (), id="it lacks one of all"),
        pytest.param({"tags": TagChoice(none=("diplomacy",))}, "tags", (), ("diplomacy",), id="it has one of none"),
        pytest.param({"newer_than": timedelta(minutes=5)}, "age", (), (), id="it is too old"),
        pytest.param({"languages": ("vi",)}, "language", (), (), id="it is in another language"),
        pytest.param({"sources": ("other",)}, "source", (), (), id="it is from another source"),
    ],
)
def test_a_feed_that_does_not_take_it_says_why(select, absence, wanted, unwanted):
    placement = placed(ITEM, a_story(ITEM), feed=a_feed(**select))

    assert (placement.absence, placement.wanted, placement.unwanted) == (absence, wanted, unwanted)


def test_a_story_for_which_there_is_no_room_says_how_many_are_better():
    newer = [a_story(an_item(f"Newer {n}", published=NOON - timedelta(minutes=n))) for n in (1, 2)]

    placement = placed(ITEM, a_story(ITEM), *newer, feed=a_feed(limit=2))

    assert (placement.absence, placement.place, placement.limit) == ("limit", 3, 2)


def test_a_report_that_another_one_stands_for_names_it():
    lead = an_item("The consulate opens", source="agency", published=NOON - timedelta(hours=2))

    placement = placed(ITEM, a_story(ITEM, lead), feed=a_feed())

    assert placement.taken
    assert placement.lead == lead


def test_what_was_rejected_is_explained_as_if_it_were_a_story_of_its_own():
    rejected = replace(ITEM, rejected="no feed takes it", tags=())

    placement = placed(rejected, feed=a_feed(tags=TagChoice(any=("trade",))))

    assert placement.absence == "tags"


WEEKLY = Newsletter(id="weekly", title=Localized({"en": "Weekly"}), feeds=("world",), max_stories=1)


def in_weekly(item, *others, select=None, edition=None):
    """Return where *item* stands in a newsletter of one feed that has room for one story."""
    situation = a_situation(
        a_story(item),
        *others,
        feeds=[a_feed(**(select or {}))],
        newsletters=[WEEKLY],
        editions={"weekly": [edition] if edition else []},
    )
    return explain_item(item, situation).placements[-1]


def test_what_the_next_edition_would_tell_is_taken():
    assert in_weekly(ITEM).taken


def test_what_no_feed_of_the_newsletter_takes_says_so():
    assert in_weekly(ITEM, select={"languages": ("vi",)}).absence == "feeds"


def test_what_is_older_than_an_edition_looks_back_says_so():
    old = an_item("A new consulate", published=NOON - timedelta(days=12))

    assert in_weekly(old).absence == "age"


def test_what_found_no_room_in_the_edition_says_so():
    newer = a_story(an_item("Newer", published=NOON - timedelta(minutes=1)))

    assert in_weekly(ITEM, newer).absence == "limit"


def test_what_an_earlier_edition_told_names_it():
    told = Edition(
        id="weekly/2026-07-06", newsletter="weekly", period=date(2026, 7, 6), title=Localized({"en": "Weekly"}),
        frozen_at=NOON - timedelta(days=7),
        sections=(Section(feed="world", title=Localized({"en": "World"}), stories=(a_story(ITEM),)),),
    )  # fmt: skip

    placement = in_weekly(ITEM, edition=told)

    assert (placement.absence, placement.edition) == ("told", "weekly/2026-07-06")


def test_a_tag_of_the_source_is_explained_by_the_source():
    source = a_source("vna", tags=("trade",))

    verdicts = explain_item(ITEM, a_situation(sources=[source])).verdicts

    assert [(v.tag, v.reasons[0].field) for v in verdicts if v.given] == [("diplomacy", "title"), ("trade", "source")]

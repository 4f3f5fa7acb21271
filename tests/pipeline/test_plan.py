"""A plan tells which items enter and leave what, why, and for how many readers; and nothing where nothing changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from syndicator.config.load import load_config
from syndicator.config.model import Config
from syndicator.model.subscriber import Subscription
from syndicator.pipeline.plan import make_plan, outlook
from syndicator.testing import NOON, a_subscriber, an_item

ROOM = """
site: {title: City, url: https://city.example/, publisher: {name: Desk, email: desk@city.example}}
sources:
  - {id: vna, title: VNA, url: https://vna.example/rss}
tags:
  diplomacy: {match: {any: [consulate]}}
  trade: {match: {any: [export]}}
feeds:
  world: {title: World, select: {tags: {any: [diplomacy]}}}
newsletters:
  weekly: {title: Weekly, feeds: [world], schedule: {every: week}}
mail: {from: desk@city.example}
"""
ITEMS = [
    an_item("A new consulate", published=NOON - timedelta(hours=1), tags=()),
    an_item("Exports of rice rise", published=NOON - timedelta(hours=2), tags=()),
    an_item("An embassy moves", published=NOON - timedelta(days=20), tags=()),
]


def room(*edits: tuple[str, str]) -> Config:
    text = ROOM
    for old, new in edits:
        assert old in text
        text = text.replace(old, new)
    return load_config(text, env={})


def plan_of(*edits: tuple[str, str], subscribers=()):
    """Return the plan of editing the room, tried on the three items."""
    before = room()
    old, new = (outlook(each, ITEMS, known={}, now=NOON, settled=before) for each in (before, room(*edits)))
    return make_plan(old, new, subscribers=subscribers, now=NOON)


def titles(passages):
    return [passage.item.entry.title for passage in passages]


def change(plan, kind, id):
    (found,) = [each for each in plan.changes if (each.kind, each.id) == (kind, id)]
    return found


def test_an_edit_of_nothing_changes_nothing():
    plan = plan_of(("title: World,", "title: World, # only a comment\n   "))

    assert plan.is_empty
    assert plan.items == 3


WIDER = ("any: [consulate]", "any: [consulate, embassy]")


def test_a_new_word_brings_items_into_its_tag_with_the_reason_and_not_into_feeds_for_which_they_are_too_old():
    plan = plan_of(WIDER)

    tag = change(plan, "tag", "diplomacy")
    assert (titles(tag.enters), tag.leaves, tag.fate) == (["An embassy moves"], (), "kept")
    assert tag.enters[0].verdict.reasons[0].words == "embassy"
    assert [each.id for each in plan.changes] == ["diplomacy"]


def test_a_word_under_none_takes_items_out_with_the_word_as_the_reason():
    plan = plan_of(("any: [consulate]", "any: [consulate], none: [new]"))

    tag, feed = change(plan, "tag", "diplomacy"), change(plan, "feed", "world")
    assert titles(tag.leaves) == ["A new consulate"]
    assert tag.leaves[0].verdict.objections[0].reason.words == "new"
    assert titles(feed.leaves) == ["A new consulate"]
    assert (feed.leaves[0].absence, feed.leaves[0].lost, feed.leaves[0].gained) == ("tags", (), ("diplomacy",))


@pytest.mark.parametrize(
    ("edit", "fate", "enters", "leaves"),
    [
        pytest.param(("any: [diplomacy]", "any: [diplomacy, trade]"), "kept", 1, 0, id="a feed that takes more"),
        pytest.param(("{tags: {any: [diplomacy]}}", "{limit: 1}"), "kept", 0, 0, id="of all the same one is best"),
        pytest.param(("any: [diplomacy]}", "any: [diplomacy]}, newer_than: 30m"), "kept", 0, 1, id="newer ones only"),
    ],
)
def test_a_feed_that_is_edited_says_what_it_takes_and_leaves(edit, fate, enters, leaves):
    feed = change(plan_of(edit), "feed", "world")

    assert (feed.fate, len(feed.enters), len(feed.leaves)) == (fate, enters, leaves)


def test_a_feed_that_is_new_is_added_with_all_its_stories():
    plan = plan_of(("feeds:\n", "feeds:\n  trade: {title: Trade, select: {tags: {any: [trade]}}}\n"))

    feed = change(plan, "feed", "trade")
    assert (feed.fate, titles(feed.enters), feed.enters[0].absence) == ("added", ["Exports of rice rise"], None)


def test_what_a_feed_gains_its_newsletter_gains_for_the_readers_who_want_that_topic():
    def reader(id, *topics):
        subscription = Subscription(newsletter="weekly", topics=topics, confirmed_at=NOON)
        return a_subscriber(id, subscriptions=(subscription,))

    left = replace(reader("left").subscriptions[0], ended_at=NOON)
    readers = [reader("all"), reader("trader", "trade"), reader("diplomat", "diplomacy"),
               a_subscriber("gone", subscriptions=(left,))]  # fmt: skip

    plan = plan_of(("any: [diplomacy]", "any: [diplomacy, trade]"), subscribers=readers)

    assert titles(change(plan, "newsletter", "weekly").enters) == ["Exports of rice rise"]
    assert plan.readers == {"weekly": (2, 0)}


def test_sources_are_told_as_added_dropped_or_changed():
    plan = plan_of(
        (
            "  - {id: vna, title: VNA,",
            "  - {id: tt, title: TT, url: https://tt.example/rss}\n  - {id: vna, title: News,",
        )
    )

    assert plan.sources == {"tt": "added", "vna": "changed"}


def test_what_is_settled_by_hand_joins_stories_and_parts_them():
    both = ("any: [diplomacy]", "any: [diplomacy, trade]")
    apart = room(both)
    joined = room(both, ("mail: {", f"same: [[{ITEMS[0].entry.url}, {ITEMS[1].entry.url}]]\nmail: {{"))
    two, one = {ITEMS[0].id: "s1", ITEMS[1].id: "s2"}, {ITEMS[0].id: "s1", ITEMS[1].id: "s1"}

    before = outlook(apart, ITEMS, known=two, now=NOON, settled=apart)
    together = outlook(joined, ITEMS, known=two, now=NOON, settled=apart)
    again = outlook(apart, ITEMS, known=one, now=NOON, settled=joined)

    assert [len(story.items) for story in before.stories] == [1, 1]
    assert [len(story.items) for story in together.stories] == [2]
    assert [len(story.items) for story in again.stories] == [1, 1]
    joining, parting = (make_plan(before, each, subscribers=(), now=NOON) for each in (together, before))
    assert joining.settings == ("same",)
    assert [(group.before, group.after, len(group.items)) for group in joining.regrouped] == [(2, 1, 2)]
    assert parting.regrouped == ()
    undone = make_plan(together, again, subscribers=(), now=NOON)
    assert [(group.before, group.after, len(group.items)) for group in undone.regrouped] == [(1, 2, 2)]


def test_a_setting_is_named():
    assert plan_of(("desk@city.example}}", "press@city.example}}")).settings == ("site",)


def test_a_tag_that_is_dropped_says_what_leaves_it():
    tag = change(plan_of(("  trade: {match: {any: [export]}}\n", "")), "tag", "trade")

    assert (tag.fate, titles(tag.leaves), tag.leaves[0].verdict) == ("dropped", ["Exports of rice rise"], None)

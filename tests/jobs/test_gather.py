from dataclasses import replace
from datetime import timedelta

from syndicator.jobs.gather import gather
from syndicator.model.tag import Match
from syndicator.pipeline.cues import cues
from syndicator.testing import NOON, a_story, an_item


async def test_a_story_keeps_its_id_from_one_gathering_to_the_next(config, store, clock):
    await store.record_harvest([], [an_item("A consulate opens in the city")])
    [before] = await gather(config, store=store, clock=clock)
    await store.record_harvest([], [an_item("A consulate opens in the city", source="tuoitre")])

    [after] = await gather(config, store=store, clock=clock)

    assert after.id == before.id
    assert len(after.items) == 2


async def test_an_edit_of_the_rules_applies_to_what_is_stored(config, store, clock):
    rejected = an_item("Rain at noon", tags=(), summary="", rejected="no feed takes it: no rule gave it a tag")
    await store.record_harvest([], [rejected, an_item("A consulate opens")])
    assert len(await gather(config, store=store, clock=clock)) == 1
    tag = config.tags["diplomacy"]
    rain = replace(config, tags={"diplomacy": replace(tag, match=Match(any=("rain",)))})

    [story] = await gather(rain, store=store, clock=clock)

    assert story.items[0].entry.title == "Rain at noon"
    assert story.items[0].tags[0].reasons[0].term == "rain"


async def test_a_longer_look_back_finds_what_the_new_rules_would_have_found(config, store, clock):
    old = an_item("Rain", tags=(), summary="", published=clock.now() - timedelta(days=40), rejected="no feed takes it")
    await store.record_harvest([], [old])
    tag, feed = config.tags["diplomacy"], config.feeds["diplomacy"]
    rain = replace(config, tags={"diplomacy": replace(tag, match=Match(any=("rain",)))})
    assert await gather(rain, store=store, clock=clock) == []
    longer = replace(feed, select=replace(feed.select, newer_than=timedelta(days=90)))

    stories = await gather(replace(rain, feeds={"diplomacy": longer}), store=store, clock=clock)

    assert [story.items[0].entry.title for story in stories] == ["Rain"]


async def test_only_what_is_new_or_edited_is_compared(config, store, clock):
    store = Counting(store)
    await store.record_harvest(
        [], [told("A consulate opens in Hue", "vna"), told("A consulate closes in Busan", "tuoitre")]
    )
    await gather(config, store=store, clock=clock)
    asked = store.asked

    stories = await gather(config, store=store, clock=clock)

    assert len(stories) == 2
    assert store.asked == asked


async def test_a_story_is_one_through_an_item_that_no_feed_takes(config, store, clock):
    first = told("Norland opens consulate in Da Nang with 12 staff", "a")
    between = replace(told("Norland opens office in Da Nang with 12 staff", "b"), tags=(), rejected="no feed takes it")
    await store.record_harvest([], [first, between])

    [story] = await gather(config, store=store, clock=clock)

    assert [item.outlet for item in story.items] == ["a"]
    assert len(set((await store.story_ids([first.id, between.id])).values())) == 1


async def test_items_that_were_stored_without_cues_are_grouped_too(config, store, clock):
    titles = "A consulate opens in the city of Hue"
    await store.record_harvest([], [an_item(titles, source="vna"), an_item(titles, source="tuoitre")])

    [story] = await gather(config, store=store, clock=clock)

    assert len(story.items) == 2


async def test_a_story_that_is_parted_stays_with_its_older_part(config, store, clock):
    first, second = (
        told("A consulate opens in the city of Hue", "vna"),
        told("A consulate opens in the city of Hue", "b", 1),
    )
    await store.record_harvest([], [first, second])
    [before] = await gather(config, store=store, clock=clock)
    apart = replace(config, not_same=((first.entry.url, second.entry.url),))

    stories = await gather(apart, store=store, clock=clock)

    assert {story.items[0].id: story.id for story in stories}[first.id] == before.id
    assert len({story.id for story in stories}) == 2


async def test_a_dispute_that_is_withdrawn_leaves_no_trace(config, store, clock):
    first, second = told("A consulate opens in Hue", "vna"), told("Consulate staff give blood in Busan", "tuoitre")
    await store.record_harvest([], [first, second])
    joined = replace(config, same=((first.entry.url, second.entry.url),))
    assert len(await gather(joined, store=store, clock=clock)) == 1

    assert len(await gather(config, store=store, clock=clock)) == 2


def told(title, outlet, hours=0):
    item = an_item(title, source=outlet, published=NOON - timedelta(hours=5 - hours), summary="")
    return replace(item, cues=cues(item))


class Counting:
    """A store that counts how often it is asked by cues."""

    def __init__(self, store):
        self._store, self.asked = store, 0

    async def ids_by_cues(self, wanted, *, most):
        self.asked += 1
        return await self._store.ids_by_cues(wanted, most=most)

    def __getattr__(self, name):
        return getattr(self._store, name)


def test_a_story_speaks_a_language_whatever_its_script():
    assert a_story(an_item(language="zh-Hans")).speaks(["zh"])

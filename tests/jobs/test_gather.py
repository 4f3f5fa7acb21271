from dataclasses import replace
from datetime import timedelta

from syndicator.jobs.gather import gather
from syndicator.model.tag import Match
from syndicator.testing import a_story, an_item


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


def test_a_story_speaks_a_language_whatever_its_script():
    assert a_story(an_item(language="zh-Hans")).speaks(["zh"])

from dataclasses import replace

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


def test_a_story_speaks_a_language_whatever_its_script():
    assert a_story(an_item(language="zh-Hans")).speaks(["zh"])

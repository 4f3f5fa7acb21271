"""Gather what is stored into stories, under the rules as feeds.yaml says them now."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import datetime, timedelta

from syndicator.config.model import Config
from syndicator.model.entry import Item
from syndicator.model.story import Story
from syndicator.pipeline.calendar import span
from syndicator.pipeline.clusters import Clustering
from syndicator.pipeline.cues import VERSION, cues
from syndicator.pipeline.group import name_stories, tell_stories
from syndicator.pipeline.rules import compile_rules, rules_fingerprint, tag_items
from syndicator.pipeline.ties import Disputes
from syndicator.ports import Clock, Store

RULES = "rules"  # the note under which the store keeps what rules its items were tagged by
CUES = "cues"  # the note of the kind of cues that its items have
_MOST_DISPUTED = 1000  # items of one address; more are of none that a person would settle
DISPUTES = "disputes"  # the note of what was settled by hand when its items were grouped


async def gather(config: Config, *, store: Store, clock: Clock) -> list[Story]:
    """Return the stories of the time that feeds and newsletters look back on, newest first.

    After an edit of the rules, stored items are tagged anew, so that it applies to yesterday's news. Items that are
    new or edited since the last time are compared with those that have a cue in common, and what hangs together
    with them is grouped anew; all others keep their stories. Items that no feed takes are grouped too: so an edit
    of the rules changes which items of a story are shown, and not what is a story.
    """
    since = clock.now() - look_back(config)
    await _retag(config, store, since)
    await _recue(config, store, since)
    await _group(config, store)
    kept = await store.items_since(since, kept=True)
    story_ids = await store.story_ids([item.id for item in kept])
    return await asyncio.to_thread(tell_stories, kept, story_ids)


async def _group(config: Config, store: Store) -> None:
    """Give a story to all items that are to be grouped, and to those that hang together with them."""
    disputes = Disputes(config.same, config.not_same)
    fresh = {item.id: item for item in await store.ungrouped_items()}
    settled = json.dumps([config.same, config.not_same]) if config.same or config.not_same else ""
    before = await store.recall(DISPUTES)
    if before != settled:
        # What is in dispute now, and what was: each of them may part or join.
        concerned = disputes.cues | Disputes(*json.loads(before or "[]")).cues
        found = await store.ids_by_cues(concerned, most=_MOST_DISPUTED)
        fresh |= await store.items({id for ids in found.values() for id in ids})
    if fresh:
        await regroup(list(fresh.values()), disputes, store)
    if before != settled:
        await store.remember(DISPUTES, settled)


async def regroup(fresh: list[Item], disputes: Disputes, store: Store) -> int:
    """Give a story to *fresh* items, and to what hangs together with them; return how many items were parted anew."""
    # Comparing takes seconds of processor time after an outage; the site must go on answering meanwhile.
    clustering = await asyncio.to_thread(Clustering, fresh, disputes=disputes)
    touched = True
    while touched:
        while clustering.is_open:
            wanted = await asyncio.to_thread(clustering.wanted)
            for most, cues_ in wanted.items():
                clustering.learn(cues_, await store.ids_by_cues(cues_, most=most))
            unmet = await asyncio.to_thread(clustering.unmet)
            await asyncio.to_thread(clustering.meet, await store.items(unmet))
        known = await store.story_ids(clustering.touched)
        # Of a story that may be parted, the other items must be known too, lest two stories keep its id.
        touched = clustering.touch(await store.items_of_stories(set(known.values())))
    parts = await asyncio.to_thread(clustering.groups)
    names = name_stories(parts, known=known)
    stories = {item.id: name for name, part in zip(names, parts, strict=True) for item in part}
    changed = {item: story for item, story in stories.items() if known.get(item) != story}
    await store.record_stories(changed, grouped=fresh)
    return len(stories)


async def _recue(config: Config, store: Store, since: datetime) -> None:
    """Give stored items the cues by which they are grouped, if they have none, or those of an earlier version."""
    kind = f"{VERSION} {look_back(config)}"
    if await store.recall(CUES) == kind:
        return
    stored = await store.items_since(since)
    made = await asyncio.to_thread(lambda: [(item, cues(item)) for item in stored])
    if renewed := [replace(item, cues=new) for item, new in made if item.cues != new]:
        await store.record_harvest([], renewed)
    await store.remember(CUES, kind)


async def _retag(config: Config, store: Store, since: datetime) -> None:
    """Tag what is stored anew, rejected items too, if the rules are others than they were the last time."""
    # A longer look back reaches items that the last change of the rules did not.
    rules = f"{rules_fingerprint(config.tags, config.sources, config.feeds)} {look_back(config)}"
    if await store.recall(RULES) == rules:
        return
    stored = await store.items_since(since)
    # Thousands of items take seconds of processor time; the site must go on answering meanwhile.
    compiled = await asyncio.to_thread(compile_rules, config.tags)
    tagged = await asyncio.to_thread(tag_items, stored, compiled, sources=config.sources, feeds=config.feeds.values())
    retagged = [new for old, new in zip(stored, tagged, strict=True) if new != old]
    if retagged:
        await store.record_harvest([], retagged)
    await store.remember(RULES, rules)


def look_back(config: Config) -> timedelta:
    """Return how far back any feed or newsletter looks; grouping looks a little farther."""
    feeds = [feed.select.newer_than for feed in config.feeds.values()]
    newsletters = [span(newsletter.schedule) * 2 for newsletter in config.newsletters.values()]
    return max([*feeds, *newsletters, timedelta(days=1)]) + timedelta(days=3)

"""Gather what is stored into stories, under the rules as feeds.yaml says them now."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from syndicator.config.model import Config
from syndicator.model.story import Story
from syndicator.pipeline.calendar import span
from syndicator.pipeline.group import group_stories
from syndicator.pipeline.rules import compile_rules, tag_items
from syndicator.ports import Clock, Store


async def gather(config: Config, *, store: Store, clock: Clock) -> list[Story]:
    """Return the stories of the time that feeds and newsletters look back on, newest first.

    Stored items are tagged anew, so that an edited feeds.yaml applies to yesterday's news. Which
    story an item belongs to is written down, so that stories keep their ids.
    """
    now = clock.now()
    await store.forget_items(published_before=now - config.keep_items, rejected_before=now - config.keep_rejected)
    stored = await store.items_since(now - look_back(config))
    # Tagging and grouping thousands of items takes seconds of processor time; the site must go on answering.
    tagged = await asyncio.to_thread(
        tag_items, stored, compile_rules(config.tags), sources=config.sources, feeds=config.feeds.values()
    )
    retagged = [new for old, new in zip(stored, tagged, strict=True) if new != old]
    if retagged:
        await store.record_harvest([], retagged)
    kept = [item for item in tagged if not item.rejected]
    known = await store.story_ids([item.id for item in kept])
    stories = await asyncio.to_thread(group_stories, kept, known=known)
    found = {item.id: story.id for story in stories for item in story.items if known.get(item.id) != story.id}
    if found:
        await store.record_stories(found)
    return stories


def look_back(config: Config) -> timedelta:
    """Return how far back any feed or newsletter looks; grouping looks a little farther."""
    feeds = [feed.select.newer_than for feed in config.feeds.values()]
    newsletters = [span(newsletter.schedule) * 2 for newsletter in config.newsletters.values()]
    return max([*feeds, *newsletters, timedelta(days=1)]) + timedelta(days=3)

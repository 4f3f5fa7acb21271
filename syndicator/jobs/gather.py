"""Gather what is stored into stories, under the rules as feeds.yaml says them now."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

from syndicator.config.model import Config
from syndicator.model.story import Story
from syndicator.pipeline.calendar import span
from syndicator.pipeline.group import group_stories
from syndicator.pipeline.rules import compile_rules, rules_fingerprint, tag_items
from syndicator.ports import Clock, Store

RULES = "rules"  # the note under which the store keeps what rules its items were tagged by


async def gather(config: Config, *, store: Store, clock: Clock) -> list[Story]:
    """Return the stories of the time that feeds and newsletters look back on, newest first.

    After an edit of the rules, stored items are tagged anew, so that it applies to yesterday's news.
    Which story an item belongs to is written down, so that stories keep their ids.
    """
    since = clock.now() - look_back(config)
    await _retag(config, store, since)
    kept = await store.items_since(since, kept=True)
    known = await store.story_ids([item.id for item in kept])
    stories = await asyncio.to_thread(group_stories, kept, known=known)
    found = {item.id: story.id for story in stories for item in story.items if known.get(item.id) != story.id}
    if found:
        await store.record_stories(found)
    return stories


async def _retag(config: Config, store: Store, since: datetime) -> None:
    """Tag what is stored anew, rejected items too, if the rules are others than they were the last time."""
    # A longer look back reaches items that the last change of the rules did not.
    rules = f"{rules_fingerprint(config.tags, config.sources, config.feeds)} {look_back(config)}"
    if await store.recall(RULES) == rules:
        return
    stored = await store.items_since(since)
    # Thousands of items take seconds of processor time; the site must go on answering meanwhile.
    tagged = await asyncio.to_thread(
        tag_items, stored, compile_rules(config.tags), sources=config.sources, feeds=config.feeds.values()
    )
    retagged = [new for old, new in zip(stored, tagged, strict=True) if new != old]
    if retagged:
        await store.record_harvest([], retagged)
    await store.remember(RULES, rules)


def look_back(config: Config) -> timedelta:
    """Return how far back any feed or newsletter looks; grouping looks a little farther."""
    feeds = [feed.select.newer_than for feed in config.feeds.values()]
    newsletters = [span(newsletter.schedule) * 2 for newsletter in config.newsletters.values()]
    return max([*feeds, *newsletters, timedelta(days=1)]) + timedelta(days=3)

"""Explain an item that is stored, or a text that somebody typed."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from syndicator.config.model import Config
from syndicator.jobs.freeze import EARLIER_EDITIONS
from syndicator.jobs.gather import look_back
from syndicator.model.entry import Item
from syndicator.model.story import Story
from syndicator.pipeline.canonical import canonical_link
from syndicator.pipeline.explain import Explanation, Situation, explain_item, item_of_text
from syndicator.pipeline.plan import Outlook, outlook
from syndicator.pipeline.rules import Rules
from syndicator.ports import Clock, Store

_ID = re.compile(r"[is](?=[a-z]*[2-7])[a-z2-7]{15}")  # one id in twenty has no digit, and is looked up as well
_URL = re.compile(r"https?://\S+", re.IGNORECASE)


async def explain(config: Config, what: str, *, store: Store, clock: Clock, language: str = "") -> list[Explanation]:
    """Return the explanations of *what*: the id of an item or of a story, an address, or any other text.

    There are several when several outlets have an article at one address, or a story has several reports, and none
    when nothing is stored by that id or address. A text is explained as a title in *language*.
    """
    now, what = clock.now(), what.strip()
    # What was rejected is no part of any story, and is explained all the same.
    stored = await store.items_since(now - explained_span(config))
    known = await store.story_ids([item.id for item in stored])
    prospect = await asyncio.to_thread(outlook, config, stored, known=known, now=now)
    situation = await situate(config, prospect.stories, prospect.rules, store=store, now=now)
    items = named_items(what, prospect)
    if not items and not is_name(what):
        items = [item_of_text(what, language=language, now=now)]
    return [explain_item(item, situation) for item in items]


async def situate(config: Config, stories: Sequence[Story], rules: Rules, *, store: Store, now: datetime) -> Situation:
    """Return what the items of *stories* are explained in; *rules* are those of *config*."""
    return Situation(
        rules=rules,
        sources=config.sources,
        feeds=config.feeds,
        newsletters=config.newsletters,
        stories=stories,
        editions={id: await store.editions(id, limit=EARLIER_EDITIONS) for id in config.newsletters},
        now=now,
        today=now.astimezone(ZoneInfo(config.site.timezone)).date(),
    )


def explained_span(config: Config) -> timedelta:
    """Return how far back items are explained: as far as feeds and newsletters look, and 30 days at least."""
    return max(look_back(config), timedelta(days=30))


def is_name(what: str) -> bool:
    """Tell whether *what* is an id or an address rather than a text."""
    return bool(_ID.fullmatch(what)) or is_address(what)


def is_address(what: str) -> bool:
    """Tell whether *what* is an address of the web."""
    return bool(_URL.fullmatch(what))


def named_items(what: str, prospect: Outlook) -> Sequence[Item]:
    """Return the items of *prospect* that have *what* as their id, their address, or the id of their story."""
    if is_address(what):
        link = canonical_link(what)
        return [item for item in prospect.items.values() if canonical_link(item.entry.url) == link]
    if what in prospect.items:
        return [prospect.items[what]]
    return next((story.items for story in prospect.stories if story.id == what), ())

"""Plan an edit of feeds.yaml: try it on what is stored, and change nothing."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from syndicator.config.model import Config
from syndicator.pipeline.plan import Plan, make_plan, outlook
from syndicator.ports import Clock, Store

PLANNED = timedelta(days=30)  # as long as rejected entries are kept by default, which a new rule may take in
# The note under which the store keeps the feeds.yaml that is in force, its variables not filled. What the file itself
# says lies beside readers' addresses, and is as private as these.
APPLIED = "feeds.yaml"


async def plan(before: Config, after: Config, *, store: Store, clock: Clock, in_force: bool) -> Plan:
    """Return what would change for the items of the last 30 days if *after* took the place of *before*.

    Where *before* is *in_force*, items carry the tags that it gave them, maybe with an earlier vocabulary.
    """
    now = clock.now()
    items = await store.items_since(now - PLANNED)
    known = await store.story_ids([item.id for item in items])
    subscribers = await store.subscribers()

    def compare() -> Plan:
        old = outlook(before, items, known=known, now=now, tagged=in_force)
        new = outlook(after, items, known=known, now=now, settled=before)
        return make_plan(old, new, subscribers=subscribers, now=now)

    # Thousands of items take seconds of processor time; the site must go on answering meanwhile.
    return await asyncio.to_thread(compare)


async def applied(store: Store) -> str:
    """Return the text of the feeds.yaml that is in force; empty before the first turn."""
    return await store.recall(APPLIED)


async def note_applied(config: Config, *, store: Store) -> None:
    """Write down that *config* is in force."""
    if await store.recall(APPLIED) != config.text:
        await store.remember(APPLIED, config.text)

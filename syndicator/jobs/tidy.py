"""Forget what is no longer needed: old entries, and addresses whose owners never confirmed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from syndicator.config.model import Config
from syndicator.pipeline.readers import is_forgettable
from syndicator.ports import Clock, Store


@dataclass(frozen=True, slots=True, kw_only=True)
class TidyReport:
    """How many items and how many people were forgotten."""

    items: int = 0
    people: int = 0


async def tidy(config: Config, *, store: Store, clock: Clock) -> TidyReport:
    """Delete entries that are older than feeds.yaml's `keep` says, and people who never answered."""
    now = clock.now()
    items = await store.forget_items(
        published_before=now - config.keep_items, rejected_before=now - config.keep_rejected
    )
    silent = partial(is_forgettable, now=now)
    ids = [reader.id for reader in await store.subscribers() if silent(reader)]
    # Asked once more while the store deletes: one of them may have signed up anew meanwhile.
    return TidyReport(items=items, people=await store.forget_subscribers(ids, only_if=silent) if ids else 0)

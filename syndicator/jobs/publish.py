"""Republish: write the curated feeds, the pages and the archive; what did not change stays untouched."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from syndicator.config.model import Config
from syndicator.model.edition import Edition
from syndicator.model.story import Document, Story
from syndicator.pipeline.curate import curate
from syndicator.pipeline.pages import Contents, site_pages
from syndicator.pipeline.syndicate import feed_documents
from syndicator.ports import Clock, Progress, Shelf, Store, Templates

ARCHIVE = 60  # editions of each newsletter that the archive lists


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishReport:
    """How many stories stand in the feeds, and how many feed documents and pages there are, and were written."""

    stories: int = 0
    feed_files: int = 0
    feed_files_written: int = 0
    pages: int = 0
    pages_written: int = 0


async def publish(
    config: Config,
    stories: Sequence[Story],
    *,
    store: Store,
    shelf: Shelf,
    templates: Templates,
    clock: Clock,
    progress: Progress,
) -> PublishReport:
    """Write what *stories* make of the site; each file is replaced whole, and only when its bytes differ."""
    now = clock.now()
    chosen = {id: curate(stories, feed, now=now) for id, feed in config.feeds.items()}
    progress.begin("feeds", len(config.feeds))
    documents: list[Document] = []
    for id, feed in config.feeds.items():
        documents += await asyncio.to_thread(
            feed_documents, feed, chosen[id], site=config.site, tags=config.tags, sources=config.sources
        )
        progress.step("feeds", f"{id}: {len(chosen[id])} stories")
    contents = Contents(
        site=config.site,
        sources=config.sources,
        tags=config.tags,
        feeds=config.feeds,
        newsletters=config.newsletters,
        chosen=chosen,
        editions=await _editions(config, store),
    )
    pages = await asyncio.to_thread(site_pages, contents, templates.render)
    written = set(await shelf.put([*documents, *pages]))
    return PublishReport(
        stories=len({story.id for selected in chosen.values() for story in selected}),
        feed_files=len(documents),
        feed_files_written=sum(document.path in written for document in documents),
        pages=len(pages),
        pages_written=sum(page.path in written for page in pages),
    )


async def _editions(config: Config, store: Store) -> list[Edition]:
    found = [edition for id in config.newsletters for edition in await store.editions(id, limit=ARCHIVE)]
    return sorted(found, key=lambda edition: (edition.period, edition.id), reverse=True)

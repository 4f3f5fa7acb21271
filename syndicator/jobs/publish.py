"""Republish: write the curated feeds, the pages and the archive; what did not change stays untouched."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from syndicator import __version__
from syndicator.config.model import Config
from syndicator.model.edition import Edition
from syndicator.model.story import Document, Story
from syndicator.pipeline.curate import curate
from syndicator.pipeline.desk import edition_path
from syndicator.pipeline.incidents import incident_documents
from syndicator.pipeline.pages import Contents, site_pages
from syndicator.pipeline.syndicate import feed_documents
from syndicator.ports import Clock, Progress, Shelf, Store, Templates

ARCHIVE = 60  # editions of each newsletter that the archive lists
# The note under which the store keeps with what the pages of the archive were made. There may be thousands, and to
# render them anew at every turn took 24 s for six newsletters in seven languages.
ARCHIVE_KEY = "archive"


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishReport:
    """How many stories stand in the feeds, and how many feed documents and pages there are, and were written.

    Pages of the archive that were laid out before are not counted.
    """

    stories: int = 0
    feed_files: int = 0
    feed_files_written: int = 0
    pages: int = 0
    pages_written: int = 0


async def publish(
    config: Config,
    stories: Sequence[Story],
    *,
    secret: bytes,
    store: Store,
    shelf: Shelf,
    templates: Templates,
    clock: Clock,
    progress: Progress,
) -> PublishReport:
    """Write what *stories* make of the site; each file is replaced whole, and only when its bytes differ.

    What is wrong with the sources is written too, as a feed at an address that *secret* makes and nobody guesses.
    """
    now = clock.now()
    chosen = {id: curate(stories, feed, now=now, sources=config.sources) for id, feed in config.feeds.items()}
    progress.begin("feeds", len(config.feeds))
    documents: list[Document] = []
    for id, feed in config.feeds.items():
        documents += await asyncio.to_thread(
            feed_documents, feed, chosen[id], site=config.site, tags=config.tags, sources=config.sources
        )
        progress.step("feeds", f"{id}: {len(chosen[id])} stories")
    editions = await _editions(config, store)
    key, note = _archive_key(config, templates), _read_note(await store.recall(ARCHIVE_KEY))
    laid_out = await _laid_out(editions, note.get(key, {}), config, shelf)
    contents = Contents(
        site=config.site,
        sources=config.sources,
        tags=config.tags,
        feeds=config.feeds,
        newsletters=config.newsletters,
        chosen=chosen,
        editions=editions,
        laid_out=laid_out,
    )
    pages = await asyncio.to_thread(site_pages, contents, templates.render)
    if key not in note:
        # Should writing fail half-way, pages of two kinds lie there, and no note may vouch for them.
        await store.remember(ARCHIVE_KEY, "")
    states = await store.source_states(list(config.sources))
    incidents = incident_documents(config.sources, states, site=config.site, secret=secret)
    written = set(await shelf.put([*documents, *pages, *incidents]))
    if len(laid_out) < len(editions):
        await store.remember(ARCHIVE_KEY, json.dumps({key: {e.id: e.frozen_at.isoformat() for e in editions}}))
    return PublishReport(
        stories=len({story.id for selected in chosen.values() for story in selected}),
        feed_files=len(documents),
        feed_files_written=sum(document.path in written for document in documents),
        pages=len(pages),
        pages_written=sum(page.path in written for page in pages),
    )


def _archive_key(config: Config, templates: Templates) -> str:
    """Return a hash of all but the edition itself that the page of an edition shows."""
    labels = {id: tag.label for id, tag in config.tags.items()}
    shown = (config.site, config.sources, labels, config.newsletters, templates.fingerprint, __version__)
    return hashlib.sha256(repr(shown).encode()).hexdigest()


def _read_note(text: str) -> dict[str, dict[str, str]]:
    """Return by what key (see `_archive_key`) which editions, frozen when, were laid out; nothing for another note."""
    try:
        note = json.loads(text)
    except ValueError:
        return {}
    return note if isinstance(note, dict) else {}


async def _laid_out(
    editions: Sequence[Edition], noted: Mapping[str, str], config: Config, shelf: Shelf
) -> frozenset[str]:
    """Return the ids of the editions whose pages are all there, made of what they say.

    What an edition says never changes, but a store that was restored may freeze one anew.
    """
    vouched = [edition for edition in editions if noted.get(edition.id) == edition.frozen_at.isoformat()]
    paths = {edition_path(e, language, config.site): e.id for e in vouched for language in config.site.languages}
    missing = {paths[path] for path in await shelf.missing(paths)}
    return frozenset(edition.id for edition in vouched if edition.id not in missing)


async def _editions(config: Config, store: Store) -> list[Edition]:
    found = [edition for id in config.newsletters for edition in await store.editions(id, limit=ARCHIVE)]
    return sorted(found, key=lambda edition: (edition.period, edition.id), reverse=True)

"""Publish a feed: RSS 2.0 and Atom 1.0 with feedgen, and JSON Feed 1.1.

The bytes are a function of what is stored. feedgen would write the hour of writing where it is
not told one, so it is told every date.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from feedgen.feed import FeedGenerator

from syndicator import __version__
from syndicator.model.site import Site
from syndicator.model.source import Source
from syndicator.model.story import Document, Feed, Story
from syndicator.model.tag import Tag
from syndicator.pipeline.feed_entries import MEDIATOPICS, Head, Row, feed_head, feed_rows
from syndicator.pipeline.feed_extensions import NewsEntryExtension, NewsExtension
from syndicator.pipeline.json_feed_writer import write_json_feed


def feed_documents(
    feed: Feed,
    stories: Sequence[Story],
    *,
    site: Site,
    tags: Mapping[str, Tag],
    sources: Mapping[str, Source],
    ttl: timedelta = timedelta(minutes=30),
) -> list[Document]:
    """Return *feed* in three formats, at `feeds/<id>/rss.xml`, `atom.xml` and `feed.json`.

    *stories* are already selected and ordered; each makes one entry, told by its lead report in the
    feed's languages (the site's where it names none). *tags* and *sources* are all that there are,
    by id; *ttl* is how long a reader may wait before asking again.
    """
    head = feed_head(feed, stories, site=site, sources=sources, ttl=ttl)
    rows = feed_rows(feed, stories, site=site, tags=tags, sources=sources)
    bodies = {
        "rss.xml": _rss(head, rows, scheme=f"{site.url}tags/", url=f"{head.url}rss.xml"),
        "atom.xml": write_atom(head, rows, scheme=f"{site.url}tags/", url=f"{head.url}atom.xml"),
        "feed.json": write_json_feed(head, rows, url=f"{head.url}feed.json"),
    }
    return [Document(path=f"feeds/{feed.id}/{name}", body=body, empty=not stories) for name, body in bodies.items()]


def write_atom(head: Head, rows: Sequence[Row], *, scheme: str, url: str) -> bytes:
    """Return Atom 1.0 (RFC 4287) that lies at *url*; *scheme* is the address under which its categories lie."""
    feed = _channel(head, url, media_type="application/atom+xml")
    feed.generator("syndicator", version=__version__)
    feed.author({"name": head.author, "email": head.email})
    for row in rows:
        entry = _entry(feed, row, scheme)
        if row.content:
            entry.content(row.content_html, type="html")
        if row.excerpt or not row.content:
            entry.summary(row.excerpt if row.content else row.text, type="text")
        entry.author([{"name": name} for name in row.authors])
    return bytes(feed.atom_str(pretty=True))


def _rss(head: Head, rows: Sequence[Row], *, scheme: str, url: str) -> bytes:
    """Return RSS 2.0 as the RSS Advisory Board's profile asks for it."""
    channel = _channel(head, url, media_type="application/rss+xml")
    channel.load_extension("dc", atom=False, rss=True)
    channel.generator(f"syndicator {__version__}")
    channel.ttl(head.ttl)
    if head.email:
        channel.managingEditor(f"{head.email} ({head.author})")
        channel.webMaster(f"{head.email} ({head.author})")
    for row in rows:
        item = _entry(channel, row, scheme)
        # A description is HTML by custom, whatever it looks like, so plain text is escaped once more.
        item.description(row.excerpt_html)
        if row.content:
            item.content(row.content_html)
        # `author` of RSS must be an address, and we know names.
        item.dc.dc_creator(list(row.authors))
        item.dc.dc_language(row.language)
        if row.origin.url:
            item.source(row.origin.url, row.origin.title)
        # An item has one enclosure (RSS Advisory Board's profile); Atom and JSON Feed have them all.
        for file in row.enclosures[:1]:
            item.enclosure(file.url, file.length, file.type)
    return bytes(channel.rss_str(pretty=True))


def _channel(head: Head, url: str, *, media_type: str) -> Any:
    channel = FeedGenerator()
    channel.register_extension("news", NewsExtension, NewsEntryExtension)
    channel.id(head.id)
    channel.title(head.title)
    channel.subtitle(head.subtitle)
    channel.language(head.language)
    channel.updated(head.updated_at)
    channel.rights(head.rights)
    # The page stands last: feedgen takes the last link for the one link of an RSS channel.
    channel.link(href=url, rel="self", type=media_type)
    channel.link(href=head.page, rel="alternate", type="text/html")
    return channel


def _entry(channel: Any, row: Row, scheme: str) -> Any:
    entry = channel.add_entry(order="append")
    entry.id(row.id)
    entry.title(row.title)
    entry.link(href=row.url, rel="alternate")
    entry.published(row.published_at)
    entry.updated(row.updated_at)
    for category in row.categories:
        entry.category(term=category.tagging.tag, scheme=scheme, label=category.label)
    for code in dict.fromkeys(category.mediatopic for category in row.categories if category.mediatopic):
        entry.category(term=code, scheme=MEDIATOPICS)
    entry.news.describe(
        language=row.language,
        origin=row.origin,
        related=row.related,
        enclosures=row.enclosures,
        picture=row.image,
    )
    return entry

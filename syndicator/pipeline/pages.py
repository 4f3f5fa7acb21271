"""Lay out the site: which pages there are, in which languages, and what each shows.

Every page has one path within its language; the site's first language has no folder of its own.
Links within the site are relative, so that it can be read from a folder as well as from a server.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from syndicator.config.values import timezones
from syndicator.model.edition import Edition, Newsletter
from syndicator.model.language import language_name, rank_languages
from syndicator.model.site import Site
from syndicator.model.source import Source
from syndicator.model.story import Document, Feed, Story
from syndicator.model.tag import Tag
from syndicator.pipeline.curate import in_order
from syndicator.pipeline.desk import Desk, language_folder
from syndicator.pipeline.views import (
    SourceView,
    newsletter_view,
    site_view,
    source_view,
    tag_view,
)

# The lead, three beside each other, and six short ones: the two columns are then about equally long.
FRONT_STORIES = 10
FRONT_PER_FEED = 4  # one told at length, as tall as three short ones
FRONT_CHOICE = 30  # of so many best ones those in the page's language come first; more would be old news
FRONT_EDITIONS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """All that the site shows: by feed id its stories, selected and ordered; and the editions, newest first.

    Of the *editions* those named in *laid_out* have their pages already, which never change.
    """

    site: Site
    sources: Mapping[str, Source]
    tags: Mapping[str, Tag]
    feeds: Mapping[str, Feed]
    newsletters: Mapping[str, Newsletter]
    chosen: Mapping[str, Sequence[Story]]
    editions: Sequence[Edition]
    laid_out: frozenset[str] = frozenset()


def site_pages(contents: Contents, render: Callable[..., str]) -> list[Document]:
    """Return every page of the site in every language, and what the pages need."""
    pages = [page for language in contents.site.languages for page in _pages(contents, language, render)]
    assets = [
        Document(path=f"assets/{name}", body=render(f"site/{name}", language="en").encode())
        for name in ("style.css", "icon.svg")
    ]
    return pages + assets


def page_context(
    site: Site, language: str, page: str, *, absolute: bool = False, by_mail: bool = True
) -> dict[str, Any]:
    """Return what the layout needs for *page* (its path within its language).

    `root` and `home` lead to the root of the site and of the language: relative, or from `/` when
    *absolute*, for a page that a server makes at any path. *by_mail*: there is a newsletter to subscribe to.
    """
    path = language_folder(language, site) + page
    root = "/" if absolute else "../" * path.count("/")
    return {
        "site": site_view(site, language),
        "root": root,
        "home": root + language_folder(language, site),
        "page": page,
        "by_mail": by_mail,
        "alternates": [(tag, language_name(tag), root + language_folder(tag, site) + page) for tag in site.languages],
    }


def subscribe_context(
    newsletters: Mapping[str, Newsletter], tags: Mapping[str, Tag], site: Site, language: str
) -> dict[str, Any]:
    """Return what the sign-up form offers."""
    return {
        "newsletters": [newsletter_view(newsletter, language) for newsletter in newsletters.values()],
        "tags": [tag_view(tag, language) for tag in tags.values() if tag.match],
        "languages": [(tag, language_name(tag)) for tag in site.languages],
        "timezones": sorted(zone for zone in timezones() if "/" in zone and not zone.startswith("Etc/")),
        "values": {},
        "errors": {},
        "action": "/subscribe",
    }


def _pages(contents: Contents, language: str, render: Callable[..., str]) -> list[Document]:
    site = contents.site
    desk = Desk(site=site, sources=contents.sources, tags=contents.tags, language=language)
    editions = [desk.edition_line(edition) for edition in contents.editions]
    newsletters = [newsletter_view(newsletter, language) for newsletter in contents.newsletters.values()]

    def page(path: str, template: str, **context: Any) -> Document:
        layout = page_context(site, language, path, by_mail=bool(newsletters))
        body = render(template, language=language, **layout, **context)
        return Document(path=language_folder(language, site) + path, body=body.encode())

    latest = _latest(contents, language)
    sections = _sections(contents, latest, language)
    made = [
        page(
            "index.html",
            "site/index.html",
            feeds=[desk.feed(feed, sections[id]) for id, feed in contents.feeds.items()],
            latest=[desk.story(story) for story in latest],
            newsletters=newsletters,
            editions=editions[:FRONT_EDITIONS],
        ),
        page("archive/index.html", "site/archive.html", editions=editions),
        page("sources/index.html", "site/sources.html", sources=_sources(contents, language)),
        page(
            "subscribe/index.html",
            "site/subscribe.html",
            **subscribe_context(contents.newsletters, contents.tags, site, language),
        ),
    ]
    made += [
        page(
            f"feeds/{id}/index.html",
            "site/feed.html",
            feed=desk.feed(feed, contents.chosen[id]),
            **_feed_links(feed, language, site),
        )
        for id, feed in contents.feeds.items()
    ]
    made += [
        page(f"archive/{edition.id}.html", "site/edition.html", edition=desk.edition(edition))
        for edition in contents.editions
        if edition.id not in contents.laid_out
    ]
    return made


def _feed_links(feed: Feed, language: str, site: Site) -> dict[str, str]:
    """Return where the feed's documents lie, from its page: they are one for all languages."""
    folder = f"../../../feeds/{feed.id}/" if language_folder(language, site) else ""
    return {"rss": f"{folder}rss.xml", "atom": f"{folder}atom.xml", "json": f"{folder}feed.json"}


def _latest(contents: Contents, language: str) -> list[Story]:
    """Return the best stories of all feeds, each once; of these, first what is told in *language*."""
    stories = {story.id: story for chosen in contents.chosen.values() for story in chosen}
    return _legible(in_order([*stories.values()], sources=contents.sources), FRONT_STORIES, language)


def _legible(stories: Sequence[Story], count: int, language: str) -> list[Story]:
    """Return *count* of the best *stories*, first what is told in *language*."""
    return sorted(stories[:FRONT_CHOICE], key=lambda story: not story.speaks([language]))[:count]


def _sections(contents: Contents, latest: Sequence[Story], language: str) -> dict[str, list[Story]]:
    """Return by feed id what stands in its section of the front page, below *latest*: no story stands there twice.

    The smallest feed chooses first: one that takes everything would else leave the others nothing.
    """
    told = {story.id for story in latest}
    sections: dict[str, list[Story]] = {}
    for id in sorted(contents.feeds, key=lambda id: len(contents.chosen[id])):
        rest = [story for story in contents.chosen[id] if story.id not in told]
        sections[id] = _legible(rest, FRONT_PER_FEED, language)
        told.update(story.id for story in sections[id])
    return sections


def _sources(contents: Contents, language: str) -> list[SourceView]:
    """Return the sources by language: that of the page, those of the site, the others; as in feeds.yaml within each."""
    sources = contents.sources.values()
    ranked = rank_languages([language, *contents.site.languages], sorted({source.language for source in sources}))
    return [source_view(source, language) for source in sorted(sources, key=lambda s: ranked.index(s.language))]

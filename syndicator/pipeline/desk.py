"""Show news in one language: stories, feeds and editions as the values that templates get."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from syndicator.model.edition import Edition
from syndicator.model.entry import Item
from syndicator.model.language import base_language, direction, language_name, show_date
from syndicator.model.site import Site
from syndicator.model.source import Source
from syndicator.model.story import Feed, Story
from syndicator.model.tag import Tag
from syndicator.pipeline.canonical import canonical_link
from syndicator.pipeline.clean import excerpt
from syndicator.pipeline.views import (
    EditionView,
    FeedView,
    ReportView,
    RevisionView,
    SectionView,
    StoryView,
    tag_view,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What it takes to show news in one language: the site, and the sources and tags by id."""

    site: Site
    sources: Mapping[str, Source]
    tags: Mapping[str, Tag]
    language: str

    def story(self, story: Story, languages: Sequence[str] = ()) -> StoryView:
        """Return *story* as its lead report for a reader of *languages* (by default the page's) tells it."""
        lead = story.lead(languages or [self.language], sources=self.sources)
        source, carried = self._source(lead), story.tag_ids
        show = source.rights.show if source else "title"
        corrected = lead.updated_at > lead.published_at and lead.updated_at > lead.first_seen_at
        return StoryView(
            id=story.id,
            lead=self.report(lead),
            summary="" if show == "title" or not source else excerpt(lead.entry.summary, words=source.rights.words),
            date=show_date(lead.published_at, self.language, timezone=self.site.timezone),
            datetime=lead.published_at.isoformat(timespec="seconds"),
            corrected=self._day(lead.updated_at) if corrected else "",
            tags=tuple(tag_view(tag, self.language) for tag in self._shown(carried)),
            others=tuple(self._others(story, lead)),
            revisions=tuple(self._revisions(lead, source)),
        )

    def report(self, item: Item) -> ReportView:
        """Return one report of a story: the publisher's own title and link, the source by name."""
        language = item.entry.language
        source = self._source(item)
        return ReportView(
            title=item.entry.title,
            url=item.entry.url,
            source=source.title if source else item.outlet,
            language=language,
            language_name=language_name(language, self.language),
            direction=direction(language),
            foreign=self._is_foreign(language),
        )

    def feed(self, feed: Feed, stories: Sequence[Story]) -> FeedView:
        """Return *feed* with *stories*, which are already selected and ordered."""
        spoken = (feed.select.languages or self.site.languages)[0]
        return FeedView(
            id=feed.id,
            title=feed.title.to(self.language),
            description=feed.description.to(self.language),
            path=f"feeds/{feed.id}/",
            language_name=language_name(spoken, self.language) if self._is_foreign(spoken) else "",
            stories=tuple(self.story(story) for story in stories),
        )

    def edition_line(self, edition: Edition) -> EditionView:
        """Return *edition* for a list of editions: without its stories."""
        path = edition_path(edition, self.language, self.site)
        return EditionView(
            id=edition.id,
            newsletter=edition.newsletter,
            title=edition.title.to(self.language),
            date=show_date(edition.period, self.language),
            datetime=edition.period.isoformat(),
            url=self.site.url + path,
            path=path,
            count=len(edition.stories),
        )

    def edition(
        self, edition: Edition, *, languages: Sequence[str] = (), topics: frozenset[str] = frozenset()
    ) -> EditionView:
        """Return *edition* for a reader of *languages* (by default the page's) and *topics* (none: all).

        In each section what the reader can read comes first; sections left empty are left out.
        """
        ranked = languages or [self.language]
        sections = [
            (section.title.to(self.language), [s for s in section.stories if not topics or s.tag_ids & topics])
            for section in edition.sections
        ]
        filled = [(title, stories) for title, stories in sections if stories]
        return replace(
            self.edition_line(edition),
            count=sum(len(stories) for _, stories in filled),
            sections=tuple(
                SectionView(
                    title=title if len(edition.sections) > 1 else "",
                    stories=tuple(
                        self.story(story, ranked) for story in sorted(stories, key=lambda s: not s.speaks(ranked))
                    ),
                )
                for title, stories in filled
            ),
        )

    def _shown(self, carried: frozenset[str]) -> Iterator[Tag]:
        """Yield the tags that tell most: of a theme and its child the child, of those that a source gives none."""
        parents = {self.tags[id].parent for id in carried if id in self.tags}
        return (tag for id, tag in self.tags.items() if id in carried and id not in parents and tag.match)

    def _revisions(self, item: Item, source: Source | None) -> Iterator[RevisionView]:
        """Yield what a reader saw of *item* before, the latest first, no more of it than its source's rights allow."""
        words = source.rights.words if source and source.rights.show != "title" else 0
        title, summary = item.entry.title, excerpt(item.entry.summary, words=words) if words else ""
        for revision in reversed(item.revisions):
            was = excerpt(revision.summary, words=words) if words else ""
            if (revision.title, was) != (title, summary):
                yield RevisionView(
                    date=self._day(revision.at),
                    datetime=revision.at.isoformat(timespec="seconds"),
                    title=revision.title if revision.title != title else "",
                    summary=was if was != summary else "",
                )
            title, summary = revision.title, was

    def _others(self, story: Story, lead: Item) -> Iterator[ReportView]:
        # Some publishers have one address for all languages. Their other voices are worth a name, but a
        # reader who follows two links wants to come to two pages.
        opened = {canonical_link(lead.entry.url)}
        for item in story.others(lead):
            page = canonical_link(item.entry.url)
            report = self.report(item)
            yield replace(report, url="") if page in opened else report
            opened.add(page)

    def _is_foreign(self, language: str) -> bool:
        return base_language(language) != base_language(self.language)

    def _source(self, item: Item) -> Source | None:
        # A source may have left feeds.yaml since the item came; then its title alone is shown.
        return next((self.sources[id] for id in (item.entry.source, *item.sources) if id in self.sources), None)

    def _day(self, value: datetime) -> str:
        return show_date(value, self.language, timezone=self.site.timezone)


def language_folder(language: str, site: Site) -> str:
    """Return the folder of the pages in *language*: none for the site's first language."""
    return "" if language == site.languages[0] else f"{language}/"


def edition_path(edition: Edition, language: str, site: Site) -> str:
    """Return where the web page of *edition* in *language* lies, relative to the site's root."""
    shown = language if language in site.languages else site.languages[0]
    return f"{language_folder(shown, site)}archive/{edition.id}.html"

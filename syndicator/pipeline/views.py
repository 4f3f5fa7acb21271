"""Say what a page or a mail shows of a story, a feed or an edition, in the reader's language.

Templates get these values and nothing else of our model, so that a site's own templates go on
working when the model changes. Every text here is plain; templates escape it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlsplit

from syndicator.model.edition import Edition, Newsletter
from syndicator.model.entry import Item
from syndicator.model.language import base_language, direction, language_name, show_date
from syndicator.model.site import Site
from syndicator.model.source import Source
from syndicator.model.story import Feed, Story
from syndicator.model.tag import Tag
from syndicator.pipeline.canonical import canonical_link
from syndicator.pipeline.clean import excerpt


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportView:
    """One report of a story: the publisher's words, link and name. *foreign*: not in the page's language.

    *url* is empty when there is no page to open, or when an earlier report of the story has opened it already.
    """

    title: str
    url: str
    source: str
    language: str
    language_name: str
    direction: str
    foreign: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryView:
    """A story as its lead report tells it. *date* is for people, *datetime* for machines (RFC 3339).

    *corrected* is the day of a later edit by the publisher, for people; empty when there was none.
    """

    id: str
    lead: ReportView
    summary: str
    date: str
    datetime: str
    corrected: str
    tags: tuple[TagView, ...]
    others: tuple[ReportView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TagView:
    """A tag's id and its name in the page's language."""

    id: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedView:
    """A feed's name and what it holds; *path* is that of its folder, `feeds/<id>/`.

    Its documents are one for all languages: *language_name* is that of their own words, empty when it is the page's.
    """

    id: str
    title: str
    description: str
    path: str
    language_name: str = ""
    stories: tuple[StoryView, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NewsletterView:
    """A newsletter's name and rhythm; *every* is `day`, `week` or `month`."""

    id: str
    title: str
    description: str
    every: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionView:
    """A section of an edition; *title* is empty when the edition has one section only."""

    title: str
    stories: tuple[StoryView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionView:
    """An edition as one reader's language shows it; *url* is its absolute address on the site.

    *count* is how many stories it holds; in a list of editions there is no more of them than that.
    """

    id: str
    newsletter: str
    title: str
    date: str
    datetime: str
    url: str
    path: str
    count: int
    sections: tuple[SectionView, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceView:
    """A source as the site names it: whose words these are, where they are at home, and the *feed* we read."""

    title: str
    url: str
    feed: str
    language: str
    language_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteView:
    """What every page needs: the site's name, its publisher, and the page's language and direction."""

    title: str
    description: str
    url: str
    publisher: str
    email: str
    postal_address: str
    language: str
    direction: str
    languages: tuple[tuple[str, str], ...]


def site_view(site: Site, language: str) -> SiteView:
    """Return the site as a page in *language* names it."""
    return SiteView(
        title=site.title.to(language),
        description=site.description.to(language),
        url=site.url,
        publisher=site.publisher.name,
        email=site.publisher.email,
        postal_address=site.publisher.postal_address,
        language=language,
        direction=direction(language),
        languages=tuple((tag, language_name(tag)) for tag in site.languages),
    )


def tag_view(tag: Tag, language: str) -> TagView:
    """Return a tag as a page in *language* names it."""
    return TagView(id=tag.id, label=tag.label.to(language) or tag.id)


def newsletter_view(newsletter: Newsletter, language: str) -> NewsletterView:
    """Return a newsletter as a page in *language* names it."""
    return NewsletterView(
        id=newsletter.id,
        title=newsletter.title.to(language),
        description=newsletter.description.to(language),
        every=newsletter.schedule.every,
    )


def source_view(source: Source, language: str) -> SourceView:
    """Return a source as a page in *language* names it."""
    address = urlsplit(source.public_url)
    return SourceView(
        title=source.title,
        url=f"{address.scheme}://{address.netloc}/",
        feed=address.geturl(),
        language=source.language,
        language_name=language_name(source.language, language),
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
            tags=tuple(tag_view(tag, self.language) for id, tag in self.tags.items() if id in carried and tag.match),
            others=tuple(self._others(story, lead)),
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

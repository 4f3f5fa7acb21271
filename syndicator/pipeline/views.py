"""Say what a page or a mail shows of a story, a feed or an edition, in the reader's language.

Templates get these values and nothing else of our model, so that a site's own templates go on
working when the model changes. Every text here is plain; templates escape it.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from syndicator.model.edition import Newsletter
from syndicator.model.language import direction, language_name
from syndicator.model.site import Site
from syndicator.model.source import Source
from syndicator.model.tag import Tag


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
class RevisionView:
    """What the lead report said before, until *date* (for people) or *datetime* (for machines, RFC 3339).

    *title* and *summary* are each empty where they are as they were.
    """

    date: str
    datetime: str
    title: str
    summary: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryView:
    """A story as its lead report tells it. *date* is for people, *datetime* for machines (RFC 3339).

    *corrected* is the day of a later edit by the publisher, for people; empty when there was none. *revisions* are
    what it said before, the latest first.
    """

    id: str
    lead: ReportView
    summary: str
    date: str
    datetime: str
    corrected: str
    tags: tuple[TagView, ...]
    others: tuple[ReportView, ...]
    revisions: tuple[RevisionView, ...] = ()


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

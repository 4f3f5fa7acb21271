"""Say what a page or a mail shows of a story, a feed or an edition, in the reader's language.

Templates get these values and nothing else of our model, so that a site's own templates go on
working when the model changes. Every text here is plain; templates escape it.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportView:
    """One report of a story: the publisher's words, link and name. *foreign*: not in the page's language."""

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
    *image* is a picture's URL where the source's rights allow it, with its *image_alt*.
    """

    id: str
    lead: ReportView
    summary: str
    date: str
    datetime: str
    corrected: str
    tags: tuple[TagView, ...]
    others: tuple[ReportView, ...]
    image: str
    image_alt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TagView:
    """A tag's id and its name in the page's language."""

    id: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedView:
    """A feed's name and what it holds; *path* is that of its folder, `feeds/<id>/`."""

    id: str
    title: str
    description: str
    path: str
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
    """An edition as one reader's language shows it; *url* is its absolute address on the site."""

    id: str
    newsletter: str
    title: str
    date: str
    datetime: str
    url: str
    path: str
    sections: tuple[SectionView, ...]

    @property
    def count(self) -> int:
        """How many stories it holds."""
        return sum(len(section.stories) for section in self.sections)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceView:
    """A source as the site names it: whose words these are, and where they are at home."""

    title: str
    url: str
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

"""A newsletter: a schedule over feeds; an edition: one frozen issue of it; a variant: one rendering."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

from syndicator.model.language import Localized
from syndicator.model.story import Story


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """When a newsletter goes out, on the reader's own clock.

    *on* is an ISO weekday (1 Monday … 7 Sunday) for `week`, a day of the month (1 … 28) for
    `month`, and 0 for `day`. An edition that could not go out at its hour goes out up to *late* after it
    (None: as `pipeline.calendar.LATE` says).
    """

    every: Literal["day", "week", "month"] = "week"
    on: int = 1
    at: time = time(7, 0)
    late: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Newsletter:
    """A digest that readers ask for: the stories of *feeds*, each feed one section, on a *schedule*."""

    id: str
    title: Localized
    feeds: tuple[str, ...]
    description: Localized = Localized()
    schedule: Schedule = Schedule()
    max_stories: int = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """The stories that an edition takes from one feed."""

    feed: str
    title: Localized
    stories: tuple[Story, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """One frozen issue of a newsletter for one *period*: the local day on which it is due.

    What it says never changes after freezing. *id* is `newsletter/period`, so that freezing twice
    is freezing once.
    """

    id: str
    newsletter: str
    period: date
    title: Localized
    frozen_at: datetime
    sections: tuple[Section, ...]

    @property
    def stories(self) -> tuple[Story, ...]:
        """All stories, section after section."""
        return tuple(story for section in self.sections for story in section.stories)


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """One rendering of an edition, language × topics: all of a reader's mail but the reader's own links.

    *subject* is text; *html* and *text* hold words made of *slot_key* (see `pipeline.compose.Slots`) where the
    reader's own links go. *list_id* is the newsletter, and empty in a mail that is no list mail.
    """

    id: str
    edition: str
    language: str
    subject: str
    html: str
    text: str
    list_id: str = ""
    list_title: str = ""
    slot_key: str = ""
    stories: tuple[str, ...] = ()

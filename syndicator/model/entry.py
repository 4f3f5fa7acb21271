"""An entry: one article as a source gave it; an item: that entry known, dated and tagged."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from syndicator.model.source import Pace


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """A picture that the publisher shows with an entry; *alt*, *caption*, *width* and *height* where given."""

    url: str
    alt: str = ""
    width: int = 0
    height: int = 0
    caption: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Enclosure:
    """A file that belongs to an entry: *type* is a media type, *length* is in bytes (0: not given)."""

    url: str
    type: str = ""
    length: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One article as a source gave it, in Atom's words (RFC 4287, section 4.2), cleaned.

    *title* and *summary* are plain text, *content* is clean HTML; all are NFC. *guid* is the
    publisher's id. *published* and *updated* are what the publisher claims, None where that is
    no date. *claimed* is the date as it was written.
    """

    source: str
    guid: str = ""
    url: str = ""
    title: str = ""
    summary: str = ""
    content: str = ""
    language: str = ""
    published: datetime | None = None
    updated: datetime | None = None
    claimed: str = ""
    authors: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    image: Image | None = None
    enclosures: tuple[Enclosure, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something wrong with a document or an entry that we could live with; *where* names the place."""

    text: str
    where: str = ""

    def __str__(self) -> str:
        return f"{self.where}: {self.text}" if self.where else self.text


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """What reading a document brought: the entries it holds, and all that was wrong with it.

    *version* is empty when the bytes are no feed at all. *fingerprints* are of all its entries as they were written,
    in their order; *entries* are those of them that were not known by their fingerprint, cleaned. *faulty* are the
    fingerprints of those of which *problems* tell something.
    """

    version: str = ""
    title: str = ""
    language: str = ""
    pace: Pace = Pace()
    entries: tuple[Entry, ...] = ()
    fingerprints: tuple[str, ...] = ()
    faulty: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why a tag was given: *term* of the rule, the *words* it met in *field*, from *start* (characters)."""

    field: str
    term: str
    words: str
    start: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Tagging:
    """A tag that an item carries, with its reasons. A tag that the source brings has *field* `source`."""

    tag: str
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """An entry with our permanent *id*, settled dates, and its tags with their reasons.

    *sources* are all the sources of one outlet in which it stands. *keys* are what it is known by
    when it comes again. *digest* is a hash of what a reader sees, so that an unchanged entry is
    told from an edited one. *backfill* marks what was there when the source was first asked.
    """

    id: str
    entry: Entry
    outlet: str
    sources: tuple[str, ...]
    keys: tuple[str, ...]
    digest: str
    first_seen_at: datetime
    published_at: datetime
    updated_at: datetime
    backfill: bool = False
    tags: tuple[Tagging, ...] = ()
    rejected: str = ""

    @property
    def tag_ids(self) -> frozenset[str]:
        """The ids of the tags, without their reasons."""
        return frozenset(tagging.tag for tagging in self.tags)

"""An entry: one article as a source gave it; an item: that entry known, dated and tagged."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

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
    no date. *claimed* is the date as it was written. *alternates* are the addresses of the same
    article in other languages (Atom's links of relation `alternate` with a `hreflang`).
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
    alternates: tuple[str, ...] = ()


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
    """Why a tag was given: *term* of the rule, the *words* it met in *field*, from *start* (characters).

    *field* is `source` where the source brings the tag (*term* is the source), and `tag` where a child brings it
    (*term* is the child).
    """

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
class Objection:
    """Why a tag was not given though words of its rule are met.

    *kind* is the part of the rule that does not hold: `none` (*reason* is the excluding word), `all` and `requires`
    (*missing* are the terms or tags that are not there), `any`, `near` (*found* words are in the shortest stretch of
    one sentence that holds them all, 0 where there is none, and *wanted* is the most), `at_least` and `score` (*found*
    of *wanted*; *missing* are all the others that would count for the first, where they are few: terms, and of each
    rule its first terms in one text).
    """

    kind: Literal["none", "all", "any", "requires", "near", "at_least", "score"]
    reason: Reason | None = None
    missing: tuple[str, ...] = ()
    found: float = 0
    wanted: float = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a tag's rule says of an entry: *given* for these *reasons*, or nearly, but for the *objections*."""

    tag: str
    given: bool
    reasons: tuple[Reason, ...] = ()
    objections: tuple[Objection, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """What a reader saw of an entry until *at*, when we found that its publisher had changed it."""

    at: datetime
    title: str
    summary: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """An entry with our permanent *id*, settled dates, and its tags with their reasons.

    *sources* are all the sources of one outlet in which it stands. *keys* are what it is known by
    when it comes again. *digest* is a hash of what a reader sees, so that an unchanged entry is
    told from an edited one. *backfill* marks what was there when the source was first asked.
    *revisions* are what it said before, the oldest first. *cues* are what it may have in common
    with another report of the same event.
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
    revisions: tuple[Revision, ...] = ()
    cues: tuple[str, ...] = ()

    @property
    def tag_ids(self) -> frozenset[str]:
        """The ids of the tags, without their reasons."""
        return frozenset(tagging.tag for tagging in self.tags)

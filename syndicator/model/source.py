"""A source: an upstream feed, what we know of it, and what asking it brought."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, TypeAlias


@dataclass(frozen=True, slots=True, kw_only=True)
class Rights:
    """How much of a source's words we may show: *show* a title, an excerpt of *words* words, or all."""

    show: Literal["title", "excerpt", "full"] = "excerpt"
    words: int = 60
    images: Literal["none", "link"] = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """What a source gets wrong and we put right: the *timezone* (IANA) of dates that name none."""

    timezone: str = ""
    encoding: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expect:
    """What is normal for a source; less than that is worth a word to the admin."""

    min_items: int = 0
    max_silence: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """An upstream feed named in feeds.yaml. Sources of one *outlet* are one voice."""

    id: str
    title: str
    url: str
    language: str = "en"
    outlet: str = ""
    every: timedelta = timedelta(minutes=30)
    tags: tuple[str, ...] = ()
    weight: float = 1.0
    rights: Rights = Rights()
    repair: Repair = Repair()
    expect: Expect = Expect()


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """What a server wants back on the next conditional GET, verbatim (RFC 9110, section 13)."""

    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceState:
    """What we remember of a source between two askings. *validators* belong to *url* and to no other."""

    id: str
    url: str
    title: str = ""
    validators: Validators = Validators()
    body_hash: str = ""
    first_asked_at: datetime | None = None
    asked_at: datetime | None = None
    changed_at: datetime | None = None
    next_at: datetime | None = None
    claimed_until: datetime | None = None
    failures: int = 0
    outcome: str = ""
    problems: tuple[str, ...] = ()
    entries: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One conditional GET to make."""

    source: str
    url: str
    validators: Validators = Validators()


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """The source answered with a document. *url* is the final one, *moved_to* that of a permanent redirect."""

    source: str
    url: str
    content: bytes = field(repr=False)
    content_type: str = ""
    validators: Validators = Validators()
    moved_to: str = ""
    max_age: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NotModified:
    """The source has nothing new (304)."""

    source: str
    validators: Validators = Validators()
    max_age: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """The source says that it is gone for good (410)."""

    source: str
    why: str = "410 Gone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocked:
    """The source refuses us (401, 403, 429, 451, a challenge page)."""

    source: str
    why: str
    retry_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """Asking failed: a status, a time-out, no connection, too large a body. *why* names the cause."""

    source: str
    why: str
    retry_at: datetime | None = None


Fetched: TypeAlias = Body | NotModified | Gone | Blocked | Failed

"""A source: an upstream feed, what we know of it, and what asking it brought."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, TypeAlias
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True, kw_only=True)
class Rights:
    """How much of a source's words we may show: *show* a title, an excerpt of *words* words, or all."""

    show: Literal["title", "excerpt", "full"] = "excerpt"
    words: int = 60
    images: Literal["none", "link"] = "none"


# The fields of an entry that may be read as if they were not there.
Ignorable: TypeAlias = Literal[
    "guid", "published", "updated", "summary", "content", "authors", "categories", "image", "enclosures", "language"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """What a source gets wrong and we put right.

    *timezone* (IANA) is that of dates that name none, *date_format* one of `strptime` that is tried first. *id_from*
    says what tells its entries apart (empty: found out), *title_type* what its titles are (empty: found out).
    Entries of the future are dated when they are first seen (`clamp`), or left out until then (`skip`). The fields
    named by *ignore* are read as if they were not there.
    """

    timezone: str = ""
    encoding: str = ""
    date_format: str = ""
    id_from: Literal["", "guid", "link", "title"] = ""
    title_type: Literal["", "text", "html"] = ""
    future_dates: Literal["clamp", "skip"] = "clamp"
    ignore: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Expect:
    """What is normal for a source; anything else is worth a word to the admin.

    One of *words* stands in most of its entries (a section's words); its links lead to *host* or below it.
    """

    language: str = ""
    min_items: int = 0
    max_silence: timedelta | None = None
    words: tuple[str, ...] = ()
    host: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """An upstream feed named in feeds.yaml. Sources of one *outlet* are one voice.

    An *adaptive* one is asked as often as it is found to change, and *every* is where that begins. *ignore_robots* is
    the reason for which its robots.txt does not count; *allow_private* lets it lie in a network that is not public.
    The address of a *secret* one was put together from the environment.
    """

    id: str
    title: str
    url: str
    language: str = "en"
    outlet: str = ""
    every: timedelta = timedelta(minutes=30)
    adaptive: bool = False
    allow_private: bool = False
    ignore_robots: str = ""
    secret: bool = False
    tags: tuple[str, ...] = ()
    weight: float = 1.0
    rights: Rights = Rights()
    repair: Repair = Repair()
    expect: Expect = Expect()

    @property
    def public_url(self) -> str:
        """The address as everybody may see it: without name and password (RFC 3986, section 3.2.1), and of a *secret*
        one the host alone."""
        parts = urlsplit(self.url)
        host = parts.netloc.rpartition("@")[2]
        if self.secret:
            return f"{parts.scheme}://{host}/"
        return parts._replace(netloc=host).geturl() if host != parts.netloc else self.url


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """What a server wants back on the next conditional GET, verbatim (RFC 9110, section 13)."""

    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How seldom a publisher wishes to be asked, as its document says (RSS 2.0: ttl, skipHours, skipDays; sy:).

    *skip_hours* are 0 to 23, *skip_days* 0 (Monday) to 6, both in GMT.
    """

    wait: timedelta = timedelta(0)
    skip_hours: tuple[int, ...] = ()
    skip_days: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Robots:
    """What robots.txt says of *url*: the rule that *disallows* it, if any, and the *spacing* that it asks for."""

    url: str
    read_at: datetime
    disallows: str = ""
    spacing: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A permanent redirect to *url*, by which *answers* documents came since *since*, all of them the same feed."""

    url: str
    since: datetime
    answers: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """A run of *times* like answers of a source: what came of them, and the *new* entries that they brought."""

    outcome: str
    first_at: datetime
    last_at: datetime
    times: int = 1
    new: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something that is wrong with a source: its *kind*, what it is in plain words, what to try, since when."""

    kind: str
    text: str
    remedy: str
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceState:
    """What we remember of a source between two askings. *validators* belong to *url* and to no other.

    Of its *asked_times* askings *unmodified* were answered 304. *full_at* is when it last answered in full,
    *changed_at* when its bytes last changed, *new_at* when it last brought a new entry, *rhythm* the learned time
    between two changes, *max_age* for how long its server says that an answer is fresh. *read* holds the fingerprints
    of the entries of its last document, one after the other. *id_rule* is what tells its entries apart. *held* new
    entries are held back since *held_since*, and the document is to be read again at *reread_at* even if it is the
    same. *suggested* is a feed that the page in its place names, looked for at *discovered_at*. *sample* tells of the
    last entries that were read, 20 at most and the newest last, behind a hash of what is expected of them: of each a
    short name, its language (`-`: not known), the host of its link (`-`: none), and 1 or 0 for whether one of
    `expect.words` is in it, parted by spaces.
    """

    id: str
    url: str
    title: str = ""
    validators: Validators = Validators()
    body_hash: str = ""
    first_asked_at: datetime | None = None
    asked_at: datetime | None = None
    full_at: datetime | None = None
    changed_at: datetime | None = None
    new_at: datetime | None = None
    next_at: datetime | None = None
    claimed_until: datetime | None = None
    failures: int = 0
    outcome: str = ""
    problems: tuple[str, ...] = ()
    entries: int = 0
    asked_times: int = 0
    unmodified: int = 0
    pace: Pace = Pace()
    max_age: timedelta | None = None
    rhythm: timedelta | None = None
    robots: Robots | None = None
    move: Move | None = None
    history: tuple[Answered, ...] = ()
    findings: tuple[Finding, ...] = ()
    read: str = ""
    id_rule: str = ""
    held: int = 0
    held_since: datetime | None = None
    reread_at: datetime | None = None
    suggested: str = ""
    discovered_at: datetime | None = None
    sample: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One GET to make, conditional if there are *validators*.

    *spacing* is the least time between two requests to its host.
    """

    source: str
    url: str
    validators: Validators = Validators()
    allow_private: bool = False
    spacing: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """The source answered with a document. *url* is the final one, *moved_to* that of a permanent redirect.

    A *partial* document (226, RFC 3229) has the new entries only. *max_age* is how long it stays fresh.
    """

    source: str
    url: str
    content: bytes = field(repr=False)
    content_type: str = ""
    validators: Validators = Validators()
    moved_to: str = ""
    max_age: timedelta | None = None
    partial: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NotModified:
    """The source has nothing new (304)."""

    source: str
    validators: Validators = Validators()
    moved_to: str = ""
    max_age: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """The source says that it is gone for good (410)."""

    source: str
    why: str = "410 Gone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocked:
    """The source refuses us (401, 403, 429, 451, a challenge page, its robots.txt)."""

    source: str
    why: str
    status: int = 0
    retry_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """Asking failed: a *status*, or (0) a time-out, no connection, too large a body. *why* names the cause.

    *unreached*: no server was there at all, which may be the fault of our own network.
    """

    source: str
    why: str
    status: int = 0
    retry_at: datetime | None = None
    unreached: bool = False


Fetched: TypeAlias = Body | NotModified | Gone | Blocked | Failed

"""The shape of feeds.yaml as it is written: each key with its type, default and description.

Descriptions are what editors show beside a key, what messages about a missing key say, and what
docs/feeds-yaml.md is held against. Every text has been checked and is still a text; `build` reads it.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, ValidationInfo, field_validator
from pydantic.config import JsonDict

from syndicator.config import values
from syndicator.config.base import Shape
from syndicator.config.rule_shape import TagShape, WordList
from syndicator.config.scalars import (
    ID_PATTERN,
    TAG_PATTERN,
    DateFormat,
    Day,
    Duration,
    Encoding,
    Folder,
    Host,
    Id,
    Interval,
    Key,
    Language,
    Line,
    MailAddress,
    Mailbox,
    MailServer,
    Reason,
    Secret,
    SiteAddress,
    TagId,
    Term,
    Text,
    TimeOfDay,
    Timezone,
    WebAddress,
    Words,
)
from syndicator.model.source import Ignorable


class PublisherShape(Shape):
    """Who answers for what is published and mailed."""

    name: Line = Field(description="The publisher's name, shown in every mail and on every page.")
    email: MailAddress = Field(description="The address at which a person reads what readers write.")
    postal_address: Text = Field(
        default="", description="The publisher's postal address, which many laws want in every mail."
    )


class SiteShape(Shape):
    """The public face of the newsroom."""

    title: Words = Field(description="The name of the site: a text, or one text for each language.")
    description: Words = Field(default={}, description="What the site is about, in a sentence.")
    url: SiteAddress = Field(description="The address at which the site is published.")
    languages: list[Language] = Field(
        default=["en"], min_length=1, description="The languages of pages and mails; the first is the site's own."
    )
    timezone: Timezone = Field(
        default="UTC", description="The site's time zone (IANA), by which days and hours are told."
    )
    publisher: PublisherShape = Field(description="Who answers for the site.")


class RightsShape(Shape):
    """How much of a source's words may be shown."""

    show: Literal["title", "excerpt", "full"] = Field(
        default="excerpt", description="What is shown of an article: its title, an excerpt, or all that the feed has."
    )
    words: int = Field(default=60, ge=1, le=1000, description="The length of an excerpt, in words.")
    images: Literal["none", "link"] = Field(
        default="none", description="Whether the publisher's pictures are shown, from the publisher's own address."
    )


class RepairShape(Shape):
    """What a source gets wrong and we put right."""

    timezone: Timezone = Field(default="", description="The time zone (IANA) of dates that name none.")
    encoding: Encoding = Field(default="", description="The encoding of the feed, where it declares a wrong one.")
    date_format: DateFormat = Field(
        default="", description="The form of its dates in the codes of strptime, tried before all others."
    )
    id_from: Literal["guid", "link", "title"] | None = Field(
        default=None, description="What tells its entries apart; by default that is found out."
    )
    title_type: Literal["text", "html"] | None = Field(
        default=None, description="Whether its titles are plain text or HTML; by default that is found out."
    )
    future_dates: Literal["clamp", "skip"] = Field(
        default="clamp",
        description="What is done with an entry of the future: dated when first seen, or left out until then.",
    )
    ignore: list[Ignorable] = Field(
        default=[], description="Fields of its entries that are read as if they were not there."
    )


class ExpectShape(Shape):
    """What is normal for a source; anything else is worth a word to the admin."""

    language: Language = Field(default="", description="The language of most of its entries.")
    min_items: int = Field(default=0, ge=0, le=10_000, description="The number of items that the feed has at least.")
    max_silence: Duration = Field(default="", description="The longest time without anything new.")
    words: list[Term] = Field(
        default=[], description="Words of its section, one of which stands in most of its entries."
    )
    host: Host = Field(default="", description="The host to which its links lead, or to one below it.")


class SourceShape(Shape):
    """An upstream feed."""

    id: Id = Field(description="The id: small letters, digits, hyphens. It stays when the address changes.")
    title: Line = Field(description="The name of the source, as readers see it.")
    url: WebAddress = Field(description="The address of the feed (RSS, Atom, RDF or JSON Feed).")
    language: Language = Field(default="", description="The language of the feed; by default the site's first.")
    outlet: Id = Field(default="", description="The newspaper it belongs to; sources of one outlet are one voice.")
    every: Interval = Field(
        default="30m", description="How often the source is asked; auto: as often as it is found to change."
    )
    allow_private: bool = Field(
        default=False, description="Whether it may lie in a network that is not public, such as an intranet."
    )
    ignore_robots: Reason = Field(
        default="", description="The reason for which its robots.txt does not count, in words."
    )
    tags: list[Text] = Field(default=[], description="Tags that every item of this source gets.")
    weight: float = Field(
        default=1.0,
        gt=0,
        le=100,
        allow_inf_nan=False,
        description="How much the source counts when stories are ranked.",
    )
    rights: RightsShape = Field(default=RightsShape(), description="How much of its words may be shown.")
    repair: RepairShape = Field(default=RepairShape(), description="What it gets wrong and we put right.")
    expect: ExpectShape = Field(default=ExpectShape(), description="What is normal for it; all else is reported.")
    enabled: bool = Field(default=True, description="Whether it is used at all; false keeps it in the file only.")


class TagChoiceShape(Shape):
    """The tags that a story must have, and those that it must not have."""

    any: list[Text] = Field(default=[], description="It has one of these tags.")
    all: list[Text] = Field(default=[], description="It has all of these tags.")
    none: list[Text] = Field(default=[], description="It has none of these tags.")


class SelectShape(Shape):
    """What a feed takes."""

    tags: TagChoiceShape = Field(default=TagChoiceShape(), description="Which tags a story must have.")
    languages: list[Language] = Field(default=[], description="The languages of stories; none named: all.")
    sources: list[Text] = Field(default=[], description="The sources that stories come from; none named: all.")
    newer_than: Duration = Field(default="14d", description="The greatest age of a story.")
    limit: int = Field(default=60, ge=1, le=1000, description="The greatest number of stories.")


class FeedShape(Shape):
    """A named selection of stories, republished as RSS, Atom and JSON Feed."""

    title: Words = Field(description="The name of the feed, as readers see it.")
    description: Words = Field(default={}, description="What the feed is about, in a sentence.")
    select: SelectShape = Field(default=SelectShape(), description="What the feed takes; without it everything.")


class ScheduleShape(Shape):
    """When a newsletter goes out, on the reader's own clock."""

    every: Literal["day", "week", "month"] = Field(default="week", description="How often it goes out.")
    on: Day = Field(
        default="", description="The weekday (monday … sunday, or 1 … 7), or the day of the month (1 … 28)."
    )
    at: TimeOfDay = Field(default="07:00", description="The hour on the reader's own clock.")
    late: Duration = Field(
        default="",
        description="How long after its hour it may still go out; by default 6h a day's, 24h a week's, 72h a month's.",
    )

    @field_validator("on")
    @classmethod
    def _check_day(cls, text: str, info: ValidationInfo) -> str:
        # Without a valid `every` there is nothing to hold the day against.
        if "every" in info.data:
            values.day(text, info.data["every"])
        return text


class NewsletterShape(Shape):
    """A digest that readers ask for."""

    title: Words = Field(description="The name of the newsletter, as readers see it.")
    description: Words = Field(default={}, description="What readers get, in a sentence; shown where they sign up.")
    feeds: list[Text] = Field(min_length=1, description="The feeds it is made of, each one a section.")
    schedule: ScheduleShape = Field(default=ScheduleShape(), description="When it goes out.")
    max_stories: int = Field(default=20, ge=1, le=200, description="The greatest number of stories in one mail.")


class MailShape(Shape):
    """How mail leaves."""

    sender: Mailbox = Field(default="", alias="from", description="Whom mails are from: an address, or Name <address>.")
    reply_to: MailAddress = Field(default="", description="The address to which readers' answers go.")
    smtp: MailServer = Field(default="", description="The mail server; without it mail is written to a Maildir.")
    maildir: Folder = Field(default="mail/", description="The folder to which mail is written without a mail server.")
    connections: int = Field(
        default=4, ge=1, le=50, description="The greatest number of connections to the mail server."
    )


class KeepShape(Shape):
    """How long the store keeps what it has."""

    rejected: Duration = Field(default="30d", description="How long rejected entries are kept with the reason.")
    items: Duration = Field(default="365d", description="How long items are kept.")


_IDS: JsonDict = {"propertyNames": {"pattern": ID_PATTERN}}
_TAG_IDS: JsonDict = {"propertyNames": {"pattern": TAG_PATTERN}}
_Group = Annotated[list[WebAddress], Field(min_length=2)]


class NewsroomShape(Shape):
    """The whole file."""

    site: SiteShape = Field(description="Whose newsroom this is.")
    sources: list[SourceShape] = Field(min_length=1, description="The feeds that are read.")
    use: list[Text] = Field(
        default=[], description="Vocabularies that ship with the package, whose tags and words are taken."
    )
    words: dict[Key, WordList] = Field(
        json_schema_extra=_IDS, default={}, description="Lists of words, by name, for several rules."
    )
    tags: dict[TagId, TagShape] = Field(
        json_schema_extra=_TAG_IDS, default={}, description="Themes, and the rules that give them."
    )
    feeds: dict[Key, FeedShape] = Field(
        json_schema_extra=_IDS, default={}, description="Selections of stories that are republished."
    )
    newsletters: dict[Key, NewsletterShape] = Field(
        json_schema_extra=_IDS, default={}, description="Digests that readers ask for."
    )
    same: list[_Group] = Field(
        default=[], description="Groups of articles, by address, of which each tells of one event."
    )
    not_same: list[_Group] = Field(
        default=[], description="Groups of articles, by address, no two of which tell of one event."
    )
    mail: MailShape = Field(default=MailShape(), description="How mail leaves; needed once there is a newsletter.")
    store: Folder = Field(default="data/", description="The folder of what is remembered, readers' addresses among it.")
    public: Folder = Field(default="public/", description="The folder of the site that is published.")
    templates: Folder = Field(default="", description="A folder of your own templates, which go before ours.")
    keep: KeepShape = Field(default=KeepShape(), description="How long entries are kept.")
    secret: Secret = Field(default="", description="What signs the links in mails; by default the store makes its own.")

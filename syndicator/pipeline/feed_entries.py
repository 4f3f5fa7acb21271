"""Decide what a republished feed says of itself and of each story, once for all its formats.

Every text that leaves here is fit for XML, every link is an absolute http or https URI in ASCII.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import quote, urlsplit

from syndicator.model.entry import Enclosure, Entry, Image, Item, Revision, Tagging
from syndicator.model.language import choose_language
from syndicator.model.site import Site
from syndicator.model.source import Rights, Source
from syndicator.model.story import Feed, Story
from syndicator.model.tag import Tag
from syndicator.pipeline.clean import excerpt, text_to_html
from syndicator.pipeline.urls import clean_url

# An empty feed has no newest change. The W3C's validator finds dates before 1990 implausible.
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
# RFC 4151, section 2.1, wants a day on which the host was the site's; the first day of a year may be
# written as the year. It is a constant because a story's own days move: its first report is forgotten
# after some weeks, and an older one may be found. A reader would then get the story a second time.
TAG_YEAR = "2026"
MEDIATOPICS = "http://cv.iptc.org/newscodes/mediatopic/"

# How each language says whose words these are; a language that is not here gets a dash.
_SOURCE_LINE = {
    "en": "Source: {}",
    "vi": "Nguồn: {}",
    "zh-Hans": "来源：{}",
    "ja": "出典：{}",
    "ko": "출처: {}",
    "fr": "Source\u00a0: {}",
    "ru": "Источник: {}",
}
# What XML 1.0 (section 2.2) cannot carry, and beside it what a reader cannot see: DEL, the C1 controls
# and U+FFFD, which the W3C's validator reports as BadCharacters.
_UNFIT = re.compile("[^\t\n\r\x20-\x7e\xa0-\ud7ff\ue000-\ufffc\U00010000-\U0010ffff]")
# RFC 3986, section 3.2.2, allows brackets in an IPv6 host only, and no newspaper lives at one.
_BRACKETS = str.maketrans({"[": "%5B", "]": "%5D"})
_MEDIA_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+", re.ASCII)
_PICTURE = re.compile(r"""<img\b(?:"[^"]*"|'[^']*'|[^"'>])*>""", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What a feed says of itself. *url* is that of its folder, and ends in a slash; *ttl* is in minutes."""

    id: str
    url: str
    page: str
    title: str
    subtitle: str
    language: str
    updated_at: datetime
    ttl: int
    rights: str
    author: str
    email: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """The feed that a report comes from; *url* is empty when feeds.yaml does not name it any more."""

    title: str
    url: str
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Related:
    """Another report of the same story."""

    url: str
    title: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """A tag of a story: its *label* in the feed's language, its IPTC code, why the story has it, and by whose words."""

    label: str
    mediatopic: str
    tagging: Tagging
    outlet: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One entry of a feed: a story, as its lead report tells it.

    *excerpt* is plain text and *content* clean HTML, each empty where the source's rights do not
    allow it. *credit* is the visible line that names the source. *why* is the address of the page that says why the
    story is here.
    """

    id: str
    story: str
    url: str
    title: str
    language: str
    excerpt: str
    content: str
    credit: str
    authors: tuple[str, ...]
    published_at: datetime
    updated_at: datetime
    origin: Origin
    categories: tuple[Category, ...]
    related: tuple[Related, ...]
    image: Image | None
    enclosures: tuple[Enclosure, ...]
    revisions: tuple[Revision, ...] = ()
    why: str = ""

    @property
    def text(self) -> str:
        """The excerpt and the credit, as plain text."""
        return f"{self.excerpt}\n\n{self.credit}" if self.excerpt else self.credit

    @property
    def excerpt_html(self) -> str:
        """The excerpt and the credit, as HTML."""
        return text_to_html(self.text)

    @property
    def content_html(self) -> str:
        """The content and the credit, as HTML; empty when there is no content."""
        return f"{self.content}\n{text_to_html(self.credit)}" if self.content else ""


def feed_head(
    feed: Feed, stories: Sequence[Story], *, site: Site, sources: Mapping[str, Source], ttl: timedelta
) -> Head:
    """Return what *feed* says of itself, in the first language that it is for.

    It changes when *stories* do, and not with the hour.
    """
    wanted = _wanted(feed, site)
    languages = (*wanted, *site.languages)
    url = f"{site.url}feeds/{quote(feed.id)}/"
    title = _line(feed.title.to(*languages)) or feed.id
    voices = sorted({_voice(story.lead(wanted, sources=sources), sources)[0] for story in stories})
    return Head(
        id=tag_uri(site, f"feed/{feed.id}"),
        url=url,
        page=f"{url}index.html",
        title=title,
        subtitle=_line(feed.description.to(*languages)) or _line(site.description.to(*languages)) or title,
        language=languages[0],
        updated_at=_instant(max((story.updated_at for story in stories), default=EPOCH)),
        # RSS counts whole minutes, and none of them is no answer.
        ttl=max(1, int(ttl / timedelta(minutes=1))),
        rights=f"© {', '.join(voices) or _line(site.publisher.name)}",
        author=_line(site.publisher.name),
        email=_line(site.publisher.email),
    )


def feed_rows(
    feed: Feed, stories: Sequence[Story], *, site: Site, tags: Mapping[str, Tag], sources: Mapping[str, Source]
) -> list[Row]:
    """Return one row a story, in the order of *stories*."""
    wanted = _wanted(feed, site)
    leads = [(story, story.lead(wanted, sources=sources)) for story in stories]
    # atom:source wants to know when the other feed changed (RFC 4287, section 4.2.11), not the article.
    # The newest of its reports here is the latest change that the stored content vouches for.
    changed: dict[str, datetime] = {}
    for _, lead in leads:
        title, _ = _voice(lead, sources)
        changed[title] = max(changed.get(title, EPOCH), _instant(lead.updated_at))
    labels = {id: _line(tag.label.to(*wanted, *site.languages)) or id for id, tag in tags.items()}
    return [_row(story, lead, site, tags, labels, sources, changed) for story, lead in leads]


def tag_uri(site: Site, name: str) -> str:
    """Return a permanent id (RFC 4151): that of a link would change on the day when the site turns to https."""
    return f"tag:{urlsplit(site.url).hostname},{TAG_YEAR}:{quote(name)}"


def _wanted(feed: Feed, site: Site) -> tuple[str, ...]:
    return feed.select.languages or site.languages


def _row(
    story: Story,
    lead: Item,
    site: Site,
    tags: Mapping[str, Tag],
    labels: Mapping[str, str],
    sources: Mapping[str, Source],
    changed: Mapping[str, datetime],
) -> Row:
    entry = lead.entry
    outlet, source = _voice(lead, sources)
    # A source may have left feeds.yaml since the item came; then its title alone is shown.
    rights = source.rights if source else Rights(show="title")
    url = _uri(entry.url) or site.url
    language = entry.language or (source.language if source else "") or site.languages[0]
    line = _SOURCE_LINE.get(choose_language([language], _SOURCE_LINE), "— {}")
    return Row(
        id=tag_uri(site, f"story/{story.id}"),
        story=story.id,
        url=url,
        title=_line(entry.title) or url,
        language=language,
        excerpt="" if rights.show == "title" else _fit(excerpt(entry.summary, words=rights.words)),
        content=_content(entry, rights),
        credit=line.format(outlet),
        # Without a name a reader would take the feed's own author, which is us (RFC 4287, section 4.2.1).
        authors=tuple(filter(None, map(_line, entry.authors))) or (outlet,),
        published_at=_instant(lead.published_at),
        updated_at=_instant(lead.updated_at),
        origin=Origin(title=outlet, url=_uri(source.public_url) if source else "", updated_at=changed[outlet]),
        categories=tuple(_categories(story, lead, tags, labels, sources)),
        related=tuple(_related(story, lead, url, sources)),
        image=_image(entry, rights),
        enclosures=tuple(_enclosures(entry, rights)),
        revisions=tuple(_revisions(lead)),
        why=f"{site.url}why/{quote(story.id)}",
    )


def _voice(item: Item, sources: Mapping[str, Source]) -> tuple[str, Source | None]:
    """Return the name under which *item* is credited, and the source that has it."""
    source = next((sources[id] for id in (item.entry.source, *item.sources) if id in sources), None)
    return (_line(source.title) if source else "") or _line(item.outlet) or item.entry.source, source


def _content(entry: Entry, rights: Rights) -> str:
    if rights.show != "full":
        return ""
    content = _fit(entry.content)
    return content if rights.images == "link" else _PICTURE.sub("", content)


def _categories(
    story: Story, lead: Item, tags: Mapping[str, Tag], labels: Mapping[str, str], sources: Mapping[str, Source]
) -> Iterator[Category]:
    """Yield the story's tags in the order of feeds.yaml, each with the lead's reasons if it has any."""
    taggings: dict[str, tuple[Tagging, str]] = {}
    for item in (lead, *story.items):
        for tagging in item.tags:
            taggings.setdefault(tagging.tag, (tagging, _voice(item, sources)[0]))
    for id, tag in tags.items():
        if id in taggings:
            code = f"medtop:{tag.mediatopic:08d}" if tag.mediatopic else ""
            tagging, outlet = taggings[id]
            yield Category(label=labels[id], mediatopic=code, tagging=tagging, outlet=outlet)


def _related(story: Story, lead: Item, url: str, sources: Mapping[str, Source]) -> Iterator[Related]:
    seen = {url}
    for item in story.others(lead):
        href = _uri(item.entry.url)
        if href and href not in seen:
            seen.add(href)
            outlet, source = _voice(item, sources)
            title = " — ".join(filter(None, (_line(item.entry.title), outlet)))
            yield Related(url=href, title=title, language=item.entry.language or (source.language if source else ""))


def _revisions(lead: Item) -> Iterator[Revision]:
    """Yield the titles that *lead* had before, the oldest first; of its other words the rights may not allow any."""
    titles = [_line(revision.title) for revision in lead.revisions] + [_line(lead.entry.title)]
    for revision, title, later in zip(lead.revisions, titles, titles[1:], strict=False):
        if title != later:
            yield Revision(at=_instant(revision.at), title=title)


def _image(entry: Entry, rights: Rights) -> Image | None:
    image = entry.image
    if rights.images != "link" or image is None or not (url := _uri(image.url)):
        return None
    return Image(url=url, alt=_line(image.alt or image.caption), width=image.width, height=image.height)


def _enclosures(entry: Entry, rights: Rights) -> Iterator[Enclosure]:
    """Yield the files whose type and length are known: RSS 2.0 requires both, and a guess is a lie."""
    for file in entry.enclosures:
        url, picture = _uri(file.url), file.type.startswith("image/")
        if url and file.length > 0 and _MEDIA_TYPE.fullmatch(file.type) and (rights.images == "link" or not picture):
            yield Enclosure(url=url, type=file.type, length=file.length)


def _uri(url: str) -> str:
    """Return *url* as RFC 3986 has it, or nothing when it does not lead to the web: this is the last door."""
    return clean_url(url).translate(_BRACKETS)


def _instant(value: datetime) -> datetime:
    """Return *value* in UTC and whole seconds: RSS knows no parts of them, and the formats should agree."""
    return value.astimezone(UTC).replace(microsecond=0)


def _line(text: str) -> str:
    return " ".join(_fit(text).split())


def _fit(text: str) -> str:
    return _UNFIT.sub("", text)

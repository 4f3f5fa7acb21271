"""Small real doubles and builders, shipped so that a site's own templates and rules can be tested too."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncGenerator, Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from syndicator.model.entry import Entry, Item, Tagging
from syndicator.model.mail import Accepted, Delivery, Message, Receipt, delivery_id
from syndicator.model.source import Body, Failed, Fetched, NotModified, Question, Source, Validators
from syndicator.model.story import Document, Story
from syndicator.model.subscriber import Subscriber, Subscription

NOON = datetime(2026, 7, 14, 5, 0, tzinfo=UTC)  # noon in Ho Chi Minh City, a Tuesday


class FrozenClock:
    """A clock that stands still until it is moved."""

    def __init__(self, now: datetime = NOON) -> None:
        self.time = now

    def now(self) -> datetime:
        return self.time

    def advance(self, by: timedelta) -> None:
        """Move the clock by *by*."""
        self.time += by


class FakeFetcher:
    """Answers from *pages* (URL → bytes, or a ready answer), and honours the ETag, which is a hash of the bytes.

    *asked* are the questions that it was asked, but for those of a robots.txt, which are *asked_robots*.
    """

    def __init__(self, pages: Mapping[str, bytes | Fetched]) -> None:
        self.pages = dict(pages)
        self.asked: list[Question] = []
        self.asked_robots: list[Question] = []

    async def fetch(self, questions: Iterable[Question]) -> AsyncGenerator[Fetched, None]:
        for question in questions:
            (self.asked_robots if question.url.endswith("/robots.txt") else self.asked).append(question)
            yield self._answer(question)

    def _answer(self, question: Question) -> Fetched:
        page = self.pages.get(question.url)
        if page is None:
            return Failed(source=question.source, why="404 Not Found", status=404)
        if not isinstance(page, bytes):
            return replace(page, source=question.source)
        validators = Validators(etag=f'"{hashlib.sha256(page).hexdigest()[:16]}"')
        if question.validators.etag == validators.etag:
            return NotModified(source=question.source, validators=validators)
        return Body(source=question.source, url=question.url, content=page, validators=validators)


class Outbox:
    """Keeps every message that is sent; *answer* may give another receipt than `Accepted`."""

    def __init__(self, answer: Callable[[Message], Receipt] | None = None) -> None:
        self.sent: list[Message] = []
        self._answer = answer

    async def send(self, messages: Iterable[Message]) -> AsyncGenerator[Receipt, None]:
        for message in messages:
            receipt = self._answer(message) if self._answer else Accepted(delivery=message.delivery, reply="250 OK")
            if isinstance(receipt, Accepted):
                self.sent.append(message)
            yield receipt


class MemoryShelf:
    """Keeps the site's files in a dict, under the same rules as the one on disk."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}

    async def put(self, documents: Sequence[Document]) -> Sequence[str]:
        written = []
        for document in documents:
            old = self.files.get(document.path)
            if document.body != old and not (document.empty and old is not None):
                self.files[document.path] = document.body
                written.append(document.path)
        return written

    async def missing(self, paths: Collection[str]) -> Collection[str]:
        return [path for path in paths if not self.files.get(path)]


class Quiet:
    """Shows no progress."""

    def begin(self, stage: str, total: int) -> None:
        pass

    def step(self, stage: str, note: str = "") -> None:
        pass


def a_source(id: str = "vna", **changes: Any) -> Source:
    """Return a plausible source."""
    base: dict[str, Any] = {
        "id": id, "title": f"The {id} wire", "url": f"https://{id}.example/rss.xml", "outlet": id,
    }  # fmt: skip
    return Source(**(base | changes))


def an_entry(title: str = "A consulate opens in Ho Chi Minh City", **changes: Any) -> Entry:
    """Return a plausible entry; its link follows from its source and title."""
    slug, source = hashlib.sha256(title.encode()).hexdigest()[:8], changes.get("source", "vna")
    base: dict[str, Any] = {
        "source": source, "guid": slug, "url": f"https://{source}.example/{slug}.html", "title": title,
        "summary": f"{title}, officials said.", "language": "en", "published": NOON - timedelta(hours=1),
    }  # fmt: skip
    return Entry(**(base | changes))


def an_item(
    title: str = "A consulate opens in Ho Chi Minh City",
    *,
    tags: Sequence[str] = ("diplomacy",),
    **changes: Any,
) -> Item:
    """Return a plausible item. Changes that `Entry` knows go to its entry, the others to the item."""
    entry_fields = set(Entry.__dataclass_fields__)
    entry = an_entry(title, **{k: v for k, v in changes.items() if k in entry_fields})
    published = entry.published or NOON
    base: dict[str, Any] = {
        "id": f"i-{entry.guid}-{entry.source}", "entry": entry, "outlet": entry.source, "sources": (entry.source,),
        "keys": (f"{entry.source} {entry.url}",), "digest": hashlib.sha256(title.encode()).hexdigest()[:16],
        "first_seen_at": published, "published_at": published, "updated_at": entry.updated or published,
        "tags": tuple(Tagging(tag=tag) for tag in tags),
    }  # fmt: skip
    return Item(**(base | {k: v for k, v in changes.items() if k not in entry_fields}))


def an_rss_document(*titles: str, host: str = "vna.example") -> bytes:
    """Return a small RSS 2.0 document with an item for each of *titles*, told an hour before `NOON`."""
    items = "".join(
        f"<item><title>{title}</title><link>https://{host}/{number}</link><guid>{number}</guid>"
        f"<pubDate>{NOON - timedelta(hours=1):%a, %d %b %Y %H:%M:%S} +0000</pubDate></item>"
        for number, title in enumerate(titles)
    )
    return f"<rss version='2.0'><channel><title>Wire</title>{items}</channel></rss>".encode()


def a_story(*items: Item, **changes: Any) -> Story:
    """Return a story of *items*, or of one plausible item."""
    told = tuple(sorted(items or (an_item(),), key=lambda item: (item.published_at, item.id)))
    base: dict[str, Any] = {"id": f"s-{told[0].id}", "items": told, "first_seen_at": told[0].first_seen_at}
    return Story(**(base | changes))


def a_subscriber(id: str = "ada", **changes: Any) -> Subscriber:
    """Return a reader with a confirmed subscription to `weekly`."""
    base: dict[str, Any] = {
        "id": id, "email": f"{id}@reader.example", "languages": ("en",), "timezone": "Europe/Paris",
        "subscriptions": (Subscription(newsletter="weekly", confirmed_at=NOON - timedelta(days=30)),),
    }  # fmt: skip
    return Subscriber(**(base | changes))


def a_delivery(**changes: Any) -> Delivery:
    """Return a mail that is owed."""
    edition, subscriber = changes.get("edition", "weekly/2026-07-13"), changes.get("subscriber", "ada")
    base: dict[str, Any] = {
        "id": delivery_id(edition, subscriber), "edition": edition, "subscriber": subscriber,
        "variant": f"{edition}/en", "due_at": NOON, "created_at": NOON, "language": "en",
    }  # fmt: skip
    return Delivery(**(base | changes))

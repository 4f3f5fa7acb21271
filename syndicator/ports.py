"""What the jobs need of the world: a fetcher, a store, a mailer, templates, a shelf, a clock.

`edges/` has the real ones, `testing.py` small real doubles; both pass the same contract tests.
Ports speak in batches; what each promises stands in its first line.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol, TypeVar

from syndicator.model.edition import Edition, Variant
from syndicator.model.entry import Item
from syndicator.model.mail import Delivery, Message, Receipt
from syndicator.model.source import Fetched, Question, SourceState
from syndicator.model.story import Document
from syndicator.model.subscriber import Subscriber

R = TypeVar("R")


class Clock(Protocol):
    """The time, so that a test can stop it."""

    def now(self) -> datetime:
        """Return this instant, aware, in UTC."""
        ...


class Fetcher(Protocol):
    """Asks sources."""

    def fetch(self, questions: Iterable[Question]) -> AsyncGenerator[Fetched, None]:
        """Yield one answer to every question, as they come; never raise for what a server does."""
        ...


class Mailer(Protocol):
    """Hands mail over."""

    def send(self, messages: Iterable[Message]) -> AsyncGenerator[Receipt, None]:
        """Yield one receipt for every message, as they come.

        *messages* is asked for the next one only when there is room to send it. Raise `MailError` when the server
        cannot be used at all; messages without a receipt were not sent.
        """
        ...


class Templates(Protocol):
    """Renders pages and mails."""

    def render(self, name: str, *, language: str, **context: Any) -> str:
        """Return template *name* filled with *context*, its own words in *language*.

        Raise `TemplateError` naming template and line.
        """
        ...

    def translate(self, text: str, *, language: str, **values: Any) -> str:
        """Return the catalogue's words for *text* in *language*, `%(name)s` filled from *values*."""
        ...

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages that have a catalogue."""
        ...

    @property
    def fingerprint(self) -> str:
        """A hash of all templates and catalogues: while it is the same, so is what they render."""
        ...


class Shelf(Protocol):
    """Keeps the site's files."""

    async def put(self, documents: Sequence[Document]) -> Sequence[str]:
        """Write what differs, each file whole or not at all, and return the paths written.

        A document that is `empty` never replaces one that is there. Raise `PublishError`.
        """
        ...

    async def missing(self, paths: Collection[str]) -> Collection[str]:
        """Return those of *paths* at which there is no file, or an empty one."""
        ...


class Progress(Protocol):
    """Shows a person, or a log, how far the work is."""

    def begin(self, stage: str, total: int) -> None:
        """Say that *stage* starts and has *total* steps."""
        ...

    def step(self, stage: str, note: str = "") -> None:
        """Say that one step of *stage* is done; *note* says what came of it."""
        ...


class Store(Protocol):
    """Remembers everything. Every method that writes is one transaction: whole or not at all.

    Raise `StoreFull` when the disk is full and `StoreDamaged` when the file is broken.
    """

    # ---- sources

    async def source_states(self, ids: Collection[str] | None = None) -> Mapping[str, SourceState]:
        """Return the states of those of *ids* that were ever asked, or of all that were."""
        ...

    async def claim_sources(
        self, states: Sequence[SourceState], *, now: datetime, lease: timedelta
    ) -> Sequence[SourceState]:
        """Take those of *states* that nobody holds; nobody else gets them until the lease ends.

        A state that the store does not know yet is added as given. What is returned carries the new
        `claimed_until`, and is otherwise as the store knows it.
        """
        ...

    async def record_harvest(self, states: Sequence[SourceState], items: Sequence[Item]) -> None:
        """Write what asking brought, states and items together, replacing what has the same id.

        Items that are new, or have another digest or other cues than before, are to be grouped.
        """
        ...

    # ---- news

    async def items_by_keys(self, keys: Collection[str]) -> Mapping[str, Item]:
        """Return, by key, the items known by any of *keys* (see `Item.keys`)."""
        ...

    async def items_since(self, since: datetime, *, kept: bool = False) -> Sequence[Item]:
        """Return the items published at or after *since*, newest first (ties by id); *kept*: no rejected ones."""
        ...

    async def story_ids(self, items: Collection[str]) -> Mapping[str, str]:
        """Return, by item id, the id of the story to which each of *items* was given."""
        ...

    async def items(self, ids: Collection[str]) -> Mapping[str, Item]:
        """Return those items that exist, by id."""
        ...

    async def ids_by_cues(self, cues: Collection[str], *, most: int) -> Mapping[str, Sequence[str]]:
        """Return, by cue, the ids of the items that have it (see `Item.cues`), sorted; none if there are none.

        A cue that more than *most* items have is left out; what it costs does not grow with how many those are.
        """
        ...

    async def items_of_stories(self, stories: Collection[str]) -> Sequence[Item]:
        """Return the items that were given to one of *stories*, in the order of their ids."""
        ...

    async def ungrouped_items(self) -> Sequence[Item]:
        """Return the items that are to be grouped, in the order of their ids: new ones, and edited ones."""
        ...

    async def record_stories(self, story_ids: Mapping[str, str], *, grouped: Collection[Item] = ()) -> None:
        """Write to which story (value) each item (key) belongs.

        Those of *grouped* which are still stored as they are given are no more to be grouped.
        """
        ...

    async def forget_items(self, *, published_before: datetime, rejected_before: datetime) -> int:
        """Delete items published before the one date, and rejected items before the other; return how many."""
        ...

    # ---- editions and the outbox

    async def editions(self, newsletter: str, *, limit: int) -> Sequence[Edition]:
        """Return the latest *limit* editions of *newsletter*, newest period first."""
        ...

    async def freeze(self, edition: Edition | None, variants: Sequence[Variant], deliveries: Sequence[Delivery]) -> int:
        """Add what is not there yet of an edition, its variants and its deliveries; return how many
        deliveries were added. What is there is never changed: doing it again adds none. When the edition
        is there with other content, as another process froze it first, nothing is added."""
        ...

    async def variants(self, ids: Collection[str]) -> Mapping[str, Variant]:
        """Return those variants."""
        ...

    async def deliveries(self, ids: Collection[str]) -> Mapping[str, Delivery]:
        """Return those deliveries that exist, by id."""
        ...

    async def claim(self, *, now: datetime, limit: int, lease: timedelta) -> Sequence[Delivery]:
        """Take up to *limit* due deliveries; nobody else gets them until the lease ends."""
        ...

    async def settle(self, deliveries: Sequence[Delivery]) -> None:
        """Write back what became of claimed deliveries."""
        ...

    # ---- readers

    async def subscribers(self, ids: Collection[str] | None = None) -> Sequence[Subscriber]:
        """Return those subscribers, or all of them, in the order of their ids."""
        ...

    async def subscribers_by_email(self, emails: Collection[str]) -> Mapping[str, Subscriber]:
        """Return, by folded address (`fold_address`), the subscribers that have one of *emails*."""
        ...

    async def record_subscribers(self, subscribers: Sequence[Subscriber]) -> None:
        """Write these subscribers, replacing those of the same id."""
        ...

    async def change_subscribers(
        self,
        change: Callable[[Mapping[str, Subscriber]], tuple[Sequence[Subscriber], R]],
        *,
        ids: Collection[str] = (),
        emails: Collection[str] = (),
    ) -> R:
        """Give *change* the subscribers of *ids* and *emails*, write those it returns, and return its answer.

        It gets them by what was asked for, an id or a folded address. No other process writes a subscriber
        between the reading and the writing; so *change* is quick, and does nothing else. When it raises, nothing
        is written.
        """
        ...

    async def forget_subscribers(
        self, ids: Collection[str], *, only_if: Callable[[Subscriber], bool] = lambda _: True
    ) -> int:
        """Delete those subscribers of whom *only_if* holds at that moment; return how many.

        What is still owed to them is withdrawn, and what mail servers answered, in which their address may
        stand, is deleted, also of a mail that is on its way at this moment.
        """
        ...

    # ---- the store itself

    async def secret(self) -> bytes:
        """Return this store's own 32 random bytes: made once, the same ever after."""
        ...

    async def recall(self, name: str) -> str:
        """Return what was last remembered under *name*, or an empty string."""
        ...

    async def remember(self, name: str, text: str) -> None:
        """Remember *text* under *name*, across processes."""
        ...

    async def close(self) -> None:
        """Let go of the file."""
        ...

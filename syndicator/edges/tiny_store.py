"""Remember everything in one file: `ports.Store` on TinyDB, the embedded default."""

from __future__ import annotations

import asyncio
import errno
import json
import os
from collections.abc import Callable, Collection, Coroutine, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial, wraps
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

from tinydb import where
from tinydb.table import Document

from syndicator.edges.codec import cell, decode, dump, encode, load, stamp
from syndicator.edges.sqlite_index import SqliteIndex
from syndicator.edges.sqlite_storage import MEMORY, chunks
from syndicator.edges.sqlite_table import SqliteDB, SqliteTable, document
from syndicator.errors import StoreDamaged, StoreError, StoreFull
from syndicator.model.edition import Edition, Variant
from syndicator.model.entry import Item
from syndicator.model.mail import Delivery
from syndicator.model.source import SourceState
from syndicator.model.subscriber import Subscriber, fold_address

FILE = "syndicator.sqlite"

_SECRET = "links"

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")
A = TypeVar("A")


class _Noun(Protocol):
    @property
    def id(self) -> str: ...


def _on_worker(
    work: Callable[Concatenate[TinyStore, P], R],
) -> Callable[Concatenate[TinyStore, P], Coroutine[Any, Any, R]]:
    """Make a blocking method one that is awaited while the store's own thread does it.

    A caller who stops waiting stops nothing: what has begun is done whole, what has not is never begun.
    """

    @wraps(work)
    async def run(self: TinyStore, /, *args: P.args, **kwargs: P.kwargs) -> R:
        return await asyncio.wrap_future(self._worker.submit(work, self, *args, **kwargs))

    return run


class TinyStore:
    """The store in *folder*, which is made if it is not there, or, without one, in memory.

    `async with TinyStore(folder) as store:` closes it in the end.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._path = MEMORY if folder is None else str(folder / FILE)
        self._closed = False
        if folder is not None:
            _make_folder(folder)
        # One thread, and the only one that SQLite sees: the loop stays free, and batches do not mix.
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="store")
        try:
            self._worker.submit(self._open).result()
        except BaseException:
            self._worker.shutdown()
            raise

    @classmethod
    def in_memory(cls) -> TinyStore:
        """Return an empty store that is gone when it is closed."""
        return cls()

    async def __aenter__(self) -> TinyStore:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Let go of the file, after all that was asked before. Nothing can be asked afterwards."""
        if not self._closed:
            self._closed = True
            closing = self._worker.submit(self._db.close)
            self._worker.shutdown(wait=False)
            await asyncio.wrap_future(closing)

    def _open(self) -> None:
        self._db = SqliteDB(self._path)
        try:
            self._sources = self._table("sources")
            self._items = self._table("items", ["published_at"], ["rejected", "first_seen_at"])
            self._keys = self._table("keys", ["item"])
            self._cues = SqliteIndex(self._db.rows, "cues")
            self._stories = self._table("stories", ["story"])
            self._ungrouped = self._table("ungrouped")
            self._editions = self._table("editions", ["newsletter", "period"])
            self._variants = self._table("variants")
            self._deliveries = self._table("deliveries", ["state", "due_at", "doc_id"], ["subscriber", "state"])
            self._subscribers = self._table("subscribers", ["address"])
            self._secrets = self._table("secrets")
            self._notes = self._table("notes")
        except BaseException:
            self._db.close()
            raise

    def _table(self, name: str, *indexes: Sequence[str]) -> SqliteTable:
        table = self._db.table(name, persist_empty=True, indexes=indexes)
        assert isinstance(table, SqliteTable)
        return table

    # ---- sources

    @_on_worker
    def source_states(self, ids: Collection[str] | None = None) -> Mapping[str, SourceState]:
        """Return the states of those of *ids* that were ever asked, or of all that were."""
        if ids is None:
            return {str(row.doc_id): self._load(SourceState, row) for row in self._sources.select(order=["doc_id"])}
        return self._get(self._sources, SourceState, ids)

    @_on_worker
    def claim_sources(self, states: Sequence[SourceState], *, now: datetime, lease: timedelta) -> Sequence[SourceState]:
        """Take those of *states* that nobody holds; nobody else gets them until the lease ends."""
        with self._db.rows.transaction():
            known = self._get(self._sources, SourceState, [state.id for state in states])
            current = {state.id: known.get(state.id, state) for state in states}
            taken = {
                state.id: replace(state, claimed_until=now + lease)
                for state in current.values()
                if _is_free(state.claimed_until, now)
            }
            self._sources.put_texts(_texts((current | taken).values()))
        return list(taken.values())

    @_on_worker
    def record_harvest(self, states: Sequence[SourceState], items: Sequence[Item]) -> None:
        """Write what asking brought, states and items together, replacing what has the same id."""
        keys = {key: item.id for item in items for key in item.keys}
        with self._db.rows.transaction():
            self._sources.put_texts(_texts(states))
            self._mark(items)
            self._items.put_texts(_texts(items))
            self._keys.remove(doc_ids=self._keys_of(item.id for item in items) - keys.keys())
            self._keys.put_texts(_keys(keys))

    # ---- news

    @_on_worker
    def items_by_keys(self, keys: Collection[str]) -> Mapping[str, Item]:
        """Return, by key, the items known by any of *keys*."""
        ids = {key: row["item"] for key, row in self._keys.get_multiple(keys).items()}
        items = self._get(self._items, Item, ids.values())
        return {key: items[item] for key, item in ids.items() if item in items}

    @_on_worker
    def items_since(self, since: datetime, *, kept: bool = False) -> Sequence[Item]:
        """Return the items published at or after *since*, newest first (ties by id); *kept*: no rejected ones."""
        wanted = where("published_at") >= stamp(since)
        if kept:
            wanted &= where("rejected") == ""
        items = [self._load(Item, row) for row in self._items.search(wanted)]
        items.sort(key=lambda item: item.id)
        items.sort(key=lambda item: item.published_at, reverse=True)
        return items

    @_on_worker
    def story_ids(self, items: Collection[str]) -> Mapping[str, str]:
        """Return, by item id, the id of the story to which each of *items* was given."""
        return {item: row["story"] for item, row in self._stories.get_multiple(items).items()}

    @_on_worker
    def items(self, ids: Collection[str]) -> Mapping[str, Item]:
        """Return those items that exist, by id."""
        return self._get(self._items, Item, ids)

    @_on_worker
    def ids_by_cues(self, cues: Collection[str], *, most: int) -> Mapping[str, Sequence[str]]:
        """Return, by cue, the ids of the items that have it; a cue that more than *most* items have is left out."""
        return self._cues.find(cues, most=most)

    @_on_worker
    def items_of_stories(self, stories: Collection[str]) -> Sequence[Item]:
        """Return the items that were given to one of *stories*, in the order of their ids."""
        ids = [id for chunk in chunks(stories) for id in self._stories.ids(where("story").one_of(chunk))]
        return [item for _, item in sorted(self._get(self._items, Item, ids).items())]

    @_on_worker
    def ungrouped_items(self) -> Sequence[Item]:
        """Return the items that are to be grouped, in the order of their ids."""
        ids = [str(row.doc_id) for row in self._ungrouped.all()]
        return [item for _, item in sorted(self._get(self._items, Item, ids).items())]

    @_on_worker
    def record_stories(self, story_ids: Mapping[str, str], *, grouped: Collection[Item] = ()) -> None:
        """Write to which story (value) each item (key) belongs; *grouped* are no more to be grouped."""
        with self._db.rows.transaction():
            self._stories.put_multiple(document({"story": story}, item) for item, story in story_ids.items())
            stored = self._items.get_multiple(item.id for item in grouped)
            # What was edited while it was grouped is to be grouped again.
            done = [item.id for item in grouped if item.id not in stored or _is_as(stored[item.id], item)]
            self._ungrouped.remove(doc_ids=done)

    @_on_worker
    def forget_items(self, *, published_before: datetime, rejected_before: datetime) -> int:
        """Delete items published before the one date, and rejected items first seen before the other."""
        old = where("published_at") < stamp(published_before)
        rejected = (where("rejected") > "") & (where("first_seen_at") < stamp(rejected_before))
        with self._db.rows.transaction():
            rows = self._items.search(old | rejected)
            gone = self._items.remove(doc_ids=[row.doc_id for row in rows])
            self._cues.remove(pair for row in rows for pair in _pairs(row))
            self._ungrouped.remove(doc_ids=gone)
            self._stories.remove(doc_ids=gone)
            self._keys.remove(doc_ids=self._keys_of(gone))
        return len(gone)

    # ---- editions and the outbox

    @_on_worker
    def editions(self, newsletter: str, *, limit: int) -> Sequence[Edition]:
        """Return the latest *limit* editions of *newsletter*, newest period first."""
        rows = self._editions.select(where("newsletter") == newsletter, order=["-period"], limit=limit)
        return [self._load(Edition, row) for row in rows]

    @_on_worker
    def freeze(self, edition: Edition | None, variants: Sequence[Variant], deliveries: Sequence[Delivery]) -> int:
        """Add what is not there yet of an edition, its variants and its deliveries; return how many deliveries.

        Nothing is added when the edition is there with other content: another process froze it first.
        """
        with self._db.rows.transaction():
            if edition and self._get(self._editions, Edition, [edition.id]).get(edition.id, edition) != edition:
                return 0
            self._editions.put_texts(_texts([edition] if edition else []), replace=False)
            self._variants.put_texts(_texts(variants), replace=False)
            return self._deliveries.put_texts(_texts(deliveries), replace=False)

    @_on_worker
    def variants(self, ids: Collection[str]) -> Mapping[str, Variant]:
        """Return those variants."""
        return self._get(self._variants, Variant, ids)

    @_on_worker
    def deliveries(self, ids: Collection[str]) -> Mapping[str, Delivery]:
        """Return those deliveries that exist, by id."""
        return self._get(self._deliveries, Delivery, ids)

    @_on_worker
    def claim(self, *, now: datetime, limit: int, lease: timedelta) -> Sequence[Delivery]:
        """Take up to *limit* due deliveries, the longest due first; nobody else gets them until the lease ends."""

        def is_free(until: Any) -> bool:
            return until is None or bool(until <= stamp(now))

        due = (where("state") == "pending") & (where("due_at") <= stamp(now)) & where("claimed_until").test(is_free)
        with self._db.rows.transaction():
            rows = self._deliveries.select(due, order=["due_at", "doc_id"], limit=limit)
            taken = [replace(self._load(Delivery, row), claimed_until=now + lease) for row in rows]
            self._deliveries.put_texts(_texts(taken))
        return taken

    @_on_worker
    def settle(self, deliveries: Sequence[Delivery]) -> None:
        """Write back what became of claimed deliveries.

        A mail that was sent stays so; and what was meanwhile settled, because the reader left, is not owed again.
        """
        with self._db.rows.transaction():
            known = self._deliveries.get_multiple(delivery.id for delivery in deliveries)
            settled = [d for d in deliveries if _may_follow(d.state, known.get(d.id, {}))]
            # Whoever was erased while their mail was on its way must not come back by what the server said of them.
            withdrawn = [d for d in settled if d.id in known and known[d.id]["state"] == "withdrawn"]
            there = self._subscribers.get_multiple(d.subscriber for d in withdrawn)
            erased = {d.id for d in withdrawn if d.subscriber not in there}
            self._deliveries.put_texts(_texts(replace(d, reply="", wish="") if d.id in erased else d for d in settled))

    # ---- readers

    @_on_worker
    def subscribers(self, ids: Collection[str] | None = None) -> Sequence[Subscriber]:
        """Return those subscribers, or all of them, in the order of their ids."""
        if ids is not None:
            return [found for _, found in sorted(self._get(self._subscribers, Subscriber, ids).items())]
        return [self._load(Subscriber, row) for row in self._subscribers.select(order=["doc_id"])]

    @_on_worker
    def subscribers_by_email(self, emails: Collection[str]) -> Mapping[str, Subscriber]:
        """Return, by folded address, the subscribers that have one of *emails*; of two of one address the first."""
        return self._by_email(emails)

    @_on_worker
    def record_subscribers(self, subscribers: Sequence[Subscriber]) -> None:
        """Write these subscribers, replacing those of the same id."""
        self._put_subscribers(subscribers)

    @_on_worker
    def change_subscribers(
        self,
        change: Callable[[Mapping[str, Subscriber]], tuple[Sequence[Subscriber], A]],
        *,
        ids: Collection[str] = (),
        emails: Collection[str] = (),
    ) -> A:
        """Give *change* the subscribers of *ids* and *emails*, write those it returns, and return its answer."""
        with self._db.rows.transaction():
            people = self._get(self._subscribers, Subscriber, ids) | self._by_email(emails)
            changed, answer = change(people)
            self._put_subscribers(changed)
        return answer

    @_on_worker
    def forget_subscribers(
        self, ids: Collection[str], *, only_if: Callable[[Subscriber], bool] = lambda _: True
    ) -> int:
        """Delete those subscribers of whom *only_if* holds, and all that could tell of them; return how many."""
        with self._db.rows.transaction():
            people = self._get(self._subscribers, Subscriber, ids)
            gone = [id for id, subscriber in people.items() if only_if(subscriber)]
            for chunk in chunks(gone):
                self._deliveries.update(_erase, where("subscriber").one_of(chunk))
            return len(self._subscribers.remove(doc_ids=gone))

    # ---- the store itself

    @_on_worker
    def secret(self) -> bytes:
        """Return this store's own 32 random bytes: made once, the same ever after."""
        if not self._secrets.contains(doc_id=_SECRET):
            # Of two processes that come here at once, the one that adds it first is the one who names it.
            self._secrets.add_multiple([document({"hex": os.urandom(32).hex()}, _SECRET)])
        return bytes.fromhex(self._secrets.get_multiple([_SECRET])[_SECRET]["hex"])

    @_on_worker
    def recall(self, name: str) -> str:
        """Return what was last remembered under *name*, or an empty string."""
        note = self._notes.get_multiple([name]).get(name)
        return str(note["text"]) if note else ""

    @_on_worker
    def remember(self, name: str, text: str) -> None:
        """Remember *text* under *name*."""
        self._notes.put_multiple([document({"text": text}, name)])

    # ---- below

    def _by_email(self, emails: Iterable[str]) -> dict[str, Subscriber]:
        found: dict[str, Subscriber] = {}
        for addresses in chunks(dict.fromkeys(map(fold_address, emails))):
            for row in self._subscribers.search(where("address").one_of(addresses)):
                found.setdefault(row["address"], self._load(Subscriber, row))
        return found

    def _put_subscribers(self, subscribers: Iterable[Subscriber]) -> None:
        self._subscribers.put_multiple(
            document(encode(subscriber) | {"address": fold_address(subscriber.email)}, subscriber.id)
            for subscriber in subscribers
        )

    def _mark(self, items: Sequence[Item]) -> None:
        """Index the cues of *items*, and mark those to be grouped that are not stored yet, or otherwise."""
        stored = self._items.get_multiple(item.id for item in items)
        changed = [item for item in items if item.id not in stored or not _is_as(stored[item.id], item)]
        self._cues.remove(pair for item in changed if item.id in stored for pair in _pairs(stored[item.id]))
        self._cues.add((cue, item.id) for item in changed for cue in item.cues)
        self._ungrouped.add_multiple(document({}, item.id) for item in changed)

    def _keys_of(self, items: Iterable[str]) -> set[str]:
        found = (self._keys.ids(where("item").one_of(chunk)) for chunk in chunks(items))
        return {key for chunk in found for key in chunk}

    def _get(self, table: SqliteTable, kind: type[T], ids: Iterable[str]) -> dict[str, T]:
        found = {}
        for doc_id, text in table.texts(ids).items():
            try:
                found[doc_id] = load(kind, text)
            except ValueError as error:
                raise self._damaged(doc_id, kind, error) from error
        return found

    def _load(self, kind: type[T], row: Document) -> T:
        try:
            return decode(kind, row)
        except ValueError as error:
            raise self._damaged(row.doc_id, kind, error) from error

    def _damaged(self, doc_id: object, kind: type, error: ValueError) -> StoreDamaged:
        return StoreDamaged(f"{self._path}: {doc_id!r} is no {kind.__name__} ({error}); restore a backup")


def has_store(folder: Path) -> bool:
    """Tell whether there is a store in *folder*."""
    return (folder / FILE).exists()


def copy_store(folder: Path, target: Path) -> Path:
    """Copy the store in *folder*, if there is one, as it is at this instant into *target*; return *target*."""
    if has_store(folder):
        source = SqliteDB(str(folder / FILE))
        try:
            source.rows.execute("VACUUM INTO ?", [str(target / FILE)])
        finally:
            source.close()
    return target


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        kind = StoreFull if error.errno in (errno.ENOSPC, errno.EDQUOT) else StoreError
        raise kind(
            f"{folder}: the store's folder cannot be made ({error.strerror}); make it, or name another"
        ) from error


def _texts(nouns: Iterable[_Noun]) -> Iterable[tuple[str, str, Callable[[str], object]]]:
    return ((noun.id, dump(noun), partial(_cell, noun)) for noun in nouns)


def _cell(noun: _Noun, field: str) -> object:
    return cell(getattr(noun, field))


def _keys(items: Mapping[str, str]) -> Iterable[tuple[str, str, Callable[[str], object]]]:
    texts = {item: json.dumps({"item": item}, ensure_ascii=False, separators=(",", ":")) for item in items.values()}
    return ((key, texts[item], {"item": item}.get) for key, item in items.items())


def _is_as(row: Mapping[str, Any], item: Item) -> bool:
    """Tell whether *row* holds *item* as it is, for grouping."""
    return row["digest"] == item.digest and tuple(row.get("cues", ())) == item.cues


def _pairs(row: Document) -> Iterable[tuple[str, str]]:
    return ((cue, str(row.doc_id)) for cue in row.get("cues", ()))


def _is_free(claimed_until: datetime | None, now: datetime) -> bool:
    return claimed_until is None or claimed_until <= now


def _erase(delivery: dict[str, Any]) -> None:
    state = "withdrawn" if delivery["state"] == "pending" else delivery["state"]
    delivery.update({"state": state, "reply": "", "wish": ""})


def _may_follow(state: str, known: Mapping[str, Any]) -> bool:
    before = known.get("state", "pending")
    return state == "sent" or before == "pending" or (before != "sent" and state != "pending")

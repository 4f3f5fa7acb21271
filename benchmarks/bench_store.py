"""Measure the embedded store beside bare SQLite statements and beside TinyDB's own JSONStorage.

The bare statements run on a copy of the same file: same table, same indexes, same synchronous setting,
and documents that are encoded already. Ours encode, compare and decode.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from measure import in_fresh_process, medians, milliseconds, show
from tinydb import TinyDB, where
from tinydb.table import Document

from syndicator.edges.codec import encode, stamp
from syndicator.edges.sqlite_table import SqliteDB, document
from syndicator.edges.tiny_store import FILE, TinyStore
from syndicator.model.entry import Item, Reason, Tagging
from syndicator.testing import NOON, an_item

TEXT = "Khánh thành lãnh sự quán tại Thành phố Hồ Chí Minh hôm nay; hợp tác đầu tư cảng biển: the port opens"
WORDS = TEXT.split()
TIMES = 300  # repetitions of what takes less than a millisecond
JSON_TIMES = 2  # of what takes seconds
SPAN = timedelta(minutes=1)  # between two items

# A look-up belongs to opening: it shows that nothing was put off.
OPEN_OURS = """
import asyncio, sys
from datetime import timedelta
from pathlib import Path
from syndicator.edges.tiny_store import TinyStore
async def main():
    async with TinyStore(Path(sys.argv[1])) as store:
        assert await store.items_by_keys([sys.argv[2]])
asyncio.run(main())
"""
OPEN_JSON = """
import sys
from tinydb import TinyDB
with TinyDB(sys.argv[1]) as db:
    assert db.table("items").get(doc_id=int(sys.argv[2]))
"""
OPEN_BARE = """
import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
assert db.execute("SELECT doc FROM items WHERE doc_id = ?", (sys.argv[2],)).fetchone()
db.close()
"""

COLUMNS = ("published_at", "rejected", "first_seen_at")


def make_items(count: int, *, begin: int = 0) -> Iterator[Item]:
    """Yield plausible items of about 2 kB, always the same, one each minute back from noon."""
    chance = random.Random(begin)
    for number in range(begin, begin + count):
        title = " ".join(chance.choices(WORDS, k=12))
        item = an_item(
            f"{title} {number}", id=f"item-{number}", summary=" ".join(chance.choices(WORDS, k=60)),
            content="<p>" + " ".join(chance.choices(WORDS, k=150)) + "</p>", keys=(f"guid {number}", f"url {number}"),
            published_at=NOON - number * SPAN, first_seen_at=NOON - number * SPAN,
        )  # fmt: skip
        reason = Reason(field="title", term="lãnh sự", words="lãnh sự", start=11)
        yield replace(item, tags=(Tagging(tag="diplomacy", reasons=(reason,)),))


async def fill(folder: Path, count: int) -> None:
    """Write *count* items as the jobs do, in batches."""
    async with TinyStore(folder) as store:
        for begin in range(0, count, 2000):
            await store.record_harvest([], list(make_items(min(2000, count - begin), begin=begin)))


def fill_json(file: Path, count: int) -> None:
    """Write the same items in the form of TinyDB's JSONStorage (its own insert_multiple takes as long as it likes)."""
    with file.open("w") as out:
        json.dump({"items": {str(n + 1): encode(item) for n, item in enumerate(make_items(count))}}, out)


def bare(file: Path) -> sqlite3.Connection:
    """Open *file* as our storage does."""
    connection = sqlite3.connect(file, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    return connection


def compare(folder: Path, count: int) -> list[list[str]]:
    """Return a row for each act, measured on our file, its bare copy, and a JSONStorage."""
    copy, plain = folder / "copy.sqlite", folder / "items.json"
    shutil.copy(folder / FILE, copy)
    fill_json(plain, count)
    sql, stock = bare(copy), TinyDB(plain)
    new = [encode(item) for item in make_items(TIMES, begin=count)]
    old = [encode(item) | {"digest": f"edited {n}"} for n, item in enumerate(make_items(TIMES))]
    rows = {id(value): (json.dumps(value, ensure_ascii=False), *(value[c] for c in COLUMNS)) for value in new + old}
    fresh = stamp(NOON - 20 * SPAN)

    def insert(turn: int) -> None:
        marks, value = "?, ?, ?, ?, ?", new[turn]
        sql.execute(
            f"INSERT INTO items (doc_id, doc, {', '.join(COLUMNS)}) VALUES ({marks})", (value["id"], *rows[id(value)])
        )

    def update(turn: int) -> None:
        value = old[turn]
        changes = ", ".join(f"{column} = ?" for column in ("doc", *COLUMNS))
        sql.execute(f"UPDATE items SET {changes} WHERE doc_id = ?", (*rows[id(value)], value["id"]))

    def by_id(turn: int) -> None:
        sql.execute("SELECT doc FROM items WHERE doc_id = ?", (f"item-{turn * 31 % count}",)).fetchone()

    def by_field(_: int) -> None:
        sql.execute("SELECT doc FROM items WHERE published_at >= ?", (fresh,)).fetchall()

    with SqliteDB(folder / FILE) as db, stock:
        ours, theirs = db.table("items"), stock.table("items")
        known = [f"item-{n}" for n in range(TIMES)]
        acts = [
            ("insert one", lambda n: ours.insert(document(new[n], new[n]["id"])), insert,
             lambda n: theirs.insert(Document(new[n], count + 1 + n))),
            ("update fields of one", lambda n: ours.update({"digest": f"edited {n}"}, doc_ids=[known[n]]), update,
             lambda n: theirs.update({"digest": f"edited {n}"}, doc_ids=[n + 1])),
            ("replace one", lambda n: ours.put_multiple([document(old[n] | {"outlet": "x"}, known[n])]), update,
             lambda n: theirs.upsert(Document(old[n], n + 1))),
            ("look up by id", lambda n: ours.get(doc_id=f"item-{n * 31 % count}"), by_id,
             lambda n: theirs.get(doc_id=n + 1)),
            ("look up 21 by field", lambda _: ours.search(where("published_at") >= fresh), by_field,
             lambda n: theirs.search((where("published_at") >= fresh) & (where("id") != str(n)))),
        ]  # fmt: skip
        table = []
        for name, mine, sqlites, tinydbs in acts:
            [us, them] = medians(mine, sqlites, times=TIMES)
            [jsons] = medians(tinydbs, times=JSON_TIMES)
            table.append([name, milliseconds(us), milliseconds(them), f"{us / them:.2f}", milliseconds(jsons)])
    sql.close()
    return table


def openings(folder: Path) -> list[list[str]]:
    """Return a row for each way to open the file in a fresh process and to look one item up."""
    ways = [
        ("TinyStore", in_fresh_process(OPEN_OURS, str(folder), "guid 7")),
        ("bare SQLite", in_fresh_process(OPEN_BARE, str(folder / "copy.sqlite"), "item-7")),
        ("TinyDB JSONStorage", in_fresh_process(OPEN_JSON, str(folder / "items.json"), "7")),
    ]
    return [[name, milliseconds(fresh.seconds), f"{fresh.peak / 1e6:,.0f} MB"] for name, fresh in ways]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=100_000)
    count = parser.parse_args().documents
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        asyncio.run(fill(folder, count))
        size = (folder / FILE).stat().st_size
        show(
            f"One document among {count:,} (a file of {size / 1e6:,.0f} MB; synchronous = FULL; medians)",
            ["", "ours", "bare SQLite", "ratio", "JSONStorage"],
            compare(folder, count),
        )
        show("A fresh process: import, open, look one up", ["", "time", "peak memory"], openings(folder))


if __name__ == "__main__":
    main()

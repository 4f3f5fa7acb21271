"""What was acknowledged outlives kill -9 and a full disk, and processes share one file."""

from __future__ import annotations

import json
import random
import site
import subprocess
import sys
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from tinydb import where

import syndicator
from syndicator.edges.sqlite_table import SqliteDB
from syndicator.edges.tiny_store import FILE, TinyStore
from syndicator.testing import NOON, a_delivery

# Children start without `site`, and with the fewest imports: the test kills 50 of them.
PATHS = [str(Path(syndicator.__file__).parent.parent), *site.getsitepackages()]
BATCH = 15  # documents in each of two tables; some 15 kB a batch, so that a kill finds it half written

WRITER = """
import sys
sys.path[:0] = {paths!r}
from syndicator.edges.sqlite_table import SqliteDB, document
def say(word):
    sys.stdout.write(f"{{word}}\\n"); sys.stdout.flush()
say("opening")
db = SqliteDB({file!r})
left, right = db.table("left", indexes=[["batch"]]), db.table("right", indexes=[["batch"], ["text"]])
number = {first}
while True:
    rows = [document({{"batch": number, "text": f"{{number}} " * 100}}, f"{{number}}-{{n}}") for n in range({batch})]
    with db.rows.transaction():
        left.put_multiple(rows)
        left.put_multiple([document({{"batch": number}}, "last")])
        right.put_multiple(rows)
    say(number)
    number += 1
"""


@contextmanager
def child(code, **values):
    program = code.format(paths=PATHS, **values)
    process = subprocess.Popen([sys.executable, "-S", "-c", program], stdout=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def batches(file) -> dict[int, int]:
    """Return how many documents each batch has in each of the two tables, checking that the tables agree."""
    with SqliteDB(file) as db:
        if db.tables() != {"left", "right"}:
            return {}
        count = "SELECT batch, count(*) FROM {} WHERE doc_id <> 'last' GROUP BY batch"
        left, right = (dict(db.rows.rows(count.format(f'"{table}"'))) for table in ("left", "right"))
        last = db.table("left").get(doc_id="last")
        assert left == right
        assert (last["batch"] if last else 0) == max(left, default=0)
    return left


def is_sound(file) -> bool:
    with SqliteDB(file) as db:
        return db.rows.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_store_that_is_killed_50_times_keeps_every_acknowledged_batch_whole_and_none_half(tmp_path):
    file = str(tmp_path / FILE)
    chance = random.Random(7)
    acknowledged = 0

    for _ in range(50):
        # A child that is killed at its first word is killed while it opens the file.
        lines = chance.randrange(6)
        with child(WRITER, file=file, first=acknowledged + 1, batch=BATCH) as process:
            assert process.stdout.readline() == "opening\n"
            for _ in range(lines):
                acknowledged = int(process.stdout.readline())
            process.kill()
            for line in process.stdout:  # what it still said before it died, it had acknowledged
                acknowledged = int(line)
            process.wait()

        found = batches(file)

        assert set(found.values()) <= {BATCH}
        assert acknowledged <= len(found) == max(found, default=0) <= acknowledged + 1
        acknowledged = len(found)

    assert acknowledged >= 50
    assert is_sound(file)


OPENER = """
import os, signal, sys
sys.path[:0] = {paths!r}
from syndicator.edges.sqlite_storage import SqliteStorage
from syndicator.edges.sqlite_table import SqliteDB
left, execute = {statements}, SqliteStorage.execute
def execute_and_die(self, sql, parameters=()):
    global left
    left -= 1
    if left < 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return execute(self, sql, parameters)
SqliteStorage.execute = execute_and_die
db = SqliteDB({file!r})
db.table("things", indexes=[["text"]]).insert({{"text": "first"}})
print("done")
"""


def test_a_store_that_is_killed_at_any_statement_of_its_first_opening_opens_again(tmp_path):
    survived, statements = False, 0

    while not survived:
        file = tmp_path / f"{statements}.sqlite"
        with child(OPENER, file=str(file), statements=statements) as process:
            survived = process.stdout.read() == "done\n"
        with SqliteDB(file) as db:
            table = db.table("things", indexes=[["text"]])
            found = table.all()
            table.insert({"text": "second"})
            assert table.get(where("text") == "second").doc_id == str(len(found) + 1)
        assert found in ([], [{"text": "first"}])
        statements += 1

    assert found == [{"text": "first"}]
    assert statements > 10


FILLER = """
import json, resource, signal, sys
sys.path[:0] = {paths!r}
from syndicator.edges.sqlite_table import SqliteDB, document
from syndicator.errors import StoreFull
# A file that may not grow is how a full disk, or a quota, meets a process.
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
_, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
db = SqliteDB({file!r})
left, right = db.table("left", indexes=[["batch"]]), db.table("right", indexes=[["batch"]])
def write(number):
    rows = [document({{"batch": number, "text": f"{{number}} " * 100}}, f"{{number}}-{{n}}") for n in range({batch})]
    with db.rows.transaction():
        left.put_multiple(rows)
        left.put_multiple([document({{"batch": number}}, "last")])
        right.put_multiple(rows)
write(1)
resource.setrlimit(resource.RLIMIT_FSIZE, ({room}, hard))
number, error = 1, ""
while not error:
    try:
        write(number + 1)
        number += 1
    except StoreFull as full:
        error = str(full)
readable = len(left)
resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
write(number + 1)
print(json.dumps({{"number": number, "readable": readable, "error": error}}))
"""


@pytest.mark.parametrize("room", [100_000, 300_001, 1_000_000])
def test_a_full_disk_is_said_loses_nothing_and_is_over_when_there_is_room(tmp_path, room):
    file = str(tmp_path / FILE)

    with child(FILLER, file=file, batch=BATCH, room=room) as process:
        told = json.loads(process.stdout.read())

    assert file in told["error"]
    assert "make room" in told["error"]
    assert told["readable"] == told["number"] * BATCH + 1
    assert batches(file) == dict.fromkeys(range(1, told["number"] + 2), BATCH)


CLAIMER = """
import asyncio, sys
sys.path[:0] = {paths!r}
from datetime import timedelta
from pathlib import Path
from syndicator.edges.tiny_store import TinyStore
from syndicator.testing import NOON
async def main():
    async with TinyStore(Path({folder!r})) as store:
        print((await store.secret()).hex(), flush=True)
        sys.stdin.readline()
        while claimed := await store.claim(now=NOON, limit=3, lease=timedelta(minutes=10)):
            print(*(delivery.subscriber for delivery in claimed), flush=True)
asyncio.run(main())
"""


@contextmanager
def claimers(folder, count):
    program = CLAIMER.format(paths=PATHS, folder=str(folder))
    processes = [
        subprocess.Popen(
            [sys.executable, "-S", "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(count)
    ]
    try:
        yield processes
    finally:
        for process in processes:
            process.kill()
            process.communicate()


async def test_processes_that_meet_at_a_new_store_share_its_secret_and_never_a_delivery(tmp_path):
    names = [f"reader-{n:03}" for n in range(120)]

    with claimers(tmp_path / "new" / "folder", 3) as processes:
        secrets = {process.stdout.readline() for process in processes}
        async with TinyStore(tmp_path / "new" / "folder") as store:
            secrets.add((await store.secret()).hex() + "\n")
            await store.freeze(None, [], [a_delivery(subscriber=name) for name in names])
        for process in processes:
            process.stdin.write("go\n")
            process.stdin.flush()
        claimed = [process.stdout.read().split() for process in processes]

    assert len(secrets) == 1
    assert sorted(name for claim in claimed for name in claim) == names


async def test_another_process_sees_what_this_one_has_committed(tmp_path):
    async with TinyStore(tmp_path) as store:
        with claimers(tmp_path, 1) as [other]:
            other.stdout.readline()
            await store.freeze(None, [], [a_delivery(subscriber="ada")])
            seen, _ = other.communicate("go\n")

        assert seen.split() == ["ada"]
        [delivery] = (await store.deliveries([a_delivery().id])).values()
        assert delivery.claimed_until == NOON + timedelta(minutes=10)

"""Keep JSON documents in one SQLite file: one row a document, one transaction a batch; TinyDB's `Storage`."""

from __future__ import annotations

import json
import os
import re
import sqlite3
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

from tinydb.storages import Storage

from syndicator.errors import StoreDamaged, StoreError, StoreFull

MEMORY = ":memory:"
CHUNK = 500  # documents in memory at once when many are walked, and ids in one statement

_OURS = 0x53594E44  # SQLite's application_id: "SYND"; tells our file from another program's
_VERSION = 1  # of the tables and of the documents in them; a file of a newer one is left alone
_BUSY = 30.0  # seconds to wait for another process's transaction; our longest takes about 10
_WAL_KEPT = 16 * 2**20  # bytes of write-ahead log kept after a large batch, for the next one to reuse
_NAME = re.compile(r"(?!sqlite_)[a-z_][a-z0-9_]*")
_OWN_COLUMNS = ("seq", "doc_id", "doc")
# EFBIG and EDQUOT reach us as a failed write, and a log index that cannot grow as a failed SHMSIZE.
_FULL = ("SQLITE_FULL", "SQLITE_IOERR_WRITE", "SQLITE_IOERR_SHMSIZE")


class SqliteStorage(Storage):
    """TinyDB's storage in one SQLite file (WAL), to be used from one thread.

    Raise `StoreFull`, `StoreDamaged` or, for all else that SQLite cannot do, `StoreError`.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = str(path)
        self._depth = 0
        self._schema = 0
        self._indexed: dict[str, tuple[str, ...] | None] = {}
        try:
            self._connection = sqlite3.connect(self.path, timeout=_BUSY, isolation_level=None)
        except sqlite3.Error as error:
            raise self._explain(error) from error
        try:
            self._prepare()
        except BaseException:
            self._connection.close()
            raise

    # ---- statements

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Make all that is written within one batch: kept whole at the end, or undone whole by an error.

        Within another transaction it joins that one; an error then undoes only the inner part.
        """
        inner = self._depth > 0
        self.execute("SAVEPOINT part" if inner else "BEGIN IMMEDIATE")
        self._depth += 1
        try:
            yield
            self.execute("RELEASE part" if inner else "COMMIT")
        except BaseException:
            self._indexed.clear()  # a table made within goes again
            # A full disk may have made SQLite roll back by itself, the outer transaction included.
            if self._connection.in_transaction:
                self.execute("ROLLBACK TO part" if inner else "ROLLBACK")
                if inner:
                    self.execute("RELEASE part")
            raise
        finally:
            self._depth -= 1

    def execute(self, sql: str, parameters: Sequence[Any] = ()) -> sqlite3.Cursor:
        """Run one statement."""
        try:
            return self._connection.execute(sql, parameters)
        except sqlite3.Error as error:
            raise self._explain(error) from error

    def execute_many(self, sql: str, rows: Iterable[Sequence[Any]]) -> int:
        """Run one statement for each of *rows*; return how many rows of a table it wrote."""
        try:
            return self._connection.executemany(sql, rows).rowcount
        except sqlite3.Error as error:
            raise self._explain(error) from error

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of one query, as they are read."""
        try:
            yield from self._connection.execute(sql, parameters)
        except sqlite3.Error as error:
            raise self._explain(error) from error

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    # ---- tables

    def tables(self) -> set[str]:
        """Return the names of the tables of documents."""
        names = {name for (name,) in self.rows("SELECT name FROM sqlite_master WHERE type = 'table'")}
        return {name for name in names if not name.startswith("index of ")}

    def indexed(self, table: str) -> tuple[str, ...] | None:
        """Return the fields of *table* that have a column of their own, or None where there is no such table.

        Another process may have made the table, or a new index, so SQLite's count of such changes is asked first.
        """
        schema = self._pragma("schema_version")
        if schema != self._schema:
            self._schema, self._indexed = schema, {}
        if table not in self._indexed:
            names = [name for (name,) in self.rows("SELECT name FROM pragma_table_info(?)", (table,))]
            self._indexed[table] = tuple(names[len(_OWN_COLUMNS) :]) if names else None
        return self._indexed[table]

    def create(self, table: str, indexes: Iterable[Sequence[str]] = ()) -> None:
        """Make *table* and its *indexes* where they are missing. An index may end in `doc_id`.

        A field of an index is kept in a column of its own beside the document, not computed by SQLite from
        the JSON: it costs the same, and SQLite's JSON functions cut a string short at U+0000.
        """
        indexes = [list(index) for index in indexes]
        wanted = dict.fromkeys(field for index in indexes for field in index if field != "doc_id")
        for name in (table, *wanted):
            if not _NAME.fullmatch(name) or name in _OWN_COLUMNS:
                raise ValueError(f"{name!r}: name it in a-z, 0-9 and _, and neither sqlite_… nor {_OWN_COLUMNS}")
        named = {f"{table} by {' '.join(index)}": index for index in indexes}
        there = {name for (name,) in self.rows("SELECT name FROM sqlite_master")}
        if there.issuperset((table, *named)):
            return  # without waiting for a process that writes
        with self.transaction():
            self.execute(
                f'CREATE TABLE IF NOT EXISTS "{table}"'
                " (seq INTEGER PRIMARY KEY, doc_id TEXT NOT NULL UNIQUE, doc TEXT NOT NULL)"
            )
            missing = [field for field in wanted if field not in (self.indexed(table) or ())]
            for field in missing:
                self.execute(f'ALTER TABLE "{table}" ADD COLUMN "{field}"')
            if missing:
                self._fill(table, missing)
            for name, index in named.items():
                columns = ", ".join(f'"{field}"' for field in index)
                self.execute(f'CREATE INDEX IF NOT EXISTS "{name}" ON "{table}" ({columns})')

    def drop(self, table: str) -> None:
        """Remove *table* and all that is in it."""
        self.execute(f'DROP TABLE IF EXISTS "{table}"')

    # ---- documents

    def put(self, table: str, documents: Iterable[tuple[str, Mapping[str, Any]]], *, replace: bool) -> int:
        """Write *documents*; *replace* those of the same id, or leave them. Return how many rows were written.

        A document that is there already, letter for letter, is not written.
        """
        fields = self.indexed(table) or ()
        rows = ((doc_id, _dump(value), *_cells(value, fields)) for doc_id, value in documents)
        return self.put_rows(table, rows, replace=replace)

    def put_rows(self, table: str, rows: Iterable[Sequence[Any]], *, replace: bool) -> int:
        """The same for documents that are JSON already: each row is id, text, and what its index fields hold."""
        fields = self.indexed(table) or ()
        columns = ", ".join(f'"{name}"' for name in ("doc_id", "doc", *fields))
        marks = ", ".join("?" * (2 + len(fields)))
        changes = ", ".join(f'"{name}" = excluded."{name}"' for name in ("doc", *fields))
        conflict = f"(doc_id) DO UPDATE SET {changes} WHERE doc IS NOT excluded.doc" if replace else "DO NOTHING"
        return self.execute_many(f'INSERT INTO "{table}" ({columns}) VALUES ({marks}) ON CONFLICT {conflict}', rows)

    def remove(self, table: str, ids: Iterable[str]) -> int:
        """Remove those documents; return how many there were."""
        return self.execute_many(f'DELETE FROM "{table}" WHERE doc_id = ?', ((doc_id,) for doc_id in ids))

    def by_ids(self, table: str, ids: Iterable[str]) -> dict[str, dict[str, Any]]:
        """Return those documents of *ids* that there are, in the order of insertion."""
        return {doc_id: self.load(table, doc_id, text) for doc_id, text in self.texts(table, ids).items()}

    def texts(self, table: str, ids: Iterable[str]) -> dict[str, str]:
        """Return the JSON of those documents of *ids* that there are, in the order of insertion."""
        found: list[tuple[Any, ...]] = []
        for chunk in chunks(dict.fromkeys(ids)):
            marks = ", ".join("?" * len(chunk))
            found += self.rows(f'SELECT seq, doc_id, doc FROM "{table}" WHERE doc_id IN ({marks})', chunk)
        return {doc_id: text for _, doc_id, text in sorted(found)}

    def pages(self, table: str) -> Iterator[dict[str, dict[str, Any]]]:
        """Yield all documents, `CHUNK` at a time; what is written meanwhile may or may not be among them."""
        sql = f'SELECT seq, doc_id, doc FROM "{table}" WHERE seq > ? ORDER BY seq LIMIT {CHUNK}'
        last = 0
        while found := list(self.rows(sql, (last,))):
            last = found[-1][0]
            yield {doc_id: self.load(table, doc_id, text) for _, doc_id, text in found}

    def load(self, table: str, doc_id: str, text: str) -> dict[str, Any]:
        """Return the document that *text* holds."""
        try:
            return dict(json.loads(text))
        except ValueError as error:
            raise StoreDamaged(
                f"{self.path}: document {doc_id!r} of {table} is broken ({error}); restore a backup"
            ) from error

    # ---- the whole, as TinyDB's own `Table` asks for it

    def read(self) -> dict[str, dict[str, Any]] | None:
        """Return all that is stored, all of it in memory; `SqliteTable` never asks for it."""
        tables = {name: {k: v for page in self.pages(name) for k, v in page.items()} for name in self.tables()}
        return tables or None

    def write(self, data: dict[str, dict[str, Any]]) -> None:
        """Make the file hold *data* and nothing else, writing only where it differs."""
        with self.transaction():
            for name in self.tables() - data.keys():
                self.drop(name)
            for name, documents in data.items():
                self.create(name)
                gone = [doc_id for page in self.pages(name) for doc_id in page if doc_id not in documents]
                self.remove(name, gone)
                self.put(name, documents.items(), replace=True)

    # ---- below

    def _prepare(self) -> None:
        if self._pragma("application_id") != _OURS:
            # Two processes may meet at a new file: the second one waits here, and finds it made.
            with self.transaction():
                if self._pragma("application_id") != _OURS:
                    self._make()
        version = self._pragma("user_version")
        if version > _VERSION:
            raise StoreDamaged(
                f"{self.path}: was written by a newer syndicator (version {version} of the store, we know {_VERSION});"
                " install that one again, or restore the backup from before it"
            )
        self._write_ahead()
        # The outbox must outlive a power cut, so each commit waits for the disk (0.4 ms where we measured).
        self.execute("PRAGMA synchronous = FULL")
        self.execute(f"PRAGMA journal_size_limit = {_WAL_KEPT}")

    def _make(self) -> None:
        if self.tables() or self._pragma("user_version"):
            raise StoreDamaged(f"{self.path}: is a database of another program; name another folder for the store")
        if self.path != MEMORY:
            # It will hold readers' addresses and the site's secret: its owner alone may read it.
            os.chmod(self.path, 0o600)
        self.execute(f"PRAGMA application_id = {_OURS}")
        self.execute(f"PRAGMA user_version = {_VERSION}")

    def _write_ahead(self) -> None:
        # When it changes the journal's mode, SQLite does not wait for another process, as it does elsewhere; of
        # five that met at a new file, in one case of a hundred one was turned away.
        last = time.monotonic() + _BUSY
        while True:
            try:
                self._connection.execute("PRAGMA journal_mode = WAL")
                return
            except sqlite3.Error as error:
                if error.sqlite_errorname != "SQLITE_BUSY" or time.monotonic() > last:
                    raise self._explain(error) from error
            time.sleep(0.01)

    def _pragma(self, name: str) -> int:
        return int(self.execute(f"PRAGMA {name}").fetchone()[0])

    def _fill(self, table: str, fields: Sequence[str]) -> None:
        changes = ", ".join(f'"{field}" = ?' for field in fields)
        for page in self.pages(table):
            rows = ((*_cells(value, fields), doc_id) for doc_id, value in page.items())
            self.execute_many(f'UPDATE "{table}" SET {changes} WHERE doc_id = ?', rows)

    def _explain(self, error: sqlite3.Error) -> StoreError:
        name = getattr(error, "sqlite_errorname", "")
        if name in _FULL:
            return StoreFull(
                f"{self.path}: no room left to write ({error}); make room on its disk, or raise the quota,"
                " and go on: nothing that was acknowledged is lost"
            )
        if name == "SQLITE_NOTADB" or name.startswith("SQLITE_CORRUPT"):
            return StoreDamaged(
                f"{self.path}: is no store of ours, or is broken ({error}); restore it from a backup,"
                " or move it away to begin anew"
            )
        if name.startswith("SQLITE_BUSY"):
            return StoreError(
                f"{self.path}: another process has been writing for {_BUSY:.0f} s; end it, or try again later"
            )
        if name.startswith(("SQLITE_CANTOPEN", "SQLITE_READONLY", "SQLITE_PERM")):
            return StoreError(f"{self.path}: cannot be opened for writing ({error}); check its folder and its owner")
        return StoreError(f"{self.path}: {error}")


def chunks(values: Iterable[str]) -> Iterator[list[str]]:
    """Yield *values*, at most `CHUNK` at a time."""
    rest = iter(values)
    while chunk := list(islice(rest, CHUNK)):
        yield chunk


def _dump(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _cells(value: Mapping[str, Any], fields: Iterable[str]) -> list[str | int | float | None]:
    return [_cell(value.get(field)) for field in fields]


def _cell(value: object) -> str | int | float | None:
    if isinstance(value, int):
        return max(-(2**63), min(value, 2**63 - 1))  # SQLite has no greater ones, and no query asks for them
    return value if isinstance(value, (str, float)) else None

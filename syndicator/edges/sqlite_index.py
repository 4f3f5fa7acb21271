"""Keep which documents have which names, many each, and find them by name: an index beside the documents."""

from __future__ import annotations

from collections.abc import Iterable

from syndicator.edges.sqlite_storage import SqliteStorage


class SqliteIndex:
    """The documents (ids) of each name. Without a row id SQLite keeps each pair once, in the order of names."""

    def __init__(self, storage: SqliteStorage, name: str) -> None:
        self._rows = storage
        self._table = f'"index of {name}"'  # no table of documents has a name with spaces in it
        if f"index of {name}" not in {each for (each,) in storage.rows("SELECT name FROM sqlite_master")}:
            columns = "name TEXT NOT NULL, doc_id TEXT NOT NULL, PRIMARY KEY (name, doc_id)"
            storage.execute(f"CREATE TABLE IF NOT EXISTS {self._table} ({columns}) WITHOUT ROWID")

    def add(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Remember that these names (first) are of these documents (second)."""
        self._rows.execute_many(f"INSERT OR IGNORE INTO {self._table} (name, doc_id) VALUES (?, ?)", pairs)

    def remove(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Forget that they are."""
        self._rows.execute_many(f"DELETE FROM {self._table} WHERE name = ? AND doc_id = ?", pairs)

    def find(self, names: Iterable[str], *, most: int) -> dict[str, list[str]]:
        """Return, by name, the ids of its documents, sorted; a name with more than *most* of them is left out."""
        # One by one, so that of a name with a hundred thousand documents no more are read than tell that it is one.
        sql = f"SELECT doc_id FROM {self._table} WHERE name = ? LIMIT ?"
        found = ((name, [doc_id for (doc_id,) in self._rows.rows(sql, (name, most + 1))]) for name in names)
        return {name: ids for name, ids in found if len(ids) <= most}

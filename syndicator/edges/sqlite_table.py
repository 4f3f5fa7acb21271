"""Give TinyDB tables whose rows live in SQLite: look-ups go there, and only what changed is written.

TinyDB stays the face, for us and for an admin in a shell:

    >>> from tinydb import where
    >>> db = SqliteDB(":memory:")
    >>> db.table("items", indexes=[["source"]]).insert({"source": "vna", "title": "A consulate opens"})
    '1'
    >>> db.table("items").search(where("source") == "vna")
    [{'source': 'vna', 'title': 'A consulate opens'}]
    >>> db.close()

What differs from TinyDB's own tables: ids are strings, nothing is cached (another process may have
written since), and a batch is whole or not at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any

from tinydb import TinyDB
from tinydb.table import Document, Table

from syndicator.edges.sqlite_storage import SqliteStorage, chunks

Fields = Mapping[str, Any] | Callable[[Any], Any]
Condition = Callable[[Any], bool]

_MOST_VARIABLES = 10_000  # in one compiled query; SQLite takes 32,766 a statement
_EXACT = 2**53  # below it, Python and SQLite order integers and floats alike


def document(value: Mapping[str, Any], doc_id: str) -> Document:
    """Return TinyDB's document of *value* under a string id (TinyDB's own hints know integers only)."""
    return Document(value, doc_id)  # type: ignore[arg-type]


class SqliteTable(Table):
    """TinyDB's table over `SqliteStorage`.

    Look-ups by id, and by the fields of *indexes* (`==`, `<`, `<=`, `>`, `>=`, `one_of`, joined by `&` and `|`),
    go to SQLite; any other query is put to one document after another.
    """

    document_id_class = str  # type: ignore[assignment]

    def __init__(
        self,
        storage: SqliteStorage,
        name: str,
        cache_size: int = 0,  # noqa: ARG002 (TinyDB's; a cache would hide what another process wrote)
        persist_empty: bool = False,
        *,
        indexes: Iterable[Sequence[str]] = (),
    ) -> None:
        super().__init__(storage, name, cache_size=0)
        self._rows = storage
        indexes = list(indexes)
        if indexes or persist_empty:
            storage.create(name, indexes)

    # ---- reading

    def select(
        self, cond: Condition | None = None, *, order: Sequence[str] = (), limit: int | None = None
    ) -> list[Document]:
        """Return the first *limit* documents that *cond* accepts, in the order of insertion or as *order* says.

        *order* names index fields or `doc_id`; a minus before the name means descending.
        """
        return list(islice(self._stream(cond, order), limit))

    def get(  # type: ignore[override]
        self, cond: Condition | None = None, doc_id: object = None, doc_ids: Iterable[object] | None = None
    ) -> Document | list[Document] | None:
        """Return one document, by id or else the first that *cond* accepts, or the list of those with *doc_ids*."""
        if doc_id is not None:
            return self.get_multiple([doc_id]).get(str(doc_id))
        if doc_ids is not None:
            return list(self.get_multiple(doc_ids).values())
        if cond is not None:
            return next(iter(self.select(cond, limit=1)), None)
        raise RuntimeError("You have to pass either cond or doc_id or doc_ids")

    def get_multiple(self, doc_ids: Iterable[object]) -> dict[str, Document]:
        """Return those documents that there are, by id, in the order of insertion."""
        if self._rows.indexed(self.name) is None:
            return {}
        found = self._rows.by_ids(self.name, map(str, doc_ids))
        return {doc_id: document(value, doc_id) for doc_id, value in found.items()}

    def texts(self, doc_ids: Iterable[str]) -> dict[str, str]:
        """Return those documents that there are, by id, in the order of insertion, each as its JSON."""
        return {} if self._rows.indexed(self.name) is None else self._rows.texts(self.name, doc_ids)

    def ids(self, cond: Condition) -> list[str]:
        """Return the ids of the documents that *cond* accepts; its documents are not read if the indexes tell all."""
        fields = self._rows.indexed(self.name)
        narrowed = None if fields is None else _narrow(getattr(cond, "_hash", None), fields)
        if narrowed is None or not _is_exact(getattr(cond, "_hash", None)):
            return self._matching(cond)
        found = self._rows.rows(f'SELECT doc_id FROM "{self.name}" WHERE {narrowed[0]} ORDER BY seq', narrowed[1])
        return [doc_id for (doc_id,) in found]

    def contains(self, cond: Condition | None = None, doc_id: object = None) -> bool:
        """Tell whether there is a document of that id or, without one, one that *cond* accepts."""
        return self.get(cond, doc_id) is not None

    def search(self, cond: Condition) -> list[Document]:
        """Return the documents that *cond* accepts, in the order of insertion."""
        return self.select(cond)

    def all(self) -> list[Document]:
        """Return all documents, as they were at one moment."""
        return self.select()

    def count(self, cond: Condition) -> int:
        """Return how many documents *cond* accepts."""
        return sum(1 for _ in self._stream(cond))

    def __len__(self) -> int:
        if self._rows.indexed(self.name) is None:
            return 0
        return int(self._rows.execute(f'SELECT count(*) FROM "{self.name}"').fetchone()[0])

    def __iter__(self) -> Iterator[Document]:
        if self._rows.indexed(self.name) is not None:
            for page in self._rows.pages(self.name):
                yield from (document(value, doc_id) for doc_id, value in page.items())

    # ---- writing

    def insert(self, document: Mapping[str, Any]) -> str:  # type: ignore[override]
        """Add *document* under its own id, or a new one; return that. Raise ValueError if the id is taken."""
        return self.insert_multiple([document])[0]

    def insert_multiple(self, documents: Iterable[Mapping[str, Any]]) -> list[str]:  # type: ignore[override]
        """Add all of *documents* or, if an id is taken (ValueError), none; return their ids."""
        ids = []
        with self._writing():
            for given in documents:
                if not isinstance(given, Mapping):
                    raise ValueError("Document is not a Mapping")
                doc_id = str(given.doc_id) if isinstance(given, Document) else self._free_id()
                if not self._rows.put(self.name, [(doc_id, given)], replace=False):
                    raise ValueError(f"Document with ID {doc_id} already exists")
                ids.append(doc_id)
        return ids

    def put_multiple(self, documents: Iterable[Document]) -> int:
        """Write *documents* whole, replacing those of the same id; return how many were new or differed."""
        with self._writing():
            return self._rows.put(self.name, ((str(given.doc_id), given) for given in documents), replace=True)

    def add_multiple(self, documents: Iterable[Document]) -> int:
        """Add those of *documents* whose id is not there yet; return how many."""
        with self._writing():
            return self._rows.put(self.name, ((str(given.doc_id), given) for given in documents), replace=False)

    def put_texts(self, texts: Iterable[tuple[str, str, Callable[[str], object]]], *, replace: bool = True) -> int:
        """Write documents that are JSON already: each has its id, its text, and a look-up of its index fields.

        Those of an id that is there are replaced, or left as they are. Return how many were new or differed.
        """
        with self._writing():
            fields = self._rows.indexed(self.name) or ()
            rows = ((doc_id, text, *map(look_up, fields)) for doc_id, text, look_up in texts)
            return self._rows.put_rows(self.name, rows, replace=replace)

    def update(  # type: ignore[override]
        self, fields: Fields, cond: Condition | None = None, doc_ids: Iterable[object] | None = None
    ) -> list[str]:
        """Set *fields* (or call it on the document) where *doc_ids* or *cond* say, else everywhere; return the ids."""
        with self._writing():
            return self._change(self._matching(cond) if doc_ids is None else map(str, doc_ids), [(fields, None)])

    def update_multiple(self, updates: Iterable[tuple[Fields, Condition]]) -> list[str]:  # type: ignore[override]
        """Put every document to each pair of *updates* in turn, as `update` does; return the ids."""
        with self._writing():
            return self._change(self._matching(None), list(updates))

    def upsert(self, document: Mapping[str, Any], cond: Condition | None = None) -> list[str]:  # type: ignore[override]
        """Update the documents of that id or that *cond* accepts, or insert *document*; return the ids."""
        with self._writing():
            return super().upsert(document, cond)  # type: ignore[return-value, arg-type]

    def remove(  # type: ignore[override]
        self, cond: Condition | None = None, doc_ids: Iterable[object] | None = None
    ) -> list[str]:
        """Remove the documents of *doc_ids*, or those that *cond* accepts; return the ids of those that were there."""
        if cond is None and doc_ids is None:
            raise RuntimeError("Use truncate() to remove all documents")
        with self._writing():
            ids = self._matching(cond) if doc_ids is None else list(self.get_multiple(doc_ids))
            self._rows.remove(self.name, ids)
        return ids

    def truncate(self) -> None:
        """Remove all documents."""
        with self._writing():
            self._rows.execute(f'DELETE FROM "{self.name}"')

    # ---- below the face

    @contextmanager
    def _writing(self) -> Iterator[None]:
        with self._rows.transaction():
            if self._rows.indexed(self.name) is None:
                self._rows.create(self.name)
            yield

    def _stream(self, cond: Condition | None, order: Sequence[str] = ()) -> Iterator[Document]:
        fields = self._rows.indexed(self.name)
        if fields is None:
            return
        narrowed = _narrow(getattr(cond, "_hash", None), fields)
        where, parameters = narrowed or ("1", [])
        if order:
            by = ", ".join(f'"{field.lstrip("-")}"{" DESC" if field[0] == "-" else ""}' for field in order)
            where += f" ORDER BY {by}"
        elif narrowed:
            # Asked at once for both, SQLite may walk the whole table by seq to spare itself the sorting.
            where = f'seq IN (SELECT seq FROM "{self.name}" WHERE {where}) ORDER BY seq'
        else:
            where += " ORDER BY seq"
        sql = f'SELECT doc_id, doc FROM "{self.name}" WHERE {where}'
        for doc_id, text in self._rows.rows(sql, parameters):
            found = document(self._rows.load(self.name, doc_id, text), doc_id)
            if cond is None or cond(found):
                yield found

    def _matching(self, cond: Condition | None) -> list[str]:
        return [str(found.doc_id) for found in self._stream(cond)]

    def _change(self, ids: Iterable[str], changes: Sequence[tuple[Fields, Condition | None]]) -> list[str]:
        touched: list[str] = []
        for chunk in chunks(ids):
            found = self._rows.by_ids(self.name, chunk)
            for doc_id in chunk:
                for fields, cond in changes if doc_id in found else ():
                    if cond is None or cond(found[doc_id]):
                        fields(found[doc_id]) if callable(fields) else found[doc_id].update(fields)
                        touched.append(doc_id)
            self._rows.put(self.name, found.items(), replace=True)
        return touched

    def _free_id(self) -> str:
        number = int(self._rows.execute(f'SELECT ifnull(max(seq), 0) + 1 FROM "{self.name}"').fetchone()[0])
        while self._rows.by_ids(self.name, [str(number)]):
            number += 1
        return str(number)


class SqliteDB(TinyDB):
    """TinyDB over both: `SqliteDB(path)`."""

    table_class: type[Table] = SqliteTable
    default_storage_class = SqliteStorage  # type: ignore[assignment]

    @property
    def rows(self) -> SqliteStorage:
        """The storage, for a `transaction` over several tables."""
        assert isinstance(self.storage, SqliteStorage)
        return self.storage

    def tables(self) -> set[str]:
        """Return the names of the tables."""
        return self.rows.tables()

    def drop_table(self, name: str) -> None:
        """Remove table *name*, if there is one."""
        self._tables.pop(name, None)
        self.rows.drop(name)


def _narrow(query: object, fields: Sequence[str]) -> tuple[str, list[Any]] | None:
    """Return SQL that holds for every document which the query accepts, and perhaps for others; None: there is none.

    *query* is the tuple by which TinyDB tells queries apart: operator, path, value.
    """
    match query:
        case ("==" | "<" | "<=" | ">" | ">=" as operator, (str(field),), value) if field in fields and _fits(value):
            return f'"{field}" {operator} ?', [value]
        case ("one_of", (str(field),), tuple() | frozenset() as values) if field in fields and all(map(_fits, values)):
            if len(values) <= _MOST_VARIABLES:
                return f'"{field}" IN ({", ".join("?" * len(values))})', list(values)
        case ("and" | "or" as word, frozenset() as parts):
            sides = [_narrow(part, fields) for part in parts]
            known = [side for side in sides if side is not None]
            # Of conditions that must all hold, any is a fair net; of alternatives, all must be known.
            if known and (word == "and" or None not in sides):
                joined = f" {word} ".join(sql for sql, _ in known)
                return f"({joined})", [value for _, values in known for value in values]
    return None


def _is_exact(query: object) -> bool:
    """Tell whether SQL accepts the same documents as the *query*: strings that are equal are equal to both."""
    match query:
        case ("one_of", (str(),), tuple() | frozenset() as values):
            return all(isinstance(value, str) for value in values)
    return False


def _fits(value: object) -> bool:
    return isinstance(value, str) or (isinstance(value, int) and abs(value) < _EXACT)

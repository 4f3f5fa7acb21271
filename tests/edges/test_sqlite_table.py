"""TinyDB's face on SQLite: it answers as TinyDB does, and asks SQLite only for what is needed."""

from __future__ import annotations

import sqlite3
import stat
from datetime import UTC, datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tinydb import Query, TinyDB, where
from tinydb.operations import delete, increment
from tinydb.queries import QueryInstance
from tinydb.storages import MemoryStorage
from tinydb.table import Document

from syndicator.edges.codec import decode, encode, stamp
from syndicator.edges.sqlite_storage import SqliteStorage
from syndicator.edges.sqlite_table import SqliteDB, document
from syndicator.errors import StoreDamaged, StoreError, StoreFull
from syndicator.model.mail import Delivery
from syndicator.testing import NOON, a_delivery

INDEXES = [["text"], ["number", "text"], ["any"]]


@pytest.fixture
def path(tmp_path):
    return tmp_path / "store.sqlite"


@pytest.fixture
def db(path):
    with SqliteDB(path) as db:
        yield db


# ---- it answers as TinyDB does

texts = st.text(st.sampled_from("aAzđ\x00🏛 '\"%_"), max_size=3)
numbers = st.integers(-3, 3) | st.sampled_from([2**53, 2**63, -(2**63) - 1, 10**400, 0.5, 1.0, True])
anything = st.none() | texts | numbers | st.lists(texts | numbers, max_size=2)
bodies = st.fixed_dictionaries({}, optional={"text": texts, "number": numbers, "any": anything, "plain": anything})


def comparisons(field, values):
    name = where(field)
    ordered = [name.__lt__, name.__le__, name.__gt__, name.__ge__]
    return st.one_of(
        values.map(name.__eq__),
        values.map(name.__ne__),
        st.lists(values, max_size=3).map(name.one_of),
        st.builds(lambda compare, value: compare(value), st.sampled_from(ordered), values),
    )


simple = st.one_of(
    comparisons("text", texts),
    comparisons("number", numbers),
    st.builds(where("any").__eq__, anything),
    st.builds(where("plain").__eq__, anything),
    st.just(where("text").exists()),
    st.just(where("text").test(lambda text: "a" in text)),
    st.just(Query().fragment({"number": 1})),
    st.just(Query().noop()),
)
queries = st.recursive(
    simple,
    lambda inner: st.one_of(
        st.builds(QueryInstance.__and__, inner, inner),
        st.builds(QueryInstance.__or__, inner, inner),
        st.builds(QueryInstance.__invert__, inner),
    ),
    max_leaves=4,
)
names = st.integers(1, 5)
steps = st.one_of(
    st.tuples(st.just("insert"), bodies),
    st.tuples(st.just("insert named"), names, bodies),
    st.tuples(st.just("insert_multiple"), st.lists(bodies, max_size=3)),
    st.tuples(st.just("upsert"), bodies, queries),
    st.tuples(st.just("upsert named"), names, bodies),
    st.tuples(st.just("update"), bodies, queries),
    st.tuples(st.just("update named"), bodies, st.lists(names, max_size=3)),
    st.tuples(st.just("update all"), bodies),
    st.tuples(st.just("update_multiple"), st.lists(st.tuples(bodies, queries), max_size=2)),
    st.tuples(st.just("remove"), queries),
    st.tuples(st.just("remove named"), st.lists(names, max_size=3, unique=True)),
    st.tuples(st.just("truncate")),
    st.tuples(st.sampled_from(["search", "get", "contains", "count"]), queries),
    st.tuples(st.just("get named"), names),
    st.tuples(st.just("get several"), st.lists(names, max_size=3)),
)


class Pair:
    """TinyDB's own table beside ours, with the ids that the two gave to the same document."""

    def __init__(self, stock, ours):
        self.stock, self.ours, self.ids = stock, ours, {}

    def named(self, name):
        return self.ids.get(name, f"named-{name}")

    def do(self, what, *args):
        match what, args:
            case "insert named" | "upsert named", (name, body):
                verb = what.split()[0]
                if verb == "insert" and self.stock.contains(doc_id=name):
                    with pytest.raises(ValueError, match="already exists"):
                        self.ours.insert(document(body, self.named(name)))
                    return
                getattr(self.stock, verb)(Document(dict(body), name))
                getattr(self.ours, verb)(document(body, self.named(name)))
                self.ids[name] = self.named(name)
            case "insert" | "insert_multiple" | "upsert", (body, *cond):
                copy = [dict(part) for part in body] if isinstance(body, list) else dict(body)
                mine, theirs = getattr(self.ours, what)(body, *cond), getattr(self.stock, what)(copy, *cond)
                listed = [([mine], [theirs]), (mine, theirs)][isinstance(mine, list)]
                self.ids |= dict(zip(listed[1], listed[0], strict=True))
            case "update" | "update_multiple" | "remove", cond:
                self.same_ids(getattr(self.ours, what)(*cond), getattr(self.stock, what)(*cond))
            case "update named", (body, several):
                self.same_ids(
                    self.ours.update(body, doc_ids=map(self.named, several)), self.stock.update(body, doc_ids=several)
                )
            case "remove named", (several,):
                self.same_ids(self.ours.remove(doc_ids=map(self.named, several)), self.stock.remove(doc_ids=several))
            case "update all", (body,):
                self.same_ids(self.ours.update(body), self.stock.update(body))
            case "get named", (name,):
                assert self.ours.get(doc_id=self.named(name)) == self.stock.get(doc_id=name)
            case "get several", (several,):
                assert self.ours.get(doc_ids=map(self.named, several)) == self.stock.get(doc_ids=several)
            case _:
                assert getattr(self.ours, what)(*args) == getattr(self.stock, what)(*args)
        # Ours may give the id of a document that is gone to a new one, as TinyDB does after a restart.
        self.ids = {row.doc_id: self.ids[row.doc_id] for row in self.stock}

    def same_ids(self, mine, theirs):
        assert sorted(mine) == sorted(self.ids[name] for name in theirs)


@settings(max_examples=100, deadline=None)
@given(script=st.lists(steps, max_size=12))
def test_it_answers_as_tinydb_in_memory_does(script):
    with TinyDB(storage=MemoryStorage) as stock, SqliteDB(":memory:") as ours:
        pair = Pair(stock.table("things"), ours.table("things", indexes=INDEXES))
        for step in script:
            pair.do(*step)

            assert [dict(row) for row in pair.ours] == [dict(row) for row in pair.stock]
            assert [row.doc_id for row in pair.ours.all()] == [pair.ids[row.doc_id] for row in pair.stock]
            assert len(pair.ours) == len(pair.stock)


@settings(max_examples=100, deadline=None)
@example(rows=[{"number": 2**63}, {"number": -(10**400)}], query=(where("number") > 1) | (where("number") < -1))
@given(rows=st.lists(bodies, max_size=8), query=queries)
def test_an_index_never_hides_what_a_query_accepts(rows, query):
    with SqliteDB(":memory:") as db:
        table = db.table("things", indexes=INDEXES)
        table.insert_multiple(rows)

        assert table.search(query) == [row for row in rows if query(row)]


def test_update_takes_tinydbs_operations(db):
    table = db.table("things")
    table.insert_multiple([{"n": 1, "x": 1}, {"n": 5}])

    table.update(increment("n"), where("n") == 1)
    table.update(delete("x"), where("x").exists())

    assert table.all() == [{"n": 2}, {"n": 5}]


def test_an_update_that_fails_midway_changes_nothing(db):
    table = db.table("things")
    table.insert_multiple([{"n": 1}, {"m": 1}])

    with pytest.raises(KeyError):
        table.update(increment("n"))

    assert table.all() == [{"n": 1}, {"m": 1}]


def test_what_is_returned_may_be_changed_without_changing_the_table(db):
    table = db.table("things")
    table.insert({"n": 1})

    table.all()[0]["n"] = 2

    assert table.all() == [{"n": 1}]


def test_tables_are_listed_and_dropped(db):
    db.insert({"n": 1})
    db.table("things").insert({"n": 2})

    db.drop_table("things")

    assert db.tables() == {"_default"}
    assert len(db.table("things")) == 0
    db.drop_tables()
    assert db.tables() == set()


def test_looking_at_a_table_that_is_not_there_makes_none(db):
    table = db.table("itmes")

    assert (table.all(), list(table), len(table), table.get(doc_id=1)) == ([], [], 0, None)
    assert db.tables() == set()


def test_tinydbs_own_table_works_on_the_storage_too(path):
    with SqliteDB(path) as db:
        db.table("things", indexes=[["text"]]).insert_multiple([{"text": "a"}, {"text": "b"}])
    with TinyDB(path, storage=SqliteStorage) as stock:
        stock.table("things").update({"text": "c"}, where("text") == "a")
        stock.table("things").remove(where("text") == "b")
        stock.table("things").insert({"text": "d"})

    with SqliteDB(path) as db:
        assert db.table("things").search(where("text").one_of(["b", "c", "d"])) == [{"text": "c"}, {"text": "d"}]


@pytest.mark.parametrize("name", ["Things", "sqlite_things", 'a"b', "", "doc_id"])
def test_a_name_that_sqlite_would_confuse_is_refused(db, name):
    with pytest.raises(ValueError, match="a-z"):
        db.table(name).insert({})


# ---- it asks SQLite only for what is needed


def plans(db, act):
    """Return how SQLite carries out each SELECT on a table of ours that *act* brings about."""
    seen = []
    db.rows._connection.set_trace_callback(seen.append)
    act()
    db.rows._connection.set_trace_callback(None)
    asked = [sql for sql in seen if sql.startswith("SELECT") and "things" in sql and "pragma" not in sql]
    return [row[3] for sql in asked for row in db.rows.rows(f"EXPLAIN QUERY PLAN {sql}")]


@pytest.mark.parametrize(
    "act",
    [
        pytest.param(lambda t: t.get(doc_id="7"), id="get by id"),
        pytest.param(lambda t: t.get(doc_ids=["7", "9"]), id="get by ids"),
        pytest.param(lambda t: t.search(where("text") == "a"), id="equal"),
        pytest.param(lambda t: t.search(where("number") < 3), id="less"),
        pytest.param(lambda t: t.search((where("text") > "a") & (where("plain") == 1)), id="and, half of it unknown"),
        pytest.param(lambda t: t.search((where("text") == "a") | (where("number") >= 3)), id="or"),
        pytest.param(lambda t: t.count(where("text").one_of(["a", "b"])), id="one of"),
        pytest.param(lambda t: t.select(where("number") == 3, order=["number", "text"], limit=2), id="in order"),
        pytest.param(lambda t: t.update({"plain": 1}, where("text") == "a"), id="update"),
        pytest.param(lambda t: t.remove(where("text") == "a"), id="remove"),
    ],
)
def test_a_look_up_by_id_or_index_field_reads_no_other_document(db, act):
    table = db.table("things", indexes=INDEXES)
    table.insert_multiple({"text": "a", "number": n, "plain": n} for n in range(20))

    steps = plans(db, lambda: act(table))

    assert any("SEARCH" in step for step in steps)
    assert not [step for step in steps if step.startswith("SCAN") or "TEMP B-TREE" in step]


def test_what_is_there_letter_for_letter_is_not_written_again(db):
    table = db.table("things", indexes=INDEXES)
    rows = [document({"text": name}, name) for name in "abc"]
    table.put_multiple(rows)
    rows[1]["text"] = "changed"

    assert table.put_multiple(rows) == 1
    assert table.put_multiple(rows) == 0
    assert table.add_multiple([*rows, document({}, "d")]) == 1


def test_documents_that_are_json_already_are_written_as_they_are(db):
    table = db.table("things", indexes=INDEXES)
    table.put_multiple([document({"text": "old", "number": 1}, "a")])
    rows = [(name, f'{{"text":"{name}"}}', {"text": name}.get) for name in "ab"]

    added = table.put_texts(rows, replace=False)
    replaced = table.put_texts(rows)

    assert (added, replaced, table.put_texts(rows)) == (1, 1, 0)
    assert table.texts(["a", "b", "c"]) == {"a": '{"text":"a"}', "b": '{"text":"b"}'}
    assert [found.doc_id for found in table.search(where("text") == "a")] == ["a"]


@pytest.mark.parametrize(
    "query",
    [
        pytest.param(where("text").one_of(["a", "c"]), id="strings: SQL tells all"),
        pytest.param(where("text").one_of(["a", "c", 1]), id="a number among them: each document is looked at"),
        pytest.param(where("plain").test(lambda text: text in ("a", "c")), id="a field without an index"),
    ],
)
def test_the_ids_are_those_of_the_documents_found(db, query):
    table = db.table("things", indexes=INDEXES)
    table.put_multiple(document({"text": name, "plain": name}, name) for name in "cba")

    assert table.ids(query) == [found.doc_id for found in table.search(query)] == ["c", "a"]
    assert db.table("nothing").ids(query) == []


def test_an_index_that_is_declared_later_knows_the_documents_from_before(path):
    with SqliteDB(path) as db:
        db.table("things").insert_multiple({"text": f"t{n}"} for n in range(1200))
    with SqliteDB(path) as db:
        table = db.table("things", indexes=[["text"]])

        assert table.get(where("text") == "t1100").doc_id == "1101"


def test_who_does_not_know_the_indexes_keeps_them_all_the_same(path):
    with SqliteDB(path) as ours, SqliteDB(path) as admins:
        table = ours.table("things", indexes=[["text"]])
        admins.table("things").insert({"text": "from the shell"})

        assert table.count(where("text") == "from the shell") == 1


# ---- batches


def test_a_transaction_over_two_tables_is_whole_or_not_at_all(db):
    def fails():
        with db.rows.transaction():
            db.table("one").insert({"n": 1})
            db.table("two").insert({"n": 1})
            raise KeyError("midway")

    with pytest.raises(KeyError):
        fails()

    assert db.tables() == set()


def test_a_table_that_was_rolled_back_is_not_remembered(db, path):
    def fails():
        with db.rows.transaction():
            db.table("one").insert({})
            raise KeyError("midway")

    with pytest.raises(KeyError):
        fails()
    with SqliteDB(path) as other:
        other.table("two").insert({})

    assert db.table("one").all() == []


def test_an_inner_transaction_that_fails_leaves_the_outer_one_whole(db):
    table = db.table("things")
    with db.rows.transaction():
        table.insert(document({"n": 1}, "a"))
        with pytest.raises(ValueError, match="already exists"):
            table.insert_multiple([document({"n": 2}, "b"), document({"n": 3}, "a")])

    assert table.all() == [{"n": 1}]


def test_a_document_that_is_no_json_is_refused_with_its_batch(db):
    table = db.table("things")

    with pytest.raises(TypeError):
        table.insert_multiple([{"n": 1}, {"n": object()}])
    with pytest.raises(ValueError, match="JSON"):
        table.insert_multiple([{"n": 1}, {"n": float("nan")}])

    assert len(table) == 0


def test_a_walk_over_a_table_does_not_stand_in_the_way_of_writing(db):
    table = db.table("things")
    table.insert_multiple({"n": n} for n in range(1100))

    for row in table:
        if row["n"] % 10 == 0:
            table.update({"seen": True}, doc_ids=[row.doc_id])

    assert table.count(where("seen").exists()) == 110


# ---- files that are none of ours, or not any more


def test_the_file_is_its_owners_alone(db, path):
    db.insert({})

    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}
    assert set(modes.values()) == {0o600}
    assert len(modes) == 3


def test_an_empty_file_is_a_new_store(path):
    path.touch()

    with SqliteDB(path) as db:
        assert db.insert({}) == "1"


@pytest.mark.parametrize("content", [b"no database at all" * 99, b"SQLite format 3\0" + b"\7" * 5000])
def test_a_file_that_is_no_database_is_named_and_left_alone(path, content):
    path.write_bytes(content)

    with pytest.raises(StoreDamaged, match=r"store\.sqlite: .*restore it from a backup"):
        SqliteDB(path)

    assert path.read_bytes() == content


def test_a_database_of_another_program_is_named_and_left_alone(path):
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE bookmarks (url)")
    other.commit()
    other.close()
    content = path.read_bytes()

    with pytest.raises(StoreDamaged, match="another program"):
        SqliteDB(path)

    assert path.read_bytes() == content


def test_a_file_of_a_newer_version_is_left_alone(path):
    with SqliteDB(path) as db:
        db.rows.execute("PRAGMA user_version = 99")

    with pytest.raises(StoreDamaged, match=r"newer syndicator \(version 99"):
        SqliteDB(path)


def test_broken_pages_are_named_when_they_are_met(path):
    with SqliteDB(path) as db:
        db.table("things").insert_multiple({"n": n, "text": "x" * 900} for n in range(200))
    with path.open("r+b") as file:
        file.seek(3 * 4096)
        file.write(b"\xff" * 40 * 4096)

    with SqliteDB(path) as db, pytest.raises(StoreDamaged, match="restore"):
        db.table("things").all()


def test_a_document_broken_by_hand_is_named(db):
    db.table("things").insert(document({}, "a"))
    db.rows.execute("UPDATE things SET doc = '{'")

    with pytest.raises(StoreDamaged, match="document 'a' of things"):
        db.table("things").all()


def test_a_folder_in_the_files_place_is_named(path):
    path.mkdir()

    with pytest.raises(StoreError, match="cannot be opened"):
        SqliteDB(path)


def test_a_full_database_says_so_and_goes_on_when_there_is_room(db):
    table = db.table("things")
    table.insert({"n": 1})
    [pages] = db.rows.execute("PRAGMA page_count").fetchone()
    db.rows.execute(f"PRAGMA max_page_count = {pages + 2}")

    with pytest.raises(StoreFull, match="make room"):
        table.insert_multiple({"text": "x" * 900} for _ in range(99))

    assert table.all() == [{"n": 1}]
    db.rows.execute("PRAGMA max_page_count = 100000")
    assert len(table.insert_multiple({"text": "x" * 900} for _ in range(99))) == 99


# ---- nouns as documents


@settings(max_examples=40, deadline=None)
@given(st.lists(st.datetimes(timezones=st.timezones()), min_size=2, max_size=9))
def test_the_order_of_stamps_is_that_of_time(instants):
    instants = [instant.replace(year=min(max(instant.year, 2), 9998)) for instant in instants]

    stamps = sorted(map(stamp, instants))

    assert len({len(text) for text in stamps}) == 1
    assert [datetime.fromisoformat(text) for text in stamps] == sorted(i.astimezone(UTC) for i in instants)


def test_a_document_of_another_version_has_defaults_for_what_it_lacks():
    stored = encode(a_delivery(reply="421 later"))
    del stored["reply"]

    assert decode(Delivery, stored | {"unknown": 1}) == a_delivery()


def test_a_document_that_is_no_such_noun_is_refused():
    with pytest.raises(ValueError, match="due_at"):
        decode(Delivery, encode(a_delivery()) | {"due_at": "soon"})
    assert encode(a_delivery())["due_at"] == stamp(NOON) == "2026-07-14T05:00:00.000000+00:00"

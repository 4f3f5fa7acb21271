"""What a shelf promises: the contract for every shelf, then what only files can break."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from syndicator.edges.shelf import FileShelf
from syndicator.errors import PublishError
from syndicator.model.story import Document
from syndicator.testing import MemoryShelf

FULL = Document(path="feeds/city/rss.xml", body=b"<rss>three stories</rss>")
EMPTY = Document(path="feeds/city/rss.xml", body=b"<rss/>", empty=True)


class _Shelves:
    """A shelf under test, and a way to look at what it keeps."""

    def __init__(self, kind: str, root: Path) -> None:
        self._root = root
        self.shelf = FileShelf(root) if kind == "file" else MemoryShelf()

    def kept(self) -> dict[str, bytes]:
        if isinstance(self.shelf, MemoryShelf):
            return self.shelf.files
        return _files(self._root)


@pytest.fixture(params=["file", "memory"])
def shelves(request, tmp_path):
    return _Shelves(request.param, tmp_path / "public")


class TestEveryShelf:
    async def test_keeps_what_it_is_given_and_names_it(self, shelves):
        page = Document(path="index.html", body="Trang nhất".encode())

        written = await shelves.shelf.put([FULL, page])

        assert list(written) == ["feeds/city/rss.xml", "index.html"]
        assert shelves.kept() == {"feeds/city/rss.xml": FULL.body, "index.html": page.body}

    async def test_writes_nothing_the_second_time(self, shelves):
        await shelves.shelf.put([FULL])

        assert list(await shelves.shelf.put([FULL])) == []

    async def test_writes_only_what_differs(self, shelves):
        await shelves.shelf.put([FULL, Document(path="index.html", body=b"old")])

        written = await shelves.shelf.put([FULL, Document(path="index.html", body=b"new")])

        assert list(written) == ["index.html"]
        assert shelves.kept()["index.html"] == b"new"

    async def test_never_puts_an_empty_document_over_a_full_one(self, shelves):
        await shelves.shelf.put([FULL])

        assert list(await shelves.shelf.put([EMPTY])) == []
        assert shelves.kept() == {FULL.path: FULL.body}

    async def test_puts_an_empty_document_where_there_is_none(self, shelves):
        assert list(await shelves.shelf.put([EMPTY])) == [EMPTY.path]
        assert shelves.kept() == {EMPTY.path: EMPTY.body}

    async def test_puts_a_full_document_over_an_empty_one(self, shelves):
        await shelves.shelf.put([EMPTY])

        assert list(await shelves.shelf.put([FULL])) == [FULL.path]
        assert shelves.kept() == {FULL.path: FULL.body}

    async def test_the_last_of_two_documents_of_one_path_stays(self, shelves):
        await shelves.shelf.put([Document(path="a.html", body=b"first"), Document(path="a.html", body=b"second")])

        assert shelves.kept() == {"a.html": b"second"}

    async def test_takes_no_documents_at_all(self, shelves):
        assert list(await shelves.shelf.put([])) == []
        assert shelves.kept() == {}


documents = st.builds(
    Document, path=st.sampled_from(["a", "b/c", "b/d/e"]), body=st.binary(max_size=6), empty=st.booleans()
)


@given(batches=st.lists(st.lists(documents, max_size=4), max_size=4))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_the_shelf_on_disk_does_what_the_one_in_memory_does(tmp_path_factory, batches):
    root = tmp_path_factory.mktemp("shelf")
    disk, memory = FileShelf(root), MemoryShelf()

    for batch in batches:
        assert await disk.put(batch) == await memory.put(batch)

    assert _files(root) == memory.files


async def test_an_unchanged_file_keeps_its_date(tmp_path):
    shelf = FileShelf(tmp_path)
    await shelf.put([FULL])
    os.utime(tmp_path / FULL.path, ns=(1, 1))

    await shelf.put([FULL])

    assert (tmp_path / FULL.path).stat().st_mtime_ns == 1


async def test_who_reads_the_old_file_reads_it_to_its_end(tmp_path):
    shelf = FileShelf(tmp_path)
    await shelf.put([FULL])

    with (tmp_path / FULL.path).open("rb") as reader:
        await shelf.put([Document(path=FULL.path, body=b"new")])

        assert reader.read() == FULL.body
    assert (tmp_path / FULL.path).read_bytes() == b"new"


async def test_files_have_the_rights_that_the_umask_leaves_so_that_a_web_server_can_read_them(tmp_path):
    before = os.umask(0o022)
    try:
        await FileShelf(tmp_path).put([FULL])
    finally:
        os.umask(before)

    assert stat.S_IMODE((tmp_path / FULL.path).stat().st_mode) == 0o644


@pytest.mark.parametrize(
    "path",
    [
        pytest.param("../secret", id="the folder above"),
        pytest.param("feeds/../../secret", id="the folder above, by a detour"),
        pytest.param("/etc/passwd", id="an absolute path"),
        pytest.param("", id="no path"),
        pytest.param("feeds/", id="a folder"),
        pytest.param("feeds//rss.xml", id="a folder without a name"),
        pytest.param("./rss.xml", id="a dot"),
        pytest.param("..\\secret", id="backslashes"),
        pytest.param("C:secret", id="a drive"),
        pytest.param("rss.xml\0.html", id="a NUL"),
    ],
)
async def test_a_path_that_leads_elsewhere_stops_the_batch_before_anything_is_written(tmp_path, path):
    root = tmp_path / "public"

    with pytest.raises(PublishError) as raised:
        await FileShelf(root).put([FULL, Document(path=path, body=b"x")])

    assert repr(path) in str(raised.value)
    assert _files(tmp_path) == {}


@pytest.mark.parametrize(
    ("step", "code", "remedy"),
    [
        pytest.param("fsync", errno.ENOSPC, "make room on the disk", id="a full disk"),
        pytest.param("replace", errno.EACCES, "let the user who runs syndicator write there", id="a closed folder"),
        pytest.param("open", errno.EROFS, "mount the disk for writing", id="a read-only disk"),
        pytest.param("fsync", errno.EIO, "see to that folder", id="a broken disk"),
    ],
)
async def test_a_write_that_fails_leaves_the_old_file_and_no_other(tmp_path, monkeypatch, step, code, remedy):
    shelf = FileShelf(tmp_path)
    await shelf.put([FULL])

    def fail(*_, **__):
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, step, fail)
    with pytest.raises(PublishError) as raised:
        await shelf.put([Document(path=FULL.path, body=b"new")])
    monkeypatch.undo()

    message = str(raised.value)
    assert str(tmp_path / FULL.path) in message
    assert os.strerror(code) in message
    assert remedy in message
    assert isinstance(raised.value.__cause__, OSError)
    assert _files(tmp_path) == {FULL.path: FULL.body}


async def test_a_file_where_a_folder_should_be_is_named_with_its_remedy(tmp_path):
    (tmp_path / "feeds").write_bytes(b"in the way")

    with pytest.raises(PublishError, match="move away the file that stands where its folder should be"):
        await FileShelf(tmp_path).put([FULL])

    assert _files(tmp_path) == {"feeds": b"in the way"}


async def test_a_folder_where_a_file_should_be_is_named_with_its_remedy(tmp_path):
    (tmp_path / FULL.path).mkdir(parents=True)

    with pytest.raises(PublishError, match="move the folder of that name away"):
        await FileShelf(tmp_path).put([FULL])

    assert _files(tmp_path) == {}


def _files(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}

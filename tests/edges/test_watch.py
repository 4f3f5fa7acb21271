"""An edit of a watched file is told once, however the editor writes it, and what cannot be read is not told."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest

from syndicator.edges.watch import edits

QUICK = 50  # ms


def in_place(path, text):
    path.write_text(text, encoding="utf-8")


def by_a_new_file(path, text):
    new = path.with_suffix(".new")
    new.write_text(text, encoding="utf-8")
    os.replace(new, path)


def by_backup_and_new_file(path, text):
    path.rename(path.with_suffix(".bak"))
    path.write_text(text, encoding="utf-8")


async def told(path, last, *, count=1):
    """Return the first *count* texts that are told."""
    stop, found = asyncio.Event(), []
    async with asyncio.timeout(20):
        async for text in edits(path, last=last, stop=stop, quiet=QUICK):
            found.append(text)
            if len(found) == count:
                stop.set()
    return found


@pytest.mark.parametrize("write", [in_place, by_a_new_file, by_backup_and_new_file])
async def test_an_edit_is_told_however_the_editor_writes_it(tmp_path, write):
    path = tmp_path / "feeds.yaml"
    path.write_text("one", encoding="utf-8")
    stop, found = asyncio.Event(), []

    async def watch():
        async for text in edits(path, last="zero", stop=stop, quiet=QUICK):
            found.append(text)
            if text == "one":
                write(path, "two")  # the watch is on by now: the first text was told
            else:
                stop.set()

    await asyncio.wait_for(watch(), 20)

    assert found == ["one", "two"]


async def test_an_edit_that_was_made_before_the_watch_began_is_told(tmp_path):
    path = tmp_path / "feeds.yaml"
    path.write_text("new", encoding="utf-8")

    assert await told(path, "old") == ["new"]


async def test_the_same_text_and_half_a_letter_are_not_told(tmp_path):
    path = tmp_path / "feeds.yaml"
    path.write_text("one", encoding="utf-8")
    stop, found = asyncio.Event(), []

    async def watch():
        async for text in edits(path, last="zero", stop=stop, quiet=QUICK):
            found.append(text)
            if text == "one":
                path.write_bytes(b"\xc3")
                path.write_text("one", encoding="utf-8")
                (tmp_path / "other.yaml").write_text("x", encoding="utf-8")
                path.write_text("two", encoding="utf-8")
            else:
                stop.set()

    await asyncio.wait_for(watch(), 20)

    assert found == ["one", "two"]


@pytest.mark.parametrize("replaced", [Path.mkdir, os.mkfifo, lambda path: path.write_bytes(b"\xff\xfe\0\1")],
                         ids=["a folder", "a pipe", "no UTF-8"])  # fmt: skip
async def test_a_file_that_cannot_be_read_is_told_once_and_its_return_too(tmp_path, replaced):
    path, stop, found = tmp_path / "feeds.yaml", asyncio.Event(), []
    replaced(path)

    async def watch():
        async for text in edits(path, last="one", stop=stop, quiet=QUICK):
            found.append(text)
            if text is None:
                path.rmdir() if path.is_dir() else path.unlink()
                path.write_text("two", encoding="utf-8")
            else:
                stop.set()

    await asyncio.wait_for(watch(), 20)

    assert found == [None, "two"]


async def test_the_watch_ends_when_it_is_told_to(tmp_path):
    path, stop = tmp_path / "feeds.yaml", asyncio.Event()
    path.write_text("one", encoding="utf-8")
    watching = asyncio.create_task(anext(edits(path, last="one", stop=stop, quiet=QUICK), None))

    stop.set()

    assert await asyncio.wait_for(watching, 20) is None

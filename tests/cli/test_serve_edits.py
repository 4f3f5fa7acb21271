"""An edit of feeds.yaml is applied while the site is served, and a bad one changes nothing."""

from __future__ import annotations

import asyncio
import os
import signal
from functools import partial

import httpx
import pytest

from syndicator import log, worker
from syndicator.cli.serve import ServedFile, serve_file
from syndicator.newsroom import load_text, open_newsroom

ROOM = """
site: {title: City News, url: http://127.0.0.1/, publisher: {name: Desk, email: desk@city.example}}
sources:
  - {id: paper, title: Paper, url: "http://127.0.0.1:9/rss", allow_private: true}
tags: {diplomacy: {match: {any: [consulate]}}}
feeds: {world: {title: World}}
newsletters: {weekly: {title: Weekly Letter, feeds: [world]}}
mail: {from: desk@city.example}
"""


class Notes:
    """A logger that remembers its lines."""

    def __init__(self):
        self.lines = []

    def _note(self, event, **fields):
        self.lines.append(fields | {"event": event})

    debug = info = warning = error = exception = _note


class Served:
    """A newsroom that is served from a file in a folder of its own."""

    def __init__(self, folder, logs):
        self.path, self.logs = folder / "feeds.yaml", logs
        self.path.write_text(ROOM, encoding="utf-8")

    async def start(self):
        file = ServedFile(
            path=self.path,
            config=load_text(ROOM, env={}),
            load=partial(load_text, env={}),
            open=partial(open_newsroom, folder=self.path.parent),
        )
        self.running = asyncio.create_task(serve_file(file, host="127.0.0.1", port=0))
        self.address = (await self.logged("serving"))["address"]

    async def logged(self, event):
        """Return the first log line of *event*, and forget it."""
        while True:
            for line in self.logs:
                if line["event"] == event:
                    self.logs.remove(line)
                    return line
            if self.running.done():
                self.running.result()
            await asyncio.sleep(0.02)

    async def form(self):
        async with httpx.AsyncClient(base_url=self.address, timeout=20) as browser:
            return (await browser.get("/subscribe/")).text

    async def stop(self):
        os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.wait_for(self.running, 30)


@pytest.fixture
async def served(tmp_path, monkeypatch):
    notes = Notes()
    monkeypatch.setattr(log, "get_logger", lambda: notes)
    monkeypatch.setattr(worker, "log", notes)
    newsroom = Served(tmp_path, notes.lines)
    async with asyncio.timeout(60):
        await newsroom.start()
        yield newsroom
        await newsroom.stop()


async def test_a_good_edit_is_applied_with_its_plan_and_a_bad_one_is_refused_with_its_mistake(served):
    before = await served.form()

    served.path.write_text(ROOM.replace("any: [consulate]", "anny: [consulate]"), encoding="utf-8")
    refused = await served.logged("feeds.yaml refused")
    meanwhile = await served.form()
    good = ROOM.replace("City News", "City Post").replace("any: [consulate]", "any: [consulate, embassy]")
    served.path.write_text(good, encoding="utf-8")
    changes = [await served.logged("feeds.yaml changes") for _ in range(2)]
    await served.logged("feeds.yaml applied")
    await served.logged("published")  # that of before
    await served.logged("published")
    after = await served.form()

    assert "City News" in before
    assert "anny" in refused["cause"]
    assert "City News" in meanwhile
    assert "City Post" in after
    assert [changes[0]["setting"], changes[1]["tag"]] == ["site", "diplomacy"]


async def test_an_edit_that_cannot_be_opened_is_refused_and_the_last_good_one_goes_on(served):
    served.path.write_text(ROOM.replace("City News", "City Post") + "store: /dev/null/x/\n", encoding="utf-8")

    refused = await served.logged("feeds.yaml refused")

    assert "/dev/null/x" in refused["cause"]
    assert "City News" in await served.form()

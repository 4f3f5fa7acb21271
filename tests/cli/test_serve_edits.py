"""An edit of feeds.yaml is applied while the site is served, and a bad one changes nothing."""

from __future__ import annotations

import asyncio
import os
import signal
from datetime import timedelta
from functools import partial

import httpx
import pytest

from syndicator import log, worker
from syndicator.cli.serve import ServedFile, serve_file
from syndicator.errors import StoreError
from syndicator.jobs import subscribe
from syndicator.newsroom import Newsroom, load_text, open_newsroom
from syndicator.web.front import Front

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

    async def sign_up(self):
        asked = {"email": "ada@reader.example", "newsletter": "weekly", "language": "en", "timezone": "Asia/Saigon"}
        async with httpx.AsyncClient(base_url=self.address, timeout=20) as browser:
            return await browser.post("/subscribe", data=asked)

    async def stop(self):
        os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.wait_for(self.running, 30)


@pytest.fixture
def unserved(tmp_path, monkeypatch):
    notes = Notes()
    monkeypatch.setattr(log, "get_logger", lambda: notes)
    monkeypatch.setattr(worker, "log", notes)
    return Served(tmp_path, notes.lines)


@pytest.fixture
async def served(unserved):
    async with asyncio.timeout(60):
        await unserved.start()
        yield unserved
        await unserved.stop()


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


async def test_an_edit_whose_plan_cannot_be_made_is_applied_all_the_same(served, monkeypatch):
    async def fail(self, after):
        raise StoreError("the disk is busy")

    monkeypatch.setattr(Newsroom, "plan_to", fail)
    served.path.write_text(ROOM.replace("City News", "City Post"), encoding="utf-8")

    unplanned = await served.logged("feeds.yaml not planned")
    await served.logged("feeds.yaml applied")

    assert "the disk is busy" in unplanned["cause"]


async def test_who_signs_up_while_an_edit_is_applied_is_signed_up(served, monkeypatch):
    arrived, held = asyncio.Event(), asyncio.Event()
    ask, hold = subscribe.ask, Front.hold

    async def ask_slowly(*args, **kwargs):
        arrived.set()
        await held.wait()
        return await ask(*args, **kwargs)

    async def hold_and_tell(self):
        asyncio.get_running_loop().call_soon(held.set)
        return await hold(self)

    monkeypatch.setattr(subscribe, "ask", ask_slowly)
    monkeypatch.setattr(Front, "hold", hold_and_tell)
    signing_up = asyncio.create_task(served.sign_up())
    await arrived.wait()
    served.path.write_text(ROOM.replace("City News", "City Post"), encoding="utf-8")
    answer = await signing_up
    await served.logged("feeds.yaml applied")

    assert answer.status_code == 200
    assert "Look into your mailbox" in answer.text


async def test_an_edit_waits_for_the_end_of_the_round_and_only_sigterm_breaks_it_off(unserved, monkeypatch):
    async def never_answered(self, progress, **kwargs):
        await asyncio.Event().wait()

    monkeypatch.setattr(worker, "GRACE", timedelta(0))
    monkeypatch.setattr(Newsroom, "send", never_answered)
    async with asyncio.timeout(60):
        await unserved.start()
        await unserved.logged("published")
        unserved.path.write_text(ROOM.replace("City News", "City Post"), encoding="utf-8")
        await unserved.logged("feeds.yaml planned")
        meanwhile = await unserved.form()
        await unserved.stop()

    events = [line["event"] for line in unserved.logs]
    assert "City News" in meanwhile
    assert "stopped" in events
    assert "feeds.yaml applied" not in events

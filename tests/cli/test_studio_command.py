"""`syndicator studio` watches feeds.yaml: a good edit is judged and shown, a bad one is told with its mistakes."""

from __future__ import annotations

import asyncio
import os
import signal

import httpx
import pytest

from syndicator.cli.studio import run_studio
from syndicator.edges.tiny_store import TinyStore
from syndicator.newsroom import SystemClock, load_text
from syndicator.testing import an_item

ROOM = """
site: {title: City News, url: http://127.0.0.1/, publisher: {name: Desk, email: desk@city.example}}
sources:
  - {id: vna, title: Paper, url: "http://127.0.0.1:9/rss", allow_private: true}
tags: {diplomacy: {match: {any: [consulate]}, must_match: [A consulate opens], must_not_match: [The embassy opens]}}
feeds: {world: {title: World}}
newsletters: {weekly: {title: Weekly Letter, feeds: [world]}}
mail: {from: desk@city.example}
"""
EDITED = ROOM.replace("any: [consulate]", "any: [consulate, embassy]").replace(
    ", must_not_match: [The embassy opens]", ""
)


class Room:
    """A studio that runs on a feeds.yaml in a folder of its own, and a page that listens to it."""

    def __init__(self, folder):
        self.path = folder / "feeds.yaml"
        self.path.write_text(ROOM, encoding="utf-8")
        self.address = asyncio.get_running_loop().create_future()

    async def run(self, page):
        config = load_text(ROOM, env={})
        running = asyncio.create_task(
            run_studio(config, self.path, port=0, show=lambda address, _: self.address.set_result(address))
        )
        try:
            await asyncio.wait([running, self.address], return_when=asyncio.FIRST_COMPLETED)
            async with (
                httpx.AsyncClient(base_url=await self.address, timeout=20) as self.browser,
                self.browser.stream("GET", "events") as answer,
            ):
                self.lines = answer.aiter_lines()
                await page()
        finally:
            os.kill(os.getpid(), signal.SIGTERM)
            await asyncio.wait_for(running, 30)

    async def told(self):
        """Wait for the next event, and return what the page then reads."""
        async for line in self.lines:
            if line.startswith("data: "):
                return (await self.browser.get("tags")).json()
        raise AssertionError("the studio let go of the page")


@pytest.fixture
async def room(tmp_path):
    return Room(tmp_path)


async def test_a_good_edit_is_shown_and_a_bad_one_is_told_with_all_its_mistakes(room):
    seen = []

    async def page():
        seen.append(await room.told())
        room.path.write_text(EDITED.replace("any:", "anny:").replace("title: World", "titel: World"), encoding="utf-8")
        seen.append(await room.told())
        room.path.write_text(EDITED, encoding="utf-8")
        seen.append(await room.told())

    async with asyncio.timeout(60):
        await room.run(page)

    first, refused, edited = seen
    assert first["sample"]
    assert (first["items"], first["tags"][0]["given"]) == (2, 1)
    assert len(refused["mistakes"]) >= 2
    assert all(mistake.startswith(f"{room.path}:") for mistake in refused["mistakes"])
    assert refused["tags"] == first["tags"]
    assert edited["mistakes"] == []
    assert edited["edited"]


async def test_what_is_stored_is_judged_and_the_store_is_left_as_it_was(room):
    now = SystemClock().now()
    items = [an_item(title, published=now) for title in ("The embassy opens", "A consulate opens")]
    async with TinyStore(room.path.parent / "data") as store:
        await store.record_harvest([], items)
    seen = []

    async def page():
        seen.append(await room.told())
        room.path.write_text(EDITED, encoding="utf-8")
        seen.append(await room.told())

    async with asyncio.timeout(60):
        await room.run(page)
    async with TinyStore(room.path.parent / "data") as store:
        after = await store.items_since(now)

    first, edited = seen
    assert (first["sample"], first["items"], first["tags"][0]["given"]) == (False, 2, 1)
    assert (edited["tags"][0]["gained"], edited["tags"][0]["lost"]) == (1, 0)
    assert sorted(item.id for item in after) == sorted(item.id for item in items)


async def test_a_newsroom_without_a_store_gets_none(room):
    async def page():
        await room.told()

    async with asyncio.timeout(60):
        await room.run(page)

    assert [path.name for path in room.path.parent.iterdir()] == ["feeds.yaml"]

"""Readers are answered while the newsroom behind the site is exchanged: none is turned away."""

from __future__ import annotations

import asyncio

import httpx
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from syndicator.web.front import Front


def an_app(text):
    async def answer(request):
        return PlainTextResponse(text)

    return Starlette(routes=[Route("/", answer)])


async def test_requests_go_to_the_application_of_the_present_and_wait_while_there_is_none():
    front = Front()
    front.admit(an_app("old"))

    async with httpx.AsyncClient(transport=httpx.ASGITransport(front), base_url="http://x") as browser:
        first = await browser.get("/")
        front.hold()
        waiting = asyncio.create_task(browser.get("/"))
        for _ in range(10):
            await asyncio.sleep(0)
        held = not waiting.done()
        front.admit(an_app("new"))
        second = await waiting

    assert (first.text, held, second.text) == ("old", True, "new")

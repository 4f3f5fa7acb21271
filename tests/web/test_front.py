"""Readers are answered while the newsroom behind the site is exchanged: none is turned away, and none is dropped."""

from __future__ import annotations

import asyncio

import httpx
import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from syndicator.web.front import Front


def an_app(text):
    async def answer(request):
        return PlainTextResponse(text)

    return Starlette(routes=[Route("/", answer)])


class Slow:
    """An application that says when it was asked, and answers when the test lets it."""

    def __init__(self):
        self.asked, self.may_answer = asyncio.Event(), asyncio.Event()
        self.app = Starlette(routes=[Route("/", self._answer, methods=["POST"])])

    async def _answer(self, request):
        self.asked.set()
        await self.may_answer.wait()
        return PlainTextResponse("signed up")


async def settle():
    """Let all that is ready to go on do so."""
    for _ in range(20):
        await asyncio.sleep(0)


@pytest.fixture
def front():
    return Front()


@pytest.fixture
async def browser(front):
    async with httpx.AsyncClient(transport=httpx.ASGITransport(front), base_url="http://x") as client:
        yield client


async def test_requests_go_to_the_application_of_the_present_and_wait_while_there_is_none(front, browser):
    front.admit(an_app("old"))

    first = await browser.get("/")
    await front.hold()
    waiting = asyncio.create_task(browser.get("/"))
    await settle()
    held = not waiting.done()
    front.admit(an_app("new"))
    second = await waiting

    assert (first.text, held, second.text) == ("old", True, "new")


async def test_the_newsroom_stays_open_until_the_requests_inside_are_answered(front, browser):
    slow = Slow()
    front.admit(slow.app)
    signing_up = asyncio.create_task(browser.post("/"))
    await slow.asked.wait()

    holding = asyncio.create_task(front.hold(patience=60))
    await settle()
    held = not holding.done()
    slow.may_answer.set()
    left = await holding

    assert (held, left, (await signing_up).text) == (True, 0, "signed up")


async def test_a_request_that_never_ends_holds_an_edit_up_for_a_while_only(front, browser):
    slow = Slow()
    front.admit(slow.app)
    endless = asyncio.create_task(browser.post("/"))
    await slow.asked.wait()

    left = await front.hold(patience=0)

    assert left == 1
    slow.may_answer.set()
    await endless


async def test_what_is_left_inside_one_application_does_not_hold_up_the_next_exchange(front, browser):
    slow = Slow()
    front.admit(slow.app)
    endless = asyncio.create_task(browser.post("/"))
    await slow.asked.wait()
    await front.hold(patience=0)
    front.admit(an_app("new"))

    left = await front.hold(patience=60)

    assert left == 0
    slow.may_answer.set()
    await endless


async def test_a_request_that_fails_is_no_longer_inside(front, browser):
    async def broken(scope, receive, send):
        raise ValueError("a fault of ours")

    front.admit(broken)
    with pytest.raises(ValueError, match="a fault of ours"):
        await browser.get("/")

    assert await front.hold(patience=0) == 0


async def test_who_was_let_in_just_before_the_next_exchange_waits_for_the_next_application(front, browser):
    waiting = asyncio.create_task(browser.get("/"))
    await settle()

    front.admit(an_app("old"))
    await front.hold()  # before the request that waited had its turn
    await settle()
    held = not waiting.done()
    front.admit(an_app("new"))

    assert (held, (await waiting).text) == (True, "new")

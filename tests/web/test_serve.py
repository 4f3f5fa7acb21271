"""The site on a real socket: it starts beside other work, leaves the signals alone, and stops cleanly."""

from __future__ import annotations

import asyncio
import os
import signal

import httpx
import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from syndicator.errors import SyndicatorError
from syndicator.web.serve import listening


async def client_of(request):
    return PlainTextResponse(request.client.host)


PLAIN = Starlette(routes=[Route("/client", client_of)])


async def test_the_site_answers_on_the_port_that_it_names(app, public):
    (public / "index.html").write_text("<p>front</p>", encoding="utf-8")

    async with listening(app, host="127.0.0.1", port=0) as (host, port), httpx.AsyncClient() as browser:
        front = await browser.get(f"http://{host}:{port}/")
        traversal = await _raw(port, b"GET /../../etc/passwd HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")

    assert front.text == "<p>front</p>"
    assert "server" not in front.headers
    assert traversal.startswith(b"HTTP/1.1 404 ")


async def test_a_one_click_post_is_answered_without_its_body_being_awaited_forever(app):
    async with listening(app, host="127.0.0.1", port=0) as (_, port):
        answer = await _raw(
            port,
            b"POST /unsubscribe/forged HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
            b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 26\r\n\r\n"
            b"List-Unsubscribe=One-Click",
        )

    assert answer.startswith(b"HTTP/1.1 404 ")


async def test_a_port_that_is_taken_is_named_with_the_remedy():
    async with listening(PLAIN, host="127.0.0.1", port=0) as (_, port):
        with pytest.raises(SyndicatorError, match=rf"127\.0\.0\.1:{port}: another program .* --port"):
            async with listening(PLAIN, host="127.0.0.1", port=port):
                pass


async def test_a_host_of_another_machine_is_named_with_the_remedy():
    with pytest.raises(SyndicatorError, match=r"192\.0\.2\.1: no address of this machine; use --host"):
        async with listening(PLAIN, host="192.0.2.1", port=0):
            pass


async def test_the_port_is_free_again_after_the_block():
    async with listening(PLAIN, host="127.0.0.1", port=0) as (_, port):
        pass

    async with listening(PLAIN, host="127.0.0.1", port=port) as (_, again):
        assert again == port


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_signals_are_left_to_the_loop_that_runs_beside(number):
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(number, stop.set)
    before = signal.getsignal(number)
    try:
        async with listening(PLAIN, host="127.0.0.1", port=0) as (_, port), httpx.AsyncClient() as browser:
            during = signal.getsignal(number)
            os.kill(os.getpid(), number)
            await asyncio.wait_for(stop.wait(), 10)
            # Told to stop, we still answer until the block is left.
            answer = await browser.get(f"http://127.0.0.1:{port}/client")
    finally:
        loop.remove_signal_handler(number)

    assert answer.status_code == 200
    assert during == before


async def test_an_answer_under_way_is_finished_before_the_site_stops():
    begun, may_end = asyncio.Event(), asyncio.Event()

    async def slow(request):
        begun.set()
        await may_end.wait()
        return PlainTextResponse("whole")

    app = Starlette(routes=[Route("/", slow)])
    async with httpx.AsyncClient() as browser:
        async with listening(app, host="127.0.0.1", port=0) as (_, port):
            asking = asyncio.create_task(browser.get(f"http://127.0.0.1:{port}/"))
            await begun.wait()
            asyncio.get_running_loop().call_later(0.05, may_end.set)
        answer = await asking

    assert answer.text == "whole"


async def test_a_failure_in_the_block_stops_the_site_and_comes_out():
    with pytest.raises(RuntimeError, match="the loop broke"):
        async with listening(PLAIN, host="127.0.0.1", port=0):
            raise RuntimeError("the loop broke")


async def test_behind_a_proxy_on_this_machine_the_visitors_own_address_counts():
    async with listening(PLAIN, host="127.0.0.1", port=0) as (_, port), httpx.AsyncClient() as browser:
        seen = await browser.get(f"http://127.0.0.1:{port}/client", headers={"X-Forwarded-For": "198.51.100.7"})

    assert seen.text == "198.51.100.7"


async def _raw(port: int, request: bytes) -> bytes:
    """Return the answer to bytes that no client would send."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request)
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    return answer

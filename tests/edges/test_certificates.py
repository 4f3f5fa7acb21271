"""What is said when a secure connection does not come about, to servers that speak TLS in earnest."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import aiohttp.connector
import pytest

from syndicator.edges.fetcher import HttpFetcher
from syndicator.model.source import Body, Failed, Fetched, Question
from syndicator.testing import NOON

CERTIFICATES = Path(__file__).with_name("certificates")
PAGE = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"


@pytest.fixture(autouse=True)
def _trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the tests' own authority trusted, and no other."""
    context = ssl.create_default_context(cafile=str(CERTIFICATES / "root.pem"))
    monkeypatch.setattr(aiohttp.connector, "_SSL_CONTEXT_VERIFIED", context)


@asynccontextmanager
async def a_server(context: ssl.SSLContext | None, sends: bytes = PAGE) -> AsyncIterator[int]:
    """Serve *sends* at a port that the system picks."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(sends)
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0, ssl=context)
    async with server:
        yield server.sockets[0].getsockname()[1]


def a_context(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


async def ask(port: int) -> Fetched:
    question = Question(source="vna", url=f"https://localhost:{port}/", allow_private=True)
    fetcher = HttpFetcher(contact="x", now=lambda: NOON, gap=timedelta(0), hosts={"localhost": ("127.0.0.1", port)})
    async with fetcher:
        (answer,) = [answer async for answer in fetcher.fetch([question])]
    return answer


@pytest.mark.parametrize(
    ("name", "why"),
    [
        pytest.param("expired.pem", "the certificate expired", id="expired"),
        pytest.param("early.pem", "the certificate is not valid yet", id="not valid yet"),
        pytest.param("other.pem", "the certificate is for another host", id="another host's"),
        pytest.param("../localhost.pem", "the certificate is signed by itself", id="signed by itself"),
        pytest.param(
            "orphan.pem",
            "the certificate is signed by an authority that we do not know, "
            "or the server leaves out an intermediate certificate",
            id="an intermediate one is missing",
        ),
    ],
)
async def test_says_what_is_wrong_with_a_certificate(name, why):
    async with a_server(a_context(CERTIFICATES / name)) as port:
        answer = await ask(port)

    assert answer == Failed(source="vna", why=why)


async def test_takes_a_certificate_that_is_in_order():
    async with a_server(a_context(CERTIFICATES / "good.pem")) as port:
        answer = await ask(port)

    assert isinstance(answer, Body)


@pytest.mark.parametrize(
    ("sends", "why"),
    [
        # A fatal alert (RFC 8446, section 6), with its number at the end.
        pytest.param(
            b"\x15\x03\x01\0\2\2\x46", "the server speaks only versions of TLS that are too old", id="too old"
        ),
        pytest.param(b"\x15\x03\x03\0\2\2\x28", "the server has no cipher in common with us", id="no cipher"),
        pytest.param(b"\x15\x03\x03\0\2\2\x70", "the server does not know this host", id="another host's server"),
        pytest.param(b"", "the server broke it off", id="silence"),
        pytest.param(
            b"HTTP/1.1 400 Bad Request\r\n\r\n", "the server does not speak TLS at this port", id="plain HTTP"
        ),
        pytest.param(b"SSH-2.0-OpenSSH\r\n", "the server does not speak TLS at this port", id="another protocol"),
    ],
)
async def test_says_why_there_is_no_secure_connection(sends, why):
    async with a_server(None, sends) as port:
        answer = await ask(port)

    assert answer == Failed(source="vna", why=f"no secure connection: {why}")

"""What every fetcher promises, and what the one over HTTP does with real servers on the loopback."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import socket
import ssl
import threading
import tracemalloc
from collections.abc import Callable, Iterator
from datetime import timedelta
from email.utils import format_datetime
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import aiohttp
import brotli
import pytest

from syndicator import __version__
from syndicator.edges.fetcher import HttpFetcher
from syndicator.model.source import Blocked, Body, Failed, Fetched, Gone, NotModified, Question, Validators
from syndicator.ports import Fetcher
from syndicator.testing import NOON, FakeFetcher

NONE = Validators()
RSS = b"<rss version='2.0'><channel><title>T</title></channel></rss>"
Page = Callable[["Handler"], None]


class Handler(BaseHTTPRequestHandler):
    """Answers from the pages of its server and keeps the headers that came."""

    protocol_version = "HTTP/1.1"
    server: Newsstand

    def do_GET(self) -> None:
        self.server.heard.append((self.path, dict(self.headers.items())))
        page = self.server.pages.get(self.path)
        if page is None:
            self.answer(404)
        else:
            page(self)

    def answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        if status != 304:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


class Newsstand(ThreadingHTTPServer):
    """A web server on a port that the system picks. *released* lets slow pages go when the test is over."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.pages: dict[str, Page] = {}
        self.heard: list[tuple[str, dict[str, str]]] = []
        self.released = threading.Event()

    def handle_error(self, request: object, client_address: object) -> None:
        pass  # a client that hangs up is what some tests are about

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.server_port}{path}"


@pytest.fixture
def stand() -> Iterator[Newsstand]:
    with Newsstand() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.released.set()
        server.shutdown()
        thread.join()


@pytest.fixture(autouse=True)
def _no_names(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test asks the real name service."""

    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)


def an_http_fetcher(**changes: object) -> HttpFetcher:
    return HttpFetcher(**{"contact": "https://newsroom.example/about", "now": lambda: NOON, **changes})  # type: ignore[arg-type]


async def ask(fetcher: Fetcher, url: str, *, validators: Validators = NONE, source: str = "vna") -> Fetched:
    (answer,) = [a async for a in fetcher.fetch([Question(source=source, url=url, validators=validators)])]
    return answer


def a_page(status: int = 200, body: bytes = RSS, **headers: str) -> Page:
    return lambda handler: handler.answer(status, body, **headers)


def a_cached_page(body: bytes = RSS) -> Page:
    etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'

    def page(handler: Handler) -> None:
        unchanged = handler.headers.get("If-None-Match") == etag
        handler.answer(304 if unchanged else 200, b"" if unchanged else body, ETag=etag)

    return page


class TestEveryFetcher:
    @pytest.fixture(params=["fake", "http"])
    async def fetcher(self, request, stand):
        self.url = stand.url("/rss.xml")
        self.gone = stand.url("/gone.xml")
        if request.param == "fake":
            yield FakeFetcher({self.url: RSS, self.gone: Gone(source="")})
        else:
            stand.pages["/rss.xml"] = a_cached_page()
            stand.pages["/gone.xml"] = a_page(410)
            async with an_http_fetcher() as http:
                yield http

    async def test_brings_the_bytes_and_the_final_url(self, fetcher):
        answer = await ask(fetcher, self.url)

        assert isinstance(answer, Body)
        assert (answer.source, answer.url, answer.content) == ("vna", self.url, RSS)

    async def test_says_not_modified_to_who_brings_the_validators_back(self, fetcher):
        first = await ask(fetcher, self.url)
        assert isinstance(first, Body)

        second = await ask(fetcher, self.url, validators=first.validators)

        assert second == NotModified(source="vna", validators=first.validators)

    async def test_brings_the_bytes_to_who_has_other_validators(self, fetcher):
        assert isinstance(await ask(fetcher, self.url, validators=Validators(etag='"older"')), Body)

    async def test_gives_each_question_exactly_one_answer_with_its_source(self, fetcher):
        questions = [Question(source=f"s{n}", url=self.url if n % 2 else self.gone) for n in range(10)]

        answers = [answer async for answer in fetcher.fetch(iter(questions))]

        assert sorted(answer.source for answer in answers) == sorted(q.source for q in questions)
        assert {type(answer) for answer in answers} == {Body, Gone}

    async def test_has_nothing_to_say_when_nothing_is_asked(self, fetcher):
        assert [answer async for answer in fetcher.fetch([])] == []

    async def test_says_what_the_matter_is_with_a_page_that_is_not_there(self, fetcher):
        answer = await ask(fetcher, self.url + "x")

        assert answer == Failed(source="vna", why="404 Not Found")


async def test_says_who_we_are_and_sends_validators_verbatim_and_no_cookies(stand):
    stand.pages["/"] = a_page(ETag='W/"a-gzip"', Last_Modified="Tue, 14 Jul 2026 03:00:00 GMT", Set_Cookie="a=b")
    async with an_http_fetcher() as fetcher:
        first = await ask(fetcher, stand.url("/"))
        assert isinstance(first, Body)

        await ask(fetcher, stand.url("/"), validators=first.validators)

    (_, before), (_, after) = stand.heard
    assert before["User-Agent"] == f"syndicator/{__version__} (+https://newsroom.example/about)"
    assert "application/rss+xml" in before["Accept"]
    assert before["Accept-Encoding"] == "gzip, br"
    assert not {"If-None-Match", "If-Modified-Since", "Cookie", "Referer"} & set(before)
    assert after["If-None-Match"] == 'W/"a-gzip"'
    assert after["If-Modified-Since"] == "Tue, 14 Jul 2026 03:00:00 GMT"
    assert "Cookie" not in after


@pytest.mark.parametrize(
    ("encoding", "packed"),
    [
        pytest.param("gzip", gzip.compress(RSS), id="gzip is unpacked"),
        pytest.param("br", brotli.compress(RSS), id="brotli is unpacked"),
    ],
)
async def test_unpacks(stand, encoding, packed):
    stand.pages["/"] = a_page(body=packed, Content_Encoding=encoding, Content_Type="text/xml; charset=utf-8")

    async with an_http_fetcher() as fetcher:
        answer = await ask(fetcher, stand.url("/"))

    assert isinstance(answer, Body)
    assert (answer.content, answer.content_type) == (RSS, "text/xml; charset=utf-8")


@pytest.mark.parametrize(
    ("page", "answer"),
    [
        pytest.param(a_page(410), Gone(source="vna"), id="410 is gone"),
        pytest.param(a_page(401), Blocked(source="vna", why="401 Unauthorized"), id="401 is blocked"),
        pytest.param(a_page(403), Blocked(source="vna", why="403 Forbidden"), id="403 is blocked"),
        pytest.param(
            a_page(451), Blocked(source="vna", why="451 Unavailable For Legal Reasons"), id="451 is blocked"
        ),
        pytest.param(
            a_page(429, Retry_After="3600"),
            Blocked(source="vna", why="429 Too Many Requests", retry_at=NOON + timedelta(hours=1)),
            id="429 is blocked until Retry-After in seconds",
        ),
        pytest.param(
            a_page(503, Retry_After=format_datetime(NOON + timedelta(hours=2), usegmt=True)),
            Failed(source="vna", why="503 Service Unavailable", retry_at=NOON + timedelta(hours=2)),
            id="503 has failed until Retry-After as a date",
        ),
        pytest.param(
            a_page(429, Retry_After="9" * 40),
            Blocked(source="vna", why="429 Too Many Requests", retry_at=NOON + timedelta(days=2)),
            id="Retry-After is capped at two days",
        ),
        pytest.param(
            a_page(429, Retry_After="Tue, 14 Jul 2099 00:00:00 GMT"),
            Blocked(source="vna", why="429 Too Many Requests", retry_at=NOON + timedelta(days=2)),
            id="a date far away is capped too",
        ),
        pytest.param(
            a_page(429, Retry_After="Tue, 14 Jul 1999 00:00:00 GMT"),
            Blocked(source="vna", why="429 Too Many Requests", retry_at=NOON),
            id="a date gone by is now",
        ),
        pytest.param(
            a_page(429, Retry_After="soon"),
            Blocked(source="vna", why="429 Too Many Requests"),
            id="a Retry-After that is neither says nothing",
        ),
        pytest.param(
            a_page(200, cf_mitigated="challenge"),
            Blocked(
                source="vna",
                why="200 OK: a challenge page for browsers instead of the feed (cf-mitigated: challenge)",
            ),
            id="a challenge page is named",
        ),
        pytest.param(
            a_page(304, b""), Failed(source="vna", why="304 Not Modified, though nothing was asked about a change"),
            id="304 to an unconditional question is a failure",
        ),
        pytest.param(a_page(204, b""), Failed(source="vna", why="204 No Content"), id="204 is no document"),
        pytest.param(a_page(302, b""), Failed(source="vna", why="302 Found"), id="a redirect to nowhere has failed"),
        pytest.param(
            a_page(200, b"no gzip at all", Content_Encoding="gzip"),
            Failed(source="vna", why="the answer broke off, or is not compressed as it says"),
            id="a wrong Content-Encoding is told",
        ),
        pytest.param(
            a_page(302, b"", Location="file:///etc/passwd"),
            Failed(source="vna", why="'file:///etc/passwd' is not http or https"),
            id="a redirect to another scheme is not followed",
        ),
    ],
)  # fmt: skip
async def test_tells_what_a_server_answers(stand, page, answer):
    stand.pages["/"] = page

    async with an_http_fetcher() as fetcher:
        assert await ask(fetcher, stand.url("/")) == answer


@pytest.mark.parametrize(
    ("statuses", "moved"),
    [
        pytest.param([301], True, id="301 moves for good"),
        pytest.param([301, 308], True, id="a chain moves for good if all of it does"),
        pytest.param([301, 302], False, id="one temporary redirect makes the chain temporary"),
        pytest.param([307], False, id="307 is temporary"),
        pytest.param([303], False, id="303 is temporary"),
        pytest.param([308] * 5, True, id="five redirects are followed"),
    ],
)
async def test_follows_redirects(stand, statuses, moved):
    for hop, status in enumerate(statuses):
        stand.pages[f"/{hop}"] = a_page(status, b"", Location=f"/{hop + 1}")
    final = f"/{len(statuses)}"
    stand.pages[final] = a_page()

    async with an_http_fetcher() as fetcher:
        answer = await ask(fetcher, stand.url("/0"))

    assert isinstance(answer, Body)
    assert answer.url == stand.url(final)
    assert answer.moved_to == (stand.url(final) if moved else "")


async def test_gives_up_on_a_loop_of_redirects(stand):
    stand.pages["/"] = a_page(302, b"", Location="/")

    async with an_http_fetcher() as fetcher:
        answer = await ask(fetcher, stand.url("/"))

    assert isinstance(answer, Failed)
    assert "too many redirects" in answer.why
    assert len(stand.heard) == 6


@pytest.mark.parametrize(
    ("header", "max_age"),
    [
        pytest.param("public, max-age=900", timedelta(minutes=15), id="max-age is seconds"),
        pytest.param("s-maxage=5", None, id="s-maxage is for proxies"),
        pytest.param("max-age=999999999999", timedelta(days=365), id="an absurd age is a year"),
        pytest.param("no-cache", None, id="nothing said is None"),
    ],
)
async def test_tells_how_long_an_answer_stays_fresh(stand, header, max_age):
    stand.pages["/"] = a_page(Cache_Control=header)

    async with an_http_fetcher() as fetcher:
        answer = await ask(fetcher, stand.url("/"))

    assert isinstance(answer, Body)
    assert answer.max_age == max_age


async def test_a_304_that_brings_no_validators_leaves_us_ours(stand):
    stand.pages["/"] = a_page(304, b"")
    ours = Validators(etag='"a"', last_modified="Tue, 14 Jul 2026 03:00:00 GMT")

    async with an_http_fetcher() as fetcher:
        answer = await ask(fetcher, stand.url("/"), validators=ours)

    assert answer == NotModified(source="vna", validators=ours)


async def test_the_deadline_holds_for_a_body_that_only_drips(stand):
    def drip(handler: Handler) -> None:
        handler.send_response(200)
        handler.end_headers()
        while not handler.server.released.wait(0.01):
            handler.wfile.write(b" ")
            handler.wfile.flush()

    stand.pages["/"] = drip

    async with an_http_fetcher(timeout=timedelta(seconds=0.2)) as fetcher:
        answer = await ask(fetcher, stand.url("/"))

    assert answer == Failed(source="vna", why="no answer within 0.2 s")


@pytest.mark.parametrize(
    ("pack", "encoding"),
    [
        pytest.param(gzip.compress, "gzip", id="gzip bomb"),
        pytest.param(partial(brotli.compress, quality=1), "br", id="brotli bomb"),
    ],
)
async def test_a_bomb_ends_early_and_stays_small(stand, pack, encoding):
    bomb = pack(bytes(64 * 2**20))
    stand.pages["/"] = a_page(body=bomb, Content_Encoding=encoding)

    async with an_http_fetcher(max_body=2**20) as fetcher:
        tracemalloc.start()
        answer = await ask(fetcher, stand.url("/"))
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()

    assert answer == Failed(source="vna", why="larger than 1 MiB")
    assert peak < 16 * 2**20


@pytest.mark.parametrize("sized", [pytest.param(True, id="with its length"), pytest.param(False, id="without")])
async def test_a_body_too_large_is_refused_and_one_that_just_fits_is_not(stand, sized):
    def page(size: int) -> Page:
        def answer(handler: Handler) -> None:
            handler.send_response(200)
            if sized:
                handler.send_header("Content-Length", str(size))
            else:
                handler.send_header("Connection", "close")
            handler.end_headers()
            handler.wfile.write(b"x" * size)

        return answer

    stand.pages["/fits"], stand.pages["/large"] = page(2048), page(2049)

    async with an_http_fetcher(max_body=2048) as fetcher:
        fits, large = await ask(fetcher, stand.url("/fits")), await ask(fetcher, stand.url("/large"))

    assert isinstance(fits, Body)
    assert large == Failed(source="vna", why="larger than 2 KiB")


@pytest.mark.parametrize(
    ("url", "why"),
    [
        pytest.param("file:///etc/passwd", "'file:///etc/passwd' is not http or https", id="a file is not asked"),
        pytest.param("ftp://a.example/", "'ftp://a.example/' is not http or https", id="nor is FTP"),
        pytest.param("http://[broken/", "'http://[broken/' is no address", id="an address that is none"),
        pytest.param("http://no-such-host.invalid/", "host not found", id="a host that is not there"),
    ],
)
async def test_tells_what_is_wrong_with_an_address(url, why):
    async with an_http_fetcher() as fetcher:
        assert await ask(fetcher, url) == Failed(source="vna", why=why)


async def test_tells_that_nobody_listens():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, and not listening
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/"

        async with an_http_fetcher() as fetcher:
            answer = await ask(fetcher, url)

    assert answer == Failed(source="vna", why="connection refused")


@pytest.mark.parametrize(
    ("sends", "why"),
    [
        pytest.param(b"", "the server closed the connection without an answer", id="silence"),
        pytest.param(b"SSH-2.0-OpenSSH\r\n\r\n", "the answer is no HTTP", id="another protocol"),
        pytest.param(
            b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n<rss>",
            "the answer broke off, or is not compressed as it says",
            id="half a body",
        ),
    ],
)
async def test_tells_what_a_broken_server_does(sends, why):
    async def speak(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(sends)
        writer.close()

    server = await asyncio.start_server(speak, "127.0.0.1", 0)
    async with server, an_http_fetcher() as fetcher:
        answer = await ask(fetcher, f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/")

    assert isinstance(answer, Failed)
    assert answer.why.startswith(why)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        pytest.param(10, "the certificate expired", id="expired"),
        pytest.param(62, "the certificate is for another host", id="another host's"),
        pytest.param(99, "the certificate is refused: odd", id="anything else is in OpenSSL's words"),
    ],
)
async def test_says_in_plain_words_what_is_wrong_with_a_certificate(monkeypatch, code, words):
    error = ssl.SSLCertVerificationError(1, "certificate verify failed")
    error.verify_code, error.verify_message = code, "odd"

    def refuse(*_: object, **__: object) -> None:
        raise aiohttp.ClientConnectorCertificateError(None, error)

    monkeypatch.setattr(aiohttp.ClientSession, "get", refuse)

    async with an_http_fetcher() as fetcher:
        answer = await ask(fetcher, "https://a.example/")

    assert answer == Failed(source="vna", why=words)


async def test_finds_named_hosts_where_it_is_told_to_and_leaves_url_and_host_header_as_written(stand):
    stand.pages["/rss.xml"] = a_page(301, b"", Location="http://www.paper.example/feed")
    stand.pages["/feed"] = a_page()
    here = ("127.0.0.1", stand.server_port)

    async with an_http_fetcher(hosts={"paper.example": here, "www.paper.example": here}) as fetcher:
        answer = await ask(fetcher, "http://paper.example/rss.xml")
        unnamed = await ask(fetcher, "http://other.invalid/")

    assert isinstance(answer, Body)
    assert answer.url == answer.moved_to == "http://www.paper.example/feed"
    assert [headers["Host"] for _, headers in stand.heard] == ["paper.example", "www.paper.example"]
    assert unnamed == Failed(source="vna", why="host not found")


async def test_asks_one_host_only_so_many_questions_at_a_time(stand):
    at_once, most, lock = 0, 0, threading.Lock()
    both = threading.Barrier(2)

    def page(handler: Handler) -> None:
        nonlocal at_once, most
        with lock:
            at_once += 1
            most = max(most, at_once)
        both.wait(timeout=10)  # goes on only when two are here together
        with lock:
            at_once -= 1
        handler.answer(200, RSS)

    stand.pages["/"] = page
    questions = [Question(source=f"s{n}", url=stand.url("/")) for n in range(8)]

    async with an_http_fetcher(per_host=2) as fetcher:
        answers = [answer async for answer in fetcher.fetch(questions)]

    assert all(isinstance(answer, Body) for answer in answers)
    assert most == 2


async def test_a_slow_source_holds_nobody_up(stand):
    stand.pages["/slow"] = lambda handler: (handler.server.released.wait(10), handler.answer(200, RSS))[1]
    stand.pages["/fast"] = a_page()
    questions = [Question(source=name, url=stand.url(f"/{name}")) for name in ("slow", "fast")]
    order = []

    async with an_http_fetcher() as fetcher:
        async for answer in fetcher.fetch(questions):
            order.append(answer.source)
            stand.released.set()

    assert order == ["fast", "slow"]


async def test_cancelling_passes_through_and_the_fetcher_lives_on(stand):
    asked = asyncio.Event()
    loop = asyncio.get_running_loop()

    def wait(handler: Handler) -> None:
        loop.call_soon_threadsafe(asked.set)
        handler.server.released.wait(10)

    stand.pages["/slow"], stand.pages["/"] = wait, a_page()

    async with an_http_fetcher() as fetcher:
        task = asyncio.create_task(ask(fetcher, stand.url("/slow")))
        await asked.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

        answer = await ask(fetcher, stand.url("/"))

    assert isinstance(answer, Body)
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_the_wait_for_a_place_does_not_count_against_the_deadline(stand):
    stand.pages["/never"] = lambda handler: handler.server.released.wait(10)
    stand.pages["/"] = a_page()
    questions = [Question(source=path, url=stand.url(path)) for path in ("/never", "/")]

    async with an_http_fetcher(per_host=1, timeout=timedelta(seconds=0.5)) as fetcher:
        first, second = [answer async for answer in fetcher.fetch(questions)]

    assert first == Failed(source="/never", why="no answer within 0.5 s")
    assert isinstance(second, Body)

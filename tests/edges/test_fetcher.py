"""What every fetcher promises, and what the one over HTTP does with real servers on the loopback."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import random
import socket
import sys
import threading
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from datetime import timedelta
from email.utils import format_datetime
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import brotli
import pytest

from syndicator import __version__
from syndicator.edges.fetcher import HttpFetcher
from syndicator.model.source import Blocked, Body, Failed, Fetched, Gone, NotModified, Question, Validators
from syndicator.ports import Fetcher
from syndicator.testing import NOON, FakeFetcher

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

GETADDRINFO = socket.getaddrinfo  # before a test puts another in its place
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
    base = {"contact": "https://newsroom.example/about", "now": lambda: NOON, "gap": timedelta(0)}
    return HttpFetcher(**{**base, **changes})  # type: ignore[arg-type]


def a_question(url: str, **changes: object) -> Question:
    """Return a question that may go to the loopback, where the servers of these tests are."""
    return Question(**{"source": "vna", "url": url, "allow_private": True, **changes})  # type: ignore[arg-type]


async def ask(fetcher: Fetcher, url: str, **changes: object) -> Fetched:
    (answer,) = [answer async for answer in fetcher.fetch([a_question(url, **changes)])]
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
        questions = [a_question(self.url if n % 2 else self.gone, source=f"s{n}") for n in range(10)]

        answers = [answer async for answer in fetcher.fetch(iter(questions))]

        assert sorted(answer.source for answer in answers) == sorted(q.source for q in questions)
        assert {type(answer) for answer in answers} == {Body, Gone}

    async def test_has_nothing_to_say_when_nothing_is_asked(self, fetcher):
        assert [answer async for answer in fetcher.fetch([])] == []

    async def test_says_what_the_matter_is_with_a_page_that_is_not_there(self, fetcher):
        answer = await ask(fetcher, self.url + "x")

        assert answer == Failed(source="vna", why="404 Not Found", status=404)


async def test_says_who_we_are_and_sends_validators_verbatim_and_no_cookies(stand):
    stand.pages["/"] = a_page(ETag='W/"a-gzip"', Last_Modified="Tue, 14 Jul 2026 03:00:00 GMT", Set_Cookie="a=b")
    async with an_http_fetcher() as fetcher:
        first = await ask(fetcher, stand.url("/"))
        assert isinstance(first, Body)

        await ask(fetcher, stand.url("/"), validators=first.validators)

    (_, before), (_, after) = stand.heard
    assert before["User-Agent"] == f"syndicator/{__version__} (+https://newsroom.example/about)"
    assert "application/rss+xml" in before["Accept"]
    assert before["Accept-Encoding"] == "gzip, deflate, br, zstd"
    assert not {"If-None-Match", "If-Modified-Since", "A-IM", "Cookie", "Referer"} & set(before)
    assert after["If-None-Match"] == 'W/"a-gzip"'
    assert after["If-Modified-Since"] == "Tue, 14 Jul 2026 03:00:00 GMT"
    assert after["A-IM"] == "feed"
    assert "Cookie" not in after


@pytest.mark.parametrize(
    ("encoding", "packed"),
    [
        pytest.param("gzip", gzip.compress(RSS), id="gzip"),
        pytest.param("br", brotli.compress(RSS), id="Brotli"),
        pytest.param("gzip", RSS, id="nothing, though the header says so"),
        pytest.param("", gzip.compress(RSS), id="gzip, though the header is silent"),
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
        pytest.param(a_page(401), Blocked(source="vna", why="401 Unauthorized", status=401), id="401 is blocked"),
        pytest.param(a_page(403), Blocked(source="vna", why="403 Forbidden", status=403), id="403 is blocked"),
        pytest.param(
            a_page(451), Blocked(source="vna", why="451 Unavailable For Legal Reasons", status=451), id="451 is blocked"
        ),
        pytest.param(
            a_page(429, Retry_After="3600"),
            Blocked(source="vna", why="429 Too Many Requests", status=429, retry_at=NOON + timedelta(hours=1)),
            id="429 is blocked until Retry-After in seconds",
        ),
        pytest.param(
            a_page(503, Retry_After=format_datetime(NOON + timedelta(hours=2), usegmt=True)),
            Failed(source="vna", why="503 Service Unavailable", status=503, retry_at=NOON + timedelta(hours=2)),
            id="503 has failed until Retry-After as a date",
        ),
        pytest.param(
            a_page(429, Retry_After="9" * 40),
            Blocked(source="vna", why="429 Too Many Requests", status=429, retry_at=NOON + timedelta(days=2)),
            id="Retry-After is capped at two days",
        ),
        pytest.param(
            a_page(429, Retry_After="Tue, 14 Jul 2099 00:00:00 GMT"),
            Blocked(source="vna", why="429 Too Many Requests", status=429, retry_at=NOON + timedelta(days=2)),
            id="a date far away is capped too",
        ),
        pytest.param(
            a_page(429, Retry_After="Tue, 14 Jul 1999 00:00:00 GMT"),
            Blocked(source="vna", why="429 Too Many Requests", status=429, retry_at=NOON),
            id="a date gone by is now",
        ),
        pytest.param(
            a_page(429, Retry_After="soon"),
            Blocked(source="vna", why="429 Too Many Requests", status=429),
            id="a Retry-After that is neither says nothing",
        ),
        pytest.param(
            a_page(200, cf_mitigated="challenge"),
            Blocked(
                source="vna",
                why="200 OK: a challenge page for browsers instead of the feed (cf-mitigated: challenge)",
                status=200,
            ),
            id="a challenge page is named",
        ),
        pytest.param(
            a_page(304, b""),
            Failed(source="vna", why="304 Not Modified, though nothing was asked about a change", status=304),
            id="304 to an unconditional question is a failure",
        ),
        pytest.param(a_page(204, b""), Failed(source="vna", why="204 No Content", status=204), id="204 is no document"),
        pytest.param(
            a_page(226, IM="feed"),
            Failed(
                source="vna",
                why="226 IM Used: a change of a kind for which we did not ask (feed)",
                status=226,
            ),
            id="a part of a document, though nothing was asked about a change",
        ),
        pytest.param(
            a_page(302, b"", Location="/", Retry_After="3600"),
            Failed(
                source="vna",
                why="302 Found, and is not to be followed before 2026-07-14 06:00 UTC",
                status=302,
                retry_at=NOON + timedelta(hours=1),
            ),
            id="a redirect that is to be followed later",
        ),
        pytest.param(
            a_page(302, b""), Failed(source="vna", why="302 Found", status=302), id="a redirect to nowhere has failed"
        ),
        pytest.param(
            a_page(200, b"\0\1\2", Content_Encoding="gzip"),
            Failed(source="vna", why="not compressed as it says (gzip)"),
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


async def test_tells_also_who_has_nothing_new_that_it_has_moved(stand):
    stand.pages["/old"] = a_page(301, b"", Location="/new")
    stand.pages["/new"] = a_page(304, b"", ETag='"a"')

    async with an_http_fetcher() as fetcher:
        answer = await ask(fetcher, stand.url("/old"), validators=Validators(etag='"a"'))

    assert answer == NotModified(source="vna", validators=Validators(etag='"a"'), moved_to=stand.url("/new"))


async def test_sends_validators_along_with_every_redirect(stand):
    stand.pages["/0"], stand.pages["/1"] = a_page(301, b"", Location="/1"), a_page(302, b"", Location="/2")
    stand.pages["/2"] = a_cached_page()
    async with an_http_fetcher() as fetcher:
        first = await ask(fetcher, stand.url("/0"))
        assert isinstance(first, Body)

        second = await ask(fetcher, stand.url("/0"), validators=first.validators)

    assert isinstance(second, NotModified)
    assert [headers.get("If-None-Match") for _, headers in stand.heard[3:]] == [first.validators.etag] * 3


@pytest.mark.parametrize(
    ("pages", "why", "requests"),
    [
        pytest.param(
            {"/": a_page(302, b"", Location="/b"), "/b": a_page(302, b"", Location="/")},
            "redirects in a circle: back to {base}/",
            2,
            id="a circle",
        ),
        pytest.param(
            {"/": a_page(302, b"", Location="/", Set_Cookie="seen=1")},
            "redirects in a circle: back to {base}/; it wants a cookie, and feeds are read without",
            1,
            id="a circle until a cookie is brought",
        ),
        pytest.param(
            {f"/{n or ''}": a_page(302, b"", Location=f"/{n + 1}") for n in range(9)},
            "too many redirects (more than 5): the last one to {base}/6",
            6,
            id="a long chain",
        ),
        pytest.param(
            {"/": a_page(301, b"", Location="http://[broken/")},
            "'http://[broken/' is no address",
            1,
            id="to what is no address",
        ),
        pytest.param({"/": a_page(301, b"", Location="https:///")}, "'https:///' is no address", 1, id="to no host"),
        pytest.param(
            {"/": a_page(301, b"", Location="javascript:alert(1)")},
            "'javascript:alert(1)' is not http or https",
            1,
            id="to another scheme",
        ),
    ],
)
async def test_gives_up_on_redirects_that_lead_nowhere(stand, pages, why, requests):
    stand.pages |= pages

    async with an_http_fetcher() as fetcher:
        answer = await ask(fetcher, stand.url("/"))

    assert answer == Failed(source="vna", why=why.format(base=stand.url("")))
    assert len(stand.heard) == requests


@pytest.mark.parametrize("status", [200, 304])
async def test_tells_how_long_an_answer_stays_fresh(stand, status):
    stand.pages["/"] = a_page(status, b"", Cache_Control="public, max-age=900", Age="300")

    async with an_http_fetcher() as fetcher:
        answer = await ask(fetcher, stand.url("/"), validators=Validators(etag='"a"'))

    assert isinstance(answer, Body if status == 200 else NotModified)
    assert answer.max_age == timedelta(minutes=10)


async def test_takes_a_part_of_a_document_for_a_part(stand):
    stand.pages["/"] = a_page(226, IM="feed", ETag='"b"')

    async with an_http_fetcher() as fetcher:
        answer = await ask(fetcher, stand.url("/"), validators=Validators(etag='"a"'))

    assert answer == Body(
        source="vna", url=stand.url("/"), content=RSS, validators=Validators(etag='"b"'), partial=True
    )


async def test_a_304_that_brings_no_validators_leaves_us_ours(stand):
    stand.pages["/"] = a_page(304, b"")
    ours = Validators(etag='"a"', last_modified="Tue, 14 Jul 2026 03:00:00 GMT")

    async with an_http_fetcher() as fetcher:
        answer = await ask(fetcher, stand.url("/"), validators=ours)

    assert answer == NotModified(source="vna", validators=ours)


@pytest.mark.parametrize(
    "begins",
    [
        pytest.param(b"HTTP/1.1 200 OK\r\n\r\n<rss>", id="a body that only drips"),
        pytest.param(b"HTTP/1.1 200 OK\r\nX-Slow: ", id="headers that only drip"),
    ],
)
async def test_the_deadline_holds_for(stand, begins):
    def drip(handler: Handler) -> None:
        handler.wfile.write(begins)
        while not handler.server.released.wait(0.01):
            handler.wfile.write(b"x")

    stand.pages["/"] = drip

    async with an_http_fetcher(timeout=timedelta(seconds=0.2)) as fetcher:
        answer = await ask(fetcher, stand.url("/"))

    assert answer == Failed(source="vna", why="no answer within 0.2 s")


@pytest.mark.parametrize(
    ("pack", "encoding"),
    [
        pytest.param(gzip.compress, "gzip", id="gzip bomb"),
        pytest.param(zlib.compress, "deflate", id="deflate bomb"),
        pytest.param(partial(brotli.compress, quality=1), "br", id="Brotli bomb"),
        pytest.param(zstd.compress, "zstd", id="Zstandard bomb"),
        pytest.param(lambda data: gzip.compress(gzip.compress(data)), "gzip, gzip", id="a bomb in a bomb"),
        pytest.param(lambda data: gzip.compress(gzip.compress(data)), "gzip", id="a bomb in a bomb, told once"),
    ],
)
async def test_a_bomb_ends_early_and_stays_small(stand, pack, encoding):
    bomb = pack(bytes(16 * 2**20))
    stand.pages["/"] = a_page(body=bomb, Content_Encoding=encoding)

    async with an_http_fetcher(max_body=2**20) as fetcher:
        tracemalloc.start()
        answer = await ask(fetcher, stand.url("/"))
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()

    assert answer == Failed(source="vna", why="larger than 1 MiB when unpacked")
    assert peak < 8 * 2**20


async def test_a_body_without_an_end_is_refused_on_the_wire(stand):
    def endless(handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("Connection", "close")
        handler.end_headers()
        while not handler.server.released.is_set():
            handler.wfile.write(random.randbytes(2**16))

    stand.pages["/"] = endless

    async with an_http_fetcher(max_body=2**20) as fetcher:
        answer = await ask(fetcher, stand.url("/"))

    assert answer == Failed(source="vna", why="larger than 1 MiB")


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
        pytest.param("", "'' is no address", id="nothing"),
        pytest.param("http://[broken/", "'http://[broken/' is no address", id="an address that is none"),
        pytest.param("http://no-such-host.invalid/", "host not found", id="a host that is not there"),
    ],
)
async def test_tells_what_is_wrong_with_an_address(url, why):
    async with an_http_fetcher() as fetcher:
        answer = await ask(fetcher, url)

    assert isinstance(answer, Failed)
    assert (answer.why, answer.unreached) == (why, why == "host not found")


async def test_tells_that_the_name_service_is_silent(monkeypatch):
    def silent(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    monkeypatch.setattr(socket, "getaddrinfo", silent)

    async with an_http_fetcher() as fetcher:
        answer = await ask(fetcher, "http://paper.example/")

    assert answer == Failed(source="vna", why="host not found: the name service does not answer", unreached=True)


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
            "the answer broke off",
            id="half a body",
        ),
        pytest.param(
            b"HTTP/1.1 200 OK\r\nX-Long: " + b"x" * 40_000, "headers larger than 32 KiB", id="a header without an end"
        ),
        pytest.param(
            b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 300 + b"\r\n", "more than 256 headers", id="headers without an end"
        ),
        pytest.param(
            b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-Policy: " + b"x" * 20_000 + b"\r\n\r\n<rss>",
            None,
            id="a header that is long as policies are",
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

    if why is None:
        assert isinstance(answer, Body)
    else:
        assert isinstance(answer, Failed)
        assert answer.why.startswith(why)


async def test_finds_named_hosts_where_it_is_told_to_and_leaves_url_and_host_header_as_written(stand):
    stand.pages["/rss.xml"] = a_page(301, b"", Location="http://www.paper.example/feed")
    stand.pages["/feed"] = a_page()
    here = ("127.0.0.1", stand.server_port)

    async with an_http_fetcher(hosts={"paper.example": here, "www.paper.example": here}) as fetcher:
        answer = await ask(fetcher, "http://paper.example/rss.xml", allow_private=False)
        unnamed = await ask(fetcher, "http://other.invalid/")

    assert isinstance(answer, Body)
    assert answer.url == answer.moved_to == "http://www.paper.example/feed"
    assert [headers["Host"] for _, headers in stand.heard] == ["paper.example", "www.paper.example"]
    assert unnamed == Failed(source="vna", why="host not found", unreached=True)


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
    questions = [a_question(stand.url("/"), source=f"s{n}") for n in range(8)]

    async with an_http_fetcher(per_host=2) as fetcher:
        answers = [answer async for answer in fetcher.fetch(questions)]

    assert all(isinstance(answer, Body) for answer in answers)
    assert most == 2


async def test_a_slow_source_holds_nobody_up(stand):
    stand.pages["/slow"] = lambda handler: (handler.server.released.wait(10), handler.answer(200, RSS))[1]
    stand.pages["/fast"] = a_page()
    questions = [a_question(stand.url(f"/{name}"), source=name) for name in ("slow", "fast")]
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
    questions = [a_question(stand.url(path), source=path) for path in ("/never", "/")]

    async with an_http_fetcher(per_host=1, timeout=timedelta(seconds=0.5)) as fetcher:
        first, second = [answer async for answer in fetcher.fetch(questions)]

    assert first == Failed(source="/never", why="no answer within 0.5 s")
    assert isinstance(second, Body)


async def test_another_question_may_be_asked_while_an_answer_is_at_hand(stand):
    stand.pages["/"] = a_page()
    questions = [a_question(stand.url("/"), source=f"s{n}") for n in range(4)]

    async with an_http_fetcher(per_host=1, connections=1) as fetcher:
        asides = [await ask(fetcher, stand.url("/")) async for _ in fetcher.fetch(questions)]

    assert [type(aside) for aside in asides] == [Body] * 4


async def test_a_host_that_is_to_be_left_alone_is_asked_again_after_a_while(stand):
    stand.pages["/"], stand.pages["/old"] = a_page(), a_page(301, b"", Location="/")
    questions = [a_question(stand.url("/old"), source=f"s{n}", spacing=timedelta(milliseconds=5 * n)) for n in range(4)]

    async with an_http_fetcher(gap=timedelta(milliseconds=10)) as fetcher:
        answers = [answer async for answer in fetcher.fetch(questions)]

    assert sorted(answer.source for answer in answers if isinstance(answer, Body)) == ["s0", "s1", "s2", "s3"]


async def test_who_stops_early_leaves_nothing_behind(stand):
    stand.pages["/"] = a_page()
    stand.pages["/slow"] = lambda handler: handler.server.released.wait(10)
    slow = [a_question(stand.url("/slow"), source=f"s{n}") for n in range(9)]

    async with an_http_fetcher(per_host=1, gap=timedelta(hours=1)) as fetcher:
        answers = fetcher.fetch([a_question(stand.url("/")), *slow])
        first = await anext(answers)
        await answers.aclose()

    assert isinstance(first, Body)
    assert asyncio.all_tasks() == {asyncio.current_task()}


class TestOnlyThePublicNetwork:
    """What is asked without `allow_private`."""

    @pytest.fixture(autouse=True)
    def _names(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Names lead to the loopback, numbers to what the system takes them for."""

        def look_up(host: str, *rest: object, **named: object) -> object:
            addresses = {
                "intranet.example": ["10.0.0.5"],
                "trick.example": ["::ffff:127.0.0.1"],
                "both.example": ["10.0.0.5", "fd00::5", "10.0.0.6"],
            }
            return [found for place in addresses.get(host, [host]) for found in GETADDRINFO(place, *rest, **named)]

        monkeypatch.setattr(socket, "getaddrinfo", look_up)

    @pytest.mark.parametrize(
        ("host", "leads"),
        [
            pytest.param("127.0.0.1", "127.0.0.1 is", id="an address"),
            pytest.param("[::1]", "::1 is", id="an address of IPv6"),
            pytest.param("0x7f.1", "0x7f.1 leads to 127.0.0.1, which is", id="an address in other figures"),
            pytest.param("intranet.example", "intranet.example leads to 10.0.0.5, which is", id="a name"),
            pytest.param("both.example", "both.example leads to 10.0.0.6, which is", id="a name with many"),
            pytest.param("trick.example", "trick.example leads to ::ffff:127.0.0.1, which is", id="mapped into IPv6"),
        ],
    )
    async def test_is_connected_to(self, host, leads):
        async with an_http_fetcher() as fetcher:
            answer = await ask(fetcher, f"http://{host}:9/", allow_private=False)

        assert isinstance(answer, Failed)
        assert answer.why == (
            f"{leads} an address of a private network; "
            "if it is your own newsroom's, set allow_private: true on the source"
        )

    @pytest.mark.parametrize("host", ["2130706433", "0177.0.0.1", "0", "127.1"])
    async def test_is_what_odd_numbers_stand_for(self, host):
        async with an_http_fetcher() as fetcher:
            answer = await ask(fetcher, f"http://{host}:9/", allow_private=False)

        assert answer == Failed(source="vna", why=f"{host!r} is no address")

    async def test_is_redirected_to(self, stand):
        stand.pages["/"] = a_page(302, b"", Location="http://intranet.example/admin")

        async with an_http_fetcher(hosts={"paper.example": ("127.0.0.1", stand.server_port)}) as fetcher:
            answer = await ask(fetcher, "http://paper.example/", allow_private=False)

        assert isinstance(answer, Failed)
        assert answer.why.startswith("intranet.example leads to 10.0.0.5")

    async def test_is_reached_by_a_connection_that_another_question_left_open(self, stand):
        stand.pages["/"] = a_page()

        async with an_http_fetcher() as fetcher:
            allowed = await ask(fetcher, stand.url("/"))
            refused = await ask(fetcher, stand.url("/"), allow_private=False)

        assert isinstance(allowed, Body)
        assert isinstance(refused, Failed)

    async def test_is_reached_by_a_proxy_from_the_environment(self, stand, monkeypatch):
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
            monkeypatch.setenv(name, stand.url(""))

        async with an_http_fetcher() as fetcher:
            await ask(fetcher, "http://intranet.example/", allow_private=False)

        assert stand.heard == []

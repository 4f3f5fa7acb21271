"""The fetcher asks httpbin, a server that nobody here wrote."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import timedelta

import httpbin
import pytest
from werkzeug.serving import WSGIRequestHandler, make_server

from syndicator import __version__
from syndicator.edges.fetcher import HttpFetcher
from syndicator.model.source import Blocked, Body, Failed, Fetched, Gone, NotModified, Question, Validators
from syndicator.testing import NOON

CONTACT = "https://newsroom.example/about"


class QuietHandler(WSGIRequestHandler):
    """Keeps connections, and writes no log."""

    protocol_version = "HTTP/1.1"

    def log(self, type: str, message: str, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def base() -> Iterator[str]:
    server = make_server("127.0.0.1", 0, httpbin.app, threaded=True, request_handler=QuietHandler)
    server.daemon_threads = True
    server.block_on_close = False  # some answers are still dripping when their test is over
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


async def ask(url: str, validators: Validators | None = None, **settings: object) -> Fetched:
    base = {"contact": CONTACT, "now": lambda: NOON, "gap": timedelta(0)}
    async with HttpFetcher(**{**base, **settings}) as fetcher:  # type: ignore[arg-type]
        question = Question(source="bin", url=url, validators=validators or Validators(), allow_private=True)
        (answer,) = [answer async for answer in fetcher.fetch([question])]
    return answer


async def read(url: str, **settings: object) -> dict[str, object]:
    """Return the JSON at *url*."""
    answer = await ask(url, **settings)
    assert isinstance(answer, Body), answer
    return json.loads(answer.content)


@pytest.mark.parametrize(
    ("path", "final", "moved"),
    [
        pytest.param("/redirect/3", "/get", False, id="three"),
        pytest.param("/redirect/5", "/get", False, id="five"),
        pytest.param("/relative-redirect/2", "/get", False, id="relative ones"),
        pytest.param("/absolute-redirect/2", "/get", False, id="absolute ones"),
        *(
            pytest.param(f"/redirect-to?status_code={status}&url=/xml", "/xml", moved, id=str(status))
            for status, moved in ((301, True), (302, False), (303, False), (307, False), (308, True))
        ),
        pytest.param(
            "/redirect-to?status_code=301&url=/redirect-to%3Fstatus_code%3D308%26url%3D/xml",
            "/xml",
            True,
            id="for good",
        ),
        pytest.param(
            "/redirect-to?status_code=301&url=/redirect-to%3Fstatus_code%3D302%26url%3D/xml", "/xml", False, id="mixed"
        ),
    ],
)
async def test_follows_redirects(base, path, final, moved):
    answer = await ask(base + path)

    assert isinstance(answer, Body)
    assert (answer.url, answer.moved_to) == (base + final, base + final if moved else "")


@pytest.mark.parametrize(
    ("path", "why"),
    [
        pytest.param("/redirect/6", "too many redirects (more than 5): the last one to {base}/get", id="too many"),
        pytest.param(
            "/redirect-to?url=/redirect-to%3Furl%3Dftp%3A//a.example/",
            "'ftp://a.example/' is not http or https",
            id="to another scheme",
        ),
    ],
)
async def test_does_not_follow_redirects_for_ever_or_to_anywhere(base, path, why):
    assert await ask(base + path) == Failed(source="bin", why=why.format(base=base))


@pytest.mark.parametrize(
    ("path", "key"),
    [
        pytest.param("/gzip", "gzipped", id="gzip"),
        pytest.param("/deflate", "deflated", id="deflate"),
        pytest.param("/brotli", "brotli", id="Brotli"),
    ],
)
async def test_unpacks(base, path, key):
    assert (await read(base + path))[key] is True


@pytest.mark.parametrize(
    "path",
    [
        pytest.param("/delay/2", id="a server that takes its time"),
        pytest.param("/drip?duration=2&numbytes=200", id="a body that drips"),
        pytest.param("/redirect-to?url=/delay/2", id="one behind a redirect"),
    ],
)
async def test_gives_up_after_a_while(base, path):
    answer = await ask(base + path, timeout=timedelta(seconds=0.2))

    assert answer == Failed(source="bin", why="no answer within 0.2 s")


async def test_waits_for_what_comes_in_time(base):
    answer = await ask(base + "/drip?duration=0.1&numbytes=5&delay=0.05")

    assert isinstance(answer, Body)
    assert answer.content == b"*****"


@pytest.mark.parametrize(
    ("status", "kind", "why"),
    [
        (200, Body, ""),
        (204, Failed, "204 No Content"),
        (226, Failed, "226 IM Used: a change of a kind for which we did not ask (not named)"),
        (300, Failed, "300 Multiple Choices"),
        (304, Failed, "304 Not Modified, though nothing was asked about a change"),
        (400, Failed, "400 Bad Request"),
        (401, Blocked, "401 Unauthorized"),
        (403, Blocked, "403 Forbidden"),
        (404, Failed, "404 Not Found"),
        (406, Failed, "406 Not Acceptable"),
        (410, Gone, "410 Gone"),
        (418, Failed, "418 I'm a Teapot"),
        (429, Blocked, "429 Too Many Requests"),
        (451, Blocked, "451 Unavailable For Legal Reasons"),
        (500, Failed, "500 Internal Server Error"),
        (503, Failed, "503 Service Unavailable"),
    ],
)
async def test_gives_each_status_its_value(base, status, kind, why):
    answer = await ask(f"{base}/status/{status}")

    assert type(answer) is kind
    if isinstance(answer, Failed | Blocked):
        assert (answer.why, answer.status) == (why, status)


async def test_asks_again_only_for_what_has_changed(base):
    first = await ask(base + "/cache")
    assert isinstance(first, Body)

    second = await ask(base + "/cache", first.validators)

    assert first.validators.etag
    assert second == NotModified(source="bin", validators=first.validators)


@pytest.mark.parametrize(("etag", "kind"), [("abc", NotModified), ("other", Body)])
async def test_brings_its_etag_back(base, etag, kind):
    answer = await ask(base + "/etag/abc", Validators(etag=etag))

    assert isinstance(answer, kind)
    assert answer.validators == Validators(etag="abc")


@pytest.mark.parametrize(
    ("path", "max_age"),
    [
        pytest.param("/cache/600", timedelta(minutes=10), id="max-age"),
        pytest.param("/response-headers?Cache-Control=max-age%3D600&Age=60", timedelta(minutes=9), id="less its age"),
        pytest.param("/response-headers?Cache-Control=no-store", timedelta(0), id="not to be kept"),
        pytest.param("/response-headers?Expires=0", timedelta(0), id="expired"),
        pytest.param("/get", None, id="nothing said"),
    ],
)
async def test_reads_how_long_an_answer_is_fresh(base, path, max_age):
    answer = await ask(base + path)

    assert isinstance(answer, Body)
    assert answer.max_age == max_age


async def test_knows_a_challenge_page_and_when_to_come_again(base):
    # httpbin gives headers of our choice with 200 only; those of 429 and 503 are in the tests of the fetcher.
    answer = await ask(base + "/response-headers?cf-mitigated=challenge&Retry-After=60")

    assert isinstance(answer, Blocked)
    assert answer.retry_at == NOON + timedelta(minutes=1)


@pytest.mark.parametrize("path", ["/stream-bytes/102400?chunk_size=1000", "/bytes/102400"])
async def test_takes_what_fits_and_refuses_what_does_not(base, path):
    fits, does_not = await ask(base + path, max_body=102_400), await ask(base + path, max_body=102_399)

    assert isinstance(fits, Body)
    assert len(fits.content) == 102_400
    assert isinstance(does_not, Failed)
    assert does_not.why.startswith("larger than ")


async def test_says_who_it_is_and_nothing_that_nobody_asked_for(base):
    headers = (await read(base + "/headers"))["headers"]

    assert isinstance(headers, dict)
    assert headers.pop("User-Agent") == f"syndicator/{__version__} (+{CONTACT})"
    assert set(headers) == {"Host", "Accept", "Accept-Encoding"}


async def test_keeps_no_cookies(base):
    async with HttpFetcher(contact=CONTACT, now=lambda: NOON, gap=timedelta(0)) as fetcher:
        for path in ("/cookies/set/seen/1", "/cookies"):
            question = Question(source="bin", url=base + path, allow_private=True)
            (answer,) = [answer async for answer in fetcher.fetch([question])]

    assert isinstance(answer, Body)
    assert json.loads(answer.content) == {"cookies": {}}


async def test_hands_bodies_on_byte_by_byte(base):
    html, xml, utf8 = [await ask(base + path) for path in ("/html", "/xml", "/encoding/utf8")]

    assert isinstance(html, Body)
    assert isinstance(xml, Body)
    assert isinstance(utf8, Body)
    assert html.content_type == "text/html; charset=utf-8"
    assert (xml.content_type, xml.content[:14]) == ("application/xml", b"<?xml version=")
    assert "STARGΛ̊TE".encode() in utf8.content


async def test_gives_many_answers_over_few_connections(base):
    questions = [Question(source=f"s{n}", url=f"{base}/bytes/{n + 1}", allow_private=True) for n in range(50)]

    async with HttpFetcher(contact=CONTACT, now=lambda: NOON, gap=timedelta(0)) as fetcher:
        answers = {answer.source: answer async for answer in fetcher.fetch(questions)}

    assert {source: len(answer.content) for source, answer in answers.items() if isinstance(answer, Body)} == {
        f"s{n}": n + 1 for n in range(50)
    }

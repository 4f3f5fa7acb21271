"""The published folder over HTTP, and what every answer carries."""

from __future__ import annotations

import base64
import hashlib
import itertools
import os
import re
from datetime import timedelta
from urllib.parse import unquote

import httpx
import pytest
from structlog.testing import capture_logs

from syndicator.errors import StoreFull
from syndicator.testing import NOON
from syndicator.web import create_app
from syndicator.web.languages import accepted
from syndicator.web.limits import MAX_CLIENTS, RateLimit, client_network


@pytest.fixture
def published(public):
    for path, text in {
        "index.html": "<p>front</p>",
        "vi/index.html": "<p>trang nhất</p>",
        "feeds/trade/index.html": "<p>trade</p>",
        "feeds/trade/rss.xml": "<rss/>",
        "feeds/trade/atom.xml": "<feed/>",
        "feeds/trade/feed.json": "{}",
        "assets/style.css": "p {}",
        "assets/icon.svg": "<svg/>",
        "archive/.0a1b.unfinished": "half",
        "empty/.keep": "",
    }.items():
        file = public / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return public


@pytest.mark.parametrize(
    ("path", "media_type"),
    [
        ("/", "text/html; charset=utf-8"),
        ("/vi/", "text/html; charset=utf-8"),
        ("/vi/index.html", "text/html; charset=utf-8"),
        ("/feeds/trade/rss.xml", "application/rss+xml; charset=utf-8"),
        ("/feeds/trade/atom.xml", "application/atom+xml; charset=utf-8"),
        ("/feeds/trade/feed.json", "application/feed+json; charset=utf-8"),
        ("/assets/style.css", "text/css; charset=utf-8"),
        ("/assets/icon.svg", "image/svg+xml"),
    ],
)
async def test_a_file_comes_under_its_media_type(path, media_type, browser, published):
    answer = await browser.get(path)

    assert answer.status_code == 200
    assert answer.headers["content-type"] == media_type
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_feeds_may_be_read_by_any_page_and_kept_for_half_an_hour(browser, published):
    feed = await browser.get("/feeds/trade/rss.xml")
    page = await browser.get("/feeds/trade/")

    assert feed.headers["access-control-allow-origin"] == "*"
    assert feed.headers["cache-control"] == "public, max-age=1800"
    assert "access-control-allow-origin" not in page.headers
    assert page.headers["cache-control"] == "no-cache"


async def test_head_is_get_without_the_body(browser, published):
    got, head = await browser.get("/feeds/trade/rss.xml"), await browser.head("/feeds/trade/rss.xml")

    assert head.content == b""
    assert head.headers == got.headers


async def test_an_etag_means_the_bytes(browser, published):
    first = (await browser.get("/feeds/trade/rss.xml")).headers["etag"]
    feed = published / "feeds/trade/rss.xml"
    os.utime(feed, (1_700_000_000, 1_700_000_000))
    touched = (await browser.get("/feeds/trade/rss.xml")).headers["etag"]
    feed.write_text("<rss version='2.0'/>", encoding="utf-8")
    changed = (await browser.get("/feeds/trade/rss.xml")).headers["etag"]

    assert re.fullmatch(r'"[0-9a-f]{32}"', first)  # strong, and a hash
    assert first == touched
    assert changed != first


@pytest.mark.parametrize(
    ("make", "status"),
    [
        pytest.param(lambda h: {"If-None-Match": h["etag"]}, 304, id="its ETag"),
        pytest.param(lambda h: {"If-None-Match": f'"other", W/{h["etag"]}'}, 304, id="its ETag among others, weakened"),
        pytest.param(lambda _: {"If-None-Match": "*"}, 304, id="any"),
        pytest.param(lambda _: {"If-None-Match": '"other"'}, 200, id="another ETag"),
        pytest.param(lambda h: {"If-Modified-Since": h["last-modified"]}, 304, id="its date"),
        pytest.param(lambda _: {"If-Modified-Since": "Sat, 01 Jan 2000 00:00:00 GMT"}, 200, id="an older date"),
        pytest.param(lambda _: {"If-Modified-Since": "yesterday"}, 200, id="no date"),
        pytest.param(
            lambda h: {"If-None-Match": '"other"', "If-Modified-Since": h["last-modified"]},
            200,
            id="another ETag outranks its date",
        ),
    ],
)
async def test_what_a_reader_has_is_not_sent_again(make, status, browser, published):
    first = await browser.get("/feeds/trade/rss.xml")

    again = await browser.get("/feeds/trade/rss.xml", headers=make(first.headers))

    assert again.status_code == status
    assert again.headers["etag"] == first.headers["etag"]
    assert again.headers["access-control-allow-origin"] == "*"
    assert (again.content == b"") is (status == 304)


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/feeds/%2e%2e/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/..%5csecret.txt",
        "//secret.txt",
        "/%2fetc/passwd",
        "/index.html%00.css",
        "/link.txt",
        "/archive/.0a1b.unfinished",
        "/empty/",
        "/empty",
        "/index.html/",
        "/" + "x" * 5000,
        "/nothing",
    ],
)
async def test_nothing_but_the_published_files_is_served(path, app, published):
    (published.parent / "secret.txt").write_text("secret", encoding="utf-8")
    (published / "link.txt").symlink_to(published.parent / "secret.txt")
    scope = {
        "type": "http",
        "http_version": "1.1",
        "scheme": "https",
        "method": "GET",
        "path": unquote(path),
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": b"",
        "headers": [],
        "server": ("news.example", 443),
        "client": ("192.0.2.7", 40000),
    }
    sent = []

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message):
        sent.append(message)

    # By hand, because a client would tidy the path up before sending it.
    await app(scope, receive, send)

    assert sent[0]["status"] == 404
    assert b"There is no such page" in sent[1]["body"]


async def test_a_folder_without_its_slash_is_shown_the_way(browser, published):
    answer = await browser.get("/feeds/trade")

    assert answer.status_code == 308
    assert str(httpx.URL("https://news.example/feeds/trade").join(answer.headers["location"])) == (
        "https://news.example/feeds/trade/"
    )


@pytest.mark.parametrize("path", ["/", "/subscribe", "/nothing", "/health", "/feeds/trade/rss.xml", "/confirm/x"])
async def test_every_answer_is_armoured_and_sets_no_cookie(path, browser, published):
    answer = await browser.get(path)

    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert "set-cookie" not in answer.headers


async def test_the_policy_lets_the_forms_own_script_run_and_no_other(browser):
    page = await browser.get("/subscribe")

    policy = page.headers["content-security-policy"]
    hashes = [
        base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        for script in re.findall(r"<script[^>]*>(.*?)</script>", page.text, re.DOTALL)
    ]
    assert hashes
    assert re.findall(r"'sha256-([^']+)'", policy) == hashes


async def test_pages_made_for_one_visitor_are_kept_by_nobody(browser):
    answer = await browser.get("/subscribe")

    assert answer.headers["cache-control"] == "no-store"


async def test_a_method_that_makes_no_sense_is_refused(browser, published):
    answer = await browser.post("/feeds/trade/rss.xml")

    assert answer.status_code == 405
    assert "GET" in answer.headers["allow"]


async def test_health(browser):
    answer = await browser.get("/health")

    assert answer.status_code == 200
    assert answer.json() == {"ok": True, "store": True, "last_turn": "2026-07-14T05:00:00+00:00"}


class FullStore:
    """A store on a full disk."""

    async def _full(self, *_, **__):
        raise StoreFull("data/store.db: no room left on the disk")

    def __getattr__(self, name):
        return self._full


async def test_when_the_store_fails_visitors_are_asked_to_come_again(public, templates, settings, clock):
    app = create_app(
        public=public,
        store=FullStore(),
        templates=templates,
        settings=settings,
        clock=clock,
        new_id=lambda: "x",
    )
    token = "WzAsImFkYSJd.secret"
    form = {"email": "ada@reader.example", "newsletter": "weekly"}

    with capture_logs() as logs:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="https://news.example") as browser:
            signed_up = await browser.post("/subscribe", data=form)
            health = await browser.get("/health")
            await browser.get(f"/confirm/{token}")

    assert (signed_up.status_code, health.status_code) == (503, 503)
    assert "data/store.db" not in signed_up.text
    assert health.json() == {"ok": False, "store": False, "last_turn": None}
    assert "no room left" in logs[0]["cause"]
    assert token not in str(logs)


@pytest.mark.parametrize(
    ("header", "tags"),
    [
        pytest.param("en;q=0.5, vi-VN, vi;q=0.9, *;q=0.1, fr;q=0", ["vi-VN", "vi", "en"], id="by weight"),
        pytest.param("", [], id="none"),
        pytest.param(", ;q=1,en;q=high", [], id="nonsense"),
    ],
)
def test_accepted(header, tags):
    assert accepted(header) == tags


@pytest.mark.parametrize(
    ("client", "network"),
    [
        pytest.param("192.0.2.9", "192.0.2.9", id="one IPv4 address"),
        pytest.param("::ffff:192.0.2.9", "192.0.2.9", id="an IPv4 address in IPv6 clothes"),
        pytest.param("2001:db8:1:2:aaaa::7", "2001:db8:1:2::/64", id="the network of an IPv6 address"),
        pytest.param("unix:", "unix:", id="no address at all"),
    ],
)
def test_client_network(client, network):
    assert client_network(client) == network


def test_a_refused_attempt_does_not_count():
    limit = RateLimit(times=2, span=timedelta(hours=1))
    admitted = [limit.admits("a", now=NOON + timedelta(minutes=20 * number)) for number in range(5)]

    assert admitted == [True, True, False, True, True]


def test_the_memory_for_clients_is_bounded():
    limit = RateLimit(times=1, span=timedelta(hours=1))
    limit.admits("first", now=NOON)
    for number in itertools.islice(itertools.count(), MAX_CLIENTS):
        limit.admits(f"client {number}", now=NOON)

    assert limit.admits("first", now=NOON)  # it was forgotten
    assert not limit.admits(f"client {MAX_CLIENTS - 1}", now=NOON)

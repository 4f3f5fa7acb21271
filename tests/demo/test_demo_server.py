from __future__ import annotations

import gzip
import threading
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.client import HTTPConnection

import pytest

from syndicator.demo.server import LARGE, NewsServer, Page, Visit

MORNING = datetime(2026, 7, 14, 5, 0, tzinfo=UTC)
SHORT = Page(body=b"<rss/>", content_type="application/rss+xml", modified_at=MORNING)
LONG = Page(body=b"<rss/>" + b" " * LARGE, content_type="text/xml", modified_at=MORNING)
PAGES = {
    ("paper.example", "/rss"): SHORT,
    ("paper.example", "/long"): LONG,
    ("paper.example", "/old"): Page(status=301, location="http://paper.example/rss"),
    ("other.example", "/rss"): Page(body=b"another"),
}


@pytest.fixture
def server():
    with NewsServer(PAGES) as running:
        yield running


@pytest.fixture
def ask(server):
    """Ask one server on one connection, as keep-alive allows."""
    connection = HTTPConnection(*server.address, timeout=10)

    def get(path, host="paper.example", **headers):
        connection.request("GET", path, headers={"Host": host} | {k.replace("_", "-"): v for k, v in headers.items()})
        response = connection.getresponse()
        return response, response.read()

    yield get
    connection.close()


def test_the_host_decides_what_is_served(ask):
    paper, body = ask("/rss", host="paper.example:8080")
    _, another = ask("/rss", host="other.example")

    assert (paper.status, paper.getheader("Content-Type"), body) == (200, "application/rss+xml", b"<rss/>")
    assert another == b"another"


@pytest.mark.parametrize(
    ("path", "host", "status"),
    [
        pytest.param("/nothing", "paper.example", 404, id="a path that is not there is not found"),
        pytest.param("/rss", "stranger.example", 421, id="a host that is not ours is misdirected"),
        pytest.param("/old", "paper.example", 301, id="a path that moved says so"),
    ],
)
def test_other_statuses(ask, path, host, status):
    response, _ = ask(path, host=host)

    assert response.status == status


def test_a_redirect_says_where_to(ask):
    response, _ = ask("/old")

    assert response.getheader("Location") == "http://paper.example/rss"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        pytest.param({"If_None_Match": SHORT.etag}, 304, id="the same tag"),
        pytest.param({"If_None_Match": f"W/{SHORT.etag}"}, 304, id="the same tag, weak"),
        pytest.param({"If_None_Match": f'"x", {SHORT.etag}'}, 304, id="the same tag among others"),
        pytest.param({"If_None_Match": "*"}, 304, id="any tag"),
        pytest.param({"If_None_Match": '"x"'}, 200, id="another tag"),
        pytest.param({"If_Modified_Since": format_datetime(MORNING, usegmt=True)}, 304, id="the same date"),
        pytest.param(
            {"If_Modified_Since": format_datetime(MORNING - timedelta(seconds=1), usegmt=True)},
            200,
            id="an earlier date",
        ),
        pytest.param({"If_Modified_Since": "yesterday"}, 200, id="a date that is none"),
        pytest.param({"If_Modified_Since": "Tue, 14 Jul 2026 05:00:00 -0000"}, 304, id="a date without a zone is GMT"),
        pytest.param(
            {"If_None_Match": '"x"', "If_Modified_Since": format_datetime(MORNING, usegmt=True)},
            200,
            id="another tag weighs more than the same date",
        ),
    ],
)
def test_conditional_requests(ask, server, headers, status):
    response, body = ask("/rss", **headers)

    assert (response.status, body) == (status, b"" if status == 304 else SHORT.body)
    assert response.getheader("ETag") == SHORT.etag
    assert response.getheader("Last-Modified") == "Tue, 14 Jul 2026 05:00:00 GMT"
    assert server.log == [Visit(host="paper.example", path="/rss", status=status, conditional=True)]


def test_a_missing_page_is_never_not_modified(ask):
    response, _ = ask("/nothing", If_None_Match="*")

    assert response.status == 404


def test_a_large_feed_is_compressed_for_those_who_can_read_it(ask, server):
    response, body = ask("/long", Accept_Encoding="br, gzip;q=0.8")

    assert response.getheader("Content-Encoding") == "gzip"
    assert gzip.decompress(body) == LONG.body
    assert response.getheader("ETag") == f"W/{LONG.etag}"
    assert server.log[-1].coding == "gzip"


@pytest.mark.parametrize(
    ("path", "accepted"),
    [
        pytest.param("/rss", "gzip", id="a small feed"),
        pytest.param("/long", "", id="no encoding accepted"),
        pytest.param("/long", "gzip;q=0, br", id="gzip refused"),
    ],
)
def test_others_get_plain_bytes(ask, path, accepted):
    response, body = ask(path, Accept_Encoding=accepted)

    assert response.getheader("Content-Encoding") is None
    assert body == PAGES["paper.example", path].body


def test_the_tag_of_a_compressed_answer_is_honoured(ask):
    first, _ = ask("/long", Accept_Encoding="gzip")

    second, body = ask("/long", Accept_Encoding="gzip", If_None_Match=first.getheader("ETag"))

    assert (second.status, body) == (304, b"")
    assert second.getheader("ETag") == first.getheader("ETag")


def test_one_connection_serves_many_requests(ask):
    first, _ = ask("/rss")
    second, _ = ask("/rss", If_None_Match=SHORT.etag)
    third, _ = ask("/long")

    assert [first.status, second.status, third.status] == [200, 304, 200]
    assert not third.will_close


def test_a_slow_page_is_answered_in_the_end():
    with NewsServer({("slow.example", "/rss"): Page(body=b"late", slow=True)}, slow_seconds=0.01) as server:
        connection = HTTPConnection(*server.address, timeout=10)
        connection.request("GET", "/rss", headers={"Host": "slow.example"})

        assert connection.getresponse().read() == b"late"
        connection.close()


def test_closing_does_not_wait_for_a_slow_page_yet_answers_it():
    bodies = []

    def read():
        bodies.append(connection.getresponse().read())

    # Were it waited for, this test would take an hour.
    with NewsServer({("slow.example", "/rss"): Page(body=b"late", slow=True)}, slow_seconds=3600) as server:
        connection = HTTPConnection(*server.address, timeout=60)
        connection.request("GET", "/rss", headers={"Host": "slow.example"})
        # A second answer says that the server has had time to take up the first request.
        other = HTTPConnection(*server.address, timeout=60)
        other.request("GET", "/nothing", headers={"Host": "slow.example"})
        other.getresponse().read()
        other.close()
        reader = threading.Thread(target=read)
        reader.start()
    reader.join(60)
    connection.close()

    assert bodies == [b"late"]


def test_closing_ends_connections_that_are_kept_alive():
    with NewsServer(PAGES) as server:
        connection = HTTPConnection(*server.address, timeout=10)
        connection.request("GET", "/rss", headers={"Host": "paper.example"})
        connection.getresponse().read()

    assert connection.sock.recv(1) == b""
    connection.close()

"""Serve the sample feeds as the outlets' own web servers would: on loopback, over real HTTP."""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import socket
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any

LARGE = 4096  # bytes; below this, compressing saves no packet worth the work
_POLL = 0.05  # seconds between two looks at whether to stop; the standard half second is felt in a test


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What stands at one address. A *slow* page is answered late; *location* is where a 301 leads."""

    body: bytes = field(default=b"", repr=False)
    content_type: str = "text/plain; charset=utf-8"
    status: int = 200
    location: str = ""
    modified_at: datetime | None = None
    slow: bool = False

    @property
    def etag(self) -> str:
        """The strong validator: a hash of the bytes."""
        return f'"{hashlib.sha256(self.body).hexdigest()[:20]}"'


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One request that the server answered; *coding* is `gzip` or empty."""

    host: str
    path: str
    status: int
    conditional: bool
    coding: str = ""


class NewsServer:
    """An HTTP/1.1 server for many hosts on one loopback port; *pages* are by (host, path).

    *pages* may be changed while it runs. *log* grows by one `Visit` a request, before the answer
    leaves, so that whoever has the answer finds the visit. Slow pages are answered after
    *slow_seconds*, or at once when the server closes.
    """

    def __init__(self, pages: Mapping[tuple[str, str], Page], *, slow_seconds: float = 1.0) -> None:
        self.pages = dict(pages)
        self.log: list[Visit] = []
        self.slow_seconds = slow_seconds
        self.closing = threading.Event()
        self._http = _Server(self)
        self._thread = threading.Thread(
            target=self._http.serve_forever, kwargs={"poll_interval": _POLL}, name="demo-news", daemon=True
        )

    @property
    def address(self) -> tuple[str, int]:
        """The loopback address and the port that the system picked."""
        return "127.0.0.1", self._http.server_port

    @property
    def hosts(self) -> Mapping[str, tuple[str, int]]:
        """Where each host of *pages* is reached."""
        return {host: self.address for host, _ in self.pages}

    def __enter__(self) -> NewsServer:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.closing.set()
        self._http.shutdown()
        self._thread.join()
        self._http.hang_up()
        self._http.server_close()


class _Server(ThreadingHTTPServer):
    # Its threads are waited for when it closes, so that none outlives it with an open socket.
    daemon_threads = False

    def __init__(self, news: NewsServer) -> None:
        self.news = news
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        super().__init__(("127.0.0.1", 0), _Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._lock:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._lock:
            self._open.discard(request)
        super().shutdown_request(request)

    def hang_up(self) -> None:
        """Let answers under way leave, and end the connections on which nothing is asked."""
        with self._lock:
            for connection in self._open:
                with contextlib.suppress(OSError):  # the other end may have hung up first
                    connection.shutdown(socket.SHUT_RD)

    def handle_error(self, request: Any, client_address: Any) -> None:
        # A client that goes away in the middle of an answer is its own business; anything else is a fault of ours.
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Head and body leave in one packet: in two, Nagle's algorithm and a delayed ACK cost 40 ms an answer.
    wbufsize = -1
    server: _Server

    def do_GET(self) -> None:
        news = self.server.news
        host = self.headers.get("Host", "").partition(":")[0].lower()
        path = self.path.partition("?")[0]
        page = news.pages.get((host, path), Page(status=404, body=b"Not found\n"))
        if host not in news.hosts:
            page = Page(status=421, body=b"Not one of our hosts\n")  # RFC 9110, section 15.5.20
        if page.slow:
            news.closing.wait(news.slow_seconds)
        compress = len(page.body) > LARGE and _accepts_gzip(self.headers.get("Accept-Encoding", ""))
        unchanged = page.status == 200 and self._has(page)
        news.log.append(
            Visit(
                host=host,
                path=path,
                status=304 if unchanged else page.status,
                conditional="If-None-Match" in self.headers or "If-Modified-Since" in self.headers,
                coding="gzip" if compress and not unchanged else "",
            )
        )
        self._answer(page, compress=compress, unchanged=unchanged)

    def _has(self, page: Page) -> bool:
        """Tell whether the client has *page* as it is.

        Entity tags are compared weakly, and dates only when no tag came (RFC 9110, sections 13.1.2 and 13.1.3).
        """
        tags = self.headers.get("If-None-Match")
        if tags is not None:
            known = {tag.strip().removeprefix("W/") for tag in tags.split(",")}
            return "*" in known or page.etag in known
        since = self.headers.get("If-Modified-Since")
        if since is None or page.modified_at is None:
            return False
        try:
            instant = parsedate_to_datetime(since)
        except ValueError:
            return False
        # A date with `-0000` or without any zone comes out naive; HTTP's dates are GMT whatever they say.
        return page.modified_at <= instant.replace(tzinfo=instant.tzinfo or UTC)

    def _answer(self, page: Page, *, compress: bool, unchanged: bool) -> None:
        body = gzip.compress(page.body, mtime=0) if compress else page.body
        self.send_response(304 if unchanged else page.status)
        if page.status == 200:
            # Two representations may share no strong tag (RFC 9110, section 8.8.3.3), so the compressed one is weak.
            self.send_header("ETag", f"W/{page.etag}" if compress else page.etag)
            self.send_header("Vary", "Accept-Encoding")
        if page.status == 200 and page.modified_at is not None:
            self.send_header("Last-Modified", format_datetime(page.modified_at, usegmt=True))
        if page.location:
            self.send_header("Location", page.location)
        if not unchanged:
            self.send_header("Content-Type", page.content_type)
            self.send_header("Content-Length", str(len(body)))
        if compress and not unchanged:
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        if not unchanged:
            self.wfile.write(body)

    def version_string(self) -> str:
        return "demo"

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: the demo's own output is what a person reads."""


def _accepts_gzip(header: str) -> bool:
    """Tell whether gzip is named in an Accept-Encoding *header*, and not with a weight of nought."""
    for offer in header.lower().split(","):
        name, _, weight = offer.replace(" ", "").partition(";")
        if name == "gzip":
            return weight not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}
    return False

"""Serve the studio: a page on this machine that shows at once what an edit of feeds.yaml does to the tags of items.

It shows what is stored to whoever can open it, so it answers only those who ask for this machine by name: a page of
the internet whose name leads here (DNS rebinding) is refused.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from syndicator.edges.templates import shipped_folder
from syndicator.errors import ConfigError, SyndicatorError
from syndicator.web.studio_bench import SHOWS, Bench, Moves, compare, item_rows, tag_rows, try_text

LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})
MAX_TEXT = 2_000  # characters of a text that is tried; a headline and its summary have a quarter of it
HEARTBEAT = 15  # seconds; a browser that has gone is noticed when something is written to it
_FILES = {"": "page.html", "style.css": "style.css", "script.js": "script.js"}
_TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript"}
_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "connect-src 'self'",
        "img-src 'self' data:",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)


class Studio:
    """What the page shows: the bench of the present, what the last edit moved, and the mistakes of a refused one.

    *version* counts what was told to the pages that are open.
    """

    def __init__(self, bench: Bench, *, name: str) -> None:
        self.name = name
        self.bench = bench
        self.edited = False
        self.moves: Moves = {}
        self.mistakes: tuple[str, ...] = ()
        self.version = 1
        self._closed = False
        self._told = asyncio.Event()

    def accept(self, bench: Bench) -> None:
        """Show *bench* from now on, beside what it changed; one of the same rules changes nothing."""
        if bench.config.tags != self.bench.config.tags or bench.config.sources != self.bench.config.sources:
            self.moves, self.bench, self.edited = compare(self.bench, bench), bench, True
        self.mistakes = ()
        self._tell()

    def refuse(self, error: SyndicatorError) -> None:
        """Show what is wrong with an edit; the last good rules stay."""
        self.mistakes = tuple(map(str, error.mistakes)) if isinstance(error, ConfigError) else (str(error),)
        self._tell()

    def close(self) -> None:
        """Let go of the pages that are open, so that the server can stop at once."""
        self._closed = True
        self._tell()

    async def versions(self, *, heartbeat: float = HEARTBEAT) -> AsyncIterator[int | None]:
        """Yield the version, now and whenever there is a new one, and None when there was none for a while."""
        seen = None
        while not self._closed:
            told = self._told
            if seen != self.version:
                seen = self.version
                yield seen
                continue
            try:
                await asyncio.wait_for(told.wait(), heartbeat)
            except TimeoutError:
                yield None

    def _tell(self) -> None:
        self.version += 1
        told, self._told = self._told, asyncio.Event()
        told.set()


def create_studio(studio: Studio) -> Starlette:
    """Return the page of *studio* over HTTP, and what its script asks for."""
    doors = _Doors(studio)
    return Starlette(
        routes=[
            Route("/tags", doors.tags),
            Route("/items", doors.items),
            Route("/try", doors.tried),
            Route("/events", doors.events),
            *(Route(f"/{path}", doors.file) for path in _FILES),
        ],
        middleware=[Middleware(_Loopback)],
    )


class _Loopback:
    """Refuses whoever asks for another host than this machine, and says in every answer what a browser may do."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._headers = {
            "Content-Security-Policy": _POLICY,
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Cache-Control": "no-store",
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def armoured(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(self._headers)
            await send(message)

        if scope["type"] == "http" and not is_loopback(Request(scope).headers.get("host", "")):
            refusal = PlainTextResponse("The studio answers at http://127.0.0.1 only.\n", status_code=403)
            await refusal(scope, receive, armoured)
            return
        await self._app(scope, receive, armoured)


class _Doors:
    def __init__(self, studio: Studio) -> None:
        self._studio = studio
        # They are read once: a page that is open fits the server that made it.
        folder = shipped_folder() / "studio"
        self._files = {path: (folder / name).read_bytes() for path, name in _FILES.items()}

    async def file(self, request: Request) -> Response:
        path = request.url.path.lstrip("/")
        return Response(self._files[path], media_type=_TYPES[Path(_FILES[path]).suffix])

    async def tags(self, request: Request) -> Response:  # noqa: ARG002 — Starlette hands it over
        studio = self._studio
        return JSONResponse(
            {
                "version": studio.version,
                "file": studio.name,
                "items": len(studio.bench.items),
                "sample": studio.bench.sample,
                "edited": studio.edited,
                "mistakes": studio.mistakes,
                "tags": tag_rows(studio.bench, studio.moves),
            }
        )

    async def items(self, request: Request) -> Response:
        tag, show = request.query_params.get("tag", ""), request.query_params.get("show", "given")
        if show not in SHOWS or (tag and tag not in self._studio.bench.config.tags):
            return _refused(f'no tag "{tag}", or nothing to show as "{show}"')
        rows = await asyncio.to_thread(item_rows, self._studio.bench, self._studio.moves, tag=tag, show=show)
        return JSONResponse(rows)

    async def tried(self, request: Request) -> Response:
        text = request.query_params.get("text", "")
        if len(text) > MAX_TEXT:
            return _refused(f"a text of more than {MAX_TEXT} characters; try a part of it")
        language = request.query_params.get("language", "")
        return JSONResponse(await asyncio.to_thread(try_text, self._studio.bench, text, language=language))

    async def events(self, request: Request) -> Response:  # noqa: ARG002 — Starlette hands it over
        return StreamingResponse(self._stream(), media_type="text/event-stream")

    async def _stream(self) -> AsyncIterator[str]:
        """Yield events (HTML Standard, section 9.2): the version of what there is to see."""
        async for version in self._studio.versions():
            # A line that begins with a colon is a comment, which keeps the connection.
            yield ": here\n\n" if version is None else f"data: {json.dumps(version)}\n\n"


def is_loopback(host: str) -> bool:
    """Tell whether *host*, as the header of a request has it, with or without a port, is a name of this machine.

    >>> is_loopback("127.0.0.1:8001"), is_loopback("[::1]:8001"), is_loopback("localhost.evil.example")
    (True, True, False)
    """
    name, port = (host, "") if host.endswith("]") or ":" not in host else host.rsplit(":", 1)
    return name.lower() in LOOPBACK and (not port or port.isdecimal())


def _refused(why: str) -> Response:
    content: dict[str, Any] = {"error": why}
    return JSONResponse(content, status_code=422)

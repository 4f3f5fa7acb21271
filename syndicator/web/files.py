"""Serve the published folder: feeds, pages and style, each with the validators that spare sending it again."""

from __future__ import annotations

import asyncio
import hashlib
import os
from datetime import timedelta
from email.utils import formatdate, parsedate_to_datetime
from pathlib import Path
from urllib.parse import quote

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

# By name: the three formats of a feed share their endings with other files.
FEED_TYPES = {
    "rss.xml": "application/rss+xml; charset=utf-8",
    "atom.xml": "application/atom+xml; charset=utf-8",
    "feed.json": "application/feed+json; charset=utf-8",
}
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".xml": "application/xml; charset=utf-8",
    ".atom": "application/atom+xml; charset=utf-8",
    ".opml": "text/x-opml; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".ico": "image/x-icon",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
}
MAX_REMEMBERED = 4096  # hashes of files, about 1 MB


class PublicFiles:
    """The files under *root*. Feeds may be read by any page of any site, and are asked again after *feed_max_age*."""

    def __init__(self, root: Path, *, feed_max_age: timedelta) -> None:
        self._root = root.resolve()
        self._feed_age = f"public, max-age={int(feed_max_age.total_seconds())}"
        self._hashes: dict[tuple[Path, int, int], str] = {}

    async def answer(self, request: Request) -> Response:
        """Return the file at the path of *request*, or 304; raise HTTPException (404) when there is none."""
        asked = request.path_params["path"]
        found = await asyncio.to_thread(self._find, asked)
        if found is None:
            raise HTTPException(404)
        if found.is_dir():
            # Links within a page are relative to its folder, whose address ends in a slash.
            folder = asked.rpartition("/")[2]
            return RedirectResponse(f"./{quote(folder)}/", status_code=308)
        body, headers = await asyncio.to_thread(self._read, found)
        if _is_fresh(request.headers, headers):
            return Response(status_code=304, headers={k: v for k, v in headers.items() if k != "Content-Type"})
        return Response(body, headers=headers)

    def _find(self, asked: str) -> Path | None:
        """Return the file or folder at *asked*, None where there is none within the root; `x/` means `x/index.html`.

        Names that begin with a dot are files under way (see `edges.shelf`), and whatever else is hidden.
        """
        parts = asked.split("/")
        if any(part.startswith(".") and part != ".well-known" for part in parts) or "\0" in asked or "\\" in asked:
            return None
        if asked == "" or asked.endswith("/"):
            parts[-1] = "index.html"
        try:
            # Resolving follows links, and so finds out those that lead out of the root.
            path = self._root.joinpath(*(part for part in parts if part)).resolve()
            there = path.is_relative_to(self._root) and (path.is_file() or (path / "index.html").is_file())
        except (OSError, RuntimeError):
            return None  # a name that is too long, a loop of links (RuntimeError before Python 3.13)
        return path if there else None

    def _read(self, path: Path) -> tuple[bytes, dict[str, str]]:
        try:
            # Both of one open file: a new one may take its name between two calls.
            with path.open("rb") as file:
                body, state = file.read(), os.fstat(file.fileno())
        except OSError as error:
            raise HTTPException(404) from error
        key = (path, state.st_mtime_ns, state.st_size)
        digest = self._hashes.get(key)
        if digest is None:
            if len(self._hashes) >= MAX_REMEMBERED:
                self._hashes.clear()
            digest = self._hashes[key] = hashlib.sha256(body).hexdigest()[:32]
        feed_type = FEED_TYPES.get(path.name)
        headers = {
            "Content-Type": feed_type or TYPES.get(path.suffix, "application/octet-stream"),
            # Strong: the same ETag means the same bytes (RFC 9110, section 8.8.1).
            "ETag": f'"{digest}"',
            "Last-Modified": formatdate(int(state.st_mtime), usegmt=True),
            "Cache-Control": self._feed_age if feed_type else "no-cache",
        }
        if feed_type:
            headers["Access-Control-Allow-Origin"] = "*"
        return body, headers


def _is_fresh(asked: Headers, headers: dict[str, str]) -> bool:
    """Tell whether the client has the file already; If-None-Match outranks the date (RFC 9110, section 13.2.2)."""
    tags = asked.get("if-none-match")
    if tags is not None:
        return tags.strip() == "*" or headers["ETag"] in (tag.strip().removeprefix("W/") for tag in tags.split(","))
    try:
        since = parsedate_to_datetime(asked.get("if-modified-since", ""))
        return parsedate_to_datetime(headers["Last-Modified"]) <= since
    except (TypeError, ValueError):
        return False

"""Ask sources over HTTP: conditionally, politely, within bounds; what servers do comes back as values."""

from __future__ import annotations

import asyncio
import os
import re
import socket
import ssl
from collections import defaultdict
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from types import MappingProxyType, TracebackType
from urllib.parse import urljoin, urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

from syndicator import __version__
from syndicator.model.source import Blocked, Body, Failed, Fetched, Gone, NotModified, Question, Validators

TIMEOUT = timedelta(seconds=30)  # for an answer from its first redirect to its last byte
MAX_BODY = 8 * 2**20  # bytes, decompressed; the largest honest feed we met had 3 MiB
MAX_REDIRECTS = 5  # honest sites need two (to https, to www); some ask for a cookie by redirecting for ever
MAX_RETRY_AFTER = timedelta(days=2)  # servers were met that ask for years
MAX_MAX_AGE = timedelta(days=365)  # RFC 9111 lets a server say any number; timedelta does not hold any
_CHUNK = 64 * 2**10  # bytes read before the size is looked at

_ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, "
    "application/xml;q=0.8, text/xml;q=0.8, application/json;q=0.7, */*;q=0.1"
)
_PERMANENT = frozenset({301, 308})
_REDIRECTS = _PERMANENT | {302, 303, 307}
_BLOCKING = frozenset({401, 403, 429, 451})
# OpenSSL's X509_V_ERR_… numbers, in plain words.
_CERTIFICATE = {
    9: "is not valid yet",
    10: "expired",
    18: "is signed by itself",
    19: "is signed by an authority that we do not know",
    20: "is signed by an authority that we do not know, or the server leaves out an intermediate certificate",
    21: "is signed by an authority that we do not know, or the server leaves out an intermediate certificate",
    62: "is for another host",
}


class HttpFetcher:
    """Asks over HTTP; see `ports.Fetcher`.

    *contact* is an address or URL in the User-Agent under which a server's admin finds us. *timeout* bounds a whole
    answer, *max_body* its decompressed bytes, *per_host* and *connections* the questions in flight. *hosts* maps
    names to `(address, port)` where such a host is found instead; URL and Host header stay as they are written.
    Use it in `async with`, or call `close`.
    """

    def __init__(
        self,
        *,
        contact: str,
        now: Callable[[], datetime],
        timeout: timedelta = TIMEOUT,
        max_body: int = MAX_BODY,
        per_host: int = 2,
        connections: int = 50,
        hosts: Mapping[str, tuple[str, int]] = MappingProxyType({}),
    ) -> None:
        self._now = now
        self._timeout = timeout
        self._max_body = max_body
        self._hosts = dict(hosts)
        self._places = asyncio.Semaphore(connections)
        self._places_at: defaultdict[str, asyncio.Semaphore] = defaultdict(lambda: asyncio.Semaphore(per_host))
        self._headers = {
            "User-Agent": f"syndicator/{__version__} (+{contact})",
            "Accept": _ACCEPT,
            "Accept-Encoding": "gzip, br",
        }
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> HttpFetcher:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Close all connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def fetch(self, questions: Iterable[Question]) -> AsyncGenerator[Fetched, None]:
        """Yield one answer to every question, as they come; never raise for what a server does.

        A consumer who stops early, or is cancelled, ends the questions in flight.
        """
        tasks = [asyncio.create_task(self._ask_in_turn(question)) for question in questions]
        try:
            for answer in asyncio.as_completed(tasks):
                yield await answer
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _ask_in_turn(self, question: Question) -> Fetched:
        """Return the answer to *question* once there is a place; the wait for one is not the server's fault."""
        try:
            host = urlsplit(question.url).hostname or ""
        except ValueError:
            return Failed(source=question.source, why=f"{question.url[:80]!r} is no address")
        async with self._places_at[host], self._places:
            try:
                async with asyncio.timeout(self._timeout.total_seconds()):
                    return await self._ask(question)
            except TimeoutError:
                why = f"no answer within {self._timeout.total_seconds():g} s"
            except _UnfitError as error:
                why = str(error)
            except Exception as error:
                # One server's oddity must not take the answers of all others with it, so this catches everything.
                why = _explain(error)
        return Failed(source=question.source, why=why)

    async def _ask(self, question: Question) -> Fetched:
        """Follow redirects by hand: each target must be http or https, and the permanent ones are news."""
        url, permanent = question.url, True
        for hop in range(MAX_REDIRECTS + 1):
            async with self._get(url, question.validators) as response:
                location = response.headers.get("Location", "")
                if response.status not in _REDIRECTS or not location:
                    answer = await self._read(question, response)
                    moved_to = answer.url if isinstance(answer, Body) and hop and permanent else ""
                    return replace(answer, moved_to=moved_to) if isinstance(answer, Body) else answer
                permanent = permanent and response.status in _PERMANENT
                url = urljoin(str(response.url), location)
        raise _UnfitError(f"too many redirects (more than {MAX_REDIRECTS}); the last one to {url[:200]}")

    @asynccontextmanager
    async def _get(self, url: str, validators: Validators) -> AsyncIterator[aiohttp.ClientResponse]:
        if urlsplit(url).scheme not in ("http", "https"):
            raise _UnfitError(f"{url[:200]!r} is not http or https")
        conditions = {"If-None-Match": validators.etag, "If-Modified-Since": validators.last_modified}
        headers = {name: value for name, value in conditions.items() if value}
        async with self._open_session().get(url, headers=headers, allow_redirects=False) as response:
            yield response

    def _open_session(self) -> aiohttp.ClientSession:
        if self._session is None:
            resolver = _Resolver(self._hosts) if self._hosts else None
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=0, resolver=resolver),  # the semaphores count
                cookie_jar=aiohttp.DummyCookieJar(),
                headers=self._headers,
                timeout=aiohttp.ClientTimeout(total=None, sock_connect=None),  # the deadline above is the only one
            )
        return self._session

    async def _read(self, question: Question, response: aiohttp.ClientResponse) -> Fetched:
        source, status = question.source, response.status
        why = _status(response)
        if challenge := response.headers.get("cf-mitigated"):
            page = f"{why}: a challenge page for browsers instead of the feed (cf-mitigated: {challenge})"
            return Blocked(source=source, why=page, retry_at=self._retry_at(response))
        if status == 200:
            content = await self._read_body(response)
            return Body(
                source=source,
                url=str(response.url),
                content=content,
                content_type=response.headers.get("Content-Type", ""),
                validators=_validators(response),
                max_age=_max_age(response),
            )
        if status == 304 and question.validators != Validators():
            # RFC 9110, section 15.4.5: a 304 carries the validators that a 200 would have; some servers leave them out.
            new = _validators(response)
            validators = new if new != Validators() else question.validators
            return NotModified(source=source, validators=validators, max_age=_max_age(response))
        if status == 304:
            return Failed(source=source, why=f"{why}, though nothing was asked about a change")
        if status == 410:
            return Gone(source=source, why=why)
        if status in _BLOCKING:
            return Blocked(source=source, why=why, retry_at=self._retry_at(response))
        return Failed(source=source, why=why, retry_at=self._retry_at(response))

    async def _read_body(self, response: aiohttp.ClientResponse) -> bytes:
        """Return the decompressed body; raise as soon as it is too large, so that a bomb stays small."""
        too_large = _UnfitError(f"larger than {_size(self._max_body)}")
        if (response.content_length or 0) > self._max_body:
            raise too_large
        content = bytearray()
        async for chunk in response.content.iter_chunked(_CHUNK):
            content += chunk
            if len(content) > self._max_body:
                raise too_large
        return bytes(content)

    def _retry_at(self, response: aiohttp.ClientResponse) -> datetime | None:
        """Return when Retry-After lets us ask again: it may be seconds or a date (RFC 9110, section 10.2.3)."""
        text, now = response.headers.get("Retry-After", "").strip(), self._now()
        if re.fullmatch(r"[0-9]+", text):
            seconds = int(text[:12])  # no need to read more digits of what is capped
            return now + min(timedelta(seconds=min(seconds, 10**9)), MAX_RETRY_AFTER)
        try:
            at = parsedate_to_datetime(text)
        except (ValueError, IndexError, TypeError):
            return None
        at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
        return max(now, min(at, now + MAX_RETRY_AFTER))


class _UnfitError(Exception):
    """The answer is no feed that we can take; its text says why."""


class _Resolver(AbstractResolver):
    """Finds some hosts where it is told to, port included, and all others as usual."""

    def __init__(self, hosts: Mapping[str, tuple[str, int]]) -> None:
        self._hosts = hosts
        self._others = aiohttp.DefaultResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        if host not in self._hosts:
            return await self._others.resolve(host, port, family)
        address, port = self._hosts[host]
        kind = socket.AF_INET6 if ":" in address else socket.AF_INET
        return [
            ResolveResult(hostname=host, host=address, port=port, family=kind, proto=0, flags=socket.AI_NUMERICHOST)
        ]

    async def close(self) -> None:
        await self._others.close()


def _validators(response: aiohttp.ClientResponse) -> Validators:
    """Return what to send back, verbatim: quotes, `W/` and `-gzip` belong to it (RFC 9110, section 8.8.3)."""
    etag, last_modified = (response.headers.get(name, "") for name in ("ETag", "Last-Modified"))
    # Bytes that are no letters could neither be kept nor sent back.
    return Validators(
        etag=etag if etag.isprintable() else "", last_modified=last_modified if last_modified.isprintable() else ""
    )


def _max_age(response: aiohttp.ClientResponse) -> timedelta | None:
    """Return how long the answer stays fresh (RFC 9111, section 5.2.2.1), None if the server does not say."""
    for header in response.headers.getall("Cache-Control", []):
        if match := re.search(r'(?:^|[,\s])max-age\s*=\s*"?([0-9]{1,12})', header, re.IGNORECASE):
            return timedelta(seconds=min(int(match[1]), MAX_MAX_AGE.total_seconds()))
    return None


def _status(response: aiohttp.ClientResponse) -> str:
    """Return `404 Not Found`, in the words of the standard where it has some: servers write anything there."""
    try:
        return f"{response.status} {HTTPStatus(response.status).phrase}"
    except ValueError:
        reason = "".join(sign for sign in response.reason or "" if sign.isprintable())  # it is shown on a terminal
        return f"{response.status} {reason[:60]}".strip()


def _explain(error: Exception) -> str:
    """Return in plain words why there is no answer."""
    match error:
        case aiohttp.ClientConnectorCertificateError(certificate_error=ssl.SSLCertVerificationError() as refused):
            return f"the certificate {_CERTIFICATE.get(refused.verify_code, f'is refused: {refused.verify_message}')}"
        case aiohttp.ClientConnectorDNSError():
            return "host not found"
        case aiohttp.ClientSSLError():
            return f"no secure connection: {error}"
        case aiohttp.ServerDisconnectedError():
            return "the server closed the connection without an answer"
        case aiohttp.ClientPayloadError():
            return "the answer broke off, or is not compressed as it says"
        case aiohttp.ClientResponseError():
            return f"the answer is no HTTP: {' '.join(error.message.split())[:200]}"
        case OSError(errno=int(number)):
            return os.strerror(number).lower()
    return f"{type(error).__name__}: {error}"


def _size(count: int) -> str:
    for unit, size in (("MiB", 2**20), ("KiB", 2**10)):
        if count >= size:
            return f"{count / size:g} {unit}"
    return f"{count} bytes"

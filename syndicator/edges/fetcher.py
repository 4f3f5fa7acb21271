"""Ask sources over HTTP: conditionally, politely, within bounds; what servers do comes back as values."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from types import MappingProxyType, TracebackType

import aiohttp

from syndicator import __version__
from syndicator.edges.asking import Asking, UnfitError
from syndicator.edges.http_answers import (
    PERMANENT,
    read_head,
    read_max_age,
    read_retry_after,
    read_validators,
    redirect,
    request_headers,
    say_status,
)
from syndicator.edges.http_errors import MAX_FIELD, MAX_FIELDS, explain, is_unreached
from syndicator.edges.public_network import open_public_socket
from syndicator.edges.resolver import Resolver
from syndicator.edges.rounds import Round
from syndicator.edges.turns import Hosts
from syndicator.edges.unpack import ACCEPT_ENCODING, Unpacker, UnpackError, say_size
from syndicator.model.source import Body, Failed, Fetched, NotModified, Question

TIMEOUT = timedelta(seconds=30)  # for an answer from its first redirect to its last byte, waiting for turns left out
MAX_BODY = 8 * 2**20  # bytes, on the wire as well as unpacked; the largest honest feed we met had 3 MiB
# Between two questions to one host. An outlet with twenty sections is asked within four seconds, less densely than a
# browser asks for one page's pictures; and a person who waits for `refresh` still waits for the slowest answer.
GAP = timedelta(seconds=0.2)
_DNS_TTL = 60  # seconds for which an address is kept, as the feeds of a host are asked one after the other

_ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, "
    "application/xml;q=0.8, text/xml;q=0.8, application/json;q=0.7, */*;q=0.1"
)


class HttpFetcher:
    """Asks over HTTP; see `ports.Fetcher`.

    *contact* is an address or URL in the User-Agent under which a server's admin finds us. *timeout* bounds a whole
    answer, *max_body* its bytes. *per_host* and *gap* bound how densely one host is asked, whoever asks through this
    fetcher; *connections* the answers of one call that are under way or not yet taken. *hosts* maps names to
    `(address, port)` where such a host is found instead, without a gap; URL and Host header stay as they are written.
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
        gap: timedelta = GAP,
        connections: int = 50,
        hosts: Mapping[str, tuple[str, int]] = MappingProxyType({}),
    ) -> None:
        self._now = now
        self._timeout = timeout.total_seconds()
        self._max_body = max_body
        self._connections = connections
        self._named = dict(hosts)
        # What is no address is at no host, and needs no gap.
        self._hosts = Hosts(per_host=per_host, gap=gap.total_seconds(), unspaced=frozenset({"", *hosts}))
        self._rounds: list[Round] = []
        self._headers = {
            "User-Agent": f"syndicator/{__version__} (+{contact})",
            "Accept": _ACCEPT,
            "Accept-Encoding": ACCEPT_ENCODING,
        }
        self._resolver: Resolver | None = None
        self._sessions: dict[bool, aiohttp.ClientSession] = {}

    async def __aenter__(self) -> HttpFetcher:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Close all connections."""
        while self._sessions:
            _, session = self._sessions.popitem()
            await session.close()
        if self._resolver is not None:
            await self._resolver.close()
            self._resolver = None

    def fetch(self, questions: Iterable[Question]) -> AsyncGenerator[Fetched, None]:
        """Yield one answer to every question, as they come; never raise for what a server does.

        A consumer who stops early, or is cancelled, ends the questions in flight. While he is busy with an answer, no
        more than *connections* are got for him.
        """
        askings = [Asking(question, seconds=self._timeout) for question in questions]
        return Round(askings, ask=self._ask, hosts=self._hosts, places=self._connections, rounds=self._rounds).answers()

    async def _ask(self, asking: Asking) -> Fetched | None:
        """Return the answer, or None when a redirect leads on; *asking* then says where."""
        began, unreached = asyncio.get_running_loop().time(), False
        try:
            async with asyncio.timeout(asking.seconds):
                return await self._get(asking)
        except TimeoutError:
            why = f"no answer within {self._timeout:g} s"
        except (UnfitError, UnpackError) as error:
            why = str(error)
        except Exception as error:
            # One server's oddity must not take the answers of all others with it, so this catches everything.
            why, unreached = explain(error, host=asking.host), is_unreached(error)
        finally:
            asking.seconds -= asyncio.get_running_loop().time() - began
        return Failed(source=asking.question.source, why=why, unreached=unreached)

    async def _get(self, asking: Asking) -> Fetched | None:
        question = asking.question
        asking.check()
        # Validators go along with every hop: it was the last one that gave them, and the next time it is the last one
        # again that must see them. To the hops before they mean nothing. A target that is new may take another's date
        # for its own, and say 304 for a while; asking in full from time to time mends that.
        headers = request_headers(question.validators)
        session = self._session(question.allow_private)
        async with session.get(asking.url, headers=headers, allow_redirects=False) as response:
            if target := redirect(response.status, response.headers):
                return self._follow(asking, target, response)
            answer = read_head(
                question,
                status=response.status,
                reason=response.reason or "",
                headers=response.headers,
                now=self._now(),
            )
            if answer is None:
                answer = await self._read_body(question, response)
            if asking.moved and isinstance(answer, Body | NotModified):
                return replace(answer, moved_to=str(response.url))
            return answer

    def _follow(self, asking: Asking, target: str, response: aiohttp.ClientResponse) -> Failed | None:
        """Lead *asking* on to *target*; return why not, if it may not go there now or ever."""
        retry_at = read_retry_after(response.headers, now=self._now())
        if retry_at and retry_at > self._now():
            # RFC 9110, section 10.2.3: this is how long to wait before following. That is another asking's affair.
            why = f"{say_status(response.status, '')}, and is not to be followed before {retry_at:%Y-%m-%d %H:%M} UTC"
            return Failed(source=asking.question.source, why=why, status=response.status, retry_at=retry_at)
        wants_cookie = "Set-Cookie" in response.headers
        asking.follow(str(response.url), target, permanent=response.status in PERMANENT, wants_cookie=wants_cookie)
        return None

    async def _read_body(self, question: Question, response: aiohttp.ClientResponse) -> Body:
        """Return the document; raise as soon as it is too large, so that a bomb stays small."""
        headers, too_large = response.headers, UnfitError(f"larger than {say_size(self._max_body)}")
        if (response.content_length or 0) > self._max_body:
            raise too_large
        unpacker = Unpacker(",".join(headers.getall("Content-Encoding", [])), most=self._max_body)
        received = 0
        async for piece in response.content.iter_any():
            received += len(piece)
            if received > self._max_body:
                raise too_large
            unpacker.feed(piece)
        return Body(
            source=question.source,
            url=str(response.url),
            content=unpacker.end(),
            content_type=headers.get("Content-Type", ""),
            validators=read_validators(headers),
            max_age=read_max_age(headers, now=self._now()),
            partial=response.status == 226,
        )

    def _session(self, private: bool) -> aiohttp.ClientSession:
        """Return the session whose connections may be *private*, or that whose connections are public.

        They share no connections: one to a private address would else be there for the questions that may not open it.
        """
        session = self._sessions.get(private)
        if session is None:
            self._resolver = self._resolver or Resolver(self._named)
            public = partial(open_public_socket, known=frozenset(self._named.values()))
            session = self._sessions[private] = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    limit=0,  # the turns count
                    resolver=self._resolver,
                    ttl_dns_cache=_DNS_TTL,
                    socket_factory=None if private else public,
                ),
                auto_decompress=False,
                cookie_jar=aiohttp.DummyCookieJar(),
                headers=self._headers,
                max_line_size=MAX_FIELD,
                max_field_size=MAX_FIELD,
                max_headers=MAX_FIELDS,
                timeout=aiohttp.ClientTimeout(total=None, sock_connect=None),  # the deadline above is the only one
            )
        return session

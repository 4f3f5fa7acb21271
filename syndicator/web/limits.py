"""Keep strangers from filling the memory or the outbox: a limit on bodies, and on sign-ups by one client."""

from __future__ import annotations

import ipaddress
from collections import deque
from datetime import datetime, timedelta

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MAX_BODY = 64 * 2**10  # bytes; the sign-up form with every one of a hundred topics ticked has 4 KiB
MAX_CLIENTS = 10_000  # remembered at once, about 5 MB; then the one that was quiet longest is forgotten


class BodyLimit:
    """Refuses request bodies of more than *limit* bytes (413), told or not by Content-Length."""

    def __init__(self, app: ASGIApp, limit: int = MAX_BODY) -> None:
        self._app = app
        self._limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        taken = 0

        async def measured() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > self._limit:
                raise HTTPException(413)
            return message

        await self._app(scope, measured, send)


class RateLimit:
    """Lets one client do something *times* within any *span*."""

    def __init__(self, *, times: int, span: timedelta) -> None:
        self._times = times
        self._span = span
        self._seen: dict[str, deque[datetime]] = {}

    def admits(self, client: str, *, now: datetime) -> bool:
        """Count one more by *client*, and tell whether it is within the limit; one that is not does not count."""
        key = client_network(client)
        # Taking the key out and putting it back keeps the dict in the order of the last visit.
        times = self._seen.pop(key, deque())
        while times and now - times[0] >= self._span:
            times.popleft()
        admitted = len(times) < self._times
        if admitted:
            times.append(now)
        self._seen[key] = times
        while len(self._seen) > MAX_CLIENTS:
            del self._seen[next(iter(self._seen))]
        return admitted


def client_network(client: str) -> str:
    """Return what one subscriber of a provider has to themselves: an IPv4 address, the /64 of an IPv6 one (RFC 6177).

    >>> client_network("2001:db8:1:2:aaaa::7"), client_network("::ffff:192.0.2.9")
    ('2001:db8:1:2::/64', '192.0.2.9')
    """
    try:
        address = ipaddress.ip_address(client)
    except ValueError:
        return client
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ipaddress.IPv6Network((int(address) >> 64 << 64, 64)))
    return str(address)

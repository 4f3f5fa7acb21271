"""Find the addresses of hosts, without holding up others who need a thread."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

from aiohttp.abc import AbstractResolver, ResolveResult

# The loop's own threads are few (six on two processors), and documents are read in them: some name servers that keep
# silent for half a minute would keep them all.
_THREADS = 32


class Resolver(AbstractResolver):
    """Finds *hosts*, names to `(address, port)`, where it is told to, and all others as the system does."""

    def __init__(self, hosts: Mapping[str, tuple[str, int]]) -> None:
        self._hosts = hosts
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="resolver")

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Return where *host* is; raise `OSError` when it is nowhere."""
        if host in self._hosts:
            address, port = self._hosts[host]
            return [_result(host, address, port, socket.AF_INET6 if ":" in address else socket.AF_INET)]
        infos = await asyncio.get_running_loop().run_in_executor(self._threads, _look_up, host, port, family)
        return [_result(host, str(place[0]), int(place[1]), family) for family, _, _, _, place in infos]

    async def close(self) -> None:
        """Let the threads go; those that still wait for a name server are not waited for."""
        self._threads.shutdown(wait=False, cancel_futures=True)


_Infos = list[tuple[socket.AddressFamily, socket.SocketKind, int, str, tuple[str, int] | tuple[str, int, int, int]]]


def _look_up(host: str, port: int, family: socket.AddressFamily) -> _Infos:
    return socket.getaddrinfo(host, port, family, socket.SOCK_STREAM, flags=socket.AI_ADDRCONFIG)  # type: ignore[return-value]


def _result(host: str, address: str, port: int, family: socket.AddressFamily) -> ResolveResult:
    return ResolveResult(hostname=host, host=address, port=port, family=family, proto=0, flags=socket.AI_NUMERICHOST)

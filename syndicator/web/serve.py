"""Listen on a port, beside whatever else runs in the same loop: the home of uvicorn.

uvicorn's `Server.serve` takes SIGTERM and SIGINT for itself and, when done, raises them anew, which would
end the process before the loop over the jobs has brought its round to an end. Ours leaves signals alone:
whoever opens it takes them, and leaves the block of `listening` when told to stop.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import socket
from collections.abc import AsyncIterator, Iterator

import uvicorn
from starlette.types import ASGIApp

from syndicator.errors import SyndicatorError

# Answers under way are given this long when we stop; systemd waits for 90 s, Docker for 10 s, then they kill.
GRACE = 5  # seconds
BACKLOG = 128  # connections that wait to be taken up


@contextlib.asynccontextmanager
async def listening(app: ASGIApp, *, host: str, port: int) -> AsyncIterator[tuple[str, int]]:
    """Serve *app* while the block runs; gives the host and port that are really bound (*port* 0: any free one).

    Raise `SyndicatorError` when the port is taken, or the host is none of this machine.
    """
    listener = await _bind(host, port)
    bound_host, bound_port = listener.getsockname()[:2]
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,  # the addresses of pages hold readers' tokens
        lifespan="off",
        ws="none",
        server_header=False,
        timeout_graceful_shutdown=GRACE,
        # X-Forwarded-For counts when the proxy stands on this machine, or FORWARDED_ALLOW_IPS names it.
        proxy_headers=True,
    )
    server = _Server(config)
    running = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        # What breaks the start breaks the task, and then nobody would ever set the event.
        ready = asyncio.create_task(server.ready.wait())
        await asyncio.wait([ready, running], return_when=asyncio.FIRST_COMPLETED)
        ready.cancel()
        if running.done():
            await running
        yield bound_host, bound_port
    finally:
        server.should_exit = True
        await running


class _Server(uvicorn.Server):
    """A server that says when it is ready and leaves the signals to others."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = asyncio.Event()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()


async def _bind(host: str, port: int) -> socket.socket:
    """Return a listening socket. We bind it ourselves because uvicorn ends the process when it cannot."""
    try:
        found = await asyncio.get_running_loop().getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )
    except OSError as error:
        raise SyndicatorError(
            f"{host}: this machine knows no such host ({error.strerror}); use --host 127.0.0.1, or 0.0.0.0 for all"
        ) from error
    family, kind, protocol, _, address = found[0]
    listener = socket.socket(family, kind, protocol)
    try:
        # A port that was ours a moment ago may be taken again at once.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        raise SyndicatorError(_refusal(host, port, error)) from error
    listener.setblocking(False)
    return listener


def _refusal(host: str, port: int, error: OSError) -> str:
    match error.errno:
        case errno.EADDRINUSE:
            return f"{host}:{port}: another program listens there; stop it, or choose another with --port"
        case errno.EACCES:
            return f"{host}:{port}: ports below 1024 are not for everybody; choose one above with --port"
        case errno.EADDRNOTAVAIL:
            return f"{host}: no address of this machine; use --host 127.0.0.1, or 0.0.0.0 for all"
        case _:
            return f"{host}:{port}: cannot listen there: {error.strerror}; choose another with --host and --port"

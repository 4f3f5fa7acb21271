"""Stand before the site while the newsroom behind it is exchanged."""

from __future__ import annotations

import asyncio
from typing import TypeAlias

from starlette.types import ASGIApp, Receive, Scope, Send

App: TypeAlias = ASGIApp

# Seconds; a sign-up takes far less, and who loads a file over a slow line holds nobody up for longer.
PATIENCE = 10


class Front:
    """An application that hands every request to the one of the present; while there is none, requests wait."""

    def __init__(self) -> None:
        self._room: _Room | None = None
        self._open = asyncio.Event()

    def admit(self, app: App) -> None:
        """Hand requests to *app* from now on."""
        self._room = _Room(app)
        self._open.set()

    async def hold(self, *, patience: float = PATIENCE) -> int:
        """Let new requests wait until there is an application again, and bring those inside the present one to an end.

        Return how many of them were not answered within *patience* (seconds); they go on.
        """
        self._open.clear()
        return await self._room.empty(patience) if self._room else 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        # Between the opening and its own turn a request may find the door shut again.
        while not self._open.is_set():
            await self._open.wait()
        assert self._room is not None  # the door opens only for one
        await self._room.answer(scope, receive, send)


class _Room:
    """One application, and how many requests are inside it."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._inside = 0
        self._empty = asyncio.Event()
        self._empty.set()

    async def answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._inside += 1
        self._empty.clear()
        try:
            await self._app(scope, receive, send)
        finally:
            self._inside -= 1
            if not self._inside:
                self._empty.set()

    async def empty(self, patience: float) -> int:
        try:
            async with asyncio.timeout(patience):
                await self._empty.wait()
        except TimeoutError:
            return self._inside
        return 0

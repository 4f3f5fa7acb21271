"""Stand before the site while the newsroom behind it is exchanged."""

from __future__ import annotations

import asyncio
from typing import TypeAlias

from starlette.types import ASGIApp, Receive, Scope, Send

App: TypeAlias = ASGIApp


class Front:
    """An application that hands every request to the one of the present; while there is none, requests wait."""

    def __init__(self) -> None:
        self._app: App | None = None
        self._open = asyncio.Event()

    def admit(self, app: App) -> None:
        """Hand requests to *app* from now on."""
        self._app = app
        self._open.set()

    def hold(self) -> None:
        """Let requests wait until there is an application again."""
        self._open.clear()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._open.wait()
        assert self._app is not None  # the door opens only for one
        await self._app(scope, receive, send)

"""Put many questions, each when its turn comes, and hand on the answers as they come."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine, Sequence
from functools import partial
from typing import Any

from syndicator.edges.asking import Asking
from syndicator.edges.turns import Hosts, Turns
from syndicator.model.source import Failed, Fetched

# Puts a question to where it stands; None says that a redirect leads it on.
Ask = Callable[[Asking], Coroutine[Any, Any, Fetched | None]]


class Round:
    """The questions of one call of a fetcher, *rounds* being all its calls that go on at this time.

    A question holds one of *places* from its beginning until the consumer comes back after its answer: before one who
    is busy, answers do not pile up. Its place at the host, which rounds share, is free when the host has answered.
    """

    def __init__(self, askings: Sequence[Asking], *, ask: Ask, hosts: Hosts, places: int, rounds: list[Round]) -> None:
        self._askings = askings
        self._ask = ask
        self._places = places
        self._rounds = rounds
        self._turns: Turns[Asking] = Turns(hosts)
        self._tasks: set[asyncio.Task[Fetched | None]] = set()
        self._answers: asyncio.Queue[Fetched] = asyncio.Queue()
        self._timer: asyncio.TimerHandle | None = None

    async def answers(self) -> AsyncGenerator[Fetched, None]:
        """Yield one answer to every question; when closed or cancelled, end the questions that are under way."""
        for asking in self._askings:
            self._turns.join(asking.host, asking, spacing=asking.spacing)
        self._rounds.append(self)
        try:
            for _ in self._askings:
                self._begin()
                yield await self._answers.get()
                self._places += 1
        finally:
            self._rounds.remove(self)
            await self._end()

    def _begin(self) -> None:
        """Begin as many questions as there are places and turns for."""
        loop = asyncio.get_running_loop()
        while self._places and (asking := self._turns.next(loop.time())):
            self._places -= 1
            task = loop.create_task(self._ask(asking))
            self._tasks.add(task)
            # Not at the end of the task itself: one that is cancelled before it begins has no end of its own.
            task.add_done_callback(partial(self._done, asking, asking.host))
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._places and (rested_at := self._turns.rested_at) is not None:
            self._timer = loop.call_at(rested_at, self._begin)

    def _done(self, asking: Asking, host: str, task: asyncio.Task[Fetched | None]) -> None:
        self._tasks.discard(task)
        self._turns.leave(host)
        # Whoever ended the task, the consumer waits for as many answers as there are questions.
        answer = Failed(source=asking.question.source, why="interrupted") if task.cancelled() else task.result()
        if answer is None:
            self._places += 1
            self._turns.join(asking.host, asking, spacing=asking.spacing, first=True)
        else:
            self._answers.put_nowait(answer)
        for round_ in self._rounds:
            round_.freed(host)

    def freed(self, host: str) -> None:
        """Learn that there is a place at *host*."""
        self._turns.freed(host)
        self._begin()

    async def _end(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

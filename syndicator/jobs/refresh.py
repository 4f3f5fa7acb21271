"""Ask the sources that are due, read what they answer, tag it, and remember it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing, suppress
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

from syndicator.config.model import Config
from syndicator.errors import StoreError
from syndicator.jobs.discover import discover
from syndicator.jobs.reading import Harvest, Reading, is_to_be_read_again, keys_of, read_answer, take_in
from syndicator.jobs.refresh_report import RefreshReport
from syndicator.jobs.robots import Permission, ask_robots, join_permissions, needs_robots, permit
from syndicator.log import get_logger
from syndicator.model.entry import Item
from syndicator.model.source import Body, Failed, Fetched, Question, SourceState, Validators
from syndicator.pipeline.cadence import first_state, is_due, question
from syndicator.pipeline.keys import find_twins
from syndicator.pipeline.rules import Rules, compile_rules
from syndicator.ports import Clock, Fetcher, Progress, Store

log = get_logger()
R = TypeVar("R")

# For as long nobody asks a source over which a process was killed; a process that lives renews its claims.
LEASE = timedelta(minutes=5)
_BATCH = 64  # answers in one transaction, as a commit waits for the disk
_DOCUMENTS = 12  # that are read and not yet written: they are large, while an answer that nothing changed is small
_EARLY = 2  # askings of the fetcher that begin while a robots.txt is still awaited; each has connections of its own
_READERS = 2  # threads that read; with one, a document that takes seconds would hold up all others
OFFLINE_WAIT = timedelta(minutes=5)  # until all is tried again, when it was our own network that failed
_TWINS = timedelta(days=60)  # how far back the articles lie that may come again under other names


async def refresh(
    config: Config,
    *,
    store: Store,
    fetcher: Fetcher,
    clock: Clock,
    jitter: Callable[[], float],
    progress: Progress,
    everything: bool = False,
) -> RefreshReport:
    """Ask the sources that are due (or *everything*), and write what is new to the store as it comes.

    What a source answers is written in one transaction with what we remember of the source, so that
    a validator is never kept without the entries it stands for. Whoever stops this, or kills it, loses
    at most the answers that were not written yet: their sources are asked again.
    """
    turn = _Turn(config, store=store, fetcher=fetcher, clock=clock, jitter=jitter, progress=progress)
    await turn.run(everything=everything)
    return turn.report


class _Turn:
    """One refresh under way. The states of the sources whose answers are not written yet are *_claimed*."""

    def __init__(
        self,
        config: Config,
        *,
        store: Store,
        fetcher: Fetcher,
        clock: Clock,
        jitter: Callable[[], float],
        progress: Progress,
    ) -> None:
        self.report = RefreshReport()
        self._config = config
        self._store = store
        self._fetcher = fetcher
        self._clock = clock
        self._jitter = jitter
        self._progress = progress
        self._compiled: Rules | None = None
        self._claimed: dict[str, SourceState] = {}
        self._online = False  # some server has answered something
        self._unreached: list[Reading] = []
        self._room = asyncio.Semaphore(_DOCUMENTS)
        self._renewed_at = clock.now()
        # Threads of its own: each keeps what memory it once needed, and the loop's own pool would start many.
        self._readers = ThreadPoolExecutor(_READERS, thread_name_prefix="reader")

    async def run(self, *, everything: bool) -> None:
        """Ask, read and write until there is nothing left to ask."""
        await self._claim(everything=everything)
        if not self._claimed:
            return
        self._progress.begin("sources", len(self._claimed))
        try:
            async with aclosing(self._batches()) as batches:
                async for batch in batches:
                    await self._write(self._sift(batch))
                    await self._renew()  # also while nothing is written, as no server has answered yet
            await self._write_unreached()
        finally:
            self._readers.shutdown(wait=False, cancel_futures=True)
            await self._give_back()

    async def _claim(self, *, everything: bool) -> None:
        now, sources = self._clock.now(), self._config.sources
        known = await self._store.source_states(list(sources))
        states = [known.get(id) or first_state(source) for id, source in sources.items()]
        due = [state for state in states if everything or is_due(state, sources[state.id], now=now)]
        taken = await self._store.claim_sources(due, now=now, lease=LEASE)
        self._claimed = {state.id: state for state in taken}
        self.report.waiting = len(states) - len(due)
        self.report.elsewhere = len(due) - len(taken)

    # ---- asking

    async def _batches(self) -> AsyncGenerator[list[Reading], None]:
        """Yield what was answered and read: at a time as much as came while the last was written."""
        queue: asyncio.Queue[Reading | None] = asyncio.Queue(maxsize=_BATCH)
        asking = asyncio.create_task(self._ask_all(queue))
        try:
            last = False
            while not last and (reading := await queue.get()):
                batch = [reading]
                while len(batch) < _BATCH and not queue.empty() and not last:
                    further = queue.get_nowait()
                    batch += [further] if further else []
                    last = further is None
                yield batch
            await asking
        finally:
            asking.cancel()
            await asyncio.gather(asking, return_exceptions=True)

    async def _ask_all(self, queue: asyncio.Queue[Reading | None]) -> None:
        """Ask all that are claimed, robots.txt first where it is to be asked; None is the last of *queue*."""
        now, sources = self._clock.now(), self._config.sources
        known: list[SourceState] = []
        unknown: list[SourceState] = []
        for state in self._claimed.values():
            (unknown if needs_robots(state, sources[state.id], now=now) else known).append(state)
        try:
            # Together, so that a host which is slow to say what it forbids holds up no other.
            async with asyncio.TaskGroup() as group:
                group.create_task(self._ask(permit(known, sources), queue))
                if unknown:
                    group.create_task(self._ask_with_robots(unknown, queue, group))
        except ExceptionGroup as failures:
            raise failures.exceptions[0] from None
        finally:
            await queue.put(None)

    async def _ask_with_robots(
        self, states: Sequence[SourceState], queue: asyncio.Queue[Reading | None], group: asyncio.TaskGroup
    ) -> None:
        """Ask the sources of each host when its robots.txt is there, whatever others do.

        Those that wait when the last robots.txt is there are asked at once: a host that wishes long gaps must not
        hold them up.
        """
        permitted: asyncio.Queue[Permission | None] = asyncio.Queue()
        for _ in range(_EARLY):
            group.create_task(self._ask_permitted(permitted, queue))
        asking = ask_robots(states, self._config.sources, fetcher=self._fetcher, clock=self._clock)
        async with aclosing(asking) as permissions:
            async for permission in permissions:
                permitted.put_nowait(permission)
        rest = _all_of(permitted)
        for _ in range(_EARLY):
            permitted.put_nowait(None)
        await self._ask(rest, queue)

    async def _ask_permitted(
        self, permitted: asyncio.Queue[Permission | None], queue: asyncio.Queue[Reading | None]
    ) -> None:
        """Ask the sources that are *permitted* so far, and again, up to None."""
        while first := await permitted.get():
            await self._ask(join_permissions([first, _all_of(permitted)]), queue)

    async def _ask(self, permission: Permission, queue: asyncio.Queue[Reading | None]) -> None:
        for state, refusal in permission.refused:
            await queue.put(await self._read(refusal, state))
        now = self._clock.now()
        questions = [self._question(state, now) for state in permission.states.values()]
        async with aclosing(self._fetcher.fetch(questions)) as answers:
            async for answer in answers:
                await queue.put(await self._read(answer, permission.states[answer.source]))

    def _question(self, state: SourceState, now: datetime) -> Question:
        asked = question(state, self._config.sources[state.id], now=now)
        return replace(asked, validators=Validators()) if is_to_be_read_again(state, now=now) else asked

    async def _read(self, answer: Fetched, state: SourceState) -> Reading:
        source, now = self._config.sources[answer.source], self._clock.now()
        oldest = now - self._config.keep_items
        if not isinstance(answer, Body):
            return read_answer(answer, state, source, oldest=oldest, at=now)
        await self._room.acquire()
        # Reading takes milliseconds of processor time, and seconds where a document is hostile; other answers must go
        # on arriving meanwhile.
        reading = await self._in_thread(partial(read_answer, answer, state, source, oldest=oldest, at=now))
        reading = await discover(reading, fetcher=self._fetcher, clock=self._clock)
        # Of a document that was read, the bytes are needed no more, and many readings wait to be written.
        if not _is_document(reading):
            self._room.release()
            return reading
        return replace(reading, answer=replace(answer, content=b""))

    async def _in_thread(self, work: Callable[[], R]) -> R:
        return await asyncio.get_running_loop().run_in_executor(self._readers, work)

    # ---- writing

    def _sift(self, batch: list[Reading]) -> list[Reading]:
        """Return what is to be written now: what failed on its way only once any server has answered.

        Until then it may be our own network that is down, which is no fault of theirs.
        """
        if not self._online:
            self._online = not all(map(_is_unreached, batch))
            self._unreached += batch
            batch, self._unreached = (self._unreached, []) if self._online else ([], self._unreached)
        return batch

    async def _write_unreached(self) -> None:
        """Write the failures of sources of which none was reached: as they were, if it is not one source alone."""
        if len(self._unreached) == 1:
            await self._write(self._unreached)
        elif self._unreached:
            self.report.offline = True
            next_at = self._clock.now() + OFFLINE_WAIT
            await self._record(
                Harvest(
                    answer=reading.answer,
                    state=replace(reading.before, url=reading.source.url, next_at=next_at, claimed_until=None),
                )
                for reading in self._unreached
            )

    async def _write(self, batch: Sequence[Reading]) -> None:
        if not batch:
            return
        keys = keys_of(batch)
        known = await self._store.items_by_keys(keys) if keys else {}
        jitter = [self._jitter() for _ in batch]
        harvests = await self._take_in(batch, known, {}, jitter)
        if doubtful := [harvest.state.id for harvest in harvests if harvest.doubt]:
            # Rare, and dear: the articles of such a source are looked for by what they say.
            harvests = await self._take_in(batch, known, await self._twins(doubtful), jitter)
        await self._record(harvests)
        for _ in filter(_is_document, batch):
            self._room.release()

    async def _record(self, harvests: Iterable[Harvest]) -> None:
        harvests = list(harvests)
        # What two sources of one outlet bring in one batch is written as the later left it.
        items = {item.id: item for harvest in harvests for item in harvest.items}
        await self._store.record_harvest([harvest.state for harvest in harvests], list(items.values()))
        for harvest in harvests:
            self._claimed.pop(harvest.state.id)
            title = self._config.sources[harvest.state.id].title
            self._progress.step("sources", f"{title}: {self.report.add(harvest)}")
            log.debug("fetched", source=harvest.state.id, outcome=harvest.state.outcome, new=len(harvest.new))

    async def _take_in(
        self,
        batch: Sequence[Reading],
        known: Mapping[str, Item],
        twins: Mapping[str, Mapping[str, Item]],
        jitter: Sequence[float],
    ) -> list[Harvest]:
        work = partial(take_in, batch, known, twins, config=self._config, rules=self._rules, jitter=jitter)
        return await self._in_thread(work) if any(reading.parsed for reading in batch) else work()

    def _rules(self) -> Rules:
        if self._compiled is None:
            self._compiled = compile_rules(self._config.tags)
        return self._compiled

    async def _twins(self, sources: Iterable[str]) -> dict[str, dict[str, Item]]:
        """Return, by source and by what they say, the articles that the store has of *sources*."""
        items = await self._store.items_since(self._clock.now() - _TWINS)
        return {source: find_twins(items, source=self._config.sources[source]) for source in sources}

    async def _renew(self) -> None:
        now = self._clock.now()
        if self._claimed and now - self._renewed_at >= LEASE / 3:
            until = now + LEASE
            await self._store.record_harvest(
                [replace(state, claimed_until=until) for state in self._claimed.values()], []
            )
            self._renewed_at = now

    async def _give_back(self) -> None:
        """Free the sources that were claimed and not asked to the end."""
        if self._claimed:
            states = [replace(state, claimed_until=None) for state in self._claimed.values()]
            with suppress(StoreError):  # what it says was said already; the lease ends by itself
                await self._store.record_harvest(states, [])


def _all_of(permitted: asyncio.Queue[Permission | None]) -> Permission:
    """Take what is in *permitted* at this moment."""
    taken = []
    while not permitted.empty():
        taken.append(permitted.get_nowait())
    return join_permissions(permission for permission in taken if permission)


def _is_document(reading: Reading) -> bool:
    return isinstance(reading.answer, Body)


def _is_unreached(reading: Reading) -> bool:
    return isinstance(reading.answer, Failed) and reading.answer.unreached

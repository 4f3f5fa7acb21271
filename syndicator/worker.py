"""Keep the line running: ask each source at its own pace, send each newsletter at its readers' hour."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from syndicator.errors import MailError, SyndicatorError
from syndicator.log import get_logger
from syndicator.model.story import Story
from syndicator.newsroom import Newsroom

log = get_logger()

TICK = timedelta(seconds=15)  # between two rounds; a person who signs up waits for the confirmation mail
GRACE = timedelta(seconds=60)  # systemd waits for 90 s before it kills
FREEZE_EVERY = timedelta(minutes=1)  # every reader is looked at for it, and nobody's hour is counted in seconds
# Stories leave a feed by growing old, though nothing comes in; an hour is soon enough for that.
RENEWAL = timedelta(hours=1)
PUBLISH_REST = timedelta(minutes=1)  # after a failure; to render a thousand pages for a full disk helps nobody
# A mail server that cannot be used is not knocked at every few seconds: some lock an account for that.
MAIL_REST = timedelta(minutes=5)


class LogProgress:
    """Writes progress to the log, for those who asked for all of it."""

    def begin(self, stage: str, total: int) -> None:
        if total:
            log.debug("begin", stage=stage, total=total)

    def step(self, stage: str, note: str = "") -> None:
        log.debug("step", stage=stage, note=note)


class Worker:
    """The loop over the jobs of *newsroom*.

    What fails is logged and tried again in a later round, and holds up nothing but itself: a template
    that is wrong stops no confirmation mail.
    """

    def __init__(self, newsroom: Newsroom) -> None:
        self._newsroom = newsroom
        self._progress = LogProgress()
        self._stories: Sequence[Story] | None = None
        self._stale = True  # there is something new, or something grown old, that is not published yet
        self._gathered = False  # the stories are those of the present rules and entries
        self._tidied_at: datetime | None = None
        self._published_at: datetime | None = None
        self._failed_at: datetime | None = None  # when publishing failed, until it is done again
        self._frozen_at: datetime | None = None
        self._mail_rests_until: datetime | None = None
        self.finished_at: datetime | None = None  # the end of the last round of news in which nothing failed

    @property
    def stories(self) -> Sequence[Story] | None:
        """The stories as gathered last, never changed but exchanged; None before there is anything to tell."""
        return self._stories

    async def run(self, stop: asyncio.Event, *, hurry: asyncio.Event | None = None, tick: timedelta = TICK) -> None:
        """Work until *stop* is set: news and mail each at their own pace, so that neither waits for the other.

        What is under way is then brought to its end, and mails that were not begun are given back. Once *hurry* is
        set too (by default it is *stop* itself), that may take `GRACE` and no longer.
        """
        hurry = hurry or stop
        loops = [
            asyncio.create_task(self._repeat(self.news, stop, tick)),
            asyncio.create_task(self._repeat(lambda: self.mail(stopping=stop.is_set), stop, tick)),
        ]
        stopped = asyncio.create_task(stop.wait())
        # A loop never ends by itself; should it, the service must not go on without it as if all were well.
        await asyncio.wait([stopped, *loops], return_when=asyncio.FIRST_COMPLETED)
        stop.set()
        hurried = asyncio.create_task(hurry.wait())
        ended = asyncio.gather(*loops, return_exceptions=True)
        either: list[asyncio.Future[Any]] = [ended, hurried]
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        hurried.cancel()
        _, late = await asyncio.wait(loops, timeout=GRACE.total_seconds())
        for loop in late:
            log.warning("stopped before it was done", seconds=GRACE.total_seconds())
            loop.cancel()
        await ended
        if broken := [loop for loop in loops if loop not in late and (loop.cancelled() or loop.exception())]:
            raise SyndicatorError(f"a loop of the service broke: {broken[0]}; start it again")

    async def news(self) -> None:
        """Do once what is due of asking, gathering, freezing and publishing."""
        now = self._newsroom.clock.now()
        if self._stories is None:
            await self._try("gather", self._gather_early)
        steps = [
            await self._try("refresh", self._refresh),
            await self._try("tidy", lambda: self._tidy(now)),
            await self._try("gather", lambda: self._gather(now)),
            await self._try("freeze", lambda: self._freeze(now)),
            await self._try("publish", lambda: self._publish(now)),
        ]
        if all(steps) and self._failed_at is None:
            self.finished_at = self._newsroom.clock.now()

    async def mail(self, *, stopping: Callable[[], bool] = lambda: False) -> None:
        """Send once what is due."""
        await self._try("send", lambda: self._send(self._newsroom.clock.now(), stopping))

    async def _repeat(self, work: Callable[[], Awaitable[None]], stop: asyncio.Event, tick: timedelta) -> None:
        while not stop.is_set():
            await work()
            try:
                await asyncio.wait_for(stop.wait(), tick.total_seconds())
            except TimeoutError:
                continue

    async def _try(self, step: str, work: Callable[[], Awaitable[None]]) -> bool:
        try:
            await work()
        except SyndicatorError as error:
            log.error("failed", step=step, cause=str(error))
        except Exception:
            # A fault of ours must not end the service for all readers: the next round starts anew.
            log.exception("failed", step=step)
        else:
            return True
        return False

    async def _refresh(self) -> None:
        report = await self._newsroom.refresh(self._progress)
        for source, why in report.failed:
            log.warning("source failed", source=source, why=why)
        self._stale = self._stale or bool(report.new or report.changed or report.examined)

    async def _gather_early(self) -> None:
        """Gather what is stored: whoever wants to see what an edit did need not wait for all papers to answer."""
        # Of an empty store nothing can be told, not even that it holds nothing.
        self._stories = await self._newsroom.gather() or None

    async def _tidy(self, now: datetime) -> None:
        if self._tidied_at is None or now - self._tidied_at >= RENEWAL:
            await self._newsroom.tidy()
            self._tidied_at = now

    async def _gather(self, now: datetime) -> None:
        old = self._published_at is None or now - self._published_at >= RENEWAL
        if not (self._stale or old) or self._rests(now):
            return
        self._stale, self._gathered = True, False
        self._stories = await self._newsroom.gather()
        self._gathered = True

    async def _freeze(self, now: datetime) -> None:
        recent = self._frozen_at is not None and now - self._frozen_at < FREEZE_EVERY
        if recent or (stories := self._present()) is None:
            return
        report = await self._newsroom.freeze(stories, self._progress)
        self._frozen_at = now
        if report.editions:
            log.info("frozen", editions=report.editions, mails=report.owed)
            self._stale = True  # the archive has a page more

    async def _publish(self, now: datetime) -> None:
        if not self._stale or (stories := self._present()) is None or self._rests(now):
            return
        try:
            report = await self._newsroom.publish(stories, self._progress)
        except BaseException:
            self._failed_at = self._newsroom.clock.now()
            raise
        self._stale, self._published_at, self._failed_at = False, now, None
        if report.feed_files_written or report.pages_written:
            log.info("published", feeds=report.feed_files_written, pages=report.pages_written)

    def _present(self) -> Sequence[Story] | None:
        return self._stories if self._gathered else None

    def _rests(self, now: datetime) -> bool:
        return self._failed_at is not None and now - self._failed_at < PUBLISH_REST

    async def _send(self, now: datetime, stopping: Callable[[], bool]) -> None:
        if self._mail_rests_until is not None and now < self._mail_rests_until:
            return
        try:
            sent = await self._newsroom.send(self._progress, stopping=stopping)
        except MailError:
            self._mail_rests_until = now + MAIL_REST
            raise
        if sent.sent or sent.refused or sent.deferred:
            log.info("sent", **dict(sent.sent), deferred=len(sent.deferred), refused=len(sent.refused))

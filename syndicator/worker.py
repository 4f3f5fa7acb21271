"""Keep the line running: ask each source at its own pace, send each newsletter at its readers' hour."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

from syndicator.errors import MailError, SyndicatorError
from syndicator.log import get_logger
from syndicator.model.story import Story
from syndicator.newsroom import Newsroom

log = get_logger()

TICK = timedelta(seconds=15)  # how long a person who signs up waits for the confirmation mail, at most
# Stories leave a feed by growing old, though nothing comes in; an hour is soon enough for that.
RENEWAL = timedelta(hours=1)
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
    """The loop over the jobs of *newsroom*. What fails in one round is logged, and tried in the next."""

    def __init__(self, newsroom: Newsroom) -> None:
        self._newsroom = newsroom
        self._progress = LogProgress()
        self._stories: Sequence[Story] = ()
        self._published_at: datetime | None = None
        self._mail_rests_until: datetime | None = None
        self.finished_at: datetime | None = None  # the end of the last round that went through

    async def run(self, stop: asyncio.Event, *, tick: timedelta = TICK) -> None:
        """Work a round every *tick* until *stop* is set; a round under way is brought to its end."""
        while not stop.is_set():
            try:
                await self.round()
            except SyndicatorError as error:
                log.error("round failed", cause=str(error))
            except Exception:
                # A fault of ours must not end the service for all readers: the next round starts anew.
                log.exception("round failed")
            try:
                await asyncio.wait_for(stop.wait(), tick.total_seconds())
            except TimeoutError:
                continue

    async def round(self) -> None:
        """Do once what is due now."""
        newsroom, now = self._newsroom, self._newsroom.clock.now()
        refreshed = await newsroom.refresh(self._progress)
        for source, why in refreshed.failed:
            log.warning("source failed", source=source, why=why)
        stale = self._published_at is None or now - self._published_at >= RENEWAL
        if stale:
            await newsroom.tidy()
        if refreshed.changed_sources or stale:
            self._stories = await newsroom.gather()
            await self._publish(now, new=refreshed.new, changed=refreshed.changed)
        frozen = await newsroom.freeze(self._stories, self._progress)
        if frozen.editions:
            log.info("frozen", editions=frozen.editions, mails=frozen.owed)
            await self._publish(now, editions=len(frozen.editions))
        if self._mail_rests_until is None or now >= self._mail_rests_until:
            await self._send(now)
        self.finished_at = newsroom.clock.now()

    async def _send(self, now: datetime) -> None:
        try:
            sent = await self._newsroom.send(self._progress)
        except MailError as error:
            self._mail_rests_until = now + MAIL_REST
            log.error("mail rests", cause=str(error), minutes=MAIL_REST.total_seconds() / 60)
            return
        if sent.sent or sent.refused or sent.deferred:
            log.info("sent", **dict(sent.sent), deferred=len(sent.deferred), refused=len(sent.refused))

    async def _publish(self, now: datetime, **cause: int) -> None:
        report = await self._newsroom.publish(self._stories, self._progress)
        self._published_at = now
        if report.feed_files_written or report.pages_written:
            log.info("published", feeds=report.feed_files_written, pages=report.pages_written, **cause)

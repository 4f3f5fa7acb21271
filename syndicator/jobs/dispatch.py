"""Hand the mails that are due to the mail server, and write down what it answers."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import aclosing, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from syndicator.config.model import Config
from syndicator.errors import SyndicatorError
from syndicator.log import get_logger
from syndicator.model.edition import Variant
from syndicator.model.mail import Deferred, Delivery, Message, Receipt
from syndicator.model.subscriber import Subscriber
from syndicator.pipeline.compose import compose_message
from syndicator.pipeline.links import personal_links
from syndicator.pipeline.outbox import settle
from syndicator.pipeline.readers import still_awaiting
from syndicator.pipeline.tokens import CONFIRM_MAX_AGE
from syndicator.ports import Clock, Mailer, Progress, Store

log = get_logger()

# Mails claimed at once. Few, as those that were under way when a process died wait for the lease to end.
BATCH = 32
# Consent is looked up when a batch is claimed; a mail that was not begun by then is claimed, and looked at, anew.
BEGIN = timedelta(minutes=1)
# RFC 5321, section 4.5.3.2, grants a server about half an hour for a connection and one mail, ten minutes of it
# after the final dot; a connection that breaks may be made once more. So no mail is under way when its claim ends.
LEASE = timedelta(hours=1)


@dataclass(slots=True, kw_only=True)
class DispatchReport:
    """What became of the mails that were due: *sent* by language, and how many were not, and why.

    *late* digests were withdrawn as they came too late, the other *withdrawn* ones as the reader had left.
    """

    sent: Counter[str] = field(default_factory=Counter)
    deferred: list[tuple[str, str]] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)
    late: int = 0
    withdrawn: int = 0


async def dispatch(
    config: Config,
    *,
    secret: bytes,
    store: Store,
    mailer: Mailer,
    clock: Clock,
    jitter: Callable[[], float],
    progress: Progress,
    stopping: Callable[[], bool] = lambda: False,
    report: DispatchReport | None = None,
) -> DispatchReport:
    """Send all that is due, or what can be sent until *stopping*; return *report*, or a new one, filled.

    Each receipt is written back as it comes, so that a crash repeats very little. What was claimed and not
    begun is given back at once, also when the mail server cannot be used at all and `MailError` goes on to
    the caller.
    """
    report = DispatchReport() if report is None else report
    post = _Post(config, secret, store, mailer, clock, jitter, progress, stopping, report)
    while not stopping():
        begin_until = clock.now() + BEGIN
        batch = await store.claim(now=clock.now(), limit=BATCH, lease=LEASE)
        if not batch:
            break
        people = {s.id: s for s in await store.subscribers({d.subscriber for d in batch})}
        variants = await store.variants({delivery.variant for delivery in batch})
        wanted = [delivery for delivery in batch if _is_wanted(delivery, people, variants, now=clock.now())]
        kept = {delivery.id for delivery in wanted}
        unwanted = [replace(d, state="withdrawn", settled_at=clock.now()) for d in batch if d.id not in kept]
        if unwanted:
            await store.settle(unwanted)
            late = sum(d.late_at is not None and clock.now() > d.late_at for d in unwanted)
            report.late += late
            report.withdrawn += len(unwanted) - late
            log.warning("mails withdrawn", too_late=late, reader_left=len(unwanted) - late)
        await post.send(wanted, people, variants, begin_until)
    return report


def _is_wanted(
    delivery: Delivery, people: Mapping[str, Subscriber], variants: Mapping[str, Variant], *, now: datetime
) -> bool:
    """Tell whether the reader still wants what was owed: they may have left since, or it may be too late."""
    if delivery.late_at is not None and now > delivery.late_at:
        return False
    subscriber, variant = people.get(delivery.subscriber), variants.get(delivery.variant)
    if subscriber is None or variant is None:
        return False
    if not variant.list_id:
        # A confirmation mail: what it asks may be settled by now, or replaced by another wish.
        fresh = now - delivery.created_at < CONFIRM_MAX_AGE
        return fresh and bool(still_awaiting(subscriber, delivery.wish.split()))
    subscription = subscriber.subscription(variant.list_id)
    return subscription is not None and subscription.active


@dataclass(frozen=True, slots=True)
class _Post:
    """Sends one batch after another and writes down what becomes of them."""

    config: Config
    secret: bytes
    store: Store
    mailer: Mailer
    clock: Clock
    jitter: Callable[[], float]
    progress: Progress
    stopping: Callable[[], bool]
    report: DispatchReport

    async def send(
        self,
        deliveries: Sequence[Delivery],
        people: Mapping[str, Subscriber],
        variants: Mapping[str, Variant],
        begin_until: datetime,
    ) -> None:
        """Send *deliveries*, none of them begun after *begin_until* or when it is time to stop."""
        unsent = {delivery.id: delivery for delivery in deliveries}
        faulty: list[Deferred] = []

        def messages() -> Iterator[Message]:
            for delivery in deliveries:
                if self.stopping() or self.clock.now() >= begin_until:
                    return
                try:
                    yield self._compose(delivery, variants[delivery.variant], people[delivery.subscriber])
                except (SyndicatorError, ValueError) as error:
                    # One faulty rendering must not hold up the mails of all the others.
                    log.error("mail not composed", variant=delivery.variant, cause=str(error))
                    faulty.append(Deferred(delivery=delivery.id, reply=f"not composed: {error}"))

        journal = _Journal(self.store)
        self.progress.begin("mails", len(deliveries))
        try:
            # Closed before anything is given back, so that no mail of it is still under way then.
            async with aclosing(self.mailer.send(messages())) as receipts:
                async for receipt in receipts:
                    await self._settle(unsent.pop(receipt.delivery), receipt, journal)
            for deferred in faulty:
                await self._settle(unsent.pop(deferred.delivery), deferred, journal)
        finally:
            # What cannot be written down must not keep from being sent what was never begun.
            try:
                await journal.close()
            finally:
                if unsent:
                    await self.store.settle([replace(delivery, claimed_until=None) for delivery in unsent.values()])

    def _compose(self, delivery: Delivery, variant: Variant, subscriber: Subscriber) -> Message:
        return compose_message(
            variant,
            delivery=delivery,
            subscriber=subscriber,
            mail=self.config.mail,
            site=self.config.site,
            personal=personal_links(variant, subscriber, delivery, site_url=self.config.site.url, secret=self.secret),
        )

    async def _settle(self, delivery: Delivery, receipt: Receipt, journal: _Journal) -> None:
        now = self.clock.now()
        settled = settle(delivery, receipt, now=now, jitter=self.jitter())
        await journal.write(settled)
        _count(self.report, settled, now)
        self.progress.step("mails", f"{settled.language}: {settled.reply}")


class _Journal:
    """Writes settled deliveries: those that come in while one write is under way make up the next."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._waiting: list[Delivery] = []
        self._under_way: list[Delivery] = []
        self._writing: asyncio.Task[None] | None = None

    async def write(self, delivery: Delivery) -> None:
        """Take *delivery* up; raise what an earlier write raised."""
        self._waiting.append(delivery)
        if self._writing is None or self._writing.done():
            await self._finish()
            self._under_way, self._waiting = self._waiting, []
            self._writing = asyncio.create_task(self._store.settle(self._under_way))

    async def close(self) -> None:
        """Write what is left, and once more what could not be written: it was sent, whatever the store says."""
        with suppress(SyndicatorError):
            await self._finish()
        if left := [*self._under_way, *self._waiting]:
            await self._store.settle(left)

    async def _finish(self) -> None:
        if self._writing is not None:
            writing, self._writing = self._writing, None
            await writing
            self._under_way = []


def _count(report: DispatchReport, settled: Delivery, now: datetime) -> None:
    match settled.state:
        case "sent":
            report.sent[settled.language] += 1
        case "refused":
            report.refused.append((settled.subscriber, settled.reply))
            log.warning("mail refused", subscriber=settled.subscriber, reply=settled.reply)
        case _:
            report.deferred.append((settled.subscriber, settled.reply))
            wait = round((settled.due_at - now).total_seconds() / 60)
            log.info("mail deferred", subscriber=settled.subscriber, reply=settled.reply, minutes=wait)

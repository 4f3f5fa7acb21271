"""Hand the mails that are due to the mail server, and write down what it answers."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from syndicator.config.model import Config
from syndicator.errors import SyndicatorError
from syndicator.log import get_logger
from syndicator.model.edition import Variant
from syndicator.model.mail import Deferred, Delivery, Message, Receipt
from syndicator.model.subscriber import Subscriber
from syndicator.pipeline.compose import Personal, compose_message
from syndicator.pipeline.outbox import settle
from syndicator.pipeline.readers import awaiting
from syndicator.pipeline.tokens import sign
from syndicator.ports import Clock, Mailer, Progress, Store

log = get_logger()

BATCH = 200  # mails claimed at once; composing them takes well under a second
# Longer than a batch takes on a server that uses the ten minutes RFC 5321 grants it after each mail.
LEASE = timedelta(minutes=30)


@dataclass(slots=True, kw_only=True)
class DispatchReport:
    """What became of the mails that were due: *sent* by language, and how many were not, and why."""

    sent: Counter[str] = field(default_factory=Counter)
    deferred: list[tuple[str, str]] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)
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
) -> DispatchReport:
    """Send all that is due. Each receipt is written back as it comes, so that a crash repeats very little.

    When the mail server cannot be used at all, what was claimed is given back at once and
    `MailError` goes on to the caller.
    """
    report = DispatchReport()
    while batch := await store.claim(now=clock.now(), limit=BATCH, lease=LEASE):
        people = {s.id: s for s in await store.subscribers({d.subscriber for d in batch})}
        variants = await store.variants({delivery.variant for delivery in batch})
        wanted = [delivery for delivery in batch if _is_wanted(delivery, people, variants)]
        kept = {delivery.id for delivery in wanted}
        unwanted = [replace(d, state="withdrawn", settled_at=clock.now()) for d in batch if d.id not in kept]
        if unwanted:
            await store.settle(unwanted)
            report.withdrawn += len(unwanted)
        messages, faulty = [], []
        for delivery in wanted:
            try:
                variant, subscriber = variants[delivery.variant], people[delivery.subscriber]
                messages.append(_message(delivery, variant, subscriber, config, secret))
            except (SyndicatorError, ValueError) as error:
                # One faulty rendering must not hold up the mails of all the others.
                log.error("mail not composed", variant=delivery.variant, cause=str(error))
                faulty.append(Deferred(delivery=delivery.id, reply=f"not composed: {error}"))
        await _send(wanted, messages, faulty, report, store, mailer, clock, jitter, progress)
    return report


def _is_wanted(delivery: Delivery, people: Mapping[str, Subscriber], variants: Mapping[str, Variant]) -> bool:
    """Tell whether the reader still wants what was owed; they may have left since it was frozen."""
    subscriber, variant = people.get(delivery.subscriber), variants.get(delivery.variant)
    if subscriber is None or variant is None:
        return False
    if not variant.list_id:
        return bool(awaiting(subscriber))  # a confirmation mail; what it asks may be settled by now
    subscription = subscriber.subscription(variant.list_id)
    return subscription is not None and subscription.active


def _message(delivery: Delivery, variant: Variant, subscriber: Subscriber, config: Config, secret: bytes) -> Message:
    return compose_message(
        variant,
        delivery=delivery,
        subscriber=subscriber,
        mail=config.mail,
        site=config.site,
        personal=personal_links(variant, subscriber, delivery, site_url=config.site.url, secret=secret),
    )


def personal_links(
    variant: Variant, subscriber: Subscriber, delivery: Delivery, *, site_url: str, secret: bytes
) -> Personal:
    """Return the links that only this reader's mail holds."""
    if variant.list_id:
        leave = f"{site_url}unsubscribe/{sign('unsubscribe', subscriber.id, variant.list_id, secret=secret)}"
        return Personal(unsubscribe_url=leave, one_click_url=leave)
    asked = [wish.newsletter for wish in awaiting(subscriber)]
    token = sign("confirm", subscriber.id, *asked, secret=secret, issued_at=delivery.created_at)
    return Personal(confirm_url=f"{site_url}confirm/{token}")


async def _send(
    deliveries: Sequence[Delivery],
    messages: Sequence[Message],
    faulty: Sequence[Deferred],
    report: DispatchReport,
    store: Store,
    mailer: Mailer,
    clock: Clock,
    jitter: Callable[[], float],
    progress: Progress,
) -> None:
    unsent = {delivery.id: delivery for delivery in deliveries}
    journal = _Journal(store)
    progress.begin("mails", len(deliveries))
    try:
        async for receipt in _receipts(faulty, mailer, messages):
            settled = settle(unsent.pop(receipt.delivery), receipt, now=clock.now(), jitter=jitter())
            await journal.write(settled)
            _count(report, settled, clock.now())
            progress.step("mails", f"{settled.language}: {settled.reply}")
    finally:
        await journal.close()
        if unsent:
            await store.settle([replace(delivery, claimed_until=None) for delivery in unsent.values()])


async def _receipts(faulty: Sequence[Deferred], mailer: Mailer, messages: Sequence[Message]) -> AsyncIterator[Receipt]:
    for deferred in faulty:
        yield deferred
    async for receipt in mailer.send(messages):
        yield receipt


class _Journal:
    """Writes settled deliveries: those that come in while one write is under way make up the next."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._waiting: list[Delivery] = []
        self._writing: asyncio.Task[None] | None = None

    async def write(self, delivery: Delivery) -> None:
        """Take *delivery* up; raise what an earlier write raised."""
        self._waiting.append(delivery)
        if self._writing is None or self._writing.done():
            await self._finish()
            batch, self._waiting = self._waiting, []
            self._writing = asyncio.create_task(self._store.settle(batch))

    async def close(self) -> None:
        """Write what is left."""
        await self._finish()
        if self._waiting:
            await self._store.settle(self._waiting)

    async def _finish(self) -> None:
        if self._writing is not None:
            writing, self._writing = self._writing, None
            await writing


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

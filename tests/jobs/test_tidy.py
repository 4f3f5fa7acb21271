from dataclasses import replace
from datetime import timedelta

from syndicator.edges.tiny_store import TinyStore
from syndicator.jobs.tidy import tidy
from syndicator.model.subscriber import Consent, Subscription
from syndicator.pipeline.readers import SILENCE
from syndicator.testing import NOON, a_subscriber, an_item

MINUTE = timedelta(minutes=1)


async def test_rejected_items_are_forgotten_when_their_days_are_over(config, store, clock):
    old = an_item("Rain", rejected="no feed takes it", first_seen_at=NOON - config.keep_rejected - MINUTE)
    young = an_item("Sun", rejected="no feed takes it", first_seen_at=NOON - config.keep_rejected + MINUTE)
    await store.record_harvest([], [old, young])

    report = await tidy(config, store=store, clock=clock)

    assert report.items == 1
    assert [item.id for item in await store.items_since(NOON - config.keep_items)] == [young.id]


async def test_only_who_never_answered_is_forgotten(config, store, clock):
    asked = (Consent(at=NOON - SILENCE - MINUTE, what="asked", how="web form", newsletter="weekly"),)
    left = Subscription(newsletter="weekly", confirmed_at=NOON - 3 * SILENCE, ended_at=NOON - 2 * SILENCE)
    awaiting = (Subscription(newsletter="weekly"),)
    await store.record_subscribers(
        [
            a_subscriber("silent", subscriptions=awaiting, ledger=asked),
            a_subscriber("recent", subscriptions=awaiting, ledger=(Consent(at=NOON, what="asked", how="web form"),)),
            a_subscriber("left", subscriptions=(left,), ledger=asked),
            a_subscriber("reader", ledger=asked),
        ]
    )

    report = await tidy(config, store=store, clock=clock)

    assert report.people == 1
    assert {reader.id for reader in await store.subscribers()} == {"recent", "left", "reader"}


async def test_who_asks_anew_at_that_moment_is_kept(config, clock):
    class Interrupted(TinyStore):
        async def forget_subscribers(self, ids, **options):
            await self.record_subscribers([asking])
            return await super().forget_subscribers(ids, **options)

    step = Consent(at=NOON - SILENCE - MINUTE, what="asked", how="web form", newsletter="weekly")
    silent = a_subscriber("silent", subscriptions=(Subscription(newsletter="weekly"),), ledger=(step,))
    asking = replace(silent, ledger=(step, replace(step, at=NOON)))
    async with Interrupted() as store:
        await store.record_subscribers([silent])

        report = await tidy(config, store=store, clock=clock)

        assert report.people == 0
        assert await store.subscribers() == [asking]

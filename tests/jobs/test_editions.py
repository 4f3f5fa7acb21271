"""Freeze and dispatch: an edition is owed once, sent once, and to nobody who does not want it."""

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from itertools import islice

import fast_mail_parser
import pytest

from syndicator.errors import MailError, StoreError
from syndicator.jobs.dispatch import DispatchReport, dispatch
from syndicator.jobs.freeze import freeze
from syndicator.model.edition import Variant
from syndicator.model.mail import Deferred, Refused, delivery_id
from syndicator.model.subscriber import Subscription
from syndicator.pipeline.readers import leave
from syndicator.testing import NOON, Outbox, Quiet, a_delivery, a_story, a_subscriber, an_item

STORY = a_story(an_item())
MONDAY = "weekly/2026-07-13"
LONG_AGO = NOON - timedelta(days=60)


@pytest.fixture
def owe(config, store, templates, clock):
    async def once(stories=(STORY,)):
        return await freeze(
            config, stories, secret=b"s" * 32, store=store, templates=templates, clock=clock, progress=Quiet()
        )

    return once


@pytest.fixture
def send(config, store, clock):
    async def once(mailer):
        return await dispatch(
            config,
            secret=b"s" * 32,
            store=store,
            mailer=mailer,
            clock=clock,
            jitter=lambda: 0.0,
            progress=Quiet(),
        )

    return once


async def test_an_edition_is_owed_once_however_often_it_is_frozen(owe, store):
    await store.record_subscribers([a_subscriber("ada"), a_subscriber("bob", languages=("vi",))])

    first, again = await owe(), await owe()

    assert (first.editions, first.owed) == ([MONDAY], 2)
    assert (again.editions, again.owed) == ([], 0)


async def test_what_an_edition_says_does_not_change_after_freezing(owe, store, clock):
    await store.record_subscribers([a_subscriber("ada")])
    await owe()
    before = await store.editions("weekly", limit=1)
    await store.record_subscribers([a_subscriber("bob")])

    report = await owe([STORY, a_story(an_item("Another consulate"))])

    assert report.owed == 1
    assert await store.editions("weekly", limit=1) == before


async def test_without_news_there_is_no_edition_and_no_mail(owe, store):
    await store.record_subscribers([a_subscriber()])

    report = await owe([])

    assert (report.editions, report.owed) == ([], 0)


async def test_a_reader_of_other_topics_gets_no_empty_mail(owe, store):
    other = Subscription(newsletter="weekly", topics=("trade",), confirmed_at=LONG_AGO)
    await store.record_subscribers([a_subscriber("ada"), a_subscriber("bob", subscriptions=(other,))])

    report = await owe()

    assert (report.owed, report.nothing) == (1, 1)


async def test_where_two_days_are_due_at_once_everybody_gets_the_newer_edition(owe, store, clock):
    # It is Monday 07:30 in Auckland, and Sunday in New York, whose latest Monday is a week ago.
    clock.time = NOON.replace(day=12, hour=19, minute=30)
    story = a_story(an_item(published=clock.time - timedelta(hours=2)))
    await store.record_subscribers(
        [a_subscriber("ada", timezone="Pacific/Auckland"), a_subscriber("bob", timezone="America/New_York")]
    )

    report = await owe([story])

    assert (report.editions, report.owed) == ([MONDAY], 2)


async def test_an_edition_waits_for_each_readers_own_hour(owe, store, clock):
    clock.time = NOON.replace(day=12, hour=23)  # Monday 08:00 in Tokyo, 01:00 in Paris
    story = a_story(an_item(published=clock.time - timedelta(hours=2)))
    paris = Subscription(newsletter="weekly", confirmed_at=clock.time - timedelta(days=1))
    await store.record_subscribers(
        [a_subscriber("keiko", timezone="Asia/Tokyo"), a_subscriber("ada", subscriptions=(paris,))]
    )

    in_tokyo = await owe([story])
    clock.advance(timedelta(hours=6))
    in_paris = await owe([story])

    assert (in_tokyo.owed, in_paris.owed, in_paris.editions) == (1, 1, [])


async def test_a_mail_is_sent_once_and_says_so(owe, send, store):
    await store.record_subscribers([a_subscriber("ada"), a_subscriber("bob", languages=("vi",))])
    await owe()
    outbox = Outbox()

    first, again = await send(outbox), await send(outbox)

    assert dict(first.sent) == {"en": 1, "vi": 1}
    assert again.sent.total() == 0
    assert sorted(message.recipient for message in outbox.sent) == ["ada@reader.example", "bob@reader.example"]


async def test_each_mail_has_its_readers_own_way_out(owe, send, store):
    await store.record_subscribers([a_subscriber("ada"), a_subscriber("bob")])
    await owe()
    outbox = Outbox()

    await send(outbox)

    ways = {line for m in outbox.sent for line in m.data.split(b"\r\n") if line.startswith(b"List-Unsubscribe:")}
    assert len(ways) == 2
    assert all(b"https://city.example/unsubscribe/" in way for way in ways)


async def test_who_leaves_between_freezing_and_sending_gets_nothing(owe, send, store, clock):
    ada = a_subscriber("ada")
    await store.record_subscribers([ada])
    await owe()
    await store.record_subscribers([leave(ada, "weekly", now=clock.now(), how="link in mail")])
    outbox = Outbox()

    report = await send(outbox)

    assert (outbox.sent, report.withdrawn) == ([], 1)


async def test_a_deferred_mail_goes_out_later_with_the_same_bytes(owe, send, store, clock):
    await store.record_subscribers([a_subscriber("ada")])
    await owe()
    tries = []

    def busy(message):
        tries.append(message)
        return Deferred(delivery=message.delivery, reply="451 4.3.0 Busy")

    first = await send(Outbox(busy))
    clock.advance(timedelta(minutes=6))
    outbox = Outbox()
    second = await send(outbox)

    assert [reply for _, reply in first.deferred] == ["451 4.3.0 Busy"]
    assert second.sent.total() == 1
    assert outbox.sent[0].data == tries[0].data


async def test_a_refused_mail_is_kept_with_the_reply_and_not_tried_again(owe, send, store, clock):
    await store.record_subscribers([a_subscriber("ada")])
    await owe()

    await send(Outbox(lambda message: Refused(delivery=message.delivery, reply="550 5.1.1 No such user")))
    clock.advance(timedelta(days=1))
    outbox = Outbox()
    await send(outbox)

    [delivery] = (await store.deliveries([delivery_id(MONDAY, "ada")])).values()
    assert (delivery.state, delivery.reply) == ("refused", "550 5.1.1 No such user")
    assert outbox.sent == []


async def test_a_mail_server_that_cannot_be_used_blames_no_reader(owe, send, store):
    await store.record_subscribers([a_subscriber(f"reader{n}") for n in range(5)])
    await owe()

    class Broken(Outbox):
        async def send(self, messages):
            for number, message in enumerate(messages):
                if number == 2:
                    raise MailError("mail.example:587: the login was refused")
                async for receipt in super().send([message]):
                    yield receipt

    with pytest.raises(MailError, match="login"):
        await send(Broken())

    outbox = Outbox()
    report = await send(outbox)
    assert report.sent.total() == 3
    owed = await store.deliveries([delivery_id(MONDAY, f"reader{n}") for n in range(5)])
    assert {delivery.state for delivery in owed.values()} == {"sent"}


async def test_many_mails_are_claimed_in_batches_and_each_is_sent_once(owe, send, store):
    await store.record_subscribers([a_subscriber(f"reader{n:03}") for n in range(450)])
    await owe()
    outbox = Outbox()

    report = await send(outbox)

    assert report.sent.total() == 450
    assert len({message.recipient for message in outbox.sent}) == len(outbox.sent) == 450


async def test_one_faulty_rendering_holds_up_no_other_mail(owe, send, store, clock):
    await store.record_subscribers([a_subscriber("ada"), a_subscriber("bob")])
    await owe()
    whole = a_delivery(edition=MONDAY, subscriber="bob")
    faulty = Variant(
        id="v",
        edition=MONDAY,
        language="en",
        subject="S",
        html="SLOT-x-CONFIRM-URL",
        text="",
        list_id="weekly",
        slot_key="x",
    )
    await store.freeze(None, [faulty], [replace(whole, id="extra|bob", edition="extra", variant="v")])
    outbox = Outbox()

    report = await send(outbox)

    assert report.sent.total() == 2
    assert [who for who, why in report.deferred if "not composed" in why] == ["bob"]


async def test_no_mail_is_under_way_when_its_claim_ends(owe, send, store, clock):
    await store.record_subscribers([a_subscriber(f"reader{n}") for n in range(12)])
    await owe()
    under_way_elsewhere = []

    class Slow(Outbox):
        async def send(self, messages):
            async for receipt in super().send(messages):
                clock.advance(timedelta(minutes=10))
                others = await store.claim(now=clock.now(), limit=99, lease=timedelta(0))
                under_way_elsewhere.extend(d.id for d in others if d.id == receipt.delivery)
                yield receipt

    outbox = Slow()
    report = await send(outbox)

    assert report.sent.total() == 12
    assert under_way_elsewhere == []
    assert len({message.recipient for message in outbox.sent}) == len(outbox.sent) == 12


async def test_when_it_is_time_to_stop_what_was_not_begun_is_given_back(owe, store, config, clock):
    await store.record_subscribers([a_subscriber(f"reader{n}") for n in range(5)])
    await owe()
    outbox = Outbox()

    report = await dispatch(
        config,
        secret=b"s" * 32,
        store=store,
        mailer=outbox,
        clock=clock,
        jitter=lambda: 0.0,
        progress=Quiet(),
        stopping=lambda: len(outbox.sent) == 2,
    )

    assert report.sent.total() == 2
    assert len(await store.claim(now=clock.now(), limit=99, lease=timedelta(minutes=1))) == 3


async def test_a_publisher_cannot_have_a_readers_address_mailed_to_its_own_site(owe, send, store):
    trap = an_item("SLOT-EMAIL", url="https://evil.example/?who=SLOT-EMAIL&bye=SLOT-UNSUBSCRIBE-URL")
    await store.record_subscribers([a_subscriber("ada")])
    await owe([a_story(trap)])
    outbox = Outbox()

    await send(outbox)

    text = fast_mail_parser.parse_email(outbox.sent[0].data).text_plain[0]
    assert "https://evil.example/?who=SLOT-EMAIL&bye=SLOT-UNSUBSCRIBE-URL" in text


async def test_a_digest_that_could_not_be_sent_is_withdrawn_when_it_is_too_late(owe, send, store, clock, config):
    await store.record_subscribers([a_subscriber("ada")])
    await owe()
    clock.advance(config.newsletters["weekly"].schedule.late)
    outbox = Outbox()

    report = await send(outbox)

    assert (outbox.sent, report.late, report.withdrawn) == ([], 1, 0)


async def test_a_receipt_that_could_not_be_written_is_written_in_the_end(owe, send, store, monkeypatch):
    await store.record_subscribers([a_subscriber(f"reader{n}") for n in range(6)])
    await owe()
    settle, failures = store.settle, iter([StoreError("the disk is busy")])

    async def flaky(deliveries):
        for failure in failures:
            raise failure
        await settle(deliveries)

    monkeypatch.setattr(store, "settle", flaky)
    outbox = Outbox()

    with suppress(StoreError):  # it is told, unless the next write made up for it
        await send(outbox)
    await send(outbox)

    assert next(failures, None) is None
    assert len({message.recipient for message in outbox.sent}) == len(outbox.sent) == 6


async def test_what_was_sent_before_the_mail_server_failed_is_told(owe, store, config, clock):
    await store.record_subscribers([a_subscriber(f"reader{n}") for n in range(3)])
    await owe()
    report = DispatchReport()

    class Failing(Outbox):
        async def send(self, messages):
            async for receipt in super().send(islice(messages, 1)):
                yield receipt
            raise MailError("mail.example:25: it hung up")

    with pytest.raises(MailError):
        await dispatch(
            config,
            secret=b"s" * 32,
            store=store,
            mailer=Failing(),
            clock=clock,
            jitter=lambda: 0.0,
            progress=Quiet(),
            report=report,
        )

    assert dict(report.sent) == {"en": 1}

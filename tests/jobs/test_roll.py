"""The admin's roll of readers: what an import adds, what it leaves alone, and whom it never brings back."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, time, timedelta
from functools import partial

import pytest

from syndicator.edges.templates import JinjaTemplates
from syndicator.edges.tiny_store import TinyStore
from syndicator.errors import StoreFull
from syndicator.jobs.roll import import_rows, listed, remove
from syndicator.model.edition import Newsletter
from syndicator.model.language import Localized
from syndicator.model.site import Publisher, Site
from syndicator.model.subscriber import Subscriber, Subscription
from syndicator.model.tag import Tag
from syndicator.pipeline.readers import Wish, ask, awaiting, leave
from syndicator.testing import NOON, a_delivery, a_subscriber

SITE = Site(
    title=Localized({"en": "City Wire"}),
    url="https://news.example/",
    publisher=Publisher(name="City Wire", email="desk@news.example"),
    languages=("vi", "en"),
    timezone="Asia/Ho_Chi_Minh",
)
NEWSLETTERS = {id: Newsletter(id=id, title=Localized({"en": id}), feeds=("all",)) for id in ("weekly", "daily")}
TAGS = {id: Tag(id=id, label=Localized({"en": id})) for id in ("trade", "culture")}
TEMPLATES = JinjaTemplates()
ROW = {"email": "ada@reader.example", "newsletter": "weekly"}
CONSENT = "ticked the box at the Tet fair, list of 2026-02"


@pytest.fixture
async def store():
    async with TinyStore.in_memory() as store:
        yield store


async def import_(store, *rows, **options):
    counter = itertools.count(1)
    return await import_rows(
        rows,
        newsletters=NEWSLETTERS,
        tags=TAGS,
        site=SITE,
        store=store,
        templates=TEMPLATES,
        now=NOON,
        new_id=lambda: f"reader-{next(counter)}",
        **options,
    )


async def owed(store):
    return await store.claim(now=NOON, limit=100, lease=timedelta(seconds=1))


async def test_without_consent_an_imported_reader_is_asked_first(store):
    report = await import_(store, ROW)

    (reader,) = await store.subscribers()
    (delivery,) = await owed(store)
    assert (report.added, report.known, report.asked, report.refused) == (1, 0, 1, ())
    assert [s.newsletter for s in awaiting(reader)] == ["weekly"]
    assert delivery.edition == "confirm/2026-07-14"


async def test_the_admins_word_for_the_consent_goes_into_the_ledger(store):
    report = await import_(store, ROW, consent=CONSENT)

    (reader,) = await store.subscribers()
    assert (report.added, report.asked) == (1, 0)
    assert reader.subscription("weekly").confirmed_at == NOON
    assert [(step.what, step.how) for step in reader.ledger] == [("imported", CONSENT)]
    assert list(await owed(store)) == []


@pytest.mark.parametrize(
    ("written", "confirmed_at"),
    [
        pytest.param("2025-03-01", datetime(2025, 3, 1, tzinfo=UTC), id="a day"),
        pytest.param("2025-03-01T08:30:00+07:00", datetime(2025, 3, 1, 1, 30, tzinfo=UTC), id="an instant"),
        pytest.param("2025-03-01 08:30:00", datetime(2025, 3, 1, 8, 30, tzinfo=UTC), id="a time without a zone is UTC"),
    ],
)
async def test_a_row_that_says_when_it_was_confirmed_is_taken_at_its_word(written, confirmed_at, store):
    await import_(store, {**ROW, "confirmed": written})

    (reader,) = await store.subscribers()
    assert reader.subscription("weekly").confirmed_at == confirmed_at
    assert reader.ledger[0].how == "import, confirmed on 2025-03-01"


async def test_a_row_brings_all_that_its_columns_say(store):
    row = {
        "E-Mail": " Ada@Reader.Example ",
        "Name": "Ada",
        "Languages": "vi, en",
        "Timezone": "Asia/Saigon",
        "Newsletters": "weekly;daily",
        "Topics": "trade culture",
        "Hour": "6:30",
        "Score": "7",
    }

    await import_(store, row, consent=CONSENT)

    (reader,) = await store.subscribers()
    assert (reader.email, reader.name) == ("Ada@reader.example", "Ada")
    assert (reader.languages, reader.timezone) == (("vi", "en"), "Asia/Saigon")
    assert [(s.newsletter, s.topics, s.at) for s in reader.subscriptions] == [
        ("weekly", ("trade", "culture"), time(6, 30)),
        ("daily", ("trade", "culture"), time(6, 30)),
    ]


async def test_what_a_row_leaves_out_is_the_sites_own(store):
    await import_(store, {"email": "ada@reader.example"}, consent=CONSENT, default_newsletters=["daily"])

    (reader,) = await store.subscribers()
    assert (reader.languages, reader.timezone) == (("vi",), "Asia/Ho_Chi_Minh")
    assert [s.newsletter for s in reader.subscriptions] == ["daily"]


@pytest.mark.parametrize("consent", ["", CONSENT])
async def test_importing_again_adds_nobody(consent, store):
    await import_(store, ROW, {**ROW, "email": "bob@reader.example"}, consent=consent)
    before = await store.subscribers()

    report = await import_(store, ROW, {**ROW, "email": "BOB@reader.example"}, consent=consent)

    assert (report.added, report.known) == (0, 2)
    assert await store.subscribers() == before


async def test_two_rows_of_one_address_are_one_reader(store):
    report = await import_(store, ROW, {**ROW, "newsletter": "daily"}, ROW, consent=CONSENT)

    (reader,) = await store.subscribers()
    assert (report.added, report.known) == (2, 1)
    assert sorted(s.newsletter for s in reader.subscriptions) == ["daily", "weekly"]


async def test_who_was_asked_and_did_not_answer_may_be_vouched_for(store):
    await import_(store, ROW)

    await import_(store, ROW, consent=CONSENT)

    (reader,) = await store.subscribers()
    assert reader.subscriptions == (Subscription(newsletter="weekly", confirmed_at=NOON),)


@pytest.mark.parametrize("newsletter", ["weekly", "daily"])
@pytest.mark.parametrize("options", [{}, {"consent": CONSENT}])
async def test_an_import_never_brings_back_who_left(newsletter, options, store):
    gone = leave(a_subscriber(), "weekly", now=NOON, how="one click")
    await store.record_subscribers([gone])

    report = await import_(store, {**ROW, "newsletter": newsletter, "confirmed": "2020-01-01"}, **options)

    assert report.refused == ((2, "ada@reader.example left, and comes back only by signing up again"),)
    assert await store.subscribers() == [gone]
    assert list(await owed(store)) == []


async def test_an_import_changes_nothing_that_a_reader_chose(store):
    reader = a_subscriber()
    await store.record_subscribers([reader])

    report = await import_(store, {**ROW, "name": "Eve", "language": "vi", "topics": "trade"}, consent=CONSENT)

    assert report.known == 1
    assert await store.subscribers() == [reader]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        pytest.param({"email": "ada"}, '"ada" is no mail address', id="no address"),
        pytest.param({"email": None}, '"" is no mail address', id="a short row"),
        pytest.param({"newsletter": ""}, "no newsletter is named; name one of weekly, daily", id="no newsletter"),
        pytest.param(
            {"newsletter": "wekly"},
            'no newsletter "wekly" in feeds.yaml; there is weekly, daily',
            id="wrong newsletter",
        ),
        pytest.param({"topics": "tra"}, 'no topic "tra" in feeds.yaml; there is trade, culture', id="wrong topic"),
        pytest.param({"language": "vn"}, 'no language "vn"; did you mean "vi"?', id="a country for a language"),
        pytest.param(
            {"timezone": "GMT+7"}, 'no time zone "GMT+7"; write it like Asia/Ho_Chi_Minh', id="an offset for a zone"
        ),
        pytest.param({"hour": "7 am"}, 'hour: "7 am" is no time of day; write hours and minutes', id="no hour"),
        pytest.param({"confirmed": "yes"}, 'confirmed: "yes" is no date', id="no date"),
        pytest.param({"confirmed": "2031-01-01"}, 'confirmed: "2031-01-01" is in the future', id="a day to come"),
    ],
)
async def test_a_refused_row_is_named_with_the_reason_and_the_others_go_in(changes, reason, store):
    report = await import_(store, {**ROW, "email": "bob@reader.example"}, {**ROW, **changes}, consent=CONSENT)

    ((number, why),) = report.refused
    assert number == 3  # as a spreadsheet counts, its headings being row 1
    assert why.startswith(reason)
    assert [reader.email for reader in await store.subscribers()] == ["bob@reader.example"]


async def test_a_dry_run_reports_the_same_and_keeps_nothing(store):
    rows = (ROW, ROW, {**ROW, "email": "bob"})

    rehearsed = await import_(store, *rows, dry_run=True)
    nobody = await store.subscribers()
    done = await import_(store, *rows)

    assert rehearsed == done
    assert nobody == []


async def test_refused_rows_come_in_their_order(store):
    await store.record_subscribers([leave(a_subscriber(), "weekly", now=NOON, how="one click")])

    report = await import_(store, ROW, {**ROW, "email": "bob"}, ROW)

    assert [number for number, _ in report.refused] == [2, 3, 4]


async def test_an_import_does_not_bring_back_who_leaves_meanwhile_in_another_process(tmp_path):
    class Interrupted(TinyStore):
        async def change_subscribers(self, change, **wanted):
            async with TinyStore(tmp_path) as other:
                await remove([ROW["email"]], store=other, now=NOON)
            return await super().change_subscribers(change, **wanted)

    async with Interrupted(tmp_path) as store:
        await store.record_subscribers([a_subscriber()])

        report = await import_(store, {**ROW, "newsletter": "daily"}, consent=CONSENT)

        (reader,) = await store.subscribers()
        assert len(report.refused) == 1
        assert [step.what for step in reader.ledger] == ["ended"]
        assert not any(s.active for s in reader.subscriptions)


async def test_a_mail_that_a_crash_kept_from_being_owed_is_owed_by_the_next_import():
    class Crashing(TinyStore):
        async def freeze(self, *_):
            raise StoreFull("no room")

    async with Crashing() as store:
        with pytest.raises(StoreFull):
            await import_(store, ROW)
        store.freeze = partial(TinyStore.freeze, store)

        again = await import_(store, ROW)

        assert (again.added, again.known) == (0, 1)
        assert [delivery.edition for delivery in await owed(store)] == ["confirm/2026-07-14"]


async def test_readers_who_are_asked_the_same_share_one_rendering(store):
    rows = [{**ROW, "email": f"r{n}@reader.example"} for n in range(3)]

    await import_(store, *rows, {**ROW, "newsletter": "daily"})

    assert len({delivery.variant for delivery in await owed(store)}) == 2


async def test_the_roll_is_in_the_order_of_addresses(store):
    bob = Subscriber(id="1", email="bob@reader.example")
    await store.record_subscribers([bob, a_subscriber("ada"), leave(a_subscriber("cid"), "weekly", now=NOON, how="x")])
    waiting = ask(bob, Wish(newsletters=("daily",), languages=("en",), timezone="UTC"), now=NOON, how="web form")

    everybody = await listed(store=store)
    await store.record_subscribers([waiting])

    assert [reader.email[:3] for reader in everybody] == ["ada", "bob", "cid"]
    assert [reader.email[:3] for reader in await listed(store=store, newsletter="weekly")] == ["ada"]
    assert [reader.email[:3] for reader in await listed(store=store, newsletter="daily")] == ["bob"]


async def test_who_was_removed_gets_nothing_more_and_no_import_brings_them_back(store):
    await store.record_subscribers([a_subscriber()])

    report = await remove(["ADA@reader.example", "nobody@reader.example"], store=store, now=NOON)
    imported = await import_(store, ROW, consent=CONSENT)

    (reader,) = await store.subscribers()
    assert report.removed == ("ada@reader.example",)
    assert report.unknown == ("nobody@reader.example",)
    assert not any(s.active for s in reader.subscriptions)
    assert reader.ledger[-1].how == "removed by the admin"
    assert len(imported.refused) == 1


async def test_who_was_erased_is_not_known_any_more_and_is_owed_nothing(store):
    sent = a_delivery(edition="weekly/2026-07-06", state="sent", reply="250 <ada@reader.example> is fine")
    await store.record_subscribers([a_subscriber()])
    await store.freeze(None, [], [a_delivery(), sent])

    report = await remove(["ada@reader.example"], store=store, now=NOON, erase=True)

    assert report.removed == ("ada@reader.example",)
    assert await store.subscribers() == []
    assert list(await owed(store)) == []
    assert (await store.deliveries([sent.id]))[sent.id].reply == ""

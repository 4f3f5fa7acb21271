"""What every `ports.Store` promises, asked of the one in memory and of the one in a file."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone

import pytest

from syndicator.edges.tiny_store import TinyStore, copy_store
from syndicator.model.edition import Edition, Section, Variant
from syndicator.model.entry import Enclosure, Image, Reason, Tagging
from syndicator.model.language import Localized
from syndicator.model.mail import Delivery
from syndicator.model.source import SourceState, Validators
from syndicator.model.subscriber import Consent, Subscription
from syndicator.testing import NOON, a_delivery, a_story, a_subscriber, an_item

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
LEASE = timedelta(minutes=10)


@pytest.fixture(params=["memory", "file"])
async def store(request, tmp_path):
    async with TinyStore.in_memory() if request.param == "memory" else TinyStore(tmp_path) as store:
        yield store


def an_edition(newsletter="weekly", period=date(2026, 7, 13), **changes) -> Edition:
    base = {
        "id": f"{newsletter}/{period}", "newsletter": newsletter, "period": period,
        "title": Localized({"en": "The week", "vi": "Tuần qua"}), "frozen_at": NOON,
        "sections": (Section(feed="diplomacy", title=Localized({"en": "Diplomacy"}), stories=(a_story(),)),),
    }  # fmt: skip
    return Edition(**(base | changes))


def a_variant(edition="weekly/2026-07-13", language="en", **changes) -> Variant:
    base = {
        "id": f"{edition}/{language}", "edition": edition, "language": language, "subject": "The week",
        "html": "<p>Một lãnh sự quán</p>", "text": "Một lãnh sự quán", "stories": ("s-1", "s-2"),
    }  # fmt: skip
    return Variant(**(base | changes))


def owed(*subscribers, due_at=NOON, **changes) -> list[Delivery]:
    return [a_delivery(subscriber=name, due_at=due_at, **changes) for name in subscribers]


async def claim_all(store, *, now=NOON, limit=100) -> list[str]:
    return [delivery.subscriber for delivery in await store.claim(now=now, limit=limit, lease=LEASE)]


# ---- sources


FULL_STATE = SourceState(
    id="vna", url="https://vna.example/rss.xml", title="Tin tức", validators=Validators(etag='W/"1"'),
    body_hash="f00", first_asked_at=NOON - DAY, asked_at=NOON, changed_at=NOON, next_at=NOON + MINUTE, failures=2,
    outcome="304", problems=("line 3: no date",), entries=7,
)  # fmt: skip


async def test_a_source_state_comes_back_as_it_was_written(store):
    await store.record_harvest([FULL_STATE], [])

    assert await store.source_states(["vna", "never-asked"]) == {"vna": FULL_STATE}
    assert await store.source_states() == {"vna": FULL_STATE}


async def test_a_claimed_source_is_nobody_elses_until_its_lease_ends(store):
    first = await store.claim_sources([FULL_STATE], now=NOON, lease=LEASE)
    meanwhile = await store.claim_sources([FULL_STATE], now=NOON + LEASE - MINUTE, lease=LEASE)
    later = await store.claim_sources([FULL_STATE], now=NOON + LEASE, lease=LEASE)

    assert first == [replace(FULL_STATE, claimed_until=NOON + LEASE)]
    assert meanwhile == []
    assert later == [replace(FULL_STATE, claimed_until=NOON + LEASE + LEASE)]


async def test_a_claim_returns_what_the_store_knows_and_not_what_the_caller_remembers(store):
    await store.record_harvest([FULL_STATE], [])

    claimed = await store.claim_sources([SourceState(id="vna", url="")], now=NOON, lease=LEASE)

    assert claimed == [replace(FULL_STATE, claimed_until=NOON + LEASE)]


async def test_recording_a_source_as_free_ends_its_lease(store):
    await store.claim_sources([FULL_STATE], now=NOON, lease=LEASE)

    await store.record_harvest([FULL_STATE], [])

    assert await store.claim_sources([FULL_STATE], now=NOON, lease=LEASE)


# ---- news


async def test_an_item_comes_back_with_all_that_it_carries(store):
    item = an_item(
        "Khánh thành lãnh sự quán 🏛 at “home”",
        published=None,
        image=Image(url="https://vna.example/a.jpg", alt="\u2028", width=3),
        enclosures=(Enclosure(url="https://vna.example/a.mp3", length=9),),
        keys=("guid vna 1", "url vna \u0000 2"),
        rejected="too old",
        backfill=True,
    )
    item = replace(item, tags=(Tagging(tag="x", reasons=(Reason(field="title", term="a*", words="at", start=4),)),))

    await store.record_harvest([], [item])

    assert await store.items_by_keys(item.keys) == dict.fromkeys(item.keys, item)


async def test_an_item_of_the_same_id_is_replaced_with_its_keys(store):
    old = an_item(id="i-1", keys=("left", "kept"))
    new = replace(old, keys=("kept", "gained"), digest="edited")
    await store.record_harvest([], [old])

    await store.record_harvest([], [new])

    assert await store.items_by_keys(["left", "kept", "gained"]) == {"kept": new, "gained": new}
    assert await store.items_since(NOON - DAY) == [new]


async def test_a_key_belongs_to_the_item_that_was_written_last(store):
    first, second = an_item("First", keys=("shared",)), an_item("Second", keys=("shared",))

    await store.record_harvest([], [first])
    await store.record_harvest([], [second])

    assert await store.items_by_keys(["shared"]) == {"shared": second}


async def test_items_since_a_moment_come_newest_first_and_ties_by_id(store):
    moments = {"i-a": NOON, "i-b": NOON + timedelta(microseconds=1), "i-c": NOON, "i-old": NOON - MINUTE}
    items = [an_item(id, id=id, published_at=moment) for id, moment in moments.items()]
    await store.record_harvest([], items)

    found = await store.items_since(NOON)

    assert [item.id for item in found] == ["i-b", "i-a", "i-c"]


async def test_an_instant_of_another_zone_is_compared_as_an_instant(store):
    saigon = timezone(timedelta(hours=7))
    await store.record_harvest([], [an_item(published_at=NOON.astimezone(saigon))])

    assert len(await store.items_since(NOON)) == 1
    assert await store.items_since((NOON + MINUTE).astimezone(saigon)) == []


async def test_a_time_without_a_zone_is_refused_and_nothing_of_its_batch_is_kept(store):
    naive = datetime(2026, 7, 14, 5, 0)  # noqa: DTZ001

    with pytest.raises(ValueError, match="time zone"):
        await store.record_harvest([FULL_STATE], [an_item("First"), an_item("Second", published_at=naive)])

    assert await store.source_states(["vna"]) == {}
    assert await store.items_since(NOON - DAY) == []


async def test_the_story_of_an_item_is_the_one_given_last(store):
    await store.record_stories({"i-1": "s-1", "i-2": "s-1"})

    await store.record_stories({"i-2": "s-2"})

    assert await store.story_ids(["i-1", "i-2", "i-3"]) == {"i-1": "s-1", "i-2": "s-2"}


async def test_items_are_found_by_their_cues(store):
    first, second = an_item("First", id="i-1", cues=("a", "b")), an_item("Second", id="i-2", cues=("b",))
    await store.record_harvest([], [second, first])

    found = await store.ids_by_cues(["a", "b", "none"], most=9)

    assert found == {"a": ["i-1"], "b": ["i-1", "i-2"], "none": []}
    assert await store.items(["i-1", "none"]) == {"i-1": first}


async def test_a_cue_that_too_many_items_have_is_left_out(store):
    await store.record_harvest([], [an_item(f"Title {n}", id=f"i-{n}", cues=("common", f"c{n}")) for n in range(3)])

    assert set(await store.ids_by_cues(["common", "c1"], most=2)) == {"c1"}
    assert len((await store.ids_by_cues(["common"], most=3))["common"]) == 3


async def test_an_edited_item_is_found_by_its_new_cues_only(store):
    item = an_item(cues=("left", "kept"))
    await store.record_harvest([], [item])

    await store.record_harvest([], [replace(item, cues=("kept", "gained"))])

    found = await store.ids_by_cues(["left", "kept", "gained"], most=9)
    assert found == {"left": [], "kept": [item.id], "gained": [item.id]}


async def test_items_are_to_be_grouped_when_they_are_new_or_edited_and_until_they_were(store):
    first, second = an_item("First", id="i-1", cues=("a",)), an_item("Second", id="i-2", cues=("b",))
    await store.record_harvest([], [second, first])
    assert await store.ungrouped_items() == [first, second]

    await store.record_stories({"i-1": "s-1", "i-2": "s-2"}, grouped=[first, second])
    assert await store.ungrouped_items() == []

    await store.record_harvest([], [replace(first, tags=()), edited := replace(second, digest="edited")])
    assert await store.ungrouped_items() == [edited]


async def test_an_item_that_was_edited_while_it_was_grouped_is_to_be_grouped_again(store):
    item = an_item(cues=("a",))
    await store.record_harvest([], [item])
    await store.record_harvest([], [edited := replace(item, digest="edited")])

    await store.record_stories({item.id: "s-1"}, grouped=[item])

    assert await store.ungrouped_items() == [edited]


async def test_the_items_of_a_story_are_found(store):
    items = [an_item(f"Title {n}", id=f"i-{n}") for n in range(3)]
    await store.record_harvest([], items)
    await store.record_stories({"i-0": "s-1", "i-1": "s-2", "i-2": "s-1"})

    assert await store.items_of_stories(["s-1", "none"]) == [items[0], items[2]]


async def test_forgotten_items_are_found_by_no_cue_and_are_not_to_be_grouped(store):
    await store.record_harvest([], [an_item(cues=("a",), published_at=NOON - 9 * DAY)])

    await store.forget_items(published_before=NOON, rejected_before=NOON)

    assert await store.ids_by_cues(["a"], most=9) == {"a": []}
    assert await store.ungrouped_items() == []


async def test_forgetting_takes_old_and_rejected_items_with_their_keys_and_stories(store):
    old = an_item("Old", id="i-old", keys=("old",), published_at=NOON - 9 * DAY)
    stale = an_item("Stale", id="i-stale", keys=("stale",), rejected="no tag", first_seen_at=NOON - 3 * DAY)
    kept = an_item("Kept", id="i-kept", keys=("kept",), first_seen_at=NOON - 3 * DAY)
    fresh = an_item("Fresh", id="i-fresh", keys=("fresh",), rejected="no tag", first_seen_at=NOON - DAY)
    await store.record_harvest([], [old, stale, kept, fresh])
    await store.record_stories({item.id: "s-1" for item in (old, stale, kept)})

    count = await store.forget_items(published_before=NOON - 8 * DAY, rejected_before=NOON - 2 * DAY)

    assert count == 2
    assert set(await store.items_by_keys(["old", "stale", "kept", "fresh"])) == {"kept", "fresh"}
    assert set(await store.story_ids(["i-old", "i-stale", "i-kept"])) == {"i-kept"}
    assert {item.id for item in await store.items_since(NOON - 99 * DAY)} == {"i-kept", "i-fresh"}


async def test_more_ids_than_one_statement_takes_are_looked_up(store):
    items = [an_item(f"Title {n}", id=f"i-{n}", keys=(f"key {n}",)) for n in range(1200)]
    await store.record_harvest([], items)

    found = await store.items_by_keys([f"key {n}" for n in range(2400)])

    assert found == {item.keys[0]: item for item in items}
    assert await store.forget_items(published_before=NOON, rejected_before=NOON) == 1200
    assert await store.items_by_keys(["key 7"]) == {}


# ---- editions and the outbox


async def test_an_edition_and_its_variants_come_back_as_they_were_frozen(store):
    edition, variant = an_edition(), a_variant()

    await store.freeze(edition, [variant], [])

    assert await store.editions("weekly", limit=9) == [edition]
    assert await store.variants([variant.id, "none"]) == {variant.id: variant}


async def test_the_latest_editions_of_one_newsletter_come_first(store):
    for period in (date(2026, 7, 6), date(2026, 7, 13), date(2026, 6, 29)):
        await store.freeze(an_edition(period=period), [], [])
    await store.freeze(an_edition("daily", date(2026, 7, 14)), [], [])

    latest = await store.editions("weekly", limit=2)

    assert [edition.period for edition in latest] == [date(2026, 7, 13), date(2026, 7, 6)]


async def test_freezing_again_adds_what_is_missing_and_changes_nothing(store):
    await store.freeze(an_edition(), [a_variant()], owed("ada", "ben"))
    [sent, _] = await store.claim(now=NOON, limit=2, lease=LEASE)
    await store.settle([replace(sent, state="sent")])

    added = await store.freeze(an_edition(), [a_variant(subject="Another")], owed("ada", "ben", "cleo"))

    assert added == 1
    assert await store.editions("weekly", limit=1) == [an_edition()]
    assert (await store.variants([a_variant().id]))[a_variant().id].subject == "The week"
    assert (await store.deliveries([sent.id]))[sent.id].state == "sent"


async def test_an_edition_that_another_process_froze_first_is_left_alone(store):
    await store.freeze(an_edition(), [a_variant()], owed("ada"))

    added = await store.freeze(
        an_edition(title=Localized({"en": "Another"})), [a_variant("other")], owed("ben", variant="other")
    )

    assert added == 0
    assert await store.editions("weekly", limit=1) == [an_edition()]
    assert await store.variants(["other"]) == {}


async def test_a_mail_may_be_owed_that_is_no_edition(store):
    added = await store.freeze(None, [a_variant("confirm/1")], owed("ada", edition="confirm/1"))

    assert added == 1
    assert await claim_all(store) == ["ada"]


async def test_due_deliveries_are_claimed_longest_due_first_and_ties_by_id(store):
    await store.freeze(None, [], owed("late", due_at=NOON + MINUTE) + owed("b", "a") + owed("c", due_at=NOON - MINUTE))

    assert await claim_all(store, limit=2) == ["c", "a"]
    assert await claim_all(store) == ["b"]
    assert await claim_all(store, now=NOON + MINUTE) == ["late"]


async def test_a_claimed_delivery_is_handed_out_again_when_its_lease_ends(store):
    await store.freeze(None, [], owed("ada"))

    [claimed] = await store.claim(now=NOON, limit=1, lease=LEASE)

    assert claimed == replace(owed("ada")[0], claimed_until=NOON + LEASE)
    assert await claim_all(store, now=NOON + LEASE - MINUTE) == []
    assert await claim_all(store, now=NOON + LEASE) == ["ada"]


async def test_a_deferred_delivery_is_due_again_at_its_new_time(store):
    await store.freeze(None, [], owed("ada"))
    [claimed] = await store.claim(now=NOON, limit=1, lease=LEASE)

    await store.settle([replace(claimed, attempts=1, due_at=NOON + MINUTE, claimed_until=None)])

    assert await claim_all(store) == []
    [again] = await store.claim(now=NOON + MINUTE, limit=1, lease=LEASE)
    assert again.attempts == 1


@pytest.mark.parametrize(
    ("before", "settled", "after"),
    [
        pytest.param("pending", "refused", "refused", id="what was owed may be refused"),
        pytest.param("withdrawn", "pending", "withdrawn", id="what was withdrawn is not owed again"),
        pytest.param("refused", "pending", "refused", id="what was refused is not owed again"),
        pytest.param("withdrawn", "sent", "sent", id="what was sent was sent, though withdrawn meanwhile"),
        pytest.param("sent", "pending", "sent", id="what was sent is not owed again"),
        pytest.param("sent", "refused", "sent", id="what was sent stays sent"),
    ],
)
async def test_settle_keeps_the_truth_about_a_mail(store, before, settled, after):
    [delivery] = owed("ada")
    await store.freeze(None, [], [replace(delivery, state=before)])

    await store.settle([replace(delivery, state=settled)])

    assert (await store.deliveries([delivery.id]))[delivery.id].state == after
    assert await claim_all(store) == (["ada"] if after == "pending" else [])


async def test_a_receipt_is_kept_even_of_a_delivery_that_the_store_has_lost(store):
    [delivery] = owed("ada", state="sent", reply="250 OK")

    await store.settle([delivery])

    assert await store.deliveries([delivery.id]) == {delivery.id: delivery}


async def test_claims_at_the_same_time_never_share_a_delivery(store):
    names = [f"reader-{n:03}" for n in range(100)]
    await store.freeze(None, [], owed(*names))

    claims = await asyncio.gather(*(claim_all(store, limit=7) for _ in range(20)))

    assert sorted(name for claim in claims for name in claim) == names


# ---- readers


ADA = a_subscriber(
    "ada", email="Ada@Reader.Example", name="Ada Trần", languages=("vi", "en"),
    subscriptions=(Subscription(newsletter="weekly", topics=("diplomacy",), confirmed_at=NOON, ended_at=NOON + DAY),),
    ledger=(Consent(at=NOON, what="asked", how="form", newsletter="weekly"),),
)  # fmt: skip


async def test_subscribers_come_in_the_order_of_their_ids(store):
    ben = a_subscriber("ben")
    await store.record_subscribers([ben, ADA])

    assert await store.subscribers() == [ADA, ben]
    assert await store.subscribers(["ben", "ada", "nobody"]) == [ADA, ben]
    assert await store.subscribers([]) == []


async def test_a_subscriber_is_found_by_any_spelling_of_the_address(store):
    await store.record_subscribers([ADA, a_subscriber("ben")])

    assert await store.subscribers_by_email([" ADA@reader.example", "no@one.example"]) == {"ada@reader.example": ADA}


async def test_a_changed_address_is_found_and_the_old_one_is_not(store):
    await store.record_subscribers([ADA])
    moved = replace(ADA, email="ada@new.example")

    await store.record_subscribers([moved])

    assert await store.subscribers_by_email([ADA.email, moved.email]) == {"ada@new.example": moved}


def with_step(people, name):
    reader = people[name]
    return replace(reader, ledger=(*reader.ledger, Consent(at=NOON, what=f"step {len(reader.ledger)}", how="test")))


async def test_a_change_is_given_whom_it_asked_for_and_writes_what_it_returns(store):
    ben = a_subscriber("ben")
    await store.record_subscribers([ADA, ben, a_subscriber("cleo")])
    cid = a_subscriber("cid")

    seen = await store.change_subscribers(
        lambda people: ([replace(ADA, name="Ada"), cid], dict(people)),
        ids=["ben", "nobody"],
        emails=["ADA@reader.example", "no@one.example"],
    )

    assert seen == {"ben": ben, "ada@reader.example": ADA}
    assert await store.subscribers(["ada", "ben", "cid"]) == [replace(ADA, name="Ada"), ben, cid]


async def test_a_change_that_raises_writes_nothing_and_lets_the_next_one_in(store):
    await store.record_subscribers([ADA])

    with pytest.raises(KeyError):
        await store.change_subscribers(lambda people: ([people["nobody"]], None), ids=["ada"])
    await store.change_subscribers(lambda people: ([with_step(people, "ada")], None), ids=["ada"])

    [ada] = await store.subscribers()
    assert len(ada.ledger) == len(ADA.ledger) + 1


async def test_changes_by_two_processes_at_once_are_all_kept(tmp_path):
    async with TinyStore(tmp_path) as one, TinyStore(tmp_path) as other:
        await one.record_subscribers([a_subscriber("ada")])

        await asyncio.gather(
            *(
                store.change_subscribers(lambda people: ([with_step(people, "ada")], None), ids=["ada"])
                for _ in range(100)
                for store in (one, other)
            )
        )

        [ada] = await one.subscribers()
        assert [step.what for step in ada.ledger] == [f"step {n}" for n in range(200)]


async def test_of_those_to_forget_only_they_are_forgotten_of_whom_it_still_holds(store):
    ben = a_subscriber("ben")
    await store.record_subscribers([ADA, ben])
    await store.freeze(None, [], owed("ada", "ben"))

    forgotten = await store.forget_subscribers(["ada", "ben"], only_if=lambda reader: reader == ben)

    assert forgotten == 1
    assert await store.subscribers() == [ADA]
    assert await claim_all(store) == ["ada"]


@pytest.mark.parametrize("state", ["sent", "refused"])
async def test_what_servers_said_of_a_forgotten_reader_is_forgotten_too(state, store):
    words = "550 <ada@reader.example> unknown"
    before, after = owed("ada", state=state, reply=words)[0], owed("ada", edition="weekly/2026-07-20")[0]
    await store.record_subscribers([ADA])
    await store.freeze(None, [], [before, after])
    await store.claim(now=NOON, limit=1, lease=LEASE)

    await store.forget_subscribers(["ada"])
    await store.settle([replace(after, state=state, reply=words)])  # it was on its way

    told = (await store.deliveries([before.id, after.id])).values()
    assert [(delivery.state, delivery.reply) for delivery in told] == [(state, "")] * 2


async def test_a_forgotten_reader_is_owed_nothing_even_if_the_mail_was_just_claimed(store):
    await store.record_subscribers([ADA, a_subscriber("ben")])
    await store.freeze(None, [], owed("ada", "ben"))
    [claimed] = await store.claim(now=NOON, limit=1, lease=LEASE)

    forgotten = await store.forget_subscribers(["ada", "nobody"])
    await store.settle([replace(claimed, attempts=1, claimed_until=None)])

    assert forgotten == 1
    assert await store.subscribers() == [a_subscriber("ben")]
    assert (await store.deliveries([claimed.id]))[claimed.id].state == "withdrawn"
    assert await claim_all(store, now=NOON + DAY) == ["ben"]


async def test_forgetting_a_reader_leaves_the_record_of_what_was_sent(store):
    await store.record_subscribers([ADA])
    [delivery] = owed("ada", state="sent")
    await store.freeze(None, [], [delivery])

    await store.forget_subscribers(["ada"])

    assert await store.deliveries([delivery.id]) == {delivery.id: delivery}


# ---- the store itself


async def test_the_secret_is_made_once(store):
    secret = await store.secret()

    assert len(secret) == 32
    assert await store.secret() == secret


async def test_a_cancelled_caller_leaves_whole_batches_only(store):
    items = [an_item(f"Title {n}", id=f"i-{n}", keys=(f"key {n}",)) for n in range(300)]
    writing = [asyncio.create_task(store.record_harvest([], items[at : at + 100])) for at in (0, 100, 200)]
    await asyncio.sleep(0)

    for task in writing:
        task.cancel()
    await asyncio.gather(*writing, return_exceptions=True)

    kept = {item.id for item in await store.items_since(NOON - DAY)}
    assert len(kept) % 100 == 0
    assert len(await store.items_by_keys([item.keys[0] for item in items])) == len(kept)


async def test_closing_twice_is_closing_once(store):
    await store.close()

    await store.close()


async def test_rejected_items_can_be_left_out(store):
    await store.record_harvest([], [an_item("Kept"), an_item("Rejected", rejected="no feed takes it")])

    kept = await store.items_since(NOON - DAY, kept=True)

    assert [item.entry.title for item in kept] == ["Kept"]


async def test_a_note_is_remembered_until_the_next_of_its_name(store):
    assert await store.recall("rules") == ""

    await store.remember("rules", "one")
    await store.remember("rules", "two")

    assert await store.recall("rules") == "two"


async def test_a_copy_of_a_store_is_one_of_its_own(tmp_path):
    async with TinyStore(tmp_path / "a") as original:
        await original.record_subscribers([a_subscriber("ada")])
        (tmp_path / "b").mkdir()

        async with TinyStore(copy_store(tmp_path / "a", tmp_path / "b")) as copy:
            await copy.record_subscribers([a_subscriber("bob")])
            assert len(await copy.subscribers()) == 2

        assert len(await original.subscribers()) == 1

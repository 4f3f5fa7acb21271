"""Nobody is mailed without having asked: signing up, confirming, leaving, over a real store and real templates."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from datetime import date, timedelta
from functools import partial

import pytest

from syndicator.edges.templates import JinjaTemplates
from syndicator.edges.tiny_store import TinyStore
from syndicator.errors import StoreFull, TokenError
from syndicator.jobs.subscribe import Asked, Rejected, SignUp, ask, confirm, leave, show_confirmation, show_leaving
from syndicator.model.edition import Edition, Newsletter, Variant
from syndicator.model.language import Localized
from syndicator.model.mail import delivery_id
from syndicator.model.site import Publisher, Site
from syndicator.model.subscriber import Subscription
from syndicator.model.tag import Match, Tag
from syndicator.pipeline import tokens
from syndicator.pipeline.compose import Slots
from syndicator.pipeline.links import personal_links
from syndicator.pipeline.readers import wish_words
from syndicator.testing import NOON, a_delivery, a_subscriber

SECRET = b"0123456789abcdef0123456789abcdef"
SITE = Site(
    title=Localized({"en": "City Wire", "vi": "Tin Thành phố"}),
    url="https://news.example/",
    publisher=Publisher(name="City Wire", email="desk@news.example"),
    languages=("en", "vi"),
    timezone="Asia/Ho_Chi_Minh",
)
NEWSLETTERS = {
    id: Newsletter(id=id, title=Localized({"en": f"The {id}"}), feeds=("all",)) for id in ("weekly", "daily")
}
TAGS = {"trade": Tag(id="trade", label=Localized({"en": "Trade"}), match=Match(any=("trade",)))}
TEMPLATES = JinjaTemplates()
HOUR = timedelta(hours=1)
TOMORROW = NOON + timedelta(days=1)


@pytest.fixture
async def store():
    async with TinyStore.in_memory() as store:
        yield store


@pytest.fixture
def new_id():
    counter = itertools.count(1)
    return lambda: f"reader-{next(counter)}"


def a_sign_up(email="ada@reader.example", **changes):
    return SignUp(**({"email": email, "newsletters": ("weekly",), "page_language": "en"} | changes))


async def ask_(request, store, new_id, now=NOON):
    return await ask(
        request,
        newsletters=NEWSLETTERS,
        tags=TAGS,
        site=SITE,
        store=store,
        templates=TEMPLATES,
        now=now,
        new_id=new_id,
    )


async def owed(store, now):
    return await store.claim(now=now, limit=100, lease=timedelta(seconds=1))


async def a_confirmation(store, edition="confirm/2026-07-14", reader="reader-1"):
    """Return the token in the confirmation mail of *edition*."""
    id = delivery_id(edition, reader)
    delivery = (await store.deliveries([id]))[id]
    variant = (await store.variants([delivery.variant]))[delivery.variant]
    (subscriber,) = await store.subscribers([reader])
    links = personal_links(variant, subscriber, delivery, site_url=SITE.url, secret=SECRET)
    return links.confirm_url.removeprefix(f"{SITE.url}confirm/").partition("?")[0]


async def confirm_(token, store, now=NOON):
    return await confirm(token, how="button", secret=SECRET, store=store, now=now)


def a_leaving(reader="reader-1", newsletter="weekly"):
    return tokens.sign(tokens.UNSUBSCRIBE, reader, newsletter, secret=SECRET)


async def leave_(store, reader="reader-1", newsletter="weekly", now=NOON):
    return await leave(a_leaving(reader, newsletter), how="one click", secret=SECRET, store=store, now=now)


async def test_asking_owes_one_confirmation_and_nothing_else(store, new_id):
    outcome = await ask_(a_sign_up(), store, new_id)

    (reader,) = await store.subscribers()
    (delivery,) = await owed(store, NOON)
    assert outcome == Asked(email="ada@reader.example")
    assert not any(s.active for s in reader.subscriptions)
    assert [(step.what, step.how) for step in reader.ledger] == [("asked", "web form")]
    assert (delivery.edition, delivery.subscriber) == ("confirm/2026-07-14", reader.id)


async def test_the_confirmation_says_nothing_that_a_stranger_typed(store, new_id):
    await ask_(a_sign_up(name="WIN MONEY http://evil.example", topics=("trade",)), store, new_id)

    (reader,) = await store.subscribers()
    (delivery,) = await owed(store, NOON)
    variant = (await store.variants([delivery.variant]))[delivery.variant]
    assert reader.name == ""
    assert "MONEY" not in variant.html + variant.text + variant.subject
    assert "ada@reader.example" not in variant.html + variant.text + variant.subject  # it is spliced in, per reader
    assert variant.list_id == ""
    assert re.fullmatch(r"confirm/en/[0-9a-f]{16}", variant.id)
    assert Slots(key=variant.slot_key).confirm_url in variant.html
    assert Slots(key=variant.slot_key).confirm_url in variant.text
    assert "The weekly" in variant.text


async def test_the_confirmation_is_in_the_language_asked_for(store, new_id):
    await ask_(a_sign_up(languages=("vi",)), store, new_id)

    (delivery,) = await owed(store, NOON)
    variant = (await store.variants([delivery.variant]))[delivery.variant]
    assert delivery.language == variant.language == "vi"
    assert "Tin Thành phố" in variant.text


async def test_an_address_gets_one_confirmation_a_day_however_often_it_is_typed(store, new_id):
    outcomes = [
        await ask_(a_sign_up(email, newsletters=(newsletter,)), store, new_id)
        for email in ("ada@reader.example", "ADA@Reader.Example", " ada@reader.example ")
        for newsletter in ("weekly", "daily")
    ]

    (reader,) = await store.subscribers()
    assert all(isinstance(outcome, Asked) for outcome in outcomes)
    assert len(await owed(store, NOON)) == 1
    assert [s.newsletter for s in reader.subscriptions] == ["weekly"]
    assert len(reader.ledger) == 1


async def test_the_next_day_one_may_ask_again(store, new_id):
    await ask_(a_sign_up(), store, new_id)
    await ask_(a_sign_up(newsletters=("daily",)), store, new_id, now=TOMORROW)

    (reader,) = await store.subscribers()
    assert [delivery.edition for delivery in await owed(store, TOMORROW)] == [
        "confirm/2026-07-14",
        "confirm/2026-07-15",
    ]
    assert [s.newsletter for s in reader.subscriptions] == ["weekly", "daily"]


async def test_addresses_of_different_mailboxes_are_different_readers(store, new_id):
    for email in ("ada@reader.example", "ada+news@reader.example", "a.da@reader.example", "ada@other.example"):
        await ask_(a_sign_up(email), store, new_id)

    assert len(await store.subscribers()) == 4


async def test_the_two_spellings_of_an_international_host_are_one_reader(store, new_id):
    await ask_(a_sign_up("ada@ví-dụ.vn"), store, new_id)
    await ask_(a_sign_up("ada@xn--v-d-rma6749a.vn"), store, new_id)

    assert [reader.email for reader in await store.subscribers()] == ["ada@xn--v-d-rma6749a.vn"]


async def test_typing_a_readers_address_changes_nothing_of_what_they_get(store, new_id):
    reader = a_subscriber()
    await store.record_subscribers([reader])

    await ask_(a_sign_up(name="Eve", topics=("trade",), languages=("vi",), timezone="UTC"), store, new_id)

    (after,) = await store.subscribers()
    assert [s for s in after.subscriptions if s.active] == list(reader.subscriptions)
    assert (after.name, after.languages, after.timezone) == (reader.name, reader.languages, reader.timezone)


async def test_the_answer_does_not_tell_whether_an_address_is_known(store, new_id):
    await store.record_subscribers([a_subscriber()])

    known = await ask_(a_sign_up("ada@reader.example"), store, new_id)
    unknown = await ask_(a_sign_up("bob@reader.example"), store, new_id)

    assert known == Asked(email="ada@reader.example")
    assert unknown == Asked(email="bob@reader.example")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        pytest.param({"email": "ada"}, "email", id="no address"),
        pytest.param({"email": "ada@reader.example\r\nBcc: eve@evil.example"}, "email", id="a header in the address"),
        pytest.param({"email": "Ada <ada@reader.example>"}, "email", id="a name in the address"),
        pytest.param({"newsletters": ()}, "newsletter", id="no newsletter"),
        pytest.param({"newsletters": ("weekly", "secret")}, "newsletter", id="a newsletter that is not offered"),
        pytest.param({"topics": ("nonsense",)}, "topic", id="a topic that is not offered"),
        pytest.param({"languages": ("tlh-<b>",)}, "language", id="no language"),
        pytest.param({"timezone": "Mars/Olympus"}, "timezone", id="no time zone"),
        pytest.param({"name": "x" * 101}, "name", id="a name as long as a letter"),
        pytest.param({"name": "Ada\r\nBcc: eve@evil.example"}, "name", id="a name of two lines"),
    ],
)
async def test_what_cannot_be_is_named_and_nothing_is_kept(changes, field, store, new_id):
    outcome = await ask_(a_sign_up(**changes), store, new_id)

    assert isinstance(outcome, Rejected)
    assert list(outcome.errors) == [field]
    assert await store.subscribers() == []
    assert list(await owed(store, NOON)) == []


async def test_without_a_time_zone_the_sites_own_is_taken(store, new_id):
    await ask_(a_sign_up(timezone="", languages=()), store, new_id)

    (reader,) = await store.subscribers()
    assert (reader.timezone, reader.languages) == ("Asia/Ho_Chi_Minh", ("en",))


async def test_an_old_name_of_a_time_zone_is_taken(store, new_id):
    outcome = await ask_(a_sign_up(timezone="Asia/Saigon"), store, new_id)

    assert isinstance(outcome, Asked)


async def test_looking_at_a_confirmation_changes_nothing(store, new_id):
    await ask_(a_sign_up(), store, new_id)
    before = await store.subscribers()

    shown = await show_confirmation(await a_confirmation(store), secret=SECRET, store=store, now=NOON)

    assert shown.newsletters == ("weekly",)
    assert await store.subscribers() == before


async def test_confirming_begins_the_subscription_once(store, new_id):
    await ask_(a_sign_up(name="Ada"), store, new_id)

    token = await a_confirmation(store)

    first = await confirm_(token, store)
    second = await confirm_(token, store, NOON + timedelta(hours=1))

    (reader,) = await store.subscribers()
    assert first == second
    assert reader.subscription("weekly").confirmed_at == NOON
    assert reader.name == "Ada"
    assert [step.what for step in reader.ledger] == ["asked", "confirmed"]


def sign(*values, issued_at=NOON, purpose=tokens.CONFIRM, secret=SECRET):
    return tokens.sign(purpose, *values, secret=secret, issued_at=issued_at)


@pytest.mark.parametrize(
    ("token", "expired"),
    [
        pytest.param(lambda id, word: sign(id, word)[:-2], False, id="cut short"),
        pytest.param(lambda id, word: sign(id, word, secret=b"x" * 32), False, id="forged"),
        pytest.param(lambda id, word: sign(id, word, purpose=tokens.UNSUBSCRIBE), False, id="made to unsubscribe"),
        pytest.param(lambda id, word: sign(id, word, issued_at=NOON - timedelta(hours=73)), True, id="too old"),
        pytest.param(lambda id, word: sign(id, word.replace("weekly", "daily")), True, id="for what was never asked"),
        pytest.param(lambda id, word: sign(id, word[:-1]), True, id="for another wish"),
        pytest.param(lambda id, word: sign(id, word.partition(":")[0]), True, id="for no wish"),
        pytest.param(lambda id, word: sign(f"not-{id}", word), True, id="for a reader who was erased"),
    ],
)
async def test_a_link_that_is_no_good_confirms_nothing(token, expired, store, new_id):
    await ask_(a_sign_up(), store, new_id)
    (asked,) = await store.subscribers()
    (word,) = wish_words(asked)

    with pytest.raises(TokenError) as refusal:
        await confirm_(token(asked.id, word), store)

    assert refusal.value.expired is expired
    assert await store.subscribers() == [asked]


async def test_after_leaving_the_old_confirmation_is_of_no_use(store, new_id):
    await ask_(a_sign_up(), store, new_id)
    old = await a_confirmation(store)
    await confirm_(old, store)
    await leave_(store, now=NOON + HOUR)
    await ask_(a_sign_up(), store, new_id, now=TOMORROW)  # a stranger types the address

    with pytest.raises(TokenError) as refusal:
        await confirm_(old, store, TOMORROW)
    back = await confirm_(await a_confirmation(store, "confirm/2026-07-15"), store, TOMORROW)

    assert refusal.value.expired
    assert back.subscriber.subscription("weekly").active


async def test_who_confirmed_may_ask_for_more_on_the_same_day(store, new_id):
    await ask_(a_sign_up(), store, new_id)
    await confirm_(await a_confirmation(store), store, NOON + HOUR)

    await ask_(a_sign_up(newsletters=("daily",)), store, new_id, now=NOON + 2 * HOUR)
    done = await confirm_(await a_confirmation(store, "confirm/2026-07-14/2"), store, NOON + 3 * HOUR)

    assert done.newsletters == ("daily",)
    assert [s.newsletter for s in done.subscriber.subscriptions if s.active] == ["daily", "weekly"]


async def test_who_left_may_come_back_on_the_same_day(store, new_id):
    await ask_(a_sign_up(), store, new_id)
    await confirm_(await a_confirmation(store), store, NOON + HOUR)
    await leave_(store, now=NOON + 2 * HOUR)

    await ask_(a_sign_up(), store, new_id, now=NOON + 3 * HOUR)
    done = await confirm_(await a_confirmation(store, "confirm/2026-07-14/2"), store, NOON + 4 * HOUR)

    assert done.subscriber.subscription("weekly").active


async def test_what_a_stranger_types_later_does_not_ride_on_an_earlier_link(store, new_id):
    await ask_(a_sign_up(name="Ada"), store, new_id)
    first = await a_confirmation(store)
    await ask_(a_sign_up(name="WIN MONEY", newsletters=("weekly", "daily")), store, new_id, now=TOMORROW)
    before = await store.subscribers()

    assert await a_confirmation(store) == first  # each try of a mail has the same bytes
    with pytest.raises(TokenError) as refusal:
        await confirm_(first, store, TOMORROW)

    assert refusal.value.expired
    assert await store.subscribers() == before


async def test_a_link_confirms_what_its_mail_asked_though_something_else_awaits_too(store, new_id):
    await ask_(a_sign_up(name="Ada"), store, new_id)
    first = await a_confirmation(store)
    await ask_(a_sign_up(name="WIN MONEY", newsletters=("daily",)), store, new_id, now=TOMORROW)

    done = await confirm_(first, store, TOMORROW)

    assert done.newsletters == ("weekly",)
    assert done.subscriber.name == "Ada"
    assert [s.newsletter for s in done.subscriber.subscriptions if s.active] == ["weekly"]


async def test_a_link_does_not_confirm_a_newsletter_that_is_no_more_and_that_its_mail_does_not_name(store, new_id):
    gone = Subscription(newsletter="gone")
    await store.record_subscribers([a_subscriber("reader-1", email="ada@reader.example", subscriptions=(gone,))])

    await ask_(a_sign_up(), store, new_id)
    done = await confirm_(await a_confirmation(store), store)

    assert done.newsletters == ("weekly",)
    assert not done.subscriber.subscription("gone").active


async def test_a_mail_that_a_crash_kept_from_being_owed_is_owed_at_the_next_asking(new_id):
    class Crashing(TinyStore):
        async def freeze(self, *_):
            raise StoreFull("no room")

    async with Crashing() as store:
        with pytest.raises(StoreFull):
            await ask_(a_sign_up(), store, new_id)
        store.freeze = partial(TinyStore.freeze, store)

        await ask_(a_sign_up(), store, new_id, now=NOON + HOUR)

        (delivery,) = await owed(store, NOON + HOUR)
        assert delivery.edition == "confirm/2026-07-14"


async def test_a_confirmation_goes_before_the_digests_that_are_due(store, new_id):
    await owe(store, "weekly", "bob", due_at=NOON - HOUR)

    await ask_(a_sign_up(), store, new_id)

    assert [delivery.subscriber for delivery in await owed(store, NOON)] == ["reader-1", "bob"]


class Interrupted(TinyStore):
    """A store whose reader leaves, in another process, just before it is changed."""

    async def change_subscribers(self, change, **wanted):
        async with TinyStore(self.folder) as other:
            await leave_(other, "ada")
        return await super().change_subscribers(change, **wanted)


@pytest.fixture
async def interrupted(tmp_path):
    async with Interrupted(tmp_path) as store:
        store.folder = tmp_path
        yield store


async def test_a_sign_up_does_not_undo_a_leaving_by_another_process(interrupted, new_id):
    await interrupted.record_subscribers([a_subscriber()])

    await ask_(a_sign_up(newsletters=("daily",)), interrupted, new_id)

    (reader,) = await interrupted.subscribers()
    assert [step.what for step in reader.ledger] == ["ended", "asked"]
    assert not any(s.active for s in reader.subscriptions)


async def test_a_confirmation_does_not_undo_a_leaving_by_another_process(interrupted):
    asked = replace(a_subscriber(), subscriptions=(*a_subscriber().subscriptions, Subscription(newsletter="weekly")))
    await interrupted.record_subscribers([asked])

    with pytest.raises(TokenError):
        await confirm_(sign("ada", *wish_words(asked), issued_at=NOON - HOUR), interrupted)

    (reader,) = await interrupted.subscribers()
    assert not any(s.active for s in reader.subscriptions)


async def test_leaving_ends_one_newsletter_and_withdraws_its_mail(store):
    both = a_subscriber(subscriptions=tuple(a_subscription(id) for id in ("weekly", "daily")))
    await store.record_subscribers([both, a_subscriber("bob")])
    for newsletter, reader in (("weekly", "ada"), ("daily", "ada"), ("weekly", "bob")):
        await owe(store, newsletter, reader)
    left = await leave_(store, "ada")

    ids = [delivery_id("weekly/2026-07-13", "ada"), delivery_id("daily/2026-07-13", "ada")]
    bobs = delivery_id("weekly/2026-07-13", "bob")
    deliveries = await store.deliveries([*ids, bobs])
    assert [s.newsletter for s in left.subscriber.subscriptions if s.active] == ["daily"]
    assert [deliveries[id].state for id in (*ids, bobs)] == ["withdrawn", "pending", "pending"]


@pytest.mark.parametrize("state", ["sent", "refused"])
async def test_what_became_of_a_mail_before_one_left_stays_written_down(state, store):
    await store.record_subscribers([a_subscriber()])
    await owe(store, "weekly", "ada", state=state)
    await leave_(store, "ada")

    id = delivery_id("weekly/2026-07-13", "ada")
    assert (await store.deliveries([id]))[id].state == state


async def test_leaving_twice_is_leaving_once(store):
    await store.record_subscribers([a_subscriber()])
    first = await leave_(store, "ada")
    second = await leave_(store, "ada", now=TOMORROW)

    assert first == second
    assert [step.what for step in second.subscriber.ledger] == ["ended"]


async def test_who_was_deleted_has_left_already(store):
    left = await leave_(store, "nobody")

    assert left.subscriber is None
    assert await store.subscribers() == []


async def test_a_link_of_two_years_ago_still_leaves(store):
    await store.record_subscribers([a_subscriber()])
    token = tokens.sign(tokens.UNSUBSCRIBE, "ada", "weekly", secret=SECRET, issued_at=NOON)

    left = await leave(token, how="one click", secret=SECRET, store=store, now=NOON + timedelta(days=730))

    assert not left.subscriber.subscription("weekly").active


async def test_looking_at_the_page_for_leaving_changes_nothing(store):
    await store.record_subscribers([a_subscriber()])
    before = await store.subscribers()

    await show_leaving(a_leaving("ada"), secret=SECRET, store=store)

    assert await store.subscribers() == before


async def test_a_confirmation_link_cannot_unsubscribe(store):
    await store.record_subscribers([a_subscriber()])

    with pytest.raises(TokenError):
        await leave(sign("ada", "weekly"), how="button", secret=SECRET, store=store, now=NOON)

    assert (await store.subscribers())[0].subscription("weekly").active


def a_subscription(newsletter):
    return Subscription(newsletter=newsletter, confirmed_at=NOON - timedelta(days=30))


async def owe(store, newsletter, reader, **changes):
    """Owe one mail of last Monday's edition to *reader*."""
    id = f"{newsletter}/2026-07-13"
    edition = Edition(
        id=id, newsletter=newsletter, period=date(2026, 7, 13), title=Localized({"en": id}), frozen_at=NOON, sections=()
    )
    variant = Variant(
        id=f"{id}/en", edition=id, language="en", subject=id, html="x", text="x", list_id=newsletter, list_title=id
    )
    await store.freeze(edition, [variant], [a_delivery(edition=id, subscriber=reader, **changes)])

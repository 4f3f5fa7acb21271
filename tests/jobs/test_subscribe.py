"""Nobody is mailed without having asked: signing up, confirming, leaving, over a real store and real templates."""

from __future__ import annotations

import itertools
import re
from datetime import date, timedelta

import pytest

from syndicator.edges.templates import JinjaTemplates
from syndicator.edges.tiny_store import TinyStore
from syndicator.errors import TokenError
from syndicator.jobs.subscribe import Asked, Rejected, SignUp, ask, confirm, leave, show_confirmation, show_leaving
from syndicator.model.edition import Edition, Newsletter, Variant
from syndicator.model.language import Localized
from syndicator.model.mail import delivery_id
from syndicator.model.site import Publisher, Site
from syndicator.model.subscriber import Subscription
from syndicator.model.tag import Match, Tag
from syndicator.pipeline import tokens
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


def a_confirmation(*newsletters, id="reader-1", issued_at=NOON):
    return tokens.sign(tokens.CONFIRM, id, *(newsletters or ("weekly",)), secret=SECRET, issued_at=issued_at)


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
    assert "SLOT-CONFIRM-URL" in variant.html
    assert "SLOT-CONFIRM-URL" in variant.text
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

    shown = await show_confirmation(a_confirmation(), secret=SECRET, store=store, now=NOON)

    assert shown.newsletters == ("weekly",)
    assert await store.subscribers() == before


async def test_confirming_begins_the_subscription_once(store, new_id):
    await ask_(a_sign_up(name="Ada"), store, new_id)

    first = await confirm(a_confirmation(), how="button", secret=SECRET, store=store, now=NOON)
    second = await confirm(a_confirmation(), how="button", secret=SECRET, store=store, now=NOON + timedelta(hours=1))

    (reader,) = await store.subscribers()
    assert first == second
    assert reader.subscription("weekly").confirmed_at == NOON
    assert reader.name == "Ada"
    assert [step.what for step in reader.ledger] == ["asked", "confirmed"]


@pytest.mark.parametrize(
    ("token", "expired"),
    [
        pytest.param(a_confirmation()[:-2], False, id="cut short"),
        pytest.param(tokens.sign(tokens.CONFIRM, "reader-1", "weekly", secret=b"x" * 32), False, id="forged"),
        pytest.param(
            tokens.sign(tokens.UNSUBSCRIBE, "reader-1", "weekly", secret=SECRET), False, id="made to unsubscribe"
        ),
        pytest.param(a_confirmation(issued_at=NOON - timedelta(hours=73)), True, id="older than 72 hours"),
        pytest.param(a_confirmation("daily"), True, id="for what was never asked"),
        pytest.param(a_confirmation(id="somebody"), True, id="for a reader who was erased"),
    ],
)
async def test_a_link_that_is_no_good_confirms_nothing(token, expired, store, new_id):
    await ask_(a_sign_up(), store, new_id)

    with pytest.raises(TokenError) as refusal:
        await confirm(token, how="button", secret=SECRET, store=store, now=NOON)

    (reader,) = await store.subscribers()
    assert refusal.value.expired is expired
    assert not any(s.active for s in reader.subscriptions)


async def test_after_leaving_the_old_confirmation_is_of_no_use(store, new_id):
    await ask_(a_sign_up(), store, new_id)
    await confirm(a_confirmation(), how="button", secret=SECRET, store=store, now=NOON)
    token = tokens.sign(tokens.UNSUBSCRIBE, "reader-1", "weekly", secret=SECRET)
    await leave(token, how="one click", secret=SECRET, store=store, now=NOON + timedelta(hours=1))
    await ask_(a_sign_up(), store, new_id, now=TOMORROW)  # a stranger types the address

    with pytest.raises(TokenError) as refusal:
        await confirm(a_confirmation(), how="button", secret=SECRET, store=store, now=TOMORROW)
    new = a_confirmation(issued_at=TOMORROW)
    back = await confirm(new, how="button", secret=SECRET, store=store, now=TOMORROW)

    assert refusal.value.expired
    assert back.subscriber.subscription("weekly").active


async def test_leaving_ends_one_newsletter_and_withdraws_its_mail(store):
    both = a_subscriber(subscriptions=tuple(a_subscription(id) for id in ("weekly", "daily")))
    await store.record_subscribers([both, a_subscriber("bob")])
    for newsletter, reader in (("weekly", "ada"), ("daily", "ada"), ("weekly", "bob")):
        await owe(store, newsletter, reader)
    token = tokens.sign(tokens.UNSUBSCRIBE, "ada", "weekly", secret=SECRET)

    left = await leave(token, how="one click", secret=SECRET, store=store, now=NOON)

    ids = [delivery_id("weekly/2026-07-13", "ada"), delivery_id("daily/2026-07-13", "ada")]
    bobs = delivery_id("weekly/2026-07-13", "bob")
    deliveries = await store.deliveries([*ids, bobs])
    assert [s.newsletter for s in left.subscriber.subscriptions if s.active] == ["daily"]
    assert [deliveries[id].state for id in (*ids, bobs)] == ["withdrawn", "pending", "pending"]


@pytest.mark.parametrize("state", ["sent", "refused"])
async def test_what_became_of_a_mail_before_one_left_stays_written_down(state, store):
    await store.record_subscribers([a_subscriber()])
    await owe(store, "weekly", "ada", state=state)
    token = tokens.sign(tokens.UNSUBSCRIBE, "ada", "weekly", secret=SECRET)

    await leave(token, how="one click", secret=SECRET, store=store, now=NOON)

    id = delivery_id("weekly/2026-07-13", "ada")
    assert (await store.deliveries([id]))[id].state == state


async def test_leaving_twice_is_leaving_once(store):
    await store.record_subscribers([a_subscriber()])
    token = tokens.sign(tokens.UNSUBSCRIBE, "ada", "weekly", secret=SECRET)

    first = await leave(token, how="one click", secret=SECRET, store=store, now=NOON)
    second = await leave(token, how="one click", secret=SECRET, store=store, now=TOMORROW)

    assert first == second
    assert [step.what for step in second.subscriber.ledger] == ["ended"]


async def test_who_was_deleted_has_left_already(store):
    token = tokens.sign(tokens.UNSUBSCRIBE, "nobody", "weekly", secret=SECRET)

    left = await leave(token, how="one click", secret=SECRET, store=store, now=NOON)

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
    token = tokens.sign(tokens.UNSUBSCRIBE, "ada", "weekly", secret=SECRET)

    await show_leaving(token, secret=SECRET, store=store)

    assert await store.subscribers() == before


async def test_a_confirmation_link_cannot_unsubscribe(store):
    await store.record_subscribers([a_subscriber()])

    with pytest.raises(TokenError):
        await leave(a_confirmation(id="ada"), how="button", secret=SECRET, store=store, now=NOON)

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

"""The readers' doors over HTTP: signing up, confirming by a button, leaving by a button or at one click."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from datetime import timedelta

import pytest

from syndicator.model.subscriber import Subscription
from syndicator.pipeline import tokens
from syndicator.pipeline.links import personal_links
from syndicator.pipeline.readers import Wish, ask, wish_words
from syndicator.testing import NOON, a_subscriber

FORM = {
    "email": "ada@reader.example",
    "name": "Ada",
    "newsletter": "weekly",
    "topic": "trade",
    "language": "en",
    "timezone": "Asia/Saigon",
}


@pytest.fixture
def leaving(settings):
    return "/unsubscribe/" + tokens.sign(tokens.UNSUBSCRIBE, "ada", "weekly", secret=settings.secret)


@pytest.fixture
def confirming(settings):
    """The way to the page that the mail after `FORM` links to."""
    wish = Wish(newsletters=("weekly",), languages=("en",), timezone="Asia/Saigon", name="Ada", topics=("trade",))
    words = wish_words(ask(a_subscriber(), wish, now=NOON, how="web form"))
    token = tokens.sign(tokens.CONFIRM, "reader-1", *words, secret=settings.secret, issued_at=NOON)
    return "/confirm/" + token


async def owed(store):
    return await store.claim(now=NOON + timedelta(days=300), limit=1000, lease=timedelta(seconds=1))


async def test_the_form_offers_what_the_newsroom_has(browser):
    page = await browser.get("/subscribe")

    assert page.status_code == 200
    for words in ('action="/subscribe"', 'value="weekly"', 'value="daily"', 'value="trade"', "Asia/Ho_Chi_Minh"):
        assert words in page.text


async def test_a_whole_way_from_the_form_to_the_subscription(browser, store, confirming):
    answer = await browser.post("/subscribe", data=FORM)
    (asked,) = await store.subscribers()
    page = await browser.get(confirming)
    action = re.search(r'<form method="post" action="([^"]+)"', page.text)[1]
    done = await browser.post(action)

    (reader,) = await store.subscribers()
    assert (answer.status_code, page.status_code, done.status_code) == (200, 200, 200)
    assert not any(s.active for s in asked.subscriptions)
    assert "The weekly" in page.text
    assert "Trade" in page.text
    assert "a…@reader.example" in page.text
    assert reader.subscription("weekly").active
    assert reader.subscription("weekly").topics == ("trade",)
    assert (reader.name, reader.timezone) == ("Ada", "Asia/Saigon")
    assert len(await owed(store)) == 1


async def test_the_links_that_the_mails_carry_open_these_doors(browser, store, settings):
    async def link(variant, delivery):
        (reader,) = await store.subscribers()
        return personal_links(variant, reader, delivery, site_url=settings.site.url, secret=settings.secret)

    await browser.post("/subscribe", data=FORM)
    (delivery,) = await owed(store)
    variant = (await store.variants([delivery.variant]))[delivery.variant]
    confirmed = await browser.post((await link(variant, delivery)).confirm_url)
    digest = replace(variant, list_id="weekly")
    left = await browser.post((await link(digest, delivery)).one_click_url, data={"List-Unsubscribe": "One-Click"})

    (reader,) = await store.subscribers()
    assert (confirmed.status_code, left.status_code) == (200, 200)
    assert [step.what for step in reader.ledger] == ["asked", "confirmed", "ended"]


async def test_what_is_wrong_is_shown_beside_the_field_with_what_was_typed(browser, store):
    answer = await browser.post("/subscribe", data={**FORM, "email": '"><script>alert(1)</script>', "name": "Bo"})

    assert answer.status_code == 422
    assert "This is not an e-mail address." in answer.text
    assert 'value="Bo"' in answer.text
    assert "<script>alert" not in answer.text
    assert await store.subscribers() == []


async def test_the_answer_is_the_same_for_known_and_unknown_addresses(visit, store):
    await store.record_subscribers([a_subscriber()])

    async with visit() as browser:
        known = await browser.post("/subscribe", data={**FORM, "email": "ada@reader.example"})
        again = await browser.post("/subscribe", data={**FORM, "email": "ada@reader.example"})
        unknown = await browser.post("/subscribe", data={**FORM, "email": "bob@reader.example"})

    assert known.status_code == unknown.status_code == again.status_code == 200
    assert known.text == again.text == unknown.text.replace("bob@", "ada@")


async def test_an_address_typed_by_many_gets_one_mail_a_day(visit, store):
    for number in range(30):
        async with visit(f"198.51.100.{number}") as browser:
            await browser.post("/subscribe", data=FORM)

    assert len(await owed(store)) == 1


async def test_one_client_signs_up_so_many_addresses_an_hour(visit, store, settings, clock):
    async with visit("2001:db8:1:2::1") as browser, visit("2001:db8:1:2:ffff::9") as neighbour:
        codes = [
            (await browser.post("/subscribe", data={**FORM, "email": f"r{number}@reader.example"})).status_code
            for number in range(settings.sign_ups_an_hour)
        ]
        refused = await neighbour.post("/subscribe", data={**FORM, "email": "next@reader.example"})
        async with visit("2001:db8:1:3::1") as other:
            elsewhere = await other.post("/subscribe", data={**FORM, "email": "other@reader.example"})
        clock.advance(timedelta(hours=1))
        later = await neighbour.post("/subscribe", data={**FORM, "email": "next@reader.example"})

    assert set(codes) == {200}
    assert refused.status_code == 429
    assert refused.headers["retry-after"] == "3600"
    assert elsewhere.status_code == later.status_code == 200


async def test_a_form_that_is_too_large_is_refused(browser, store):
    answer = await browser.post("/subscribe", data={**FORM, "name": "x" * 100_000})

    assert answer.status_code == 413
    assert await store.subscribers() == []


async def test_a_large_body_of_untold_length_is_refused(browser):
    async def pieces():
        for _ in range(100):
            yield b"name=" + b"x" * 1000

    answer = await browser.post(
        "/subscribe", content=pieces(), headers={"Content-Type": "application/x-www-form-urlencoded"}
    )

    assert answer.status_code == 413


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        pytest.param(b"", "application/x-www-form-urlencoded", id="an empty form"),
        pytest.param(b"\xff\xfe%zz&&&=", "application/x-www-form-urlencoded", id="a broken form"),
        pytest.param(b"--x\r\nbroken", "multipart/form-data; boundary=y", id="a broken multipart"),
        pytest.param(b'{"email": "ada@reader.example"}', "application/json", id="no form at all"),
    ],
)
async def test_what_is_no_form_is_answered_and_kept_nowhere(content, media_type, browser, store):
    answer = await browser.post("/subscribe", content=content, headers={"Content-Type": media_type})

    assert answer.status_code in (400, 422)
    assert await store.subscribers() == []


@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_scanners_and_prefetchers_change_nothing(method, browser, store, leaving, confirming):
    await store.record_subscribers([a_subscriber()])
    await browser.post("/subscribe", data={**FORM, "email": "bob@reader.example"})
    before = await store.subscribers()

    answers = [await browser.request(method, path) for path in (leaving, confirming) for _ in range(3)]

    assert {answer.status_code for answer in answers} == {200}
    assert await store.subscribers() == before


async def test_one_click_of_rfc_8058(browser, store, leaving):
    await store.record_subscribers([a_subscriber()])

    answer = await browser.post(leaving, data={"List-Unsubscribe": "One-Click"})

    (reader,) = await store.subscribers()
    assert answer.status_code == 200
    assert "location" not in answer.headers
    assert "set-cookie" not in answer.headers
    assert not reader.subscription("weekly").active
    assert reader.ledger[-1].how == "one click (RFC 8058)"


@pytest.mark.parametrize(
    "request_",
    [
        pytest.param({"files": {"List-Unsubscribe": (None, "One-Click")}}, id="multipart"),
        pytest.param({"data": {"List-Unsubscribe": "One-Click"}}, id="urlencoded"),
        pytest.param({}, id="without a body"),
        pytest.param(
            {"content": b"--b\r\n", "headers": {"Content-Type": "multipart/form-data"}}, id="in a broken body"
        ),
    ],
)
async def test_a_post_leaves_whatever_its_body(request_, browser, store, leaving):
    await store.record_subscribers([a_subscriber()])

    answer = await browser.post(leaving, **request_)

    assert answer.status_code == 200
    assert not (await store.subscribers())[0].subscription("weekly").active


async def test_leaving_by_the_button_is_the_same_and_says_so(browser, store, leaving):
    await store.record_subscribers([a_subscriber()])

    page = await browser.get(leaving)
    action = re.search(r'<form method="post" action="([^"]+)"', page.text)[1]
    done = await browser.post(action)

    assert "a…@reader.example" in page.text
    assert "ada@reader.example" not in page.text  # mails get forwarded
    assert "You have unsubscribed" in done.text
    assert (await store.subscribers())[0].ledger[-1].how == "button on the web page"


async def test_leaving_one_newsletter_leaves_the_other(browser, store, leaving):
    both = tuple(Subscription(newsletter=id, confirmed_at=NOON) for id in ("weekly", "daily"))
    await store.record_subscribers([a_subscriber(subscriptions=both)])

    await browser.post(leaving)

    assert [s.newsletter for s in (await store.subscribers())[0].subscriptions if s.active] == ["daily"]


async def test_leaving_twice_or_after_being_deleted_still_says_done(browser, store, leaving):
    await store.record_subscribers([a_subscriber()])

    answers = [await browser.post(leaving), await browser.post(leaving), await browser.get(leaving)]
    await store.forget_subscribers(["ada"])
    answers += [await browser.post(leaving), await browser.get(leaving)]

    assert {answer.status_code for answer in answers} == {200}
    assert all("You have unsubscribed" in answer.text for answer in answers)


@pytest.mark.parametrize("door", ["confirm", "unsubscribe"])
@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_a_forged_link_is_explained(door, method, browser):
    answer = await browser.request(method, f"/{door}/WzAsImFkYSJd.forged")

    assert answer.status_code == 404
    assert "This link does not work" in answer.text


async def test_an_expired_confirmation_shows_the_way_to_a_new_one(browser, clock, store, confirming):
    await browser.post("/subscribe", data=FORM)
    clock.advance(timedelta(hours=73))

    answers = [await browser.get(confirming), await browser.post(confirming)]

    assert {answer.status_code for answer in answers} == {410}
    assert all('href="/subscribe"' in answer.text for answer in answers)
    assert not any(s.active for s in (await store.subscribers())[0].subscriptions)


async def test_a_link_whose_wish_was_replaced_shows_the_way_to_a_new_one(browser, clock, store, confirming):
    await browser.post("/subscribe", data=FORM)
    clock.advance(timedelta(days=1))
    await browser.post("/subscribe", data={**FORM, "name": "Eve"})

    answers = [await browser.get(confirming), await browser.post(confirming)]

    assert {answer.status_code for answer in answers} == {410}
    assert not any(s.active for s in (await store.subscribers())[0].subscriptions)


async def test_a_strangers_sign_up_at_the_same_moment_does_not_undo_a_leaving(browser, store, leaving):
    await store.record_subscribers([a_subscriber()])

    await asyncio.gather(
        browser.post("/subscribe", data=FORM),
        browser.post(leaving),
        browser.post("/subscribe", data=FORM),
    )

    (reader,) = await store.subscribers()
    assert not any(s.active for s in reader.subscriptions)


@pytest.mark.parametrize(
    ("address", "headers", "language"),
    [
        pytest.param("/subscribe?lang=vi", {"Accept-Language": "en"}, "vi", id="the one that the address names"),
        pytest.param("/subscribe", {"Accept-Language": "fr, vi;q=0.8, en;q=0.5"}, "vi", id="the best that there is"),
        pytest.param("/subscribe", {"Accept-Language": "vi;q=0, fr"}, "en", id="not one that is refused"),
        pytest.param("/subscribe?lang=../x", {"Accept-Language": ";;q=x,,"}, "en", id="nonsense gets the site's own"),
        pytest.param("/vi/nothing/here", {}, "vi", id="the one in whose folder they are"),
    ],
)
async def test_pages_speak_the_visitors_language(address, headers, language, browser):
    answer = await browser.get(address, headers=headers)

    assert f'<html lang="{language}"' in answer.text
    assert answer.headers["content-language"] == language


async def test_the_answer_to_a_form_is_in_the_language_chosen_in_it(browser):
    answer = await browser.post("/subscribe", data={**FORM, "language": "vi"}, headers={"Accept-Language": "en"})

    assert answer.headers["content-language"] == "vi"

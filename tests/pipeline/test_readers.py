"""Consent: what a stranger types changes nothing; what its owner confirms or ends does."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicator.model.subscriber import Subscriber, Subscription
from syndicator.pipeline.readers import (
    Wish,
    ask,
    awaiting,
    confirm,
    has_left,
    is_asked,
    is_zone,
    last_asking,
    leave,
    left_at,
    mask_address,
    still_awaiting,
    vouch,
    wish_words,
)
from syndicator.testing import NOON, a_subscriber

HOUR = timedelta(hours=1)
LATER = NOON + timedelta(days=1)
NEW = Subscriber(id="ada", email="ada@reader.example")


def a_wish(*newsletters, **changes):
    return replace(Wish(newsletters=newsletters or ("weekly",), languages=("vi",), timezone="Asia/Saigon"), **changes)


wishes = st.builds(
    a_wish,
    st.sampled_from(["weekly", "daily"]),
    topics=st.sampled_from([(), ("trade",)]),
    name=st.sampled_from(["", "Ada"]),
)


@given(st.lists(wishes, max_size=5))
def test_asking_changes_nothing_that_is_settled(typed):
    before = a_subscriber()

    after = before
    for wish in typed:
        after = ask(after, wish, now=NOON, how="web form")

    assert [s for s in after.subscriptions if s.active] == list(before.subscriptions)
    assert (after.name, after.languages, after.timezone) == (before.name, before.languages, before.timezone)
    assert after.subscription("weekly").active


@given(st.lists(wishes, max_size=5))
def test_a_newsletter_awaits_confirmation_once_however_often_it_was_asked_for(typed):
    reader = NEW
    for wish in typed:
        reader = ask(reader, wish, now=NOON, how="web form")

    waiting = [s.newsletter for s in awaiting(reader)]

    assert sorted(waiting) == sorted({newsletter for wish in typed for newsletter in wish.newsletters})


def test_confirming_brings_what_was_asked_for():
    asked = ask(NEW, a_wish(topics=("trade",), name="Ada"), now=NOON, how="web form")

    reader = confirm(asked, ["weekly"], now=LATER, how="button")

    assert reader.subscriptions == (Subscription(newsletter="weekly", topics=("trade",), confirmed_at=LATER),)
    assert (reader.name, reader.languages, reader.timezone) == ("Ada", ("vi",), "Asia/Saigon")
    assert [(step.what, step.how, step.newsletter) for step in reader.ledger] == [
        ("asked", "web form", "weekly"),
        ("confirmed", "button", "weekly"),
    ]


def test_confirming_takes_only_what_the_link_names():
    asked = ask(NEW, a_wish("weekly", "daily"), now=NOON, how="web form")

    reader = confirm(asked, ["weekly", "monthly"], now=LATER, how="button")

    assert [s.newsletter for s in reader.subscriptions if s.active] == ["weekly"]
    assert [s.newsletter for s in awaiting(reader)] == ["daily"]


def test_confirming_twice_is_confirming_once():
    once = confirm(ask(NEW, a_wish(), now=NOON, how="web form"), ["weekly"], now=NOON, how="button")

    assert confirm(once, ["weekly"], now=LATER, how="button") == once


def test_a_confirmed_change_of_topics_leaves_no_gap_and_sends_nothing_twice():
    reader = a_subscriber()
    since = reader.subscription("weekly").confirmed_at
    asked = ask(reader, a_wish(topics=("trade",)), now=NOON, how="web form")

    changed = confirm(asked, ["weekly"], now=LATER, how="button")

    assert changed.subscriptions == (Subscription(newsletter="weekly", topics=("trade",), confirmed_at=since),)


def test_leaving_ends_one_newsletter_only():
    reader = replace(
        a_subscriber(),
        subscriptions=(*a_subscriber().subscriptions, Subscription(newsletter="daily", confirmed_at=NOON)),
    )

    gone = leave(reader, "weekly", now=LATER, how="one click")

    assert gone.subscription("weekly").ended_at == LATER
    assert gone.subscription("daily").active
    assert gone.ledger[-1].what == "ended"


@pytest.mark.parametrize(
    "reader",
    [
        pytest.param(leave(a_subscriber(), "weekly", now=NOON, how="one click"), id="left before"),
        pytest.param(NEW, id="never had it"),
    ],
)
def test_leaving_what_one_has_not_changes_nothing(reader):
    assert leave(reader, "weekly", now=LATER, how="one click") == reader


def test_leaving_ends_what_awaits_confirmation_too():
    asked = ask(a_subscriber(), a_wish(), now=NOON, how="web form")

    gone = leave(asked, "weekly", now=LATER, how="one click")

    assert awaiting(gone) == ()
    assert not any(s.active for s in gone.subscriptions)


def test_who_left_is_back_only_when_they_confirm_anew():
    gone = leave(a_subscriber(), "weekly", now=NOON, how="one click")
    asked = ask(gone, a_wish(), now=LATER, how="web form")
    back = confirm(asked, ["weekly"], now=LATER, how="button")

    assert left_at(gone, "weekly") == left_at(asked, "weekly") == NOON
    assert not asked.subscription("weekly").active
    assert back.subscription("weekly").confirmed_at == LATER
    assert left_at(back, "weekly") is None


@pytest.mark.parametrize(
    ("reader", "newsletter", "left"),
    [
        pytest.param(a_subscriber(), "weekly", False, id="who has it has not left it"),
        pytest.param(a_subscriber(), "daily", False, id="a reader of another newsletter has not left this one"),
        pytest.param(NEW, "weekly", False, id="a stranger has not left"),
        pytest.param(ask(NEW, a_wish(), now=NOON, how="x"), "weekly", False, id="who was asked has not left"),
        pytest.param(leave(a_subscriber(), "weekly", now=NOON, how="x"), "weekly", True, id="who ended it has left it"),
        pytest.param(
            leave(a_subscriber(), "weekly", now=NOON, how="x"), "daily", True, id="who ended all has left all"
        ),
    ],
)
def test_has_left(reader, newsletter, left):
    assert has_left(reader, newsletter) is left


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"topics": ("trade",)}, id="other topics"),
        pytest.param({"name": "Eve"}, id="another name"),
        pytest.param({"languages": ("vi", "en")}, id="another language"),
        pytest.param({"timezone": "UTC"}, id="another time zone"),
        pytest.param({"at": time(6)}, id="another hour"),
    ],
)
def test_a_wish_that_was_replaced_is_not_the_one_that_a_mail_asked_for(changes):
    first = ask(NEW, a_wish("weekly", "daily"), now=NOON, how="web form")
    words = wish_words(first)

    same = ask(first, a_wish("weekly"), now=LATER, how="web form")
    other = ask(first, a_wish("weekly", **changes), now=LATER, how="web form")

    assert sorted(still_awaiting(first, words)) == sorted(still_awaiting(same, words)) == ["daily", "weekly"]
    assert still_awaiting(other, words) == ("daily",)


def test_words_of_wishes_need_no_quoting_in_a_mail():
    asked = ask(NEW, a_wish("weekly", "daily", name='Đặng "x" y'), now=NOON, how="web form")

    assert all(re.fullmatch(r"(weekly|daily):[0-9a-f]{16}", word) for word in wish_words(asked))


def test_what_is_confirmed_awaits_no_more():
    asked = ask(NEW, a_wish(), now=NOON, how="web form")

    done = confirm(asked, ["weekly"], now=NOON, how="button")

    assert still_awaiting(done, wish_words(asked)) == ()


def asks(reader, *newsletters, at):
    return ask(reader, a_wish(*newsletters), now=at, how="web form")


MORNING = asks(NEW, "weekly", "daily", at=NOON)
CONFIRMED = confirm(MORNING, ["weekly"], now=NOON + HOUR, how="button")
GONE = leave(CONFIRMED, "weekly", now=NOON + HOUR, how="one click")


@pytest.mark.parametrize(
    ("reader", "name", "open_"),
    [
        pytest.param(NEW, "", False, id="never"),
        pytest.param(MORNING, "2026-07-14", True, id="once, for two newsletters"),
        pytest.param(CONFIRMED, "2026-07-14", False, id="once, and confirmed"),
        pytest.param(GONE, "2026-07-14", False, id="once, and left"),
        pytest.param(asks(CONFIRMED, at=NOON + 2 * HOUR), "2026-07-14/2", True, id="again after confirming"),
        pytest.param(asks(GONE, at=NOON + 2 * HOUR), "2026-07-14/2", True, id="again after leaving"),
        pytest.param(asks(GONE, at=LATER), "2026-07-15", False, id="on another day"),
    ],
)
def test_an_asking_is_named_after_its_day_and_open_until_its_answer(reader, name, open_):
    assert last_asking(reader) == name
    assert is_asked(reader, now=NOON + 3 * HOUR) is open_


def test_vouching_does_not_change_what_a_reader_chose():
    reader = a_subscriber(name="Ada")

    vouched = vouch(reader, a_wish("daily", name="Bob"), confirmed_at=NOON, now=LATER, how="paper form")

    assert vouched.subscription("daily").confirmed_at == NOON
    assert (vouched.name, vouched.languages, vouched.timezone) == (reader.name, reader.languages, reader.timezone)
    assert (vouched.ledger[-1].what, vouched.ledger[-1].how) == ("imported", "paper form")


@pytest.mark.parametrize(
    ("name", "known"),
    [
        pytest.param("Asia/Ho_Chi_Minh", True, id="a zone"),
        pytest.param("Asia/Saigon", True, id="an old name that browsers still give"),
        pytest.param("UTC", True, id="UTC"),
        pytest.param("", False, id="nothing"),
        pytest.param("Asia", False, id="a folder of the database"),
        pytest.param("../etc/passwd", False, id="a path out of the database"),
        pytest.param("GMT+7", False, id="an offset"),
        pytest.param("a\0b", False, id="a NUL"),
    ],
)
def test_is_zone(name, known):
    assert is_zone(name) is known


def test_a_masked_address_is_known_to_its_owner_only():
    assert mask_address("ada.lovelace@reader.example") == "a…@reader.example"

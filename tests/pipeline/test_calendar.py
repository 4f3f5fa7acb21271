from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicator.model.edition import Newsletter, Schedule
from syndicator.model.language import Localized
from syndicator.model.subscriber import Subscription
from syndicator.pipeline.calendar import latest_occasion, owed
from syndicator.testing import NOON, a_subscriber

WEEKLY = Newsletter(
    id="weekly",
    title=Localized({"en": "W"}),
    feeds=("f",),
    schedule=Schedule(every="week", on=1, late=timedelta(days=7)),
)


def local(text: str, zone: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


@pytest.mark.parametrize(
    ("schedule", "zone", "now", "period"),
    [
        pytest.param(Schedule(every="day"), "Asia/Tokyo", "2026-07-14T07:00", "2026-07-14", id="its hour has come"),
        pytest.param(Schedule(every="day"), "Asia/Tokyo", "2026-07-14T06:59", "2026-07-13", id="not yet its hour"),
        pytest.param(Schedule(every="week", on=1), "Europe/Paris", "2026-07-14T12:00", "2026-07-13", id="monday last"),
        pytest.param(Schedule(every="week", on=3), "Europe/Paris", "2026-07-14T12:00", "2026-07-08", id="a week ago"),
        pytest.param(Schedule(every="month", on=28), "UTC", "2026-03-01T12:00", "2026-02-28", id="the month before"),
        pytest.param(Schedule(every="day", at=time(2, 30)), "Europe/Paris", "2026-03-29T03:30", "2026-03-29",
                     id="an hour that the clock leaves out comes after it"),
        pytest.param(Schedule(every="day", at=time(2, 30)), "Europe/Paris", "2026-10-25T02:30", "2026-10-25",
                     id="an hour that comes twice counts the first time"),
    ],
)  # fmt: skip
def test_latest_occasion(schedule, zone, now, period):
    occasion = latest_occasion(schedule, timezone=zone, now=local(now, zone))

    assert occasion.period == date.fromisoformat(period)


@given(
    st.sampled_from(["Asia/Ho_Chi_Minh", "America/New_York", "Pacific/Apia", "Europe/Dublin", "Australia/Lord_Howe"]),
    st.datetimes(min_value=datetime(2011, 1, 1), max_value=datetime(2030, 1, 1)),  # noqa: DTZ001 - made aware below
    st.times(),
)
def test_a_day_later_one_occasion_later_at_most_two(zone, now, at):
    now, schedule = now.replace(tzinfo=UTC), Schedule(every="day", at=at.replace(tzinfo=None))

    before = latest_occasion(schedule, timezone=zone, now=now)
    after = latest_occasion(schedule, timezone=zone, now=now + timedelta(days=1))

    assert before.due_at <= now < after.due_at + timedelta(days=1)
    assert before.period < after.period <= before.period + timedelta(days=2)


def test_a_reader_starts_with_the_first_occasion_after_they_confirmed():
    ada = a_subscriber()
    fresh = Subscription(newsletter="weekly", confirmed_at=NOON - timedelta(hours=1))

    assert owed(WEEKLY, ada, fresh, now=NOON) is None
    assert owed(WEEKLY, ada, fresh, now=NOON + timedelta(days=7)) is not None


@pytest.mark.parametrize(
    "subscription",
    [
        pytest.param(Subscription(newsletter="weekly"), id="not confirmed"),
        pytest.param(
            Subscription(newsletter="weekly", confirmed_at=NOON - timedelta(days=90), ended_at=NOON), id="left"
        ),
    ],
)
def test_nobody_is_owed_mail_without_consent(subscription):
    assert owed(WEEKLY, a_subscriber(), subscription, now=NOON) is None


def test_a_reader_may_have_their_own_hour():
    evening = Subscription(newsletter="weekly", at=time(20, 0), confirmed_at=NOON - timedelta(days=30))
    tuesday_noon = NOON

    occasion = owed(WEEKLY, a_subscriber(timezone="UTC"), evening, now=tuesday_noon)

    assert occasion is not None
    assert occasion.due_at == datetime(2026, 7, 13, 20, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("schedule", "late", "is_owed"),
    [
        pytest.param(Schedule(every="day"), timedelta(hours=6), True, id="a day's waits six hours"),
        pytest.param(Schedule(every="day"), timedelta(hours=6, minutes=1), False, id="and no longer"),
        pytest.param(Schedule(every="week"), timedelta(hours=24), True, id="a week's waits a day"),
        pytest.param(Schedule(every="week"), timedelta(hours=25), False, id="and no longer either"),
        pytest.param(Schedule(every="week", late=timedelta(hours=1)), timedelta(hours=2), False, id="unless told"),
    ],
)
def test_what_could_not_go_out_at_its_hour_waits_for_a_while(schedule, late, is_owed):
    newsletter = replace(WEEKLY, schedule=schedule)
    subscription = Subscription(newsletter="weekly", confirmed_at=NOON - timedelta(days=90))
    monday = local("2026-07-13T07:00", "UTC")

    occasion = owed(newsletter, a_subscriber(timezone="UTC"), subscription, now=monday + late)

    assert (occasion is not None) is is_owed

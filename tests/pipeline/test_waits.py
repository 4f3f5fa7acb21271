from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicator.model.entry import Entry, Parsed
from syndicator.model.source import Body, NotModified, Pace
from syndicator.pipeline.cadence import after_answer, after_reading, first_state
from syndicator.pipeline.waits import (
    ADAPTIVE_MAX,
    ADAPTIVE_MIN,
    ASKS_PER_CHANGE,
    MAX_BACKOFF,
    MAX_WAIT,
    NEVER,
    SPREAD,
    learn_rhythm,
    longest_wait,
    moment_after,
    usual_wait,
    wait_after_failure,
    wait_after_refusal,
)
from syndicator.testing import NOON, a_source

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
TUESDAY, SATURDAY, SUNDAY = 1, 5, 6
JITTER = st.floats(0, 1)
WAITS = st.timedeltas(MINUTE, timedelta(days=30))
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
PACES = st.builds(
    Pace,
    wait=st.timedeltas(timedelta(0), timedelta(days=400)),
    skip_hours=st.lists(st.integers(0, 23), unique=True).map(tuple),
    skip_days=st.lists(st.integers(0, 6), unique=True).map(tuple),
)
ALL_HOURS, ALL_DAYS = tuple(range(24)), tuple(range(7))


@pytest.mark.parametrize(
    ("pace", "moment"),
    [
        # NOON is a Tuesday, five o'clock in Greenwich.
        pytest.param(Pace(), NOON + HOUR, id="nothing is skipped"),
        pytest.param(Pace(skip_hours=(7, 8)), NOON + HOUR, id="another hour is skipped"),
        pytest.param(Pace(skip_hours=(6,)), NOON + 2 * HOUR, id="the hour is skipped"),
        pytest.param(Pace(skip_hours=(6, 7, 8)), NOON + 4 * HOUR, id="several hours are skipped"),
        pytest.param(Pace(skip_hours=tuple(range(6, 24))), NOON + 19 * HOUR, id="the rest of the day is skipped"),
        pytest.param(Pace(skip_days=(TUESDAY,)), NOON + 19 * HOUR, id="the day is skipped"),
        pytest.param(Pace(skip_days=(TUESDAY,), skip_hours=(0, 1)), NOON + 21 * HOUR,
                     id="so are the first hours of the next"),
        pytest.param(Pace(skip_days=(SATURDAY, SUNDAY)), NOON + HOUR, id="the weekend is skipped, and it is Tuesday"),
        pytest.param(Pace(skip_days=(1, 2, 3, 4, 5, 6)), NOON - 5 * HOUR + 6 * DAY, id="all days but Monday"),
        pytest.param(Pace(skip_hours=ALL_HOURS), NOON + HOUR, id="all 24 hours are a mistake"),
        pytest.param(Pace(skip_days=ALL_DAYS), NOON + HOUR, id="all seven days are a mistake"),
        pytest.param(Pace(skip_hours=(*ALL_HOURS, 24, 99)), NOON + HOUR, id="hours that no day has"),
        pytest.param(Pace(skip_days=ALL_DAYS, skip_hours=(6,)), NOON + 2 * HOUR, id="one list may be right"),
    ],
)  # fmt: skip
def test_a_moment_in_a_skipped_hour_or_day_moves_to_the_first_that_is_not(pace, moment):
    assert moment_after(HOUR, now=NOON, pace=pace, jitter=0.0) == moment


def test_not_everybody_comes_as_the_skipped_hour_ends():
    pace = Pace(skip_hours=(5, 6))

    moments = {moment_after(MINUTE, now=NOON, pace=pace, jitter=jitter / 10) for jitter in range(11)}

    assert len(moments) == 11
    assert {moment.hour for moment in moments} == {7}


@given(wait=WAITS, now=MOMENTS, pace=PACES, jitter=JITTER)
def test_a_skipped_hour_is_never_hit_and_no_moment_is_too_early_or_too_late(wait, now, pace, jitter):
    moment = moment_after(wait, now=now, pace=pace, jitter=jitter)

    assert now + wait <= moment <= now + wait * (1 + SPREAD) + 7 * DAY
    assert moment.hour not in pace.skip_hours or len(pace.skip_hours) == 24
    assert moment.weekday() not in pace.skip_days or len(pace.skip_days) == 7


@given(wait=WAITS, now=MOMENTS, jitter=JITTER)
def test_jitter_makes_a_wait_longer_by_a_tenth_at_most(wait, now, jitter):
    moment = moment_after(wait, now=now, pace=Pace(), jitter=jitter)

    assert now + wait <= moment <= now + wait * (1 + SPREAD)


@given(usual=st.timedeltas(MINUTE, timedelta(days=30)), failures=st.integers(0, 10**9))
def test_each_failure_makes_the_wait_longer_or_leaves_it_at_its_bound(usual, failures):
    wait, next_wait = (wait_after_failure(usual, failures=count) for count in (failures, failures + 1))

    assert usual <= wait <= next_wait <= max(usual, MAX_BACKOFF)
    assert next_wait in {2 * wait, max(usual, MAX_BACKOFF)}


@pytest.mark.parametrize(
    ("status", "retry_at", "wait"),
    [
        pytest.param(429, None, 4 * HOUR, id="too many requests, and no time named"),
        pytest.param(403, None, 4 * HOUR, id="forbidden"),
        pytest.param(0, None, 4 * HOUR, id="a challenge page"),
        pytest.param(503, None, HOUR, id="out of service"),
        pytest.param(429, NOON + 5 * HOUR, 5 * HOUR, id="the time named is obeyed"),
        pytest.param(429, NOON + 2 * MINUTE, HOUR, id="two minutes are not enough after a refusal"),
        pytest.param(503, NOON - DAY, HOUR, id="a time that has passed"),
        pytest.param(429, NOON + 400 * DAY, MAX_WAIT, id="an absurd time is capped"),
    ],
)
def test_whoever_asks_us_to_stay_away_is_left_alone(status, retry_at, wait):
    assert wait_after_refusal(status, retry_at, now=NOON) == wait


@pytest.mark.parametrize(
    ("ages", "rhythm"),
    [
        pytest.param([], None, id="no dates"),
        pytest.param([1, 2], None, id="two dates are too few"),
        pytest.param([3, 6, 9], 3 * HOUR, id="one each three hours"),
        pytest.param([9, 3, 6, 6, 6], 3 * HOUR, id="dates in disorder, and several at once"),
        pytest.param([-5, 3, 6, 9], 3 * HOUR, id="a date of the future does not count"),
        pytest.param([3 * age for age in range(1, 21)] + [10**5], 3 * HOUR, id="one entry that stands there for years"),
        pytest.param([0.001, 0.002, 0.003, 0.004], None, id="dates that are made up at every asking"),
        pytest.param([10_000 + age for age in range(50)], ADAPTIVE_MAX * ASKS_PER_CHANGE, id="silent for a year"),
    ],
)
def test_the_first_rhythm_is_that_of_the_published_dates(ages, rhythm):
    dates = [None, *(NOON - age * HOUR for age in ages)]

    found = learn_rhythm(None, dates, new_at=None, now=NOON)

    assert found == rhythm if rhythm is None else found == pytest.approx(rhythm, abs=ADAPTIVE_MIN)


@given(
    rhythm=st.none() | WAITS, dates=st.lists(MOMENTS), silence=st.timedeltas(-DAY, timedelta(days=5000)), every=WAITS
)
def test_an_adaptive_wait_and_what_is_learned_stay_within_their_bounds(rhythm, dates, silence, every):
    source = a_source(adaptive=True, every=every)

    learned = learn_rhythm(rhythm, dates, new_at=NOON - silence, now=NOON)
    wait = usual_wait(source, pace=Pace(), rhythm=learned, new_at=NOON - silence, now=NOON)

    assert ADAPTIVE_MIN <= learned / ASKS_PER_CHANGE <= ADAPTIVE_MAX
    assert ADAPTIVE_MIN <= wait <= ADAPTIVE_MAX


@given(rhythm=st.timedeltas(10 * MINUTE, DAY), silence=st.timedeltas(timedelta(0), timedelta(days=90)))
def test_silence_lengthens_the_wait_bit_by_bit(rhythm, silence):
    source = a_source(adaptive=True)

    waits = [usual_wait(source, pace=Pace(), rhythm=rhythm, new_at=NOON - silent, now=NOON)
             for silent in (timedelta(0), silence, 2 * silence)]  # fmt: skip

    assert waits[0] <= waits[1] <= waits[2] <= 1.5 * waits[1] + timedelta(seconds=1)


def test_a_burst_shortens_the_rhythm_and_one_night_does_not_undo_it():
    rhythm = 4 * HOUR
    for _ in range(6):
        rhythm = learn_rhythm(rhythm, (), new_at=NOON - 30 * MINUTE, now=NOON)

    after_a_night = learn_rhythm(rhythm, (), new_at=NOON - 10 * HOUR, now=NOON)

    assert rhythm < 45 * MINUTE
    assert after_a_night < 2 * HOUR


@given(every=WAITS, wait=st.timedeltas(timedelta(0), timedelta(days=400)))
def test_the_publisher_may_slow_us_but_not_hurry_us(every, wait):
    found = usual_wait(a_source(every=every), pace=Pace(wait=wait), rhythm=HOUR, new_at=NOON, now=NOON)

    assert found == max(every, min(wait, MAX_WAIT))


def test_who_was_asked_too_seldom_shows_it_by_the_dates_of_what_it_brings():
    dates = [NOON - minutes * MINUTE for minutes in range(15, 6 * 60, 15)]

    without, with_dates = (learn_rhythm(DAY, each, new_at=NOON - 6 * HOUR, now=NOON) for each in ((), dates))

    assert with_dates < without / 2


def test_no_wait_is_as_long_as_never():
    assert NOON + longest_wait(a_source(every=timedelta(days=3650))) < NEVER


def simulate(changes, *, days, published=()):
    """Return the moments at which a source that changes at *changes* is asked in *days*, and the mean delay."""
    chance, source, state, now = Random(7), a_source(adaptive=True), first_state(a_source()), NOON
    asked, delays, waiting = [], [], sorted(changes)
    while now < NOON + days * DAY:
        seen = [change for change in waiting if change <= now]
        waiting = waiting[len(seen) :]
        delays += [now - change for change in seen]
        jitter = chance.random()
        if asked and not seen:
            state = after_answer(state, source, NotModified(source="vna"), now=now, jitter=jitter)
        else:
            body, body_hash = Body(source="vna", url=source.url, content=b""), str(now)
            entries = tuple(Entry(source="vna", published=date) for date in (seen if asked else published))
            parsed = Parsed(version="rss20", title="Wire", entries=entries)
            state = after_answer(state, source, body, now=now, jitter=jitter, body_hash=body_hash)
            state = after_reading(state, source, parsed=parsed, read=(), body_hash=body_hash, new=max(1, len(entries)),
                                  problems=(), now=now, jitter=jitter)  # fmt: skip
        asked.append(now)
        now = state.next_at
    return asked, sum(delays, timedelta(0)) / max(1, len(delays))


@pytest.mark.parametrize("published", [
    pytest.param([], id="its entries have no dates"),
    pytest.param([NOON - 3 * hours * HOUR for hours in range(20)], id="its dates tell its rhythm"),
    pytest.param([NOON - minutes * MINUTE for minutes in range(0, 200, 10)], id="it was quick until now"),
])  # fmt: skip
def test_a_source_that_changes_each_three_hours_is_asked_about_twice_as_often(published):
    changes = [NOON + HOUR + 3 * hours * HOUR for hours in range(240)]

    asked, mean_delay = simulate(changes, days=30, published=published)

    assert 1.7 * len(changes) <= len(asked) <= 2.3 * len(changes)
    assert mean_delay <= 70 * MINUTE


def test_a_source_that_sleeps_at_night_is_asked_less_at_night():
    night = (23, 0, 1, 2, 3, 4, 5, 6)
    changes = [NOON + half_hours * HOUR / 2 for half_hours in range(20 * 48)]
    changes = [change for change in changes if change.hour not in night]

    asked, mean_delay = simulate(changes, days=20)

    by_night = sum(moment.hour in night for moment in asked) / len(night)
    by_day = sum(moment.hour not in night for moment in asked) / (24 - len(night))
    assert by_night <= by_day / 2
    assert mean_delay <= 15 * MINUTE


def test_a_source_that_fell_silent_years_ago_is_asked_about_twice_a_day():
    long_ago = [NOON - 700 * DAY - hours * HOUR for hours in range(50)]

    asked, _ = simulate([], days=30, published=long_ago)

    assert 50 <= len(asked) <= 65


def test_a_source_that_wakes_up_is_soon_asked_often_again():
    silent, awake = 20, 2
    changes = [NOON + silent * DAY + quarters * HOUR / 4 for quarters in range(awake * 96)]

    asked, _ = simulate(changes, days=silent + awake)

    last_day = [moment for moment in asked if moment >= NOON + (silent + awake - 1) * DAY]
    assert len(last_day) >= 96

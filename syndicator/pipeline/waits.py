"""Decide how long to leave a source alone: by the admin's word, its publisher's, its rhythm and its failures."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from math import sqrt

from syndicator.model.source import Pace, Source

MAX_WAIT = timedelta(days=2)  # no max-age, ttl or Retry-After keeps us away for longer
MAX_BACKOFF = timedelta(days=1)  # a source that was down is met again the day after it is up
SPREAD = 0.1  # of the wait; so that sources which were asked together drift apart

# When a source is asked that said 410. Not the last instant of all, which no zone east of Greenwich could show.
NEVER = datetime(9999, 1, 1, tzinfo=UTC)

ADAPTIVE_MIN = timedelta(minutes=5)  # no newspaper's readers miss anything by that much
ADAPTIVE_MAX = timedelta(hours=12)  # one that was silent for months may wake up any day
ASKS_PER_CHANGE = 2  # news is met within a quarter to a third of the time between two changes
LEARNING = 0.3  # the weight of the latest change: a night, or a burst, is forgotten after three or four more
_FEWEST_DATES = 3  # two may be chance
_MOST_DATES = 20  # what a source did last month says less than what it did this week

# Too many requests: readers' authors agree on four hours; so for a refusal, which asking sooner only confirms.
_REFUSED = timedelta(hours=4)
_BUSY = timedelta(hours=1)  # 503, and whoever names a time of their own (RFC 9110, section 10.2.3)

_HOUR = timedelta(hours=1)
_WEEK = timedelta(days=7)


def usual_wait(
    source: Source, *, pace: Pace, rhythm: timedelta | None, new_at: datetime | None, now: datetime
) -> timedelta:
    """Return the time between two askings of a *source* that is well: the longer of what we want and it wishes.

    What we want is `every`; of an adaptive source half of its *rhythm*, or `every` until that is known. While it is
    silent for longer than usual since *new_at*, the wait grows with the square root of the silence: in a night to
    about an hour for a source that tells something each half-hour of the day.
    """
    wait = source.every
    if source.adaptive and new_at is not None:
        usual = (rhythm or source.every * ASKS_PER_CHANGE).total_seconds()
        silent = max(usual, (now - new_at).total_seconds())
        wait = timedelta(seconds=sqrt(usual * silent) / ASKS_PER_CHANGE)
        wait = min(max(wait, ADAPTIVE_MIN), ADAPTIVE_MAX)
    return max(wait, min(pace.wait, MAX_WAIT))


def wait_after_failure(usual: timedelta, *, failures: int) -> timedelta:
    """Return *usual* doubled for each of the *failures* before this one, up to `MAX_BACKOFF`."""
    # 16 doublings of a minute are longer than any wait, and fit into a timedelta.
    return max(usual, min(usual * (1 << min(failures, 16)), MAX_BACKOFF))


def wait_after_refusal(status: int, retry_at: datetime | None, *, now: datetime) -> timedelta:
    """Return the least time after an answer that asks us to stay away, of this *status* and *retry_at*."""
    if retry_at is not None:
        return max(_BUSY, min(retry_at - now, MAX_WAIT))
    return _BUSY if status == 503 else _REFUSED


def moment_after(wait: timedelta, *, now: datetime, pace: Pace, jitter: float) -> datetime:
    """Return the moment *wait* from *now*, spread by *jitter* (0 to 1), and out of the hours and days to be skipped.

    One that lies in them moves to the first hour, in GMT, that is not skipped (RSS 2.0, skipHours, skipDays), and
    anywhere into that hour, so that not everybody comes as the clock strikes. Lists that leave no hour of the day, or
    no day of the week, are a mistake, and are not obeyed.
    """
    moment = now + wait * (1 + SPREAD * jitter)
    if not pace.skip_hours and not pace.skip_days:
        return moment
    hours = frozenset(range(24)).difference(pace.skip_hours) or frozenset(range(24))
    days = frozenset(range(7)).difference(pace.skip_days) or frozenset(range(7))
    hour = moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    if hour.hour in hours and hour.weekday() in days:
        return moment
    while hour.hour not in hours or hour.weekday() not in days:
        hour += _HOUR
    return hour + timedelta(minutes=59) * jitter


def longest_wait(source: Source) -> timedelta:
    """Return the longest time for which any answer but 410 keeps us away from *source*."""
    return max(source.every, MAX_WAIT) * (1 + SPREAD) + _WEEK  # a week: all days may be skipped but one


def learn_rhythm(
    rhythm: timedelta | None, dates: Iterable[datetime | None], *, new_at: datetime | None, now: datetime
) -> timedelta | None:
    """Return *rhythm* after new entries of these published *dates*; None while there is nothing to tell it from.

    At the first reading (*new_at* is None) it is that of the dates. Later it moves towards the time since *new_at*,
    or the rhythm of the dates if that is shorter: who was asked too seldom brings several changes at once. Without
    dates they look like one; then the wait is halved each time, until about every second answer brings something.

    The mean is that of the logarithms: after a night of ten hours a rhythm of half an hour is one of 74 minutes, and
    not one of three hours.
    """
    dated = _rhythm_of(dates, now)
    if new_at is None:
        return dated
    seen = _bounded(now - new_at)
    if dated is not None:
        seen = min(seen, dated)
    if rhythm is None:
        return seen
    return _bounded(timedelta(seconds=rhythm.total_seconds() ** (1 - LEARNING) * seen.total_seconds() ** LEARNING))


def _rhythm_of(dates: Iterable[datetime | None], now: datetime) -> timedelta | None:
    """Return the mean time between *dates*, that since the latest included; None if they are too few.

    Dates that are closer together than we would ever ask are one change.
    """
    step = ADAPTIVE_MIN.total_seconds()
    changes = sorted({date.timestamp() // step for date in dates if date is not None and date <= now}, reverse=True)
    changes = changes[:_MOST_DATES]
    if len(changes) < _FEWEST_DATES:
        return None
    return _bounded(timedelta(seconds=now.timestamp() - changes[-1] * step) / len(changes))


def _bounded(rhythm: timedelta) -> timedelta:
    """Return *rhythm* within what makes a difference to the wait: one week of holidays must not weigh for long."""
    return min(max(rhythm, ADAPTIVE_MIN * ASKS_PER_CHANGE), ADAPTIVE_MAX * ASKS_PER_CHANGE)

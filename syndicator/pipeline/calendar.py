"""Decide when a newsletter is due for a reader, on the reader's own clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from syndicator.model.edition import Newsletter, Schedule
from syndicator.model.subscriber import Subscriber, Subscription

# A morning's digest that comes in the evening is no use, and many laws forbid the night; a week's may wait a day.
LATE = {"day": timedelta(hours=6), "week": timedelta(hours=24), "month": timedelta(hours=72)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """One time at which a newsletter is due: the local day (*period*), the instant, and when it is too late."""

    period: date
    due_at: datetime
    late_at: datetime


def latest_occasion(schedule: Schedule, *, timezone: str, now: datetime, at: time | None = None) -> Occasion:
    """Return the last time, up to *now*, at which *schedule* was due in *timezone*, at the hour *at* or its own.

    An hour that a clock change leaves out comes when the clock has passed it; one that it repeats
    counts the first time (RFC 5545, section 3.3.5).
    """
    zone = ZoneInfo(timezone)
    hour = at or schedule.at
    day = now.astimezone(zone).date()
    # The clock of a zone may stand still or leap, so that "today" is tried, then the days before.
    while True:
        due_at = datetime.combine(day, hour, tzinfo=zone).astimezone(UTC)
        if _is_day(schedule, day) and due_at <= now:
            late = schedule.late if schedule.late is not None else LATE[schedule.every]
            return Occasion(period=day, due_at=due_at, late_at=due_at + late)
        day -= timedelta(days=1)


def owed(
    newsletter: Newsletter, subscriber: Subscriber, subscription: Subscription, *, now: datetime
) -> Occasion | None:
    """Return the occasion for which *subscriber* is owed *newsletter* now, or None.

    A reader starts with the first occasion after they confirmed. A newsroom that was down, or had no
    news at the hour, sends late, but no later than the schedule allows, and never two at once.
    """
    if not subscription.active or subscription.confirmed_at is None:
        return None
    occasion = latest_occasion(newsletter.schedule, timezone=subscriber.timezone, now=now, at=subscription.at)
    return occasion if occasion.due_at > subscription.confirmed_at and now <= occasion.late_at else None


def span(schedule: Schedule) -> timedelta:
    """Return how long one period of *schedule* lasts, at most."""
    return {"day": timedelta(days=1), "week": timedelta(days=7), "month": timedelta(days=31)}[schedule.every]


def _is_day(schedule: Schedule, day: date) -> bool:
    match schedule.every:
        case "day":
            return True
        case "week":
            return day.isoweekday() == schedule.on
        case "month":
            return day.day == schedule.on

"""Decide what a reader's consent is after they asked, confirmed, or left.

What is settled, a confirmed or ended subscription, stands first in `Subscriber.subscriptions`; what was
asked for and awaits confirmation stands behind it. So a stranger who types an address into the form
changes nothing of what its owner gets.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from syndicator.model.subscriber import Consent, Subscriber, Subscription

# An address that its owner did not confirm was given without consent, and is not kept for longer than it
# takes to come back from a holiday; the link in the mail has long expired by then.
SILENCE = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a person asks for: newsletters, *topics* (tag ids; none: all), languages best first, IANA zone, own hour."""

    newsletters: tuple[str, ...]
    languages: tuple[str, ...]
    timezone: str
    name: str = ""
    topics: tuple[str, ...] = ()
    at: time | None = None


def awaiting(subscriber: Subscriber) -> tuple[Subscription, ...]:
    """Return what *subscriber* asked for and has not confirmed."""
    return tuple(s for s in subscriber.subscriptions if s.confirmed_at is None and s.ended_at is None)


def wish_words(subscriber: Subscriber) -> tuple[str, ...]:
    """Return what *subscriber* awaits in words that a mail can carry: `newsletter:digest of all that was wished`."""
    return tuple(_wish_word(s) for s in awaiting(subscriber))


def still_awaiting(subscriber: Subscriber, words: Collection[str]) -> tuple[str, ...]:
    """Return the newsletters of those *words* whose wish still awaits confirmation, and was not replaced since."""
    return tuple(s.newsletter for s in awaiting(subscriber) if _wish_word(s) in words)


def last_asking(subscriber: Subscriber) -> str:
    """Return a name for the last time that *subscriber* asked, empty if they never did.

    It is the day (UTC), `2026-07-14`, with a number from the second time of that day on: `2026-07-14/2`.
    """
    steps = groupby(subscriber.ledger, key=lambda step: (step.what, step.at))
    days: list[date] = [at.date() for (what, at), _ in steps if what == "asked"]
    if not days:
        return ""
    number = days.count(days[-1])
    return days[-1].isoformat() + (f"/{number}" if number > 1 else "")


def is_asked(subscriber: Subscriber, *, now: datetime) -> bool:
    """Tell whether *subscriber* asked on this day (UTC) and has neither confirmed nor left anything since."""
    return any(step.what == "asked" and step.at.date() == now.date() for step in subscriber.ledger[-1:])


def left_at(subscriber: Subscriber, newsletter: str) -> datetime | None:
    """Return when *subscriber* left *newsletter*, None if they never did or are back."""
    settled = _settled(subscriber, newsletter)
    return settled.ended_at if settled else None


def has_left(subscriber: Subscriber, newsletter: str) -> bool:
    """Tell whether *subscriber* left *newsletter*, or left all that they ever had."""
    settled = [s for s in subscriber.subscriptions if s.confirmed_at or s.ended_at]
    return left_at(subscriber, newsletter) is not None or (bool(settled) and not any(s.active for s in settled))


def is_forgettable(subscriber: Subscriber, *, now: datetime) -> bool:
    """Tell whether *subscriber* only ever awaited confirmation, and has been silent for `SILENCE`.

    Whoever left is remembered, so that nobody brings them back.
    """
    undecided = not any(s.confirmed_at or s.ended_at for s in subscriber.subscriptions)
    return undecided and bool(subscriber.ledger) and all(step.at < now - SILENCE for step in subscriber.ledger)


def ask(subscriber: Subscriber, wish: Wish, *, now: datetime, how: str) -> Subscriber:
    """Return *subscriber* with *wish* awaiting confirmation; a later wish for a newsletter replaces an earlier one."""
    kept = [
        s for s in subscriber.subscriptions if s not in awaiting(subscriber) or s.newsletter not in wish.newsletters
    ]
    asked = [
        Subscription(
            newsletter=newsletter,
            topics=wish.topics,
            at=wish.at,
            name=wish.name,
            languages=wish.languages,
            timezone=wish.timezone,
        )
        for newsletter in wish.newsletters
    ]
    return replace(
        subscriber,
        subscriptions=(*kept, *asked),
        ledger=(*subscriber.ledger, *_steps("asked", wish.newsletters, now=now, how=how)),
    )


def confirm(subscriber: Subscriber, newsletters: Collection[str], *, now: datetime, how: str) -> Subscriber:
    """Return *subscriber* with what they asked for of *newsletters* confirmed; unchanged if that is nothing.

    A change to what was confirmed before keeps the date of that: nothing between is sent twice or left out.
    """
    changes = [s for s in awaiting(subscriber) if s.newsletter in newsletters]
    if not changes:
        return subscriber
    confirmed = []
    for wish in changes:
        settled = _settled(subscriber, wish.newsletter)
        since = settled.confirmed_at if settled and settled.active else now
        confirmed.append(_bare(replace(wish, confirmed_at=since)))
    changed = [wish.newsletter for wish in changes]
    others = [s for s in subscriber.subscriptions if s.newsletter not in changed]
    return replace(
        subscriber,
        name=changes[-1].name or subscriber.name,
        languages=changes[-1].languages or subscriber.languages,
        timezone=changes[-1].timezone or subscriber.timezone,
        subscriptions=(*confirmed, *others),
        ledger=(*subscriber.ledger, *_steps("confirmed", changed, now=now, how=how)),
    )


def vouch(subscriber: Subscriber, wish: Wish, *, confirmed_at: datetime, now: datetime, how: str) -> Subscriber:
    """Return *subscriber* with *wish* in force since *confirmed_at*, for which the admin vouches: *how* says why."""
    others = [s for s in subscriber.subscriptions if s.newsletter not in wish.newsletters]
    vouched = [
        Subscription(newsletter=newsletter, topics=wish.topics, at=wish.at, confirmed_at=confirmed_at)
        for newsletter in wish.newsletters
    ]
    chosen = any(s.active for s in subscriber.subscriptions)
    return replace(
        subscriber,
        # What a reader chose themselves, an admin's list does not change.
        name=subscriber.name if chosen else wish.name,
        languages=subscriber.languages if chosen else wish.languages,
        timezone=subscriber.timezone if chosen else wish.timezone,
        subscriptions=(*vouched, *others),
        ledger=(*subscriber.ledger, *_steps("imported", wish.newsletters, now=now, how=how)),
    )


def leave(subscriber: Subscriber, newsletter: str, *, now: datetime, how: str) -> Subscriber:
    """Return *subscriber* without *newsletter*, and without a wish for it; unchanged if there is neither."""
    mine = [s for s in subscriber.subscriptions if s.newsletter == newsletter]
    if all(s.ended_at for s in mine):
        return subscriber
    ended = _bare(replace(mine[0], ended_at=mine[0].ended_at or now))
    others = [s for s in subscriber.subscriptions if s.newsletter != newsletter]
    return replace(
        subscriber,
        subscriptions=(ended, *others),
        ledger=(*subscriber.ledger, *_steps("ended", [newsletter], now=now, how=how)),
    )


def mask_address(email: str) -> str:
    """Return *email* so that its owner knows it, and a friend to whom the mail was forwarded learns little.

    >>> mask_address("ada.lovelace@reader.example")
    'a…@reader.example'
    """
    local, _, domain = email.rpartition("@")
    return f"{local[:1]}…@{domain}"


def is_zone(name: str) -> bool:
    """Tell whether *name* is a time zone of IANA's database; old names, such as `Asia/Saigon`, are."""
    try:
        ZoneInfo(name)
    except (LookupError, ValueError, OSError):
        # A folder (`Asia`) is an OSError, a path out of the database (`../x`) a ValueError.
        return False
    return bool(name)


def _settled(subscriber: Subscriber, newsletter: str) -> Subscription | None:
    return next(
        (s for s in subscriber.subscriptions if s.newsletter == newsletter and (s.confirmed_at or s.ended_at)), None
    )


def _wish_word(wish: Subscription) -> str:
    fields = (wish.topics, str(wish.at or ""), wish.name, wish.languages, wish.timezone)
    # 64 bits: whoever wants another wish to pass for this one would have to know this one, and try them all.
    return f"{wish.newsletter}:{hashlib.sha256(json.dumps(fields).encode()).hexdigest()[:16]}"


def _bare(subscription: Subscription) -> Subscription:
    return replace(subscription, name="", languages=(), timezone="")


def _steps(what: str, newsletters: Sequence[str], *, now: datetime, how: str) -> list[Consent]:
    return [Consent(at=now, what=what, how=how, newsletter=newsletter) for newsletter in newsletters]

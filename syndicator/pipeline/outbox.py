"""Decide what becomes of a delivery after the mail server's answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from syndicator.model.mail import Accepted, Deferred, Delivery, Receipt, Refused

FIRST_WAIT = timedelta(minutes=5)  # greylisting asks for 5 to 15 minutes
MAX_WAIT = timedelta(hours=4)
# RFC 5321, section 4.5.4.1, gives up after four to five days; a digest older than that is no news.
GIVE_UP = timedelta(days=4)


def settle(delivery: Delivery, receipt: Receipt, *, now: datetime, jitter: float) -> Delivery:
    """Return *delivery* as *receipt* leaves it; *jitter* is from 0 to 1.

    A deferral waits twice as long each time, and becomes a refusal once the mail is four days old.
    """
    tried = replace(delivery, attempts=delivery.attempts + 1, claimed_until=None, reply=receipt.reply)
    match receipt:
        case Accepted():
            return replace(tried, state="sent", settled_at=now)
        case Refused():
            return replace(tried, state="refused", settled_at=now)
        case Deferred():
            if now - delivery.created_at >= GIVE_UP:
                return replace(tried, state="refused", settled_at=now)
            wait = min(FIRST_WAIT * 2 ** min(delivery.attempts, 16), MAX_WAIT)
            return replace(tried, due_at=now + wait * (1 + 0.1 * jitter))

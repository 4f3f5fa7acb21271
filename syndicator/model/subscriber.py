"""A subscriber: a person's address, languages, time zone and consent; a subscription: what they asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """One step of a person's consent: *what* happened (asked, confirmed, ended, imported), *how*, and when."""

    at: datetime
    what: str
    how: str
    newsletter: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """What a person asked for: a newsletter, *topics* (tag ids; none: all of it), and their own hour.

    It is owed mail only between *confirmed_at* and *ended_at*. *name*, *languages* and *timezone* are what
    was typed beside it; they become the subscriber's when it is confirmed.
    """

    newsletter: str
    topics: tuple[str, ...] = ()
    at: time | None = None
    confirmed_at: datetime | None = None
    ended_at: datetime | None = None
    name: str = ""
    languages: tuple[str, ...] = ()
    timezone: str = ""

    @property
    def active(self) -> bool:
        """Whether mail is owed for it."""
        return self.confirmed_at is not None and self.ended_at is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscriber:
    """A person who asked for mail. *languages* are ranked, best first; *timezone* is IANA's name.

    *id* is random and says nothing of the address. *ledger* grows and is never rewritten.
    """

    id: str
    email: str
    name: str = ""
    languages: tuple[str, ...] = ("en",)
    timezone: str = "UTC"
    subscriptions: tuple[Subscription, ...] = ()
    ledger: tuple[Consent, ...] = ()

    def subscription(self, newsletter: str) -> Subscription | None:
        """Return the subscription to *newsletter*, whatever its state."""
        return next((s for s in self.subscriptions if s.newsletter == newsletter), None)


def fold_address(email: str) -> str:
    """Return the form by which two spellings of one address are known to be the same.

    RFC 5321, section 2.4, lets a host tell cases of the local part apart; no provider does, and a
    person who signs up twice means one mailbox. The address itself is kept as it was typed.
    """
    return email.strip().casefold()

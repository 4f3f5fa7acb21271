"""A delivery: one edition owed to one subscriber; a receipt: what the mail server answered."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, TypeAlias


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One mail owed, keyed `(edition, subscriber)`: there is never a second one of the same key.

    *id* is `edition|subscriber`. *state* is `pending` until the mail server took it (`sent`),
    refused it for good (`refused`), or the reader left first, or it was too late for it (`withdrawn`): after
    *late_at* a digest is no use any more. *wish* is what a confirmation mail asks its reader to confirm: the
    words of `pipeline.readers.wish_words`, parted by spaces.
    """

    id: str
    edition: str
    subscriber: str
    variant: str
    due_at: datetime
    created_at: datetime
    state: Literal["pending", "sent", "refused", "withdrawn"] = "pending"
    attempts: int = 0
    late_at: datetime | None = None
    claimed_until: datetime | None = None
    settled_at: datetime | None = None
    reply: str = ""
    language: str = ""
    wish: str = ""


def delivery_id(edition: str, subscriber: str) -> str:
    """Return the key of the one delivery of *edition* to *subscriber*."""
    return f"{edition}|{subscriber}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A mail ready for the wire: the envelope of RFC 5321, and the bytes of RFC 5322 with CRLF line ends."""

    delivery: str
    reverse_path: str
    recipient: str
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """The server took the message over (250 after the final dot)."""

    delivery: str
    reply: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deferred:
    """Not now: a 4xx reply, a connection that broke, no server. It is tried again.

    *uncertain* says that the connection broke after the final dot and before the reply
    (RFC 1047): the server may have taken it.
    """

    delivery: str
    reply: str = ""
    uncertain: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """Not ever: a 5xx reply to this recipient or this message."""

    delivery: str
    reply: str = ""


Receipt: TypeAlias = Accepted | Deferred | Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class MailSettings:
    """How mail leaves. *smtp* is `smtp://`, `smtp+starttls://` or `smtps://`; empty: mail goes to a Maildir."""

    sender: str = ""
    sender_name: str = ""
    reply_to: str = ""
    smtp: str = ""
    maildir: str = ""
    connections: int = 4

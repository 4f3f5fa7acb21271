"""Sign the links in mails, and read them again, so that nobody can make one up.

A token is `payload.signature`, both in the URL-safe alphabet of base64 (RFC 4648, section 5). It starts
and ends with a letter or a digit, so that no mail program which looks for links in plain text leaves
a piece of it behind, and no web server takes it for a hidden file.
"""

from __future__ import annotations

import binascii
import json
from datetime import datetime, timedelta

from itsdangerous import BadSignature, Signer
from itsdangerous.encoding import base64_decode, base64_encode

from syndicator.errors import TokenError

CONFIRM = "confirm"  # values: the subscriber's id, then the words of what was wished (`readers.wish_words`)
UNSUBSCRIBE = "unsubscribe"  # values: the subscriber's id, the newsletter's id; it never expires
CONFIRM_MAX_AGE = timedelta(hours=72)  # a weekend; an address that nobody confirmed is not kept open for longer


def sign(purpose: str, *values: str, secret: bytes, issued_at: datetime | None = None) -> str:
    """Return a token which says *values*, for *purpose* only; *issued_at* (aware, kept to the second) dates it."""
    seconds = int(issued_at.timestamp()) if issued_at else 0
    payload = json.dumps([seconds, *values], separators=(",", ":")).encode()
    return _signer(purpose, secret).sign(base64_encode(payload)).decode("ascii")


def read(
    purpose: str, token: str, *, secret: bytes, now: datetime | None = None, max_age: timedelta | None = None
) -> tuple[str, ...]:
    """Return the values that *token* says; with *max_age*, only if it was issued less than that before *now*.

    Raise `TokenError` when it is forged, cut short, or signed for another purpose, and with `expired=True`
    when it is too old.
    """
    try:
        # Signer compares signatures in constant time.
        seconds, *values = json.loads(base64_decode(_signer(purpose, secret).unsign(token)))
    except (BadSignature, binascii.Error, ValueError) as error:
        raise TokenError("the link is not complete, or is not one of ours") from error
    if max_age is not None:
        if now is None:
            raise ValueError("an age is told from now: read(..., now=..., max_age=...)")
        if now.timestamp() - seconds >= max_age.total_seconds():
            raise TokenError("the link has expired", expired=True)
    return tuple(values)


def _signer(purpose: str, secret: bytes) -> Signer:
    # We do without itsdangerous' URLSafeSerializer because it compresses payloads of more than one newsletter,
    # and marks that by a leading dot: nginx rules against hidden files would refuse such a link.
    return Signer(secret, salt=f"syndicator.{purpose}".encode(), key_derivation="hmac")

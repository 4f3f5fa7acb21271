"""Read the head of an HTTP answer: what its status means, how long it is fresh, when to ask again, where to go."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Protocol

from syndicator.model.source import Blocked, Failed, Fetched, Gone, NotModified, Question, Validators

MAX_RETRY_AFTER = timedelta(days=2)  # servers were met that ask for years
MAX_MAX_AGE = timedelta(days=365)  # RFC 9111 lets a server say any number; timedelta does not hold any

PERMANENT = frozenset({301, 308})
_REDIRECTS = PERMANENT | {302, 303, 307}
_BLOCKING = frozenset({401, 403, 429, 451})
_UNKEPT = re.compile(r"(?:^|[,\s])(?:no-cache|no-store)\s*(?:,|$)", re.IGNORECASE)
_MAX_AGE = re.compile(r'(?:^|[,\s])max-age\s*=\s*"?([0-9]{1,12})', re.IGNORECASE)


class Headers(Protocol):
    """The header lines of an answer; names are compared without regard to case."""

    def get(self, name: str, default: str, /) -> str:
        """Return the first line of that *name*."""
        ...

    def getall(self, name: str, default: list[str], /) -> list[str]:
        """Return all lines of that *name*."""
        ...


def request_headers(validators: Validators) -> dict[str, str]:
    """Return the headers of a conditional question, none for one without *validators*."""
    headers = {}
    if validators.etag:
        headers["If-None-Match"] = validators.etag
    if validators.last_modified:
        headers["If-Modified-Since"] = validators.last_modified
    if headers:
        # RFC 3229: instead of all entries, those that are new since would do.
        headers["A-IM"] = "feed"
    return headers


def redirect(status: int, headers: Headers) -> str:
    """Return where an answer sends us (RFC 9110, section 15.4), or an empty string."""
    return headers.get("Location", "") if status in _REDIRECTS else ""


def read_head(question: Question, *, status: int, reason: str, headers: Headers, now: datetime) -> Fetched | None:
    """Return what an answer to *question* says by its head alone, None if its body is the document."""
    source, conditional = question.source, question.validators != Validators()
    challenge = headers.get("cf-mitigated", "")
    if status == 304 and conditional and not challenge:
        # RFC 9110, section 15.4.5: a 304 carries the validators that a 200 would have; some servers leave them out.
        new = read_validators(headers)
        validators = new if new != Validators() else question.validators
        return NotModified(source=source, validators=validators, max_age=read_max_age(headers, now=now))
    manipulations = ",".join(headers.getall("IM", [])).strip().lower()
    if (status == 200 or (status == 226 and conditional and manipulations == "feed")) and not challenge:
        return None
    why, retry_at = say_status(status, reason), read_retry_after(headers, now=now)
    if challenge:
        why = f"{why}: a challenge page for browsers instead of the feed (cf-mitigated: {challenge[:40]})"
        return Blocked(source=source, why=why, status=status, retry_at=retry_at)
    if status == 410:
        return Gone(source=source, why=why)
    if status in _BLOCKING:
        return Blocked(source=source, why=why, status=status, retry_at=retry_at)
    if status == 304:
        why = f"{why}, though nothing was asked about a change"
    if status == 226:
        why = f"{why}: a change of a kind for which we did not ask ({manipulations[:40] or 'not named'})"
    return Failed(source=source, why=why, status=status, retry_at=retry_at)


def read_validators(headers: Headers) -> Validators:
    """Return what to send back, verbatim: quotes, `W/` and `-gzip` belong to it (RFC 9110, section 8.8.3)."""
    etag, last_modified = headers.get("ETag", ""), headers.get("Last-Modified", "")
    # Bytes that are no letters could neither be kept nor sent back.
    return Validators(
        etag=etag if etag.isprintable() else "", last_modified=last_modified if last_modified.isprintable() else ""
    )


def read_max_age(headers: Headers, *, now: datetime) -> timedelta | None:
    """Return how long an answer stays fresh from now on (RFC 9111, section 4.2), None if the server does not say.

    What may be kept only to ask about it, or not at all, is fresh no longer than an instant.
    """
    control = ",".join(headers.getall("Cache-Control", []))
    # With field names behind it, no-cache is about these fields only (section 5.2.2.4).
    if _UNKEPT.search(control):
        return timedelta(0)
    if match := _MAX_AGE.search(control):
        lifetime = timedelta(seconds=min(int(match[1]), MAX_MAX_AGE.total_seconds()))
    elif (expires := headers.get("Expires", "")) and (at := _read_date(expires)):
        # Relative to the server's own clock, as ours may differ (section 5.3).
        lifetime = at - (_read_date(headers.get("Date", "")) or now)
    else:
        # Another value of Expires, as the usual 0 and -1, is a time that has passed.
        return timedelta(0) if expires else None
    # Time that the answer spent in caches on its way (section 5.1).
    age = re.match(r"\s*([0-9]{1,12})", headers.get("Age", ""))
    return min(max(lifetime - timedelta(seconds=int(age[1]) if age else 0), timedelta(0)), MAX_MAX_AGE)


def read_retry_after(headers: Headers, *, now: datetime) -> datetime | None:
    """Return when we may ask again: Retry-After may be seconds or a date (RFC 9110, section 10.2.3)."""
    text = headers.get("Retry-After", "").strip()
    if not text:
        return None
    if re.fullmatch(r"[0-9]+", text):
        seconds = int(text[:12])  # no need to read more digits of what is capped
        return now + min(timedelta(seconds=min(seconds, 10**9)), MAX_RETRY_AFTER)
    at = _read_date(text)
    return max(now, min(at, now + MAX_RETRY_AFTER)) if at else None


def say_status(status: int, reason: str) -> str:
    """Return `404 Not Found`, in the words of the standard where it has some: servers write anything there."""
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        words = "".join(sign for sign in reason if sign.isprintable())  # it is shown on a terminal
        return f"{status} {words[:60]}".strip()


def _read_date(text: str) -> datetime | None:
    """Return an HTTP date (RFC 9110, section 5.6.7), None for anything else; one without a zone is in GMT."""
    try:
        at = parsedate_to_datetime(text)
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, IndexError, TypeError, OverflowError):
        return None

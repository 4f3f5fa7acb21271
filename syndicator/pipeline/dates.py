"""Read the dates that publishers write, and settle which of them we believe."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from syndicator.model.entry import Entry, Item

SKEW = timedelta(minutes=10)  # how far ahead of ours a publisher's clock may be
FIRST_YEAR, LAST_YEAR = 1990, 2100  # no feed is older; 0001, 1970 and 2199 are what broken software writes
_MAX_OFFSET = timedelta(hours=14)  # Kiritimati; nothing on earth is further from UTC

_DAY = r"(?P<day>[0-9]{1,2})"
_YEAR = r"(?P<year>[0-9]{4})"
_WORD = r"(?P<word>[A-Za-z]{3,9})\.?"
_FORMS = tuple(
    re.compile(rf"(?<![0-9]){form}(?![0-9])")
    for form in (
        # RFC 3339 and ISO 8601, with dashes, slashes or nothing between.
        rf"{_YEAR}(?P<gap>[-/.]?)(?P<month>[0-9]{{1,2}})(?P=gap){_DAY}",
        # RFC 5322, section 3.3, with the two-digit years of section 4.3.
        rf"{_DAY}(?:st|nd|rd|th)?[ -]{_WORD},?[ -](?P<year>[0-9]{{4}}|[0-9]{{2}})",
        rf"{_WORD} {_DAY}(?:st|nd|rd|th)?,? {_YEAR}",
        rf"(?P<first>[0-9]{{1,2}})(?P<gap>[-/.])(?P<second>[0-9]{{1,2}})(?P=gap){_YEAR}",
    )
)
_TIME = re.compile(
    r"(?<![0-9:+-])(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:[.,][0-9]+)?)?"
    r"(?:\s*(?P<half>AM|PM|SA|CH)\b)?",
    re.IGNORECASE,
)
_OFFSET = re.compile(r"(?P<sign>[+\-−])(?P<hours>[0-9]{1,2})(?::?(?P<minutes>[0-9]{2}))?(?![0-9])")
_ZONE = re.compile(r"\b[A-Z]{1,5}\b", re.IGNORECASE)

_MONTHS = {
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6,
    "jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11, "dec": 12,
}  # fmt: skip
# Hours ahead of UTC. Those of RFC 5322, section 4.3, then those that our neighbours' newspapers write. IST and CST
# mean several zones: CST is what the RFC says it is, IST is left out.
_ZONES = {
    "Z": 0.0, "UT": 0.0, "UTC": 0.0, "GMT": 0.0, "EST": -5.0, "EDT": -4.0, "CST": -6.0, "CDT": -5.0,
    "MST": -7.0, "MDT": -6.0, "PST": -8.0, "PDT": -7.0,
    "ICT": 7.0, "WIB": 7.0, "SGT": 8.0, "HKT": 8.0, "PHT": 8.0, "MYT": 8.0, "AWST": 8.0, "JST": 9.0, "KST": 9.0,
    "AEST": 10.0, "AEDT": 11.0, "NZST": 12.0, "NZDT": 13.0, "WET": 0.0, "WEST": 1.0, "BST": 1.0, "CET": 1.0,
    "CEST": 2.0, "EET": 2.0, "EEST": 3.0, "MSK": 3.0,
}  # fmt: skip


def read_date(text: str, *, timezone: str = "") -> datetime | None:
    """Return the instant that *text* names, in UTC and whole seconds, or None if it names none that can be.

    Read are RFC 5322 (sections 3.3 and 4.3) and RFC 3339 dates, `GMT+7`, `ICT`, Vietnamese weekdays, and days with
    slashes: day first, unless that day could only be a month, or AM or PM follows. A weekday is never checked. A
    date without a zone is in *timezone* (IANA), else in UTC.

    >>> read_date("Thứ Ba, 14/07/2026 10:00", timezone="Asia/Ho_Chi_Minh")
    datetime.datetime(2026, 7, 14, 3, 0, tzinfo=datetime.timezone.utc)
    """
    text = " ".join(text.split())
    time = _TIME.search(text)
    half = (time["half"] or "").upper() if time else ""
    found = next((match for form in _FORMS if (match := form.search(text))), None)
    if found is None:
        return None
    tail = text[max(found.end(), time.end() if time else 0) :]
    try:
        year, month, day = _day(found.groupdict(), american=half in ("AM", "PM"))
        hour, minute, second = _time_of_day(time, half)
        local = datetime(year, month, day, hour, minute, second, tzinfo=_zone(tail, timezone))
        instant = local.astimezone(UTC)
    except (ValueError, OverflowError, KeyError):
        return None
    return instant if FIRST_YEAR <= instant.year <= LAST_YEAR else None


def settle_dates(entry: Entry, *, first_seen_at: datetime, known: Item | None) -> tuple[datetime, datetime]:
    """Return `(published_at, updated_at)` of *entry*, whose text was first seen at *first_seen_at*.

    No date, or one in the future, becomes the first sight. A *known* item keeps its published_at for
    ever, because some publishers write a new date at every fetch; its updated_at moves only with its text.
    """
    latest = first_seen_at + SKEW
    if known is not None:
        if same_text(entry, known.entry):
            return known.published_at, known.updated_at
        claimed = entry.updated
        believable = claimed is not None and known.updated_at < claimed <= latest
        return known.published_at, claimed if believable and claimed else first_seen_at
    published = entry.published or entry.updated or first_seen_at
    if published > latest:
        published = first_seen_at
    updated = entry.updated or published
    return published, updated if published <= updated <= latest else published


def same_text(one: Entry, other: Entry) -> bool:
    """Tell whether a reader of *one* and *other* reads the same words."""
    return (one.title, one.summary, one.content) == (other.title, other.summary, other.content)


def _day(found: dict[str, str | None], *, american: bool) -> tuple[int, int, int]:
    """Return year, month and day; raise ValueError or KeyError if they are none."""
    year = int(found["year"] or "")
    if len(found["year"] or "") == 2:
        year += 2000 if year < 50 else 1900
    if word := found.get("word"):
        return year, _MONTHS[word[:3].lower()], int(found["day"] or "")
    if "first" not in found:
        return year, int(found["month"] or ""), int(found["day"] or "")
    day, month = int(found["first"] or ""), int(found["second"] or "")
    if month > 12 or (american and day <= 12):
        day, month = month, day
    return year, month, day


def _time_of_day(time: re.Match[str] | None, half: str) -> tuple[int, int, int]:
    if time is None:
        return 0, 0, 0
    hour = int(time["hour"])
    # Vietnamese clocks write SA (sáng, morning) and CH (chiều, afternoon).
    if half in ("AM", "SA") and hour == 12:
        hour = 0
    elif half in ("PM", "CH") and hour < 12:
        hour += 12
    # A leap second is a second that datetime does not know.
    return hour, int(time["minute"]), min(int(time["second"] or 0), 59)


def _zone(tail: str, timezone_name: str) -> tzinfo:
    """Return the zone that *tail*, what follows day and hour, names; else that of the source; else UTC."""
    if offset := _OFFSET.search(tail):
        ahead = timedelta(hours=int(offset["hours"]), minutes=int(offset["minutes"] or 0))
        # `-0000` says that the local zone is not known (RFC 5322, section 3.3).
        if ahead <= _MAX_OFFSET and not (offset["sign"] != "+" and not ahead):
            return timezone(ahead if offset["sign"] == "+" else -ahead)
    for name in _ZONE.findall(tail):
        if name.upper() in _ZONES:
            return timezone(timedelta(hours=_ZONES[name.upper()]))
    try:
        return ZoneInfo(timezone_name) if timezone_name else UTC
    except (ValueError, OSError, KeyError):  # ZoneInfoNotFoundError is a KeyError
        return UTC

"""Read the dates that publishers write, and settle which of them we believe."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from unicodedata import normalize
from zoneinfo import ZoneInfo

from syndicator.model.entry import Entry, Item
from syndicator.pipeline.text import bare

SKEW = timedelta(minutes=10)  # how far ahead of ours a publisher's clock may be
BACKFILL_AGE = timedelta(days=7)  # of old entries without a date: how old nobody knows; a week, so that it is no news
FIRST_YEAR, LAST_YEAR = 1990, 2100  # no feed is older; 0001, 1970 and 2199 are what broken software writes
MAX_DATE = 200  # characters; the longest honest date we met has 60
_MAX_OFFSET = timedelta(hours=14)  # Kiritimati; nothing on earth is further from UTC

# What most feeds write, to the letter: RFC 5322, section 3.3, and RFC 3339, section 5.6.
_RFC_5322 = re.compile(
    r"(?:[A-Z][a-z]{2}, )?([0-9]{1,2}) ([A-Z][a-z]{2}) ([0-9]{4}) ([0-9]{2}):([0-9]{2}):([0-9]{2}) "
    r"([+-][0-9]{4}|GMT|UTC|Z)"
)
_RFC_3339 = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})"
)

# Vietnamese months in words; the longer names first, as `mười` begins `mười hai`.
_MOONS = {
    "mười hai": 12, "mười một": 11, "mười": 10, "một": 1, "giêng": 1, "hai": 2, "ba": 3, "tư": 4, "năm": 5,
    "sáu": 6, "bảy": 7, "bẩy": 7, "tám": 8, "chín": 9, "chạp": 12,
}  # fmt: skip
_DAY = r"(?P<day>[0-9]{1,2})"
_YEAR = r"(?P<year>[0-9]{4})"
_WORD = r"(?P<word>[^\W\d_]{3,10})\.?"
_ORDINAL = r"(?:st|nd|rd|th|er|ème|º|ª|\.)?"
_FORMS = tuple(
    re.compile(rf"(?<![0-9]){form}(?![0-9])", re.IGNORECASE)
    for form in (
        # RFC 3339 and ISO 8601, with dashes, slashes or dots, or (whole) with nothing between. Week dates
        # (2026-W29-2) and ordinal dates (2026195) are in no feed we met, and are none of these.
        rf"{_YEAR}(?P<gap>[-/.])(?P<month>[0-9]{{1,2}})(?P=gap){_DAY}",
        rf"{_YEAR}(?P<month>[0-9]{{2}})(?P<day>[0-9]{{2}})",
        # ngày 14 tháng 7 năm 2026, 14 Tháng Bảy, 2026, 14 Th7 2026.
        rf"{_DAY},? ?(?:tháng|thang|thg|th)\.? ?(?P<moon>[0-9]{{1,2}}|{'|'.join(_MOONS)})"
        rf"(?:[,/-] ?| )(?:(?:năm|nam) )?{_YEAR}",
        # RFC 5322, section 3.3, with the two-digit years of section 4.3; and as other languages write it.
        rf"{_DAY}{_ORDINAL}[ -](?:de |of )?{_WORD},?[ -](?:de )?(?P<year>[0-9]{{4}}|[0-9]{{2}})",
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
_TIMESTAMP = re.compile(r"([0-9]{10})(?:[0-9]{3}|\.[0-9]+)?")  # seconds, or milliseconds, since 1970

# Each is brought into a form that is read above.
_REWRITTEN = (
    # 2026年7月14日, 2026년 7월 14일, 2026. 7. 14.
    (re.compile(r"([0-9]{4})\s?[年년]\s?([0-9]{1,2})\s?[月월]\s?([0-9]{1,2})\s?[日일]"), r"\1-\2-\3 "),
    (re.compile(r"([0-9]{4})\. ([0-9]{1,2})\. ([0-9]{1,2})\.?(?![0-9])"), r"\1-\2-\3 "),
    # 10時30分15秒, 10点30分, 10시 30분
    (re.compile(r"([0-9]{1,2})\s?[時时点點시]\s?([0-9]{1,2})\s?[分분]\s?([0-9]{1,2})\s?[秒초]"), r"\1:\2:\3 "),
    (re.compile(r"([0-9]{1,2})\s?[時时点點시]\s?([0-9]{1,2})\s?[分분]?"), r"\1:\2 "),
    # A half of the day stands before the hour in the East.
    (re.compile(r"(?:午後|下午|晚上|오후)\s?([0-9:]+)"), r"\1 CH"),
    (re.compile(r"(?:午前|上午|早上|오전)\s?([0-9:]+)"), r"\1 SA"),
    # 10h30, 10g30, 10 giờ 30, à 10h
    (re.compile(r"(?<![0-9])([0-9]{1,2}) ?(?:h|g|giờ|gio|uhr) ?([0-9]{2})(?![0-9])", re.IGNORECASE), r"\1:\2"),
    (re.compile(r"(?<![0-9])([0-9]{1,2}) ?(?:h|giờ)(?!\w)", re.IGNORECASE), r"\1:00"),
    # 20260714T100000Z, 20260714100000
    (re.compile(r"(?<![0-9])([0-9]{8})T?([0-9]{2})([0-9]{2})([0-9]{2})(?![0-9])"), r"\1 \2:\3:\4"),
    (re.compile(r"(?<![0-9])([0-9]{8})T?([0-9]{2})([0-9]{2})(?![0-9])"), r"\1 \2:\3"),
)  # fmt: skip

# By the first letters, without marks: English, then what French, German, Spanish, Indonesian and Russian add.
_MONTHS = {
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6,
    "jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11, "dec": 12,
    "fev": 2, "avr": 4, "mai": 5, "juin": 6, "juil": 7, "aou": 8, "okt": 10, "dez": 12,
    "ene": 1, "abr": 4, "ago": 8, "dic": 12, "mei": 5, "agu": 8, "des": 12,
    "янв": 1, "фев": 2, "мар": 3, "апр": 4, "маи": 5, "мая": 5, "июн": 6,
    "июл": 7, "авг": 8, "сен": 9, "окт": 10, "ноя": 11, "дек": 12,
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


def read_date(text: str, *, timezone: str = "", form: str = "") -> datetime | None:
    """Return the instant that *text* names, in UTC and whole seconds, or None if it names none that can be.

    Read are dates of *form* (that of `strptime`, if any); RFC 5322 (sections 3.3 and 4.3) and RFC 3339; `GMT+7`,
    `ICT`; Vietnamese weekdays and months; months of the languages around; Chinese, Japanese and Korean dates; Unix
    times; and days with slashes: day first, unless that day could only be a month, or AM or PM follows. A weekday is
    never checked. A date without a zone is in *timezone* (IANA), else in UTC.

    >>> read_date("Thứ Ba, 14/07/2026 10:00", timezone="Asia/Ho_Chi_Minh")
    datetime.datetime(2026, 7, 14, 3, 0, tzinfo=datetime.timezone.utc)
    """
    instant = (form and _of_form(text, form, timezone)) or _of_standard(text) or _of_any(text, timezone)
    return instant if instant and FIRST_YEAR <= instant.year <= LAST_YEAR else None


def settle_dates(
    entry: Entry, *, first_seen_at: datetime, known: Item | None, backfill: bool = False
) -> tuple[datetime, datetime]:
    """Return `(published_at, updated_at)` of *entry*, whose text was first seen at *first_seen_at*.

    No date, or one in the future, becomes the first sight; but in a *backfill*, which holds what stood there when
    its source was first asked, it is taken as older. A *known* item keeps its published_at for ever, because some
    publishers write a new date at every fetch; its updated_at moves only with its text.
    """
    latest = first_seen_at + SKEW
    if known is not None:
        if same_text(entry, known.entry):
            return known.published_at, known.updated_at
        claimed = entry.updated
        believable = claimed is not None and known.updated_at < claimed <= latest
        return known.published_at, claimed if believable and claimed else first_seen_at
    published = entry.published or entry.updated
    if published is None or published > latest:
        published = first_seen_at - BACKFILL_AGE if backfill else first_seen_at
    updated = entry.updated or published
    return published, updated if published <= updated <= latest else published


def same_text(one: Entry, other: Entry) -> bool:
    """Tell whether a reader of *one* and *other* reads the same words."""
    return (one.title, one.summary, one.content) == (other.title, other.summary, other.content)


def _of_form(text: str, form: str, timezone_name: str) -> datetime | None:
    try:
        instant = datetime.strptime(text.strip(), form)  # noqa: DTZ007
        return (instant if instant.tzinfo else instant.replace(tzinfo=_own_zone(timezone_name))).astimezone(UTC)
    except (ValueError, OverflowError, re.error):  # the last of a form that names a part of the date twice
        return None


def _of_standard(text: str) -> datetime | None:
    """Return what *text* says if it is just what the RFCs ask for, in a tenth of the time of `_of_any`."""
    if match := _RFC_5322.fullmatch(text):
        day, name, year, hour, minute, second, zone = match.groups()
        month = _MONTHS.get(name.lower(), 0)
    elif match := _RFC_3339.fullmatch(text):
        year, number, day, hour, minute, second, zone = match.groups()
        month = int(number)
    else:
        return None
    ahead = _ahead(zone)
    if ahead is None:
        return None
    try:
        return datetime(int(year), month, int(day), int(hour), int(minute), int(second), tzinfo=UTC) - ahead
    except (ValueError, OverflowError):  # a leap second, or nonsense
        return None


@lru_cache(maxsize=64)
def _ahead(zone: str) -> timedelta | None:
    """Return how far *zone* is ahead of UTC; None if that needs a closer look, as `-0000` does."""
    if zone in ("GMT", "UTC", "Z"):
        return timedelta(0)
    ahead = timedelta(hours=int(zone[1:3]), minutes=int(zone[-2:]))
    if ahead > _MAX_OFFSET or (zone[0] == "-" and not ahead):
        return None
    return ahead if zone[0] == "+" else -ahead


def _of_any(text: str, timezone_name: str) -> datetime | None:
    text = normalize("NFC", " ".join(text[: 2 * MAX_DATE].split()))[:MAX_DATE]
    if stamp := _TIMESTAMP.fullmatch(text):
        return datetime.fromtimestamp(int(stamp[1]), tz=UTC)
    for pattern, form in _REWRITTEN:
        text = pattern.sub(form, text)
    time = _TIME.search(text)
    half = (time["half"] or "").upper() if time else ""
    found = next((match for form in _FORMS if (match := form.search(text))), None)
    if found is None:
        return None
    tail = text[max(found.end(), time.end() if time else 0) :]
    try:
        year, month, day = _day(found.groupdict(), american=half in ("AM", "PM"))
        hour, minute, second = _time_of_day(time, half)
        local = datetime(year, month, day, hour, minute, second, tzinfo=_zone(tail, timezone_name))
        return local.astimezone(UTC)
    except (ValueError, OverflowError, KeyError):
        return None


def _day(found: dict[str, str | None], *, american: bool) -> tuple[int, int, int]:
    """Return year, month and day; raise ValueError or KeyError if they are none."""
    year = int(found["year"] or "")
    if len(found["year"] or "") == 2:
        year += 2000 if year < 50 else 1900
    if moon := found.get("moon"):
        return year, int(moon) if moon.isdecimal() else _MOONS[moon.lower()], int(found["day"] or "")
    if word := found.get("word"):
        letters = bare(word)
        return year, _MONTHS.get(letters[:4]) or _MONTHS[letters[:3]], int(found["day"] or "")
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
    return _own_zone(timezone_name)


@lru_cache(maxsize=64)
def _own_zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name) if name else UTC
    except (ValueError, OSError, KeyError):  # ZoneInfoNotFoundError is a KeyError
        return UTC

"""Read how seldom a publisher wishes to be asked: RSS 2.0's ttl, skipHours and skipDays, and sy: of RSS 1.0."""

from __future__ import annotations

import re
from datetime import timedelta

from syndicator.model.source import Pace

LONGEST = timedelta(days=366)  # nobody means more; most numbers beyond are slips of the keyboard
MAX_HEAD = 50_000  # characters that are looked at; honest heads have a thousand

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_PERIODS = {
    "hourly": timedelta(hours=1),
    "daily": timedelta(days=1),
    "weekly": timedelta(weeks=1),
    "monthly": timedelta(days=30),
    "yearly": timedelta(days=365),
}
_SAID = re.compile(
    r"<(?:[\w.-]{1,40}:)?(ttl|hour|day|updatePeriod|updateFrequency)(?:\s[^<>]{0,200})?>"
    r"\s{0,80}(?:<!\[CDATA\[\s{0,80})?(\w{1,20})\s{0,80}(?:\]\]>\s{0,80})?</"
)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)


def read_pace(head: str) -> Pace:
    """Return the pace that *head* asks for, the document as it is before its first entry.

    The longest of the waits counts. *updatePeriod* is daily if only a frequency is given (RSS 1.0, mod_syndication).
    Hour 24 is hour 0; what is no number or no day is left out.

    >>> read_pace("<ttl>90</ttl><skipHours><hour>3</hour></skipHours><sy:updatePeriod>hourly</sy:updatePeriod>")
    Pace(wait=datetime.timedelta(seconds=5400), skip_hours=(3,), skip_days=())
    """
    head = head[:MAX_HEAD]
    if "<!--" in head:
        head = _COMMENT.sub("", head)
    ttl, period, frequency = timedelta(0), "", 0
    hours, days = set(), set()
    for name, value in _SAID.findall(head):
        number = int(value) if value.isascii() and value.isdigit() else -1
        match name:
            case "ttl" if 0 <= number <= LONGEST / timedelta(minutes=1):
                ttl = timedelta(minutes=number)
            case "hour" if 0 <= number <= 24:
                hours.add(number % 24)
            case "day" if value.lower() in _DAYS:
                days.add(_DAYS.index(value.lower()))
            case "updatePeriod" if value.lower() in _PERIODS:
                period = value.lower()
            case "updateFrequency" if 0 < number <= 1_000_000:
                frequency = number
    spaced = _PERIODS[period or "daily"] / (frequency or 1) if period or frequency else timedelta(0)
    return Pace(wait=max(ttl, spaced), skip_hours=tuple(sorted(hours)), skip_days=tuple(sorted(days)))

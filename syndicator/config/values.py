"""Read the single values of feeds.yaml: durations, hours, languages, time zones, places on the web.

Each function takes the text as the environment left it and returns what it means, or raises `Wrong`.
"""

from __future__ import annotations

import re
import unicodedata
import zoneinfo
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from urllib.parse import SplitResult, urlsplit

from syndicator.config.mistake import nearest, suggest
from syndicator.model.encodings import encoding_name
from syndicator.model.language import is_language_tag, suggest_language

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
LAST_DAY = 28  # the last day of the month that every month has
LONGEST = timedelta(days=3660)  # ten years; a longer span is a slip of the finger, and dates overflow in the end
SHORTEST_ROUND = timedelta(minutes=1)  # asking a source more often is no polite thing, and finds no more news
SECRET_LENGTH = 16  # characters; fewer can be guessed
REGEX = "re:"  # begins a term that is a pattern
AUTO = "auto"  # for the span between two askings that is found out
LONGEST_FORMAT = 100  # characters of a form of dates; the longest of a newspaper had 31

_DURATION = re.compile(r"(\d{1,9})\s*([smhdw])", re.ASCII)
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_TIME = re.compile(r"(\d{1,2}):(\d{2})", re.ASCII)
_MEDIATOPIC = re.compile(r"(?!00)\d{8}", re.ASCII)
_ID = re.compile(r"[a-z0-9][a-z0-9-]*")
_TAG_ID = re.compile(rf"{_ID.pattern}(/{_ID.pattern})*")
_HOST = re.compile(r"(?!-)[\w-]+(?<!-)(\.(?!-)[\w-]+(?<!-))*")
_BARE_HOST = re.compile(r"[\w-]+(\.[\w-]+)+(:\d+)?([/?#].*)?")
_OFFSET = re.compile(r"(?i)(?:utc|gmt|z)?\s*[+-]?\d.*|utc.+|gmt.+|ict")
_NO_REASONS = frozenset({"true", "false", "yes", "no", "on", "off", "y", "n"})
_MAIL_SCHEMES = frozenset({"smtp", "smtp+starttls", "smtps"})


class Wrong(ValueError):
    """A value that means nothing: *text*, in which `{value}` stands for the value as it is written.

    *hint* is what was made out of the value itself; it is not shown where the value came from the
    environment.
    """

    def __init__(self, text: str, hint: str = "") -> None:
        super().__init__(text)
        self.text = text
        self.hint = hint


def line(text: str) -> str:
    """Return *text* on one line, in NFC, with single spaces."""
    return unicodedata.normalize("NFC", " ".join(text.split()))


_JOINERS = "\u200c\u200d"  # these shape letters and emoji, and are seen
# Words of letters and digits with single spaces, as most terms are: nothing can be wrong with them.
_PLAIN = re.compile(r"[^\W_]+(?: [^\W_]+)*")


def term(text: str) -> str:
    """Return *text* as a term: a word or phrase, `prefix*`, `"Exact Case"`, or `re:` and a pattern.

    What could never be met, or would be met everywhere, is refused. Whether a pattern is one, those tell who run it.
    """
    if _PLAIN.fullmatch(text):
        return unicodedata.normalize("NFC", text)
    if text.startswith(REGEX):
        if not text[len(REGEX) :].strip():
            raise Wrong("{value} is an empty pattern; write what it meets after re:, or remove it")
        return unicodedata.normalize("NFC", text.strip())
    plain = line(text)
    if hidden := next((sign for sign in plain if unicodedata.category(sign) == "Cf" and sign not in _JOINERS), ""):
        raise Wrong(f"{{value}} holds a sign that nobody sees (U+{ord(hidden):04X}) and no text has; write it anew")
    if plain[0] == '"' and (len(plain) == 1 or plain[-1] != '"'):
        raise Wrong("{value} begins with a quote that is not closed; write '\"WHO\"' for WHO in this case only")
    if plain.strip('"* ') == "" and not plain.strip("* "):
        raise Wrong("{value} would meet every word; write the beginning of one before *, as consul*")
    if not any(character.isalnum() for character in plain):
        raise Wrong("{value} has no letter and no digit, and matches nothing")
    if "*" in plain.removesuffix("*"):
        raise Wrong("{value} has a * that is not at its end; write the beginning of a word and *, or re: and a pattern")
    return plain


def weight(number: float) -> float:
    """Return *number*, the weight of a term, if it weighs anything."""
    if not number:
        raise Wrong("{value} weighs nothing; write a number above or below 0, or remove the term")
    return number


def identifier(text: str) -> str:
    """Return *text* if it can be an id: it becomes part of file names and addresses."""
    return _identifier(text, _ID, "an id has small letters a–z, digits and hyphens")


def tag_identifier(text: str) -> str:
    """Return *text* if it can be the id of a tag, in which a slash stands between parent and child."""
    told = "an id has small letters a–z, digits and hyphens, and / between a tag and its child"
    return _identifier(text, _TAG_ID, told)


def _identifier(text: str, pattern: re.Pattern[str], told: str) -> str:
    if not pattern.fullmatch(text):
        parts = text.casefold().split("/") if pattern is _TAG_ID else [text.casefold()]
        plain = "/".join(re.sub(r"[^a-z0-9]+", "-", part).strip("-") for part in parts).strip("/")
        raise Wrong(f"{{value}} is no id; {told}", f'; did you mean "{plain}"?' if pattern.fullmatch(plain) else "")
    return text


def mediatopic(text: str) -> int:
    """Return the number of the IPTC Media Topic that *text* tells: eight digits."""
    if not _MEDIATOPIC.fullmatch(text):
        raise Wrong("{value} is no IPTC Media Topic; write its eight digits, as 20000639")
    return int(text)


def duration(text: str) -> timedelta:
    """Return the span that *text* tells: `90s`, `30m`, `48h`, `14d`, `2w`."""
    match = _DURATION.fullmatch(text.strip())
    if match is None:
        raise Wrong("{value} is no duration; write a number and a unit: 90s, 30m, 48h, 14d or 2w")
    try:
        span = timedelta(**{_UNITS[match[2]]: int(match[1])})
    except OverflowError:
        span = timedelta.max
    if span > LONGEST:
        raise Wrong("{value} is longer than ten years")
    if not span:
        raise Wrong("{value} is no time at all; write a number above 0")
    return span


def interval(text: str) -> timedelta | None:
    """Return the span between two askings of a source, None for `auto`."""
    if text.strip() == AUTO:
        return None
    if _DURATION.fullmatch(text.strip()) is None:
        near = suggest(text.strip(), [AUTO])
        raise Wrong("{value} is no duration; write a number and a unit, as 30m or 2h, or auto", near)
    span = duration(text)
    if span < SHORTEST_ROUND:
        raise Wrong("{value} is too often; the least is 1m, and 30m suits most newspapers")
    return span


def time_of_day(text: str) -> time:
    """Return the hour of the day that *text* tells: `07:00`."""
    match = _TIME.fullmatch(text.strip())
    if match is None or int(match[1]) > 23 or int(match[2]) > 59:
        raise Wrong("{value} is no time of day; write hours and minutes from 00:00 to 23:59, as 07:00")
    return time(int(match[1]), int(match[2]))


def day(text: str, every: str) -> int:
    """Return the ISO weekday (*every* is `week`) or the day of the month (`month`) that *text* tells."""
    name = text.strip().casefold()
    if every == "day":
        raise Wrong("a daily newsletter has no day; remove this key, or write every: week")
    if every == "month":
        if not name.isdecimal() or len(name) > 2 or not 1 <= int(name) <= LAST_DAY:
            raise Wrong(f"{{value}} is no day that every month has; write a number from 1 to {LAST_DAY}")
        return int(name)
    if name in WEEKDAYS:
        return WEEKDAYS.index(name) + 1
    if not name.isdecimal() or len(name) > 1 or not 1 <= int(name) <= len(WEEKDAYS):
        raise Wrong("{value} is no weekday; write monday … sunday, or 1 (monday) … 7", _weekday_hint(name))
    return int(name)


def _weekday_hint(name: str) -> str:
    short = [weekday for weekday in WEEKDAYS if len(name) > 1 and weekday.startswith(name)]
    return f'; did you mean "{short[0]}"?' if short else suggest(name, WEEKDAYS)


def language(text: str) -> str:
    """Return *text* if it is a language tag (BCP 47) in its usual case."""
    if not is_language_tag(text):
        meant = suggest_language(text)
        raise Wrong("{value} is no BCP 47 language tag", f'; did you mean "{meant}"?' if meant else "")
    return text


def timezone(text: str) -> str:
    """Return *text* if it is a time zone of the IANA database."""
    if text not in timezones():
        # "GMT+7" must not be taken for "Etc/GMT+7", which lies seven hours west of Greenwich (POSIX signs).
        hint = "" if _OFFSET.fullmatch(text.strip()) else _timezone_hint(text)
        raise Wrong("{value} is no IANA time zone", hint or "; name a place, as Asia/Ho_Chi_Minh")
    return text


@lru_cache(maxsize=1)
def timezones() -> frozenset[str]:
    """Return all time zones of the IANA database; looked up once, as that walks a folder."""
    return frozenset(zoneinfo.available_timezones())


def _timezone_hint(text: str) -> str:
    if "/" in text:
        return suggest(text, sorted(timezones()))
    cities = {zone.rsplit("/", 1)[-1]: zone for zone in sorted(timezones())}
    city = nearest(text.replace(" ", "_"), cities)
    return f'; did you mean "{cities[city]}"?' if city else ""


def encoding(text: str) -> str:
    """Return the one name of the encoding that *text* names: a codec of Python, or one of ours."""
    name = encoding_name(text.strip())
    if not name:
        raise Wrong("{value} is no encoding that we know; as utf-8, windows-1258, utf-16 or tcvn3")
    return name


def date_format(text: str) -> str:
    """Return *text* if it is a form of dates by which `strptime` reads back a day, and the hour if it has one."""
    if len(text) > LONGEST_FORMAT:
        raise Wrong(f"the form of dates is longer than {LONGEST_FORMAT} characters")
    if not re.search(r"%[YyGcx]", text):
        # Without this, strptime would take the year 1900, and newer Pythons warn.
        raise Wrong("{value} tells no year; write the form of dates in the codes of strptime, as %d/%m/%Y %H:%M")
    there = datetime(2026, 11, 23, 14, 35, 58, tzinfo=UTC)  # no two of its numbers can be taken for each other
    try:
        back = datetime.strptime(there.strftime(text), text)  # noqa: DTZ007 - only its numbers are looked at
    except (ValueError, re.error) as error:
        why = "it tells one thing twice" if isinstance(error, re.error) else str(error).split(" in format")[0]
        raise Wrong("{value} is no form of dates that strptime reads", f": {why}; write it as %d/%m/%Y %H:%M") from None
    if back.date() != there.date():
        raise Wrong("{value} does not tell the day; a date has a year, a month and a day, as %d/%m/%Y %H:%M")
    if back.hour not in (0, there.hour):
        raise Wrong("{value} does not tell the half of the day; write %p beside %I, or %H for hours from 0 to 23")
    return text


def reason(text: str) -> str:
    """Return *text* on one line if it can be a reason, for somebody who asks for it later."""
    if text.strip().casefold() in _NO_REASONS or not any(character.isalpha() for character in text):
        raise Wrong(
            '{value} is no reason; write in words why its robots.txt does not count, as "they asked us to read it", '
            "or remove the key"
        )
    return line(text)


def host(text: str) -> str:
    """Return *text*, in lower case, if it is the name of a host."""
    name = text.strip().rstrip(".").lower()
    if not _HOST.fullmatch(name):
        parts = _split(text.strip()) or _split(f"https://{text.strip()}")
        meant = (parts.hostname or "") if parts else ""
        near = f'; did you mean "{meant}"?' if _HOST.fullmatch(meant) else ""
        raise Wrong("{value} is no host; write its name alone, as news.example", near)
    return name


def web_address(text: str) -> str:
    """Return *text* if it is an absolute http or https address."""
    if text.strip() != text or re.search(r"\s", text):
        raise Wrong("{value} holds a space; write it as %20, or remove it")
    parts = _split(text)
    if parts is None or parts.scheme not in ("http", "https"):
        bare = text.split("://", 1)[-1]
        meant = f'; did you mean "https://{bare}"?' if _BARE_HOST.fullmatch(bare) else ""
        raise Wrong("{value} is no web address; it begins with https:// or http:// and a host", meant)
    return text


def site_address(text: str) -> str:
    """Return *text* with a slash at its end: the address of a folder."""
    address = web_address(text)
    if "?" in address or "#" in address:
        raise Wrong("{value} must be the address of a folder, without ? and #")
    return address if address.endswith("/") else address + "/"


def mail_server(text: str) -> str:
    """Return *text* if it is the address of a mail server. Messages do not repeat it: it holds a password."""
    parts = _split(text.strip())
    if parts is None or parts.scheme not in _MAIL_SCHEMES or parts.path.strip("/") or parts.query or parts.fragment:
        raise Wrong(
            "this is no address of a mail server; write smtp+starttls://user:password@host:587 (or smtps://, smtp://), "
            "and in the password %40 for @, %2F for /, %23 for #, %3F for ?"
        )
    return text.strip()


def _split(text: str) -> SplitResult | None:
    """Return the parts of a URL that has a host which can be looked up and a port which can be asked."""
    try:
        parts = urlsplit(text)
        host = parts.hostname or ""
        if ":" not in host:
            host.encode("idna")
        usable = bool(host) and parts.port != 0
    except ValueError:
        return None
    return parts if usable else None


def folder(text: str) -> str:
    """Return *text* if it can be a folder."""
    if re.match(r"postgres(ql)?:", text, re.IGNORECASE):
        raise Wrong("not yet: this version keeps its data in a folder and not in PostgreSQL; write data/")
    if "://" in text:
        raise Wrong("this must be a folder, as data/, and no address")
    return text.strip()


def secret(text: str) -> str:
    """Return *text* if it is too long to be guessed. Messages do not repeat it."""
    if len(text) < SECRET_LENGTH:
        raise Wrong(f"the secret is too short; give it at least {SECRET_LENGTH} characters, or remove the key")
    return text

"""Know languages: which tags exist, what they are called, which of several suits a reader.

The data are CLDR's, through Babel. Tags are BCP 47 (`vi`, `zh-Hans`, `en-GB`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError, localedata
from babel.core import get_global
from babel.dates import format_date

_TAG = re.compile(r"(?P<language>[a-z]{2,3})(?:-(?P<script>[A-Z][a-z]{3}))?(?:-(?P<region>[A-Z]{2}|\d{3}))?")
_RTL = frozenset({"ar", "arc", "ckb", "dv", "fa", "ha-Arab", "he", "ku-Arab", "ps", "sd", "ug", "ur", "yi"})


@dataclass(frozen=True, slots=True)
class Localized:
    """One text in several languages, as an admin wrote it in feeds.yaml."""

    texts: Mapping[str, str] = field(default_factory=dict)

    def to(self, *languages: str) -> str:
        """Return the text in the first of *languages* that there is, else English, else any."""
        tag = choose_language([*languages, "en"], self.texts) or next(iter(self.texts), "")
        return self.texts.get(tag, "")


def is_language_tag(tag: str) -> bool:
    """Tell whether *tag* is a BCP 47 tag in its usual case whose language CLDR knows."""
    match = _TAG.fullmatch(tag)
    if match is None:
        return False
    # Most have data of their own, and to look for them is quick; the list of all takes 3 MiB of memory.
    return localedata.exists(match["language"]) or match["language"] in Locale("en").languages


def suggest_language(tag: str) -> str:
    """Return the tag that somebody who wrote *tag* may have meant, or an empty string.

    >>> suggest_language("vn"), suggest_language("jp"), suggest_language("zh-hans"), suggest_language("Vietnamese")
    ('vi', 'ja', 'zh-Hans', 'vi')
    """
    parts = re.split(r"[-_]", tag.strip())
    cased = [p.lower() if i == 0 else p.title() if len(p) == 4 else p.upper() for i, p in enumerate(parts)]
    if is_language_tag("-".join(cased)):
        return "-".join(cased)
    # People write the country for the language: vn, jp, cn. CLDR knows what is spoken there.
    likely = get_global("likely_subtags").get(f"und_{tag.strip().upper()}", "")
    if likely:
        return str(likely).split("_")[0]
    names = {name.casefold(): code for code, name in Locale("en").languages.items()}
    return str(names.get(tag.strip().casefold(), ""))


def choose_language(wanted: Iterable[str], available: Iterable[str]) -> str:
    """Return the tag among *available* that suits *wanted* best (RFC 4647 lookup), or an empty string.

    >>> choose_language(["zh-Hans-CN", "en"], ["en", "zh-Hans"])
    'zh-Hans'
    >>> choose_language(["en-GB"], ["vi", "en"])
    'en'
    """
    there = {tag.casefold(): tag for tag in available}
    for tag in wanted:
        parts = tag.split("-")
        for length in range(len(parts), 0, -1):
            found = there.get("-".join(parts[:length]).casefold())
            if found:
                return found
        # A reader of zh-Hans is served by zh, and one of zh by zh-Hans, rather than by another language.
        for key, found in there.items():
            if key.split("-")[0] == parts[0].casefold():
                return found
    return ""


def base_language(tag: str) -> str:
    """Return the primary language of *tag* alone: `zh-Hans` → `zh`."""
    return tag.split("-")[0].lower()


def language_name(tag: str, in_language: str = "") -> str:
    """Return what *tag* is called in *in_language*, by default in itself: `vi` → `Tiếng Việt`.

    >>> language_name("zh-Hans"), language_name("zh-Hans", "en"), language_name("zh-Hans", "vi")
    ('简体中文', 'Simplified Chinese', 'Tiếng Trung (Giản thể)')
    """
    locale, speaker = _locale(tag), _locale(in_language or tag)
    # CLDR names some tags as a whole, and has the parts for a name of any; the shorter is what people say.
    names = (speaker.languages.get(str(locale)), locale.get_display_name(speaker))
    name = min(filter(None, names), key=len, default=tag)
    return name[:1].upper() + name[1:]


def direction(tag: str) -> str:
    """Return `rtl` or `ltr`."""
    return "rtl" if base_language(tag) in _RTL or tag in _RTL else "ltr"


def show_date(value: date | datetime, language: str, *, timezone: str = "UTC", form: str = "long") -> str:
    """Return the day of *value* as *language* writes it (CLDR), in *timezone*; *form* short, medium, long or full."""
    if isinstance(value, datetime):
        value = value.astimezone(ZoneInfo(timezone)).date()
    return format_date(value, form, locale=_locale(language))


def rank_languages(languages: Sequence[str], available: Iterable[str]) -> list[str]:
    """Return *available*, the tags that *languages* name first and in that order, the others after them."""
    rest = list(available)
    ranked = []
    for wanted in languages:
        while found := choose_language([wanted], rest):
            ranked.append(found)
            rest.remove(found)
    return ranked + rest


@lru_cache(maxsize=256)
def _locale(tag: str) -> Locale:
    for attempt in (tag, base_language(tag), "en"):
        try:
            return Locale.parse(attempt, sep="-")
        except (UnknownLocaleError, ValueError):
            continue
    return Locale("en")

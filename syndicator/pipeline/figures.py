"""Read the numbers and dates of a text as values that are the same in every language.

`1,2 triệu lượt khách` and `1.2 million arrivals` are both 1200000, of `arrivals`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from syndicator.pipeline.text import Word

_NUMBER = re.compile(r"(?<![a-zà-ỹđ0-9.,])(?P<sign>[$€£¥])?(?P<digits>\d+(?:[.,]\d+)*)(?![\d])")
_DATE = re.compile(r"(?<![\d/.,-])(?P<day>[0-3]?\d)[/.-](?P<month>[01]?\d)(?:[/.-](?:20)?\d\d)?(?![\d/%]|[.,]\d)")
_MONTH = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_MONTHS = {name: number for number, name in enumerate(_MONTH.split("|"), 1)}
_SPAN = re.compile(  # `20 đến 22/8`, `20-22/8`, `20-22 August`, `August 20-22`: both ends are days
    rf"""
    (?<![\d/.-]) (?P<a1>[0-3]?\d) \s?(?:đến|tới|và|to|and|-|–)\s? (?:ngày\ )? (?P<b1>[0-3]?\d)
        (?:[/.-](?P<m1>[01]?\d)(?!\d) | \ (?P<m3>{_MONTH})[a-z]*)
    | (?<![a-z]) (?P<m2>{_MONTH})[a-z]*\.?\  (?P<a2>[0-3]?\d) \s?(?:to|and|-|–)\s? (?P<b2>[0-3]?\d) (?!\d)
    """,
    re.VERBOSE,
)
_IN_WORDS = re.compile(  # `15th of July`, `July 15`, `15 tháng 7`, `7月15日`
    rf"""
    (?<!\d) (?P<d1>[0-3]?\d) (?:st|nd|rd|th)? (?:\ of)? \  (?P<m1>{_MONTH})[a-z]*
    | (?<![a-z]) (?P<m2>{_MONTH})[a-z]*\.?\  (?P<d2>[0-3]?\d) (?:st|nd|rd|th)? (?![\d:]|\ million|\ billion)
    | (?P<d3>[0-3]?\d)\ tháng\ (?P<m3>[01]?\d)
    | (?P<m4>[01]?\d)\s?[月월]\s?(?P<d4>[0-3]?\d)\s?[日일]
    """,
    re.VERBOSE,
)
_MONTHS_ALONE = {
    name: n
    for names in (
        "january february march april may june july august september october november december",
        "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    )
    for n, name in enumerate(names.split(), 1)
}
_MONTH_ALONE = re.compile(rf"(?<!\w)(?:{'|'.join(_MONTHS_ALONE)})(?!\w)")
_CLOCK = re.compile(r"(?<![\d/])[0-2]?\d(?:[:h][0-5]\d|h|g[0-5]\d| (?:am|pm)| (?:a|p)\.m\.?)(?![\w])")
_SCORE = re.compile(r"(?<![\d/-])(?P<a>\d{1,2})-(?P<b>\d{1,2})(?![\d/-])")
# Before `15-7` these say that it is a day, not a score.
_DAY_WORDS = re.compile(r"(?:ngày|thời tiết|sáng|trưa|chiều|tối|đêm|hôm|từ|đến|on|rạng sáng|\()\s*$")

# From such a day, or until it, something holds; what is told happened on another.
_BOUND = re.compile(
    r"(?:từ|đến|tới|hết|trước|sau|hạn|hạn nộp|from|until|till|by|before|after|to|through|since)"
    r"(?: (?:ngày|thứ \w+))?\s*$"
)
_GLUED = re.compile(r"(?<![a-z])(?:vnđ|vnd|usd|us\$|eur|rmb|jpy|a\$|s\$)(?=\d)")  # VND31.6 billion

_SCALES = {
    "nghìn": 1e3, "ngàn": 1e3, "thousand": 1e3, "k": 1e3, "triệu": 1e6, "million": 1e6, "mln": 1e6, "mn": 1e6,
    "tỷ": 1e9, "tỉ": 1e9, "billion": 1e9, "bn": 1e9, "bln": 1e9, "trillion": 1e12, "tn": 1e12,
    "millions": 1e6, "milliards": 1e9, "mille": 1e3, "milliard": 1e9, "млн": 1e6, "млрд": 1e9, "тыс": 1e3,
    "万": 1e4, "億": 1e8, "亿": 1e8, "만": 1e4, "억": 1e8, "천": 1e3, "兆": 1e12,
}  # fmt: skip
# What is counted, in the languages in which headlines count it; the first word after the number decides.
_UNITS = {
    form: unit
    for unit, forms in {
        "%": "% percent pct phần",
        "usd": "usd $ đô dollar dollars us$ 美元 ドル 달러",
        "vnd": "đồng vnd vnđ dong 越南盾",
        "yen": "yên yen jpy 日元 円 엔",
        "eur": "euro euros eur €",
        "won": "won krw ウォン 원",
        "yuan": "yuan cny rmb 元 ndt",
        "people": "người people person persons khách passengers visitors tourists travellers riders lượt du arrivals"
        " spectators công lao workers students học sinh đại delegates nạn victims dead killed deaths injured chết"
        " thiệt tử bị others 人 名 명 여명 khán passenger visitor chuyên experts nghi suspects",
        "age": "tuổi years-old year-old 歳 岁 세",
        "km": "km kilometres kilometers km2 公里",
        "m": "m metres meters mét",
        "kg": "kg kilograms",
        "ton": "tấn tonnes tons tonne 吨 トン 톤",
        "degree": "độ °c degrees c",
        "point": "điểm points point",
        "firm": "doanh công-ty companies company firms firm businesses enterprises 家 社 개사 곳",
        "nation": "nước nations countries quốc 国",
        "day": "ngày days day-long 日 일",
        "year": "năm years year-long 年 年间 周年 년 주년 th nd rd",
        "project": "dự projects project",
        "mw": "mw megawatts gw",
        "ha": "ha hectares héc",
        "flight": "chuyến flights",
        "case": "ca cases 例 건 件",
        "tael": "lượng tael",
    }.items()
    for form in forms.split()
}
_TWO_TO_TWELVE = "two three four five six seven eight nine ten eleven twelve"
_WORDS_EN = {name: number for number, name in enumerate(_TWO_TO_TWELVE.split(), 2)}
_WORDS_VI = {name: number for number, name in enumerate("hai ba bốn năm sáu bảy tám chín mười".split(), 2)}  # noqa: SIM905
_YEARS = range(1900, 2101)


class Figure(NamedTuple):
    """A number: its *value*, the *unit* of what is counted (or ""), the word *before* it, and whether it is a year."""

    value: float
    unit: str
    before: str
    year: bool = False


class Figures(NamedTuple):
    """The numbers of a text, its days (`7-15`), those on which something is said to happen, and scores (`2-1`)."""

    numbers: tuple[Figure, ...]
    days: frozenset[str]
    dated: frozenset[str]
    scores: frozenset[str]


def read_figures(folded: str, words: Sequence[Word], *, language: str) -> Figures:
    """Return the figures of a *folded* text, whose *words* have their places in it."""
    folded = _GLUED.sub(r" \g<0> ", folded)
    text, days, bounds = _take_days(_CLOCK.sub(_blank, folded), language)
    scores: set[str] = set()

    def score(match: re.Match[str]) -> str:
        scores.add(f"{int(match['a'])}-{int(match['b'])}")
        return _blank(match)

    text = _SCORE.sub(score, text)
    found = [_figure(match, text, language) for match in _NUMBER.finditer(text)]
    found += _spelled(words, language)
    if language in ("en", "fr"):
        found += [Figure(float(_MONTHS_ALONE[name]), "month", "") for name in _MONTH_ALONE.findall(text)]
    return Figures(tuple(found), frozenset(days), frozenset(days - bounds), frozenset(scores))


def is_near(a: float, b: float) -> bool:
    """Tell whether one of *a* and *b* is the other rounded: "1.2 million" and 1,234,567 are, 5 and 8 are not."""
    if a == b:
        return True
    small, large = sorted((a, b))
    return small > 99 and (large - small) / large < 0.02


def _take_days(text: str, language: str) -> tuple[str, set[str], set[str]]:
    """Return *text* without the days in it, the days, and those from or until which something holds."""
    days: set[str] = set()
    bounds: set[str] = set()

    def add(match: re.Match[str], *found: str) -> str:
        days.update(found)
        if _BOUND.search(match.string[: match.start()]):
            bounds.update(found)
        return _blank(match)

    def spanned(match: re.Match[str]) -> str:
        parts = match.groupdict()
        month = parts["m1"] or parts["m2"] or parts["m3"]
        number = _MONTHS.get(month[:3]) or int(month)
        ends = {int(parts["a1"] or parts["a2"]), int(parts["b1"] or parts["b2"])}
        if number > 12 or max(ends) > 31 or ("." in match[0] and language != "vi"):
            return match[0]
        return add(match, *(f"{number}-{end}" for end in ends))

    def named(match: re.Match[str]) -> str:
        parts = match.groupdict()
        for n in "1234":
            if parts[f"d{n}"]:
                month = parts[f"m{n}"]
                return add(match, f"{_MONTHS.get(month[:3]) or int(month)}-{int(parts[f'd{n}'])}")
        return match[0]

    def numeric(match: re.Match[str]) -> str:
        day, month, sign = int(match["day"]), int(match["month"]), match[0][len(match["day"])]
        said = _DAY_WORDS.search(match.string[: match.start()]) is not None
        if not 1 <= day <= 31 or not 1 <= month <= 12 or (sign == "." and not said):
            return match[0]
        if match[0] == "24/7" or (language == "en" and (sign == "-" or day <= 12)):
            return match[0]  # always; a score or a span; or of two readings
        if sign == "-" and not said and day <= 12:
            return match[0]
        return add(match, f"{month}-{day}")

    return _DATE.sub(numeric, _IN_WORDS.sub(named, _SPAN.sub(spanned, text))), days, bounds


def _figure(match: re.Match[str], text: str, language: str) -> Figure:
    value = _value(match["digits"], language)
    whole = match["digits"].isdigit() and len(match["digits"]) == 4 and int(match["digits"]) in _YEARS
    rest = text[match.end() : match.end() + 40].replace("%", " % ").replace("-", " ")
    after = re.findall(r"[\w%$€°]+|[.;:!?,]", rest)
    head = text[: match.start()].rstrip()
    unit = (
        "usd"
        if match["sign"] == "$" or head.endswith(("us$", "usd"))
        else "vnd"
        if head.endswith(("vnd", "vnđ"))
        else "eur"
        if match["sign"] == "€"
        else ""
    )
    scaled = False
    if match["sign"] and after[:1] in (["m"], ["b"]) and rest[:1] in "mb":
        after[0] = {"m": "million", "b": "billion"}[after[0]]  # $1.2M
    while after and (
        scale := _SCALES.get(after[0])
        or (_SCALES.get(after[0][0]) if not after[0].isascii() and after[0][0] in "万億亿만억천兆" else None)
    ):
        value, scaled = value * scale, True
        after[0] = after[0][1:] if after[0] not in _SCALES else ""
        after = after[1:] if not after[0] else after
    if not unit and after:
        first = after[0]
        unit = _UNITS.get(first) or ("" if first.isascii() else _UNITS.get(first[0], "") or _UNITS.get(first[:2], ""))
        if not unit and len(after) > 1 and first.isalpha():
            unit = _UNITS.get(after[1], "")  # "12 Japanese companies", "30 foreign firms"
    before = text[: match.start()].replace("-", " ").rsplit(None, 1)
    word = before[-1].strip("(“\"'") if before and match.start() and before[-1].strip("(").isalpha() else ""
    if word == "tháng" or rest[:1] in ("月", "월"):
        unit = "month"
    return Figure(value, unit, word, year=whole and not scaled and not unit)


def _value(digits: str, language: str) -> float:
    """Read *digits*: Vietnamese and most of Europe part thousands by a point, English and East Asia by a comma."""
    thousands = "," if language in ("en", "zh", "ja", "ko", "th", "") else "."
    groups = re.split(r"[.,]", digits)
    signs = {sign for sign in digits if not sign.isdigit()}
    if not signs:
        return float(digits)
    threes = all(len(group) == 3 for group in groups[1:]) and groups[0] != "0"
    if len(signs) == 1 and threes and (len(groups) > 2 or thousands in signs):
        return float("".join(groups))
    return float("".join(groups[:-1]) + "." + groups[-1])


def _spelled(words: Sequence[Word], language: str) -> list[Figure]:
    found = []
    for place, word in enumerate(words[:-1]):
        following = words[place + 1].folded
        if language == "en" and (value := _WORDS_EN.get(word.folded)):
            later = words[place + 2].folded if place + 2 < len(words) else ""
            unit = _UNITS.get(following) or _UNITS.get(later, "")
            found.append(Figure(float(value), unit, ""))
        elif language == "vi" and (value := _WORDS_VI.get(word.folded)) and following in _UNITS:
            found.append(Figure(float(value), _UNITS[following], ""))
    return found


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])

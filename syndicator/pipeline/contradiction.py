"""Tell what speaks against two articles telling of one event: other numbers, days, scores, names, or directions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from syndicator.pipeline.figures import Figure, Figures, is_near
from syndicator.pipeline.lexicon import COUNTRIES
from syndicator.pipeline.traits import Wording

# Headlines that differ in one of these tell of different events, whatever else they share.
_ROLES = tuple(
    tuple(re.compile(rf"(?<!\w)(?:{side})(?!\w)") for side in sides)
    for sides in (
        ("semi ?finals?|ban ket", "(?<!semi )(?<!quarter )finals?|chung ket", "quarter ?finals?|tu ket"),
        ("first leg|luot di", "second leg|luot ve"),
        ("morning|buoi sang|sang nay|sang mai", "afternoon|chieu nay|chieu mai", "tonight|evening|toi nay|dem nay"),
        (
            "rises?|rose|gains?|gained|up|climbs?|climbed|jumps?|surges?|soars?|rebounds?|tang",
            "falls?|fell|drops?|dropped|loses?|down|declines?|plunges?|slips?|giam|lao doc",
        ),
        ("exports?|xuat khau", "imports?|nhap khau"),
        ("opens?|opening|begins?|khai mac|khoi cong|khai truong", "closes?|closing|ends?|be mac|dong cua"),
        ("monday|thu hai", "tuesday|thu ba", "wednesday|thu tu", "thursday|thu nam", "friday|thu sau"),
        ("today|hom nay", "tomorrow|ngay mai", "yesterday|hom qua"),
        ("men s|bong da nam", "women s|bong da nu"),
        (
            "arrests?|arrested|detains?|detained|bat giu|tam giam",
            "sentences?|sentenced|jailed|tuyen an|lanh an|xet xu",
        ),
    )
)
_UPDATE = re.compile(
    r"(?<!\w)(?:death toll|toll rises|toll climbs|so nguoi (?:chet|thiet mang|tu vong)|so nan nhan|dinh chinh|corrected"
    r"|correction)(?!\w)"
)
_GROWS = ("people", "", "case")

# Headlines of columns that come every day.
_DAILY = re.compile(
    r"(?<!\w)(?:hom nay|today|thoi tiet|weather|gia vang|gold prices?|ty gia|exchange rate|tu vi|horoscope|xo so"
    r"|diem tin|diem bao|ban tin|news in brief|headlines|lich thi dau|lich phat song|trong ngay|vn index|bitcoin"
    r"|morning brief|gia xang|gia ca phe|gia tieu|gia heo|chung khoan|stocks?)(?!\w)"
)


def contradiction(x: Wording, y: Wording, *, next_day: bool, update: bool) -> str:
    """Return what speaks against *x* and *y* telling of one event, or an empty string.

    *next_day*: they were published on different days. An *update* says itself that what is told has grown.
    """
    if next_day and _DAILY.search(x.title) and _DAILY.search(y.title):
        return "a column of another day"
    if clash := _numbers_clash(x, y, update=update):
        return clash
    if not update and _parted(x.title_figures.dated, y.title_figures.dated):
        return "other days"
    if _parted(x.figures.scores, y.figures.scores):
        return "other scores"
    if x.language == y.language and any(_opposed(sides, x.title, y.title) for sides in _ROLES):
        return "other words in one role"
    return _names_clash(x, y)


def tell_of_other_days(x: Wording, y: Wording) -> bool:
    """Tell whether both say when it happened, and never on the same day: one may mean when it was said."""
    return _parted(x.figures.dated, y.figures.dated)


@lru_cache(maxsize=8192)  # an article is compared with many others
def is_update(title: str) -> bool:
    """Tell whether a *title* (see `Wording`) says that it brings a number of victims up to date, or corrects one."""
    return _UPDATE.search(title) is not None


def _opposed(sides: Sequence[re.Pattern[str]], ours: str, theirs: str) -> bool:
    """Tell whether of *sides* the one that each headline names first is another."""
    first = [
        min(((match.start(), side) for side, match in enumerate(p.search(title) for p in sides) if match), default=None)
        for title in (ours, theirs)
    ]
    return first[0] is not None and first[1] is not None and first[0][1] != first[1][1]


def _numbers_clash(x: Wording, y: Wording, *, update: bool) -> str:
    """Tell of numbers of one role of which neither headline's stands in the other article."""
    clashes = (
        sorted((figure.value, other.value))
        for figure in x.title_figures.numbers
        for other in y.title_figures.numbers
        if _one_role(figure, other)
        and not (update and figure.unit in _GROWS)
        and not _is_said(figure, y.figures)
        and not _is_said(other, x.figures)
    )
    return next((f"{low:g} against {high:g}" for low, high in sorted(clashes)), "")


def _one_role(a: Figure, b: Figure) -> bool:
    """Tell whether both count the same; bare numbers do where the same word stands before them (`round 12`)."""
    if a.year or b.year:
        return a.year and b.year
    if a.unit or b.unit:
        return a.unit == b.unit
    return a.before == b.before != ""


def _is_said(figure: Figure, figures: Figures) -> bool:
    return any(is_near(figure.value, other.value) for other in figures.numbers)


def _parted(a: frozenset[str], b: frozenset[str]) -> bool:
    return bool(a) and bool(b) and not a & b


def _names_clash(x: Wording, y: Wording) -> str:
    ours, theirs = sorted(_only(x, y)), sorted(_only(y, x))
    if x.language != y.language:
        # What is written with capitals in one language need be no name in the other; countries can be compared.
        ours, theirs = ([mark for mark in marks if mark.startswith("c:")] for marks in (ours, theirs))
    if not ours or not theirs:
        return ""
    return " against ".join(sorted((ours[0][2:], theirs[0][2:])))


def _only(x: Wording, y: Wording) -> Iterator[str]:
    """Yield the names in the headline of *x* that *y* says nowhere."""
    text = f" {y.text} "
    for mark, weight in x.title_marks.items():
        if mark.startswith("c:") and mark not in ("c:vn", "c:hcmc"):
            kin = {f"c:{city}" for city, land in COUNTRIES.items() if land == mark[2:]} | {
                f"c:{COUNTRIES.get(mark[2:])}"
            }
            if mark not in y.marks and not kin & y.marks.keys():
                yield mark
        elif mark.startswith("n:") and weight >= 1.2 and mark not in y.marks and f" {mark[2:]} " not in text:
            yield mark

"""Tell how alike two items are, and what speaks against their telling of one event.

The home of rapidfuzz, whose token ratios compare headlines in another order of words.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from math import exp, fsum

from rapidfuzz import fuzz

from syndicator.model.entry import Item
from syndicator.model.language import base_language
from syndicator.pipeline.contradiction import contradiction, is_update, tell_of_other_days
from syndicator.pipeline.pointers import alternates, link_numbers, page, picture
from syndicator.pipeline.traits import Wording, read_wording

# A column keeps its headline from week to week; a story that is retold keeps it for a day or two.
WINDOW = timedelta(hours=72)
# An outlet's desk for another language follows within hours; a day later it follows another event.
PAIRING = timedelta(hours=6)
ENOUGH = 0.5  # of strength: items that are as alike as this tell of one event if nothing speaks against it
_SURE = 0.89  # the most that names and numbers can say; the same words, and a link, say more
_NUMBERED = 0.97  # of two articles of one desk under one number
_NEXT_DAY = timedelta(hours=15)  # a column of the day has the words of yesterday's
_UPDATED = timedelta(hours=30)  # so long a toll is corrected under headlines that say so
_LOCAL = timedelta(hours=7)  # from UTC, where most papers are printed: a day ends at midnight in Hanoi
_LONG, _SHORT = 12, 3  # telling words: of a text that can be compared, and of a headline that names an event
_REVISIONS = 3  # of what an item said before, the last ones are compared too


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """What each kind of evidence adds to the logarithm of the odds; *days* are days apart, *unsaid* is named once."""

    base: float
    anchors: float
    deeds: float
    said: float
    days: float
    unsaid: float


# Fitted by logistic regression, a wrong merge counted three times, on the labelled pairs for development, and rounded;
# the base is lower than the fit's, so that hardly a wrong pair is above zero.
IN_ONE_LANGUAGE = Weights(base=-1.5, anchors=0.6, deeds=0.2, said=0.25, days=-1.7, unsaid=-0.6)
ACROSS_LANGUAGES = Weights(base=-2.4, anchors=1.4, deeds=0.25, said=0.4, days=-1.4, unsaid=0.0)
_TOLL, _OTHER_DAYS = 0.8, -1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """How alike two items are: *strength* is 0 to 1, *because* of what; what is *against* them forbids one story."""

    strength: float = 0.0
    because: str = ""
    against: str = ""

    @property
    def is_enough(self) -> bool:
        """Tell whether the two, looked at alone, tell of one event."""
        return self.strength >= ENOUGH and not self.against


def likeness(a: Item, b: Item, *, void: Collection[str] = (), at_a_glance: bool = False) -> Likeness:
    """Return how alike *a* and *b* are; their order does not matter. The links in *void* prove nothing,
    and neither do the numbers in it.

    A link that both carry, or by which one names the other as its own in another language, is proof. An outlet
    that tells both in one language as articles of their own contradicts. Of an item that was edited, each wording
    is compared, and the one that is most alike counts: who copied the earlier one still tells of that event.
    *at_a_glance* nobody looks for what is against two that are not alike enough; that is most of what is compared.
    """
    if _one_page(a, b, void):
        return Likeness(strength=1.0, because="link")
    ours, theirs = wordings(a), wordings(b)
    update = abs(a.published_at - b.published_at) <= _UPDATED and any(is_update(x.title) for x in (*ours, *theirs))
    # The words of a link are made anew with the headline; the number by which the outlet knows it stays.
    numbered = a.outlet == b.outlet and not (link_numbers(a) & link_numbers(b)).issubset(void)
    if against := _told_apart(a, b, update=update or numbered):
        return Likeness(against=against)
    found = [_compare(x, y, a, b, update=update, glance=at_a_glance, numbered=numbered) for x in ours for y in theirs]
    return max(found, key=lambda each: (each.is_enough, not each.against, each.strength, each.because, each.against))


def _one_page(a: Item, b: Item, void: Collection[str]) -> bool:
    """Tell whether both carry one link, or one names the other's as its alternate."""
    link_a, link_b = page(a), page(b)
    proofs = {link_a} & {link_b, *alternates(b)} | {link_b} & set(alternates(a))
    return any(link and link not in void for link in proofs)


def wordings(item: Item) -> list[Wording]:
    """Return what *item* says, and what it said before it was edited."""
    if not item.revisions:
        return [read_wording(item.entry.title, item.entry.summary, item.entry.language)]
    told = [(item.entry.title, item.entry.summary)]
    told += [(revision.title, revision.summary) for revision in item.revisions[-_REVISIONS:]]
    return [read_wording(title, summary, item.entry.language) for title, summary in dict.fromkeys(told)]


def _told_apart(a: Item, b: Item, *, update: bool) -> str:
    if abs(a.published_at - b.published_at) > WINDOW:
        return "days apart"
    if not update and _is_one_desk(a, b):
        return "the outlet tells both"
    return ""


def _is_one_desk(a: Item, b: Item) -> bool:
    """Tell whether one outlet prints both in one place and language, as articles of their own.

    Titles of one outlet may print one article each, under hosts of their own.
    """
    one_host = page(a).partition("/")[0] == page(b).partition("/")[0]
    return a.outlet == b.outlet and one_host and base_language(a.entry.language) == base_language(b.entry.language)


def _compare(x: Wording, y: Wording, a: Item, b: Item, *, update: bool, glance: bool, numbered: bool) -> Likeness:
    apart = abs(a.published_at - b.published_at)
    if x.language == y.language:
        words, text = _dice(x.content, y.content), _dice(x.all_content, y.all_content)
        said = _said(x.content, y.all_content) + _said(y.content, x.all_content) + words + text
        found = _same_words(x, y, apart, words, text) or _evidence(x, y, apart, IN_ONE_LANGUAGE, said, update=update)
    else:
        said = _said(x.title_marks, y.marks) + _said(y.title_marks, x.marks)
        found = _evidence(x, y, apart, ACROSS_LANGUAGES, said, update=update)
        if a.outlet == b.outlet and apart <= PAIRING and (numbered or (picture(a) and picture(a) == picture(b))):
            found = Likeness(strength=0.95, because="number in the link" if numbered else "picture")
    if numbered and _is_one_desk(a, b):
        found = Likeness(strength=_NUMBERED, because="number in the link")
    if found.strength < ENOUGH and glance:
        return Likeness(strength=found.strength)
    next_day = (a.published_at + _LOCAL).date() != (b.published_at + _LOCAL).date()
    against = contradiction(x, y, next_day=next_day, update=update)
    return replace(found, because=found.because if found.strength >= ENOUGH else "", against=against)


def _same_words(x: Wording, y: Wording, apart: timedelta, words: float, text: float) -> Likeness | None:
    """Return how alike two texts are that say nearly the same; None where they do not."""
    ratio = fuzz.ratio if x.is_unspaced else fuzz.token_sort_ratio
    near_text = text >= 0.75 and words >= 0.5 and min(len(x.all_content), len(y.all_content)) >= _LONG
    short = min(len(x.content), len(y.content)) < _SHORT
    near_title = not short and (words >= 0.95 or ratio(x.title, y.title) >= 97)
    if not near_text and not near_title:
        # A short headline ("Weather today", "Tin trong nước") is the name of a column, and tells of no event.
        return Likeness() if short else None
    # What is printed every day is printed in the same words, unless they name something.
    if (apart >= _NEXT_DAY or tell_of_other_days(x, y)) and _anchors(
        x, y, x.title_marks.keys() & y.title_marks.keys()
    ) < 1.5:
        return Likeness(strength=ENOUGH - 0.1)
    return Likeness(strength=0.95 if near_text else 0.9, because="text" if near_text else "headline")


def _evidence(x: Wording, y: Wording, apart: timedelta, weights: Weights, said: float, *, update: bool) -> Likeness:
    """Weigh what two wordings share: the logarithm of the odds that they tell of one event, then its logistic.

    An *update* of a toll refers to what was told before: that both count victims is evidence of its own.
    """
    shared = x.marks.keys() & y.marks.keys()
    odds = fsum(
        (
            weights.base,
            _OTHER_DAYS if tell_of_other_days(x, y) and not update else 0.0,
            _TOLL if update and "k:kill" in shared else 0.0,
            weights.anchors * min(_anchors(x, y, shared), 6.0),
            weights.deeds * min(fsum(min(x.marks[m], y.marks[m]) for m in shared if m.startswith("k:")), 3.0),
            weights.said * said,
            weights.days * min(apart / timedelta(days=1), 3.0),
            weights.unsaid * min(_unsaid(x, y), _unsaid(y, x), 2.0),
        )
    )
    return Likeness(strength=round(min(1 / (1 + exp(-odds)), _SURE), 4), because="names and numbers")


def _anchors(x: Wording, y: Wording, shared: Collection[str]) -> float:
    """Return how much the names, numbers and days tell that both mention."""
    parts: set[str] = set()
    found = []
    for mark in sorted(shared, key=lambda mark: (-len(mark), mark)):
        weight, kind = min(x.marks[mark], y.marks[mark]), mark[0]
        if kind == "n":
            names = set(mark[2:].split())
            found.append(weight if parts.isdisjoint(names) else 0.3 * weight)  # `an binh` beside `tran an`
            parts |= names
        elif kind == "#" or kind == "c":
            found.append(weight if weight >= 1.2 else weight / 2)
        elif kind in "ds":
            found.append(0.5 if kind == "d" else weight)
    return fsum(found)


def _unsaid(x: Wording, y: Wording) -> float:
    """Return how much is named in the headline of *x* that *y* says nowhere."""
    return fsum(weight for mark, weight in x.title_marks.items() if mark not in y.marks and mark[0] in "kcn")


def _said(title: Mapping[str, float], other: Mapping[str, float]) -> float:
    """Return how much of a headline the other article says, somewhere."""
    total = fsum(title.values())
    return fsum(title[each] for each in title.keys() & other.keys()) / total if total else 0.0


def _dice(a: Mapping[str, float], b: Mapping[str, float]) -> float:
    total = fsum(a.values()) + fsum(b.values())
    return 2 * fsum(min(a[each], b[each]) for each in a.keys() & b.keys()) / total if total else 0.0

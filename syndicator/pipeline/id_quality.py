"""Judge a source's ids: which of them tell its articles apart, and which stand on several."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import combinations
from typing import Literal, TypeAlias

from syndicator.model.entry import Entry
from syndicator.pipeline.text import is_unspaced, title_key

Kind: TypeAlias = Literal["link", "guid"]

MIN_EVIDENCE = 5  # entries; fewer say nothing of a source's habits
MIN_TRUST = 10  # entries; trust is won back more slowly than it is lost, or the rule would swing
DOUBT = 0.05  # share of entries whose id tells nothing apart, above which ids of that kind are not trusted any more
LIKENESS = 0.5  # share of words that two forms of one headline have in common; those of two articles rarely do
MAX_COPIES = 3  # links under which one document shows one article: its section, the front page, the telephone's
MAX_FORMS = 12  # of an article in one document; each is compared with each
FAR_APART = timedelta(days=2)  # a page that is rewritten for so long is no article that is being corrected

_RULES: dict[frozenset[Kind], str] = {
    frozenset({"guid", "link"}): "guid and link",
    frozenset({"link"}): "link",
    frozenset({"guid"}): "guid",
    frozenset(): "title",
}
_KINDS = {rule: kinds for kinds, rule in _RULES.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What *entries* entries of a document tell of its ids: those without one, and those whose id stands on several
    articles. A guid has *drifted* when the same article has come with yet another one."""

    entries: int = 0
    no_guid: int = 0
    no_link: int = 0
    common_guid: int = 0
    common_link: int = 0
    drifted: int = 0


def choose_rule(evidence: Evidence, *, before: str, id_from: str, whole: bool) -> str:
    """Return what tells a source's articles apart: `guid and link`, `link`, `guid` or, if neither does, `title`.

    What feeds.yaml says (*id_from*) holds. Trust in a kind of ids is lost as soon as a document speaks against it, and
    won back only by a *whole* document of some length (none of whose entries was left out as known) that does not, so
    that the rule (that of *before*) does not change with every document.
    """
    if id_from:
        return id_from
    trusted = trusted_kinds(before)
    if evidence.entries < MIN_EVIDENCE:
        return _RULES[trusted]
    doubtful = max(1.0, DOUBT * evidence.entries)
    mostly = evidence.entries / 2
    sound: set[Kind] = set()
    if evidence.no_guid <= mostly and evidence.common_guid <= doubtful and evidence.drifted <= doubtful:
        sound.add("guid")
    if evidence.no_link <= mostly and evidence.common_link <= doubtful:
        sound.add("link")
    anew = not before or (whole and evidence.entries >= MIN_TRUST)
    return _RULES[frozenset(sound) if anew else trusted & sound]


def trusted_kinds(rule: str) -> frozenset[Kind]:
    """Return the kinds of ids by which *rule* (empty: nothing is known yet) tells articles apart."""
    return _KINDS.get(rule, _KINDS["guid and link"])


def find_places(keys: Iterable[Sequence[str]]) -> tuple[dict[str, int], dict[str, list[int]]]:
    """Return the first place of each key, and all places of those that stand at several; *keys* has those of a place
    for each place."""
    first: dict[str, int] = {}
    repeated: dict[str, list[int]] = {}
    for place, here in enumerate(keys):
        for key in here:
            if (before := first.setdefault(key, place)) != place:
                repeated.setdefault(key, [before]).append(place)
    return first, repeated


def is_shared_guid(entries: Sequence[Entry], links: Iterable[str]) -> bool:
    """Tell whether the guid of all *entries* of a document, which have these *links*, stands on several articles.

    One guid on two links is one article in two sections if the words are alike.
    """
    return len(set(links) - {""}) > MAX_COPIES or _are_several(entries)


def is_shared_link(entries: Sequence[Entry], guids: Iterable[str]) -> bool:
    """Tell whether the link of all *entries* of a document, which have these *guids*, stands on several articles: that
    of the front page, say, on entries that differ in guid, if they have one, and in title."""
    if len({entry.title for entry in entries}) == 1:
        return False
    named = set(guids)
    return len(named) > 1 or named == {""} or _are_several(entries)


def are_alike(one: Entry, other: Entry) -> bool:
    """Tell whether *one* and *other* may be two forms of one article, as an editor changes it: they have half the
    words of their titles in common, or the summary."""
    if one.title == other.title or (one.summary and one.summary == other.summary):
        return True
    these, those = _title_words(one.title), _title_words(other.title)
    return len(these & those) >= LIKENESS * len(these | those)


def are_far_apart(one: Entry, other: Entry) -> bool:
    """Tell whether *one* and *other* claim dates so far apart that neither is a correction of the other."""
    this, that = one.published or one.updated, other.published or other.updated
    return this is not None and that is not None and abs(this - that) > FAR_APART


def _are_several(entries: Iterable[Entry]) -> bool:
    told = {(entry.title, entry.summary): entry for entry in entries}
    return len(told) > MAX_FORMS or any(not are_alike(one, other) for one, other in combinations(told.values(), 2))


def _title_words(title: str) -> set[str]:
    key = title_key(title)
    return set(key.replace(" ", "")) if is_unspaced(key) else set(key.split())

"""Know which items are tied, and how strongly: a function of the set of items, of which each looks at few others."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, MutableMapping, Sequence

from syndicator.model.entry import Item
from syndicator.model.language import base_language
from syndicator.pipeline.canonical import canonical_link
from syndicator.pipeline.cues import cues_of, is_article, is_proof, is_weak, link_cue, nearby, number_cue, of_period
from syndicator.pipeline.likeness import Likeness, likeness
from syndicator.pipeline.pointers import alternates, link_numbers, page
from syndicator.pipeline.text import title_key

# A cue that more items than this have within a period of three days is that of a column, or of the news of the week:
# it tells nothing. Counted in whole periods, so that the order in which the items came makes no difference.
MOST = 64
# The same words are no less the same where many print them: each copy is compared with a few of them.
HUBS = 8
_MOST_COPIES = 4096  # of one text within a period; more are no news
_MOST_LINKED = 256  # articles of one link; all of them are looked at, lest it be a page's
_CORRECTED = 2  # headlines that an article may have had under one number

Pair = tuple[str, str]
Tie = tuple[float, float]  # the strength, and the seconds apart below zero: of the equally alike, the nearest first


def most_of(cue: str) -> int:
    """Return how many items of *cue* there may be until it tells nothing."""
    return _MOST_COPIES if is_proof(cue) else _MOST_LINKED if is_article(cue) else MOST


class Disputes:
    """What an admin settled by hand: groups of addresses that tell of one event, or of different ones."""

    def __init__(self, same: Iterable[Sequence[str]] = (), not_same: Iterable[Sequence[str]] = ()) -> None:
        self._same = _by_link(same)
        self._not_same = _by_link(not_same)

    @property
    def cues(self) -> set[str]:
        """The cues of all items that are in dispute."""
        return {link_cue(link) for link in (*self._same, *self._not_same)}

    def cues_of(self, item: Item) -> set[str]:
        """Return the cues of what *item* is said to be the same as."""
        groups = self._same.get(page(item), set())
        return {link_cue(link) for link, others in self._same.items() if groups & others} if groups else set()

    def is_disputed(self, item: Item) -> bool:
        """Tell whether *item* is said not to be the same as another."""
        return page(item) in self._not_same

    def judge(self, a: Item, b: Item) -> Likeness | None:
        """Return what was settled of *a* and *b*, if anything; of both, that they are not the same."""
        ours, theirs = page(a), page(b)
        if ours and theirs and ours != theirs:
            if self._not_same.get(ours, set()) & self._not_same.get(theirs, set()):
                return Likeness(against="not_same")
            if self._same.get(ours, set()) & self._same.get(theirs, set()):
                return Likeness(strength=2.0, because="same")
        return None


class Ties:
    """The ties among the items that are *known*, but for the *absent*; *by_cue* are the ids that have a cue, sorted.

    Both mappings are filled by who asks; a cue that is None there has too many items.
    """

    def __init__(
        self,
        *,
        known: Mapping[str, Item],
        by_cue: Mapping[str, Sequence[str] | None],
        judged: MutableMapping[tuple[Pair, frozenset[str]], Likeness],
        disputes: Disputes,
        absent: Collection[str] = (),
    ) -> None:
        self._known, self._by_cue, self._judged, self._disputes = known, by_cue, judged, disputes
        self._absent = absent
        self._present: dict[str, Sequence[str]] = {}
        self._doubtful: dict[str, bool] = {}
        self._tied: dict[str, dict[str, Likeness]] = {}

    def ids(self, cue: str) -> Sequence[str]:
        """Return the ids of the items that have *cue*; none where they are too many to count."""
        if cue not in self._by_cue:
            return ()
        if cue not in self._present:
            ids = self._by_cue[cue] or ()
            self._present[cue] = [id for id in ids if id not in self._absent] if self._absent else ids
        return self._present[cue]

    def shown(self, cue: str) -> Sequence[str]:
        """Return the ids of the items by which those that have *cue* are found; none where it is too common."""
        ids = self.ids(cue)
        if len(ids) <= MOST:
            return ids
        return ids[:HUBS] if len(ids) <= most_of(cue) else ()

    def candidates(self, item: Item) -> list[str]:
        """Return the ids of the items with which *item* has a strong cue in common, or two weak ones."""
        shared: Counter[str] = Counter()
        for cue in cues_of(item):
            shared.update(dict.fromkeys(self._sharing(item.id, cue), 1 if is_weak(cue) else 2))
        for cue in self._disputes.cues_of(item):
            shared.update(dict.fromkeys(self.ids(cue), 2))
        return [id for id, count in shared.items() if count >= 2 and id != item.id]

    def is_doubtful(self, cue: str) -> bool:
        """Tell whether the link or number of *cue*, whose items are all known, tells nothing of an article.

        A link that one outlet gives to several articles is that of a page; a number, that of a section.
        """
        if cue not in self._by_cue:
            return False
        if cue not in self._doubtful:
            told: dict[tuple[str, str], set[str]] = defaultdict(set)
            items = [self._known[id] for id in self.ids(cue) if id in self._known]
            for item in items:
                if "." in cue or link_cue(page(item)) == cue:
                    told[item.outlet, base_language(item.entry.language)].add(title_key(item.entry.title))
            most = _CORRECTED if "." in cue else 1
            self._doubtful[cue] = any(len(titles) > most for titles in told.values())
        return self._doubtful[cue]

    def tie(self, item: Item) -> None:
        """Compare *item* with all others that it may be tied to; these are known."""
        others = (self._known[id] for id in self.candidates(item) if id in self._known)
        looks = ((other.id, self._look(item, other, at_a_glance=True)) for other in others)
        self._tied[item.id] = {id: found for id, found in looks if found.is_enough}

    def is_tied(self, id: str) -> bool:
        """Tell whether that item was compared with all others."""
        return id in self._tied

    def of(self, id: str) -> Mapping[str, Likeness]:
        """Return what that item is tied to."""
        return self._tied[id]

    def weight(self, a: str, b: str) -> Tie:
        """Return how much the tie of those two weighs."""
        apart = abs(self._known[a].published_at - self._known[b].published_at)
        return self._tied[a][b].strength, -apart.total_seconds()

    def judge(self, a: Item, b: Item) -> Likeness:
        """Return how alike those two are, with what is against them."""
        return self._look(a, b)

    # ---- below

    def _sharing(self, id: str, cue: str) -> set[str]:
        found: set[str] = set()
        own = self.shown(cue)
        if not own:
            return found
        for near in nearby([cue]):
            if near == cue and id in own:
                found.update(self.ids(cue))
            elif near == cue or id in own:
                found.update(self.shown(near))
        return found

    def _look(self, a: Item, b: Item, *, at_a_glance: bool = False) -> Likeness:
        pair = (a.id, b.id) if a.id < b.id else (b.id, a.id)
        key = pair, self._void(a, b)
        found = self._judged.get(key)
        # A glance at two that are not alike does not tell what is against them.
        if found is None or not (at_a_glance or found.is_enough or found.against):
            found = self._disputes.judge(a, b) or likeness(a, b, void=key[1], at_a_glance=at_a_glance)
            self._judged[key] = found
        return found

    def _void(self, a: Item, b: Item) -> frozenset[str]:
        """Return the links and numbers that both have and that prove nothing."""
        ours, theirs = page(a), page(b)
        if ours != theirs and a.outlet != b.outlet and not a.entry.alternates and not b.entry.alternates:
            return _NOTHING  # as of most that are compared
        links = {ours, *alternates(a)} & {theirs, *alternates(b)} - {""}
        void = {link for link in links if not self.shown(link_cue(link)) or self.is_doubtful(link_cue(link))}
        if a.outlet == b.outlet:
            for number in link_numbers(a) & link_numbers(b):
                cue = number_cue(a.outlet, number)
                if any(self.is_doubtful(of_period(cue, item.published_at)) for item in (a, b)):
                    void.add(number)
        return frozenset(void) if void else _NOTHING


_NOTHING: frozenset[str] = frozenset()


def _by_link(groups: Iterable[Sequence[str]]) -> dict[str, set[int]]:
    """Return, by link for comparing, the numbers of the groups in which it stands."""
    found: dict[str, set[int]] = defaultdict(set)
    for number, group in enumerate(groups):
        for url in group:
            found[canonical_link(url)].add(number)
    return dict(found)

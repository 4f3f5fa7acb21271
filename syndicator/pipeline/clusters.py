"""Part items into groups that tell of one event each: a function of the set of items, whatever order they came in.

Two items are neighbours where they have a cue in common and are alike enough. What hangs together by neighbours is
parted anew as a whole; the rest is not looked at.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from syndicator.model.entry import Item
from syndicator.model.language import base_language
from syndicator.pipeline.canonical import canonical_link
from syndicator.pipeline.cues import cues_of, is_weak, link_cue, nearby
from syndicator.pipeline.likeness import Likeness, likeness
from syndicator.pipeline.pointers import alternates, page
from syndicator.pipeline.text import title_key

# A cue that more items than this have within a period of three days is that of a column, or of the news of the week:
# it tells nothing. Counted in whole periods, so that the order in which the items came makes no difference.
MOST = 64

Pair = tuple[str, str]


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

    def judge(self, a: Item, b: Item) -> Likeness | None:
        """Return what was settled of *a* and *b*, if anything; of both, that they are not the same."""
        ours, theirs = page(a), page(b)
        if ours and theirs and ours != theirs:
            if self._not_same.get(ours, set()) & self._not_same.get(theirs, set()):
                return Likeness(against="not_same")
            if self._same.get(ours, set()) & self._same.get(theirs, set()):
                return Likeness(strength=2.0, because="same")
        return None


class Clustering:
    """A parting under way. It asks which items have cues (`wanted`, `learn`), then for items (`unmet`, `meet`), as long
    as it `is_open`; then it gives `groups`.

    *fresh* are the items that are new, or edited since they were last looked at.
    """

    def __init__(self, fresh: Iterable[Item], *, disputes: Disputes) -> None:
        fresh = list(fresh)
        self._disputes = disputes
        self._fresh = {item.id for item in fresh}
        self._items: dict[str, Item] = {}  # those that are parted anew
        self._known = {item.id: item for item in fresh}
        self._by_cue: dict[str, Sequence[str]] = {}
        self._void: set[str] = set()
        self._open: dict[str, Item] = {}  # to be compared with what has cues in common
        self._judged: dict[Pair, Likeness] = {}
        self._unlike: set[Pair] = set()  # at a glance
        self._edges: dict[Pair, Likeness] = {}
        self._crossed: set[str] = set()
        self.touch(fresh)

    @property
    def most(self) -> int:
        """The most items of one cue that matter: the fresh ones may just have made it too common."""
        return MOST + len(self._fresh)

    @property
    def touched(self) -> Collection[str]:
        """The ids of the items that are parted anew."""
        return self._items.keys()

    def touch(self, items: Iterable[Item]) -> bool:
        """Take *items* in, with all that hangs together with them; tell whether any was not in."""
        new = {item.id: item for item in items if item.id not in self._items}
        self._items |= new
        self._known |= new
        self._open |= new
        return bool(new)

    @property
    def is_open(self) -> bool:
        """Tell whether something is still to be compared."""
        return bool(self._open)

    def wanted(self) -> set[str]:
        """Return the cues of which it must be known which items have them."""
        return {cue for item in self._open.values() for cue in self._lookups(item)} - self._by_cue.keys()

    def learn(self, found: Mapping[str, Sequence[str]]) -> None:
        """Hear the ids of the items that have the `wanted` cues; a cue that is missing has too many."""
        for cue in self.wanted():
            self._by_cue[cue] = found.get(cue, ())
            if cue not in found or len(found[cue]) > MOST:
                self._void.add(cue)
        # A cue told something until the fresh ones came: what it held together may hang together no more.
        crossed = (ids for ids in map(self._before, found) if ids)
        self._crossed = {id for ids in crossed for id in ids}

    def unmet(self) -> set[str]:
        """Return the ids of the items that must be seen before the open ones can be compared."""
        ids = {id for item in self._open.values() for id in self._candidates(item)} | self._crossed
        return ids - self._known.keys()

    def meet(self, items: Mapping[str, Item]) -> None:
        """See the `unmet` items (one that is missing is no more), and compare what is open."""
        self._known |= items
        self.touch(self._known[id] for id in self._crossed if id in self._known)
        for cue in [cue for cue in self._by_cue if "." not in cue and cue not in self._void]:
            self._doubt(cue)
        # What was touched just now waits for its own cues.
        ready = [item for item in self._open.values() if self._lookups(item) <= self._by_cue.keys()]
        for item in ready:
            del self._open[item.id]
        for item in ready:
            self._compare(item)

    def groups(self) -> list[list[Item]]:
        """Return the parts, each sorted by time, the earliest first.

        The most alike are joined first. Two parts are not joined if any of the one contradicts any of the other:
        so a chain of reports, each like the next, does not lead from one event to another.
        """
        parts = {id: [item] for id, item in self._items.items()}
        for (first, second), edge in sorted(self._edges.items(), key=lambda pair: (-pair[1].strength, pair[0])):
            ours, theirs = parts[first], parts[second]
            if ours is theirs or self._contradict(ours, theirs, forced=edge.because == "same"):
                continue
            ours += theirs
            parts.update((item.id, ours) for item in theirs)
        unique = {id(part): part for part in parts.values()}.values()
        found = [sorted(part, key=lambda item: (item.published_at, item.id)) for part in unique]
        return sorted(found, key=lambda part: (part[0].published_at, part[0].id))

    # ---- below

    def _lookups(self, item: Item) -> set[str]:
        return nearby(cues_of(item)) | self._disputes.cues_of(item)

    def _before(self, cue: str) -> list[str]:
        """Return the items that had *cue* before the fresh ones made it too common, if these did."""
        ids = [id for id in self._by_cue[cue] if id not in self._fresh]
        return ids if len(ids) <= MOST < len(self._by_cue[cue]) else []

    def _doubt(self, cue: str) -> None:
        """Void a link that one outlet gives to several articles: it is that of a page, and tells nothing of them."""
        items = [self._known[id] for id in self._by_cue[cue] if id in self._known]
        old = [item for item in items if item.id not in self._fresh]
        if _is_page(cue, items):
            self._void.add(cue)
            if not _is_page(cue, old):
                self.touch(old)

    def _candidates(self, item: Item) -> list[str]:
        """Return the ids of the items with which *item* has a strong cue in common, or two weak ones."""
        shared: Counter[str] = Counter()
        for cue in cues_of(item):
            if cue not in self._void:
                ids = {id for each in nearby([cue]) if each not in self._void for id in self._by_cue.get(each, ())}
                shared.update(dict.fromkeys(ids, 1 if is_weak(cue) else 2))
        for cue in self._disputes.cues_of(item):
            shared.update(dict.fromkeys(self._by_cue.get(cue, ()), 2))
        return [id for id, count in shared.items() if count >= 2 and id != item.id]

    def _compare(self, item: Item) -> None:
        for other in (self._known[id] for id in self._candidates(item) if id in self._known):
            pair = _pair(item, other)
            if pair in self._edges or pair in self._unlike:
                continue
            found = self._look(item, other, at_a_glance=True)
            if found.is_enough:
                self._edges[pair] = self._judged[pair] = found
                self.touch([other])
            else:
                self._unlike.add(pair)

    def _judge(self, a: Item, b: Item) -> Likeness:
        pair = _pair(a, b)
        if pair not in self._judged:
            self._judged[pair] = self._look(a, b)
        return self._judged[pair]

    def _look(self, a: Item, b: Item, *, at_a_glance: bool = False) -> Likeness:
        links = (page(a), *alternates(a), page(b), *alternates(b))
        void = [link for link in links if link_cue(link) in self._void]
        return self._disputes.judge(a, b) or likeness(a, b, void=void, at_a_glance=at_a_glance)

    def _contradict(self, ours: Sequence[Item], theirs: Sequence[Item], *, forced: bool) -> bool:
        for a in ours:
            for b in theirs:
                against = self._judge(a, b).against
                if against and (not forced or against == "not_same"):
                    return True
        return False


def cluster(items: Collection[Item], *, disputes: Disputes) -> list[list[Item]]:
    """Return the parts of all *items*, looked up in memory: about linear in their number."""
    index: dict[str, list[str]] = defaultdict(list)
    for item in items:
        for cue in cues_of(item):
            index[cue].append(item.id)
    clustering = Clustering(items, disputes=disputes)
    while clustering.is_open:
        clustering.learn({cue: index.get(cue, ()) for cue in clustering.wanted()})
        clustering.meet({})  # all are known
    return clustering.groups()


def _is_page(cue: str, items: Iterable[Item]) -> bool:
    told: dict[tuple[str, str], set[str]] = defaultdict(set)
    for item in items:
        if link_cue(page(item)) == cue:
            told[item.outlet, base_language(item.entry.language)].add(title_key(item.entry.title))
    return any(len(titles) > 1 for titles in told.values())


def _pair(a: Item, b: Item) -> Pair:
    return (a.id, b.id) if a.id < b.id else (b.id, a.id)


def _by_link(groups: Iterable[Sequence[str]]) -> dict[str, set[int]]:
    """Return, by link for comparing, the numbers of the groups in which it stands."""
    found: dict[str, set[int]] = defaultdict(set)
    for number, group in enumerate(groups):
        for url in group:
            found[canonical_link(url)].add(number)
    return dict(found)

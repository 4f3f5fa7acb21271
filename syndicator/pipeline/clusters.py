"""Part items into groups that tell of one event each: a function of the set of items, whatever order they came in.

Two items are tied where they have a cue in common and are alike enough. What hangs together in a knot is parted anew
as a whole; the rest is not looked at.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Generator, Iterable, Mapping, Sequence
from heapq import nsmallest

from syndicator.model.entry import Item
from syndicator.pipeline.cues import cues_of, is_article, nearby
from syndicator.pipeline.knots import Knot, grow
from syndicator.pipeline.likeness import Likeness
from syndicator.pipeline.ties import Disputes, Pair, Tie, Ties, most_of

# Of a part, so many are asked what speaks against another part: in a thousand copies of one text all say the same.
_WITNESSES = 32


class _Side:
    """The knots that are found, and sought, among all items or among those that are not fresh."""

    def __init__(self, ties: Ties) -> None:
        self.ties = ties
        self.knots: dict[str, Knot] = {}
        self.sought: dict[str, Generator[str, None, Knot]] = {}
        self.awaited: dict[str, str] = {}  # by what is sought, the item that must be tied first

    def seek(self, id: str, known: Mapping[str, Item]) -> None:
        if id not in self.knots and id not in self.sought:
            self.sought[id] = grow(id, self.ties, known)

    def go_on(self) -> list[Knot]:
        """Go on as far as items are tied; return the knots that were found."""
        found = []
        for id, growing in list(self.sought.items()):
            if id in self.knots:
                del self.sought[id]
            elif id not in self.awaited or self.ties.is_tied(self.awaited[id]):
                try:
                    self.awaited[id] = next(growing)
                except StopIteration as end:
                    del self.sought[id]
                    self.knots.update(dict.fromkeys(end.value.ids, end.value))
                    found.append(end.value)
        return found

    def waits_for(self) -> set[str]:
        return {self.awaited[id] for id in self.sought}


class Clustering:
    """A parting under way. It asks which items have cues (`wanted`, `learn`), then for items (`unmet`, `meet`), as long
    as it `is_open`; then it gives `groups`.

    *fresh* are the items that are new, or edited since they were last looked at. What was in one knot with what they
    come to, before they came, is parted anew with them.
    """

    def __init__(self, fresh: Iterable[Item], *, disputes: Disputes) -> None:
        fresh = list(fresh)
        self._disputes = disputes
        self._fresh = {item.id for item in fresh}
        self._known = {item.id: item for item in fresh}
        self._by_cue: dict[str, Sequence[str] | None] = {}
        judged: dict[tuple[Pair, frozenset[str]], Likeness] = {}
        self._now = _Side(
            Ties(known=self._known, by_cue=self._by_cue, judged=judged, disputes=disputes),
        )
        self._before = _Side(
            Ties(known=self._known, by_cue=self._by_cue, judged=judged, disputes=disputes, absent=self._fresh)
        )
        self._open: set[str] = set()  # to be compared with what has cues in common
        self._touched: set[str] = set()  # to be parted anew, with all in their knots
        self._reached: dict[str, Tie] = {}  # by what is tied to a fresh item, its strongest tie to one
        self._crossed: set[str] = set()
        self._articles: set[str] = set()  # cues that may turn out to be a page's
        self.touch(fresh)

    @property
    def touched(self) -> Collection[str]:
        """The ids of the items that are parted anew."""
        return {id for each in self._touched for id in self._now.knots[each].ids}

    @property
    def compared(self) -> int:
        """How many items were compared with all that have cues in common with them."""
        return sum(self._now.ties.is_tied(id) for id in self._known)

    def touch(self, items: Iterable[Item]) -> bool:
        """Take *items* in, with all that hangs together with them; tell whether any was not in."""
        parted = {id for each in self._touched if each in self._now.knots for id in self._now.knots[each].ids}
        new = {item.id: item for item in items if item.id not in self._touched and item.id not in parted}
        self._known |= new
        for id in new:
            self._part(id)
            if id not in self._fresh:
                self._reached[id] = (float("inf"), 0.0)
                self._before.seek(id, self._known)
        self._open |= {id for id in new if not self._now.ties.is_tied(id)}
        if not self._open:
            self._go_on()
        return bool(new)

    @property
    def is_open(self) -> bool:
        """Tell whether something is still to be compared."""
        return bool(self._open)

    def wanted(self) -> dict[int, set[str]]:
        """Return the cues of which it must be known which items have them, by how many of these matter at most."""
        cues = {cue for id in self._open for cue in self._lookups(self._known[id])} - self._by_cue.keys()
        found: dict[int, set[str]] = defaultdict(set)
        for cue in cues:
            # The fresh ones may just have made it too common.
            found[most_of(cue) + len(self._fresh)].add(cue)
        return dict(found)

    def learn(self, cues: Iterable[str], found: Mapping[str, Sequence[str]]) -> None:
        """Hear the ids of the items that have the `wanted` *cues*; one that is not *found* has too many."""
        for cue in cues:
            self._by_cue[cue] = sorted(found[cue]) if cue in found else None
            if is_article(cue):
                self._articles.add(cue)
            # A cue told something until the fresh ones came: what it held together may hang together no more.
            if not set(self._before.ties.shown(cue)) <= set(self._now.ties.shown(cue)):
                self._crossed |= set(self._before.ties.ids(cue))

    def unmet(self) -> set[str]:
        """Return the ids of the items that must be seen before the open ones can be compared."""
        ids = set(self._crossed)
        for item in (self._known[id] for id in self._open):
            ids.update(self._now.ties.candidates(item))
            if item.id not in self._fresh:
                ids.update(self._before.ties.candidates(item))
        for cue in self._articles:
            ids.update(self._now.ties.ids(cue) if self._now.ties.shown(cue) else ())
        return ids - self._known.keys()

    def meet(self, items: Mapping[str, Item]) -> None:
        """See the `unmet` items (one that is missing is no more), and compare what is open."""
        self._known |= items
        # What is touched by this waits for its own cues.
        ready = [self._known[id] for id in self._open if self._lookups(self._known[id]) <= self._by_cue.keys()]
        for cue in self._articles:
            if self._now.ties.is_doubtful(cue) and not self._before.ties.is_doubtful(cue):
                self._crossed |= set(self._before.ties.ids(cue))
        self._articles.clear()
        crossed, self._crossed = self._crossed, set()
        self.touch(self._known[id] for id in crossed if id in self._known)
        for item in ready:
            self._tie(item)
        self._go_on()

    def groups(self) -> list[list[Item]]:
        """Return the parts, each sorted by time, the earliest first.

        Within a knot the most alike are joined first. Two parts are not joined if any of the one contradicts any of
        the other: so a chain of reports, each like the next, does not lead from one event to another.
        """
        knots = {id(knot): knot for knot in (self._now.knots[each] for each in self._touched)}.values()
        found = [sorted(part, key=_time) for knot in knots for part in self._parts(knot)]
        return sorted(found, key=lambda part: _time(part[0]))

    # ---- below

    def _lookups(self, item: Item) -> set[str]:
        return nearby(cues_of(item)) | self._disputes.cues_of(item)

    def _part(self, id: str) -> None:
        self._touched.add(id)
        self._now.seek(id, self._known)

    def _tie(self, item: Item) -> None:
        self._open.discard(item.id)
        self._now.ties.tie(item)
        if item.id not in self._fresh:
            self._before.ties.tie(item)
            return
        for other in self._now.ties.of(item.id).keys() - self._fresh:
            tie = self._now.ties.weight(item.id, other)
            self._reached[other] = max(tie, self._reached.get(other, tie))
            self._before.seek(other, self._known)

    def _go_on(self) -> None:
        """Seek knots as far as items are tied, and open those that must be tied next."""
        going = True
        while going:
            going = bool(self._before.go_on())
            for id, tie in list(self._reached.items()):
                # A weaker tie comes to what is cut off from it, with the fresh one or without.
                knot = self._before.knots.get(id)
                if knot and (tie >= knot.weakest or tie[0] == float("inf")):
                    for each in knot.ids - self._touched:
                        self._part(each)
            going = bool(self._now.go_on()) or going
        waiting = self._before.waits_for() | self._now.waits_for()
        self._open |= {id for id in waiting if not self._now.ties.is_tied(id)}

    def _parts(self, knot: Knot) -> Iterable[list[Item]]:
        parts = {id: [self._known[id]] for id in knot.ids}
        ties = self._now.ties
        edges = [(a, b) for a in knot.ids for b in ties.of(a) if a < b and b in knot.ids]
        for a, b in sorted(edges, key=lambda pair: (*(-each for each in ties.weight(*pair)), pair)):
            ours, theirs = parts[a], parts[b]
            if ours is theirs or self._contradict(ours, theirs, forced=ties.of(a)[b].because == "same"):
                continue
            ours += theirs
            parts.update((item.id, ours) for item in theirs)
        return {id(part): part for part in parts.values()}.values()

    def _contradict(self, ours: Sequence[Item], theirs: Sequence[Item], *, forced: bool) -> bool:
        for a in self._witnesses(ours):
            for b in self._witnesses(theirs):
                against = self._now.ties.judge(a, b).against
                if against and (not forced or against == "not_same"):
                    return True
        return False

    def _witnesses(self, part: Sequence[Item]) -> Sequence[Item]:
        if len(part) <= _WITNESSES:
            return part
        return nsmallest(_WITNESSES, part, key=lambda item: (not self._disputes.is_disputed(item), *_time(item)))


def cluster(items: Collection[Item], *, disputes: Disputes) -> list[list[Item]]:
    """Return the parts of all *items*, looked up in memory: about linear in their number."""
    index: dict[str, list[str]] = defaultdict(list)
    for item in items:
        for cue in cues_of(item):
            index[cue].append(item.id)
    clustering = Clustering(items, disputes=disputes)
    while clustering.is_open:
        for cues in clustering.wanted().values():
            clustering.learn(cues, {cue: index.get(cue, ()) for cue in cues})
        clustering.meet({})  # all are known
    return clustering.groups()


def _time(item: Item) -> tuple[object, ...]:
    return item.published_at, item.id

"""Find the knot of an item: what hangs together with it, as far as that is not too much to be one event.

Single linkage makes a tree of ever looser knots (Gower and Ross 1969: Minimum spanning trees and single linkage cluster
analysis). That is cut at its loosest knots which are small enough: those are a function of the set of items, and to
find one only its own items must be looked at, and one more.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping, Set
from dataclasses import dataclass
from heapq import heappop, heappush
from math import inf

from syndicator.model.entry import Item
from syndicator.pipeline.likeness import WINDOW
from syndicator.pipeline.ties import Tie, Ties

# Reports that are tied by what they mention, copies counted once. The news of a week about one minister is one web of
# such ties, and no event.
LARGEST = 32
LONGEST = 2 * WINDOW  # from the first report to the last; a headline that comes again for weeks is no event either
_LINK = 1.0  # so strong a tie is a link, or an admin's word: it holds at any time
_COPY = 0.9  # so strong is the tie of two that say the same


@dataclass(frozen=True, slots=True, kw_only=True)
class Knot:
    """The *ids* of items that hang together by ties of which the weakest weighs *weakest*."""

    ids: Set[str]
    weakest: Tie


def grow(start: str, ties: Ties, known: Mapping[str, Item]) -> Generator[str, None, Knot]:
    """Return the knot of the item *start*; yield the ids that must be tied before it goes on.

    The strongest tie that leads out is followed each time (Prim's algorithm), so that whenever the next one is weaker
    than all before, what was reached is a knot.
    """
    order, inside = [start], {start}
    ways: list[tuple[float, float, str, str]] = []
    weakest = (inf, 0.0)
    complete, cut, loose = 1, weakest, 1
    first = last = known[start].published_at
    while True:
        while not ties.is_tied(order[-1]):
            yield order[-1]
        for other in ties.of(order[-1]):
            if other not in inside:
                strength, nearness = ties.weight(order[-1], other)
                heappush(ways, (-strength, -nearness, other, order[-1]))
        while ways and ways[0][2] in inside:
            heappop(ways)
        tie = (-ways[0][0], -ways[0][1]) if ways else (0.0, 0.0)
        if tie < weakest:
            complete, cut = len(order), weakest
        if not ways:
            break
        reached = heappop(ways)[2]
        order.append(reached)
        inside.add(reached)
        weakest = min(weakest, tie)
        loose += tie[0] < _COPY
        first, last = min(first, known[reached].published_at), max(last, known[reached].published_at)
        if weakest[0] < _LINK and (loose > LARGEST or last - first > LONGEST):
            break
    return Knot(ids=frozenset(order[:complete]), weakest=cut)

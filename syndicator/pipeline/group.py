"""Gather items that tell of one event into stories.

For now two items of different outlets are of one story when they have the same canonical link, or the
same headline within a few days. A wrong merge is worse than a missed one.
"""

from __future__ import annotations

import hashlib
from base64 import b32encode
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta

from syndicator.model.entry import Item
from syndicator.model.story import Story
from syndicator.pipeline.canonical import canonical_link
from syndicator.pipeline.text import is_unspaced, title_key

# A column keeps its headline from week to week; a story that is retold keeps it for a day or two.
TITLE_WINDOW = timedelta(hours=72)
# Shorter headlines ("Weather today", "Tin trong nước") are names of columns.
MIN_TITLE_WORDS = 4
MIN_TITLE_SIGNS = 8  # in scripts without spaces between words


def group_stories(items: Sequence[Item], *, known: Mapping[str, str]) -> list[Story]:
    """Return the stories that *items* make, newest first; the order of *items* does not matter.

    *known* says to which story an item was given before (item id → story id). Items once gathered
    stay together, and a story keeps its id; where two stories turn out to be one, the id of the one
    that was seen first stays.
    """
    ordered = sorted(items, key=lambda item: (item.published_at, item.id))
    groups = _Groups(ordered)
    for members in _same(ordered, known):
        for other in members[1:]:
            groups.join(members[0], other)
    stories = [_story([ordered[i] for i in members], known) for members in groups.all()]
    return sorted(stories, key=lambda story: (story.published_at, story.id), reverse=True)


def _same(items: Sequence[Item], known: Mapping[str, str]) -> Iterator[list[int]]:
    """Yield lists of places in *items* whose items are of one story."""
    by_link, by_story, by_title = defaultdict(list), defaultdict(list), defaultdict(list)
    for place, item in enumerate(items):
        if item.entry.url:
            by_link[canonical_link(item.entry.url)].append(place)
        if item.id in known:
            by_story[known[item.id]].append(place)
        if key := _title(item.entry.title):
            by_title[key].append(place)
    for places in by_link.values():
        outlets = [items[place].outlet for place in places]
        # A link that one outlet gives to several articles is that of a page, and tells nothing of them.
        if len(set(outlets)) == len(outlets):
            yield places
    yield from by_story.values()
    for places in by_title.values():
        yield from _retold(items, places)


def _retold(items: Sequence[Item], places: Sequence[int]) -> Iterator[list[int]]:
    """Part the places of one headline into tellings of one event: near in time, each outlet once.

    An outlet that prints a headline twice tells of two days ("Weather in the city today").
    """
    cluster: list[int] = []
    for place in places:
        outlets = {items[i].outlet for i in cluster}
        late = cluster and items[place].published_at - items[cluster[0]].published_at > TITLE_WINDOW
        if late or items[place].outlet in outlets:
            yield cluster
            cluster = []
        cluster.append(place)
    yield cluster


def _title(title: str) -> str:
    key = title_key(title)
    if is_unspaced(key):
        return key if len(key) >= MIN_TITLE_SIGNS else ""
    return key if len(key.split()) >= MIN_TITLE_WORDS else ""


def _story(items: list[Item], known: Mapping[str, str]) -> Story:
    first = min(items, key=lambda item: (item.id not in known, item.first_seen_at, item.id))
    return Story(
        id=known.get(first.id) or new_story_id(first.id),
        items=tuple(items),
        first_seen_at=min(item.first_seen_at for item in items),
    )


def new_story_id(item_id: str) -> str:
    """Return the id of a story that is first seen with this item: `s` and 15 characters of base 32."""
    return "s" + b32encode(hashlib.sha256(item_id.encode()).digest()).decode().lower()[:15]


class _Groups:
    """Disjoint sets over the places 0 … n-1 (union-find with path halving)."""

    def __init__(self, items: Sequence[Item]) -> None:
        self._parent = list(range(len(items)))

    def join(self, a: int, b: int) -> None:
        a, b = self._root(a), self._root(b)
        self._parent[max(a, b)] = min(a, b)

    def all(self) -> list[list[int]]:
        groups: dict[int, list[int]] = defaultdict(list)
        for place in range(len(self._parent)):
            groups[self._root(place)].append(place)
        return list(groups.values())

    def _root(self, place: int) -> int:
        parent = self._parent
        while parent[place] != place:
            parent[place] = parent[parent[place]]
            place = parent[place]
        return place

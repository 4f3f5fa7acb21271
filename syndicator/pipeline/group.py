"""Gather items that tell of one event into stories, and give each its permanent id."""

from __future__ import annotations

import hashlib
from base64 import b32encode
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from syndicator.model.entry import Item
from syndicator.model.story import Story
from syndicator.pipeline.clusters import cluster
from syndicator.pipeline.ties import Disputes


def group_stories(
    items: Sequence[Item],
    *,
    known: Mapping[str, str],
    same: Iterable[Sequence[str]] = (),
    not_same: Iterable[Sequence[str]] = (),
) -> list[Story]:
    """Return the stories that *items* make, newest first; the order of *items* does not matter.

    *known* says to which story an item was given before (item id → story id), see `name_stories`. *same* and
    *not_same* are groups of addresses of which an admin says that they tell of one event, or of different ones.
    A wrong merge is worse than a missed one.
    """
    parts = cluster(items, disputes=Disputes(same, not_same))
    names = name_stories(parts, known=known)
    return tell_stories(items, {item.id: name for name, part in zip(names, parts, strict=True) for item in part})


def tell_stories(items: Iterable[Item], story_ids: Mapping[str, str]) -> list[Story]:
    """Return the stories of *items*, newest first, given to which (id) each belongs."""
    members: dict[str, list[Item]] = defaultdict(list)
    for item in sorted(items, key=lambda item: (item.published_at, item.id)):
        members[story_ids.get(item.id) or new_story_id(item.id)].append(item)
    stories = [_story(name, its) for name, its in members.items()]
    return sorted(stories, key=lambda story: (story.published_at, story.id), reverse=True)


def name_stories(parts: Sequence[Sequence[Item]], *, known: Mapping[str, str]) -> list[str]:
    """Return the ids of the stories that *parts* are, each for the part at its place.

    Where two stories turn out to be one, the id of the one that was seen first stays. Where one is parted, the part
    with the item that was seen first keeps it.
    """
    owners: dict[str, tuple[tuple[object, ...], int]] = {}
    for place, part in enumerate(parts):
        for item in part:
            if item.id in known:
                claim = (_seen(item), place)
                owners[known[item.id]] = min(owners.get(known[item.id], claim), claim)
    claims: dict[int, list[tuple[tuple[object, ...], str]]] = {}
    for story, (seen, place) in owners.items():
        claims.setdefault(place, []).append((seen, story))
    taken = {min(its)[1] for its in claims.values()}
    names = []
    for place, part in enumerate(parts):
        if place in claims:
            names.append(min(claims[place])[1])
            continue
        # An item that parted from its story may be the one after which that story is named.
        firsts = sorted(part, key=_seen)
        name = next((id for id in (new_story_id(item.id) for item in firsts) if id not in taken), "")
        names.append(name or new_story_id(f"{firsts[0].id} parted"))
        taken.add(names[-1])
    return names


def new_story_id(item_id: str) -> str:
    """Return the id of a story that is first seen with this item: `s` and 15 characters of base 32."""
    return "s" + b32encode(hashlib.sha256(item_id.encode()).digest()).decode().lower()[:15]


def _seen(item: Item) -> tuple[object, ...]:
    return item.first_seen_at, item.id


def _story(name: str, items: Sequence[Item]) -> Story:
    return Story(id=name, items=tuple(items), first_seen_at=min(item.first_seen_at for item in items))

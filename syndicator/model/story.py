"""A story: the items that tell of one event; a feed: a named selection of stories."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import log2
from types import MappingProxyType

from syndicator.model.entry import Item
from syndicator.model.language import Localized, base_language, choose_language
from syndicator.model.source import Source

# What four papers tell stands above what one of them tells half a day later, and below what it tells the next morning.
RANK_HALVES = timedelta(hours=6)


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """The items of several sources and languages that tell of one event, under one permanent *id*.

    *items* are never empty, and stand in the order in which they were published.
    """

    id: str
    items: tuple[Item, ...]
    first_seen_at: datetime

    @property
    def tag_ids(self) -> frozenset[str]:
        """The tags of all items."""
        return frozenset().union(*(item.tag_ids for item in self.items))

    @property
    def languages(self) -> frozenset[str]:
        """The languages in which it is told."""
        return frozenset(item.entry.language for item in self.items)

    @property
    def outlets(self) -> frozenset[str]:
        """The independent voices that tell it."""
        return frozenset(item.outlet for item in self.items)

    @property
    def published_at(self) -> datetime:
        """When it was first told."""
        return min(item.published_at for item in self.items)

    @property
    def updated_at(self) -> datetime:
        """When what we say of it last changed."""
        return max(item.updated_at for item in self.items)

    def lead(self, languages: Sequence[str], *, sources: Mapping[str, Source] = MappingProxyType({})) -> Item:
        """Return the item for a reader of *languages* (best first), else English, else any.

        Of several it is that of the weightiest of *sources* (by id; 1 for one that is not there), else the first
        that was told.
        """
        language = choose_language([*languages, "en"], [item.entry.language for item in self.items])
        told = [item for item in self.items if item.entry.language == language] or self.items
        return max(told, key=lambda item: sources[item.entry.source].weight if item.entry.source in sources else 1.0)

    def rank(self, sources: Mapping[str, Source]) -> float:
        """Return how far up it stands among other stories: the higher, the more it is worth and the newer it is.

        Its worth is the sum over its outlets of the weight of their weightiest source; twice the worth is as good as
        being `RANK_HALVES` newer. So the order of two stories is the same at whatever hour it is looked at.
        """
        voices: dict[str, float] = {}
        for item in self.items:
            weight = max(
                (sources[id].weight for id in (item.entry.source, *item.sources) if id in sources), default=1.0
            )
            voices[item.outlet] = max(weight, voices.get(item.outlet, 0))
        return self.published_at.timestamp() / RANK_HALVES.total_seconds() + log2(sum(voices.values()))

    def speaks(self, languages: Iterable[str]) -> bool:
        """Tell whether one of its items is in one of *languages*, whatever the script or region."""
        return not {base_language(tag) for tag in self.languages}.isdisjoint(base_language(tag) for tag in languages)

    def others(self, lead: Item) -> list[Item]:
        """Return the items beside *lead*, one an outlet and language, for "also reported by"."""
        seen = {(lead.outlet, lead.entry.language)}
        found = []
        for item in self.items:
            voice = (item.outlet, item.entry.language)
            if voice not in seen:
                seen.add(voice)
                found.append(item)
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class TagChoice:
    """Which tags a story must have: one of *any* (if named), *all* of these, *none* of those."""

    any: tuple[str, ...] = ()
    all: tuple[str, ...] = ()
    none: tuple[str, ...] = ()

    def takes(self, tags: frozenset[str]) -> bool:
        """Tell whether a story with *tags* is chosen."""
        return (
            (not self.any or not tags.isdisjoint(self.any)) and tags.issuperset(self.all) and tags.isdisjoint(self.none)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """What a feed takes: tags, *languages* (none named: all), sources, age, and how many."""

    tags: TagChoice = TagChoice()
    languages: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    newer_than: timedelta = timedelta(days=14)
    limit: int = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A named selection of stories, republished as RSS 2.0, Atom 1.0 and JSON Feed 1.1."""

    id: str
    title: Localized
    description: Localized = Localized()
    select: Selection = Selection()


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A file of the site: *path* is relative to its root, with forward slashes.

    *empty* says that it holds no story; such a document never replaces a full one.
    """

    path: str
    body: bytes
    empty: bool = False

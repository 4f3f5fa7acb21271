"""Choose the stories of a feed, put them in order, and say of the others why they were not chosen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Literal, TypeAlias

from syndicator.model.language import base_language
from syndicator.model.source import Source
from syndicator.model.story import Feed, Selection, Story

# Why a selection does not take a story, in the order in which it is asked.
Refusal: TypeAlias = Literal["tags", "age", "language", "source"]

NO_SOURCES: Mapping[str, Source] = MappingProxyType({})


def curate(
    stories: Sequence[Story], feed: Feed, *, now: datetime, sources: Mapping[str, Source] = NO_SOURCES
) -> list[Story]:
    """Return what *feed* shows of *stories*: no more than its limit, best first by the weights of *sources*."""
    chosen = [story for story in stories if is_selected(story, feed.select, now=now)]
    return in_order(chosen, sources=sources)[: feed.select.limit]


def in_order(stories: Sequence[Story], *, sources: Mapping[str, Source]) -> list[Story]:
    """Return *stories* best first: what is new, what weighty sources tell, and what many outlets tell."""
    return sorted(stories, key=lambda story: (story.rank(sources), story.id), reverse=True)


def is_selected(story: Story, select: Selection, *, now: datetime) -> bool:
    """Tell whether *select* takes *story*, its limit apart."""
    return refusal(story, select, now=now) is None


def refusal(story: Story, select: Selection, *, now: datetime) -> Refusal | None:
    """Return the first reason for which *select* does not take *story*; None if it does, its limit apart."""
    if not select.tags.takes(story.tag_ids):
        return "tags"
    if story.published_at < now - select.newer_than:
        return "age"
    if select.languages and not _speaks(story, select.languages):
        return "language"
    if select.sources and all(set(select.sources).isdisjoint(item.sources) for item in story.items):
        return "source"
    return None


def _speaks(story: Story, languages: Sequence[str]) -> bool:
    """Whether one report is in one of *languages*; `zh` takes `zh-Hans`, and `zh-Hans` takes itself alone."""
    return any(
        told == wanted or ("-" not in wanted and base_language(told) == wanted)
        for told in story.languages
        for wanted in languages
    )

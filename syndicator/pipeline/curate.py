"""Choose the stories of a feed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from syndicator.model.language import base_language
from syndicator.model.story import Feed, Selection, Story


def curate(stories: Sequence[Story], feed: Feed, *, now: datetime) -> list[Story]:
    """Return what *feed* shows of *stories*: newest first, no more than its limit."""
    chosen = [story for story in stories if is_selected(story, feed.select, now=now)]
    chosen.sort(key=lambda story: (story.published_at, story.id), reverse=True)
    return chosen[: feed.select.limit]


def is_selected(story: Story, select: Selection, *, now: datetime) -> bool:
    """Tell whether *select* takes *story*, its limit apart."""
    return (
        select.tags.takes(story.tag_ids)
        and story.published_at >= now - select.newer_than
        and (not select.languages or _speaks(story, select.languages))
        and (not select.sources or any(not set(select.sources).isdisjoint(item.sources) for item in story.items))
    )


def _speaks(story: Story, languages: Sequence[str]) -> bool:
    """Whether one report is in one of *languages*; `zh` takes `zh-Hans`, and `zh-Hans` takes itself alone."""
    return any(
        told == wanted or ("-" not in wanted and base_language(told) == wanted)
        for told in story.languages
        for wanted in languages
    )

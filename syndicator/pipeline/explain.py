"""Say of one item why it has its tags and nearly has others, and where it stands or why it does not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal, TypeAlias

from syndicator.model.edition import Edition, Newsletter
from syndicator.model.entry import Entry, Item, Verdict
from syndicator.model.source import Source
from syndicator.model.story import Feed, Story, TagChoice
from syndicator.pipeline.curate import Refusal, curate, refusal
from syndicator.pipeline.digest import make_edition
from syndicator.pipeline.rules import Rules, brought, judge_entry, tag_items

# Why an item does not stand in a feed or newsletter: what the selection says; or too many are better (`limit`); or an
# earlier edition told it (`told`); or no feed of the newsletter takes it (`feeds`).
Absence: TypeAlias = Refusal | Literal["limit", "told", "feeds"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """Whether a story stands in a feed or newsletter, and if not, why.

    *wanted* and *unwanted* are the tags that it lacks (of `any` one would do) and those that keep it out, *by* those of
    its story, which another report may have brought, for which a feed takes it. *place* is its own among all that would
    be taken, from 1 on, and *limit* how many are. *edition* is the one that told it.
    *lead* is the item that tells the story there, if it is another than the one that is explained.
    """

    kind: Literal["feed", "newsletter"]
    id: str
    absence: Absence | None = None
    wanted: tuple[str, ...] = ()
    unwanted: tuple[str, ...] = ()
    by: tuple[str, ...] = ()
    place: int = 0
    limit: int = 0
    edition: str = ""
    lead: Item | None = None

    @property
    def taken(self) -> bool:
        """Whether it stands there."""
        return self.absence is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """All that can be said of *item*: its *verdicts*, its *story*, and where that stands (*placements*)."""

    item: Item
    verdicts: tuple[Verdict, ...]
    story: Story
    placements: tuple[Placement, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What an item is explained in: all *stories* of the present, and of each newsletter its earlier *editions*."""

    rules: Rules
    sources: Mapping[str, Source]
    feeds: Mapping[str, Feed]
    newsletters: Mapping[str, Newsletter]
    stories: Sequence[Story]
    editions: Mapping[str, Sequence[Edition]]
    now: datetime
    today: date


def explain_item(item: Item, situation: Situation) -> Explanation:
    """Return why *item* is where it is, by the rules of *situation*; an item of no story counts as one of its own."""
    [tagged] = tag_items([item], situation.rules, sources=situation.sources, feeds=situation.feeds.values())
    given = brought(item.sources, situation.sources)
    verdicts = judge_entry(item.entry, situation.rules, given=given, outlet=item.outlet, sources=item.sources)
    alone = Story(id="", items=(tagged,), first_seen_at=item.first_seen_at)
    story = next((story for story in situation.stories if any(each.id == item.id for each in story.items)), alone)
    return Explanation(
        item=tagged,
        verdicts=verdicts,
        story=story,
        placements=(
            *(_in_feed(tagged, story, feed, situation) for feed in situation.feeds.values()),
            *(_in_newsletter(story, newsletter, situation) for newsletter in situation.newsletters.values()),
        ),
    )


def item_of_text(text: str, *, language: str, now: datetime) -> Item:
    """Return an item whose title is *text*, as if it were published *now*, to be explained."""
    entry = Entry(source="", title=text, language=language)
    return Item(
        id="", entry=entry, outlet="", sources=(), keys=(), digest="",
        first_seen_at=now, published_at=now, updated_at=now,
    )  # fmt: skip


def _in_feed(item: Item, story: Story, feed: Feed, situation: Situation) -> Placement:
    placement = Placement(kind="feed", id=feed.id, limit=feed.select.limit)
    absence = refusal(story, feed.select, now=situation.now)
    if absence is not None:
        wanted, unwanted = _tags_against(story, feed.select.tags) if absence == "tags" else ((), ())
        return replace(placement, absence=absence, wanted=wanted, unwanted=unwanted)
    endless = replace(feed, select=replace(feed.select, limit=len(situation.stories) + 1))
    others = [each for each in situation.stories if each.id != story.id]
    ordered = curate([*others, story], endless, now=situation.now, sources=situation.sources)
    place = 1 + next(number for number, each in enumerate(ordered) if each.id == story.id)
    lead = story.lead(feed.select.languages, sources=situation.sources)
    return replace(
        placement,
        absence="limit" if place > feed.select.limit else None,
        by=tuple(tag for tag in feed.select.tags.any if tag in story.tag_ids),
        place=place,
        lead=None if lead.id == item.id else lead,
    )


def _in_newsletter(story: Story, newsletter: Newsletter, situation: Situation) -> Placement:
    placement = Placement(kind="newsletter", id=newsletter.id, limit=newsletter.max_stories)
    earlier = situation.editions.get(newsletter.id, ())
    told = next((edition.id for edition in earlier if story.id in {each.id for each in edition.stories}), "")
    if told:
        return replace(placement, absence="told", edition=told)
    selects = [situation.feeds[id].select for id in newsletter.feeds]
    if all(refusal(story, select, now=situation.now) for select in selects):
        return replace(placement, absence="feeds")
    others = [each for each in situation.stories if each.id != story.id]
    edition = make_edition(
        newsletter,
        situation.feeds,
        [*others, story],
        period=situation.today,
        now=situation.now,
        sources=situation.sources,
        earlier=earlier,
    )
    if story.id in {each.id for each in edition.stories}:
        return placement
    return replace(placement, absence="limit" if len(edition.stories) >= newsletter.max_stories else "age")


def _tags_against(story: Story, choice: TagChoice) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the tags that *story* lacks and those that it must not have."""
    carried = story.tag_ids
    missing = tuple(tag for tag in choice.all if tag not in carried)
    if choice.any and carried.isdisjoint(choice.any):
        missing = (*choice.any, *missing)
    return missing, tuple(tag for tag in choice.none if tag in carried)

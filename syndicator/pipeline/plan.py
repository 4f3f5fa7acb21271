"""Say what an edit of feeds.yaml would do to what is stored: which items enter and leave what, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from syndicator.config.model import Config
from syndicator.model.entry import Item, Verdict
from syndicator.model.story import Story
from syndicator.model.subscriber import Subscriber
from syndicator.pipeline.calendar import span
from syndicator.pipeline.canonical import canonical_link
from syndicator.pipeline.curate import curate, in_order, is_selected, refusal
from syndicator.pipeline.explain import Absence
from syndicator.pipeline.group import group_stories, tell_stories
from syndicator.pipeline.rules import Rules, brought, compile_rules, judge_entry, tag_items


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """What *config* makes of stored items: by id the *items* with their tags, and by feed or newsletter its stories."""

    config: Config
    rules: Rules
    items: Mapping[str, Item]
    stories: Sequence[Story]
    feeds: Mapping[str, Sequence[Story]]
    newsletters: Mapping[str, Sequence[Story]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """An *item* that enters or leaves, and why.

    For a tag, *verdict* is what its rule says now. For a feed or newsletter, *absence* is why the story did not stand
    there before, or does not any more (None where the feed itself is new or gone), and *gained* and *lost* are the
    tags in which its story differs.
    """

    item: Item
    verdict: Verdict | None = None
    absence: Absence | None = None
    gained: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What enters and what leaves a tag, a feed or a newsletter; *fate* says whether it is itself added or dropped."""

    kind: Literal["tag", "feed", "newsletter"]
    id: str
    fate: Literal["added", "dropped", "kept"]
    enters: tuple[Passage, ...] = ()
    leaves: tuple[Passage, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Regrouping:
    """Reports that make other stories: *items* that hang together, in how many stories *before* and *after*."""

    items: tuple[Item, ...]
    before: int
    after: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """All that an edit would change.

    *sources* are by id `added`, `dropped` or `changed`. *readers* are by newsletter how many subscribers get more and
    how many get fewer stories. *settings* are the other parts of feeds.yaml that say something else.
    """

    items: int = 0
    changes: tuple[Change, ...] = ()
    regrouped: tuple[Regrouping, ...] = ()
    sources: Mapping[str, Literal["added", "dropped", "changed"]] = field(default_factory=dict)
    readers: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    settings: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether the edit changes nothing at all."""
        return not (self.changes or self.sources or self.settings)


# The parts of a newsroom whose change is only named: what they do is seen elsewhere, or at once.
_SETTINGS = (
    *("site", "mail", "store", "public", "templates", "keep_rejected", "keep_items", "secret"),
    *("same", "not_same"),
)


def outlook(
    config: Config,
    items: Sequence[Item],
    *,
    known: Mapping[str, str],
    now: datetime,
    settled: Config | None = None,
    tagged: bool = False,
) -> Outlook:
    """Return what *config* makes of *items*, of which *known* says to which story each was given.

    They may be *tagged* by it already.

    What a rule says changes no story, so that the known ones stand; but for those in which *config* settles something
    by hand that *settled*, the configuration by which they were gathered (by default *config* itself), did not.
    A newsletter is what its feeds took in the time that one edition looks back on.
    """
    rules = compile_rules(config.tags)
    if not tagged:
        items = tag_items(items, rules, sources=config.sources, feeds=config.feeds.values())
    if settled and (settled.same, settled.not_same) != (config.same, config.not_same):
        known = {**known, **_settled_anew(config, settled, items, known)}
    stories = tell_stories([item for item in items if not item.rejected], known)
    newsletters = {}
    for newsletter in config.newsletters.values():
        selects = [config.feeds[id].select for id in newsletter.feeds]
        since = now - span(newsletter.schedule)
        fresh = [story for story in stories if story.published_at >= since]
        taken = [story for story in fresh if any(is_selected(story, select, now=now) for select in selects)]
        newsletters[newsletter.id] = in_order(taken, sources=config.sources)[: newsletter.max_stories]
    return Outlook(
        config=config,
        rules=rules,
        items={item.id: item for item in items},
        stories=stories,
        feeds={id: curate(stories, feed, now=now, sources=config.sources) for id, feed in config.feeds.items()},
        newsletters=newsletters,
    )


def _settled_anew(config: Config, settled: Config, items: Sequence[Item], known: Mapping[str, str]) -> dict[str, str]:
    """Return by item the stories that are other ones, since *config* settles by hand what *settled* did not."""
    groups = (*config.same, *config.not_same, *settled.same, *settled.not_same)
    links = {canonical_link(url) for group in groups for url in group}
    disputed = {item.id for item in items if canonical_link(item.entry.url) in links}
    torn = {known.get(id) for id in disputed} - {None}
    concerned = [item for item in items if item.id in disputed or known.get(item.id) in torn]
    stories = group_stories(concerned, known=known, same=config.same, not_same=config.not_same)
    return {item.id: story.id for story in stories for item in story.items}


def make_plan(before: Outlook, after: Outlook, *, subscribers: Iterable[Subscriber], now: datetime) -> Plan:
    """Return what differs between two outlooks on the same items; *subscribers* are all there are."""
    changes = [
        *_tag_changes(before, after),
        *_story_changes("feed", before, after, now),
        *_story_changes("newsletter", before, after, now),
    ]
    old, new = before.config, after.config
    return Plan(
        items=len(after.items),
        changes=tuple(changes),
        regrouped=tuple(_regrouped(before, after)) if (old.same, old.not_same) != (new.same, new.not_same) else (),
        sources=_source_changes(before.config, after.config),
        readers=_readers(before, after, subscribers),
        settings=tuple(name for name in _SETTINGS if getattr(old, name) != getattr(new, name)),
    )


def _tag_changes(before: Outlook, after: Outlook) -> Iterable[Change]:
    """Yield the tags that change, whole or in what they hold; the items of each newest first."""
    entering: dict[str, list[Item]] = {}
    leaving: dict[str, list[Item]] = {}
    for id, item in after.items.items():
        was = before.items[id]
        for tag in item.tag_ids - was.tag_ids:
            entering.setdefault(tag, []).append(item)
        for tag in was.tag_ids - item.tag_ids:
            leaving.setdefault(tag, []).append(item)
    for tag in dict.fromkeys([*after.config.tags, *before.config.tags]):
        change = Change(
            kind="tag",
            id=tag,
            fate=_fate(tag, before.config.tags, after.config.tags),
            enters=tuple(_passage(item, tag, after) for item in _newest(entering.get(tag, []))),
            leaves=tuple(_passage(item, tag, after) for item in _newest(leaving.get(tag, []))),
        )
        altered = before.config.tags.get(tag) != after.config.tags.get(tag)
        if altered or change.enters or change.leaves:
            yield change


def _passage(item: Item, tag: str, after: Outlook) -> Passage:
    given = brought(item.sources, after.config.sources)
    verdicts = judge_entry(item.entry, after.rules, given=given, outlet=item.outlet, sources=item.sources)
    return Passage(item=item, verdict=next((verdict for verdict in verdicts if verdict.tag == tag), None))


def _story_changes(
    kind: Literal["feed", "newsletter"], before: Outlook, after: Outlook, now: datetime
) -> Iterable[Change]:
    """Yield the feeds or newsletters that change; a story enters or leaves as the item that leads it."""
    old, new = (before.feeds, after.feeds) if kind == "feed" else (before.newsletters, after.newsletters)
    declared = [getattr(each.config, f"{kind}s") for each in (before, after)]
    for id in dict.fromkeys([*new, *old]):
        # A story that only came together with another one has not left: its reports still stand there.
        was = {item.id for story in old.get(id, ()) for item in story.items}
        now_there = {item.id for story in new.get(id, ()) for item in story.items}
        enters = [story for story in new.get(id, ()) if was.isdisjoint(item.id for item in story.items)]
        leaves = [story for story in old.get(id, ()) if now_there.isdisjoint(item.id for item in story.items)]
        if enters or leaves or declared[0].get(id) != declared[1].get(id):
            yield Change(
                kind=kind,
                id=id,
                fate=_fate(id, old, new),
                enters=tuple(_move(story, kind, id, there=after, elsewhere=before, now=now) for story in enters),
                leaves=tuple(_move(story, kind, id, there=before, elsewhere=after, now=now) for story in leaves),
            )


def _move(
    story: Story, kind: Literal["feed", "newsletter"], id: str, *, there: Outlook, elsewhere: Outlook, now: datetime
) -> Passage:
    """Return why *story* stands in a feed or newsletter by the one outlook and not by the other."""
    lead = story.lead((), sources=there.config.sources)
    items = tuple(elsewhere.items[item.id] for item in story.items)
    other = Story(id=story.id, items=items, first_seen_at=story.first_seen_at)
    absence: Absence | None = None
    if kind == "feed" and id in elsewhere.config.feeds:
        absence = refusal(other, elsewhere.config.feeds[id].select, now=now) or "limit"
    elif kind == "newsletter" and id in elsewhere.config.newsletters:
        newsletter = elsewhere.config.newsletters[id]
        selects = [elsewhere.config.feeds[feed].select for feed in newsletter.feeds]
        taken = any(is_selected(other, select, now=now) for select in selects)
        late = other.published_at < now - span(newsletter.schedule)
        absence = "feeds" if not taken else "age" if late else "limit"
    return Passage(
        item=lead,
        absence=absence,
        gained=tuple(sorted(story.tag_ids - other.tag_ids)),
        lost=tuple(sorted(other.tag_ids - story.tag_ids)),
    )


def _regrouped(before: Outlook, after: Outlook) -> Iterable[Regrouping]:
    """Yield what comes together or apart among the items that both show."""
    stories = [{item.id: story.id for story in each.stories for item in story.items} for each in (before, after)]
    old, new = stories
    shared = sorted(old.keys() & new.keys())
    told: set[str] = set()
    for first in shared:
        if first in told:
            continue
        # The largest of the stories that it had and has: an edit by hand makes one of several, or several of one.
        together = max(([id for id in shared if its[id] == its[first]] for its in stories), key=len)
        told.update(together)
        counts = [len({its[id] for id in together}) for its in stories]
        if counts[0] != counts[1]:
            yield Regrouping(items=tuple(after.items[id] for id in together), before=counts[0], after=counts[1])


def _source_changes(old: Config, new: Config) -> dict[str, Literal["added", "dropped", "changed"]]:
    changes: dict[str, Literal["added", "dropped", "changed"]] = {}
    for id in dict.fromkeys([*new.sources, *old.sources]):
        if id not in old.sources:
            changes[id] = "added"
        elif id not in new.sources:
            changes[id] = "dropped"
        elif old.sources[id] != new.sources[id]:
            changes[id] = "changed"
    return changes


def _readers(before: Outlook, after: Outlook, subscribers: Iterable[Subscriber]) -> dict[str, tuple[int, int]]:
    """Return by newsletter how many subscribers get more stories and how many get fewer, by the topics they chose."""
    wishes: Counter[tuple[str, frozenset[str]]] = Counter()
    for subscriber in subscribers:
        for subscription in subscriber.subscriptions:
            if subscription.active:
                wishes[subscription.newsletter, frozenset(subscription.topics)] += 1
    counts: dict[str, tuple[int, int]] = {}
    for (newsletter, topics), readers in wishes.items():
        old, new = (_told(outlook.newsletters.get(newsletter, ()), topics) for outlook in (before, after))
        more, fewer = counts.get(newsletter, (0, 0))
        counts[newsletter] = (more + readers * (new > old), fewer + readers * (new < old))
    return {id: count for id, count in counts.items() if any(count)}


def _told(stories: Sequence[Story], topics: frozenset[str]) -> int:
    return sum(not topics or bool(story.tag_ids & topics) for story in stories)


def _fate(id: str, old: Mapping[str, object], new: Mapping[str, object]) -> Literal["added", "dropped", "kept"]:
    return "kept" if id in old and id in new else "added" if id in new else "dropped"


def _newest(items: list[Item]) -> list[Item]:
    return sorted(items, key=lambda item: (item.published_at, item.id), reverse=True)

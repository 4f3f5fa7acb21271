"""Answer why a story has its tags and where it stands, for any reader of the site.

What that takes of all stories together is worked out once after each gathering; a request then judges one
story. Both are done in a thread, so that nobody else waits for them.
"""

from __future__ import annotations

import asyncio
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from starlette.requests import Request
from starlette.responses import Response

from syndicator.config.model import Config
from syndicator.jobs.explain import is_address, situate
from syndicator.model.edition import Edition
from syndicator.model.entry import Item, Verdict
from syndicator.model.story import Story
from syndicator.pipeline.canonical import canonical_link
from syndicator.pipeline.curate import curate
from syndicator.pipeline.desk import Desk
from syndicator.pipeline.digest import make_edition
from syndicator.pipeline.explain import Explanation, Placement, Situation, explain_item
from syndicator.pipeline.plain import visible
from syndicator.pipeline.rules import Rules, compile_rules, judge_sentence
from syndicator.ports import Clock, Store
from syndicator.web.pages import Pages
from syndicator.web.why_view import best_report, judged_report, judged_text, place_view

WHY_PAGE = "why/"  # under this name the menu of the site knows the page
MAX_TEXT = 500  # characters of what is asked; a headline has a tenth of it
# Reports of one story that are told in full; the front page's largest had nine.
MAX_REPORTS = 12
# Characters of a title, a summary or a text that are judged for a page. Where each sentence meets words of the shipped
# vocabulary, 5,000 take 65 ms, and 500,000 take 27 s.
MAX_JUDGED = 5_000
# Requests for which is judged at once, each in a thread; the store needs threads too, and there are few processors.
MAX_JUDGING = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """What the site explains: the *stories* as they were gathered last (None: not yet), by the rules of *config*."""

    config: Config
    stories: Callable[[], Sequence[Story] | None]


class WhyDoors:
    """The pages `/why/` and `/why/<story>`. They read the store once after each gathering, and write nothing."""

    def __init__(self, explained: Explained, pages: Pages, *, store: Store, clock: Clock) -> None:
        self._explained = explained
        self._pages = pages
        self._store = store
        self._clock = clock
        self._rules: Rules | None = None
        self._present: _Present | None = None
        self._lock = asyncio.Lock()
        self._judging = asyncio.Semaphore(MAX_JUDGING)

    async def show_form(self, request: Request) -> Response:
        """Answer what the form asks, the address of an article or a text; without a question show the form."""
        language = self._pages.language(request)
        asked = visible(request.query_params.get("of", "")).strip()
        if not asked:
            return self._page(language)
        if len(asked) > MAX_TEXT:
            return self._page(language, asked=asked[:MAX_TEXT], problem="long", status=422)
        if not is_address(asked):
            text, rules = unicodedata.normalize("NFC", asked), await self._compiled()
            async with self._judging:
                verdicts = await asyncio.to_thread(judge_sentence, text, rules)
            desk = self._desk(language)
            return self._page(language, asked=asked, reports=[judged_text(text, verdicts, desk)])
        present = await self._current()
        story = present.story_at(asked) if present else None
        return await self._story(language, present, story, asked=asked)

    async def show_story(self, request: Request) -> Response:
        """Explain the story whose id is in the path."""
        present = await self._current()
        story = present.by_id.get(request.path_params["story"]) if present else None
        return await self._story(self._pages.language(request), present, story)

    async def _story(
        self, language: str, present: _Present | None, story: Story | None, *, asked: str = ""
    ) -> Response:
        if present is None:
            page = self._page(language, asked=asked, problem="early", status=503)
            page.headers["Retry-After"] = "60"
            return page
        if story is None:
            return self._page(language, asked=asked, problem="unknown", status=404)
        config, desk = self._explained.config, self._desk(language)
        items = best_report(story.items, story.lead([language], sources=config.sources))[:MAX_REPORTS]
        async with self._judging:
            reports = await asyncio.to_thread(_explain, items, story, present.situation)
        return self._page(
            language,
            asked=asked,
            reports=[judged_report(report, desk) for report in reports],
            places=[
                place_view(present.placed(placement, story), config, desk, present.editions)
                for placement in reports[0].placements
            ],
            more=len(story.items) - len(reports),
        )

    def _page(
        self,
        language: str,
        *,
        asked: str = "",
        problem: str = "",
        reports: Sequence[object] = (),
        places: Sequence[object] = (),
        more: int = 0,
        status: int = 200,
    ) -> Response:
        return self._pages.page(
            "site/why.html",
            language,
            page=WHY_PAGE,
            status=status,
            query={"of": asked} if asked else {},
            asked=asked,
            problem=problem,
            reports=reports,
            places=places,
            more=more,
            max_text=MAX_TEXT,
        )

    def _desk(self, language: str) -> Desk:
        config = self._explained.config
        return Desk(site=config.site, sources=config.sources, tags=config.tags, language=language)

    async def _compiled(self) -> Rules:
        if self._rules is None:
            self._rules = await asyncio.to_thread(compile_rules, self._explained.config.tags)
        return self._rules

    async def _current(self) -> _Present | None:
        """Return the present, worked out anew if stories were gathered since; None before there is anything to tell."""
        async with self._lock:
            stories = self._explained.stories()
            if stories is None:
                return None
            if self._present is None or self._present.situation.stories is not stories:
                config, now, rules = self._explained.config, self._clock.now(), await self._compiled()
                situation = await situate(config, stories, rules, store=self._store, now=now)
                self._present = await asyncio.to_thread(_look_around, situation)
            return self._present


@dataclass(frozen=True, slots=True, kw_only=True)
class _Present:
    """A *situation*, and what is looked up in it; *places* are by feed and story, from 1 on."""

    situation: Situation
    by_id: Mapping[str, Story]
    by_link: Mapping[str, Story]
    places: Mapping[str, Mapping[str, int]]
    next_editions: Mapping[str, frozenset[str]]
    editions: Mapping[str, Edition]

    def story_at(self, url: str) -> Story | None:
        """Return the story that has a report at *url*, however the address is written."""
        return self.by_link.get(canonical_link(url))

    def placed(self, placement: Placement, story: Story) -> Placement:
        """Return *placement*, which was found for *story* alone, as it is among all stories."""
        if not placement.taken:
            return placement
        if placement.kind == "newsletter":
            there = story.id in self.next_editions[placement.id]
            return placement if there else replace(placement, absence="limit")
        place = self.places[placement.id][story.id]
        return replace(placement, place=place, absence="limit" if place > placement.limit else None)


def _explain(items: Sequence[Item], story: Story, situation: Situation) -> list[Explanation]:
    """Explain *items* of *story*; where it stands is found for the first of them."""
    # Alone, it is judged by the same rules as among all; only its place in the order needs the others.
    alone = replace(situation, stories=[story])
    unplaced = replace(alone, feeds={}, newsletters={})
    lead, *others = items
    return [_explain_briefly(lead, alone), *(_explain_briefly(item, unplaced) for item in others)]


def _explain_briefly(item: Item, situation: Situation) -> Explanation:
    """Explain *item* by the beginning of what it says; a longer one keeps the tags that it was given for all of it."""
    title, summary, content = (text[:MAX_JUDGED] for text in (item.entry.title, item.entry.summary, item.entry.content))
    brief = replace(item, entry=replace(item.entry, title=title, summary=summary, content=content))
    explanation = explain_item(brief, situation)
    if brief == item:
        return explanation
    given = [Verdict(tag=tagging.tag, given=True, reasons=tagging.reasons) for tagging in item.tags]
    nearly = [each for each in explanation.verdicts if not each.given and each.tag not in item.tag_ids]
    return replace(explanation, item=item, verdicts=(*given, *nearly))


def _look_around(situation: Situation) -> _Present:
    stories, now, sources = situation.stories, situation.now, situation.sources
    places = {}
    for id, feed in situation.feeds.items():
        endless = replace(feed, select=replace(feed.select, limit=len(stories)))
        ordered = curate(stories, endless, now=now, sources=sources)
        places[id] = {story.id: number for number, story in enumerate(ordered, start=1)}
    coming = {
        id: make_edition(
            newsletter,
            situation.feeds,
            stories,
            period=situation.today,
            now=now,
            sources=sources,
            earlier=situation.editions[id],
        )
        for id, newsletter in situation.newsletters.items()
    }
    return _Present(
        situation=situation,
        by_id={story.id: story for story in stories},
        # Of two stories at one address the first in the order of the gathering is the newer one.
        by_link={
            canonical_link(item.entry.url): story
            for story in reversed(stories)
            for item in story.items
            if item.entry.url
        },
        places=places,
        next_editions={id: frozenset(story.id for story in edition.stories) for id, edition in coming.items()},
        editions={edition.id: edition for earlier in situation.editions.values() for edition in earlier},
    )

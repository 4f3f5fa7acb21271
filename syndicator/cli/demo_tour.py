"""Show what the demo's newsroom can tell of its own news: one story, one explanation, one plan."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rich.markup import escape

from syndicator.cli.console import show_rows
from syndicator.cli.explain import explanation_rows
from syndicator.cli.plan import plan_rows
from syndicator.config.model import Config
from syndicator.model.language import language_name
from syndicator.model.story import Story
from syndicator.newsroom import Newsroom
from syndicator.pipeline.explain import Explanation
from syndicator.pipeline.plan import Plan

# The edit that the demo plans, and does not make: one more theme for one feed.
EDIT = ("tags: {any: [tourism-events, consular]}", "tags: {any: [tourism-events, consular, overseas-vietnamese]}")
SHOWN = 3  # passages of each change


@dataclass(frozen=True, slots=True, kw_only=True)
class Tour:
    """The *story* that most outlets tell in most languages, why its lead stands where it stands, and what the `EDIT`
    would change; each None where there is nothing to show."""

    story: Story | None
    explanation: Explanation | None
    plan: Plan | None


async def make_tour(newsroom: Newsroom, load: Callable[[str], Config]) -> Tour:
    """Return what there is to show of *newsroom*; *load* reads another text of its feeds.yaml."""
    config, stories = newsroom.config, await newsroom.gather()
    story = max(stories, key=lambda story: (len(story.languages) > 1, len(story.outlets), story.id), default=None)
    explained = await newsroom.explain(story.lead(config.site.languages).id) if story else []
    text = config.text.replace(*EDIT)
    return Tour(
        story=story,
        explanation=explained[0] if explained else None,
        plan=await newsroom.plan_to(load(text)) if text != config.text else None,
    )


def show_tour(tour: Tour, config: Config) -> None:
    """Print *tour* for a person."""
    if tour.story:
        outlets, languages = len(tour.story.outlets), len(tour.story.languages)
        title = f"One story, told by {outlets} outlets in {languages} language{'s' if languages > 1 else ''}"
        show_rows(_reports(tour.story, config), title=title)
    if tour.explanation:
        title = "Why is it here? (syndicator explain)"
        show_rows([*explanation_rows(tour.explanation, config)], title=title)
    if tour.plan:
        title = "What if the feed of visitors took news of overseas Vietnamese, too? (syndicator plan)"
        show_rows([*plan_rows(tour.plan, limit=SHOWN)], title=title)


def _reports(story: Story, config: Config) -> Sequence[tuple[str, str]]:
    return [
        (
            language_name(item.entry.language, "en"),
            escape(f"{item.entry.title} ({config.sources[item.entry.source].title})"),
        )
        for item in story.items
    ]

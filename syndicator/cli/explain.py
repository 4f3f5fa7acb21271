"""`syndicator explain`: why an item has its tags, nearly has others, and stands where it stands."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import typer
from rich.markup import escape

from syndicator.cli.console import show_json, show_rows
from syndicator.cli.options import CONFIG, JSON
from syndicator.config.model import Config
from syndicator.errors import SyndicatorError
from syndicator.jobs.explain import explained_span
from syndicator.model.entry import Item, Verdict
from syndicator.newsroom import open_newsroom, read_config
from syndicator.pipeline.because import objection_text, reason_text
from syndicator.pipeline.explain import Explanation, Placement

MAX_SHOWN = 160  # signs of a title; the longest of a newspaper have so many
GIVEN, NEARLY, OUT = "[green]✓[/green]", "[yellow]~[/yellow]", "[red]✗[/red]"


def explain(
    what: str = typer.Argument(help="The address or id of an article, the id of a story, or any text in quotes."),
    language: str = typer.Option("", "--language", "-l", help="The language of a text; by default it is not known."),
    json: bool = JSON,
    config: Path = CONFIG,
) -> None:
    """Say why an article has its tags and nearly has others, and which feeds and newsletters it enters."""
    found = read_config(config)
    explanations = asyncio.run(_explain(found, config.parent, what, language))
    if not explanations:
        days = explained_span(found).days
        raise SyndicatorError(
            f"{what}: nothing of the last {days} days has this id or address; "
            "`syndicator run` reads the feeds, and a text in quotes is explained as it is"
        )
    if json:
        show_json({"explanations": [as_json(explanation, found) for explanation in explanations]})
        return
    for explanation in explanations:
        show_rows([*explanation_rows(explanation, found)], title=escape(short(explanation.item.entry.title)))


def as_json(explanation: Explanation, config: Config) -> dict[str, Any]:
    """Return *explanation* for a program."""
    item, story = explanation.item, explanation.story
    return {
        **_item(item),
        "story": {"id": story.id, "reports": [_item(each) for each in story.items]},
        "tags": [verdict_as_json(verdict) for verdict in explanation.verdicts if verdict.given],
        "nearly": [verdict_as_json(verdict) for verdict in explanation.verdicts if not verdict.given],
        "placements": [_placement(placement, config) for placement in explanation.placements],
    }


def verdict_as_json(verdict: Verdict) -> dict[str, Any]:
    """Return *verdict* for a program: its reasons with field, term, words and position, and what stood against it."""
    return {
        "tag": verdict.tag,
        "reasons": [
            {"field": each.field, "term": each.term, "words": each.words, "start": each.start}
            for each in verdict.reasons
        ],
        "objections": [{"kind": each.kind, "text": objection_text(each)} for each in verdict.objections],
    }


def verdict_rows(verdicts: Sequence[Verdict]) -> Iterator[tuple[str, str]]:
    """Yield a row for every reason of the tags given, and for every objection to those that were nearly given."""
    for verdict in (each for each in verdicts if each.given):
        for number, reason in enumerate(verdict.reasons):
            mark = f"{GIVEN} [bold]{escape(verdict.tag)}[/bold]" if not number else "  …"
            yield "", f"{mark}: {escape(reason_text(reason))}"
    for verdict in (each for each in verdicts if not each.given):
        words = dict.fromkeys(f"“{reason.words}”" for reason in verdict.reasons)
        met = f"; met: {', '.join(words)}" if words else ""
        # Rules within a rule may object in the same words.
        against = "; ".join(dict.fromkeys(map(objection_text, verdict.objections)))
        yield "", f"{NEARLY} [bold]{escape(verdict.tag)}[/bold], nearly: {escape(against + met)}"


def explanation_rows(explanation: Explanation, config: Config) -> Iterator[tuple[str, str]]:
    """Yield what there is to say of an item, as rows of a name and a text with rich's markup."""
    item, story = explanation.item, explanation.story
    if item.id:
        yield "Article", escape(f"{item.id}, {item.entry.language}, published {item.published_at:%Y-%m-%d %H:%M} UTC")
        yield "", escape(item.entry.url or "without an address")
        for revision in item.revisions:
            yield "", escape(f"until {revision.at:%Y-%m-%d %H:%M} UTC it said: {revision.title}")
    if story.id:
        others = [each for each in story.items if each.id != item.id]
        yield "Story", escape(f"{story.id}, told by {_count(len(story.outlets), 'outlet')}")
        for other in others:
            yield "", escape(f"also {other.outlet} ({other.entry.language}): {short(other.entry.title)}")
    rows = [*verdict_rows(explanation.verdicts)] or [("", "none, and none nearly: no word of any rule is met")]
    yield from _titled("Tags", rows)
    for kind, title in (("feed", "Feeds"), ("newsletter", "Newsletters")):
        placements = [each for each in explanation.placements if each.kind == kind]
        yield from _titled(title, [("", _placed(placement, config)) for placement in placements])


def _titled(title: str, rows: Sequence[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    for number, (_, text) in enumerate(rows):
        yield title if not number else "", text


def _placed(placement: Placement, config: Config) -> str:
    name = f"[bold]{escape(placement.id)}[/bold]"
    if not placement.taken:
        return f"{OUT} {name}: {escape(absence_text(placement, config))}"
    text = f", {placement.place} of up to {placement.limit}" if placement.place else ", in the next edition"
    if placement.by:
        text += f", by {', '.join(placement.by)}"
    if placement.lead is not None:
        text += f"; told there by {placement.lead.outlet}: {short(placement.lead.entry.title)}"
    return f"{GIVEN} {name}{escape(text)}"


def absence_text(placement: Placement, config: Config) -> str:
    """Return why a story does not stand in a feed or newsletter."""
    select = config.feeds[placement.id].select if placement.kind == "feed" else None
    match placement.absence:
        case "tags":
            lacks = f"it lacks {' or '.join(placement.wanted[:6])}" if placement.wanted else ""
            bars = f"it carries {', '.join(placement.unwanted)}" if placement.unwanted else ""
            return " and ".join(filter(None, (lacks, bars)))
        case "age" if select:
            return f"it is older than {select.newer_than.days} days"
        case "age":
            return "it is older than what the next edition looks back on"
        case "language" if select:
            return f"it is told in none of {', '.join(select.languages)}"
        case "source":
            return "it comes from none of the sources that the feed takes"
        case "limit":
            place = f"{placement.place - 1} others are better" if placement.place else "others are better"
            return f"{place}, and it takes {placement.limit}"
        case "told":
            return f"{placement.edition} told it"
        case _:
            return "none of its feeds takes it"


def _placement(placement: Placement, config: Config) -> dict[str, Any]:
    return {
        "kind": placement.kind,
        "id": placement.id,
        "taken": placement.taken,
        "why": "" if placement.taken else absence_text(placement, config),
        "absence": placement.absence or "",
        "lead": placement.lead.id if placement.lead else "",
    }


def short(title: str) -> str:
    """Return *title* as a line of a terminal can show it."""
    return title if len(title) <= MAX_SHOWN else f"{title[:MAX_SHOWN]}…"


def _item(item: Item) -> Mapping[str, Any]:
    entry = item.entry
    return {"id": item.id, "outlet": item.outlet, "language": entry.language, "title": entry.title, "url": entry.url}


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


async def _explain(config: Config, folder: Path, what: str, language: str) -> Sequence[Explanation]:
    what = what.encode("utf-8", "replace").decode()  # what a terminal gives need be no UTF-8
    if not what.strip():
        raise SyndicatorError("there is nothing to explain; give an address, an id, or a text in quotes")
    async with open_newsroom(config, folder) as newsroom:
        return await newsroom.explain(what, language=language)

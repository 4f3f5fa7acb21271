"""`syndicator plan`: what an edit of feeds.yaml would do, before it does it."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer
from rich.markup import escape

from syndicator.cli.console import show_json, show_rows
from syndicator.cli.explain import short
from syndicator.cli.options import CONFIG, JSON
from syndicator.config.model import Config
from syndicator.edges.tiny_store import has_store
from syndicator.errors import ConfigError, SyndicatorError
from syndicator.newsroom import Newsroom, load_text, open_newsroom, read_config
from syndicator.pipeline.because import verdict_text
from syndicator.pipeline.plan import Change, Passage, Plan

CHANGES = 3  # the exit code that says that something would change; 1 is a mistake, 2 a command not understood
SHOWN = 5  # passages of one change; with --all, all of them

_ABSENCES = {
    "tags": "by its tags",
    "age": "by its age",
    "language": "by its language",
    "source": "by its source",
    "limit": "others are better, and there is no more room",
    "told": "an edition told it",
}
_FATES = {"added": "[green]+ new[/green]", "dropped": "[red]- gone[/red]", "kept": "[yellow]~[/yellow]"}


def plan(
    against: Path = typer.Option(None, "--against", help="Compare with this file, not with what is in force."),
    everything: bool = typer.Option(False, "--all", help=f"Show every item, not only the newest {SHOWN} of a change."),
    json: bool = JSON,
    config: Path = CONFIG,
) -> None:
    """Show what feeds.yaml, as it is now, would change; exit with 0 if nothing, and with 3 if something.

    It is tried on everything that was stored in the last 30 days. Nothing is written, asked or sent.
    """
    after = read_config(config)
    found = asyncio.run(_plan(after, config, against))
    if json:
        show_json(as_json(found))
    elif found.is_empty:
        typer.echo(f"Nothing would change for the {found.items:,} items of the last 30 days.")
    else:
        show_rows([*plan_rows(found, limit=None if everything else SHOWN)], title=_title(found))
    raise typer.Exit(0 if found.is_empty else CHANGES)


def plan_rows(found: Plan, *, limit: int | None) -> Iterator[tuple[str, str]]:
    """Yield a row for each thing that would change, and for *limit* of its items (None: for all)."""
    for id, fate in found.sources.items():
        yield "Source", f"{'[yellow]~ changed[/yellow]' if fate == 'changed' else _FATES[fate]} {escape(id)}"
    for name in found.settings:
        yield "Setting", f"[yellow]~ changed[/yellow] {escape(name.replace('keep_', 'keep.'))}"
    for group in found.regrouped:
        yield "Story", f"[yellow]~[/yellow] {len(group.items)} reports: {group.before} → {group.after} stories"
        for item in group.items[:limit]:
            yield "", f"    {escape(short(item.entry.title))} ({escape(item.outlet)})"
    for change in found.changes:
        yield change.kind.capitalize(), f"{_FATES[change.fate]} [bold]{escape(change.id)}[/bold]: {_counts(change)}"
        for entered, passages in ((True, change.enters), (False, change.leaves)):
            sign = "[green]+[/green]" if entered else "[red]-[/red]"
            for passage in passages[:limit]:
                yield "", f"  {sign} {escape(short(passage.item.entry.title))} ({escape(passage.item.outlet)})"
                yield "", f"    [dim]{escape(_why(passage, change, entered=entered))}[/dim]"
            if limit is not None and len(passages) > limit:
                yield "", f"  {sign} … and {len(passages) - limit} more (--all shows them)"
    for newsletter, (more, fewer) in found.readers.items():
        yield "Readers", f"{escape(newsletter)}: {more:,} would get more stories, {fewer:,} fewer"


def as_json(found: Plan) -> dict[str, Any]:
    """Return *found* for a program."""
    return {
        "changes_anything": not found.is_empty,
        "items": found.items,
        "sources": dict(found.sources),
        "settings": list(found.settings),
        "changes": [
            {
                "kind": change.kind,
                "id": change.id,
                "fate": change.fate,
                "enters": [_passage(passage, change, entered=True) for passage in change.enters],
                "leaves": [_passage(passage, change, entered=False) for passage in change.leaves],
            }
            for change in found.changes
        ],
        "stories": [
            {"reports": [item.id for item in group.items], "before": group.before, "after": group.after}
            for group in found.regrouped
        ],
        "readers": {id: {"more": more, "fewer": fewer} for id, (more, fewer) in found.readers.items()},
    }


def _title(found: Plan) -> str:
    return f"What would change, tried on the {found.items:,} items of the last 30 days"


def _counts(change: Change) -> str:
    one, many = ("item", "items") if change.kind == "tag" else ("story", "stories")
    enter, leave = len(change.enters), len(change.leaves)
    if not (enter or leave):
        return f"what it says changes, and no {one} of the last 30 days enters or leaves"
    entering = f"1 {one} enters" if enter == 1 else f"{enter:,} {many} enter"
    return f"{entering}, {leave:,} {'leaves' if leave == 1 else 'leave'}"


def _why(passage: Passage, change: Change, *, entered: bool) -> str:
    """Return why an item enters or leaves."""
    if change.kind == "tag":
        if passage.verdict is None:
            return "the tag is gone" if change.fate == "dropped" else "no word of its rule is met any more"
        return verdict_text(passage.verdict)
    if passage.absence is None:
        return f"the {change.kind} is {'new' if entered else 'gone'}"
    if passage.absence in ("tags", "feeds") and (passage.gained or passage.lost):
        has, lacks = (passage.gained, passage.lost) if entered else (passage.lost, passage.gained)
        words = [f"now tagged {', '.join(has)}"] * bool(has) + [f"no longer tagged {', '.join(lacks)}"] * bool(lacks)
        return " and ".join(words)
    if passage.absence == "feeds":
        return "none of its feeds took it before" if entered else "none of its feeds takes it any more"
    return f"{'before, it was kept out' if entered else 'it is kept out'}: {_ABSENCES[passage.absence]}"


def _passage(passage: Passage, change: Change, *, entered: bool) -> dict[str, Any]:
    item = passage.item
    return {
        "id": item.id,
        "outlet": item.outlet,
        "title": item.entry.title,
        "url": item.entry.url,
        "why": _why(passage, change, entered=entered),
    }


async def _plan(after: Config, path: Path, against: Path | None) -> Plan:
    before = read_config(against) if against else None
    store = path.parent / after.store
    if not has_store(store):
        raise SyndicatorError(
            f"{store}: there is no store, and a plan is tried on what is stored; `syndicator run` makes one, "
            "and an edit of `store:` begins with nothing: plan it by itself"
        )
    async with open_newsroom(after, path.parent) as newsroom:
        return await newsroom.plan_from(before or await _in_force(newsroom, path), in_force=before is None)


async def _in_force(newsroom: Newsroom, path: Path) -> Config:
    """Return the configuration by which the newsroom ran last."""
    text = await newsroom.in_force()
    if not text:
        raise SyndicatorError(
            f"{path}: no turn was made with it yet, so that nothing is in force with which to compare; "
            "`syndicator run` makes one, --against names another file"
        )
    try:
        return load_text(text, name=f"{path} as it was", env=os.environ)
    except ConfigError as error:
        raise SyndicatorError(
            f"{path}: what is in force cannot be read any more; --against names the file as it was:\n{error}"
        ) from error

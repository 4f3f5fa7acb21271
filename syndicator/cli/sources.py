"""`syndicator sources`: how the sources are, the worst first; one of them in full; and moves that are for good."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import typer

from syndicator.cli.console import show_json
from syndicator.cli.health import Health, facts, judge_all
from syndicator.cli.health_report import show_all, show_one
from syndicator.cli.newsroom_file import diff_lines, open_file, rewrite, show_diff
from syndicator.cli.options import CONFIG, JSON
from syndicator.config.edit import move_source
from syndicator.config.mistake import suggest
from syndicator.config.model import Config
from syndicator.errors import SyndicatorError
from syndicator.model.source import SourceState
from syndicator.newsroom import open_newsroom, read_config
from syndicator.pipeline.incidents import incidents_path
from syndicator.pipeline.moves import MOVE_PATIENCE, settled_move


def sources(
    id: str = typer.Argument("", help="One source, by its id: all that is known of it.", metavar="ID"),
    check: bool = typer.Option(False, "--check", help="Exit with 1 when nothing comes from a source (✗)."),
    moves: bool = typer.Option(False, "--apply-moves", help="Write addresses that moved for good into feeds.yaml."),
    dry_run: bool = typer.Option(False, "--dry-run", help="With --apply-moves: show what would be written."),
    json: bool = JSON,
    config: Path = CONFIG,
) -> None:
    """Show how the sources are: when asked, what came, what is wrong, and what to try."""
    if dry_run and not moves:
        raise typer.BadParameter("goes with --apply-moves", param_hint="--dry-run")
    found = read_config(config)
    seen = asyncio.run(_look(found, config.parent))
    healths = judge_all(found.sources, seen.states, now=seen.now)
    if id:
        healths = [health for health in healths if health.id == id]
        if not healths:
            known = [*found.sources, *seen.states]
            raise SyndicatorError(f'{config}: no source "{id}"{suggest(id, known)}')
    if moves:
        wanted = {health.id: url for health in healths if (url := _move(health, seen.now))}
        _apply_moves(config, wanted, dry_run=dry_run)
        return
    feed = f"{found.site.url}{seen.incidents}"
    if json and id:
        show_json({"source": facts(healths[0], now=seen.now)})
    elif json:
        show_json(_summary(healths, seen, feed))
    elif id:
        show_one(healths[0], now=seen.now, timezone=found.site.timezone)
    else:
        show_all(healths, now=seen.now, incidents=f"{feed}.atom")
    if check and any(health.mark == "broken" for health in healths):
        raise typer.Exit(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """What the store says at *now*; *incidents* is the path of the feed of incidents, without its ending."""

    states: Mapping[str, SourceState]
    incidents: str
    now: datetime


async def _look(config: Config, folder: Path) -> _Seen:
    async with open_newsroom(config, folder) as newsroom:
        return _Seen(
            states=await newsroom.store.source_states(),
            incidents=incidents_path(await newsroom.secret()),
            now=newsroom.clock.now(),
        )


def _move(health: Health, now: datetime) -> str:
    """Return where a source of feeds.yaml has moved for good, or an empty string."""
    source, state = health.source, health.state
    return settled_move(state, now=now) if source and state and state.url == source.url else ""


def _summary(healths: Sequence[Health], seen: _Seen, feed: str) -> Mapping[str, Any]:
    return {
        "now": seen.now,
        "counts": dict(Counter(health.mark for health in healths)),
        "incidents": {"atom": f"{feed}.atom", "json": f"{feed}.json"},
        "sources": [facts(health, now=seen.now) for health in healths],
    }


def _apply_moves(path: Path, moves: Mapping[str, str], *, dry_run: bool) -> None:
    """Give the sources in the file at *path* their new addresses, id → URL, and show the difference."""
    if not moves:
        days = MOVE_PATIENCE.days
        typer.echo(f"No source has moved for good; an address is new when it has answered well for {days} days.")
        return
    file = open_file(path)
    text = move_source(file.text, moves, name=str(path))
    rewrite(file, text, touched=moves, dry_run=dry_run)
    show_diff(diff_lines(file.text, text, path=path))
    count = f"{len(moves)} address{'' if len(moves) == 1 else 'es'}"
    if dry_run:
        typer.echo(f"{count} would be written into {path}; without --dry-run they are.")
    else:
        typer.echo(f"{count} written into {path}; the next run asks there.")

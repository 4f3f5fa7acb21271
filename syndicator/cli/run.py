"""`syndicator run`: one turn of the whole line, fit for cron."""

from __future__ import annotations

import asyncio
import signal
from pathlib import Path

import typer

from syndicator import log
from syndicator.cli.console import progress, show_json, show_rows
from syndicator.cli.options import CONFIG, JSON, QUIET
from syndicator.cli.report import as_json, as_rows, exit_code
from syndicator.config.model import Config
from syndicator.newsroom import TurnReport, open_newsroom, read_config


def run(
    config: Path = CONFIG,
    dry_run: bool = typer.Option(False, "--dry-run", "-n", help="Send and write nothing; say what it would do."),
    all_sources: bool = typer.Option(False, "--all", help="Ask every source, due or not."),
    json: bool = JSON,
    quiet: bool = QUIET,
) -> None:
    """Ask the sources that are due, republish, and send what is owed: once."""
    log.configure(json=json)
    found = read_config(config)
    try:
        report = asyncio.run(_turn(found, config.parent, dry_run=dry_run, everything=all_sources, quiet=quiet or json))
    except asyncio.CancelledError:
        typer.echo("Stopped before the turn was done; the next one goes on from there.", err=True)
        raise typer.Exit(1) from None
    if json:
        show_json({"dry_run": dry_run, **as_json(report)})
    else:
        title = "Dry run: nothing was written, nothing was sent. It would have been:" if dry_run else ""
        show_rows(as_rows(report, found), title=title)
    raise typer.Exit(exit_code(report))


async def _turn(config: Config, folder: Path, *, dry_run: bool, everything: bool, quiet: bool) -> TurnReport:
    task = asyncio.current_task()
    if task:
        # SIGTERM ends a turn as Ctrl-C does: what was claimed and not begun is given back.
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    with progress(quiet=quiet) as bars:
        async with open_newsroom(config, folder, rehearsal=dry_run) as newsroom:
            return await newsroom.turn(bars, everything=everything)

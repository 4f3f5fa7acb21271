"""Show a person, a log, or a program how the work goes and what came of it."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn
from rich.table import Table

from syndicator.ports import Progress as ProgressPort
from syndicator.testing import Quiet

_STAGES = {
    "sources": "Asking sources",
    "editions": "Freezing editions",
    "feeds": "Writing feeds",
    "mails": "Sending mail",
}


class Bars:
    """Progress bars on a terminal."""

    def __init__(self, bars: Progress) -> None:
        self._bars = bars
        self._tasks: dict[str, TaskID] = {}

    def begin(self, stage: str, total: int) -> None:
        if not total:
            return
        if stage in self._tasks:
            task = self._tasks[stage]
            self._bars.update(task, total=(self._bars.tasks[task].total or 0) + total)
        else:
            self._tasks[stage] = self._bars.add_task(_STAGES[stage], total=total, note="")

    def step(self, stage: str, note: str = "") -> None:
        self._bars.update(self._tasks[stage], advance=1, note=note)


class Lines:
    """One plain line for every step, for a log."""

    def __init__(self) -> None:
        self._done: dict[str, int] = {}
        self._total: dict[str, int] = {}

    def begin(self, stage: str, total: int) -> None:
        self._total[stage] = self._total.get(stage, 0) + total

    def step(self, stage: str, note: str = "") -> None:
        self._done[stage] = self._done.get(stage, 0) + 1
        line = f"{_STAGES[stage]} {self._done[stage]}/{self._total[stage]}: {note}"
        typer.echo(line.rstrip(": "), err=True)


@contextmanager
def progress(*, quiet: bool = False) -> Iterator[ProgressPort]:
    """Yield what shows progress: bars on a terminal, lines elsewhere, nothing when *quiet*."""
    if quiet:
        yield Quiet()
    elif sys.stderr.isatty():
        columns = (
            TextColumn("{task.description:<18}"),
            BarColumn(24),
            MofNCompleteColumn(),
            TextColumn("[dim]{task.fields[note]}"),
        )
        with Progress(*columns, console=Console(stderr=True), expand=False) as bars:
            yield Bars(bars)
    else:
        yield Lines()


def how_called() -> str:
    """Return the words by which a person calls this program here, to be shown in advice."""
    program = Path(sys.argv[0])
    if program.name == "__main__.py":
        return "python -m syndicator"
    return "syndicator" if shutil.which("syndicator") else os.path.relpath(program)


def show_json(value: Mapping[str, Any]) -> None:
    """Print *value* as one JSON document."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2, default=_plain))


def show_rows(rows: Sequence[tuple[str, str]], *, title: str = "") -> None:
    """Print rows of a name and a text with rich's markup, wrapped to the terminal if there is one."""
    console = Console(highlight=False)
    if title:
        console.print(f"\n[bold]{title}[/bold]", soft_wrap=True)
    width = max(len(name) for name, _ in rows) + 2
    if not console.is_terminal:
        # A log has no width to wrap to, and a line that was wrapped could not be searched.
        for name, text in rows:
            console.print(f"{name:<{width}}{text}", soft_wrap=True)
        return
    table = Table(show_header=False, box=None, padding=0)
    table.add_column(style="bold", no_wrap=True, width=width)
    table.add_column(overflow="fold")
    for name, text in rows:
        table.add_row(name, text)
    console.print(table)


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)

"""Show how sources are: a table for a person, a line each for a log, one source in full."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import typer
from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.text import Text

from syndicator.cli.console import how_called, show_rows
from syndicator.cli.health import (
    MARKS,
    Health,
    Mark,
    asked_every,
    is_kept_away,
    last_asked,
    ratio_304,
    show_about,
    show_ago,
    show_until,
)
from syndicator.model.language import language_name
from syndicator.model.source import Answered, Pace, SourceState
from syndicator.pipeline.cadence import is_gone
from syndicator.pipeline.moves import settled_move

_COLOURS = {"broken": "red", "warning": "yellow", "unasked": "cyan", "well": "green", "left": "dim"}
_WORDS: dict[Mark, str] = {
    "broken": "bring nothing",
    "warning": "need a look",
    "unasked": "not asked yet",
    "well": "well",
    "left": "no longer in feeds.yaml",
}
_HEADINGS = ("", "source", "asked", "new", "every", "304", "entries", "ids")
_RIGHT = frozenset({"every", "304", "entries"})
_LEAST = 12  # cells for the id of a source; a terminal that is too narrow even for that wraps the line
_WIDE = 110  # cells of a terminal that has room for the titles as well
_ASLEEP = timedelta(hours=6)  # for as long no source was asked that was due: nobody asks
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def show_all(healths: Sequence[Health], *, now: datetime, incidents: str) -> None:
    """Print how all are, the worst first, and where the feed of *incidents* lies."""
    console = Console(highlight=False)
    if not console.is_terminal:
        for health in healths:
            typer.echo("\t".join(_plain(health, now)))
        typer.echo(f"What is wrong, as a feed: {incidents}", err=True)
        return
    rows = [_cells(health, now) for health in healths]
    wide = console.width >= _WIDE
    if not wide and _excess(_widths(rows), console.width) > 0:
        # The ids are what a person types; "ago" goes without saying.
        rows = [tuple(cell.removesuffix(" ago") for cell in row) for row in rows]
    widths = _widths(rows)
    widths[1] = max(min(_LEAST, widths[1]), widths[1] - max(0, _excess(widths, console.width)))
    header = _line(_HEADINGS, widths) + ("  title" if wide else "")
    console.print(Text(header.rstrip(), style="bold"), soft_wrap=True)
    for health, row in zip(healths, rows, strict=True):
        line = Text(_line(row, widths))
        room = -_excess(widths, console.width) - 2
        line.stylize(f"bold {_COLOURS[health.mark]}", 0, 1)
        if wide:
            line.append("  " + _short(health.title, room), style="dim")
        line.rstrip()
        console.print(line, soft_wrap=True)
        for finding in health.findings:
            console.print(Padding(Text(finding.text), (0, 0, 0, 3)))
            console.print(Padding(Text(f"→ {finding.remedy}", style="dim"), (0, 0, 0, 5)))
    counts = Counter(health.mark for health in healths)
    told = [f"{counts[mark]} {words}" for mark, words in _WORDS.items() if counts[mark]]
    console.print(f"\n{len(healths)} source{'s' if len(healths) != 1 else ''}: {', '.join(told) or 'none'}")
    if _is_asleep(healths, now):
        console.print(f"[yellow]![/yellow] Sources are due and nobody asks them; is `{how_called()} serve` running?")
    console.print("What is wrong, as a feed (nobody else knows its address):")
    console.print(Text(f"  {incidents}", style="cyan"), soft_wrap=True)


def show_one(health: Health, *, now: datetime, timezone: str) -> None:
    """Print all that is known of one source; times are those of *timezone*."""
    zone, state = ZoneInfo(timezone), health.state
    colour = _COLOURS[health.mark]
    title = f"[{colour}]{MARKS[health.mark]}[/{colour}] {escape(health.title or health.id)}"
    show_rows(_identity(health) + _askings(health, now, zone), title=title)
    if health.findings:
        rows = []
        for finding in health.findings:
            rows += [
                (finding.kind, escape(finding.text)),
                ("", f"[dim]→ {escape(finding.remedy)}[/dim]"),
                ("", f"[dim]begun {_at(finding.since, now, zone)}[/dim]"),
            ]
        show_rows(rows, title="What is wrong")
    if state is None:
        return
    if state.history:
        # The latest stands first, as it is what one looks for.
        rows = [(f"{run.last_at.astimezone(zone):%Y-%m-%d %H:%M}", _run(run, zone)) for run in reversed(state.history)]
        show_rows(rows, title="Last answers")
    if state.problems:
        rows = [(str(number), escape(problem)) for number, problem in enumerate(state.problems, start=1)]
        show_rows(rows, title="Problems of the last document")


def _plain(health: Health, now: datetime) -> list[str]:
    """Return the cells of a line for a log: instants are exact, and what is wrong stands in one cell."""
    state = health.state
    asked, new = (last_asked(state), state.new_at) if state else (None, None)
    every = asked_every(health, now=now)
    wrong = "; ".join(f"{finding.text} ({finding.remedy})" for finding in health.findings)
    cells = [
        MARKS[health.mark],
        health.id,
        f"{asked:%Y-%m-%dT%H:%M:%SZ}" if asked else "",
        f"{new:%Y-%m-%dT%H:%M:%SZ}" if new else "",
        show_about(every) if every else "",
        ratio_304(state) if state else "",
        str(state.entries) if state else "",
        state.id_rule if state else "",
        wrong or _WORDS[health.mark],
    ]
    return [" ".join(cell.split()) for cell in cells]


def _cells(health: Health, now: datetime) -> tuple[str, ...]:
    state, every = health.state, asked_every(health, now=now)
    about = "" if every is None else ("~" if health.source and health.source.adaptive else "") + show_about(every)
    if state is None:
        return (MARKS[health.mark], health.id, "never", "", about, "", "", "")
    return (
        MARKS[health.mark],
        health.id,
        f"robots.txt {show_ago(state.asked_at, now)}" if is_kept_away(state) else show_ago(state.asked_at, now),
        show_ago(state.new_at, now),
        about,
        ratio_304(state),
        f"{state.entries:,}",
        state.id_rule.replace(" and ", "+"),
    )


def _widths(rows: Sequence[Sequence[str]]) -> list[int]:
    return [max(map(cell_len, column)) for column in zip(_HEADINGS, *rows, strict=True)]


def _excess(widths: Sequence[int], room: int) -> int:
    """Return by how much a line of these columns is wider than *room*: two spaces part them, one follows the mark."""
    return sum(widths) + 2 * (len(widths) - 1) - 1 - room


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    shown = [
        " " * (width - cell_len(cell)) + cell if name in _RIGHT else set_cell_size(_short(cell, width), width)
        for name, cell, width in zip(_HEADINGS, cells, widths, strict=True)
    ]
    return f"{shown[0]} {'  '.join(shown[1:])}"


def _short(text: str, width: int) -> str:
    return text if cell_len(text) <= width else set_cell_size(text, max(0, width - 1)).rstrip() + "…"


def _is_asleep(healths: Sequence[Health], now: datetime) -> bool:
    due = [health.state.next_at for health in healths if health.source and health.state and health.state.next_at]
    return bool(due) and max(due) < now - _ASLEEP


def _identity(health: Health) -> list[tuple[str, str]]:
    source, state = health.source, health.state
    if source is None:
        return [("Id", escape(health.id)), ("Address", escape(state.url if state else "")), ("", _WORDS["left"])]
    rows = [
        ("Id", escape(source.id)),
        ("Address", escape(source.url)),
        ("Outlet", escape(source.outlet or source.id)),
        ("Language", f"{language_name(source.language, 'en')} ({source.language})"),
    ]
    if state is not None and state.url != source.url:
        rows.append(("", f"not asked there yet; until now it was {escape(state.url)}"))
    return rows


def _askings(health: Health, now: datetime, zone: ZoneInfo) -> list[tuple[str, str]]:
    """Return the rows that tell when it is asked and what came of it; what is not known has no row."""
    source, state, every = health.source, health.state, asked_every(health, now=now)
    learned = " at present; learned from how often it changes" if source and source.adaptive else ""
    rows = [("Asked every", f"{show_about(every)}{learned}" if every else "")]
    if state is None:
        return [*rows, ("Asked", "never; `syndicator run` asks it")]
    gone = source is not None and is_gone(state, source)
    next_at = "never, as it said that it is gone" if gone else f"{show_until(state.next_at, now)}"
    share = f", {state.unmodified} of them with 304" if state.unmodified else ""
    validators = [("ETag", state.validators.etag), ("Last-Modified", state.validators.last_modified)]
    times = "once" if state.asked_times == 1 else f"{state.asked_times:,} times{share}"
    asked = f"{_at(state.asked_at, now, zone)}; {times}"
    if is_kept_away(state):
        read = f"only its robots.txt was looked at, {_at(state.asked_at, now, zone)}"
        asked = f"{_at(last_asked(state), now, zone) or 'never'}; {read}"
    rows += [
        ("Asked", asked),
        ("Next", next_at if source else ""),
        ("Last answer", escape(state.outcome)),
        ("Full answer", _at(state.full_at, now, zone)),
        ("Changed", _at(state.changed_at, now, zone)),
        ("New entry", _at(state.new_at, now, zone)),
        ("Rhythm", f"something new about every {show_about(state.rhythm)}" if state.rhythm else ""),
        ("Publisher asks", _pace(state.pace)),
        ("Entries", f"{state.entries:,}, known by {state.id_rule}" if state.id_rule else f"{state.entries:,}"),
        ("Held back", f"{state.held:,} since {_at(state.held_since, now, zone)}" if state.held else ""),
        ("Validators", escape(", ".join(f"{name} {value}" for name, value in validators if value)) or "none"),
        ("robots.txt", _robots(state, source.ignore_robots if source else "", now)),
        ("Moved", _move(state, now, zone)),
        ("Page names", escape(state.suggested)),
    ]
    return [(name, text) for name, text in rows if text]


def _at(at: datetime | None, now: datetime, zone: ZoneInfo) -> str:
    return f"{show_ago(at, now)} ({at.astimezone(zone):%Y-%m-%d %H:%M})" if at else ""


def _run(run: Answered, zone: ZoneInfo) -> str:
    often = f"[dim], {run.times:,} times since {run.first_at.astimezone(zone):%Y-%m-%d %H:%M}[/dim]"
    return f"{escape(run.outcome)}{often if run.times > 1 else ''}" + (f"; {run.new:,} new" if run.new else "")


def _pace(pace: Pace) -> str:
    wishes = [
        f"at most every {show_about(pace.wait)}" if pace.wait else "",
        f"not in the hours {', '.join(map(str, pace.skip_hours))} (GMT)" if pace.skip_hours else "",
        f"not on {', '.join(_DAYS[day] for day in pace.skip_days)}" if pace.skip_days else "",
    ]
    return "; ".join(filter(None, wishes))


def _robots(state: SourceState, ignored: str, now: datetime) -> str:
    robots = state.robots
    if ignored:
        return f"does not count: {escape(ignored)}"
    if robots is None:
        return "not read yet"
    spacing = f"; asks for {robots.spacing.total_seconds():g} s between requests" if robots.spacing else ""
    verdict = f"forbids it ({escape(robots.disallows)})" if robots.disallows else "allows it"
    return f"{verdict}{spacing}; read {show_ago(robots.read_at, now)}"


def _move(state: SourceState, now: datetime, zone: ZoneInfo) -> str:
    move = state.move
    if move is None:
        return ""
    sure = "for good" if settled_move(state, now=now) else "perhaps for good; that is sure after some days"
    return f"{escape(move.url)}, {sure}; {move.answers:,} documents came so, the first {_at(move.since, now, zone)}"

"""`syndicator opml`: take lists of feeds to other readers, and in from them."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import typer

from syndicator.cli.console import how_called, show_json
from syndicator.cli.newsroom_file import diff_lines, open_file, replace_file, rewrite, show_diff, show_next
from syndicator.cli.options import CONFIG, JSON
from syndicator.config.edit import add_sources
from syndicator.errors import SyndicatorError
from syndicator.newsroom import read_config
from syndicator.pipeline.newcomers import Newcomers, newcomers
from syndicator.pipeline.opml import MAX_BYTES, Outlines, read_opml, write_opml

_SHOWN = 20  # lines of what is added; of a long import the numbers say more

app = typer.Typer(no_args_is_help=True, help="Export the sources as OPML, or import such a list.")


@app.command()
def export(
    file: Path = typer.Argument(None, help="Where to write; without it, to standard output.", metavar="[FILE]"),
    config: Path = CONFIG,
) -> None:
    """Write the sources that are in use as OPML 2.0, which all feed readers import."""
    found = read_config(config)
    document = write_opml(found.sources.values(), tags=found.tags, title=found.site.title.to(*found.site.languages))
    if file is None or str(file) == "-":
        sys.stdout.buffer.write(document)
        return
    if file.exists() and b"<opml" not in _read(file).lower():
        raise SyndicatorError(f"{file}: is there already, and is no OPML; it is left as it is, name another file")
    replace_file(file, document)
    typer.echo(f"{file}: {len(found.sources)} sources")


@app.command(name="import")
def import_(
    file: Path = typer.Argument(help="The OPML file; - reads standard input."),
    dry_run: bool = typer.Option(False, "--dry-run", "-n", help="Write nothing; show what would be written."),
    json: bool = JSON,
    config: Path = CONFIG,
) -> None:
    """Add the feeds of an OPML list to feeds.yaml, but for those that are there already."""
    newsroom = open_file(config)
    outlines = read_opml(sys.stdin.buffer.read(MAX_BYTES + 1) if str(file) == "-" else _read(file))
    if fault := outlines.fault:
        raise SyndicatorError(f"{file}:{' ' + fault.where + ':' if fault.where else ''} {fault.text}")
    if not outlines.feeds and not outlines.problems:
        raise SyndicatorError(f"{file}: names no feed; nothing is imported")
    brought = newcomers(outlines.feeds, config=newsroom.config, written=newsroom.sources)
    text = newsroom.text
    if brought.sources:
        text = add_sources(text, brought.sources, name=str(config))
        rewrite(newsroom, text, touched=[str(source["id"]) for source in brought.sources], dry_run=dry_run)
    lines = diff_lines(newsroom.text, text, path=config)
    if json:
        show_json(_facts(brought, outlines, written=not dry_run))
    else:
        _show(lines, brought, outlines, dry_run=dry_run)
        if brought.sources and not dry_run:
            show_next(config, how_called())
    raise typer.Exit(1 if outlines.problems else 0)


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        raise SyndicatorError(f"{path}: cannot be read: {error.strerror}") from error


def _show(lines: Sequence[str], brought: Newcomers, outlines: Outlines, *, dry_run: bool) -> None:
    show_diff(lines if dry_run else lines[:_SHOWN])
    if len(lines) > _SHOWN and not dry_run:
        typer.echo(f"… and {len(lines) - _SHOWN} lines more")
    would = "would be " if dry_run else ""
    left_out = f"; {len(outlines.problems)} left out" if outlines.problems else ""
    typer.echo(f"{len(brought.sources)} {would}added; {len(brought.twins)} there already{left_out}")
    if brought.unknown:
        names = ", ".join(f"{name} ({count})" for name, count in brought.unknown.items())
        typer.echo(f"Categories and folders that name no tag were dropped: {names}", err=True)
    for problem in outlines.problems:
        typer.echo(str(problem), err=True)


def _facts(brought: Newcomers, outlines: Outlines, *, written: bool) -> dict[str, object]:
    return {
        "added": list(brought.sources),
        "there": [{"id": id, **asdict(outline)} for outline, id in brought.twins],
        "dropped": dict(brought.unknown),
        "left_out": [asdict(problem) for problem in outlines.problems],
        "written": written and bool(brought.sources),
    }

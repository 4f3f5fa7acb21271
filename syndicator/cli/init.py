"""`syndicator init`: a new newsroom's folder."""

from __future__ import annotations

import shutil
from pathlib import Path

import typer

from syndicator.cli.console import how_called
from syndicator.edges.templates import shipped
from syndicator.errors import SyndicatorError

STARTER = Path(__file__).with_name("starter.yaml")


def init(
    folder: Path = typer.Argument(Path(), metavar="[DIR]", help="Where to write; made if it is not there."),
    full: bool = typer.Option(False, "--full", help="Start from the whole newsroom for Ho Chi Minh City."),
) -> None:
    """Write a commented feeds.yaml and the templates, to be changed at will."""
    target = folder / "feeds.yaml"
    if target.exists():
        raise SyndicatorError(f"{target}: is there already, and is left as it is; name another folder, or move it away")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copytree(shipped("templates"), folder / "templates", dirs_exist_ok=True)
        shutil.copyfile(shipped("feeds.schema.json"), folder / "feeds.schema.json")
        # The configuration comes last: when it is there, all is there.
        shutil.copyfile(shipped("feeds.yaml") if full else STARTER, target)
    except OSError as error:
        raise SyndicatorError(f"{folder}: cannot be written: {error.strerror}; name another folder") from error
    typer.echo(f"{target}: your newsroom; every key stands in docs/feeds-yaml.md")
    typer.echo(f"{folder / 'templates'}: pages and mails, yours to change; `templates: templates/` makes them count")
    called = how_called()
    typer.echo(f"\nNext: {called} check --config {target}\n      {called} run --dry-run --config {target}")

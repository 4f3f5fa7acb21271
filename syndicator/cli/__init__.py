"""The admin's commands: `syndicator check | run | serve | demo | init | schema | preview | subscribers`.

Exit codes: 0 all is well, 1 something that the admin must fix, 2 the command was not understood.
"""

from __future__ import annotations

import sys

import typer

from syndicator import __version__, log
from syndicator.cli import check, demo, init, preview, run, schema, serve, subscribers
from syndicator.errors import SyndicatorError

app = typer.Typer(
    name="syndicator",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
    help="Read a city's feeds, tag and group them, republish them, and mail digests of them.",
)
for command in (check, run, serve, demo, init, schema, preview):
    app.command()(getattr(command, command.__name__.rsplit(".", 1)[-1]))
app.add_typer(subscribers.app, name="subscribers")


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"syndicator {__version__}")
        raise typer.Exit


@app.callback()
def options(
    _: bool = typer.Option(False, "--version", callback=_version, is_eager=True, help="Show the version."),
) -> None:
    """Options of every command."""
    log.configure()


def main() -> None:
    """Run the command line; an error of ours is shown as text, without a traceback."""
    try:
        app()
    except SyndicatorError as error:
        typer.echo(str(error), err=True)
        sys.exit(error.exit_code)

"""The admin's commands, one file each: `syndicator check`, `run`, `serve` and the others in `COMMANDS`.

Exit codes: 0 all is well, 1 something that the admin must fix, 2 the command was not understood.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence
from importlib import import_module

import typer

from syndicator import __version__, log
from syndicator.errors import SyndicatorError

COMMANDS = (
    *("check", "run", "serve", "demo", "init", "schema", "preview"),
    *("add", "opml", "sources", "subscribers"),
    *("try", "explain", "plan", "studio"),
)
_MODULES = {"try": "try_rules"}  # whose name is no name in Python


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"syndicator {__version__}")
        raise typer.Exit


def _every_command(
    _: bool = typer.Option(False, "--version", callback=_version, is_eager=True, help="Show the version."),
) -> None:
    """Options of every command."""
    log.configure()


def build(words: Sequence[str] = ()) -> typer.Typer:
    """Return the command line, with the one command that *words* begin with, or with all.

    Each command imports what it needs, which takes a second for some; the others then need not wait for it.
    """
    app = typer.Typer(
        name="syndicator",
        no_args_is_help=True,
        add_completion=False,
        rich_markup_mode="markdown",
        pretty_exceptions_enable=False,
        help="Read a city's feeds, tag and group them, republish them, and mail digests of them.",
    )
    app.callback()(_every_command)
    for name in [command for command in COMMANDS if command in words[:1]] or COMMANDS:
        function = _MODULES.get(name, name)
        module = import_module(f"syndicator.cli.{function}")
        if hasattr(module, "app"):
            app.add_typer(module.app, name=name)
        else:
            app.command(name)(getattr(module, function))
    return app


def main() -> None:
    """Run the command line; an error of ours is shown as text, without a traceback."""
    # The rules of the shipped vocabulary are a million objects that stay; at Python's own pace every command looks
    # through them again and again while it makes them, which takes a tenth of its start.
    gc.set_threshold(50_000, 20, 50)
    try:
        build(sys.argv[1:])()
    except SyndicatorError as error:
        typer.echo(str(error), err=True)
        sys.exit(error.exit_code)

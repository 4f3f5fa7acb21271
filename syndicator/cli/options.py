"""The options that several commands share."""

from __future__ import annotations

from pathlib import Path

import typer

CONFIG = typer.Option(
    Path("feeds.yaml"),
    "--config",
    "-c",
    envvar="SYNDICATOR_CONFIG",
    help="The newsroom's configuration.",
    metavar="FILE",
)
JSON = typer.Option(False, "--json", help="Print a summary for programs.")
QUIET = typer.Option(False, "--quiet", "-q", help="Show no progress.")

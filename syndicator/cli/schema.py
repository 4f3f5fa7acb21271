"""`syndicator schema`: the JSON Schema of feeds.yaml."""

from __future__ import annotations

import json

import typer

from syndicator.config.schema import json_schema


def schema() -> None:
    """Print the JSON Schema of feeds.yaml, by which editors complete and check it."""
    typer.echo(json.dumps(json_schema(), indent=2, ensure_ascii=False))

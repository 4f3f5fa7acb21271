"""`syndicator try`: what the rules say of a text, without a store."""

from __future__ import annotations

import sys
from pathlib import Path

import typer

from syndicator.cli.console import show_json, show_rows
from syndicator.cli.explain import verdict_as_json, verdict_rows
from syndicator.cli.options import CONFIG, JSON
from syndicator.errors import SyndicatorError
from syndicator.model.entry import Entry
from syndicator.newsroom import read_config
from syndicator.pipeline.rules import compile_rules, judge_entry


def try_rules(
    texts: list[str] = typer.Argument(None, help="Texts in quotes; without any, a line of the input each."),
    language: str = typer.Option("", "--language", "-l", help="The language of the texts; by default it is not known."),
    json: bool = JSON,
    config: Path = CONFIG,
) -> None:
    """Say what tags the rules of feeds.yaml give to a text, read as a headline, and which nearly."""
    rules = compile_rules(read_config(config).tags)
    sentences = texts or [line.strip() for line in sys.stdin if line.strip()]
    if not sentences:
        raise SyndicatorError('there is nothing to try; give a text in quotes: syndicator try "A consulate opens"')
    judged = [
        (sentence, judge_entry(Entry(source="", title=sentence, language=language), rules)) for sentence in sentences
    ]
    if json:
        tried = [
            {
                "text": sentence,
                "tags": [verdict_as_json(verdict) for verdict in verdicts if verdict.given],
                "nearly": [verdict_as_json(verdict) for verdict in verdicts if not verdict.given],
            }
            for sentence, verdicts in judged
        ]
        show_json({"tried": tried})
        return
    for sentence, verdicts in judged:
        typer.echo(sentence)
        show_rows([*verdict_rows(verdicts)] or [("", "no tag: no word of any rule is met")])

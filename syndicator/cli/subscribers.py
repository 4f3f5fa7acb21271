"""`syndicator subscribers`: the roll of readers."""

from __future__ import annotations

import asyncio
import csv
import secrets
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import typer
from rich.console import Console
from rich.table import Column, Table

from syndicator.cli.console import show_json
from syndicator.cli.options import CONFIG, JSON
from syndicator.config.model import Config
from syndicator.errors import SyndicatorError
from syndicator.jobs import roll
from syndicator.jobs.roll import Imported, Removed
from syndicator.model.subscriber import Subscriber, Subscription
from syndicator.newsroom import open_newsroom, read_config

app = typer.Typer(no_args_is_help=True, help="Add, list, remove and import readers.")

_CONSENT = typer.Option(
    "", "--consent", help="How these readers agreed; goes into the ledger. Without it, each is asked by mail first."
)
_NEWSLETTERS = typer.Option([], "--newsletter", "-n", help="For rows that name none; may be given several times.")


@app.command()
def add(
    emails: list[str] = typer.Argument(help="Addresses."),
    newsletter: list[str] = _NEWSLETTERS,
    language: str = typer.Option("", "--language", "-l", help="Their language; by default the site's."),
    timezone: str = typer.Option("", "--timezone", help="Their time zone; by default the site's."),
    hour: str = typer.Option("", "--hour", help="Their hour, as 07:00; by default the newsletter's."),
    consent: str = _CONSENT,
    config: Path = CONFIG,
) -> None:
    """Add readers: each gets a confirmation mail first, unless --consent says how they agreed."""
    rows = [{"email": email, "language": language, "timezone": timezone, "hour": hour} for email in emails]
    found = read_config(config)
    done = asyncio.run(_import(found, config.parent, rows, newsletter or list(found.newsletters), consent))
    _tell(done, names=emails)


@app.command(name="import")
def import_(
    file: Path = typer.Argument(
        help="A CSV file with headings: email, name, language, timezone, newsletter, topics, hour."
    ),
    newsletter: list[str] = _NEWSLETTERS,
    consent: str = _CONSENT,
    dry_run: bool = typer.Option(False, "--dry-run", help="Report only."),
    config: Path = CONFIG,
) -> None:
    """Import readers from a CSV file; nobody who left is brought back."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as opened:
            rows = list(csv.DictReader(opened))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise SyndicatorError(f"{file}: cannot be read as CSV in UTF-8: {error}") from error
    if not rows or not any((heading or "").strip().lower() in roll.COLUMNS for heading in rows[0]):
        raise SyndicatorError(f"{file}: has no rows under a heading such as: email,name,language,timezone,newsletter")
    found = read_config(config)
    _tell(asyncio.run(_import(found, config.parent, rows, newsletter, consent, dry_run=dry_run)), dry_run=dry_run)


@app.command(name="list")
def list_(
    newsletter: str = typer.Option("", "--newsletter", "-n", help="Only those of this newsletter."),
    json: bool = JSON,
    config: Path = CONFIG,
) -> None:
    """List readers and what they get."""
    people = asyncio.run(_list(read_config(config), config.parent, newsletter))
    if json:
        show_json({"subscribers": [_facts(person) for person in people]})
        return
    if not sys.stdout.isatty():
        for person in people:
            typer.echo("\t".join((person.email, " ".join(person.languages), person.timezone, _given(person))))
        return
    table = Table(
        Column("address", overflow="fold", min_width=24),
        "languages",
        "time zone",
        "newsletters",
        box=None,
        header_style="bold",
    )
    for person in people:
        table.add_row(person.email, " ".join(person.languages), person.timezone, _given(person))
    Console(highlight=False).print(table if people else "No readers yet; `syndicator subscribers add` adds some.")


@app.command()
def remove(
    emails: list[str] = typer.Argument(help="Addresses."),
    erase: bool = typer.Option(False, "--erase", help="Delete all that is known of them, not only end their mail."),
    config: Path = CONFIG,
) -> None:
    """End what these readers get; they are remembered, so that no import brings them back."""
    done = asyncio.run(_remove(read_config(config), config.parent, emails, erase=erase))
    typer.echo(f"{len(done.removed)} removed")
    for email in done.unknown:
        typer.echo(f"{email}: is not on the roll", err=True)
    raise typer.Exit(1 if done.unknown else 0)


async def _import(
    config: Config,
    folder: Path,
    rows: Sequence[Mapping[str, str | None]],
    newsletters: Sequence[str],
    consent: str,
    *,
    dry_run: bool = False,
) -> Imported:
    async with open_newsroom(config, folder) as newsroom:
        return await roll.import_rows(
            rows,
            newsletters=config.newsletters,
            tags=config.tags,
            site=config.site,
            store=newsroom.store,
            templates=newsroom.templates,
            now=datetime.now(UTC),
            new_id=lambda: secrets.token_urlsafe(12),
            default_newsletters=newsletters,
            consent=consent,
            dry_run=dry_run,
        )


async def _list(config: Config, folder: Path, newsletter: str) -> Sequence[Subscriber]:
    async with open_newsroom(config, folder) as newsroom:
        return await roll.listed(store=newsroom.store, newsletter=newsletter)


async def _remove(config: Config, folder: Path, emails: Sequence[str], *, erase: bool) -> Removed:
    async with open_newsroom(config, folder) as newsroom:
        return await roll.remove(emails, store=newsroom.store, now=datetime.now(UTC), erase=erase)


def _tell(done: Imported, *, dry_run: bool = False, names: Sequence[str] = ()) -> None:
    """Report; a refused row is told by its number or, where there are *names*, by its own."""
    would = "would be " if dry_run else ""
    asked = f", {done.asked} of them {would}asked to confirm by mail" if done.asked else ""
    typer.echo(f"{done.added} {would}added{asked}; {done.known} known already; {len(done.refused)} refused")
    for number, why in done.refused:
        name = names[number - roll.FIRST_ROW] if names else f"row {number}"
        typer.echo(why if names and name in why else f"{name}: {why}", err=True)
    raise typer.Exit(1 if done.refused else 0)


def _given(person: Subscriber) -> str:
    return ", ".join(f"{s.newsletter} ({_state(s)})" for s in person.subscriptions)


def _state(subscription: Subscription) -> str:
    if subscription.ended_at:
        return f"left {subscription.ended_at.date()}"
    return f"since {subscription.confirmed_at.date()}" if subscription.confirmed_at else "not confirmed"


def _facts(person: Subscriber) -> dict[str, object]:
    return {
        "email": person.email,
        "name": person.name,
        "languages": person.languages,
        "timezone": person.timezone,
        "newsletters": {s.newsletter: _state(s) for s in person.subscriptions},
        "ledger": [{"at": c.at, "what": c.what, "how": c.how, "newsletter": c.newsletter} for c in person.ledger],
    }

"""`syndicator demo`: the whole line once, on the bundled newsroom, offline."""

from __future__ import annotations

import asyncio
import json
import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import typer

from syndicator import log
from syndicator.cli.console import how_called, progress, show_json, show_rows
from syndicator.cli.options import JSON, QUIET
from syndicator.cli.report import as_json, as_rows, exit_code
from syndicator.config import Config
from syndicator.demo.newsroom import DemoNewsroom, demo_config
from syndicator.demo.subscribers import demo_subscribers
from syndicator.errors import SyndicatorError
from syndicator.model.subscriber import fold_address
from syndicator.newsroom import TurnReport, open_newsroom, read_config

# The bundled news is dated from the first run, so that a second one finds everything unchanged. When
# that is longer ago than this, the news would be stale, and is dated anew.
FRESH = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A finished demo: its configuration, what the line did, and the mails that lie in the Maildir."""

    config: Config
    report: TurnReport
    mails: int


def demo(
    folder: Path = typer.Option(Path("demo"), "--folder", help="Where everything goes.", metavar="DIR"),
    json: bool = JSON,
    quiet: bool = QUIET,
) -> None:
    """Ask sixteen bundled sources, republish, and mail a dozen readers: here, over real HTTP and SMTP."""
    log.configure(json=json)
    outcome = asyncio.run(run_demo(folder, quiet=quiet or json, now=datetime.now(UTC)))
    if json:
        show_json(as_json(outcome.report))
    else:
        show_rows(as_rows(outcome.report, outcome.config), title="The bundled newsroom, one turn of the line")
        show_rows(_further(folder, outcome), title="Look further")
    raise typer.Exit(exit_code(outcome.report))


async def run_demo(folder: Path, *, quiet: bool, now: datetime) -> Outcome:
    """Run the line once on the bundled newsroom; everything it makes lies in *folder*."""
    epoch = _settle_in(folder, now)
    with DemoNewsroom(folder, epoch=epoch) as bundled, progress(quiet=quiet) as bars:
        config = read_config(folder / "feeds.yaml", {**os.environ, **bundled.environment})
        async with open_newsroom(config, folder, hosts=bundled.hosts) as newsroom:
            readers = demo_subscribers(now)
            known = await newsroom.store.subscribers_by_email([reader.email for reader in readers])
            await newsroom.store.record_subscribers([r for r in readers if fold_address(r.email) not in known])
            report = await newsroom.turn(bars, everything=True)
        return Outcome(config=config, report=report, mails=len(bundled.post.messages()))


def _settle_in(folder: Path, now: datetime) -> datetime:
    """Make *folder* and the demo's feeds.yaml in it, and return the instant from which the news is dated."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        # An edited one is left as it is: to edit it and look what changes is what a demo is for.
        if not (folder / "feeds.yaml").exists():
            (folder / "feeds.yaml").write_text(demo_config(), encoding="utf-8")
        return _epoch(folder / "newsroom.json", now)
    except OSError as error:
        raise SyndicatorError(f"{folder}: cannot be written: {error.strerror}; --folder names another") from error


def _epoch(path: Path, now: datetime) -> datetime:
    """Return the instant to which the bundled news is relative, and remember it in *path*."""
    try:
        epoch = datetime.fromisoformat(json.loads(path.read_text())["epoch"])
    except (OSError, ValueError, KeyError, TypeError):
        epoch = now - 2 * FRESH
    if now - epoch > FRESH:
        epoch = now.replace(microsecond=0)
        path.write_text(json.dumps({"epoch": epoch.isoformat()}) + "\n")
    return epoch


def _further(folder: Path, outcome: Outcome) -> list[tuple[str, str]]:
    feed, called = next(iter(outcome.config.feeds)), how_called()
    return [
        ("The site", f"{folder}/public/index.html"),
        ("A feed", f"{folder}/public/feeds/{feed}/rss.xml, and atom.xml and feed.json beside it"),
        (
            "The mails",
            f"{folder}/mail/new/, {outcome.mails} so far: a Maildir, for any mail program (mutt -f {folder}/mail)",
        ),
        ("The rules", f"{folder}/feeds.yaml: change it, and run `make demo` again"),
        ("In a browser", f"{called} serve --config {folder}/feeds.yaml, then http://127.0.0.1:8000/"),
        ("Your own", f"{called} init newsroom"),
    ]

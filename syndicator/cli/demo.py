"""`syndicator demo`: the whole line once, on the bundled newsroom, offline."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from json import dumps as json_text
from json import loads as load_json
from pathlib import Path

import typer

from syndicator import log
from syndicator.cli.console import how_called, progress, show_json, show_rows
from syndicator.cli.demo_tour import Tour, make_tour, show_tour
from syndicator.cli.options import JSON, QUIET
from syndicator.cli.report import as_json, as_rows, exit_code
from syndicator.cli.serve import ServedFile, serve_file
from syndicator.config.model import Config
from syndicator.demo.newsroom import DemoNewsroom, demo_config
from syndicator.demo.subscribers import demo_subscribers
from syndicator.edges.templates import shipped
from syndicator.errors import SyndicatorError
from syndicator.model.subscriber import fold_address
from syndicator.newsroom import SystemClock, TurnReport, load_text, open_newsroom, read_config
from syndicator.ports import Clock

MADE = ("data", "public", "mail")  # the folders that the demo makes, and may remove
PORT = 8000  # that of `site.url` in the demo's feeds.yaml, to which links in its mails lead
# The bundled news is dated from the first run, so that a second one finds everything unchanged. When
# that is longer ago than this, the news would be stale, and is dated anew.
FRESH = timedelta(days=1)


def demo(
    folder: Path = typer.Option(Path("demo"), "--folder", help="Where everything goes.", metavar="DIR"),
    serving: bool = typer.Option(False, "--serve", help="Then serve the site, its forms and all, until Ctrl-C."),
    json: bool = JSON,
    quiet: bool = QUIET,
) -> None:
    """Ask twenty bundled sources, republish, and mail ten readers: here, offline, over real HTTP and SMTP."""
    log.configure(json=json)

    def show(config: Config, report: TurnReport, mails: int, tour: Tour) -> None:
        if json:
            show_json(as_json(report))
            return
        show_rows(as_rows(report, config), title="The bundled newsroom, one turn of the line")
        typer.echo("(Two of its sources are broken, and others have faults, as real ones do: ✗ and ! say what.)")
        show_tour(tour, config)
        show_rows(_further(folder, config, mails), title="Look further")

    clock = SystemClock()
    report = asyncio.run(run_demo(folder, clock=clock, quiet=quiet or json, show=show, port=PORT if serving else None))
    raise typer.Exit(exit_code(report))


async def run_demo(
    folder: Path, *, clock: Clock, quiet: bool, show: Callable[[Config, TurnReport, int, Tour], None], port: int | None
) -> TurnReport:
    """Run the line once on the bundled newsroom, *show* what it did, and serve its site on *port*, if there is one.

    Everything it makes lies in *folder*.
    """
    now = clock.now()
    epoch = _settle_in(folder, now)
    with DemoNewsroom(folder, epoch=epoch) as bundled:
        path, env = folder / "feeds.yaml", {**os.environ, **bundled.environment}
        config = read_config(path, env)
        enter = partial(open_newsroom, folder=folder, hosts=bundled.hosts, clock=clock)
        async with enter(config) as newsroom:
            readers = demo_subscribers(now)
            known = await newsroom.store.subscribers_by_email([reader.email for reader in readers])
            await newsroom.store.record_subscribers([r for r in readers if fold_address(r.email) not in known])
            with progress(quiet=quiet) as bars:
                report = await newsroom.turn(bars, everything=True)
            load = partial(load_text, name=str(path), env=env)
            show(config, report, len(bundled.post.messages()), await make_tour(newsroom, load))
        if port is not None:
            typer.echo(f"\nServing http://127.0.0.1:{port}/ until Ctrl-C; edit {path}, and the log says what changes.")
            log.configure(level="info")
            file = ServedFile(path=path, config=config, load=load, open=enter)
            await serve_file(file, host="127.0.0.1", port=port)
    return report


def _settle_in(folder: Path, now: datetime) -> datetime:
    """Make *folder* ready, with the demo's feeds.yaml in it, and return the instant from which the news is dated.

    When the bundled news has grown old, it is dated anew, and what was made of the old is removed first.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        epoch = _epoch(folder / "newsroom.json")
        if epoch is None and any((folder / name).exists() for name in ("feeds.yaml", *MADE)):
            raise SyndicatorError(f"{folder}: holds what is not the demo's; --folder names another folder")
        if epoch is None or now - epoch > FRESH:
            epoch = now.replace(microsecond=0)
            for made in MADE:
                shutil.rmtree(folder / made, ignore_errors=True)
            (folder / "newsroom.json").write_text(json_text({"epoch": epoch.isoformat()}) + "\n")
        # An edited one is left as it is: to edit it and look what changes is what a demo is for.
        if not (folder / "feeds.yaml").exists():
            shutil.copyfile(shipped("feeds.schema.json"), folder / "feeds.schema.json")
            text = demo_config().replace("$schema=../../feeds.schema.json", "$schema=feeds.schema.json")
            (folder / "feeds.yaml").write_text(text, encoding="utf-8")
    except OSError as error:
        raise SyndicatorError(f"{folder}: cannot be written: {error.strerror}; --folder names another") from error
    return epoch


def _epoch(path: Path) -> datetime | None:
    """Return the instant that *path* remembers, if it does."""
    try:
        return datetime.fromisoformat(load_json(path.read_text())["epoch"])
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None


def _further(folder: Path, config: Config, mails: int) -> list[tuple[str, str]]:
    feed, called = next(iter(config.feeds)), how_called()
    again = f"{called} demo" + ("" if folder == Path("demo") else f" --folder {folder}")
    return [
        ("The site", f"{folder}/public/index.html"),
        ("A feed", f"{folder}/public/feeds/{feed}/rss.xml, and atom.xml and feed.json beside it"),
        ("The mails", f"{folder}/mail/new/, {mails} so far: a Maildir, for any mail program (mutt -f {folder}/mail)"),
        ("The sources", f"{called} sources --config {folder}/feeds.yaml: how each one is, and what to try"),
        ("The rules", f"{folder}/feeds.yaml: change it, and run `{again}` again"),
        ("In a browser", f"{again} --serve, then http://127.0.0.1:{PORT}/: sign up, and the mail comes"),
        ("Your own", f"{called} init newsroom"),
    ]

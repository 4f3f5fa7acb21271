"""`syndicator studio`: edit feeds.yaml in your own editor, and see in the browser at once what its rules match."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import typer

from syndicator.cli.options import CONFIG
from syndicator.config.model import Config
from syndicator.edges.watch import edits
from syndicator.errors import SyndicatorError
from syndicator.jobs.plan import PLANNED
from syndicator.model.entry import Item
from syndicator.newsroom import SystemClock, load_text, open_newsroom, read_config
from syndicator.web.serve import listening
from syndicator.web.studio import Studio, create_studio
from syndicator.web.studio_bench import set_up


def studio(
    config: Path = CONFIG,
    port: int = typer.Option(8001, help="The port on this machine; 0 is any free one.", min=0, max=65535),
    opened: bool = typer.Option(True, "--open/--no-open", help="Open the page in the browser."),
) -> None:
    """Show in the browser what the rules match, and every saved edit of feeds.yaml at once; until Ctrl-C.

    The items are those of the last 30 days, read from a copy of the store, or the test sentences of the tags where
    there are none. Nothing is written, asked or sent. The page is for this machine only.
    """
    found = read_config(config)
    asyncio.run(run_studio(found, config, port=port, show=partial(_show, config, opened)))


async def run_studio(config: Config, path: Path, *, port: int, show: Callable[[str, Studio], None]) -> None:
    """Serve the studio of the file at *path* until SIGTERM or SIGINT; *show* gets its address once it answers."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    clock = SystemClock()
    items = await _stored(config, path.parent)
    bench = await asyncio.to_thread(set_up, config, items, now=clock.now())
    room = Studio(bench, name=str(path))
    async with listening(create_studio(room), host="127.0.0.1", port=port) as address:
        show("http://{}:{}/".format(*address), room)
        async for text in edits(path, last=config.text, stop=stop):
            if text is None:
                room.refuse(SyndicatorError(f"{path}: cannot be read as a file in UTF-8; put it back"))
                continue
            try:
                after = await asyncio.to_thread(load_text, text, name=str(path))
            except SyndicatorError as error:
                room.refuse(error)
                continue
            room.accept(await asyncio.to_thread(set_up, after, items, now=clock.now()))
        room.close()


def _show(path: Path, opened: bool, address: str, room: Studio) -> None:
    kind = "test sentences, for nothing is stored yet" if room.bench.sample else "items of the last 30 days"
    typer.echo(f"The studio is at {address} until Ctrl-C: edit {path}, and see what changes.")
    typer.echo(f"It tries the rules on {len(room.bench.items):,} {kind}.")
    if opened:
        typer.launch(address)


async def _stored(config: Config, folder: Path) -> Sequence[Item]:
    """Return the items of the last 30 days, rejected ones too, from a copy of the store, if there is one."""
    async with open_newsroom(config, folder, rehearsal=True) as newsroom:
        return await newsroom.store.items_since(newsroom.clock.now() - PLANNED)

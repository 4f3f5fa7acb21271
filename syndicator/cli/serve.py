"""`syndicator serve`: the loop and the site, until told to stop."""

from __future__ import annotations

import asyncio
import secrets
import signal
from pathlib import Path

import typer

from syndicator import log
from syndicator.cli.options import CONFIG
from syndicator.config.model import Config
from syndicator.newsroom import Newsroom, open_newsroom, read_config
from syndicator.web.app import create_app
from syndicator.web.pages import WebSettings
from syndicator.web.serve import listening
from syndicator.worker import Worker


def serve(
    config: Path = CONFIG,
    host: str = typer.Option("127.0.0.1", help="The address to listen on; 0.0.0.0 is all of them."),
    port: int = typer.Option(8000, help="The port to listen on; 0 is any free one.", min=0, max=65535),
    json: bool = typer.Option(False, "--json", help="Write the log as one JSON object a line."),
    verbose: bool = typer.Option(False, "--verbose", "-v", help="Log every step."),
) -> None:
    """Keep the line running, and serve the site with its forms; SIGTERM or Ctrl-C ends it cleanly."""
    log.configure(json=json, level="debug" if verbose else "info")
    asyncio.run(_serve(read_config(config), config.parent, host, port))


async def _serve(config: Config, folder: Path, host: str, port: int) -> None:
    async with open_newsroom(config, folder) as newsroom:
        await serve_newsroom(newsroom, host=host, port=port)


async def serve_newsroom(newsroom: Newsroom, *, host: str, port: int) -> None:
    """Run the loop of *newsroom* and serve its site until SIGTERM or SIGINT."""
    stop, config = asyncio.Event(), newsroom.config
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    worker = Worker(newsroom)
    settings = WebSettings(
        site=config.site, newsletters=config.newsletters, tags=config.tags, secret=await newsroom.secret()
    )
    app = create_app(
        public=newsroom.folder / config.public,
        store=newsroom.store,
        templates=newsroom.templates,
        settings=settings,
        clock=newsroom.clock,
        new_id=lambda: secrets.token_urlsafe(12),
        last_turn=lambda: worker.finished_at,
    )
    async with listening(app, host=host, port=port) as address:
        log.get_logger().info("serving", address="http://{}:{}/".format(*address), public=config.public)
        await worker.run(stop)
    log.get_logger().info("stopped")

"""`syndicator serve`: the loop and the site, until told to stop; an edit of feeds.yaml is applied meanwhile."""

from __future__ import annotations

import asyncio
import secrets
import signal
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import typer

from syndicator import log
from syndicator.cli.options import CONFIG
from syndicator.config.model import Config
from syndicator.edges.watch import edits
from syndicator.errors import SyndicatorError
from syndicator.newsroom import Newsroom, load_text, open_newsroom, read_config
from syndicator.pipeline.plan import Plan
from syndicator.web.app import create_app
from syndicator.web.front import App, Front
from syndicator.web.pages import WebSettings
from syndicator.web.serve import listening
from syndicator.web.why import Explained
from syndicator.worker import Worker


def serve(
    config: Path = CONFIG,
    host: str = typer.Option("127.0.0.1", help="The address to listen on; 0.0.0.0 is all of them."),
    port: int = typer.Option(8000, help="The port to listen on; 0 is any free one.", min=0, max=65535),
    json: bool = typer.Option(False, "--json", help="Write the log as one JSON object a line."),
    verbose: bool = typer.Option(False, "--verbose", "-v", help="Log every step."),
) -> None:
    """Keep the line running, and serve the site with its forms; SIGTERM or Ctrl-C ends it cleanly.

    An edit of feeds.yaml is logged with what it changes, and applied when the round under way has ended; one with
    mistakes is refused, and the last good one goes on.
    """
    log.configure(json=json, level="debug" if verbose else "info")
    file = ServedFile(
        path=config,
        config=read_config(config),
        load=partial(load_text, name=str(config)),
        open=partial(open_newsroom, folder=config.parent),
    )
    asyncio.run(serve_file(file, host=host, port=port))


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedFile:
    """A feeds.yaml at *path* that says *config*: how to *load* another text of it, and to *open* its newsroom."""

    path: Path
    config: Config
    load: Callable[[str], Config]
    open: Callable[[Config], AbstractAsyncContextManager[Newsroom]]


async def serve_file(file: ServedFile, *, host: str, port: int) -> None:
    """Run the newsroom of *file* and serve its site until SIGTERM or SIGINT, through all edits of the file."""
    stop, front = asyncio.Event(), Front()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    # The port stays ours while the newsroom is exchanged, so that no reader is turned away.
    async with listening(front, host=host, port=port) as address:
        log.get_logger().info("serving", address="http://{}:{}/".format(*address), public=file.config.public)
        good, config, last = None, file.config, file.config.text
        while True:
            try:
                async with file.open(config) as newsroom:
                    worker = Worker(newsroom)
                    front.admit(await _site(newsroom, worker))
                    if good is not None and config is not good:
                        log.get_logger().info("feeds.yaml applied")
                    good = config
                    try:
                        edited = await _until_edit(newsroom, worker, file, stop, last=last)
                    finally:
                        # Who is inside still needs the store; it is closed when the block ends.
                        if left := await front.hold():
                            log.get_logger().warning("requests left behind", count=left)
            except SyndicatorError as error:
                # A file without mistakes may still name a folder that is not for the public, or break a template.
                if good is None or good is config:
                    raise
                log.get_logger().error("feeds.yaml refused", cause=str(error))
                config = good
                continue
            if edited is None:
                break
            config, last = edited, edited.text
    log.get_logger().info("stopped")


async def _site(newsroom: Newsroom, worker: Worker) -> App:
    config = newsroom.config
    settings = WebSettings(
        site=config.site, newsletters=config.newsletters, tags=config.tags, secret=await newsroom.secret()
    )
    return create_app(
        public=newsroom.folder / config.public,
        store=newsroom.store,
        templates=newsroom.templates,
        settings=settings,
        clock=newsroom.clock,
        new_id=lambda: secrets.token_urlsafe(12),
        last_turn=lambda: worker.finished_at,
        explained=Explained(config=config, stories=lambda: worker.stories),
    )


async def _until_edit(
    newsroom: Newsroom, worker: Worker, file: ServedFile, stop: asyncio.Event, *, last: str
) -> Config | None:
    """Let *worker* run until *stop* is set, which brings None, or a good edit of the *last* text, which is returned.

    An edit waits for the end of the round under way, however long that takes; only *stop* is in a hurry.
    """
    rest = asyncio.Event()
    running = asyncio.create_task(worker.run(rest, hurry=stop))
    watching = asyncio.create_task(_good_edit(newsroom, file, rest, last=last))
    stopped = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait([running, watching, stopped], return_when=asyncio.FIRST_COMPLETED)
    finally:
        rest.set()
        stopped.cancel()
    # Whichever of them failed, nothing may be under way any more when the newsroom is closed.
    await asyncio.wait([running, watching])
    running.result()
    edited = watching.result()
    return None if stop.is_set() else edited


async def _good_edit(newsroom: Newsroom, file: ServedFile, stop: asyncio.Event, *, last: str) -> Config | None:
    """Return what the file says once it says something else without mistakes; None when *stop* comes first."""
    logger = log.get_logger()
    async for text in edits(file.path, last=last, stop=stop):
        if text is None:
            logger.error("feeds.yaml refused", cause=f"{file.path}: cannot be read as a file in UTF-8; put it back")
            continue
        try:
            # To try the rules of a whole vocabulary takes a second or two; the site must go on answering.
            after = await asyncio.to_thread(file.load, text)
        except SyndicatorError as error:
            logger.error("feeds.yaml refused", cause=str(error))
            continue
        if replace(after, text="") == replace(newsroom.config, text=""):
            logger.info("feeds.yaml read", effect="none: only comments or its layout changed")
            continue
        try:
            _log_plan(await newsroom.plan_to(after))
        except SyndicatorError as error:
            logger.error("feeds.yaml not planned", cause=str(error), effect="it is applied all the same")
        except Exception:
            # A fault of ours in what is only told must not end the service.
            logger.exception("feeds.yaml not planned", effect="it is applied all the same")
        return after
    return None


def _log_plan(plan: Plan) -> None:
    logger = log.get_logger()
    logger.info("feeds.yaml planned", changes=len(plan.changes), tried_on=plan.items)
    for id, fate in plan.sources.items():
        logger.info("feeds.yaml changes", source=id, fate=fate)
    for name in plan.settings:
        logger.info("feeds.yaml changes", setting=name)
    for change in plan.changes:
        logger.info(
            "feeds.yaml changes",
            **{change.kind: change.id},
            fate=change.fate,
            enter=len(change.enters),
            leave=len(change.leaves),
        )
    for newsletter, (more, fewer) in plan.readers.items():
        logger.info("feeds.yaml changes", readers_of=newsletter, more=more, fewer=fewer)

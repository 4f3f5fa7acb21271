"""Put a newsroom together: read its configuration, bind every job to its ports, and run one turn."""

from __future__ import annotations

import asyncio
import os
import random
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

from syndicator.config.load import load_config
from syndicator.config.model import Config
from syndicator.config.vocabulary import WrittenVocabulary, build_vocabulary
from syndicator.edges.fetcher import HttpFetcher
from syndicator.edges.maildir import MaildirMailer
from syndicator.edges.mailer import SmtpMailer
from syndicator.edges.shelf import FileShelf
from syndicator.edges.templates import JinjaTemplates
from syndicator.edges.tiny_store import TinyStore, copy_store
from syndicator.errors import MailError, SyndicatorError, UnknownVocabulary
from syndicator.jobs.dispatch import DispatchReport, dispatch
from syndicator.jobs.explain import explain
from syndicator.jobs.freeze import FreezeReport, freeze
from syndicator.jobs.gather import gather
from syndicator.jobs.plan import applied, note_applied, plan
from syndicator.jobs.publish import PublishReport, publish
from syndicator.jobs.refresh import refresh
from syndicator.jobs.refresh_report import RefreshReport
from syndicator.jobs.tidy import TidyReport, tidy
from syndicator.model.story import Story
from syndicator.pipeline.explain import Explanation
from syndicator.pipeline.plan import Plan
from syndicator.pipeline.rule_trials import try_tags
from syndicator.ports import Clock, Fetcher, Mailer, Progress, Shelf, Store, Templates
from syndicator.testing import Outbox

VOCABULARIES = Path(__file__).parent / "vocabularies"  # a folder each


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


@dataclass(slots=True, kw_only=True)
class TurnReport:
    """What one turn of the whole line did. *faults* say what could not be done, and *mail_error* why no mail went."""

    refresh: RefreshReport = field(default_factory=RefreshReport)
    freeze: FreezeReport = field(default_factory=FreezeReport)
    publish: PublishReport = field(default_factory=PublishReport)
    dispatch: DispatchReport = field(default_factory=DispatchReport)
    faults: list[str] = field(default_factory=list)
    mail_error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Newsroom:
    """A configuration and the ports that its jobs speak to."""

    config: Config
    folder: Path
    store: Store
    fetcher: Fetcher
    mailer: Mailer
    shelf: Shelf
    templates: Templates
    clock: Clock
    jitter: Callable[[], float] = random.random

    async def turn(self, progress: Progress, *, everything: bool = False) -> TurnReport:
        """Do the whole line once: ask, read, tag, gather, freeze, publish, send.

        What cannot be frozen, published or sent holds up nothing else; the report says why. Mail that was
        not sent stays in the outbox.
        """
        report = TurnReport()
        await self.tidy()
        report.refresh = await self.refresh(progress, everything=everything)
        stories = await self.gather()
        try:
            report.freeze = await self.freeze(stories, progress)
        except SyndicatorError as error:
            report.faults.append(str(error))
        try:
            report.publish = await self.publish(stories, progress)
        except SyndicatorError as error:
            report.faults.append(str(error))
        try:
            await self.send(progress, report=report.dispatch)
        except MailError as error:
            report.mail_error = str(error)
        return report

    async def refresh(self, progress: Progress, *, everything: bool = False) -> RefreshReport:
        """Ask the sources that are due, or *everything*."""
        return await refresh(
            self.config,
            store=self.store,
            fetcher=self.fetcher,
            clock=self.clock,
            jitter=self.jitter,
            progress=progress,
            everything=everything,
        )

    async def tidy(self) -> TidyReport:
        """Forget what is no longer needed."""
        return await tidy(self.config, store=self.store, clock=self.clock)

    async def gather(self) -> list[Story]:
        """Return the stories of the present."""
        stories = await gather(self.config, store=self.store, clock=self.clock)
        await note_applied(self.config, store=self.store)
        return stories

    async def plan_to(self, after: Config) -> Plan:
        """Return what would change if *after* took the place of the configuration."""
        return await plan(self.config, after, store=self.store, clock=self.clock, in_force=True)

    async def plan_from(self, before: Config, *, in_force: bool) -> Plan:
        """Return what would change if the configuration took the place of *before*, which may be *in_force*."""
        return await plan(before, self.config, store=self.store, clock=self.clock, in_force=in_force)

    async def in_force(self) -> str:
        """Return the text of the feeds.yaml by which stories were gathered last; empty if they never were."""
        return await applied(self.store)

    async def explain(self, what: str, *, language: str = "") -> list[Explanation]:
        """Return why the items that *what* names, or its words, are where they are."""
        return await explain(self.config, what, store=self.store, clock=self.clock, language=language)

    async def freeze(self, stories: Sequence[Story], progress: Progress) -> FreezeReport:
        """Freeze the editions that are due."""
        return await freeze(
            self.config,
            stories,
            secret=await self.secret(),
            store=self.store,
            templates=self.templates,
            clock=self.clock,
            progress=progress,
        )

    async def publish(self, stories: Sequence[Story], progress: Progress) -> PublishReport:
        """Write feeds, pages and archive."""
        return await publish(
            self.config,
            stories,
            secret=await self.secret(),
            store=self.store,
            shelf=self.shelf,
            templates=self.templates,
            clock=self.clock,
            progress=progress,
        )

    async def send(
        self,
        progress: Progress,
        *,
        stopping: Callable[[], bool] = lambda: False,
        report: DispatchReport | None = None,
    ) -> DispatchReport:
        """Send the mail that is due, or what can be sent until *stopping*; fill *report*, if there is one."""
        return await dispatch(
            self.config,
            secret=await self.secret(),
            store=self.store,
            mailer=self.mailer,
            clock=self.clock,
            jitter=self.jitter,
            progress=progress,
            stopping=stopping,
            report=report,
        )

    async def secret(self) -> bytes:
        """Return what signs the links in mails: that of feeds.yaml, else the store's own."""
        return self.config.secret.encode() if self.config.secret else await self.store.secret()


def read_config(path: Path, env: Mapping[str, str] | None = None) -> Config:
    """Return what the file at *path* says; raise `ConfigError` with all its mistakes."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise SyndicatorError(
            f"{path}: there is no such file; `syndicator init` writes one, --config names another"
        ) from None
    except UnicodeDecodeError as error:
        raise SyndicatorError(f"{path}: is not UTF-8 (byte {error.start}); save it as UTF-8") from error
    except OSError as error:
        raise SyndicatorError(f"{path}: cannot be read: {error.strerror}; name a file with --config") from error
    return load_text(text, name=str(path), env=env)


def load_text(text: str, *, name: str = "feeds.yaml", env: Mapping[str, str] | None = None) -> Config:
    """Return what *text* says, with the shipped vocabularies that it uses, all rules tried; raise `ConfigError`."""
    filled = os.environ if env is None else env
    return load_config(text, name=name, env=filled, vocabulary=read_vocabulary, try_tags=try_tags)


@lru_cache(maxsize=8)
def read_vocabulary(name: str) -> WrittenVocabulary:
    """Return the vocabulary of that name, which ships with the package; raise `UnknownVocabulary`."""
    known = sorted(folder.name for folder in VOCABULARIES.iterdir() if any(folder.glob("*.yaml")))
    if name not in known:
        raise UnknownVocabulary(name, known)
    # In the order of the files stand the tags: themes, parents before children, then where it is.
    files = sorted((VOCABULARIES / name).glob("*.yaml"), key=lambda file: file.stem)
    return build_vocabulary({file.name: file.read_text(encoding="utf-8") for file in files})


@asynccontextmanager
async def open_newsroom(
    config: Config,
    folder: Path,
    *,
    hosts: Mapping[str, tuple[str, int]] | None = None,
    clock: Clock | None = None,
    rehearsal: bool = False,
) -> AsyncIterator[Newsroom]:
    """Open the newsroom whose feeds.yaml lies in *folder*, with the real ports; close them in the end.

    *hosts* gives loopback addresses for names that no resolver knows: those of the bundled newsroom.
    For a *rehearsal* the store is a copy, the shelf writes nothing, and mail goes nowhere: sources
    are really asked, and what they answer is forgotten in the end.
    """
    clock = clock or SystemClock()
    _keep_private(config, folder)
    async with AsyncExitStack() as stack:
        store_folder = folder / config.store
        if rehearsal:
            scratch = stack.enter_context(TemporaryDirectory(prefix="syndicator-"))
            store_folder = await asyncio.to_thread(copy_store, store_folder, Path(scratch))
        store = await stack.enter_async_context(TinyStore(store_folder))
        fetcher = await stack.enter_async_context(open_fetcher(config, clock=clock, hosts=hosts))
        yield Newsroom(
            config=config,
            folder=folder,
            store=store,
            fetcher=fetcher,
            mailer=Outbox() if rehearsal else await _mailer(config, folder, stack),
            shelf=FileShelf(folder / config.public, dry=rehearsal),
            templates=open_templates(config, folder),
            clock=clock,
        )


def open_fetcher(config: Config, *, clock: Clock, hosts: Mapping[str, tuple[str, int]] | None = None) -> HttpFetcher:
    """Return what asks sites in the newsroom's name; it needs no store, so that the newsroom may run meanwhile."""
    contact = f"{config.site.url}; {config.site.publisher.email}"
    return HttpFetcher(contact=contact, now=clock.now, hosts=hosts or {})


def open_templates(config: Config, folder: Path) -> JinjaTemplates:
    """Return the templates of the newsroom whose feeds.yaml lies in *folder*: its own before the shipped ones."""
    return JinjaTemplates(*([folder / config.templates] if config.templates else []))


def _keep_private(config: Config, folder: Path) -> None:
    """Raise `SyndicatorError` when a web server that shows the site would show the readers' addresses too."""
    public = (folder / config.public).resolve()
    private = {"store": folder / config.store, "mail.maildir": folder / config.mail.maildir, "feeds.yaml": folder}
    for name, path in private.items():
        if path.resolve() == public or (public in path.resolve().parents):
            raise SyndicatorError(f"public: {public} holds {name}, which is not for the public; name another folder")


async def _mailer(config: Config, folder: Path, stack: AsyncExitStack) -> Mailer:
    if not config.mail.smtp:
        return MaildirMailer(folder / config.mail.maildir)
    return await stack.enter_async_context(SmtpMailer(config.mail.smtp, connections=config.mail.connections))

"""`syndicator preview`: a newsletter's digest as it would be sent now, to look at."""

from __future__ import annotations

import asyncio
from pathlib import Path
from zoneinfo import ZoneInfo

import typer

from syndicator.cli.options import CONFIG
from syndicator.config.model import Config
from syndicator.errors import SyndicatorError
from syndicator.jobs.freeze import EARLIER_EDITIONS
from syndicator.model.edition import Variant
from syndicator.model.language import choose_language
from syndicator.model.subscriber import Subscriber, Subscription
from syndicator.newsroom import Newsroom, open_newsroom, read_config
from syndicator.pipeline.compose import Slots
from syndicator.pipeline.digest import make_edition, make_variant

READER = "reader@example.org"


def preview(
    newsletter: str = typer.Argument(help="Which newsletter, by its id."),
    language: str = typer.Option("", "--language", "-l", help="The reader's language; by default the site's."),
    folder: Path = typer.Option(Path("preview"), "--output", "-o", help="Where the files go.", metavar="DIR"),
    opened: bool = typer.Option(True, "--open/--no-open", help="Open the page when it is written."),
    config: Path = CONFIG,
) -> None:
    """Write the digest's HTML and text from what is stored, send nothing, and open it."""
    found = read_config(config)
    if newsletter not in found.newsletters:
        there = ", ".join(found.newsletters) or "none at all"
        raise SyndicatorError(f'{config}: no newsletter "{newsletter}"; there is {there}')
    variant = asyncio.run(_render(found, config.parent, newsletter, language or found.site.languages[0]))
    slots = Slots(key=variant.slot_key)
    for suffix, text in (("html", variant.html), ("txt", variant.text)):
        path = folder / f"{newsletter}.{variant.language}.{suffix}"
        shown = text.replace(slots.unsubscribe_url, f"{found.site.url}unsubscribe/").replace(slots.email, READER)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            path.write_text(shown, encoding="utf-8")
        except OSError as error:
            raise SyndicatorError(
                f"{path}: cannot be written: {error.strerror}; --output names another folder"
            ) from error
        typer.echo(str(path))
    typer.echo(f"Subject: {variant.subject}")
    if opened:
        typer.launch(str(folder / f"{newsletter}.{variant.language}.html"))


async def _render(config: Config, folder: Path, name: str, language: str) -> Variant:
    async with open_newsroom(config, folder, rehearsal=True) as newsroom:
        if not choose_language([language], newsroom.templates.languages):
            there = ", ".join(newsroom.templates.languages)
            raise SyndicatorError(f'--language "{language}": mails speak {there}')
        return await _variant(newsroom, name, choose_language([language], newsroom.templates.languages))


async def _variant(newsroom: Newsroom, name: str, language: str) -> Variant:
    config, now = newsroom.config, newsroom.clock.now()
    newsletter, stories = config.newsletters[name], await newsroom.gather()
    today = now.astimezone(ZoneInfo(config.site.timezone)).date()
    earlier = await newsroom.store.editions(name, limit=EARLIER_EDITIONS)
    edition = make_edition(
        newsletter, config.feeds, stories, period=today, now=now, sources=config.sources, earlier=earlier
    )
    variant = make_variant(
        edition,
        newsletter,
        Subscriber(id="preview", email=READER, languages=(language,), timezone=config.site.timezone),
        Subscription(newsletter=name),
        site=config.site,
        sources=config.sources,
        tags=config.tags,
        render=newsroom.templates.render,
        translate=newsroom.templates.translate,
        language=language,
        secret=await newsroom.secret(),
    )
    if variant is None:
        raise SyndicatorError(
            f"{name}: nothing is stored for it that no earlier edition told; `syndicator run` asks the sources"
        )
    return variant

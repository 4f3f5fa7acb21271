"""`syndicator add`: find the feeds of a site, and write the one that is chosen into feeds.yaml."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from syndicator import log
from syndicator.cli.console import how_called, show_json
from syndicator.cli.newsroom_file import NewsroomFile, diff_lines, open_file, rewrite, show_diff, show_next
from syndicator.cli.options import CONFIG, JSON, QUIET
from syndicator.config import values
from syndicator.config.edit import add_source
from syndicator.config.model import Config
from syndicator.errors import SyndicatorError
from syndicator.jobs.add import Candidate, Search, search_feeds
from syndicator.jobs.robots import forbidden_by_robots
from syndicator.newsroom import SystemClock, open_fetcher
from syndicator.pipeline.naming import outlets_by_host, propose_id, propose_outlet
from syndicator.pipeline.newcomers import make_source, same_feed
from syndicator.pipeline.urls import host_of

# What is said of a feed's own numbering; any other version is shown as it is.
_FORMATS = {
    "rss20": "RSS 2.0", "rss10": "RSS 1.0", "rss": "RSS", "atom10": "Atom 1.0", "atom03": "Atom 0.3", "cdf": "CDF",
    "json1": "JSON Feed 1.0", "json11": "JSON Feed 1.1",
}  # fmt: skip


def _checked(read: Callable[[str], object]) -> Callable[[str], str]:
    """Hold what is typed for an option against the rule of feeds.yaml for it."""

    def check(text: str) -> str:
        try:
            if text:
                read(text)
        except values.Wrong as wrong:
            raise typer.BadParameter(wrong.text.replace("{value}", f'"{text}"') + wrong.hint) from None
        return text

    return check


def add(
    url: str = typer.Argument(help="The address of a site, of a page of it, or of a feed."),
    pick: int | None = typer.Option(None, "--pick", help="Take the Nth of the feeds found.", min=1, metavar="N"),
    yes: bool = typer.Option(False, "--yes", "-y", help="Take the first one, and ask nothing."),
    id: str = typer.Option("", "--id", help="Its id.", callback=_checked(values.identifier)),
    title: str = typer.Option("", "--title", help="Its name, as readers see it."),
    language: str = typer.Option("", "--language", "-l", help="Its language.", callback=_checked(values.language)),
    outlet: str = typer.Option("", "--outlet", help="The newspaper.", callback=_checked(values.identifier)),
    every: str = typer.Option("", "--every", help="How often it is asked.", callback=_checked(values.interval)),
    allow_private: bool = typer.Option(False, "--allow-private", help="It lies in a network that is not public."),
    dry_run: bool = typer.Option(False, "--dry-run", "-n", help="Write nothing; show what would be written."),
    json: bool = JSON,
    quiet: bool = QUIET,
    config: Path = CONFIG,
) -> None:
    """Find the feeds of a site, show what each holds, and write the chosen one into feeds.yaml."""
    log.configure(json=json)
    file = open_file(config)
    if id and id in dict(file.sources):
        raise typer.BadParameter(f'"{id}" is the id of another source', param_hint="--id")
    if twin := same_feed(url, file.sources):
        _tell_twin(url, twin, file, json=json)
        return
    tell = (lambda _: None) if json or quiet else (lambda asked: typer.echo(f"Asked {asked}", err=True))
    search = asyncio.run(_search(url, file.config, tell, allow_private=allow_private))
    if not search.candidates:
        if json:
            show_json({"url": search.url, "why": search.why, "remedy": search.remedy, "candidates": []})
            raise typer.Exit(1)
        raise SyndicatorError(f"{search.url}: {search.why}; {search.remedy}")
    twins = [same_feed(candidate.url, file.sources) for candidate in search.candidates]
    if not json:
        _show(search, twins, file.config)
    chosen = _choose(search, twins, pick=pick, yes=yes, json=json)
    if chosen is None:
        _tell_twin(search.candidates[0].url, twins[0], file, json=json)
        return
    given = {"id": id, "title": title, "language": language, "outlet": outlet}
    source: dict[str, Any] = _source(chosen, file, given)
    source |= {"every": every} if every else {}
    source |= {"allow_private": True} if allow_private else {}
    text = add_source(file.text, source, name=str(config))
    rewrite(file, text, touched=[str(source["id"])], dry_run=dry_run)
    rule = asyncio.run(_rule_against(chosen.url, file.config, allow_private=allow_private))
    lines = diff_lines(file.text, text, path=config)
    if json:
        report = {"url": search.url, "candidates": _facts(search.candidates, twins), "source": source}
        show_json(report | {"written": not dry_run, "diff": lines, "robots": rule})
        return
    show_diff(lines)
    what = "would be written" if dry_run else "is written"
    typer.echo(f"\n{source['id']} {what} into {config}.")
    if rule:
        typer.echo(f"Its robots.txt forbids it to us ({rule}): it is asked only with a reason under ignore_robots.")
    if not dry_run:
        show_next(config, how_called())


async def _search(url: str, config: Config, tell: Callable[[str], None], *, allow_private: bool) -> Search:
    async with open_fetcher(config, clock=SystemClock()) as fetcher:
        return await search_feeds(url, fetcher=fetcher, tell=tell, allow_private=allow_private)


async def _rule_against(url: str, config: Config, *, allow_private: bool) -> str:
    async with open_fetcher(config, clock=SystemClock()) as fetcher:
        found = await forbidden_by_robots([url], fetcher=fetcher, clock=SystemClock(), allow_private=allow_private)
    return found.get(url, "")


def _choose(search: Search, twins: Sequence[str], *, pick: int | None, yes: bool, json: bool) -> Candidate | None:
    """Return the feed that is to be added; None if all are there already. End the command if nobody can be asked."""
    count = len(search.candidates)
    if pick:
        if pick > count:
            raise typer.BadParameter(f"there {'is' if count == 1 else 'are'} {count}", param_hint="--pick")
        return None if twins[pick - 1] else search.candidates[pick - 1]
    new = [number for number in range(count) if not twins[number]]
    if len(new) <= 1 or yes:
        return search.candidates[new[0]] if new else None
    if json:
        show_json({"url": search.url, "candidates": _facts(search.candidates, twins), "written": False})
    if json or not sys.stdin.isatty():
        typer.echo(f"{search.url} has several feeds; --pick N takes one, --yes the first.", err=True)
        raise typer.Exit(2)
    return search.candidates[_ask_number(twins, default=new[0] + 1) - 1]


def _ask_number(twins: Sequence[str], *, default: int) -> int:
    """Return the number of the feed that the person at the terminal wants; ask until there is one."""
    while True:
        text = str(typer.prompt("\nWhich one", default=str(default))).strip()
        if not text.isdecimal() or not 1 <= int(text) <= len(twins):
            typer.echo(f"Write a number from 1 to {len(twins)}.")
        elif twins[int(text) - 1]:
            typer.echo(f"That one is there already, as {twins[int(text) - 1]}.")
        else:
            return int(text)


def _source(chosen: Candidate, file: NewsroomFile, given: Mapping[str, str]) -> dict[str, Any]:
    """Return the source as it is to be written: what was *given*, else what the feed and its address say."""
    known = outlets_by_host(file.config.sources.values())
    outlet = given["outlet"] or known.get(host_of(chosen.url), "") or propose_outlet(chosen.url)
    return make_source(
        id=given["id"] or propose_id(chosen.url, outlet=outlet, taken=dict(file.sources)),
        title=given["title"] or chosen.title,
        url=chosen.url,
        language=given["language"] or chosen.language,
        outlet=outlet,
    )


def _show(search: Search, twins: Sequence[str], config: Config) -> None:
    """Print what was found: two lines a feed on a terminal, one with tabs elsewhere."""
    zone = ZoneInfo(config.site.timezone)
    rows = []
    for number, (found, twin) in enumerate(zip(search.candidates, twins, strict=True), start=1):
        newest = f"{found.newest.astimezone(zone):%Y-%m-%d}" if found.newest else "no date"
        title = found.title or "no title"
        format = _FORMATS.get(found.version, found.version)
        rows.append((number, title, format, found.language or "–", found.entries, newest, found.url, twin))
    if not sys.stdout.isatty():
        for number, title, format, language, entries, newest, url, twin in rows:
            cells = (number, title, format, language, entries, newest, url, *([f"there as {twin}"] if twin else []))
            typer.echo("\t".join(map(str, cells)))
    else:
        columns = (Column("#", justify="right"), Column("feed", ratio=1, overflow="fold"), "format", "language")
        table = Table(
            *columns, Column("entries", justify="right"), "newest", box=None, header_style="bold", expand=True
        )
        for number, title, format, language, entries, newest, url, twin in rows:
            feed = Text.assemble(
                title, "\n", (url, "dim"), (f"\nis there already, as {twin}" if twin else "", "yellow")
            )
            table.add_row(str(number), feed, format, language, str(entries), newest)
        Console(highlight=False).print(table)
    if search.unasked:
        typer.echo(f"The page names {search.unasked} more; give their addresses to see them.", err=True)


def _tell_twin(url: str, id: str, file: NewsroomFile, *, json: bool) -> None:
    if json:
        show_json({"url": url, "there": id, "written": False})
    else:
        typer.echo(f"{url} is in {file.path} already, as {id}; nothing was written.")


def _facts(candidates: Sequence[Candidate], twins: Sequence[str]) -> list[dict[str, Any]]:
    return [
        asdict(candidate) | {"problems": [str(problem) for problem in candidate.problems], "there": twin}
        for candidate, twin in zip(candidates, twins, strict=True)
    ]

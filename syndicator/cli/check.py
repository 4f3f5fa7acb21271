"""`syndicator check`: is feeds.yaml right, and what newsroom does it make?"""

from __future__ import annotations

import unicodedata
from collections import Counter
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Any

import typer
from rich.markup import escape

from syndicator.cli.console import show_json, show_rows
from syndicator.cli.options import CONFIG, JSON
from syndicator.config.model import Config
from syndicator.errors import ConfigError
from syndicator.model.language import choose_language
from syndicator.newsroom import open_templates, read_config, read_vocabulary
from syndicator.pipeline.rule_faults import needless_terms
from syndicator.pipeline.rulebook import terms_of

# Between two askings of one source: what those who run servers of feeds call polite begins here.
POLITE = timedelta(minutes=5)

REMARKS = 10  # of one kind; nobody reads more in one go


def check(config: Path = CONFIG, json: bool = JSON) -> None:
    """Report every mistake in feeds.yaml, or what the newsroom has."""
    try:
        found = read_config(config)
    except ConfigError as error:
        if json:
            show_json({"ok": False, "mistakes": [_mistake(mistake) for mistake in error.mistakes]})
        else:
            count = len(error.mistakes)
            typer.echo(str(error))
            typer.echo(f"\n{count} mistake{'s' if count > 1 else ''}; nothing is done until they are mended.", err=True)
        raise typer.Exit(1) from None
    if json:
        show_json({"ok": True} | summary(found))
    else:
        show_rows(_rows(found) + _warnings(found, config.parent))


def summary(config: Config) -> dict[str, Any]:
    """Return how much of everything *config* has. A term counts once, however many rules have it."""
    terms = set(terms_of(*(tag.match for tag in config.tags.values() if tag.match)))
    return {
        "sources": len(config.sources),
        "languages": dict(Counter(source.language for source in config.sources.values())),
        "outlets": len({source.outlet for source in config.sources.values()}),
        "tags": len(config.tags),
        "terms": len(terms),
        "scripts": dict(Counter(filter(None, map(_script, terms))).most_common()),
        "lists": len(config.words),
        "vocabularies": list(config.use),
        "sentences": sum(len(tag.must_match) + len(tag.must_not_match) for tag in config.tags.values()),
        "feeds": list(config.feeds),
        "newsletters": list(config.newsletters),
        "mail": "smtp" if config.mail.smtp else "maildir",
    }


def _script(term: str) -> str:
    """Return the script of the first letter of *term* as Unicode names it: Latin, Cyrillic, Cjk, Hangul."""
    letter = next((sign for sign in term.removeprefix("re:") if sign.isalpha()), "")
    return unicodedata.name(letter, "").partition(" ")[0].capitalize() if letter else ""


def _rows(config: Config) -> list[tuple[str, str]]:
    facts = summary(config)
    languages = ", ".join(f"{count} {tag}" for tag, count in sorted(facts["languages"].items()))
    scripts = ", ".join(f"{count} {script}" for script, count in facts["scripts"].items())
    mail = "over SMTP" if config.mail.smtp else f"into the Maildir {config.mail.maildir}"
    return [
        ("Sources", f"{facts['sources']} of {facts['outlets']} outlets: {languages}"),
        ("Tags", f"{facts['tags']}; {facts['sentences']} sentences test them, all rightly"),
        ("Terms", f"{facts['terms']}: {scripts}" if scripts else "none"),
        ("Lists", f"{facts['lists']} of words"),
        ("Vocabularies", ", ".join(facts["vocabularies"]) or "none"),
        ("Feeds", ", ".join(facts["feeds"]) or "none"),
        ("Newsletters", ", ".join(facts["newsletters"]) or "none"),
        ("Mail", f"from {config.mail.sender or 'nobody'}, {mail}"),
        ("Site", f"{config.site.url} in {', '.join(config.site.languages)}"),
    ]


def _warnings(config: Config, folder: Path) -> list[tuple[str, str]]:
    spoken = open_templates(config, folder).languages
    silent = [tag for tag in config.site.languages if not choose_language([tag], spoken)]
    words = [f"{tag}: has no catalogue, so that its own words are English; add locale/{tag}.po" for tag in silent]
    hasty = [source.id for source in config.sources.values() if source.every < POLITE]
    if hasty:
        words.append(f"{', '.join(hasty)}: asked more often than every 5 minutes, which servers may answer with a ban")
    if config.templates and not (folder / config.templates).is_dir():
        words.append(f"{folder / config.templates}: there is no such folder; the shipped templates are used")
    words += _needless(config)
    return [("", f"[yellow]![/yellow] {escape(text)}") for text in words]


def _needless(config: Config) -> list[str]:
    """Return which terms of the file's own rules add nothing, `REMARKS` of them at most."""
    shipped = {id: tag.match for name in config.use for id, tag in read_vocabulary(name).tags.items()}
    own = {id: tag for id, tag in config.tags.items() if tag.match != shipped.get(id)}
    found = [f"tags.{fault.tag}: {fault.text}" for fault in needless_terms(own)]
    more = len(found) - REMARKS
    return [*found[:REMARKS], f"{more} more terms add nothing"] if more > 0 else found


def _mistake(mistake: Any) -> dict[str, Any]:
    return asdict(mistake)

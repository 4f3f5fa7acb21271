"""Say what a turn of the line did: in words for a person, as JSON for a program."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.markup import escape

from syndicator.config.model import Config
from syndicator.newsroom import TurnReport


def as_rows(report: TurnReport, config: Config) -> list[tuple[str, str]]:
    """Return the report as rows of a name and a text with rich's markup."""
    refresh, freeze, publish = report.refresh, report.freeze, report.publish
    by_304 = "304" if refresh.not_modified == refresh.unchanged else f"{refresh.not_modified} by 304"
    sources = f"{refresh.asked} asked: {refresh.changed_sources} changed, {refresh.unchanged} unchanged"
    sources += f" ({by_304})" if refresh.unchanged else ""
    sources += f", {len(refresh.failed)} failed" + (f"; {refresh.waiting} not due yet" if refresh.waiting else "")
    rows = [("Sources", sources)]
    rows += [("", f"[red]✗[/red] {escape(_title(config, id))}: {escape(why)}") for id, why in refresh.failed]
    rows += [("", f"[yellow]![/yellow] {escape(_title(config, id))}: {escape(why)}") for id, why in refresh.troubled]
    if refresh.elsewhere:
        held = f"{refresh.elsewhere} more being asked by another process, or by one that was killed minutes ago"
        rows.append(("", held))
    if refresh.offline:
        rows.append(("", "No server was reached: is there a network, and does it need a proxy? No source is blamed."))
    rows.append(
        ("Entries", f"{refresh.new} new, {refresh.changed} changed; {refresh.kept} kept, {refresh.rejected} rejected")
    )
    unchanged = publish.feed_files - publish.feed_files_written
    feeds = f"{len(config.feeds)} feed" + ("" if len(config.feeds) == 1 else "s")
    rows.append(
        (
            "Feeds",
            f"{publish.stories} stories in {feeds}: {publish.feed_files_written} files written, {unchanged} unchanged",
        )
    )
    rows.append(("Pages", f"{publish.pages_written} written, {publish.pages - publish.pages_written} unchanged"))
    nothing = f"; {freeze.nothing} readers had nothing of theirs in it" if freeze.nothing else ""
    rows.append(("Editions", (", ".join(freeze.editions) or "none due") + nothing))
    rows.append(("Mails", _mails(report)))
    rows += [
        ("", f"[yellow]![/yellow] later, to {escape(who)}: {escape(why)}") for who, why in report.dispatch.deferred
    ]
    rows += [("", f"[red]✗[/red] refused, to {escape(who)}: {escape(why)}") for who, why in report.dispatch.refused]
    rows += [("", f"[red]✗[/red] {escape(fault)}") for fault in report.faults]
    if report.mail_error:
        rows.append(("", f"[red]✗[/red] {escape(report.mail_error)}"))
    return rows


def as_json(report: TurnReport) -> Mapping[str, Any]:
    """Return the report as JSON: the same facts under stable names."""
    refresh, freeze, publish, sent = report.refresh, report.freeze, report.publish, report.dispatch
    return {
        "sources": {
            "asked": refresh.asked,
            "changed": refresh.changed_sources,
            "unchanged": refresh.unchanged,
            "not_modified": refresh.not_modified,
            "not_due": refresh.waiting,
            "elsewhere": refresh.elsewhere,
            "offline": refresh.offline,
            "failed": [{"source": id, "why": why} for id, why in refresh.failed],
            "troubled": [{"source": id, "why": why} for id, why in refresh.troubled],
        },
        "entries": {
            "new": refresh.new,
            "changed": refresh.changed,
            "kept": refresh.kept,
            "rejected": refresh.rejected,
        },
        "feeds": {
            "stories": publish.stories,
            "files": publish.feed_files,
            "written": publish.feed_files_written,
        },
        "faults": report.faults,
        "pages": {"files": publish.pages, "written": publish.pages_written},
        "editions": {"frozen": freeze.editions, "owed": freeze.owed, "nothing_to_say": freeze.nothing},
        "mails": {
            "sent": dict(sorted(sent.sent.items())),
            "deferred": [{"subscriber": who, "reply": why} for who, why in sent.deferred],
            "refused": [{"subscriber": who, "reply": why} for who, why in sent.refused],
            "late": sent.late,
            "withdrawn": sent.withdrawn,
            "error": report.mail_error,
        },
    }


def exit_code(report: TurnReport) -> int:
    """Return 1 when the admin must act: something could not be done, or no source answered at all."""
    no_source = report.refresh.asked > 0 and len(report.refresh.failed) == report.refresh.asked
    return 1 if report.mail_error or report.faults or no_source else 0


def _title(config: Config, source: str) -> str:
    return config.sources[source].title if source in config.sources else source


def _mails(report: TurnReport) -> str:
    sent = report.dispatch.sent
    by_language = ", ".join(f"{count} {language}" for language, count in sorted(sent.items()))
    parts = [f"{sent.total()} sent" + (f": {by_language}" if by_language else "")]
    if report.dispatch.deferred:
        parts.append(f"{len(report.dispatch.deferred)} to be tried again")
    if report.dispatch.late:
        parts.append(f"{report.dispatch.late} withdrawn, as they would have come too late")
    if report.dispatch.refused:
        parts.append(f"{len(report.dispatch.refused)} refused")
    return "; ".join(parts)

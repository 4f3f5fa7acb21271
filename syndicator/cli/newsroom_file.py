"""Open feeds.yaml for an edit, and write it back whole or not at all."""

from __future__ import annotations

import difflib
import os
import stat
import tempfile
from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

import typer
from rich.console import Console
from rich.text import Text

from syndicator.config.edit import add_source, written_sources
from syndicator.config.model import Config
from syndicator.errors import ConfigError, SyndicatorError
from syndicator.newsroom import load_text, read_config

_BOM = "\ufeff"
# Stands in where there is no source yet: a newsroom without any is a mistake, and the very one that is being mended.
_PLACEHOLDER = {"id": "placeholder", "title": "Placeholder", "url": "https://placeholder.invalid/"}


@dataclass(frozen=True, slots=True, kw_only=True)
class NewsroomFile:
    """The file at *path*: its *text* with all its line ends, what it says, and its sources, used or not: (id, url)."""

    path: Path
    text: str
    config: Config
    sources: tuple[tuple[str, str], ...]


def open_file(path: Path) -> NewsroomFile:
    """Return the file at *path*; raise `ConfigError` with its mistakes, but for that of having no source yet."""
    try:
        config = read_config(path)
        text = _read(path)
    except ConfigError as error:
        if any(getattr(mistake, "path", "") != "sources" for mistake in error.mistakes):
            raise
        text = _read(path)
        config = replace(_load(add_source(text, _PLACEHOLDER, name=str(path)), path), sources={})
    return NewsroomFile(path=path, text=text, config=config, sources=tuple(written_sources(text, name=str(path))))


def rewrite(file: NewsroomFile, text: str, *, touched: Collection[str], dry_run: bool = False) -> Config:
    """Write *text* in place of *file*, but for a *dry_run*, and return what it says.

    Only sources of the ids *touched* may differ. The file is replaced at once, its rights stay, a link to it stays a
    link. Raise `ConfigError` for an edit that brings mistakes, `SyndicatorError` when something else would change,
    when somebody else changed the file meanwhile, or when it cannot be written; then nothing is.
    """
    config = _load(text, file.path)
    others = {id: source for id, source in config.sources.items() if id not in touched}
    before = {id: source for id, source in file.config.sources.items() if id not in touched}
    if others != before or replace(config, sources={}) != replace(file.config, sources={}):
        raise SyndicatorError(
            f"{file.path}: the edit would change other parts of it too, and was not written; edit it by hand"
        )
    if not dry_run:
        if _read(file.path) != file.text:
            raise SyndicatorError(
                f"{file.path}: was changed meanwhile by somebody else; nothing was written, try again"
            )
        replace_file(file.path, text.encode())
    return config


def replace_file(path: Path, content: bytes) -> None:
    """Make *content* that of the file at *path*, or of that to which it is a link, at once or not at all."""
    target = path.resolve()
    name = ""
    try:
        handle, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".new", dir=target.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        _keep_rights(target, name)
        os.replace(name, target)
        _sync_folder(target.parent)
    except OSError as error:
        raise SyndicatorError(
            f"{path}: cannot be written: {error.strerror}; nothing was changed. See to the rights of {target.parent}"
        ) from error
    finally:
        with suppress(OSError):
            os.unlink(name)


def diff_lines(before: str, after: str, *, path: Path) -> list[str]:
    """Return what changed between two texts of the file at *path*, as `diff -u` shows it, with one line around."""
    return list(
        difflib.unified_diff(
            before.removeprefix(_BOM).splitlines(), after.removeprefix(_BOM).splitlines(), str(path), str(path),
            n=1, lineterm="",
        )
    )  # fmt: skip


def show_diff(lines: Iterable[str]) -> None:
    """Print what `diff_lines` gave."""
    console = Console(highlight=False)
    styles = {"+": "green", "-": "red", "@": "dim"}
    for line in lines:
        console.print(Text(line, style=styles.get(line[:1], "")), soft_wrap=True)


def show_next(config: Path, called: str) -> None:
    """Print what to do after an edit."""
    option = "" if config == Path("feeds.yaml") else f" --config {config}"
    typer.echo(f"\nNext: {called} check{option}\n      {called} run --dry-run{option}")


def _load(text: str, path: Path) -> Config:
    return load_text(text.removeprefix(_BOM), name=str(path))


def _read(path: Path) -> str:
    try:
        return path.read_bytes().decode()
    except (OSError, UnicodeDecodeError) as error:
        raise SyndicatorError(f"{path}: cannot be read: {error}") from error


def _keep_rights(target: Path, name: str) -> None:
    """Give the file *name* the mode and, where we may, the owner that *target* has."""
    try:
        old = target.stat()
    except FileNotFoundError:
        umask = os.umask(0)
        os.umask(umask)
        os.chmod(name, 0o666 & ~umask)
        return
    if (old.st_uid, old.st_gid) != (os.geteuid(), os.getegid()):
        with suppress(PermissionError):
            os.chown(name, old.st_uid, old.st_gid)
    os.chmod(name, stat.S_IMODE(old.st_mode))


def _sync_folder(folder: Path) -> None:
    """See to it that the new name survives a loss of power."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)

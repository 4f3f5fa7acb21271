"""Watch a file for edits: the home of watchfiles."""

from __future__ import annotations

from asyncio import Event
from collections.abc import AsyncIterator
from pathlib import Path

from watchfiles import awatch

# An editor writes a file in several strokes (a new file, a rename, a touch); they are over within this time.
QUIET = 400  # ms
# Some file systems tell of no changes (network folders, folders of a virtual machine), and what is written while the
# watch begins is told by none: so the file is looked at this often whatever is told.
LOOK = 1_000  # ms


async def edits(path: Path, *, last: str, stop: Event, quiet: int = QUIET) -> AsyncIterator[str]:
    """Yield the text of the file at *path* whenever it is another than the *last*, until *stop* is set.

    While the file cannot be read as UTF-8, nothing is told: it is being written, or it will be.
    """
    # The folder is watched, and everything in it: most editors put a new file in the place of the old one, and
    # a container's file may be a link to a link that is turned.
    changes = awatch(
        path.parent,
        watch_filter=None,
        debounce=quiet,
        step=min(quiet, 50),
        stop_event=stop,
        rust_timeout=LOOK,
        yield_on_timeout=True,
        recursive=False,
    )
    async for _ in changes:
        if (text := _read(path)) not in (None, last):
            last = text or ""
            yield last


def _read(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return None

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
_PATIENCE = 2  # looks; between two strokes of an editor there may be no file


async def edits(path: Path, *, last: str, stop: Event, quiet: int = QUIET) -> AsyncIterator[str | None]:
    """Yield the text of the file at *path* whenever it is another than the *last*, until *stop* is set.

    None is told once when it cannot be read as UTF-8 two looks long: until then it is only being written.
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
    unread = 0
    async for _ in changes:
        text = _read(path)
        if text is None:
            unread += 1
            if unread == _PATIENCE:
                yield None
            continue
        unread = 0
        if text != last:
            last = text
            yield text


def _read(path: Path) -> str | None:
    try:
        # To open a pipe would wait for whoever writes into it.
        if not path.is_file():
            return None
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return None

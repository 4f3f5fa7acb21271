"""Keep the site's files in a folder that any web server can serve."""

from __future__ import annotations

import asyncio
import errno
import os
import secrets
from collections.abc import Collection, Sequence
from pathlib import Path

from syndicator.errors import PublishError
from syndicator.model.story import Document

_REMEDIES = {
    errno.ENOSPC: "make room on the disk",
    errno.EDQUOT: "make room in the quota of the user who runs syndicator",
    errno.EROFS: "mount the disk for writing",
    errno.EACCES: "let the user who runs syndicator write there",
    errno.EPERM: "let the user who runs syndicator write there",
    errno.EISDIR: "move the folder of that name away",
    errno.ENOTEMPTY: "move the folder of that name away",
    errno.ENOTDIR: "move away the file that stands where its folder should be",
    errno.EEXIST: "move away the file that stands where its folder should be",
    errno.ENAMETOOLONG: "give it a shorter id in feeds.yaml",
}


class FileShelf:
    """A shelf (see `ports.Shelf`) in the folder *root*, which is made when the first file is put there.

    A file is replaced whole: whoever reads it meanwhile, or after a crash, has the old or the new
    one. A file whose bytes are the same is left alone, so that its date and its ETag stay. A *dry*
    shelf only says what it would write.
    """

    def __init__(self, root: Path, *, dry: bool = False) -> None:
        self._root = root
        self._dry = dry

    async def put(self, documents: Sequence[Document]) -> list[str]:
        """Write what differs, each file whole or not at all, and return the paths written.

        A document that is `empty` never replaces one that is there. Raise `PublishError` before
        anything is written for a path that leads out of the root, and at the first file that
        cannot be written; files written before it stay.
        """
        return await asyncio.to_thread(self._put, tuple(documents))

    async def missing(self, paths: Collection[str]) -> Collection[str]:
        """Return those of *paths* at which there is no file, or an empty one."""

        def is_missing(path: Path) -> bool:
            return not path.is_file() or path.stat().st_size == 0

        return await asyncio.to_thread(lambda: [path for path in paths if is_missing(self._place(path))])

    def _put(self, documents: Sequence[Document]) -> list[str]:
        targets = [(self._place(document.path), document) for document in documents]
        written = []
        for target, document in targets:
            try:
                if not _wanted(target, document):
                    continue
                if not self._dry:
                    target.parent.mkdir(parents=True, exist_ok=True)
                    _replace(target, document.body)
                written.append(document.path)
            except OSError as error:
                raise PublishError(_message(target, error)) from error
        return written

    def _place(self, path: str) -> Path:
        """Return where *path* lies; a backslash, a colon or a NUL means something else to some system."""
        parts = path.split("/")
        if any(part in ("", ".", "..") for part in parts) or any(sign in path for sign in "\\:\0"):
            raise PublishError(
                f"{path!r}: this is no path inside {self._root}; "
                "use names with forward slashes between them, and no '..'"
            )
        return self._root.joinpath(*parts)


def _wanted(target: Path, document: Document) -> bool:
    """Tell whether *document* says anything that is not at *target* yet."""
    try:
        size = target.stat().st_size
    except FileNotFoundError:
        return True
    return not document.empty and (size != len(document.body) or target.read_bytes() != document.body)


def _replace(target: Path, body: bytes) -> None:
    """Write *body* beside *target* and rename it: POSIX renames a file over another in one step.

    Renaming works within one file system only, hence the same folder. A leading dot keeps web
    servers and `*.xml` from meeting the unfinished file.
    """
    unfinished = target.with_name(f".{secrets.token_hex(8)}.unfinished")
    try:
        # O_EXCL keeps two writers apart. Mode 666 less the umask, unlike that of `tempfile`, lets the server read.
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666), "wb") as file:
            file.write(body)
            file.flush()
            # Without this a power cut may leave the new name on a file without its bytes (ext4, XFS).
            os.fsync(file.fileno())
        os.replace(unfinished, target)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise


def _message(target: Path, error: OSError) -> str:
    remedy = _REMEDIES.get(error.errno or 0, "see to that folder")
    return f"{target}: cannot be written ({error.strerror or error}); {remedy}, then publish again"

"""Write mail into a Maildir: where it goes when feeds.yaml names no mail server.

A Maildir is a folder that any mail program can open; there each mail is one file, written in `tmp` and
moved to `new` when it is whole.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import re
from collections.abc import AsyncGenerator, Iterable
from pathlib import Path

from syndicator.errors import MailError
from syndicator.model.mail import Accepted, Message, Receipt

_MESSAGE_ID = re.compile(rb"^message-id:\s*(\S+)", re.IGNORECASE | re.MULTILINE)


class Maildir:
    """A Maildir at *path*; the folders are made when the first mail comes."""

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)

    def deliver(self, data: bytes, *, name: str) -> Path:
        """Write a mail and return its file; one of this *name* that is there already is left alone.

        The file has the line ends of this system's mailboxes (LF). Raise `OSError`; then nothing is left behind.
        """
        for folder in ("tmp", "new", "cur"):
            (self.path / folder).mkdir(mode=0o700, parents=True, exist_ok=True)
        if there := self._find(name):
            return there
        waiting, final = self.path / "tmp" / f"{name}.{os.getpid()}", self.path / "new" / name
        try:
            with open(waiting, "wb", opener=_private) as file:
                file.write(data.replace(b"\r\n", b"\n"))
                file.flush()
                os.fsync(file.fileno())
            waiting.rename(final)
        except OSError:
            waiting.unlink(missing_ok=True)
            raise
        _sync_folder(final.parent)
        return final

    def _find(self, name: str) -> Path | None:
        """Return the file of that name: in `new`, or in `cur` with the flags that a mail program gave it."""
        if (new := self.path / "new" / name).exists():
            return new
        with os.scandir(self.path / "cur") as files:
            return next((Path(file) for file in files if file.name.partition(":")[0] == name), None)


class MaildirMailer:
    """Hands mails over by writing them into the Maildir at *path*, one file a mail."""

    def __init__(self, path: str | Path) -> None:
        self._maildir = Maildir(path)

    async def send(self, messages: Iterable[Message]) -> AsyncGenerator[Receipt, None]:
        """Yield one receipt for every message; see `ports.Mailer`. The same mail twice is one file.

        Raise `MailError` when the folder cannot be written.
        """
        for message in messages:
            try:
                path = await asyncio.to_thread(self._maildir.deliver, message.data, name=_file_name(message))
            except OSError as error:
                raise MailError(
                    f"{error.filename or self._maildir.path}: mail cannot be written here: {error.strerror}; make room "
                    "or give the folder to this user, or name a server under mail.smtp in feeds.yaml"
                ) from error
            yield Accepted(delivery=message.delivery, reply=f"250 written to {path}")


def _file_name(message: Message) -> str:
    """Return a name that follows from the mail's Message-ID, or from all of it when it has none."""
    head = message.data.partition(b"\r\n\r\n")[0]
    found = _MESSAGE_ID.search(head)
    mark = found[1] if found else message.data
    return hashlib.sha256(message.recipient.encode() + b"\0" + mark).hexdigest()[:32]


def _private(path: str, flags: int) -> int:
    """Open for this user only: mails hold addresses, and links that act in a reader's name."""
    return os.open(path, flags, 0o600)


def _sync_folder(folder: Path) -> None:
    """Make sure that the entry of a new file outlives a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

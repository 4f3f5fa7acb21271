"""Receive the demo's mail over real SMTP on loopback, and keep every arrival, byte for byte, in a Maildir."""

from __future__ import annotations

import asyncio
import hashlib
import re
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

from aiosmtpd.controller import Controller

_ARRIVAL = re.compile(r"(?P<number>\d+)\.[0-9a-f]+\.demo")
_MESSAGE_ID = re.compile(rb"^Message-ID:[ \t]*(?:\r\n[ \t]+)?(\S+)", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrivedMail:
    """A mail as it came: its envelope (RFC 5321), and the bytes that followed DATA, without dot-stuffing."""

    recipient: str
    reverse_path: str
    data: bytes = field(repr=False)


class MailServer:
    """An SMTP server which keeps each arrival as its own file under `<maildir>/new`.

    The same mail delivered twice is two files, and their names show that they are the same: an
    arrival number, then a hash of Message-ID and recipient. *refuse* may answer a recipient with an
    SMTP reply line (`450 4.2.1 Try later`); it is called in the server's own thread.
    """

    def __init__(self, maildir: Path, *, refuse: Callable[[str], str | None] | None = None) -> None:
        self.maildir = maildir
        self.refuse = refuse
        self._drop: _Drop | None = None
        self._arrivals = 0
        self._listening = False
        self._lock = threading.Lock()
        self._controller = _Controller(_Door(self))

    @property
    def url(self) -> str:
        """The address for `mail.smtp`, with the port that the system picked."""
        return f"smtp://127.0.0.1:{self._controller.port}"

    def drop_after(self, messages: int, *, kept: bool = True) -> None:
        """Answer *messages* more, then break the connection once, after the final dot of the one that follows.

        Its sender gets no reply, and cannot know whether the mail was taken (RFC 1047): it is
        unless *kept* is false. After that the server goes on as before.
        """
        with self._lock:
            self._drop = _Drop(messages=messages, kept=kept)

    def messages(self) -> list[ArrivedMail]:
        """Return all mail in the Maildir, in the order in which it arrived."""
        files = [file for folder in ("new", "cur") for file in (self.maildir / folder).iterdir()]
        ours = sorted((file for file in files if _ARRIVAL.match(file.name)), key=lambda file: file.name)
        return [_read(file.read_bytes()) for file in ours]

    def __enter__(self) -> MailServer:
        for folder in ("tmp", "new", "cur"):
            (self.maildir / folder).mkdir(parents=True, exist_ok=True)
        # Others may write to this Maildir too: the newsroom itself does when it is run without this server.
        names = [file.name for folder in ("new", "cur") for file in (self.maildir / folder).iterdir()]
        ours = [match for name in names if (match := _ARRIVAL.match(name))]
        self._arrivals = max((int(match["number"]) for match in ours), default=0)
        self._controller.start()
        self._listening = True
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop answering; nothing happens when that was done before."""
        if self._listening:
            self._listening = False
            self._controller.stop()

    def take(self, envelope: Any) -> bool:
        """Keep a mail, once for each of its recipients; return whether its sender is to be told so."""
        with self._lock:
            drop = self._drop if self._drop and self._drop.messages == 0 else None
            if self._drop:
                self._drop = None if drop else _Drop(messages=self._drop.messages - 1, kept=self._drop.kept)
            if drop is None or drop.kept:
                for recipient in envelope.rcpt_tos:
                    self._keep(recipient, envelope.mail_from or "", envelope.original_content)
        return drop is None

    def _keep(self, recipient: str, reverse_path: str, data: bytes) -> None:
        """Write one arrival, whole or not at all: under tmp/ first, as a Maildir wants it."""
        self._arrivals += 1
        found = _MESSAGE_ID.search(data)
        key = hashlib.sha256((found[1] if found else data) + b"\0" + recipient.encode()).hexdigest()[:16]
        name = f"{self._arrivals:06d}.{key}.demo"
        head = f"Return-Path: <{reverse_path}>\r\nX-Envelope-To: {recipient}\r\n"
        (self.maildir / "tmp" / name).write_bytes(head.encode() + data)
        (self.maildir / "tmp" / name).rename(self.maildir / "new" / name)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Drop:
    messages: int
    kept: bool


class _Door:
    """What aiosmtpd asks of us. The names and the arguments of the methods are its own, which linters cannot know."""

    def __init__(self, post: MailServer) -> None:
        self._post = post

    async def handle_RCPT(  # noqa: N802
        self,
        server: Any,  # noqa: ARG002
        session: Any,  # noqa: ARG002
        envelope: Any,
        address: str,
        options: list[str],
    ) -> str:
        reply = self._post.refuse(address) if self._post.refuse else None
        if reply:
            return reply
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 Recipient ok"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: ARG002, N802
        if not self._post.take(envelope):
            server.transport.abort()
            # There is nobody left to answer: aiosmtpd cancels this, as it does whenever a connection is lost.
            await asyncio.Event().wait()
        return "250 2.0.0 Taken"


class _Controller(Controller):
    """aiosmtpd's thread, on a port that the system picks: aiosmtpd itself must be told one."""

    def __init__(self, door: _Door) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        # Named, for otherwise aiosmtpd asks the resolver for this machine's name, which may take seconds offline.
        super().__init__(
            door,
            hostname="127.0.0.1",
            port=self._socket.getsockname()[1],
            server_hostname="mail.reader.example",
        )

    def _create_server(self) -> Any:
        return self.loop.create_server(self._factory_invoker, sock=self._socket)


def _read(stored: bytes) -> ArrivedMail:
    reverse_path, recipient, data = stored.split(b"\r\n", 2)
    return ArrivedMail(
        recipient=recipient.partition(b": ")[2].decode(),
        reverse_path=reverse_path.partition(b": ")[2].decode().strip("<>"),
        data=data,
    )

"""Hand mails to an SMTP server, over a few connections that are used again and again (RFC 5321).

The home of aiosmtplib. Its `sendmail` waits one minute everywhere and cannot tell a connection that broke
before the final dot from one that broke after it, so that we speak the transaction command by command.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncGenerator, Iterable
from itertools import chain, islice
from typing import Self, cast

import aiosmtplib

from syndicator.edges.smtp_rules import (
    Server,
    Timeouts,
    blames_message,
    blames_sender,
    is_address,
    parse_server,
    receipt,
    wire_form,
)
from syndicator.errors import MailError
from syndicator.log import get_logger
from syndicator.model.mail import Accepted, Deferred, Message, Receipt, Refused
from syndicator.pipeline.headers import ascii_domain

log = get_logger()

_BLOCK = 2**16  # octets written at a time; each has the time-out of a block
# So many refusals in a row that blame the sender, with no mail taken between them, are no reader's doing;
# fewer may be, and must not hold up the others.
_MAX_BLAMES = 3


class SmtpMailer:
    """Hands mails to the server at *url*: `smtp://`, `smtp+starttls://` or `smtps://`, `[user:password@]host[:port]`.

    `smtp://` is in the clear, and takes a password only to the machine itself. The other two demand TLS and
    a valid certificate. *hostname* is what we call ourselves (EHLO); by default the machine's own name.
    """

    def __init__(
        self,
        url: str,
        *,
        connections: int = 4,
        hostname: str = "",
        timeouts: Timeouts | None = None,
        tls_context: ssl.SSLContext | None = None,
    ) -> None:
        self._server = parse_server(url)
        self._connections = connections
        self._hostname = ascii_domain(hostname)
        self._timeouts = timeouts or Timeouts()
        self._tls = None if self._server.scheme == "smtp" else tls_context or ssl.create_default_context()
        self._idle: list[_Connection] = []
        self._blames = 0

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Take leave of the server; one that does not answer is left after a few seconds."""
        idle, self._idle = self._idle, []
        await asyncio.gather(*(connection.quit() for connection in idle))

    async def send(self, messages: Iterable[Message]) -> AsyncGenerator[Receipt, None]:
        """Yield one receipt for every message, as they come; see `ports.Mailer`.

        A new mail is begun only when the receipts of those before were taken, so that a crash leaves
        no more than *connections* of them unwritten. Raise `MailError`, after the receipts of all that
        was under way, when no connection is left that works.
        """
        self._blames = 0
        waiting = iter(messages)
        flying: dict[asyncio.Task[Receipt], Message] = {}
        limit = self._connections
        # One mail goes ahead, so that a wrong password is said once and not by every connection.
        alone = not self._idle
        try:
            while True:
                for message in islice(waiting, max(0, (1 if alone else limit) - len(flying))):
                    flying[asyncio.create_task(self._deliver(message))] = message
                if not flying:
                    return
                done, _ = await asyncio.wait(flying, return_when=asyncio.FIRST_COMPLETED)
                failed = {task: error for task in done if isinstance(error := task.exception(), MailError)}
                for task in done - failed.keys():
                    yield task.result()
                    del flying[task]
                    alone = False
                unsent = [flying.pop(task) for task in failed]
                if failed and not flying and len(failed) == len(done):
                    raise next(iter(failed.values()))
                if failed:
                    # Servers limit the connections of one client; those that work carry on.
                    limit = max(1, len(flying))
                    waiting = chain(unsent, waiting)
        finally:
            # Who stops listening loses the receipts of what is under way: those mails come again.
            for task in flying:
                task.cancel()
            await asyncio.gather(*flying, return_exceptions=True)

    async def _deliver(self, message: Message) -> Receipt:
        if not is_address(message.recipient):
            return Refused(delivery=message.delivery, reply="553 5.1.3 not sent: this is no mail address")
        why = ""
        for fresh in (False, True):
            connection = await self._borrow(fresh=fresh)
            try:
                answer = await connection.hand_over(message)
            except _BrokenSession as error:
                connection.abort()
                why = str(error)
                log.info("mail connection lost", server=str(self._server), why=why)
                continue
            except BaseException:
                # Cancelled, or nothing to be sent at all: what the server has of this mail must not end in a dot.
                connection.abort()
                raise
            if connection.is_open:
                self._idle.append(connection)
            return self._weigh(answer)
        return Deferred(delivery=message.delivery, reply=why)

    async def _borrow(self, *, fresh: bool) -> _Connection:
        """Return a connection that waits, the one used last first, or a new one."""
        while self._idle and not fresh:
            connection = self._idle.pop()
            if connection.is_open and connection.is_fresh:
                return connection
            await connection.quit()
        return await _Connection.open(
            self._server, hostname=self._hostname, timeouts=self._timeouts, tls_context=self._tls
        )

    def _weigh(self, answer: Receipt) -> Receipt:
        """Return *answer*, but a deferral where a refusal blames us; raise `MailError` when that goes on."""
        if isinstance(answer, Accepted):
            self._blames = 0
        if not isinstance(answer, Refused) or not blames_sender(answer.reply):
            return answer
        self._blames += 1
        if self._blames >= _MAX_BLAMES:
            raise MailError(
                f"{self._server}: the server refuses one mail after another: {answer.reply}; "
                "check that it may be used with this login and for this sender"
            )
        return Deferred(delivery=answer.delivery, reply=answer.reply)


class _BrokenSession(Exception):
    """The session is of no more use, and the mail at hand was surely not taken."""


class _Connection:
    """One session with the server."""

    def __init__(self, client: aiosmtplib.SMTP, server: Server, timeouts: Timeouts) -> None:
        if client.protocol is None or client.transport is None:
            raise aiosmtplib.SMTPServerDisconnected("Connection lost")
        loop = asyncio.get_running_loop()
        self._client = client
        self._server = server
        self._timeouts = timeouts
        self._protocol = client.protocol
        self._transport = cast(asyncio.WriteTransport, client.transport)
        # With hardly a buffer to fill, drain() returns when all is with the operating system. Not with none:
        # asyncio's TLS would then wait for room that it already has.
        self._transport.set_write_buffer_limits(high=1, low=0)
        self._writer = asyncio.StreamWriter(self._transport, self._protocol, None, loop)
        self._used_at = loop.time()

    @classmethod
    async def open(
        cls, server: Server, *, hostname: str, timeouts: Timeouts, tls_context: ssl.SSLContext | None
    ) -> _Connection:
        """Return a connection that is ready for mail; raise `MailError` if there is none to be had."""
        client = aiosmtplib.SMTP(
            hostname=server.host,
            port=server.port,
            username=server.user or None,
            password=server.password or None,
            local_hostname=hostname or None,
            timeout=timeouts.greeting,
            use_tls=server.scheme == "smtps",
            start_tls=server.scheme == "smtp+starttls",
            tls_context=tls_context,
        )
        try:
            await client.connect()
            if client.is_ehlo_or_helo_needed:
                try:
                    await client.ehlo()
                except aiosmtplib.SMTPHeloError:
                    await client.helo()
            return cls(client, server, timeouts)
        except (OSError, aiosmtplib.SMTPException) as error:
            client.close()
            raise MailError(f"{server}: {_diagnose(error, server)}") from error

    @property
    def is_open(self) -> bool:
        """Whether neither side has ended it."""
        return self._client.is_connected

    @property
    def is_fresh(self) -> bool:
        """Whether it was used so lately that it may be relied on."""
        return asyncio.get_running_loop().time() - self._used_at < self._timeouts.idle

    def abort(self) -> None:
        """Break off at once: nothing more is sent, not even what is in the buffer."""
        self._transport.abort()
        self._client.close()

    async def quit(self) -> None:
        """Take leave, if the server lets us."""
        try:
            await self._client.quit(timeout=self._timeouts.quit)
        except (OSError, aiosmtplib.SMTPException):
            self.abort()

    async def hand_over(self, message: Message) -> Receipt:
        """Return what the server says to *message*.

        Raise `_BrokenSession` when it was surely not taken and a new session may do better, `MailError`
        when the server takes nothing from this sender.
        """
        data = wire_form(message.data)
        options, obstacle = self._options(message, len(data))
        if obstacle:
            return Refused(delivery=message.delivery, reply=obstacle)
        reply = await self._ask(b"MAIL", b"FROM:<%s>" % message.reverse_path.encode(), *options)
        if reply[0] == "5" and not blames_message(reply):
            raise MailError(
                f"{self._server}: the server takes no mail from <{message.reverse_path}>: {reply}; "
                "check mail.from in feeds.yaml, and that this login may use it"
            )
        if reply[0] == "2":
            reply = await self._ask(b"RCPT", b"TO:<%s>" % message.recipient.encode())
        if reply[0] == "2":
            reply = await self._ask(b"DATA", go_on="3", patience=self._timeouts.data)
        if reply[0] == "3":
            return await self._send_content(message.delivery, data)
        await self._reset()
        return receipt(message.delivery, reply)

    def _options(self, message: Message, size: int) -> tuple[list[bytes], str]:
        """Return what MAIL says of *message*, and why the server cannot take it, if it cannot."""
        options = []
        offered = self._client.esmtp_extensions
        if not (message.recipient + message.reverse_path).isascii():
            if "smtputf8" not in offered:
                return [], "553 5.6.7 not sent: the mail server takes ASCII addresses only (no SMTPUTF8)"
            options.append(b"SMTPUTF8")
        if "size" in offered:
            limit = offered["size"].strip()
            if limit.isdecimal() and 0 < int(limit) < size:
                return [], f"552 5.3.4 not sent: the mail has {size} octets, and the mail server takes {limit}"
            options.append(b"SIZE=%d" % size)
        return options, ""

    async def _ask(self, *words: bytes, go_on: str = "2", patience: float | None = None) -> str:
        """Return the reply to a command on one line: it begins with *go_on*, or with `4` or `5`."""
        try:
            response = await self._client.execute_command(*words, timeout=patience or self._timeouts.command)
        except (OSError, aiosmtplib.SMTPException) as error:
            raise _BrokenSession(f"the connection broke after {words[0].decode()}: {_say(error)}") from error
        task = asyncio.current_task()
        if task and task.cancelling():
            # wait_for, in which aiosmtplib waits, forgets before Python 3.12 that it was cancelled when the
            # answer comes at the same moment; the mail would be sent after all.
            raise asyncio.CancelledError
        # 421: the server is leaving. 503, or yes to another question: we are not at the same place in the
        # session. None of it is the reader's doing.
        if response.code in (421, 503) or str(response.code)[0] not in (go_on, "4", "5"):
            raise _BrokenSession(f"{_one_line(response)} (in answer to {words[0].decode()})")
        return _one_line(response)

    async def _send_content(self, delivery: str, data: bytes) -> Receipt:
        try:
            for start in range(0, len(data), _BLOCK):
                self._protocol.write(data[start : start + _BLOCK])
                async with asyncio.timeout(self._timeouts.block):
                    await self._writer.drain()
            self._protocol.write(b".\r\n")
        except (OSError, aiosmtplib.SMTPException) as error:
            raise _BrokenSession(f"the connection broke before the final dot: {_say(error)}") from error
        try:
            response = await self._protocol.read_response(timeout=self._timeouts.dot)
        except (OSError, aiosmtplib.SMTPException) as error:
            self.abort()
            return Deferred(delivery=delivery, reply=f"no answer to the final dot: {_say(error)}", uncertain=True)
        self._used_at = asyncio.get_running_loop().time()
        if response.code == 421:
            self.abort()
        elif not 200 <= response.code <= 299:
            await self._reset()
        return receipt(delivery, _one_line(response))

    async def _reset(self) -> None:
        """Make the server forget the mail at hand; without that the session is of no more use."""
        self._used_at = asyncio.get_running_loop().time()
        try:
            await self._client.rset(timeout=self._timeouts.command)
        except (OSError, aiosmtplib.SMTPException):
            self.abort()


def _diagnose(error: Exception, server: Server) -> str:
    """Return what kept us from the server, and what helps."""
    if isinstance(error, aiosmtplib.SMTPAuthenticationError):
        return f"login refused: {_say(error)}; check user and password in mail.smtp (percent-encoded)"
    if isinstance(error, ssl.SSLError) or isinstance(error.__cause__, ssl.SSLError):
        return f"no TLS: {_say(error)}; the certificate must be valid for {server.host}, or the scheme another one"
    return f"cannot be used: {_say(error)}; check mail.smtp, and that the server runs and lets this machine in"


def _one_line(response: aiosmtplib.SMTPResponse) -> str:
    return " ".join(f"{response.code} {response.message}".split())


def _say(error: Exception) -> str:
    if isinstance(error, aiosmtplib.SMTPResponseException):
        return " ".join(f"{error.code} {error.message}".split())
    return str(error) or type(error).__name__

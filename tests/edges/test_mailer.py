"""Every mailer keeps the port's promises; SMTP loses nothing, doubles nothing and blames no reader wrongly."""

from __future__ import annotations

import asyncio
import re
import socket
import ssl
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

from syndicator.edges.maildir import MaildirMailer
from syndicator.edges.mailer import SmtpMailer
from syndicator.edges.smtp_rules import Timeouts
from syndicator.errors import MailError
from syndicator.model.mail import Accepted, Deferred, Message, Receipt, Refused
from syndicator.ports import Mailer
from syndicator.testing import Outbox

CERTIFICATE = Path(__file__).with_name("localhost.pem")


def a_message(reader: str = "ada", body: str = "Xin chào\r\n", **changes: str) -> Message:
    """Return a mail that is ready for the wire."""
    data = f"Message-ID: <{reader}@news.example>\r\nSubject: News\r\n\r\n{body}".encode()
    base = Message(
        delivery=f"weekly|{reader}", reverse_path="news@news.example", recipient=f"{reader}@reader.example", data=data
    )
    return replace(base, **changes)


def messages(count: int) -> list[Message]:
    return [a_message(f"reader{number}") for number in range(count)]


async def send(mailer: Mailer, *batch: Message) -> list[Receipt]:
    return [receipt async for receipt in mailer.send(batch)]


async def send_until_it_fails(mailer: Mailer, batch: Iterable[Message]) -> tuple[list[Receipt], str]:
    """Return the receipts that came, and what was said when no more could."""
    receipts: list[Receipt] = []
    try:
        async for receipt in mailer.send(batch):
            receipts.append(receipt)  # noqa: PERF401
    except MailError as error:
        return receipts, str(error)
    return receipts, ""


class Postbox:
    """Keeps what aiosmtpd, a server of its own, took."""

    def __init__(self) -> None:
        self.mails: list[tuple[str, bytes]] = []

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        self.mails.append((envelope.rcpt_tos[0], envelope.content))
        return "250 taken"


@asynccontextmanager
async def listening(factory: Callable[[], asyncio.Protocol], **options: object) -> AsyncIterator[int]:
    """Serve *factory*'s protocols on loopback and yield the port."""
    server = await asyncio.get_running_loop().create_server(factory, "127.0.0.1", 0, **options)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


# ---- what every mailer promises


@dataclass
class Room:
    """A mailer, and a way to see what arrived."""

    mailer: Mailer
    arrived: Callable[[], list[bytes]]


@pytest.fixture(params=["outbox", "maildir", "smtp"])
async def room(request, tmp_path) -> AsyncIterator[Room]:
    if request.param == "outbox":
        outbox = Outbox()
        yield Room(outbox, lambda: [message.data for message in outbox.sent])
    elif request.param == "maildir":
        new = tmp_path / "mail" / "new"
        yield Room(MaildirMailer(tmp_path / "mail"), lambda: [path.read_bytes() for path in new.glob("*")])
    else:
        postbox = Postbox()
        async with (
            listening(lambda: SMTP(postbox, hostname="localhost")) as port,
            SmtpMailer(f"smtp://127.0.0.1:{port}", hostname="localhost") as mailer,
        ):
            yield Room(mailer, lambda: [content for _, content in postbox.mails])


async def test_every_message_gets_one_receipt(room):
    receipts = await send(room.mailer, *messages(9))

    assert Counter(r.delivery for r in receipts) == Counter(m.delivery for m in messages(9))
    assert all(isinstance(receipt, Accepted) for receipt in receipts)


async def test_every_message_arrives_unharmed(room):
    batch = [
        a_message("ada", body=".\r\n..\r\n.dots first\r\n\r\nFrom me"),
        a_message("bob", body="Xin chào\r\n" * 9000),
    ]

    await send(room.mailer, *batch)

    arrived = sorted(mail.replace(b"\r\n", b"\n").rstrip() for mail in room.arrived())
    assert arrived == sorted(message.data.replace(b"\r\n", b"\n").rstrip() for message in batch)


async def test_no_messages_make_no_receipts(room):
    assert await send(room.mailer) == []


async def test_messages_may_come_from_a_generator(room):
    receipts = [receipt async for receipt in room.mailer.send(message for message in messages(3))]

    assert len(receipts) == 3


async def test_a_mailer_is_used_again(room):
    await send(room.mailer, a_message("ada"))
    await send(room.mailer, a_message("bob"))

    assert len(room.arrived()) == 2


# ---- a server that does as it is told

Script = Callable[[str, str, int], str]


def in_turn(**replies: list[str]) -> Script:
    """Return a script that answers each verb with these replies in turn, and then as it should be."""
    left = {verb: list(lines) for verb, lines in replies.items()}
    return lambda verb, *_: left[verb].pop(0) if left.get(verb) else ""


def for_reader(verb: str, reader: str, reply: str) -> Script:
    """Return a script that answers *verb* so when it concerns *reader*."""
    return lambda asked, argument, _: reply if asked == verb and f"<{reader}@" in argument else ""


class Server:
    """An SMTP server on loopback which says what *script* says, and `250 OK` where that says nothing.

    The script is asked for CONNECT, for each command, and for DOT. Instead of a reply it may say `drop`
    (the connection is closed), `silence` (nothing is said), or after DATA `deaf` (nothing is read any more
    until `hear` is set).
    """

    def __init__(self, script: Script) -> None:
        self.script = script
        self.sessions: list[list[str]] = []
        self.mails: list[tuple[str, bytes]] = []
        self.unended: list[bytes] = []
        self.hear = asyncio.Event()
        self.in_content = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        commands: list[str] = []
        self.sessions.append(commands)
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            await self._session(reader, writer, commands, len(self.sessions) - 1)
        except ConnectionError:
            pass
        finally:
            self._tasks.discard(task)
            writer.close()

    async def _session(self, reader, writer, commands, number) -> None:
        line, verb, usual = "", "CONNECT", "220 here"
        recipient, content = "", b""
        while True:
            reply = self.script(verb, line, number) or usual
            if verb == "DOT" and not reply.startswith(("4", "5")):
                self.mails.append((recipient, content))
            if reply == "drop":
                return
            if reply != "silence":
                writer.write(reply.replace("deaf", "354 go on").encode() + b"\r\n")
            if verb == "QUIT" or reply.startswith("421"):
                return
            if reply == "deaf":
                self.in_content.set()
                await self.hear.wait()
            if verb == "DATA" and reply.startswith(("354", "deaf")):
                content = await self._content(reader)
                verb, usual = "DOT", "250 taken"
                commands.append(verb)
                continue
            line = (await reader.readline()).decode().rstrip("\r\n")
            if not line:
                return
            commands.append(line)
            verb = line.split(" ")[0].upper()
            usual = {"DATA": "354 go on", "QUIT": "221 bye"}.get(verb, "250 OK")
            if verb == "RCPT":
                recipient = line.partition("<")[2].rpartition(">")[0]

    async def _content(self, reader) -> bytes:
        lines = []
        while (line := await reader.readline()) != b".\r\n":
            if not line.endswith(b"\n"):
                self.unended.append(b"".join(lines))
                raise ConnectionError
            lines.append(line.removeprefix(b"."))
        return b"".join(lines)

    async def close(self) -> None:
        self.hear.set()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    @property
    def readers(self) -> list[str]:
        """To whom mail arrived, in the order of the alphabet."""
        return sorted(recipient.partition("@")[0] for recipient, _ in self.mails)


@dataclass
class Line:
    """A mailer and the server it speaks to."""

    server: Server
    mailer: SmtpMailer


@pytest.fixture
async def line() -> AsyncIterator[Callable[..., Awaitable[Line]]]:
    """Return what makes a server of a script, and a mailer for it."""
    open_: list[tuple[asyncio.Server, Line]] = []

    async def make(script: Script = in_turn(), *, connections: int = 1, **timeouts: float) -> Line:  # noqa: B008
        server = Server(script)
        listener = await asyncio.start_server(server.serve, "127.0.0.1", 0)
        mailer = SmtpMailer(
            f"smtp://127.0.0.1:{listener.sockets[0].getsockname()[1]}",
            connections=connections,
            hostname="localhost",
            timeouts=Timeouts(**timeouts),
        )
        open_.append((listener, Line(server, mailer)))
        return open_[-1][1]

    yield make
    for listener, made in open_:
        await made.mailer.close()
        listener.close()
        await made.server.close()


# ---- connections


async def test_five_hundred_mails_arrive_once_each_over_four_connections(line):
    post = await line(connections=4)

    receipts = await send(post.mailer, *messages(500))

    assert len(receipts) == 500
    assert Counter(post.server.readers) == Counter(f"reader{number}" for number in range(500))
    assert len(post.server.sessions) == 4


async def test_a_connection_is_used_again_by_the_next_sending(line):
    post = await line()

    await send(post.mailer, *messages(3))
    await send(post.mailer, *messages(3))

    assert len(post.server.sessions) == 1


async def test_each_mail_is_a_transaction_of_one_recipient(line):
    post = await line()

    await send(post.mailer, a_message("ada"), a_message("bob"))

    assert post.server.sessions[0][1:] == [
        "MAIL FROM:<news@news.example>", "RCPT TO:<ada@reader.example>", "DATA", "DOT",
        "MAIL FROM:<news@news.example>", "RCPT TO:<bob@reader.example>", "DATA", "DOT",
    ]  # fmt: skip


async def test_a_connection_that_died_while_it_waited_is_opened_again(line):
    post = await line(in_turn(MAIL=["", "drop"]))

    first = await send(post.mailer, a_message("ada"))
    second = await send(post.mailer, a_message("bob"))

    assert [type(receipt) for receipt in first + second] == [Accepted, Accepted]
    assert post.server.readers == ["ada", "bob"]


async def test_a_connection_that_waited_too_long_is_left_politely(line):
    post = await line(idle=0)

    await send(post.mailer, a_message("ada"))
    await send(post.mailer, a_message("bob"))

    assert [session[-1] for session in post.server.sessions] == ["QUIT", "DOT"]


async def test_a_server_that_allows_one_connection_gets_all_over_that(line):
    post = await line(lambda verb, _, session: "421 too many" * (verb == "CONNECT" and session > 0), connections=4)

    receipts = await send(post.mailer, *messages(20))

    assert len(receipts) == 20
    assert len(set(post.server.readers)) == len(post.server.readers) == 20


async def test_a_server_that_does_not_answer_quit_does_not_hold_us_up(line):
    post = await line(in_turn(QUIT=["silence"]), quit=0.05)
    await send(post.mailer, a_message())

    await post.mailer.close()

    assert post.server.sessions[0][-1] == "QUIT"


# ---- refusals


@pytest.mark.parametrize(
    ("verb", "reply", "expected"),
    [
        pytest.param("RCPT", "450 4.2.0 greylisted, come again", Deferred, id="greylisting is for later"),
        pytest.param("RCPT", "550 5.1.1 no such user", Refused, id="an unknown reader is refused"),
        pytest.param("RCPT", "552 5.2.2 mailbox full", Deferred, id="a full mailbox may be emptied"),
        pytest.param("RCPT", "552 too many recipients", Deferred, id="552 may be too many recipients"),
        pytest.param("RCPT", "550 5.7.1 this mailbox takes mail from colleagues only", Refused, id="a reader's policy"),
        pytest.param("MAIL", "451 4.3.0 try later", Deferred, id="a server that is not itself"),
        pytest.param("MAIL", "552 5.3.4 message size exceeds fixed limit", Refused, id="a mail that is too large"),
        pytest.param("DATA", "451 4.3.0 try later", Deferred, id="no room for the content"),
        pytest.param("DATA", "554 5.5.1 no valid recipients", Refused, id="no content wanted"),
        pytest.param("DOT", "451 4.7.1 try later", Deferred, id="deferred after the content"),
        pytest.param("DOT", "554 5.6.0 not like this", Refused, id="refused after the content"),
        pytest.param("DOT", "552 5.3.4 message too large", Refused, id="too large after the content"),
    ],
)
async def test_a_refusal_is_the_reader_s_own_and_the_connection_goes_on(line, verb, reply, expected):
    post = await line(in_turn(**{verb: [reply]}))

    first, second = await send(post.mailer, a_message("ada"), a_message("bob"))

    assert first == expected(delivery="weekly|ada", reply=reply)
    assert isinstance(second, Accepted)
    assert post.server.readers == ["bob"]
    assert len(post.server.sessions) == 1
    assert "RSET" in post.server.sessions[0]


async def test_a_reply_of_many_lines_is_told_in_one(line):
    post = await line(in_turn(RCPT=["550-5.1.1 no such\r\n550 5.1.1 user"]))

    (receipt,) = await send(post.mailer, a_message())

    assert receipt.reply == "550 5.1.1 no such 5.1.1 user"


async def test_a_session_that_cannot_be_reset_is_not_used_again(line):
    post = await line(in_turn(RCPT=["550 5.1.1 no"], RSET=["500 what?"]))

    receipts = await send(post.mailer, a_message("ada"), a_message("bob"))

    assert [type(receipt) for receipt in receipts] == [Refused, Accepted]
    assert len(post.server.sessions) == 2


@pytest.mark.parametrize("verb", ["MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize(
    "reply", ["421 4.3.2 going down", "drop", "503 5.5.1 not now", "gibberish", "354 what?", "220 ?"]
)
async def test_a_session_that_breaks_before_the_content_is_followed_by_another(line, verb, reply):
    if (verb, reply) == ("DATA", "354 what?"):
        reply = "250 ok"  # the one that is out of place there
    elif reply == "220 ?":
        reply = "199 ?"
    post = await line(in_turn(**{verb: [reply]}))

    receipts = await send(post.mailer, a_message("ada"), a_message("bob"))

    assert [type(receipt) for receipt in receipts] == [Accepted, Accepted]
    assert post.server.readers == ["ada", "bob"]
    assert len(post.server.sessions) == 2


async def test_a_session_that_breaks_twice_defers_the_mail(line):
    post = await line(in_turn(RCPT=["drop", "421 4.3.2 going down"]))

    first, second = await send(post.mailer, a_message("ada"), a_message("bob"))

    assert first == Deferred(delivery="weekly|ada", reply="421 4.3.2 going down (in answer to RCPT)")
    assert isinstance(second, Accepted)


# ---- around the final dot


async def test_a_connection_lost_after_the_final_dot_leaves_us_uncertain_and_sends_nothing_again(line):
    post = await line(in_turn(DOT=["drop"]))

    receipts = await send(post.mailer, a_message("ada"))

    assert [(type(receipt), receipt.uncertain) for receipt in receipts] == [(Deferred, True)]
    assert post.server.readers == ["ada"]


async def test_silence_after_the_final_dot_leaves_us_uncertain(line):
    post = await line(in_turn(DOT=["silence"]), dot=0.05)

    (receipt,) = await send(post.mailer, a_message("ada"))

    assert isinstance(receipt, Deferred)
    assert receipt.uncertain


async def test_a_server_that_leaves_at_the_final_dot_has_not_taken_the_mail(line):
    post = await line(in_turn(DOT=["421 4.3.2 going down"]))

    first, second = await send(post.mailer, a_message("ada"), a_message("bob"))

    assert first == Deferred(delivery="weekly|ada", reply="421 4.3.2 going down")
    assert isinstance(second, Accepted)


LARGE = "x" * 70 + "\r\n"


async def test_a_connection_lost_within_the_content_is_followed_by_another(line):
    calls = []

    def script(verb: str, argument: str, session: int) -> str:
        calls.append(verb)
        return "deaf" if verb == "DATA" and session == 0 else ""

    post = await line(script)
    sending = asyncio.create_task(send(post.mailer, a_message("ada", body=LARGE * 200_000)))
    await post.server.in_content.wait()
    for task in list(post.server._tasks):
        task.cancel()

    receipts = await sending

    assert [type(receipt) for receipt in receipts] == [Accepted]
    assert post.server.readers == ["ada"]
    assert len(post.server.sessions) == 2


async def test_a_mail_that_is_given_up_half_way_is_never_ended_by_a_dot(line):
    post = await line(in_turn(DATA=["deaf"]))
    sending = asyncio.create_task(send(post.mailer, a_message("ada", body=LARGE * 200_000)))
    await post.server.in_content.wait()

    sending.cancel()
    await asyncio.gather(sending, return_exceptions=True)
    post.server.hear.set()
    await asyncio.gather(*post.server._tasks, return_exceptions=True)

    assert post.server.mails == []


async def test_who_stops_listening_leaves_no_mail_half_sent_and_no_task_behind(line):
    post = await line(connections=4)

    receipts = post.mailer.send(messages(50))
    await anext(receipts)
    await receipts.aclose()

    assert asyncio.all_tasks() - post.server._tasks == {asyncio.current_task()}
    assert len(post.server.readers) <= 1 + 4


async def test_no_more_mails_are_under_way_than_there_are_connections(line):
    post = await line(connections=3)
    drawn = []

    def batch() -> Iterable[Message]:
        for message in messages(30):
            drawn.append(message)
            yield message

    taken = 0
    async for _ in post.mailer.send(batch()):
        taken += 1
        assert len(drawn) - taken < 3


async def test_bare_line_ends_cannot_carry_a_second_mail(line):
    post = await line()
    smuggled = "hello\n.\r\nMAIL FROM:<x@y.example>\r\n\r.\rthe end"

    await send(post.mailer, a_message(body=smuggled))

    assert [command.split(" ")[0] for command in post.server.sessions[0]] == ["EHLO", "MAIL", "RCPT", "DATA", "DOT"]


# ---- when nobody can be written to


def a_closed_port() -> int:
    """Return a port at which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


async def test_a_server_that_is_not_there_is_named():
    port = a_closed_port()

    async with SmtpMailer(f"smtp://127.0.0.1:{port}", hostname="localhost") as mailer:
        with pytest.raises(MailError, match=rf"smtp://127\.0\.0\.1:{port}.*check mail\.smtp"):
            await send(mailer, a_message())


async def test_what_was_sent_before_the_server_went_away_has_its_receipts(line):
    def script(verb: str, argument: str, session: int) -> str:
        went = len(post.server.mails) >= 5
        return "421 4.3.2 going down" if went and verb in ("CONNECT", "MAIL") else ""

    post = await line(script, connections=2)

    receipts, failure = await send_until_it_fails(post.mailer, messages(50))

    assert "going down" in failure
    accepted = [r.delivery.partition("|")[2] for r in receipts if isinstance(r, Accepted)]
    assert sorted(accepted) == post.server.readers


async def test_a_server_that_refuses_the_sender_blames_no_reader(line):
    post = await line(lambda verb, *_: "550 5.7.1 sender not yours" * (verb == "MAIL"))

    receipts, failure = await send_until_it_fails(post.mailer, messages(3))

    assert receipts == []
    assert "<news@news.example>: 550 5.7.1 sender not yours" in failure


@pytest.mark.parametrize(
    "reply",
    [
        "554 5.7.1 <ada@reader.example>: Relay access denied",
        "530 5.7.0 Authentication required",
        "550 5.7.26 unauthenticated mail is not accepted",
    ],
)
async def test_refusals_that_blame_us_are_no_reader_s_and_stop_the_sending_when_they_go_on(line, reply):
    post = await line(lambda verb, *_: reply * (verb == "RCPT"))

    receipts, failure = await send_until_it_fails(post.mailer, messages(10))

    assert "refuses one mail after another" in failure
    assert [type(receipt) for receipt in receipts] == [Deferred, Deferred]


async def test_one_address_that_is_not_relayed_holds_up_nobody(line):
    post = await line(for_reader("RCPT", "reader3", "554 5.7.1 relaying denied"))

    receipts = await send(post.mailer, *messages(10))

    assert Counter(type(receipt) for receipt in receipts) == {Accepted: 9, Deferred: 1}


# ---- addresses


async def test_an_address_beyond_ascii_is_refused_where_the_server_cannot_take_it(line):
    post = await line()

    (receipt,) = await send(post.mailer, a_message(recipient="người@reader.example"))

    assert isinstance(receipt, Refused)
    assert "SMTPUTF8" in receipt.reply
    assert post.server.mails == []


async def test_an_address_beyond_ascii_is_used_where_the_server_takes_it(line):
    post = await line(lambda verb, *_: "250-here\r\n250-8BITMIME\r\n250 SMTPUTF8" * (verb == "EHLO"))

    (receipt,) = await send(post.mailer, a_message(recipient="người@reader.example"))

    assert isinstance(receipt, Accepted)
    assert post.server.sessions[0][1] == "MAIL FROM:<news@news.example> SMTPUTF8"
    assert post.server.mails[0][0] == "người@reader.example"


async def test_an_address_that_is_none_is_refused_before_the_server_sees_it(line):
    post = await line()
    bad = ["a@b.example>\r\nRCPT TO:<c@d.example", "a@b.example> NOTIFY=NEVER", "nobody", "", "a b@c.example"]

    receipts = await send(post.mailer, *[a_message(recipient=address) for address in bad])

    assert [type(receipt) for receipt in receipts] == [Refused] * len(bad)
    assert post.server.mails == []


async def test_a_mail_larger_than_the_server_takes_is_not_begun(line):
    post = await line(lambda verb, *_: "250-here\r\n250 SIZE 100" * (verb == "EHLO"))

    large, small = await send(post.mailer, a_message("ada", body="x" * 200), a_message("bob", body=""))

    assert isinstance(large, Refused)
    assert "100" in large.reply
    assert isinstance(small, Accepted)
    assert re.fullmatch(r"MAIL FROM:<news@news\.example> SIZE=\d+", post.server.sessions[0][1])


# ---- passwords and TLS


def server_context() -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(CERTIFICATE)
    return context


def client_context() -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(CERTIFICATE))


class Porter:
    """Knows one password, and counts who asks."""

    def __init__(self) -> None:
        self.asked = 0

    def __call__(self, server, session, envelope, mechanism, auth_data) -> AuthResult:
        self.asked += 1
        return AuthResult(success=auth_data == LoginPassword(b"ada", b"s3cret/@:"), handled=False)


PASSWORD = "s3cret%2F%40%3A"


@pytest.mark.parametrize("scheme", ["smtps", "smtp+starttls"])
async def test_mail_goes_over_tls_with_a_password(scheme):
    postbox, porter = Postbox(), Porter()
    implicit = scheme == "smtps"
    options = {"ssl": server_context()} if implicit else {}
    factory = lambda: SMTP(  # noqa: E731
        postbox, hostname="localhost", authenticator=porter, auth_require_tls=not implicit,
        tls_context=None if implicit else server_context(),
    )  # fmt: skip
    async with (
        listening(factory, **options) as port,
        SmtpMailer(f"{scheme}://ada:{PASSWORD}@localhost:{port}", hostname="x", tls_context=client_context()) as mailer,
    ):
        receipts = await send(mailer, *messages(3))

    assert [type(receipt) for receipt in receipts] == [Accepted] * 3
    assert len(postbox.mails) == 3
    assert porter.asked >= 1


async def test_a_wrong_password_is_tried_on_one_connection_and_shown_nowhere():
    porter = Porter()
    factory = lambda: SMTP(  # noqa: E731
        Postbox(), hostname="localhost", authenticator=porter, auth_require_tls=False,
        auth_exclude_mechanism=["LOGIN"],
    )  # fmt: skip
    async with listening(factory) as port, SmtpMailer(f"smtp://ada:wr0ng@127.0.0.1:{port}", hostname="x") as mailer:
        with pytest.raises(MailError, match="login refused: 535") as caught:
            await send(mailer, *messages(20))

    assert porter.asked == 1
    assert "wr0ng" not in f"{caught.value} {caught.value!r} {mailer!r} {vars(mailer)}"


@pytest.mark.parametrize("scheme", ["smtps", "smtp+starttls"])
async def test_a_certificate_that_nobody_vouches_for_is_not_accepted(scheme):
    postbox = Postbox()
    implicit = scheme == "smtps"
    factory = lambda: SMTP(  # noqa: E731
        postbox, hostname="localhost", tls_context=None if implicit else server_context()
    )
    async with (
        listening(factory, **({"ssl": server_context()} if implicit else {})) as port,
        SmtpMailer(f"{scheme}://localhost:{port}", hostname="x") as mailer,
    ):
        with pytest.raises(MailError, match="no TLS"):
            await send(mailer, a_message())

    assert postbox.mails == []


async def test_where_tls_is_demanded_and_not_offered_nothing_is_sent(line):
    post = await line()
    port = post.mailer._server.port

    async with SmtpMailer(f"smtp+starttls://ada:pw@127.0.0.1:{port}", hostname="x") as mailer:
        with pytest.raises(MailError, match="STARTTLS"):
            await send(mailer, a_message())

    assert not [command for command in post.server.sessions[0] if command.startswith(("AUTH", "MAIL"))]

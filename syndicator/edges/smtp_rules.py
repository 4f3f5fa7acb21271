"""Know SMTP's rules: where a URL leads, how long to wait, what an address is, whom a reply blames (RFC 5321)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from ipaddress import ip_address
from urllib.parse import unquote, urlsplit

from syndicator.errors import MailError
from syndicator.model.mail import Accepted, Deferred, Receipt, Refused
from syndicator.pipeline.headers import ascii_domain

_PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}

_ADDRESS = re.compile(
    r'(?:"(?:[^"\\\x00-\x1f\x7f]|\\[^\x00-\x1f\x7f])*"|[^\s<>"()\[\],:;\\@\x00-\x1f\x7f]+)'
    r"@[^\s<>\"()@,;\\\x00-\x1f\x7f]+"
)
# What a server says that does not know or trust us: authentication (RFC 4954, section 6; RFC 7372),
# codes of Microsoft's own, and relaying, which has no code to itself.
_BLAMES_SENDER = re.compile(
    r"53[0458] |5\d\d 5\.7\.(?:[89]|1[0-4]|2[0-79]|5\d\d)\b"
    r"|55[014] .*(?:relay(?:ing)? (?:access )?(?:not|denied|prohibited)|unable to relay|not relay)",
    re.IGNORECASE,
)
# A full mailbox may be emptied, and too many recipients may be fewer (RFC 5321, section 4.5.3.1.10); a mail
# that is too large stays so.
_FULL = re.compile(r"552 (?!5\.3\.4|.*\bsize\b)", re.IGNORECASE)
# Its size (RFC 1870, section 6.1), or how it is written (RFC 6531, section 3.5).
_BLAMES_MESSAGE = re.compile(r"552 |523 |5\d\d 5\.(?:3\.4|6\.)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeouts:
    """How long we wait, in seconds: RFC 5321, section 4.5.3.2, for all but the last two.

    Who gives up earlier than ten minutes after the final *dot* sends mails twice that were taken.
    """

    greeting: float = 300
    command: float = 300
    data: float = 120
    block: float = 180
    dot: float = 600
    quit: float = 5  # some servers never answer QUIT
    idle: float = 60  # a connection unused for longer is opened anew: a firewall may have forgotten it


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """Where mail goes; in words it shows no user and no password."""

    scheme: str
    host: str
    port: int
    user: str = field(repr=False)
    password: str = field(repr=False)

    def __str__(self) -> str:
        return f"mail server {self.scheme}://{self.host}:{self.port}"


def parse_server(url: str) -> Server:
    """Return the server that *url* names; raise `MailError` where it is unusable or unsafe."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        # The text of the error may hold a piece of the password.
        raise MailError("mail.smtp is no URL; write smtps://user:password@mail.example.org:465") from None
    if parts.scheme not in _PORTS or not parts.hostname:
        raise MailError(
            f"mail.smtp: {parts.scheme or 'no scheme'}://{parts.hostname or ''} is no mail server; "
            f"begin with {', '.join(f'{scheme}://' for scheme in _PORTS)} and name a host"
        )
    server = Server(
        scheme=parts.scheme,
        host=ascii_domain(parts.hostname),
        port=port or _PORTS[parts.scheme],
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )
    if server.scheme == "smtp" and server.user and not _is_loopback(server.host):
        raise MailError(
            f"mail.smtp: {server} would get the password in the clear; write smtp+starttls:// (587) or smtps:// (465)"
        )
    return server


def is_address(text: str) -> bool:
    """Tell whether *text* can stand between the angle brackets of MAIL and RCPT, and end nowhere else."""
    return _ADDRESS.fullmatch(text) is not None


def wire_form(message: bytes) -> bytes:
    """Return *message* as it goes over the wire before its final dot: CRLF line ends only, leading dots doubled.

    A bare CR or LF would let a mail carry another one inside (RFC 5321, section 2.3.8).
    """
    lines = message.replace(b"\r\n", b"\n").replace(b"\r", b"\n").removesuffix(b"\n") + b"\n"
    return (b"\n" + lines).replace(b"\n.", b"\n..")[1:].replace(b"\n", b"\r\n")


def receipt(delivery: str, reply: str) -> Receipt:
    """Return what *reply*, to any command or to the final dot, means for *delivery*."""
    if _FULL.match(reply):
        return Deferred(delivery=delivery, reply=reply)
    match reply[:1]:
        case "2":
            return Accepted(delivery=delivery, reply=reply)
        case "4":
            return Deferred(delivery=delivery, reply=reply)
        case "5":
            return Refused(delivery=delivery, reply=reply)
    # Neither yes nor no: the server may have taken it.
    return Deferred(delivery=delivery, reply=reply, uncertain=True)


def blames_sender(reply: str) -> bool:
    """Tell whether *reply* refuses us rather than a reader."""
    return _BLAMES_SENDER.match(reply) is not None


def blames_message(reply: str) -> bool:
    """Tell whether *reply* refuses this one mail for what it is, whoever it goes to."""
    return _BLAMES_MESSAGE.match(reply) is not None


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False

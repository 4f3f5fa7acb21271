"""Make a variant into the mail of one reader: every header, both parts, and the reader's own links."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import format_datetime
from urllib.parse import quote, urlsplit

from syndicator.errors import TemplateError
from syndicator.model.edition import Variant
from syndicator.model.mail import Delivery, MailSettings, Message
from syndicator.model.site import Site
from syndicator.model.subscriber import Subscriber
from syndicator.pipeline.headers import (
    MAX_LINE,
    ascii_address,
    ascii_domain,
    encode_header,
    encode_mailbox,
    encode_phrase,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Slots:
    """The words that stand in a variant's html and text for what is the reader's own.

    *key* is in each of them: were they the same in every mail, a publisher could write one into a
    headline or a link, and be sent the reader's address and their way out.
    """

    key: str

    @property
    def unsubscribe_url(self) -> str:
        """Stands for the page by which this reader leaves."""
        return f"SLOT-{self.key}-UNSUBSCRIBE-URL"

    @property
    def confirm_url(self) -> str:
        """Stands for the page by which this reader confirms."""
        return f"SLOT-{self.key}-CONFIRM-URL"

    @property
    def email(self) -> str:
        """Stands for this reader's address."""
        return f"SLOT-{self.key}-EMAIL"


def slots_for(edition: str, *, secret: bytes) -> Slots:
    """Return the slots of the variants of *edition*, which nobody without *secret* can foretell."""
    return Slots(key=hmac.new(secret, f"slots {edition}".encode(), hashlib.sha256).hexdigest()[:20])


_UNSAFE_LINE = re.compile(rb"^(?:\.|From )[^\n]*|^[^\n]{%d,}" % (MAX_LINE + 1), re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Personal:
    """The links of one reader. *unsubscribe_url* is a page with a button, *one_click_url* takes a POST (RFC 8058)."""

    unsubscribe_url: str = ""
    one_click_url: str = ""
    confirm_url: str = ""


def compose_message(
    variant: Variant,
    *,
    delivery: Delivery,
    subscriber: Subscriber,
    mail: MailSettings,
    site: Site,
    personal: Personal,
) -> Message:
    """Return the mail of *subscriber*: 7-bit, CRLF line ends, text part first.

    The same arguments give the same bytes, so that a mail which is sent again is seen to be the same:
    its date is that on which *delivery* was made, its Message-ID follows from the id of that. Raise
    `TemplateError` when *variant* asks for a link that this mail has not.
    """
    words = Slots(key=variant.slot_key)
    slots = {
        words.unsubscribe_url: personal.unsubscribe_url,
        words.confirm_url: personal.confirm_url,
        words.email: subscriber.email,
    }
    text = _part("text/plain", _fill(variant, variant.text, slots))
    markup = _part("text/html", _fill(variant, variant.html, {slot: html.escape(slots[slot]) for slot in slots}))
    # "=_" occurs neither in quoted-printable nor in base64 (RFC 2045, section 6.7), and so in no part.
    boundary = f"=_{_digest(text, markup)}".encode()
    sender = ascii_address(mail.sender or site.publisher.email)
    headers = [
        encode_mailbox("From", mail.sender_name or site.title.to(variant.language), sender),
        encode_mailbox("To", subscriber.name, subscriber.email),
        *([encode_mailbox("Reply-To", "", mail.reply_to)] if mail.reply_to else []),
        encode_header("Subject", variant.subject),
        _field("Date", format_datetime(delivery.created_at)),
        _field("Message-ID", f"<{_digest(delivery.id.encode())}@{sender.rpartition('@')[2]}>"),
        *(_list_headers(variant, site, personal) if variant.list_id else []),
        _field("Feedback-ID", _feedback_id(variant, sender)),
        # RFC 3834, section 5; Exchange minds only a word of its own. Bounces it may send.
        _field("Auto-Submitted", "auto-generated"),
        _field("X-Auto-Response-Suppress", "OOF, AutoReply"),
        _field("Content-Language", variant.language),
        _field("MIME-Version", "1.0"),
        b'Content-Type: multipart/alternative;\r\n boundary="%s"\r\n' % boundary,
    ]
    body = b"".join(b"\r\n--%s\r\n%s" % (boundary, part) for part in (text, markup))
    return Message(
        delivery=delivery.id,
        reverse_path=sender,
        recipient=ascii_address(subscriber.email),
        data=b"%s%s\r\n--%s--\r\n" % (b"".join(headers), body, boundary),
    )


def _list_headers(variant: Variant, site: Site, personal: Personal) -> list[bytes]:
    """Return what marks list mail (RFC 2919, RFC 2369, RFC 8058)."""
    if not personal.one_click_url:
        raise ValueError(f"{variant.id}: list mail needs a link by which one leaves the list at one click")
    host = ascii_domain(urlsplit(site.url).hostname or "localhost")
    owner = site.publisher.email
    return [
        encode_phrase("List-Id", variant.list_title, f"<{_token(variant.list_id)}.{host}>"),
        # On one line, however long: a folded URL is what receivers stumble over.
        _field("List-Unsubscribe", f"<{_ascii_url(personal.one_click_url)}>"),
        _field("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
        *([_field("List-Owner", f"<mailto:{quote(ascii_address(owner), safe='@.+-_')}>")] if owner else []),
        _field("Precedence", "bulk"),
    ]


def _feedback_id(variant: Variant, sender: str) -> str:
    """Return by what Gmail's feedback loop counts complaints: edition, language, kind, and who sends."""
    kind = "digest" if variant.list_id else "account"
    return f"{_token(variant.edition)}:{_token(variant.language)}:{kind}:{_digest(sender.encode())[:12]}"


def _fill(variant: Variant, template: str, values: Mapping[str, str]) -> str:
    """Return *template* with its slots filled, in one pass: a value that holds a slot's word is left alone."""
    pattern = re.compile("|".join(map(re.escape, values)))
    for slot in pattern.findall(template):
        if not values[slot]:
            raise TemplateError(
                f"mail {variant.id}: its template asks for {slot}, and this kind of mail has no such link; "
                "take it out of the template"
            )
    return pattern.sub(lambda match: values[match.group()], template)


def _part(media_type: str, text: str) -> bytes:
    """Return a MIME part which says *text*, in the shorter of the two encodings that survive every relay."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").encode("utf-8", "replace")
    encoding, body = "base64", base64.encodebytes(lines.replace(b"\n", b"\r\n")).rstrip()
    printable = binascii.b2a_qp(lines)
    if len(printable) <= len(body):
        # b2a_qp lets lines begin with a dot or with "From ": servers double the one, mailboxes quote the other, and
        # what forgets to undo it harms the mail. Where white space ends a line, it makes lines of 78 characters.
        encoding, body = "quoted-printable", _UNSAFE_LINE.sub(lambda line: _guard(line.group()), printable)
    head = f"Content-Type: {media_type}; charset=utf-8\nContent-Transfer-Encoding: {encoding}\n\n"
    return (head.encode() + body).replace(b"\n", b"\r\n")


def _guard(line: bytes) -> bytes:
    """Return a line of quoted-printable with its first octet escaped where that is needed, broken where it is long."""
    if line.startswith((b".", b"From ")):
        line = b"=%02X" % line[0] + line[1:]
    if len(line) <= MAX_LINE:
        return line
    cut = MAX_LINE - 1  # room for the "=" of the soft line break
    if b"=" in line[cut - 2 : cut]:
        cut = line.index(b"=", cut - 2)
    return line[:cut] + b"=\n" + _guard(line[cut:])


def _field(name: str, value: str) -> bytes:
    return f"{name}: {value}\r\n".encode("ascii")


def _token(text: str) -> str:
    """Return *text* with nothing in it that a structured header would take for its own."""
    return re.sub(r"[^A-Za-z0-9.+-]+", "-", text).strip("-.") or "none"


def _ascii_url(url: str) -> str:
    """Return *url* in ASCII: host as A-labels, the rest percent-encoded (RFC 3987, section 3.1)."""
    parts = urlsplit(url)
    if parts.hostname and not parts.hostname.isascii():
        url = parts._replace(netloc=parts.netloc.replace(parts.hostname, ascii_domain(parts.hostname))).geturl()
    return quote(url, safe="!#$%&'()*+,/:;=?@[]~")


def _digest(*values: bytes) -> str:
    return hashlib.sha256(b"\0".join(values)).hexdigest()[:32]

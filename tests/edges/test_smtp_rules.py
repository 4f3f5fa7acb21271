"""A URL leads where it says, and a reply blames whom it means."""

from __future__ import annotations

import pytest

from syndicator.edges.smtp_rules import blames_sender, is_address, parse_server, receipt, wire_form
from syndicator.errors import MailError
from syndicator.model.mail import Accepted, Deferred, Refused


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        pytest.param("smtp://mail.example", "mail server smtp://mail.example:25", id="in the clear is port 25"),
        pytest.param("smtps://u:p@mail.example", "mail server smtps://mail.example:465", id="TLS is port 465"),
        pytest.param(
            "smtp+starttls://u:p@m.example", "mail server smtp+starttls://m.example:587", id="STARTTLS is 587"
        ),
        pytest.param("smtp://u:p@localhost:2525", "mail server smtp://localhost:2525", id="a password to ourselves"),
        pytest.param("smtp://u:p@[::1]", "mail server smtp://::1:25", id="a password to ourselves over IPv6"),
        pytest.param("smtps://ví-dụ.vn", "mail server smtps://xn--v-d-rma6749a.vn:465", id="an international host"),
    ],
)
def test_a_url_leads_somewhere_and_shows_no_password(url, shown):
    server = parse_server(url)

    assert str(server) == shown
    assert "'p'" not in repr(server)


def test_user_and_password_may_hold_any_character():
    server = parse_server("smtps://ada%40x.example:p%3A%2F%40%25@mail.example")

    assert (server.user, server.password) == ("ada@x.example", "p:/@%")


@pytest.mark.parametrize(
    ("url", "words"),
    [
        pytest.param("smtp://ada:hush@mail.example", "in the clear", id="no password in the clear"),
        pytest.param("smtp://ada:hush@127.0.0.1.example", "in the clear", id="what looks like ourselves is not"),
        pytest.param("mail.example:25", "begin with", id="no scheme"),
        pytest.param("http://ada:hush@mail.example", "begin with", id="another scheme"),
        pytest.param("smtps://", "name a host", id="no host"),
        pytest.param("smtps://ada:hush/word@mail.example", "no URL", id="a slash in the password"),
    ],
)
def test_a_url_that_cannot_be_used_is_explained_without_its_password(url, words):
    with pytest.raises(MailError, match=words) as caught:
        parse_server(url)

    assert "hush" not in str(caught.value)


@pytest.mark.parametrize(
    ("reply", "ours"),
    [
        ("530 5.7.0 Must issue a STARTTLS command first", True),
        ("535 5.7.8 Error: authentication failed", True),
        ("554 5.7.1 <ada@reader.example>: Relay access denied", True),
        ("550 relay not permitted", True),
        ("550 5.7.1 Unable to relay", True),
        ("550 5.7.1 Relaying denied. Proper authentication required.", True),
        ("550 5.7.515 Access denied, sending domain does not meet the required level", True),
        ("550 5.7.26 This mail is unauthenticated", True),
        ("550 5.7.25 The IP address has no PTR record", True),
        ("550 5.1.1 <ada@relay.example>: Recipient address rejected: User unknown", False),
        ("550 5.7.1 ada takes mail from colleagues only", False),
        ("550 5.7.17 mailbox owner has changed", False),
        ("450 4.7.1 try again later", False),
        ("250 2.0.0 relay not needed", False),
    ],
)
def test_who_is_blamed(reply, ours):
    assert blames_sender(reply) is ours


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        ("250 2.0.0 Ok: queued", Accepted),
        ("450 4.2.1 slow down", Deferred),
        ("550 5.1.1 unknown", Refused),
        ("552 5.2.2 over quota", Deferred),
        ("552 5.3.4 too big", Refused),
        ("552 Message size exceeds maximum", Refused),
    ],
)
def test_what_a_reply_means(reply, expected):
    assert receipt("d", reply) == expected(delivery="d", reply=reply)


def test_a_reply_that_is_neither_yes_nor_no_leaves_us_uncertain():
    assert receipt("d", "354 go on") == Deferred(delivery="d", reply="354 go on", uncertain=True)


@pytest.mark.parametrize(
    ("text", "usable"),
    [
        ("ada@reader.example", True),
        ("ada+news@[192.0.2.1]", True),
        ('"ada lovelace"@reader.example', True),
        ("người@ví-dụ.vn", True),
        ("ada@reader.example>", False),
        ("ada@reader.example ORCPT=x", False),
        ("ada@one@two", False),
        ('"ada\r\n"@reader.example', False),
        ("ada", False),
        ("", False),
    ],
)
def test_what_can_stand_between_angle_brackets(text, usable):
    assert is_address(text) is usable


@pytest.mark.parametrize(
    ("message", "wire"),
    [
        (b"a\r\nb\r\n", b"a\r\nb\r\n"),
        (b"a\nb\rc", b"a\r\nb\r\nc\r\n"),
        (b".\r\n..a\r\nb.\r\n", b"..\r\n...a\r\nb.\r\n"),
        (b"a\n.\r\nb", b"a\r\n..\r\nb\r\n"),
        (b"", b"\r\n"),
    ],
)
def test_what_goes_over_the_wire(message, wire):
    assert wire_form(message) == wire

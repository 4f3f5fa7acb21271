from __future__ import annotations

import smtplib
from urllib.parse import urlsplit

import pytest

from syndicator.demo.post import ArrivedMail, MailServer

LETTER = (
    b"Message-ID: <1@news.example>\r\nSubject: =?utf-8?q?Tin_m=E1=BB=9Bi?=\r\n\r\n"
    b"Ch\xc3\xa0o b\xe1\xba\xa1n,\r\n.\r\n..\r\n.hidden\r\n  trailing  \r\n\r\n"
)


@pytest.fixture
def post(tmp_path):
    with MailServer(tmp_path / "mail") as server:
        yield server


def connect(server):
    parts = urlsplit(server.url)
    return smtplib.SMTP(parts.hostname, parts.port, local_hostname="news.example", timeout=10)


def hand_over(client, data=LETTER, recipients=("huong@reader.example",)):
    return client.sendmail("bounce@news.example", recipients, data, mail_options=["BODY=8BITMIME"])


def test_a_mail_arrives_byte_for_byte(post):
    with connect(post) as client:
        hand_over(client)

    assert post.messages() == [
        ArrivedMail(recipient="huong@reader.example", reverse_path="bounce@news.example", data=LETTER)
    ]


def test_the_file_opens_with_the_envelope_as_a_delivery_agent_writes_it(post):
    with connect(post) as client:
        hand_over(client)

    [file] = (post.maildir / "new").iterdir()
    assert file.read_bytes() == (
        b"Return-Path: <bounce@news.example>\r\nX-Envelope-To: huong@reader.example\r\n" + LETTER
    )
    assert list((post.maildir / "tmp").iterdir()) == []


def test_the_server_offers_what_mail_in_many_languages_needs(post):
    with connect(post) as client:
        client.ehlo()

        assert client.has_extn("8bitmime")
        assert client.has_extn("smtputf8")


def test_a_mail_that_comes_twice_is_two_files_with_one_hash(post):
    with connect(post) as client:
        hand_over(client)
        hand_over(client)
        hand_over(client, recipients=["keiko@reader.example"])

    names = sorted(file.name.split(".") for file in (post.maildir / "new").iterdir())
    assert [number for number, _, _ in names] == ["000001", "000002", "000003"]
    assert names[0][1] == names[1][1] != names[2][1]


def test_each_recipient_of_one_transaction_gets_a_file(post):
    with connect(post) as client:
        hand_over(client, recipients=["huong@reader.example", "keiko@reader.example"])

    assert [mail.recipient for mail in post.messages()] == ["huong@reader.example", "keiko@reader.example"]


def test_mail_of_an_earlier_run_stays_and_stands_first(tmp_path):
    for number in range(2):
        with MailServer(tmp_path) as server, connect(server) as client:
            hand_over(client, data=b"Message-ID: <%d@news.example>\r\n\r\nHello\r\n" % number)

    assert [mail.data[13:14] for mail in server.messages()] == [b"0", b"1"]


@pytest.mark.parametrize("reply", ["450 4.2.1 Try later", "550 5.1.1 Nobody here of that name"])
def test_a_recipient_can_be_refused(post, reply):
    post.refuse = lambda address: reply if address.startswith("keiko") else None

    with connect(post) as client:
        refused = hand_over(client, recipients=["huong@reader.example", "keiko@reader.example"])

    code, text = refused["keiko@reader.example"]
    assert f"{code} {text.decode()}" == reply
    assert [mail.recipient for mail in post.messages()] == ["huong@reader.example"]


@pytest.mark.parametrize(
    ("kept", "arrived"),
    [
        pytest.param(True, 2, id="the mail was taken before the connection broke"),
        pytest.param(False, 1, id="the mail is lost with the connection"),
    ],
)
def test_the_connection_can_be_dropped_before_the_reply(post, kept, arrived):
    post.drop_after(1, kept=kept)

    client = connect(post)
    hand_over(client)
    with pytest.raises(smtplib.SMTPServerDisconnected):
        hand_over(client)
    client.close()

    assert len(post.messages()) == arrived


def test_after_a_dropped_connection_the_server_goes_on(post):
    post.drop_after(0)
    client = connect(post)
    with pytest.raises(smtplib.SMTPServerDisconnected):
        hand_over(client)
    client.close()

    with connect(post) as again:
        hand_over(again)

    assert len(post.messages()) == 2


def test_closing_ends_open_connections(tmp_path):
    with MailServer(tmp_path) as server:
        client = connect(server)
        client.ehlo()

    with pytest.raises(smtplib.SMTPServerDisconnected):
        client.noop()
    client.close()

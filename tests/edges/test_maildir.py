"""A mail stands in the Maildir whole and once, or not at all."""

from __future__ import annotations

import stat
from dataclasses import replace

import pytest
from fast_mail_parser import parse_email

from syndicator.edges.maildir import Maildir, MaildirMailer
from syndicator.errors import MailError
from syndicator.model.mail import Accepted, Message

MAIL = b"Message-ID: <1@news.example>\r\nSubject: News\r\n\r\nXin ch=C3=A0o\r\n"
MESSAGE = Message(delivery="weekly|ada", reverse_path="news@news.example", recipient="ada@reader.example", data=MAIL)


async def send(mailer: MaildirMailer, *messages: Message) -> list:
    return [receipt async for receipt in mailer.send(messages)]


def test_a_mail_is_delivered_into_new(tmp_path):
    path = Maildir(tmp_path / "mail").deliver(MAIL, name="one")

    assert path == tmp_path / "mail" / "new" / "one"
    assert parse_email(path.read_bytes(), strict=True).subject == "News"
    assert sorted(folder.name for folder in (tmp_path / "mail").iterdir()) == ["cur", "new", "tmp"]
    assert not list((tmp_path / "mail" / "tmp").iterdir())


def test_a_file_has_the_line_ends_of_mailboxes(tmp_path):
    path = Maildir(tmp_path).deliver(MAIL, name="one")

    assert path.read_bytes() == MAIL.replace(b"\r\n", b"\n")


def test_nobody_else_may_read_it(tmp_path):
    path = Maildir(tmp_path / "mail").deliver(MAIL, name="one")

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_mail_of_one_name_is_delivered_once(tmp_path):
    maildir = Maildir(tmp_path)

    first, again = maildir.deliver(MAIL, name="one"), maildir.deliver(MAIL, name="one")

    assert first == again
    assert len(list((tmp_path / "new").iterdir())) == 1


def test_a_mail_that_was_read_is_not_delivered_again(tmp_path):
    maildir = Maildir(tmp_path)
    path = maildir.deliver(MAIL, name="one")
    read = path.rename(tmp_path / "cur" / "one:2,S")

    again = maildir.deliver(MAIL, name="one")

    assert again == read
    assert not list((tmp_path / "new").iterdir())


def test_a_mail_whose_name_only_begins_alike_is_another(tmp_path):
    maildir = Maildir(tmp_path)
    maildir.deliver(MAIL, name="one").rename(tmp_path / "cur" / "one:2,S")

    assert maildir.deliver(MAIL, name="on") == tmp_path / "new" / "on"


async def test_the_same_mail_twice_is_one_file(tmp_path):
    mailer = MaildirMailer(tmp_path)

    receipts = await send(mailer, MESSAGE, MESSAGE, replace(MESSAGE, delivery="again"))

    assert [type(receipt) for receipt in receipts] == [Accepted] * 3
    assert len(list((tmp_path / "new").iterdir())) == 1


async def test_mails_of_different_message_ids_are_different_files(tmp_path):
    other = replace(MESSAGE, data=MAIL.replace(b"<1@", b"<2@"))

    await send(MaildirMailer(tmp_path), MESSAGE, other)

    assert len(list((tmp_path / "new").iterdir())) == 2


async def test_a_message_id_in_the_body_is_no_message_id(tmp_path):
    mails = [replace(MESSAGE, data=b"Subject: %d\r\n\r\nMessage-ID: <1@x>\r\n" % number) for number in range(2)]

    await send(MaildirMailer(tmp_path), *mails)

    assert len(list((tmp_path / "new").iterdir())) == 2


async def test_a_receipt_says_where_the_mail_is(tmp_path):
    (receipt,) = await send(MaildirMailer(tmp_path), MESSAGE)

    (path,) = (tmp_path / "new").iterdir()
    assert receipt == Accepted(delivery="weekly|ada", reply=f"250 written to {path}")


async def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "mail").write_text("a file stands here")

    with pytest.raises(MailError, match=rf"{tmp_path}/mail.*mail cannot be written here.*mail\.smtp"):
        await send(MaildirMailer(tmp_path / "mail"), MESSAGE)


async def test_a_full_disk_is_named_and_what_was_written_stays(tmp_path, monkeypatch):
    mailer = MaildirMailer(tmp_path)
    await send(mailer, MESSAGE)

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("syndicator.edges.maildir.os.fsync", full)

    with pytest.raises(MailError, match="No space left on device; make room"):
        await send(mailer, replace(MESSAGE, data=MAIL.replace(b"<1@", b"<2@")))

    assert len(list((tmp_path / "new").iterdir())) == 1
    assert not list((tmp_path / "tmp").iterdir())

"""A mail is whole, its reader's own, and the same bytes whenever it is made."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from fast_mail_parser import PyMail, parse_email, parse_email_tree
from hypothesis import given, settings
from hypothesis import strategies as st

from syndicator.errors import TemplateError
from syndicator.model.edition import Variant
from syndicator.model.language import Localized
from syndicator.model.mail import MailSettings, Message
from syndicator.model.site import Publisher, Site
from syndicator.pipeline.compose import Personal, Slots, compose_message, slots_for
from syndicator.testing import a_delivery, a_subscriber

SITE = Site(
    title=Localized({"en": "City News", "vi": "Tin thành phố"}),
    url="https://news.example/",
    publisher=Publisher(name="The Newsroom", email="desk@news.example"),
)
MAIL = MailSettings(sender="news@mail.news.example", sender_name="Tin thành phố", reply_to="desk@news.example")
PERSONAL = Personal(
    unsubscribe_url="https://news.example/leave/a.b?x=1&y=2", one_click_url="https://news.example/leave/a.b?x=1&y=2"
)
CONFIRM = Personal(confirm_url="https://news.example/confirm/t.s")

SLOTS = Slots(key="KEY")
CONFIRM_URL, EMAIL, UNSUBSCRIBE_URL = SLOTS.confirm_url, SLOTS.email, SLOTS.unsubscribe_url


def a_variant(**changes: str) -> Variant:
    """Return a digest in Vietnamese."""
    base = Variant(
        id="weekly/2026-07-13/vi/all",
        edition="weekly/2026-07-13",
        language="vi",
        subject="Tin thành phố, 13 thg 7, 2026: Khai trương tuyến metro số 1 sau nhiều năm chờ đợi",
        html=f'<p>Chào {EMAIL}</p><a href="{UNSUBSCRIBE_URL}">Thôi nhận</a>\n',
        text=f"Chào {EMAIL}\nThôi nhận: {UNSUBSCRIBE_URL}\n",
        list_id="weekly",
        list_title="Bản tin tuần",
        slot_key=SLOTS.key,
    )
    return replace(base, **changes)


def a_confirmation(**changes: str) -> Variant:
    """Return a mail that a person asked for themselves."""
    base = {"subject": "Confirm", "html": f'<a href="{CONFIRM_URL}">Yes</a>', "text": CONFIRM_URL, "list_id": ""}
    return a_variant(**(base | changes))


def compose(variant: Variant | None = None, **changes: object) -> Message:
    arguments = {
        "delivery": a_delivery(), "subscriber": a_subscriber(name="Nguyễn Ada"), "mail": MAIL, "site": SITE,
        "personal": PERSONAL,
    }  # fmt: skip
    return compose_message(variant or a_variant(), **(arguments | changes))


def read(message: Message) -> PyMail:
    """Read a mail with a parser that is not Python's and repairs nothing."""
    return parse_email(message.data, strict=True)


def headers(message: Message) -> dict[str, str]:
    """Return the headers as they stand on the wire, unfolded; each may be there once."""
    lines = re.sub(r"\r\n(?= )", "", message.data.partition(b"\r\n\r\n")[0].decode("ascii")).split("\r\n")
    found = dict(line.split(": ", 1) for line in lines)
    assert len(found) == len(lines), "a header stands there twice"
    return found


def test_a_reader_reads_what_was_written():
    message = compose()

    mail = read(message)

    link = "https://news.example/leave/a.b?x=1&y=2"
    assert mail.subject == a_variant().subject
    assert mail.text_plain == [f"Chào ada@reader.example\r\nThôi nhận: {link}\r\n"]
    escaped = link.replace("&", "&amp;")
    assert mail.text_html == [f'<p>Chào ada@reader.example</p><a href="{escaped}">Thôi nhận</a>\r\n']


def test_who_writes_to_whom():
    message = compose()

    mail = read(message)

    assert (mail.from_.display_name, mail.from_.address) == ("Tin thành phố", "news@mail.news.example")
    assert [(to.display_name, to.address) for to in mail.to] == [("Nguyễn Ada", "ada@reader.example")]
    assert [to.address for to in mail.reply_to] == ["desk@news.example"]
    assert (message.reverse_path, message.recipient) == ("news@mail.news.example", "ada@reader.example")


def test_the_text_comes_first_and_the_html_last():
    tree = parse_email_tree(compose().data)

    assert tree.content_type == "multipart/alternative"
    assert [part.content_type for part in tree.children] == ["text/plain", "text/html"]


def test_list_mail_says_how_to_leave():
    found = headers(compose())

    assert found["List-Unsubscribe"] == "<https://news.example/leave/a.b?x=1&y=2>"
    assert found["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert found["List-Id"].endswith(" <weekly.news.example>")
    assert found["List-Owner"] == "<mailto:desk@news.example>"
    assert found["Precedence"] == "bulk"


def test_mail_that_is_no_list_mail_says_nothing_of_lists():
    found = headers(compose(a_confirmation(), personal=CONFIRM))

    assert not [name for name in found if name.startswith("List-") or name == "Precedence"]


def test_machines_are_told_that_a_machine_wrote():
    found = headers(compose())

    assert found["Auto-Submitted"] == "auto-generated"
    assert found["Content-Language"] == "vi"
    assert found["MIME-Version"] == "1.0"
    assert re.fullmatch(r"weekly-2026-07-13:vi:digest:[0-9a-f]{5,15}", found["Feedback-ID"])


def test_a_mail_sent_again_is_the_same_mail():
    first, again = compose(), compose(delivery=a_delivery(attempts=3))

    assert first.data == again.data


def test_the_date_is_that_of_the_delivery():
    assert headers(compose())["Date"] == "Tue, 14 Jul 2026 05:00:00 +0000"


def test_each_delivery_has_its_own_message_id_in_the_domain_of_the_sender():
    ids = [headers(compose(delivery=a_delivery(subscriber=who)))["Message-ID"] for who in ("ada", "bob")]

    assert ids[0] != ids[1]
    assert all(re.fullmatch(r"<[0-9a-f]{32}@mail\.news\.example>", id_) for id_ in ids)


def test_a_sender_without_a_name_is_called_as_the_site_is_in_the_reader_s_language():
    message = compose(mail=MailSettings(sender="news@news.example"))

    assert read(message).from_.display_name == "Tin thành phố"


def test_without_a_sender_the_publisher_writes():
    assert compose(mail=MailSettings()).reverse_path == "desk@news.example"


def test_an_international_domain_is_written_as_the_dns_knows_it():
    message = compose(
        subscriber=a_subscriber(email="ada@ví-dụ.vn"),
        site=replace(SITE, url="https://báo.example/"),
        personal=replace(PERSONAL, one_click_url="https://báo.example:8443/rời/t"),
    )

    found = headers(message)
    assert message.recipient == "ada@xn--v-d-rma6749a.vn"
    assert found["List-Id"].endswith("<weekly.xn--bo-mia.example>")
    assert found["List-Unsubscribe"] == "<https://xn--bo-mia.example:8443/r%E1%BB%9Di/t>"


def test_an_address_that_ascii_cannot_say_leaves_the_mail_seven_bit():
    message = compose(subscriber=a_subscriber(email="người@reader.example"))

    assert message.recipient == "người@reader.example"
    assert message.data.isascii()
    assert headers(message)["To"].endswith(" :;")


def test_a_long_link_for_leaving_is_not_folded():
    link = "https://news.example/leave/" + "t" * 300

    assert (
        f"\r\nList-Unsubscribe: <{link}>\r\n".encode() in compose(personal=replace(PERSONAL, one_click_url=link)).data
    )


def test_list_mail_without_a_way_out_is_not_made():
    with pytest.raises(ValueError, match="leaves the list"):
        compose(personal=replace(PERSONAL, one_click_url=""))


def test_a_template_that_asks_for_a_link_which_is_not_there_is_named():
    with pytest.raises(TemplateError, match="SLOT-KEY-CONFIRM-URL"):
        compose(a_variant(text=f"{UNSUBSCRIBE_URL} {CONFIRM_URL}"))


def test_a_value_that_holds_the_word_of_a_slot_is_left_alone():
    message = compose(subscriber=a_subscriber(email="SLOT-KEY-CONFIRM-URL@reader.example"))

    assert "Chào SLOT-KEY-CONFIRM-URL@reader.example" in read(message).text_plain[0]


INJECTION = "x\r\nBcc: everybody@example.org\r\n\r\nbody"


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"variant": a_variant(subject=INJECTION)}, id="in the subject"),
        pytest.param({"variant": a_variant(list_title=INJECTION)}, id="in the list's title"),
        pytest.param({"variant": a_variant(edition=INJECTION, list_id=INJECTION)}, id="in ids"),
        pytest.param({"subscriber": a_subscriber(name=INJECTION)}, id="in the reader's name"),
        pytest.param({"subscriber": a_subscriber(email=f"{INJECTION}@reader.example")}, id="in the address"),
        pytest.param({"personal": replace(PERSONAL, one_click_url=f"https://x.example/{INJECTION}")}, id="in the link"),
        pytest.param({"mail": replace(MAIL, sender_name=INJECTION, reply_to=INJECTION)}, id="in the settings"),
    ],
)
def test_nothing_that_is_written_in_begins_a_header_of_its_own(changes):
    names = set(headers(compose(**changes)))

    assert names == set(headers(compose()))


BODIES = st.lists(
    st.sampled_from(["\n", "\r\n", "\r", ".", "From ", " ", "\t", "=", "é", "phở bò ", "x" * 200, "\x00", "🇻🇳", "."])
).map("".join)


@settings(max_examples=300)
@given(BODIES, st.booleans())
def test_the_wire_sees_only_what_every_relay_lets_through(body, foreign):
    body += "ộ" * 3 * len(body) * foreign  # mostly Vietnamese, which is shorter in base64

    message = compose(a_variant(text=body, html=body))

    lines = message.data.split(b"\r\n")
    assert message.data.isascii()
    assert message.data.endswith(b"\r\n")
    assert not re.search(rb"[\r\n\x00]", b"".join(lines))
    assert not [line for line in lines if line.startswith((b".", b"From ")) or len(line) > 998]
    parts = message.data.partition(b"\r\n\r\n")[2]
    assert max(map(len, parts.split(b"\r\n"))) <= 76
    assert not [line for line in parts.split(b"\r\n") if line != line.rstrip()]


@given(BODIES)
def test_what_is_written_is_what_is_read(body):
    wanted = re.sub(r"\r\n|\r|\n", "\r\n", body).encode()

    tree = parse_email_tree(compose(a_variant(text=body, html="<p>" + body)).data)

    # The parser takes a final line end for that of the boundary.
    assert [part.content.rstrip(b"\r\n") for part in tree.children] == [
        wanted.rstrip(b"\r\n"),
        b"<p>" + wanted.rstrip(b"\r\n"),
    ]


def test_a_part_takes_the_shorter_encoding():
    message = compose(a_variant(text="Plain English, mostly.\n" * 20, html="Tiếng Việt ệ ộ ữ ấ ỗ.\n" * 20))

    tree = parse_email_tree(message.data)

    encodings = [part.headers["Content-Transfer-Encoding"] for part in tree.children]
    assert encodings == [["quoted-printable"], ["base64"]]


def test_a_publisher_cannot_write_a_slot_into_a_headline():
    message = compose(a_variant(text=f"SLOT-EMAIL SLOT-UNSUBSCRIBE-URL {UNSUBSCRIBE_URL}"))

    [text] = read(message).text_plain
    assert text.startswith("SLOT-EMAIL SLOT-UNSUBSCRIBE-URL https://")


def test_the_slots_of_an_edition_are_known_to_nobody_without_the_secret():
    keys = {slots_for(edition, secret=secret).key for edition in ("a", "b") for secret in (b"1", b"2")}

    assert len(keys) == 4
    assert slots_for("a", secret=b"1") == slots_for("a", secret=b"1")

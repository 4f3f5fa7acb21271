"""Headers come back from decoders that are not Python's as they went in, within the limits of RFC 2047."""

from __future__ import annotations

import base64
import random
import re
import shutil
import subprocess
import unicodedata

import pytest
from fast_mail_parser import parse_email
from hypothesis import example, given
from hypothesis import strategies as st

from syndicator.pipeline.headers import (
    ascii_address,
    encode_header,
    encode_mailbox,
    encode_phrase,
    header_text,
)
from syndicator.pipeline.text import graphemes

WORDS = unicodedata.normalize(
    "NFC",
    """
    thành phố Hồ Chí Minh khai trương tuyến metro số 1 sau nhiều năm chờ đợi người dân xếp hàng từ sáng sớm
    Thủ Đức mưa lớn ngập đường giờ cao điểm học sinh nghỉ hè giá xăng dầu giảm mạnh lần thứ 3 trong tháng
    lãnh sự quán Nhật Bản mở văn phòng mới tại Quận 7 đầu tư nước ngoài tăng 12,5% so với cùng kỳ doanh nghiệp
    “kỳ vọng” nghiêng nghiêng – phở bánh mì cà phê sữa đá: bốn món ăn được yêu thích nhất; UBND TP.HCM họp báo
    sân bay Tân Sơn Nhất hoãn chuyến vì giông lốc (cập nhật 17h30) Đà Nẵng – Huế: đường sắt trở lại! Vì sao? ASEAN
    "làng nghề" gốm Bát Tràng xuất khẩu sang EU tỷ đồng 2.000 USD/tấn quyết định xử phạt khuyến mãi Tết Nguyên Đán
    """,
).split()

ODD = [
    pytest.param("ホーチミン市、地下鉄1号線が開業 構想から17年、市民が長い列をつくる" * 3, id="Japanese"),
    pytest.param("호찌민시 지하철 1호선 개통, 시민들 새벽부터 줄 서서 기다려 " * 3 + "끝", id="Korean"),
    pytest.param("👩‍👩‍👧‍👦👨🏽‍🚀🏳️‍🌈🇻🇳🇯🇵" * 8, id="families, skin tones and flags"),
    pytest.param(
        unicodedata.normalize("NFD", "Người Việt ở nước ngoài về quê ăn Tết, đông chưa từng thấy " * 3), id="NFD"
    ),
    pytest.param("Nghiêng" * 60, id="one very long word"),
    pytest.param("x" * 400, id="one very long word of ASCII"),
    pytest.param("a" + "\u0301" * 200 + "b", id="a letter with two hundred accents"),
    pytest.param("Weekly  news   from  Huế  and  Đà Nẵng  ", id="runs of spaces"),
    pytest.param("  two spaces first", id="spaces first"),
    pytest.param("=?utf-8?q?not_what_it_seems?= and more", id="ASCII that looks like an encoded-word"),
    pytest.param("1 + 1 =?", id="ASCII that ends as an encoded-word begins"),
    pytest.param("Hà_Nội = thủ đô?_=3F", id="what means something in Q"),
    pytest.param("plain words " * 40 + "end", id="long plain ASCII"),
    pytest.param("Tin: " + "plain words " * 12 + "đến đây " + "plain words " * 12 + ".", id="Vietnamese in the middle"),
    pytest.param("", id="nothing"),
]


def headlines() -> list[str]:
    """Return a thousand headlines of 3 to 30 words, always the same."""
    chance = random.Random(20260714)
    return [" ".join(chance.choices(WORDS, k=chance.randint(3, 30))) for _ in range(1000)]


def rfc2047(field: bytes) -> str:
    """Decode an unstructured field as RFC 2047 says, sections 2, 4 and 6.2, and hold it to every limit there is."""
    assert field.endswith(b"\r\n")
    lines = field[:-2].decode("ascii").split("\r\n")
    assert all(line.startswith(" ") and line.strip() for line in lines[1:]), "a continuation has WSP and something else"
    for line in lines:
        assert not re.search(r"[\x00-\x1f\x7f]", line)
        assert len(line) <= 76, "section 2: lines with an encoded-word have at most 76 characters"
    value = "".join(lines).partition(":")[2].removeprefix(" ")
    said, after_word = [], False
    for white, token in re.findall(r"( *)([^ ]*)", value):
        word = re.fullmatch(r"=\?utf-8\?([bq])\?([!->@-~]+)\?=", token)
        assert len(token) <= 75 or not word, "section 2: an encoded-word has at most 75 characters"
        # Section 6.2: white space between adjacent encoded-words is not shown.
        said.append("" if word and after_word else white)
        said.append(decode_word(*word.groups()) if word else token)
        after_word = bool(word)
    return "".join(said)


def decode_word(form: str, said: str) -> str:
    """Decode one encoded-word; each must be whole UTF-8 of its own (section 5)."""
    if form == "b":
        return base64.b64decode(said, validate=True).decode("utf-8")
    assert re.fullmatch(r"(?:[!-<>@-~]|=[0-9A-F]{2})+", said)
    octets = re.sub(rb"=(..)", lambda m: bytes([int(m[1], 16)]), said.replace("_", " ").encode())
    return octets.decode("utf-8")


def rust(*fields: bytes) -> dict[str, list[str]]:
    """Return what fast-mail-parser reads in a mail of these fields."""
    return parse_email(b"".join(fields) + b"\r\nHello\r\n", strict=True).headers


def test_a_thousand_vietnamese_headlines_come_back_unharmed_from_a_parser_in_rust():
    subjects = headlines()

    read = [rust(encode_header("Subject", subject))["Subject"] for subject in subjects]

    assert read == [[subject] for subject in subjects]


def test_a_thousand_vietnamese_headlines_keep_to_rfc_2047():
    subjects = headlines()

    read = [rfc2047(encode_header("Subject", subject)) for subject in subjects]

    assert read == subjects


@pytest.mark.skipif(not shutil.which("perl"), reason="there is no Perl here")
def test_a_thousand_vietnamese_headlines_come_back_unharmed_from_perl():
    subjects = headlines() + [param.values[0] for param in ODD]
    fields = [encode_header("Subject", subject) for subject in subjects]
    script = (
        "use Encode; binmode STDOUT, ':utf8'; $/ = qq(\\0);"
        "while (<STDIN>) { chomp; s/\\ASubject: ?//; s/\\r\\n\\z//; print decode('MIME-Header', $_), qq(\\0) }"
    )

    ran = subprocess.run(["perl", "-e", script], input=b"\0".join(fields) + b"\0", capture_output=True, check=True)

    assert ran.stdout.decode().split("\0")[:-1] == subjects


@pytest.mark.parametrize("text", ODD)
def test_any_text_comes_back_as_it_was(text):
    field = encode_header("Subject", text)

    assert rfc2047(field) == text
    assert rust(field)["Subject"] == [text]


@given(st.text(max_size=300))
@example(" ")
@example("a ")
@example("\ud800 \u202e\r\n")
def test_any_text_at_all_comes_back_as_it_may_stand_in_a_header(text):
    assert rfc2047(encode_header("Subject", text)) == header_text(text)


@given(st.lists(st.sampled_from(["a", "é", " ", "=?", "?=", "=", "_", "dài" * 20, "🇻🇳", "x" * 75]), max_size=60))
def test_any_mixture_of_plain_and_odd_comes_back(pieces):
    text = "".join(pieces)

    assert rfc2047(encode_header("X-A-Longer-Name", text)) == text


@pytest.mark.parametrize("text", [p for p in ODD if "accents" not in p.id])
def test_no_character_that_a_reader_sees_is_split(text):
    field = encode_header("Subject", text).decode()

    words = [decode_word(*word) for word in re.findall(r"=\?utf-8\?([bq])\?([^?]+)\?=", field)]

    assert [g for word in words for g in graphemes(word)] == graphemes("".join(words))


def test_plain_ascii_stays_plain():
    assert encode_header("Subject", "Weekly news") == b"Subject: Weekly news\r\n"


def test_only_what_needs_it_is_encoded():
    assert encode_header("Subject", "From Huế to Osaka") == b"Subject: From =?utf-8?b?SHXhur8=?= to Osaka\r\n"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("News\r\nBcc: all@example.org", "News Bcc: all@example.org", id="a line end begins no new field"),
        pytest.param("a\rb\nc\x00d\x1be", "a b c d e", id="controls are spaces"),
        pytest.param("a\u2028b\u2029c\x85d", "a b c d", id="Unicode's line ends are spaces"),
        pytest.param("a \t \n b", "a b", id="white space with a control in it is one space"),
        pytest.param("\nnews\n", "news", id="controls at the ends are nothing"),
        pytest.param("a\u202egnp.exe\u202c", "agnp.exe", id="bidi overrides go"),
        pytest.param("a\u2066b\u2069", "ab", id="bidi isolates go"),
        pytest.param("\ud83d", "\ufffd", id="half a surrogate pair is a replacement character"),
        pytest.param("a  b", "a  b", id="plain spaces are kept"),
        pytest.param("cà\u200dphê", "cà\u200dphê", id="joiners are kept"),
    ],
)
def test_header_text(text, shown):
    assert header_text(text) == shown


@pytest.mark.parametrize(
    ("name", "address", "field"),
    [
        pytest.param("", "a@b.example", "From: a@b.example", id="no name"),
        pytest.param("Ada Lovelace", "a@b.example", "From: Ada Lovelace <a@b.example>", id="atoms"),
        pytest.param("J. Smith", "a@b.example", 'From: "J. Smith" <a@b.example>', id="a dot is quoted"),
        pytest.param('A "B" \\', "a@b.example", 'From: "A \\"B\\" \\\\" <a@b.example>', id="quotes are escaped"),
        pytest.param("x\r\nBcc: y", "a@b.example", 'From: "x Bcc: y" <a@b.example>', id="no new field"),
        pytest.param("Huế", "a@b.example", "From: =?utf-8?b?SHXhur8=?= <a@b.example>", id="an encoded-word"),
        pytest.param("", "a@straße.example", "From: a@xn--strae-oqa.example", id="an IDN domain is an A-label"),
        pytest.param("", '"a b"@b.example', 'From: "a b"@b.example', id="a quoted local part"),
        pytest.param(
            "Ann", "người@b.example", "From: Ann =?utf-8?b?bmfGsOG7nWlAYi5leGFtcGxl?= :;",
            id="what ASCII cannot say is the name of an empty group",
        ),
        pytest.param(
            "", "a@b.example>\r\nBcc: c@d.example", 'From: "a@b.example> Bcc: c@d.example" :;',
            id="what is no address is no address",
        ),
    ],
)  # fmt: skip
def test_mailboxes(name, address, field):
    assert encode_mailbox("From", name, address) == field.encode() + b"\r\n"


NAMES = [
    'Nguyễn, Văn "A" <b@c>',
    "Tin tức Thành phố Hồ Chí Minh mỗi tuần – bản tiếng Việt dành cho người ở xa",
    "=?x?=",
]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_stands_in_words_that_a_phrase_allows(name):
    field = encode_mailbox("To", name, "reader@example.org").decode()

    phrase, _, address = field.replace("\r\n", "").removeprefix("To: ").rpartition(" ")

    assert address == "<reader@example.org>"
    assert all(len(line) <= 76 for line in field.split("\r\n"))
    # RFC 2047, section 5 (3): letters, digits and these few, lest a parser of addresses stumble.
    assert all(re.fullmatch(r"=\?utf-8\?[bq]\?[A-Za-z0-9!*+/=_-]+\?=", word) for word in phrase.split() if "?" in word)


@pytest.mark.parametrize("name", [*NAMES, "J. Smith, Jr.", "Ada"])
def test_a_name_comes_back_from_a_parser_in_rust(name):
    mail = parse_email(encode_mailbox("To", name, "reader@example.org") + b"\r\n", strict=True)

    assert [(to.display_name, to.address) for to in mail.to] == [(name, "reader@example.org")]


def test_a_list_id_keeps_its_id_apart_from_the_title():
    field = encode_phrase("List-Id", "Bản tin tuần", "<weekly.news.example>")

    assert field == b"List-Id: =?utf-8?b?QuG6o24gdGluIHR14bqnbg==?= <weekly.news.example>\r\n"


@pytest.mark.parametrize(
    ("address", "ascii_form"),
    [
        pytest.param("Tin@Ví-dụ.vn", "Tin@xn--v-d-rma6749a.vn", id="the local part keeps its case"),
        pytest.param("a@straße.de", "a@xn--strae-oqa.de", id="ß is not ss (IDNA 2008)"),
        pytest.param("a@B.example", "a@B.example", id="ASCII is left alone"),
        pytest.param("a@ü..de", "a@ü..de", id="what has no such form is left alone"),
    ],
)
def test_ascii_address(address, ascii_form):
    assert ascii_address(address) == ascii_form

"""Bytes become the letters that their writer meant, whatever is said of them."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from syndicator.model.encodings import VIETNAMESE, encoding_name, is_known_encoding
from syndicator.pipeline.decode import decode_document
from syndicator.pipeline.legacy_vietnamese import guess_vietnamese, read_vietnamese

NEWS = (
    "Thành phố mở tuyến buýt sông mới ở quận bốn. Người dân đi lại dễ dàng hơn, trường học và bệnh viện được xây thêm."
    " Chợ nổi đón khách phương xa với giá rẻ; những chuyến phà vượt cửa biển được tổ chức hằng ngày cho mọi người."
)

# The whole alphabet with all tones, as iconv(1) of glibc writes it, and as the tables of VNI's fonts do.
ALPHABET = (
    "aáàảãạăắằẳẵặâấầẩẫậeéèẻẽẹêếềểễệiíìỉĩịoóòỏõọôốồổỗộơớờởỡợuúùủũụưứừửữựyýỳỷỹỵđ"
    "AÁÀẢÃẠĂẮẰẲẴẶÂẤẦẨẪẬEÉÈẺẼẸÊẾỀỂỄỆIÍÌỈĨỊOÓÒỎÕỌÔỐỒỔỖỘƠỚỜỞỠỢUÚÙỦŨỤƯỨỪỬỮỰYÝỲỶỸỴĐ"
)
VISCII = bytes.fromhex(
    "61e1e0e4e3d5e5a1a2c6c7a3e2a4a5a6e7a765e9e8eba8a9eaaaabacadae69edecefeeb86ff3f2f6f5f7f4afb0b1b2b5bdbe"
    "b6b7defe75faf9fcfbf8dfd1d7d8e6f179fdcfd6dbdcf041c1c0c4c380c58182020583c2848586068745c9c8cb8889ca8a8b"
    "8c8d8e49cdcc9bce984fd3d299a09ad48f90919293b4959697b39455dad99c9d9ebfbabbbcffb959dd9f14191ed0"
)
TCVN = bytes.fromhex(
    "61b8b5b6b7b9a8bebbbcbdc6a9cac7c8c9cb65d0cccecfd1aad5d2d3d4d669ddd7d8dcde6fe3dfe1e2e4abe8e5e6e7e9aced"
    "eaebecee75f3eff1f2f4adf8f5f6f7f979fdfafbfcfeae418380818284a1c0afbabf85a2c4c1c2c386458a8788898ba3dac5"
    "cdd98c49908d8e8f914f9592939496a4ffdbe0f097a59b98999a9c55019d9e9f02a61104050612591613141517a7"
)
VNI = (
    "aaùaøaûaõaïaêaéaèaúaüaëaâaáaàaåaãaäeeùeøeûeõeïeâeáeàeåeãeäiíìæóòooùoøoûoõoïoâoáoàoåoãoäôôùôøôûôõôïuuùuøuûuõuï"
    "ööùöøöûöõöïyyùyøyûyõîñ"
    "AAÙAØAÛAÕAÏAÊAÉAÈAÚAÜAËAÂAÁAÀAÅAÃAÄEEÙEØEÛEÕEÏEÂEÁEÀEÅEÃEÄIÍÌÆÓÒOOÙOØOÛOÕOÏOÂOÁOÀOÅOÃOÄÔÔÙÔØÔÛÔÕÔÏUUÙUØUÛUÕUÏ"
    "ÖÖÙÖØÖÛÖÕÖÏYYÙYØYÛYÕÎÑ"
).encode("latin-1")


def tcvn3(text: str) -> bytes:
    """Return *text*, which has no capital letters with tones, in TCVN3."""
    letters = dict(zip(ALPHABET[:73], _split(TCVN, 73), strict=False)) | {"Đ": b"\xa7"}
    return b"".join(letters.get(letter, letter.encode("ascii", "ignore")) for letter in text)


def vni(text: str) -> bytes:
    signs = "aùøûõïêéèúüëâáàåãä"
    codes: dict[str, str] = {}
    for row, base in (("aáàảãạăắằẳẵặâấầẩẫậ", "a"), ("eéèẻẽẹ", "e"), ("oóòỏõọ", "o"), ("uúùủũụ", "u"), ("yýỳỷỹ", "y")):
        codes |= {letter: base + (signs[place] if place else "") for place, letter in enumerate(row)}
    for row, base in (("êếềểễệ", "e"), ("ôốồổỗộ", "o")):
        codes |= {letter: base + signs[12 + place] for place, letter in enumerate(row)}
    for row, base in (("ơớờởỡợ", "ô"), ("ưứừửữự", "ö")):
        codes |= {letter: base + (signs[place] if place else "") for place, letter in enumerate(row)}
    codes |= dict(zip("íìỉĩịỵđ", "íìæóòîñ", strict=True))
    codes |= {letter.upper(): code.upper() for letter, code in codes.items()}
    return "".join(codes.get(letter, letter) for letter in text).encode("latin-1")


def viscii(text: str) -> bytes:
    letters = dict(zip(ALPHABET, _split(VISCII, len(ALPHABET)), strict=True))
    return b"".join(letters.get(letter, letter.encode("ascii", "ignore")) for letter in text)


def _split(content: bytes, count: int) -> list[bytes]:
    return [bytes([byte]) for byte in content[:count]]


def windows_1258(text: str) -> bytes:
    out = b""
    for letter in text:
        try:
            out += letter.encode("cp1258")
        except UnicodeEncodeError:
            parts = unicodedata.normalize("NFD", letter)
            hats = "".join(sign for sign in parts if sign not in "\u0300\u0301\u0303\u0309\u0323")
            out += unicodedata.normalize("NFC", hats).encode("cp1258")
            out += "".join(sign for sign in parts if sign in "\u0300\u0301\u0303\u0309\u0323").encode("cp1258")
    return out


def problems(found) -> str:
    return "\n".join(str(problem) for problem in found)


class TestOldVietnamese:
    @pytest.mark.parametrize(
        ("name", "content"),
        [
            pytest.param("viscii", VISCII, id="VISCII"),
            pytest.param("tcvn-5712", TCVN, id="TCVN 5712"),
            pytest.param("vni", VNI, id="VNI"),
        ],
    )
    def test_every_letter_with_every_tone_is_read(self, name, content):
        assert read_vietnamese(content, name) == ALPHABET

    def test_tcvn3_has_all_small_letters_and_the_capitals_without_tones(self):
        assert read_vietnamese(TCVN[:73], "tcvn3") == ALPHABET[:73]
        assert read_vietnamese(b"\xa1\xa2\xa3\xa4\xa5\xa6\xa7", "tcvn3") == "ĂÂÊÔƠƯĐ"

    def test_tcvn3_leaves_room_for_the_quotation_marks_of_windows(self):
        assert read_vietnamese(b"\x93a\x94 \x96 \x85", "tcvn3") == "“a” – …"

    def test_a_tone_that_stands_alone_joins_its_letter(self):
        assert read_vietnamese(b"a\xb3 \xa9\xb4", "tcvn-5712") == "á ậ"

    @pytest.mark.parametrize("name", sorted(VIETNAMESE))
    def test_ascii_stays_what_it_is(self, name):
        markup = b'<?xml version="1.0"?>\r\n<rss>\t<a b="c">Ao uoi</a></rss>'

        assert read_vietnamese(markup, name) == markup.decode()

    def test_a_mark_of_vni_behind_another_letter_is_a_letter(self):
        assert read_vietnamese("Citroën, fête".encode("latin-1"), "vni") == "Citroën, fête"

    @given(st.binary(max_size=60), st.sampled_from(sorted(VIETNAMESE)))
    @example(bytes(range(256)), "vni")
    def test_all_bytes_become_letters_in_nfc(self, content, name):
        assert unicodedata.is_normalized("NFC", read_vietnamese(content, name))

    @pytest.mark.parametrize(
        ("write", "name"),
        [
            pytest.param(tcvn3, "tcvn3", id="TCVN3"),
            pytest.param(viscii, "viscii", id="VISCII"),
            pytest.param(vni, "vni", id="VNI"),
            pytest.param(windows_1258, "cp1258", id="windows-1258"),
        ],
    )
    def test_a_whole_article_shows_what_it_was_written_in(self, write, name):
        assert guess_vietnamese(write(NEWS)) == (name, True)

    @pytest.mark.parametrize(
        ("text", "encoding"),
        [
            pytest.param(
                "Après l'été, à la fenêtre, une école près de la forêt où les élèves mangeaient des pâtes salées"
                " était fermée; le préfet a décidé de la réouverture du théâtre et du musée, côté jardin.",
                "cp1252", id="French",
            ),
            pytest.param(
                "Die Brücke über den Fluß wird für Fußgänger geöffnet; große Bäume müssen fällen, wer Häuser für"
                " Schüler und Künstler baut. Der Bürgermeister erklärte das schöne Vorhaben.",
                "cp1252", id="German",
            ),
            pytest.param(
                "Żółta łódź płynęła wzdłuż brzegów rzeki, gdzie wąskie ścieżki prowadzą do źródła i dalej, na łąkę.",
                "iso-8859-2", id="Polish",
            ),
            pytest.param("Городской совет открыл новую линию речного трамвая, и жители довольны ею.", "cp1251",
                         id="Russian"),
            pytest.param("城市开通了新的水上巴士线路，居民出行更加方便，学校和医院也在增建之中。", "gb18030",
                         id="Chinese"),
        ],
    )  # fmt: skip
    def test_no_other_language_is_taken_for_vietnamese(self, text, encoding):
        assert guess_vietnamese(text.encode(encoding)) == ("", False)


class TestNames:
    @pytest.mark.parametrize(
        ("name", "known"),
        [
            pytest.param("UTF8", "utf-8", id="UTF-8"),
            pytest.param("ISO-8859-1", "cp1252", id="Latin 1 is Windows' larger set"),
            pytest.param("us-ascii", "cp1252", id="ASCII too"),
            pytest.param("gb2312", "gb18030", id="GB 2312 is GB 18030"),
            pytest.param("x-sjis", "cp932", id="an old name of Shift JIS"),
            pytest.param("ks_c_5601-1987", "cp949", id="a Korean one"),
            pytest.param("Big5", "big5hkscs", id="Big5"),
            pytest.param("windows-874", "cp874", id="Thai"),
            pytest.param("x-cp1258", "cp1258", id="with an x before it"),
            pytest.param("koi8-r", "koi8-r", id="Russian"),
            pytest.param("TCVN3", "tcvn3", id="TCVN3"),
            pytest.param("x-viet-tcvn", "tcvn-5712", id="TCVN by its name in browsers"),
            pytest.param("x-viet-tcvn5712", "tcvn-5712", id="TCVN with its number"),
            pytest.param("TCVN5712-1:1993", "tcvn-5712", id="TCVN as IANA and X11 write it"),
            pytest.param("csVISCII", "viscii", id="VISCII by its alias"),
            pytest.param("VISCII1.1-1", "viscii", id="VISCII by its version"),
            pytest.param("x-viet-vni", "vni", id="VNI by its name in browsers"),
            pytest.param("VNI-Windows", "vni", id="VNI by the name of its fonts"),
        ],
    )
    def test_one_encoding_has_many(self, name, known):
        assert encoding_name(name) == known

    @pytest.mark.parametrize("name", ["", "klingon", "base64", "rot13", "idna", "utf-7", "é", "a" * 90, "viqr", "../x"])
    def test_what_is_no_encoding_of_documents_is_not_known(self, name):
        assert not is_known_encoding(name)


class TestWhatIsSaid:
    @pytest.mark.parametrize(
        ("content", "content_type"),
        [
            pytest.param(b'<?xml version="1.0" encoding="tcvn3"?>' + tcvn3(NEWS), "", id="TCVN3 by prolog"),
            pytest.param(tcvn3(NEWS), "text/xml; charset=x-viet-tcvn3", id="TCVN3 by header"),
            pytest.param(viscii(NEWS), 'text/xml; charset="VISCII"', id="VISCII by header"),
            pytest.param(vni(NEWS), "text/xml; charset=x-viet-vni", id="VNI by header"),
            pytest.param(windows_1258(NEWS), "text/xml; charset=windows-1258", id="windows-1258 by header"),
        ],
    )
    def test_is_believed_when_the_bytes_are_not_utf_8(self, content, content_type):
        text, found = decode_document(content, content_type=content_type)

        assert text.endswith(NEWS)
        assert found == []

    @pytest.mark.parametrize(
        ("text", "encoding", "name"),
        [
            pytest.param("“città” – caffè…", "cp1252", "iso-8859-1", id="Latin 1 that is windows-1252"),
            pytest.param("Żółta łódź", "iso-8859-2", "iso-8859-2", id="Polish"),
            pytest.param("Новости города", "koi8-r", "koi8-r", id="Russian"),
            pytest.param("城市新闻，水上巴士", "gb18030", "gb2312", id="simplified Chinese"),
            pytest.param("城市新聞，水上巴士", "big5", "Big5", id="traditional Chinese"),
            pytest.param("水上バスの新しい路線", "shift_jis", "Shift_JIS", id="Japanese, Shift JIS"),
            pytest.param("水上バスの新しい路線", "euc-jp", "EUC-JP", id="Japanese, EUC"),
            pytest.param("水上バスの新しい路線", "iso-2022-jp", "ISO-2022-JP", id="Japanese, valid as UTF-8"),
            pytest.param("도시의 새로운 수상 버스", "euc-kr", "EUC-KR", id="Korean"),
            pytest.param("ข่าวเมือง", "cp874", "TIS-620", id="Thai"),
        ],
    )
    def test_names_of_the_world_are_known(self, text, encoding, name):
        content = f'<?xml version="1.0" encoding="{name}"?><rss>{text}</rss>'.encode(encoding)

        assert decode_document(content) == (content.decode(encoding), [])

    def test_the_header_counts_more_than_the_prolog(self):
        content = '<?xml version="1.0" encoding="windows-1251"?>Łódź'.encode("iso-8859-2")

        text, found = decode_document(content, content_type="text/xml; charset=iso-8859-2")

        assert text.endswith("Łódź")
        assert found == []

    def test_a_header_that_cannot_be_true_gives_way_to_the_prolog(self):
        content = '<?xml version="1.0" encoding="gb2312"?>新闻'.encode("gb18030")

        text, found = decode_document(content, content_type="text/xml; charset=ks_c_5601-1987")

        assert text.endswith("新闻") or "cp949" not in problems(found)

    def test_a_prolog_that_could_be_read_is_not_utf_16(self):
        text, found = decode_document(b'<?xml version="1.0" encoding="utf-16"?><a>caf\xe9!</a>')

        assert text.endswith("<a>café!</a>")
        assert "it is not utf-16" in problems(found)

    def test_what_is_said_to_be_utf_8_and_is_not_is_read_as_windows_1252(self):
        text, found = decode_document(b'<?xml version="1.0" encoding="utf-8"?><a>caf\xe9 \x93cr\xe8me\x94</a>')

        assert text.endswith("<a>café “crème”</a>")
        assert "the bytes are not UTF-8; read as windows-1252" in problems(found)

    def test_the_admin_is_believed(self):
        assert decode_document(vni(NEWS), content_type="text/xml; charset=iso-8859-1", encoding="vni") == (NEWS, [])

    def test_the_admin_is_told_when_the_publisher_went_over_to_utf_8(self):
        text, found = decode_document(NEWS.encode(), encoding="tcvn3")

        assert text == NEWS
        assert problems(found) == "repair.encoding: the bytes are UTF-8 and not tcvn3; take it out"

    def test_an_unknown_encoding_names_its_remedy(self):
        assert "set repair.encoding to the right one" in problems(decode_document(b"a", encoding="klingon")[1])


class TestWhatIsNotSaid:
    @pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
    @pytest.mark.parametrize("start", ["", "\ufeff", "\n"], ids=["no mark", "a mark", "a blank line"])
    def test_wide_letters_show(self, encoding, start):
        document = f'{start}<?xml version="1.0"?><rss>{NEWS}</rss>'

        assert decode_document(document.encode(encoding)) == (document.lstrip("\ufeff"), [])

    def test_wide_letters_that_were_cut_short_are_read_as_far_as_they_go(self):
        text, found = decode_document(f"<rss>{NEWS}".encode("utf-16-le")[:-1])

        assert text.startswith(f"<rss>{NEWS[:-1]}")
        assert "1 bytes that are no letters; read as utf-16-le" in problems(found)

    @pytest.mark.parametrize(
        ("write", "name"), [(tcvn3, "tcvn3"), (vni, "vni"), (viscii, "viscii"), (windows_1258, "windows-1258")]
    )
    def test_plain_vietnamese_is_read_and_the_remedy_named(self, write, name):
        text, found = decode_document(write(NEWS))

        assert text == NEWS
        assert problems(found) == (
            f"the bytes are not UTF-8; read as {name}; it looks like {name}; set repair.encoding: {name}"
        )

    def test_a_few_words_are_named_and_not_followed(self):
        text, found = decode_document(tcvn3("Thành phố mở tuyến buýt sông mới ở quận bốn"))

        assert "read as windows-1252; it looks like tcvn3; set repair.encoding: tcvn3" in problems(found)
        assert "phố" not in text

    def test_anything_else_is_windows_1252(self):
        text, found = decode_document(b"<rss>caf\xe9 \x96 \x80 5</rss>")

        assert text == "<rss>café – € 5</rss>"
        assert "set repair.encoding if letters look wrong" in problems(found)


class TestDamage:
    @pytest.mark.parametrize("place", [0, 3, 10])
    def test_marks_of_byte_order_are_left_out_wherever_they_stand(self, place):
        text = NEWS[:place] + "\ufeff" + NEWS[place:] + "\ufeff"

        assert decode_document(text.encode()) == (NEWS, [])

    def test_a_byte_that_is_no_letter_costs_one_letter(self):
        content = NEWS.encode().replace("ở".encode(), b"\xff", 1)

        text, found = decode_document(content, content_type="text/xml; charset=windows-1252")

        assert text == NEWS.replace("ở", "\ufffd", 1)
        assert problems(found) == "1 bytes that are no letters; read as utf-8, with � for them"

    def test_halves_of_a_letter_are_put_together(self):
        content = "tin \ud83d\ude80 mới".encode(errors="surrogatepass")

        text, found = decode_document(content)

        assert text == "tin 🚀 mới"
        assert "1 letters in two halves" in problems(found)

    def test_half_a_letter_is_none(self):
        text, _ = decode_document(NEWS.encode() + b"\xed\xa0\xbd")

        assert text == NEWS + "\ufffd" * 3

    def test_controls_that_were_signs_of_windows_are_those_signs(self):
        text, found = decode_document("“q” – x".encode("cp1252").decode("latin-1").encode())

        assert text == "“q” – x"
        assert "3 control characters (C1)" in problems(found)

    @given(
        st.binary(max_size=200) | st.text(max_size=80).map(lambda text: text.encode("utf-16-le", "surrogatepass")),
        st.sampled_from(["", "text/xml; charset=utf-7", "text/xml; charset=iso-2022-jp", "a; charset=utf-16",
                         "a; charset=vni", "a; charset=hz"]),
        st.sampled_from(["", "idna", "tcvn3", "utf-32", "big5", "hz", "cp1258"]),
    )  # fmt: skip
    @example(b"\x00", "", "")
    @example(b"\x1b$", "a; charset=iso-2022-jp", "")
    @example(b"\xed\xa0\x80\xed\xb0\x80", "", "")
    def test_never_raises_and_leaves_no_half_letters(self, content, content_type, encoding):
        text, _ = decode_document(content, content_type=content_type, encoding=encoding)

        text.encode()

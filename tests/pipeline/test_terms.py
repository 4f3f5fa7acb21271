import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicator.pipeline.fields import lay_out
from syndicator.pipeline.patterns import MAX_HITS
from syndicator.pipeline.terms import compile_terms, term_fault
from syndicator.pipeline.text import GLUED, normal_form


def met(term, text, *, language="vi", field="title"):
    """Return the words that *term* meets in *text*."""
    page = lay_out([(field, text)], language=language)
    return [page.text[start:end] for _, start, end in compile_terms([term]).find(page).get(0, [])]


@pytest.mark.parametrize(
    ("term", "text", "words"),
    [
        pytest.param("consul", "The CONSUL spoke", ["CONSUL"], id="in any case"),
        pytest.param("consul", "The consulate spoke", [], id="not as a part of a word"),
        pytest.param("anh", "nhanh chóng", [], id="not as a part of a syllable"),
        pytest.param("G20", "họp G200", [], id="not as a part of a number"),
        pytest.param("consul", "consul, (consul) “consul”…", ["consul"] * 3, id="beside whatever sign"),
        pytest.param("foreign minister", "two foreign ministers", ["foreign ministers"], id="an English plural"),
        pytest.param("minister of state", "two ministers of state", ["ministers of state"], id="a plural inside"),
        pytest.param("embassy", "embassies of both", ["embassies"], id="a plural in -ies"),
        pytest.param("speech", "two speeches", ["speeches"], id="a plural in -es"),
        pytest.param("foreign minister", "the foreign minister's visit", ["foreign minister"], id="a possessive"),
        pytest.param("foreign minister", "foreign ministers’ visits", ["foreign ministers"], id="that of a plural"),
        pytest.param("eu", "eus", [], id="two letters have no plural"),
        pytest.param("chess", "chesses", [], id="a word in -s has no plural"),
        pytest.param("hòa bình", "hoà bình", ["hoà bình"], id="a tone in the new place"),
        pytest.param("văn hoá", "văn hóa", ["văn hóa"], id="a tone in the old place"),
        pytest.param("thuỷ sản", "THỦY SẢN", ["THỦY SẢN"], id="the same in upper case"),
        pytest.param("quý khách", "quí khách", ["quí khách"], id="i for y"),
        pytest.param("kĩ thuật", "kỹ thuật", ["kỹ thuật"], id="y for i"),
        pytest.param("nước Mỹ", "nước Mĩ", ["nước Mĩ"], id="y and i in a name"),
        pytest.param("Đà Nẵng", "\u00d0à Nẵng", ["\u00d0à Nẵng"], id="the Icelandic letter that looks like Đ"),
        pytest.param("straße", "STRASSE", ["STRASSE"], id="a letter that becomes two"),
        pytest.param("strasse", "die Straße", ["Straße"], id="and in the text"),
        pytest.param("Việt – Nhật", "Việt-Nhật, Việt - Nhật", ["Việt-Nhật", "Việt - Nhật"], id="dashes of any kind"),
        pytest.param("R&D", "R&D, R & D", ["R&D", "R & D"], id="and the sign for and"),
        pytest.param("TP.HCM", "TPHCM TP HCM TP.HCM TP. HCM", ["TP HCM", "TP.HCM", "TP. HCM"], id="short for city"),
        pytest.param("GS. TS.", "GS.TS. và GS. TS", ["GS.TS", "GS. TS"], id="titles in a row"),
        pytest.param("st petersburg", "in St. Petersburg", ["St. Petersburg"], id="a saint's city"),
        pytest.param("quận 1", "quận\xa01", ["quận\xa01"], id="over a space that does not break"),
        pytest.param("U.S. embassy", "the U.S. embassy", ["U.S. embassy"], id="with its own full stops"),
        pytest.param("c++", "in C++ and c++11", ["C++"], id="with signs of its own"),
    ],
)
def test_a_term_is_met_in_whole_words(term, text, words):
    assert met(term, text) == words


@pytest.mark.parametrize("sign", [". ", "? ", "! ", "… ", ": ", "; ", ", ", " (", "\n", "?! ", "。", " — "])
def test_a_term_is_not_met_over_the_end_of_a_sentence_or_a_clause(sign):
    assert met("nội đức", f"ở Hà Nội{sign}Đức thắng") == []
    assert met("noi duc", f"o Ha Noi{sign}Duc thang") == []


@pytest.mark.parametrize(
    ("term", "text", "words"),
    [
        pytest.param("ngoại giao", "Bo ngoai giao hop", ["ngoai giao"], id="two words in text without accents"),
        pytest.param("đại sứ quán", "dai su quan Duc", ["dai su quan"], id="a crossed d"),
        pytest.param("quý khách", "qui khach", ["qui khach"], id="i for y"),
        pytest.param("ngoại giao", "Bộ ngoai giao hop", [], id="not in text that has accents"),
        pytest.param("ngoại giao", "“Bo ngoai giao” – hop", ["ngoai giao"], id="signs are no accents"),
        pytest.param("đức", "Duc gap go", [], id="one word means too much"),
        pytest.param("ngoai giao", "ngoại giao", [], id="a term without accents is not met in accented text"),
        pytest.param("ngoai giao", "Bo ngoai giao", ["ngoai giao"], id="but as it stands"),
        pytest.param("thượng đỉn*", "hop thuong dinh", ["thuong dinh"], id="a beginning"),
        pytest.param('"Ngoại Giao"', "Bo Ngoai Giao", [], id="never one whose case and accents are asked for"),
    ],
)
def test_vietnamese_without_accents(term, text, words):
    assert met(term, text) == words
    assert met(term, text, language="") == words


def test_only_vietnamese_is_read_without_accents():
    assert met("ngoại giao", "Bo ngoai giao", language="en") == []


def test_a_title_without_accents_beside_a_summary_with_them_is_no_text_without_accents():
    page = lay_out([("title", "Ban Ki-moon"), ("summary", "Ông thăm Việt Nam")], language="vi")

    assert compile_terms(["bạn kí"]).find(page) == {}


def test_an_address_has_no_accents_whatever_the_title():
    page = lay_out([("title", "Thế giới"), ("url", "https://paper.example/the-gioi/1.html")], language="vi")

    [places] = compile_terms(["thế giới"]).find(page).values()

    assert [page.text[start:end] for _, start, end in places] == ["Thế giới", "the-gioi"]


@pytest.mark.parametrize(
    ("term", "text", "words"),
    [
        pytest.param("总领事", "日本驻胡志明市总领事馆", ["总领事"], id="Chinese, anywhere"),
        pytest.param("총영사", "주호찌민총영사관은", ["총영사"], id="Korean, before its particles"),
        pytest.param("外交", "「外交」外交", ["外交", "外交"], id="each time"),
        pytest.param("ガス", "ｶﾞｽの値段", ["ｶﾞｽ"], id="half-width kana, the words as they are written"),
        pytest.param("ASEAN", "ＡＳＥＡＮ首脳会議", ["ＡＳＥＡＮ"], id="full-width letters"),
        pytest.param("ASEAN", "東南アジアASEAN首脳", ["ASEAN"], id="a word beside letters that need no space"),
        pytest.param("G7峰会", "在G7峰会上", ["G7峰会"], id="mixed"),
        pytest.param("ทูต", "เอกอัครราชทูตไทย", ["ทูต"], id="Thai"),
    ],
)
def test_scripts_without_spaces_are_met_anywhere(term, text, words):
    assert met(term, text, language="zh") == words


@pytest.mark.parametrize(
    ("term", "text", "words"),
    [
        pytest.param("consul*", "Consuls and consulates, proconsul", ["Consuls", "consulates"], id="what begins so"),
        pytest.param("consul*", "consul", ["consul"], id="and the word itself"),
        pytest.param("foreign minist*", "foreign ministries", ["foreign ministries"], id="the last of two words"),
        pytest.param("总领*", "总领事馆", ["总领"], id="nothing more without spaces"),
        pytest.param('"WHO"', "WHO who Who WHOs", ["WHO"], id="in this case only"),
        pytest.param('"Us"', "Us", ["Us"], id="whatever case"),
        pytest.param('"TP.HCM"', "TP HCM, tp HCM, TP. HCM", ["TP HCM", "TP. HCM"], id="with any joint"),
        pytest.param('"Mỹ"', "Mỹ mỹ MỸ Mĩ", ["Mỹ"], id="and in these accents only"),
        pytest.param(r"re:G(7|20)\b", "họp g7, G20, G200", ["g7", "G20"], id="an expression, in any case"),
        pytest.param(r"re:(?-i)G20", "g20 G20", ["G20"], id="but where it says so"),
        pytest.param(r"re:\$\d+ tỷ", "trị giá $20 tỷ", ["$20 tỷ"], id="an expression, in the text as it stands"),
        pytest.param("re:x*", "axxb", [], id="one that is met everywhere is met nowhere"),
        pytest.param("re:a(", "a(", [], id="a faulty expression is met nowhere"),
        pytest.param("–", "a – b", [], id="a sign is no term"),
    ],
)
def test_beginnings_exact_words_and_expressions(term, text, words):
    assert met(term, text, language="en") == words


def test_several_expressions_are_found_each_in_its_place():
    terms = compile_terms(["re:(?P<n>\\d+) km", "re:(?P<n>\\d+) kg", "re:nowhere"])
    page = lay_out([("title", "Đi 5 km"), ("summary", "Mang 7 kg")], language="vi")

    assert terms.find(page) == {0: [(0, 4, 8)], 1: [(1, 14, 18)]}


@pytest.mark.parametrize(
    ("term", "fault"),
    [
        pytest.param("re:a(", "it is no expression in RE2's syntax: missing ): a(", id="an open bracket"),
        pytest.param(
            r"re:(a)\1", r"it is no expression in RE2's syntax: invalid escape sequence: \1", id="a backreference"
        ),
        pytest.param("re:", "it is met everywhere", id="an empty expression"),
        pytest.param("re:a*", "it is met everywhere", id="one that nothing satisfies"),
        pytest.param("—", "it has no letter or digit", id="a sign alone"),
        pytest.param("*", "it has no letter or digit", id="a star alone"),
        pytest.param('""', "it has no letter or digit", id="nothing in quotes"),
        pytest.param("c++", "", id="a sound one"),
    ],
)
def test_a_term_that_is_met_nowhere_or_everywhere_is_named(term, fault):
    assert term_fault(term) == fault


@pytest.mark.parametrize("letter", ["", "\uff21"], ids=["as it is", "where letters change their places"])
def test_many_places_in_one_field_hide_none_in_another(letter):
    page = lay_out([("title", f"Vietnam, {letter} " * 200), ("category", "Vietnam")], language="en")

    spans = compile_terms(["Vietnam"]).find(page)[0]

    assert [sum(span[0] == field for span in spans) for field in (0, 1)] == [MAX_HITS, 1]


def test_many_places_in_another_case_hide_none_in_the_exact_one():
    assert met('"WHO"', "who is who " * 200 + "WHO") == ["WHO"]


def test_no_more_places_of_a_term_are_kept_than_a_rule_needs():
    assert len(met("a", "a, " * 1000)) == MAX_HITS
    assert len(met("re:a", "a, " * 1000)) == MAX_HITS


WORDS = ["hoà", "hòa", "Đức", "đức", "ss", "ß", "TP", "HCM", "city", "cities", "Kỹ", "kĩ", "日本", "ＡＢ", "x", "é"]
JOINTS = [" ", " ", " ", "-", ". ", ", ", "'", "\n", " – "]
TEXTS = st.lists(st.tuples(st.sampled_from(WORDS), st.sampled_from(JOINTS))).map(
    lambda pairs: "".join(word + joint for word, joint in pairs)
)
TERMS = st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(" ".join)


@given(TEXTS, st.lists(TERMS, min_size=1, max_size=5))
def test_a_place_holds_the_words_of_the_text(text, terms):
    page = lay_out([("title", text), ("summary", text)], language="vi")
    compiled = compile_terms(terms)

    for number, places in compiled.find(page).items():
        for field, start, end in places:
            words = page.text[start:end]
            assert words in page.field_text(field)
            assert compile_terms([compiled.names[number]]).find(lay_out([("title", words)], language="vi"))


@given(TEXTS, TERMS)
def test_forms_and_cases_of_a_text_are_met_alike(text, term):
    places = len(met(term, text))

    assert len(met(term, unicodedata.normalize("NFD", text))) == places
    assert len(met(term, text.upper())) == places
    assert len(met(term, text.lower())) == places
    assert len(met(unicodedata.normalize("NFD", term.upper()), text)) == places


@given(
    st.text("abc -,.", max_size=60),
    st.lists(st.text("abc ", min_size=1, max_size=6).map(str.strip).filter(bool), min_size=1, max_size=8),
)
def test_one_pass_finds_what_a_search_for_each_whole_word_finds(text, terms):
    terms = list(dict.fromkeys(" ".join(term.split()) for term in terms))
    page = lay_out([("title", text)], language="en")

    exact = compile_terms([f'"{term}"' for term in terms])
    found = {number: [place[1:] for place in places] for number, places in exact.find(page).items()}

    normal = normal_form(page.text).text
    each = [[match.span(1) for match in re.finditer(rf"(?=(?<!\w)({term})(?!\w))", normal)] for term in terms]
    assert found == {number: places for number, places in enumerate(each) if places}


SIGNS = ["c", "d", "C", "đ", "ô", " ", " ", "+", ", ", "-", "/", "’", "“", "1"]


@given(
    st.lists(st.sampled_from(SIGNS), max_size=30).map("".join),
    st.lists(
        st.builds(
            str.format,
            st.sampled_from(["{}", "{}*", '"{}"']),
            st.lists(st.sampled_from(SIGNS), min_size=1, max_size=5).map("".join),
        ),
        min_size=1,
        max_size=8,
    ),
    st.sampled_from(["中", "™", "ﾊ", "ß"]),
)
def test_a_letter_from_elsewhere_changes_nothing_of_what_is_met_before_it(text, terms, letter):
    compiled = compile_terms(terms)

    # Where all letters are Vietnamese or ASCII, another automaton is asked.
    alone = compiled.find(lay_out([("title", text), ("summary", ".")], language="en"))
    assert compiled.find(lay_out([("title", text), ("summary", letter)], language="en")) == alone


@given(st.text(), st.text(min_size=1, max_size=3))
def test_any_text_is_searched_for_any_term(text, term):
    assert all(met(term, text))


def test_a_mark_makes_one_word_with_its_letter_and_a_letter_without_spaces_does_not():
    assert [GLUED[sign] for sign in ("a", "9", "_", "\u0301", " ", "本", "한", "–")] == [True] * 4 + [False] * 4

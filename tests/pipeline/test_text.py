import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicator.pipeline.text import (
    bare,
    count_words,
    ends_a_sentence,
    fold,
    graphemes,
    is_accentless,
    normal_form,
    title_key,
    words,
)


@given(st.text())
def test_folding_is_done_once_for_all(text):
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_a_decomposed_text_folds_to_the_same(text):
    assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text))


@given(st.text())
def test_graphemes_are_the_text(text):
    assert "".join(graphemes(text)) == text


def test_a_family_and_a_flag_are_one_grapheme_each():
    assert len(graphemes("👨‍👩‍👧🇻🇳")) == 2


def test_bare_text_has_no_accents_and_no_crossed_d():
    assert bare("Đường Nguyễn Huệ") == "duong nguyen hue"


def test_words_know_their_places():
    text = "TP.HCM: “Đón” khách"

    assert [text[word.start : word.end] for word in words(text)] == ["TP", "HCM", "Đón", "khách"]


def test_a_headline_is_the_same_whatever_its_quotes_and_case():
    assert title_key("“Osaka” opens an office!") == title_key("OSAKA opens  an office")


@given(st.text())
def test_words_stand_where_they_say_in_whatever_text(text):
    text = unicodedata.normalize("NFC", text)

    assert [fold(text[word.start : word.end]) for word in words(text)] == [word.folded for word in words(text)]


@pytest.mark.parametrize(
    ("old", "new"), [("hòa", "hoà"), ("HÓA", "hoá"), ("thủy", "thuỷ"), ("ủy", "uỷ"), ("qúy", "quý"), ("khỏe", "khoẻ")]
)
def test_a_word_is_the_same_with_its_tone_in_the_old_place(old, new):
    assert fold(old) == fold(new) == new


@given(st.text())
def test_a_normal_form_knows_where_each_of_its_characters_stood(text):
    text = unicodedata.normalize("NFC", text)

    normal = normal_form(text)

    if not normal.starts:
        assert len(normal.text) == len(text)
    else:
        assert len(normal.starts) == len(normal.ends) == len(normal.text)
        assert list(normal.starts) == sorted(normal.starts)
        assert all(0 <= start < end <= len(text) for start, end in zip(normal.starts, normal.ends, strict=True))


@given(st.text())
def test_a_normal_form_of_a_part_is_that_part_of_the_normal_form(text):
    assert normal_form(f"{text} {text}").text == f"{normal_form(text).text} {normal_form(text).text}"


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        pytest.param("Bộ NGOẠI GIAO", "bộ ngoại giao", id="lower case"),
        pytest.param("minister’s TP.HCM/G7–R&D", "minister s tp hcm g7 r d", id="a space for each joint"),
        pytest.param("Hà Nội. Đức, “Anh”…", 'hà nội  đức, "anh"…', id="signs that part stay, and are level"),
        pytest.param("Straße", "strasse", id="a letter that becomes two"),
        pytest.param("ＡＢ，ｶﾞｽ", "ab,ガス", id="full and half width"),
        pytest.param("m² Đức™", "m² đức™", id="signs that are no wide ones stay"),
    ],
)
def test_the_normal_form_of_a_text(text, normal):
    assert normal_form(text).text == normal


@pytest.mark.parametrize(
    ("text", "accentless"),
    [
        ("Bo ngoai giao", True),
        ("“Bo – ngoai” 5 €…", True),
        ("Bộ", False),
        ("“Bo” ngoại", False),
        ("外交", False),
        ("", True),
    ],
)
def test_a_text_without_accents_has_letters_of_ascii_only(text, accentless):
    assert is_accentless(text) is accentless


@pytest.mark.parametrize(
    ("text", "count"),
    [("", 0), ("the minister's visit", 3), ("TP.HCM đón khách", 4), ("在G7峰会", 4), ("don’t – 5", 2)],
)
def test_words_are_counted_as_a_reader_counts(text, count):
    assert count_words(text) == count


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        pytest.param("He went. She came", True, id="a full stop"),
        pytest.param('"Really?" she said', True, id="a question within quotation marks"),
        pytest.param("Họ chờ… Rồi đi", True, id="an ellipsis"),
        pytest.param("他走了。她来了", True, id="a full stop without a space"),
        pytest.param("One line\nanother", True, id="a new paragraph"),
        pytest.param("St. Petersburg", False, id="an abbreviation"),
        pytest.param("ở TP. HCM", False, id="one in Vietnamese"),
        pytest.param("John F. Kennedy", False, id="an initial"),
        pytest.param("1.000 đồng, G.7: tốt", False, id="a full stop within a word"),
        pytest.param("He went.", False, id="the end itself has nothing after it"),
    ],
)
def test_where_sentences_end(text, ends):
    assert ends_a_sentence(text) is ends

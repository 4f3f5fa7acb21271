import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicator.pipeline.text import bare, fold, graphemes, title_key, words


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

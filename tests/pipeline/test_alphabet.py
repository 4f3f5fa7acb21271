import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicator.pipeline.alphabet import in_bytes, words_apart
from syndicator.pipeline.text import GLUED, normal_form

# Of all signs, those that have a byte.
SIGNS = [sign for sign in map(chr, range(sys.maxunicode + 1)) if in_bytes(sign) is not None]


def test_all_letters_of_vietnamese_and_english_have_a_byte():
    vowels = "aăâeêioôơuưy"
    tones = ["", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323"]
    letters = unicodedata.normalize("NFC", "".join(vowel + tone for vowel in vowels for tone in tones))

    spoken = letters + "đ" + "bcdfghjklmnpqrstvwxz0123456789"
    assert set(spoken) | set(spoken.upper()) <= set(SIGNS)


def test_two_signs_have_one_byte_where_they_have_one_normal_form():
    by_form, by_byte = {}, {}
    for sign in SIGNS:
        by_form.setdefault(normal_form(sign).text, set()).add(sign)
        by_byte.setdefault(in_bytes(sign), set()).add(sign)

    assert sorted(map(sorted, by_form.values())) == sorted(map(sorted, by_byte.values()))


@given(st.lists(st.sampled_from(SIGNS)).map("".join))
def test_a_text_has_the_bytes_of_its_signs_in_their_places(text):
    assert in_bytes(text) == b"".join(map(in_bytes, text))
    assert in_bytes(normal_form(text).text) == in_bytes(text)


@pytest.mark.parametrize("sign", ["中", "ß", "\u0301", "™", "\x01", "\x7f", "\ufffe", "\ud800", "ж", "𝔸"])
@pytest.mark.parametrize("beside", ["", "Hanoi ", "Hà Nội "])
def test_a_text_with_another_sign_has_no_bytes(sign, beside):
    assert in_bytes(beside + sign) is None


def test_what_makes_no_word_with_its_neighbour_is_a_space_between_words():
    glued = [in_bytes(sign) if GLUED[normal_form(sign).text] else b" " for sign in SIGNS]

    assert [words_apart(in_bytes(sign)) for sign in SIGNS] == glued

import pytest

from syndicator.pipeline.spellings import MAX_SPELLINGS, spellings


@pytest.mark.parametrize(
    ("phrase", "others"),
    [
        pytest.param("hoà bình", {"hòa bình"}, id="a tone in the old place"),
        pytest.param("thủy", {"thuỷ"}, id="a tone in the new place"),
        pytest.param("khỏe", {"khoẻ"}, id="another pair of vowels"),
        pytest.param("mỹ", {"mĩ"}, id="i for y"),
        pytest.param("công ty", {"công ti"}, id="also where it has no tone"),
        pytest.param("quý", {"quí", "qúy"}, id="both at once"),
        pytest.param("thúy", {"thuý"}, id="but an i only after one consonant"),
        pytest.param("đường", set(), id="no plural of what is plainly Vietnamese"),
        pytest.param("my day", {"my days"}, id="no i for y in English"),
        pytest.param("consul general", {"consuls general", "consul generals"}, id="either word in the plural"),
        pytest.param("box match", {"boxes match", "box matches"}, id="a plural in -es"),
        pytest.param("hero", {"heros", "heroes"}, id="of what ends in o, both"),
        pytest.param("city", {"cities", "citys"}, id="of what ends in y, both"),
        pytest.param("g7 of news", set(), id="no plural of numbers, of two letters, of what ends in s"),
    ],
)
def test_a_phrase_is_also_written_in_other_ways(phrase, others):
    written = [" ".join(words) for words in spellings(phrase.split())]

    assert written[0] == phrase
    assert set(written[1:]) == others


def test_what_is_not_to_be_inflected_is_not():
    assert list(spellings(["consul"], inflected=False)) == [("consul",)]


def test_a_long_phrase_has_no_more_spellings_than_are_worth_it():
    assert len(list(spellings(["quý"] * 10))) == MAX_SPELLINGS

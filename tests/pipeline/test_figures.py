import pytest

from syndicator.pipeline.figures import is_near, read_figures
from syndicator.pipeline.text import fold, words


def read(text, language):
    return read_figures(fold(text), words(text), language=language)


@pytest.mark.parametrize(
    ("language", "text", "value", "unit"),
    [
        pytest.param("vi", "đón 1,9 triệu lượt khách", 1.9e6, "people", id="a Vietnamese comma is a decimal one"),
        pytest.param("en", "1.9 million arrivals", 1.9e6, "people", id="an English point is a decimal one"),
        pytest.param("vi", "120.000 đồng", 120_000, "vnd", id="a Vietnamese point parts thousands"),
        pytest.param("en", "25,105 dong", 25_105, "vnd", id="an English comma parts thousands"),
        pytest.param("vi", "52 nghìn tỷ đồng", 52e12, "vnd", id="scales multiply"),
        pytest.param("en", "VND52 trillion", 52e12, "vnd", id="a currency glued to its number"),
        pytest.param("en", "a $1.2M prize", 1.2e6, "usd", id="a letter for millions"),
        pytest.param("zh", "接待国际游客165万人次", 1.65e6, "people", id="ten thousands in Chinese"),
        pytest.param("ko", "610만 달러", 6.1e6, "", id="ten thousands in Korean"),
        pytest.param("en", "three people died", 3, "people", id="an English number in words"),
        pytest.param("vi", "ba người chết", 3, "people", id="a Vietnamese number in words before what is counted"),
        pytest.param("en", "12 Japanese firms", 12, "firm", id="an adjective between"),
        pytest.param("vi", "trong tháng 6", 6, "month", id="a month by its number"),
        pytest.param("en", "in June", 6, "month", id="a month by its name"),
    ],
)
def test_a_number_is_the_same_in_every_language(language, text, value, unit):
    figures = read(text, language).numbers

    assert (value, unit) in {(figure.value, figure.unit if unit else "") for figure in figures}


@pytest.mark.parametrize(
    ("language", "text", "days"),
    [
        pytest.param("vi", "sáng 15/7", {"7-15"}, id="day and month"),
        pytest.param("vi", "tối 5-11", {"11-5"}, id="a dash after a word of time"),
        pytest.param("vi", "ngày 20.11.2026", {"11-20"}, id="points"),
        pytest.param("vi", "ngày 15 tháng 7", {"7-15"}, id="the month in words"),
        pytest.param("en", "on July 15", {"7-15"}, id="the month first"),
        pytest.param("en", "the 15th of July", {"7-15"}, id="the day first"),
        pytest.param("vi", "từ ngày 20 đến 22/8", {"8-20", "8-22"}, id="a span"),
        pytest.param("en", "August 20-22", {"8-20", "8-22"}, id="an English span"),
        pytest.param("ja", "7月15日", {"7-15"}, id="Japanese"),
        pytest.param("en", "a 24/7 service, won 2-1", set(), id="what is no day"),
    ],
)
def test_a_day_is_the_same_in_every_language(language, text, days):
    assert read(text, language).days == days


def test_a_day_from_which_something_holds_is_not_when_it_happened():
    figures = read("Price rises from July 20, officials said on July 15", "en")

    assert figures.days == {"7-15", "7-20"}
    assert figures.dated == {"7-15"}


def test_a_score_is_no_pair_of_numbers():
    figures = read("Việt Nam thắng Thái Lan 2-1", "vi")

    assert figures.scores == {"2-1"}
    assert figures.numbers == ()


@pytest.mark.parametrize(
    ("a", "b", "near"),
    [
        pytest.param(1_200_000, 1_212_000, True, id="rounded"),
        pytest.param(5, 8, False, id="small numbers are exact"),
        pytest.param(120_000_000, 121_000_000, True, id="within two of a hundred"),
        pytest.param(500_000, 700_000, False, id="another sum"),
    ],
)
def test_numbers_are_near_where_one_is_the_other_rounded(a, b, near):
    assert is_near(a, b) is near
    assert is_near(b, a) is near

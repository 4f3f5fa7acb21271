from datetime import UTC, datetime

import pytest

from syndicator.model.language import (
    Localized,
    choose_language,
    is_language_tag,
    language_name,
    rank_languages,
    show_date,
    suggest_language,
)

LAST = datetime(2026, 7, 14, 20, 0, tzinfo=UTC)


@pytest.mark.parametrize("tag", ["vi", "en-GB", "zh-Hans", "zh-Hant-HK", "ru", "fil"])
def test_real_tags_are_known(tag):
    assert is_language_tag(tag)


@pytest.mark.parametrize("tag", ["vn", "jp", "EN", "zh_Hans", "english", "", "zz"])
def test_others_are_not(tag):
    assert not is_language_tag(tag)


@pytest.mark.parametrize(
    ("written", "meant"),
    [("vn", "vi"), ("jp", "ja"), ("cn", "zh"), ("zh_hans", "zh-Hans"), ("French", "fr"), ("qqqq", "")],
)
def test_a_country_or_a_name_suggests_its_language(written, meant):
    assert suggest_language(written) == meant


@pytest.mark.parametrize(
    ("wanted", "available", "chosen"),
    [
        (["zh-Hans-CN", "en"], ["en", "zh-Hans"], "zh-Hans"),
        (["zh"], ["en", "zh-Hans"], "zh-Hans"),
        (["de", "fr"], ["en", "fr"], "fr"),
        (["de"], ["en", "fr"], ""),
    ],
)
def test_the_best_language_there_is(wanted, available, chosen):
    assert choose_language(wanted, available) == chosen


def test_a_text_falls_back_to_english_then_to_any():
    assert Localized({"en": "City", "vi": "Thành phố"}).to("ja") == "City"
    assert Localized({"vi": "Thành phố"}).to("ja") == "Thành phố"
    assert Localized().to("ja") == ""


def test_a_date_is_the_readers_day_in_the_readers_words():
    assert show_date(LAST, "vi", timezone="Asia/Ho_Chi_Minh") == "15 tháng 7, 2026"
    assert show_date(LAST, "ja", timezone="UTC") == "2026年7月14日"


def test_languages_name_themselves():
    assert [language_name(tag) for tag in ("vi", "ja", "fr")] == ["Tiếng Việt", "日本語", "Français"]


def test_ranking_keeps_every_language():
    assert rank_languages(["ja", "en"], ["vi", "en", "ja"]) == ["ja", "en", "vi"]

"""The shipped words of diplomacy, organisations and security find the world's news, not that of pitch and stage."""

from __future__ import annotations

import pytest
from quality import vocabulary

from syndicator.newsroom import read_vocabulary
from syndicator.pipeline.rules import judge_sentence

OURS = ("diplomacy", "international-organisations", "sea-border-security")
TAGS = {id: tag for id, tag in read_vocabulary("foreign-affairs").tags.items() if id.partition("/")[0] in OURS}
LANGUAGES = {"vi", "en", "zh-Hans", "ja", "ko", "fr", "ru"}


def tags_of(sentence: str) -> set[str]:
    return {verdict.tag for verdict in judge_sentence(sentence, vocabulary()) if verdict.given and verdict.tag in TAGS}


@pytest.mark.parametrize("tag", TAGS)
def test_every_tag_has_a_label_in_each_language_and_a_topic(tag: str) -> None:
    declared = TAGS[tag]

    assert set(declared.label.texts) == LANGUAGES
    assert declared.mediatopic


@pytest.mark.parametrize(
    ("sentence", "tag"),
    [
        ("Nga tuyên bố kiểm soát thêm một ngôi làng ở miền đông Ukraine", "sea-border-security/conflict"),
        ("Lenh ngung ban o Dai Gaza sap het han", "sea-border-security/conflict"),
        ("Trung Quốc điều tàu sân bay qua eo biển Đài Loan", "sea-border-security/sea"),
        ("Ba Lan đóng cửa khẩu với Belarus", "sea-border-security/border"),
        ("Đức sẽ gửi thêm hệ thống phòng không cho Kiev", "sea-border-security/defence"),
        ("Thổ Nhĩ Kỳ và Hy Lạp căng thẳng vì đảo", "diplomacy"),
        ("Thủ tướng Campuchia thăm Thái Lan", "diplomacy/visits"),
        ("Iran rejects European offer", "diplomacy"),
        ("Sudan talks adjourn without deal", "diplomacy"),
        ("Canada expels Indian diplomats", "diplomacy"),
        ("Maoist rebels blockade Kathmandu", "sea-border-security/conflict"),
        ("Chinese warships sail near Taiwan", "sea-border-security/sea"),
        ("UN warns of famine as aid runs out", "international-organisations/un"),
    ],
)
def test_the_news_of_the_world_is_found(sentence: str, tag: str) -> None:
    assert tag in tags_of(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "Thái Lan thắng Indonesia 2-1 ở bán kết",
        "Giá vàng tăng vì căng thẳng Nga - Ukraine",
        "Quốc hội kiến nghị giảm thuế",
        "Quốc hội đàm phán lương với nghiệp đoàn",
        "Ngân hàng chọn đối tác chiến lược",
        "Trung Quốc phòng dịch cúm",
        "Cấm vận chuyển gia cầm không rõ nguồn gốc",
        "Nguyên Thủ tướng trồng cây ở quê nhà",
        "Hòn đảo chính của quần đảo đón khách",
        "Lào Cai vào mùa lúa chín",
        "Brazil and Argentina meet in final",
        "Nokia and Apple call truce in patent dispute",
        "Japan's Toyota to meet demand in Thailand",
        "US health agency warns American parents about toys",
        "Army veteran opens bakery",
        "Twitter rebels against new design",
        "Who will win the song contest?",
    ],
)
def test_other_worlds_get_none_of_the_tags(sentence: str) -> None:
    assert tags_of(sentence) == set()

"""The shipped names of countries and places give each its own tag, and leave brothers, coats and turkeys alone."""

from __future__ import annotations

import re

import pytest
from babel import Locale

from syndicator.config.vocabulary import build_vocabulary
from syndicator.newsroom import VOCABULARIES
from syndicator.pipeline.rule_trials import try_tags
from syndicator.pipeline.rules import compile_rules, judge_sentence

FOLDER = VOCABULARIES / "foreign-affairs"
VOCABULARY = build_vocabulary({path.name: path.read_text() for path in sorted(FOLDER.glob("where-*.yaml"))})
RULES = compile_rules(VOCABULARY.tags)
COUNTRIES = {id: tag for id, tag in VOCABULARY.tags.items() if id.startswith("countries/")}
LANGUAGES = {"vi", "en", "zh-Hans", "ja", "ko", "fr", "ru"}
# Regions that CLDR has beside ISO 3166-1: islands, unions, and codes for tests of software.
BEYOND_ISO = {"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"}
AMBIGUOUS = [
    "ru",
    "us",
    "gb",
    "de",
    "fr",
    "it",
    "at",
    "be",
    "jp",
    "th",
    "jo",
    "tr",
    "cn",
    "ge",
    "td",
    "kr",
    "la",
    "ne",
    "gn",
]


def tags_of(sentence: str, language: str = "") -> set[str]:
    return {verdict.tag for verdict in judge_sentence(sentence, RULES, language=language) if verdict.given}


def test_every_country_and_territory_has_a_tag_but_viet_nam_which_has_another() -> None:
    codes = {str(code) for code in Locale("en").territories if re.fullmatch("[A-Z]{2}", str(code))} - BEYOND_ISO

    assert {id.removeprefix("countries/").upper() for id in COUNTRIES} == codes - {"VN"}
    assert "vietnam" in VOCABULARY.tags


def test_every_tag_has_a_name_in_each_of_the_seven_languages() -> None:
    assert {id: set(tag.label.texts) for id, tag in VOCABULARY.tags.items()} == dict.fromkeys(
        VOCABULARY.tags, LANGUAGES
    )


def test_no_term_is_wrong_and_every_sentence_that_tests_a_rule_holds() -> None:
    failures = list(try_tags(VOCABULARY.tags, list(VOCABULARY.tags)))

    assert failures == []


@pytest.mark.parametrize(
    ("id", "least"),
    [
        ("hcmc", 8),
        ("vietnam", 8),
        ("ho-chi-minh", 8),
        ("countries", 8),
        *((f"countries/{code}", 3) for code in AMBIGUOUS),
    ],
)
def test_what_is_easily_mistaken_is_tested_by_sentences(id: str, least: int) -> None:
    tag = VOCABULARY.tags[id]

    assert min(len(tag.must_match), len(tag.must_not_match)) >= least


@pytest.mark.parametrize(
    "name", ["country-names-vi", "country-names-en", "nationalities-en", "capitals", "cities-abroad"]
)
def test_every_word_of_a_list_gives_a_country(name: str) -> None:
    words = VOCABULARY.words[name]

    without = [word for word in words if not any(tag in COUNTRIES for tag in tags_of(word.strip('"')))]

    assert words
    assert without == []


def test_the_name_of_a_country_gives_no_other_country() -> None:
    names = {(id, language): text for id, tag in COUNTRIES.items() for language, text in tag.label.texts.items()}

    others = {key: found for key, text in names.items() if (found := tags_of(text) & COUNTRIES.keys() - {key[0]})}

    assert others == {}


@pytest.mark.parametrize(
    ("headline", "countries"),
    [
        pytest.param(headline, codes.split(), id=headline)
        for headline, codes in [
            ("Chuyên gia Nga giúp sửa nhà máy thủy điện", "ru"),
            ("Em Nga lớp 3 viết thư cho bộ đội Trường Sa", ""),
            ("Trúc Nga, cô giáo vùng cao", ""),
            ("Anh và Ấn Độ hoàn tất thỏa thuận thương mại", "gb in"),
            ("Anh Nguyễn Văn Tư kể lại phút thoát chết", ""),
            ("Anh ta bỏ trốn sang Campuchia", "kh"),
            ("Anh siết thị thực du học sinh", "gb"),
            ("Ngân hàng Trung ương Anh giữ nguyên lãi suất", "gb"),
            ("Cha con Đức Huy mở quán cơm chay", ""),
            ("Đức sẽ cấp 90.000 visa cho lao động Ấn Độ", "de in"),
            ("Đội tuyển Đức thua sốc trận giao hữu", "de"),
            ("Đức cha giáo phận kêu gọi hòa bình", ""),
            ("Ông Trần Đức Thắng thăm nông dân", ""),
            ("Doanh nghiệp Đức, Pháp mở rộng tại Bình Dương", "de fr"),
            ("Trường quốc tế Pháp khai giảng", "fr"),
            ("Pháp khai mạc triển lãm về Đông Dương", "fr"),
            ("Nhà sư Thích Pháp Tâm viên tịch", ""),
            ("Áo len đan tay của các cụ bà", ""),
            ("Áo thủng lỗ chỗ vì mối", ""),
            ("Ý trung nhân của nàng thơ", ""),
            ("Ý, Hy Lạp chống cháy rừng", "it gr"),
            ("Thủ tướng Italia gặp Tổng thống Serbia", "it rs"),
            ("Bỉ và Hà Lan chung cầu vượt biển", "be nl"),
            ("Nhật, Hàn bắt tay làm chip", "jp"),
            ("Nhật tặng xe cứu thương cho bệnh viện huyện", "jp"),
            ("Nhật Thanh giành học bổng toàn phần", ""),
            ("Sáng Chủ Nhật đông nghẹt người đi lễ", ""),
            ("Thái Lan thay thủ tướng", "th"),
            ("Thái tử kế vị ở tuổi 39", ""),
            ("Thầy Thái dạy chữ cho trẻ lang thang", ""),
            ("Mỹ ngừng cấp visa cho 75 nước", "us"),
            ("Mỹ nhân ngư trên sân khấu xiếc", ""),
            ("Ca sĩ Mỹ Lệ tái xuất", ""),
            ("Người Mỹ gốc Phi và chuyến đi về nguồn", "us"),
            ("Hội nghị các nước châu Mỹ họp ở Lima", "pe"),
            ("Lào và Campuchia khai thông cửa khẩu", "la kh"),
            ("Thị xã Sa Pa, Lào Cai đón tuyết", ""),
            ("Úc đưa sầu riêng trở lại siêu thị", "au"),
            ("Séc trả lại cổ vật cho Ai Cập", "cz eg"),
            ("Vụ án tờ séc trắng", ""),
            ("Nam Phi công bố ca mắc mới", "za"),
            ("Cơ trưởng nam phi công bị đình chỉ", ""),
            ("Gấu trúc Thành Đô sinh đôi", "cn"),
            ("Hai miền Triều Tiên nối lại đường dây nóng", "kp"),
            ("Tàu Hàn Quốc mắc cạn ngoài khơi Vũng Tàu", "kr"),
            ("Chợ Hàn ở Đà Nẵng sửa mái", ""),
            ("Ấn phẩm xuân của Báo Tuổi Trẻ", ""),
            ("Hạt Cần Giờ trồng thêm rừng", ""),
            ("Đường Tôn Đức Thắng, quận 1 rợp bóng me", ""),
            ("Ngôi nhà bè trôi dạt", ""),
            ("Cho con dao vao vali", ""),
            ("Người Lào làm rẫy", "la"),
            ("Cho Lon market stall sells herbs", ""),
            ("Turkey earthquake: rescuers race against time", "tr"),
            ("Wild turkey stops traffic", ""),
            ("Grandma's Turkey dinner secrets", ""),
            ("Chad Brown wins the sprint", ""),
            ("Jordan Love throws four touchdowns", ""),
            ("Jordan's king meets EU leaders", "jo"),
            ("Georgia lawmakers override president's veto in Tbilisi", "ge"),
            ("Polish PM survives confidence vote", "pl"),
            ("Polish the silver before guests arrive", ""),
            ("Chinese tourists return to Nha Trang", "cn"),
            ("Bone china auction raises funds", ""),
            ("US, UK and Australia sign submarine pact", "us gb au"),
            ("Tell us your story", ""),
            ("Guinea pig cafe opens", ""),
            ("Guinea's junta leader to run for president", "gn"),
            ("Niger and Mali leave the bloc", "ne ml"),
            ("Oil spill in Niger Delta", ""),
            ("South Korean president visits Hanoi", "kr"),
            ("North Korean troops return home", "kp"),
            ("A Mali-born coach takes the helm", "ml"),
            ("Irish pub opens on Bui Vien", ""),
            ("Panama Papers revisited", ""),
            ("Indian Ocean tuna quota cut", ""),
            ("New Mexico wildfire grows", "us"),
            ("Jersey City mayor resigns", "us"),
            ("New Jersey governor signs bill", "us"),
            ("Dutch king visits HCM City", "nl"),
            ("Congo and Rwanda sign deal", "cd rw"),
            ("Ho Chi Minh's birthday marked in Moscow", "ru"),
            ("Tượng Hồ Chí Minh ở London được tu bổ", "gb"),
            ("TP HCM - Hà Nội thêm chuyến bay", ""),
            ("Hợp tác TPHCM và Quảng Đông", "cn"),
            ("Lãnh đạo Thái Bình Dương họp ở Fiji", "fj"),
            ("Bộ trưởng Kinh tế Pháp từ chức", "fr"),
            ("Cúp C1: Paris vào bán kết", "fr"),
            ("Tân Tổng Lãnh sự Hoa Kỳ ra mắt", "us"),
            ("Ngài Đại sứ Vương quốc Bỉ", "be"),
            ("Du học Áo miễn học phí", "at"),
            ("Đại sứ Áo thăm Huế", "at"),
            ("Đại sứ Anh chúc Tết", "gb"),
            ("Khách Tây từ Úc, Anh, Mỹ đổ về Hội An", "au gb us"),
            ("Nga Nguyễn, nhà thiết kế trẻ", ""),
            ("Cả nhà di tản vì lũ ở Bờ Tây", "ps"),
            ("Bó tay.com với giá chung cư", ""),
            ("Đan Mạch bác tin bán Greenland", "dk gl"),
            ("British pop star plays Wembley", "gb"),
            ("Pentagon chief lands in Manila", "us ph"),
            ("Beijing warns Washington over chip curbs", "cn us"),
            ("Seoul, Tokyo and Washington hold drills", "kr jp us"),
            ("Kremlin says talks will resume", "ru"),
            ("White House unveils tariff list", "us"),
            ("Taipei condemns Chinese drills", "tw cn"),
            ("Myanmar quake toll tops 3,000", "mm"),
            ("Swiss vote on pensions", "ch"),
            ("New Zealand PM visits Beijing", "nz cn"),
            ("Aussie teen wins surf title", "au"),
            ("French police arrest suspects in Paris", "fr"),
            ("French fries ban in schools", ""),
            ("Greek islands brace for heatwave", "gr"),
            ("Danish brewer raises outlook", "dk"),
            ("Finnish schools top ranking", "fi"),
            ("Swedish battery maker files for bankruptcy", "se"),
            ("Hong Kong tower fire kills dozens", "hk"),
            ("Japan's Okinawa votes", "jp"),
            ("Macau casino revenue jumps", "mo"),
            ("Laos and Thailand build a bridge", "la th"),
            ("The Lao president meets monks", "la"),
            ("Cuba blackouts spread", "cu"),
            ("Haiti gangs seize port", "ht"),
            ("Iranian oil tanker seized in Gulf", "ir"),
            ("UAE lender to open branch in Vietnam", "ae"),
            ("Saudi crown prince hosts summit", "sa"),
            ("Israeli strikes hit Gaza", "il ps"),
            ("Hezbollah names new leader", "lb"),
            ("Houthi missile downed", "ye"),
            ("Ugandan marathoner sets record", "ug"),
            ("Senegal's president dissolves parliament", "sn"),
            ("South Sudan peace deal falters", "ss"),
            ("Sudanese refugees flee Darfur", "sd"),
            ("Ivory Coast cocoa prices soar", "ci"),
            ("Equatorial Guinea oil minister resigns", "gq"),
            ("Papua New Guinea landslide", "pg"),
            ("Samoa votes", "ws"),
            ("American Samoa tuna cannery", "as"),
            ("Cook Islands signs pact with China", "ck cn"),
            ("Trinidad and Tobago declares emergency", "tt"),
            ("El Salvador mega-prison", "sv"),
            ("Dominican Republic deports migrants", "do"),
            ("Georgia: Atlanta airport reopens", "us"),
            ("Lyon midfielder scores twice", "fr"),
            ("Rome marathon draws thousands", "it"),
            ("He is a great cook", ""),
            ("They will march in May", ""),
            ("Can you read this", ""),
            ("She made a new dish", ""),
            ("An oral history of the march", ""),
            ("Peruvian president impeached", "pe"),
            ("Lima bean soup", ""),
            ("Chile copper mine collapse", "cl"),
            ("Green chile stew", ""),
            ("Congo Ebola outbreak", "cd"),
            ("Singapore's Changi Airport named best", "sg"),
            ("Malaysian PM in HCM City", "my"),
            ("Indonesian rice imports", "id"),
            ("Brunei sultan's visit", "bn"),
            ("East Timor joins ASEAN", "tl"),
            ("Bắc Kinh phản ứng trước động thái của Washington", "cn us"),
            ("Seoul và Tokyo xích lại gần", "kr jp"),
            ("Tổng thống Ukraina tới Berlin", "ua de"),
            ("Nhà Trắng công bố thuế quan", "us"),
            ("Sơn nhà trắng đẹp", ""),
            ("Điện Kremlin lên tiếng", "ru"),
            ("Phố Wall đỏ lửa", "us"),
            ("Quân đội Myanmar ngừng bắn", "mm"),
            ("Hoàng tử Ả Rập Xê Út thăm Nhật Bản", "sa jp"),
            ("Vụ cháy chung cư ở Hồng Kông", "hk"),
            ("Đài Loan và Philippines hứng bão", "tw ph"),
            ("Thụy Sỹ miễn thị thực", "ch"),
            ("Đoàn TP.HCM dự hội chợ tại Thượng Hải", "cn"),
            ("Xuất khẩu gạo sang Phi-líp-pin tăng", "ph"),
            ("Khai mạc Tuần lễ Pháp ngữ", ""),
            ("Bóng đá Thái tụt hậu", "th"),
            ("Người Thái đen ở Sơn La", ""),
            ("Viện Goethe và cộng đồng Đức", "de"),
            ("Quan hệ Việt Nam-Pháp", "fr"),
            ("Cộng hoà Pháp kỷ niệm quốc khánh", "fr"),
            ("Tàu sân bay Anh cập cảng Tokyo", "gb jp"),
            ("Cảnh sát Anh phá đường dây đưa người", "gb"),
            ("Học sinh giỏi tiếng Anh", ""),
            ("Chị Lan Anh khởi nghiệp", ""),
            ("Giá xăng hôm nay", ""),
            ("Các nước Bắc Âu họp", ""),
            ("Nước mắm Phú Quốc", ""),
            ("Hủa Phăn và Xiêng Khoảng đón đoàn Nghệ An", "la"),
            ("Takeo, Kampong Chhnang ngập sau bão", "kh"),
            ("Nordhausen mayor gives a steam whistle", "de"),
            ("Mười lăm năm Cần Thơ kết nghĩa với Nice", "fr"),
            ("Nice weather for the boat race", ""),
            ("LHQ cạn tiền, thang cuốn ở New York ngừng chạy", ""),
            ("Tuyết phủ trắng New York", "us"),
            ("UN panel in Geneva weighs advice", ""),
            ("Bí thư xã ở Thái Thụy đãi canh cua", ""),
            ("Hàng nghìn người ở Thái chạy lũ", "th"),
            ("Đồng bào Khmer Trà Vinh đón lễ", ""),
            ("Làng nghề dạy chữ Khmer bên Biển Hồ Campuchia", "kh"),
            ("Khách sạn Moscow cháy bếp", ""),
            ("Vladivostok và Kharkiv thức trắng đêm", "ru ua"),
        ]
    ],
)
def test_a_headline_names_these_countries(headline: str, countries: list[str]) -> None:
    found = {id.removeprefix("countries/") for id in tags_of(headline) & COUNTRIES.keys()}

    assert found == set(countries)


@pytest.mark.parametrize(
    ("headline", "places"),
    [
        pytest.param(headline, set(places.split()), id=headline)
        for headline, places in [
            ("Đường Tôn Đức Thắng, quận 1 rợp bóng me", "hcmc vietnam"),
            ("Tàu Hàn Quốc mắc cạn ngoài khơi Vũng Tàu", "hcmc vietnam"),
            ("Doanh nghiệp Đức, Pháp mở rộng tại Bình Dương", "hcmc vietnam"),
            ("Irish pub opens on Bui Vien", "hcmc vietnam"),
            ("Jazz lounge opens in District 1", "hcmc vietnam"),
            ("Council member for District 1 resigns", ""),
            ("Tượng Hồ Chí Minh ở London được tu bổ", "ho-chi-minh"),
            ("Lãnh đạo TP. Hồ Chí Minh dâng hương Bác Hồ", "hcmc vietnam ho-chi-minh"),
            ("Chinese tourists return to Nha Trang", "vietnam"),
            ("Quan hệ Việt Nam-Pháp bước sang trang mới", "vietnam"),
            ("Lãnh đạo các đảo Thái Bình Dương họp ở Fiji", ""),
            ("Ngôi nhà bè trôi dạt", ""),
            ("Cho con dao vao vali", ""),
        ]
    ],
)
def test_a_headline_names_these_places(headline: str, places: set[str]) -> None:
    assert tags_of(headline) & {"hcmc", "vietnam", "ho-chi-minh"} == places

from dataclasses import replace
from datetime import timedelta

import pytest

from syndicator.pipeline.likeness import likeness
from syndicator.pipeline.pointers import link_numbers
from syndicator.testing import NOON, an_item


def told(title, source, *, language="en", summary="", hours=0, **changes):
    return an_item(
        title, source=source, language=language, summary=summary, published=NOON + timedelta(hours=hours), **changes
    )


SAME = [
    pytest.param(
        told("Fire at Binh Tan apartment block kills three", "a", summary="A blaze killed three people in Binh Tan."),
        told("Three killed in Binh Tan apartment fire", "b", summary="A fire late on Monday killed three people."),
        id="a headline turned round",
    ),
    pytest.param(
        told("Nhật Bản cho vay 25 tỷ yên làm metro số 3", "a", language="vi", summary="Khoản vay được ký ngày 15/7."),
        told("Japan to lend ¥25 billion for metro line 3", "b", summary="The loan was signed on July 15.", hours=5),
        id="two languages with a sum, a country and a day",
    ),
    pytest.param(
        told("Thủ tướng Úc thăm Việt Nam từ ngày 20 đến 22/8", "a", language="vi"),
        told("Australian prime minister to visit Vietnam on August 20-22", "b", hours=4),
        id="two languages with a span of days",
    ),
    pytest.param(
        told("越南4月接待国际游客165万人次", "a", language="zh"),
        told("Việt Nam đón 1,65 triệu lượt khách quốc tế trong tháng 4", "b", language="vi"),
        id="Chinese and Vietnamese with a number of their own scale",
    ),
    pytest.param(
        told("Magnitude 6.4 quake hits off northern Ostavia, 3 dead", "a", summary="The quake hit on October 27."),
        told("Ostavia quake death toll rises to 11", "b", summary="The magnitude 6.4 quake killed 11.", hours=6),
        id="a toll that has grown, by its own word",
    ),
]

APART = [
    pytest.param(
        told("VN-Index tăng 5 điểm", "a", language="vi"),
        told("VN-Index tăng 8 điểm", "b", language="vi", hours=24),
        id="a column with another number",
    ),
    pytest.param(
        told("Việt Nam thắng Thái Lan 2-1", "a", language="vi"),
        told("Việt Nam thắng Thái Lan 3-0", "b", language="vi", hours=70),
        id="the same teams on another day",
    ),
    pytest.param(
        told("Foreign minister receives the ambassador of India", "a"),
        told("Foreign minister receives the ambassador of France", "b"),
        id="one office, two guests",
    ),
    pytest.param(
        told("Tổng lãnh sự Nhật Bản thăm Cần Thơ", "a", language="vi"),
        told("Tổng lãnh sự Nhật Bản thăm Đà Nẵng", "b", language="vi", hours=10),
        id="one office, two visits",
    ),
    pytest.param(
        told("Vietnam, Japan sign agreement on labour", "a", summary="Workers will learn a trade."),
        told("Vietnam, Japan sign agreement on digital ties", "b", summary="Data centres are planned.", hours=20),
        id="one country, two agreements",
    ),
    pytest.param(
        told("Giá vàng hôm nay tăng mạnh", "a", language="vi"),
        told("Giá vàng hôm nay tăng mạnh", "b", language="vi", hours=20),
        id="a column in the same words on the next day",
    ),
    pytest.param(
        told("Gold rises as the dollar slips", "a"),
        told("Gold falls as the dollar firms", "b"),
        id="up and down",
    ),
    pytest.param(
        told("Bắt nghi phạm cướp tiệm vàng ở quận 12", "a", language="vi"),
        told("Bắt nhóm trộm xe máy ở quận 12", "b", language="vi", hours=5),
        id="two crimes in one district",
    ),
]


@pytest.mark.parametrize(("a", "b"), SAME)
def test_reports_of_one_event_are_alike(a, b):
    found = likeness(a, b)

    assert found.is_enough
    assert found.because


@pytest.mark.parametrize(("a", "b"), APART)
def test_near_misses_stay_apart(a, b):
    assert not likeness(a, b).is_enough


@pytest.mark.parametrize(("a", "b"), [*SAME, *APART])
def test_the_order_of_the_two_does_not_matter(a, b):
    assert likeness(a, b) == likeness(b, a)


def test_what_speaks_against_is_named():
    a, b = told("Norland lends 5 million USD to Hue", "a"), told("Norland lends 9 million USD to Hue", "b")

    assert likeness(a, b).against == "5e+06 against 9e+06"


def test_an_outlet_that_tells_both_tells_of_two_events():
    a = told("Three killed in a fire in Binh Tan", "a", url="https://a.example/1")
    b = told("Binh Tan fire kills three", "a", url="https://a.example/2")

    assert likeness(a, b).against == "the outlet tells both"
    assert not likeness(a, replace(b, outlet="b")).against


def test_a_corrected_headline_makes_a_new_link_with_the_old_number():
    a = told("One ticket wins in the city", "a", url="https://a.example/one-ticket-wins-in-the-city-19626111571.htm")
    b = told("One ticket wins in Go Vap", "a", url="https://a.example/one-ticket-wins-in-go-vap-19626111571.htm")

    assert likeness(a, b).is_enough


def test_a_link_in_void_proves_nothing():
    a, b = told("One thing", "a", url="https://x.example/live"), told("Another", "b", url="https://x.example/live")

    assert likeness(a, b).because == "link"
    assert not likeness(a, b, void=["x.example/live"]).is_enough


# ---- the number in a link


@pytest.mark.parametrize(
    ("url", "number"),
    [
        pytest.param("https://v.example/fire-in-hue-4812345.html", "4812345", id="after the headline"),
        pytest.param("https://t.example/mo-cau-20260715093012345.htm", "20260715093012345", id="begins with a date"),
        pytest.param("https://n.example/mo-cau-19626070682421546.htm", "19626070682421546", id="with a date within"),
        pytest.param("https://p.example/khoi-cong-post1049999.vnp", "1049999", id="after a word"),
        pytest.param("https://l.example/xa-hoi/mo-cau-1367890.ldo", "1367890", id="with an ending of its own"),
        pytest.param("https://l.example/1367890.ldo", "1367890", id="alone"),
        pytest.param("https://g.example/page/202607/1338888.shtml", "1338888", id="below a month"),
        pytest.param("https://s.example/1234567-a-bridge-opens", "1234567", id="before the headline"),
        pytest.param("https://i.example/view?id=987654", "987654", id="in the query"),
        pytest.param("https://i.example/view?article_id=987654&cat=202122", "987654", id="in the query, named"),
        pytest.param("https://c.example/a/202607/15/WS6a5720a2a310d6866eb50000.html", "", id="a month and a hash"),
        pytest.param("https://d.example/tin/15072026/mo-cau", "", id="day, month and year as a folder"),
        pytest.param("https://d.example/mo-cau-15072026.html", "", id="day, month and year at the end"),
        pytest.param("https://d.example/mo-cau-260715.html", "", id="a short date"),
        pytest.param("https://d.example/bulletin-202607150930.html", "", id="a date with the time of day"),
        pytest.param("https://k.example/category-10020/mo-cau", "", id="a section's number"),
        pytest.param("https://k.example/section-1002001/mo-cau", "", id="a section's long number"),
        pytest.param("https://k.example/sold-1000000-cars-in-july", "", id="a number of the headline"),
        pytest.param("https://y.example/2026/07/15/world/asia/a-bridge.html", "", id="a date of folders"),
        pytest.param("https://b.example/news/articles/c4g5qr1pzzko", "", id="a name of letters and digits"),
        pytest.param("https://u.example/world/2026/jul/15/a-bridge-opens", "", id="a month's name"),
    ],
)
def test_an_article_is_known_by_its_own_number_and_by_no_date_or_section(url, number):
    assert link_numbers(an_item(url=url)) == ({number} if number else set())


def test_a_number_joins_no_articles_of_which_one_contradicts_the_other():
    a = told("Norland lends 5 million USD to Hue", "a", url="https://a.example/x-4812345.html")
    b = told("Norland lends 9 million USD to Hue", "a", url="https://a.example/y-4812345.html")

    assert likeness(a, b).against == "5e+06 against 9e+06"


def test_a_number_in_void_proves_nothing_in_one_language_or_two():
    a = told("One thing", "a", url="https://a.example/x-4812345.html")
    b = told("Another", "a", url="https://a.example/y-4812345.html")
    c = told("Chuyện khác", "a", url="https://a.example/vi/y-4812345.html", language="vi")

    assert likeness(a, b).is_enough
    assert likeness(a, c).is_enough
    assert not likeness(a, b, void=["4812345"]).is_enough
    assert not likeness(a, c, void=["4812345"]).is_enough

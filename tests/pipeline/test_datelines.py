"""Agencies' marks go from the beginning of a summary; places stay, and so does every word that only looks like one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicator.pipeline.datelines import strip_dateline


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        pytest.param("(ĐTTCO)- Sáng nay", "Sáng nay", id="(ĐTTCO)-"),
        pytest.param("SGGPO - Sáng nay", "Sáng nay", id="SGGPO -"),
        pytest.param("TTO - Sáng nay", "Sáng nay", id="TTO -"),
        pytest.param("TTO- Sáng nay", "Sáng nay", id="TTO-"),
        pytest.param("(Dân trí) - Sáng nay", "Sáng nay", id="(Dân trí) -"),
        pytest.param("Dân trí - Sáng nay", "Sáng nay", id="Dân trí -"),
        pytest.param("VOV.VN - Sáng nay", "Sáng nay", id="VOV.VN -"),
        pytest.param("(NLĐO) – Sáng nay", "Sáng nay", id="(NLĐO) –"),
        pytest.param("[VOV2] - Sáng nay", "Sáng nay", id="[VOV2] -"),
        pytest.param("(TTXVN) Sáng nay", "Sáng nay", id="(TTXVN), which needs no dash"),
        pytest.param("TTXVN/Vietnam+ - Sáng nay", "Sáng nay", id="an agency and its site"),
        pytest.param("(Lao Động) - Sáng nay", "Sáng nay", id="a paper whose name is a word, in brackets"),
        pytest.param("(Reuters) - Markets fell", "Markets fell", id="(Reuters) -"),
        pytest.param("AFP — Markets fell", "Markets fell", id="AFP —"),
        pytest.param("(Xinhua) -- Markets fell", "Markets fell", id="(Xinhua) --"),
        pytest.param("Kyodo News - Markets fell", "Markets fell", id="Kyodo News -"),
    ],
)
def test_marks_go(text, rest):
    assert strip_dateline(text) == rest


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        pytest.param("Hà Nội (TTXVN) - Sáng nay", "Hà Nội - Sáng nay", id="a Vietnamese place"),
        pytest.param("HANOI, July 14 (Xinhua) -- Rain fell", "HANOI, July 14 -- Rain fell", id="a place and a day"),
        pytest.param("MOSCOW, July 14. /TASS/. Rain fell", "MOSCOW, July 14. Rain fell", id="TASS"),
        pytest.param("新华社北京7月14日电（记者某某）今天下雨", "北京 今天下雨", id="Xinhua in Chinese"),
        pytest.param("中新网河内7月14日电 (记者 某某)今天下雨", "河内 今天下雨", id="another Chinese agency"),
        pytest.param("新华社电 今天下雨", "今天下雨", id="a Chinese agency without a place"),
        pytest.param("（ハノイ共同）雨が降った", "ハノイ 雨が降った", id="Kyodo"),
        pytest.param("【ソウル聯合ニュース】雨が降った", "ソウル 雨が降った", id="Yonhap in Japanese"),
        pytest.param("(하노이=연합뉴스) 홍길동 특파원 = 비가 왔다", "하노이 비가 왔다", id="Yonhap"),
    ],
)
def test_a_place_is_news_and_stays(text, rest):
    assert strip_dateline(text) == rest


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("VOV là đài quốc gia", id="a name without a dash"),
        pytest.param("(VOV - Sáng nay", id="half a bracket"),
        pytest.param("(VOV] - Sáng nay", id="two brackets of different kinds"),
        pytest.param("AP-led talks begin", id="a name in a compound"),
        pytest.param("Lao Động - việc làm là mối lo", id="a name that is a word"),
        pytest.param("PA - system or not", id="a name that is short for other things"),
        pytest.param("Ông nói (theo VOV) - rồi đi", id="a mark with other words"),
        pytest.param("Reuters", id="a mark alone"),
        pytest.param("(TTXVN)", id="a mark in brackets alone"),
        pytest.param("ap - mảnh đất", id="lower case"),
        pytest.param("共同宣言（全文）が出た", id="a Japanese word that an agency has for a name"),
        pytest.param("", id="nothing"),
    ],
)
def test_words_stay(text):
    assert strip_dateline(text) == text


@given(st.text(alphabet="(TTXVN) -–AP新华社电日1/.x", max_size=60) | st.text(max_size=60))
def test_the_end_of_a_text_is_never_lost(text):
    rest = strip_dateline(text)

    assert rest == text or (len(rest) <= len(text) and text.endswith(rest.split(" ")[-1]))

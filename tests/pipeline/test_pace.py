"""A publisher says how seldom it wishes to be asked, in one of three ways."""

from __future__ import annotations

from datetime import timedelta

import pytest

from syndicator.model.source import Pace
from syndicator.pipeline.pace import LONGEST, read_pace
from syndicator.pipeline.parse import parse_feed
from syndicator.testing import a_source

HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("head", "pace"),
    [
        pytest.param("<title>T</title>", Pace(), id="nothing said"),
        pytest.param("<ttl>90</ttl>", Pace(wait=1.5 * HOUR), id="ttl in minutes"),
        pytest.param("<ttl> \n<![CDATA[ 60 ]]> </ttl>", Pace(wait=HOUR), id="with white space and CDATA"),
        pytest.param("<ttl>soon</ttl>", Pace(), id="no number"),
        pytest.param("<ttl>-5</ttl>", Pace(), id="a negative one"),
        pytest.param("<ttl>99999999999999999999</ttl>", Pace(), id="more minutes than there are"),
        pytest.param("<ttl>²</ttl>", Pace(), id="a digit that is no number"),
        pytest.param("<!-- <ttl>90</ttl> --><ttl>60</ttl>", Pace(wait=HOUR), id="not what is commented out"),
        pytest.param(
            "<skipHours><hour>0</hour><hour>24</hour><hour>3</hour><hour>25</hour></skipHours>",
            Pace(skip_hours=(0, 3)),
            id="hour 24 is hour 0, and 25 is none",
        ),
        pytest.param(
            "<skipDays><day>Sunday</day><day>monday</day><day>Chủ nhật</day></skipDays>",
            Pace(skip_days=(0, 6)),
            id="days by their English names",
        ),
        pytest.param("<sy:updatePeriod>hourly</sy:updatePeriod>", Pace(wait=HOUR), id="a period"),
        pytest.param(
            "<s:updatePeriod>Daily</s:updatePeriod><s:updateFrequency>4</s:updateFrequency>",
            Pace(wait=6 * HOUR),
            id="several times in a period, under any prefix",
        ),
        pytest.param("<sy:updateFrequency>2</sy:updateFrequency>", Pace(wait=12 * HOUR), id="the period is a day"),
        pytest.param(
            "<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>0</sy:updateFrequency>",
            Pace(wait=24 * HOUR),
            id="no times at all is once",
        ),
        pytest.param(
            "<ttl>30</ttl><sy:updatePeriod>hourly</sy:updatePeriod>", Pace(wait=HOUR), id="the longest wait counts"
        ),
        pytest.param("<x><ttl>60</x>", Pace(wait=HOUR), id="in a head that is not well-formed"),
    ],
)
def test_pace(head, pace):
    assert read_pace(head) == pace


def test_no_wait_is_longer_than_a_year():
    assert read_pace("<sy:updatePeriod>yearly</sy:updatePeriod>").wait <= LONGEST


@pytest.mark.parametrize(
    "end", [pytest.param("</channel></rss>", id="the fast reader"), pytest.param("</channel>", id="feedparser")]
)
def test_both_readers_read_it_from_the_head_of_the_document(end):
    content = (
        f"<rss version='2.0'><channel><title>T</title><ttl>45</ttl><item><title>a</title><ttl>90</ttl></item>{end}"
    )

    parsed = parse_feed(content.encode(), source=a_source(), url="https://paper.example/rss")

    assert parsed.pace == Pace(wait=timedelta(minutes=45))

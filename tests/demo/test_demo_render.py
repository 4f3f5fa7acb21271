from __future__ import annotations

import html
import json
import re
import unicodedata
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import pytest

from syndicator.demo.content import sample_feeds
from syndicator.demo.faults import FAULTS
from syndicator.demo.render import published_at, render_feed

EPOCH = datetime(2026, 7, 14, 5, 0, 30, tzinfo=UTC)
FEEDS = {feed.id: feed for feed in sample_feeds()}
READABLE = [feed for feed in FEEDS.values() if feed.articles]
ATOM = "{http://www.w3.org/2005/Atom}"
RSS1 = "{http://purl.org/rss/1.0/}"


def rendered(id, **changes):
    return render_feed(FEEDS[id], epoch=EPOCH, **changes)


def titles(feed):
    """Return the titles in the bytes of *feed*, read with the standard library alone."""
    data = render_feed(feed, epoch=EPOCH)
    match feed.format:
        case "json":
            return [item["title"] for item in json.loads(data)["items"]]
        case "atom":
            return [title.text for title in ElementTree.fromstring(data).iterfind(f"{ATOM}entry/{ATOM}title")]
        case "rdf":
            return [title.text for title in ElementTree.fromstring(data).iterfind(f"{RSS1}item/{RSS1}title")]
        case _:
            # A regular expression, for one of these is not well-formed.
            text = data.decode(feed.encoding)
            return [html.unescape(title) for title in re.findall(r"<item>\n<title>(.*?)</title>", text)]


@pytest.mark.parametrize("feed", READABLE, ids=lambda feed: feed.id)
def test_every_article_stands_in_its_feed(feed):
    found = [html.unescape(unicodedata.normalize("NFC", title)) for title in titles(feed)]

    assert found == [article.title for article in feed.articles]


@pytest.mark.parametrize("feed", FEEDS.values(), ids=lambda feed: feed.id)
def test_the_same_epoch_gives_the_same_bytes(feed):
    assert render_feed(feed, epoch=EPOCH) == render_feed(feed, epoch=EPOCH)


@pytest.mark.parametrize("feed", READABLE, ids=lambda feed: feed.id)
def test_dates_move_with_the_epoch(feed):
    later = EPOCH + timedelta(days=30)

    assert render_feed(feed, epoch=EPOCH) != render_feed(feed, epoch=later)
    assert published_at(feed.articles[0], later) - published_at(feed.articles[0], EPOCH) == timedelta(days=30)


@pytest.mark.parametrize(
    "id",
    [feed.id for feed in READABLE if feed.format != "json" and feed.encoding == "utf-8" and feed.id != "nha-be-net"],
)
def test_a_feed_that_is_not_meant_to_be_broken_is_well_formed(id):
    ElementTree.fromstring(rendered(id))


def test_utf_16_comes_without_a_byte_order_mark():
    data = rendered("dong-khoi-wire")

    assert data.startswith("<?xml".encode("utf-16-le"))
    assert 'encoding="utf-16"' in data.decode("utf-16-le")


def test_windows_1258_writes_tones_apart():
    data = rendered("song-sai-gon")

    text = data.decode("windows-1258")
    assert 'encoding="windows-1258"' in text
    assert "Kiều bào" not in text
    assert "Kiều bào" in unicodedata.normalize("NFC", text)
    with pytest.raises(UnicodeDecodeError):
        data.decode("utf-8")


def test_dates_end_in_gmt_plus_seven():
    dates = re.findall(r"<pubDate>(.*?)</pubDate>", rendered("saigon-courier").decode())

    assert dates[0] == "Tue, 14 Jul 2026 06:00:00 GMT+7"
    assert all(date.endswith(" GMT+7") for date in dates)


def test_dates_without_a_zone_tell_the_local_hour():
    dates = re.findall(r"<pubDate>(.*?)</pubDate>", rendered("dau-tu-tan-cang").decode())

    assert dates[0] == "14/07/2026 08:00"


def test_the_dateline_stands_before_every_text():
    summaries = re.findall(r"<description>(.*?)</description>", rendered("dau-tu-tan-cang").decode())[1:]

    assert summaries
    assert all(summary.startswith("(ĐTTCO)- ") for summary in summaries)


def test_a_feed_goes_without_guids():
    assert b"<guid" not in rendered("nha-be-net")
    assert b"<guid" in rendered("tin-ben-thanh")


def test_a_tag_is_left_unclosed():
    data = rendered("nha-be-net")

    assert b"<br>" in data
    with pytest.raises(ElementTree.ParseError, match="mismatched tag"):
        ElementTree.fromstring(data)


def test_vietnamese_titles_come_without_accents():
    bare = [article.title for article in FEEDS["nha-be-net"].articles if article.title.isascii()]

    assert "Thanh pho ket nghia Lyon chia se kinh nghiem lam dep bo song" in bare
    assert all(title in rendered("nha-be-net").decode() for title in bare)


def test_titles_are_escaped_twice():
    text = rendered("saigon-living").decode()

    assert "<title>R&amp;amp;B and bánh mì" in text
    assert "Europe&amp;#x27;s film days" in text


def test_a_link_is_javascript():
    assert b"<link>javascript:void(0)</link>" in rendered("ben-nghe-the-thao")


def test_a_feed_is_an_html_page():
    assert rendered("cong-thong-tin").startswith(b"<!DOCTYPE html>")


def test_a_missing_feed_has_no_bytes():
    assert rendered("tap-chi-hop-tac") == b""


def links_and_guids(id, edition=0):
    text = rendered(id, edition=edition).decode()
    return dict(re.findall(r"<link>(.*?)</link>\n<guid[^>]*>(.*?)</guid>", text))


def test_two_feeds_of_one_outlet_give_one_article_two_guids():
    home, world = links_and_guids("tin-ben-thanh"), links_and_guids("tin-ben-thanh-quoc-te")

    shared = home.keys() & world.keys()

    assert len(shared) == 2
    assert all(home[link] != world[link] for link in shared)


def test_another_edition_changes_the_guids_of_one_feed_and_nothing_else():
    before, after = links_and_guids("tin-ben-thanh-quoc-te"), links_and_guids("tin-ben-thanh-quoc-te", edition=1)

    assert before.keys() == after.keys()
    assert not set(before.values()) & set(after.values())
    assert [id for id in FEEDS if rendered(id) != rendered(id, edition=1)] == ["tin-ben-thanh-quoc-te"]


def test_json_feeds_name_their_version_and_language():
    document = json.loads(rendered("xigonghe-bao"))

    assert document["version"] == "https://jsonfeed.org/version/1.1"
    assert document["language"] == "zh-Hans"
    assert document["items"][0]["date_published"] == "2026-07-13T08:30:00+07:00"


def test_every_fault_of_a_document_or_header_is_written_down():
    plain = {
        feed.id
        for feed in FEEDS.values()
        if (feed.encoding, feed.content_type, feed.guids, feed.titles, feed.dateline, feed.moved_from, feed.slow)
        == ("utf-8", "", "link", "plain", "", "", False)
        and feed.dates in ("offset", "gmt")
        and feed.format not in ("html", "missing")
        and not any(article.raw or article.url.startswith("javascript:") for article in feed.articles)
    }

    assert set(FAULTS) == set(FEEDS) - plain

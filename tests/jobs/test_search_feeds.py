"""The feeds of a site are found with few questions, and why there are none is told."""

from __future__ import annotations

from datetime import timedelta

import pytest

from syndicator.jobs.add import search_feeds
from syndicator.jobs.robots import forbidden_by_robots
from syndicator.model.source import Blocked, Body, Failed, Gone
from syndicator.testing import NOON, FakeFetcher, FrozenClock, an_rss_document

SITE = "https://news.example"
WORDS = b"<p>What happened in the city today, told at some length." * 60
FEED = an_rss_document("One", "Two")
OTHER = an_rss_document("Three")


def page(markup: str) -> bytes:
    return f"<!DOCTYPE html><html><head><title>News</title></head><body>{markup}".encode() + WORDS


async def search(pages, address=f"{SITE}/", **options):
    fetcher = FakeFetcher(pages)
    found = await search_feeds(address, fetcher=fetcher, tell=lambda _: None, **options)
    return found, [question.url for question in fetcher.asked]


async def test_a_feed_stands_for_itself_and_nothing_else_is_asked():
    found, asked = await search({f"{SITE}/rss": FEED}, f" {SITE}/rss ")

    [feed] = found.candidates
    assert found.direct
    assert (feed.url, feed.title, feed.version, feed.entries) == (f"{SITE}/rss", "Wire", "rss20", 2)
    assert feed.newest == NOON - timedelta(hours=1)
    assert asked == [f"{SITE}/rss"]


@pytest.mark.parametrize("typed", ["news.example/rss", "feed://news.example/rss", "feed:https://news.example/rss"])
async def test_an_address_may_be_typed_as_people_do(typed):
    found, asked = await search({f"{SITE}/rss": FEED}, typed)

    assert (found.url, asked) == (f"{SITE}/rss", [f"{SITE}/rss"])


async def test_a_server_without_tls_is_asked_without_it():
    pages = {f"{SITE}/rss": Failed(source="", why="connection refused"), "http://news.example/rss": FEED}

    found, _ = await search(pages, "news.example/rss")

    assert found.candidates[0].url == "http://news.example/rss"


async def test_a_feed_that_moved_for_good_is_known_by_its_new_address():
    moved = Body(source="", url=f"{SITE}/new", content=FEED, moved_to=f"{SITE}/new")

    found, _ = await search({f"{SITE}/old": moved}, f"{SITE}/old")

    assert found.candidates[0].url == f"{SITE}/new"


async def test_a_page_names_its_feeds_and_all_are_looked_at_once():
    links = "".join(
        f"<link rel=alternate type=application/rss+xml href=/{name} title={name}>" for name in ("world", "dead", "city")
    )

    found, asked = await search({f"{SITE}/": page(links), f"{SITE}/world": FEED, f"{SITE}/city": OTHER})

    assert [(feed.url, feed.entries) for feed in found.candidates] == [(f"{SITE}/world", 2), (f"{SITE}/city", 1)]
    assert asked == [f"{SITE}/", f"{SITE}/world", f"{SITE}/dead", f"{SITE}/city"]


async def test_a_page_that_lists_feeds_is_followed_once():
    pages = {
        f"{SITE}/": page("<a href=/rss>RSS</a>"),
        f"{SITE}/rss": page("<a href=/rss/world.rss>World</a><a href=/feeds>More</a>"),
        f"{SITE}/rss/world.rss": FEED,
        f"{SITE}/feeds": page("<a href=/hidden.rss>x</a>"),
    }

    found, asked = await search(pages)

    assert [feed.url for feed in found.candidates] == [f"{SITE}/rss/world.rss"]
    assert f"{SITE}/hidden.rss" not in asked


async def test_usual_addresses_are_tried_up_to_the_first_that_is_a_feed():
    found, asked = await search({f"{SITE}/": page(""), f"{SITE}/rss.xml": FEED, f"{SITE}/rss": OTHER})

    assert [feed.url for feed in found.candidates] == [f"{SITE}/rss.xml"]
    assert asked == [f"{SITE}/", f"{SITE}/feed", f"{SITE}/rss.xml"]


async def test_whoever_turns_us_away_is_not_asked_further():
    pages = {f"{SITE}/": page(""), f"{SITE}/feed": Blocked(source="", why="429 Too Many Requests", status=429)}

    found, asked = await search(pages)

    assert found.why.startswith("no feed found")
    assert asked == [f"{SITE}/", f"{SITE}/feed"]


async def test_a_feed_without_a_title_has_that_of_the_link():
    nameless = FEED.replace(b"<title>Wire</title>", b"", 1)
    link = "<link rel=alternate type=application/rss+xml href=/world title='The world'>"

    found, _ = await search({f"{SITE}/": page(link), f"{SITE}/world": nameless})

    assert found.candidates[0].title == "The world"


async def test_an_intranet_is_asked_only_when_that_is_said():
    fetcher = FakeFetcher({f"{SITE}/": page(""), f"{SITE}/feed": FEED})

    await search_feeds(f"{SITE}/", fetcher=fetcher, tell=lambda _: None, allow_private=True)

    assert all(question.allow_private for question in fetcher.asked)


@pytest.mark.parametrize(
    ("answer", "why", "remedy"),
    [
        pytest.param(
            Failed(source="", why="host not found", unreached=True),
            "host not found",
            "whether there is a network",
            id="DNS",
        ),
        pytest.param(
            Failed(source="", why="404 Not Found", status=404), "404 Not Found", "right address", id="nothing there"
        ),
        pytest.param(Failed(source="", why="503 Busy", status=503), "503 Busy", "try again later", id="in trouble"),
        pytest.param(
            Blocked(source="", why="403 Forbidden", status=403), "it turns us away: 403", "let feed", id="403"
        ),
        pytest.param(Gone(source=""), "410 Gone", "gone for good", id="gone"),
        pytest.param(
            Failed(source="", why="10.0.0.1 is an address of a private network; if it is yours, …"),
            "10.0.0.1 is an address of a private network",
            "add --allow-private",
            id="an intranet",
        ),
        pytest.param(b"", "what came is empty", "wait", id="nothing"),
        pytest.param(
            b"<html><title>Just a moment...</title><script>window._cf_chl_opt={}</script>",
            "what came looks like a page that checks for a browser",
            "ask the publisher",
            id="a challenge",
        ),
        pytest.param(page("<a href=/x.rss>x</a>"), "no feed found: the page names 1 that are none", "RSS", id="none"),
    ],
)
async def test_why_there_is_no_feed_is_told_with_a_remedy(answer, why, remedy):
    found, _ = await search({f"{SITE}/": answer})

    assert found.candidates == ()
    assert found.why.startswith(why)
    assert remedy in found.remedy


async def test_a_rule_of_robots_txt_is_found_before_the_source_is_written():
    fetcher = FakeFetcher({f"{SITE}/robots.txt": b"User-agent: *\nDisallow: /rss\n"})

    urls = [f"{SITE}/rss", f"{SITE}/feed", "https://other.example/rss"]
    rules = await forbidden_by_robots(urls, fetcher=fetcher, clock=FrozenClock())

    assert rules == {f"{SITE}/rss": "/rss"}

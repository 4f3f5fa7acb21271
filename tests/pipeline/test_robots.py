"""What robots.txt says of a feed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicator.model.source import Robots
from syndicator.pipeline.robots import MAX_SIZE, read_robots, robots_url
from syndicator.testing import NOON

FEED = "https://paper.example/rss/world.xml"


def read(text: str, url: str = FEED) -> Robots:
    return read_robots(text, url=url, agent="syndicator", now=NOON)


def test_tells_the_path_that_is_forbidden_and_when_it_was_read():
    robots = read("User-agent: *\nDisallow: /admin\nDisallow: /rss/  # feeds\n")

    assert robots == Robots(url=FEED, read_at=NOON, disallows="/rss/world.xml")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="an empty file"),
        pytest.param("<!DOCTYPE html><html><body>Not found: sorry</body></html>", id="a page in its place"),
        pytest.param("User-agent: *\nDisallow:", id="an empty rule"),
        pytest.param("User-agent: *\nDisallow: /RSS/", id="a path in other letters"),
        pytest.param("User-agent: *\nDisallow: /rss/world.xml/", id="a path that is longer"),
        pytest.param("User-agent: *\nDisallow: rss", id="a path that is none"),
        pytest.param("Disallow: /", id="a rule before any name"),
        pytest.param("User-agent: otherbot\nDisallow: /", id="a rule for others"),
        pytest.param("User-agent: syndicator-images\nDisallow: /", id="a name that begins like ours"),
        pytest.param("User-agent: *\nDisallow: /\nAllow: /rss/", id="a longer rule that allows"),
        pytest.param("User-agent: *\nAllow: /rss/\nDisallow: /rss/", id="an equally long rule that allows"),
        pytest.param(
            "User-agent: *\nDisallow: /\n\nUser-agent: Syndicator\nDisallow: /admin",
            id="a group of our own, in other letters",
        ),
        pytest.param("User-agent: *\nDisallow: /\nUser-agent: syndicator\nCrawl-delay: 1", id="ours without a rule"),
        pytest.param("User-agent: *\nCrawl-delay: 5\n\nUser-agent: other\nDisallow: /", id="a delay ends the names"),
        pytest.param("User-agent: *\nDisallow: /*.php$", id="a pattern for another ending"),
        pytest.param("User-agent: *\nDisallow: /rss/world$", id="an end that is not the end"),
        pytest.param("User-agent: *\nDisallow: /*world*rss", id="parts in another order"),
        pytest.param("User-agent: *\n# Disallow: /", id="a comment"),
        pytest.param("User-agent: *\n" + "#" * MAX_SIZE + "\nDisallow: /", id="a rule behind 500 KiB"),
    ],
)
def test_allows_what_no_rule_forbids(text):
    assert read(text).disallows == ""


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("User-agent: *\nDisallow: /", id="all"),
        pytest.param("User-agent: *\nAllow: /rss/\nDisallow: /rss/world", id="the longest rule holds"),
        pytest.param("User-agent: *\nDisallow: /*/world.xml$", id="a star is anything"),
        pytest.param("User-agent: *\nDisallow: /rss/world.xml$", id="a dollar is the end"),
        pytest.param("User-agent: *\nDisallow: *world", id="a star may come first"),
        pytest.param("User-agent: *\nDisallow: /r*s*ld***.xml", id="many stars are as one"),
        pytest.param("user-AGENT : *\r\ndisALLOW :/rss\r\n", id="CRLF, spaces, and letters of any case"),
        pytest.param("User-agent: *\rDisallow: /rss\r", id="CR alone"),
        pytest.param("\ufeffUser-agent: *\nDisallow: /rss", id="a byte order mark"),
        pytest.param("User-agent: a\nUser-agent: syndicator\nDisallow: /rss", id="one of several names"),
        pytest.param(
            "User-agent: syndicator\nSitemap: /s.xml\n\nUser-agent: other\nDisallow: /rss",
            id="lines that are no rules do not end the names",
        ),
        pytest.param(
            "User-agent: syndicator\nDisallow: /a\nUser-agent: *\nAllow: /\nUser-agent: syndicator\nDisallow: /rss",
            id="two groups for one name are one",
        ),
        pytest.param("User-agent: *\nDisallow: /%72ss/", id="an escape that was not needed"),
    ],
)
def test_forbids_what_a_rule_forbids(text):
    assert read(text).disallows == "/rss/world.xml"


@pytest.mark.parametrize(
    ("rule", "path", "forbidden"),
    [
        pytest.param("/tin-tức", "/tin-t%E1%BB%A9c.rss", True, id="letters in the rule, escapes in the URL"),
        pytest.param("/tin-t%e1%bb%a9c", "/tin-tức.rss", True, id="escapes in the rule, letters in the URL"),
        pytest.param("/a%2Fb", "/a/b", False, id="an escaped slash is no slash"),
        pytest.param("/a%2Ab", "/axb", False, id="an escaped star is a star"),
        pytest.param("/a%2Ab", "/a*b", True, id="and matches one"),
        pytest.param("/a%24", "/a$bc", True, id="an escaped dollar is no end"),
        pytest.param("/a$b", "/a$bc", True, id="nor is one in the middle"),
        pytest.param("/?", "/?page=2", True, id="a query of the front page"),
        pytest.param("/", "", True, id="an address without a path is the front page"),
        pytest.param("/", "/robots.txt", False, id="robots.txt itself may be asked for"),
    ],
)
def test_compares_paths_however_they_are_spelled(rule, path, forbidden):
    robots = read(f"User-agent: *\nDisallow: {rule}", url=f"https://paper.example{path}")

    assert bool(robots.disallows) == forbidden


@pytest.mark.parametrize(
    ("text", "spacing"),
    [
        pytest.param("User-agent: *\nCrawl-delay: 10", timedelta(seconds=10), id="seconds"),
        pytest.param("User-agent: *\nCrawl-delay: 0.5", timedelta(seconds=0.5), id="parts of a second"),
        pytest.param("User-agent: *\nCrawl-delay: 86400", timedelta(minutes=1), id="no more than a minute"),
        pytest.param("User-agent: *\nCrawl-delay: soon", timedelta(0), id="no number"),
        pytest.param("User-agent: *\nCrawl-delay: -1", timedelta(0), id="less than nothing"),
        pytest.param("User-agent: *\nCrawl-delay: 9\nUser-agent: syndicator\nDisallow:", timedelta(0), id="others'"),
        pytest.param("Crawl-delay: 9", timedelta(0), id="nobody's"),
    ],
)
def test_reads_how_long_a_host_is_to_be_left_alone(text, spacing):
    assert read(text).spacing == spacing


@pytest.mark.parametrize(
    ("url", "robots"),
    [
        pytest.param(FEED, "https://paper.example/robots.txt", id="at the root of the host"),
        pytest.param("http://paper.example", "http://paper.example/robots.txt", id="of a host alone"),
        pytest.param("http://paper.example:8080/a?b#c", "http://paper.example:8080/robots.txt", id="with its port"),
        pytest.param("http://ada:secret@paper.example/a", "http://paper.example/robots.txt", id="without a password"),
        pytest.param("http://[2001:db8::1]:81/a", "http://[2001:db8::1]:81/robots.txt", id="of an address"),
    ],
)
def test_knows_where_robots_txt_lies(url, robots):
    assert robots_url(url) == robots


@pytest.mark.parametrize("url", ["file:///etc/passwd", "/rss.xml", "", "http:///rss.xml", "http://[broken/"])
def test_knows_no_robots_txt_of_what_is_no_address(url):
    with pytest.raises(ValueError, match=r"is not http or https|Invalid IPv6"):
        robots_url(url)


@given(st.text(max_size=200) | st.text(alphabet="/*$%aA1?=#:\n\rDisallowUser-gent ", max_size=200))
def test_reads_any_text_without_an_error(text):
    assert read(f"User-agent: *\nDisallow: {text}").spacing >= timedelta(0)


@given(
    st.lists(st.sampled_from(["/a", "/b", "/*a", "/a*b", "/ab$", "/a%62", "/"]), min_size=1),
    st.text(alphabet="ab/", max_size=6),
)
def test_what_forbids_a_path_forbids_it_also_beside_other_groups(rules, path):
    ours = "".join(f"Disallow: {rule}\n" for rule in rules)
    url = f"https://paper.example/{path}"

    alone = read(f"User-agent: syndicator\n{ours}", url=url)
    beside = read(f"User-agent: *\nAllow: /\n\nUser-agent: syndicator\n{ours}\nUser-agent: x\nDisallow: /", url=url)

    assert alone == beside


def test_a_file_full_of_stars_keeps_nobody_long():
    text = "User-agent: *\nDisallow: /" + "*a" * 10_000 + "*b$"

    assert read(text, url="https://paper.example/" + "a" * 10_000).disallows == ""

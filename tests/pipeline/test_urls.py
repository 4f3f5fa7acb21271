"""A URL that is plain stays as it is, by the shortcut as by the long way; what counts readers is told."""

from __future__ import annotations

from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syndicator.pipeline import urls
from syndicator.pipeline.urls import clean_url, counts_readers, is_plain

PIECES = st.lists(
    st.sampled_from(
        [
            *(
                "a.example",
                "b-c",
                "/",
                "//",
                "?",
                "#",
                "a",
                "b=1",
                "&",
                ":80",
                ":99999",
                ":0",
                "[",
                "]",
                "%41",
                "%zz",
                " ",
            ),
            *(
                "\t",
                "ế",
                "..",
                ".",
                "-",
                "xn--",
                "1.2.3",
                "@",
                ";",
                "HTTPS://",
                "\\",
                '"',
                "|",
                "~",
                "(",
                "\n",
                "\u200b",
            ),
        ]
    ),
    max_size=8,
).map("".join)


@settings(max_examples=200)
@given(st.sampled_from(["https://", "http://", "https://paper.example", "https://paper.example/", ""]), PIECES)
def test_the_shortcut_gives_what_the_long_way_gives(start, rest):
    url = start + rest

    for base in ("", "https://other.example/a/b.xml", "http://paper.example/"):
        with patch.object(urls, "is_plain", lambda _: False):
            slow = clean_url(url, base=base)
        assert clean_url(url, base=base) == slow


@pytest.mark.parametrize(
    ("url", "plain"),
    [
        pytest.param("https://paper.example/tin-1.html?id=7&b=%20#top", True, id="what newspapers write"),
        pytest.param("https://paper.example", True, id="a host alone"),
        pytest.param("https://paper.example:8080/", True, id="a port"),
        pytest.param("https://Paper.example/", False, id="a host in upper case"),
        pytest.param("https://paper.example/?", False, id="an empty query"),
        pytest.param("https://paper.example/a b", False, id="a blank"),
        pytest.param("https://me@paper.example/", False, id="a user"),
        pytest.param("https://10.0.0.1/", False, id="a number for a host"),
        pytest.param("//paper.example/", False, id="no scheme"),
        pytest.param("ftp://paper.example/", False, id="another scheme"),
        pytest.param("https://paper.example/\n", False, id="a line end"),
        pytest.param("https://paper.example/" + "a" * 9_000, False, id="too long"),
    ],
)
def test_plain_is_what_every_parser_reads_alike(url, plain):
    assert is_plain(url) is plain


@pytest.mark.parametrize(
    ("url", "counts"),
    [
        pytest.param("https://pixel.wp.com/g.gif", True, id="a counter"),
        pytest.param("https://sb.scorecardresearch.com/p?c1=2", True, id="a host below one"),
        pytest.param("https://xiti.com", True, id="no path"),
        pytest.param("https://xiti.com:443/x", True, id="a port"),
        pytest.param("http://feeds.feedburner.com/~r/paper/~4/abc", True, id="FeedBurner"),
        pytest.param("https://notxiti.com/a.jpg", False, id="a host that ends alike"),
        pytest.param("https://paper.example/xiti.com/a.jpg", False, id="a path that looks like one"),
        pytest.param("https://www.facebook.com/travel.jpg", False, id="a path that begins alike"),
    ],
)
def test_counters_are_known_by_host_or_address(url, counts):
    assert counts_readers(url) is counts

"""The feeds that a page names are found, the right ones first, whatever the page is."""

from __future__ import annotations

import doctest

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syndicator.pipeline import autodiscovery, naming
from syndicator.pipeline.autodiscovery import MAX_FOUND, MAX_LOOK, MAX_PATHS, FoundFeed, common_paths, find_feeds
from syndicator.pipeline.naming import outlets_by_host, propose_id, propose_outlet, slug
from syndicator.pipeline.urls import host_of
from syndicator.testing import a_source

URL = "https://news.example/world/index.html"


def found(page: str, url: str = URL) -> list[str]:
    return [feed.url for feed in find_feeds(page.encode(), url=url)]


@pytest.mark.parametrize(
    ("page", "addresses"),
    [
        pytest.param(
            '<link rel="alternate" type="application/rss+xml" title="News" href="/rss.xml">',
            ["https://news.example/rss.xml"],
            id="a link to RSS",
        ),
        pytest.param(
            "<LINK HREF=feed TYPE='Application/Atom+XML; charset=utf-8' REL='Home ALTERNATE'/>",
            ["https://news.example/world/feed"],
            id="any order, any case, several relations, a parameter",
        ),
        pytest.param(
            '<link rel="alternate" type="application/feed+json" href="//cdn.example/feed.json">',
            ["https://cdn.example/feed.json"],
            id="an address without a scheme",
        ),
        pytest.param(
            '<base href="/vi/"><base href="/no/"><link rel=alternate type=application/rss+xml href=rss>',
            ["https://news.example/vi/rss"],
            id="the first base counts",
        ),
        pytest.param(
            '<base href="javascript:0"><link rel=alternate type=application/rss+xml href=rss>',
            ["https://news.example/world/rss"],
            id="a base that leads nowhere",
        ),
        pytest.param(
            '<link rel=alternate type=application/rss+xml href="/a?x=1&amp;y=2#z">',
            ["https://news.example/a?x=1&y=2"],
            id="escapes are read, fragments dropped",
        ),
        pytest.param(
            '<link rel=alternate type=application/rss+xml title="a > b" href="/a">', ["https://news.example/a"],
            id="a > within quotes",
        ),
        pytest.param('<link rel="feed" href="/a">', ["https://news.example/a"], id="the relation feed"),
        pytest.param(
            '<link rel=alternate type=application/rss+xml href="feed://news.example/a">'
            '<link rel=alternate type=application/rss+xml href="feed:http://news.example/b">',
            ["https://news.example/a", "http://news.example/b"],
            id="the scheme feed",
        ),
        pytest.param('<link rel="alternate" hreflang="vi" href="/vi/">', [], id="another language is no feed"),
        pytest.param(
            '<link rel="alternate stylesheet" type="application/rss+xml" href="/a.css">', [], id="a style is no feed"
        ),
        pytest.param('<link rel=alternate type=application/rss+xml href="javascript:x">', [], id="no script is a feed"),
        pytest.param(
            '<link rel=alternate type=application/json href="/wp-json/wp/v2/pages/2">'
            '<link rel=alternate type=application/json+oembed href="/oembed">',
            [],
            id="the APIs of WordPress are no feeds",
        ),
        pytest.param(
            "<!-- <link rel=alternate type=application/rss+xml href=/a> -->"
            "<script>'<link rel=alternate type=application/rss+xml href=/b>'</script>"
            "<link rel=alternate type=application/rss+xml href=/c>",
            ["https://news.example/c"],
            id="comments and scripts are no page",
        ),
        pytest.param(
            "<script><link rel=alternate type=application/rss+xml href=/a>", ["https://news.example/a"],
            id="a script that is never closed hides nothing",
        ),
        pytest.param(
            "<link rel=alternate type=application/rss+xml href=/comments/feed/>"
            "<link rel=alternate type=application/rss+xml title='Site » Bình luận' href=/b>"
            "<link rel=alternate type=application/rss+xml href=/feed/>",
            ["https://news.example/feed/", "https://news.example/comments/feed/", "https://news.example/b"],
            id="comments come last",
        ),
        pytest.param(
            "<link rel=alternate type=application/json href=/j><link rel=alternate type=text/xml href=/x>"
            "<link rel=alternate type=application/rss+xml href=/r>",
            ["https://news.example/r", "https://news.example/j", "https://news.example/x"],
            id="what may be something else comes later",
        ),
        pytest.param(
            "<link rel=alternate type=application/rss+xml href=/feed>"
            "<link rel=alternate type=application/rss+xml href=http://www.news.example/feed/>",
            ["https://news.example/feed"],
            id="twins are one",
        ),
        pytest.param(
            "<a href=/rss>RSS</a><a href='/rss/the-gioi.rss'>Thế giới</a><a href=/about.html>About</a>"
            "<link rel=alternate type=application/rss+xml href=/main>",
            ["https://news.example/main", "https://news.example/rss/the-gioi.rss", "https://news.example/rss"],
            id="links of the text that look like feeds stand behind",
        ),
        pytest.param(
            "<a href=/index.php?feed=rss2>1</a><a href=/news-feed.xml>2</a><a href=https://feeds.feedburner.com/x>3</a>"
            "<a href=/feed.json>4</a><a href='/section?format=feed&amp;type=rss'>5</a><a href=/brd/m_2/rss.do>6</a>",
            [
                "https://news.example/news-feed.xml",
                "https://news.example/feed.json",
                "https://news.example/brd/m_2/rss.do",
                "https://news.example/index.php?feed=rss2",
                "https://feeds.feedburner.com/x",
                "https://news.example/section?format=feed&type=rss",
            ],
            id="many forms of addresses look like feeds",
        ),
        pytest.param(
            "<a href='https://feedly.com/i/subscription/feed/https://news.example/rss'>x</a><a href=/sitemap.xml>x</a>"
            "<a href=/feedback>x</a><a href=mailto:rss@news.example>x</a><a href=/embassy/>x</a>",
            [],
            id="readers, maps, feedback and mail are no feeds",
        ),
    ],
)  # fmt: skip
def test_a_page_names_its_feeds(page, addresses):
    assert found(page) == addresses


def test_the_page_itself_is_none_of_its_feeds():
    assert found("<a href=https://news.example/rss/>RSS</a>", url="https://news.example/rss/") == []


def test_titles_and_types_come_along():
    page = (
        "<link rel=alternate type='Application/RSS+XML' title=' Tin  mới &amp; nóng\n' href=/a>"
        "<a href=/b.rss><b>Thế</b> giới</a>"
    ).encode()

    assert find_feeds(page, url=URL) == [
        FoundFeed(url="https://news.example/a", title="Tin mới & nóng", type="application/rss+xml"),
        FoundFeed(url="https://news.example/b.rss", title="Thế", type=""),
    ]


@pytest.mark.parametrize(
    ("page", "content_type"),
    [
        pytest.param('<meta charset="windows-1258"><a href=/a.rss>Th\xea gi\xf3i</a>'.encode("cp1258"), "", id="meta"),
        pytest.param("<a href=/a.rss>Thê giói</a>".encode("cp1258"), "text/html; charset=windows-1258", id="header"),
        pytest.param("<a href=/a.rss>Thê giói</a>".encode("utf-16"), "text/html", id="UTF-16"),
    ],
)
def test_a_page_is_read_in_its_encoding(page, content_type):
    [feed] = find_feeds(page, url=URL, content_type=content_type)

    assert (feed.url, feed.title) == ("https://news.example/a.rss", "Thê giói")


def test_a_page_may_be_endless_and_name_thousands():
    many = "".join(f"<a href=/{number}.rss>{number}</a>" for number in range(5_000))
    late = " " * MAX_LOOK + "<a href=/late.rss>x</a>"

    assert len(found(many)) == MAX_FOUND
    assert found(late) == []


@pytest.mark.parametrize(
    "piece",
    [
        "<a ",
        "<a '>'",
        "<!--",
        "<script>",
        "<link rel='",
        '<a href="',
        "<a href=x.rss",
        "<base href=/a/>",
        "<a\n",
        "<</",
    ],
)
def test_a_page_that_means_harm_takes_no_time(piece):
    # A reader that looks back for every tag would take hours over these.
    assert isinstance(found(piece * (MAX_LOOK // len(piece))), list)


@given(
    st.binary(max_size=300)
    | st.lists(
        st.sampled_from(
            ["<link ", "<a ", "<base ", "href=", "rel=alternate ", "type=application/rss+xml ", "'", '"', ">", "/", "=",
             "<!--", "-->", "<script>", "</script>", "http://[", "//", "feed:", "\x00", "é", "&#x110000;", "/rss"]
        )
    ).map(lambda parts: "".join(parts).encode())
)  # fmt: skip
@settings(max_examples=200, deadline=None)
def test_whatever_the_page_is_addresses_on_the_web_come_out(page):
    for feed in find_feeds(page, url=URL, content_type="text/html"):
        assert feed.url.startswith(("https://", "http://"))
        assert feed.title.isprintable()


@given(st.text(max_size=40))
@settings(max_examples=200, deadline=None)
def test_whatever_the_address_is_guesses_are_few_and_on_its_host(url):
    assert len(common_paths(url)) <= MAX_PATHS
    assert all(path.startswith("https://news.example/") for path in common_paths("https://news.example/" + url))


def test_a_site_is_guessed_at_from_its_root_and_a_section_first_by_its_name():
    assert common_paths("https://news.example")[:2] == ["https://news.example/feed", "https://news.example/rss.xml"]
    assert "https://news.example/rss/the-gioi.rss" in common_paths("https://news.example/the-gioi.htm")
    assert common_paths("mailto:x@news.example") == []


@pytest.mark.parametrize(
    ("url", "id"),
    [
        ("https://vnexpress.net/rss/the-gioi.rss", "vnexpress-the-gioi"),
        ("https://www.sggp.org.vn/rss/home.rss", "sggp"),
        ("https://vietnamnews.vn/rss/politics-laws.rss", "vietnamnews-politics-laws"),
        ("https://thanhnien.vn/rss/thoi-su/quoc-phong.rss", "thanhnien-thoi-su-quoc-phong"),
        ("https://english.thesaigontimes.vn/feed/", "english-thesaigontimes"),
        ("http://127.0.0.1:8000/feed.xml", "127-0-0-1"),
        ("https://báo.vn/rss/Thời%20sự.rss", "bao-thoi-su"),
        ("https://xn--bo-mia.vn/feed", "bao"),
        ("https://新闻.example/", "source"),
        ("nothing of the kind", "source-nothing-of-the-kind"),
    ],
)
def test_an_id_tells_outlet_and_section(url, id):
    assert propose_id(url) == id


@given(st.text(max_size=60), st.text(max_size=20))
@settings(max_examples=200, deadline=None)
def test_an_id_can_always_be_an_id(path, host):
    taken = {propose_id(f"https://{host}.example/{path}")}

    id = propose_id(f"https://{host}.example/{path}", taken=taken)

    assert id not in taken
    assert slug(id) == id != ""


def test_a_feed_of_a_known_host_is_of_its_outlet():
    sources = [a_source("wire", url="https://www.times.example/rss", outlet="times"), a_source("post")]

    known = outlets_by_host(sources)

    assert known[host_of("http://times.example/world.rss")] == "times"
    assert host_of("https://other.example/") not in known
    assert propose_outlet("https://other.example/") == "other"


@pytest.mark.parametrize("module", [autodiscovery, naming])
def test_the_examples_in_docstrings_are_true(module):
    assert doctest.testmod(module).failed == 0

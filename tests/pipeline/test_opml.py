"""Lists of feeds go out and come in again as they were; those of others are read, whatever their state."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syndicator.config.edit import add_sources
from syndicator.config.load import load_config
from syndicator.model.language import Localized
from syndicator.model.tag import Tag
from syndicator.pipeline.newcomers import newcomers
from syndicator.pipeline.opml import MAX_BYTES, MAX_DEPTH, MAX_FEEDS, Outline, read_opml, write_opml
from syndicator.testing import a_source

TAGS = {
    "world": Tag(id="world", label=Localized({"en": "World", "vi": "Thế giới"})),
    "vietnam": Tag(id="vietnam", label=Localized({"en": "Viet Nam"})),
}
EMPTY = (
    "site: {title: T, url: https://t.example/, languages: [ko], publisher: {name: P, email: p@t.example}}\n"
    "tags: {world: {label: {en: World, vi: Thế giới}}, vietnam: {label: Viet Nam}}\n"
    "sources: []\n"
)


def opml(body: str, head: str = "") -> bytes:
    return f'<?xml version="1.0"?><opml version="2.0"><head>{head}</head><body>{body}</body></opml>'.encode()


def empty_newsroom():
    text = add_sources(EMPTY, [{"id": "x", "title": "X", "url": "https://x.invalid/"}])
    return replace(load_config(text, env={}), sources={})


def brought_in(document: bytes):
    """Import *document* into an empty newsroom, and return its sources."""
    brought = newcomers(read_opml(document).feeds, config=empty_newsroom(), written=[])
    return load_config(add_sources(EMPTY, brought.sources), env={}).sources.values()


def facts(sources):
    return [(source.url, source.title, source.language, source.tags) for source in sources]


def test_a_list_says_what_opml_2_wants_and_nothing_of_our_own():
    sources = [
        a_source("times-world", outlet="times", title='Times & "World"', language="vi", tags=("world", "vietnam")),
        a_source("post"),
        a_source("times-city", outlet="times", title="Tin  <mới>"),
    ]

    document = write_opml(sources, tags=TAGS, title="The City & I")

    assert document.decode() == (
        '<?xml version="1.0" encoding="UTF-8"?>\n<opml version="2.0">\n  <head>\n    <title>The City &amp; I</title>\n'
        '  </head>\n  <body>\n    <outline text="times" title="times">\n'
        '      <outline type="rss" text=\'Times &amp; "World"\' title=\'Times &amp; "World"\''
        ' xmlUrl="https://times-world.example/rss.xml" language="vi" category="world,vietnam"/>\n'
        '      <outline type="rss" text="Tin  &lt;mới&gt;" title="Tin  &lt;mới&gt;"'
        ' xmlUrl="https://times-city.example/rss.xml" language="en"/>\n    </outline>\n'
        '    <outline type="rss" text="The post wire" title="The post wire"'
        ' xmlUrl="https://post.example/rss.xml" language="en"/>\n  </body>\n</opml>\n'
    )
    assert ElementTree.fromstring(document).tag == "opml"


WORDS = st.text(st.characters(exclude_categories=["C", "Z"]) | st.just(" "), min_size=1, max_size=12).map(
    lambda text: " ".join(unicodedata.normalize("NFC", text).split())
)
SOURCES = st.lists(
    st.builds(
        lambda title, language, tags, outlet, path: (title, language, tuple(tags), outlet, path),
        WORDS.filter(bool),
        st.sampled_from(["en", "vi", "zh-Hans", "en-GB", "ko"]),
        st.lists(st.sampled_from(["world", "vietnam"]), unique=True),
        st.sampled_from(["times", "post", "world", "viet-nam", ""]),
        st.text(st.sampled_from("abc/?&=;,'[]#%20:é${}"), max_size=9),
    ),
    max_size=6,
)


@given(SOURCES)
@settings(max_examples=60, deadline=None)
def test_what_is_exported_and_imported_into_an_empty_newsroom_is_the_same(drawn):
    sources = [
        a_source(f"s-{number}", title=title, language=language, tags=tags, outlet=outlet or f"s-{number}",
                 url=f"https://h{number}.example/{path}")
        for number, (title, language, tags, outlet, path) in enumerate(drawn)
    ]  # fmt: skip

    document = write_opml(sources, tags=TAGS, title="T")

    assert sorted(facts(brought_in(document) if sources else [])) == sorted(facts(sources))


def test_twice_imported_is_once_imported():
    document = write_opml([a_source("a"), a_source("b")], tags=TAGS, title="T")
    config = empty_newsroom()
    outlines = read_opml(document).feeds

    brought = newcomers(outlines + outlines, config=config, written=[("old", "http://www.b.example/rss.xml/")])

    assert [source["id"] for source in brought.sources] == ["a"]
    assert [id for _, id in brought.twins] == ["old", "a", "old"]


@pytest.mark.parametrize(
    ("document", "feed"),
    [
        pytest.param(
            opml('<outline type="rss" text="A" xmlUrl="https://a.example/"/>'),
            Outline(url="https://a.example/", title="A", line=1),
            id="as it should be",
        ),
        pytest.param(
            b'<OPML><Body><Outline XMLURL="https://a.example/" TEXT="A"/></Body></OPML>',
            Outline(url="https://a.example/", title="A", line=1),
            id="in capitals, without type and head",
        ),
        pytest.param(
            opml('<outline type="rss" url="https://a.example/" title="A" text="other"/>'),
            Outline(url="https://a.example/", title="A", line=1),
            id="the address under url",
        ),
        pytest.param(
            opml('<outline xmlUrl="feed://a.example/"/>\n'), Outline(url="https://a.example/", line=1), id="feed://"
        ),
        pytest.param(
            opml('\n<outline xmlUrl="feed:http://a.example/ b"/>\n'),
            Outline(url="http://a.example/%20b", line=2),
            id="feed:http and a space",
        ),
        pytest.param(
            opml('<outline text="A & B" xmlUrl="https://a.example/?x=1&y=2"/>'),
            Outline(url="https://a.example/?x=1&y=2", title="A & B", line=1),
            id="ampersands that stand alone",
        ),
        pytest.param(
            opml('<outline text="T&eacute;l&eacute;&nbsp;1 \x07" xmlUrl="https://a.example/"/>'),
            Outline(url="https://a.example/", title="Télé 1", line=1),
            id="entities of HTML and a control character",
        ),
        pytest.param(
            b"\xef\xbb\xbf\n\n" + opml('<outline text="Tin m\u1edbi" xmlUrl="https://a.example/"/>'),
            Outline(url="https://a.example/", title="Tin mới", line=3),
            id="a BOM and blank lines before",
        ),
        pytest.param(
            opml('<outline text="Télé" xmlUrl="https://a.example/"/>').decode().encode("latin-1"),
            Outline(url="https://a.example/", title="Télé", line=1),
            id="Latin-1 that says nothing of it",
        ),
        pytest.param(
            opml('<outline text="Tin mới" xmlUrl="https://a.example/"/>').decode().encode("utf-16"),
            Outline(url="https://a.example/", title="Tin mới", line=1),
            id="UTF-16",
        ),
        pytest.param(
            opml('<outline text="News"><outline title="VN"><outline xmlUrl="https://a.example/"/></outline></outline>'),
            Outline(url="https://a.example/", folders=("News", "VN"), line=1),
            id="folders within folders",
        ),
        pytest.param(
            opml('<outline xmlUrl="https://a.example/" language="en-us" category="/a/b, Thế giới,"/>'),
            Outline(url="https://a.example/", language="en-US", categories=("/a/b", "Thế giới"), line=1),
            id="language and categories",
        ),
    ],
)  # fmt: skip
def test_a_list_of_others_is_read(document, feed):
    outlines = read_opml(document)

    assert (outlines.fault, outlines.problems) == (None, ())
    assert outlines.feeds == (feed,)


def test_what_is_no_feed_is_told_with_its_line_and_the_rest_is_read():
    outlines = read_opml(
        opml(
            '\n<outline type="rss" text="No address"/>\n<outline xmlUrl="mailto:x@a.example" text="Mail"/>\n'
            '<outline type="link" text="More" url="https://a.example/more.opml"/>\n'
            '<outline text="off" isComment="true"><outline xmlUrl="https://off.example/"/></outline>\n'
            '<outline text="Empty folder"/><outline xmlUrl="https://b.example/"/>',
            "<title>Mine &amp; yours</title>",
        )
    )

    assert outlines.title == "Mine & yours"
    assert [feed.url for feed in outlines.feeds] == ["https://b.example/"]
    assert [str(problem) for problem in outlines.problems] == [
        "line 2, “No address”: has no xmlUrl, the address of its feed",
        "line 3, “Mail”: “mailto:x@a.example” is no web address",
        "line 4, “More”: leads to another list, which is not followed",
    ]


@pytest.mark.parametrize(
    ("document", "told"),
    [
        pytest.param(b"", "is empty", id="nothing"),
        pytest.param(
            b'<!DOCTYPE opml [<!ENTITY a "b">]><opml/>',
            "line 1: has a DOCTYPE, which no list needs and which may do harm; remove it",
            id="entities",
        ),
        pytest.param(
            b'\n\n<!DOCTYPE opml SYSTEM "http://a.example/x.dtd">\n<opml>&x;</opml>',
            "line 3: has a DOCTYPE, which no list needs and which may do harm; remove it",
            id="an external document type",
        ),
        pytest.param(
            b"\n<opml>\n<body><outline>\n</body></opml>",
            "line 4, column 3: is not well-formed there (mismatched tag); mend it, or export it anew",
            id="broken",
        ),
        pytest.param(
            b"<opml><body>",
            "line 1, column 13: is not well-formed there (no element found); mend it, or export it anew",
            id="cut short",
        ),
        pytest.param(b"<rss><channel/></rss>", "line 1: is a feed; `syndicator add` adds it", id="a feed"),
        pytest.param(
            b"<html/>", "line 1: is a web page; save the file itself that the reader exports", id="a web page"
        ),
        pytest.param(b"<x:y xmlns:x='z'/>", "line 1: is no OPML: it begins with <x:y>", id="something else"),
        pytest.param(
            b"not even markup",
            "line 1, column 1: is not well-formed there (syntax error); mend it, or export it anew",
            id="no markup",
        ),
        pytest.param(
            opml("<outline>" * MAX_DEPTH + "</outline>" * MAX_DEPTH),
            f"line 1: has more than {MAX_DEPTH} folders within folders; take it apart",
            id="depth",
        ),
        pytest.param(
            opml('<outline xmlUrl="https://a.example/"/>' * (MAX_FEEDS + 1)),
            "line 1: names more than 20,000 feeds; take it apart",
            id="too many feeds",
        ),
        pytest.param(b" " * (MAX_BYTES + 1), "is larger than 16 MiB; take it apart", id="size"),
    ],
)
def test_what_cannot_be_used_is_refused_with_its_place(document, told):
    outlines = read_opml(document)

    assert str(outlines.fault) == told
    assert outlines.feeds == ()


def test_ten_thousand_feeds_are_read():
    body = "\n".join(f'<outline text="{n}" xmlUrl="https://h{n}.example/rss"/>' for n in range(10_000))

    brought = newcomers(read_opml(opml(body)).feeds, config=empty_newsroom(), written=[])

    assert len({source["id"] for source in brought.sources}) == 10_000


@given(
    st.binary(max_size=200)
    | st.lists(
        st.sampled_from(["<opml>", "<body>", "</body>", "</opml>", "<outline ", "xmlUrl=", '"', "'", ">", "/>", "&",
                         "&amp;", "</outline>", "http://a", "<!DOCTYPE x>", "<![CDATA[", "]]>", "\ufeff", "\x00", "é"])
    ).map(lambda parts: "".join(parts).encode())
)  # fmt: skip
@settings(max_examples=200, deadline=None)
def test_whatever_the_bytes_are_they_are_read_or_refused(document):
    outlines = read_opml(document)

    assert outlines.fault is None or outlines.feeds == ()


@pytest.mark.parametrize(
    ("body", "tags", "outlet", "dropped"),
    [
        pytest.param(
            '<outline text="Thế giới"><outline xmlUrl="https://a.example/"/><outline xmlUrl="https://b.example/"/></outline>',
            ("world",), "a", {}, id="a folder that is called as a tag is that tag",
        ),
        pytest.param(
            '<outline text="Báo"><outline text="Tuổi Trẻ"><outline xmlUrl="https://tuoitre.vn/1"/></outline></outline>',
            None, "tuoi-tre", {"Báo": 1}, id="a folder that is called as its host is the outlet",
        ),
        pytest.param(
            '<outline text="News"><outline xmlUrl="https://a.example/"/><outline xmlUrl="https://b.example/"/></outline>',
            None, "a", {"News": 2}, id="any other folder is dropped, and told",
        ),
        pytest.param(
            '<outline text="World"><outline xmlUrl="https://a.example/" category="viet nam,/x/World,Sport"/></outline>',
            ("vietnam", "world"), "a", {"Sport": 1}, id="categories go before folders",
        ),
    ],
)  # fmt: skip
def test_categories_and_folders_become_tags_and_outlets(body, tags, outlet, dropped):
    brought = newcomers(read_opml(opml(body)).feeds, config=empty_newsroom(), written=[])

    first = brought.sources[0]
    assert (first.get("tags"), first.get("outlet", first["id"]), brought.unknown) == (tags, outlet, dropped)


def test_a_feed_of_a_host_that_is_known_joins_its_outlet():
    config = replace(empty_newsroom(), sources={"a": a_source("a", url="https://www.a.example/1", outlet="times")})

    brought = newcomers(
        read_opml(opml('<outline xmlUrl="https://a.example/world.rss"/>')).feeds, config=config, written=[]
    )

    assert brought.sources == (
        {"id": "times-world", "title": "a.example", "url": "https://a.example/world.rss", "outlet": "times"},
    )

"""Whatever the fast reader accepts it reads as feedparser does, and it accepts what newspapers really write."""

from __future__ import annotations

from pathlib import Path

import pytest
from feedparser.api import StrictFeedParser
from hypothesis import given, settings
from hypothesis import strategies as st

from syndicator.pipeline.decode import decode_document
from syndicator.pipeline.entries import RawFeed
from syndicator.pipeline.fast_xml import read_fast
from syndicator.pipeline.feed_names import NAMESPACES, Names
from syndicator.pipeline.parse import read_slowly

DATA = Path(__file__).parent.parent / "data"
DOCUMENTS = sorted(
    path
    for name in ("corpus", "feeds")
    for path in (DATA / name).rglob("*")
    if path.is_file() and not path.name.endswith(".expected.json")
)
URL = "https://paper.example/rss/home.rss"
PREFIXES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "media": "http://search.yahoo.com/mrss/",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "slash": "http://purl.org/rss/1.0/modules/slash/",
    "sy": "http://purl.org/rss/1.0/modules/syndication/",
    "feedburner": "http://rssnamespace.org/feedburner/ext/1.0",
    "atom": "http://www.w3.org/2005/Atom",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "x": "https://paper.example/ns",
}
XHTML = "http://www.w3.org/1999/xhtml"
PLAIN_WORDS = ["Cầu mới", "rain", "Tom &amp; Jerry", "<![CDATA[<p>Mưa</p>]]>", "it&#8217;s", "caf\u00e9"]
WORDS = [
    *PLAIN_WORDS, "", "  ", "\n đường \n", "&lt;b&gt;bold&lt;/b&gt; text", "a &amp;amp; b", "x",
    "<![CDATA[a]]> <![CDATA[b & c]]>", "x<![CDATA[]]>", "\u00a0caf\u00e9 \u00a0", "Ã©t\u00c3\u00a9",
    "&#150; dash", "&#195;&#169;",
    "Ã<![CDATA[©]]>", "1,2, three ,", "<![CDATA[<a href='/x'>x</a><!-- c --><item>]]>",
    "long " * 30, "a<!-- note -->b",
    "<b>child</b>", "<div>d</div>", "&amp;lt;i&amp;gt;", "ends ]]&gt; so", "\U0001f600", "a\r\nb\tc",
    "<?php x ?>", "https://paper.example/p",
]  # fmt: skip
PLAIN_URLS = ["https://paper.example/a", "https://paper.example/b?c=1&amp;d=2"]
URLS = [
    *PLAIN_URLS, "/tin/b.html", "//cdn.example/c", "c?x=1&amp;y=2", "https://paper.example/ä ö", "", "  /d\n", "http:////e",
    "javascript:1", "tag:paper.example,2026:1", "urn:uuid:1", "#f", "http://[bad", "a&amp;copy;b", "abc",
]  # fmt: skip
DATES = ["Tue, 14 Jul 2026 10:00:00 +0700", "2026-07-14T10:00:00Z", "", "14/07/2026", "gestern"]
PEOPLE = [
    "Tòa soạn", "", "desk@paper.test (News desk)", "desk@paper.example (News (late) desk)", "a@b.test",
    "Ann &lt;a@b.co&gt;", "A &amp; B", "@ann", "mailto:a@b.test?subject=x (B)", "a@b.test " + "long " * 30,
]  # fmt: skip
ATTRIBUTES = [
    *[""] * 6, ' xml:lang="vi"', ' xml:lang=""', ' lang="en_US"', ' xml:base="https://cdn.example/v/"',
    ' xml:base="rel/"', ' x:other="u"', ' rdf:about="https://paper.example/about"',
]  # fmt: skip
PICTURES = [
    "", ' url="https://img.example/a.jpg"', ' url="/b.png" width="320" height="180px"', ' url="v.mp4" type="Video/MP4"',
    ' medium="image" url="c"', ' url="d.webp" type="image/webp" fileSize="9"',
]  # fmt: skip
TYPES = ["", "", "", ' type="html"', ' type="text"', ' type="xhtml"', ' TYPE="HTML"', ' type="x/y"']
PAGES = [
    "<p>Mưa &amp; <em>gió</em></p>", "text &lt; <br/> more", '<a href="x?a=1&amp;b=2" REL="Me">l</a> ', "",
    '<img src="a.png" alt="&quot;q&quot;"/>', "<p>a</p><!-- c --><p>b</p>", '<p xml:lang="en">e</p>',
    "<svg xmlns='http://www.w3.org/2000/svg'/>", "<p xml:base='/x'>y</p>", "&#150;&#195;&#169;",
]  # fmt: skip
FRAMES = [
    f'<div xmlns="{XHTML}">{{}}</div>', f'\n <div xmlns="{XHTML}" class="c">{{}}</div>\n', "{}", "<div>{}</div>",
    f'<div xmlns="{XHTML}">{{}}</div><div xmlns="{XHTML}">2</div>', f'a<div xmlns="{XHTML}">{{}}</div>',
    f'<h:div xmlns:h="{XHTML}"><h:p>p</h:p></h:div>', f'<div xmlns="{XHTML}"><div>{{}}</div></div>',
]  # fmt: skip
RELATIONS = [
    "", ' rel="alternate"', ' rel="Self"', ' rel="enclosure" length="9"', ' rel="related"',
    ' rel="http://www.iana.org/assignments/relation/alternate"',
]  # fmt: skip

# What the fast reader is there for; {w} is words, {u} a URL, {d} a date, {p} a person, {a} attributes, {m} those of a
# picture, {r} a relation, {t} the type of a text, and {c} such a text.
PLAIN_ELEMENTS = [
    "<title>{w}</title>", "<link>{u}</link>", '<link{r} href="{u}"/>', "<guid>{u}</guid>",
    '<guid isPermaLink="false">{u}</guid>', "<id>{u}</id>", "<description>{w}</description>",
    "<content:encoded>{w}</content:encoded>", "<summary>{w}</summary>",
    '<content type="html">{w}</content>', "<pubDate>{d}</pubDate>", "<updated>{d}</updated>",
    "<dc:date>{d}</dc:date>",
    "<category>{w}</category>", '<category domain="d">{w}</category>', '<category term="T" label="L"/>',
    "<dc:creator>{p}</dc:creator>", "<author><name>{w}</name><email>a@b.test</email></author>",
    '<enclosure url="{u}" type="Image/PNG" length="12"/>', "<media:content{m}/>", "<media:thumbnail{m}/>",
    "<slash:comments>3</slash:comments>", "<comments>{u}</comments>", '<thing xmlns="urn:other">{w}</thing>',
]  # fmt: skip
ELEMENTS = [
    *PLAIN_ELEMENTS, "<title{t}{a}>{c}</title>", "<link{a}>{u}</link>", '<link{r} href="{u}" type="image/png"{a}/>',
    '<link{r} href="{u}" type="HTML"/>', '<guid isPermaLink="true"{a}>{u}</guid>',
    "<description{a}>{w}</description>",
    "<summary{t}{a}>{c}</summary>", "<content{t}{a}>{c}</content>", "<content src='{u}' type='html'/>",
    "<content:encoded{a}>{w}</content:encoded>", "<dc:description>{w}</dc:description>",
    "<itunes:summary>{w}</itunes:summary>", "<published>{d}</published>", "<modified>{d}</modified>",
    "<dcterms:created>{d}</dcterms:created>", "<created>{d}</created>", "<dcterms:issued>{d}</dcterms:issued>",
    "<pubdate>{d}</pubdate>", "<date>{d}</date>", "<dc:subject>{w}</dc:subject>", "<keywords>{w}</keywords>",
    "<itunes:keywords>{w}</itunes:keywords>", "<media:keywords>{w}</media:keywords>", "<tags>{w}</tags>",
    '<category scheme="s" term="T"{a}>{w}</category>', '<media:category label="L">{w}</media:category>',
    '<itunes:category text="N"/>', "<author>{p}</author>", "<itunes:author>{w}</itunes:author>",
    "<author><uri>{u}</uri><name> {p} </name></author>", "<author><email>a@b.test</email></author>",
    "<contributor><name>{w}</name></contributor>", '<enclosure href="{u}" length="x" width="5"/>',
    "<media:content{m}{a}/>",
    "<media:content{m}><media:description>{w}</media:description><media:title>{w}</media:title></media:content>",
    "<media:group><media:content{m}/><media:thumbnail{m}/><media:credit>c</media:credit></media:group>",
    "<media:thumbnail>{u}</media:thumbnail>", "<media:description type='plain'>{w}</media:description>",
    "<media:description/>", "<media:title>{w}</media:title>", "<media:caption>{w}</media:caption>",
    "<language>en-US</language>", "<dc:language>{w}</dc:language>", '<source url="{u}">{w}</source>',
    "<source><id>urn:1</id><title>{w}</title><updated>{d}</updated></source>",
    "<source><category term='t'/><author><name>n</name></author></source>", "<image>{u}</image>",
    "<image><url>{u}</url><title>{w}</title></image>", "<x:thing{a}>{w}</x:thing>",
    '<x:thing a="b"><x:inner>{w}</x:inner></x:thing>', "<x:thing><title>{w}</title></x:thing>",
    '<title xmlns="urn:other">{w}</title>', "<atom:link{r} href='{u}'/>", "<atom:summary>{w}</atom:summary>",
    "<rights>{w}</rights>", "<itunes:image href='{u}'/>", "<dc:title>{w}</dc:title>",
    "<title_detail>{w}</title_detail>",
    "<links a='b'>{w}</links>", "<TITLE>{w}</TITLE>", "<!-- a & b -->", "<subtitle{t}>{w}</subtitle>",
    "<x:item>{w}</x:item>", "<feedburner:origLink>{u}</feedburner:origLink>",
    "<feedburner:origLink{a}>{u}</feedburner:origLink>", "<itunes:image url='{u}'/>", "<itunes:image/>",
    "<author><name>{w}</name></author><dc:creator>{p}</dc:creator>", "<author/>", "<author><uri>{u}</uri></author>",
    "<source><author><name>{w}</name></author></source>", "<link/>", "<itunes:summary{t}{a}>{w}</itunes:summary>",
]  # fmt: skip
HEADS = [
    "<title>{w}</title>", "<link>{u}</link>", "<description>{w}</description>", "<language>vi</language>",
    "<dc:language>en</dc:language>", "<image><url>{u}</url><title>{w}</title><link>l</link></image>", "<ttl>30</ttl>",
    "<skipHours><hour>24</hour><hour>3</hour></skipHours>", "<skipDays><day>Sunday</day></skipDays>",
    "<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency>",
    "<lastBuildDate>{d}</lastBuildDate>", "<atom:link rel='self' href='s'/>", "<itunes:summary>{w}</itunes:summary>",
    "<itunes:owner><itunes:name>{w}</itunes:name><itunes:email>a@b.c</itunes:email></itunes:owner>",
    "<itunes:category text='News'><itunes:category text='Daily'/></itunes:category>", "<subtitle>{w}</subtitle>",
    "<author><name>{p}</name></author>", "<author><email>a@b.test</email></author>", "<dc:creator>{p}</dc:creator>",
    "<summary>{w}</summary>", "<managingEditor>{p}</managingEditor>", "<generator>g</generator>",
    "<!-- c & d -->", "<textInput><title>{w}</title><name>q</name></textInput>", "<media:thumbnail url='{u}'/>",
    "<items><rdf:Seq><rdf:li rdf:resource='r'/></rdf:Seq></items>", "<x:y><x:z>1</x:z></x:y>",
]  # fmt: skip
PROLOGS = [
    "", '<?xml version="1.0" encoding="utf-8"?>\n', '\n<?xml version="1.0"?>\n<!-- by <rss> -->\n',
    '<?xml version="1.0"?><?xml-stylesheet href="a"?>',
]  # fmt: skip


@st.composite
def a_feed(draw: st.DrawFn) -> str:
    """Return a feed of RSS 2.0, RSS 1.0 or Atom 1.0: plain, or with what publishers make of it."""
    kind, odd = draw(st.sampled_from(["rss", "rdf", "atom"])), draw(st.booleans())

    def one_of(choices: list[str]) -> str:
        return draw(st.sampled_from(choices))

    def filled(form: str, *, odd: bool) -> str:
        kind_of_text = one_of(TYPES)
        words = one_of(WORDS if odd else PLAIN_WORDS)
        text = one_of(FRAMES).format(one_of(PAGES)) if "xhtml" in kind_of_text else words
        values = {"{w}": words, "{c}": text, "{t}": kind_of_text, "{u}": one_of(URLS if odd else PLAIN_URLS)}
        values |= {"{d}": one_of(DATES), "{p}": one_of(PEOPLE), "{m}": one_of(PICTURES), "{r}": one_of(RELATIONS)}
        values["{a}"] = one_of(ATTRIBUTES)
        for name, value in values.items():
            form = form.replace(name, value)
        return form

    def an_entry() -> str:
        odd_one = odd and draw(st.booleans())
        forms = draw(st.lists(st.sampled_from(ELEMENTS if odd_one else PLAIN_ELEMENTS), max_size=7))
        inside = one_of(["", "\n  "]).join(filled(form, odd=odd_one) for form in forms)
        name = "entry" if kind == "atom" else "item"
        return f"<{name}{one_of(ATTRIBUTES) if odd_one else ''}>{inside}</{name}>"

    head = "".join(filled(form, odd=odd) for form in draw(st.lists(st.sampled_from(HEADS), max_size=6, unique=not odd)))
    entries = "\n".join(an_entry() for _ in range(draw(st.integers(0, 3))))
    after = filled(one_of(["", "", "", *HEADS]), odd=odd) if odd else ""
    bound = dict(PREFIXES)
    if kind == "rdf":  # a prefix for Atom makes its version doubtful
        head, entries, after = (part.replace("atom:", "x:") for part in (head, entries, after))
        bound.pop("atom")
    if odd and draw(st.integers(0, 4)) == 0:
        renamed = one_of(["media", "dc", "content"])
        bound[one_of([renamed, "q"])] = one_of([bound.pop(renamed), "urn:wrong", PREFIXES["itunes"]])
        if renamed not in bound:
            head, entries, after = (part.replace(f"{renamed}:", "q:") for part in (head, entries, after))
    root = "".join(f' xmlns:{prefix}="{uri}"' for prefix, uri in bound.items())
    root += one_of(ATTRIBUTES) if odd else one_of(["", ' xml:lang="vi-VN"'])
    tail = one_of(["", "\n", "<!-- made in 3 s & cached -->", "<?a b&c?>"]) if odd else ""
    match kind:
        case "rss":
            version = one_of(["2.0", "2.0", "2.01", "0.92"]) if odd else "2.0"
            document = f'<rss version="{version}"{root}><channel>{head}{entries}{after}</channel></rss>'
        case "rdf":
            root = f' xmlns="http://purl.org/rss/1.0/"{root}'
            document = f"<rdf:RDF{root}><channel>{head}</channel>{entries}{after}</rdf:RDF>"
        case _:
            document = f'<feed xmlns="http://www.w3.org/2005/Atom"{root}>{head}{entries}{after}</feed>'
    return one_of(PROLOGS) + document + tail


def fast(text: str) -> RawFeed | None:
    return read_fast(text.encode(), url=URL)


class TestBothReadersAgree:
    @settings(max_examples=250, deadline=None)
    @given(a_feed())
    def test_on_generated_feeds(self, text):
        found = fast(text)

        assert found in (None, read_slowly(text, url=URL))

    @pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
    def test_on_the_documents_of_the_project(self, path):
        content = path.read_bytes()
        text, _ = decode_document(content)

        found = [read_fast(content, url=URL), read_fast(text.encode(errors="replace"), url=URL)]

        slow = read_slowly(text, url=URL) if found != [None, None] else None
        assert all(feed in (None, slow) for feed in found)


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("wordpress.xml", id="RSS of WordPress"),
        pytest.param("enclosures.xml", id="RSS with an enclosure and HTML in CDATA"),
        pytest.param("dotnet.xml", id="RSS of a .NET site, with Atom's updated"),
        pytest.param("media.xml", id="RSS with Media RSS"),
        pytest.param("podcast.xml", id="RSS of a podcast"),
        pytest.param("atom-html.xml", id="Atom with HTML and thumbnails"),
        pytest.param("blogger.xml", id="Atom of Blogger"),
        pytest.param("atom-xhtml.xml", id="Atom with XHTML and an xml:base"),
        pytest.param("agency.rdf", id="RSS 1.0 of an agency"),
        pytest.param("rss20.xml", id="RSS 2.0"),
        pytest.param("atom10.xml", id="Atom 1.0"),
        pytest.param("rss10.rdf", id="RSS 1.0"),
    ],
)
def test_what_newspapers_write_is_read_fast(name):
    found = read_fast((DATA / "feeds" / name).read_bytes(), url=URL)

    assert found is not None
    assert found.entries


def an_rss(items: str, *, root: str = 'version="2.0"', prolog: str = "") -> str:
    return f"{prolog}<rss {root}><channel><title>T</title>{items}</channel></rss>"


ITEM = "<item><title>a</title></item>"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(an_rss(ITEM, prolog="<!DOCTYPE rss>"), id="a DOCTYPE"),
        pytest.param(an_rss(ITEM, prolog='<!DOCTYPE rss [<!ENTITY a "b">]>'), id="entities"),
        pytest.param(an_rss(ITEM)[:-3], id="cut short"),
        pytest.param(an_rss("<item><title>a & b</title></item>"), id="a bare ampersand"),
        pytest.param(an_rss(ITEM, prolog="<br/>"), id="something before the root"),
        pytest.param(an_rss(ITEM, root='version="0.92"'), id="RSS 0.92"),
        pytest.param(
            an_rss(ITEM, root='version="2.0" xmlns="http://www.w3.org/2005/Atom"'), id="RSS that says it is Atom"
        ),
        pytest.param(an_rss(ITEM, root='version="2.0" xmlns:media="urn:x"'), id="a known prefix of another namespace"),
        pytest.param(f'<feed xmlns="http://purl.org/atom/ns#" version="0.3">{ITEM}</feed>', id="Atom 0.3"),
        pytest.param(an_rss("<item><title><b>a</b></title></item>"), id="an element in a title"),
        pytest.param(an_rss('<item><content xml:base="rel/">a</content></item>'), id="an xml:base that is relative"),
        pytest.param(an_rss("<item><title>a</title></item>\udc80"), id="half a letter"),
        pytest.param("<html><rss/></html>", id="a page"),
        pytest.param("", id="nothing"),
    ],
)
def test_what_is_doubtful_is_left_to_feedparser(text):
    assert read_fast(text.encode(errors="surrogatepass"), url=URL) is None


def test_no_element_is_passed_over_that_feedparser_does_something_about():
    handled = {name.split("_", 2)[2] for name in dir(StrictFeedParser) if name.startswith(("_start_", "_end_"))}
    uris = {prefix: uri for uri, prefix in NAMESPACES.items()}
    passed_over = []
    for name in handled - {"cdf", "textInput", "creativeCommons_license"}:
        prefix, _, local = name.rpartition("_")
        tag = f"{{{uris[prefix]}}}{local}" if prefix else local
        if Names({("media", uris["media"])})[tag] == "-":
            passed_over.append(name)

    assert passed_over == []


def test_the_line_is_that_on_which_the_entry_begins():
    text = an_rss(
        "\n<!-- <item> -->\n<item><title>a</title></item>\n\n<item\n><title><![CDATA[<item>]]></title></item>"
    )

    feeds = [fast(text), read_slowly(text, url=URL)]

    assert [[entry.line for entry in feed.entries] for feed in feeds if feed] == [[3, 5], [3, 5]]

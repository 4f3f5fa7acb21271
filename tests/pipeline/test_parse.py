"""Whatever the bytes, reading them gives entries and problems, and never raises."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime
from pathlib import Path

import feedparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syndicator.model.entry import Enclosure, Entry, Image, Parsed
from syndicator.model.source import Repair
from syndicator.pipeline.entries import MAX_ENTRIES
from syndicator.pipeline.parse import parse_feed, read_slowly
from syndicator.testing import a_source

FEEDS = Path(__file__).parent.parent / "data" / "feeds"
URL = "https://paper.example/rss/home.rss"
AT_3 = datetime(2026, 7, 14, 3, 0, tzinfo=UTC)
TITLE = "Thành phố Hồ Chí Minh đón khách"


def parse(content: bytes | str, *, content_type: str = "", url: str = URL, **changes: object) -> Parsed:
    data = content.encode() if isinstance(content, str) else content
    return parse_feed(data, source=a_source(**changes), url=url, content_type=content_type)


def an_rss(items: str, *, prolog: str = '<?xml version="1.0"?>', channel: str = "") -> str:
    return f'{prolog}<rss version="2.0"><channel><title>T</title>{channel}{items}</channel></rss>'


def the_item(inside: str, **changes: object) -> tuple[Entry, Parsed]:
    parsed = parse(an_rss(f"<item>{inside}</item>"), **changes)
    (entry,) = parsed.entries
    return entry, parsed


def problems(parsed: Parsed) -> str:
    return "\n".join(str(problem) for problem in parsed.problems)


class TestFormats:
    def test_rss_2(self):
        parsed = parse((FEEDS / "rss20.xml").read_bytes(), language="vi")

        assert (parsed.version, parsed.title, parsed.language) == ("rss20", "Báo Thành Phố", "vi-VN")
        assert parsed.problems == ()
        vietnamese, english = parsed.entries
        assert vietnamese == Entry(
            source="vna",
            guid="tau-1",
            url="https://paper.example/tin/tau-xanh.htm",
            title='Tàu "xanh" & bến mới',
            summary="Một bến tàu mới mở ở quận 4.",
            content='<a href="https://paper.example/tin/tau-xanh.htm" rel="noopener noreferrer">'
            '<img src="https://paper.example/anh/tau.jpg" alt="Con tàu" width="320" height="180"></a>'
            "<br>(ĐTTCO)- Một bến tàu mới mở ở &nbsp;quận 4.",
            language="vi",
            published=AT_3,
            claimed="Tue, 14 Jul 2026 10:00:00 GMT+7",
            authors=("Tòa soạn",),
            categories=("Giao thông",),
            image=Image(url="https://paper.example/anh/tau.jpg", alt="Con tàu", width=320, height=180),
        )
        assert (english.language, english.summary) == ("en", "The pier is open.")
        assert english.content == "<p>The pier is <em>open</em>.</p>"
        assert english.image == Image(
            url="https://paper.example/pier.jpg", caption="The pier at dusk", width=640, height=360
        )
        assert english.enclosures == (
            Enclosure(url="https://paper.example/pier.mp3", type="audio/mpeg", length=123456),
        )

    def test_atom(self):
        parsed = parse((FEEDS / "atom10.xml").read_bytes(), language="en")

        assert (parsed.version, parsed.problems) == ("atom10", ())
        assert parsed.entries == (
            Entry(
                source="vna",
                guid="tag:wire.example,2026:1",
                url="https://wire.example/news/rain.html",
                title="Rain & wind",
                summary="Rain, see the map.",
                content='<p>Rain, see <a href="https://wire.example/news/map.html" rel="noopener noreferrer">'
                "the map</a>.</p>",
                language="en",
                published=datetime(2026, 7, 14, 2, 0, tzinfo=UTC),
                updated=AT_3,
                claimed="2026-07-14T09:00:00+07:00",
                authors=("Weather desk",),
                categories=("Weather",),
                image=Image(url="https://wire.example/news/rain.png"),
                enclosures=(Enclosure(url="https://wire.example/news/rain.png", type="image/png", length=99),),
            ),
        )

    def test_rss_1(self):
        parsed = parse((FEEDS / "rss10.rdf").read_bytes())

        assert parsed.version == "rss10"
        assert [(entry.title, entry.url, entry.updated) for entry in parsed.entries] == [
            ("Berth 3 closed", "https://port.example/1", datetime(2026, 7, 13, 1, 0, tzinfo=UTC))
        ]

    def test_json_feed(self):
        parsed = parse((FEEDS / "feed11.json").read_bytes(), content_type="text/plain")

        assert (parsed.version, parsed.title, parsed.problems) == ("json11", "City desk", ())
        bridge, untitled = parsed.entries
        assert bridge == Entry(
            source="vna",
            guid="7",
            url="https://desk.example/7",
            title="A bridge is closed",
            summary="Closed until Friday.",
            content="<p>Closed <i>until</i> Friday.</p>",
            language="en",
            published=datetime(2026, 7, 14, 1, 0, tzinfo=UTC),
            updated=datetime(2026, 7, 14, 2, 0, tzinfo=UTC),
            claimed="2026-07-14T08:00:00+07:00",
            authors=("Traffic desk",),
            categories=("traffic",),
            image=Image(url="https://paper.example/bridge.jpg"),
            enclosures=(Enclosure(url="https://desk.example/7.mp3", type="audio/mpeg", length=42),),
        )
        assert untitled.content == "<p>Only text &amp; no title</p><p>Second paragraph</p>"
        assert untitled.title == "Only text & no title Second paragraph"

    @pytest.mark.parametrize(
        ("content", "version"),
        [
            pytest.param(b'<rss version="0.91"><channel/></rss>', "rss091u", id="RSS 0.91"),
            pytest.param(
                b'<feed version="0.3" xmlns="http://purl.org/atom/ns#"><entry/></feed>', "atom03", id="Atom 0.3"
            ),
            pytest.param(b'{"version": "https://jsonfeed.org/version/1", "items": []}', "json10", id="JSON Feed 1.0"),
        ],
    )
    def test_old_ones_are_told_by_their_root(self, content, version):
        assert parse(content, content_type="application/octet-stream").version == version

    @pytest.mark.parametrize(
        ("content", "says"),
        [
            pytest.param(b"<!DOCTYPE html><html><body>hello</body></html>", "an HTML page", id="an HTML page"),
            pytest.param(b"<html><a href='/rss'><rss></a></html>", "an HTML page", id="one that speaks of RSS"),
            pytest.param(b"", "empty", id="nothing"),
            pytest.param(b" \n", "empty", id="blanks"),
            pytest.param(b"hello", "neither RSS, Atom nor JSON Feed", id="a word"),
            pytest.param(b"<!-- <rss> never closed", "neither RSS, Atom nor JSON Feed", id="a comment"),
            pytest.param(b'{"a": 1}', "JSON without the version", id="another JSON"),
            pytest.param(b'{"a": ', "begins like JSON", id="broken JSON"),
            pytest.param(b'{"a":' * 100_000, "begins like JSON", id="JSON nested too deeply"),
        ],
    )
    def test_what_is_no_feed_has_no_version_and_one_problem(self, content, says):
        parsed = parse(content)

        assert (parsed.version, parsed.entries) == ("", ())
        assert [says in problem.text for problem in parsed.problems] == [True]


class TestBytes:
    @pytest.mark.parametrize(
        ("prolog", "encoding", "content_type"),
        [
            pytest.param('<?xml version="1.0" encoding="utf-16"?>', "utf-8", "", id="UTF-8 whose prolog lies"),
            pytest.param("", "utf-8", "text/xml; charset=utf-16", id="UTF-8 whose header lies"),
            pytest.param("", "utf-8", "text/xml", id="text/xml without a charset is not ASCII"),
            pytest.param("", "utf-8-sig", "", id="UTF-8 with a mark"),
            pytest.param('<?xml version="1.0" encoding="utf-16"?>', "utf-16", "", id="UTF-16 with a mark"),
            pytest.param('<?xml version="1.0" encoding="utf-16"?>', "utf-16-le", "", id="UTF-16 LE without"),
            pytest.param('\n<?xml version="1.0" encoding="utf-8"?>', "utf-16-be", "", id="UTF-16 BE, lying"),
            pytest.param('<?xml version="1.0"?>', "utf-32", "", id="UTF-32 with a mark"),
            pytest.param('<?xml version="1.0" encoding="windows-1258"?>', "windows-1258", "", id="windows-1258"),
            pytest.param("", "windows-1258", "text/xml; charset=Windows-1258", id="windows-1258 by header"),
        ],
    )
    def test_all_encodings_give_the_same_letters_in_nfc(self, prolog, encoding, content_type):
        # windows-1258 writes a tone as a sign of its own, which NFC joins to its letter.
        title = "Thành phố" if encoding != "windows-1258" else "Tha\u0300nh phô\u0301"

        parsed = parse(
            an_rss(f"<item><title>{title}</title></item>", prolog=prolog).encode(encoding), content_type=content_type
        )

        assert [entry.title for entry in parsed.entries] == ["Thành phố"]
        assert parsed.problems == ()

    def test_the_encoding_that_the_admin_gives_is_believed(self):
        content = an_rss("<item><title>Łódź</title></item>").encode("iso-8859-2")

        parsed = parse(content, repair=Repair(encoding="iso-8859-2"))

        assert parsed.entries[0].title == "Łódź"

    def test_an_unknown_encoding_is_a_problem_that_names_the_remedy(self):
        parsed = parse(an_rss(f"<item><title>{TITLE}</title></item>"), repair=Repair(encoding="klingon"))

        assert parsed.entries[0].title == TITLE
        assert "'klingon' is not known; set repair.encoding" in problems(parsed)

    def test_a_document_cut_short_gives_what_it_has(self):
        whole = an_rss(
            f"<item><title>{TITLE}</title></item><item><title>Đ</title></item>",
            prolog='<?xml version="1.0" encoding="utf-8"?>',
        ).encode()

        parsed = parse(whole[: whole.index("Đ".encode()) + 1])

        assert parsed.entries[0].title == TITLE
        assert "not well-formed" in problems(parsed)
        assert "bytes that are no letters; read as utf-8" in problems(parsed)

    def test_what_stands_before_the_prolog_is_dropped(self):
        parsed = parse("<br />\n<b>Warning</b>: mysql\n" + an_rss(f"<item><title>{TITLE}</title></item>"))

        assert parsed.entries[0].title == TITLE
        assert "something stands before the document" in problems(parsed)

    def test_blank_lines_before_the_prolog_are_no_problem(self):
        assert parse("\ufeff\n\n" + an_rss(f"<item><title>{TITLE}</title></item>")).problems == ()

    @pytest.mark.parametrize(
        "junk",
        [
            pytest.param("\x0b\x1f", id="control characters"),
            pytest.param("&#x1;&#0;&#55296;&#99999999999999;", id="references to what is no character"),
            pytest.param("\u200b\u00ad", id="signs that nobody sees"),
        ],
    )
    def test_letters_that_are_none_are_dropped(self, junk):
        assert the_item(f"<title>Thành{junk} phố</title>")[0].title == "Thành phố"

    def test_html_entities_and_bare_ampersands_are_read(self):
        entry, parsed = the_item("<title>Q&A&nbsp;&eacute;</title>")

        assert entry.title == "Q&A é"
        assert problems(parsed) == "3 ampersands or HTML entities, which XML does not know"

    def test_ampersands_in_cdata_are_left_as_they_are(self):
        entry, parsed = the_item("<title>a</title><guid><![CDATA[https://a.example/?a=1&b=2]]></guid>")

        assert (entry.guid, entry.url) == ("https://a.example/?a=1&b=2", "https://a.example/?a=1&b=2")
        assert parsed.problems == ()

    def test_a_problem_names_the_line_of_the_document_as_it_was(self):
        parsed = parse(an_rss("\n<item>\n<title>a</title></oops>", prolog='<?xml version="1.0"?>\n<!-- a\n -->\n'))

        assert "line 6: not well-formed" in problems(parsed)

    def test_entity_declarations_are_refused(self):
        laughs = '<!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;">]>'

        parsed = parse(an_rss("<item><title>x &c;</title></item>", prolog=laughs))

        assert "declares entities" in problems(parsed)
        assert "ha" not in repr(parsed.entries)


class TestEntries:
    def test_a_double_escaped_title_is_unescaped_and_a_body_is_not(self):
        entry, _ = the_item(
            "<title>&amp;amp;apos;hi&amp;amp;apos;</title><description>&amp;amp;lt;b&amp;amp;gt;</description>"
        )

        assert (entry.title, entry.summary) == ("'hi'", "&lt;b&gt;")

    @pytest.mark.parametrize(
        "link", [pytest.param("javascript:alert(1)", id="a script"), pytest.param("file:///etc/passwd", id="a file")]
    )
    def test_a_link_that_is_not_http_is_left_out_with_a_problem(self, link):
        entry, parsed = the_item(f"<title>a</title><link>{link}</link>")

        assert entry.url == ""
        assert "entry 1 “a”: the link" in problems(parsed)

    @pytest.mark.parametrize(
        ("inside", "url", "guid"),
        [
            pytest.param("<guid>http://a.example/1</guid>", "http://a.example/1", "http://a.example/1", id="a URL"),
            pytest.param("<guid>abc</guid>", "", "abc", id="a word is no link, though isPermaLink is true by default"),
            pytest.param('<guid isPermaLink="false">http://a.example/1</guid>', "", "http://a.example/1", id="no"),
            pytest.param(
                "<guid>/a</guid><link>/a</link>", "https://paper.example/a", "/a", id="a link that is its guid"
            ),
            pytest.param(
                "<guid></guid><link>//a.example/x</link>", "https://a.example/x", "", id="an empty guid, no scheme"
            ),
        ],
    )  # fmt: skip
    def test_a_guid_is_a_link_only_if_it_is_one(self, inside, url, guid):
        entry, _ = the_item(f"<title>t</title>{inside}")

        assert (entry.url, entry.guid) == (url, guid)

    def test_an_entry_that_says_nothing_is_dropped_with_a_problem(self):
        parsed = parse(an_rss("<item><guid>1</guid></item><item><title>b</title></item>"))

        assert [entry.title for entry in parsed.entries] == ["b"]
        assert "entry 1: neither title nor link nor summary" in problems(parsed)

    def test_an_entry_without_a_title_gets_the_first_words_of_its_summary(self):
        entry, _ = the_item("<description>" + "word " * 40 + "</description>")

        assert entry.title == "word " * 12 + "…"

    def test_the_source_says_the_language_because_feeds_lie(self):
        parsed = parse(an_rss("<item><title>a</title></item>", channel="<language>vi-vn</language>"), language="en")

        assert parsed.entries[0].language == "en"

    def test_the_time_zone_of_the_source_is_used_for_dates_without_one(self):
        entry, _ = the_item(
            "<title>a</title><pubDate>14/07/2026 10:00</pubDate>", repair=Repair(timezone="Asia/Ho_Chi_Minh")
        )

        assert entry.published == AT_3

    def test_a_date_that_cannot_be_read_is_a_problem_and_kept_as_written(self):
        entry, parsed = the_item("<title>a</title><pubDate>last week</pubDate>")

        assert (entry.published, entry.claimed) == (None, "last week")
        assert "the date 'last week' cannot be read" in problems(parsed)

    def test_of_too_many_entries_the_newest_are_kept_in_their_order(self, monkeypatch):
        monkeypatch.setattr("syndicator.pipeline.entries.MAX_ENTRIES", 3)
        dates = ["2026-07-12", "2026-07-14", "2026-07-11", "", "2026-07-13"]
        items = "".join(f"<item><title>{date}</title><pubDate>{date}</pubDate></item>" for date in dates)

        parsed = parse(an_rss(items.replace("<title></title>", "<title>dateless</title>")))

        assert [entry.title for entry in parsed.entries] == ["2026-07-14", "dateless", "2026-07-13"]
        assert problems(parsed) == "5 entries; only the newest 3 are read"

    @pytest.mark.parametrize(
        "inside",
        [
            pytest.param('<title_detail a="b"/><authors x="1"/><links x="1"/><title>a</title>', id="its own names"),
            pytest.param('<tags a="b"/><media_content u="1"/><title>a</title>', id="more of them"),
            pytest.param('<enclosure/><link/><guid/><category/><author/><title>a</title>', id="empty elements"),
        ],
    )  # fmt: skip
    def test_odd_elements_do_no_harm(self, inside):
        assert the_item(inside)[0].title == "a"


class TestNeverRaises:
    @given(st.binary(max_size=400), st.sampled_from(["", "text/xml; charset=utf-7", "text/html; charset=idna"]))
    def test_on_any_bytes(self, content, content_type):
        assert isinstance(parse(content, content_type=content_type), Parsed)

    @settings(max_examples=100)
    @given(st.data())
    def test_on_feeds_that_were_damaged(self, data):
        name = data.draw(st.sampled_from(["rss20.xml", "atom10.xml", "rss10.rdf", "feed11.json"]))
        content = bytearray((FEEDS / name).read_bytes())
        for _ in range(data.draw(st.integers(1, 8))):
            start = data.draw(st.integers(0, len(content)))
            stop = start + data.draw(st.integers(0, 40))
            content[start:stop] = data.draw(
                st.binary(max_size=6)
                | st.sampled_from([b"<", b"&#", b"&#xD800;", b"<![CDATA[", b"]]>", b"<!ENTITY", b"xml:base='http://['"])
            )

        assert isinstance(parse(bytes(content)), Parsed)

    @given(
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
            lambda inner: (
                st.lists(inner, max_size=3)
                | st.dictionaries(
                    st.sampled_from(
                        "id url title items authors author tags attachments image date_published content_html".split()  # noqa: SIM905
                    ),
                    inner,
                    max_size=4,
                )
            ),
        )
    )
    def test_on_json_of_any_shape(self, items):
        content = json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": [items], "title": items})

        assert parse(content).version == "json11"


def test_a_feed_without_end_is_read_as_far_as_is_sensible():
    items = "".join(f"<item><title>News {n}</title><link>https://a.example/{n}</link></item>" for n in range(9_000))

    parsed = parse_feed(
        f"<rss version='2.0'><channel><title>T</title>{items}</channel></rss>".encode(),
        source=a_source(),
        url="https://a.example/rss.xml",
    )

    assert len(parsed.entries) == MAX_ENTRIES
    assert any("what comes after those is not read" in problem.text for problem in parsed.problems)


@pytest.mark.parametrize(
    ("before", "tag"),
    [
        pytest.param("", "<category/>", id="tags alone"),
        pytest.param("<!-- <![CDATA[ -->", "<b/>", id="behind CDATA that is in a comment"),
        pytest.param("<a t='<![CDATA['/>", "<b/>", id="behind CDATA that is in an attribute"),
        pytest.param("&", "</b>", id="that close what was never opened"),
        pytest.param("</a>", "<![CDATA[]]>", id="of CDATA in a document that is not well-formed"),
    ],
)
def test_a_document_of_tags_is_cut_before_it_takes_minutes(before, tag, monkeypatch):
    monkeypatch.setattr("syndicator.pipeline.parse.MAX_TAGS", 100)
    monkeypatch.setattr("syndicator.pipeline.parse.read_fast", lambda content, *, url: None)
    items = f"<item><title>a</title></item><item><title>b</title>{before}{tag * 2_000}</item>"

    parsed = parse(an_rss(items))

    assert [entry.title for entry in parsed.entries] == ["a"]
    assert "more than 100 tags; what comes after those is not read" in problems(parsed)


def test_more_signs_than_any_feed_has_are_refused():
    parsed = parse(an_rss("<item>" + "&amp;" * 600_001 + "</item>"))

    assert (parsed.version, parsed.entries) == ("", ())
    assert "cannot be read: it has more than 600,000 tags" in problems(parsed)


@pytest.mark.parametrize(
    "inside",
    [
        pytest.param(f"<author>{'a' * 1_000_000}</author>", id="a name that may begin an address"),
        pytest.param("".join(f"<category>{n}</category>" for n in range(15_000)), id="thousands of categories"),
        pytest.param("<x " + " ".join(f"a{n}=''" for n in range(50_000)) + "/>", id="thousands of attributes"),
        pytest.param("<a>" * 5_000 + "</a>" * 5_000, id="elements nested deeply"),
        pytest.param("<a>" * 5_000, id="elements that are never closed"),
        pytest.param(f"<x>{'xmlns:' * 100_000}</x>", id="what looks like prefixes"),
        pytest.param("<a '\"" * 20_000, id="quotes that are never closed"),
        pytest.param(" " * 500_000 + "<", id="white space"),
    ],
)
def test_what_takes_time_that_grows_with_its_square_is_bounded(inside):
    parsed = parse(an_rss(f"<item><title>a</title></item><item>{inside}</item>"))

    assert [entry.title for entry in parsed.entries][:1] == ["a"]


def test_deep_nesting_ends_with_a_problem_that_says_so():
    parsed = parse(an_rss(f"<item><title>a</title></item><item>{'<a>' * 300}{'</a>' * 300}</item>"))

    assert [entry.title for entry in parsed.entries] == ["a"]
    assert problems(parsed) == "more than 200 elements within each other; what comes after those is not read"


def test_an_entry_that_was_read_before_is_known_by_its_fingerprint():
    content = an_rss("<item><title>a</title></item><item><title>b</title></item>").encode()
    before = parse_feed(content, source=a_source(), url=URL)

    again = parse_feed(content, source=a_source(), url=URL, known=before.fingerprints[:1])

    assert [entry.title for entry in again.entries] == ["b"]
    assert again.fingerprints == before.fingerprints


@pytest.mark.parametrize("path", sorted(FEEDS.glob("*.xml")), ids=lambda path: path.stem)
def test_feedparser_reads_the_same_as_when_it_is_asked_as_usual(path):
    # We drive its parsers ourselves: see `_judge`.
    ours = read_slowly(path.read_text(encoding="utf-8"), url=URL)

    theirs = feedparser.parse(io.BytesIO(path.read_bytes()), resolve_relative_uris=False, sanitize_html=False)

    assert ours.version == theirs.version
    assert [(entry.guid, entry.title, entry.published) for entry in ours.entries] == [
        (entry.get("id", ""), entry.title, entry.get("published", "")) for entry in theirs.entries
    ]


def test_markup_inside_the_articles_is_no_reason_to_refuse_a_feed():
    body = "<![CDATA[" + "<p>words</p>" * 120 + "]]>"
    items = f"<item><title>News</title><description>{body}</description></item>" * 900

    parsed = parse_feed(
        f"<rss version='2.0'><channel>{items}</channel></rss>".encode(), source=a_source(), url="https://a.example/"
    )

    assert len(parsed.entries) == 900


@pytest.mark.parametrize("mended", ["", "&nbsp;"], ids=["the fast reader", "feedparser"])
def test_an_atom_entry_names_its_translations(mended):
    links = """<link href="https://a.example/vi/1"/>
      <link rel="alternate" hreflang="vi" href="https://a.example/vi/1"/>
      <link rel="alternate" hreflang="en" href="https://a.example/en/1?utm_source=rss"/>
      <link rel="alternate" hreflang="x-default" href="javascript:alert(1)"/>
      <link rel="related" hreflang="fr" href="https://a.example/fr/1"/>"""
    feed = f"""<feed xmlns="http://www.w3.org/2005/Atom"><title>A{mended}</title>
      <entry><id>1</id><title>T</title>{links}</entry></feed>"""

    (entry,) = parse(feed).entries

    assert entry.url == "https://a.example/vi/1"
    assert entry.alternates == ("https://a.example/en/1",)

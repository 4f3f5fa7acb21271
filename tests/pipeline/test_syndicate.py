"""The three documents of a feed, as other readers than ours understand them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta

import feedparser
import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from syndicator.model.entry import Enclosure, Image, Reason, Revision, Tagging
from syndicator.model.language import Localized
from syndicator.model.site import Publisher, Site
from syndicator.model.source import Rights
from syndicator.model.story import Feed
from syndicator.model.tag import Tag
from syndicator.pipeline.syndicate import feed_documents
from syndicator.testing import NOON, a_source, a_story, an_item

NS = {"a": "http://www.w3.org/2005/Atom", "content": "http://purl.org/rss/1.0/modules/content/"}
SITE = Site(
    title=Localized({"en": "City news"}),
    url="https://city.example/",
    publisher=Publisher(name="City desk", email="desk@city.example"),
    languages=("en", "vi"),
)
FEED = Feed(id="diplomacy", title=Localized({"en": "Diplomacy"}), description=Localized({"en": "Who meets whom"}))
TAGS = {"treaty": Tag(id="treaty", label=Localized({"en": "Treaties"}), mediatopic=20000639)}
SOURCES = {
    "vna": a_source("vna", title="Viet Nam News", rights=Rights(images="link")),
    "tt": a_source("tt", title="Tuổi Trẻ", language="vi", rights=Rights(show="full")),
}
REASON = Reason(field="title", term="treat(y|ies)", words="treaty", start=2)
TREATY = an_item(
    "A treaty: R&D < 5 > 3",
    summary="Rates < 5 & falling.",
    image=Image(url="https://vna.example/a.jpg", alt="The hall", width=640, height=480),
    authors=("Lan Anh", "B. & C."),
    enclosures=tuple(Enclosure(url=f"https://vna.example/{n}.mp3", type="audio/mpeg", length=n) for n in (7, 9)),
    updated=NOON,
)
AGAIN = an_item("Hiệp ước", source="tt", language="vi")
STORIES = (
    a_story(
        replace(TREATY, tags=(Tagging(tag="treaty", reasons=(REASON,)),)),
        AGAIN,
        id="s1",
    ),
    a_story(an_item("Tin 😀", source="tt", language="vi", content="<p>Toàn văn &amp; ]]&gt;</p>"), id="s2"),
)
FORMATS = ("rss.xml", "atom.xml")


def publish(stories=STORIES, **changes):
    given = {"site": SITE, "tags": TAGS, "sources": SOURCES} | changes
    documents = feed_documents(FEED, stories, **given)
    return {document.path.removeprefix("feeds/diplomacy/"): document for document in documents}


def read(name, stories=STORIES):
    """What feedparser, an independent reader, makes of a document."""
    parsed = feedparser.parse(publish(stories)[name].body, sanitize_html=False)
    assert not parsed.bozo
    return parsed


def test_a_feed_is_three_documents_in_its_own_folder():
    paths = [document.path for document in feed_documents(FEED, STORIES, site=SITE, tags=TAGS, sources=SOURCES)]

    assert paths == ["feeds/diplomacy/rss.xml", "feeds/diplomacy/atom.xml", "feeds/diplomacy/feed.json"]


def test_only_a_feed_without_stories_is_marked_empty():
    assert {document.empty for document in publish([]).values()} == {True}
    assert {document.empty for document in publish().values()} == {False}


@pytest.mark.parametrize("name", FORMATS)
def test_an_empty_feed_is_still_a_feed(name):
    parsed = read(name, [])

    assert (parsed.feed.title, parsed.entries) == ("Diplomacy", [])


@pytest.mark.parametrize(("name", "version"), [("rss.xml", "rss20"), ("atom.xml", "atom10")])
def test_a_reader_knows_the_feed(name, version):
    parsed = read(name)

    assert (parsed.version, parsed.encoding) == (version, "utf-8")
    assert (parsed.feed.title, parsed.feed.subtitle, parsed.feed.language) == ("Diplomacy", "Who meets whom", "en")
    assert parsed.feed.link == "https://city.example/feeds/diplomacy/index.html"
    assert parsed.feed.updated_parsed[:6] == (2026, 7, 14, 5, 0, 0)
    assert parsed.feed.rights == "© Tuổi Trẻ, Viet Nam News"
    assert parsed.feed.generator.startswith("syndicator")
    assert {"rel": "self", "href": f"https://city.example/feeds/diplomacy/{name}"}.items() <= next(
        link for link in parsed.feed.links if link.rel == "self"
    ).items()


@pytest.mark.parametrize("name", FORMATS)
def test_a_reader_finds_the_publishers_article_and_the_other_reports(name):
    first, second = read(name).entries

    assert (first.id, second.id) == ("tag:city.example,2026:story/s1", "tag:city.example,2026:story/s2")
    assert first.link == TREATY.entry.url
    assert [author.name for author in first.authors] == ["Lan Anh", "B. & C."]
    assert first.published_parsed[:6] == (2026, 7, 14, 4, 0, 0)
    [related] = [link for link in first.links if link.rel == "related"]
    assert (related.href, related.hreflang, related.title) == (AGAIN.entry.url, "vi", "Hiệp ước — Tuổi Trẻ")


@pytest.mark.parametrize("name", FORMATS)
def test_a_reader_knows_where_an_entry_comes_from_and_its_themes(name):
    first, second = read(name).entries

    assert (first.source.title, second.source.title) == ("Viet Nam News", "Tuổi Trẻ")
    assert first.source.get("href", first.source.get("id")) == "https://vna.example/rss.xml"
    assert {(tag.scheme, tag.term) for tag in first.tags} == {
        ("https://city.example/tags/", "Treaties" if name == "rss.xml" else "treaty"),
        ("http://cv.iptc.org/newscodes/mediatopic/", "medtop:20000639"),
    }
    [picture] = first.media_content
    assert (picture["url"], picture["medium"]) == ("https://vna.example/a.jpg", "image")
    assert (picture["width"], picture["height"]) == ("640", "480")


def test_atom_names_the_origin_in_full_and_the_theme_in_words():
    root = etree.fromstring(publish()["atom.xml"].body)

    [origin] = root.xpath("//a:entry[1]/a:source", namespaces=NS)
    assert [(etree.QName(child).localname, child.text or dict(child.attrib)) for child in origin] == [
        ("id", "https://vna.example/rss.xml"),
        ("title", "Viet Nam News"),
        ("updated", "2026-07-14T05:00:00+00:00"),
        ("link", {"rel": "self", "href": "https://vna.example/rss.xml"}),
    ]
    assert root.xpath("//a:entry[1]/a:category/@label", namespaces=NS) == ["Treaties"]
    assert root.xpath("//a:entry/@xml:lang", namespaces=NS) == ["en", "vi"]


def test_rss_says_the_language_of_each_item():
    root = etree.fromstring(publish()["rss.xml"].body)

    assert root.xpath("//item/*[local-name()='language']/text()") == ["en", "vi"]


def test_plain_words_stay_plain_and_are_escaped_as_often_as_each_format_reads_them():
    documents = publish()
    rss, atom = etree.fromstring(documents["rss.xml"].body), etree.fromstring(documents["atom.xml"].body)
    [item, _] = json.loads(documents["feed.json"].body)["items"]
    title, words = "A treaty: R&D < 5 > 3", "Rates < 5 & falling."

    assert [rss.findtext(".//item/title"), atom.findtext(".//a:entry/a:title", namespaces=NS), item["title"]] == [
        title
    ] * 3
    assert rss.findtext(".//item/description") == (
        "<p>Rates &lt; 5 &amp; falling.</p><p>Source: Viet Nam News</p>"
    )  # a description is HTML
    assert atom.findtext(".//a:entry/a:summary", namespaces=NS) == f"{words}\n\nSource: Viet Nam News"
    assert item["content_text"] == f"{words}\n\nSource: Viet Nam News"


def test_a_full_text_goes_out_as_html_with_its_source_below():
    documents = publish()
    full = "<p>Toàn văn &amp; ]]&gt;</p>\n<p>Nguồn: Tuổi Trẻ</p>"

    assert etree.fromstring(documents["rss.xml"].body).findtext(".//content:encoded", namespaces=NS) == full
    [content] = etree.fromstring(documents["atom.xml"].body).xpath("//a:content", namespaces=NS)
    assert (content.get("type"), content.text) == ("html", full)
    assert json.loads(documents["feed.json"].body)["items"][1]["content_html"] == full


def test_rss_has_one_enclosure_an_item_and_the_others_have_all():
    documents = publish()

    assert etree.fromstring(documents["rss.xml"].body).xpath("//enclosure/@length") == ["7"]
    assert etree.fromstring(documents["atom.xml"].body).xpath("//a:link[@rel='enclosure']/@length", namespaces=NS) == [
        "7",
        "9",
    ]
    attachments = json.loads(documents["feed.json"].body)["items"][0]["attachments"]
    assert [(file["mime_type"], file["size_in_bytes"]) for file in attachments] == [
        ("audio/mpeg", 7),
        ("audio/mpeg", 9),
    ]


TEXT, LINK = {"type": "string", "minLength": 1}, {"type": "string", "pattern": "^(https?://|mailto:)"}
DATE = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+]00:00$"}
AUTHORS = {
    "type": "array",
    "minItems": 1,
    "items": {"type": "object", "properties": {"name": TEXT, "url": LINK}, "additionalProperties": False},
}
ITEM = {
    "type": "object",
    "required": ["id"],
    "anyOf": [{"required": ["content_html"]}, {"required": ["content_text"]}],
    "properties": {
        **dict.fromkeys(["id", "title", "content_html", "content_text", "summary", "language"], TEXT),
        **dict.fromkeys(["url", "image"], LINK),
        **dict.fromkeys(["date_published", "date_modified"], DATE),
        "authors": AUTHORS,
        "tags": {"type": "array", "minItems": 1, "items": TEXT},
        "attachments": {"type": "array", "items": {"type": "object", "required": ["url", "mime_type"]}},
    },
    "patternProperties": {"^_[a-zA-Z]": {"type": "object"}},
    "additionalProperties": False,
}
JSON_FEED = {
    "type": "object",
    "required": ["version", "title", "items"],
    "properties": {
        "version": {"const": "https://jsonfeed.org/version/1.1"},
        **dict.fromkeys(["title", "description", "language"], TEXT),
        **dict.fromkeys(["home_page_url", "feed_url"], LINK),
        "authors": AUTHORS,
        "items": {"type": "array", "items": ITEM},
    },
    "additionalProperties": False,
}


@pytest.mark.parametrize("stories", [STORIES, ()], ids=["full", "empty"])
def test_the_json_feed_keeps_to_the_standard(stories):
    jsonschema.validate(json.loads(publish(stories)["feed.json"].body), JSON_FEED)


def test_the_json_feed_says_whose_an_item_is_and_why_it_is_here():
    document = json.loads(publish()["feed.json"].body)
    item = document["items"][0]

    assert document["feed_url"] == "https://city.example/feeds/diplomacy/feed.json"
    assert document["authors"] == [{"name": "City desk", "url": "mailto:desk@city.example"}]
    assert item["_source"] == {"title": "Viet Nam News", "feed_url": "https://vna.example/rss.xml"}
    assert item["authors"] == [{"name": "Lan Anh"}, {"name": "B. & C."}]
    assert (item["tags"], item["image"], item["language"]) == (["Treaties"], "https://vna.example/a.jpg", "en")
    assert item["_syndicator"]["story"] == "s1"
    assert item["_syndicator"]["reports"] == 2
    assert item["_syndicator"]["why"]["page"] == "https://city.example/why/s1"
    assert item["_syndicator"]["why"]["tags"] == [
        {
            "id": "treaty",
            "mediatopic": "medtop:20000639",
            "source": "Viet Nam News",
            "reasons": [{"field": "title", "term": "treat(y|ies)", "words": "treaty", "start": 2}],
        }
    ]


def test_the_time_to_live_is_what_the_caller_says():
    body = publish(ttl=timedelta(hours=2))["rss.xml"].body

    assert etree.fromstring(body).findtext(".//ttl") == "120"


@pytest.mark.parametrize("name", FORMATS)
def test_stories_stay_in_the_order_in_which_they_are_given(name):
    assert [entry.id[-2:] for entry in read(name, STORIES[::-1]).entries] == ["s2", "s1"]


def test_the_same_stories_make_the_same_bytes_in_any_process_at_any_hour():
    script = (
        "import runpy, sys; publish = runpy.run_path(sys.argv[1])['publish'];"
        "sys.stdout.buffer.write(b''.join(d.body for made in (publish(), publish([])) for d in made.values()))"
    )

    def run(**environment):
        command = [sys.executable, "-c", script, __file__]
        return subprocess.run(command, env=os.environ | environment, check=True, capture_output=True).stdout

    first = run(PYTHONHASHSEED="1", TZ="Asia/Ho_Chi_Minh")

    assert len(first) > 5000
    assert run(PYTHONHASHSEED="2", TZ="UTC") == first


@given(title=st.text(min_size=1, max_size=30), summary=st.text(max_size=60), author=st.text(max_size=10))
@settings(max_examples=60, deadline=None)
def test_whatever_publishers_write_all_formats_say_the_same(title, summary, author):
    item = an_item(title, url="https://vna.example/1", summary=summary, authors=(author,))

    documents = publish([a_story(item)])
    rss, atom = etree.fromstring(documents["rss.xml"].body), etree.fromstring(documents["atom.xml"].body)
    [shown] = json.loads(documents["feed.json"].body)["items"]

    assert rss.findtext(".//item/title") == atom.findtext(".//a:entry/a:title", namespaces=NS) == shown["title"]
    assert atom.findtext(".//a:summary", namespaces=NS) == shown["content_text"]
    assert [{"name": name.text} for name in atom.iterfind(".//a:entry/a:author/a:name", NS)] == shown["authors"]


def test_the_json_feed_tells_the_titles_that_the_publisher_changed_and_no_summaries():
    revisions = (
        Revision(at=NOON - timedelta(minutes=9), title="Three hurt", summary="In a fire."),
        Revision(at=NOON, title="Five hurt", summary="In a fire."),
    )
    item = an_item("Five hurt", summary="In a big fire.", revisions=revisions)

    [told] = json.loads(publish([a_story(item)])["feed.json"].body)["items"]

    until = (NOON - timedelta(minutes=9)).isoformat()
    assert told["_syndicator"]["revisions"] == [{"until": until, "title": "Three hurt"}]

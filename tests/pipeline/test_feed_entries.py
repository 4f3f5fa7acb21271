"""What a republished feed says of itself and of each story, whatever the format."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syndicator.model.entry import Enclosure, Image, Reason, Tagging
from syndicator.model.language import Localized
from syndicator.model.site import Publisher, Site
from syndicator.model.source import Rights
from syndicator.model.story import Feed, Selection
from syndicator.model.tag import Tag
from syndicator.pipeline.feed_entries import feed_head, feed_rows
from syndicator.testing import NOON, a_source, a_story, an_item

SITE = Site(
    title=Localized({"en": "City news", "vi": "Tin thành phố"}),
    url="https://city.example:8443/",
    publisher=Publisher(name="City desk", email="desk@city.example"),
    description=Localized({"en": "What happens here"}),
    languages=("en", "vi"),
)
FEED = Feed(id="diplomacy", title=Localized({"en": "Diplomacy", "vi": "Ngoại giao"}))
SOURCES = {
    "vna": a_source("vna", title="Viet Nam News"),
    "tt": a_source("tt", title="Tuổi Trẻ", language="vi"),
}
TAGS = {
    "treaty": Tag(id="treaty", label=Localized({"en": "Treaties", "vi": "Hiệp ước"}), mediatopic=20000639),
    "diplomacy": Tag(id="diplomacy", label=Localized({"en": "Diplomacy", "vi": "Ngoại giao"}), mediatopic=1000000),
}
PICTURE = Image(url="https://vna.example/hình 1.jpg", alt="The hall", width=800)


def a_row(*items, feed=FEED, site=SITE, sources=SOURCES, tags=TAGS):
    [row] = feed_rows(feed, [a_story(*items)], site=site, tags=tags, sources=sources)
    return row


def a_head(stories=(), *, feed=FEED, site=SITE, ttl=timedelta(minutes=30)):
    return feed_head(feed, stories, site=site, sources=SOURCES, ttl=ttl)


def with_rights(**rights):
    return {"vna": replace(SOURCES["vna"], rights=Rights(**rights))}


def test_an_id_keeps_when_the_first_report_of_the_story_is_forgotten():
    early, late = an_item("First report"), an_item("Second report", source="tt", published=NOON)
    whole = a_story(early, late, id="s1")
    rest = a_story(late, id="s1", first_seen_at=late.first_seen_at)

    ids = {row.id for story in (whole, rest) for row in feed_rows(FEED, [story], site=SITE, tags={}, sources={})}

    assert ids == {"tag:city.example,2026:story/s1"}


def test_an_id_keeps_when_the_site_turns_to_another_scheme_or_port():
    elsewhere = replace(SITE, url="http://city.example/")

    assert a_row(an_item()).id == a_row(an_item(), site=elsewhere).id
    assert a_head().id == a_head(site=elsewhere).id


@pytest.mark.parametrize(
    ("rights", "excerpt", "content"),
    [
        pytest.param(Rights(show="title"), "", "", id="a title and nothing else"),
        pytest.param(Rights(show="excerpt", words=2), "One two …", "", id="the first words of the summary"),
        pytest.param(Rights(show="excerpt", words=9), "One two three.", "", id="a short summary whole"),
        pytest.param(
            Rights(show="full", images="link"),
            "One two three.",
            '<p>All of it. <img src="https://vna.example/1.jpg" alt="a > b"></p>',
            id="all with pictures",
        ),
        pytest.param(Rights(show="full"), "One two three.", "<p>All of it. </p>", id="all without pictures"),
    ],
)
def test_shows_as_much_as_the_sources_rights_allow(rights, excerpt, content):
    item = an_item(
        summary="One two three.", content='<p>All of it. <img src="https://vna.example/1.jpg" alt="a > b"></p>'
    )

    row = a_row(item, sources={"vna": replace(SOURCES["vna"], rights=rights)})

    assert (row.excerpt, row.content) == (excerpt, content)


def test_a_source_that_left_the_configuration_is_shown_by_title_and_outlet_alone():
    row = a_row(an_item(summary="Words of theirs", image=PICTURE), sources={})

    assert (row.excerpt, row.content, row.image, row.origin.url) == ("", "", None, "")
    assert row.credit == "Source: vna"


@pytest.mark.parametrize(
    ("language", "credit"),
    [
        ("en", "Source: Viet Nam News"),
        ("vi", "Nguồn: Viet Nam News"),
        ("zh-Hans", "来源：Viet Nam News"),
        ("zh", "来源：Viet Nam News"),
        ("ja", "出典：Viet Nam News"),
        ("ko", "출처: Viet Nam News"),
        ("fr", "Source\u00a0: Viet Nam News"),
        ("ru", "Источник: Viet Nam News"),
        pytest.param("km", "— Viet Nam News", id="a language without a word gets a dash"),
        pytest.param("", "Source: Viet Nam News", id="an entry without a language has its source's"),
    ],
)
def test_names_the_source_in_the_entrys_language(language, credit):
    row = a_row(an_item(language=language))

    assert row.credit == credit
    assert row.text.endswith(f"\n\n{credit}")
    assert row.excerpt_html.endswith(f"<p>{credit}</p>")


@pytest.mark.parametrize(
    ("feed", "language", "title", "told"),
    [
        pytest.param(FEED, "en", "Diplomacy", "en", id="a feed for all speaks the site's first language"),
        pytest.param(
            replace(FEED, select=Selection(languages=("vi",))), "vi", "Ngoại giao", "vi", id="a feed in Vietnamese"
        ),
        pytest.param(
            replace(FEED, select=Selection(languages=("ko",))),
            "ko",
            "Diplomacy",
            "en",
            id="without words in its language a feed has the site's",
        ),
    ],
)
def test_a_feed_speaks_its_own_language(feed, language, title, told):
    story = a_story(an_item("Tin", source="tt", language="vi"), an_item("News"))

    [row] = feed_rows(feed, [story], site=SITE, tags={}, sources=SOURCES)

    assert (a_head(feed=feed).language, a_head(feed=feed).title) == (language, title)
    assert row.language == told


def test_a_feed_is_as_new_as_its_newest_story_and_an_empty_one_has_a_fixed_date():
    older, newer = a_story(an_item("Older")), a_story(an_item("Newer", updated=NOON.replace(microsecond=7)))

    assert a_head([older, newer]).updated_at == NOON
    assert a_head([]).updated_at == datetime(2000, 1, 1, tzinfo=UTC)


def test_a_feed_without_a_description_says_the_sites_and_then_its_title():
    silent = replace(SITE, description=Localized())

    assert a_head().subtitle == "What happens here"
    assert a_head(site=silent).subtitle == "Diplomacy"


@pytest.mark.parametrize(
    ("ttl", "minutes"),
    [
        pytest.param(timedelta(hours=1), 60, id="an hour"),
        pytest.param(timedelta(seconds=90), 1, id="whole minutes"),
        pytest.param(timedelta(0), 1, id="at least one"),
    ],
)
def test_ttl_counts_minutes(ttl, minutes):
    assert a_head(ttl=ttl).ttl == minutes


def test_the_rights_belong_to_whoever_is_quoted():
    stories = [a_story(an_item("Tin", source="tt")), a_story(an_item("News"))]

    assert a_head(stories).rights == "© Tuổi Trẻ, Viet Nam News"
    assert a_head([]).rights == "© City desk"


def test_names_the_outlet_where_nobody_signed_so_that_the_feeds_publisher_is_not_the_author():
    assert a_row(an_item()).authors == ("Viet Nam News",)
    assert a_row(an_item(authors=("Lan Anh", " "))).authors == ("Lan Anh",)


def test_tags_come_in_the_order_of_the_configuration_with_the_reasons_of_the_lead():
    reason = Reason(field="title", term="hiệp ước", words="Hiệp ước", start=0)
    lead = replace(an_item("News", tags=["unknown"]), tags=(Tagging(tag="diplomacy"), Tagging(tag="unknown")))
    other = replace(
        an_item("Hiệp ước", source="tt", language="vi"),
        tags=(Tagging(tag="treaty", reasons=(reason,)), Tagging(tag="diplomacy", reasons=(reason,))),
    )

    row = a_row(lead, other)

    assert [(c.label, c.mediatopic, c.tagging.reasons) for c in row.categories] == [
        ("Treaties", "medtop:20000639", (reason,)),
        ("Diplomacy", "medtop:01000000", ()),
    ]


def test_the_other_reports_are_linked_once_each_with_language_and_outlet():
    lead = an_item("News")
    told_again = an_item("Tin", source="tt", language="vi", outlet="tt")
    same_link = an_item("News", source="copy", outlet="copy", url=lead.entry.url, guid="copy")

    [related] = a_row(lead, told_again, same_link).related

    assert (related.url, related.title, related.language) == (told_again.entry.url, "Tin — Tuổi Trẻ", "vi")


@pytest.mark.parametrize(
    ("rights", "url"),
    [
        pytest.param({"images": "link"}, "https://vna.example/h%C3%ACnh%201.jpg", id="allowed"),
        pytest.param({"images": "none"}, "", id="not allowed"),
    ],
)
def test_a_picture_is_linked_only_where_the_rights_say_so(rights, url):
    row = a_row(an_item(image=PICTURE), sources=with_rights(**rights))

    assert (row.image.url if row.image else "") == url


@pytest.mark.parametrize(
    ("file", "kept"),
    [
        pytest.param(Enclosure(url="https://v.example/a.mp3", type="audio/mpeg", length=9), True, id="type and length"),
        pytest.param(Enclosure(url="https://v.example/a.mp3", type="audio/mpeg"), False, id="no length"),
        pytest.param(Enclosure(url="https://v.example/a.mp3", length=9), False, id="no type"),
        pytest.param(Enclosure(url="https://v.example/a.mp3", type="mp3", length=9), False, id="no media type"),
        pytest.param(Enclosure(url="file:///a.mp3", type="audio/mpeg", length=9), False, id="not on the web"),
        pytest.param(Enclosure(url="https://v.example/a.png", type="image/png", length=9), False, id="a picture"),
    ],
)
def test_a_file_goes_along_only_with_its_real_type_and_length(file, kept):
    assert bool(a_row(an_item(enclosures=(file,))).enclosures) is kept


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        pytest.param(
            "https://v.example/tin 1?a=[b]", "https://v.example/tin%201?a=%5Bb%5D", id="signs no URI may hold"
        ),
        pytest.param("https://báo.example/tin-tức", "https://xn--bo-mia.example/tin-t%E1%BB%A9c", id="an IRI"),
        pytest.param("javascript:alert(1)", SITE.url, id="a script"),
        pytest.param("", SITE.url, id="no link"),
    ],
)
def test_a_link_is_a_web_address_in_ascii(url, shown):
    assert a_row(an_item(url=url)).url == shown


def test_the_origin_changed_when_its_newest_report_here_did_and_not_with_the_article():
    stories = [a_story(an_item("Older")), a_story(an_item("Newer", updated=NOON))]

    rows = feed_rows(FEED, stories, site=SITE, tags={}, sources=SOURCES)

    assert {row.origin.updated_at for row in rows} == {NOON}
    assert rows[0].updated_at < NOON


def test_an_entry_without_a_title_has_its_link_for_one():
    row = a_row(an_item(" \x07", url="https://vna.example/1"))

    assert row.title == "https://vna.example/1"


@given(text=st.text(st.characters(exclude_categories=()), max_size=40))
@settings(max_examples=150, deadline=None)
def test_every_text_is_fit_for_xml(text):
    item = an_item()
    item = replace(item, entry=replace(item.entry, title=text, summary=text, content=text, authors=(text,)))

    row = a_row(item, sources=with_rights(show="full"))

    for part in (row.title, row.excerpt, row.content, *row.authors):
        assert not {sign for sign in part if sign < " " and sign not in "\t\n\r"}
        assert not {sign for sign in part if "\x7f" <= sign <= "\x9f" or "\ud800" <= sign <= "\udfff"}
        assert not {"\ufffd", "\ufffe", "\uffff"} & set(part)

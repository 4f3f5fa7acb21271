"""What a page or a mail shows of a story, a feed and a source follows from the page's language and the site."""

from __future__ import annotations

from datetime import timedelta

import pytest

from syndicator.model.entry import Revision
from syndicator.model.language import Localized
from syndicator.model.site import Publisher, Site
from syndicator.model.source import Rights
from syndicator.model.story import Feed, Selection
from syndicator.model.tag import Match, Tag
from syndicator.pipeline.desk import Desk
from syndicator.pipeline.feed_entries import feed_head
from syndicator.pipeline.views import StoryView, source_view
from syndicator.testing import NOON, a_source, a_story, an_item

SITE = Site(
    title=Localized({"en": "City"}),
    url="https://city.example/",
    publisher=Publisher(name="P", email="p@city.example"),
    languages=("en", "vi", "zh-Hans"),
)
ONE_PAGE = "https://agency.example/a/1"


def a_desk(language: str = "en") -> Desk:
    return Desk(site=SITE, sources={}, tags={}, language=language)


def voices(*others):
    """Return name and link of each other report of a story whose lead is at ONE_PAGE."""
    lead = an_item("Lead", source="agency", url=ONE_PAGE)
    story = a_story(lead, *(an_item(source=source, url=url, language="vi") for source, url in others))
    return [(report.source, report.url) for report in a_desk().story(story).others]


@pytest.mark.parametrize(
    "url",
    [
        pytest.param(ONE_PAGE, id="the very address"),
        pytest.param("http://www.agency.example/a/1/?utm_source=rss#top", id="another spelling of the address"),
        pytest.param("", id="no address at all"),
    ],
)
def test_a_report_that_leads_to_no_page_of_its_own_is_named_without_a_link(url):
    assert voices(("bureau", url)) == [("bureau", "")]


def test_of_several_reports_with_one_address_the_first_has_the_link():
    shared = "https://partner.example/1"

    told = voices(("one", shared), ("two", f"{shared}?utm_medium=feed"), ("three", "https://partner.example/2"))

    assert sorted(name for name, _ in told) == ["one", "three", "two"]
    assert [bool(url) for name, url in told if name != "three"] == [True, False]
    assert ("three", "https://partner.example/2") in told


@pytest.mark.parametrize(
    ("languages", "page", "name"),
    [
        pytest.param((), "en", "", id="on a page of its language a feed says nothing of it"),
        pytest.param((), "vi", "Tiếng Anh", id="without a choice it speaks the site's first language"),
        pytest.param(("vi", "en"), "en", "Vietnamese", id="else the first that it asks for"),
        pytest.param(("zh-Hant",), "zh-Hans", "", id="another script is no other language"),
    ],
)
def test_a_feed_names_the_language_of_its_documents_where_it_is_not_the_pages(languages, page, name):
    feed = Feed(id="all", title=Localized({"en": "All"}), select=Selection(languages=languages))

    assert a_desk(page).feed(feed, []).language_name == name


@pytest.mark.parametrize("languages", [(), ("vi", "en")], ids=["of the site", "of the feed"])
def test_a_page_and_the_feed_itself_agree_on_the_language(languages):
    feed = Feed(id="all", title=Localized({"en": "All"}), select=Selection(languages=languages))
    head = feed_head(feed, [], site=SITE, sources={}, ttl=timedelta(hours=1))

    assert a_desk(head.language).feed(feed, []).language_name == ""


def test_a_source_is_at_home_at_the_root_of_its_host_and_its_password_is_nobodys_business():
    plain = source_view(a_source("wire", url="http://wire.example:8080/rss/home.rss?all=1"), "en")
    locked = source_view(a_source("wire", url="https://me:secret@wire.example/rss"), "en")

    assert (plain.url, plain.feed) == ("http://wire.example:8080/", "http://wire.example:8080/rss/home.rss?all=1")
    assert (locked.url, locked.feed) == ("https://wire.example/", "https://wire.example/rss")


def a_tag(id: str, *terms: str) -> Tag:
    return Tag(id=id, label=Localized({"en": id.title()}), match=Match(any=terms) if terms else None)


def test_of_a_theme_and_its_child_the_child_is_shown_and_what_only_sources_give_is_not():
    tags = [a_tag("diplomacy", "x"), a_tag("diplomacy/visits", "y"), a_tag("trade", "z"), a_tag("home")]
    desk = Desk(site=SITE, sources={}, tags={tag.id: tag for tag in tags}, language="en")

    view = desk.story(a_story(an_item(tags=["diplomacy", "diplomacy/visits", "trade", "home", "left feeds.yaml"])))

    assert [tag.id for tag in view.tags] == ["diplomacy/visits", "trade"]


def revised(show: str) -> StoryView:
    """Return the view of an article whose title was changed once and its summary once, later."""
    revisions = (
        Revision(at=NOON, title="Three hurt", summary="A fire."),
        Revision(at=NOON + timedelta(hours=1), title="Five hurt", summary="A fire."),
    )
    item = an_item("Five hurt", source="vna", summary="A big fire.", revisions=revisions)
    sources = {"vna": a_source("vna", rights=Rights(show=show, words=20))}
    return Desk(site=SITE, sources=sources, tags={}, language="en").story(a_story(item))


def test_what_was_changed_is_shown_the_latest_first_and_what_was_not_is_left_out():
    assert [(each.title, each.summary) for each in revised("excerpt").revisions] == [
        ("", "A fire."),
        ("Three hurt", ""),
    ]


def test_where_only_titles_may_be_shown_only_titles_are():
    assert [(each.title, each.summary) for each in revised("title").revisions] == [("Three hurt", "")]

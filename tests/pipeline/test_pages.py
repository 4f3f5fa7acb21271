"""The site tells each story once on its front page, and offers only what there is."""

from __future__ import annotations

from datetime import timedelta

import pytest

from syndicator.model.edition import Newsletter, Schedule
from syndicator.model.language import Localized
from syndicator.model.site import Publisher, Site
from syndicator.model.story import Feed
from syndicator.pipeline.pages import FRONT_PER_FEED, FRONT_STORIES, Contents, page_context, site_pages
from syndicator.testing import NOON, a_source, a_story, an_item

SITE = Site(
    title=Localized({"en": "City"}),
    url="https://city.example/",
    publisher=Publisher(name="P", email="p@city.example"),
    languages=("en", "vi"),
)
WEEKLY = Newsletter(
    id="weekly", title=Localized({"en": "The week"}), feeds=("all",), schedule=Schedule(every="week", on=1)
)


def news(count: int, language: str = "en", *, older: int = 0):
    """Return *count* stories, the newest first, the first of them *older* hours old."""
    return [
        a_story(an_item(f"{language} {n}", language=language, published=NOON - timedelta(hours=older + n)))
        for n in range(count)
    ]


def site(*, newsletters=(), sources=(), **chosen) -> dict[tuple[str, str], dict]:
    """Return by language and path what each page is given."""
    given = {}

    def render(template, *, language, **context):
        given[language, context.get("page", template)] = context
        return ""

    contents = Contents(
        site=SITE,
        sources={source.id: source for source in sources},
        tags={},
        feeds={id: Feed(id=id, title=Localized({"en": id})) for id in chosen},
        newsletters={newsletter.id: newsletter for newsletter in newsletters},
        chosen=chosen,
        editions=[],
    )
    site_pages(contents, render)
    return given


def front(language: str = "en", **chosen):
    """Return the titles at the top of the front page, and by feed those in its section."""
    page = site(**chosen)[language, "index.html"]
    sections = {feed.id: [story.lead.title for story in feed.stories] for feed in page["feeds"]}
    return [story.lead.title for story in page["latest"]], sections


def test_each_story_stands_once_on_the_front_page():
    everything = news(40)

    latest, sections = front(all=everything, odd=everything[1::2], third=everything[::3])

    shown = [*latest, *(title for titles in sections.values() for title in titles)]
    assert len(shown) == len(set(shown)) == FRONT_STORIES + 3 * FRONT_PER_FEED


def test_a_feed_of_everything_leaves_the_small_ones_their_stories():
    everything = news(FRONT_STORIES + 6)

    _, sections = front(all=everything, small=everything[-6:-2])

    assert sections["small"] == [story.items[0].entry.title for story in everything[-6:-2]]
    assert sections["all"] == [story.items[0].entry.title for story in everything[-2:]]


def test_a_section_whose_stories_all_stand_above_keeps_its_place():
    latest, sections = front(all=news(3), same=news(3))

    assert len(latest) == 3
    assert sections == {"all": [], "same": []}


def test_what_a_reader_can_read_stands_first_above_and_in_the_sections():
    foreign, own = news(FRONT_STORIES + 2, "vi"), news(FRONT_STORIES + 2, "en", older=1)

    latest, sections = front("en", all=[*foreign, *own])

    assert all(title.startswith("en") for title in latest)
    assert [title.split()[0] for title in sections["all"]] == ["en", "en", "vi", "vi"]


@pytest.mark.parametrize(
    ("page", "ranked"),
    [
        pytest.param("vi", ["vi", "en", "fr"], id="a Vietnamese page"),
        pytest.param("en", ["en", "vi", "fr"], id="an English page"),
    ],
)
def test_sources_in_the_language_of_the_page_stand_first_then_those_of_the_site(page, ranked):
    sources = [a_source("b", language="fr"), a_source("a", language="vi"), a_source("c"), a_source("d", language="vi")]

    shown = site(sources=sources)[page, "sources/index.html"]["sources"]

    assert list(dict.fromkeys(source.language for source in shown)) == ranked
    assert [source.title for source in shown if source.language == "vi"] == ["The a wire", "The d wire"]


@pytest.mark.parametrize("newsletters", [(), (WEEKLY,)], ids=["without a newsletter", "with one"])
def test_every_page_knows_whether_there_is_something_to_subscribe_to(newsletters):
    pages = [context for context in site(newsletters=newsletters, all=news(1)).values() if context]

    assert len(pages) == 2 * 5
    assert {context["by_mail"] for context in pages} == {bool(newsletters)}


def test_a_page_made_by_the_server_can_be_subscribed_from_unless_said_otherwise():
    assert page_context(SITE, "en", "", absolute=True)["by_mail"] is True
    assert page_context(SITE, "en", "", absolute=True, by_mail=False)["by_mail"] is False

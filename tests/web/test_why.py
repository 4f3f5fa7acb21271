"""Any reader may ask why a story is here: the page says by which words, and where it stands or why it does not."""

from __future__ import annotations

import asyncio
import json
import re
import threading
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest

from syndicator.config.model import Config
from syndicator.model.edition import Edition, Section
from syndicator.model.entry import Reason, Tagging
from syndicator.model.language import Localized
from syndicator.model.mail import MailSettings
from syndicator.model.source import Rights
from syndicator.model.story import Feed, Selection, TagChoice
from syndicator.model.tag import AtLeast, Match, Tag
from syndicator.pipeline.syndicate import feed_documents
from syndicator.testing import NOON, a_source, a_story, an_item
from syndicator.web import create_app, why
from syndicator.web.marks import Mark, cut, shown_pieces
from syndicator.web.why import MAX_JUDGED, MAX_JUDGING, MAX_REPORTS, Explained

TAGS = {
    tag.id: tag
    for tag in (
        Tag(
            id="diplomacy",
            label=Localized({"en": "Diplomacy", "vi": "Ngoại giao"}),
            match=Match(any=("consul*", "lãnh sự", "spoke"), none=("brand ambassador",)),
        ),
        Tag(id="trade", label=Localized({"en": "Trade"}), match=Match(any=("trade", "consulate"), all=("tariff",))),
        Tag(
            id="visits",
            label=Localized({"en": "Visits"}),
            match=Match(at_least=AtLeast(n=2, of=("envoy", "banquet", "motorcade"))),
        ),
        Tag(id="sport", label=Localized({"en": "Sport"}), match=Match(any=("football",))),
    )
}
FEEDS = {
    id: Feed(id=id, title=Localized({"en": f"The {id} feed"}), select=Selection(tags=TagChoice(any=(id,)), limit=limit))
    for id, limit in (("diplomacy", 2), ("trade", 60), ("sport", 60))
}
ENGLISH = an_item("A consulate opens in the city", summary="The consul general spoke. " + "Much was said. " * 40)
VIETNAMESE = an_item("Lãnh sự quán mở cửa", source="bao", language="vi", summary="", published=NOON)
STORY = a_story(ENGLISH, VIETNAMESE, id="sstory")


@pytest.fixture
def newsroom(settings):
    """A newsroom of which the test changes what it needs to."""

    class Room:
        config = Config(
            site=settings.site,
            sources={"vna": a_source(rights=Rights(words=10)), "bao": a_source("bao", language="vi")},
            tags=TAGS,
            feeds=FEEDS,
            newsletters={
                id: replace(newsletter, feeds=("diplomacy",)) for id, newsletter in settings.newsletters.items()
            },
            mail=MailSettings(),
        )
        stories = (STORY,)

    return Room()


@pytest.fixture
async def browser(newsroom, public, store, templates, settings, clock):
    app = create_app(
        public=public,
        store=store,
        templates=templates,
        settings=settings,
        clock=clock,
        new_id=lambda: "x",
        explained=Explained(config=newsroom.config, stories=lambda: newsroom.stories),
    )
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="https://news.example") as client:
        yield client


def said(html: str) -> str:
    """Return what a page says, without its markup and in single spaces."""
    main = html[html.index("<main") : html.index("</main>")]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


async def test_the_page_tells_the_words_that_earned_each_tag_and_marks_them(browser):
    page = await browser.get("/why/sstory")

    assert page.status_code == 200
    assert '<h1>A <mark title="Diplomacy">consulate</mark> opens in the city</h1>' in page.text
    assert '<p class="summary">The consul general <mark title="Diplomacy">spoke</mark>' in page.text
    assert "Diplomacy consulate in the title · rule: consul*" in said(page.text)
    assert "Lãnh sự" in page.text


async def test_it_tells_the_tags_that_are_nearly_given_and_what_keeps_them_out(browser):
    page = await browser.get("/why/sstory")

    assert "Nearly given (1) Trade consulate in the title not met: tariff" in said(page.text)


async def test_of_several_words_that_must_be_met_it_tells_which_are_not(browser):
    page = await browser.get("/why/", params={"of": "An envoy arrives"})

    assert "Visits envoy in the title words met: 1; needed: 2 · not met: banquet, motorcade" in said(page.text)


async def test_no_more_of_a_summary_is_shown_than_the_sources_rights_allow(browser, newsroom):
    page = await browser.get("/why/sstory")
    newsroom.config.sources["vna"] = a_source(rights=Rights(show="title"))
    bare = await browser.get("/why/sstory")

    assert "general spoke . Much was said. Much was said. …" in said(page.text)
    assert page.text.count("Much was said.") == 2
    assert "Much was said." not in bare.text


async def test_it_tells_where_the_story_stands_and_why_not_elsewhere(browser):
    page = await browser.get("/why/sstory")

    text = said(page.text)
    assert "✓ The diplomacy feed number 1 of at most 2" in text
    assert "– The sport feed it lacks: Sport" in text
    assert "✓ The weekly in the next edition" in text
    assert 'href="/feeds/diplomacy/index.html"' in page.text


async def test_a_story_for_which_there_is_no_more_room_is_told_its_place(browser, newsroom):
    newer = [
        a_story(an_item(f"A consul speaks {number}", published=NOON - timedelta(minutes=number)), id=f"s{number}")
        for number in range(3)
    ]
    newsroom.stories = (*newer, STORY)

    page = await browser.get("/why/s2")

    assert "– The diplomacy feed it is number 4, and there is room for 2" in said(page.text)


async def test_an_edition_that_told_it_is_named_and_linked(browser, store):
    period = NOON.date()
    section = Section(feed="diplomacy", title=Localized({"en": "D"}), stories=(STORY,))
    edition = Edition(
        id=f"weekly/{period}", newsletter="weekly", period=period, title=Localized({"en": "W"}), frozen_at=NOON,
        sections=(section,),
    )  # fmt: skip
    await store.freeze(edition, [], [])

    page = await browser.get("/why/sstory")

    assert "– The weekly an earlier edition told it: July 14, 2026" in said(page.text)
    assert f'href="/archive/weekly/{period}.html"' in page.text


@pytest.mark.parametrize(
    ("path", "headers", "language"),
    [
        pytest.param("/why/sstory", {}, "en", id="the site's first language"),
        pytest.param("/vi/why/sstory", {}, "vi", id="by the folder"),
        pytest.param("/why/sstory", {"Accept-Language": "vi"}, "vi", id="by what the browser asks for"),
        pytest.param("/vi/why/sstory?lang=en", {}, "en", id="by what the reader chose"),
    ],
)
async def test_the_page_speaks_the_readers_language(path, headers, language, browser):
    page = await browser.get(path, headers=headers)

    assert page.status_code == 200
    assert f'<html lang="{language}"' in page.text
    assert ("Ngoại giao" in page.text) is (language == "vi")


async def test_a_folder_that_is_no_language_of_the_site_has_no_such_page(browser):
    assert (await browser.get("/ja/why/sstory")).status_code == 404


@pytest.mark.parametrize(
    "url",
    [
        pytest.param(ENGLISH.entry.url, id="as it is"),
        pytest.param(ENGLISH.entry.url.replace("https:", "http:") + "?utm_source=mail#top", id="as it was shared"),
    ],
)
async def test_a_story_is_found_by_the_address_of_a_report(url, browser):
    page = await browser.get("/why/", params={"of": url})

    assert page.status_code == 200
    assert "opens in the city</h1>" in page.text
    assert "lang=vi" in page.text
    assert "of=http" in page.text  # in another language it is asked again


async def test_a_text_gets_its_verdicts(browser):
    page = await browser.get("/why/", params={"of": "The consul opens <b>trade</b> talks"})

    assert page.status_code == 200
    assert 'The <mark title="Diplomacy">consul</mark> opens &lt;b&gt;trade' in page.text
    assert "Where it stands" not in page.text


async def test_a_text_that_meets_nothing_is_told_so(browser):
    page = await browser.get("/why/", params={"of": "The river rose"})

    assert "No rule gives it a tag." in said(page.text)


async def test_without_a_question_there_is_the_form(browser):
    page = await browser.get("/why/")

    assert page.status_code == 200
    assert 'name="of"' in page.text
    assert "<script" not in page.text


async def test_a_text_that_is_too_long_is_refused(browser):
    page = await browser.get("/why/", params={"of": "x" * 501})

    assert page.status_code == 422
    assert "This is too long; 500 characters are enough." in said(page.text)


@pytest.mark.parametrize("path", ["/why/snothing", "/why/?of=https://news.example/nothing.html"])
async def test_an_unknown_or_old_story_is_answered_in_a_friendly_way(path, browser):
    page = await browser.get(path)

    assert page.status_code == 404
    assert "We know of no such story" in page.text
    assert 'name="of"' in page.text


async def test_before_the_first_gathering_the_reader_is_asked_to_come_again(browser, newsroom):
    newsroom.stories = None

    page = await browser.get("/why/sstory")

    assert page.status_code == 503
    assert page.headers["retry-after"] == "60"


@pytest.mark.parametrize("path", ["/why/sstory", f"/why/?of={ENGLISH.entry.url}"])
async def test_a_gathering_that_brought_no_story_is_an_answer_and_no_reason_to_come_again(path, browser, newsroom):
    newsroom.stories = ()

    page = await browser.get(path)

    assert page.status_code == 404
    assert "We know of no such story" in page.text


@pytest.mark.parametrize("path", ["/why/sstory", "/why/?of=The consul speaks"])
async def test_no_more_than_a_few_readers_are_judged_for_at_once_and_others_are_answered_meanwhile(
    path, browser, newsroom, monkeypatch
):
    inside, most, may_go_on, full = [], [], threading.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()

    def held(judge):
        def judge_slowly(*args, **kwargs):
            inside.append(1)
            most.append(len(inside))
            if len(inside) == MAX_JUDGING:
                loop.call_soon_threadsafe(full.set)
            may_go_on.wait(30)
            inside.pop()
            return judge(*args, **kwargs)

        return judge_slowly

    for name in ("judge_sentence", "explain_item"):
        monkeypatch.setattr(why, name, held(getattr(why, name)))
    asking = [asyncio.create_task(browser.get(path)) for _ in range(MAX_JUDGING + 2)]
    await full.wait()
    form = await browser.get("/why/")
    may_go_on.set()
    pages = await asyncio.gather(*asking)

    assert form.status_code == 200
    assert max(most) == MAX_JUDGING
    assert {page.status_code for page in pages} == {200}


async def test_of_a_very_long_report_the_beginning_is_judged_and_the_tags_stay_as_they_were_given(
    browser, newsroom, monkeypatch
):
    judged = []
    explain = why.explain_item

    def noted(item, situation):
        judged.append(item.entry)
        return explain(item, situation)

    monkeypatch.setattr(why, "explain_item", noted)
    words = "Much was said of trade. " * 4_000 + "Then football was played."
    late = Tagging(tag="sport", reasons=(Reason(field="summary", term="football", words="football", start=90_005),))
    long = replace(an_item("A consulate opens", summary=words, content=words), tags=(Tagging(tag="trade"), late))
    newsroom.stories = (a_story(long, id="slong"),)

    page = await browser.get("/why/slong")

    assert [len(text) for text in (judged[0].summary, judged[0].content)] == [MAX_JUDGED, MAX_JUDGED]
    assert "Sport football in the summary" in said(page.text)
    assert "Diplomacy" not in said(page.text).partition("Where it stands")[0]


async def test_after_a_gathering_the_new_stories_are_explained(browser, newsroom):
    before = await browser.get("/why/snew")
    newsroom.stories = (STORY, a_story(an_item("A consul leaves"), id="snew"))
    after = await browser.get("/why/snew")

    assert (before.status_code, after.status_code) == (404, 200)


async def test_the_store_is_read_once_after_a_gathering_and_not_for_a_request(browser, store, monkeypatch):
    asked = []
    read = store.editions

    async def counted(newsletter, *, limit):
        asked.append(newsletter)
        return await read(newsletter, limit=limit)

    monkeypatch.setattr(store, "editions", counted)
    for _ in range(3):
        await browser.get("/why/sstory")

    assert asked == ["weekly", "daily"]


async def test_a_story_of_very_many_reports_shows_the_first_of_them(browser, newsroom):
    reports = [an_item(f"A consul speaks {number}", source=f"paper{number}") for number in range(MAX_REPORTS + 3)]
    newsroom.stories = (a_story(*reports, id="smany"),)

    page = await browser.get("/why/smany")

    assert page.text.count("Diplomacy</dt>") == MAX_REPORTS
    assert "and 3 more reports" in said(page.text)


async def test_the_page_is_for_no_search_engine_and_sets_no_cookie(browser):
    page = await browser.get("/why/sstory")

    assert '<meta name="robots" content="noindex">' in page.text
    assert "set-cookie" not in page.headers
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert "unsafe" not in page.headers["content-security-policy"]


async def test_a_newsroom_that_is_not_served_by_its_loop_has_no_such_page(visit):
    async with visit() as browser:
        assert (await browser.get("/why/sstory")).status_code == 404


def test_a_json_feed_names_the_page(newsroom):
    config = newsroom.config
    documents = feed_documents(FEEDS["diplomacy"], [STORY], site=config.site, tags=config.tags, sources=config.sources)

    [feed] = [json.loads(document.body) for document in documents if document.path.endswith(".json")]
    assert feed["items"][0]["_syndicator"]["why"]["page"] == "https://news.example/why/sstory"


def test_where_marks_overlap_a_piece_has_the_notes_of_all():
    pieces = cut("foreign minister", [Mark(start=0, end=16, note="a"), Mark(start=8, end=16, note="b")])

    assert [(piece.text, piece.notes) for piece in pieces] == [("foreign ", ("a",)), ("minister", ("a", "b"))]


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        pytest.param(9, [("one ", ()), ("two", ("n",)), (" three", ())], id="all of it"),
        pytest.param(2, [("one ", ()), ("two", ("n",)), (" …", ())], id="up to the mark"),
        pytest.param(1, [("one", ()), (" …", ())], id="what is marked beyond is not shown"),
    ],
)
def test_an_excerpt_keeps_the_marks_that_it_shows(words, shown):
    pieces = shown_pieces("one two three", [Mark(start=4, end=7, note="n")], words=words)

    assert [(piece.text, piece.notes) for piece in pieces] == shown

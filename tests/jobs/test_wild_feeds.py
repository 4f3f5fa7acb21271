"""What real feeds and servers do wrong, from one asking to the next: each test is a case of docs/wild-feeds.md."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from email.utils import format_datetime
from typing import Literal

import pytest

from syndicator.jobs.gather import gather
from syndicator.jobs.refresh import refresh
from syndicator.jobs.refresh_report import RefreshReport
from syndicator.model.entry import Item
from syndicator.model.source import Blocked, Body, Expect, Failed, Fetched, Gone, NotModified, SourceState, Validators
from syndicator.model.story import Story
from syndicator.pipeline.cadence import FULL_EVERY
from syndicator.pipeline.curate import curate
from syndicator.pipeline.digest import make_edition
from syndicator.pipeline.moves import settled_move
from syndicator.testing import NOON, FakeFetcher, Quiet, a_source

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
URL, OTHER = "https://vna.example/rss.xml", "https://vna.example/world.xml"
PARKED = "https://parked.example/"
PAGE = b"<!doctype html><html><head><title>Welcome</title></head><body><p>This domain is for sale.</p></body></html>"


class Paper:
    """A newsroom of one outlet, asked whenever *ask* says so; *pages* is what its server has."""

    def __init__(self, config, store, clock) -> None:
        sources = {"vna": a_source("vna"), "world": a_source("world", url=OTHER, outlet="vna")}
        self.config = replace(config, sources={"vna": sources["vna"]})
        self.both = replace(config, sources=sources)
        self.store, self.clock = store, clock
        self.fetcher = FakeFetcher({})

    async def ask(self, page: bytes | Fetched | None = None, *, after: timedelta = HOUR, **more) -> RefreshReport:
        """Let time pass, put *page* in place of what was there, and ask."""
        self.clock.advance(after)
        if page is not None:
            self.fetcher.pages[URL] = page
        settings = {"everything": True} | more
        return await refresh(
            self.config, store=self.store, fetcher=self.fetcher, clock=self.clock, jitter=lambda: 0.0,
            progress=Quiet(), **settings,
        )  # fmt: skip

    async def items(self) -> Sequence[Item]:
        return await self.store.items_since(NOON - 60 * DAY)

    async def state(self) -> SourceState:
        return (await self.store.source_states(["vna"]))["vna"]

    async def stories(self) -> list[Story]:
        return await gather(self.config, store=self.store, clock=self.clock)

    async def next_digest(self, every: Literal["day", "week"]) -> Sequence[Story]:
        """Return what the edition would tell that is frozen in an hour, the last one having been frozen in time."""
        weekly = self.config.newsletters["weekly"]
        newsletter = replace(weekly, schedule=replace(weekly.schedule, every=every), max_stories=50)
        stories, now = await self.stories(), self.clock.now() + HOUR
        before = now - (DAY if every == "day" else 7 * DAY)
        last = make_edition(newsletter, self.config.feeds, (), period=before.date(), now=before)
        edition = make_edition(newsletter, self.config.feeds, stories, period=now.date(), now=now, earlier=[last])
        return list(edition.stories)

    async def findings(self) -> list[str]:
        return [finding.kind for finding in (await self.state()).findings]


@pytest.fixture
def paper(config, store, clock):
    return Paper(config, store, clock)


def an_article(number: int, **changes: str) -> str:
    """Return an item of RSS; what *changes* leave empty is not there."""
    words = HEADLINES[number % len(HEADLINES)]
    told = NOON - timedelta(hours=1 + number)
    fields = {
        "title": f"{words} {number}" if number >= len(HEADLINES) else words,
        "link": f"https://vna.example/{number}.html",
        "guid": f"vna-{number}",
        "pubDate": format_datetime(told),
        "description": f"{words}, officials said of matter {number}.",
    } | changes
    return "<item>" + "".join(f"<{name}>{value}</{name}>" for name, value in fields.items() if value) + "</item>"


HEADLINES = (
    "A consulate opens at the river", "Rice prices rise again", "Storm nears the southern coast",
    "New bridge links two islands", "Museum shows old maps", "Students win chess title", "Harbour dredging begins",
    "Ministers sign visa treaty",
)  # fmt: skip


def a_feed(*articles: str, title: str = "The Wire") -> bytes:
    head = f"<title>{title}</title><link>https://vna.example/</link><description>News</description>"
    return f'<?xml version="1.0"?><rss version="2.0"><channel>{head}{"".join(articles)}</channel></rss>'.encode()


def feed_of(*numbers: int, **changes: str) -> bytes:
    return a_feed(*(an_article(number, **changes) for number in numbers))


def consulates(*, date: str) -> bytes:
    """Return a feed of twenty articles on the matter of the newsroom's feed."""
    return a_feed(*(an_article(n, title=f"Consulate notice of matter {n}", pubDate=date) for n in range(20)))


STRANGERS = [an_article(n, title=f"Old town house {n} is sold") for n in range(20, 28)]


def ids(items: Sequence[Item]) -> set[str]:
    return {item.id for item in items}


class TestIdentity:
    async def test_articles_without_a_guid_are_known_by_their_links(self, paper):
        await paper.ask(feed_of(1, 2, 3, guid=""))

        again = await paper.ask(feed_of(0, 1, 2, 3, guid=""))

        assert (again.new, len(await paper.items())) == (1, 4)

    async def test_articles_without_guid_and_link_are_known_by_their_words(self, paper):
        await paper.ask(feed_of(1, 2, 3, guid="", link=""))

        again = await paper.ask(feed_of(0, 1, 2, 3, guid="", link=""))

        assert (again.new, len(await paper.items())) == (1, 4)

    async def test_guids_that_change_under_the_same_links_make_no_news(self, paper):
        await paper.ask(a_feed(*(an_article(n, guid=f"old-{n}") for n in range(8))))
        before = ids(await paper.items())

        report = await paper.ask(a_feed(*(an_article(n, guid=f"new-{n}") for n in range(8))))

        assert (report.new, report.changed) == (0, 0)
        assert ids(await paper.items()) == before

    async def test_guids_and_links_that_all_change_at_once_make_no_news(self, paper):
        await paper.ask(feed_of(*range(8)))
        before = ids(await paper.items())

        report = await paper.ask(a_feed(*(an_article(n, guid=f"n-{n}", link=f"{PARKED}?{n}") for n in range(8))))

        assert (report.new, ids(await paper.items())) == (0, before)

    async def test_a_document_in_which_nothing_is_known_again_is_held_back_for_a_day_and_then_no_news(self, paper):
        await paper.ask(feed_of(*range(8)))

        held = await paper.ask(a_feed(*STRANGERS))
        findings, kept = await paper.findings(), len(await paper.items())
        await paper.ask(after=DAY)

        assert (held.new, findings, kept) == (0, ["held"], 8)
        assert [item.backfill for item in await paper.items()] == [True] * 16
        assert await paper.findings() == []

    async def test_what_was_held_back_is_counted_when_it_is_let_in(self, paper):
        await paper.ask(feed_of(*range(8)))
        await paper.ask(a_feed(*STRANGERS))

        let_in = await paper.ask(after=DAY)

        assert (let_in.new, let_in.kept + let_in.rejected) == (8, 8)

    async def test_guids_that_go_over_to_https_or_lose_their_www_make_no_news(self, paper):
        http, https = (
            a_feed(*(an_article(n, guid=f"{root}/?p={n}", link="") for n in range(8)))
            for root in ("http://www.vna.example", "https://vna.example")
        )
        await paper.ask(http)

        report = await paper.ask(https)

        assert (report.new, len(await paper.items())) == (0, 8)

    async def test_articles_under_one_guid_are_as_many_articles(self, paper):
        await paper.ask(feed_of(*range(6), guid="0"))

        again = await paper.ask(feed_of(*range(8), guid="0"))

        assert (again.new, len(await paper.items())) == (2, 8)

    async def test_one_article_under_other_spellings_of_its_link_is_one_article(self, paper):
        links = (
            "https://vna.example/Mưa.html", "http://www.VNA.example:80/M%c6%b0a.html?utm_source=rss",
            "https://vna.example/M%C6%B0a.html?fbclid=x#top", "https://m.vna.example/Mưa.html",
        )  # fmt: skip

        reports = [await paper.ask(a_feed(an_article(1, link=link, guid=link))) for link in links]

        assert [report.new for report in reports] == [1, 0, 0, 0]
        assert len(await paper.items()) == 1

    async def test_paths_that_differ_in_case_are_two_articles(self, paper):
        titles = {"https://vna.example/ab": HEADLINES[0], "https://vna.example/AB": HEADLINES[1]}

        await paper.ask(a_feed(*(an_article(1, title=title, link=link, guid="") for link, title in titles.items())))

        assert {item.entry.url for item in await paper.items()} == set(titles)

    async def test_a_title_that_is_edited_is_an_edit_of_the_same_article(self, paper):
        await paper.ask(feed_of(1))
        (before,) = await paper.items()

        report = await paper.ask(a_feed(an_article(1, title="Rice prices rise no more")))

        (item,) = await paper.items()
        assert (report.new, report.changed) == (0, 1)
        assert (item.id, item.published_at) == (before.id, before.published_at)
        assert (item.entry.title, item.updated_at) == ("Rice prices rise no more", paper.clock.now())

    async def test_an_article_in_two_section_feeds_of_one_outlet_is_one_article(self, paper):
        paper.config = paper.both
        paper.fetcher.pages[OTHER] = a_feed(an_article(1, description="Cut elsewhere.", guid="w-1"), an_article(2))

        first = await paper.ask(feed_of(0, 1))
        again = await paper.ask()

        assert (first.new, again.new, again.changed) == (3, 0, 0)
        assert {item.sources for item in await paper.items()} == {("vna",), ("vna", "world"), ("world",)}

    async def test_an_article_that_is_gone_and_back_again_is_not_new(self, paper):
        await paper.ask(feed_of(1, 2))
        await paper.ask(feed_of(2, 3))

        report = await paper.ask(feed_of(1, 2, 3), after=5 * DAY)

        assert (report.new, report.changed, len(await paper.items())) == (0, 0, 3)

    async def test_what_leaves_the_document_is_not_deleted(self, paper):
        await paper.ask(feed_of(*range(8)))

        await paper.ask(feed_of(7))

        assert len(await paper.items()) == 8


class TestDates:
    async def test_an_article_without_a_date_is_dated_when_first_seen_and_never_again(self, paper):
        await paper.ask(feed_of(1))
        await paper.ask(a_feed(an_article(1), an_article(2, pubDate="")))
        seen_at = paper.clock.now()

        report = await paper.ask(a_feed(an_article(0), an_article(1), an_article(2, pubDate="")))

        (item,) = [item for item in await paper.items() if not item.entry.published]
        assert (item.published_at, item.updated_at, report.changed) == (seen_at, seen_at, 0)

    async def test_an_article_of_the_future_is_dated_when_first_seen_and_its_claim_is_kept(self, paper):
        claimed = format_datetime(NOON + 30 * DAY)
        await paper.ask(feed_of(1))

        await paper.ask(a_feed(an_article(1), an_article(2, pubDate=claimed)))

        (item,) = [item for item in await paper.items() if item.entry.guid == "vna-2"]
        assert (item.published_at, item.entry.claimed) == (paper.clock.now(), claimed)

    async def test_dates_that_are_made_up_at_every_fetch_make_no_news_and_no_edits(self, paper):
        await paper.ask(feed_of(*range(8), pubDate=format_datetime(NOON)))
        before = {item.id: (item.published_at, item.updated_at) for item in await paper.items()}

        report = await paper.ask(feed_of(*range(8), pubDate=format_datetime(NOON + HOUR)), after=2 * HOUR)

        assert (report.new, report.changed) == (0, 0)
        assert {item.id: (item.published_at, item.updated_at) for item in await paper.items()} == before

    async def test_a_feed_that_is_new_here_puts_none_of_its_old_articles_before_the_news(self, paper):
        old = [an_article(n, pubDate=format_datetime(NOON - 40 * DAY)) for n in range(4)]
        dateless = [an_article(n, pubDate="") for n in range(4, 8)]
        future = [an_article(n, pubDate=format_datetime(NOON + DAY)) for n in range(8, 12)]

        await paper.ask(a_feed(*old, *dateless, *future))

        items = await paper.items()
        assert len(items) == 12
        assert all(item.backfill and item.published_at <= paper.clock.now() - 7 * DAY for item in items)

    @pytest.mark.parametrize(
        ("every", "age"),
        [
            pytest.param("day", None, id="dateless articles and a daily"),
            pytest.param("week", None, id="dateless articles and a weekly"),
            pytest.param("day", 36 * HOUR, id="articles of the day before yesterday and a daily"),
            pytest.param("week", 10 * DAY, id="articles of the week before last and a weekly"),
            pytest.param("day", 3 * DAY, id="older articles and a daily"),
            pytest.param("week", 15 * DAY, id="older articles and a weekly"),
        ],
    )
    async def test_a_feed_that_is_new_here_does_not_fill_the_next_digest(self, paper, every, age):
        await paper.ask(consulates(date="" if age is None else format_datetime(NOON - age)))

        assert len(await paper.stories()) == 20
        assert await paper.next_digest(every) == []

    async def test_what_a_feed_that_is_new_here_tells_of_the_last_hours_is_news(self, paper):
        await paper.ask(consulates(date=format_datetime(NOON - HOUR)))

        assert len(await paper.next_digest("day")) == 20

    async def test_a_feed_that_stands_still_under_200_is_told(self, paper):
        paper.config = replace(paper.config, sources={"vna": a_source("vna", expect=Expect(max_silence=2 * DAY))})
        await paper.ask(feed_of(*range(8)))
        one = await paper.findings()

        await paper.ask(after=3 * DAY)

        assert (one, await paper.findings()) == ([], ["silent"])


class TestDocuments:
    async def test_a_document_cut_short_deletes_nothing_and_is_whole_the_next_time(self, paper):
        await paper.ask(feed_of(*range(4)))
        whole = feed_of(*range(6))
        cut = whole[: whole.index(b"<pubDate>", whole.index(b"vna-4"))]

        partly = await paper.ask(cut)
        wholly = await paper.ask(whole)

        assert (partly.failed, partly.new + wholly.new, len(await paper.items())) == ([], 2, 6)

    @pytest.mark.parametrize(
        "at",
        [
            pytest.param(b"<link>", id="behind its title"),
            pytest.param(b"<guid>", id="behind its link"),
            pytest.param(b"<pubDate>", id="behind its guid"),
            pytest.param(b"</description>", id="within its words"),
        ],
    )
    async def test_an_article_cut_short_is_the_same_article_when_it_comes_whole(self, paper, at):
        await paper.ask(feed_of(*range(4)))
        whole = feed_of(*range(5))

        await paper.ask(whole[: whole.index(at, whole.index(HEADLINES[4].encode()))])
        await paper.ask(whole)

        assert len(await paper.items()) == 5

    @pytest.mark.parametrize(
        "nothing",
        [pytest.param(b"", id="no byte"), pytest.param(b"\n", id="a blank"), pytest.param(a_feed(), id="no article")],
    )
    async def test_an_empty_200_overwrites_nothing_and_is_told(self, paper, nothing):
        await paper.ask(feed_of(*range(8)))

        await paper.ask(nothing)
        told, kept = await paper.findings(), len(await paper.items())
        back = await paper.ask(feed_of(*range(8)))

        assert (kept, back.new, back.changed) == (8, 0, 0)
        assert told in (["empty"], ["empty_document"])

    async def test_what_stood_in_place_of_a_feed_is_forgotten_when_the_same_feed_is_back(self, paper):
        for page in (feed_of(1, 2), PAGE, feed_of(1, 2)):
            await paper.ask(page)

        assert (await paper.state()).failures == 0
        assert await paper.findings() == []

    async def test_a_page_in_place_of_a_feed_leaves_the_old_articles_and_names_the_feed_that_it_knows(self, paper):
        names = b'<html><head><link rel="alternate" type="application/rss+xml" href="/new.xml"></head>Home</html>'
        await paper.ask(feed_of(1, 2))
        paper.fetcher.pages["https://vna.example/new.xml"] = feed_of(1, 2, 3)

        reports = [await paper.ask(names) for _ in range(3)]

        assert [bool(report.failed) for report in reports] == [True] * 3
        assert len(await paper.items()) == 2
        assert [question.url for question in paper.fetcher.asked].count("https://vna.example/new.xml") == 1
        assert (await paper.state()).suggested == "https://vna.example/new.xml"

    async def test_the_newest_article_is_found_wherever_it_stands(self, paper):
        await paper.ask(feed_of(7, 2, 5, 1))

        report = await paper.ask(feed_of(7, 2, 0, 5, 1))

        assert report.new == 1

    async def test_a_section_that_became_another_is_told(self, paper):
        source = a_source("vna", expect=Expect(words=("world", "foreign")))
        paper.config = replace(paper.config, sources={"vna": source})

        await paper.ask(feed_of(*range(8)))

        assert await paper.findings() == ["section"]


class TestServers:
    async def test_a_validator_that_is_answered_304_for_ever_hides_news_for_a_week_or_so_only(self, paper):
        class Stuck(FakeFetcher):
            def _answer(self, question):
                if question.validators != Validators():
                    return NotModified(source=question.source, validators=question.validators)
                return super()._answer(question)

        paper.fetcher = Stuck({})
        await paper.ask(feed_of(1))
        hidden = await paper.ask(feed_of(1, 2))
        found = 0
        for _ in range(2 * FULL_EVERY // DAY):
            found += (await paper.ask(after=DAY)).new

        assert (hidden.new, hidden.not_modified, found) == (0, 1, 1)

    async def test_a_304_to_a_full_question_is_asked_again_and_loses_nothing(self, paper):
        await paper.ask(feed_of(1))
        refused = Failed(source="", why="304 Not Modified, though nothing was asked about a change", status=304)

        await paper.ask(refused, after=2 * FULL_EVERY)
        state = await paper.state()
        back = await paper.ask(feed_of(1, 2))

        assert (state.failures, back.new, len(await paper.items())) == (1, 1, 2)

    @pytest.mark.parametrize("days", [1, 30])
    async def test_a_301_to_a_parked_page_moves_nothing(self, paper, days):
        await paper.ask(feed_of(1, 2))

        for _ in range(days):
            await paper.ask(_moved(PAGE), after=DAY)

        state = await paper.state()
        assert (state.url, state.move, settled_move(state, now=paper.clock.now())) == (URL, None, "")
        assert len(await paper.items()) == 2
        assert "moved" not in await paper.findings()
        assert await paper.findings()

    async def test_a_301_to_another_feed_moves_nothing(self, paper):
        await paper.ask(feed_of(1, 2))

        for day in range(30):
            await paper.ask(_moved(a_feed(an_article(100 + day), title="Buy this domain")), after=DAY)

        assert "moved" not in await paper.findings()

    async def test_a_301_to_another_feed_of_the_same_title_takes_nothing_in(self, paper):
        await paper.ask(feed_of(1, 2))

        offers = (an_article(number, link=f"{PARKED}{number}", guid="") for number in (3, 4))
        report = await paper.ask(_moved(a_feed(*offers)), after=DAY)

        assert (report.new, len(await paper.items()), (await paper.state()).move) == (0, 2, None)
        assert "another feed" in (await paper.state()).outcome

    async def test_a_301_to_the_same_feed_is_known_by_its_links_when_every_entry_was_edited(self, paper):
        await paper.ask(feed_of(1, 2))

        report = await paper.ask(_moved(feed_of(1, 2, description="Edited")), after=DAY)

        assert (report.failed, report.changed, (await paper.state()).move.answers) == ([], 2, 1)

    async def test_304s_behind_a_301_move_nothing(self, paper):
        await paper.ask(feed_of(1, 2))

        for _ in range(30):
            await paper.ask(NotModified(source="", moved_to=PARKED), after=DAY)

        assert "moved" not in await paper.findings()

    async def test_a_301_to_the_same_feed_is_told_after_days_and_changes_no_address_by_itself(self, paper):
        await paper.ask(feed_of(1, 2))
        told = []

        for day in range(9):
            await paper.ask(_moved(feed_of(1, 2, 3 + day)), after=DAY)
            told.append("moved" in await paper.findings())

        assert (told[:5], told[-1]) == ([False] * 5, True)
        assert {question.url for question in paper.fetcher.asked} == {URL}

    @pytest.mark.parametrize(
        ("answer", "kind"),
        [
            pytest.param(Failed(source="", why="redirects in a circle: back to x; it wants a cookie"), "failing",
                         id="a circle of redirects until a cookie is set"),
            pytest.param(Blocked(source="", why="200 OK: a challenge page for browsers", status=200), "blocked",
                         id="a challenge page, by its header"),
            pytest.param(
                b"<html><script>document.cookie='D1N=1';location.reload()</script></html>", "challenge",
                id="a challenge page, by its body"),
            pytest.param(Failed(source="", why="the certificate expired"), "failing", id="an old certificate"),
        ],
    )  # fmt: skip
    async def test_who_keeps_us_out_is_named_asked_more_seldom_and_costs_no_article(self, paper, answer, kind):
        await paper.ask(feed_of(1, 2))
        waits = []

        for _ in range(4):
            await paper.ask(answer)
            waits.append((await paper.state()).next_at - paper.clock.now())

        assert await paper.findings() == [kind]
        assert waits == sorted(waits)
        assert waits[-1] >= 4 * paper.config.sources["vna"].every
        assert len(await paper.items()) == 2

    @pytest.mark.parametrize(("status", "value"), [(404, Failed), (403, Blocked), (500, Failed)])
    async def test_who_answers_with_an_error_for_months_is_asked_each_day_and_welcome_back(self, paper, status, value):
        await paper.ask(feed_of(1))
        paper.fetcher.pages[URL] = value(source="", why=str(status), status=status)
        asked = 0
        for _ in range(60):
            asked += (await paper.ask(after=DAY, everything=False)).asked

        news = an_article(2, pubDate=format_datetime(paper.clock.now()))
        back = await paper.ask(a_feed(news), after=2 * DAY, everything=False)

        assert asked == 60
        assert (back.new, await paper.findings()) == (1, [])

    async def test_who_is_gone_is_asked_no_more_and_told(self, paper):
        await paper.ask(feed_of(1))
        await paper.ask(Gone(source=""))

        later = await paper.ask(feed_of(1, 2), after=365 * DAY, everything=False)

        assert (later.asked, await paper.findings()) == (0, ["gone"])
        assert len(await paper.items()) == 1

    async def test_a_partial_window_is_no_deletion(self, paper):
        await paper.ask(feed_of(1, 2, 3))
        window = Body(source="", url=URL, content=feed_of(0), partial=True)

        await paper.ask(window)
        whole = await paper.ask(feed_of(0, 1, 2, 3))

        assert (whole.new, len(await paper.items())) == (0, 4)


async def test_what_a_script_hides_in_a_link_reaches_no_reader(paper):
    await paper.ask(a_feed(an_article(0, title="A consulate opens", link="javascript:alert(1)", guid="x")))

    (story,) = curate(await paper.stories(), paper.config.feeds["diplomacy"], now=paper.clock.now())
    assert story.items[0].entry.url == ""


def _moved(content: bytes, to: str = PARKED) -> Body:
    return Body(source="", url=to, content=content, moved_to=to, content_type="text/html")

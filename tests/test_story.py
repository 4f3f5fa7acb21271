"""The whole tale, over loopback HTTP and SMTP: from feeds.yaml to feeds, pages, and mails read back."""

from __future__ import annotations

import re
from collections import Counter
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta

import fast_mail_parser
import feedparser
import httpx
import pytest

from syndicator.demo import DemoNewsroom, demo_config, demo_subscribers
from syndicator.demo.content import sample_feeds
from syndicator.demo.newsroom import demo_pages
from syndicator.model.mail import delivery_id
from syndicator.newsroom import load_text, open_newsroom
from syndicator.testing import FrozenClock, Quiet
from syndicator.web.app import create_app
from syndicator.web.pages import WebSettings
from syndicator.web.serve import listening

TUESDAY = datetime(2026, 7, 14, 13, 0, tzinfo=UTC)  # and 20 h in Ho Chi Minh City
SITE = "http://127.0.0.1:8000/"


class Tale:
    """A newsroom at work, with the servers at both its ends."""

    def __init__(self, folder, bundled, newsroom, browser, clock):
        self.folder, self.bundled, self.newsroom, self.browser, self.clock = folder, bundled, newsroom, browser, clock

    async def turn(self):
        return await self.newsroom.turn(Quiet(), everything=True)

    def mails(self):
        return self.bundled.post.messages()

    def files(self):
        public = self.folder / "public"
        return {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in public.rglob("*") if path.is_file()}

    def local(self, url):
        """Return *url* of the site, which in this test listens elsewhere."""
        assert url.startswith(SITE)
        return "/" + url.removeprefix(SITE)


@asynccontextmanager
async def a_tale(folder, *, readers=True):
    """Open the bundled newsroom in *folder*, with its site served on a port that the system picks."""
    clock = FrozenClock(TUESDAY)
    async with AsyncExitStack() as stack:
        bundled = stack.enter_context(DemoNewsroom(folder, epoch=TUESDAY, slow_seconds=0.0))
        config = load_text(demo_config(), env=bundled.environment)
        newsroom = await stack.enter_async_context(open_newsroom(config, folder, hosts=bundled.hosts, clock=clock))
        if readers:
            await newsroom.store.record_subscribers(demo_subscribers(TUESDAY))
        numbers = iter(range(1, 99))
        app = create_app(
            public=folder / config.public,
            store=newsroom.store,
            templates=newsroom.templates,
            settings=WebSettings(
                site=config.site, newsletters=config.newsletters, tags=config.tags, secret=await newsroom.secret()
            ),
            clock=clock,
            new_id=lambda: f"visitor-{next(numbers)}",
        )
        host, port = await stack.enter_async_context(listening(app, host="127.0.0.1", port=0))
        browser = await stack.enter_async_context(httpx.AsyncClient(base_url=f"http://{host}:{port}"))
        yield Tale(folder, bundled, newsroom, browser, clock)


def read(mail):
    """Return a mail as a decoder that is not Python's reads it."""
    return fast_mail_parser.parse_email(mail.data)


def header(mail, name):
    """Return the one header *name* of a mail."""
    values = read(mail).headers[name]
    [value] = [values] if isinstance(values, str) else values
    return value


def links(mail, pattern):
    [text] = read(mail).text_plain
    return re.findall(pattern, text)


async def test_from_sixteen_and_more_papers_to_the_readers_mailbox(tmp_path):
    async with a_tale(tmp_path) as tale:
        first = await tale.turn()

        # The papers were asked over HTTP, and what is wrong with some did not stop the others.
        visits = [visit for visit in tale.bundled.web.log if visit.path != "/robots.txt"]
        statuses = Counter(visit.status for visit in visits)
        assert statuses[200] >= 16
        assert statuses[301] == statuses[404] == 1
        assert len(first.refresh.failed) == 2
        assert first.refresh.new >= 150
        assert 0.25 < first.refresh.kept / (first.refresh.kept + first.refresh.rejected) < 0.45

        # Feeds of all three kinds stand on the site, and somebody else's parser reads them.
        for feed in tale.newsroom.config.feeds:
            rss, atom, json = [
                (await tale.browser.get(f"/feeds/{feed}/{name}")) for name in ("rss.xml", "atom.xml", "feed.json")
            ]
            heard = feedparser.parse(rss.content), feedparser.parse(atom.content)
            assert [one.bozo for one in heard] == [False, False]
            titles = [item["title"] for item in json.json()["items"]]
            assert titles
            assert [entry.title for entry in heard[0].entries] == [entry.title for entry in heard[1].entries] == titles
        front = await tale.browser.get("/vi/index.html")
        assert 'lang="vi"' in front.text

        # Some stories are told by several outlets, some in two languages.
        stories = await tale.newsroom.gather()
        assert sum(len(story.outlets) > 1 for story in stories) >= 8
        assert sum(len(story.languages) > 1 for story in stories) >= 3

        # Ten readers of twelve got one mail each: one never confirmed, one has left.
        mails = tale.mails()
        assert len(mails) == len({mail.recipient for mail in mails}) == 10
        assert not {"aroha@reader.example", "quang@reader.example"} & {mail.recipient for mail in mails}
        by_reader = {mail.recipient: mail for mail in mails}
        keiko, huong = by_reader["keiko@reader.example"], by_reader["huong@reader.example"]
        assert header(keiko, "Content-Language") == "ja"
        assert "2026年7月13日" in read(keiko).subject
        assert read(huong).subject.startswith(tale.newsroom.config.newsletters["daily"].title.to("vi"))
        for mail in mails:
            message = read(mail)
            assert header(mail, "List-Unsubscribe-Post") == "List-Unsubscribe=One-Click"
            assert "SLOT-" not in message.text_plain[0] + message.text_html[0]
            assert mail.recipient in message.text_plain[0]

        # At once again: nothing is new anywhere, no file is touched, nobody is mailed twice.
        before, asked = tale.files(), len(tale.bundled.web.log)
        second = await tale.turn()
        assert (second.refresh.not_modified, len(second.refresh.failed)) == (first.refresh.changed_sources, 2)
        assert {v.status for v in tale.bundled.web.log[asked:]} == {304, 301, 404, 200}
        assert tale.files() == before
        assert len(tale.mails()) == 10


async def test_guids_that_a_paper_makes_up_anew_bring_no_news(tmp_path):
    async with a_tale(tmp_path, readers=False) as tale:
        await tale.turn()
        tale.bundled.web.pages = demo_pages(sample_feeds(), epoch=TUESDAY, edition=1)

        report = await tale.turn()

        assert report.refresh.changed_sources >= 1
        assert report.refresh.new == 0


async def test_a_rehearsal_asks_and_says_all_and_writes_and_sends_nothing(tmp_path):
    async with a_tale(tmp_path) as tale:
        async with open_newsroom(
            tale.newsroom.config, tmp_path, hosts=tale.bundled.hosts, clock=tale.clock, rehearsal=True
        ) as rehearsal:
            before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
            report = await rehearsal.turn(Quiet(), everything=True)

        assert (report.refresh.new > 150, report.publish.feed_files_written) == (True, 15)
        assert report.dispatch.sent.total() == 10
        assert tale.mails() == []
        assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


async def test_a_stranger_signs_up_is_asked_confirms_is_mailed_and_leaves(tmp_path):
    async with a_tale(tmp_path, readers=False) as tale:
        await tale.turn()
        form = {"email": "Linh@reader.example", "newsletter": "daily", "language": "fr", "timezone": "Europe/Paris"}

        # Whoever types the address, and however often: one mail that asks, and nothing else.
        for _ in range(3):
            answer = await tale.browser.post("/subscribe", data=form)
            assert answer.status_code == 200
        tale.clock.advance(timedelta(minutes=1))
        await tale.turn()
        [question] = tale.mails()
        assert question.recipient == "Linh@reader.example"
        assert "List-Unsubscribe" not in read(question).headers
        [confirm] = links(question, SITE + r"confirm/\S+")

        # To look at the page changes nothing; to press its button does.
        page = await tale.browser.get(tale.local(confirm))
        assert page.status_code == 200
        await tale.turn()
        assert len(tale.mails()) == 1
        done = await tale.browser.post(tale.local(confirm))
        assert done.status_code == 200

        # The reader's next own midnight brings the first digest, in French.
        tale.clock.advance(timedelta(hours=10))
        await tale.turn()
        _, digest = tale.mails()
        assert header(digest, "Content-Language") == "fr"
        one_click = header(digest, "List-Unsubscribe").strip("<>")

        # A mail program's one click ends it.
        left = await tale.browser.post(tale.local(one_click), data={"List-Unsubscribe": "One-Click"})
        assert left.status_code == 200
        tale.clock.advance(timedelta(days=1))
        await tale.turn()
        assert len(tale.mails()) == 2


async def test_a_refusal_or_a_broken_connection_loses_no_mail_and_repeats_none(tmp_path):
    async with a_tale(tmp_path) as tale:
        grey = {"keiko@reader.example": "450 4.2.0 Greylisted, come back in five minutes"}
        tale.bundled.post.refuse = grey.get

        first = await tale.turn()
        assert [reply for _, reply in first.dispatch.deferred] == [grey["keiko@reader.example"]]
        assert first.dispatch.sent.total() == 9

        grey.clear()
        assert (await tale.turn()).dispatch.sent.total() == 0
        tale.clock.advance(timedelta(minutes=10))
        again = await tale.turn()
        assert dict(again.dispatch.sent) == {"ja": 1}
        assert max(Counter(mail.recipient for mail in tale.mails()).values()) == 1


@pytest.mark.parametrize("kept", [True, False])
async def test_a_connection_that_breaks_after_the_final_dot_leaves_one_mail_in_doubt(tmp_path, kept):
    async with a_tale(tmp_path) as tale:
        tale.bundled.post.drop_after(3, kept=kept)

        first = await tale.turn()
        assert len(first.dispatch.deferred) == 1
        tale.clock.advance(timedelta(minutes=10))
        await tale.turn()

        mails = tale.mails()
        assert len({mail.recipient for mail in mails}) == 10
        assert len(mails) == (11 if kept else 10)
        # The second try has the same Message-ID and the same bytes, by which a mail server knows it again.
        assert len({mail.data for mail in mails}) == 10


async def test_without_its_mail_server_the_newsroom_publishes_and_owes(tmp_path):
    async with a_tale(tmp_path) as tale:
        tale.bundled.post.close()

        report = await tale.turn()

        assert "127.0.0.1" in report.mail_error
        assert report.publish.feed_files_written == 15
        owed = await tale.newsroom.store.deliveries([delivery_id("daily/2026-07-14", "r01f9c3b7")])
        assert [(delivery.state, delivery.attempts) for delivery in owed.values()] == [("pending", 0)]

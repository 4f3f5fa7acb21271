import asyncio
import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

import syndicator.worker
from syndicator.errors import MailError, PublishError, StoreError
from syndicator.model.edition import Variant
from syndicator.model.mail import Accepted
from syndicator.model.subscriber import Subscription
from syndicator.newsroom import Newsroom
from syndicator.pipeline.incidents import incidents_path
from syndicator.pipeline.readers import wish_words
from syndicator.testing import (
    NOON,
    FakeFetcher,
    FrozenClock,
    MemoryShelf,
    Outbox,
    Quiet,
    a_delivery,
    a_subscriber,
    an_rss_document,
)
from syndicator.worker import PUBLISH_REST, RENEWAL, Worker


async def a_question(store):
    """Owe a confirmation mail to somebody who asked."""
    ada = a_subscriber(subscriptions=(Subscription(newsletter="weekly"),))
    owed = a_delivery(edition="confirm/1", variant="confirm/1", wish=" ".join(wish_words(ada)))
    await store.record_subscribers([ada])
    await store.freeze(None, [A_QUESTION], [owed])


async def a_round(worker):
    await worker.news()
    await worker.mail()


A_QUESTION = Variant(id="confirm/1", edition="confirm/1", language="en", subject="Please confirm", html="", text="")


@pytest.fixture
def newsroom(config, store, clock, templates):
    return Newsroom(
        config=config,
        folder=Path(),
        store=store,
        fetcher=FakeFetcher({"https://vna.example/rss.xml": an_rss_document("A consulate opens")}),
        mailer=Outbox(),
        shelf=MemoryShelf(),
        templates=templates,
        clock=clock,
        jitter=lambda: 0.0,
    )


async def test_a_round_asks_publishes_and_sends_what_is_due(newsroom):
    await newsroom.store.record_subscribers([a_subscriber()])

    worker = Worker(newsroom)
    await a_round(worker)
    await a_round(worker)

    assert b"A consulate opens" in newsroom.shelf.files["feeds/diplomacy/rss.xml"]
    assert "archive/weekly/2026-07-13.html" in newsroom.shelf.files
    assert [message.recipient for message in newsroom.mailer.sent] == ["ada@reader.example"]


async def test_the_stories_that_were_gathered_last_can_be_looked_at(newsroom):
    worker = Worker(newsroom)
    before = worker.stories
    await a_round(worker)

    assert before is None
    assert [item.entry.title for story in worker.stories for item in story.items] == ["A consulate opens"]


async def test_what_is_stored_can_be_looked_at_while_the_papers_are_asked(newsroom, monkeypatch):
    await a_round(Worker(newsroom))
    restarted, seen = Worker(newsroom), []
    refresh = Newsroom.refresh

    async def look_and_refresh(self, progress):
        seen.append(restarted.stories)
        return await refresh(self, progress)

    monkeypatch.setattr(Newsroom, "refresh", look_and_refresh)
    await a_round(restarted)

    [stories] = seen
    assert [item.entry.title for story in stories for item in story.items] == ["A consulate opens"]


async def test_of_an_empty_store_nothing_is_told_before_the_papers_were_asked(newsroom, monkeypatch):
    worker, seen = Worker(newsroom), []
    refresh = Newsroom.refresh

    async def look_and_refresh(self, progress):
        seen.append(worker.stories)
        return await refresh(self, progress)

    monkeypatch.setattr(Newsroom, "refresh", look_and_refresh)
    await a_round(worker)

    assert seen == [None]


async def test_a_round_in_which_nothing_is_due_does_nothing(newsroom, clock):
    worker = Worker(newsroom)
    await a_round(worker)
    asked = len(newsroom.fetcher.asked)
    newsroom.shelf.files.clear()
    clock.advance(timedelta(seconds=15))

    await a_round(worker)

    assert (len(newsroom.fetcher.asked), newsroom.shelf.files) == (asked, {})


async def test_what_is_found_wrong_or_healed_is_published_though_no_news_comes(newsroom, clock):
    short = timedelta(minutes=5)
    sources = {"vna": replace(newsroom.config.sources["vna"], every=short)}
    object.__setattr__(newsroom.config, "sources", sources)
    url, worker, told = "https://vna.example/rss.xml", Worker(newsroom), []
    pages = newsroom.fetcher.pages
    incidents = incidents_path(await newsroom.secret()) + ".json"
    await a_round(worker)
    for document in (b"<html><body>We are moving house</body></html>", pages[url]):
        pages[url] = document
        newsroom.shelf.files.clear()
        clock.advance(4 * short)
        await a_round(worker)
        told.append(json.loads(newsroom.shelf.files[incidents])["items"])

    assert clock.now() - NOON < RENEWAL
    assert [len(items) for items in told] == [1, 0]


async def test_stories_grow_old_though_nothing_comes_in(newsroom, clock):
    worker = Worker(newsroom)
    await a_round(worker)
    newsroom.fetcher.pages.clear()
    clock.advance(timedelta(days=15) + RENEWAL)

    await a_round(worker)

    assert b"A consulate opens" not in newsroom.shelf.files["index.html"]
    # … but a feed is never emptied: its readers would take that for a fault, and it would be one.
    assert b"A consulate opens" in newsroom.shelf.files["feeds/diplomacy/rss.xml"]


async def test_a_round_that_fails_does_not_end_the_service(newsroom):
    stop, rounds = asyncio.Event(), []

    class Flaky(MemoryShelf):
        async def put(self, documents):
            rounds.append(1)
            if len(rounds) == 1:
                raise PublishError("public/: cannot be written")
            stop.set()
            return await super().put(documents)

    class Hurried(FrozenClock):
        def now(self):
            self.advance(PUBLISH_REST / 3)
            return self.time

    object.__setattr__(newsroom, "shelf", Flaky())
    object.__setattr__(newsroom, "clock", Hurried())
    worker = Worker(newsroom)

    await asyncio.wait_for(worker.run(stop, tick=timedelta(0)), timeout=30)

    assert len(rounds) == 2
    assert b"A consulate opens" in newsroom.shelf.files["index.html"]
    assert worker.finished_at is not None


async def test_a_site_that_cannot_be_written_holds_up_no_mail(newsroom):
    class Full(MemoryShelf):
        async def put(self, documents):
            raise PublishError("public/: the disk is full")

    object.__setattr__(newsroom, "shelf", Full())
    await a_question(newsroom.store)

    await a_round(Worker(newsroom))

    assert [message.recipient for message in newsroom.mailer.sent] == ["ada@reader.example"]


async def test_a_mail_server_that_cannot_be_used_is_left_alone_for_a_while(newsroom, clock):
    knocks = []

    class Closed(Outbox):
        async def send(self, messages):
            knocks.append(clock.now())
            raise MailError("mail.example:25: nobody answers")
            yield

    object.__setattr__(newsroom, "mailer", Closed())
    await newsroom.store.record_subscribers([a_subscriber()])
    worker = Worker(newsroom)

    for _ in range(3):
        await a_round(worker)
        clock.advance(timedelta(minutes=2))
    object.__setattr__(newsroom, "mailer", Outbox())
    await a_round(worker)

    assert len(knocks) == 1
    assert len(newsroom.mailer.sent) == 1


async def test_a_mail_server_that_is_silent_keeps_no_news_back_and_no_end(newsroom, monkeypatch):
    monkeypatch.setattr(syndicator.worker, "GRACE", timedelta(0))
    stop, waiting = asyncio.Event(), asyncio.Event()

    class Silent(Outbox):
        async def send(self, messages):
            next(iter(messages))
            waiting.set()
            await asyncio.Event().wait()
            yield

    object.__setattr__(newsroom, "mailer", Silent())
    await a_question(newsroom.store)
    shown = asyncio.Event()

    class Watched(MemoryShelf):
        async def put(self, documents):
            shown.set()
            return await super().put(documents)

    object.__setattr__(newsroom, "shelf", Watched())
    running = asyncio.create_task(Worker(newsroom).run(stop, tick=timedelta(0)))
    await asyncio.wait_for(asyncio.gather(waiting.wait(), shown.wait()), timeout=30)

    stop.set()
    await asyncio.wait_for(running, timeout=30)

    assert b"A consulate opens" in newsroom.shelf.files["index.html"]
    [given_back] = await newsroom.store.claim(now=newsroom.clock.now(), limit=9, lease=timedelta(minutes=1))
    assert given_back.state == "pending"


class Slow(Outbox):
    """A mail server that has the whole mail and takes its time to say so."""

    def __init__(self):
        super().__init__()
        self.has_it, self.may_answer = asyncio.Event(), asyncio.Event()

    async def send(self, messages):
        for message in messages:
            self.sent.append(message)
            self.has_it.set()
            await self.may_answer.wait()
            yield Accepted(delivery=message.delivery)


async def test_where_there_is_no_hurry_a_mail_under_way_is_waited_for_and_never_sent_again(newsroom, monkeypatch):
    monkeypatch.setattr(syndicator.worker, "GRACE", timedelta(0))
    slow, stop = Slow(), asyncio.Event()
    object.__setattr__(newsroom, "mailer", slow)
    await a_question(newsroom.store)
    running = asyncio.create_task(Worker(newsroom).run(stop, hurry=asyncio.Event(), tick=timedelta(0)))
    await asyncio.wait_for(slow.has_it.wait(), timeout=30)

    stop.set()
    for _ in range(50):
        await asyncio.sleep(0)
    waited = not running.done()
    slow.may_answer.set()
    await asyncio.wait_for(running, timeout=30)
    await Worker(newsroom).mail()

    assert waited
    assert len(slow.sent) == 1


async def test_a_hurry_that_comes_later_ends_what_takes_too_long(newsroom, monkeypatch):
    monkeypatch.setattr(syndicator.worker, "GRACE", timedelta(0))
    slow, stop, hurry = Slow(), asyncio.Event(), asyncio.Event()
    object.__setattr__(newsroom, "mailer", slow)
    await a_question(newsroom.store)
    running = asyncio.create_task(Worker(newsroom).run(stop, hurry=hurry, tick=timedelta(0)))
    await asyncio.wait_for(slow.has_it.wait(), timeout=30)

    stop.set()
    hurry.set()
    await asyncio.wait_for(running, timeout=30)

    [given_back] = await newsroom.store.claim(now=newsroom.clock.now(), limit=9, lease=timedelta(minutes=1))
    assert given_back.state == "pending"


async def test_a_turn_that_cannot_publish_sends_all_the_same_and_says_so(newsroom):
    class Full(MemoryShelf):
        async def put(self, documents):
            raise PublishError("public/: the disk is full; make room")

    object.__setattr__(newsroom, "shelf", Full())
    await newsroom.store.record_subscribers([a_subscriber()])

    report = await newsroom.turn(Quiet())

    assert report.faults == ["public/: the disk is full; make room"]
    assert report.dispatch.sent.total() == 1


async def test_what_could_not_be_gathered_is_not_published_as_if_it_were_all(newsroom, monkeypatch):
    gather, failures = type(newsroom).gather, iter([StoreError("the disk is busy")] * 2)

    async def flaky(self):
        for failure in failures:
            raise failure
        return await gather(self)

    monkeypatch.setattr(type(newsroom), "gather", flaky)
    worker = Worker(newsroom)

    await a_round(worker)
    assert (newsroom.shelf.files, worker.finished_at) == ({}, None)
    await a_round(worker)

    assert b"A consulate opens" in newsroom.shelf.files["index.html"]
    assert worker.finished_at is not None

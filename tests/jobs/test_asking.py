"""How a refresh asks: with leave, one process at a time, by no wrong address, and never in vain."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from syndicator.jobs.refresh import LEASE, OFFLINE_WAIT, refresh
from syndicator.jobs.robots import TRY_AGAIN
from syndicator.model.source import Body, Expect, Failed, Gone, NotModified, Repair, Validators
from syndicator.pipeline.cadence import first_state
from syndicator.testing import NOON, FakeFetcher, Quiet, an_rss_document

VNA, TUOITRE = "https://vna.example/rss.xml", "https://tuoitre.example/rss.xml"
ROBOTS = "https://vna.example/robots.txt"
PAGES = {VNA: an_rss_document("A consulate opens", "Rain at noon"), TUOITRE: an_rss_document("Mưa")}
DAY = timedelta(days=1)


@pytest.fixture
def ask(config, store, clock):
    async def once(fetcher, **more):
        return await refresh(
            config, store=store, fetcher=fetcher, clock=clock, jitter=lambda: 0.0, progress=Quiet(), **more
        )

    return once


@pytest.fixture
def edit(config):
    def change(id, **changes):
        object.__setattr__(config, "sources", {**config.sources, id: replace(config.sources[id], **changes)})

    return change


async def state_of(store, id):
    return (await store.source_states([id]))[id]


class TestRobots:
    async def test_a_source_that_is_forbidden_is_not_asked_and_says_why(self, ask):
        fetcher = FakeFetcher(PAGES | {ROBOTS: b"User-agent: *\nDisallow: /rss.xml"})

        report = await ask(fetcher)

        assert [question.url for question in fetcher.asked] == [TUOITRE]
        ((source, why),) = report.failed
        assert (source, "robots.txt" in why, "/rss.xml" in why) == ("vna", True, True)

    async def test_a_reason_in_feeds_yaml_goes_before_it(self, ask, edit):
        edit("vna", ignore_robots="permission by letter")
        fetcher = FakeFetcher(PAGES | {ROBOTS: b"User-agent: *\nDisallow: /"})

        report = await ask(fetcher)

        assert (report.failed, len(fetcher.asked)) == ([], 2)
        assert ROBOTS not in [question.url for question in fetcher.asked_robots]

    async def test_it_is_asked_once_a_day(self, ask, clock):
        fetcher = FakeFetcher(PAGES)

        await ask(fetcher, everything=True)
        await ask(fetcher, everything=True)
        clock.advance(DAY + timedelta(minutes=1))
        await ask(fetcher, everything=True)

        assert [question.url for question in fetcher.asked_robots].count(ROBOTS) == 2
        assert len(fetcher.asked) == 6

    async def test_the_gap_that_it_wishes_is_kept(self, ask):
        fetcher = FakeFetcher(PAGES | {ROBOTS: b"User-agent: syndicator\nCrawl-delay: 7"})

        await ask(fetcher)

        assert {question.url: question.spacing.seconds for question in fetcher.asked} == {VNA: 7, TUOITRE: 0}

    async def test_a_broken_one_forbids_all_until_it_can_be_read_but_for_whoever_knows_its_last_word(self, ask, clock):
        broken = Failed(source="", why="503", status=503)
        fetcher = FakeFetcher(PAGES)
        first = await ask(FakeFetcher(PAGES | {ROBOTS: broken}))
        await ask(fetcher, everything=True)
        clock.advance(2 * DAY)
        fetcher.pages[ROBOTS] = broken

        later = await ask(fetcher, everything=True)

        assert [source for source, _ in first.failed] == ["vna"]
        assert later.failed == []

    @pytest.mark.parametrize(
        "answer",
        [
            pytest.param(Failed(source="", why="no answer within 30 s"), id="cannot be reached"),
            pytest.param(Failed(source="", why="503", status=503), id="is broken"),
        ],
    )
    async def test_the_last_word_of_one_that_is_not_to_be_had_goes_on_forbidding(self, ask, store, clock, answer):
        fetcher = FakeFetcher(PAGES | {ROBOTS: b"User-agent: *\nDisallow: /rss.xml"})
        await ask(fetcher)
        fetcher.pages[ROBOTS] = answer
        clock.advance(DAY)
        await ask(fetcher, everything=True)
        clock.advance(TRY_AGAIN)
        await ask(fetcher, everything=True)

        assert VNA not in [question.url for question in fetcher.asked]
        assert (await state_of(store, "vna")).robots.disallows == "/rss.xml"
        assert [question.url for question in fetcher.asked_robots].count(ROBOTS) == 3

    async def test_the_last_word_of_one_that_cannot_be_reached_goes_on_allowing(self, ask, clock):
        fetcher = FakeFetcher(PAGES)
        await ask(fetcher)
        fetcher.pages[ROBOTS] = Failed(source="", why="no answer within 30 s")
        clock.advance(DAY)

        report = await ask(fetcher, everything=True)

        assert report.failed == []

    async def test_a_host_that_cannot_be_reached_for_it_fails_and_is_asked_nothing_else(self, ask, store):
        fetcher = FakeFetcher(PAGES | {ROBOTS: Failed(source="", why="no answer within 30 s")})

        report = await ask(fetcher)

        state = await state_of(store, "vna")
        assert report.failed == [("vna", "no answer within 30 s")]
        assert (state.failures, state.outcome, state.robots) == (1, "no answer within 30 s", None)
        assert VNA not in [question.url for question in fetcher.asked]

    @pytest.mark.parametrize(
        "why",
        [
            "larger than 8 MiB",
            "redirects in a circle: back to https://vna.example/robots.txt",
            "too many redirects (more than 10): the last one to https://vna.example/10",
        ],
    )
    async def test_what_can_be_no_list_of_rules_forbids_nothing(self, ask, why):
        report = await ask(FakeFetcher(PAGES | {ROBOTS: Failed(source="", why=why)}))

        assert (report.failed, report.asked) == ([], 2)

    async def test_one_that_never_answers_holds_up_no_other_host(self, ask):
        class Mute(FakeFetcher):
            async def fetch(self, questions):
                questions = list(questions)
                async for answer in super().fetch(question for question in questions if question.url != ROBOTS):
                    yield answer
                if self.asked:
                    asked.set()
                if any(question.url == ROBOTS for question in questions):
                    await asyncio.sleep(3600)

        asked = asyncio.Event()
        fetcher = Mute(PAGES)
        task = asyncio.create_task(ask(fetcher))
        async with asyncio.timeout(10):
            await asked.wait()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

        assert [question.url for question in fetcher.asked] == [TUOITRE]

    @pytest.mark.parametrize("private", [False, True])
    async def test_it_may_lie_in_a_private_network_where_its_source_may(self, ask, edit, private):
        edit("vna", allow_private=private)
        fetcher = FakeFetcher(PAGES)

        await ask(fetcher)

        asked = {question.url: question.allow_private for question in [*fetcher.asked_robots, *fetcher.asked]}
        assert (asked[ROBOTS], asked[VNA], asked[TUOITRE]) == (private, private, False)


class TestOnePoller:
    async def test_what_another_process_is_asking_is_left_to_it(self, ask, config, store, clock):
        state = (await store.claim_sources([_first(config, "vna")], now=clock.now(), lease=LEASE))[0]
        fetcher = FakeFetcher(PAGES)

        report = await ask(fetcher)

        assert (state.id, report.asked, report.elsewhere) == ("vna", 1, 1)
        assert [question.source for question in fetcher.asked] == ["tuoitre"]

    async def test_after_a_kill_its_sources_are_asked_when_the_lease_is_over(self, ask, config, store, clock):
        await store.claim_sources([_first(config, "vna")], now=clock.now(), lease=LEASE)
        clock.advance(LEASE)

        report = await ask(FakeFetcher(PAGES))

        assert (report.asked, report.elsewhere) == (2, 0)

    async def test_whoever_stops_it_frees_what_was_not_asked(self, ask, store):
        class Stuck(FakeFetcher):
            async def fetch(self, questions):
                for question in questions:
                    if question.source == "vna":
                        reached.set()
                        await asyncio.sleep(3600)
                    yield self._answer(question)

        reached = asyncio.Event()
        task = asyncio.create_task(ask(Stuck({TUOITRE: PAGES[TUOITRE]})))
        await reached.wait()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

        report = await ask(FakeFetcher(PAGES))

        assert (report.asked, report.elsewhere) == (2, 0)

    async def test_a_long_turn_renews_its_claims(self, ask, config, store, clock):
        object.__setattr__(config, "sources", dict(reversed(config.sources.items())))

        class Slow(FakeFetcher):
            async def fetch(self, questions):
                async for answer in super().fetch(questions):
                    if answer.source == "tuoitre":
                        clock.advance(LEASE / 2)
                    yield answer
                    for _ in range(1000 if answer.source == "tuoitre" else 0):
                        held.append((await state_of(store, "vna")).claimed_until)
                        if held[-1] != held[0]:
                            break

        held = []
        await ask(Slow({TUOITRE: PAGES[TUOITRE], VNA: PAGES[VNA]}), everything=True)

        assert (held[0], held[-1]) == (NOON + LEASE, NOON + LEASE / 2 + LEASE)

    async def test_a_turn_renews_its_claims_while_no_server_has_answered_and_nothing_is_written(
        self, ask, edit, store, clock
    ):
        class Down(FakeFetcher):
            async def fetch(self, questions):
                async for answer in super().fetch(questions):
                    clock.advance(LEASE / 2)
                    yield answer
                    # The answer is taken on by another task, in its own time.
                    for _ in range(1000):
                        held.add((await state_of(store, "vna")).claimed_until)
                        if NOON + LEASE / 2 + LEASE in held:
                            break

        held = set()
        edit("vna", ignore_robots="so that feeds alone are asked")
        edit("tuoitre", ignore_robots="so that feeds alone are asked")
        down = Failed(source="", why="no answer within 30 s", unreached=True)

        report = await ask(Down({VNA: down, TUOITRE: down}))

        assert report.offline
        assert held >= {NOON + LEASE, NOON + LEASE / 2 + LEASE}


class TestOurOwnNetwork:
    async def test_when_no_server_at_all_is_reached_none_is_blamed(self, ask, store, clock):
        down = Failed(source="", why="host not found", unreached=True)
        await ask(FakeFetcher(PAGES))
        clock.advance(DAY / 2)

        report = await ask(FakeFetcher({VNA: down, TUOITRE: down}))

        state = await state_of(store, "vna")
        assert (report.offline, len(report.failed)) == (True, 2)
        assert (state.failures, state.findings, state.next_at) == (0, (), clock.now() + OFFLINE_WAIT)

    async def test_when_another_server_answers_the_failure_is_its_own(self, ask, store):
        report = await ask(
            FakeFetcher({VNA: Failed(source="", why="host not found", unreached=True), TUOITRE: PAGES[TUOITRE]})
        )

        assert (report.offline, (await state_of(store, "vna")).failures) == (False, 1)


class TestAPageInPlaceOfAFeed:
    PAGE = b'<html><head><link rel="alternate" type="application/rss+xml" href="/feeds/all.xml"></head>Home</html>'

    async def test_the_feed_that_it_names_is_tried_once_and_suggested(self, ask, store, clock):
        fetcher = FakeFetcher(PAGES | {VNA: self.PAGE, "https://vna.example/feeds/all.xml": PAGES[VNA]})

        await ask(fetcher)
        clock.advance(DAY)
        await ask(fetcher, everything=True)

        state = await state_of(store, "vna")
        assert state.suggested == "https://vna.example/feeds/all.xml"
        assert any(state.suggested in finding.text + finding.remedy for finding in state.findings)
        assert [question.url for question in fetcher.asked].count(state.suggested) == 1

    async def test_what_is_no_feed_is_not_suggested(self, ask, store):
        await ask(FakeFetcher(PAGES | {VNA: self.PAGE, "https://vna.example/feeds/all.xml": b"<html>No</html>"}))

        assert (await state_of(store, "vna")).suggested == ""

    @pytest.mark.parametrize(
        "robots",
        [
            pytest.param(b"User-agent: *\nDisallow: /feeds/", id="forbids it"),
            pytest.param(Failed(source="", why="503", status=503), id="is broken"),
            pytest.param(Failed(source="", why="no answer within 30 s"), id="cannot be reached"),
        ],
    )
    async def test_one_whose_robots_txt_forbids_it_is_not_tried(self, ask, store, robots):
        other = "https://feeds.example/feeds/all.xml"
        page = self.PAGE.replace(b"/feeds/all.xml", other.encode())
        fetcher = FakeFetcher(PAGES | {VNA: page, other: PAGES[VNA], "https://feeds.example/robots.txt": robots})

        await ask(fetcher)

        assert other not in [question.url for question in fetcher.asked]
        assert (await state_of(store, "vna")).suggested == ""

    @pytest.mark.parametrize("private", [False, True])
    async def test_one_in_a_private_network_is_reached_only_where_its_source_may_be_there(self, ask, edit, private):
        edit("vna", allow_private=private)
        inside = "http://10.0.0.1/feed.xml"
        fetcher = FakeFetcher(PAGES | {VNA: self.PAGE.replace(b"/feeds/all.xml", inside.encode())})

        await ask(fetcher)

        asked = {question.url: question.allow_private for question in [*fetcher.asked_robots, *fetcher.asked]}
        assert (asked["http://10.0.0.1/robots.txt"], asked[inside]) == (private, private)

    async def test_it_is_asked_ever_more_seldom(self, ask, store, clock):
        fetcher = FakeFetcher(PAGES | {VNA: b"<html><body>We are moving house</body></html>"})
        waits = []
        for _ in range(4):
            await ask(fetcher, everything=True)
            waits.append((await state_of(store, "vna")).next_at - clock.now())

        assert waits == sorted(waits)
        assert waits[-1] > 4 * waits[0]


class TestWhatIsRead:
    async def test_unchanged_entries_are_not_read_again(self, ask, store, clock, monkeypatch):
        fetcher = FakeFetcher(PAGES)
        await ask(fetcher)
        fetcher.pages[VNA] = an_rss_document("A consulate opens", "Rain at noon", "A bridge opens")
        read = []
        parse = refresh.__globals__["read_answer"]
        monkeypatch.setitem(refresh.__globals__, "read_answer", lambda *a, **k: read.append(parse(*a, **k)) or read[-1])

        report = await ask(fetcher, everything=True)

        entries = [entry.title for reading in read if reading.parsed for entry in reading.parsed.entries]
        assert (entries, report.new, report.changed) == (["A bridge opens"], 1, 0)

    async def test_a_fault_is_told_as_long_as_it_stands_and_changes_nothing(self, ask, store):
        def document(*titles):
            return an_rss_document(*titles).replace(b"<link>https://vna.example/0<", b"<link>javascript:x<")

        fetcher = FakeFetcher(PAGES | {VNA: document("A consulate opens", "Rain at noon")})
        await ask(fetcher)
        first = (await state_of(store, "vna")).problems
        fetcher.pages[VNA] = document("A consulate opens", "Rain at noon", "A bridge opens")

        report = await ask(fetcher, everything=True)

        assert (len(first), (await state_of(store, "vna")).problems) == (1, first)
        assert (report.new, report.changed) == (1, 0)

    async def test_an_edit_of_a_repair_reads_the_same_bytes_again(self, ask, edit, store, clock):
        zoneless = PAGES[VNA].replace(b" +0000", b"")
        fetcher = FakeFetcher({VNA: Body(source="", url=VNA, content=zoneless), TUOITRE: PAGES[TUOITRE]})
        await ask(fetcher)
        before = await state_of(store, "vna")

        edit("vna", repair=Repair(timezone="Asia/Ho_Chi_Minh"))
        await ask(fetcher, everything=True)

        assert (await state_of(store, "vna")).body_hash != before.body_hash

    async def test_an_edit_of_what_is_expected_judges_the_whole_document(self, ask, edit, store):
        titles = [f"News {n}" for n in range(6)]
        fetcher = FakeFetcher(PAGES | {VNA: an_rss_document(*titles)})
        await ask(fetcher)
        before = await state_of(store, "vna")
        edit("vna", expect=Expect(host="tuoitre.example"))
        fetcher.pages[VNA] = an_rss_document(*titles, "A bridge opens")

        report = await ask(fetcher, everything=True)

        state = await state_of(store, "vna")
        assert (len(before.sample), len(state.sample)) == (7, 8)
        assert "host" not in [finding.kind for finding in before.findings]
        assert [finding.text[:19] for finding in state.findings if finding.kind == "host"] == ["7 of its last 7 lin"]
        assert (report.new, report.changed) == (1, 0)

    async def test_an_entry_or_two_at_a_time_are_judged_by_the_last_twenty(self, ask, edit, store):
        edit("vna", expect=Expect(host="vna.example"))
        elsewhere, found = [], []
        fetcher = FakeFetcher(PAGES | {VNA: an_rss_document(*(f"News {n}" for n in range(6)))})
        await ask(fetcher)
        for hour in range(6):
            elsewhere += [f"Casino {hour} 1", f"Casino {hour} 2"]
            fetcher.pages[VNA] = an_rss_document(*elsewhere, host="casino.example")
            await ask(fetcher, everything=True)
            found.append("host" in [finding.kind for finding in (await state_of(store, "vna")).findings])

        assert found == [False, False, False, True, True, True]

    async def test_what_lies_behind_a_redirect_to_another_feed_does_not_count_among_the_last(self, ask, store):
        other = an_rss_document("Casino", host="casino.example").replace(b"Wire", b"Casino")
        moved = Body(source="", url="https://casino.example/", content=other, moved_to="https://casino.example/")
        await ask(FakeFetcher(PAGES))
        before = await state_of(store, "vna")

        await ask(FakeFetcher(PAGES | {VNA: moved}), everything=True)

        state = await state_of(store, "vna")
        assert ("another feed" in state.outcome, len(state.sample), state.sample) == (True, 3, before.sample)

    async def test_an_article_of_the_future_that_is_left_out_is_told_of_until_its_date_comes(
        self, ask, edit, store, clock
    ):
        edit("vna", repair=Repair(future_dates="skip"))
        page = an_rss_document("A consulate opens", "Rain at noon", "A bridge opens")
        today, *later = (f"{NOON + n * DAY:%a, %d %b}".encode() for n in range(3))
        for date in later:
            page = page.replace(today, date, 1)
        fetcher, told = FakeFetcher(PAGES | {VNA: page}), []
        for _ in range(3):
            await ask(fetcher, everything=True)
            told.append((await state_of(store, "vna")).problems)
            clock.advance(DAY)

        assert told == [
            ("2 entries are of the future, and left out until their dates come (repair.future_dates)",),
            ("1 entry is of the future, and left out until its date comes (repair.future_dates)",),
            (),
        ]

    async def test_a_window_of_new_entries_deletes_nothing(self, ask, store, clock):
        await ask(FakeFetcher(PAGES))
        window = Body(source="", url=VNA, content=an_rss_document("A bridge opens"), partial=True)

        await ask(FakeFetcher(PAGES | {VNA: window}), everything=True)
        report = await ask(FakeFetcher(PAGES), everything=True)

        assert len(await store.items_since(NOON - DAY)) == 3
        assert (report.new, report.changed) == (0, 0)

    async def test_what_its_server_says_is_fresh_is_left_alone_for_so_long_also_after_a_bare_304(self, ask, clock):
        fresh = Body(source="", url=VNA, content=PAGES[VNA], validators=Validators(etag='"a"'), max_age=DAY / 2)
        fetcher = FakeFetcher(PAGES)
        asked = []
        for answer in (fresh, NotModified(source=""), NotModified(source="")):
            fetcher.pages[VNA] = answer
            await ask(fetcher)
            clock.advance(DAY / 4)
            await ask(fetcher)
            asked.append([question.url for question in fetcher.asked].count(VNA))
            clock.advance(DAY / 4)

        assert asked == [1, 2, 3]

    async def test_one_that_is_gone_is_asked_no_more_until_its_address_changes(self, ask, edit, clock):
        fetcher = FakeFetcher(PAGES | {VNA: Gone(source="")})
        await ask(fetcher)
        clock.advance(400 * DAY)

        later = await ask(fetcher)
        edit("vna", url="https://vna.example/new.xml")
        moved = await ask(fetcher)

        assert (later.asked, moved.asked) == (1, 1)
        assert [question.url for question in fetcher.asked].count(VNA) == 1


class TestWhatIsWrong:
    async def test_it_is_counted_when_it_appears_and_when_it_is_healed_and_not_between(self, ask):
        fetcher, counts = FakeFetcher(PAGES), []
        page = b"<html><body>We are moving house</body></html>"
        for document in (PAGES[VNA], page, page, PAGES[VNA], PAGES[VNA]):
            fetcher.pages[VNA] = document
            counts.append((await ask(fetcher, everything=True)).examined)

        assert counts == [0, 1, 0, 1, 0]

    async def test_it_counts_also_when_no_document_came(self, ask):
        fetcher, counts = FakeFetcher(PAGES), []
        for answer in (*[Failed(source="", why="503", status=503)] * 4, PAGES[VNA]):
            fetcher.pages[VNA] = answer
            counts.append((await ask(fetcher, everything=True)).examined)

        assert counts == [0, 0, 1, 0, 1]


def _first(config, id):
    return first_state(config.sources[id])

from dataclasses import replace
from datetime import timedelta

import pytest

from syndicator.jobs.refresh import refresh
from syndicator.model.source import Blocked, Body, Failed, Validators
from syndicator.testing import FakeFetcher, Quiet, an_rss_document

VNA, TUOITRE = "https://vna.example/rss.xml", "https://tuoitre.example/rss.xml"


PAGES = {VNA: an_rss_document("A consulate opens", "Rain at noon"), TUOITRE: an_rss_document("Mưa")}


@pytest.fixture
def ask(config, store, clock):
    async def once(fetcher, **more):
        return await refresh(
            config, store=store, fetcher=fetcher, clock=clock, jitter=lambda: 0.0, progress=Quiet(), **more
        )

    return once


async def test_what_comes_in_is_kept_or_rejected_and_both_are_stored(ask, store, clock):
    report = await ask(FakeFetcher(PAGES))

    items = await store.items_since(clock.now() - timedelta(days=1))
    assert (report.new, report.kept, report.rejected) == (3, 1, 2)
    assert sorted(bool(item.rejected) for item in items) == [False, True, True]


async def test_a_source_is_asked_at_its_own_pace(ask, clock):
    fetcher = FakeFetcher(PAGES)

    await ask(fetcher)
    at_once = await ask(fetcher)
    clock.advance(timedelta(minutes=31))
    later = await ask(fetcher)

    assert (at_once.asked, at_once.waiting) == (0, 2)
    assert (later.asked, later.not_modified) == (2, 2)


async def test_validators_go_back_verbatim_and_not_to_another_address(ask, config, clock):
    fetcher = FakeFetcher(PAGES)
    await ask(fetcher)
    etag = fetcher.asked[0].validators.etag

    await ask(fetcher, everything=True)
    moved = {
        **config.sources,
        "vna": type(config.sources["vna"])(id="vna", title="W", url="https://new.example/", outlet="vna"),
    }
    object.__setattr__(config, "sources", moved)
    await ask(fetcher, everything=True)

    assert etag == ""
    assert all(question.validators.etag for question in fetcher.asked[2:4])
    assert next(q for q in fetcher.asked[4:] if q.source == "vna").validators == Validators()


async def test_one_that_fails_is_reported_and_stops_no_other(ask):
    fetcher = FakeFetcher({VNA: Failed(source="", why="no answer within 30 s"), TUOITRE: PAGES[TUOITRE]})

    report = await ask(fetcher)

    assert report.failed == [("vna", "no answer within 30 s")]
    assert report.new == 1


async def test_a_page_in_place_of_a_feed_keeps_the_old_entries_and_is_asked_anew(ask, store, clock):
    fetcher = FakeFetcher(PAGES)
    await ask(fetcher)
    fetcher.pages[VNA] = b"<!doctype html><html><body>We are moving house</body></html>"

    report = await ask(fetcher, everything=True)
    await ask(fetcher, everything=True)

    assert [source for source, _ in report.failed] == ["vna"]
    assert len(await store.items_since(clock.now() - timedelta(days=1))) == 3
    assert fetcher.asked[-2].validators == Validators()


async def test_the_same_bytes_again_are_unchanged_though_the_server_knows_no_validators(ask):
    class Forgetful(FakeFetcher):
        def _answer(self, question):
            answer = super()._answer(question)
            return replace(answer, validators=Validators()) if isinstance(answer, Body) else answer

    fetcher = Forgetful(PAGES)
    await ask(fetcher)
    again = await ask(fetcher, everything=True)

    assert (again.unchanged, again.not_modified, again.new) == (2, 0, 0)


async def test_what_was_there_at_the_first_asking_is_backfill(ask, store, clock):
    fetcher = FakeFetcher(PAGES)
    await ask(fetcher)
    fetcher.pages[VNA] = an_rss_document("A consulate opens", "Rain at noon", "A second consulate opens")
    clock.advance(timedelta(hours=1))

    await ask(fetcher)

    items = await store.items_since(clock.now() - timedelta(days=1))
    assert {item.entry.title for item in items if not item.backfill} == {"A second consulate opens"}


async def test_a_source_that_blocks_us_is_left_alone_for_as_long_as_it_says(ask, store, clock):
    fetcher = FakeFetcher({VNA: Blocked(source="", why="429", retry_at=clock.now() + timedelta(hours=5))})

    await ask(fetcher)

    state = (await store.source_states(["vna"]))["vna"]
    assert state.next_at == clock.now() + timedelta(hours=5)


async def test_too_few_entries_are_worth_a_word(ask, config):
    source = config.sources["vna"]
    object.__setattr__(source, "expect", type(source.expect)(min_items=5))

    report = await ask(FakeFetcher(PAGES))

    assert [source for source, why in report.troubled if "2 entries, where at least 5" in why] == ["vna"]

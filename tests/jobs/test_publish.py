import posixpath
import re
from datetime import date, timedelta

import pytest

from syndicator.errors import PublishError
from syndicator.jobs.publish import publish
from syndicator.model.edition import Edition, Section
from syndicator.model.language import Localized
from syndicator.model.source import Finding, SourceState
from syndicator.pipeline.incidents import incidents_path
from syndicator.testing import NOON, MemoryShelf, Quiet, a_delivery, a_story, an_item

STORIES = [a_story(an_item("A consulate opens"), an_item("Lãnh sự quán mở cửa", source="tuoitre", language="vi"))]


@pytest.fixture
def shelf():
    return MemoryShelf()


@pytest.fixture
def put_out(config, store, shelf, templates, clock):
    async def once(stories=STORIES):
        return await publish(
            config,
            stories,
            secret=b"s" * 32,
            store=store,
            shelf=shelf,
            templates=templates,
            clock=clock,
            progress=Quiet(),
        )

    return once


@pytest.fixture
async def edition(config, store):
    feed = config.feeds["diplomacy"]
    section = Section(feed=feed.id, title=feed.title, stories=tuple(STORIES))
    made = Edition(
        id="weekly/2026-07-13",
        newsletter="weekly",
        period=date(2026, 7, 13),
        title=config.newsletters["weekly"].title,
        frozen_at=NOON,
        sections=(section,),
    )
    await store.freeze(made, [], [a_delivery()])
    return made


async def test_every_language_has_every_page_and_the_feeds_are_one_for_all(put_out, shelf, edition):
    await put_out()

    pages = {"index.html", "archive/index.html", "archive/weekly/2026-07-13.html", "feeds/diplomacy/index.html"}
    assert pages <= set(shelf.files)
    assert {f"vi/{page}" for page in pages} <= set(shelf.files)
    assert [path for path in shelf.files if path.endswith("rss.xml")] == ["feeds/diplomacy/rss.xml"]


async def test_what_is_wrong_with_the_sources_is_told_at_an_address_that_nobody_guesses(put_out, shelf, config, store):
    finding = Finding(kind="failing", text="it cannot be read", remedy="wait", since=NOON)
    source = config.sources["vna"]
    await store.record_harvest([SourceState(id="vna", url=source.url, findings=(finding,))], [])

    await put_out()

    address = incidents_path(b"s" * 32)
    assert b"it cannot be read" in shelf.files[f"{address}.atom"]
    assert b"it cannot be read" in shelf.files[f"{address}.json"]
    assert not [path for path, body in shelf.files.items() if address.encode() in body and address not in path]


async def test_no_link_within_the_site_leads_nowhere(put_out, shelf, edition):
    await put_out()

    dead = []
    for path, body in shelf.files.items():
        if not path.endswith(".html"):
            continue
        for link in re.findall(r'(?:href|src)="([^"#]+)', body.decode()):
            if re.match(r"[a-z]+:", link):
                continue
            target = posixpath.normpath(posixpath.join(posixpath.dirname(path), link))
            # Why a story is here is answered by the site over HTTP, as long as feeds look back on it.
            if target not in shelf.files and not re.fullmatch(r"(?:[a-zA-Z-]+/)?why/[\w-]+", target):
                dead.append(f"{path}: {link}")
    assert dead == []


async def test_what_did_not_change_is_not_written_though_time_goes_by(put_out, clock, edition):
    first = await put_out()
    clock.advance(timedelta(hours=5))

    again = await put_out()

    assert (first.feed_files, first.feed_files_written) == (3, 3)
    assert (again.feed_files_written, again.pages_written) == (0, 0)


async def test_an_empty_feed_never_replaces_a_full_one(put_out, shelf):
    await put_out()
    full = shelf.files["feeds/diplomacy/rss.xml"]

    report = await put_out([])

    assert shelf.files["feeds/diplomacy/rss.xml"] == full
    assert report.feed_files_written == 0


async def test_each_page_tells_a_story_in_its_own_language_where_it_can(put_out, shelf):
    await put_out()

    assert b"A consulate opens" in shelf.files["index.html"]
    assert "Lãnh sự quán mở cửa" in shelf.files["vi/index.html"].decode()


async def test_the_page_of_an_edition_is_laid_out_once(put_out, shelf, edition):
    first, again = await put_out(), await put_out()

    assert first.pages - again.pages == 2


@pytest.mark.parametrize("left", [b"", None])
async def test_a_page_of_the_archive_that_was_lost_is_laid_out_again(put_out, shelf, edition, left):
    await put_out()
    path = "vi/archive/weekly/2026-07-13.html"
    page = shelf.files.pop(path)
    if left is not None:
        shelf.files[path] = left

    await put_out()

    assert shelf.files[path] == page


async def test_no_page_of_the_archive_stays_as_a_failed_publish_left_it(config, put_out, shelf, edition):
    await put_out()
    right, name = dict(shelf.files), config.site.title
    put = shelf.put

    async def half(documents):
        await put([d for d in documents if d.path.startswith("archive/")])
        raise PublishError("public/: the disk is full")

    object.__setattr__(config.site, "title", Localized({"en": "Another name"}))
    shelf.put = half
    with pytest.raises(PublishError):
        await put_out()
    shelf.put = put
    object.__setattr__(config.site, "title", name)

    await put_out()

    assert shelf.files == right

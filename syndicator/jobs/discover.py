"""Look once, where a page stands in place of a feed, whether it names the feed's own address."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from dataclasses import replace

from syndicator.jobs.reading import Reading
from syndicator.jobs.robots import forbidden_by_robots
from syndicator.model.source import Body, Question
from syndicator.pipeline.autodiscovery import find_feeds
from syndicator.pipeline.parse import parse_feed
from syndicator.ports import Clock, Fetcher

_TRIES = 2  # of the addresses that a page names; the first is nearly always the right one


async def discover(reading: Reading, *, fetcher: Fetcher, clock: Clock) -> Reading:
    """Return *reading* with the feed that its page names, if it does, nobody looked before, and it is a feed.

    What its robots.txt forbids is not looked at.
    """
    answer = reading.answer
    if reading.page is None or reading.before.discovered_at is not None or not isinstance(answer, Body):
        return reading
    # A hostile page, or what it leads to, takes seconds of processor time; other answers go on arriving meanwhile.
    found = await asyncio.to_thread(find_feeds, answer.content, url=answer.url, content_type=answer.content_type)
    addresses = [feed.url for feed in found if feed.url != reading.source.url][:_TRIES]
    private = reading.source.allow_private
    forbidden = await forbidden_by_robots(addresses, fetcher=fetcher, clock=clock, allow_private=private)
    addresses = [url for url in addresses if url not in forbidden]
    questions = [Question(source=url, url=url, allow_private=private) for url in addresses]
    feeds: dict[str, str] = {}
    async with aclosing(fetcher.fetch(questions)) as answers:
        async for each in answers:
            if isinstance(each, Body):
                parsed = await asyncio.to_thread(parse_feed, each.content, source=reading.source, url=each.url)
                feeds |= {each.source: each.url} if parsed.version else {}
    suggested = next((feeds[url] for url in addresses if url in feeds), "")
    return replace(reading, searched=True, suggested=suggested)

"""Measure asking and reading a thousand feeds beside the `reader` library: first in full, then all unchanged (304).

Both ask the same nginx on loopback, which counts what is asked of it, and both write to a file. Ours has no tags: its
peer has none. What the peak holds is each one's own process, from its first import on.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from measure import medians, show
from newsstand import ENTRIES, Site, a_feed, served

from syndicator.edges.codec import dump
from syndicator.model.entry import Item
from syndicator.model.source import SourceState
from syndicator.pipeline.doctor import diagnose
from syndicator.pipeline.entries import read_entries
from syndicator.pipeline.fast_xml import read_fast
from syndicator.pipeline.identity import identify_entries
from syndicator.pipeline.keys import Named, name_entries
from syndicator.pipeline.rules import compile_rules, tag_items
from syndicator.testing import NOON, a_source

PEAK = """
import re
def peak():
    return int(re.search(r"VmHWM:\\s+(\\d+) kB", open("/proc/self/status").read())[1]) * 1024
"""
OURS = (
    PEAK
    + """
import asyncio, json, random, sys, time
from datetime import UTC, datetime
from pathlib import Path
from syndicator.config.model import Config
from syndicator.edges.fetcher import HttpFetcher
from syndicator.edges.tiny_store import TinyStore
from syndicator.jobs.refresh import refresh
from syndicator.model.language import Localized
from syndicator.model.mail import MailSettings
from syndicator.model.site import Publisher, Site
from syndicator.model.source import Source
from syndicator.testing import Quiet
from syndicator import log
log.configure()

class Clock:
    def now(self):
        return datetime.now(UTC)

def config(urls):
    publisher = Publisher(name="T", email="t@t.example")
    site = Site(title=Localized({"en": "T"}), url="http://t.example/", publisher=publisher)
    sources = {
        f"s{n}": Source(id=f"s{n}", title=f"s{n}", url=url, outlet=f"s{n}", language="vi", allow_private=True)
        for n, url in enumerate(urls)
    }
    return Config(site=site, sources=sources, tags={}, feeds={}, newsletters={}, mail=MailSettings())

async def main():
    found = config(Path(sys.argv[2]).read_text().split())
    async with TinyStore(Path(sys.argv[1])) as store, HttpFetcher(**FETCHER) as fetcher:
        async def once():
            begin = time.perf_counter()
            ports = dict(store=store, fetcher=fetcher, clock=Clock(), progress=Quiet())
            report = await refresh(found, jitter=random.random, everything=True, **ports)
            assert not report.failed, report.failed[:3]
            return time.perf_counter() - begin, report
        first, told = await once()
        again, unchanged = await once()
        print("ready", flush=True)  # the parent waits for it, and then puts a new entry into each feed
        input()
        later, few = await once()
    assert unchanged.not_modified == unchanged.asked == few.new == len(found.sources)
    entries = told.new + few.new
    # The parent reads the last line.
    print(json.dumps({"first": first, "again": again, "later": later, "entries": entries, "peak": peak()}))

from datetime import timedelta
FETCHER = dict(contact="bench", now=lambda: datetime.now(UTC), per_host=50, gap=timedelta(0))
asyncio.run(main())
"""
)
PEER = (
    PEAK
    + """
import json, sys, time
from pathlib import Path
from reader import make_reader

reader = make_reader(sys.argv[1] + "/reader.sqlite")
for url in Path(sys.argv[2]).read_text().split():
    reader.add_feed(url)

def once():
    begin = time.perf_counter()
    reader.update_feeds(scheduled=False, workers=10)
    return time.perf_counter() - begin

first, again = once(), once()
print("ready", flush=True)  # the parent waits for it, and then puts a new entry into each feed
input()
later, entries = once(), reader.get_entry_counts().total
# The parent reads the last line.
print(json.dumps({"first": first, "again": again, "later": later, "entries": entries, "peak": peak()}))
"""
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Seconds of a *first* run in full, of one *again*, all unchanged, and of one *later*, each with one new entry.

    *peak* is memory in bytes, *entries* are all that were read.
    """

    first: float
    again: float
    later: float
    entries: int
    peak: int


def main() -> None:
    """Print both beside each other, what takes our time, and what a feed costs as their number grows."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--feeds", type=int, default=1_000)
    parser.add_argument("--times", type=int, default=3, help="runs of each, in turn; medians are shown")
    parser.add_argument("--growth", type=int, nargs="*", default=[100, 1_000, 5_000])
    chosen = parser.parse_args()
    compare(chosen.feeds, chosen.times)
    explain()
    grow(chosen.growth)


def compare(feeds: int, times: int) -> None:
    """Print our medians and the peer's, and how they stand to each other."""
    with tempfile.TemporaryDirectory() as folder, served(Path(folder) / "web", feeds) as site:
        ours, theirs = [], []
        for _ in range(times):
            ours.append(run(OURS, site))
            theirs.append(run(PEER, site))
    rows = [
        row("a first run, all in full", [r.first for r in theirs], [r.first for r in ours], "s"),
        row("a run in which all answer 304", [r.again for r in theirs], [r.again for r in ours], "s"),
        row("a run in which each has one new entry", [r.later for r in theirs], [r.later for r in ours], "s"),
        row("peak memory", [r.peak / 2**20 for r in theirs], [r.peak / 2**20 for r in ours], "MiB"),
    ]
    show(f"{feeds:,} feeds of {ENTRIES} entries, medians of {times}", ("", "reader", "ours", "reader / ours"), rows)


def explain() -> None:
    """Print what takes the time of a first run: processor time of each step, for an entry. What waits is not in it."""
    source, state = a_source(language="vi"), SourceState(id="vna", url="https://vna.example/rss.xml")
    rules, now = compile_rules({}), NOON
    documents = [a_feed(number) for number in range(20)]
    raw = [fast for each in documents if (fast := read_fast(each, url=source.url))]
    parsed = [read_entries(each, source=source) for each in raw]
    named = [name_entries(each.entries, source=source) for each in parsed]

    def know(each: Named) -> tuple[Item, ...]:
        return identify_entries(each, {}, state=state, sources={}, now=now, backfill=True).items

    items = [know(each) for each in named]
    steps: list[tuple[str, Callable[[int], object]]] = [
        ("read the document", lambda n: read_fast(documents[n % 20], url=source.url)),
        ("clean its words", lambda n: read_entries(raw[n % 20], source=source)),
        ("name its entries", lambda n: name_entries(parsed[n % 20].entries, source=source)),
        ("tell which are known, and give ids", lambda n: know(named[n % 20])),
        ("look for tags, of which there are none", lambda n: tag_items(items[n % 20], rules, sources={}, feeds=[])),
        ("examine the source", lambda n: diagnose(source, state, parsed=parsed[n % 20], now=now)),
        ("write the items as JSON", lambda n: [dump(item) for item in items[n % 20]]),
    ]
    seconds = medians(*(step for _, step in steps), times=60)
    rows = [(name, f"{taken / ENTRIES * 1e6:.0f} µs") for (name, _), taken in zip(steps, seconds, strict=True)]
    rows.append(("together", f"{sum(seconds) / ENTRIES * 1e6:.0f} µs"))
    show("What an entry costs us before SQLite and the network, one after the other", ("", "median"), rows)


def grow(sizes: list[int]) -> None:
    """Print what a feed costs us as their number grows."""
    rows = []
    for feeds in sizes:
        with tempfile.TemporaryDirectory() as folder, served(Path(folder) / "web", feeds) as site:
            ours = run(OURS, site)
        first, again = (f"{seconds / feeds * 1e3:.2f} ms" for seconds in (ours.first, ours.again))
        rows.append((f"{feeds:,} feeds", first, again, f"{ours.peak / 2**20:.0f} MiB"))
    show("What one feed costs us", ("", "first", "304", "peak memory"), rows)


def run(program: str, site: Site) -> Run:
    """Run *program* in a fresh process with an empty store; the server must have seen what it says that it asked."""
    site.write()
    site.answered()
    with tempfile.TemporaryDirectory() as folder:
        urls = Path(folder) / "urls"
        urls.write_text("\n".join(site.urls))
        command = [sys.executable, "-c", program, folder, str(urls)]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout
            assert process.stdout.readline() == "ready\n"
            asked = Counter({status: count for status, count in site.answered().items() if status in (200, 304)})
            assert asked == {200: len(site.urls), 304: len(site.urls)}, asked
            site.write(first=-1)
            output, _ = process.communicate("\n")
    result = Run(**json.loads(output.splitlines()[-1]))
    assert site.answered()[200] == len(site.urls)
    assert result.entries == (ENTRIES + 1) * len(site.urls), result
    return result


def row(name: str, theirs: list[float], ours: list[float], unit: str) -> tuple[str, str, str, str]:
    """Return a row of both medians and their ratio."""
    peer, own = statistics.median(theirs), statistics.median(ours)
    return name, f"{peer:.2f} {unit}", f"{own:.2f} {unit}", f"{peer / own:.2f}"


if __name__ == "__main__":
    main()

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
from dataclasses import dataclass
from pathlib import Path

from measure import show
from newsstand import ENTRIES, Site, served

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
    assert unchanged.not_modified == unchanged.asked == len(found.sources)
    print(json.dumps({"first": first, "again": again, "entries": told.new, "peak": peak()}))

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
print(json.dumps({"first": first, "again": again, "entries": reader.get_entry_counts().total, "peak": peak()}))
"""
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Seconds of a *first* run in full and of one *again*, all unchanged; peak memory in bytes; entries read."""

    first: float
    again: float
    entries: int
    peak: int


def main() -> None:
    """Print both beside each other, and what a feed costs as their number grows."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--feeds", type=int, default=1_000)
    parser.add_argument("--times", type=int, default=3, help="runs of each, in turn; medians are shown")
    parser.add_argument("--growth", type=int, nargs="*", default=[100, 1_000, 5_000])
    chosen = parser.parse_args()
    compare(chosen.feeds, chosen.times)
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
        row("peak memory", [r.peak / 2**20 for r in theirs], [r.peak / 2**20 for r in ours], "MiB"),
    ]
    show(f"{feeds:,} feeds of {ENTRIES} entries, medians of {times}", ("", "reader", "ours", "reader / ours"), rows)


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
    """Run *program* in a fresh process with an empty store; it must have asked once in full and once in vain."""
    with tempfile.TemporaryDirectory() as folder:
        urls = Path(folder) / "urls"
        urls.write_text("\n".join(site.urls))
        site.answered()
        done = subprocess.run(
            [sys.executable, "-c", program, folder, str(urls)], check=True, capture_output=True, text=True
        )
    result = Run(**json.loads(done.stdout.splitlines()[-1]))
    asked = Counter({status: count for status, count in site.answered().items() if status in (200, 304)})
    assert asked == {200: len(site.urls), 304: len(site.urls)}, asked
    assert result.entries == ENTRIES * len(site.urls), result
    return result


def row(name: str, theirs: list[float], ours: list[float], unit: str) -> tuple[str, str, str, str]:
    """Return a row of both medians and their ratio."""
    peer, own = statistics.median(theirs), statistics.median(ours)
    return name, f"{peer:.2f} {unit}", f"{own:.2f} {unit}", f"{peer / own:.2f}"


if __name__ == "__main__":
    main()

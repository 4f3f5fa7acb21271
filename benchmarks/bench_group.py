"""Measure what it costs to give a new item its story among ever more stored items, and to group a month at once."""

from __future__ import annotations

import argparse
import asyncio
import random
import statistics
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from measure import milliseconds, show

from syndicator.edges.tiny_store import TinyStore
from syndicator.jobs.gather import regroup
from syndicator.model.entry import Item
from syndicator.pipeline.cues import cues
from syndicator.pipeline.group import group_stories
from syndicator.pipeline.likeness import WINDOW
from syndicator.pipeline.ties import Disputes
from syndicator.testing import NOON, an_item

SIZES = (1_000, 10_000, 50_000, 200_000)
TIMES = 100  # new items that are grouped, one by one, at each size
MONTH = 3_000  # items that are grouped at once
A_DAY = 500  # items that are stored, as by a newsroom of fifty sources
DENSE = (200, 400, 800, 1_600)
DENSE_A_DAY = 80  # of few leaders and cities: a visit that all papers tell of
DENSE_TIMES = 5  # new items at each size; each takes a hundred times as long as one of plain news
SPAN = 2 * WINDOW  # in which what is stored repeats itself

DEEDS = (
    "opens a consulate in", "sends students to", "signs an agreement with", "lends money to", "wins against",
    "suspends flights to", "exports rice to", "warns of floods in", "hosts a film week of", "arrests smugglers from",
)  # fmt: skip
THINGS = ("port", "bridge", "school", "hospital", "metro", "museum", "market", "factory", "park", "airport", "tunnel")
VERBS = ("says", "reports", "announces")
# A name as common as its rank says (Zipf): of a day's news a few names stand in many.
NAMES = [
    head + middle + tail
    for head in ("Os", "Bu", "Ly", "Vel", "Kar")
    for middle in ("a", "o", "i", "er", "un")
    for tail in ("ka", "san", "nov", "land", "mar", "dia", "tek", "ville", "burg", "ston", "gard", "wick")
]
LEADERS = [f"{first} {last}" for first, last in zip(NAMES[:8], NAMES[30:38], strict=True)]
CITIES = ("Hue", "Da Nang", "Can Tho", "Vung Tau", "Nha Trang", "Da Lat", "Quy Nhon", "Bien Hoa")
RANKS = [1 / rank for rank in range(1, len(NAMES) + 1)]


def make_items(count: int, *, begin: int = 0) -> Iterator[Item]:
    """Yield plausible items with their cues, `A_DAY` a day, always the same; of each event three outlets tell."""
    for number in range(begin, begin + count):
        event = random.Random(number // 3)
        first, second, third = event.choices(NAMES, RANKS, k=3)
        deed, thing, verb = event.choice(DEEDS), event.choice(THINGS), VERBS[number % 3]
        sum_, staff = event.randrange(2, 990), event.randrange(10, 9999)
        item = an_item(
            f"{first} {deed} {second} over {sum_} million USD {thing}",
            summary=f"The {thing} of {third}, {verb} a spokesman, will cost {sum_} million USD and employ {staff}.",
            id=f"item-{number}", source=f"outlet-{number % 3}-{event.randrange(60)}", guid=str(number),
            url=f"https://o{number % 3}.example/{number}", keys=(f"key {number}",),
            published=NOON + timedelta(days=number / A_DAY),
        )  # fmt: skip
        yield replace(item, cues=cues(item))


def make_dense(count: int, *, begin: int = 0) -> Iterator[Item]:
    """Yield the news of few leaders who go to few cities, `DENSE_A_DAY` a day: each is a little like many others."""
    for number in range(begin, begin + count):
        chance = random.Random(number)
        (leader, other), (city, last) = chance.sample(LEADERS, 2), chance.sample(CITIES, 2)
        item = an_item(
            f"{leader} {chance.choice(DEEDS)} {city}",
            summary=f"{leader} {chance.choice(DEEDS)} {city} and {last}, where {other} is expected.",
            id=f"dense-{number}", source=f"outlet-{chance.randrange(40)}", guid=str(number),
            url=f"https://d{number % 40}.example/{number}", keys=(f"dense {number}",),
            published=NOON + timedelta(days=number / DENSE_A_DAY),
        )  # fmt: skip
        yield replace(item, cues=cues(item))


def shifted(base: list[Item], turn: int) -> Iterator[Item]:
    """Yield *base* as it would be told *turn* spans later: to make their cues anew takes too long for a bench."""
    for item in base:
        later = item.published_at + turn * SPAN
        yield replace(
            item, id=f"{item.id}-{turn}", published_at=later, first_seen_at=later, keys=(f"{item.keys[0]} {turn}",),
            entry=replace(item.entry, url=f"{item.entry.url}-{turn}"),
            cues=tuple(_later(cue, turn) for cue in item.cues),
        )  # fmt: skip


def told_last(count: int, stored: int) -> Iterator[Item]:
    """Yield *count* new items, told while the last of those that are *stored* were."""
    for item in make_items(count, begin=10**6 + stored):
        moved = replace(item, published_at=NOON + timedelta(days=stored / A_DAY), cues=())
        yield replace(moved, cues=cues(moved))


def _later(cue: str, turn: int) -> str:
    name, _, period = cue.partition(".")
    return f"{name}.{int(period) + turn * (SPAN // WINDOW)}" if period else f"{name}{turn}"


async def measure(sizes: list[int], times: int) -> list[list[str]]:
    """Return a row for each of *sizes*: what writing and grouping one more item takes."""
    rows, stored = [], 0
    base = list(make_items(int(SPAN / timedelta(days=1) * A_DAY)))
    with tempfile.TemporaryDirectory() as folder:
        async with TinyStore(Path(folder)) as store:
            for size in sizes:
                while stored < size:
                    turn, begin = divmod(stored, len(base))
                    batch = list(shifted(base[begin : begin + size - stored], turn))
                    await store.record_harvest([], batch)
                    await store.record_stories({}, grouped=batch)
                    stored += len(batch)
                writing, grouping, looked_at = [], [], []
                for item in list(told_last(times, stored)):
                    began = time.perf_counter()
                    await store.record_harvest([], [item])
                    written = time.perf_counter()
                    looked_at.append(await regroup([item], Disputes(), store))
                    grouping.append(time.perf_counter() - written)
                    writing.append(written - began)
                taken = [milliseconds(statistics.median(each)) for each in (writing, grouping)]
                rows.append([f"{size:,}", *taken, f"{statistics.mean(looked_at):.1f}"])
    return rows


async def measure_dense(sizes: list[int]) -> list[list[str]]:
    """Return a row for each of *sizes*: what grouping one more item of dense news takes, and all at once."""
    rows = []
    for size in sizes:
        items = list(make_dense(size))
        began = time.perf_counter()
        group_stories(items, known={})
        at_once = (time.perf_counter() - began) / size
        with tempfile.TemporaryDirectory() as folder:
            async with TinyStore(Path(folder)) as store:
                await store.record_harvest([], items)
                await store.record_stories({}, grouped=items)
                taken, looked_at = [], []
                for item in make_dense(DENSE_TIMES, begin=size):
                    await store.record_harvest([], [item])
                    began = time.perf_counter()
                    looked_at.append(await regroup([item], Disputes(), store))
                    taken.append(time.perf_counter() - began)
        one = milliseconds(statistics.median(taken))
        rows.append([f"{size:,}", one, f"{statistics.mean(looked_at):.1f}", milliseconds(at_once)])
    return rows


def at_once(count: int) -> list[list[str]]:
    """Return rows of what grouping in memory takes an item, at a half and at all of *count*."""
    rows = []
    for size in (count // 2, count):
        items = list(make_items(size))
        began = time.perf_counter()
        stories = group_stories(items, known={})
        rows.append([f"{size:,}", milliseconds((time.perf_counter() - began) / size), f"{len(stories):,}"])
    return rows


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="*", default=SIZES)
    parser.add_argument("--times", type=int, default=TIMES, help="new items at each size")
    parser.add_argument("--dense", type=int, nargs="*", default=DENSE)
    parser.add_argument("--month", type=int, default=MONTH, help="items that are grouped at once")
    options = parser.parse_args()
    show(
        f"One more item, {A_DAY:,} a day (medians)",
        ["stored", "written", "grouped", "items looked at"],
        asyncio.run(measure(sorted(options.sizes), options.times)),
    )
    show(
        f"Dense news: {len(LEADERS)} leaders, {len(CITIES)} cities, {DENSE_A_DAY} a day",
        ["stored", "one more (median)", "items parted anew", "an item, all at once"],
        asyncio.run(measure_dense(sorted(options.dense))),
    )
    show("Grouped at once, in memory", ["items", "an item", "stories"], at_once(options.month))


if __name__ == "__main__":
    main()

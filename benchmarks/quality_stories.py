"""Print how well items are gathered into stories: precision and recall on the labelled pairs, by kind."""

from __future__ import annotations

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from syndicator.model.entry import Entry, Image, Item
from syndicator.pipeline.group import group_stories
from syndicator.pipeline.likeness import likeness
from syndicator.testing import an_item

LABELLED = Path(__file__).parents[1] / "tests" / "data" / "labelled"
PARTS = ("dev", "held-out")


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """Two items, and whether a person says that they tell of one event."""

    id: str
    same: bool
    kind: str
    a: Item
    b: Item


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """Pairs merged rightly, merged wrongly, and missed."""

    right: int = 0
    wrong: int = 0
    missed: int = 0
    apart: int = 0

    @property
    def precision(self) -> float:
        """The share of merged pairs that belong together; 1 where none was merged."""
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 1.0

    @property
    def recall(self) -> float:
        """The share of pairs that belong together that were merged; 1 where there are none."""
        return self.right / (self.right + self.missed) if self.right + self.missed else 1.0


def read_pairs(part: str) -> list[Labelled]:
    """Return the pairs of `tests/data/labelled/pairs-PART.jsonl`."""
    lines = (LABELLED / f"pairs-{part}.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines if line.strip()]
    return [
        Labelled(id=row["id"], same=row["same"], kind=row["kind"], a=_item("a", row["a"]), b=_item("b", row["b"]))
        for row in rows
    ]


def is_merged(pair: Labelled) -> bool:
    """Tell whether the two become one story."""
    return len(group_stories([pair.a, pair.b], known={})) == 1


def pair_quality(pairs: Iterable[Labelled]) -> tuple[Score, Mapping[str, Score]]:
    """Return the score of all *pairs*, and those of each kind."""
    outcomes = [(pair, is_merged(pair)) for pair in pairs]
    by_kind = defaultdict(list)
    for pair, merged in outcomes:
        by_kind[pair.kind].append((pair, merged))
    return _score(outcomes), {kind: _score(its) for kind, its in sorted(by_kind.items())}


def main() -> None:
    """Print the scores; with `--mistakes`, also the pairs of the part for development that were judged wrongly."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--part", choices=PARTS, action="append", help="only this part")
    parser.add_argument("--mistakes", action="store_true", help="show what was judged wrongly (never of the held-out)")
    options = parser.parse_args()
    for part in options.part or PARTS:
        pairs = read_pairs(part)
        total, by_kind = pair_quality(pairs)
        print(f"stories, {part}: {len(pairs)} pairs, precision {total.precision:.3f}, recall {total.recall:.3f}")
        for kind, score in by_kind.items():
            counts = f"right {score.right:3}  wrong {score.wrong:3}  missed {score.missed:3}  apart {score.apart:3}"
            print(f"  {kind:<34} {counts}")
        if options.mistakes and part == "dev":
            for pair in pairs:
                if is_merged(pair) != pair.same:
                    _show(pair)


def _show(pair: Labelled) -> None:
    print(f"\n{'missed' if pair.same else 'WRONG'} {pair.id} {pair.kind}: {likeness(pair.a, pair.b)}", file=sys.stderr)
    for item in (pair.a, pair.b):
        entry = item.entry
        print(f"  {item.outlet} {entry.language} {item.published_at:%m-%d %H:%M} {entry.title}", file=sys.stderr)
        print(f"      {entry.summary}  {entry.url}  {entry.image.url if entry.image else ''}", file=sys.stderr)


def _score(outcomes: Iterable[tuple[Labelled, bool]]) -> Score:
    counts = defaultdict(int)
    for pair, merged in outcomes:
        counts[pair.same, merged] += 1
    return Score(
        right=counts[True, True], wrong=counts[False, True], missed=counts[True, False], apart=counts[False, False]
    )


def _item(id: str, row: Mapping[str, Any]) -> Item:
    published = datetime.fromisoformat(row["published"])
    entry = Entry(
        source=row["outlet"], url=row["url"], guid=id, title=row["title"], summary=row["summary"],
        language=row["language"], published=published, image=Image(url=row["image"]) if row["image"] else None,
        alternates=tuple(row.get("alternates", ())),
    )  # fmt: skip
    return an_item(
        id=id, entry=entry, outlet=row["outlet"], published_at=published, first_seen_at=published, updated_at=published
    )


if __name__ == "__main__":
    main()

"""Print how well items are gathered into stories: precision and recall on the labelled pairs, by kind."""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from syndicator.model.entry import Entry, Image, Item
from syndicator.pipeline.group import group_stories
from syndicator.pipeline.likeness import likeness
from syndicator.pipeline.quality import Quality, overall
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


def pair_quality(pairs: Iterable[Labelled]) -> Mapping[str, Quality]:
    """Return how rightly *pairs* are merged, by their kind."""
    found: dict[str, Quality] = defaultdict(Quality)
    for pair in pairs:
        merged = is_merged(pair)
        found[pair.kind] += Quality(
            rightly=merged and pair.same, wrongly=merged and not pair.same, missed=pair.same and not merged
        )
    return dict(sorted(found.items()))


def main() -> None:
    """Print the scores; with `--mistakes`, also the pairs of the part for development that were judged wrongly."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--part", choices=PARTS, action="append", help="only this part")
    parser.add_argument("--mistakes", action="store_true", help="show what was judged wrongly (never of the held-out)")
    options = parser.parse_args()
    for part in options.part or PARTS:
        pairs = read_pairs(part)
        by_kind = pair_quality(pairs)
        total = overall(by_kind)
        print(f"stories, {part}: {len(pairs)} pairs, precision {total.precision:.3f}, recall {total.recall:.3f}")
        sizes = Counter(pair.kind for pair in pairs)
        for kind, quality in by_kind.items():
            counts = f"right {quality.rightly:3}  wrong {quality.wrongly:3}  missed {quality.missed:3}"
            print(f"  {kind:<50} {sizes[kind]:3} pairs: {counts}")
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

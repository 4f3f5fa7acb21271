"""How well the shipped vocabulary tags, and how well items are gathered into stories: `make quality`.

The labelled headlines and pairs lie in tests/data/labelled. The words were written while looking at those called
`dev…` (of some only at half); those called `held-out…` were looked at by nobody who wrote them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from syndicator.model.entry import Entry
from syndicator.newsroom import load_text
from syndicator.pipeline.quality import Quality, measure, overall
from syndicator.pipeline.rules import Rules, compile_rules, tag_entry

LABELLED = Path(__file__).parents[1] / "tests" / "data" / "labelled"
SPLITS = ("dev", "dev-2", "dev-3", "dev-4", "dev-5", "dev-6", "dev-7", "held-out", "held-out-2")
UNSEEN = ("held-out", "held-out-2")  # whoever reads these while mending words spends them
LABELS = (
    *("diplomacy", "economic-diplomacy", "cultural-diplomacy", "sister-cities", "overseas-vietnamese"),
    *("tourism-events", "education-science", "consular", "sea-border-security", "international-organisations"),
    *("hcmc", "countries"),
)
# A newsroom that has nothing but the vocabulary.
NEWSROOM = """
site: {title: City, url: https://city.example/, publisher: {name: Desk, email: desk@city.example}}
sources: [{id: paper, title: Paper, url: https://paper.example/rss}]
use: [foreign-affairs]
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """A labelled headline: the tags that a person gave it, and whether it was written to mislead."""

    id: str
    language: str
    title: str
    summary: str
    tags: frozenset[str]
    hard: bool

    @property
    def entry(self) -> Entry:
        """The headline as an entry."""
        return Entry(source="paper", title=self.title, summary=self.summary, language=self.language)


def headlines(split: str) -> list[Headline]:
    """Return the labelled headlines of *split*."""
    rows = (LABELLED / f"headlines-{split}.jsonl").read_text(encoding="utf-8").splitlines()
    return [Headline(**data | {"tags": frozenset(data["tags"])}) for data in map(json.loads, rows)]


@cache
def vocabulary() -> Rules:
    """Return the rules of the shipped vocabulary alone."""
    return compile_rules(load_text(NEWSROOM, env={}).tags)


def tag_quality(items: Iterable[Headline]) -> dict[str, Quality]:
    """Return the quality of each label over *items*."""
    judged = [(item.tags, {tagging.tag for tagging in tag_entry(item.entry, vocabulary())}) for item in items]
    return measure(judged, LABELS)


def tag_table(name: str, items: Sequence[Headline]) -> Iterator[str]:
    """Yield the lines of the table of *items*."""
    yield f"{name}: {len(items)} headlines, {sum(item.hard for item in items)} of them hard"
    yield f"  {'':<28}{'precision':>10}{'recall':>8}{'F1':>7}{'right':>7}{'wrong':>7}{'missed':>8}"
    found = tag_quality(items)
    parts = {
        "all of it": overall(found),
        "in Vietnamese": overall(tag_quality(item for item in items if item.language == "vi")),
        "in English": overall(tag_quality(item for item in items if item.language == "en")),
        "hard ones": overall(tag_quality(item for item in items if item.hard)),
    }
    for name, quality in (found | parts).items():
        yield (
            f"  {name:<28}{quality.precision:>10.3f}{quality.recall:>8.3f}{quality.f1:>7.3f}"
            f"{quality.rightly:>7}{quality.wrongly:>7}{quality.missed:>8}"
        )


if __name__ == "__main__":
    for split in SPLITS:
        print("\n".join(tag_table(split, headlines(split))))
    print("\n".join(tag_table("all that nobody looked at", [item for split in UNSEEN for item in headlines(split)])))

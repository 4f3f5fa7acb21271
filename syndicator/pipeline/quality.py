"""Measure how well rules tag: precision, recall and F1 (van Rijsbergen, Information Retrieval, 1979, chapter 7)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """How often something was given *rightly*, how often *wrongly*, and how often it was *missed*."""

    rightly: int = 0
    wrongly: int = 0
    missed: int = 0

    @property
    def precision(self) -> float:
        """The share of what was given that is right; 1 where nothing was given."""
        given = self.rightly + self.wrongly
        return self.rightly / given if given else 1.0

    @property
    def recall(self) -> float:
        """The share of what is right that was given; 1 where nothing was to be given."""
        wanted = self.rightly + self.missed
        return self.rightly / wanted if wanted else 1.0

    @property
    def f1(self) -> float:
        """The harmonic mean of both."""
        doubled = 2 * self.rightly
        return doubled / (doubled + self.wrongly + self.missed) if doubled else float(not (self.wrongly or self.missed))

    def __add__(self, other: Quality) -> Quality:
        return Quality(
            rightly=self.rightly + other.rightly,
            wrongly=self.wrongly + other.wrongly,
            missed=self.missed + other.missed,
        )


def overall(found: Mapping[str, Quality]) -> Quality:
    """Return the quality over all labels together (micro-averaged)."""
    return sum(found.values(), start=Quality())


def measure(judged: Iterable[tuple[Collection[str], Collection[str]]], labels: Iterable[str]) -> dict[str, Quality]:
    """Return the quality of each of *labels* over texts of which (wanted, given) labels are known."""
    found = dict.fromkeys(labels, Quality())
    for wanted, given in judged:
        for label in found:
            is_wanted, is_given = label in wanted, label in given
            found[label] += Quality(
                rightly=is_wanted and is_given, wrongly=is_given and not is_wanted, missed=is_wanted and not is_given
            )
    return found

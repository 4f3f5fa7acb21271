"""A tag: a theme by which news is chosen, and the rule that gives it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from syndicator.model.language import Localized

Field: TypeAlias = Literal["title", "summary", "content", "category", "author", "url", "source", "language"]

# A word or phrase as it is written in a rule: `foreign minister` (whole words, in any case, and in English their plural
# and possessive), `consul*` (what begins so), `"WHO"` (in double quotes: in this case only), `re:…` (RE2's syntax).
Term: TypeAlias = str


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """All of *words* stand in one sentence of one field, from the first to the last no more than *within* words."""

    words: tuple[Term, ...]
    within: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AtLeast:
    """*n* different ones of *of* hold."""

    n: int
    of: tuple[Term | Match, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """The weights of the terms that are met, each counted once, come to *threshold*; a weight may be negative."""

    threshold: float
    weights: tuple[tuple[Term, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A rule over words, looked for in *fields*: whatever of it is not empty must hold.

    One of *any*, *all* of these, *none* of those; *near*, *at_least* and *score* say for themselves. A word that is
    met inside one of *but_not* (`ambassador` in `brand ambassador`) is not met.
    """

    any: tuple[Term | Match, ...] = ()
    all: tuple[Term | Match, ...] = ()
    none: tuple[Term | Match, ...] = ()
    but_not: tuple[Term, ...] = ()
    near: Near | None = None
    at_least: AtLeast | None = None
    score: Score | None = None
    fields: tuple[Field, ...] = ("title", "summary")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """A theme. *mediatopic* is the IPTC Media Topic (its number, 0 where IPTC has none).

    It is given where *match* holds and the item carries all the tags in *requires*, and where one of its children is
    given: `diplomacy/visits` is a child of `diplomacy`. *must_match* and *must_not_match* are sentences that test the
    rule; `syndicator check` runs them.
    """

    id: str
    label: Localized
    match: Match | None = None
    requires: tuple[str, ...] = ()
    mediatopic: int = 0
    must_match: tuple[str, ...] = ()
    must_not_match: tuple[str, ...] = ()

    @property
    def parent(self) -> str:
        """The id of the tag above it; empty at the top."""
        return self.id.rpartition("/")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """Tags and lists of words, each by its name, that ship with the package."""

    tags: Mapping[str, Tag]
    words: Mapping[str, tuple[Term, ...]]

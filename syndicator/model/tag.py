"""A tag: a theme by which news is chosen, and the rule that gives it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from syndicator.model.language import Localized

Field: TypeAlias = Literal["title", "summary", "content", "category"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A rule over words: one of *any*, *all* of these, *none* of those, looked for in these fields."""

    any: tuple[str, ...] = ()
    all: tuple[str, ...] = ()
    none: tuple[str, ...] = ()
    fields: tuple[Field, ...] = ("title", "summary")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """A theme. *mediatopic* is the IPTC Media Topic (its number, 0 where IPTC has none).

    *must_match* and *must_not_match* are sentences that test the rule; `syndicator check` runs them.
    """

    id: str
    label: Localized
    match: Match | None = None
    mediatopic: int = 0
    must_match: tuple[str, ...] = ()
    must_not_match: tuple[str, ...] = ()

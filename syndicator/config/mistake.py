"""A mistake in feeds.yaml: where it stands, what is wrong, and what to do about it."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, TypeAlias

Path: TypeAlias = tuple[str | int, ...]
Place: TypeAlias = tuple[int, int]

SHOWN = 60  # characters of a value that a message repeats; enough to know it by, and one line of a terminal
_PLAIN_KEY = re.compile(r"[\w-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """One thing wrong in *file*, at *line* and *column* (both count from 1); *path* is `sources[3].language`."""

    file: str
    line: int
    column: int
    path: str
    text: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}"
        return f"{place} {self.path}: {self.text}" if self.path else f"{place} {self.text}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """What trying the rule of *tag* brought to light: *text* says in words what is wrong.

    *index* counts the sentences under *key*, from 0. With the key `match` a *term* of the rule is wrong, or, if that
    is empty, the rule as a whole.
    """

    tag: str
    key: Literal["must_match", "must_not_match", "match"]
    text: str
    index: int = 0
    term: str = ""


class Report:
    """Gathers mistakes, each of them once, and gives them in the order of the file."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._found: dict[tuple[Place, str], Path] = {}
        self._paths: set[Path] = set()
        self._around: set[Path] = set()

    def add(self, place: Place, path: Path, text: str) -> None:
        """Note that *text* is wrong at *place*; what an anchor repeats elsewhere is noted once."""
        self._found.setdefault((place, text), path)
        self._paths.add(path)
        self._around.update(path[:length] for length in range(len(path) + 1))

    def has(self, path: Path) -> bool:
        """Tell whether something is wrong with the value at *path* itself."""
        return path in self._paths

    def has_within(self, path: Path) -> bool:
        """Tell whether something is wrong at *path* or below it."""
        return path in self._around

    def mistakes(self) -> list[Mistake]:
        """Return all mistakes, sorted by line and column."""
        return [
            Mistake(file=self._file, line=line, column=column, path=show_path(path), text=text)
            for ((line, column), text), path in sorted(self._found.items(), key=lambda found: found[0])
        ]


def show_path(path: Path) -> str:
    """Return *path* as a person writes it.

    >>> show_path(("sources", 3, "language")), show_path(("feeds", "a b"))
    ('sources[3].language', 'feeds."a b"')
    """
    shown = ""
    for step in path:
        if isinstance(step, int):
            shown += f"[{step}]"
        else:
            shown += ("." if shown else "") + (step if _PLAIN_KEY.fullmatch(step) else quote(step))
    return shown


def quote(text: str) -> str:
    """Return *text* in quotes, on one line, cut to `SHOWN` characters, with what cannot be printed escaped."""
    cut = text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"
    escaped = json.dumps(cut, ensure_ascii=False)
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in escaped)


def suggest(wrong: str, known: Iterable[str]) -> str:
    """Return `; did you mean "…"?` with the nearest of *known*, or nothing when none is near.

    >>> suggest("langauge", ["url", "language"])
    '; did you mean "language"?'
    """
    meant = nearest(wrong, known)
    return f'; did you mean "{meant}"?' if meant else ""


def nearest(wrong: str, known: Iterable[str]) -> str:
    """Return the one of *known* that somebody who wrote *wrong* may have meant, or an empty string."""
    by_folded = {name.casefold(): name for name in known}
    folded = wrong.casefold()
    near = difflib.get_close_matches(folded, by_folded, n=1, cutoff=0.7)
    if not near and len(folded) > 2:
        near = [name for name in by_folded if name.startswith(folded)]
    return by_folded[near[0]] if near else ""

"""What the same place, office or deed is called in Vietnamese, English and, for a few, Chinese, Japanese and Korean.

It is no dictionary: it holds what headlines of one event have in common when nothing else translates.
"""

from __future__ import annotations

from functools import cache, lru_cache

from syndicator.pipeline.lexicon_table import CONCEPTS, PLACES
from syndicator.pipeline.text import bare, fold, is_unspaced

# A city that headlines name in place of its country, and the other way round.
COUNTRIES = {
    "shanghai": "cn",
    "guangzhou": "cn",
    "yunnan": "cn",
    "osaka": "jp",
    "kobe": "jp",
    "nagano": "jp",
    "busan": "kr",
}


@cache
def places() -> dict[str, dict[str, str]]:
    """Return, by language (`en`, `vi`, and "" for the unspaced scripts), the place (id) that a folded form names."""
    return _read(PLACES)


@cache
def concepts() -> dict[str, dict[str, str]]:
    """Return the same of deeds, offices and things."""
    return _read(CONCEPTS)


@cache
def longest(language: str) -> dict[str, int]:
    """Return, by first word, how many words the longest form of *language* has that begins with it."""
    found: dict[str, int] = {}
    for form in (*places()[language], *concepts()[language]):
        words = form.split()
        found[words[0]] = max(found.get(words[0], 0), len(words))
    return found


@lru_cache(maxsize=20_000)
def word_form(word: str, language: str) -> str:
    """Return the form in which a folded *word* stands in the tables of *language*."""
    # English papers of Vietnam write `Hà Nội` as they please.
    return stem_english(bare(word)) if language == "en" else word


def stem_english(word: str) -> str:
    """Return *word*, folded, without the commonest endings, so that "visits", "visited" and "visiting" are one.

    >>> [stem_english(word) for word in ("visits", "visited", "signing", "cities", "close", "pass")]
    ['visit', 'visit', 'sign', 'citi', 'clos', 'pass']
    """
    stem = word
    for ending, least in (("ing", 4), ("ed", 3), ("s", 3)):
        if word.endswith(ending) and len(word) - len(ending) >= least and not word.endswith(("ss", "eed")):
            stem = word[: -len(ending)]
            break
    if stem != word and stem[-1] == stem[-2] and stem[-1] not in "lse":
        stem = stem[:-1]
    if len(stem) > 3 and stem.endswith("y"):
        return stem[:-1] + "i"
    return stem[:-1] if len(stem) > 4 and stem.endswith("e") else stem


def _read(table: str) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {"en": {}, "vi": {}, "": {}}
    for line in table.strip().splitlines():
        id, english, vietnamese, rest = (part.strip() for part in line.split("|"))
        for form in english.split(","):
            words = fold(form).replace("-", " ").split()
            found["en"].setdefault(" ".join(word_form(word, "en") for word in words), id)
        for form in vietnamese.split(","):
            found["vi"].setdefault(" ".join(fold(form).replace("-", " ").split()), id)
        for form in rest.split(","):
            if is_unspaced(form):
                found[""].setdefault(fold(form).strip(), id)
    return found

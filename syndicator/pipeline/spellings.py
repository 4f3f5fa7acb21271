"""Know in which other ways a word of a term is written: tones, i and y, plurals."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice, product

# Spellings of one term; a phrase of six words that are each written in two ways has as many.
MAX_SPELLINGS = 64

_TONES = "\u0300\u0301\u0303\u0309\u0323"  # huyền, sắc, ngã, hỏi, nặng


def _with_tone(letters: str, at: int, tone: str) -> str:
    return unicodedata.normalize("NFC", letters[: at + 1] + tone + letters[at + 1 :])


# Both are taught in schools and stand in one paper: hòa and hoà, khỏe and khoẻ, thủy and thuỷ.
_OTHER_PLACE = {
    _with_tone(pair, at, tone): _with_tone(pair, 1 - at, tone)
    for pair in ("oa", "oe", "uy")
    for tone in _TONES
    for at in (0, 1)
}
_PLACED = re.compile("|".join(_OTHER_PLACE))
# After these an i that ends its syllable may be a y: kỹ and kĩ, Mỹ and Mĩ, tỷ and tỉ, quý and quí.
_I_OR_Y = re.compile("(h|k|l|m|s|t|v|qu)([iìíỉĩịyỳýỷỹỵ])")
_SWAPPED = dict(zip("iìíỉĩịyỳýỷỹỵ", "yỳýỷỹỵiìíỉĩị", strict=True))
# A breve, a horn, a hook above or a dot below: marks that hardly another language has (of decomposed letters).
_VIETNAMESE = re.compile("[đ\u0306\u031b\u0309\u0323]")
REMEMBERED = 32_768  # words; those of fifty thousand terms are not so many
_MIN_INFLECTED = 3  # letters; "un" and "eu" have no plural


def spellings(words: Sequence[str], *, inflected: bool = True) -> Iterator[Sequence[str]]:
    """Yield *words* (folded, NFC), then the other ways to write them, at most `MAX_SPELLINGS`.

    Vietnamese words vary each by itself. English ones are made plural, if they may be *inflected*, one at a
    time: "ministers of state" and "sister cities", never both.

    >>> [" ".join(words) for words in spellings(["sister", "city"])]
    ['sister city', 'sisters city', 'sister cities', 'sister citys']
    >>> [" ".join(words) for words in spellings(["kỹ", "thuật", "hóa"])]
    ['kỹ thuật hóa', 'kỹ thuật hoá', 'kĩ thuật hóa', 'kĩ thuật hoá']
    """
    return islice(_all_spellings(words, inflected), MAX_SPELLINGS)


def _all_spellings(words: Sequence[str], inflected: bool) -> Iterator[Sequence[str]]:
    if all(map(str.isascii, words)):
        yield tuple(words)
    else:
        yield from product(*map(_vietnamese_ways, words))
        inflected = inflected and not any(map(_is_vietnamese, words))
    if not inflected:
        return
    for at, word in enumerate(words):
        for plural in _plurals(word):
            yield [*words[:at], plural, *words[at + 1 :]]


@lru_cache(maxsize=REMEMBERED)
def _is_vietnamese(word: str) -> bool:
    return _VIETNAMESE.search(unicodedata.normalize("NFD", word)) is not None


@lru_cache(maxsize=REMEMBERED)
def _vietnamese_ways(word: str) -> list[str]:
    ways = [word]
    if _PLACED.search(word):
        ways.append(_PLACED.sub(lambda match: _OTHER_PLACE[match.group()], word))
    return ways + [match[1] + _SWAPPED[match[2]] for way in ways if (match := _I_OR_Y.fullmatch(way))]


@lru_cache(maxsize=REMEMBERED)
def _plurals(word: str) -> list[str]:
    """Return the plurals that *word* may have in English; none, where it ends in s or is no word of ASCII letters."""
    if len(word) < _MIN_INFLECTED or not (word.isascii() and word.isalpha()) or word.endswith("s"):
        return []
    if word.endswith("y") and word[-2] not in "aeiou":
        return [f"{word[:-1]}ies", f"{word}s"]  # of a name, only an s: the Kennedys
    if word.endswith(("x", "z", "ch", "sh")):
        return [f"{word}es"]
    return [f"{word}s", f"{word}es"] if word.endswith("o") else [f"{word}s"]

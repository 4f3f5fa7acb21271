"""Bring text into the forms in which it is compared, and know where its words and sentences end.

The home of `regex`, whose `\\X` and `\\w` follow Unicode (UAX 29) where the standard library's do not.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import regex

# Letters written without spaces between words: Han, Kana, Thai, Lao, Khmer, Burmese. Korean has
# spaces, but glues particles to its words, so that whole-word matching finds nothing there either.
_UNSPACED = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]")
_WORD = regex.compile(r"[\p{L}\p{N}\p{M}_]+")
_GRAPHEME = regex.compile(r"\X")
_LOOSE = regex.compile(r"[^\p{L}\p{N}\p{M}]+")
# A word as a reader counts: "minister's" is one; of a script without spaces each letter is (UAX 29, section 4.1).
_SPACED = rf"(?!{_UNSPACED.pattern})[\p{{L}}\p{{N}}\p{{M}}_]"
_COUNTED = regex.compile(rf"{_UNSPACED.pattern}|(?:{_SPACED})+(?:['’](?:{_SPACED})+)*")

# One of these may stand between two words of a name: TP.HCM, Thừa Thiên – Huế, minister's. Each becomes one space, so
# that a full stop with the space after it are two, and no term with single spaces is met across a sentence's end.
JOINTS = "'’-\u2010\u2011–/&·.\t\xa0"
_ASCII_JOINTS = "".join(joint for joint in JOINTS if joint.isascii())
# After these a full stop ends no sentence: TP. HCM, St. Petersburg, GS. TS. Nguyễn, Q. 1.
# fmt: off
ABBREVIATIONS = frozenset([
    "bs", "dr", "gen", "gov", "gs", "ks", "mr", "mrs", "ms", "p", "pgs", "prof", "q", "sen", "st", "ths", "tp", "ts",
    "tx",
])
# fmt: on
_SENTENCE_END = regex.compile(r"[.?!…]+[\"'”’)\]]*(?=\s)|[。！？]|\n")
_LAST_WORD = regex.compile(r"[\p{L}\p{N}\p{M}]*$")

# The first bytes, in UTF-8, of Thai and Lao and of all from U+3000 on in the first plane: what NFKC is for.
_WIDE_BYTES = bytes([0xE0, *range(0xE3, 0xF0)])
_WIDE = re.compile("[\u0e00-\u0eff\u2e80-\uffff]")
_NOT_ASCII = re.compile("[^\x00-\x7f]")
_RUN = re.compile("[\u0e00-\u0eff\u2e80-\uffff]+|[^\u0e00-\u0eff\u2e80-\uffff]+")
_CLUSTER = re.compile("(?s).[\u3099\u309a\uff9e\uff9f]*")
# Half-width kana and Hangul, and marks of kana: NFKC may make one letter of two of them.
_SHRINKING = re.compile("[\u3099\u309a\uff66-\uffdc]")

_NEW_TONES = {
    old + plain: unicodedata.normalize("NFC", bare_first + plain + unicodedata.normalize("NFD", old)[1:])
    for bare_first, olds, plains in (("o", "òóỏõọ", "ae"), ("u", "ùúủũụ", "y"))
    for old in olds
    for plain in plains
}
_OLD_TONES = regex.compile("|".join(_NEW_TONES))


class Word(NamedTuple):
    """A word as it is compared (*folded*), and where it stands in the text (characters).

    A tuple, as there are a hundred in every item, and a frozen dataclass takes three times as long to make.
    """

    folded: str
    start: int
    end: int


def fold(text: str) -> str:
    """Return *text* as it is compared: NFC, case-folded (Unicode 3.13, D146), tones placed the new way.

    >>> fold("Hoà THUỶ quý") == fold("Hòa Thủy qúy")
    True
    """
    # Case folding may take a text out of NFC, so that normalising comes last as well as first.
    folded = unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())
    # Vietnamese is written in both ways, often in one paper: hòa and hoà, thủy and thuỷ.
    return _OLD_TONES.sub(lambda match: _NEW_TONES[match.group()], folded) if not folded.isascii() else folded


def bare(text: str) -> str:
    """Return *text* folded and without accents; `đ` has no decomposition and is folded by hand.

    >>> bare("Thành phố Đà Nẵng")
    'thanh pho da nang'
    """
    letters = unicodedata.normalize("NFD", fold(text).replace("đ", "d"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


class NormalText(NamedTuple):
    """A text in its normal form. Where *starts* and *ends* are not empty, they say where each of its characters stood.

    Otherwise each character stands where it stood.
    """

    text: str
    starts: Sequence[int] = ()
    ends: Sequence[int] = ()


def normal_form(text: str) -> NormalText:
    """Return *text* (NFC) in the form in which terms are looked for: case-folded, with a space for each joint.

    Full-width letters and digits are plain ones, and half-width kana whole ones (NFKC), in that and in Thai and Lao
    only: elsewhere NFKC would make an ellipsis full stops and glue ™ to the word before it.

    >>> normal_form("Việt–Nhật, TP. HCM").text
    'việt nhật, tp  hcm'
    """
    if text.isascii():
        # A third of the joints are in ASCII, and each of them is a search through the text.
        for joint in _ASCII_JOINTS:
            text = text.replace(joint, " ")
        return NormalText(text.lower())
    folded = text.casefold()
    encoded = text.encode("utf-8", "surrogatepass")
    # Folding makes no text shorter, so that one of the same length has each letter in its place.
    if len(folded) == len(text) and len(encoded.translate(None, _WIDE_BYTES)) == len(encoded):
        return NormalText(_level(folded))
    return _normal_form_with_places(text)


def _normal_form_with_places(text: str) -> NormalText:
    parts: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for run in _RUN.finditer(text):
        for piece, at in _pieces(run.group(), run.start()):
            part = _folded_wide(piece)
            parts.append(part)
            if len(part) == len(piece):
                starts += range(at, at + len(piece))
                ends += range(at + 1, at + len(piece) + 1)
            else:
                starts += [at] * len(part)
                ends += [at + len(piece)] * len(part)
    return NormalText(_level("".join(parts)), starts, ends)


def _pieces(run: str, start: int) -> Iterator[tuple[str, int]]:
    """Yield the pieces of *run* whose letters keep their places, or which are one letter with its marks."""
    if not _SHRINKING.search(run) and len(_folded_wide(run)) == len(run):
        yield run, start
    else:
        for cluster in _CLUSTER.finditer(run):
            yield cluster.group(), start + cluster.start()


def _folded_wide(text: str) -> str:
    return (unicodedata.normalize("NFKC", text) if _WIDE.match(text) else text).casefold()


def _level(folded: str) -> str:
    folded = level(folded)
    # So that a term with straight quotation marks meets a text with those of print.
    for sign in "“”‘":
        folded = folded.replace(sign, '"')
    # Some keyboards write the Icelandic letter, which looks the same in upper case: Ðà Nẵng.
    return folded.replace("ð", "đ")


def level(text: str) -> str:
    """Return *text* with a space for each joint, its letters as they are written."""
    for joint in JOINTS:
        text = text.replace(joint, " ")
    return text


class _Glued(dict[str, bool]):
    """Whether a sign makes one word with its neighbour; looked up a hundred times an item, hence no function."""

    def __missing__(self, sign: str) -> bool:
        glued = (sign == "_" or unicodedata.category(sign)[0] in "LNM") and not is_unspaced(sign)
        self[sign] = glued
        return glued


GLUED = _Glued()


def is_accentless(text: str) -> bool:
    """Tell whether all letters of *text* (NFC) are ASCII; typographic signs are no letters."""
    first = None if text.isascii() else _NOT_ASCII.search(text)
    if first is None or first.group().isalpha():
        return first is None
    return not any(match.group().isalpha() for match in _NOT_ASCII.finditer(text, first.end()))


def count_words(text: str) -> int:
    """Return how many words *text* has; each letter of a script without spaces is one (UAX 29)."""
    return sum(1 for _ in _COUNTED.finditer(text))


def ends_a_sentence(text: str) -> bool:
    """Tell whether a sentence ends within *text*; a full stop after an abbreviation or an initial ends none.

    >>> ends_a_sentence("St. Petersburg, J. Doe"), ends_a_sentence("He went. She came")
    (False, True)
    """
    for match in _SENTENCE_END.finditer(text):
        word = _LAST_WORD.search(text, 0, match.start()).group()
        if match.group() != "." or not ((len(word) == 1 and word.isupper()) or word.casefold() in ABBREVIATIONS):
            return True
    return False


def words(text: str) -> list[Word]:
    """Return the words of *text* (NFC), folded, with the places where they stand."""
    folded = fold(text)
    if len(folded) == len(text):
        # Folding a text whole is five times as fast as word by word, and moves no letter from its place …
        return [Word(match.group(), match.start(), match.end()) for match in _WORD.finditer(folded)]
    # … unless a letter becomes two, as ß does.
    return [Word(fold(match.group()), match.start(), match.end()) for match in _WORD.finditer(text)]


def is_unspaced(text: str) -> bool:
    """Tell whether *text* holds letters of a script that does not part words by spaces."""
    return _UNSPACED.search(text) is not None


def graphemes(text: str) -> list[str]:
    """Return the characters of *text* as a reader sees them (grapheme clusters, UAX 29)."""
    return [match.group() for match in _GRAPHEME.finditer(text)]


def beginning(text: str, most: int) -> str:
    """Return the first *most* code points of *text*, or a few fewer where they would cut a character (UAX 29).

    >>> beginning("Huế\N{WAVING HAND SIGN}\N{EMOJI MODIFIER FITZPATRICK TYPE-3}!", 4)
    'Huế'
    """
    if len(text) <= most:
        return text
    last = graphemes(text[: most + 1])[-1]
    # What would be nothing then is a mountain of marks, and no character that anybody reads.
    return text[: most + 1 - len(last)] or text[:most]


def title_key(title: str) -> str:
    """Return what two outlets' copies of one headline have in common: letters and digits, folded.

    >>> title_key("“Osaka” opens an office!") == title_key("OSAKA opens an office")
    True
    """
    return str(_LOOSE.sub(" ", fold(title))).strip()

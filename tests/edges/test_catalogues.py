"""The catalogues say everything that pages, mails and doors say, in every language we ship."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.extract import extract
from jinja2.ext import babel_extract

import syndicator
from syndicator.edges.catalogues import choose_catalogue, read_catalogue, read_catalogues
from syndicator.edges.templates import shipped_folder
from syndicator.errors import TemplateError

LOCALE = shipped_folder() / "locale"
LANGUAGES = ["en", "fr", "ja", "ko", "ru", "vi", "zh-Hans"]
FORMS = {"en": 2, "fr": 2, "ja": 1, "ko": 1, "ru": 3, "vi": 1, "zh-Hans": 1}
PLACEHOLDER = re.compile(r"%\(\w+\)s")


@lru_cache
def used_messages() -> frozenset[str | tuple[str, ...]]:
    """Return every message that a template or a `translate("…")` in our code asks for."""
    found: set[str | tuple[str, ...]] = set()
    options = {"trimmed": "true", "silent": "false", "newstyle_gettext": "true"}
    for path in sorted(shipped_folder().rglob("*")):
        if path.suffix in {".html", ".txt"}:
            with path.open("rb") as file:
                found.update(message for _, message, *_ in extract(babel_extract, file, options=options))
    for path in sorted(Path(syndicator.__file__).parent.rglob("*.py")):
        with path.open("rb") as file:
            found.update(message for _, message, *_ in extract("python", file, keywords={"translate": None}))
    return frozenset(found)


def messages(language: str) -> dict[str | tuple[str, ...], Message]:
    catalog = read_catalogue(LOCALE / f"{language}.po")
    return {tuple(m.id) if isinstance(m.id, list | tuple) else m.id: m for m in catalog if m.id}


def forms(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string)


def test_the_languages_that_we_ship():
    assert sorted(read_catalogues(LOCALE)) == LANGUAGES


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_has_words_in_every_language(language):
    known = messages(language)

    missing = [id for id in used_messages() if id not in known or not all(forms(known[id]))]

    assert not missing, f"templates/locale/{language}.po lacks words for these: {sorted(map(str, missing))}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_catalogue_keeps_words_that_nobody_says(language):
    assert not messages(language).keys() - used_messages()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_has_the_placeholders_of_its_sentence(language):
    for id, message in messages(language).items():
        wanted = set(PLACEHOLDER.findall(str(id)))

        for text in forms(message):
            assert set(PLACEHOLDER.findall(text)) == wanted, text
            assert not text.replace("%%", "").replace("%(", "").count("%"), f"a lone percent sign: {text}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_plural_has_all_forms_of_its_language(language):
    plurals = [message for id, message in messages(language).items() if isinstance(id, tuple)]

    assert plurals
    assert {len(forms(message)) for message in plurals} == {FORMS[language]}


@pytest.mark.parametrize(
    ("language", "count", "words"),
    [
        pytest.param("en", 0, "%(count)s stories", id="English counts none as many"),
        pytest.param("en", 1, "%(count)s story", id="English has a singular"),
        pytest.param("fr", 0, "%(count)s article", id="French counts none as one"),
        pytest.param("fr", 2, "%(count)s articles", id="French has a plural"),
        pytest.param("ru", 21, "%(count)s новость", id="Russian counts twenty-one like one"),
        pytest.param("ru", 3, "%(count)s новости", id="Russian has a form for a few"),
        pytest.param("ru", 11, "%(count)s новостей", id="Russian counts eleven like many"),
        pytest.param("vi", 1, "%(count)s tin", id="Vietnamese has one form"),
        pytest.param("vi", 7, "%(count)s tin", id="Vietnamese has one form for many too"),
    ],
)
def test_counting(language, count, words):
    catalogue = read_catalogues(LOCALE)[language]

    assert catalogue.ngettext("%(count)s story", "%(count)s stories", count) == words


def test_a_sites_own_words_come_first_and_ours_fill_the_gaps(tmp_path):
    (tmp_path / "fr.po").write_text('msgid "Subscribe"\nmsgstr "Recevoir la lettre"\n', encoding="utf-8")

    french = read_catalogues(tmp_path, LOCALE)["fr"]

    assert french.gettext("Subscribe") == "Recevoir la lettre"
    assert french.gettext("Unsubscribe") == "Se désabonner"


def test_a_site_may_add_a_language_of_its_own(tmp_path):
    (tmp_path / "de.po").write_text('msgid "Subscribe"\nmsgstr "Abonnieren"\n', encoding="utf-8")

    catalogues = read_catalogues(tmp_path, LOCALE)

    assert catalogues["de"].gettext("Subscribe") == "Abonnieren"
    assert catalogues["de"].gettext("Unsubscribe") == "Unsubscribe"


@pytest.mark.parametrize(
    ("language", "chosen"),
    [
        pytest.param("zh-Hans-CN", "zh-Hans", id="a region reads the words of its language"),
        pytest.param("zh", "zh-Hans", id="a language without script reads what there is of it"),
        pytest.param("th", "en", id="a language without a catalogue reads English"),
    ],
)
def test_choose_catalogue(language, chosen):
    assert choose_catalogue(language, read_catalogues(LOCALE)) == chosen


def test_without_any_catalogue_there_is_still_english(tmp_path):
    assert read_catalogues(tmp_path)["en"].gettext("Subscribe") == "Subscribe"


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        pytest.param("fr.po", b'msgid "a"\nnonsense\n', r"fr\.po:2: .*mend that line", id="a line that is no gettext"),
        pytest.param("fr.po", b'msgid "a"\nmsgstr[x] "b"\n', r"fr\.po: .*mend it", id="a form without a number"),
        pytest.param("fr.po", b'msgid "a"\nmsgstr "\xff"\n', r"fr\.po: .*UTF-8", id="bytes that are not UTF-8"),
        pytest.param("french.po", b"", r"french\.po: .*language tag", id="a name that is no language tag"),
    ],
)
def test_a_broken_catalogue_is_named(tmp_path, name, content, said):
    (tmp_path / name).write_bytes(content)

    with pytest.raises(TemplateError, match=said):
        read_catalogues(tmp_path)

"""Read the gettext catalogues: the words of pages and mails in every language.

The `.po` files are read as they are and compiled in memory, so that an edited word needs no build
step, in a checkout and in an installed package alike.
"""

from __future__ import annotations

from collections.abc import Mapping
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po

from syndicator.errors import TemplateError
from syndicator.model.language import choose_language, is_language_tag

ENGLISH = "en"  # the language in which the messages themselves are written


def read_catalogues(*folders: Path) -> Mapping[str, NullTranslations]:
    """Return, by language tag, the words in `<tag>.po` of *folders*, those of an earlier folder first.

    A word that no catalogue of its language has stays English; so does a whole language without one.
    Raise `TemplateError` naming file and line.
    """
    catalogues: dict[str, NullTranslations] = {}
    for folder in folders:
        for path in sorted(folder.glob("*.po")):
            words = _compile(read_catalogue(path))
            if path.stem in catalogues:
                catalogues[path.stem].add_fallback(words)
            else:
                catalogues[path.stem] = words
    catalogues.setdefault(ENGLISH, NullTranslations())
    return catalogues


def read_catalogue(path: Path) -> Catalog:
    """Return the catalogue in *path*, whose name is a language tag: `zh-Hans.po`. Raise `TemplateError`."""
    if not is_language_tag(path.stem):
        raise TemplateError(f"{path}: its name is no language tag; name it like vi.po or zh-Hans.po")
    try:
        with path.open("rb") as file:
            return read_po(file, locale=path.stem.replace("-", "_"), charset="utf-8", abort_invalid=True)
    except PoFileError as error:
        # Babel counts lines from 0.
        raise TemplateError(f"{path}:{error.lineno + 1}: this is no gettext: {error}; mend that line") from error
    except UnicodeDecodeError as error:
        raise TemplateError(f"{path}: byte {error.start} is not UTF-8; save the file as UTF-8") from error
    except ValueError as error:
        raise TemplateError(f"{path}: this is no gettext catalogue: {error}; mend it") from error


def choose_catalogue(language: str, catalogues: Mapping[str, NullTranslations]) -> str:
    """Return the tag of the catalogue that suits a reader of *language* best: theirs, a near one, English."""
    return choose_language([language, ENGLISH], catalogues)


def _compile(catalog: Catalog) -> NullTranslations:
    compiled = BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    return GNUTranslations(compiled)

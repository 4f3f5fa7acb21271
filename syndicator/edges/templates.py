"""Render pages and mails in the reader's language: the home of Jinja2 and of css-inline."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

import css_inline
import jinja2
from jinja2.bccache import Bucket

from syndicator.edges.catalogues import choose_catalogue, read_catalogues
from syndicator.errors import TemplateError

_PACKAGE = Path(__file__).resolve().parent.parent
_COLUMNS = 72  # of a text mail: leaves room for the marks of a reply within 80 (RFC 5322, section 2.1.1)
_NEVER_FIRST = frozenset(
    "、。，．・：；？！ー”’）〉》」』】〕］｝…‥々ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮ%％,.!?:;)]}»"
)
_IDEOGRAPH = re.compile(r"[\u2e80-\u312f\u31a0-\u9fff\uf900-\ufaff\uff00-\uff60\U00020000-\U0003ffff]")
_NEVER_LAST = frozenset("“‘（〈《「『【〔［｛([{«")


def shipped(name: str) -> Path:
    """Return where *name*, a file or folder that we ship (`templates`, `feeds.yaml`), lies.

    A wheel carries it inside the package, a checkout beside it.
    """
    inside = _PACKAGE / "_shipped" / name
    return inside if inside.exists() else _PACKAGE.parent / name


def shipped_folder() -> Path:
    """Return the folder of the templates that we ship."""
    return shipped("templates")


def _is_template(file: Path, folder: Path) -> bool:
    # A folder that is the newsroom's own holds more than templates, some of it made of them.
    kinds = {".html", ".txt", ".css", ".svg", ".po"}
    return (
        file.suffix in kinds and file.relative_to(folder).parts[0] not in {"data", "mail", "public"} and file.is_file()
    )


class JinjaTemplates:
    """The templates of *folders*, a site's own first; the shipped ones are always looked for last.

    Files that end in `.html` are escaped, others are not. In `email/*.html` the style sheet is
    written into the elements, as mail readers want it; its `@media` rules stay in the head.
    """

    def __init__(self, *folders: Path) -> None:
        self._folders = tuple(dict.fromkeys([*folders, shipped_folder()]))
        self._catalogues = read_catalogues(*(folder / "locale" for folder in self._folders))
        self._environments: dict[str, jinja2.Environment] = {}
        self._compiled = _Compiled()
        # Nothing is ever loaded from the network, whatever a site's own template links to.
        self._inliner = css_inline.CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages that have a catalogue."""
        return tuple(self._catalogues)

    @cached_property
    def fingerprint(self) -> str:
        """A hash of all templates and catalogues, as they are when it is first asked for. Raise `TemplateError`."""
        try:
            files = [
                file for folder in self._folders for file in sorted(folder.rglob("*")) if _is_template(file, folder)
            ]
            content = b"\0".join(file.name.encode() + b"\0" + file.read_bytes() for file in files)
        except OSError as error:
            why = f"cannot be read ({error.strerror}); let the user who runs syndicator read it"
            raise TemplateError(f"{error.filename}: {why}") from error
        return hashlib.sha256(content).hexdigest()

    def render(self, name: str, *, language: str, **context: Any) -> str:
        """Return template *name* filled with *context*, its own words in *language*.

        Raise `TemplateError` naming template and line.
        """
        try:
            text = self._environment(language).get_template(name).render(context)
        except jinja2.TemplateNotFound as error:
            folders = ", ".join(str(folder) for folder in self._folders)
            raise TemplateError(f"{error.name}: there is no such template in {folders}; add it there") from error
        except jinja2.TemplateSyntaxError as error:
            raise TemplateError(f"{error.name or name}:{error.lineno}: {error.message}; mend that line") from error
        except jinja2.UndefinedError as error:
            remedy = "mend the name, or give it a value first"
            raise TemplateError(f"{self._place(error, name)}: {error.message}; {remedy}") from error
        except Exception as error:
            # Whatever else the code of a template stumbles over is that template's mistake as well.
            why = f"{type(error).__name__}: {error}"
            raise TemplateError(f"{self._place(error, name)}: {why}; mend that line, or its translation") from error
        return self._inliner.inline(text) if name.startswith("email/") and name.endswith(".html") else text

    def translate(self, text: str, *, language: str, **values: Any) -> str:
        """Return the catalogue's words for *text* in *language*, `%(name)s` filled from *values*.

        A percent sign that is meant is written twice, as in a template. Raise `TemplateError`.
        """
        chosen = choose_catalogue(language, self._catalogues)
        words = self._catalogues[chosen].gettext(text)
        try:
            return words % values
        except (KeyError, TypeError, ValueError) as error:
            raise TemplateError(f"{chosen}.po: {words!r} cannot be filled: {error!r}; mend its placeholders") from error

    def _environment(self, language: str) -> jinja2.Environment:
        # One environment a language: the words are then right in macros too, which Jinja imports
        # without the context in which a language could stand.
        chosen = choose_catalogue(language, self._catalogues)
        if chosen not in self._environments:
            environment = jinja2.Environment(
                loader=jinja2.FileSystemLoader(self._folders),
                autoescape=lambda name: name is not None and name.endswith(".html"),
                undefined=jinja2.StrictUndefined,
                extensions=["jinja2.ext.i18n"],
                trim_blocks=True,
                lstrip_blocks=True,
                keep_trailing_newline=True,
                auto_reload=False,  # all mails of one edition come from one template
                bytecode_cache=self._compiled,
            )
            environment.policies["ext.i18n.trimmed"] = True
            environment.install_gettext_translations(  # type: ignore[attr-defined]
                self._catalogues[chosen], newstyle=True
            )
            environment.filters |= {"file": page_file, "wrap": wrap_columns}
            self._environments[chosen] = environment
        return self._environments[chosen]

    def _place(self, error: BaseException, name: str) -> str:
        """Return `template:line` of the deepest template on the way to *error*."""
        place, trace = name, error.__traceback__
        while trace is not None:
            for folder in self._folders:
                file = Path(trace.tb_frame.f_code.co_filename)
                if file.is_relative_to(folder):
                    place = f"{file.relative_to(folder).as_posix()}:{trace.tb_lineno}"
            trace = trace.tb_next
        return place


class _Compiled(jinja2.BytecodeCache):
    """Compiled templates, so that seven languages do not compile each template seven times."""

    def __init__(self) -> None:
        self._code: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._code:
            bucket.bytecode_from_string(self._code[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._code[bucket.key] = bucket.bytecode_to_string()


def page_file(path: str) -> str:
    """Return the file that a browser opens at *path*, for a site that is read from a disk too.

    >>> page_file("feeds/trade/"), page_file("editions/weekly.html")
    ('feeds/trade/index.html', 'editions/weekly.html')
    """
    return f"{path}index.html" if path.endswith("/") else path


def wrap_columns(text: str, width: int = _COLUMNS, first: str = "", rest: str = "") -> str:
    """Return *text* in lines of at most *width* columns, the first after *first*, the others after *rest*.

    A Chinese or Japanese character takes two columns (Unicode Standard Annex 11) and a line may end
    beside it; a Korean word stays whole. A word that is wider than a line, such as a link, is never cut.
    """
    lines: list[str] = []
    line, used, empty = first, _columns(first), True
    for space, word in _words(text):
        wide = _columns(word)
        if not empty and used + len(space) + wide > width:
            lines.append(line)
            line, used, empty = rest, _columns(rest), True
        piece = word if empty else space + word
        line, used, empty = line + piece, used + len(piece) - len(word) + wide, False
    return "\n".join([*lines, line])


def _words(text: str) -> Iterator[tuple[str, str]]:
    """Yield the pieces between which a line may end, each with the space that stands before it."""
    for run in re.findall(r"[^ \t\r\n]+", text):  # a no-break space is none to part at
        space, start = " ", 0
        if _IDEOGRAPH.search(run):
            for end in range(1, len(run)):
                if _may_part(run[end - 1], run[end]):
                    yield space, run[start:end]
                    space, start = "", end
        yield space, run[start:]


def _may_part(left: str, right: str) -> bool:
    if right in _NEVER_FIRST or left in _NEVER_LAST or unicodedata.combining(right):
        return False
    return bool(_IDEOGRAPH.match(left) or _IDEOGRAPH.match(right))


def _columns(text: str) -> int:
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(character) else 2 if unicodedata.east_asian_width(character) in "WF" else 1
        for character in text
    )

"""Read a vocabulary that ships with the package: files of tags and lists of words, in the grammar of feeds.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from syndicator.config.build_rules import Built, Name, build_tags
from syndicator.config.mistake import Mistake, Path, Report
from syndicator.config.plain_tree import read_plain
from syndicator.config.rule_shape import TagShape, VocabularyShape
from syndicator.config.tree import Tree, read_tree
from syndicator.config.values import Wrong
from syndicator.config.words import explain
from syndicator.errors import ConfigError
from syndicator.model.tag import Vocabulary

LANGUAGE = "en"  # of a label that names none, until feeds.yaml says what the site's first language is


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenVocabulary(Vocabulary):
    """A vocabulary with its tags as they are written, so that feeds.yaml can replace parts of them."""

    shapes: Mapping[str, TagShape]


def build_vocabulary(texts: Mapping[str, str]) -> WrittenVocabulary:
    """Return what the files *texts*, each by its name, have under `words` and `tags`.

    Tags stand in the order of the files; a file may use what another one has. Raise `ConfigError` with every mistake.
    """
    try:
        files = {name: VocabularyShape.model_validate(read_plain(text)) for name, text in texts.items()}
    except ValueError:  # pydantic's errors are such, too
        return _read_slowly(texts)
    shapes, twins = _together(files, "tags")
    words, more = _together(files, "words")
    built = build_tags(shapes, words, language=LANGUAGE)
    if built.wrong or twins or more:
        return _read_slowly(texts)
    return _vocabulary(built, shapes, words)


def _read_slowly(texts: Mapping[str, str]) -> WrittenVocabulary:
    """Do the same and keep the places, so that mistakes can be told."""
    reports = {name: Report(name) for name in texts}
    trees = {name: read_tree(text, env={}, report=reports[name]) for name, text in texts.items()}
    files = {name: _shape(tree, reports[name]) for name, tree in trees.items() if tree}
    shapes, twins = _together(files, "tags")
    words, more = _together(files, "words")
    broken = _broken(trees, reports)
    built = build_tags(shapes, words, language=LANGUAGE, broken=broken)
    home: dict[Name, str] = {}
    for name, file in files.items():
        home |= {("tags", id): name for id in file.tags} | {("words", id): name for id in file.words}
    for path, wrong in built.wrong:
        tell_wrong(path, wrong, trees[home[str(path[0]), str(path[1])]], reports[home[str(path[0]), str(path[1])]])
    for kind, id, first, second in twins + more:
        tell_wrong((kind, id), Wrong(f"stands in {first} already; keep one of them"), trees[second], reports[second])
    mistakes: list[Mistake] = [mistake for report in reports.values() for mistake in report.mistakes()]
    if mistakes:
        raise ConfigError(mistakes)
    return _vocabulary(built, shapes, words)


def tell_wrong(path: Path, wrong: Wrong, tree: Tree | None, report: Report) -> None:
    """Add to *report* what is *wrong* at *path*, with the value as the file has it; unless that is told already."""
    if tree is None or report.has(path):
        return
    place = tree.key_place(path) if len(path) == 2 else tree.place(path)
    hint = "" if path in tree.written else wrong.hint
    report.add(place, path, wrong.text.replace("{value}", tree.shown(path)) + hint)


def _shape(tree: Tree, report: Report) -> VocabularyShape:
    try:
        return VocabularyShape.model_validate(tree.data)
    except ValidationError as error:
        explain(error, tree, report)
        return VocabularyShape()


def _broken(trees: Mapping[str, Tree | None], reports: Mapping[str, Report]) -> set[Name]:
    """Return what is declared in files that have mistakes."""
    names: set[Name] = set()
    for name, tree in trees.items():
        if tree and reports[name].mistakes():
            for kind in ("tags", "words"):
                section = tree.get((kind,))
                names.update((kind, id) for id in (section if isinstance(section, dict) else ()))
    return names


def _together(
    files: Mapping[str, VocabularyShape], kind: str
) -> tuple[dict[str, Any], list[tuple[str, str, str, str]]]:
    """Return what all files have under *kind*, and what two of them have."""
    found: dict[str, Any] = {}
    first: dict[str, str] = {}
    twins = []
    for name, file in files.items():
        for id, value in getattr(file, kind).items():
            if id in found:
                twins.append((kind, id, first[id], name))
            found.setdefault(id, value)
            first.setdefault(id, name)
    return found, twins


def _vocabulary(built: Built, shapes: Mapping[str, TagShape], words: Mapping[str, list[str]]) -> WrittenVocabulary:
    terms = {name: tuple(listed) for name, listed in words.items()}
    return WrittenVocabulary(tags=built.tags, words=terms, shapes=shapes)

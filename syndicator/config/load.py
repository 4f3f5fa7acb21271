"""Load feeds.yaml: text and environment in, a `Config` or all mistakes at once out."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pydantic import ValidationError

from syndicator.config.build import build_config
from syndicator.config.load_rules import TryTags, load_rules
from syndicator.config.mistake import Path, Report, suggest
from syndicator.config.model import Config
from syndicator.config.references import check_references
from syndicator.config.shape import NewsroomShape
from syndicator.config.tree import Tree, read_tree
from syndicator.config.vocabulary import WrittenVocabulary
from syndicator.config.words import explain
from syndicator.errors import ConfigError, UnknownVocabulary


def load_config(
    text: str,
    *,
    name: str = "feeds.yaml",
    env: Mapping[str, str],
    vocabulary: Callable[[str], WrittenVocabulary] | None = None,
    try_tags: TryTags | None = None,
) -> Config:
    """Return the newsroom that *text* (YAML 1.2) describes, its variables filled from *env*.

    *vocabulary* reads one by its name, or raises `UnknownVocabulary`. *try_tags* is given all tags whose rules are
    well-formed and the ids of those that the file changes, or what they build on; it tries these on their test
    sentences. Raise `ConfigError` with every mistake, in the order of the file, which messages call *name*.
    """
    report = Report(name)
    tree = read_tree(text, env=env, report=report)
    if tree is None:
        raise ConfigError(report.mistakes())
    shape = _read_shape(tree, report)
    taken = _read_vocabularies(tree, report, vocabulary)
    known = None if taken is None else {id: bool(tag.match) for each in taken for id, tag in each.tags.items()}
    check_references(tree, report, taken=known)
    # Where it is not known what is meant to be there, every name would seem to be a slip.
    rules = load_rules(tree, report, shape, taken, try_tags=try_tags) if taken is not None else None
    if mistakes := report.mistakes():
        raise ConfigError(mistakes)
    assert shape is not None  # what has no shape has mistakes
    assert rules is not None  # and so has what uses an unknown vocabulary
    filled = {path[1] for path in tree.written if path[:1] == ("sources",) and path[2:] == ("url",)}
    return build_config(shape, rules=rules, text=text, secret=filled)


def _read_shape(tree: Tree, report: Report) -> NewsroomShape | None:
    try:
        return NewsroomShape.model_validate(tree.data)
    except ValidationError as error:
        explain(error, tree, report)
        return None


def _read_vocabularies(
    tree: Tree, report: Report, vocabulary: Callable[[str], WrittenVocabulary] | None
) -> list[WrittenVocabulary] | None:
    """Return the vocabularies that are used, or None where one of them is not known."""
    listed = tree.get(("use",))
    if not isinstance(listed, list):
        return [] if listed is None else None
    found = []
    for index, name in enumerate(listed):
        at: Path = ("use", index)
        try:
            if isinstance(name, str):
                found.append(_no_vocabulary(name) if vocabulary is None else vocabulary(name))
        except UnknownVocabulary as error:
            near = "" if at in tree.written else suggest(name, error.known)
            listing = f"; there is {', '.join(error.known)}" if error.known else ""
            report.add(tree.place(at), at, f"there is no vocabulary {tree.shown(at)}{near or listing}")
    return found if len(found) == len(listed) else None


def _no_vocabulary(name: str) -> WrittenVocabulary:
    raise UnknownVocabulary(name, ())

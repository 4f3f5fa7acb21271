"""Load feeds.yaml: text and environment in, a `Config` or all mistakes at once out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from pydantic import ValidationError

from syndicator.config.build import build_config, build_tag
from syndicator.config.mistake import Failure, Path, Report
from syndicator.config.model import Config
from syndicator.config.references import check_references
from syndicator.config.shape import NewsroomShape, TagShape
from syndicator.config.tree import Tree, read_tree
from syndicator.config.values import Wrong, language, line
from syndicator.config.words import explain
from syndicator.errors import ConfigError
from syndicator.model.tag import Tag


def load_config(
    text: str,
    *,
    name: str = "feeds.yaml",
    env: Mapping[str, str],
    try_tag: Callable[[Tag], Iterable[Failure]] | None = None,
) -> Config:
    """Return the newsroom that *text* (YAML 1.2) describes, its variables filled from *env*.

    *try_tag* tries the rule of a tag on its test sentences; it is asked for every tag whose rule is
    well-formed. Raise `ConfigError` with every mistake, in the order of the file, which messages call
    *name*.
    """
    report = Report(name)
    tree = read_tree(text, env=env, report=report)
    shape = _read_shape(tree, report) if tree else None
    if tree:
        check_references(tree, report)
        if try_tag:
            _try_tags(tree, report, try_tag)
    if mistakes := report.mistakes():
        raise ConfigError(mistakes)
    assert shape is not None  # what has no shape has mistakes
    assert tree is not None  # nor has what is no tree
    filled = {path[1] for path in tree.written if path[:1] == ("sources",) and path[2:] == ("url",)}
    return build_config(shape, secret=filled)


RULE = ("match", "must_match", "must_not_match")  # the keys of a tag that make its rule and the rule's test


def _read_shape(tree: Tree, report: Report) -> NewsroomShape | None:
    try:
        return NewsroomShape.model_validate(tree.data)
    except ValidationError as error:
        explain(error, tree, report)
        return None


def _try_tags(tree: Tree, report: Report, try_tag: Callable[[Tag], Iterable[Failure]]) -> None:
    tags = tree.get(("tags",))
    for id, data in tags.items() if isinstance(tags, dict) else ():
        path: Path = ("tags", id)
        # What is wrong with a label hides nothing of the rule.
        rule = {key: data[key] for key in RULE if key in data} if isinstance(data, dict) else {}
        if not rule or any(report.has_within((*path, key)) for key in rule):
            continue
        try:
            tag = build_tag(id, TagShape.model_validate(rule), _site_language(tree))
        except ValidationError:
            continue  # the parts of the rule do not fit together, which is told already
        for failure in try_tag(tag):
            at: Path = (*path, "match") if failure.key == "match" else (*path, failure.key, failure.index)
            report.add(tree.place(at), at, _as_written(failure.text, path, tree))


def _site_language(tree: Tree) -> str:
    first = tree.get(("site", "languages", 0))
    try:
        return language(first) if isinstance(first, str) else "en"
    except Wrong:
        return "en"


def _as_written(text: str, path: Path, tree: Tree) -> str:
    """Return *text* with what the environment put into the values below *path* as the file has it."""
    for at, written in tree.written.items():
        if at[: len(path)] == path:
            value = str(tree.get(at))
            text = text.replace(value, written).replace(line(value), written)
    return text

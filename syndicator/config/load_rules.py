"""Load the tags: those of the vocabularies, with what feeds.yaml changes of them, and its own; and have them tried."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

from pydantic import TypeAdapter, ValidationError

from syndicator.config.build_rules import Built, Name, build_tags
from syndicator.config.mistake import Failure, Path, Report
from syndicator.config.rule_shape import TagShape, WordList, merged
from syndicator.config.shape import NewsroomShape
from syndicator.config.tree import Tree
from syndicator.config.values import REGEX, Wrong, language, line
from syndicator.config.vocabulary import WrittenVocabulary, tell_wrong
from syndicator.model.tag import Tag, Vocabulary

# All tags that are well-formed, and the ids of those that are to be tried; what came out.
TryTags: TypeAlias = Callable[[Mapping[str, Tag], Collection[str]], Iterable[Failure]]

RULE = ("requires", "match", "must_match", "must_not_match")  # the keys of a tag that make its rule and the rule's test
_WORDS: TypeAdapter[list[str]] = TypeAdapter(WordList)


def load_rules(
    tree: Tree,
    report: Report,
    shape: NewsroomShape | None,
    vocabularies: Sequence[WrittenVocabulary],
    *,
    try_tags: TryTags | None,
) -> Vocabulary:
    """Return the tags and lists of *vocabularies* and of the file: those that are well-formed, in this order.

    What is wrong with their rules is added to *report*, and what *try_tags* finds. Where the file has other mistakes
    and so no *shape*, its rules are read one by one, so that these hide nothing.
    """
    shapes = {id: below for each in vocabularies for id, below in each.shapes.items()}
    words: dict[str, Sequence[str]] = {name: listed for each in vocabularies for name, listed in each.words.items()}
    own_tags, own_words = _own(tree, report, shape)
    changed: set[Name] = {("words", name) for name in own_words}
    changed |= {("tags", id) for id, own in own_tags.items() if id not in shapes or _changes_rule(own)}
    sound = {id: own for id, own in own_tags.items() if own is not None}
    shapes |= {id: merged(shapes[id], own) if id in shapes else own for id, own in sound.items()}
    words |= {name: listed for name, listed in own_words.items() if listed is not None}
    broken = {("tags", id) for id, own in own_tags.items() if own is None}
    broken |= {("words", name) for name, listed in own_words.items() if listed is None}
    for kind, name in broken:
        (shapes if kind == "tags" else words).pop(name, None)
    built = build_tags(shapes, words, language=_site_language(tree), broken=broken)
    desk = _Desk(tree, report, built, changed)
    for path, wrong in built.wrong:
        desk.tell(path, wrong)
    if try_tags:
        tried = built.built_on(changed)
        for failure in try_tags(built.tags, [id for id in built.tags if id in tried]):
            desk.tell_failure(failure)
    return Vocabulary(tags=built.tags, words={name: tuple(listed) for name, listed in words.items()})


def _own(
    tree: Tree, report: Report, shape: NewsroomShape | None
) -> tuple[dict[str, TagShape | None], dict[str, list[str] | None]]:
    """Return the file's own tags and lists; None for those that have mistakes."""
    if shape:
        return dict(shape.tags), dict(shape.words)
    tags, words = tree.get(("tags",)), tree.get(("words",))
    own_tags = {
        id: _tag_shape(data, spoilt=any(report.has_within(("tags", id, key)) for key in RULE))
        for id, data in (tags.items() if isinstance(tags, dict) else ())
    }
    own_words = {
        name: None if report.has_within(("words", name)) else _WORDS.validate_python(data)
        for name, data in (words.items() if isinstance(words, dict) else ())
    }
    return own_tags, own_words


def _tag_shape(data: object, *, spoilt: bool) -> TagShape | None:
    if spoilt or not isinstance(data, dict | None):
        return None
    try:
        # What is wrong with a label hides nothing of the rule.
        return TagShape.model_validate({key: data[key] for key in RULE if key in data} if data else {})
    except ValidationError:
        return None  # the parts of the rule do not fit together, which is told already


def _changes_rule(own: TagShape | None) -> bool:
    return own is None or not own.model_fields_set.isdisjoint(RULE)


def _site_language(tree: Tree) -> str:
    first = tree.get(("site", "languages", 0))
    try:
        return language(first) if isinstance(first, str) else "en"
    except Wrong:
        return "en"


class _Desk:
    """Finds the place in the file for what is wrong with a rule, though a vocabulary wrote a part of it."""

    def __init__(self, tree: Tree, report: Report, built: Built, changed: Collection[Name]) -> None:
        self._tree = tree
        self._report = report
        self._built = built
        self._changed = changed

    def tell(self, path: Path, wrong: Wrong) -> None:
        """Report what is *wrong* at *path* of the merged rules."""
        if isinstance(self._tree.get(path[:-1]), str):
            path = path[:-1]  # a single text, which may stand for a list of one
        if path[0] == "words" or self._tree.get(path) is not None:
            tell_wrong(path, wrong, self._tree, self._report)
        else:
            self._tell_at_change(str(path[1]), wrong.text.replace("{value}", "what it names"))

    def tell_failure(self, failure: Failure) -> None:
        """Report what trying a rule brought to light."""
        text = self._as_written(failure.text)
        for path in self._paths(failure):
            self._report.add(self._tree.place(path), path, text)
            return
        self._tell_at_change(failure.tag, text)

    def _paths(self, failure: Failure) -> Iterator[Path]:
        """Yield where the file has what failed, the best place first."""
        rule: Path = ("tags", failure.tag, "match")
        if failure.key != "match":
            sentence: Path = ("tags", failure.tag, failure.key, failure.index)
            if self._tree.get(sentence) is not None:
                yield sentence
            return
        if failure.term:
            yield from _places_of(failure.term, self._tree.get(rule), rule)
            for kind, name in sorted(self._built.uses.get(failure.tag, ())):
                if kind == "words":
                    yield from _places_of(failure.term, self._tree.get((kind, name)), (kind, name))
        if self._tree.get(rule) is not None:
            yield rule

    def _tell_at_change(self, tag: str, text: str) -> None:
        """Report what is wrong with *tag*, which a vocabulary wrote, at what the file changed of what it builds on."""
        path: Path = ("tags", tag) if self._tree.get(("tags", tag)) is not None else ("use",)
        seen: set[Name] = {("tags", tag)}
        ring: set[Name] = {("tags", tag)}
        while ring:
            if found := sorted(ring.intersection(self._changed)):
                path = found[0]
                break
            ring = {name for kind, id in ring if kind == "tags" for name in self._built.uses.get(id, ())} - seen
            seen |= ring
        told = text if path == ("tags", tag) else f"the tag {tag} of the vocabulary, which builds on this: {text}"
        self._report.add(self._tree.place(path), path, told)

    def _as_written(self, text: str) -> str:
        """Return *text* with what the environment put into rules as the file has it."""
        for at, written in self._tree.written.items():
            if at[0] in ("tags", "words"):
                value = str(self._tree.get(at))
                text = text.replace(value, written).replace(line(value), written)
        return text


def _places_of(term: str, data: object, path: Path) -> Iterator[Path]:
    """Yield the paths below *path* where the file has *term*."""
    if isinstance(data, dict):
        for key, value in data.items():
            yield from [(*path, key)] if line(key) == term else _places_of(term, value, (*path, key))
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield from _places_of(term, value, (*path, index))
    elif isinstance(data, str) and (line(data) == term or (term.startswith(REGEX) and data.strip() == term)):
        yield path

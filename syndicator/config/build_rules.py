"""Build tags out of their shapes: lists and other rules are put in where they are named, and names are looked up."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from syndicator.config.mistake import Path, suggest
from syndicator.config.rule_shape import ListShape, MatchShape, PartShape, TagShape
from syndicator.config.values import Wrong
from syndicator.model.language import Localized
from syndicator.model.tag import AtLeast, Field, Match, Near, Score, Tag, Term

# What has a name at the top of the file: ("tags", "diplomacy"), ("words", "football").
Name: TypeAlias = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """Tags made of their shapes.

    *tags* are those that nothing is *wrong* with, nor with what they build on. *wrong* are mistakes with their paths.
    *uses* has, for each tag, the lists and tags that it names, and its children, which give it.
    """

    tags: dict[str, Tag]
    wrong: Sequence[tuple[Path, Wrong]]
    uses: Mapping[str, Collection[Name]]

    def built_on(self, names: Collection[Name]) -> frozenset[str]:
        """Return the ids of the tags that are among *names* or build on one of them, near or far."""
        reached = set(names)
        grown = True
        while grown:
            new = {("tags", id) for id, used in self.uses.items() if not reached.isdisjoint(used)} - reached
            reached |= new
            grown = bool(new)
        return frozenset(id for kind, id in reached if kind == "tags")


def build_tags(
    shapes: Mapping[str, TagShape],
    words: Mapping[str, Sequence[Term]],
    *,
    language: str,
    broken: Collection[Name] = (),
) -> Built:
    """Return the tags of *shapes*, which may name the lists *words*; a label that names no language is in *language*.

    *broken* are the names of tags and lists that are declared, and have mistakes that are told already: they are
    known, and whoever builds on them is left out.
    """
    builder = _Builder(shapes, words, broken)
    tags = {
        id: Tag(
            id=id,
            label=localized(shape.label or {"": id}, language),
            match=builder.match(id),
            requires=tuple(shape.requires),
            mediatopic=_mediatopic(id, shapes),
            must_match=tuple(shape.must_match),
            must_not_match=tuple(shape.must_not_match),
        )
        for id, shape in shapes.items()
    }
    builder.check_names()
    built = Built(tags=tags, wrong=builder.wrong, uses=builder.uses)
    unsound = built.built_on({*broken, *(("tags", str(path[1])) for path, _ in builder.wrong if path[0] == "tags")})
    return Built(
        tags={id: tag for id, tag in tags.items() if id not in unsound}, wrong=builder.wrong, uses=builder.uses
    )


def _mediatopic(id: str, shapes: Mapping[str, TagShape]) -> int:
    """Return the topic of the tag *id*, or of the nearest tag above it that has one."""
    while id in shapes and not shapes[id].mediatopic:
        id = id.rpartition("/")[0]
    return shapes[id].mediatopic if id in shapes else 0


def localized(texts: Mapping[str, str], language: str) -> Localized:
    """Return *texts* by language; one that names no language is in *language*."""
    return Localized({tag or language: text for tag, text in texts.items()})


class _Builder:
    """Makes the match of each tag once, and gathers what is wrong on the way."""

    def __init__(
        self, shapes: Mapping[str, TagShape], words: Mapping[str, Sequence[Term]], broken: Collection[Name]
    ) -> None:
        self.wrong: list[tuple[Path, Wrong]] = []
        self.uses: dict[str, set[Name]] = {id: set() for id in shapes}
        self._shapes = shapes
        self._words = words
        self._known_tags = {*shapes, *(id for kind, id in broken if kind == "tags")}
        self._known_words = {*words, *(id for kind, id in broken if kind == "words")}
        self._made: dict[str, Match | None] = {}
        self._shared: dict[tuple[Term | Match, ...], tuple[Term | Match, ...]] = {}
        self._open: list[str] = []

    def match(self, id: str) -> Match | None:
        """Return the rule of the tag *id*, made of its shape."""
        shape = self._shapes[id].match
        if id not in self._made and shape is not None:
            self._open.append(id)
            self._made[id] = self._match(shape, ("tags", id, "match"), ())
            self._open.pop()
        return self._made.get(id)

    def check_names(self) -> None:
        """Hold the ids of tags against each other: parents are declared, and what is required can be given."""
        for name, terms in self._words.items():
            self._check_twins(terms, ("words", name))
        for id, shape in self._shapes.items():
            parent = id.rpartition("/")[0]
            if parent in self.uses:
                self.uses[parent].add(("tags", id))
            elif parent and parent not in self._known_tags:
                self._tell(("tags", id), f"its parent is not declared; write “{parent}:” under tags too")
            self._check_twins(shape.requires, ("tags", id, "requires"))
            for index, wanted in enumerate(shape.requires):
                self._check_requirement(id, wanted, ("tags", id, "requires", index))
        self._check_circles()

    def _check_requirement(self, id: str, wanted: str, path: Path) -> None:
        self.uses[id].add(("tags", wanted))
        if wanted == id:
            self._tell(path, "{value} is the tag itself, which cannot wait for itself; remove it")
        elif wanted.startswith(f"{id}/"):
            self._tell(path, "{value} is a child of this tag, and gives it; a tag cannot wait for its child; remove it")
        elif wanted not in self._known_tags:
            self._tell(path, "there is no tag {value}", suggest(wanted, self._known_tags))

    def _check_circles(self) -> None:
        """Report tags that wait for each other, at the one that stands last."""
        told: set[str] = set()
        for id in self._shapes:
            walked, seen = [id], {id}
            stack = [list(self._shapes[id].requires)]
            while stack:
                if not stack[-1]:
                    stack.pop()
                    walked.pop()
                    continue
                wanted = stack[-1].pop()
                if wanted == id and len(walked) > 1 and not told.intersection(walked):
                    told.update(walked)
                    last = max(walked, key=list(self._shapes).index)
                    after = walked[(walked.index(last) + 1) % len(walked)]
                    index = self._shapes[last].requires.index(after)
                    circle = " → ".join([*walked, id])
                    text = f"{{value}} waits for this tag in its turn ({circle}); remove one of these requires"
                    self._tell(("tags", last, "requires", index), text)
                elif wanted in self._shapes and wanted not in seen:
                    walked.append(wanted)
                    seen.add(wanted)
                    stack.append(list(self._shapes[wanted].requires))

    def _match(self, shape: MatchShape, path: Path, around: tuple[Field, ...]) -> Match:
        fields = tuple(shape.fields) or around
        near = at_least = score = None
        if shape.near:
            near = Near(words=tuple(shape.near.words), within=shape.near.within)
            self._check_twins(near.words, (*path, "near", "words"))
        if shape.score:
            score = Score(threshold=shape.score.threshold, weights=tuple(shape.score.weights.items()))
        if shape.at_least:
            of = self._parts(shape.at_least.of, (*path, "at_least", "of"), fields)
            at_least = AtLeast(n=shape.at_least.n, of=of)
            if at_least.n > len(of):
                text = f"n is more than there are under of, which is {len(of)}; so it would never hold"
                self._tell((*path, "at_least", "n"), text)
        return Match(
            any=self._parts(shape.any, (*path, "any"), fields),
            all=self._parts(shape.all, (*path, "all"), fields),
            none=self._parts(shape.none, (*path, "none"), fields),
            but_not=tuple(
                part for part in self._parts(shape.but_not, (*path, "but_not"), fields) if isinstance(part, str)
            ),
            near=near,
            at_least=at_least,
            score=score,
            fields=fields,
        )

    def _parts(
        self, parts: Sequence[str | ListShape | PartShape], path: Path, fields: tuple[Field, ...]
    ) -> tuple[Term | Match, ...]:
        self._check_twins([part for part in parts if isinstance(part, str)], path, parts)
        made: list[Term | Match] = []
        for index, part in enumerate(parts):
            if isinstance(part, str):
                made.append(part)
            else:
                made.extend(self._part(part, (*path, index), fields))
        listed = tuple(made)
        # Hundreds of rules have the same list of a thousand names: as one object it is gone through once.
        return self._shared.setdefault(listed, listed)

    def _part(self, part: ListShape | PartShape, path: Path, fields: tuple[Field, ...]) -> Iterable[Term | Match]:
        if isinstance(part, ListShape) or part.words:
            self.uses[self._open[-1]].add(("words", part.words))
            if part.words not in self._known_words:
                none = "" if self._known_words else "; none is declared under “words:”"
                near = suggest(part.words, self._known_words) or none
                self._tell((*path, "words"), "there is no list {value}", near)
            return self._words.get(part.words, ())
        return self._rule(part.rule, (*path, "rule")) if part.rule else (self._match(part, path, fields),)

    def _rule(self, id: str, path: Path) -> Iterator[Match]:
        """Yield the rule of another tag; its fields are its own."""
        self.uses[self._open[-1]].add(("tags", id))
        if id == self._open[-1]:
            self._tell(path, "{value} is the tag whose rule this is; a rule cannot stand in itself; remove it")
        elif id in self._open:
            circle = " → ".join([*self._open[self._open.index(id) :], id])
            self._tell(path, f"the rule of {{value}} has this one in it already ({circle}); remove one of them")
        elif id not in self._known_tags:
            self._tell(path, "there is no tag {value}", suggest(id, self._known_tags))
        elif id in self._shapes and self._shapes[id].match is None:
            self._tell(path, "the tag {value} has no rule that could stand here; write match: {any: […]} for it")
        elif id in self._shapes and (match := self.match(id)):
            yield match

    def _check_twins(self, terms: Iterable[str], path: Path, parts: Sequence[object] | None = None) -> None:
        """Report what stands in one list twice; *parts* are all its parts, where *terms* are some of them."""
        terms = list(terms)
        if len(set(terms)) == len(terms):
            return
        seen = set()
        for index, term in enumerate(terms if parts is None else parts):
            if isinstance(term, str) and term in seen:
                self._tell((*path, index), "{value} stands in this list twice")
            elif isinstance(term, str):
                seen.add(term)

    def _tell(self, path: Path, text: str, hint: str = "") -> None:
        self.wrong.append((path, Wrong(text, hint)))

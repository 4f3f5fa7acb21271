"""The shape of a tag and of its rule, as feeds.yaml and the shipped vocabularies write them."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, Discriminator, Field, WithJsonSchema, model_validator
from pydantic import Tag as Kind

from syndicator.config.base import Shape
from syndicator.config.scalars import Key, Line, MediaTopic, TagId, Term, Text, Weight, Words
from syndicator.config.values import Wrong
from syndicator.model import tag as nouns

# The steps by which pydantic tells a term from a mapping in the place of a mistake; no key can be one of them.
TERM_STEP, PART_STEP = "\0term", "\0part"
KIND_STEPS = frozenset({TERM_STEP, PART_STEP})


def _kind(value: object) -> str:
    return PART_STEP if isinstance(value, dict | Shape) else TERM_STEP


def _one_or_more(value: object) -> object:
    return [value] if isinstance(value, str) else value


Part = Annotated[
    Annotated[Term, Kind(TERM_STEP)] | Annotated["PartShape", Kind(PART_STEP)],
    Discriminator(_kind),
]
TermOrList = Annotated[
    Annotated[Term, Kind(TERM_STEP)] | Annotated["ListShape", Kind(PART_STEP)],
    Discriminator(_kind),
]
WordList = Annotated[list[Term], Field(min_length=1)]
Names = Annotated[
    list[Text],
    BeforeValidator(_one_or_more),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}),
]


class ListShape(Shape):
    """The words of a list."""

    words: Text = Field(description="The name of a list under words, which stands here with all its words.")


class NearShape(Shape):
    """Words that stand near each other."""

    words: list[Term] = Field(min_length=2, description="All of these stand in one sentence.")
    within: int = Field(ge=2, le=100, description="How many words there are from the first to the last, at most.")

    @model_validator(mode="after")
    def _room_for_all(self) -> NearShape:
        if self.within < len(self.words):
            raise Wrong(f"{len(self.words)} words cannot stand within {self.within}; give them more room")
        return self


class AtLeastShape(Shape):
    """Some of many."""

    n: int = Field(ge=1, description="How many different ones of them hold at least.")
    of: list[Part] = Field(min_length=1, description="The words, phrases and mappings that are counted.")


class ScoreShape(Shape):
    """Words that count more or less."""

    threshold: float = Field(gt=0, allow_inf_nan=False, description="What the weights come to at least.")
    weights: dict[Term, Weight] = Field(
        min_length=1, description="The words, each with its weight, which counts once; one below 0 counts against."
    )

    @model_validator(mode="after")
    def _can_be_reached(self) -> ScoreShape:
        most = sum(weight for weight in self.weights.values() if weight > 0)
        if most < self.threshold:
            raise Wrong(f"all weights together come to {most:g}, and never to {self.threshold:g}; lower the threshold")
        return self


class MatchShape(Shape):
    """A rule over words: all keys that are written must hold."""

    any: list[Part] = Field(default_factory=list, description="One of these words, phrases or mappings is there.")
    all: list[Part] = Field(default_factory=list, description="All of these are there.")
    none: list[Part] = Field(default_factory=list, description="None of these is there.")
    but_not: list[TermOrList] = Field(
        default_factory=list, description="Longer phrases, in which the words of this mapping do not count."
    )
    near: NearShape | None = Field(default=None, description="Words that stand near each other.")
    at_least: AtLeastShape | None = Field(default=None, description="Some of many words.")
    score: ScoreShape | None = Field(default=None, description="Words that count more or less, and what they come to.")
    fields: list[nouns.Field] = Field(
        default=["title", "summary"], alias="in", min_length=1, description="Where the words are looked for."
    )

    @model_validator(mode="after")
    def _something_to_find(self) -> MatchShape:
        if not (self.any or self.all or self.near or self.at_least or self.score):
            raise Wrong(
                "needs words under any, all, near, at_least or score; without them there is nothing to be found"
            )
        return self


class PartShape(MatchShape):
    """A mapping among the words of a rule: a rule of its own, the words of a list, or the rule of a tag."""

    words: Text = Field(default="", description="The name of a list under words, which stands here with all its words.")
    rule: Text = Field(default="", description="The id of a tag, whose match stands here.")
    fields: list[nouns.Field] = Field(
        default_factory=list,
        alias="in",
        description="Where the words are looked for; by default, where those around it are.",
    )

    @model_validator(mode="after")
    def _something_to_find(self) -> PartShape:
        written = self.model_fields_set
        if not written:
            raise Wrong("is empty; write {any: […]}, {words: a-list} or {rule: a-tag}")
        for key in ("words", "rule"):
            if key in written and len(written) > 1:
                raise Wrong(f"“{key}” stands alone in its mapping; write {{{key}: …}} and the rest in one of its own")
        if not (self.words or self.rule or self.none or self.any or self.all) and not (
            self.near or self.at_least or self.score
        ):
            raise Wrong("needs words under any, all, none, near, at_least or score")
        return self


class TagShape(Shape):
    """A theme, and the rule that gives it."""

    label: Words = Field(default_factory=dict, description="The name that readers see; by default the id.")
    mediatopic: MediaTopic = Field(
        default=0, description="The number of the IPTC Media Topic, eight digits; by default its parent’s."
    )
    requires: Names = Field(
        default_factory=list, description="Tags that the item must carry too; one, or a list of them."
    )
    match: MatchShape | None = Field(
        default=None, description="The rule that gives the tag; without it only sources and children give it."
    )
    must_match: list[Line] = Field(default_factory=list, description="Sentences that the rule must match: its test.")
    must_not_match: list[Line] = Field(default_factory=list, description="Sentences that the rule must not match.")


class VocabularyShape(Shape):
    """One file of a vocabulary that ships with the package."""

    words: dict[Key, WordList] = Field(default_factory=dict, description="Lists of words, by name.")
    tags: dict[TagId, TagShape] = Field(default_factory=dict, description="Themes, and the rules that give them.")


def merged(below: TagShape, above: TagShape) -> TagShape:
    """Return *below* with the keys that *above* writes, each as a whole."""
    return below.model_copy(update={key: getattr(above, key) for key in above.model_fields_set})

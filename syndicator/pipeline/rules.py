"""Give each item its tags, and each tag its reasons.

The terms of all tags are looked for in one pass over the words of a text. A term is met as whole
words, whatever their case and Unicode form; a term in a script without spaces between words is
met anywhere.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from syndicator.model.entry import Entry, Item, Reason, Tagging
from syndicator.model.language import base_language
from syndicator.model.source import Source
from syndicator.model.story import Feed
from syndicator.model.tag import Field, Match, Tag
from syndicator.pipeline.text import Word, bare, fold, is_unspaced, words

# What may stand between two words of a term: spaces, or one sign that joins. A full stop with a
# space after it ends a sentence, so that "… Hà Nội. Đức …" does not hold "Nội Đức".
_ABBREVIATIONS = frozenset(["tp", "st", "q", "p", "gs", "ts"])  # after these a full stop ends no sentence: TP. HCM
_JOINTS = frozenset(["-", "–", ".", "/", "'", "’", "&", "·"])
# A bare term of one word means too much: "duc" is Đức (Germany), đức (virtue) and dục (as in education).
_MIN_BARE_WORDS = 2


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of all tags, made ready for matching; see `compile_rules`."""

    judges: tuple[_Judge, ...]
    fields: frozenset[Field]
    accented: Terms
    unaccented: Terms


@dataclass(frozen=True, slots=True)
class Terms:
    """Terms by their first word, longest first, and terms of scripts without spaces."""

    by_first: Mapping[str, tuple[tuple[tuple[str, ...], str], ...]]
    unspaced: tuple[tuple[str, str], ...]


def compile_rules(tags: Mapping[str, Tag]) -> Rules:
    """Return the rules of *tags*, ready for `tag_entry`."""
    terms = {term for tag in tags.values() if tag.match for term in _terms(tag.match)}
    return Rules(
        judges=tuple(_Judge.of(tag) for tag in tags.values()),
        fields=frozenset(field for tag in tags.values() if tag.match for field in tag.match.fields),
        accented=_index((term, fold(term)) for term in terms),
        unaccented=_index((term, bare(term)) for term in terms if len(words(term)) >= _MIN_BARE_WORDS),
    )


def tag_entry(entry: Entry, rules: Rules, *, given: Iterable[str] = ()) -> tuple[Tagging, ...]:
    """Return the tags of *entry*, in the order of feeds.yaml: those *given* by its source and those its words earn."""
    fields: dict[Field, str] = {
        "title": entry.title,
        "summary": entry.summary,
        "content": entry.content,
        "category": " · ".join(entry.categories),
    }
    hits = {
        field: _find(text, rules, entry.language) for field, text in fields.items() if text and field in rules.fields
    }
    taggings = []
    for judge in rules.judges:
        reasons = judge.reasons(hits)
        if judge.tag in given:
            reasons = (Reason(field="source", term=entry.source, words="", start=0), *reasons)
        if reasons:
            taggings.append(Tagging(tag=judge.tag, reasons=reasons))
    return tuple(taggings)


def tag_items(
    items: Sequence[Item], rules: Rules, *, sources: Mapping[str, Source], feeds: Iterable[Feed]
) -> list[Item]:
    """Return *items* with their tags, and with the reason where no feed takes them."""
    choices = [feed.select for feed in feeds]
    tagged = []
    for item in items:
        given = {tag for id in item.sources if id in sources for tag in sources[id].tags}
        taggings = tag_entry(item.entry, rules, given=given)
        names = frozenset(tagging.tag for tagging in taggings)
        taken = any(choice.tags.takes(names) for choice in choices)
        carries = f"its tags are {', '.join(sorted(names))}" if names else "no rule gave it a tag"
        tagged.append(replace(item, tags=taggings, rejected="" if taken else f"no feed takes it: {carries}"))
    return tagged


def rules_fingerprint(tags: Mapping[str, Tag], sources: Mapping[str, Source], feeds: Mapping[str, Feed]) -> str:
    """Return a hash of all by which `tag_items` judges: while it is the same, so are the tags of stored items."""
    given = {id: source.tags for id, source in sources.items()}
    choices = [feed.select.tags for feed in feeds.values()]
    rules = [(tag.id, tag.match) for tag in tags.values()]
    return hashlib.sha256(repr((given, choices, rules)).encode()).hexdigest()


def try_sentence(tag: Tag, sentence: str, *, language: str = "") -> list[Reason]:
    """Return why *tag* is given to *sentence*, read as a title; empty when it is not."""
    if not tag.match:
        return []
    everywhere = replace(tag, match=replace(tag.match, fields=("title", *tag.match.fields)))
    taggings = tag_entry(Entry(source="", title=sentence, language=language), compile_rules({tag.id: everywhere}))
    return list(taggings[0].reasons) if taggings else []


def excluding_reason(tag: Tag, sentence: str) -> Reason | None:
    """Return the word of *none* that keeps *tag* from *sentence*, if one does."""
    if not tag.match or not tag.match.none:
        return None
    only = replace(tag, match=Match(any=tag.match.none, fields=("title",)))
    reasons = try_sentence(only, sentence)
    return reasons[0] if reasons else None


def _joins(text: str, before: Word, after: Word) -> bool:
    gap = text[before.end : after.start]
    return gap.isspace() or gap in _JOINTS or (gap == ". " and before.folded in _ABBREVIATIONS)


@dataclass(frozen=True, slots=True)
class _Judge:
    """One tag's rule. Items hold few of its terms, so that it looks from what was met to what is wanted."""

    tag: str
    fields: tuple[Field, ...]
    any: frozenset[str]
    all: frozenset[str]
    none: frozenset[str]

    @classmethod
    def of(cls, tag: Tag) -> _Judge:
        match = tag.match or Match(fields=())
        return cls(tag.id, match.fields, frozenset(match.any), frozenset(match.all), frozenset(match.none))

    def reasons(self, hits: Mapping[Field, Mapping[str, _Hit]]) -> tuple[Reason, ...]:
        """Return the reasons for which the rule holds, field by field as they stand in the text; none: it does not."""
        met = set().union(*(hits[field].keys() for field in self.fields if field in hits))
        if not met or met & self.none or not met >= self.all or (self.any and not met & self.any):
            return ()
        wanted = met & (self.any | self.all)
        found: dict[str, Reason] = {}
        for field in self.fields:
            for term in sorted(wanted & hits.get(field, {}).keys(), key=lambda term: hits[field][term].start):
                hit = hits[field][term]
                found.setdefault(term, Reason(field=field, term=term, words=hit.words, start=hit.start))
        return tuple(found.values())


@dataclass(frozen=True, slots=True)
class _Hit:
    term: str
    words: str
    start: int


def _terms(match: Match) -> Iterator[str]:
    yield from match.any
    yield from match.all
    yield from match.none


def _index(terms: Iterable[tuple[str, str]]) -> Terms:
    by_first: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    unspaced = []
    for term, folded in sorted(terms):
        if is_unspaced(folded):
            unspaced.append((folded, term))
            continue
        parts = tuple(word.folded for word in words(folded))
        if parts:
            by_first.setdefault(parts[0], []).append((parts, term))
    ordered = {first: tuple(sorted(rows, key=lambda row: -len(row[0]))) for first, rows in by_first.items()}
    return Terms(by_first=ordered, unspaced=tuple(unspaced))


def _find(text: str, rules: Rules, language: str) -> dict[str, _Hit]:
    """Return the first place of each term that *text* holds."""
    # Vietnamese typed without accents is compared without accents. Text that has accents is not:
    # there "ban" is not "bạn" and not "bán".
    found: dict[str, _Hit] = {}
    _find_words(text, rules.accented, found)
    if base_language(language or "vi") == "vi" and all(sign.isascii() for sign in text if sign.isalpha()):
        _find_words(text, rules.unaccented, found)
    if rules.accented.unspaced:
        folded = fold(text)
        for needle, term in rules.accented.unspaced:
            at = folded.find(needle)
            if at >= 0 and term not in found:
                found[term] = _Hit(term, folded[at : at + len(needle)], at)
    return found


def _find_words(text: str, terms: Terms, found: dict[str, _Hit]) -> None:
    spelled = words(text)
    for at, first in enumerate(spelled):
        for parts, term in terms.by_first.get(first.folded, ()):
            if term in found:
                continue
            last = at + len(parts) - 1
            if last >= len(spelled) or any(spelled[at + i].folded != part for i, part in enumerate(parts)):
                continue
            if all(_joins(text, spelled[i], spelled[i + 1]) for i in range(at, last)):
                found[term] = _Hit(term, text[first.start : spelled[last].end], first.start)

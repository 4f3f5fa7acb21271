"""Give each item its tags, and each tag its reasons.

The terms of all tags are looked for in one pass over the text; then only the rules of the terms
that were met are judged, and what they give brings parents and what was required along.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from syndicator.model.entry import Entry, Item, Objection, Reason, Tagging, Verdict
from syndicator.model.source import Source
from syndicator.model.story import Feed
from syndicator.model.tag import Field, Match, Tag
from syndicator.pipeline.fields import BITS, FIELDS, Page, lay_out, page_of
from syndicator.pipeline.judging import Case, by_weight
from syndicator.pipeline.plain import visible
from syndicator.pipeline.rulebook import Rule, RuleBook, fields_of, rules_written, terms_of
from syndicator.pipeline.terms import Terms, compile_terms

MATCHER = "1"  # another number makes stored items be tagged anew once, as after a change of how terms are found
_ANY_FIELD = sum(BITS.values())


@dataclass(frozen=True, eq=False, kw_only=True)  # with a dictionary, in which what is worked out once is kept
class Rules:
    """The rules of all tags, made ready for matching; see `compile_rules`.

    *judges* are the tags in the order of feeds.yaml, *places* is where in it each stands. *by_trigger* are the places
    of the tags that may be given where a term is met (see `Rule.triggers`). *stirring* are, by term, the numbers of all
    rules, those within rules too, that may hold where it is met, and *ever* of those that may hold without a word.
    *fields* are those in which some rule looks for something.
    """

    judges: tuple[Judge, ...]
    places: Mapping[str, int]
    by_trigger: tuple[tuple[int, ...], ...]
    stirring: tuple[tuple[int, ...], ...]
    ever: frozenset[int]
    fields: tuple[Field, ...]
    terms: Terms

    @cached_property
    def by_term(self) -> tuple[tuple[int, ...], ...]:
        """By term the places of the tags that are given or nearly given where it is met (see `Rule.telling`)."""
        telling = [judge.rule.telling if judge.rule else () for judge in self.judges]
        return _inverted(telling, len(self.terms.names))


@dataclass(frozen=True, slots=True, kw_only=True)
class Judge:
    """One tag: its *rule*, the places of its *parent* and of what it *requires*, -1 for one that is not declared."""

    tag: str
    rule: Rule | None
    parent: int
    requires: frozenset[int]
    required: tuple[str, ...]


def compile_rules(tags: Mapping[str, Tag]) -> Rules:
    """Return the rules of *tags*, ready for `tag_entry`, `judge_entry` and `judge_sentence`."""
    return _compile(tuple((id, tag.match, tag.requires, tag.parent) for id, tag in tags.items()))


# The jobs of one turn ask for the same rules; of the shipped vocabulary they take two to three seconds to make.
@lru_cache(maxsize=4)
def _compile(tags: tuple[tuple[str, Match | None, tuple[str, ...], str], ...]) -> Rules:
    matches = [match for _, match, _, _ in tags if match]
    terms = compile_terms(terms_of(*matches))
    numbers = {term: number for number, term in enumerate(terms.names)}
    places = {id: at for at, (id, *_) in enumerate(tags)}
    book = RuleBook(numbers)
    judges = tuple(
        Judge(
            tag=id,
            rule=book.read(match) if match else None,
            parent=places.get(parent, -1),
            requires=frozenset(places.get(required, -1) for required in requires),
            required=requires,
        )
        for id, match, requires, parent in tags
    )
    rules = [judge.rule for judge in judges]
    wanted = set(fields_of(*matches))
    return Rules(
        judges=judges,
        places=places,
        by_trigger=_inverted([(rule.triggers or ()) if rule else () for rule in rules], len(numbers)),
        stirring=_inverted([rule.triggers or () for rule in book.rules], len(numbers)),
        ever=frozenset(number for number, rule in enumerate(book.rules) if rule.triggers is None),
        fields=tuple(field for field in FIELDS if field in wanted),
        terms=terms,
    )


def tag_entry(
    entry: Entry, rules: Rules, *, given: Iterable[str] = (), outlet: str = "", sources: Sequence[str] = ()
) -> tuple[Tagging, ...]:
    """Return the tags of *entry*, in the order of feeds.yaml: those *given* by its source and those its words earn.

    A tag comes with its parent, and only with the tags that it requires. *outlet* and *sources* (by default the
    entry's own) are what rules find in the field `source`. `Reason.start` counts characters of the field as `page_of`
    reads it: in NFC, the content as plain text.
    """
    page = page_of(entry, rules.fields, outlet=outlet, sources=sources)
    case, candidates = _hear(page, rules, rules.by_trigger)
    return tuple(
        Tagging(tag=rules.judges[at].tag, reasons=reasons)
        for at, reasons in _settle(case, candidates, rules, entry.source, frozenset(given)).items()
    )


def judge_entry(
    entry: Entry, rules: Rules, *, given: Iterable[str] = (), outlet: str = "", sources: Sequence[str] = ()
) -> tuple[Verdict, ...]:
    """Return what `tag_entry` gives, and every tag that is nearly given: words of its rule are met; with objections."""
    case, candidates = _hear(page_of(entry, rules.fields, outlet=outlet, sources=sources), rules, rules.by_term)
    return _verdicts(case, candidates, rules, entry.source, frozenset(given))


def judge_sentence(sentence: str, rules: Rules, *, language: str = "") -> tuple[Verdict, ...]:
    """Return what `judge_entry` says of a *sentence* that stands for every field (NFC, without what nobody sees).

    Where a *language* is given, rules find it in the field `language`.
    """
    page = lay_out([("title", visible(sentence)), ("language", language)], language=language)
    title = _ANY_FIELD & ~BITS["language"] if language else _ANY_FIELD
    masks = [title if field == "title" else BITS["language"] for field in page.fields]
    case, candidates = _hear(page, rules, rules.by_term, masks)
    return _verdicts(case, candidates, rules, "", frozenset())


def tag_items(
    items: Sequence[Item], rules: Rules, *, sources: Mapping[str, Source], feeds: Iterable[Feed]
) -> list[Item]:
    """Return *items* with their tags, and with the reason where no feed takes them."""
    choices = [feed.select for feed in feeds]
    tagged = []
    for item in items:
        given = brought(item.sources, sources)
        taggings = tag_entry(item.entry, rules, given=given, outlet=item.outlet, sources=item.sources)
        names = frozenset(tagging.tag for tagging in taggings)
        taken = any(choice.tags.takes(names) for choice in choices)
        carries = f"its tags are {', '.join(sorted(names))}" if names else "no rule gave it a tag"
        tagged.append(replace(item, tags=taggings, rejected="" if taken else f"no feed takes it: {carries}"))
    return tagged


def brought(item_sources: Iterable[str], sources: Mapping[str, Source]) -> set[str]:
    """Return the tags that the sources of an item bring; one that is no longer declared brings none."""
    return {tag for id in item_sources if id in sources for tag in sources[id].tags}


def rules_fingerprint(tags: Mapping[str, Tag], sources: Mapping[str, Source], feeds: Mapping[str, Feed]) -> str:
    """Return a hash of all by which `tag_items` judges: while it is the same, so are the tags of stored items."""
    given = {id: source.tags for id, source in sources.items()}
    choices = [feed.select.tags for feed in feeds.values()]
    written = rules_written([tag.match for tag in tags.values() if tag.match])
    rules = [(tag.id, next(written) if tag.match else "", tag.requires) for tag in tags.values()]
    return hashlib.sha256(repr((MATCHER, given, choices, rules)).encode()).hexdigest()


def _inverted(terms: Sequence[Collection[int]], count: int) -> tuple[tuple[int, ...], ...]:
    """Return by each of *count* terms at which places of *terms* it stands; at one place stands each once."""
    places: list[list[int]] = [[] for _ in range(count)]
    for at, numbers in enumerate(terms):
        for number in numbers:
            places[number].append(at)
    return tuple(map(tuple, places))


def _hear(
    page: Page, rules: Rules, by_term: Sequence[Sequence[int]], masks: Sequence[int] = ()
) -> tuple[Case, list[int]]:
    """Return what is met in *page*, and the places of the judges that have to do with it *by_term*."""
    met = rules.terms.find(page)
    stirred = set(rules.ever)
    for term in met:
        stirred.update(rules.stirring[term])
    masks = masks or [BITS[field] for field in page.fields]
    case = Case(page, met, names=rules.terms.names, masks=masks, stirred=stirred)
    return case, sorted({at for term in met for at in by_term[term]})


def _settle(
    case: Case, candidates: Iterable[int], rules: Rules, source: str, given: frozenset[str]
) -> dict[int, tuple[Reason, ...]]:
    """Return the reasons of the tags that are given, by their places and in that order."""
    own: dict[int, tuple[Reason, ...]] = {}
    for at in candidates:
        rule = rules.judges[at].rule
        # What holds for the lack of words only, as `none` by itself, is no reason to give a tag.
        if rule and case.holds(rule) and (reasons := case.reasons(rule, holding=True)):
            own[at] = reasons
    brought = {rules.places[tag] for tag in given if tag in rules.places}
    carried = _carried(own, brought, rules)
    told: dict[int, tuple[Reason, ...]] = {}
    for at in sorted(carried):
        by_source = (Reason(field="source", term=source, words="", start=0),) if at in brought else ()
        by_rule = own[at] if at in own and rules.judges[at].requires <= carried else ()
        told[at] = (*by_source, *by_rule)
    for at in told:
        judge = rules.judges[at]
        if judge.parent >= 0:
            told[judge.parent] += (Reason(field="tag", term=judge.tag, words="", start=0),)
    return told


def _carried(held: Collection[int], brought: Iterable[int], rules: Rules) -> frozenset[int]:
    """Return the places of the tags that are *brought*, that are *held* and have what they require, and of parents."""
    judges = rules.judges
    carried: set[int] = set()

    def carry(at: int) -> None:
        while at >= 0 and at not in carried:
            carried.add(at)
            at = judges[at].parent

    for at in brought:
        carry(at)
    waiting = set(held)
    # Each round carries one at least, so that it ends, also where tags require one another: those are never ready.
    while ready := {at for at in waiting if judges[at].requires <= carried}:
        for at in ready:
            carry(at)
        waiting -= ready
    return frozenset(carried)


def _verdicts(
    case: Case, candidates: Sequence[int], rules: Rules, source: str, given: frozenset[str]
) -> tuple[Verdict, ...]:
    told = _settle(case, candidates, rules, source, given)
    verdicts = []
    for at in sorted({*told, *candidates}):
        judge = rules.judges[at]
        if at in told:
            verdicts.append(Verdict(tag=judge.tag, given=True, reasons=told[at]))
        elif judge.rule and case.touches(judge.rule):
            holding = case.holds(judge.rule)
            objections = () if holding else case.objections(judge.rule)
            missing = tuple(tag for tag in judge.required if rules.places.get(tag) not in told)
            if missing:
                objections = by_weight([*objections, Objection(kind="requires", missing=missing)])
            if not objections:
                continue
            reasons = case.reasons(judge.rule, holding=holding)
            verdicts.append(Verdict(tag=judge.tag, given=False, reasons=reasons, objections=objections))
    return tuple(verdicts)

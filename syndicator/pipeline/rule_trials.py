"""Try the rules of feeds.yaml: on the sentences that test them, and on what can be told of them at sight."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from syndicator.config.mistake import Failure, quote
from syndicator.model.entry import Verdict
from syndicator.model.tag import Tag
from syndicator.pipeline.because import objection_text
from syndicator.pipeline.rule_faults import rule_faults
from syndicator.pipeline.rulebook import terms_of
from syndicator.pipeline.rules import Rules, compile_rules, judge_sentence
from syndicator.pipeline.terms import term_fault


def try_tags(tags: Mapping[str, Tag], changed: Collection[str]) -> Iterator[Failure]:
    """Yield what is wrong with the rules of those of *tags* that *changed*: terms, rules as such, failing sentences.

    The rules are compiled once, and only those that have a say in it.
    """
    tried = [tags[id] for id in changed]
    unusable = list(_terms(tried))
    yield from unusable
    yield from (
        Failure(tag=fault.tag, key="match", term=fault.term, text=fault.text)
        for fault in rule_faults({tag.id: tag for tag in tried})
        if (fault.tag, fault.term) not in {(told.tag, told.term) for told in unusable}
    )
    tested = [tag for tag in tried if tag.must_match or tag.must_not_match]
    if tested:
        rules = compile_rules(_with_their_kin(tested, tags))
        for tag in tested:
            yield from _sentences(tag, rules)


def _terms(tags: Collection[Tag]) -> Iterator[Failure]:
    for tag in tags:
        for term in dict.fromkeys(terms_of(tag.match) if tag.match else ()):
            if fault := term_fault(term):
                yield Failure(tag=tag.id, key="match", term=term, text=f"{quote(term)} is no term: {fault}")


def _with_their_kin(tested: Collection[Tag], tags: Mapping[str, Tag]) -> dict[str, Tag]:
    """Return *tested* in the order of *tags*, with all that they require, their parents and children."""
    children: dict[str, list[str]] = {}
    for id, tag in tags.items():
        children.setdefault(tag.parent, []).append(id)
    kin: set[str] = set()
    ring = {tag.id for tag in tested}
    while ring:
        kin |= ring
        ring = {
            other
            for id in ring
            for other in (*tags[id].requires, *children.get(id, ()), tags[id].parent)
            if other in tags
        } - kin
    return {id: tag for id, tag in tags.items() if id in kin}


def _sentences(tag: Tag, rules: Rules) -> Iterator[Failure]:
    for index, sentence in enumerate(tag.must_match):
        verdict = _verdict(tag, sentence, rules)
        if not (verdict and verdict.given):
            text = f'"{sentence}" does not match: {_why_not(verdict)}'
            yield Failure(tag=tag.id, key="must_match", index=index, text=text)
    for index, sentence in enumerate(tag.must_not_match):
        verdict = _verdict(tag, sentence, rules)
        if verdict and verdict.given:
            text = f'"{sentence}" matches: {_why(verdict)}'
            yield Failure(tag=tag.id, key="must_not_match", index=index, text=text)


def _verdict(tag: Tag, sentence: str, rules: Rules) -> Verdict | None:
    return next((verdict for verdict in judge_sentence(sentence, rules) if verdict.tag == tag.id), None)


def _why_not(verdict: Verdict | None) -> str:
    if verdict is None or not verdict.objections:
        return "no term of its rule is in it"
    first = verdict.objections[0]
    if first.kind == "none" and first.reason:
        return f'the word "{first.reason.words}" keeps it out'
    return objection_text(first)


def _why(verdict: Verdict) -> str:
    if not verdict.reasons:
        return "nothing in its rule must be met"
    first = verdict.reasons[0]
    if first.field == "tag":
        return f"its child {first.term} is given"
    return f'the term "{first.term}" meets "{first.words}"'

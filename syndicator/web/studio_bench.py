"""Judge all items of the studio by the rules of one feeds.yaml, and show what is found as plain values for its page."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal, TypeAlias, get_args

from syndicator.config.model import Config
from syndicator.model.entry import Entry, Item, Reason, Tagging, Verdict
from syndicator.model.tag import Tag
from syndicator.pipeline.because import objection_text, reason_text
from syndicator.pipeline.plain import visible
from syndicator.pipeline.rules import Rules, brought, compile_rules, judge_entry, judge_sentence, tag_entry
from syndicator.web.marks import Mark, cut, distance, excluding, marks_in, shown_pieces

Show: TypeAlias = Literal["given", "nearly", "changed", "all"]
SHOWS: tuple[Show, ...] = get_args(Show)

MAX_SHOWN = 200  # items of one tag; nobody reads more, and a browser lays them out at once
SUMMARY_WORDS = 60  # of an item; the page is for the admin alone, and rights are about what is published

# By tag the ids of the items that it is given to since the last edit, and of those from which it was taken.
Moves: TypeAlias = Mapping[str, tuple[frozenset[str], frozenset[str]]]
_UNMOVED = frozenset[str](), frozenset[str]()


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """What the rules of *config* say of *items* (by id, newest first): by tag the ids of those to which it is given.

    *sample* says that the items are the test sentences of feeds.yaml, for there is nothing in the store. What is
    nearly given is found out for one tag when it is asked for, and kept in *nearly*: for all of 280 tags it takes six
    times as long as what is given.
    """

    config: Config
    rules: Rules
    items: Mapping[str, Item]
    given: Mapping[str, frozenset[str]]
    sample: bool
    nearly: dict[str, frozenset[str]] = field(default_factory=dict)


def set_up(config: Config, stored: Sequence[Item], *, now: datetime) -> Bench:
    """Return the bench of *config* with the items *stored*, or, if there are none, the test sentences of *config*.

    20,000 items take seconds: call it in a thread.
    """
    items = stored or _sentences(config, now)
    rules = compile_rules(config.tags)
    given: dict[str, set[str]] = {tag: set() for tag in config.tags}
    for item in items:
        for tagging in _tag(item, config, rules):
            given[tagging.tag].add(item.id)
    return Bench(
        config=config,
        rules=rules,
        items={item.id: item for item in items},
        given={tag: frozenset(ids) for tag, ids in given.items()},
        sample=not stored,
    )


def compare(before: Bench, after: Bench) -> Moves:
    """Return what an edit moved, by tag; an item that is in one of the two only was not moved."""
    common = before.items.keys() & after.items.keys()
    moves = {}
    for tag, ids in after.given.items():
        was = before.given.get(tag, frozenset())
        moves[tag] = (ids - was) & common, (was - ids) & common
    return moves


def find_nearly(bench: Bench, tag: str) -> frozenset[str]:
    """Return the ids of the items to which *tag* is nearly given. 20,000 take a second: call it in a thread."""
    if tag not in bench.nearly:
        # A word of its rule is met, and it is not given: whatever it requires, and whoever brings it.
        alone = compile_rules({tag: bench.config.tags[tag]})
        others = (item for id, item in bench.items.items() if id not in bench.given[tag])
        bench.nearly[tag] = frozenset(item.id for item in others if _judge(item, bench.config, alone))
    return bench.nearly[tag]


def tag_rows(bench: Bench, moves: Moves) -> list[dict[str, Any]]:
    """Return the tags as a tree in rows: each above its children, with its count and what the last edit changed."""
    rows = []
    for tag in _as_tree(bench.config.tags):
        gained, lost = moves.get(tag.id, _UNMOVED)
        rows.append(
            {
                "id": tag.id,
                "label": tag.label.to("en") or tag.id,
                "parent": tag.parent,
                "depth": tag.id.count("/"),
                "given": len(bench.given[tag.id]),
                "gained": len(gained),
                "lost": len(lost),
            }
        )
    return rows


def item_rows(bench: Bench, moves: Moves, *, tag: str, show: Show) -> dict[str, Any]:
    """Return how many items of *tag* (empty: of any) there are to *show*, and the newest of them with their words.

    It may take seconds where *show* is `nearly`: see `find_nearly`.
    """
    wanted = _chosen(bench, moves, tag, show)
    gained, lost = moves.get(tag, _UNMOVED)
    rows = []
    for item in [item for id, item in bench.items.items() if id in wanted][:MAX_SHOWN]:
        change = "+" if item.id in gained else "-" if item.id in lost else ""
        rows.append({**_row(item, bench, tag), "change": change})
    nearly = len(bench.nearly[tag]) if tag in bench.nearly else None  # not known until it is asked for
    return {"total": len(wanted), "nearly": nearly, "items": rows}


def try_text(bench: Bench, text: str, *, language: str = "") -> dict[str, Any]:
    """Return *text* with the words marked that earn a tag or alone keep one out, and every verdict, nearest first."""
    verdicts = judge_sentence(text, bench.rules, language=language)
    telling = [verdict for verdict in verdicts if all(each.kind == "none" for each in verdict.objections)]
    shown = unicodedata.normalize("NFC", visible(text))
    return {
        "title": _pieces(cut(shown, [*_marks("title", telling)])),
        "verdicts": [
            {"tag": verdict.tag, "given": verdict.given, "lines": _lines(verdict, words_too=True)}
            for verdict in sorted(verdicts, key=distance)
        ],
    }


def _chosen(bench: Bench, moves: Moves, tag: str, show: Show) -> Collection[str]:
    tags = [tag] if tag else [*bench.config.tags]
    match show:
        case "all":
            return bench.items.keys()
        case "given":
            return frozenset().union(*(bench.given[each] for each in tags))
        case "nearly":
            return find_nearly(bench, tag) if tag else frozenset()
        case "changed":
            return frozenset(id for each in tags for moved in moves.get(each, _UNMOVED) for id in moved)


def _tag(item: Item, config: Config, rules: Rules) -> tuple[Tagging, ...]:
    given = brought(item.sources, config.sources)
    return tag_entry(item.entry, rules, given=given, outlet=item.outlet, sources=item.sources)


def _judge(item: Item, config: Config, rules: Rules) -> tuple[Verdict, ...]:
    given = brought(item.sources, config.sources)
    return judge_entry(item.entry, rules, given=given, outlet=item.outlet, sources=item.sources)


def _row(item: Item, bench: Bench, tag: str) -> dict[str, Any]:
    """Return what the page shows of *item*: the words of *tag* alone are marked; if it is empty, of all tags given."""
    if tag:
        told = [verdict for verdict in _judge(item, bench.config, bench.rules) if verdict.tag == tag]
    else:
        taggings = _tag(item, bench.config, bench.rules)
        told = [Verdict(tag=tagging.tag, given=True, reasons=tagging.reasons) for tagging in taggings]
    title = unicodedata.normalize("NFC", item.entry.title)
    summary = shown_pieces(item.entry.summary, [*_marks("summary", told)], words=SUMMARY_WORDS)
    return {
        "url": item.entry.url,
        "outlet": item.outlet,
        "language": item.entry.language,
        "date": "" if bench.sample else item.published_at.isoformat(timespec="minutes"),
        "title": _pieces(cut(title, [*_marks("title", told)])),
        "summary": _pieces(summary),
        "tags": [each for each, ids in bench.given.items() if item.id in ids],
        "given": any(verdict.given for verdict in told),
        "lines": [line for verdict in told if tag for line in _lines(verdict, words_too=False)],
    }


def _marks(place: str, verdicts: Iterable[Verdict]) -> Iterator[Mark]:
    for verdict in verdicts:
        barred = [(reason, f"{verdict.tag}, kept out by: {reason.term}") for reason in excluding(verdict)]
        against = marks_in(place, barred, against=True)
        yield from against
        for mark in marks_in(place, [(reason, f"{verdict.tag}: {reason.term}") for reason in verdict.reasons]):
            # `ambassador` in `brand ambassador` is struck with it.
            if not any(each.start <= mark.start and mark.end <= each.end for each in against):
                yield mark


def _lines(verdict: Verdict, *, words_too: bool) -> list[str]:
    """Return in words why or why not; what is marked in title and summary is said with *words_too* only."""
    reasons = [reason_text(each) for each in verdict.reasons if words_too or not _is_marked(each)]
    # The rules within a rule object in the same words.
    return [*reasons, *dict.fromkeys(map(objection_text, verdict.objections))]


def _is_marked(reason: Reason) -> bool:
    return reason.field in ("title", "summary")


def _pieces(pieces: Iterable[Any]) -> list[list[str]]:
    """Return pieces as the page reads them: the text, what is said of it, and whether it keeps a tag out."""
    return [
        [piece.text, "\n".join(piece.notes), "against"]
        if piece.against
        else [piece.text, "\n".join(piece.notes)]
        if piece.notes
        else [piece.text]
        for piece in pieces
    ]


def _as_tree(tags: Mapping[str, Tag]) -> Iterator[Tag]:
    """Yield *tags* in their order, but each child behind its parent."""
    below: dict[str, list[Tag]] = {}
    for tag in tags.values():
        below.setdefault(tag.parent, []).append(tag)

    def walk(parent: str) -> Iterator[Tag]:
        for tag in below.get(parent, ()):
            yield tag
            yield from walk(tag.id)

    return walk("")


def _sentences(config: Config, now: datetime) -> list[Item]:
    """Return the sentences by which the tags of *config* are tested, each once, as items."""
    found: dict[str, Item] = {}
    for tag in config.tags.values():
        for key, sentences in (("must_match", tag.must_match), ("must_not_match", tag.must_not_match)):
            for sentence in sentences:
                item = Item(
                    id=sentence, entry=Entry(source="", title=sentence), outlet=f"{key} of {tag.id}", sources=(),
                    keys=(), digest="", first_seen_at=now, published_at=now, updated_at=now,
                )  # fmt: skip
                known = found.setdefault(sentence, item)
                if known is not item:
                    found[sentence] = replace(known, outlet=f"{known.outlet}, {item.outlet}")
    return list(found.values())

"""Know an article again: give it a permanent id of our own, and keep it whatever its publisher does."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from syndicator.model.entry import Entry, Item, Revision
from syndicator.model.source import Source, SourceState
from syndicator.pipeline.dates import SKEW, settle_dates
from syndicator.pipeline.id_quality import MIN_EVIDENCE
from syndicator.pipeline.keys import Named, hash_of
from syndicator.pipeline.matching import Match, assign, gather, match_entries, match_twins

MAX_KEYS = 12  # of one item; a source that makes up new guids at every fetch would add keys without end
MAX_REVISIONS = 10  # of one item; a live report changes its headline every few minutes
HOLD = timedelta(hours=24)  # by the next day a publisher has mended what broke all ids, or meant it
KNOWN_AGAIN = 0.1  # share of a document that was read before; below it, the source has turned over or renamed all


_BASE32 = "abcdefghijklmnopqrstuvwxyz234567"
_PAIRS = [one + other for one in _BASE32 for other in _BASE32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Identified:
    """What a document brought: the *items* that are new or changed, and *id_rule*, what tells its articles apart.

    Some entries became no items: *held* ones are held back, *skipped* ones are of the future. They count as not read,
    and the document has to be read again at *again_at* even if it is the same by then. In *doubt* nothing is told: the
    same is to be asked again with twins.
    """

    items: tuple[Item, ...] = ()
    id_rule: str = ""
    held: int = 0
    skipped: int = 0
    again_at: datetime | None = None
    doubt: bool = False


def identify_entries(
    named: Named,
    known: Mapping[str, Item],
    *,
    state: SourceState,
    sources: Mapping[str, Source],
    now: datetime,
    backfill: bool,
    unchanged: int = 0,
    twins: Mapping[str, Item] | None = None,
) -> Identified:
    """Return the items among the entries of *named* that are new or changed.

    *known* are the items that the store has under `named.keys`, *sources* all that feeds.yaml names. *state* is what
    was remembered of the source before this answer, *unchanged* how many more entries its document has, read before.
    Nothing of a *backfill* is news but what is dated after the last reading.

    An item keeps id, first sight, backfill, tags and rejection. Its words are those of the source that brought it
    first: another section feed of the outlet adds itself to *sources* and changes nothing else, else two feeds that
    cut summaries differently would correct each other for ever.

    When hardly an entry is known of a source that was read before, and most are old, that is a doubt: all of them may
    be renamed. Then *twins* are wanted, its items by their words (`keys.find_twins`). What has no twin and is not
    dated after the last reading is held back, and let in as backfill after `HOLD`.
    """
    rule, matches = match_entries(named, known, sources=sources, id_rule=state.id_rule, whole=not unchanged)
    skipped = [place for place, match in enumerate(matches) if match.item is None and _is_future(named, place, now)]
    places = [place for place in range(len(matches)) if place not in skipped] if skipped else range(len(matches))
    strange = [named.entries[place] for place in places if matches[place].item is None]
    since = _last_reading(state)
    met = len(places) - len(strange) + unchanged
    turned_over = len(strange) >= MIN_EVIDENCE and met < KNOWN_AGAIN * (met + len(strange))
    flood = turned_over and since is not None and _are_most(not _is_after(since, entry) for entry in strange)
    # Where links, guids and dates are all made up at every fetch, the dates are those of the fetch.
    made_up = turned_over and since is not None and _are_most(_is_after(now - SKEW, entry) for entry in strange)
    if flood or made_up:
        if twins is None:
            return Identified(id_rule=rule, doubt=True)
        matches = match_twins(named, matches, twins, known)
    over = state.held_since is not None and now - state.held_since >= HOLD
    holding = not (backfill or over) and (flood or state.held_since is not None)
    groups = gather(matches, places)
    items = _met_again(named, matches, groups, known, now)
    held = []
    for group in groups:
        old = not any(_is_after(since, named.entries[place]) for place in group)
        if any(matches[place].item for place in group):
            continue
        if old and holding:
            held += group
        else:
            items.append(_new(named, group, matches, now=now, backfill=old and (backfill or over)))
    again = [date for place in skipped if (date := _claimed(named.entries[place]))]
    return Identified(
        items=tuple(items),
        id_rule=rule,
        held=len(held),
        skipped=len(skipped),
        again_at=min([*again, (state.held_since or now) + HOLD] if held else again, default=None),
    )


def _is_future(named: Named, place: int, now: datetime) -> bool:
    date = _claimed(named.entries[place]) if named.source.repair.future_dates == "skip" else None
    return date is not None and date > now + SKEW


def _claimed(entry: Entry) -> datetime | None:
    return entry.published or entry.updated


def _last_reading(state: SourceState) -> datetime | None:
    """Return when the source was last read, while entries are held back as of then; None if it never was."""
    if state.changed_at is None:
        return None
    read_at = state.full_at or state.changed_at
    return min(read_at, state.held_since) if state.held_since else read_at


def _is_after(since: datetime | None, entry: Entry) -> bool:
    date = _claimed(entry)
    return since is not None and date is not None and date > since


def _are_most(signs: Iterable[bool]) -> bool:
    told = list(signs)
    return 2 * sum(told) > len(told)


def _met_again(
    named: Named, matches: Sequence[Match], groups: Iterable[Sequence[int]], known: Mapping[str, Item], now: datetime
) -> list[Item]:
    """Return those items of the entries in *groups* that are not as they were."""
    given: set[str] = set()
    changed = []
    for old, places in assign(matches, groups):
        keys = dict.fromkeys(key for place in places for key in matches[place].keys)
        new = [key for key in keys if key not in known and key not in given and key not in old.keys]
        given.update(new)
        item = _joined(old, keys, new, named.source)
        if named.source.id == old.entry.source:
            item = _edited(item, named.entries[places[0]], named.names[places[0]].link, now)
        if item != old:
            changed.append(item)
    return changed


def _joined(item: Item, met: Collection[str], new: Sequence[str], source: Source) -> Item:
    """Return *item*, known by the *new* keys as well, and in *source* if it stands there for the first time. Of too
    many keys those go that are the oldest and are not among the ones by which it was *met*; the first made the id."""
    if not new and source.id in item.sources:
        return item
    sources = item.sources if source.id in item.sources else (*item.sources, source.id)
    first, *others = item.keys
    spare = [key for key in others if key not in met][: max(0, len(item.keys) + len(new) - MAX_KEYS)]
    kept = [key for key in (*others, *new) if key not in spare]
    return replace(item, keys=(first, *kept[-(MAX_KEYS - 1) :]), sources=sources)


def _edited(item: Item, entry: Entry, link: str, now: datetime) -> Item:
    """Return *item* with the words of *entry*, or as it is when a reader would see no difference."""
    new_digest = _digest(entry, link)
    if new_digest == item.digest:
        return item
    published_at, updated_at = settle_dates(entry, first_seen_at=now, known=item)
    return replace(
        item,
        entry=entry,
        digest=new_digest,
        published_at=published_at,
        updated_at=updated_at,
        revisions=_revisions(item, entry, now),
    )


def _revisions(item: Item, entry: Entry, now: datetime) -> tuple[Revision, ...]:
    """Return what *item* said until *now*, if *entry* says something else; of too many, its first words stay."""
    was = item.entry
    if (was.title, was.summary) == (entry.title, entry.summary):
        return item.revisions
    told = (*item.revisions, Revision(at=now, title=was.title, summary=was.summary))
    return (told[0], *told[1:][-(MAX_REVISIONS - 1) :])


def _new(named: Named, group: Sequence[int], matches: Sequence[Match], *, now: datetime, backfill: bool) -> Item:
    entry, outlet = named.entries[group[0]], named.source.outlet or named.source.id
    published_at, updated_at = settle_dates(entry, first_seen_at=now, known=None, backfill=backfill)
    keys = matches[group[0]].keys
    if len(group) > 1:
        # Whatever the order of the document, the same key makes the id.
        leading = min((matches[place].keys for place in group), key=_lead)
        keys = tuple(dict.fromkeys([*leading, *(key for place in group for key in matches[place].keys)]))[:MAX_KEYS]
    return Item(
        id=_new_id(outlet, keys[0]),
        entry=entry,
        outlet=outlet,
        sources=(entry.source,),
        keys=keys,
        digest=_digest(entry, named.names[group[0]].link),
        first_seen_at=now,
        published_at=published_at,
        updated_at=updated_at,
        backfill=backfill,
    )


def _new_id(outlet: str, key: str) -> str:
    """Return `i` and 15 signs of base 32 (RFC 4648, section 6, in lower case), half as dear as with `base64`."""
    number = int.from_bytes(hash_of(outlet, key)[:10], "big")
    return "i" + "".join([_PAIRS[number >> shift & 1023] for shift in range(70, -10, -10)])[:15]


def _lead(keys: Sequence[str]) -> tuple[bool, str]:
    return " link " not in keys[0], keys[0]


def _digest(entry: Entry, link: str) -> str:
    """Return a hash of what a reader sees of *entry*, whose plain link is *link*; guid and dates are not seen."""
    # One of the two is what a reader sees of a picture's words, and the digests that are stored have one.
    image = (entry.image.url, entry.image.alt or entry.image.caption) if entry.image else ()
    seen = (
        *(entry.title, entry.summary, entry.content, link, entry.language),
        *(entry.authors, entry.categories, image, tuple([each.url for each in entry.enclosures])),
    )
    return hashlib.sha256(repr(seen).encode()).hexdigest()[:32]

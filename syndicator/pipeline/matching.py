"""Match the entries of a document with the items that are known, and with each other."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from syndicator.model.entry import Entry, Item
from syndicator.model.language import base_language
from syndicator.model.source import Source
from syndicator.pipeline.canonical import canonical_link, without_scheme
from syndicator.pipeline.id_quality import (
    MIN_EVIDENCE,
    Evidence,
    Kind,
    are_alike,
    are_far_apart,
    choose_rule,
    trusted_kinds,
)
from syndicator.pipeline.keys import Name, Named, in_language, is_front_page, twin_keys


class Match(NamedTuple):
    """The *item* that an entry is, if it is known, and the *keys* by which the entry is to be known.

    It is *sure* unless an id that is not trusted and the words led to the item.
    """

    item: Item | None
    keys: tuple[str, ...]
    sure: bool = True


def match_entries(
    named: Named, known: Mapping[str, Item], *, sources: Mapping[str, Source], id_rule: str, whole: bool
) -> tuple[str, list[Match]]:
    """Return what tells the articles of the source apart from now on (see `choose_rule`), and every entry's match.

    Ids of a kind that is trusted match unless the words speak against it: a known guid at another link under another
    title is another article. Other ids, and those that stand on several articles of the document, match only if the
    words say so. An entry without any id of use is known by its words.
    """
    matcher = _Matcher(named, known, sources, trusted_kinds(id_rule))
    enough = len(named.entries) >= MIN_EVIDENCE and not named.source.repair.id_from
    evidence = matcher.evidence() if enough else Evidence()
    rule = choose_rule(evidence, before=id_rule, id_from=named.source.repair.id_from, whole=whole)
    if trusted_kinds(rule) != trusted_kinds(id_rule):
        matcher = _Matcher(named, known, sources, trusted_kinds(rule))
    return rule, [matcher.match(place) for place in range(len(named.entries))]


def match_twins(
    named: Named, matches: Sequence[Match], twins: Mapping[str, Item], known: Mapping[str, Item]
) -> list[Match]:
    """Return *matches*, in which an unknown entry has the item that *twins* name for its words, if it alone has it.

    What *known* says of an item is later than what *twins* say.
    """
    claims: dict[str, list[int]] = {}
    for place, match in enumerate(matches):
        twin = next((twins[key] for key in twin_keys(named.entries[place]) if key in twins), None)
        if match.item is None and twin is not None:
            claims.setdefault(twin.id, []).append(place)
    found = {places[0]: id for id, places in claims.items() if len(places) == 1}
    by_id = {item.id: item for item in (*twins.values(), *known.values())}
    return [
        match._replace(item=by_id[found[place]], sure=False) if place in found else match
        for place, match in enumerate(matches)
    ]


def gather(matches: Sequence[Match], places: Collection[int]) -> list[list[int]]:
    """Return *places* in groups: the entries there which are one article, by their keys or, where it is sure, by their
    item. There may be several items in one group, when an entry that is no item yet joins them."""
    parent = {place: place for place in places}
    first: dict[str, int] = {}
    for place in places:
        item, keys, sure = matches[place]
        for key in (item.id, *keys) if item and sure else keys:
            other = first.setdefault(key, place)
            if other != place:
                one, two = _root(parent, place), _root(parent, other)
                parent[max(one, two)] = min(one, two)
    groups: dict[int, list[int]] = {}
    for place in places:
        groups.setdefault(_root(parent, place), []).append(place)
    return list(groups.values())


def assign(matches: Sequence[Match], groups: Iterable[Sequence[int]]) -> list[tuple[Item, list[int]]]:
    """Return the items in *groups* and the places of the entries that are theirs, the surest first.

    An entry that is no item yet, or not for sure, is the oldest item to which its keys lead over other entries: by
    those keys it will be known the next time.
    """
    mine: dict[str, tuple[Item, list[int]]] = {}
    for group in groups:
        items = {place: item for place in group if (item := matches[place].item)}
        sure = {place: item for place, item in items.items() if matches[place].sure}
        if items:
            oldest = min((sure or items).values(), key=lambda item: (item.first_seen_at, item.id))
            for place in group:
                item = sure.get(place, oldest)
                mine.setdefault(item.id, (item, []))[1].append(place)
    for _, places in mine.values():
        places.sort(key=lambda place: (not matches[place].sure, place))
    return list(mine.values())


def _root(parent: Mapping[int, int], place: int) -> int:
    while parent[place] != place:
        place = parent[place]
    return place


class _Matcher:
    """Looks the entries of one document up among the known items, while ids of the *trusted* kinds tell articles apart.

    Of two languages, what counts is the one that feeds.yaml gives to a source; that of an entry is found out, and may
    waver.
    """

    def __init__(
        self, named: Named, known: Mapping[str, Item], sources: Mapping[str, Source], trusted: Collection[Kind]
    ) -> None:
        self._named = named
        self._known = known
        self._sources = sources
        self._trusted = trusted
        self._language = base_language(named.source.language)
        self._sound = not known and not named.shared and len(trusted) == 2
        self._others: dict[tuple[str, str], bool] = {}  # of a key and an item: many entries may share them

    def match(self, place: int) -> Match:
        """Return the match of the entry at *place*."""
        entry, name = self._named.entries[place], self._named.names[place]
        if self._sound and name.links and name.guid:
            return Match(None, (*name.links, name.guid))  # nine of ten that are new, at a tenth of the price
        keys: list[str] = []
        item = alike = None
        for kind, plain in _ids(name):
            key, found = self._find(plain)
            usable = kind in self._trusted and plain not in self._named.shared
            if usable and (found is None or not self._is_another(plain, place, found)):
                keys.append(key)
                item = item or found
            elif found and not set(twin_keys(entry)).isdisjoint(twin_keys(found.entry)):
                alike = alike or found
        if keys and item:
            return Match(item, tuple(keys))
        usable_texts = [text for text in name.texts if text not in self._named.shared] or [name.texts[-1]]
        texts = [self._find(text) for text in usable_texts]
        told = next((found for _, found in texts if found), None)
        if keys:
            # Its ids were of no use before, or are new; then it has nothing of the item but its words.
            return Match(alike or told, tuple(keys), sure=alike is None and told is None)
        return Match(told or alike, tuple([key for key, _ in texts]), sure=told is not None or alike is None)

    def evidence(self) -> Evidence:
        """Return what the document, beside what is known, tells of the ids of its source."""
        no_guid = no_link = common_guid = common_link = drifted = 0
        for place, (_, links, guid, _) in enumerate(self._named.names):
            no_guid += not guid
            no_link += not links
            if self._sound:
                continue
            common_guid += bool(guid) and self._is_common(guid, place)
            common_link += any(self._is_common(link, place) for link in links)
            drifted += bool(links and guid) and self._drifts(place)
        return Evidence(
            entries=len(self._named.names),
            no_guid=no_guid,
            no_link=no_link,
            common_guid=common_guid,
            common_link=common_link,
            drifted=drifted,
        )

    def _find(self, key: str) -> tuple[str, Item | None]:
        """Return the form in which an article of this source has *key*, and the item that has that form."""
        if not self._known:
            return key, None
        own = in_language(key, self._language)
        if item := self._known.get(own):
            return own, item
        item = self._known.get(key)
        return (key, item) if item is None or self._is_ours(item) else (own, None)

    def _is_ours(self, item: Item) -> bool:
        other = self._sources.get(item.entry.source)
        return other is None or self._named.source.id in item.sources or base_language(other.language) == self._language

    def _is_common(self, key: str, place: int) -> bool:
        if key in self._named.shared:
            return True
        item = self._find(key)[1]
        return item is not None and self._is_another(key, place, item)

    def _is_another(self, key: str, place: int, item: Item) -> bool:
        """Tell whether the entry at *place*, which has a *key* of *item*, is another article all the same; it is not if
        one of the entries that share the key in this document is that of the item."""
        if self._named.source.repair.id_from:
            return False
        if (key, item.id) not in self._others:
            places = self._named.repeated.get(key, [place])
            self._others[key, item.id] = all(self._differs(key, each, item) for each in places)
        return self._others[key, item.id]

    def _differs(self, key: str, place: int, item: Item) -> bool:
        """Tell whether the entry at *place* is another article than *item*, of which it has a *key*.

        With its guid on another link under another title it is; so it is with a front page under another title. With
        any other link it is, under another title, only if the guid is another as well and the dates lie far apart: a
        report that is rewritten from hour to hour may get a new guid with every title.
        """
        entry, (_, links, guid, _) = self._named.entries[place], self._named.names[place]
        if any(self._find(other)[0] in item.keys for other in (*links, guid) if other and other != key):
            return False
        today = self._told_today(item, but=key)
        if key == guid:
            placed = bool(today.url) or any(" link " in each for each in item.keys)
            doubtful = placed and bool(links) and canonical_link(entry.url) != canonical_link(today.url)
        else:
            renamed = "guid" in self._trusted and entry.guid and item.entry.guid
            doubtful = is_front_page(key) or (bool(renamed) and are_far_apart(entry, item.entry))
        return doubtful and not are_alike(entry, today)

    def _told_today(self, item: Item, *, but: str) -> Entry:
        """Return the entry that has another key of *item* than *but* in this document, and will give it its words; else
        the one that gave it those it has."""
        first, shared = self._named.first, self._named.shared
        places = (first.get(key) for key in item.keys if key != but and key not in shared)
        place = next((place for place in places if place is not None), None)
        return item.entry if place is None else self._named.entries[place]

    def _drifts(self, place: int) -> bool:
        """Tell whether the entry at *place*, at the link of an item to which its guid is new, shows that guids are made
        up: once may be the publisher's new software, twice is a habit. Where they are not trusted, items learn none."""
        entry, (_, links, guid, _) = self._named.entries[place], self._named.names[place]
        item = self._find(links[0])[1]
        if item is None or item.entry.source != entry.source or guid in item.keys:
            return False
        if "link" not in self._trusted or self._is_common(links[0], place):
            return False
        if "guid" in self._trusted:
            return sum(" guid " in key for key in item.keys) > 1
        return without_scheme(item.entry.guid) != without_scheme(entry.guid)


def _ids(name: Name) -> list[tuple[Kind, str]]:
    ids: list[tuple[Kind, str]] = [("link", link) for link in name.links]
    return [*ids, ("guid", name.guid)] if name.guid else ids

"""Name entries: the keys by which an outlet's articles are known when they come again."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from syndicator.model.entry import Entry, Item
from syndicator.model.language import base_language
from syndicator.model.source import Source
from syndicator.pipeline.canonical import link_forms, without_scheme
from syndicator.pipeline.id_quality import find_places, is_shared_guid, is_shared_link
from syndicator.pipeline.text import title_key

_START = 80  # characters of a summary; section feeds cut them at lengths of their own, none so early


class Name(NamedTuple):
    """What an entry is known by: the keys of its link, plain and canonical, of its guid, and of its words.

    *link* is the plain link itself.

    A tuple, as each entry needs one, and a frozen dataclass takes three times as long to make.
    """

    link: str
    links: tuple[str, ...]
    guid: str
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """The *entries* that a document of *source* brought, each with its name.

    *keys* are what the store is to be asked for. *first* has the place where each key of an entry stands first,
    *repeated* all places of the links and guids that stand at several. The *shared* keys stand on several articles.
    """

    source: Source
    entries: Sequence[Entry]
    names: Sequence[Name]
    first: Mapping[str, int]
    repeated: Mapping[str, Sequence[int]]
    shared: Collection[str]
    keys: frozenset[str]


def name_entries(entries: Sequence[Entry], *, source: Source, id_rule: str = "") -> Named:
    """Return *entries*, as a document of *source* brought them, with their keys; *id_rule* is what is remembered of it.

    A key is of an outlet: `outlet link a.example/1`, `outlet guid 7`, `outlet text` and a hash of title and date as
    written. Two articles of one outlet at one link, in two languages, are known by `outlet link a.example/1 @en`.
    """
    outlet = source.outlet or source.id
    link, guid = f"{outlet} link ", f"{outlet} guid "
    forms = [link_forms(entry.url) for entry in entries]
    links = [tuple([link + form for form in its_forms]) for its_forms in forms]
    guids = [guid + bare if (bare := without_scheme(entry.guid).strip()) else "" for entry in entries]
    ids = [(*its_links, its_guid) if its_guid else its_links for its_links, its_guid in zip(links, guids, strict=True)]
    first, repeated = find_places(ids)
    shared = set()
    for key, places in repeated.items() if not source.repair.id_from else ():
        its_entries = [entries[place] for place in places]
        if key.startswith(guid):
            is_shared = is_shared_guid(its_entries, [forms[place][-1] if forms[place] else "" for place in places])
        else:
            is_shared = is_shared_link(its_entries, [guids[place] for place in places])
        if is_shared:
            shared.add(key)
    by_title = "title" in (source.repair.id_from, id_rule)
    names = []
    for place, entry in enumerate(entries):
        texts = _texts(entry, outlet, nameless=by_title or shared.issuperset(ids[place]))
        for text in texts:
            first.setdefault(text, place)
        names.append(Name(forms[place][0] if forms[place] else "", links[place], guids[place], texts))
    return Named(
        source=source,
        entries=entries,
        names=names,
        first=first,
        repeated=repeated,
        shared=shared | _repeated_words(entries, names),
        keys=_keys(names, base_language(source.language)),
    )


def in_language(key: str, language: str) -> str:
    """Return the form of *key* that an item has where another item, in another language, has *key* itself."""
    return f"{key} @{language}"


def is_front_page(link: str) -> bool:
    """Tell whether the key of a *link* is that of a host alone, on which no article stands for long."""
    return "/" not in link.rpartition(" ")[2] and "?" not in link


def twin_keys(entry: Entry) -> tuple[str, ...]:
    """Return by what *entry* is known again if both its link and its guid have changed: its headline and its day, and
    its headline and the start of its summary. An entry without a date has but the latter, one without a title none.
    """
    title = title_key(entry.title)
    if not title:
        return ()
    date, start = entry.published or entry.updated, title_key(entry.summary[:_START])
    by_day = (f"{title}\n{date:%Y-%m-%d}",) if date else ()
    return (*by_day, f"{title}\n{start}") if start or not date else by_day


def find_twins(items: Iterable[Item], *, source: Source) -> dict[str, Item]:
    """Return those of *items* that stand in *source*, by their `twin_keys`; what two have in common is left out."""
    twins: dict[str, Item] = {}
    common = set()
    for item in items:
        if source.id in item.sources:
            for key in twin_keys(item.entry):
                if twins.setdefault(key, item).id != item.id:
                    common.add(key)
    return {key: item for key, item in twins.items() if key not in common}


def hash_of(*texts: str) -> bytes:
    """Return the 32 bytes from which ids and text keys are made."""
    return hashlib.sha256("\0".join(texts).encode()).digest()


def _texts(entry: Entry, outlet: str, *, nameless: bool) -> tuple[str, ...]:
    """Return the keys of the words of *entry*. Those of title and summary are for what has nothing better: some
    publishers write a new date at every fetch, and some none at all."""
    by_date = (f"{outlet} text {hash_of(outlet, entry.title, entry.claimed).hex()[:32]}",) if entry.claimed else ()
    if by_date and not (nameless and entry.summary):
        return by_date
    return (*by_date, f"{outlet} words {hash_of(outlet, entry.title, entry.summary).hex()[:32]}")


def _repeated_words(entries: Sequence[Entry], names: Sequence[Name]) -> frozenset[str]:
    """Return the keys of title and summary that stand under several dates, as those of weekly notices do."""
    dates: dict[str, str] = {}
    return frozenset(
        name.texts[-1]
        for entry, name in zip(entries, names, strict=True)
        if len(name.texts) == 2 and dates.setdefault(name.texts[-1], entry.claimed) != entry.claimed
    )


def _keys(names: Iterable[Name], language: str) -> frozenset[str]:
    keys: set[str] = set()
    for name in names:
        plain = (*name.links, name.guid) if name.guid else name.links
        keys.update(plain, name.texts)
        keys.update([in_language(key, language) for key in (plain if len(plain) > 1 else (*plain, *name.texts))])
    return frozenset(keys)

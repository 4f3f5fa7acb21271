"""Know an article again: our own permanent id, and the keys by which its publisher names it."""

from __future__ import annotations

import base64
import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from urllib.parse import quote

from syndicator.model.entry import Entry, Item
from syndicator.model.source import Source
from syndicator.pipeline.clean import is_tracking
from syndicator.pipeline.dates import settle_dates

MAX_KEYS = 12  # of one item; a source that makes up new guids at every fetch would add keys without end

_LEAD = re.compile(r"(?:\s|/|https?:/|www\.)*", re.IGNORECASE)
_DEFAULT_PORT = re.compile(r"(?:\s|:(?:80|443)?)+$")
_PERCENT = re.compile(r"%([0-9a-fA-F]{2})?")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")  # RFC 3986, 2.3


def canonical_link(url: str) -> str:
    """Return what links to one page have in common, for comparing and not for following; empty if there is nothing.

    Scheme, `www.`, default port, fragment, tracking parameters and the last slash are dropped, host and
    percent-escapes are in one case (RFC 3986, section 6.2.2); the path keeps its case. Doing it twice changes nothing.

    >>> canonical_link("https://www.Tuoitre.vn:443/Tin-1.htm/?utm_source=rss&id=7#top")
    'tuoitre.vn/Tin-1.htm?id=7'
    """
    rest = _LEAD.sub("", url, count=1).partition("#")[0]
    address, _, query = rest.partition("?")
    host, _, path = address.partition("/")
    host = _DEFAULT_PORT.sub("", host.lower())
    if not host:
        return ""
    path = _escapes(path).rstrip("/")
    kept = [part for part in _escapes(query).split("&") if part and not is_tracking(part)]
    return host + (f"/{path}" if path else "") + (f"?{'&'.join(kept)}" if kept else "")


def entry_keys(entry: Entry, *, outlet: str) -> tuple[str, ...]:
    """Return what *entry* of *outlet* is known by: its link and its guid, or else a hash of title and date.

    The link stands first: publishers change guids more often than links. Scheme and `www.` of a guid do not count.
    """
    guid = _LEAD.sub("", entry.guid, count=1).strip()
    keys = []
    if link := canonical_link(entry.url):
        keys.append(f"{outlet} link {link}")
    if guid:
        keys.append(f"{outlet} guid {guid}")
    return tuple(keys) or (_text_key(entry, outlet),)


def identify(
    entries: Sequence[Entry], known: Mapping[str, Item], *, source: Source, now: datetime, backfill: bool
) -> list[Item]:
    """Return the items among *entries*, one document of *source*, that are new or changed; the others are left out.

    *known* maps keys to the items that the store has. An item keeps id, first sight, backfill, tags and rejection.
    Its words are those of the source that brought it first: another section feed of the outlet adds itself to
    *sources* and changes nothing else, else two feeds that cut summaries differently would correct each other for ever.
    """
    outlet = source.outlet or source.id
    ambiguous = _ambiguous(entries, outlet)
    at_hand = dict(known)
    told: dict[str, Item] = {}
    read: set[str] = set()  # items whose entry stood in this document already
    for entry in entries:
        keys = tuple(key for key in entry_keys(entry, outlet=outlet) if key not in ambiguous)
        keys = keys or (_text_key(entry, outlet),)
        old = next((at_hand[key] for key in keys if key in at_hand), None)
        if old is None:
            item = _new(entry, keys, outlet=outlet, now=now, backfill=backfill)
        else:
            item = _joined(old, [key for key in keys if key not in at_hand], source)
            if source.id == old.entry.source and old.id not in read:
                item = _edited(item, entry, now)
        read.add(item.id)
        if item != old:
            told[item.id] = item
            at_hand.update((key, item) for key in item.keys if at_hand.get(key, item).id == item.id)
    return list(told.values())


def digest(entry: Entry) -> str:
    """Return a hash of what a reader sees of *entry*; guid and dates are not seen."""
    image = (entry.image.url, entry.image.alt) if entry.image else ()
    seen = (
        *(entry.title, entry.summary, entry.content, canonical_link(entry.url), entry.language),
        *(entry.authors, entry.categories, image, tuple(each.url for each in entry.enclosures)),
    )
    return hashlib.sha256(repr(seen).encode()).hexdigest()[:32]


def _new(entry: Entry, keys: tuple[str, ...], *, outlet: str, now: datetime, backfill: bool) -> Item:
    published_at, updated_at = settle_dates(entry, first_seen_at=now, known=None)
    return Item(
        id="i" + base64.b32encode(_hash(outlet, keys[0])).decode("ascii").lower()[:15],
        entry=entry,
        outlet=outlet,
        sources=(entry.source,),
        keys=keys,
        digest=digest(entry),
        first_seen_at=now,
        published_at=published_at,
        updated_at=updated_at,
        backfill=backfill,
    )


def _joined(item: Item, keys: Iterable[str], source: Source) -> Item:
    """Return *item* with *keys* added, and *source* if it stands there for the first time."""
    first, *others = (*item.keys, *keys)
    sources = item.sources if source.id in item.sources else (*item.sources, source.id)
    # The first key made the id; of the others the latest are those that come again.
    return replace(item, keys=(first, *others[-(MAX_KEYS - 1) :]), sources=sources)


def _edited(item: Item, entry: Entry, now: datetime) -> Item:
    """Return *item* with the words of *entry*, or as it is when a reader would see no difference."""
    new_digest = digest(entry)
    if new_digest == item.digest:
        return item
    published_at, updated_at = settle_dates(entry, first_seen_at=now, known=item)
    return replace(item, entry=entry, digest=new_digest, published_at=published_at, updated_at=updated_at)


def _ambiguous(entries: Iterable[Entry], outlet: str) -> set[str]:
    """Return the keys that tell no articles apart in this document: one guid on several links, or one link (that
    of the front page, say) on entries that differ in guid and title."""
    links_of_guid, told_under_link = defaultdict(set), defaultdict(set)
    for entry in entries:
        keys = entry_keys(entry, outlet=outlet)
        if len(keys) == 2:
            link, guid = keys
            links_of_guid[guid].add(link)
            told_under_link[link].add((guid, entry.title))
    shared = {guid for guid, links in links_of_guid.items() if len(links) > 1}
    for link, told in told_under_link.items():
        guids, titles = (set(each) for each in zip(*told, strict=True))
        if len(guids) > 1 and len(titles) > 1:
            shared.add(link)
    return shared


def _text_key(entry: Entry, outlet: str) -> str:
    return f"{outlet} text {_hash(outlet, entry.title, entry.claimed).hex()[:32]}"


def _hash(*texts: str) -> bytes:
    return hashlib.sha256("\0".join(texts).encode()).digest()


def _escapes(text: str) -> str:
    """Return *text* in ASCII, its percent-escapes upper-case, and none where RFC 3986 asks for none."""
    return quote(_PERCENT.sub(_escape, text), safe="%/:=&?~+!$,;'@()*[]|")


def _escape(match: re.Match[str]) -> str:
    if not match[1]:
        return "%25"
    letter = chr(int(match[1], 16))
    return letter if letter in _UNRESERVED else f"%{match[1].upper()}"

"""Read what an item points to that may be another's too: its page, its picture, its number in the outlet's system."""

from __future__ import annotations

import re
from functools import lru_cache

from syndicator.model.entry import Item
from syndicator.pipeline.canonical import canonical_link
from syndicator.pipeline.keys import is_front_page

_REMEMBERED = 8192  # links and pictures; an item is compared with many others


def page(item: Item) -> str:
    """Return the link of *item* for comparing; empty if it is that of a front page, which many articles may carry."""
    return _canonical(item.entry.url) if item.entry.url else ""


def alternates(item: Item) -> tuple[str, ...]:
    """Return the links, for comparing, that *item* names as its own in other languages."""
    return tuple(filter(None, map(_canonical, item.entry.alternates)))


_PICTURE = re.compile(r"([^/?#]+)\.(?:jpe?g|png|webp|gif|avif)(?:$|[?#!])", re.IGNORECASE)
_SIZE = re.compile(r"[-_](?:\d{2,4}x\d{2,4}|scaled|thumb|w?\d{3,4})$|^(?:thumb|resize|\d{2,4}x\d{2,4})[-_]")
_STOCK = re.compile(
    r"logo|default|placeholder|avatar|banner|no-?image|thumb(?:nail)?$|^(?:image|img|photo|anh|hinh)[-_]?\d{0,3}$"
)  # fmt: skip
_LINK_NUMBER = re.compile(r"(?<!\d)\d{5,}(?!\d)")


@lru_cache(maxsize=_REMEMBERED)
def _picture_name(url: str) -> str:
    match = _PICTURE.search(url)
    name = _SIZE.sub("", match[1].lower()) if match else ""
    return name if len(name) >= 6 and not _STOCK.search(name) else ""


def picture(item: Item) -> str:
    """Return the name of the picture's file without its size; empty where it may be any picture's."""
    return _picture_name(item.entry.image.url) if item.entry.image else ""


def link_numbers(item: Item) -> frozenset[str]:
    """Return the long numbers in the link by which an outlet's own system may know the article."""
    # A date is in the links of all articles of a day.
    found = _LINK_NUMBER.findall(page(item))
    return frozenset(number for number in found if not re.fullmatch(r"20[2-9]\d[01]\d[0-3]\d", number))


@lru_cache(maxsize=_REMEMBERED)
def _canonical(url: str) -> str:
    link = canonical_link(url)
    return "" if is_front_page(link) else link

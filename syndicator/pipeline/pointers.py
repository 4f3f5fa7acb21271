"""Read what an item points to that may be another's too: its page, its picture, its number in the outlet's system."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import parse_qsl, urlsplit

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
# At the beginning or the end of the last segment: what stands within the words of a headline is told, not counted.
_NUMBER = re.compile(r"(?:^|(?<=[-_.=]))[a-z]{0,8}(\d{6,})(?=\.[a-z]+$|$)|^(\d{6,})(?=[-_.])", re.IGNORECASE)
_ID_KEY = re.compile(r"(?:.*[-_.]|article|news|post|story|item|content)?(?:id|aid|nid|pid)", re.IGNORECASE)
_YEAR, _MONTH, _DAY = r"(?:19|20)\d\d", r"(?:0[1-9]|1[0-2])", r"(?:0[1-9]|[12]\d|3[01])"
# In any order of its parts, with the time of day or without; a longer number that begins so is the article's own.
_DATE = re.compile(
    rf"(?:{_YEAR}{_MONTH}{_DAY}|{_DAY}{_MONTH}{_YEAR}|{_MONTH}{_DAY}{_YEAR})(?:[01]\d|2[0-4])?(?:[0-5]\d){{0,2}}"
    rf"|{_YEAR}{_MONTH}|{_MONTH}{_YEAR}|\d\d{_MONTH}{_DAY}|{_DAY}{_MONTH}\d\d|{_MONTH}{_DAY}\d\d|20[2-9]\d{{4}}"
)


@lru_cache(maxsize=_REMEMBERED)
def _picture_name(url: str) -> str:
    match = _PICTURE.search(url)
    name = _SIZE.sub("", match[1].lower()) if match else ""
    return name if len(name) >= 6 and not _STOCK.search(name) else ""


def picture(item: Item) -> str:
    """Return the name of the picture's file without its size; empty where it may be any picture's."""
    return _picture_name(item.entry.image.url) if item.entry.image else ""


def link_numbers(item: Item) -> frozenset[str]:
    """Return the long numbers in the link by which an outlet's own system may know the article.

    They stand in the last segment of the path, or in an `id=` of the query; a date or a section's number is none.
    """
    return _numbers(page(item))


@lru_cache(maxsize=_REMEMBERED)
def _numbers(link: str) -> frozenset[str]:
    parts = urlsplit(f"//{link}")
    named = [value for key, value in parse_qsl(parts.query) if _ID_KEY.fullmatch(key)]
    last = parts.path.rstrip("/").rpartition("/")[2]
    found = {match[1] or match[2] for text in (last, *named) for match in _NUMBER.finditer(text)}
    return frozenset(number for number in found if not _DATE.fullmatch(number))


@lru_cache(maxsize=_REMEMBERED)
def _canonical(url: str) -> str:
    link = canonical_link(url)
    return "" if is_front_page(link) else link

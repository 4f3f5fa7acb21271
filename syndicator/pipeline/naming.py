"""Propose ids for new sources: the outlet, and the section of it that the feed's address names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable
from itertools import count
from urllib.parse import unquote, urlsplit

from syndicator.model.source import Source
from syndicator.pipeline.urls import host_of

MAX_ID = 48  # characters; an id is part of file names and of addresses

# Labels of hosts and parts of paths that say nothing of outlet or section.
_HOSTS = frozenset({"www", "rss", "feed", "feeds", "feedproxy", "m", "amp"})
_SECOND_LEVEL = frozenset({"ac", "co", "com", "edu", "gov", "go", "info", "net", "or", "org"})
_PATHS = frozenset({
    "rss", "rss2", "feed", "feeds", "rss-feed", "rss-feeds", "atom", "rdf", "xml", "json", "index", "home", "default",
    "all", "category", "categories", "cate", "section", "sections", "tag", "tags", "topic", "channel", "posts", "blog",
})  # fmt: skip


def propose_id(url: str, *, outlet: str = "", taken: Collection[str] = ()) -> str:
    """Return an id that is not *taken* for a feed at *url*, as feeds.yaml wants ids: small letters, digits, hyphens.

    >>> propose_id("https://www.tuoitre.vn/rss/the-gioi.rss")
    'tuoitre-the-gioi'
    >>> propose_id("https://vn.usembassy.gov/category/press-releases/feed/", outlet="us", taken=["us-press-releases"])
    'us-press-releases-2'
    """
    sections = [slug for segment in _path(url).split("/") if (slug := _section(segment)) and slug not in _PATHS]
    name = "-".join([outlet or propose_outlet(url), *sections[-2:]])[:MAX_ID].strip("-")
    candidates = (f"{name}-{number}" for number in count(2))
    return name if name not in taken else next(candidate for candidate in candidates if candidate not in taken)


def propose_outlet(url: str) -> str:
    """Return an id for the outlet whose host *url* has.

    >>> propose_outlet("https://e.vnexpress.net/rss/news.rss"), propose_outlet("https://nld.com.vn/rss/home.rss")
    ('e-vnexpress', 'nld')
    """
    labels = [label for label in host_of(url).split(".") if label]
    if len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SECOND_LEVEL:
        labels = labels[:-2]
    elif len(labels) > 1 and not labels[-1].isdecimal():
        labels = labels[:-1]
    kept = [label for label in labels if label not in _HOSTS] or labels
    return slug("-".join(kept)) or "source"


def outlets_by_host(sources: Iterable[Source]) -> dict[str, str]:
    """Return the outlet of each host that *sources* have; of several outlets on one host, that of the first source."""
    outlets: dict[str, str] = {}
    for source in sources:
        outlets.setdefault(host_of(source.url), source.outlet)
    return outlets


def slug(text: str) -> str:
    """Return *text* in small letters a–z, digits and hyphens; empty if nothing of it can be written so.

    >>> slug("Thời sự – Đô thị")
    'thoi-su-do-thi'
    """
    plain = unicodedata.normalize("NFKD", text.casefold().replace("đ", "d"))
    return re.sub(r"[^a-z0-9]+", "-", "".join(sign for sign in plain if not unicodedata.combining(sign))).strip("-")


def _section(segment: str) -> str:
    return slug(re.sub(r"\.(?:rss|xml|atom|rdf|json|html?|php|aspx?|do)$", "", unquote(segment), flags=re.IGNORECASE))


def _path(url: str) -> str:
    try:
        return urlsplit(url).path
    except ValueError:
        return ""

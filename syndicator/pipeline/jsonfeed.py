"""Read JSON Feed 1.0 and 1.1 (jsonfeed.org/version/1.1), which feedparser does not know."""

from __future__ import annotations

import json
from typing import Any

from syndicator.model.entry import Enclosure, Image, Problem
from syndicator.pipeline.clean import length, text_to_html
from syndicator.pipeline.entries import RawEntry, RawFeed

_VERSIONS = {"https://jsonfeed.org/version/1": "json10", "https://jsonfeed.org/version/1.1": "json11"}


def read_json_feed(text: str, *, url: str) -> RawFeed:
    """Return the feed that *text* is, fetched from *url*; never raise."""
    try:
        feed = json.loads(text, strict=False)
    except (ValueError, RecursionError) as error:
        return RawFeed(problems=[Problem(text=f"not a feed: it begins like JSON and is none ({error})")])
    version = _VERSIONS.get(_text(feed, "version").strip().rstrip("/"), "")
    if not version:
        return RawFeed(problems=[Problem(text="not a feed: JSON without the version of a JSON Feed")])
    return RawFeed(
        version=version,
        title=_text(feed, "title"),
        language=_text(feed, "language"),
        entries=tuple(_entry(item, feed, url) for item in _dicts(feed, "items")),
    )


def _entry(item: dict[str, Any], feed: dict[str, Any], base: str) -> RawEntry:
    language = _text(item, "language")
    authors = _authors(item) or _authors(feed)  # which an item inherits (JSON Feed 1.1, items, authors)
    attachments = [_attachment(each) for each in _dicts(item, "attachments")]
    images = [Image(url=_text(item, name)) for name in ("image", "banner_image") if _text(item, name)]
    images += [Image(url=each.url) for each in attachments if each.type.startswith("image/")]
    return RawEntry(
        guid=_text(item, "id"),
        url=_text(item, "url") or _text(item, "external_url"),
        title=_text(item, "title"),
        summary=text_to_html(_text(item, "summary")),
        content=_text(item, "content_html") or text_to_html(_text(item, "content_text")),
        base=base,
        language="" if language == _text(feed, "language") else language,
        published=_text(item, "date_published"),
        updated=_text(item, "date_modified"),
        authors=tuple(_text(author, "name") for author in authors),
        categories=tuple(tag for tag in _list(item, "tags") if isinstance(tag, str)),
        images=tuple(images),
        enclosures=tuple(attachments),
    )


def _authors(of: dict[str, Any]) -> list[dict[str, Any]]:
    return _dicts(of, "authors") or _dicts({"authors": [of.get("author")]}, "authors")  # 1.0 has one author


def _attachment(each: dict[str, Any]) -> Enclosure:
    return Enclosure(url=_text(each, "url"), type=_text(each, "mime_type"), length=length(_text(each, "size_in_bytes")))


def _text(value: Any, name: str) -> str:
    """Return a member as text. Numbers are let through: ids and sizes are often written so."""
    member = value.get(name) if isinstance(value, dict) else None
    if isinstance(member, bool) or not isinstance(member, str | int | float):
        return ""
    return str(member)


def _list(value: dict[str, Any], name: str) -> list[Any]:
    member = value.get(name)
    return member if isinstance(member, list) else []


def _dicts(value: dict[str, Any], name: str) -> list[dict[str, Any]]:
    return [each for each in _list(value, name) if isinstance(each, dict)]

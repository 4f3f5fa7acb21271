"""Take the parts of an entry from what feedparser says of it."""

from __future__ import annotations

from typing import Any

from syndicator.pipeline.raw import Parts, Words


def parts_of(entry: dict[str, Any]) -> Parts:
    """Return the parts of an *entry* of feedparser."""
    title, content = dict_of(entry, "title_detail"), dicts_of(entry, "content")
    links = _attributes(entry, "links")
    parts = Parts()
    parts.guid = text_of(entry, "id")
    parts.permalink = text_of(entry, "guid that is a link")
    parts.link = text_of(entry, "link")
    parts.original = text_of(entry, "feedburner_origlink")
    parts.pages = [link.get("href", "") for link in links if link.get("rel") == "alternate"]
    parts.translations = [
        link.get("href", "") for link in links if link.get("rel") == "alternate" and link.get("hreflang")
    ]
    parts.files = [link for link in links if link.get("rel") == "enclosure"]
    parts.title = text_of(entry, "title")
    parts.title_language, parts.title_base = text_of(title, "language"), text_of(title, "base")
    # Without a summary feedparser puts the content there, and no detail.
    parts.summary = _words(dict_of(entry, "summary_detail"))
    parts.podcast_summary = _words(dict_of(entry, "itunes_summary_detail"))
    parts.content = _words(content[0] if content else {})
    parts.caption = text_of(entry, "media_caption")
    parts.language = text_of(entry, "language")
    parts.published = text_of(entry, "published")
    parts.created = text_of(entry, "created")
    parts.updated = text_of(entry, "updated")
    parts.authors, parts.source_authors = authors_of(entry), authors_of(dict_of(entry, "source"))
    parts.categories = [text_of(tag, "label") or text_of(tag, "term") for tag in dicts_of(entry, "tags")]
    parts.media = _attributes(entry, "media_content")
    parts.thumbnails = _attributes(entry, "media_thumbnail")
    parts.cover = text_of(dict_of(entry, "image"), "href")
    return parts


def authors_of(found: dict[str, Any]) -> list[str]:
    """Return the names of the authors of a feed, an entry or a source."""
    return [text_of(author, "name") for author in dicts_of(found, "authors")]


def text_of(found: dict[str, Any], name: str) -> str:
    """Return what *found* has by *name* if it is text, and else none."""
    # `dict.get` and not feedparser's own, which answers `published` when `updated` is asked for. An element of the
    # document may have put anything under any name.
    value = dict.get(found, name)
    return value if isinstance(value, str) else ""


def dict_of(found: dict[str, Any], name: str) -> dict[str, Any]:
    """Return what *found* has by *name* if it is a dictionary, and else an empty one."""
    value = dict.get(found, name)
    return value if isinstance(value, dict) else {}


def dicts_of(found: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """Return the dictionaries in what *found* has by *name* if it is a list, and else none."""
    value = dict.get(found, name)
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _words(detail: dict[str, Any]) -> Words:
    return Words(*(text_of(detail, name) for name in ("value", "type", "language", "base")))


def _attributes(found: dict[str, Any], name: str) -> list[dict[str, str]]:
    return [{key: value for key, value in each.items() if isinstance(value, str)} for each in dicts_of(found, name)]

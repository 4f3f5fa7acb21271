"""Write a feed as JSON Feed 1.1."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from syndicator.model.entry import Revision
from syndicator.pipeline.feed_entries import Category, Head, Row

VERSION = "https://jsonfeed.org/version/1.1"


def write_json_feed(head: Head, rows: Sequence[Row], *, url: str) -> bytes:
    """Return the document that lies at *url*, in UTF-8.

    Two extensions go beyond the standard, as it allows: `_source`, the feed that an item comes
    from, and `_syndicator`: its story, the other reports, the titles that the publisher has changed
    since, and `why` it is here: its tags with the words that gave them, and the page that tells what
    tags it nearly got and where else it stands.
    """
    return write_items(head, [_item(row) for row in rows], url=url)


def write_items(head: Head, items: Sequence[Mapping[str, Any]], *, url: str) -> bytes:
    """Return the document of *items*, which are as JSON Feed has them, that lies at *url*."""
    author = {"name": head.author, "url": f"mailto:{head.email}" if head.email else ""}
    document = {
        "version": VERSION,
        "title": head.title,
        "home_page_url": head.page,
        "feed_url": url,
        "description": head.subtitle,
        "language": head.language,
        "authors": [_filled(author)],
        "items": items,
    }
    # A server's words may hold half a surrogate pair, which UTF-8 has no bytes for.
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "replace")


def _item(row: Row) -> dict[str, Any]:
    return _filled(
        {
            "id": row.id,
            "url": row.url,
            "title": row.title,
            "language": row.language,
            "content_html": row.content_html,
            "content_text": "" if row.content else row.text,
            "summary": row.excerpt,
            "image": row.image.url if row.image else "",
            "date_published": row.published_at.isoformat(),
            "date_modified": row.updated_at.isoformat(),
            "authors": [{"name": name} for name in row.authors],
            "tags": [category.label for category in row.categories],
            "attachments": [
                {"url": file.url, "mime_type": file.type, "size_in_bytes": file.length} for file in row.enclosures
            ],
            "_source": _filled({"title": row.origin.title, "feed_url": row.origin.url}),
            "_syndicator": {
                "story": row.story,
                "why": _filled({"page": row.why, "tags": [_tag(category) for category in row.categories]}),
                "reports": len(row.related) + 1,
                **({"revisions": [_revision(each) for each in row.revisions]} if row.revisions else {}),
                "related": [
                    _filled({"url": report.url, "title": report.title, "language": report.language})
                    for report in row.related
                ],
            },
        }
    )


def _revision(revision: Revision) -> dict[str, Any]:
    return {"until": revision.at.isoformat(), "title": revision.title}


def _tag(category: Category) -> dict[str, Any]:
    return {
        "id": category.tagging.tag,
        **_filled({"mediatopic": category.mediatopic}),
        "source": category.outlet,
        "reasons": [
            {"field": reason.field, "term": reason.term, "words": reason.words, "start": reason.start}
            for reason in category.tagging.reasons
        ],
    }


def _filled(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return *fields* without the empty ones: JSON Feed wants a field left out rather than empty."""
    return {name: value for name, value in fields.items() if value not in ("", [], None)}

"""Tell the admin what is wrong with the sources, as a feed: one entry for each thing that began and goes on."""

from __future__ import annotations

import hashlib
import hmac
from base64 import b32encode
from collections.abc import Mapping, Sequence
from datetime import UTC
from typing import Any

from syndicator.model.site import Site
from syndicator.model.source import Finding, Source, SourceState
from syndicator.model.story import Document
from syndicator.pipeline.doctor import is_broken
from syndicator.pipeline.feed_entries import EPOCH, Head, Origin, Row, tag_uri
from syndicator.pipeline.json_feed_writer import write_items
from syndicator.pipeline.syndicate import write_atom
from syndicator.pipeline.urls import clean_url

LANGUAGE = "en"  # the admin's; findings have no other


def incidents_path(secret: bytes) -> str:
    """Return where the feed lies, without its ending: a name that nobody guesses who does not know *secret*."""
    token = hmac.digest(secret, b"syndicator.incidents", hashlib.sha256)[:15]  # 120 bits, 24 letters
    return f"sources-{b32encode(token).decode('ascii').lower()}"


def incident_documents(
    sources: Mapping[str, Source], states: Mapping[str, SourceState], *, site: Site, secret: bytes
) -> list[Document]:
    """Return the feed as Atom 1.0 and JSON Feed 1.1, at `incidents_path` with `.atom` and `.json`.

    Each of the findings in *states* makes an entry, the latest first; what is mended is gone. States of sources that
    are not in *sources*, or have another address there, are left out. The bytes change when the findings do.
    """
    path = incidents_path(secret)
    found = [
        (sources[id], finding)
        for id, state in states.items()
        if id in sources and sources[id].url == state.url
        for finding in state.findings
    ]
    found.sort(key=lambda pair: (pair[0].id, pair[1].kind))
    found.sort(key=lambda pair: pair[1].since, reverse=True)
    rows = [_row(source, finding, site) for source, finding in found]
    head = _head(rows, site)
    items = [_item(row, *pair) for row, pair in zip(rows, found, strict=True)]
    atom = write_atom(head, rows, scheme=site.url, url=f"{site.url}{path}.atom")
    return [
        # None at all is good news, and replaces the bad.
        Document(path=f"{path}.atom", body=atom),
        Document(path=f"{path}.json", body=write_items(head, items, url=f"{site.url}{path}.json")),
    ]


def _head(rows: Sequence[Row], site: Site) -> Head:
    title = _line(site.title.to(LANGUAGE)) or site.url
    return Head(
        id=tag_uri(site, "incidents"),
        url=site.url,
        page=site.url,
        title=f"{title}: its sources",
        subtitle="What is wrong with the sources, and what to try",
        language=LANGUAGE,
        updated_at=max((row.updated_at for row in rows), default=EPOCH),
        ttl=60,
        rights=f"© {_line(site.publisher.name)}",
        author=_line(site.publisher.name),
        email=_line(site.publisher.email),
    )


def _row(source: Source, finding: Finding, site: Site) -> Row:
    since = finding.since.astimezone(UTC).replace(microsecond=0)
    title = _line(source.title) or source.id
    return Row(
        id=tag_uri(site, f"incident/{source.id}/{finding.kind}/{since:%Y%m%dT%H%M%SZ}"),
        story="",
        url=clean_url(source.public_url) or site.url,
        title=f"{title}: {_line(finding.text)}",
        language=LANGUAGE,
        excerpt=f"{_sentence(finding.text)}\n\nWhat to try: {_sentence(finding.remedy)}",
        content="",
        credit=f"Source: {title} ({source.id}), {_line(source.public_url)}",
        authors=("syndicator",),
        published_at=since,
        updated_at=since,
        # An incident is our own word, and not an entry of that feed (RFC 4287, section 4.2.11).
        origin=Origin(title=title, url="", updated_at=since),
        categories=(),
        related=(),
        image=None,
        enclosures=(),
    )


def _item(row: Row, source: Source, finding: Finding) -> dict[str, Any]:
    """Return an item of JSON Feed; its extension `_syndicator` has for programs what the text says to a person."""
    return {
        "id": row.id,
        "url": row.url,
        "title": row.title,
        "content_text": row.text,
        "date_published": row.published_at.isoformat(),
        "_syndicator": {
            "source": source.id,
            "kind": finding.kind,
            "broken": is_broken(finding),
            "text": finding.text,
            "remedy": finding.remedy,
        },
    }


def _sentence(text: str) -> str:
    line = _line(text)
    return f"{line[:1].upper()}{line[1:]}."


def _line(text: str) -> str:
    """Return *text* in one line, of letters that XML can carry: servers write anything into what we quote."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())

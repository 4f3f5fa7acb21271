"""Teach feedgen what it lacks: text types, languages and links of entries, atom:source in full, pictures.

feedgen builds Atom without namespaces in the tree (it writes `xmlns` as an attribute), so names
of Atom are bare in `extend_atom` and qualified in `extend_rss`.
"""

from __future__ import annotations

from typing import Any

from feedgen.ext.base import BaseEntryExtension, BaseExtension
from feedgen.util import xml_elem

from syndicator.model.entry import Enclosure, Image
from syndicator.pipeline.feed_entries import Origin, Related

ATOM = "http://www.w3.org/2005/Atom"
MEDIA = "http://search.yahoo.com/mrss/"
XML = "http://www.w3.org/XML/1998/namespace"


class NewsExtension(BaseExtension):  # type: ignore[misc]  # feedgen has no types
    """What a feed of news needs at its head."""

    def extend_ns(self) -> dict[str, str]:
        """Return the prefixes that the entries use, so that they stand once, at the root."""
        return {"media": MEDIA}

    def extend_atom(self, feed: Any) -> Any:
        """Say that title and subtitle are plain text (RFC 4287, section 3.1.1)."""
        _declare_text(feed, "title", "subtitle")
        return feed


class NewsEntryExtension(BaseEntryExtension):  # type: ignore[misc]  # feedgen has no types
    """What an entry needs that tells of somebody else's article."""

    def __init__(self) -> None:
        self._language = ""
        self._origin: Origin | None = None
        self._related: tuple[Related, ...] = ()
        self._enclosures: tuple[Enclosure, ...] = ()
        self._picture: Image | None = None

    def describe(
        self,
        *,
        language: str,
        origin: Origin,
        related: tuple[Related, ...],
        enclosures: tuple[Enclosure, ...],
        picture: Image | None,
    ) -> None:
        """Set the entry's language, the feed it comes from, the other reports, its files and its picture."""
        self._language, self._origin, self._related = language, origin, related
        self._enclosures, self._picture = enclosures, picture

    def extend_atom(self, entry: Any) -> Any:
        """Add `xml:lang`, text types, links, `atom:source` (RFC 4287, section 4.2.11) and `media:content`."""
        entry.set(f"{{{XML}}}lang", self._language)
        _declare_text(entry, "title")
        # feedgen 1.0 writes an entry's links without rel, type and hreflang: each would be an alternate.
        article = entry.find("link")
        article.set("rel", "alternate")
        article.set("hreflang", self._language)
        self._relate(entry, "link")
        for file in self._enclosures:
            xml_elem("link", entry, rel="enclosure", href=file.url, type=file.type, length=str(file.length))
        if self._origin and self._origin.url:
            source = xml_elem("source", entry)
            # What the other feed calls itself is not kept; where it lies names it as well.
            xml_elem("id", source).text = self._origin.url
            xml_elem("title", source, type="text").text = self._origin.title
            xml_elem("updated", source).text = self._origin.updated_at.isoformat()
            xml_elem("link", source, rel="self", href=self._origin.url)
        self._show(entry)
        return entry

    def extend_rss(self, item: Any) -> Any:
        """Add `atom:link rel=related` for the other reports, and `media:content`."""
        self._relate(item, f"{{{ATOM}}}link")
        self._show(item)
        return item

    def _relate(self, entry: Any, name: str) -> None:
        for report in self._related:
            link = xml_elem(name, entry, rel="related", href=report.url)
            if report.language:
                link.set("hreflang", report.language)
            link.set("title", report.title)

    def _show(self, entry: Any) -> None:
        """Add the picture as Media RSS 1.5.1 has it; feedgen's own extension cannot carry its description."""
        if self._picture is None:
            return
        content = xml_elem(f"{{{MEDIA}}}content", entry, url=self._picture.url, medium="image")
        for side in ("width", "height"):
            if pixels := getattr(self._picture, side):
                content.set(side, str(pixels))
        if self._picture.alt:
            xml_elem(f"{{{MEDIA}}}description", content, type="plain").text = self._picture.alt


def _declare_text(parent: Any, *names: str) -> None:
    for name in names:
        parent.find(name).set("type", "text")

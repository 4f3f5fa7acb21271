"""Take the parts of an entry from its elements: say what is done with each, by its name."""

from __future__ import annotations

from collections.abc import Mapping
from xml.etree.ElementTree import Element

from syndicator.pipeline.fast_parts import EntryParts, Handler
from syndicator.pipeline.fast_scope import Doubt, Scope, attributes_of
from syndicator.pipeline.feed_names import Names
from syndicator.pipeline.raw import Parts


class EntryReader:
    """Reads the entries of one document, whose names are *names*."""

    def __init__(self, names: Names) -> None:
        self._handlers = _ByTag(names, _HANDLERS)
        self._media_handlers = _ByTag(names, _MEDIA_HANDLERS)

    def read(self, element: Element, scope: Scope) -> Parts:
        """Return what is in the entry that *element* is."""
        entry = EntryParts()
        entry.media_handlers = self._media_handlers
        if element.keys():
            attributes = attributes_of(element)
            if "lastmod" in attributes or "href" in attributes:
                raise Doubt("CDF")
            scope = scope.within(attributes)
            entry.guid = attributes.get("rdf:about", "")
        entry.scope = scope
        entry.read(element, self._handlers)
        if entry.tags:
            entry.categories = [label or term or "" for term, _, label in entry.tags]
        return entry


class _ByTag(dict[object, "Handler | str | None"]):
    """The handlers of a document by tag, made of those by *known* name as its tags are met."""

    def __init__(self, names: Names, known: Mapping[str, Handler | str]) -> None:
        super().__init__()
        self._names, self._known = names, known

    def __missing__(self, tag: object) -> Handler | str | None:
        name = self._names[tag]
        if name and name != "-" and name not in self._known:
            raise Doubt(name)
        self[tag] = handler = self._known.get(name)
        return handler


_MEDIA_HANDLERS: dict[str, Handler | str] = {
    "media_content": EntryParts.read_media,
    "media_group": EntryParts.read_group,
    "media_thumbnail": EntryParts.read_thumbnail,
    "media_title": EntryParts.read_media_title,
    "media_description": EntryParts.read_caption,
    "media_keywords": EntryParts.read_keywords,
    "media_category": EntryParts.read_media_category,
    **dict.fromkeys(("media_credit", "media_license", "media_player", "media_rating"), EntryParts.pass_over),
}
_HANDLERS: dict[str, Handler | str] = {
    **_MEDIA_HANDLERS,
    **dict.fromkeys(("title", "dc_title"), EntryParts.read_title),
    "link": EntryParts.read_link,
    **dict.fromkeys(("guid", "id"), EntryParts.read_guid),
    **dict.fromkeys(("description", "dc_description"), EntryParts.read_description),
    "summary": EntryParts.read_summary,
    "itunes_summary": EntryParts.read_podcast_summary,
    "content": EntryParts.read_content,
    "content_encoded": EntryParts.read_encoded,
    **dict.fromkeys(("published", "issued", "pubdate", "dcterms_issued"), "published"),
    **dict.fromkeys(("updated", "modified", "lastbuilddate", "dc_date", "dcterms_modified"), "updated"),
    **dict.fromkeys(("created", "dcterms_created"), "created"),
    **dict.fromkeys(("category", "dc_subject", "keywords"), EntryParts.read_category),
    "itunes_category": EntryParts.read_itunes_category,
    "itunes_keywords": EntryParts.read_itunes_keywords,
    **dict.fromkeys(("author", "dc_author", "dc_creator", "itunes_author", "managingeditor"), EntryParts.read_author),
    "contributor": EntryParts.read_contributor,
    "source": EntryParts.read_source,
    "feedburner_origlink": EntryParts.read_original,
    "itunes_image": EntryParts.read_cover,
    "image": EntryParts.read_image,
    "enclosure": EntryParts.read_enclosure,
    **dict.fromkeys(("language", "dc_language"), "language"),
    **dict.fromkeys(
        """
        copyright dc_contributor dc_publisher dc_rights expirationdate feedburner_browserfriendly generator info
        itunes_block itunes_explicit itunes_subtitle rights subtitle
        """.split(),  # noqa: SIM905
        EntryParts.pass_over,
    ),
}

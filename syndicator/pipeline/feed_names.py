"""Know the names of the elements of feeds, whatever prefix a publisher binds, as feedparser knows them."""

from __future__ import annotations

from functools import lru_cache
from xml.etree.ElementTree import Comment

# The namespaces whose elements mean something to feedparser, in lower case, and the prefix by which it calls them.
# The elements of those without a prefix are one vocabulary: RSS 0.9x, 1.0, 2.0 and Atom.
NAMESPACES = {
    "http://www.w3.org/2005/atom": "",
    "http://purl.org/atom/ns#": "",
    "http://purl.org/rss/1.0/": "",
    "http://my.netscape.com/rdf/simple/0.9/": "",
    "http://blogs.law.harvard.edu/tech/rss": "",
    "http://backend.userland.com/rss": "",
    "http://example.com/newformat#": "",
    "http://example.com/necho": "",
    "http://purl.org/echo/": "",
    "uri/of/echo/namespace#": "",
    "http://purl.org/pie/": "",
    "http://purl.org/rss/1.0/modules/rss091#": "",
    "http://webns.net/mvcb/": "admin",
    "http://creativecommons.org/ns#license": "cc",
    "http://web.resource.org/cc/": "cc",
    "http://cyber.law.harvard.edu/rss/creativecommonsrssmodule.html": "creativecommons",
    "http://backend.userland.com/creativecommonsrssmodule": "creativecommons",
    "http://purl.org/rss/1.0/modules/content/": "content",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://purl.org/dc/terms/": "dcterms",
    "http://rssnamespace.org/feedburner/ext/1.0": "feedburner",
    "http://www.georss.org/georss": "georss",
    "http://www.opengis.net/gml": "gml",
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes",
    "http://example.com/dtds/podcast-1.0.dtd": "itunes",
    "http://search.yahoo.com/mrss": "media",
    "http://search.yahoo.com/mrss/": "media",
    "http://podlove.org/simple-chapters": "psc",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf",
    "http://www.w3.org/1999/xhtml": "xhtml",
    "http://www.w3.org/1999/xlink": "xlink",
    "http://www.w3.org/xml/1998/namespace": "xml",
}
PREFIXES = frozenset(NAMESPACES.values()) - {""}

# What feedparser does something about, or keeps where we look for something else. A name that is not among these
# changes nothing of what we read, and neither does what stands in it if it is text.
_MEANT = frozenset(
    """
    abstract author authors body category channel cloud content contributor contributors copyright created date
    description email enclosure entries entry expirationdate feed feeds fullitem generator geom georssgeom guid height
    homepage href id image info issued item items keywords language lastbuilddate link links managingeditor math
    modified name newlocation published pubdate publisher rdf rights rss source subtitle summary svg tagline tags
    textinput title updated uri url webmaster where width
    cc_license creativecommons_license content_encoded dc_author dc_contributor dc_creator dc_date dc_description
    dc_language dc_publisher dc_rights dc_subject dc_title dcterms_created dcterms_issued dcterms_modified dcterms_valid
    feedburner_browserfriendly feedburner_origlink itunes_author itunes_block itunes_category itunes_email
    itunes_explicit itunes_image itunes_keywords itunes_link itunes_name itunes_owner itunes_subtitle itunes_summary
    media_caption media_category media_content media_credit media_description media_group media_keywords media_license
    media_player media_rating media_restriction media_thumbnail media_title psc_chapter psc_chapters rdf_rdf xhtml_body
    """.split()  # noqa: SIM905
)
_ONLY_OURS = frozenset({"item", "entry", "svg", "math"})  # which must not be those of another namespace
_MEANT_ENDINGS = ("_detail", "_parsed")
_MEANT_BEGINNINGS = ("georss_", "gml_", "psc_", "xml_", "xlink_", "xhtml_")


class UnknownNames(Exception):
    """The names of a document cannot be told as feedparser tells them."""


class Names(dict[object, str]):
    """What feedparser calls an element, by its tag; `-` for what changes nothing, an empty string for a comment.

    Made of the pairs of prefix and URI that are declared anywhere in a document (or seem to be: more do no harm).
    """

    def __init__(self, declared: set[tuple[str, str]]) -> None:
        """Raise `UnknownNames` if a prefix has two meanings, or the prefix of one namespace is used for another."""
        super().__init__({Comment: ""})
        self._prefixes: dict[str, str] = {}
        meanings: dict[str, str] = {}
        self._has_captions = True
        for prefix, uri in declared:
            known, lower = NAMESPACES.get(uri.lower()), prefix.lower()
            if known == "media" and prefix != "media":
                self._has_captions = False  # they are told by their prefix: see `mend`
            if (
                "&" in uri
                or any(sign.isspace() for sign in uri)
                or ("backend.userland.com/rss" in uri.lower())
                or (prefix and meanings.setdefault(lower, uri) != uri)
                or (lower in PREFIXES and known != lower)
                or (known is None and self._prefixes.setdefault(uri, lower) != lower)
            ):
                raise UnknownNames(prefix)

    def __missing__(self, tag: object) -> str:
        if not isinstance(tag, str):
            raise UnknownNames(tag)  # a processing instruction
        name = _known_name(tag)
        if name is None:
            uri, _, local = tag[1:].rpartition("}")
            prefix, local = self._prefixes.get(uri), local.lower()
            name = f"{prefix}_{local}" if prefix else local
            if prefix is None or _is_meant(name) or local in _ONLY_OURS:
                raise UnknownNames(tag)
            name = "-"
        elif not name or (name == "media_description" and not self._has_captions):
            raise UnknownNames(tag)
        self[tag] = name
        return name


@lru_cache(maxsize=1_000)
def _known_name(tag: str) -> str | None:
    """Return the name of an element of the namespaces that are known, empty if it is in doubt; None of another."""
    uri, _, local = tag.rpartition("}")
    prefix, local = NAMESPACES.get(uri[1:].lower()) if uri else "", local.lower()
    if prefix is None:
        return None
    name = f"{prefix}_{local}" if prefix else local
    if local in _ONLY_OURS and prefix:
        return ""
    if not _is_meant(name):
        return "-"
    return "" if "_" in local else name


def _is_meant(name: str) -> bool:
    return name in _MEANT or name.endswith(_MEANT_ENDINGS) or name.startswith(_MEANT_BEGINNINGS)

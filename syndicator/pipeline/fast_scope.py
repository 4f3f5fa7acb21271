"""Read text, attributes and XHTML as feedparser would, and raise a doubt where that is not plain."""

from __future__ import annotations

import re
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass, replace
from urllib.parse import urljoin
from xml.etree.ElementTree import Element
from xml.sax.saxutils import escape

from syndicator.pipeline.feed_names import NAMESPACES, Names
from syndicator.pipeline.raw import MAX_ATTRIBUTES, MAX_BASE, MAX_LANGUAGE, Words

_TEXT_TYPES = {
    **dict.fromkeys(("text", "plain", "text/plain"), "text/plain"),
    **dict.fromkeys(("html", "text/html"), "text/html"),
}
_TYPES = {**_TEXT_TYPES, "xhtml": "application/xhtml+xml"}
# Of these, feedparser takes no notice of a namespace that it does not know.
_MEANT = frozenset(
    """
    base domain height href ispermalink label lang lastmod length medium mode rel scheme src term text type uri url
    version width
    """.split()  # noqa: SIM905
)
_SCOPING = frozenset({"xml:lang", "lang", "xml:base", "base"})
# Of these there is nothing to find out: they are in lower case, in no namespace, and hold for nothing inside.
_USUAL = frozenset("domain height href label length medium rel scheme term type url width".split())  # noqa: SIM905
_BASE = re.compile(r"https?://[A-Za-z0-9.-]+(?::[0-9]{1,5})?(?:/[^\s?#;\\\[\]]*)?")
_WINDOWS_1252 = {code: letter for code in range(128, 160) if (letter := bytes([code]).decode("cp1252", "ignore"))}
_XHTML = "{http://www.w3.org/1999/xhtml}"
OF_PEOPLE = frozenset({"-", "", "name", "email", "uri"})
MAX_DEPTH = 100  # elements within each other; the slow reader stops at 200
_NO_ATTRIBUTES: dict[str, str] = {}


class Doubt(Exception):
    """feedparser may read it in another way."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What holds for an element: the *names* of its document, whether that is *atom*, its xml:lang and xml:base.

    In a *damaged* document there are letters that feedparser puts right.
    """

    names: Names
    atom: bool
    damaged: bool
    language: str = ""
    base: str = ""

    def within(self, attributes: dict[str, str]) -> Scope:
        """Return what holds inside an element that has *attributes*."""
        if _SCOPING.isdisjoint(attributes):
            return self
        language = attributes.get("xml:lang", attributes.get("lang"))
        base = attributes.get("xml:base", attributes.get("base"))
        if language is None and not base:
            return self
        if len(language or "") > MAX_LANGUAGE or len(base or "") > MAX_BASE or (base and not _BASE.fullmatch(base)):
            raise Doubt("xml:base")
        return replace(
            self,
            language=self.language if language is None else language.replace("_", "-"),
            base=base or self.base,
        )

    def join(self, url: str, *, is_attribute: bool = False) -> str:
        """Return *url* made absolute against the xml:base, if there is one; no text that is empty is made a URL."""
        if ":///" in url:
            raise Doubt(url)
        if not self.base or not (url or is_attribute):
            return url
        if self.damaged and not url.isascii():
            raise Doubt(url)
        try:
            return urljoin(self.base, url)
        except ValueError:
            return ""

    def mended(self, text: str) -> str:
        """Return *text* with UTF-8 that was taken for Latin-1, and controls that are letters, put right."""
        if not self.damaged or text.isascii():
            return text
        with suppress(UnicodeError):
            text = text.encode("iso-8859-1").decode()
        return text.translate(_WINDOWS_1252)

    def text(self, element: Element) -> str:
        """Return the text of *element*, which must have nothing else in it."""
        if len(element):
            raise Doubt(element.tag)
        text = element.text
        if not text:
            return ""
        return self.mended(text.strip()) if self.damaged else text.strip()

    def words(self, element: Element, default: str) -> Words:
        """Return the text or the XHTML of *element*, which is of type *default* if it does not say."""
        found = element.attrib
        # Most have one attribute, which is this.
        media_type = _TEXT_TYPES.get(found["type"]) if len(found) == 1 and "type" in found else None
        if media_type:
            return Words(self.text(element), media_type, self.language, self.base)
        attributes = attributes_of(element)
        here = self.within(attributes)
        media_type = _TYPES.get(attributes["type"]) if "type" in attributes else default
        if not media_type or "mode" in attributes:
            raise Doubt("type")
        if media_type == "application/xhtml+xml":
            if not self.atom:
                raise Doubt("xhtml")
            return Words(self.mended(_markup(element)), media_type, here.language, here.base)
        return Words(self.text(element), media_type, here.language, here.base)

    def passes_over(self, element: Element, names: Collection[str], *, room: int = MAX_DEPTH) -> None:
        """Raise a doubt unless all that is in *element* has one of *names*."""
        for child in element:
            if self.names[child.tag] not in names or not room:
                raise Doubt(child.tag)
            if len(child):
                self.passes_over(child, names, room=room - 1)


def attributes_of(element: Element) -> dict[str, str]:
    """Return the attributes of *element* by their names in lower case, `xml:` and `rdf:` with those prefixes."""
    if not element.keys():
        return _NO_ATTRIBUTES
    found = element.attrib
    if found.keys() <= _USUAL:
        rel, media_type = found.get("rel", ""), found.get("type", "")
        if rel.lower() == rel and media_type.lower() == media_type:
            return found
    if len(found) > MAX_ATTRIBUTES:
        raise Doubt(element.tag)
    attributes: dict[str, str] = {}
    for name, value in found.items():
        lower = name.lower()
        if lower[0] == "{":
            uri, _, local = lower[1:].rpartition("}")
            prefix = NAMESPACES.get(uri)
            if not prefix and local in _MEANT:
                raise Doubt(name)
            lower = f"{prefix}:{local}"
        elif lower in attributes:
            raise Doubt(name)
        attributes[lower] = value.lower() if lower in ("rel", "type") else value
    return attributes


def person(element: Element, scope: Scope) -> str:
    """Return the name of the person that *element* has elements about, empty if it has none but an address."""
    found = None
    for child in element:
        name = scope.names[child.tag]
        if name not in OF_PEOPLE or len(child):
            raise Doubt(name)
        if name == "name":
            found = (child.text or "").strip()
        elif name in ("email", "uri"):
            found = found or ""
    if found is None:
        raise Doubt("nameless")
    return found


def _markup(element: Element) -> str:
    """Return what is in *element*, which is XHTML, without the div that Atom puts around it (RFC 4287, 3.1.1.3)."""
    if len(element) == 1 and element[0].tag == f"{_XHTML}div":
        div = element[0]
        if not (element.text or "").strip() and not (div.tail or "").strip():
            _attributes_of_page(div)
            return _inside(div).strip()
    return _inside(element).strip()


def _inside(element: Element, room: int = MAX_DEPTH) -> str:
    pieces = [escape(element.text or "")]
    for child in element:
        tag = child.tag
        if not isinstance(tag, str) or not tag.startswith(_XHTML) or not room:
            raise Doubt(tag)
        name = tag.removeprefix(_XHTML).lower()
        if name in ("body", "svg"):
            raise Doubt(name)
        pieces += (
            f"<{name}{_attributes_of_page(child)}>",
            _inside(child, room - 1),
            f"</{name}>",
            escape(child.tail or ""),
        )
    return "".join(pieces)


def _attributes_of_page(element: Element) -> str:
    attributes = attributes_of(element)
    if len(attributes) != len(element.attrib) or "xml:base" in attributes or "base" in attributes:
        raise Doubt("xml:base")
    if any(name.startswith("{") and "XML/1998" not in name for name in element.attrib):
        raise Doubt("attributes")
    return "".join(f' {name}="{escape(value, {chr(34): "&quot;"})}"' for name, value in attributes.items())

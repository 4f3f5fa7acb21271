"""Read the elements of an entry one by one, as feedparser would, and raise a doubt where it is not plain."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TypeAlias
from xml.etree.ElementTree import Element

from syndicator.pipeline.fast_scope import MAX_DEPTH, OF_PEOPLE, Doubt, Scope, attributes_of, person
from syndicator.pipeline.raw import MAX_CATEGORIES, MAX_LANGUAGE, RELATIONS, Parts, Words, author_name

_NEVER = 1_000  # deeper than any element
_ITUNES, _MEDIA = "http://www.itunes.com/", "http://search.yahoo.com/mrss/category_schema"
_PAGES = frozenset({"html", "xhtml", "text/html", "application/xhtml+xml"})
_REFERENCE = re.compile(r"&([A-Za-z0-9_]+);")
_LIKE_HTML = re.compile(r"</\w|&#?\w+;")
_OF_SOURCES = frozenset(
    {"-", "category", "generator", "id", "link", "published", "rights", "subtitle", "title", "updated"}
)

# It is given an element, and its text if it has nothing but text.
Handler: TypeAlias = Callable[["EntryParts", Element, str | None], None]
# By tag: a handler is called, or the text is that of the field of this name, or nothing is done.
Handlers: TypeAlias = Mapping[object, Handler | str | None]


class EntryParts(Parts):
    """An entry that is being read, with what has to be remembered in doing so; *depth* is that below its element."""

    scope: Scope
    media_handlers: Handlers
    depth = 1
    title_depth = 0
    title_stored = caption_stored = _NEVER
    has_content = False

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[list[str | None]] = []

    def read(self, element: Element, handlers: Handlers) -> None:
        scope, damaged = self.scope, self.scope.damaged
        for child in element:
            handler = handlers[child.tag]
            if handler is None:
                if len(child):
                    scope.passes_over(child, ("-", ""))
                continue
            # Most elements have text and nothing else: that is looked at once, here.
            text: str | None = None
            if not (len(child) or child.keys()):
                text = child.text
                text = text.strip() if text else ""
                if damaged:
                    text = scope.mended(text)
            if isinstance(handler, str):
                setattr(self, handler, scope.text(child) if text is None else text)
            else:
                handler(self, child, text)

    def read_title(self, element: Element, text: str | None) -> None:
        if self._keep_title(element, text):
            self.title_depth = self.depth

    def read_media_title(self, element: Element, text: str | None) -> None:
        self._keep_title(element, text)

    def _keep_title(self, element: Element, text: str | None) -> str:
        language, base = self.scope.language, self.scope.base
        if text is None:
            words = self.scope.words(element, "text/plain")
            text, language, base = words.value, words.language, words.base
        # The first title that says something counts, but one that stands less deep counts more.
        if not 0 < self.title_depth <= self.depth:
            if self.depth <= self.title_stored:
                self.title, self.title_stored = text, self.depth
            self.title_language, self.title_base = language, base
        return text

    def read_link(self, element: Element, text: str | None) -> None:
        rel, is_own, is_translation = "alternate", True, False
        if text is not None:
            href = self.scope.join(text) if self.scope.base or ":///" in text else text
            if "&" in href:
                href = _linked(href)
        else:
            attributes = attributes_of(element)
            if "url" in attributes or "uri" in attributes:
                raise Doubt("url")
            scope = self.scope.within(attributes)
            rel = attributes.get("rel", rel).removeprefix(RELATIONS)
            is_translation = bool(attributes.get("hreflang"))
            media_type = attributes.get("type", "application/atom+xml" if rel == "self" else "text/html")
            if "href" in attributes:
                href = scope.join(attributes["href"], is_attribute=True)
                is_own = rel == "alternate" and media_type in _PAGES
                self.pass_over(element, text)
            else:
                href = _linked(scope.join(scope.text(element)))
            if rel == "enclosure":
                self.files.append({**attributes, "href": href, "type": media_type})
        if is_own:
            self.link = href
        if rel == "alternate":
            self.pages.append(href)
            if is_translation:
                self.translations.append(href)

    def read_guid(self, element: Element, text: str | None) -> None:
        scope = self.scope
        if text is None:
            text, attributes = scope.text(element), attributes_of(element)
            if attributes.get("ispermalink", "true") != "true":
                self.guid = text
                return
            scope = scope.within(attributes)
        self.guid = scope.join(text) if scope.base or ":///" in text else text
        self.permalink = self.permalink or self.guid

    def read_description(self, element: Element, text: str | None) -> None:
        if text is not None and self.summary is None:
            self.summary = Words(text, "text/html", self.scope.language, self.scope.base)
        else:
            self._read_summary(element, text, "text/html")

    def read_summary(self, element: Element, text: str | None) -> None:
        self._read_summary(element, text, "text/plain")

    def read_podcast_summary(self, element: Element, text: str | None) -> None:
        self.podcast_summary = self._words(element, text, "text/plain")

    def _read_summary(self, element: Element, text: str | None, default: str) -> None:
        if self.summary and not self.has_content:
            self.read_content(element, text)
        else:
            self.summary = self._words(element, text, default)

    def read_content(self, element: Element, text: str | None) -> None:
        self._read_content(element, text, "text/plain")

    def read_encoded(self, element: Element, text: str | None) -> None:
        self._read_content(element, text, "text/html")

    def _read_content(self, element: Element, text: str | None, default: str) -> None:
        self.has_content = True
        if self.content is None:
            self.content = self._words(element, text, default)
        elif text is None:
            self.scope.words(element, default)

    def _words(self, element: Element, text: str | None, default: str) -> Words:
        scope = self.scope
        words = scope.words(element, default) if text is None else Words(text, default, scope.language, scope.base)
        # Outside Atom feedparser looks whether plain text is not HTML after all.
        if words.type == "text/plain" and not scope.atom and _LIKE_HTML.search(words.value):
            raise Doubt("plain")
        return words

    def read_category(self, element: Element, text: str | None) -> None:
        if text is None:
            attributes = attributes_of(element)
            scheme = attributes.get("scheme", attributes.get("domain"))
            self._add_tag(attributes.get("term"), scheme, attributes.get("label"))
        self._add_term(self.scope.text(element) if text is None else text)

    def read_media_category(self, element: Element, _text: str | None) -> None:
        attributes = attributes_of(element)
        self._add_tag(attributes.get("term"), attributes.get("scheme", _MEDIA), attributes.get("label"))
        self._add_term(self.scope.text(element))

    def read_itunes_category(self, element: Element, _text: str | None) -> None:
        self._add_tag(attributes_of(element).get("text"), _ITUNES, None)
        self._add_term(self.scope.text(element))

    def _add_term(self, term: str) -> None:
        if term and self.tags and not self.tags[-1][0]:
            self.tags[-1][0] = term
        elif term:
            self._add_tag(term, None, None)

    def read_keywords(self, _element: Element, text: str | None) -> None:
        self._read_keywords(text, None)

    def read_itunes_keywords(self, _element: Element, text: str | None) -> None:
        self._read_keywords(text, _ITUNES)

    def _read_keywords(self, text: str | None, scheme: str | None) -> None:
        if text is None:
            raise Doubt("keywords")
        for term in text.split(","):
            if term.strip():
                self._add_tag(term.strip(), scheme, None)

    def _add_tag(self, term: str | None, scheme: str | None, label: str | None) -> None:
        tag = [term, scheme, label]
        if not (term or scheme or label) or tag in self.tags:
            return
        if len(self.tags) >= MAX_CATEGORIES:
            raise Doubt("categories")
        self.tags.append(tag)

    def read_author(self, element: Element, text: str | None) -> None:
        if len(element):
            self.authors.append(person(element, self.scope))
        else:
            self.authors.append(author_name(self.scope.text(element) if text is None else text))

    def read_contributor(self, element: Element, _text: str | None) -> None:
        self.scope.passes_over(element, OF_PEOPLE)

    def read_source(self, element: Element, _text: str | None) -> None:
        self.title_depth = 0
        authors: list[str] = []
        for child in element:
            name = self.scope.names[child.tag]
            if name == "author":
                authors.append(person(child, self.scope))
            elif name == "contributor":
                self.scope.passes_over(child, OF_PEOPLE)
            elif name in _OF_SOURCES:
                if self.scope.text(child) and name == "title":
                    self.title_depth = self.depth + 1
            elif name:
                raise Doubt(name)
        self.source_authors = authors

    def read_original(self, _element: Element, text: str | None) -> None:
        if text is None:
            raise Doubt("attributes")
        self.original = text

    def read_cover(self, element: Element, _text: str | None) -> None:
        self.scope.text(element)
        attributes = attributes_of(element)
        self.cover = attributes.get("href") or attributes.get("url") or self.cover

    def read_image(self, element: Element, _text: str | None) -> None:
        self.scope.text(element)
        self.title_depth = 0

    def read_enclosure(self, element: Element, _text: str | None) -> None:
        attributes = {**attributes_of(element), "rel": "enclosure"}
        if "uri" in attributes or len(element):
            raise Doubt("enclosure")
        if attributes.get("url"):
            attributes["href"] = attributes.pop("url")
        self.files.append(attributes)

    def read_media(self, element: Element, text: str | None) -> None:
        self.media.append(attributes_of(element))
        if len(element):
            self.read_group(element, text)

    def read_group(self, element: Element, _text: str | None) -> None:
        if self.depth > MAX_DEPTH:
            raise Doubt("depth")
        self.depth += 1
        self.read(element, self.media_handlers)
        self.depth -= 1

    def read_thumbnail(self, element: Element, _text: str | None) -> None:
        if self.scope.text(element):
            raise Doubt("thumbnail")
        self.thumbnails.append(attributes_of(element))

    def read_caption(self, element: Element, _text: str | None) -> None:
        if any(">" in value or len(value) > MAX_LANGUAGE for _, value in element.items()):
            raise Doubt("caption")
        caption = self.scope.text(element)
        if self.depth <= self.caption_stored:
            self.caption, self.caption_stored = caption, self.depth

    def pass_over(self, element: Element, _text: str | None) -> None:
        if len(element):
            raise Doubt(element.tag)


def _linked(url: str) -> str:
    return _REFERENCE.sub(r"&\1", url.replace("&amp;", "&")) if "&" in url else url

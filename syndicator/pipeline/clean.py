"""Make publishers' words safe and plain: HTML by an allow-list, text without markup, links to http and https only."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from html import escape, unescape
from html.entities import html5

import nh3

from syndicator.model.entry import Image
from syndicator.pipeline.markup import ATTRIBUTES, BLOCK, BREAK, URL_ATTRIBUTES, hides, read_simple, shows
from syndicator.pipeline.plain import one_line, tidy, visible
from syndicator.pipeline.urls import clean_url

TITLE_ROUNDS = 3  # `&amp;amp;apos;` was met in the wild; deeper nesting was not
MAX_DEPTH = 500  # open elements; nh3 takes 8 s for 50,000 nested divs (250 kB), and no article comes near 500
_MAX_PASSES = 4  # cleanings until the markup stands still; honest markup needs one and its check


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_TAGS = _names("""
    a abbr b bdi bdo blockquote br caption cite code dd del dfn div dl dt em figcaption figure h1 h2 h3 h4 h5 h6 hr i
    img ins kbd li mark ol p pre q rp rt ruby s samp small span strong sub sup table tbody td tfoot th thead time tr
    u ul var wbr
""")
# The words inside these are no words of the article.
_SILENT = _names("script style iframe object embed svg math template form select textarea title head")
_BLOCKS = _names("""
    address article aside blockquote dd div dl dt fieldset figcaption figure footer h1 h2 h3 h4 h5 h6 header hr li
    main nav ol p pre section table td th tr ul
""")
_LEFT_OPEN = _names("br col dd dt hr img input li link meta option p source td th tr wbr")

_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|([A-Za-z][A-Za-z0-9]{1,31}));")
_TITLE_TAG = re.compile(
    r"</?(?:(br|div|h[1-6]|p)|a|b|em|font|i|img|mark|s|small|span|strong|sub|sup|u)(?:\s[^<>]*)?/?>", re.IGNORECASE
)
_OPENING = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)")
_IMAGE = re.compile(r'<img((?:\s+[\w-]+="[^"]*")*)\s*>')
_ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')
# The caption right behind a picture, or behind the link around it.
_CAPTION = re.compile(r"(?:</a>|</p>|</div>|<br>|\s){0,9}<figcaption[^<>]*>(.*?)</figcaption>", re.DOTALL)
# A no-break space is a word of its own: what stands between two breaks then is a line.
_BREAKS = re.compile(f"{BREAK}(?:[^\\S\xa0]*{BREAK})+")
_UNIT = re.compile(
    # What an excerpt counts: one sign of a script without spaces, or a run of any other letters.
    r"(?P<sign>[\u3000-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff])"
    # No word and hardly an address is longer than a hundred; what is would be shown whole, be it 300,000 long.
    r"|[^\s\u3000-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]{1,100}"
)


def read_html(html: str, *, base: str) -> tuple[str, str]:
    """Return `clean_html` and `plain_text` of *html*, in one reading where that is possible."""
    text = visible(html)
    if simple := read_simple(text):
        return simple.markup.strip(), _lines(simple.words)
    return _clean(text, base), _parse_text(text)


def clean_html(html: str, *, base: str) -> str:
    """Return *html* cut down to the allow-list, its links absolute against *base* and http or https only.

    Pictures that count readers, scripts, styles, classes, ids and event handlers are left out.
    Cleaning what was cleaned changes nothing.
    """
    text = visible(html)
    simple = read_simple(text)
    return simple.markup.strip() if simple else _clean(text, base)


def plain_text(html: str) -> str:
    """Return the words of *html*: entities decoded once, white space collapsed, one line for each paragraph."""
    if "<" not in html and "&" not in html:
        return tidy(html)
    text = visible(html)
    simple = read_simple(text)
    return _lines(simple.words) if simple else _parse_text(text)


def clean_title(text: str) -> str:
    """Return *text* as one plain line: unescaped up to three times, common inline tags taken away.

    >>> clean_title("Tom &amp;amp;amp; <b>Jerry</b>")
    'Tom & Jerry'
    """
    for _ in range(TITLE_ROUNDS if "&" in text else 0):
        text, before = _ENTITY.sub(_decode_entity, text), text
        if text == before:
            break
    return tidy(_TITLE_TAG.sub(lambda tag: " " if tag[1] else "", text) if "<" in text else text)


def excerpt(text: str, *, words: int) -> str:
    """Return the first *words* words of *text*, followed by ` …` only if there were more.

    Two signs of a script without spaces (Chinese, Japanese) count as one word, and so do a hundred signs without a
    space of any other.
    """
    left = 2 * words
    end = 0
    for unit in _UNIT.finditer(text):
        left -= 1 if unit["sign"] else 2
        if left < 0:
            return f"{text[:end].rstrip()} …".lstrip()
        end = unit.end()
    return text.strip()


def first_image(html: str) -> Image | None:
    """Return the first picture of *html*, which must come from `clean_html`; its caption is that of its figure."""
    match = _IMAGE.search(html) if "<img" in html else None
    if match is None:
        return None
    given = _attributes(match).get
    alt = given("alt")
    caption = _CAPTION.match(html, match.end()) if "<figcaption" in html else None
    return Image(
        url=given("src", ""),
        alt=tidy(alt) if alt else "",
        caption=plain_text(caption[1]).replace("\n", " ") if caption else "",
        width=length(given("width", "0")),
        height=length(given("height", "0")),
    )


def text_to_html(text: str) -> str:
    """Return plain *text* as HTML, a paragraph for each line that is not empty."""
    return "".join(f"<p>{escape(line.strip(), quote=False)}</p>" for line in text.split("\n") if line.strip())


def length(text: str) -> int:
    """Return the number that *text* begins with, 0 if none: a width in pixels (and not per cent), a size in bytes."""
    if text.isdecimal() and text.isascii() and len(text) <= 15:
        return int(text)
    match = re.match(r"\s*([0-9]{1,15})(?![0-9]*\s*%)", text)
    return int(match[1]) if match else 0


def _clean(text: str, base: str) -> str:
    """Return *text* cleaned by the parser."""
    text = _shallow(text)
    cleaner = _cleaner(base)
    for _ in range(_MAX_PASSES):
        # Taking an element away may leave its content where HTML does not allow it (a p in a p), and then the next
        # reader would see another tree: we clean until nothing moves. What reads as simple stands still already.
        cleaned = _IMAGE.sub(_keep_image, _compose(visible(cleaner.clean(text)))).strip()
        if cleaned == text or ((simple := read_simple(cleaned)) and simple.markup == cleaned):
            return cleaned
        text = cleaned
    return text_to_html(_parse_text(text))


@lru_cache(maxsize=256)
def _cleaner(base: str) -> nh3.Cleaner:
    def keep(_tag: str, attribute: str, value: str) -> str | None:
        value = visible(value)
        if attribute == "style":
            # It comes through as far as `_keep_image`, which takes away the picture and the style with it.
            return "display:none" if hides(value) else None
        return (clean_url(value, base=base) or None) if attribute in URL_ATTRIBUTES else value

    return nh3.Cleaner(
        tags=set(_TAGS),
        clean_content_tags=set(_SILENT),
        attributes={**ATTRIBUTES, "img": ATTRIBUTES["img"] | {"style"}},
        attribute_filter=keep,
        url_schemes={"http", "https"},
    )


_TEXT_CLEANER = nh3.Cleaner(
    tags=set(_BLOCKS | {"br"}),
    clean_content_tags=set(_SILENT),
    attributes={"*": set()},  # without it, `lang` and `title` stay
    link_rel=None,
)


def _parse_text(text: str) -> str:
    """Return the words of *text*, as the parser tells them, in lines."""
    marked = _TEXT_CLEANER.clean(_shallow(text))
    # nh3 writes every `<` of the text as an entity and we allow no attributes: what looks like a tag here is one.
    marked = re.sub(r"<[^>]*>", lambda tag: BREAK if tag[0] == "<br>" else BLOCK, visible(marked))
    return _lines(unescape(marked))


def _lines(words: str) -> str:
    """Return *words*, of which all is visible, in lines.

    One break is a blank; several with nothing between them part paragraphs.
    """
    if BREAK in words:
        words = (_BREAKS.sub(BLOCK, words) if words.count(BREAK) > 1 else words).replace(BREAK, " ")
    if BLOCK not in words:
        return one_line(words)
    lines = map(one_line, words.split(BLOCK))
    return "\n".join(line for line in lines if line)


def _shallow(text: str) -> str:
    """Return *text*, or only its words if its elements are nested so deeply that cleaning would take for ever."""
    if text.count("<") <= MAX_DEPTH:
        return text
    depth = 0
    for closing, name in _OPENING.findall(text):
        if name.lower() not in _LEFT_OPEN:
            depth += -1 if closing else 1
        if depth > MAX_DEPTH:
            return escape(re.sub(r"<[^<>]*>", " ", text), quote=False)
    return text


def _keep_image(match: re.Match[str]) -> str:
    return match[0] if shows(_attributes(match)) else ""


def _attributes(match: re.Match[str]) -> dict[str, str]:
    return {name: _plain_value(value) if "&" in value else value for name, value in _ATTRIBUTE.findall(match[1])}


def _plain_value(value: str) -> str:
    # The parser writes these entities and no others (HTML standard, section 13.3); `unescape` takes five times as long.
    value = value.replace("&quot;", '"').replace("&lt;", "<").replace("&gt;", ">").replace("&nbsp;", "\xa0")
    return value.replace("&amp;", "&")


def _compose(markup: str) -> str:
    """Return *markup* in NFC. Tags stay what they are: `>` and a combining stroke would make one sign of two."""
    if unicodedata.is_normalized("NFC", markup):
        return markup
    return re.sub(r"[^<>]+", lambda part: unicodedata.normalize("NFC", part[0]), markup)


def _decode_entity(match: re.Match[str]) -> str:
    # `unescape` alone would also read `&notit;` as `&not` and `it;`, and titles speak of `R&D;` and the like.
    return unescape(match[0]) if not match[1] or f"{match[1]};" in html5 else match[0]

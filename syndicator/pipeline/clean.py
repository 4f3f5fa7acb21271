"""Make publishers' words safe and plain: HTML by an allow-list, text without markup, links to http and https only."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from html import escape, unescape
from html.entities import html5
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

import nh3

from syndicator.model.entry import Image

TITLE_ROUNDS = 3  # `&amp;amp;apos;` was met in the wild; deeper nesting was not
MAX_DEPTH = 500  # open elements; nh3 takes 8 s for 50,000 nested divs (250 kB), and no article comes near 500
MAX_URL = 8_000  # characters; servers need not take more (RFC 9110, section 4.1)
_TRACKING = re.compile(
    r"(?:utm|mtm|pk|hsa)_.*|_ga|_hsenc|_hsmi|at_campaign|at_medium|cmpid|dclid|fbclid|gbraid|gclid|gclsrc|igshid|mc_cid"
    r"|mc_eid|mkt_tok|msclkid|ref_src|s_cid|ttclid|twclid|vero_id|wbraid|yclid|zarsrc",
    re.IGNORECASE,
)
_MAX_PASSES = 4  # cleanings until the markup stands still; honest markup needs one and its check


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_TAGS = _names("""
    a abbr b bdi bdo blockquote br caption cite code dd del dfn div dl dt em figcaption figure h1 h2 h3 h4 h5 h6 hr i
    img ins kbd li mark ol p pre q rp rt ruby s samp small span strong sub sup table tbody td tfoot th thead time tr
    u ul var wbr
""")
_ATTRIBUTES = {
    "*": {"lang", "dir"},
    "a": {"href", "title"},
    "abbr": {"title"},
    "blockquote": {"cite"},
    "del": {"cite", "datetime"},
    "img": {"src", "alt", "title", "width", "height"},
    "ins": {"cite", "datetime"},
    "ol": {"start", "reversed"},
    "q": {"cite"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
    "time": {"datetime"},
}
_URL_ATTRIBUTES = frozenset({"href", "src", "cite"})
# The words inside these are no words of the article.
_SILENT = _names("script style iframe object embed svg math template form select textarea title head")
_BLOCKS = _names("""
    address article aside blockquote dd div dl dt fieldset figcaption figure footer h1 h2 h3 h4 h5 h6 header hr li
    main nav ol p pre section table td th tr ul
""")
_LEFT_OPEN = _names("br col dd dt hr img input li link meta option p source td th tr wbr")

# Hosts whose pictures count readers and show nothing.
_TRACKERS = re.compile(
    r"https?://(?:[\w.-]+\.)?(?:doubleclick\.net|feedsportal\.com|google-analytics\.com|pixel\.wp\.com|quantserve\.com"
    r"|scorecardresearch\.com|stats\.wordpress\.com|feeds\.feedburner\.com/~r|facebook\.com/tr)(?:[/?:]|$)",
    re.IGNORECASE,
)

# The agencies' marks that open a summary. Without brackets a mark needs its dash; a place before it is left alone,
# because the place is news.
_DATELINE = re.compile(
    r"\s*(?P<open>[(\[])?\s*(?:ANTĐ|BĐT|Báo Quốc tế|Bnews|CAND|Chinhphu\.vn|Dân trí|ĐTTCO|GD&TĐ|HNMO?|LĐO?|NLĐO?|PLO"
    r"|QĐND(?: Online)?|SGGPO?|TG&VN|TNO|TTO|TTXVN(?:/Vietnam\+|/VietnamPlus)?|Tuổi Trẻ Online|VietNamNet|Vietnam\+"
    r"|VietnamPlus|VNA|VnExpress|VNS|VOV(?:\.VN|\.vn)?|VTV(?:\.vn|News)?)\s*(?(open)[)\]])\s*[-–—]+\s*"
)

_UNSEEN = re.compile(
    # Controls but white space, soft hyphens, zero-width spaces, overrides of direction, half surrogates. Joiners
    # stay: Persian and emoji need them.
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069\ufffe\uffff\ud800-\udfff]"
)
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|([A-Za-z][A-Za-z0-9]{1,31}));")
_TITLE_TAG = re.compile(
    r"</?(?:(br|div|h[1-6]|p)|a|b|em|font|i|img|mark|s|small|span|strong|sub|sup|u)(?:\s[^<>]*)?/?>", re.IGNORECASE
)
_OPENING = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)")
_IMAGE = re.compile(r'<img((?:\s+[\w-]+="[^"]*")*)\s*>')
_ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')
_UNIT = re.compile(
    # What an excerpt counts: one sign of a script without spaces, or a run of any other letters.
    r"(?P<sign>[\u3000-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff])"
    r"|[^\s\u3000-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]+"
)


def clean_html(html: str, *, base: str) -> str:
    """Return *html* cut down to the allow-list, its links absolute against *base* and http or https only.

    Pictures that count readers, scripts, styles, classes, ids and event handlers are left out.
    Cleaning what was cleaned changes nothing.
    """
    text = _shallow(visible(html))
    cleaner = _cleaner(base)
    for _ in range(_MAX_PASSES):
        # Taking an element away may leave its content where HTML does not allow it (a p in a p), and then the next
        # reader would see another tree: we clean until nothing moves.
        cleaned = _IMAGE.sub(_keep_image, _compose(visible(cleaner.clean(text)))).strip()
        if cleaned == text:
            return cleaned
        text = cleaned
    return text_to_html(plain_text(text))


def plain_text(html: str) -> str:
    """Return the words of *html*: entities decoded once, white space collapsed, one line for each paragraph."""
    marked = _TEXT_CLEANER.clean(_shallow(visible(html)))
    # nh3 writes every `<` of the text as an entity and we allow no attributes: what looks like a tag here is one.
    marked = re.sub(r"\s+", " ", marked)
    marked = re.sub(r"(?:<br>\s*){2,}", "<p>", marked).replace("<br>", " ")
    lines = (tidy(unescape(line)) for line in re.split(r"<[^>]*>", marked))
    return "\n".join(line for line in lines if line)


def clean_title(text: str) -> str:
    """Return *text* as one plain line: unescaped up to three times, common inline tags taken away.

    >>> clean_title("Tom &amp;amp;amp; <b>Jerry</b>")
    'Tom & Jerry'
    """
    for _ in range(TITLE_ROUNDS):
        text, before = _ENTITY.sub(_decode_entity, text), text
        if text == before:
            break
    return tidy(_TITLE_TAG.sub(lambda tag: " " if tag[1] else "", text))


def clean_url(url: str, *, base: str = "") -> str:
    """Return *url* absolute against *base* and in ASCII (RFC 3986), or an empty string if it is not http or https."""
    url = re.sub(r"[\t\r\n]", "", visible(url).strip())
    if not url or len(url) > MAX_URL:
        return ""
    try:
        parts = urlsplit(urljoin(base, url))
        host = parts.netloc if parts.netloc.isascii() else parts.netloc.encode("idna").decode("ascii")
        if (
            parts.scheme not in ("http", "https")
            or not parts.hostname
            or parts.port == 0
            or re.search(r"[\s<>\"\\^`{|}]", host)
        ):
            return ""
    except ValueError:  # a broken IPv6 address or port, or a host that IDNA does not know (UnicodeError)
        return ""
    path, query, fragment = (quote(part, safe="%/:=&?~+!$,;'@()*[]") for part in parts[2:])
    return urlunsplit((parts.scheme, host, path, query, fragment))


def untracked(url: str) -> str:
    """Return *url* without the parameters by which it is told who followed it; the rest is as it was.

    >>> untracked("https://tuoitre.example/tin.htm?utm_source=rss&id=7#top")
    'https://tuoitre.example/tin.htm?id=7#top'
    """
    address, mark, fragment = url.partition("#")
    page, question, query = address.partition("?")
    kept = "&".join(part for part in query.split("&") if not is_tracking(part))
    return page + (question + kept if kept else "") + mark + fragment


def is_tracking(parameter: str) -> bool:
    """Tell whether a *parameter* of a query (`name=value`) only tells who followed the link."""
    return _TRACKING.fullmatch(parameter.partition("=")[0]) is not None


def strip_dateline(text: str) -> str:
    """Return *text* without an agency's mark at its beginning.

    >>> strip_dateline("(ĐTTCO)- Sáng nay"), strip_dateline("SGGPO - Chiều nay"), strip_dateline("VOV là đài")
    ('Sáng nay', 'Chiều nay', 'VOV là đài')
    """
    match = _DATELINE.match(text)
    return text[match.end() :] if match else text


def excerpt(text: str, *, words: int) -> str:
    """Return the first *words* words of *text*, followed by ` …` only if there were more.

    Two signs of a script without spaces (Chinese, Japanese) count as one word.
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
    """Return the first picture of *html*, which must come from `clean_html`."""
    match = _IMAGE.search(html)
    if match is None:
        return None
    given = _attributes(match)
    return Image(
        url=given["src"],
        alt=tidy(given.get("alt", "")),
        width=length(given.get("width", "")),
        height=length(given.get("height", "")),
    )


def text_to_html(text: str) -> str:
    """Return plain *text* as HTML, a paragraph for each line that is not empty."""
    return "".join(f"<p>{escape(line.strip(), quote=False)}</p>" for line in text.split("\n") if line.strip())


def length(text: str) -> int:
    """Return the number that *text* begins with, 0 if none: a width in pixels, a size in bytes."""
    match = re.match(r"\s*([0-9]{1,15})", text)
    return int(match[1]) if match else 0


def tidy(text: str) -> str:
    """Return *text* in NFC on one line, without signs that nobody sees."""
    return unicodedata.normalize("NFC", re.sub(r"\s+", " ", visible(text)).strip())


def visible(text: str) -> str:
    """Return *text* without control characters and half surrogates, which no document of ours may carry."""
    return _UNSEEN.sub("", text)


@lru_cache(maxsize=256)
def _cleaner(base: str) -> nh3.Cleaner:
    def keep(_tag: str, attribute: str, value: str) -> str | None:
        value = visible(value)
        return (clean_url(value, base=base) or None) if attribute in _URL_ATTRIBUTES else value

    return nh3.Cleaner(
        tags=set(_TAGS),
        clean_content_tags=set(_SILENT),
        attributes=_ATTRIBUTES,
        attribute_filter=keep,
        url_schemes={"http", "https"},
    )


_TEXT_CLEANER = nh3.Cleaner(tags=set(_BLOCKS | {"br"}), clean_content_tags=set(_SILENT), attributes={}, link_rel=None)


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
    given = _attributes(match)
    tiny = any(given.get(side, "").strip().removesuffix("px") in ("0", "1") for side in ("width", "height"))
    return "" if tiny or not given.get("src") or _TRACKERS.match(given["src"]) else match[0]


def _attributes(match: re.Match[str]) -> dict[str, str]:
    return {name: unescape(value) for name, value in _ATTRIBUTE.findall(match[1])}


def _compose(markup: str) -> str:
    """Return *markup* in NFC. Tags stay what they are: `>` and a combining stroke would make one sign of two."""
    if unicodedata.is_normalized("NFC", markup):
        return markup
    return re.sub(r"[^<>]+", lambda part: unicodedata.normalize("NFC", part[0]), markup)


def _decode_entity(match: re.Match[str]) -> str:
    # `unescape` alone would also read `&notit;` as `&not` and `it;`, and titles speak of `R&D;` and the like.
    return unescape(match[0]) if not match[1] or f"{match[1]};" in html5 else match[0]

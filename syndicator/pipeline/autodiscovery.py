"""Find the feeds that a web page names, and the addresses at which sites usually have theirs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from urllib.parse import urlsplit

from syndicator.pipeline.canonical import plain_link
from syndicator.pipeline.clean import plain_text
from syndicator.pipeline.decode import decode_document
from syndicator.pipeline.urls import clean_url

MAX_LOOK = 2**20  # bytes of a page; its head and its menus stand there, and most pages are smaller
MAX_FOUND = 60  # feeds of one page; the index pages of newspapers name up to 40
MAX_PATHS = 12  # addresses to guess; each is a request that a server may count against us
_MAX_TAG = 2_000  # characters of a tag; in what is longer the quotes are broken
_MAX_BROKEN = 100  # such tags, after which quotes are no longer looked at: a page of them would take seconds

# Media types of feeds, the surest first. WordPress names its API as application/json, other software its feed.
_TYPES = (
    "application/atom+xml", "application/rss+xml", "application/feed+json", "application/rdf+xml",
    "application/xml", "text/xml", "application/json",
)  # fmt: skip
_START = re.compile(
    r"<(?:(?P<comment>!--)|(?P<name>base|link|a|script|style|template|textarea)(?=[\s/>]))", re.IGNORECASE
)
_QUOTED = re.compile(r"(?:[^>\"']|\"[^\"]*\"|'[^']*')*+>")
_ATTRIBUTE = re.compile(r"([^\s=>\"'/]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+)))?")
_SILENT = frozenset({"script", "style", "template", "textarea"})

_FEED_PREFIX = re.compile(r"^feed:(?://)?(?=https?:)", re.IGNORECASE)
_FEED_SCHEME = re.compile(r"^feed(?=://)", re.IGNORECASE)
_LOOKS_LIKE_FEED = re.compile(
    r"(?:^|/)(?:rss|feeds?|atom|rdf|rss[_-]feeds?|jsonfeed)(?:/|$|\.(?:xml|php|json|aspx?|do)$)"
    r"|\.(?:rss|atom|rdf)$|(?:rss|feed|atom)[^/]*\.xml$|/feeds?\.json$",
    re.IGNORECASE,
)
_FEED_QUERY = re.compile(
    r"(?:^|&)(?:feed=(?:rss2?|atom|rdf)|format=(?:feed|rss|atom)|type=(?:rss|atom))", re.IGNORECASE
)
_FEED_HOSTS = ("feeds.feedburner.com", "feedproxy.google.com")
# Links to readers, which carry the address of the feed in their own.
_READERS = re.compile(
    r"(?:^|\.)(?:feedly|inoreader|my\.yahoo|netvibes|newsblur|theoldreader|bloglovin|follow)\.(?:com|it)$"
)
_COMMENTS = re.compile(
    r"(?:^|[/\s._=-])comments?(?:[/\s._=-]|$)|bình luận|commentaires|kommentare|comentarios|комментари|评论|評論"
    r"|コメント|댓글",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundFeed:
    """A feed that a page names: its absolute address, its title there, and the media type it is said to have."""

    url: str
    title: str = ""
    type: str = ""


def find_feeds(page: bytes, *, url: str, content_type: str = "") -> list[FoundFeed]:
    """Return the feeds that the HTML *page*, which came from *url* (the final one), names; never raise.

    First those in `<link rel="alternate" type="application/rss+xml">` and its like (HTML, section 4.6.7.1), then
    links of the text that look like feeds; feeds of comments come last. Each stands there once.
    """
    text = _decode(page[:MAX_LOOK], content_type)
    base = url
    found: list[tuple[int, FoundFeed]] = []
    for name, attributes, end in _tags(text):
        href = _FEED_SCHEME.sub("https", _FEED_PREFIX.sub("", attributes.get("href", "")))
        if name == "base":
            # Only the first one counts (HTML, section 4.2.3); it must not lead away from the web.
            base = (clean_url(href, base=url) or base) if base == url else base
            continue
        rank = _rank_link(attributes) if name == "link" else _rank_anchor(href)
        address = clean_url(href, base=base) if rank is not None else ""
        if not address or rank is None:
            continue
        title = attributes.get("title", "") or (_anchor_text(text, end) if name == "a" else "")
        feed = FoundFeed(url=address.partition("#")[0], title=_line(title), type=_media_type(attributes))
        found.append((rank + (100 if _COMMENTS.search(f"{feed.title} {urlsplit(address).path}") else 0), feed))
    return _without_twins([feed for _, feed in sorted(found, key=lambda each: each[0])], but=url)


def common_paths(url: str) -> list[str]:
    """Return addresses at which the site of *url* may have a feed, the likeliest first, a dozen at most.

    >>> common_paths("https://news.example/world.html")[:3]
    ['https://news.example/world/feed', 'https://news.example/rss/world.rss', 'https://news.example/feed']
    """
    address = clean_url(url)
    if not address:
        return []
    parts = urlsplit(address)
    path = re.sub(r"(?:/|\.\w{1,5})+$", "", parts.path)
    section = path.rpartition("/")[2]
    paths = [f"{path}/feed", f"/rss/{section}.rss"] if section else []
    paths += ["/feed", "/rss.xml", "/rss", "/feed.xml", "/atom.xml", "/index.xml", "/feed.json"]
    # So the newspapers of Viet Nam have them, where no page names them.
    paths += ["/rss/home.rss", "/rss/tin-moi-nhat.rss", "/rss_feed/", "/home.rss"]
    return [f"{parts.scheme}://{parts.netloc}{path}" for path in paths][:MAX_PATHS]


def _decode(page: bytes, content_type: str) -> str:
    """Return the text of *page*, in the encoding that its header names, or else its head."""
    declared = re.search(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?([\w.:-]{1,40})", page[:4096], re.IGNORECASE)
    if declared and "charset" not in content_type.lower():
        content_type = f"text/html; charset={declared[1].decode('ascii', 'replace')}"
    return decode_document(page, content_type=content_type)[0]


def _tags(text: str) -> Iterator[tuple[str, dict[str, str], int]]:
    """Yield name, attributes and end of each tag that matters, but for those in comments, scripts and the like.

    It goes over the text once, whatever it is: a parser of HTML may take minutes over what only looks like it.
    """
    at, broken = 0, 0
    unclosed: set[str] = set()  # what was looked for to the end once is not looked for again
    while start := _START.search(text, at):
        name = "-->" if start["comment"] else start["name"].lower()
        if name == "-->" or name in _SILENT:
            closing = name if name == "-->" else f"</{name}"
            closed = -1 if closing in unclosed else _find(text, closing, start.end())
            if closed < 0:
                unclosed.add(closing)
            at = max(closed, start.end())
            continue
        end = _QUOTED.match(text, start.end(), start.end() + _MAX_TAG) if broken < _MAX_BROKEN else None
        if end is None:
            broken += 1
            closed = text.find(">", start.end())
            if closed < 0:
                return
            at = closed + 1
        else:
            at = end.end()
        yield name, _attributes(text[start.end() : min(at - 1, start.end() + _MAX_TAG)]), at


def _find(text: str, closing: str, start: int) -> int:
    found = re.compile(re.escape(closing), re.IGNORECASE).search(text, start)
    return found.start() if found else -1


def _attributes(tag: str) -> dict[str, str]:
    """Return the attributes of a tag by their names in lower case; of one that is repeated the first counts."""
    attributes: dict[str, str] = {}
    for name, *values in _ATTRIBUTE.findall(tag):
        attributes.setdefault(name.lower(), unescape("".join(values)).strip())
    return attributes


def _media_type(attributes: dict[str, str]) -> str:
    return attributes.get("type", "").partition(";")[0].strip().lower()


def _rank_link(attributes: dict[str, str]) -> int | None:
    """Return how sure it is that a `<link>` names a feed (0: surest), None if it does not."""
    rel, type, href = attributes.get("rel", "").lower().split(), _media_type(attributes), attributes.get("href", "")
    if "stylesheet" in rel or not ("alternate" in rel or "feed" in rel) or "/wp-json/" in href:
        return None
    if type in _TYPES:
        # The order among the formats is the page's own; only what may be something else stands behind.
        return 0 if type in _TYPES[:4] else 1
    return 1 if "feed" in rel and not type else None


def _rank_anchor(href: str) -> int | None:
    """Return how sure it is that a link of the text leads to a feed, None if it does not look so."""
    try:
        parts = urlsplit(href)
        host = parts.hostname or ""
    except ValueError:
        return None
    if parts.scheme not in ("", "http", "https") or _READERS.search(host):
        return None
    if host in _FEED_HOSTS or _LOOKS_LIKE_FEED.search(parts.path) or _FEED_QUERY.search(parts.query):
        # An address with an end of a file is a feed; "/rss" may be a page that lists feeds.
        return 10 if re.search(r"\.(?:xml|rss|atom|rdf|json|do)$", parts.path, re.IGNORECASE) else 11
    return None


def _anchor_text(text: str, start: int) -> str:
    end = text.find("</", start, start + 500)
    return plain_text(text[start:end]) if end > 0 else ""


def _line(text: str) -> str:
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())[:200]


def _without_twins(feeds: list[FoundFeed], *, but: str) -> list[FoundFeed]:
    """Return *feeds* without those whose address stood before, nor the page itself."""
    seen = {but}
    kept = []
    for feed in feeds:
        key = plain_link(feed.url)
        if key not in seen and feed.url not in seen:
            kept.append(feed)
        seen.update((key, feed.url))
    return kept[:MAX_FOUND]

"""Write the sample feeds, each with its faults: article data and an epoch in, bytes out."""

from __future__ import annotations

import json
import unicodedata
from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime
from html import escape as escape_html
from xml.sax.saxutils import escape

from syndicator.demo.content import Article, SampleFeed

_INDOCHINA = timezone(timedelta(hours=7))
NOTICES = "/rss/thong-bao"  # where the feed lies that the page in place of one names
# windows-1258 has these five tones as combining characters, and hardly a letter that carries one.
_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")


def render_feed(feed: SampleFeed, *, epoch: datetime, edition: int = 0) -> bytes:
    """Return the document of *feed*, whose dates are counted back from *epoch*.

    The bytes depend on the arguments alone. Another *edition* numbers the guids of a feed with
    `numbered` guids differently, as a newspaper's new software does. A missing feed has no bytes.
    """
    match feed.format:
        case "rss":
            text = _rss(feed, epoch, edition)
        case "rdf":
            text = _rdf(feed, epoch)
        case "atom":
            text = _atom(feed, epoch)
        case "json":
            text = _json(feed, epoch)
        case "html":
            text = _html(feed)
        case "missing":
            text = ""
    return _encode(text, feed.encoding)


def render_notices(feed: SampleFeed, *, epoch: datetime) -> bytes:
    """Return the feed that the page in place of *feed* names: one notice, as old as the page."""
    date = format_datetime(epoch.replace(microsecond=0).astimezone(_INDOCHINA))
    return (
        f'{_declaration(feed)}<rss version="2.0"><channel><title>{escape(feed.title)}: thông báo</title>'
        f"<link>https://{feed.host}/</link><description>Thông báo</description><item><title>Lịch tiếp dân</title>"
        f"<link>https://{feed.host}/lich-tiep-dan</link><pubDate>{date}</pubDate></item></channel></rss>"
    ).encode()


def published_at(article: Article, epoch: datetime) -> datetime:
    """Return when *article* was published, to the minute (the coarsest date that a sample feed writes)."""
    return (epoch - timedelta(hours=article.hours)).astimezone(UTC).replace(second=0, microsecond=0)


def changed_at(feed: SampleFeed, epoch: datetime) -> datetime:
    """Return when *feed* last changed: when its newest article was published."""
    return max((published_at(article, epoch) for article in feed.articles), default=epoch.replace(microsecond=0))


def _rss(feed: SampleFeed, epoch: datetime, edition: int) -> str:
    """Write RSS 2.0 (rssboard.org/rss-specification)."""
    items = []
    for number, article in enumerate(feed.articles):
        summary = f"{feed.dateline} {article.summary}".strip()
        lines = [
            f"<title>{_title(feed, article)}</title>",
            f"<link>{escape(article.url)}</link>",
            _guid(feed, article, number, edition),
            f"<pubDate>{_date(feed, article, epoch)}</pubDate>",
            f"<description>{summary if article.raw else escape(summary)}</description>",
            f"<content:encoded><![CDATA[{article.content}]]></content:encoded>" if article.content else "",
        ]
        items.append("<item>\n" + "\n".join(line for line in lines if line) + "\n</item>")
    return "\n".join(
        [
            _declaration(feed),
            '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/">',
            f"<channel>\n<title>{escape(feed.title)}</title>",
            f"<link>http://{feed.host}/</link>",
            f"<description>{escape(feed.title)}</description>",
            f"<language>{feed.language}</language>",
            f"<lastBuildDate>{format_datetime(changed_at(feed, epoch))}</lastBuildDate>",
            *items,
            "</channel>\n</rss>\n",
        ]
    )


def _rdf(feed: SampleFeed, epoch: datetime) -> str:
    """Write RSS 1.0 (web.resource.org/rss/1.0/spec): the items stand beside the channel, which lists them."""
    listed = "\n".join(f'<rdf:li rdf:resource="{escape(article.url)}"/>' for article in feed.articles)
    items = "\n".join(
        f'<item rdf:about="{escape(article.url)}">\n'
        f"<title>{_title(feed, article)}</title>\n"
        f"<link>{escape(article.url)}</link>\n"
        f"<description>{escape(article.summary)}</description>\n"
        f"<dc:date>{_timestamp(article, epoch)}</dc:date>\n"
        "</item>"
        for article in feed.articles
    )
    return (
        f"{_declaration(feed)}\n"
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/">\n'
        f'<channel rdf:about="http://{feed.host}{feed.path}">\n'
        f"<title>{escape(feed.title)}</title>\n<link>http://{feed.host}/</link>\n"
        f"<description>{escape(feed.title)}</description>\n<dc:language>{feed.language}</dc:language>\n"
        f"<items>\n<rdf:Seq>\n{listed}\n</rdf:Seq>\n</items>\n</channel>\n{items}\n</rdf:RDF>\n"
    )


def _atom(feed: SampleFeed, epoch: datetime) -> str:
    """Write Atom 1.0 (RFC 4287)."""
    entries = []
    for article in feed.articles:
        content = f'<content type="html">{escape(article.content)}</content>\n' if article.content else ""
        entries.append(
            f"<entry>\n<id>{_atom_id(feed, article.slug)}</id>\n"
            f"<title>{_title(feed, article)}</title>\n"
            f'<link rel="alternate" type="text/html" href="{escape(article.url)}"/>\n'
            f"<published>{_timestamp(article, epoch)}</published>\n<updated>{_timestamp(article, epoch)}</updated>\n"
            f"<summary>{escape(article.summary)}</summary>\n{content}</entry>"
        )
    return "\n".join(
        [
            _declaration(feed),
            f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{feed.language}">',
            f"<id>{_atom_id(feed, feed.path.lstrip('/'))}</id>\n<title>{escape(feed.title)}</title>",
            f'<link rel="self" href="http://{feed.host}{feed.path}"/>\n<link href="http://{feed.host}/"/>',
            f"<updated>{changed_at(feed, epoch).isoformat()}</updated>",
            f"<author><name>{escape(feed.title)}</name></author>",
            *entries,
            "</feed>\n",
        ]
    )


def _json(feed: SampleFeed, epoch: datetime) -> str:
    """Write JSON Feed 1.1 (jsonfeed.org/version/1.1)."""
    items = [
        {
            "id": article.url,
            "url": article.url,
            "title": article.title,
            "summary": article.summary,
            "date_published": _timestamp(article, epoch),
            # An item must have content of one kind or the other.
            **({"content_html": article.content} if article.content else {"content_text": article.summary}),
        }
        for article in feed.articles
    ]
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": f"http://{feed.host}/",
        "feed_url": f"http://{feed.host}{feed.path}",
        "language": feed.language,
        "items": items,
    }
    return json.dumps(document, ensure_ascii=False, indent=1)


def _html(feed: SampleFeed) -> str:
    return (
        f'<!DOCTYPE html>\n<html lang="{feed.language}">\n<head><meta charset="utf-8">'
        f"<title>{escape(feed.title)}</title></head>\n<body>\n<h1>{escape(feed.title)}</h1>\n"
        f"<ul><li><a href='{NOTICES}'>Thông báo</a><li><a href='/lich-tiep-dan'>Lịch tiếp dân</a></ul>\n"
        "</body>\n</html>\n"
    )


def _declaration(feed: SampleFeed) -> str:
    # Without a byte order mark the declaration may name UTF-16 only, not its byte order (XML 1.0, section 4.3.3).
    name = "utf-16" if feed.encoding == "utf-16-le" else feed.encoding
    return f'<?xml version="1.0" encoding="{name}"?>'


def _title(feed: SampleFeed, article: Article) -> str:
    title = escape_html(article.title) if feed.titles == "double-escaped" else article.title
    return escape(title)


def _guid(feed: SampleFeed, article: Article, number: int, edition: int) -> str:
    match feed.guids:
        case "link":
            return f"<guid>{escape(article.url)}</guid>"
        case "numbered":
            return f'<guid isPermaLink="false">{feed.id}-{7000 + 1000 * edition + number}</guid>'
        case "none":
            return ""


def _date(feed: SampleFeed, article: Article, epoch: datetime) -> str:
    instant = published_at(article, epoch)
    local = instant.astimezone(_INDOCHINA)
    match feed.dates:
        case "offset":
            return format_datetime(local)
        case "gmt":
            return format_datetime(instant, usegmt=True)
        case "gmt+7":
            return format_datetime(local).replace("+0700", "GMT+7")
        case "no-zone":
            return local.strftime("%d/%m/%Y %H:%M")


def _timestamp(article: Article, epoch: datetime) -> str:
    return published_at(article, epoch).astimezone(_INDOCHINA).isoformat()


def _atom_id(feed: SampleFeed, name: str) -> str:
    return f"tag:{feed.host},2024:{feed.language}/{name}"


def _encode(text: str, encoding: str) -> bytes:
    if encoding == "windows-1258":
        text = "".join(_spread_tone(character) for character in unicodedata.normalize("NFC", text))
    return text.encode(encoding)


def _spread_tone(character: str) -> str:
    """Return *character* as windows-1258 can write it: the letter, then its tone.

    >>> [f"{ord(part):04x}" for part in _spread_tone("ộ")]
    ['00f4', '0323']
    """
    parts = unicodedata.normalize("NFD", character)
    tones = "".join(part for part in parts if part in _TONES)
    letter = unicodedata.normalize("NFC", "".join(part for part in parts if part not in _TONES))
    return letter + tones

"""Measure the fast reader of feeds beside the path over feedparser, and feedparser alone, on the same bytes."""

from __future__ import annotations

import argparse
import io
import random
from collections.abc import Callable
from dataclasses import dataclass
from xml.etree import ElementTree

import feedparser
from measure import medians, milliseconds, show

from syndicator.model.entry import Parsed
from syndicator.pipeline.decode import decode_document
from syndicator.pipeline.entries import RawFeed, read_entries
from syndicator.pipeline.fast_xml import read_fast
from syndicator.pipeline.parse import read_slowly
from syndicator.testing import a_source

ENTRIES = 50
TIMES = 60
URL = "https://paper.example/rss/home.rss"
TEXT = (
    "thành phố Hồ Chí Minh đường Nguyễn Huệ giao thông cầu mới sáng nay người dân quận Bình Thạnh mưa lớn tuyến metro"
    " khởi công cảng biển du lịch hội nghị ký kết doanh nghiệp kiều bào trường học bệnh viện khánh thành công viên"
)
WORDS = TEXT.split()
DC = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """What a generated article says."""

    url: str
    title: str
    lead: str
    section: str
    author: str
    minute: int


def articles() -> list[Article]:
    """Return the same articles at every call."""
    chance = random.Random(20260714)

    def words(count: int) -> str:
        return " ".join(chance.choice(WORDS) for _ in range(count))

    return [
        Article(
            url=f"https://paper.example/{words(2).replace(' ', '-')}-{number}.html",
            title=words(12),
            lead=words(50),
            section=words(2),
            author=words(3),
            minute=number % 60,
        )
        for number in range(ENTRIES)
    ]


def an_rss() -> bytes:
    """Return RSS 2.0 as a Vietnamese newspaper writes it, of about 40 kB."""
    items = "\n".join(
        f"<item><title>{article.title}</title><description><![CDATA[<a href='{article.url}'>"
        f"<img src='https://i.paper.example/{number}.jpg'></a></br>{article.lead}]]></description>"
        f"<pubDate>Tue, 14 Jul 2026 10:{article.minute:02}:00 +0700</pubDate><link>{article.url}</link>"
        f"<guid>{article.url}</guid><dc:creator>{article.author}</dc:creator><category>{article.section}</category>"
        f"<slash:comments>0</slash:comments></item>"
        for number, article in enumerate(articles())
    )
    spaces = f'{DC} xmlns:slash="http://purl.org/rss/1.0/modules/slash/"'
    head = "<title>Tin mới</title><link>https://paper.example</link><language>vi</language>"
    return f'<?xml version="1.0"?><rss version="2.0" {spaces}><channel>{head}\n{items}</channel></rss>'.encode()


def an_atom() -> bytes:
    """Return Atom 1.0 of the same articles."""
    entries = "\n".join(
        f'<entry><title type="html">{article.title}</title><id>tag:paper.example,2026:{number}</id>'
        f'<link rel="alternate" type="text/html" href="{article.url}"/><author><name>{article.author}</name></author>'
        f"<published>2026-07-14T10:{article.minute:02}:00+07:00</published>"
        f'<updated>2026-07-14T11:{article.minute:02}:00+07:00</updated><category term="{article.section}"/>'
        f'<summary type="html">&lt;p&gt;{article.lead}&lt;/p&gt;</summary></entry>'
        for number, article in enumerate(articles())
    )
    head = "<title>Tin mới</title><id>tag:paper.example,2026:feed</id><updated>2026-07-14T11:00:00+07:00</updated>"
    return f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="vi">{head}\n{entries}</feed>'.encode()


def an_rdf() -> bytes:
    """Return RSS 1.0 of the same articles."""
    items = "\n".join(
        f'<item rdf:about="{article.url}"><title>{article.title}</title><link>{article.url}</link>'
        f"<description>{article.lead}</description><dc:creator>{article.author}</dc:creator>"
        f"<dc:date>2026-07-14T10:{article.minute:02}:00+07:00</dc:date><dc:subject>{article.section}</dc:subject></item>"
        for article in articles()
    )
    spaces = f'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" {DC}'
    channel = '<channel rdf:about="https://paper.example/"><title>Tin mới</title></channel>'
    return f"<rdf:RDF {spaces}>{channel}\n{items}</rdf:RDF>".encode()


def fast(content: bytes) -> RawFeed:
    """Return what the fast reader reads, which must not step back."""
    found = read_fast(content, url=URL)
    assert found is not None
    return found


def slow(content: bytes) -> RawFeed:
    """Return what the path over feedparser reads."""
    return read_slowly(decode_document(content)[0], url=URL)


def bare(content: bytes) -> object:
    """Return what feedparser reads by itself, with all that it can leave out left out."""
    return feedparser.parse(io.BytesIO(content), resolve_relative_uris=False, sanitize_html=False)


def tree(content: bytes) -> object:
    """Return the elements of *content*, with nothing read from them: less than this no reader in Python takes."""
    return ElementTree.XML(content)


def cleaned(read: Callable[[bytes], RawFeed]) -> Callable[[bytes], Parsed]:
    """Return *read* with all entries cleaned, as when none of them is known."""
    source = a_source(language="vi")
    return lambda content: read_entries(read(content), source=source)


def on(read: Callable[[bytes], object], content: bytes) -> Callable[[int], object]:
    """Return *read* of *content* as a rival."""
    return lambda _turn: read(content)


def main() -> None:
    """Print what each takes, and how many times as long as the fast reader."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=TIMES, help="repetitions")
    times = parser.parse_args().times
    for name, make in (("RSS 2.0", an_rss), ("Atom 1.0", an_atom), ("RSS 1.0", an_rdf)):
        content = make()
        assert fast(content) == slow(content), name
        assert cleaned(fast)(content) == cleaned(slow)(content), name
        rivals = {
            "fast reader": fast,
            "path over feedparser": slow,
            "feedparser.parse alone": bare,
            "ElementTree alone, nothing read": tree,
            "fast reader, and cleaning": cleaned(fast),
            "path over feedparser, and cleaning": cleaned(slow),
        }
        seconds = medians(*(on(read, content) for read in rivals.values()), times=times)
        base = [seconds[0]] * 4 + [seconds[4]] * 2
        rows = [
            (rival, milliseconds(taken), f"{taken / first:.1f}")
            for rival, taken, first in zip(rivals, seconds, base, strict=True)
        ]
        show(f"{name}, {ENTRIES} entries, {len(content) / 1000:.0f} kB", ("", "median", "times"), rows)


if __name__ == "__main__":
    main()

"""Whatever is done to the bytes of a feed, reading it keeps its promises."""

from __future__ import annotations

import unicodedata
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from syndicator.model.entry import Entry, Parsed
from syndicator.pipeline.entries import MAX_ENTRIES
from syndicator.pipeline.parse import parse_feed
from syndicator.testing import a_source

CORPUS = Path(__file__).parent.parent / "data" / "corpus"
DOCUMENTS = [path.read_bytes() for path in sorted(CORPUS.rglob("*")) if path.suffix in (".xml", ".rdf", ".json")]
PIECES = st.binary(max_size=6) | st.sampled_from(
    [
        b"<",
        b">",
        b"&",
        b"&#0;",
        b"&#xD800;",
        b"&#99999999999;",
        b"&nbsp;",
        b"<![CDATA[",
        b"]]>",
        b"<!--",
        b"-->",
        b"<!DOCTYPE a [<!ENTITY b 'c'>]>",
        b"<item>",
        b"</item>",
        b"<entry xmlns='http://www.w3.org/2005/Atom'>",
        b"<link>javascript:alert(1)</link>",
        b"<link href='//['/>",
        b" xml:base='http://['",
        b" xml:base='javascript:'",
        b"<enclosure url='file:///a'/>",
        b"<media:content url='data:,'/>",
        b"<pubDate>99999-99-99T99:99:99+99:99</pubDate>",
        b"<ttl>99999999999999999999</ttl>",
        b"e\xcc\x81",
        b"\xff",
        b"\x00",
        b"\xef\xbb\xbf",
        b"\xff\xfe",
        b"\xed\xa0\x80",
        b"\x1b$B",
        b'{"version":',
        b"null",
        b"\\ud800",
        b"1e999",
    ]
)
HEADERS = st.sampled_from(["", "text/html", "text/xml; charset=utf-16", "text/xml; charset=vni", "a; charset=utf-7"])


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """Return a document of the corpus to which one to six things were done."""
    content = bytearray(draw(st.sampled_from(DOCUMENTS)))
    for _ in range(draw(st.integers(1, 6))):
        start = draw(st.integers(0, len(content)))
        stop = min(start + draw(st.integers(0, 60)), len(content))
        match draw(st.sampled_from(["flip", "splice", "insert", "cut", "repeat", "graft"])):
            case "flip" if content:
                content[start % len(content)] ^= 1 << draw(st.integers(0, 7))
            case "splice":
                content[start:stop] = draw(PIECES)
            case "insert":
                content[start:start] = draw(PIECES)
            case "cut":
                del content[start:]
            case "repeat":
                content[start:start] = content[start:stop] * draw(st.integers(1, 30))
            case "graft":
                other = draw(st.sampled_from(DOCUMENTS))
                place = draw(st.integers(0, len(other)))
                content[start:stop] = other[place : place + 300]
    return bytes(content)


def keeps_its_promises(parsed: Parsed) -> None:
    """Hold *parsed* against what is promised of every document."""
    assert len(parsed.entries) <= MAX_ENTRIES
    for entry in parsed.entries:
        assert entry.title or entry.url or entry.summary
        for url in _addresses(entry):
            assert url.startswith(("http://", "https://"))
            assert url.isascii()
        for text in _texts(entry):
            assert unicodedata.is_normalized("NFC", text)
            text.encode()  # raises for half surrogates
        # Markup may keep a sign of its own behind a tag, which NFC would join to the tag.
        assert unicodedata.is_normalized("NFC", entry.content) or "\u0338" in entry.content
        for moment in (entry.published, entry.updated):
            assert moment is None or moment.utcoffset() is not None


def _addresses(entry: Entry) -> list[str]:
    pictures = [entry.image.url] if entry.image else []
    return [url for url in [entry.url, *pictures] if url] + [file.url for file in entry.enclosures]


def _texts(entry: Entry) -> list[str]:
    alt = [entry.image.alt] if entry.image else []
    return [entry.title, entry.summary, entry.language, *entry.authors, *entry.categories, *alt]


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(damaged(), HEADERS)
def test_damaged_documents(content, content_type):
    parsed = parse_feed(content, source=a_source(), url="https://wire.example/feed.xml", content_type=content_type)

    keeps_its_promises(parsed)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300), HEADERS)
def test_any_bytes(content, content_type):
    parsed = parse_feed(content, source=a_source(), url="https://wire.example/feed.xml", content_type=content_type)

    keeps_its_promises(parsed)


@settings(max_examples=60, deadline=None)
@given(damaged())
def test_the_same_bytes_are_read_the_same_again(content):
    first, second = (parse_feed(content, source=a_source(), url="https://wire.example/feed.xml") for _ in range(2))

    assert first == second

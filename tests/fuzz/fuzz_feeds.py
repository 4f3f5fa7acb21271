"""Look for bytes on which the reader raises, hangs or breaks its word: coverage-guided, with atheris.

Run it as `python tests/fuzz/fuzz_feeds.py -max_total_time=60`; the options are those of libFuzzer. It begins with the
documents of the corpus, keeps what it finds of use in `.fuzz/`, and writes what breaks the reader to `.fuzz/crash-…`.
"""

from __future__ import annotations

import sys
import unicodedata
from pathlib import Path

ROOT = Path(__file__).parents[2]
CORPUS = ROOT / "tests" / "data" / "corpus"
FOUND = ROOT / ".fuzz"
SLOW = 5  # seconds; no document that is so small may take longer

try:
    import atheris
except ImportError:
    sys.exit("atheris is not installed: pip install atheris (Linux and macOS; a debug aid, no part of syndicator)")

sys.path.insert(0, str(ROOT))
with atheris.instrument_imports(include=["syndicator", "feedparser"]):
    from syndicator.pipeline.parse import parse_feed
    from syndicator.testing import a_source

SOURCE = a_source()
TYPES = ("", "text/xml", "text/xml; charset=utf-16", "text/xml; charset=vni", "text/xml; charset=iso-2022-jp")


def read_one(data: bytes) -> None:
    """Read *data*, of which the last byte chooses the header, and hold what came of it against the promise."""
    content, chosen = (data[:-1], data[-1]) if data else (b"", 0)
    content_type = TYPES[chosen % len(TYPES)] if chosen < 128 else ""
    parsed = parse_feed(content, source=SOURCE, url="https://wire.example/feed.xml", content_type=content_type)
    for entry in parsed.entries:
        urls = [entry.url, *(file.url for file in entry.enclosures), entry.image.url if entry.image else ""]
        if any(url and not url.startswith(("http://", "https://")) for url in urls):
            raise AssertionError(f"an address that is neither http nor https: {urls}")
        for text in (entry.title, entry.summary, *entry.authors, *entry.categories):
            if not unicodedata.is_normalized("NFC", text):
                raise AssertionError(f"a text that is not NFC: {text!r}")
    repr(parsed).encode()  # raises for half surrogates


def main() -> None:
    """Put the documents beside what was found before, and look on."""
    FOUND.mkdir(exist_ok=True)
    seeds = FOUND / "seeds"
    seeds.mkdir(exist_ok=True)
    for path in CORPUS.rglob("*"):
        if path.is_file() and not path.name.endswith(".expected.json"):
            (seeds / f"{path.parent.name}-{path.name}").write_bytes(path.read_bytes() + b"\n")
    options = [f"-timeout={SLOW}", f"-artifact_prefix={FOUND}/", "-max_len=4096", "-rss_limit_mb=2048"]
    atheris.Setup([sys.argv[0], *options, *sys.argv[1:], str(seeds)], read_one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()

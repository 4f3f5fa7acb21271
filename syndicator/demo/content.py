"""Own the sample feeds: the articles that were written for the demo, as data beside this file."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib import resources
from typing import Any, Literal

FOREIGN_AFFAIRS = frozenset(
    {
        "diplomacy",
        "economic-diplomacy",
        "cultural-diplomacy",
        "sister-cities",
        "overseas-vietnamese",
        "tourism-events",
        "consular",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """An invented article, published *hours* before the epoch.

    *topic* is what a person says it is about, and stands in no feed: it is there to be compared with
    what the rules say. *event* is the same in all articles that tell of one event. *url* is where the
    feed says the article is. *raw* puts the summary into the document unescaped.
    """

    slug: str
    hours: float
    topic: str
    title: str
    summary: str
    url: str
    content: str = ""
    event: str = ""
    raw: bool = False

    @property
    def foreign(self) -> bool:
        """Whether a person would call it foreign affairs of the city."""
        return self.topic in FOREIGN_AFFAIRS


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleFeed:
    """A feed of an invented outlet, with the faults that it has; *id* is also its source's id in feeds.yaml.

    *encoding* is a codec of Python's. *content_type*, where given, is the header as the outlet's
    server has it, right or wrong. *moved_from* is an older path that answers 301.
    """

    id: str
    title: str
    host: str
    path: str
    language: str
    format: Literal["rss", "rdf", "atom", "json", "html", "missing"]
    articles: tuple[Article, ...]
    encoding: str = "utf-8"
    content_type: str = ""
    dates: Literal["offset", "gmt", "gmt+7", "no-zone"] = "offset"
    guids: Literal["link", "numbered", "none"] = "link"
    titles: Literal["plain", "double-escaped"] = "plain"
    dateline: str = ""
    moved_from: str = ""
    slow: bool = False

    @property
    def url(self) -> str:
        """Where readers are told to ask: the old path, if the feed has moved."""
        return f"http://{self.host}{self.moved_from or self.path}"


def sample_feeds() -> tuple[SampleFeed, ...]:
    """Return the sample feeds in the order of their ids."""
    files = (resources.files("syndicator.demo") / "articles").iterdir()
    return tuple(
        _read_feed(file.name.removesuffix(".toml"), file.read_text(encoding="utf-8"))
        for file in sorted(files, key=lambda file: file.name)
        if file.name.endswith(".toml")
    )


def _read_feed(id: str, text: str) -> SampleFeed:
    table = tomllib.loads(text)
    links = table.pop("links")
    articles = tuple(_read_article(article, links) for article in table.pop("article", []))
    return SampleFeed(id=id, articles=articles, **table)


def _read_article(table: dict[str, Any], links: str) -> Article:
    # An article that came from an agency brings the agency's link; the others follow the outlet's pattern.
    url = table.pop("link", "") or links.format(slug=table["slug"])
    return Article(url=url, **table)

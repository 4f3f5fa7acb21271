from __future__ import annotations

from collections import defaultdict

import pytest

from syndicator.demo.content import FOREIGN_AFFAIRS, sample_feeds
from syndicator.demo.faults import FAULTS
from syndicator.pipeline.canonical import canonical_link
from syndicator.pipeline.text import title_key

FEEDS = sample_feeds()
ARTICLES = [(feed, article) for feed in FEEDS for article in feed.articles]


def clues(article):
    """Return what the simple grouping goes by: the canonical link and the folded title."""
    return {canonical_link(article.url), title_key(article.title)}


def test_there_are_enough_feeds_of_all_formats_and_languages():
    readable = [feed for feed in FEEDS if feed.articles]

    assert len(readable) >= 14
    assert {feed.format for feed in readable} == {"rss", "rdf", "atom", "json"}
    assert {feed.language for feed in readable} == {"vi", "en", "fr", "ja", "ko", "zh-Hans"}
    assert all(len(feed.articles) >= 10 for feed in readable)


def test_about_two_thirds_of_the_articles_are_not_foreign_affairs():
    other = sum(not article.foreign for _, article in ARTICLES)

    assert 0.6 <= other / len(ARTICLES) <= 0.7
    assert {article.topic for _, article in ARTICLES} >= FOREIGN_AFFAIRS


def test_all_hosts_are_reserved_for_examples():
    assert all(feed.host.endswith(".example") for feed in FEEDS)
    assert all(
        ".example/" in article.url or article.url.startswith("javascript:") for _, article in ARTICLES
    )  # RFC 2606


def test_every_article_is_from_the_last_week():
    assert all(0 < article.hours <= 7 * 24 for _, article in ARTICLES)


def test_a_feed_never_has_an_article_twice():
    for feed in FEEDS:
        slugs = [article.slug for article in feed.articles]

        assert len(slugs) == len(set(slugs)), feed.id


def test_every_named_fault_is_that_of_a_feed():
    assert set(FAULTS) <= {feed.id for feed in FEEDS}


def events():
    told = defaultdict(list)
    for feed, article in ARTICLES:
        if article.event:
            told[article.event].append((feed, article))
    return told


def test_a_dozen_events_are_told_by_several_outlets_and_half_of_them_in_several_languages():
    hosts = [len({feed.host for feed, _ in told}) for told in events().values()]
    languages = [len({feed.language for feed, _ in told}) for told in events().values()]

    assert len(hosts) >= 12
    assert min(hosts) >= 2
    assert sum(count >= 2 for count in languages) >= 6


@pytest.mark.parametrize("event", sorted(events()))
def test_the_articles_of_an_event_hang_together_by_link_or_title(event):
    left = [article for _, article in events()[event]]
    known = clues(left.pop())

    while linked := [article for article in left if clues(article) & known]:
        known |= set().union(*(clues(article) for article in linked))
        left = [article for article in left if article not in linked]

    assert left == []


def test_articles_that_share_a_link_or_title_tell_of_one_event():
    by_clue = defaultdict(set)
    for _, article in ARTICLES:
        for clue in clues(article):
            by_clue[clue].add(article.event or article.slug)

    assert {clue: told for clue, told in by_clue.items() if len(told) > 1} == {}

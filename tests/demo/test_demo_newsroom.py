from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest

from syndicator.demo import DemoNewsroom, demo_config, demo_subscribers
from syndicator.demo.content import FOREIGN_AFFAIRS, sample_feeds
from syndicator.demo.newsroom import demo_pages
from syndicator.demo.render import published_at
from syndicator.model.source import SourceState
from syndicator.newsroom import load_text
from syndicator.pipeline.group import group_stories
from syndicator.pipeline.identity import identify_entries
from syndicator.pipeline.keys import name_entries
from syndicator.pipeline.parse import parse_feed
from syndicator.pipeline.rules import compile_rules, tag_entry

EPOCH = datetime(2026, 7, 14, 5, 0, tzinfo=UTC)
FEEDS = {feed.id: feed for feed in sample_feeds()}
CONFIG = load_text(demo_config(), env={"SYNDICATOR_DEMO_SMTP": "smtp://127.0.0.1:2525"})
PAGES = demo_pages(sample_feeds(), epoch=EPOCH)
LANGUAGES = {"en", "vi", "zh-Hans", "ja", "ko", "fr", "ru"}


def items_of(id, entries, known):
    """Return the items among *entries*, the first document of the source *id*, that are new or changed."""
    source = CONFIG.sources[id]
    state, named = SourceState(id=id, url=source.url), name_entries(entries, source=source)
    found = identify_entries(named, known, state=state, sources=CONFIG.sources, now=EPOCH, backfill=True)
    return found.items


def get(newsroom, url, headers):
    parts = urlsplit(url)
    connection = HTTPConnection(*newsroom.hosts[parts.hostname], timeout=10)
    connection.request("GET", parts.path, headers={"Host": parts.hostname} | headers)
    response = connection.getresponse()
    body = response.read()
    connection.close()
    return response, body


def test_the_newsroom_serves_every_source_of_its_configuration(tmp_path):
    with DemoNewsroom(tmp_path, EPOCH, slow_seconds=0) as newsroom:
        statuses = {id: get(newsroom, source.url, {})[0].status for id, source in CONFIG.sources.items()}

    assert statuses.pop("norland-consulate") == 301
    assert statuses.pop("tap-chi-hop-tac") == 404
    assert set(statuses.values()) == {200}


def test_a_second_run_with_the_same_epoch_is_told_that_nothing_changed(tmp_path):
    url = CONFIG.sources["tin-ben-thanh"].url
    with DemoNewsroom(tmp_path / "first", EPOCH) as newsroom:
        first, _ = get(newsroom, url, {})
    with DemoNewsroom(tmp_path / "second", EPOCH) as newsroom:
        second, _ = get(newsroom, url, {"If-None-Match": first.getheader("ETag")})

    assert (first.status, second.status) == (200, 304)


@pytest.mark.parametrize(
    ("id", "content_type"),
    [
        pytest.param("tribune-du-mekong", "text/html; charset=utf-8", id="a feed that calls itself a page"),
        pytest.param("nha-be-net", "text/xml; charset=iso-8859-1", id="a header that names the wrong charset"),
        pytest.param("dong-khoi-wire", "text/xml", id="a header that names no charset"),
        pytest.param("cong-thong-tin", "text/html; charset=utf-8", id="a page that is one"),
        pytest.param("xigonghe-bao", "application/feed+json", id="a JSON Feed that says so"),
    ],
)
def test_content_types_are_right_or_wrong_as_promised(id, content_type):
    feed = FEEDS[id]

    assert PAGES[feed.host, feed.path].content_type == content_type


def test_the_slow_page_is_the_one_that_the_table_of_faults_names():
    assert [host for (host, _), page in PAGES.items() if page.slow] == ["du-lich-can-gio.example"]


def test_the_configuration_asks_the_sample_feeds_in_their_languages():
    assert {id: (source.url, source.language) for id, source in CONFIG.sources.items()} == {
        feed.id: (feed.url, feed.language) for feed in FEEDS.values()
    }


def test_the_newsroom_says_where_its_configuration_finds_the_mail_server(tmp_path):
    with DemoNewsroom(tmp_path, EPOCH) as newsroom:
        config = load_text(demo_config(), env=newsroom.environment)

        assert config.mail.smtp == newsroom.smtp_url == newsroom.post.url


def test_titles_and_labels_are_there_in_all_languages():
    named = [CONFIG.site.title, CONFIG.site.description]
    named += [feed.title for feed in CONFIG.feeds.values()]
    named += [newsletter.title for newsletter in CONFIG.newsletters.values()]

    assert all(set(text.texts) == LANGUAGES for text in named)
    assert set(CONFIG.site.languages) == LANGUAGES


def test_the_topics_of_the_articles_are_themes_of_the_vocabulary():
    assert set(CONFIG.tags) > FOREIGN_AFFAIRS


@cache
def judged():
    """Return each feed with each of its articles and the entry that reading brought of it."""
    found = []
    for feed in FEEDS.values():
        if not feed.articles:
            continue
        page = PAGES[feed.host, feed.path]
        source = CONFIG.sources[feed.id]
        entries = parse_feed(page.body, source=source, url=feed.url, content_type=page.content_type).entries
        found += [(feed, *pair) for pair in zip(feed.articles, entries, strict=True)]
    return found


def test_reading_undoes_every_fault():
    for feed, article, entry in judged():
        assert entry.title == article.title, feed.id
        assert entry.summary.split() == article.summary.replace("<br>", " ").split(), feed.id
        assert (entry.published or entry.updated) == published_at(article, EPOCH), feed.id


def test_every_event_becomes_one_story_of_several_outlets():
    known = {}
    for id in FEEDS:
        entries = [entry for feed, _, entry in judged() if feed.id == id]
        for item in items_of(id, entries, known):
            known.update((key, item) for key in item.keys)
    items = {item.id: item for item in known.values()}
    stories = [story for story in group_stories(list(items.values()), known={}) if len(story.outlets) > 1]

    told = {article.event for _, article, _ in judged() if article.event}
    assert len(stories) == len(told) >= 12
    assert sum(len(story.languages) >= 2 for story in stories) >= 6


def test_the_rules_agree_with_a_person_on_nearly_every_article():
    rules = compile_rules(CONFIG.tags)
    whole = CONFIG.feeds["foreign-affairs"].select.tags
    verdicts = [
        (whole.takes(frozenset(tagging.tag for tagging in tag_entry(entry, rules))), article.foreign)
        for _, article, entry in judged()
    ]

    agreed = sum(said == meant for said, meant in verdicts)
    assert agreed / len(verdicts) >= 0.95
    assert 0.3 <= sum(said for said, _ in verdicts) / len(verdicts) <= 0.4


def test_a_dozen_readers_differ_in_language_zone_and_topics():
    readers = demo_subscribers(EPOCH)

    assert len(readers) == len({reader.email for reader in readers}) == len({reader.id for reader in readers}) == 12
    assert {reader.languages[0] for reader in readers} == LANGUAGES
    assert len({reader.timezone for reader in readers}) >= 10
    subscriptions = [subscription for reader in readers for subscription in reader.subscriptions]
    assert {subscription.newsletter for subscription in subscriptions} == set(CONFIG.newsletters)
    assert {topic for subscription in subscriptions for topic in subscription.topics} <= set(CONFIG.tags)


def test_ten_readers_are_owed_mail_one_never_confirmed_and_one_left():
    subscriptions = [subscription for reader in demo_subscribers(EPOCH) for subscription in reader.subscriptions]

    active = [subscription for subscription in subscriptions if subscription.active]
    assert {subscription.confirmed_at for subscription in active} == {EPOCH - timedelta(days=30)}
    assert len(active) == 10
    assert sum(subscription.confirmed_at is None for subscription in subscriptions) == 1
    assert sum(subscription.ended_at is not None for subscription in subscriptions) == 1


def test_the_ledger_tells_of_every_step_in_order():
    for reader in demo_subscribers(EPOCH):
        whats = [consent.what for consent in reader.ledger]

        assert whats == ["asked", "confirmed", "ended"][: len(whats)]
        assert [consent.at for consent in reader.ledger] == sorted(consent.at for consent in reader.ledger)

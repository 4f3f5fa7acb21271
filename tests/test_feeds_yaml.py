"""The committed feeds.yaml is right, complete in every language, and polite to where it reads."""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.parse import urlsplit

import jsonschema
import pytest
from ruamel.yaml import YAML

from syndicator.newsroom import read_config

ROOT = Path(__file__).parents[1]
FILE = ROOT / "feeds.yaml"
TEXT = FILE.read_text(encoding="utf-8")
CONFIG = read_config(FILE, env={})
DATA = YAML(typ="safe", pure=True).load(TEXT)

LANGUAGES = {"en", "vi", "zh-Hans", "ja", "ko", "fr", "ru"}
# Places, a person and desks, which choose for the other tags' feeds.
HELPERS = {"hcmc", "vietnam", "world", "countries", "ho-chi-minh"}
THEMES = [tag.id for tag in CONFIG.tags.values() if not tag.parent and tag.id not in HELPERS]
# Feeds that were never seen to work, or were reported both alive and dead.
UNPROVEN = [
    "en.sggp.org.vn",
    "en.vietnamplus.vn",
    "zh.vietnamplus.vn",
    "hanoitimes.vn",
    "theinvestor.vn",
    "vietnamnet.vn",
    "vov.vn",
    "vovworld.vn",
    "www.qdnd.vn",
    "laodong.vn",
    "baodautu.vn",
    "cand.com.vn",
    "www.hcmcgj.vn.emb-japan.go.jp",
    "overseas.mofa.go.kr",
    "www.roc-taiwan.org",
    "www.dfat.gov.au",
    "www.canada.ca",
    "news.google.com",
]


def host(url):
    return urlsplit(url).hostname


def asleep():
    """Return the entries that wait behind a comment sign, as they would be read."""
    lines = re.findall(r"^  # - (\{.*\})$", TEXT, re.MULTILINE)
    return [YAML(typ="safe", pure=True).load(line) for line in lines]


def test_the_first_line_points_editors_at_the_schema():
    first = TEXT.splitlines()[0]

    assert first == "# yaml-language-server: $schema=feeds.schema.json"
    assert (ROOT / "feeds.schema.json").exists()


def test_the_file_is_valid_against_the_schema():
    schema = json.loads((ROOT / "feeds.schema.json").read_text(encoding="utf-8"))

    jsonschema.Draft7Validator(schema).validate(DATA)


def test_no_line_is_too_long_to_read():
    assert [number for number, line in enumerate(TEXT.splitlines(), 1) if len(line) > 140] == []


def test_without_an_environment_it_names_nobody_real():
    mail = CONFIG.mail

    assert (mail.smtp, CONFIG.secret) == ("", "")
    addresses = (mail.sender, mail.reply_to, CONFIG.site.publisher.email)
    assert all(address.endswith(".example") for address in addresses)


def test_the_environment_fills_what_an_admin_must_set():
    env = {
        "SITE_URL": "https://news.test",
        "PUBLISHER_NAME": "The Desk",
        "PUBLISHER_EMAIL": "desk@news.test.example",
        "PUBLISHER_ADDRESS": "2 Example Street",
        "MAIL_FROM": "The Desk <post@news.test.example>",
        "MAIL_REPLY_TO": "answers@news.test.example",
        "SMTP_URL": "smtps://user:password@mail.test.example",
        "SYNDICATOR_SECRET": "a secret of more than sixteen letters",
    }

    config = read_config(FILE, env=env)

    assert config.site.url == "https://news.test/"
    assert config.site.publisher.name == "The Desk"
    assert config.site.publisher.email == "desk@news.test.example"
    assert config.site.publisher.postal_address == "2 Example Street"
    assert (config.mail.sender_name, config.mail.sender) == ("The Desk", "post@news.test.example")
    assert config.mail.reply_to == "answers@news.test.example"
    assert config.mail.smtp == "smtps://user:password@mail.test.example"
    assert config.secret == "a secret of more than sixteen letters"


def test_the_site_speaks_all_languages():
    site = DATA["site"]

    assert set(CONFIG.site.languages) == LANGUAGES
    assert set(site["title"]) == set(site["description"]) == LANGUAGES


def test_it_uses_the_vocabulary_and_names_its_own_tags_in_every_language():
    own = DATA["tags"]

    assert CONFIG.use == ("foreign-affairs",)
    assert all(set(tag["label"]) == LANGUAGES for tag in own.values())


@pytest.mark.parametrize("kind", ["feeds", "newsletters"])
def test_what_readers_choose_is_named_and_described_in_every_language(kind):
    incomplete = [
        (id, field)
        for id, entry in DATA[kind].items()
        for field in ("title", "description")
        if set(entry[field]) != LANGUAGES
    ]

    assert incomplete == []


@pytest.mark.parametrize("source", CONFIG.sources.values(), ids=lambda source: source.id)
def test_a_source_is_asked_politely_for_proven_feeds_and_little_is_shown(source):
    assert source.url.startswith("https://")
    assert host(source.url) not in UNPROVEN
    assert 20 * 60 <= source.every.total_seconds() <= 2 * 3600
    assert (source.rights.show, source.rights.images) == ("excerpt", "none")
    assert source.rights.words <= 80


@pytest.mark.parametrize("address", UNPROVEN)
def test_an_unproven_source_waits_as_a_whole_entry_behind_a_comment_sign(address):
    entries = [entry for entry in asleep() if host(entry["url"]) == address]

    assert entries
    assert all(entry["id"] and entry["title"] and entry["id"] not in CONFIG.sources for entry in entries)


def test_sleeping_sources_could_all_be_woken():
    block = "".join(f"  - {line}\n" for line in re.findall(r"^  # - (\{.*\})$", TEXT, re.MULTILINE))
    awake = DATA | {"sources": DATA["sources"] + YAML(typ="safe", pure=True).load(block)}
    schema = json.loads((ROOT / "feeds.schema.json").read_text(encoding="utf-8"))

    ids = [source["id"] for source in awake["sources"]]

    jsonschema.Draft7Validator(schema).validate(awake)
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize(
    ("outlet", "hosts"),
    [
        pytest.param(
            "vna", {"www.vietnamplus.vn", "vietnamnews.vn", "baotintuc.vn"}, id="the agency's titles are one voice"
        ),
        pytest.param("tuoitre", {"tuoitre.vn", "news.tuoitre.vn"}, id="Tuổi Trẻ is one voice in two languages"),
        pytest.param("vnexpress", {"vnexpress.net", "e.vnexpress.net"}, id="VnExpress is one voice in two languages"),
        pytest.param("nhandan", {"nhandan.vn", "en.nhandan.vn"}, id="Nhân Dân is one voice in two languages"),
        pytest.param("sggp", {"www.sggp.org.vn"}, id="Sài Gòn Giải Phóng is one voice"),
    ],
)
def test_outlets_of_one_newsroom_are_one_voice(outlet, hosts):
    members = [source for source in CONFIG.sources.values() if source.outlet == outlet]
    others = [source for source in CONFIG.sources.values() if source.outlet != outlet]

    assert {host(source.url) for source in members} == hosts
    assert hosts.isdisjoint(host(source.url) for source in others)


def test_every_theme_has_a_feed_and_is_part_of_the_whole():
    whole = CONFIG.feeds["foreign-affairs"].select.tags.any
    chosen = {
        tag for id, feed in CONFIG.feeds.items() if id not in ("foreign-affairs", "hcmc-world")
        for tag in feed.select.tags.any
    }  # fmt: skip

    assert set(whole) == chosen == set(THEMES)


def test_every_feed_reaches_readers_by_mail():
    mailed = {feed for newsletter in CONFIG.newsletters.values() for feed in newsletter.feeds}

    assert set(CONFIG.feeds) - mailed <= {"foreign-affairs"}

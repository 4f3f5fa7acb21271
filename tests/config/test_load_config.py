"""feeds.yaml becomes the nouns that the other rooms work with."""

from __future__ import annotations

import doctest
import re
from dataclasses import replace
from datetime import time, timedelta
from pathlib import Path
from typing import get_args

import pytest

from syndicator.config import environment, mistake
from syndicator.config.addresses import mailbox
from syndicator.config.load import load_config
from syndicator.config.mistake import Failure
from syndicator.config.model import Config
from syndicator.errors import ConfigError
from syndicator.model.edition import Newsletter, Schedule
from syndicator.model.language import Localized
from syndicator.model.mail import MailSettings
from syndicator.model.site import Publisher, Site
from syndicator.model.source import Expect, Ignorable, Repair, Rights, Source
from syndicator.model.story import Feed, Selection, TagChoice
from syndicator.model.tag import Match, Tag

GOOD = (Path(__file__).parent / "good.yaml").read_text(encoding="utf-8")
SMALLEST = """\
site: {title: City Wire, url: "https://news.example", publisher: {name: City Desk, email: desk@news.example}}
sources: [{id: wire, title: The Wire, url: "https://wire.example/rss"}]
"""


def load(text: str, **env: str) -> Config:
    return load_config(text, env=env)


def with_source(lines: str, **env: str) -> Source:
    """Load a newsroom whose one source has *lines* beside what it must have."""
    text = SMALLEST.replace('rss"}]', f'rss", {lines}}}]')
    return load(text, **env).sources["wire"]


def test_everything_in_the_file_arrives_in_the_nouns() -> None:
    config = load(GOOD, SMTP_URL="smtps://desk:pw@mail.example:465")

    assert config == Config(
        site=Site(
            title=Localized({"en": "City Wire", "vi": "Tin thành phố"}),
            url="https://news.example/",
            publisher=Publisher(name="City Desk", email="desk@news.example"),
            languages=("en", "vi"),
            timezone="Asia/Ho_Chi_Minh",
        ),
        sources={
            "wire": Source(
                id="wire",
                title="The Wire",
                url="https://wire.example/rss",
                language="vi",
                outlet="wire",
                every=timedelta(minutes=30),
                tags=("vietnam",),
                rights=Rights(show="excerpt", words=60, images="link"),
                repair=Repair(timezone="Asia/Ho_Chi_Minh", encoding="utf-8"),
                expect=Expect(min_items=5, max_silence=timedelta(hours=48)),
            ),
            "post": Source(
                id="post", title="The Post", url="https://post.example/atom", language="en", outlet="post", weight=1.5
            ),
        },
        tags={
            "vietnam": Tag(id="vietnam", label=Localized({"en": "Vietnam"})),
            "diplomacy": Tag(
                id="diplomacy",
                label=Localized({"en": "Diplomacy", "vi": "Ngoại giao"}),
                mediatopic=20000639,
                match=Match(any=("embassy", "consul"), none=("lucky",), fields=("title",)),
                must_match=("An embassy opens",),
            ),
        },
        feeds={
            "foreign-affairs": Feed(
                id="foreign-affairs",
                title=Localized({"en": "Foreign affairs"}),
                select=Selection(tags=TagChoice(any=("diplomacy",)), languages=("en",)),
            )
        },
        newsletters={
            "weekly": Newsletter(
                id="weekly",
                title=Localized({"en": "The week"}),
                feeds=("foreign-affairs",),
                schedule=Schedule(every="week", on=1, at=time(7, 0)),
                max_stories=20,
            )
        },
        text=GOOD,
        mail=MailSettings(
            sender="desk@news.example",
            sender_name="City Desk",
            reply_to="desk@news.example",
            smtp="smtps://desk:pw@mail.example:465",
            maildir="mail/",
            connections=4,
        ),
    )


def test_the_smallest_file_has_a_site_and_a_source_and_the_defaults_of_the_nouns() -> None:
    config = load(SMALLEST)

    assert config.sources["wire"] == Source(
        id="wire", title="The Wire", url="https://wire.example/rss", language="en", outlet="wire"
    )
    assert config.mail == MailSettings(maildir="mail/")
    assert (config.store, config.public, config.templates, config.secret) == ("data/", "public/", "", "")
    assert (config.keep_rejected, config.keep_items) == (timedelta(days=30), timedelta(days=365))


def test_a_text_without_a_language_is_in_the_first_language_of_the_site() -> None:
    text = SMALLEST.replace("title: City Wire", "title: Tin thành phố, languages: [vi, en]")

    config = load(text + "tags: {ngoai-giao: {label: Ngoại giao}, kinh-te: }\n")

    assert config.site.title.texts == {"vi": "Tin thành phố"}
    assert config.tags["ngoai-giao"].label.texts == {"vi": "Ngoại giao"}
    assert config.tags["kinh-te"].label.texts == {"vi": "kinh-te"}
    assert config.sources["wire"].language == "vi"


def test_a_source_that_is_not_enabled_stays_out_but_its_id_is_known() -> None:
    text = GOOD.replace("    weight: 1.5\n", "    enabled: false\n").replace(
        "languages: [en], newer", "sources: [post], newer"
    )

    config = load(text)

    assert list(config.sources) == ["wire"]
    assert config.feeds["foreign-affairs"].select.sources == ("post",)


def test_an_address_may_wait_in_a_source_that_is_not_enabled() -> None:
    text = SMALLEST.replace(
        "sources: [", 'sources: [{id: old, title: Old, url: "https://wire.example/rss", enabled: no}, '
    )

    assert list(load(text).sources) == ["wire"]


@pytest.mark.parametrize(
    ("written", "span"),
    [
        ("90s", timedelta(seconds=90)),
        ("30m", timedelta(minutes=30)),
        ("48h", timedelta(days=2)),
        ("14d", timedelta(days=14)),
        ("2w", timedelta(days=14)),
        ("2 w", timedelta(days=14)),
    ],
)
def test_durations_have_a_number_and_a_unit(written: str, span: timedelta) -> None:
    assert with_source(f"every: {written}").every == span


def test_auto_is_a_rhythm_that_is_found_out_and_begins_with_thirty_minutes() -> None:
    auto, spelt = with_source("every: auto"), with_source("every: '${EVERY}'", EVERY="auto")

    assert (auto.adaptive, auto.every) == (spelt.adaptive, spelt.every) == (True, timedelta(minutes=30))
    assert not with_source("every: 30m").adaptive


def test_a_private_source_and_the_reason_to_pass_over_its_robots_txt_arrive() -> None:
    source = with_source("allow_private: true, ignore_robots: '  They asked us\tto read it '")

    assert (source.allow_private, source.ignore_robots) == (True, "They asked us to read it")
    assert with_source("ignore_robots: '${WHY:-}'").ignore_robots == ""


def test_all_repairs_and_expectations_arrive() -> None:
    repairs = "date_format: '%d/%m/%Y %H:%M', id_from: link, title_type: html, future_dates: skip, ignore: [image]"
    expectations = "language: vi, words: [tòa án, 2026], host: Wire.EXAMPLE., max_silence: 2d"

    source = with_source(f"repair: {{{repairs}}}, expect: {{{expectations}}}")

    assert source.repair == Repair(
        date_format="%d/%m/%Y %H:%M", id_from="link", title_type="html", future_dates="skip", ignore=("image",)
    )
    assert source.expect == Expect(
        language="vi", words=("tòa án", "2026"), host="wire.example", max_silence=timedelta(days=2)
    )


@pytest.mark.parametrize("written", ["tcvn3", "TCVN-3", "vni", "viscii", "VISCII"])
def test_vietnamese_encodings_from_before_unicode_have_names(written: str) -> None:
    known = written.lower().replace("-", "")

    assert with_source(f"repair: {{encoding: {written}}}").repair.encoding == known


def test_every_field_of_an_entry_that_can_be_ignored_may_be_named() -> None:
    assert with_source(f"repair: {{ignore: [{', '.join(get_args(Ignorable))}]}}").repair.ignore == get_args(Ignorable)


@pytest.mark.parametrize(
    ("written", "schedule"),
    [
        ("{every: week, on: sunday, at: 07:00}", Schedule(every="week", on=7, at=time(7, 0))),
        ("{every: week, on: Friday, at: '7:05'}", Schedule(every="week", on=5, at=time(7, 5))),
        ("{every: week, on: 3}", Schedule(every="week", on=3, at=time(7, 0))),
        ("{on: 1}", Schedule(every="week", on=1, at=time(7, 0))),
        ("{every: month, on: 28}", Schedule(every="month", on=28, at=time(7, 0))),
        ("{every: month}", Schedule(every="month", on=1, at=time(7, 0))),
        ("{every: day, at: 23:59}", Schedule(every="day", on=0, at=time(23, 59))),
        ("", Schedule(every="week", on=1, at=time(7, 0))),
    ],
)
def test_a_schedule_may_be_written_in_these_ways(written: str, schedule: Schedule) -> None:
    text = GOOD.replace("schedule: {every: week, on: monday, at: 07:00}", f"schedule: {written}")

    assert load(text).newsletters["weekly"].schedule == schedule


@pytest.mark.parametrize(
    "directive", ["", "%YAML 1.1\n---\n", "%YAML 1.2\n---\n"], ids=["no version", "YAML 1.1", "YAML 1.2"]
)
def test_a_scalar_means_what_it_says_in_every_version_of_yaml(directive: str) -> None:
    config = load(
        directive
        + SMALLEST
        + "tags: {years: {match: {any: [2026, 0o17, 1e3, no, 12:30:45, 2026-07-14, ~x, 'null']}, label: {no: Årene}}}\n"
    )

    match = config.tags["years"].match
    assert match is not None
    assert match.any == ("2026", "0o17", "1e3", "no", "12:30:45", "2026-07-14", "~x", "null")
    assert config.tags["years"].label.texts == {"no": "Årene"}


def test_anchors_and_merge_keys_spare_repetition() -> None:
    text = """\
x-city: &city
  language: vi
  repair: {timezone: Asia/Ho_Chi_Minh}
  every: 1h
x-anything: {goes: here}
site: {title: City Wire, url: "https://news.example", publisher: {name: City Desk, email: desk@news.example}}
sources:
  - {<<: *city, id: wire, title: The Wire, url: "https://wire.example/rss"}
  - <<: [*city]
    id: post
    title: The Post
    url: https://post.example/rss
    every: 2h
"""

    wire, post = load(text).sources.values()

    assert (wire.language, wire.repair.timezone, wire.every) == ("vi", "Asia/Ho_Chi_Minh", timedelta(hours=1))
    assert (post.language, post.every) == ("vi", timedelta(hours=2))


def test_a_key_with_nothing_after_it_is_as_a_key_left_out() -> None:
    found = load(SMALLEST + "tags:\nfeeds: ~\nnewsletters: null\nmail:\n  smtp: ''\nkeep:\nwords:\nuse:\nsame:\n")

    assert replace(found, text="") == replace(load(SMALLEST), text="")


@pytest.mark.parametrize(
    ("written", "env", "title"),
    [
        ("${CITY}", {"CITY": "Saigon"}, "Saigon"),
        ("The ${CITY} Wire", {"CITY": "Saigon"}, "The Saigon Wire"),
        ("${CITY:-Hanoi}", {}, "Hanoi"),
        ("${CITY:-Hanoi}", {"CITY": ""}, "Hanoi"),
        ("${CITY:-Hanoi}", {"CITY": "Huế"}, "Huế"),
        ("$${CITY} costs $5", {}, "${CITY} costs $5"),
        ("${A}", {"A": "${B}", "B": "b"}, "${B}"),
    ],
    ids=["a variable", "within a text", "its default", "empty", "set", "escaped", "once, not again and again"],
)
def test_variables_of_the_environment_are_put_in(written: str, env: dict[str, str], title: str) -> None:
    text = SMALLEST.replace("title: The Wire", f"title: '{written}'")

    assert load(text, **env).sources["wire"].title == title


def test_a_variable_that_comes_out_empty_is_as_a_key_left_out() -> None:
    assert load(GOOD, SMTP_URL="").mail.smtp == ""
    assert load(SMALLEST + "secret: ${SYNDICATOR_SECRET:-}\n").secret == ""


def test_numbers_and_switches_may_come_from_the_environment() -> None:
    source = with_source(
        "weight: '${WEIGHT}', rights: {words: '${WORDS}'}, enabled: '${ON}'", WEIGHT="2.5", WORDS="80", ON="true"
    )

    assert (source.weight, source.rights.words) == (2.5, 80)


def test_titles_are_one_line_in_nfc_and_a_postal_address_keeps_its_lines() -> None:
    config = load("""\
site:
  title: >-
    Tin   thành
    phố
  url: https://news.example/vi
  publisher:
    name: Ba\u0300n tin
    email: desk@NEWS.example
    postal_address: |
      1 Lê Lợi
      Ho Chi Minh City
sources: [{id: wire, title: The Wire, url: "https://wire.example/rss"}]
""")

    assert config.site.title.texts == {"en": "Tin thành phố"}
    assert config.site.url == "https://news.example/vi/"
    assert config.site.publisher == Publisher(
        name="Bàn tin", email="desk@news.example", postal_address="1 Lê Lợi\nHo Chi Minh City"
    )


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("desk@news.example", ("", "desk@news.example")),
        ("City Desk <desk@news.example>", ("City Desk", "desk@news.example")),
        ('"Desk, City" <desk@news.example>', ("Desk, City", "desk@news.example")),
        ("<desk@news.example>", ("", "desk@news.example")),
        ("Bàn tin <desk@báo.example>", ("Bàn tin", "desk@xn--bo-mia.example")),
    ],
)
def test_a_mailbox_is_an_address_with_or_without_a_name(written: str, read: tuple[str, str]) -> None:
    assert mailbox(written) == read


def test_every_tag_that_is_well_formed_is_tried_whatever_else_is_wrong() -> None:
    tried = []
    text = GOOD.replace("language: vi", "language: vn").replace(
        "  vietnam: {label: Vietnam}", "  vietnam: {label: [x]}"
    )

    with pytest.raises(ConfigError):
        load_config(text, env={}, try_tags=lambda tags, changed: tried.extend(changed) or ())  # type: ignore[func-returns-value]

    assert tried == ["vietnam", "diplomacy"]


@pytest.mark.parametrize("module", [environment, mistake])
def test_the_examples_in_docstrings_are_true(module: object) -> None:
    assert doctest.testmod(module).failed == 0  # type: ignore[arg-type]


def test_a_mistake_beside_a_rule_hides_no_sentence_that_fails():
    text = (
        "site: {title: T, url: https://t.example/, publisher: {name: P, email: p@t.example}}\n"
        "sources: [{id: a, title: A, url: https://a.example/}]\n"
        "tags: {d: {mediatopic: 20, match: {any: [consul]}, must_match: [Nothing of it]}}\n"
    )

    with pytest.raises(ConfigError) as caught:
        load_config(text, env={}, try_tags=lambda *_: [Failure(tag="d", key="must_match", text="does not match")])

    assert [mistake.path for mistake in caught.value.mistakes] == ["tags.d.mediatopic", "tags.d.must_match[0]"]


@pytest.mark.parametrize(
    ("url", "public"),
    [
        pytest.param("https://paper.example/rss?page=1", "https://paper.example/rss?page=1", id="any other"),
        pytest.param("https://ada:secret@paper.example/rss", "https://paper.example/rss", id="a name and password"),
        pytest.param("https://paper.example/rss?key=${KEY}", "https://paper.example/", id="one that was filled"),
    ],
)
def test_what_is_secret_in_an_address_is_not_for_the_public(url: str, public: str) -> None:
    source = load(re.sub(r'url: "[^"]*rss"', f'url: "{url}"', SMALLEST), KEY="abc").sources["wire"]

    assert source.public_url == public
    assert "$" not in source.url

"""`try`, `explain` and `plan`: what an admin reads of the rules before and after an edit, and what a program gets."""

from __future__ import annotations

import asyncio
import io
import json
import sys
from collections import namedtuple
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from syndicator.cli import main
from syndicator.edges.tiny_store import TinyStore
from syndicator.model.entry import Tagging
from syndicator.newsroom import open_newsroom, read_config
from syndicator.testing import an_item

Said = namedtuple("Said", "code out err")
ROOM = """
site: {title: City, url: https://city.example/, publisher: {name: Desk, email: desk@city.example}}
sources:
  - {id: vna, title: VNA, url: https://vna.example/rss}
tags:
  diplomacy: {match: {any: [consulate], none: [hotel]}}
feeds:
  world: {title: World, select: {tags: {any: [diplomacy]}}}
newsletters:
  weekly: {title: Weekly, feeds: [world]}
mail: {from: desk@city.example}
"""
HOUR_AGO = datetime.now(UTC) - timedelta(hours=1)  # what is explained is the news of these days
CONSULATE = an_item("A consulate opens", id="i234567abcdefghi", published=HOUR_AGO, tags=())
HOTEL = an_item("A hotel beside the consulate", published=HOUR_AGO, tags=())
EMBASSY = an_item("An embassy moves", published=HOUR_AGO, tags=())


@pytest.fixture
def syndicator(tmp_path, monkeypatch, capsys):
    """Type a command in the folder of a newsroom that has three items and made a turn, and hear what it says."""
    monkeypatch.chdir(tmp_path)
    Path("feeds.yaml").write_text(ROOM, encoding="utf-8")

    async def settle():
        async with TinyStore(tmp_path / "data") as store:
            await store.record_harvest([], [CONSULATE, HOTEL, EMBASSY])
        async with open_newsroom(read_config(Path("feeds.yaml"), {}), tmp_path) as newsroom:
            await newsroom.gather()

    def typed(*words, stdin=""):
        monkeypatch.setattr(sys, "argv", ["syndicator", *words])
        monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
        try:
            main()
        except SystemExit as exit:
            return Said(exit.code or 0, *capsys.readouterr())
        return Said(0, *capsys.readouterr())

    asyncio.run(settle())
    return typed


def edit(old, new):
    text = Path("feeds.yaml").read_text(encoding="utf-8")
    assert old in text
    Path("feeds.yaml").write_text(text.replace(old, new), encoding="utf-8")


def test_a_text_is_tried_without_a_store(syndicator):
    said = syndicator("try", "A consulate opens", "Hotel beside a consulate", "Rain")

    assert said.code == 0
    assert "✓ diplomacy: “consulate” in the title at 2" in said.out
    assert "~ diplomacy, nearly: held back by “Hotel” in the title at 0; met: “consulate”" in said.out
    assert "no tag: no word of any rule is met" in said.out


def test_words_that_two_terms_met_are_told_once(syndicator):
    edit("any: [consulate]", "any: [consulate, consul*]")

    said = syndicator("try", "Hotel beside a consulate")

    assert said.out.rstrip().endswith("; met: “consulate”")


def test_a_text_is_tried_as_a_headline_and_not_as_an_address(syndicator):
    edit("diplomacy: {match: {any: [consulate], none: [hotel]}}", "diplomacy: {match: {any: [consulate], in: [url]}}")

    assert "no tag: no word of any rule is met" in syndicator("try", "A consulate opens").out


def test_bytes_that_are_no_text_are_explained_as_far_as_they_are(syndicator):
    said = syndicator("explain", "A consulate \udcff opens")

    assert said.code == 0
    assert "✓ diplomacy" in said.out


def test_many_texts_are_tried_from_the_input_and_told_to_a_program(syndicator):
    said = syndicator("try", "--json", stdin="A consulate opens\n\nRain\n")

    tried = json.loads(said.out)["tried"]
    assert [(each["text"], [tag["tag"] for tag in each["tags"]]) for each in tried] == [
        ("A consulate opens", ["diplomacy"]),
        ("Rain", []),
    ]
    assert tried[0]["tags"][0]["reasons"] == [{"field": "title", "term": "consulate", "words": "consulate", "start": 2}]


def test_nothing_to_try_is_told_with_the_remedy(syndicator):
    said = syndicator("try")

    assert said.code == 1
    assert 'syndicator try "A consulate opens"' in said.err


@pytest.mark.parametrize("name", [CONSULATE.id, CONSULATE.entry.url, f"{CONSULATE.entry.url}?utm_source=rss"])
def test_an_article_is_explained_by_its_id_or_its_address(syndicator, name):
    said = syndicator("explain", name)

    assert said.code == 0
    assert "A consulate opens" in said.out
    assert "✓ diplomacy: “consulate” in the title at 2" in said.out
    assert "✓ world, 1 of up to 60" in said.out
    assert "✓ weekly, in the next edition" in said.out


def test_what_was_rejected_is_explained_with_what_kept_it_out(syndicator):
    said = syndicator("explain", HOTEL.entry.url)

    assert "~ diplomacy, nearly: held back by “hotel” in the title at 2" in said.out
    assert "✗ world: it lacks diplomacy" in said.out
    assert "✗ weekly: none of its feeds takes it" in said.out


def test_an_explanation_is_told_to_a_program(syndicator):
    (told,) = json.loads(syndicator("explain", HOTEL.entry.url, "--json").out)["explanations"]

    assert (told["title"], told["tags"]) == (HOTEL.entry.title, [])
    assert told["nearly"][0]["objections"][0]["kind"] == "none"
    assert [(each["id"], each["taken"], each["absence"]) for each in told["placements"]] == [
        ("world", False, "tags"),
        ("weekly", False, "feeds"),
    ]


def test_an_address_that_nobody_knows_is_told_with_the_remedy(syndicator):
    said = syndicator("explain", "https://elsewhere.example/1")

    assert said.code == 1
    assert "https://elsewhere.example/1: nothing of the last 30 days has this id or address" in said.err


def test_without_an_edit_nothing_would_change(syndicator):
    said = syndicator("plan")

    assert (said.code, said.out) == (0, "Nothing would change for the 3 items of the last 30 days.\n")


def test_an_edit_is_planned_and_not_made(syndicator):
    edit("any: [consulate]", "any: [consulate, embassy]")

    said, again = syndicator("plan"), syndicator("plan", "--json")

    assert said.code == again.code == 3
    assert "diplomacy: 1 item enters, 0 leave" in said.out
    assert "+ An embassy moves (vna)" in said.out
    assert "“embassy” in the title at 3" in said.out
    told = json.loads(again.out)
    assert told["changes_anything"]
    assert [(each["kind"], each["id"], len(each["enters"])) for each in told["changes"]] == [
        ("tag", "diplomacy", 1),
        ("feed", "world", 1),
        ("newsletter", "weekly", 1),
    ]


def test_a_plan_may_compare_with_another_file(syndicator):
    Path("before.yaml").write_text(ROOM.replace("none: [hotel]", "none: [motel]"), encoding="utf-8")

    said = syndicator("plan", "--against", "before.yaml")

    assert said.code == 3
    assert "- A hotel beside the consulate (vna)" in said.out


def test_a_file_with_mistakes_is_not_planned(syndicator):
    edit("any: [consulate]", "anny: [consulate]")

    said = syndicator("plan")

    assert said.code == 1
    assert "did you mean" in said.err


def test_before_the_first_turn_there_is_nothing_to_compare_with(syndicator, tmp_path):
    async def make_another():
        async with TinyStore(tmp_path / "other"):
            pass

    asyncio.run(make_another())
    Path("feeds.yaml").write_text(ROOM + "store: other/\n", encoding="utf-8")

    said = syndicator("plan")

    assert said.code == 1
    assert "no turn was made with it yet" in said.err


def test_a_plan_makes_no_store(syndicator):
    Path("feeds.yaml").write_text(ROOM + "store: elsewhere/\n", encoding="utf-8")

    said = syndicator("plan")

    assert said.code == 1
    assert "elsewhere: there is no store" in said.err
    assert not Path("elsewhere").exists()


def test_what_was_tagged_by_an_earlier_vocabulary_is_planned_without_an_edit(syndicator, tmp_path):
    async def tag_otherwise():
        async with TinyStore(tmp_path / "data") as store:
            await store.record_harvest([], [replace(EMBASSY, tags=(Tagging(tag="diplomacy"),))])

    asyncio.run(tag_otherwise())

    said = syndicator("plan")

    assert said.code == 3
    assert "- An embassy moves (vna)" in said.out


def test_a_long_word_is_no_id(syndicator):
    said = syndicator("explain", "internationalism")

    assert said.code == 0
    assert "none, and none nearly" in said.out

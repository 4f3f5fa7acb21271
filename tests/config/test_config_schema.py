"""The schema by which editors complete feeds.yaml is current, and takes what the loader takes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from ruamel.yaml import YAML

from syndicator.config.schema import json_schema

ROOT = Path(__file__).parents[2]
GOOD = (Path(__file__).parent / "good.yaml").read_text(encoding="utf-8")


def plain(text: str) -> Any:
    """Read YAML as editors do: with numbers and switches as such."""
    return YAML(typ="safe", pure=True).load(text)


def complaints(data: Any) -> list[str]:
    return [error.message for error in jsonschema.Draft7Validator(json_schema()).iter_errors(data)]


def walk(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
        node = list(node.values())
    if isinstance(node, list):
        for child in node:
            yield from walk(child)


def test_the_committed_schema_is_the_one_that_the_shapes_make() -> None:
    committed = (ROOT / "feeds.schema.json").read_text(encoding="utf-8")

    assert committed == json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"


def test_it_is_a_schema() -> None:
    jsonschema.Draft7Validator.check_schema(json_schema())


def test_it_takes_the_real_feeds_yaml() -> None:
    assert complaints(plain((ROOT / "feeds.yaml").read_text(encoding="utf-8"))) == []


def test_it_takes_the_good_file() -> None:
    assert complaints(plain(GOOD)) == []


@pytest.mark.parametrize(
    ("good", "as_well"),
    [
        ("max_stories: 20", "max_stories: ${STORIES:-20}"),
        ("every: 30m", "every: ${EVERY}"),
        ("show: excerpt", "show: '${SHOW}'"),
        ("on: monday", "on: 7"),
        ("title: The Wire", "title: 2026"),
        ("mail:\n", "x-shelf: {any: thing}\nmail:\n"),
    ],
)
def test_it_takes_variables_and_other_ways_to_write(good: str, as_well: str) -> None:
    assert good in GOOD

    assert complaints(plain(GOOD.replace(good, as_well, 1))) == []


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        ("language: vi", "langauge: vi"),
        ("language: vi", "language: Vietnamese"),
        ("every: 30m", "every: 30 minutes"),
        ("show: excerpt", "show: half"),
        ("words: 60", "words: sixty"),
        ("  - id: post\n", "  - id: The Post\n"),
        ("  vietnam: {label: Vietnam}", "  Vietnam: {label: Vietnam}"),
        ("url: https://wire.example/rss", "url: wire.example/rss"),
        ("at: 07:00", "at: 7am"),
        ("site:\n", "sites:\n"),
    ],
)
def test_it_marks_what_the_loader_would_refuse(good: str, bad: str) -> None:
    assert good in GOOD

    assert complaints(plain(GOOD.replace(good, bad, 1))) != []


def test_every_key_is_described_and_no_mapping_takes_unknown_keys() -> None:
    schema = json_schema()

    for node in walk(schema):
        for key, value in node.get("properties", {}).items() if isinstance(node.get("properties"), dict) else ():
            assert value.get("description", "").endswith("."), key
        if "properties" in node and node.get("type") == "object":
            assert node["additionalProperties"] is False

"""docs/feeds-yaml.md tells every key and default of feeds.yaml, and its examples load."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from syndicator.config.load import load_config
from syndicator.config.schema import json_schema
from syndicator.errors import ConfigError
from syndicator.newsroom import load_text, read_vocabulary
from syndicator.pipeline.rules import compile_rules, judge_sentence

DOCS = (Path(__file__).parents[1] / "docs" / "feeds-yaml.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)(?: (\w+))?\n(.*?)^```", DOCS, re.MULTILINE | re.DOTALL)
RULES = re.findall(r"^```yaml rule\n(.*?)^```\n(.*?)(?=^\*\*|^## )", DOCS, re.MULTILINE | re.DOTALL)
EXAMPLES = [text for kind, note, text in BLOCKS if (kind, note) == ("yaml", "")]
ROWS = dict(re.findall(r"^\| `([^`]+)` \| (.+?) \| .+ \|$", DOCS, re.MULTILINE))


def sections(text: str) -> dict[str, str]:
    """Take a file apart at its top-level keys."""
    parts = re.split(r"^(?=[a-z-]+:)", text, flags=re.MULTILINE)
    return {part.partition(":")[0]: part for part in parts if re.match(r"[a-z-]+:", part)}


def keys_of(schema: dict[str, Any], node: dict[str, Any], path: str = "") -> Iterator[tuple[str, str]]:
    """Yield the path of every key, and its default as the tables write it.

    A rule may stand within a rule wherever a word may; only in the first such place its keys are told, and only those
    that the rule around it has not.
    """
    named = next((choice["$ref"] for choice in (node, *node.get("oneOf", ())) if "$ref" in choice), "")
    name = named.rsplit("/", 1)[-1]
    if name:
        node = schema["definitions"][name]
    told: set[str] = set()
    if name == "Part":
        if not path.endswith(".match.any[]"):
            return
        told = set(schema["definitions"]["Match"]["properties"])
    for key, value in node.get("properties", {}).items():
        if key in told:
            continue
        here = f"{path}.{key}" if path else key
        yield here, "*required*" if key in node.get("required", ()) else shown_default(value)
        yield from keys_of(schema, value, here)
    if "items" in node:
        yield from keys_of(schema, node["items"], f"{path}[]")
    if isinstance(node.get("additionalProperties"), dict) and "$ref" in node["additionalProperties"]:
        yield from keys_of(schema, node["additionalProperties"], f"{path}.<id>")


def shown_default(value: dict[str, Any]) -> str:
    match value.get("default"):
        case None:
            return "–"
        case bool(switch):
            return f"`{str(switch).lower()}`"
        case list(items):
            return f"`[{', '.join(items)}]`"
        case default:
            return f"`{default}`"


def test_the_page_begins_with_a_small_complete_file() -> None:
    config = load_config(EXAMPLES[0], env={})

    assert EXAMPLES[0].startswith("# yaml-language-server: $schema=feeds.schema.json\n")
    assert EXAMPLES[0].count("\n") <= 21
    assert list(config.newsletters) == ["weekly"]


@pytest.mark.parametrize("example", EXAMPLES[1:], ids=[text.split(":")[0] for text in EXAMPLES[1:]])
def test_every_example_loads_in_the_place_of_its_sections(example: str) -> None:
    whole = sections(EXAMPLES[0]) | sections(example)
    shelves = [part for key, part in whole.items() if key.startswith("x-")]
    rest = [part for key, part in whole.items() if not key.startswith("x-")]

    assert load_config("".join(shelves + rest), env={}).sources


def read_sentences() -> Iterator[object]:
    """Read the sentences after each rule: `- ✓ tag: text` or `- ✗ tag: text`; without a tag it is the only one."""
    for rule, after in RULES:
        for sign, text in re.findall(r"^- ([✓✗]) (.+)$", after, re.MULTILINE):
            ids = re.findall(r"^  ([a-z/-]+):$", rule.partition("tags:\n")[2], re.MULTILINE)
            named, _, rest = text.partition(": ")
            tag, sentence = (named, rest) if named in ids else (ids[0], text)
            yield pytest.param(rule, tag, sentence, sign == "✓", id=f"{sign} {tag}: {sentence}")


@pytest.mark.parametrize(("rule", "tag", "sentence", "taken"), list(read_sentences()))
def test_a_rule_takes_and_leaves_the_sentences_that_the_page_says(
    rule: str, tag: str, sentence: str, taken: bool
) -> None:
    parts = sections(EXAMPLES[0])
    config = load_text(parts["site"] + parts["sources"] + rule, env={})

    verdicts = judge_sentence(sentence, compile_rules(config.tags))

    assert (tag in {verdict.tag for verdict in verdicts if verdict.given}) is taken


def test_each_rule_of_the_five_minutes_loads_and_most_have_sentences() -> None:
    parts = sections(EXAMPLES[0])

    configs = [load_text(parts["site"] + parts["sources"] + rule, env={}) for rule, _ in RULES]

    assert all(config.tags for config in configs)
    assert len(configs) == DOCS.count("```yaml rule")
    assert len(list(read_sentences())) >= 30


def test_the_vocabulary_that_the_page_shows_ships_with_the_package() -> None:
    named = re.findall(r"`use: \[([a-z-]+)\]`", DOCS)

    assert [bool(read_vocabulary(name).tags) for name in named] == [True]


def test_the_tables_name_every_key_with_its_default_and_no_other() -> None:
    schema = json_schema()

    assert dict(keys_of(schema, schema)) == ROWS


def test_the_mistakes_of_the_wrong_example_are_those_that_the_page_shows() -> None:
    wrong = next(text for kind, note, text in BLOCKS if note == "wrong")
    shown = next(text for kind, _, text in BLOCKS if kind == "text")

    with pytest.raises(ConfigError) as caught:
        load_config(wrong, env={})

    assert f"{caught.value}\n" == shown

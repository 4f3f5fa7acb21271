"""Whatever is written in feeds.yaml, loading gives a newsroom or mistakes, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from syndicator.config.load import load_config
from syndicator.config.load_rules import TryTags
from syndicator.config.mistake import Failure, quote
from syndicator.config.model import Config
from syndicator.errors import ConfigError
from syndicator.model.tag import Tag
from syndicator.pipeline.rulebook import terms_of

GOOD = (Path(__file__).parent / "good.yaml").read_text(encoding="utf-8")
RULES = (
    GOOD.partition("tags:\n")[0]
    + """\
words:
  football: [Premier League, V-League, "re:U[0-9]+"]
  vietnam: [no, 2026]
tags:
  vietnam: {match: {any: [{words: vietnam}, {rule: diplomacy}]}}
  diplomacy:
    requires: vietnam/south
    match:
      any: [consul*, '"WHO"', {all: [a, {none: [b]}], in: [url]}]
      but_not: [{words: football}, brand ambassador]
      near: {words: [visit, minister], within: 8}
      at_least: {n: 2, of: [a, {words: vietnam}, {any: [c]}]}
      score: {threshold: 3, weights: {consulate: 3, gold price: -2}}
    must_match: [An embassy opens]
  vietnam/south: {requires: [football]}
  football: {}
same: [[https://a.example/1, https://b.example/1]]
not_same: [[https://a.example/1, https://c.example/1]]
use: [sport]
"""
)
RULE_LINES = RULES.partition("words:\n")[1] + RULES.partition("words:\n")[2]
LINES = GOOD.splitlines(keepends=True)
ENV = {"SMTP_URL": "smtp://mail.example", "ODD": "\ud800\x00\n: ["}
# What turns one YAML document into another, and what the single values choke on.
SPICE = st.sampled_from([
    *"\t\n \0'\"{}[]:,-#&*!|>%@`?~<=.\\é\u0085\u2028\ufeff", "\n---\n", "? a\n: b\n", "%TAG ! !\n---\n", "site: 1\n",
    "<<: *a", "&a ", "*a", "!!int ", "!x ", "x-y: ", "[[[", "''",
    '"\\ud800"', '"\\x00"', '"\\U00110000"', '"\\U99999999"',
    "${", "${ODD}", "$${", "}", "null", "true", "1e999", "-0", ".inf", "0x1F", "٣m", "²", "9" * 30,
    "https://[", "http://a..b", "xn--a", "@", "utf_8\\", "../",
])  # fmt: skip
WORDS = st.sampled_from(["vietnam", "diplomacy", "south", "/", "football", "words: ", "rule: ", "{any: [x]}", "[a, a]"])
FUZZ = settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def fail(tags: Mapping[str, Tag], changed: Collection[str]) -> Iterator[Failure]:
    """Find fault with every term and every sentence."""
    for tag in map(tags.__getitem__, changed):
        for term in terms_of(tag.match) if tag.match else ():
            yield Failure(tag=tag.id, key="match", term=term, text=f"{quote(term)} is no good")
        yield from (
            Failure(tag=tag.id, key="must_match", index=index, text="no good") for index, _ in enumerate(tag.must_match)
        )


def load_or_refuse(text: str, *, try_tags: TryTags = lambda *_: ()) -> None:
    config: Config | None = None
    mistakes: tuple[object, ...] = ()
    try:
        config = load_config(text, env=ENV, try_tags=try_tags)
    except ConfigError as error:
        mistakes = error.mistakes

    assert (config is None) == bool(mistakes)
    for mistake in mistakes:
        line = str(mistake)
        assert re.match(r"feeds\.yaml:[1-9]\d*:[1-9]\d* \S", line)
        assert len(line.splitlines()) == 1
        line.encode()  # a lone surrogate could not be printed


@given(st.text(max_size=200))
@FUZZ
def test_any_text_is_loaded_or_refused(text: str) -> None:
    load_or_refuse(text)


@given(st.lists(SPICE, max_size=30))
@FUZZ
def test_any_yaml_like_text_is_loaded_or_refused(parts: list[str]) -> None:
    load_or_refuse("".join(parts))


@given(st.lists(st.tuples(st.integers(0, len(GOOD)), st.integers(0, 12), SPICE | st.text(max_size=4)), max_size=4))
@FUZZ
def test_a_good_file_with_slips_of_the_pen_is_loaded_or_refused(slips: list[tuple[int, int, str]]) -> None:
    text = GOOD
    for at, length, instead in slips:
        text = text[:at] + instead + text[at + length :]

    load_or_refuse(text)


@given(st.data())
@FUZZ
def test_a_good_file_with_other_values_is_loaded_or_refused(data: st.DataObject) -> None:
    lines = list(LINES)
    for _ in range(data.draw(st.integers(1, 3))):
        number = data.draw(st.integers(0, len(lines) - 1))
        key, colon, _ = lines[number].partition(": ")
        value = data.draw(
            SPICE | st.sampled_from([line.partition(": ")[2].strip() for line in LINES]) | st.text(max_size=6)
        )
        lines[number] = f"{key}{colon}{value}\n"

    load_or_refuse("".join(lines))


@given(st.lists(st.sampled_from(LINES), max_size=60))
@FUZZ
def test_the_lines_of_a_good_file_in_any_order_are_loaded_or_refused(lines: list[str]) -> None:
    load_or_refuse("".join(lines))


@given(st.data())
@settings(FUZZ, max_examples=100)
def test_rules_with_slips_of_the_pen_are_loaded_or_refused(data: st.DataObject) -> None:
    first = len(RULES) - len(RULE_LINES)
    text = RULES.replace("use: [sport]\n", "")
    for _ in range(data.draw(st.integers(0, 4))):
        at, length = data.draw(st.integers(first, len(RULES))), data.draw(st.integers(0, 12))
        text = text[:at] + data.draw(SPICE | WORDS | st.text(max_size=4)) + text[at + length :]

    load_or_refuse(text, try_tags=fail)


@given(st.lists(st.sampled_from(RULE_LINES.splitlines(keepends=True)), max_size=30))
@settings(FUZZ, max_examples=100)
def test_the_lines_of_rules_in_any_order_are_loaded_or_refused(lines: list[str]) -> None:
    load_or_refuse(RULES[: len(RULES) - len(RULE_LINES)] + "".join(lines), try_tags=fail)

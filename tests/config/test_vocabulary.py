"""A shipped vocabulary is read fast, whole, and with every mistake at its place."""

from __future__ import annotations

from typing import Any

import pytest

from syndicator.config.plain_tree import read_plain
from syndicator.config.vocabulary import build_vocabulary
from syndicator.errors import ConfigError
from syndicator.model.tag import Match


def mistakes_in(texts: dict[str, str]) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        build_vocabulary(texts)
    return str(caught.value).splitlines()


def test_a_file_may_use_what_another_one_has() -> None:
    vocabulary = build_vocabulary(
        {
            "a.yaml": "tags: {a/b: {requires: c, match: {any: [{words: w}]}}}",
            "b.yaml": "words: {w: [x, no, 2026]}\ntags: {a: {match: {any: [y, {rule: c}]}}}",
            "c.yaml": "tags: {c: {match: {any: [z]}}}",
        }
    )

    assert list(vocabulary.tags) == ["a/b", "a", "c"]
    assert vocabulary.tags["a/b"].match == Match(any=("x", "no", "2026"))
    assert vocabulary.tags["a"].match == Match(any=("y", Match(any=("z",))))
    assert vocabulary.words == {"w": ("x", "no", "2026")}


@pytest.mark.parametrize(
    ("texts", "told"),
    [
        pytest.param(
            {"a.yaml": "tags:\n  a: {match: {any: [{words: w}]}}"},
            ['a.yaml:2:29 tags.a.match.any[0].words: there is no list "w"; none is declared under “words:”'],
            id="an unknown list",
        ),
        pytest.param(
            {"a.yaml": "tags: {a: }", "b.yaml": "words: {a: [x]}\ntags:\n  a: {label: A}"},
            ["b.yaml:3:3 tags.a: stands in a.yaml already; keep one of them"],
            id="a tag in two files",
        ),
        pytest.param(
            {"a.yaml": "words: {w: [x]}", "b.yaml": "words: {w: [y]}"},
            ["b.yaml:1:9 words.w: stands in a.yaml already; keep one of them"],
            id="a list in two files",
        ),
        pytest.param(
            {"a.yaml": "words: {w: [x, '*']}", "b.yaml": "tags: {b: {match: {any: [{words: w}]}}}"},
            [
                'a.yaml:1:16 words.w[1]: "*" would meet every word; write the beginning of one before *, as consul*',
            ],
            id="a slip in one file, which another one uses",
        ),
        pytest.param(
            {"a.yaml": "tags: [a", "b.yaml": "tags: {b: {}}"},
            ["a.yaml:1:7 this “[” is not closed where it should be; check its commas, quotes and closing bracket"],
            id="no YAML",
        ),
        pytest.param(
            {"a.yaml": "tags: {a: {labl: A}}"},
            ['a.yaml:1:12 tags.a.labl: there is no such key; did you mean "label"?'],
            id="a misspelt key",
        ),
    ],
)
def test_mistakes_are_told_with_file_and_place(texts: dict[str, str], told: list[str]) -> None:
    found = mistakes_in(texts)

    assert len(found) == len(told)
    assert all(line.startswith(start) for line, start in zip(found, told, strict=True))


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("a: [1, no, '07:00', ~, x y]", {"a": ["1", "no", "07:00", "~", "x y"]}),
        ("a:\nb: ''\nc: {}\nd: []", {"a": None, "b": None, "c": {}, "d": []}),
        ("a: &x [1, {b: 2}]\nc: *x", {"a": ["1", {"b": "2"}], "c": ["1", {"b": "2"}]}),
        ("- a: đại sứ\n- '\"WHO\"'", [{"a": "đại sứ"}, '"WHO"']),
        ("", None),
    ],
)
def test_plain_data_is_texts_lists_and_mappings(text: str, data: Any) -> None:
    assert read_plain(text) == data


@pytest.mark.parametrize(
    "text", ["a: [", "a: 1\na: 2", "<<: {a: 1}", "[a]: b", "a: *nothing"],
    ids=["no end", "a key twice", "a merge key", "a list for a key", "no anchor"],
)  # fmt: skip
def test_what_has_to_be_told_in_words_is_left_to_the_other_reader(text: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        read_plain(text)

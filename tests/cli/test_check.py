"""`syndicator check` says what a newsroom has, and refuses a rule that is a silent mistake."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer

from syndicator.cli.check import check

HEAD = """\
site: {title: City Wire, url: "https://news.example", publisher: {name: City Desk, email: desk@news.example}}
sources: [{id: wire, title: The Wire, url: "https://wire.example/rss"}]
"""


@pytest.fixture
def checked(tmp_path, capsys):
    """Check a feeds.yaml with these rules: the exit code, and what is said."""

    def checked(rules: str, *, as_json: bool = False) -> tuple[int, str]:
        path = Path(tmp_path / "feeds.yaml")
        path.write_text(HEAD + rules, encoding="utf-8")
        try:
            check(path, as_json)
        except typer.Exit as exit:
            return exit.exit_code, capsys.readouterr().out.replace(str(path), "feeds.yaml")
        return 0, capsys.readouterr().out

    return checked


def test_it_counts_terms_lists_and_vocabularies(checked):
    rules = (
        "use: [foreign-affairs]\n"
        "words: {x: [a, b]}\n"
        "tags: {own: {match: {any: [{words: x}, {rule: diplomacy}]}, must_match: [A b]}}\n"
    )

    code, said = checked(rules, as_json=True)
    facts = json.loads(said)

    assert code == 0
    assert facts["vocabularies"] == ["foreign-affairs"]
    assert facts["tags"] > 200
    assert facts["lists"] > 1
    assert facts["terms"] > 3000
    assert facts["scripts"]["Latin"] > facts["scripts"]["Cyrillic"] > 0


def test_a_rule_that_can_never_hold_is_a_mistake_with_its_place(checked):
    code, said = checked("tags: {own: {match: {any: [embassy], none: [embassy]}}}\n")

    assert (code, said.strip()) == (
        1,
        'feeds.yaml:3:21 tags.own.match: the rule can never hold: "embassy" is never met without "embassy", '
        "which none keeps out",
    )


def test_a_pattern_that_re2_refuses_is_told_where_it_stands(checked):
    code, said = checked("words: {w: [a, 're:(b']}\ntags: {own: {match: {any: [{words: w}]}}}\n")

    assert code == 1
    assert said.startswith('feeds.yaml:3:16 words.w[1]: "re:(b" is no term: ')


def test_a_term_that_adds_nothing_is_remarked_upon_and_no_mistake(checked):
    code, said = checked("tags: {own: {match: {any: [treaty, treaties]}}}\n")

    assert code == 0
    assert 'tags.own: "treaties" adds nothing to "treaty"' in " ".join(said.split())


def test_of_many_remarks_some_are_made(checked):
    pairs = ", ".join(f"{letter}and, {letter}ands" for letter in "bcdfghjklmnp")

    said = checked(f"tags: {{own: {{match: {{any: [{pairs}]}}}}}}\n")[1]

    assert said.count("adds nothing to") == 10
    assert "2 more terms add nothing" in said


def test_what_a_vocabulary_says_twice_is_no_matter_of_the_file(checked):
    assert "adds nothing" not in checked("use: [foreign-affairs]\n")[1]

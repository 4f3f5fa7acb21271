"""feeds.yaml is edited where it must be, and stays byte for byte what its author wrote everywhere else."""

from __future__ import annotations

import doctest
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from syndicator.config import edit
from syndicator.config.edit import add_source, add_sources, move_source
from syndicator.config.mistake import Report
from syndicator.config.tree import read_tree
from syndicator.errors import ConfigError
from syndicator.newsroom import load_text

ROOT = Path(__file__).parents[2]
NO_MAPPING = "feeds.yaml:1:1 the file must be a mapping: lines such as “site:” and “sources:”"
NO_YAML = "feeds.yaml:1:1 cannot be read as YAML; `syndicator check` says where"
SOURCE = {"id": "post", "title": "The Post", "url": "https://post.example/rss", "tags": ["world", "city"]}


def data(text: str) -> Any:
    """Read *text* as the loader does, every value a text."""
    report = Report("feeds.yaml")
    tree = read_tree(text, env={}, report=report)
    assert report.mistakes() == []
    assert tree is not None
    return tree.data


POST = "  - id: post\n    title: The Post\n    url: https://post.example/rss\n    tags: [world, city]\n"
CASES = {
    "a list of lines": (
        "sources:\n  - id: a\n    url: https://a.example/  # ours\n\n# tail\ntags:\n",
        "sources:\n  - id: a\n    url: https://a.example/  # ours\n"
        f"{POST}\n# tail\ntags:\n",
    ),
    "a list that is not indented, with wide dashes": (
        "sources:\n-   id: a\ntags:\n",
        "sources:\n-   id: a\n"
        "-   id: post\n    title: The Post\n    url: https://post.example/rss\n    tags: [world, city]\ntags:\n",
    ),
    "items with blank lines between them": (
        "sources:\n  - id: a\n\n  - id: b\ntags:\n",
        "sources:\n  - id: a\n\n  - id: b\n\n"
        f"{POST}tags:\n",
    ),
    "blank lines between groups only": (
        "sources:\n  # one\n  - id: a\n  - id: b\n\n  # two\n  - id: c\n",
        "sources:\n  # one\n  - id: a\n  - id: b\n\n  # two\n  - id: c\n"
        f"{POST}",
    ),
    "an alias and a comment at the end, and commented sources below": (
        "x-r: &r {words: 4}\nsources:\n  - id: a\n    rights: *r    # little\n  # - id: off\n",
        "x-r: &r {words: 4}\nsources:\n  - id: a\n    rights: *r    # little\n"
        f"{POST}  # - id: off\n",
    ),
    "items in braces": (
        "sources:\n  - {<<: *x, id: a}  # braces\ntags:\n".replace("<<: *x, ", ""),
        "sources:\n  - {id: a}  # braces\n"
        "  - {id: post, title: The Post, url: https://post.example/rss, tags: [world, city]}\ntags:\n",
    ),
    "a list in brackets": (
        "sources: [{id: a}]  # one\n",
        "sources: [{id: a}, {id: post, title: The Post, url: https://post.example/rss, tags: [world, city]}]  # one\n",
    ),
    "a list in brackets with a comma at its end": (
        "sources: [{id: a}, ]\n",
        "sources: [{id: a}, {id: post, title: The Post, url: https://post.example/rss, tags: [world, city]}, ]\n",
    ),
    "a list in brackets over several lines": (
        "sources: [\n    {id: a},\n    {id: b}  # the second, last\n]\n",
        "sources: [\n    {id: a},\n    {id: b},  # the second, last\n"
        "    {id: post, title: The Post, url: https://post.example/rss, tags: [world, city]}\n]\n",
    ),
    "brackets over several lines with a comma at the end": (
        "sources: [\n    {id: a},  # a, b\n]\n",
        "sources: [\n    {id: a},  # a, b\n"
        "    {id: post, title: The Post, url: https://post.example/rss, tags: [world, city]},\n]\n",
    ),
    "a bracket that closes behind the last item": (
        "sources: [\n  {id: a},\n  {id: b}]\n",
        "sources: [\n  {id: a},\n  {id: b},\n"
        "  {id: post, title: The Post, url: https://post.example/rss, tags: [world, city]}]\n",
    ),
    "JSON": (
        '{"sources": [{"id": "a"}], "tags": {}}',
        '{"sources": [{"id": "a"}, {id: post, title: The Post, url: https://post.example/rss, tags: [world, city]}], '
        '"tags": {}}',
    ),
    "JSON with an empty list": (
        '{"sources": [], "tags": {}}',
        '{"sources": [{id: post, title: The Post, url: https://post.example/rss, tags: [world, city]}], "tags": {}}',
    ),
    "an empty list": (
        "sources: []  # none yet\ntags:\n",
        "sources:  # none yet\n"
        f"{POST}tags:\n",
    ),
    "nothing after the last key of a source": (
        "sources:\n  - id: a\n    tags:\n\n# tail\nfeeds:\n",
        f"sources:\n  - id: a\n    tags:\n{POST}\n# tail\nfeeds:\n",
    ),
    "nothing after the key": (
        "sources:\n# tail\ntags:\n",
        "sources:\n  - id: post\n    title: The Post\n    url: https://post.example/rss\n    tags: [world, city]\n"
        "# tail\ntags:\n",
    ),
    "no list at all": (
        "tags:\n  a:\n    label: A  # a tag",
        "tags:\n  a:\n    label: A  # a tag\n"
        "sources:\n  - id: post\n    title: The Post\n    url: https://post.example/rss\n    tags: [world, city]\n",
    ),
    "a text over several lines at the end": (
        "sources:\n  - id: a\n    title: |\n      A\n\n\n# tail\ntags:\n",
        "sources:\n  - id: a\n    title: |\n      A\n"
        f"{POST}\n\n# tail\ntags:\n",
    ),
    "a text that keeps its blank lines": (
        "sources:\n  - id: a\n    title: |+\n      A\n\n# tail\ntags:\n",
        "sources:\n  - id: a\n    title: |+\n      A\n\n"
        f"{POST}# tail\ntags:\n",
    ),
    "a dash on a line of its own": (
        "sources:\n  -  # first\n    id: a\n",
        "sources:\n  -  # first\n    id: a\n"
        f"{POST}",
    ),
    "quotes, folded lines and odd spaces": (
        "tags:   {a : {label:   'A'}}\nsources :\n    -   id:   \"a\"\n        title: 'one\n          two'   \n\n\n",
        "tags:   {a : {label:   'A'}}\nsources :\n    -   id:   \"a\"\n        title: 'one\n          two'   \n"
        "    -   id: post\n        title: The Post\n        url: https://post.example/rss\n"
        "        tags: [world, city]\n\n\n",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("before", "after"), CASES.values(), ids=CASES)
def test_a_source_is_written_as_its_neighbours_are(before: str, after: str) -> None:
    assert add_source(before, SOURCE) == after


@pytest.mark.parametrize("ending", ["\n", "\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize("mark", ["", "\ufeff"], ids=["plain", "BOM"])
@pytest.mark.parametrize("before", [before for before, _ in CASES.values()], ids=CASES)
def test_all_that_was_there_means_what_it_meant_and_one_source_more(before: str, mark: str, ending: str) -> None:
    text = mark + before.replace("\n", ending)
    added = [SOURCE, SOURCE | {"id": "third"}]

    new = add_sources(text, added)

    was = data(before)
    assert data(new) == was | {"sources": [*(was.get("sources") or []), *added]}
    assert new.count("\n") == new.count(ending)
    assert new.startswith(mark)


# What a title may be: texts that YAML would take for something else, that it would end early, and any other.
TITLES = st.sampled_from([
    "no", "2026", "07:00", "~", "null", "- x", "a: b", "a #b", "a:", "#x", "&x", "*x", "!x", "[x]", "{x}", "a, b",
    "'x'", '"x"', "it's", 'the "paper"', "%x", "@x", "`x", "? x", "a\u00a0b", "a\u2028b", "\ufeffx", "x\ty", "\\n",
    "${HOME}", "$${HOME}", "1e3", "0x1F", "2026-07-14", "x ", "<<", "=", "---", "a\u200db", "😀", "Tuổi Trẻ · Thế giới",
]) | st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn", "Co"]), min_size=1, max_size=12)  # fmt: skip


@given(st.sampled_from(list(CASES)), TITLES)
@example("a list in brackets", "${HOME}: [x], 'y' # z")
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_title_is_read_back_as_it_was_whatever_it_is(case: str, title: str) -> None:
    before, _ = CASES[case]

    added = data(add_source(before, {"id": "post", "title": title, "tags": [title]}))["sources"][-1]

    expected = title if title.strip() else None
    assert added == {"id": "post", "title": expected, "tags": [expected]}


def test_the_real_feeds_yaml_gets_a_source_and_loses_nothing() -> None:
    text = (ROOT / "feeds.yaml").read_text(encoding="utf-8")

    new = add_source(text, SOURCE | {"tags": ["vietnam"]})

    lines, more = text.splitlines(), new.splitlines()
    at = next(number for number, (one, other) in enumerate(zip(lines, more, strict=False)) if one != other)
    assert more[:at] + more[at + 4 :] == lines
    assert list(load_text(new, env={}).sources) == [*load_text(text, env={}).sources, "post"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param(
            "x-s: &s [{id: a}]\nsources: *s\n",
            "feeds.yaml:2:10 sources: an alias stands here; write the list itself, and add to it",
            id="an alias for the list",
        ),
        pytest.param(
            "sources: many\n",
            "feeds.yaml:1:10 sources: must be a list; begin each source with “- id:”",
            id="a text for the list",
        ),
        pytest.param(
            '{"tags": {}}', "feeds.yaml:1:1 there is no “sources” to add to; write it as sources: [] first", id="JSON"
        ),
        pytest.param("a: [\n", NO_YAML, id="no YAML"),
        pytest.param("- a\n", NO_MAPPING, id="a list"),
        pytest.param("", NO_MAPPING, id="nothing"),
        pytest.param("a: " + "[" * 3000, NO_YAML, id="depth"),
    ],
)  # fmt: skip
def test_where_nothing_can_be_added_the_place_and_the_remedy_are_told(text: str, told: str) -> None:
    with pytest.raises(ConfigError) as caught:
        add_source(text, SOURCE)

    assert str(caught.value) == told


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("url: https://a.example/  # old", "url: https://b.example/x?y=1#z  # old", id="plain"),
        pytest.param("url: 'https://a.example/'", "url: 'https://b.example/x?y=1#z'", id="in single quotes"),
        pytest.param('url: "https://a.example/"', 'url: "https://b.example/x?y=1#z"', id="in double quotes"),
        pytest.param("url: &u https://a.example/", "url: &u https://b.example/x?y=1#z", id="behind an anchor"),
        pytest.param("url: !!str https://a.example/", "url: !!str https://b.example/x?y=1#z", id="behind a tag"),
        pytest.param("url: >-\n      https://a.example/\n", "url: https://b.example/x?y=1#z\n", id="folded"),
        pytest.param("url:\n      https://a.example/", "url:\n      https://b.example/x?y=1#z", id="on its own line"),
    ],
)
@pytest.mark.parametrize("ending", ["\n", "\r\n"], ids=["LF", "CRLF"])
def test_an_address_changes_and_nothing_else(before: str, after: str, ending: str) -> None:
    text = (
        "# mine\nsources:\n  - id: other\n    url: https://old.example/\n"
        f"  - id: a   # wire\n    {before}\n    tags:  [x]\n"
    )

    moved = move_source(text.replace("\n", ending), {"a": "https://b.example/x?y=1#z"})

    assert moved == text.replace(before, after).replace("\n", ending)


def test_several_sources_move_at_once_and_brackets_keep_their_form() -> None:
    text = "sources: [{id: a, url: https://a.example/}, {url: 'https://b.example/', id: b}]"

    moved = move_source(text, {"b": "https://new.example/?q=[1]", "a": "https://new.example/a,b"})

    assert moved == "sources: [{id: a, url: 'https://new.example/a,b'}, {url: 'https://new.example/?q=[1]', id: b}]"


def test_a_source_that_is_an_alias_moves_where_it_is_written() -> None:
    text = "x-a: &a {id: a, url: https://a.example/}\nsources: [*a]\n"

    moved = move_source(text, {"a": "https://b.example/"})

    assert moved == "x-a: &a {id: a, url: https://b.example/}\nsources: [*a]\n"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param(
            "sources: [{id: b}]", '1:1 sources: there is no source "a" to be moved', id="no such source"
        ),
        pytest.param("tags: {}", '1:1 sources: there is no source "a" to be moved', id="no sources"),
        pytest.param(
            "x-u: &u https://a.example/\nsources: [{id: a, url: *u}]",
            "2:24 sources[0].url: its address is an alias; write the address itself here",
            id="an alias",
        ),
        pytest.param(
            "sources: [{id: a, url: &u https://a.example/}]\nx-u: *u",
            "1:24 sources[0].url: others have this address by an alias; write it out there, and remove the anchor",
            id="an anchor that others use",
        ),
        pytest.param(
            "sources: [{id: a, url: '${HOST}/rss'}]",
            "1:24 sources[0].url: its address holds a variable of the environment; change it there, "
            "or write the address itself here",
            id="a variable",
        ),
        pytest.param(
            "x-a: &a {url: https://a.example/}\nsources: [{<<: *a, id: a}]",
            "2:11 sources[0].url: its address comes from a merged mapping (<<); give the source an “url” of its own",
            id="a merged mapping",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_moved_here_is_told_with_its_place(text: str, told: str) -> None:
    with pytest.raises(ConfigError) as caught:
        move_source(text, {"a": "https://b.example/"})

    assert str(caught.value) == f"feeds.yaml:{told}"


@given(
    st.text(max_size=80) | st.lists(st.sampled_from([*"\n :-[]{}&*#'\"|>?!,", "sources", "id", "a", "  "])).map("".join)
)
@settings(max_examples=150, deadline=None)
def test_any_text_is_edited_or_refused(text: str) -> None:
    for change in (lambda: add_source(text, SOURCE), lambda: move_source(text, {"a": "https://b.example/"})):
        with suppress(ConfigError):
            assert "https://" in change()


def test_the_examples_in_docstrings_are_true() -> None:
    assert doctest.testmod(edit).failed == 0

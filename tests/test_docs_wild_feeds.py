"""docs/wild-feeds.md names for every case what holds it, and says where a promise is not kept yet."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TESTS, CORPUS = ROOT / "tests", ROOT / "tests" / "data" / "corpus"
PAGE = (ROOT / "docs" / "wild-feeds.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", PAGE, re.MULTILINE)
CASES = [row for row in ROWS if row[0] != "what happens" and not set(row[0]) <= {"-"}]
NOT_YET = "Not yet"


@cache
def promises(path: Path) -> dict[str, bool]:
    """Return the tests of a file as `Class::name` or `name`, and whether each is marked as not kept yet."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    marks = {
        target.id
        for node in tree.body
        if isinstance(node, ast.Assign) and _names_xfail(node.value, set())
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    return dict(_tests(tree, "", marks))


def _tests(node: ast.Module | ast.ClassDef, prefix: str, marks: set[str]) -> Iterator[tuple[str, bool]]:
    for child in node.body:
        if isinstance(child, ast.ClassDef):
            yield from _tests(child, f"{prefix}{child.name}::", marks)
        elif isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef) and child.name.startswith("test_"):
            yield prefix + child.name, any(_names_xfail(mark, marks) for mark in child.decorator_list)


def _names_xfail(node: ast.AST, marks: set[str]) -> bool:
    return any(
        (isinstance(part, ast.Attribute) and part.attr == "xfail") or (isinstance(part, ast.Name) and part.id in marks)
        for part in ast.walk(node)
    )


@cache
def documents_not_yet_read() -> set[str]:
    """Return the names of the documents that test_corpus.py says are not yet read as they should be."""
    tree = ast.parse((TESTS / "pipeline" / "test_corpus.py").read_text(encoding="utf-8"))
    (value,) = [node.value for node in tree.body if isinstance(node, ast.AnnAssign) and _is_named(node, "NOT_YET")]
    assert value is not None
    return set(ast.literal_eval(value))


def _is_named(node: ast.AnnAssign, name: str) -> bool:
    return isinstance(node.target, ast.Name) and node.target.id == name


def headings(path: Path) -> set[str]:
    """Return the anchors of a page, as they are made of its headings."""
    found = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in found}


def holders(cell: str) -> list[str]:
    """Return the tests and documents that a cell names."""
    return re.findall(r"`([^`]+)`", cell)


def is_kept(holder: str) -> bool:
    """Tell whether a test or document is there and holds what it says; raise KeyError if it is not there."""
    path, _, test = holder.partition("::")
    if test:
        return not promises(TESTS / path)[test]
    if not ((CORPUS / path).is_file() and (CORPUS / f"{path}.expected.json").is_file()):
        raise KeyError(path)
    return path not in documents_not_yet_read()


def test_there_are_sixty_cases_or_more_and_none_stands_twice() -> None:
    assert len(CASES) >= 60
    assert len({what for what, _, _ in CASES}) == len(CASES)


@pytest.mark.parametrize(("what", "does", "held"), CASES, ids=[what for what, _, _ in CASES])
def test_a_case_is_held_by_what_is_there(what: str, does: str, held: str) -> None:
    named, links = holders(held), re.findall(r"\]\(([\w.-]+)#([\w-]+)\)", held)

    assert named or links
    assert re.sub(r"`[^`]+`|\[[^]]+\]\([^)]+\)|<br>", "", held).strip() == ""
    for path, anchor in links:
        assert anchor in headings(ROOT / "docs" / path)
    kept = [is_kept(holder) for holder in named]
    # Whoever keeps a promise at last, or breaks one, has to say so on the page.
    assert (NOT_YET in does) is not all(kept)


def test_every_test_of_wild_feeds_stands_on_the_page() -> None:
    path = "jobs/test_wild_feeds.py"

    named = {holder for _, _, held in CASES for holder in holders(held)}

    assert {f"{path}::{test}" for test in promises(TESTS / path)} <= named

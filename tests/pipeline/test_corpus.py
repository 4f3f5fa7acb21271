"""Every document of the corpus is read as the file beside it says: one feature or fault a document."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from syndicator.model.entry import Entry, Parsed
from syndicator.model.source import Pace, Repair, Source
from syndicator.pipeline.parse import parse_feed
from syndicator.testing import a_source

CORPUS = Path(__file__).parent.parent / "data" / "corpus"
SUFFIX = ".expected.json"
DOCUMENTS = sorted(path for path in CORPUS.rglob("*") if path.is_file() and not path.name.endswith(SUFFIX))

# What is not yet read as it should be, each with the reason; the test fails when one of them is.
NOT_YET: dict[str, str] = {}


def expected(path: Path) -> dict[str, Any]:
    """Return what the file beside *path* says of it."""
    return json.loads(path.with_name(path.name + SUFFIX).read_text(encoding="utf-8"))


def source_of(wanted: dict[str, Any]) -> Source:
    """Return the source of a document, with the settings that its admin made."""
    settings = dict(wanted.get("source", {}))
    return a_source(**{**settings, "repair": Repair(**_tuples(settings.get("repair", {})))})


def read(path: Path) -> Parsed:
    """Return what the document at *path* is read as."""
    wanted = expected(path)
    return parse_feed(
        path.read_bytes(),
        source=source_of(wanted),
        url=wanted.get("url", "https://wire.example/feed.xml"),
        content_type=wanted.get("content_type", ""),
    )


def _tuples(settings: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in settings.items()}


def _shown(value: Any) -> Any:
    """Return *value* as JSON has it, without its empty members."""
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, dict):
        return {name: shown for name, each in value.items() if (shown := _shown(each))}
    if isinstance(value, list | tuple):
        return [_shown(each) for each in value]
    return value


def _entry(entry: Entry) -> dict[str, Any]:
    shown = _shown(asdict(entry))
    del shown["source"]
    return shown


def _documents() -> list[Any]:
    names = [(path, path.relative_to(CORPUS).as_posix()) for path in DOCUMENTS]
    return [
        pytest.param(
            path,
            id=name,
            marks=[pytest.mark.xfail(reason=NOT_YET[name], strict=True)] if name in NOT_YET else [],
        )
        for path, name in names
    ]


@pytest.mark.parametrize("path", _documents())
def test_is_read_as_its_publisher_means_it(path):
    wanted = expected(path)

    parsed = read(path)

    assert [_entry(entry) for entry in parsed.entries] == wanted["entries"]
    assert {"version": parsed.version, "title": parsed.title, "language": parsed.language} == {
        name: wanted.get(name, "") for name in ("version", "title", "language")
    }
    assert _shown(asdict(parsed.pace)) == wanted.get("pace", _shown(asdict(Pace())))
    found = [str(problem) for problem in parsed.problems]
    assert len(found) == len(wanted["problems"]), found
    for fragment in wanted["problems"]:
        assert [fragment in problem for problem in found].count(True) == 1, found


def test_there_are_at_least_three_hundred_documents():
    assert len(DOCUMENTS) >= 300


def test_each_document_has_its_expectation_and_each_expectation_its_document():
    described = {path.with_name(path.name.removesuffix(SUFFIX)) for path in CORPUS.rglob("*" + SUFFIX)}

    assert described == set(DOCUMENTS)


def test_what_is_not_yet_read_well_is_in_the_corpus():
    names = {path.relative_to(CORPUS).as_posix() for path in DOCUMENTS}

    assert set(NOT_YET) <= names


def test_expectations_name_nothing_that_is_not_there():
    fields = set(Entry.__dataclass_fields__) - {"source"}
    strays = {
        str(path): unknown
        for path in DOCUMENTS
        for entry in expected(path)["entries"]
        if (unknown := set(entry) - fields)
    }

    assert strays == {}

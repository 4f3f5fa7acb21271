"""Turn our nouns into JSON documents and back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Any, TypeVar, cast

import orjson
from pydantic import TypeAdapter

T = TypeVar("T")

# orjson's own form of an instant has no fixed width; ours has, see `stamp`.
_OPTIONS = orjson.OPT_PASSTHROUGH_DATETIME


def dump(noun: object) -> str:
    """Return the JSON text of *noun*, a dataclass. Raise ValueError for a time that names no zone."""
    try:
        return orjson.dumps(noun, _plain, _OPTIONS).decode()
    except orjson.JSONEncodeError as error:
        raise ValueError(str(error.__cause__ or error)) from error


def load(kind: type[T], text: str) -> T:
    """Return the *kind* of noun that *text* holds; what it lacks has its default, what is unknown is ignored.

    Raise ValueError, which names the field, if it holds none.
    """
    noun: T = _adapter(cast("Any", kind)).validate_json(text)
    return noun


def encode(noun: object) -> dict[str, Any]:
    """Return the JSON document of *noun*; see `dump`."""
    document: dict[str, Any] = orjson.loads(dump(noun))
    return document


def decode(kind: type[T], document: Mapping[str, Any]) -> T:
    """Return the *kind* of noun that *document* holds; see `load`."""
    noun: T = _adapter(cast("Any", kind)).validate_python(document)
    return noun


def stamp(instant: datetime) -> str:
    """Return *instant* in UTC, as ISO 8601 of fixed width, so that the order of the strings is that of time."""
    if instant.tzinfo is None:
        raise ValueError(f"{instant} names no time zone")
    # Nearly all are in UTC already, and to bring them there again takes as long as writing them.
    return (instant if instant.tzinfo is UTC else instant.astimezone(UTC)).isoformat(timespec="microseconds")


def cell(value: object) -> object:
    """Return what a column holds of the field *value* of a noun: the same as the JSON document."""
    return _plain(value) if isinstance(value, (datetime, date, time, timedelta)) else value


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return stamp(value)
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, Mapping):
        return dict(value)
    raise ValueError(f"{type(value).__name__} has no form in JSON")


@cache
def _adapter(kind: type[Any]) -> TypeAdapter[Any]:
    return TypeAdapter(kind)

"""Turn our nouns into JSON documents and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Any, TypeVar, cast

from pydantic import TypeAdapter

T = TypeVar("T")


def encode(noun: object) -> dict[str, Any]:
    """Return the JSON document of *noun*, a dataclass. Raise ValueError for a time that names no zone."""
    return {name: _plain(getattr(noun, name)) for name in _names(cast("Any", type(noun)))}


def decode(kind: type[T], document: Mapping[str, Any]) -> T:
    """Return the *kind* of noun that *document* holds; what it lacks has its default, what is unknown is ignored.

    Raise ValueError, which names the field, if it holds none.
    """
    noun: T = _adapter(cast("Any", kind)).validate_python(document)
    return noun


def stamp(instant: datetime) -> str:
    """Return *instant* in UTC, as ISO 8601 of fixed width, so that the order of the strings is that of time."""
    if instant.tzinfo is None:
        raise ValueError(f"{instant} names no time zone")
    return instant.astimezone(UTC).isoformat(timespec="microseconds")


# Pydantic's own encoder leaves out the fraction where it is zero, and takes as long as this one.
def _plain(value: Any) -> Any:
    if value is None or isinstance(value, (str, int, float)):
        return value
    if isinstance(value, (tuple, list)):
        return [_plain(part) for part in value]
    if isinstance(value, datetime):
        return stamp(value)
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, Mapping):
        return {key: _plain(part) for key, part in value.items()}
    return encode(value)


@cache
def _names(kind: type[Any]) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


@cache
def _adapter(kind: type[Any]) -> TypeAdapter[Any]:
    return TypeAdapter(kind)

"""Read YAML files of our own into plain data, as fast as can be."""

from __future__ import annotations

from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)


def read_plain(text: str) -> Any:
    """Return *text* as mappings, lists and texts, whatever a scalar looks like, and None where nothing stands.

    Places are not kept, and nothing is filled from the environment. Raise `ValueError` for whatever `read_tree` has
    words for, and for merge keys.
    """
    # The events of the parser in C are put together here: of 1.4 MB that takes 0.3 s, where ruamel's own loader takes
    # 1.1 s in C, and 8 s without. Files of admins are not read so: that parser refuses `[07:00]`, and tells
    # mistakes in other words.
    stack: list[list[Any]] = [[]]
    anchors: list[str | None] = []
    anchored: dict[str | None, Any] = {}
    try:
        for event in YAML(typ="base").parse(text):
            match event:
                case ScalarEvent():
                    value = event.value or None
                    stack[-1].append(value)
                    anchored[event.anchor] = value
                case SequenceStartEvent() | MappingStartEvent():
                    stack.append([])
                    anchors.append(event.anchor)
                case SequenceEndEvent() | MappingEndEvent():
                    flat = stack.pop()
                    whole = flat if isinstance(event, SequenceEndEvent) else _pairs(flat)
                    stack[-1].append(whole)
                    anchored[anchors.pop()] = whole
                case AliasEvent():
                    stack[-1].append(anchored[event.anchor])
    except (YAMLError, KeyError) as error:
        raise ValueError("this is no YAML") from error
    return stack[0][0] if stack[0] else None


def _pairs(flat: list[Any]) -> dict[str, Any]:
    """Return the mapping of which *flat* has keys and values by turns."""
    keys = flat[::2]
    if not all(isinstance(key, str) for key in keys) or len(set(keys)) < len(keys) or "<<" in keys:
        raise ValueError("these are no keys that stand for themselves")
    return dict(zip(keys, flat[1::2], strict=True))

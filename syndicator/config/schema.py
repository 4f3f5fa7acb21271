"""Make the JSON Schema of feeds.yaml, by which editors complete and check it while it is written."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from syndicator.config.mistake import Path
from syndicator.config.scalars import VARIABLE
from syndicator.config.shape import NewsroomShape


def json_schema() -> dict[str, Any]:
    """Return the schema of the whole file: draft 7, which is what YAML editors know best."""
    made = NewsroomShape.model_json_schema()
    definitions = {name.removesuffix("Shape"): _tidy(definition) for name, definition in made.pop("$defs").items()}
    whole = _tidy(made)
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        **whole,
        "title": "feeds.yaml",
        "description": "A newsroom: what is read, how it is tagged, what is republished and mailed.",
        "patternProperties": {"^x-": {"description": "A shelf for YAML anchors; nothing here is looked at."}},
        "definitions": definitions,
    }


def describe_keys(path: Path) -> Mapping[str, str]:
    """Return the keys that the mapping at *path* may have, each with its description."""
    schema = _schema()
    node = _resolve(schema)
    for step in path:
        if isinstance(step, int):
            node = _resolve(node.get("items", {}))
        else:
            node = _resolve(node.get("properties", {}).get(step) or node.get("additionalProperties") or {})
    return {key: str(value.get("description", "")) for key, value in node.get("properties", {}).items()}


@lru_cache(maxsize=1)
def _schema() -> dict[str, Any]:
    return json_schema()


def _resolve(node: dict[str, Any]) -> dict[str, Any]:
    # What is a word or a mapping is known by the mapping.
    choices = [node, *node.get("anyOf", ()), *node.get("oneOf", ())]
    named = next((choice["$ref"] for choice in choices if "$ref" in choice), "")
    return dict(_schema()["definitions"][named.rsplit("/", 1)[-1]]) if named else node


def _tidy(node: Any) -> Any:
    """Return *node* of pydantic's schema as an editor needs it.

    A number, a switch or a choice may be a variable too; defaults that only mean "nothing" say nothing;
    what may be left out is no choice between itself and null.
    """
    if isinstance(node, list):
        return [_tidy(child) for child in node]
    if not isinstance(node, dict):
        return node
    tidy = {key: _tidy(value) for key, value in node.items() if not _says_nothing(key, value)}
    if "$ref" in tidy:
        tidy["$ref"] = "#/definitions/" + tidy["$ref"].rsplit("/", 1)[-1].removesuffix("Shape")
        tidy.pop("default", None)
    if tidy.get("type") in ("integer", "number", "boolean") and "anyOf" not in tidy:
        tidy |= {"type": [tidy["type"], "string"], "pattern": VARIABLE}
    if tidy.get("type") == "string" and "enum" in tidy:
        choice = {"enum": tidy.pop("enum")}
        tidy["anyOf"] = [choice, {"pattern": VARIABLE}]
    match tidy.get("anyOf"):
        case [choice, {"type": "null"}]:
            del tidy["anyOf"]
            tidy |= choice
    return tidy


def _says_nothing(key: str, value: object) -> bool:
    """Tell a default that only means "nothing", and a title that pydantic makes of a name."""
    return (key == "default" and value in ("", 0, None, [], {})) or (key == "title" and isinstance(value, str))

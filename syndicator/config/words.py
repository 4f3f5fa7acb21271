"""Say in plain words what the shapes found wrong, each thing at its place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from syndicator.config.mistake import Path, Place, Report, quote, suggest
from syndicator.config.rule_shape import KIND_STEPS
from syndicator.config.schema import describe_keys
from syndicator.config.tree import Tree
from syndicator.config.values import Wrong


def explain(error: ValidationError, tree: Tree, report: Report) -> None:
    """Add to *report* what *error* tells of *tree*, but for values that are reported already."""
    for detail in error.errors(include_url=False):
        path, place, text = _explain_one(detail, tree)
        if not report.has(path):
            report.add(place, path, text)


def _explain_one(detail: ErrorDetails, tree: Tree) -> tuple[Path, Place, str]:
    path: Path = tuple(step for step in detail["loc"] if step not in KIND_STEPS)
    kind, context = detail["type"], detail.get("ctx", {})
    # A key of a mapping by id or by language is marked by pydantic with one more step.
    if path and path[-1] == "[key]":
        path = path[:-1]
        return path, tree.key_place(path), _wrong(context, quote(str(path[-1])), hidden=False)
    match kind:
        case "missing" if path in tree.keys:
            return path, tree.key_place(path), _missing("is empty", path)
        case "missing":
            return path, tree.place(path[:-1]), _missing("is missing", path)
        case "extra_forbidden":
            return path, tree.key_place(path), _unknown_key(path)
        case "value_error":
            return path, tree.place(path), _wrong(context, tree.shown(path), hidden=path in tree.written)
    return path, tree.place(path), _misfit(kind, context, detail["input"], tree.shown(path), path)


def _wrong(context: Mapping[str, Any], shown: str, *, hidden: bool) -> str:
    wrong = context["error"]
    assert isinstance(wrong, Wrong)
    return wrong.text.replace("{value}", shown) + ("" if hidden else wrong.hint)


def _missing(what: str, path: Path) -> str:
    description = describe_keys(path[:-1]).get(str(path[-1]), "")
    return f"{what}: {description[:1].lower()}{description[1:].rstrip('.')}"


def _unknown_key(path: Path) -> str:
    known = describe_keys(path[:-1])
    near = suggest(str(path[-1]), known)
    return f"there is no such key{near}" if near else f"there is no such key here; there are {_listed(known)}"


def _misfit(kind: str, context: Mapping[str, Any], value: object, shown: str, path: Path) -> str:
    """Return the words for a value of the wrong kind or size."""
    match kind:
        case "dict_type" | "model_type" | "model_attributes_type":
            keys = _listed(describe_keys(path)) or "ids of your choice"
            return f"must be a mapping with keys ({keys}), and is {_kind(value, shown)}"
        case "list_type":
            example = f"; write [{value}]" if isinstance(value, str) and value.isidentifier() else ""
            return f"must be a list, and is {_kind(value, shown)}" + (example if value == shown[1:-1] else "")
        case _ if value is None:
            return "is empty; give it a value, or remove it"
        case _ if isinstance(value, (dict, list)) and kind != "too_short":
            return f"must be a single value, and is {shown}"
        case "too_short" if context["min_length"] == 1:
            return "is empty; name at least one"
        case "too_short":
            return f"needs at least {context['min_length']}, and has {context['actual_length']}"
        case "literal_error":
            choices = [choice.strip("'") for choice in str(context["expected"]).replace(" or ", ", ").split(", ")]
            near = suggest(shown.strip('"'), choices)
            return f"{shown} is none of {_listed(choices)}{near}"
        case "greater_than_equal":
            return f"{shown} is too small; the least is {context['ge']}"
        case "greater_than":
            return f"{shown} is too small; it must be above {context['gt']:g}"
        case "less_than_equal":
            return f"{shown} is too large; the most is {context['le']:g}"
        case _ if kind.startswith("int"):
            return f"{shown} is no whole number"
        case _ if kind.startswith(("float", "finite")):
            return f"{shown} is no number"
        case _ if kind.startswith("bool"):
            return f"{shown} is neither true nor false"
    return f"{shown} does not fit here; docs/feeds-yaml.md says what does"


def _kind(value: object, shown: str) -> str:
    return "empty" if value is None else shown if isinstance(value, (dict, list)) else f"the text {shown}"


def _listed(names: Mapping[str, str] | list[str]) -> str:
    return ", ".join(names)

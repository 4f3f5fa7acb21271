"""Read YAML into plain data and keep the place of every key and value; the home of ruamel.yaml."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError

from syndicator.config.environment import Unset, expand
from syndicator.config.mistake import Path, Place, Report, quote

MAX_DEPTH = 20  # levels; the deepest key that means anything stands on the seventh
MAX_VALUES = 200_000  # values, aliases counted where they are used: some 20,000 lines, and no "billion laughs"

_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_KINDS = ("str", "int", "float", "bool", "null", "timestamp", "merge", "value", "seq", "map")
_TAGS = frozenset(f"tag:yaml.org,2002:{kind}" for kind in _KINDS)
# What neither XML 1.0 (section 2.2) nor a mail header can carry.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """The file as plain data: mappings, lists, texts, and None where nothing stands.

    Every scalar is its text, as in YAML's failsafe schema: `no` is Norwegian, `07:00` no number of
    seconds, `2026` a search term; the shapes read numbers out of texts where they want numbers.
    *places* and *keys* say where values and keys stand; *written* has, for values that the environment
    changed, what the file says.
    """

    data: Any
    places: Mapping[Path, Place]
    keys: Mapping[Path, Place]
    written: Mapping[Path, str]

    def get(self, path: Path) -> Any:
        """Return the value at *path*, None where there is none."""
        value = self.data
        for step in path:
            if isinstance(step, str) and isinstance(value, dict):
                value = value.get(step)
            elif isinstance(step, int) and isinstance(value, list) and step < len(value):
                value = value[step]
            else:
                return None
        return value

    def place(self, path: Path) -> Place:
        """Return where the value at *path* stands, or the nearest mapping or list around it."""
        while path not in self.places and path:
            path = path[:-1]
        return self.places.get(path, (1, 1))

    def key_place(self, path: Path) -> Place:
        """Return where the key of *path* stands."""
        return self.keys.get(path) or self.place(path)

    def shown(self, path: Path) -> str:
        """Return the value at *path* for a message: as written, never what the environment put in."""
        match self.get(path):
            case dict():
                return "a mapping"
            case list():
                return "a list"
            case value:
                return quote(self.written.get(path, str(value)))


def read_tree(text: str, *, env: Mapping[str, str], report: Report) -> Tree | None:
    """Return *text* as a tree, its variables filled from *env*; None if it is no mapping.

    What is wrong with the YAML, and variables that are not set, go to *report*.
    """
    try:
        root = _compose(text)
    except ReaderError as error:
        report.add(_offset_place(text, error.position), (), _unprintable(text[error.position]))
        return None
    except MarkedYAMLError as error:
        mark, words = _syntax(error)
        report.add(_mark_place(mark), (), words)
        return None
    except (YAMLError, ArithmeticError, ValueError, AssertionError, LookupError, AttributeError, TypeError):
        # The parser lets some malformed escapes, directives and tags fail as Python fails, without a place.
        report.add((1, 1), (), "cannot be read as YAML; check escapes (\\U…), % lines and tags")
        return None
    if root is None or (isinstance(root, ScalarNode) and root.value == ""):
        report.add((1, 1), (), "the file is empty; docs/feeds-yaml.md begins with a small complete one")
        return None
    if not isinstance(root, MappingNode):
        report.add(_mark_place(root.start_mark), (), "the file must be a mapping: lines such as “site:” and “sources:”")
        return None
    try:
        tree = _Reader(env, report).read(root)
    except RecursionError:
        report.add((1, 1), (), "some anchors are aliases of aliases of aliases; write them out more simply")
        return None
    return tree if isinstance(tree.data, dict) else None


def _compose(text: str) -> Any:
    # Composing nodes takes 0.6 of the time that the round-trip loader takes (0.45 s against 0.76 s for
    # 2,000 lines), keeps both copies of a repeated key, and tells what is a plain text from what is quoted.
    yaml = YAML(typ="safe", pure=True)
    yaml.max_depth = MAX_DEPTH
    yaml.composer.warn_double_anchors = False
    return yaml.compose(text)


class _Reader:
    """Walks the nodes once, from the root down."""

    def __init__(self, env: Mapping[str, str], report: Report) -> None:
        self._env = env
        self._report = report
        self._places: dict[Path, Place] = {}
        self._keys: dict[Path, Place] = {}
        self._written: dict[Path, str] = {}
        self._pairs: dict[int, dict[str, tuple[Node, Node]]] = {}
        self._open: set[int] = set()
        self._shelved: set[int] = set()
        self._left = MAX_VALUES

    def read(self, root: MappingNode) -> Tree:
        data = self._value(root, ())
        return Tree(data=data, places=self._places, keys=self._keys, written=self._written)

    def _value(self, node: Node, path: Path) -> Any:
        # Where nothing stands after a key the parser is already at the next line; we point at the key.
        nothing = isinstance(node, ScalarNode) and node.style is None and node.value == ""
        place = self._keys[path] if nothing and path in self._keys else _mark_place(node.start_mark)
        self._places[path] = place
        self._left -= 1
        if str(node.tag) not in _TAGS:
            self._report.add(place, path, f"the YAML tag {quote(str(node.tag))} means nothing here; remove it")
        elif isinstance(node, ScalarNode):
            return self._text(node, path)
        elif id(node) in self._open:
            self._report.add(place, path, "this anchor holds an alias of itself; write it out")
        elif len(path) > MAX_DEPTH or self._left < 0:
            self._report.add(place, path, "too deep, or too many aliases of aliases; write it out more simply")
        else:
            self._open.add(id(node))
            value = self._list(node, path) if isinstance(node, SequenceNode) else self._mapping(node, path)
            self._open.discard(id(node))
            return value
        return None

    def _list(self, node: SequenceNode, path: Path) -> list[Any]:
        return [self._value(child, (*path, index)) for index, child in enumerate(node.value)]

    def _mapping(self, node: Node, path: Path) -> dict[str, Any]:
        values = {}
        for key, (key_node, child) in self._pairs_of(node, path).items():
            # Top-level keys that begin with x- are shelves for anchors, as in Compose files.
            if not path and key.startswith("x-"):
                self._shelf(child, (key,))
                continue
            self._keys[(*path, key)] = _mark_place(key_node.start_mark)
            values[key] = self._value(child, (*path, key))
        return values

    def _shelf(self, node: Node, path: Path) -> None:
        if isinstance(node, MappingNode) and id(node) not in self._shelved:
            self._shelved.add(id(node))
            for key, (_, child) in self._pairs_of(node, path).items():
                self._shelf(child, (*path, key))

    def _pairs_of(self, node: Node, path: Path) -> dict[str, tuple[Node, Node]]:
        """Return the keys of a mapping with their nodes; its own go before those that `<<` merges in."""
        if id(node) in self._pairs:
            return self._pairs[id(node)]
        own: dict[str, tuple[Node, Node]] = {}
        self._pairs[id(node)] = own  # what merges itself finds what it has so far, and ends
        merged: list[Node] = []
        for key_node, child in node.value:
            place = _mark_place(key_node.start_mark)
            if not isinstance(key_node, ScalarNode) or not key_node.value or _UNPRINTABLE.search(key_node.value):
                self._report.add(place, path, "a key must be plain text, and not empty")
            elif key_node.value == "<<" and key_node.style is None:
                merged += child.value if isinstance(child, SequenceNode) else [child]
            elif key_node.value in own:
                line = own[key_node.value][0].start_mark.line + 1
                text = f"this key stands here a second time (the first is in line {line}); keep one of them"
                self._report.add(place, (*path, key_node.value), text)
            else:
                own[key_node.value] = (key_node, child)
        for source in merged:
            if isinstance(source, MappingNode):
                own.update({key: pair for key, pair in self._pairs_of(source, path).items() if key not in own})
            else:
                place = _mark_place(source.start_mark)
                self._report.add(place, (*path, "<<"), "only a mapping can be merged; write “<<: *name” of one")
        return own

    def _text(self, node: ScalarNode, path: Path) -> str | None:
        written = node.value
        if node.style is None and written in _NULL:
            return None
        place = self._places[path]
        try:
            text = expand(written, self._env)
        except Unset as problem:
            self._report.add(place, path, str(problem))
            return None
        if text != written:
            self._written[path] = written
        if found := _UNPRINTABLE.search(text):
            self._report.add(place, path, _unprintable(found[0]) if text == written else "holds a control character")
            return None
        return text if text.strip() else None


def _unprintable(character: str) -> str:
    return f"the character U+{ord(character):04X} cannot be printed; remove it"


def _syntax(error: MarkedYAMLError) -> tuple[Any, str]:
    """Return the mark and the plain words for what the YAML parser found."""
    here, there = error.problem_mark or error.context_mark, error.context_mark or error.problem_mark
    problem, context = str(error.problem or ""), str(error.context or "")
    match problem:
        case _ if "'\\t'" in problem:
            return here, "a tab stands here; YAML is indented with spaces only"
        case _ if "that cannot start any token" in problem:
            return here, f"a text cannot begin with {problem.split()[2]}; put it in quotes"
        case _ if "quoted scalar" in context and "end of stream" in problem:
            return there, "this quote is never closed"
        case _ if "unknown escape" in problem:
            return here, "no such escape; write \\\\ for a backslash, or put the text in single quotes"
        case "mapping values are not allowed here":
            return (
                here,
                "a colon is not allowed here; put a text that holds “: ” in quotes, or set the indentation right",
            )
        case _ if "but found '<scalar>'" in problem or "but got '<scalar>'" in problem:
            return here, "text stands after the end of a value; inside 'single' quotes a ' is written twice, ''"
        case _ if "flow sequence" in context or "flow mapping" in context:
            bracket = "[" if "flow sequence" in context else "{"
            return (
                there,
                f"this “{bracket}” is not closed where it should be; check its commas, quotes and closing bracket",
            )
        case "sequence entries are not allowed here":
            return here, "a list cannot begin here; begin it on a new line, or put a text that begins with - in quotes"
        case "could not find expected ':'":
            return there, "a key without a colon; write “key: value”"
        case _ if problem.startswith("found undefined alias"):
            return here, f"no anchor of the name {quote(problem.split(maxsplit=3)[3][1:-1])} stands above this line"
        case "but found another document":
            return here, "a second document begins here; the file is one document: remove this “---”"
        case _ if "maximum depth" in problem:
            return here, "too many levels of brackets or indentation; write it out more simply"
        case _ if problem.startswith("expected <block end>"):
            return here, "this line is not indented like the others of its mapping or list, or a bracket is left over"
    return here, f"cannot be read as YAML ({problem or context}); check indentation, quotes and brackets"


def _mark_place(mark: Any) -> Place:
    return (mark.line + 1, mark.column + 1)


def _offset_place(text: str, offset: int) -> Place:
    before = text[:offset]
    return (before.count("\n") + 1, offset - before.rfind("\n"))

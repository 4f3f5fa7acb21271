"""Read where everything in a YAML text stands, from its first character to its last, aliases included."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceStartEvent,
    StreamStartEvent,
)

from syndicator.config.mistake import Mistake
from syndicator.config.tree import MAX_DEPTH
from syndicator.errors import ConfigError


@dataclass(slots=True, kw_only=True)
class Node:
    """A value and its place: *start* and *end* count characters, *line* and *column* from 0.

    A block ends where its last value ends; an alias has its own place and its anchor's node as *target*, and every
    other node has itself. A node that is *shared* has an alias somewhere.
    """

    kind: Literal["map", "list", "text", "alias"]
    start: int
    end: int
    line: int
    column: int
    flow: bool = False
    style: str = ""
    text: str = ""
    shared: bool = False
    pairs: list[tuple[Node, Node]] = field(default_factory=list)
    items: list[Node] = field(default_factory=list)
    anchored: Node | None = None

    @property
    def target(self) -> Node:
        """The node itself, or that of the anchor which it names."""
        return self.anchored or self

    @property
    def last(self) -> Node:
        """The node with which the text of this one ends."""
        if not self.flow and self.pairs:
            return self.pairs[-1][1].last
        return self.items[-1].last if not self.flow and self.items else self


def read_outline(text: str, *, name: str) -> Node:
    """Return the outermost mapping of *text*; raise `ConfigError` where it is no YAML, or no mapping."""
    yaml = YAML(typ="safe", pure=True)
    try:
        root = _Outliner(text, yaml.parse(text)).read()
    except (YAMLError, ArithmeticError, ValueError, AssertionError, LookupError, AttributeError, TypeError) as error:
        # `check` has words for what is wrong, and whoever edits a file has loaded it before.
        problem = "cannot be read as YAML; `syndicator check` says where"
        raise ConfigError([Mistake(file=name, line=1, column=1, path="", text=problem)]) from error
    if root is None or root.kind != "map":
        problem = "the file must be a mapping: lines such as “site:” and “sources:”"
        raise ConfigError([Mistake(file=name, line=1, column=1, path="", text=problem)])
    return root


class _Outliner:
    """Builds nodes from the parser's events, each in its place."""

    def __init__(self, text: str, events: Any) -> None:
        self._text = text
        self._events = events
        self._anchors: dict[str, Node] = {}

    def read(self) -> Node | None:
        event = next(self._events)
        while isinstance(event, StreamStartEvent | DocumentStartEvent):
            event = next(self._events)
        return self._node(event, 0) if isinstance(event, NodeEvent) else None

    def _node(self, event: Any, depth: int) -> Node:
        if depth > MAX_DEPTH:
            raise ValueError("too deep")
        mark = event.start_mark
        node = Node(kind="text", start=mark.index, end=event.end_mark.index, line=mark.line, column=mark.column)
        if isinstance(event, AliasEvent):
            node.kind, node.anchored = "alias", self._anchors[event.anchor]
            node.anchored.shared = True
            return node
        if event.anchor:
            self._anchors[event.anchor] = node
        if isinstance(event, ScalarEvent):
            node.text, node.style = event.value, event.style or ""
            written = self._text[node.start : node.end]
            # To the parser a block scalar ends at the next thing in the file; unless it keeps its blank lines ("|+"),
            # they are not its own.
            if node.style in ("|", ">") and "+" not in written.splitlines()[0]:
                node.end = node.start + len(written.rstrip())
        elif isinstance(event, MappingStartEvent):
            node.kind, node.flow = "map", bool(event.flow_style)
            children, end = self._children(depth)
            node.pairs = list(zip(children[::2], children[1::2], strict=True))
            for key, value in node.pairs:
                self._settle(key, value)
            node.end = end if node.flow or not children else children[-1].end
        elif isinstance(event, SequenceStartEvent):
            node.kind, node.flow = "list", bool(event.flow_style)
            node.items, end = self._children(depth)
            node.end = end if node.flow or not node.items else node.items[-1].end
        return node

    def _settle(self, key: Node, value: Node) -> None:
        """Put a value of nothing behind its key: the parser is at the next thing in the file already."""
        if value.kind == "text" and value.start == value.end:
            value.start = value.end = max(key.end, self._text.find(":", key.end, value.start) + 1)
            value.line, value.column = key.line, key.column

    def _children(self, depth: int) -> tuple[list[Node], int]:
        """Return the nodes up to the end of a mapping or list, and where it ends."""
        children = []
        event = next(self._events)
        while isinstance(event, NodeEvent):
            children.append(self._node(event, depth + 1))
            event = next(self._events)
        return children, event.end_mark.index

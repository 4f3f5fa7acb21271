"""Edit the text of feeds.yaml: add sources and move them, and leave every other line as its author wrote it.

A round trip through a YAML writer would indent, quote and fold lines that nobody asked it to touch. So the file is
only read for its places, and the text is spliced there. Whoever writes the result loads it first: `load_config`
says whether it means what was meant.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from syndicator.config.mistake import Path, Place, Report, quote
from syndicator.config.outline import Node, read_outline
from syndicator.errors import ConfigError

Value: TypeAlias = "str | bool | int | float | Sequence[Value] | Mapping[str, Value]"
Splice: TypeAlias = tuple[int, int, str]  # what stands from the first to the second place gives way to the text

# What YAML 1.1 and 1.2 take for something else than a text; our own loader does not, editors and other tools do.
_NO_TEXT = re.compile(
    r"(?i:true|false|yes|no|on|off|y|n|null|nan|inf)|[0-9][0-9a-fA-FoxTZ_.:+ -]*",
)
_NEWLINE = re.compile(r"\r\n|\n|\r")
_DASH = re.compile(r"^( *)-(?=\s|$)", re.MULTILINE)
_BLANK_LINE = re.compile(r"(?:\r\n|\n|\r)[ \t]*(?:\r\n|\n|\r)")
_TRAILING_COMMA = re.compile(r"(?:\s|(?<=\s)#[^\r\n]*+)*,")
_PROPERTIES = re.compile(r"(?:[&!]\S*\s+)*")  # the anchor and the tag of a value stand before it


def add_source(text: str, source: Mapping[str, Value], *, name: str = "feeds.yaml") -> str:
    """Return *text* with *source* after its last source, written as the others are; see `add_sources`.

    >>> add_source("sources:\\n- id: a  # first\\nkeep:\\n", {"id": "b", "title": "B: a paper"})
    "sources:\\n- id: a  # first\\n- id: b\\n  title: 'B: a paper'\\nkeep:\\n"
    """
    return add_sources(text, [source], name=name)


def add_sources(text: str, sources: Sequence[Mapping[str, Value]], *, name: str = "feeds.yaml") -> str:
    """Return *text* with *sources*, mappings as in feeds.yaml, after its last one; all other lines stay, byte for byte.

    Texts are taken as they are: `${` in them is escaped. Raise `ConfigError`, with the place, where no list of
    sources can be found to add to; messages call the file *name*.
    """
    root = read_outline(text, name=name)
    if not sources:
        return text
    pair = next((pair for pair in root.pairs if pair[0].text == "sources"), None)
    if pair is None:
        if root.flow:
            raise _refusal(name, root, (), "there is no “sources” to add to; write it as sources: [] first")
        splices = [_below(text, root.last, _block(sources, root.column + 2, 1), head=" " * root.column + "sources:")]
    else:
        splices = _additions(text, pair[1], sources, key=pair[0], inside_flow=root.flow, name=name)
    return _spliced(text, splices)


def move_source(text: str, moves: Mapping[str, str], *, name: str = "feeds.yaml") -> str:
    """Return *text* with the addresses of the sources whose ids *moves* has changed to what it gives for them.

    Raise `ConfigError` with every id that cannot be moved here, because it is not there, or its address stands
    elsewhere: in an alias, a merged mapping, the environment.
    """
    root = read_outline(text, name=name)
    listed = next((value for key, value in root.pairs if key.text == "sources"), None)
    by_id: dict[str, tuple[int, Node]] = {}
    for index, item in enumerate(listed.target.items if listed else ()):
        by_id.setdefault(_own(item.target).get("id", item).target.text, (index, item.target))
    splices: list[Splice] = []
    report = Report(name)
    for id, url in moves.items():
        index, item = by_id.get(id, (-1, root))
        address = _own(item).get("url")
        why = _no_address(address) if index >= 0 else f"there is no source {quote(id)} to be moved"
        if address and not why:
            splices.append(_replacement(text, address, url))
            continue
        path: Path = ("sources", index, "url") if index >= 0 else ("sources",)
        report.add(_place(address or item), path, why)
    if mistakes := report.mistakes():
        raise ConfigError(mistakes)
    return _spliced(text, splices)


def written_sources(text: str, *, name: str = "feeds.yaml") -> list[tuple[str, str]]:
    """Return id and address of every source in *text*, used or not, as they are written; what is missing is empty."""
    root = read_outline(text, name=name)
    listed = next((value.target for key, value in root.pairs if key.text == "sources"), None)
    found = []
    for item in listed.items if listed else ():
        own = _own(item.target)
        found.append(tuple(own[key].target.text if key in own else "" for key in ("id", "url")))
    return [(id, url) for id, url in found]


def _own(item: Node) -> dict[str, Node]:
    return {key.text: value for key, value in reversed(item.pairs)}


def _no_address(address: Node | None) -> str:
    """Return why *address* cannot be changed where it stands, or nothing."""
    if address is None:
        return "its address comes from a merged mapping (<<); give the source an “url” of its own"
    if address.target is not address:
        return "its address is an alias; write the address itself here"
    if address.shared:
        return "others have this address by an alias; write it out there, and remove the anchor"
    if "${" in address.text:
        return "its address holds a variable of the environment; change it there, or write the address itself here"
    return ""


def _replacement(text: str, address: Node, url: str) -> Splice:
    """Return the splice that puts *url* where *address* stands, in the same quotes."""
    properties = _PROPERTIES.match(text, address.start, address.end)
    start = properties.end() if properties else address.start
    written = _written(url)
    if address.style == '"' and not written.startswith('"'):
        written = _double_quoted(url)
    elif address.style == "'" and written[0] not in "'\"":
        written = f"'{written}'"
    return (start, address.end, written)


def _additions(
    text: str, listed: Node, sources: Sequence[Mapping[str, Value]], *, key: Node, inside_flow: bool, name: str
) -> list[Splice]:
    """Return the splices that add *sources* to the list *listed*, which stands under *key*."""
    if listed.target is not listed:
        raise _refusal(name, listed, ("sources",), "an alias stands here; write the list itself, and add to it")
    if listed.items and listed.flow:
        return _flow_additions(text, listed, [_flow(source) for source in sources])
    if listed.items:
        return [_block_addition(text, listed, sources, name=name)]
    if listed.kind == "map" or listed.text not in ("", "~", "null"):
        raise _refusal(name, listed, ("sources",), "must be a list; begin each source with “- id:”")
    if inside_flow:
        return [(listed.start, listed.end, f"[{', '.join(_flow(source) for source in sources)}]")]
    # An empty list, or nothing: a list of lines begins below. What stood here goes, a comment behind it stays.
    start = len(text[: listed.start].rstrip(" ")) if listed.end > listed.start else listed.start
    below = _below(text, listed, _block(sources, key.column + 2, 1))
    return [(start, listed.end, ""), below]


def _block_addition(text: str, listed: Node, sources: Sequence[Mapping[str, Value]], *, name: str) -> Splice:
    """Return the splice that adds *sources* below the last item of *listed*, indented and spaced as the items are."""
    first, last = listed.items[0], listed.items[-1]
    dashes = _DASH.findall(text, _line_start(text, listed.start), first.start)
    if not dashes:
        raise _refusal(name, first, ("sources",), "its dash cannot be found; write “- id:” on a line of its own")
    column = len(dashes[-1])
    gap = text[_line_start(text, last.start) + column + 1 : last.start]
    width = len(gap) if gap and not gap.strip(" ") else 1
    items = [f"{' ' * column}-{' ' * width}{_flow(source)}" for source in sources] if last.flow else None
    lines = items or _block(sources, column, width)
    gaps = [text[one.end : other.start] for one, other in zip(listed.items, listed.items[1:], strict=False)]
    if gaps and all(_BLANK_LINE.search(gap) for gap in gaps):
        lines = [line for item in _by_dash(lines, column) for line in ("", *item)]
    return _below(text, last.last, lines)


def _by_dash(lines: Sequence[str], column: int) -> list[list[str]]:
    items: list[list[str]] = []
    for line in lines:
        if line[column] == "-":
            items.append([])
        items[-1].append(line)
    return items


def _flow_additions(text: str, listed: Node, items: Sequence[str]) -> list[Splice]:
    """Return the splices that add *items* to a list in brackets: each on a line of its own if the last one is."""
    last = listed.items[-1]
    comma = _TRAILING_COMMA.match(text, last.end, listed.end)
    indent = text[_line_start(text, last.start) : last.start]
    if indent.strip(" "):
        return [(last.end, last.end, "".join(f", {item}" for item in items))]
    newline = _newline(text)
    behind = comma.end() if comma else last.end
    line_end = _line_end(text, behind)
    at = line_end if line_end < listed.end else behind
    added = ",".join(f"{newline}{indent}{item}" for item in items) + ("," if comma else "")
    # Of two splices at one place the second would stand first; a comma there goes into the same one.
    if comma:
        return [(at, at, added)]
    return [(at, at, f",{added}")] if at == last.end else [(last.end, last.end, ","), (at, at, added)]


def _below(text: str, node: Node, lines: Sequence[str], *, head: str = "") -> Splice:
    """Return the splice that puts *lines*, after a line *head* if there is one, below the line on which *node* ends."""
    newline = _newline(text)
    added = newline.join([*([head] if head else []), *lines])
    # A block scalar that keeps the blank lines behind it ends where the next line begins.
    if node.style in ("|", ">") and text[node.end - 1] in "\r\n":
        return (node.end, node.end, added + newline)
    at = _line_end(text, node.end)
    return (at, at, newline + added + (newline if at == len(text) else ""))


def _block(sources: Sequence[Mapping[str, Value]], column: int, width: int) -> list[str]:
    """Return the lines of *sources* as items of a list: dashes in *column*, then *width* spaces, then the keys."""
    lines = []
    for source in sources:
        lead = f"{' ' * column}-{' ' * width}"
        for key, value in source.items():
            lines.append(f"{lead}{key}: {_written(value)}")
            lead = " " * len(lead)
    return lines


def _flow(source: Mapping[str, Value]) -> str:
    return f"{{{', '.join(f'{key}: {_written(value)}' for key, value in source.items())}}}"


def _written(value: Value) -> str:
    match value:
        case bool():
            return str(value).lower()
        case str():
            return _scalar(value.replace("${", "$${"))
        case int() | float():
            return str(value)
        case Mapping():
            return _flow(value)
    return f"[{', '.join(_written(item) for item in value)}]"


def _scalar(text: str) -> str:
    """Return *text* as YAML that means it and nothing else, in brackets too; in quotes only where it needs them."""
    if not text.isprintable():
        return _double_quoted(text)
    plain = text[:1].isalnum() and not text.endswith((":", " ")) and not _NO_TEXT.fullmatch(text)
    if plain and not re.search(r"[,\[\]{}]|: | #", text):
        return text
    return "'" + text.replace("'", "''") + "'"


def _double_quoted(text: str) -> str:
    escaped = (f"\\{c}" if c in '"\\' else c if c.isprintable() else f"\\U{ord(c):08x}" for c in text)
    return f'"{"".join(escaped)}"'


def _newline(text: str) -> str:
    found = _NEWLINE.search(text)
    return found[0] if found else "\n"


def _line_start(text: str, at: int) -> int:
    return max(text.rfind("\n", 0, at), text.rfind("\r", 0, at)) + 1


def _line_end(text: str, at: int) -> int:
    found = _NEWLINE.search(text, at)
    return found.start() if found else len(text)


def _spliced(text: str, splices: Sequence[Splice]) -> str:
    for start, end, instead in sorted(splices, reverse=True):
        text = text[:start] + instead + text[end:]
    return text


def _refusal(name: str, node: Node, path: Path, why: str) -> ConfigError:
    report = Report(name)
    report.add(_place(node), path, why)
    return ConfigError(report.mistakes())


def _place(node: Node) -> Place:
    return (node.line + 1, node.column + 1)

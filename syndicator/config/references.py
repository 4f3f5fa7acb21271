"""Hold the parts of feeds.yaml against each other: names that must be known, and that must be alone."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Collection, Iterator, Mapping
from urllib.parse import urlsplit

from syndicator.config.mistake import Path, Report, suggest
from syndicator.config.schema import describe_keys
from syndicator.config.tree import Tree


def check_references(tree: Tree, report: Report, *, taken: Mapping[str, bool] | None) -> None:
    """Add to *report* what the parts of *tree* have against each other.

    *taken* are the tags of the vocabularies that are used, each with whether a rule gives it; None where it cannot be
    known which are meant.

    It works on the plain data and not on shapes, so that one wrong value hides no mistake elsewhere.
    """
    _check_twins(tree, report, "id", key=str, text="is already the id of")
    _check_twins(tree, report, "url", key=_same_address, text="is already the address of")
    own, sources, feeds = _known(tree, report, "tags"), _source_ids(tree), _known(tree, report, "feeds")
    tags = None if own is None or taken is None else {*own, *taken}
    _check_names(tree, report, ("site", "languages"), "language", None)
    for index in range(_length(tree, ("sources",))):
        source: Path = ("sources", index)
        _check_names(tree, report, (*source, "tags"), "tag", tags)
        _check_names(tree, report, (*source, "repair", "ignore"), "field", None)
        _check_names(tree, report, (*source, "expect", "words"), "word", None)
        _check_reason(tree, report, (*source, "ignore_robots"))
    for feed in _names(tree, ("feeds",)):
        select: Path = ("feeds", feed, "select")
        for choice in ("any", "all", "none"):
            _check_names(tree, report, (*select, "tags", choice), "tag", tags)
        _check_names(tree, report, (*select, "sources"), "source", sources)
        _check_names(tree, report, (*select, "languages"), "language", None)
    for newsletter in _names(tree, ("newsletters",)):
        _check_names(tree, report, ("newsletters", newsletter, "feeds"), "feed", feeds)
    for tag in _names(tree, ("tags",)):
        _check_tests(tree, report, tag, taken)
    _check_names(tree, report, ("use",), "vocabulary", None)
    _check_groups(tree, report)
    _check_sender(tree, report)
    _check_folders(tree, report)


def _known(tree: Tree, report: Report, section: str) -> Collection[str] | None:
    """Return the names in *section*, or None where it cannot be known what was meant to be there."""
    declared = tree.get((section,))
    if declared is None:
        # A slip in the name of the section itself is reported once, not at every name that is missed.
        misspelt = any(key not in describe_keys(()) for key in tree.data)
        return None if misspelt else ()
    return declared if isinstance(declared, dict) and not report.has((section,)) else None


def _source_ids(tree: Tree) -> Collection[str] | None:
    """Return the ids of all sources, or None where one of them cannot be read."""
    ids = [tree.get(("sources", index, "id")) for index in range(_length(tree, ("sources",)))]
    return ids if ids and all(isinstance(id, str) for id in ids) else None


def _names(tree: Tree, path: Path) -> list[str]:
    section = tree.get(path)
    return list(section) if isinstance(section, dict) else []


def _length(tree: Tree, path: Path) -> int:
    section = tree.get(path)
    return len(section) if isinstance(section, list) else 0


def _items(tree: Tree, path: Path) -> Iterator[tuple[Path, str]]:
    """Yield the texts of the list at *path*, each with its own path."""
    for index in range(_length(tree, path)):
        item = tree.get((*path, index))
        if isinstance(item, str):
            yield (*path, index), item


def _check_names(tree: Tree, report: Report, path: Path, kind: str, known: Collection[str] | None) -> None:
    seen = set()
    for at, name in _items(tree, path):
        if name in seen:
            report.add(tree.place(at), at, f"{tree.shown(at)} stands in this list twice")
        elif known is not None and name not in known:
            near = "" if at in tree.written else suggest(name, known)
            none = "" if known else f"; none is declared under “{kind}s:”"
            report.add(tree.place(at), at, f"there is no {kind} {tree.shown(at)}{near or none}")
        seen.add(name)


def _check_twins(tree: Tree, report: Report, field: str, *, key: Callable[[str], str], text: str) -> None:
    """Report the second of two sources whose *field* says the same. An address may wait in a disabled one."""
    first: dict[str, int] = {}
    for index in range(_length(tree, ("sources",))):
        at: Path = ("sources", index, field)
        value = tree.get(at)
        if not isinstance(value, str) or (field == "url" and _is_off(tree.get(("sources", index, "enabled")))):
            continue
        twin = first.setdefault(key(value), index)
        if twin != index:
            line = tree.place(("sources", twin, field))[0]
            report.add(tree.place(at), at, f"{tree.shown(at)} {text} sources[{twin}] (line {line})")


def _is_off(value: object) -> bool:
    return isinstance(value, str) and value.casefold() in ("false", "no", "off", "0", "f", "n")


def _same_address(url: str) -> str:
    """Return what two spellings of one address have in common: scheme and case of the host say little."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    query = f"?{parts.query}" if parts.query else ""
    return f"{parts.netloc.casefold()}{parts.path.rstrip('/')}{query}"


def _check_reason(tree: Tree, report: Report, at: Path) -> None:
    """Report a key that asks for a reason and has none; one that the environment leaves empty counts as left out."""
    if at in tree.keys and tree.get(at) is None and at not in tree.written:
        text = (
            'is empty; give the reason for which its robots.txt does not count, as "they asked us to read it", '
            "or remove the key"
        )
        report.add(tree.key_place(at), at, text)


def _check_tests(tree: Tree, report: Report, id: str, taken: Mapping[str, bool] | None) -> None:
    tag: Path = ("tags", id)
    children = any(other.startswith(f"{id}/") for other in (*_names(tree, ("tags",)), *(taken or ())))
    if children or taken is None or taken.get(id):
        return
    for key in ("must_match", "must_not_match"):
        at = (*tag, key)
        if tree.get(at) and tree.get((*tag, "match")) is None and not report.has((*tag, "match")):
            report.add(tree.key_place(at), at, "there is no rule to test; write match: {any: […]} beside it")


def _check_groups(tree: Tree, report: Report) -> None:
    """Report articles that are said to tell of one event and of two, or that stand in one group twice."""
    event: dict[str, str] = {}
    said: dict[str, Path] = {}
    for group in _groups(tree, "same"):
        _check_twin_addresses(tree, report, group)
        heads = {_head(event, _same_address(url)) for _, url in group}
        for at, url in group:
            said.setdefault(_same_address(url), at)
        for head in heads:
            event[head] = min(heads)
    for group in _groups(tree, "not_same"):
        _check_twin_addresses(tree, report, group)
        first: dict[str, str] = {}
        for at, url in group:
            address = _same_address(url)
            twin = first.setdefault(_head(event, address), address)
            if twin != address:
                line = tree.place(said[address])[0]
                text = f"{tree.shown(at)} and another of this group are the same event by “same” (line {line})"
                report.add(tree.place(at), at, f"{text}; remove one of them")


def _groups(tree: Tree, key: str) -> Iterator[list[tuple[Path, str]]]:
    for index in range(_length(tree, (key,))):
        yield list(_items(tree, (key, index)))


def _head(event: Mapping[str, str], address: str) -> str:
    """Return the address that stands for all that tell of the event of *address*."""
    while event.get(address, address) != address:
        address = event[address]
    return address


def _check_twin_addresses(tree: Tree, report: Report, group: list[tuple[Path, str]]) -> None:
    seen = set()
    for at, url in group:
        if _same_address(url) in seen:
            report.add(tree.place(at), at, f"{tree.shown(at)} stands in this group twice")
        seen.add(_same_address(url))


def _check_sender(tree: Tree, report: Report) -> None:
    mail = tree.get(("mail",))
    at: Path = ("mail", "from")
    if not tree.get(("newsletters",)) or report.has(at) or not isinstance(mail, dict | None):
        return
    if mail is None or mail.get("from") is None:
        place = tree.key_place(at) if at in tree.keys else tree.place(("mail",))
        report.add(place, at, "is missing; newsletters are sent from it: from: City Desk <desk@news.example>")


def _check_folders(tree: Tree, report: Report) -> None:
    public = _folder(tree, ("public",), "public/")
    for path, default, what in ((("store",), "data/", "the store"), (("mail", "maildir"), "mail/", "the Maildir")):
        private = _folder(tree, path, default)
        if private == public or private.startswith(public.rstrip("/") + "/") or public == ".":
            at: Path = path if tree.get(path) is not None else ("public",)
            text = f"{what} holds readers' addresses, and must not lie in the public folder"
            report.add(tree.place(at), at, text)


def _folder(tree: Tree, path: Path, default: str) -> str:
    written = tree.get(path)
    return posixpath.normpath(written if isinstance(written, str) else default)

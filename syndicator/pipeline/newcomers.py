"""Turn feeds that were found, or that a list names, into sources as feeds.yaml has them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from syndicator.config.model import Config
from syndicator.model.tag import Tag
from syndicator.pipeline.canonical import canonical_link
from syndicator.pipeline.naming import outlets_by_host, propose_id, propose_outlet, slug
from syndicator.pipeline.opml import Outline, find_tag
from syndicator.pipeline.urls import host_of

_REFUSED = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")  # signs that feeds.yaml cannot hold


@dataclass(frozen=True, slots=True, kw_only=True)
class Newcomers:
    """What a list brings: *sources* to be added, and *twins*: feeds that are there already, each with its id.

    *unknown* counts the feeds of categories and folders that name no tag.
    """

    sources: tuple[Mapping[str, str | tuple[str, ...]], ...] = ()
    twins: tuple[tuple[Outline, str], ...] = ()
    unknown: Mapping[str, int] = field(default_factory=dict)


def make_source(
    *, id: str, title: str, url: str, language: str, outlet: str, tags: Sequence[str] = ()
) -> dict[str, str | tuple[str, ...]]:
    """Return a source as feeds.yaml has it, without keys that would say nothing; a title it always gets."""
    name = " ".join(_REFUSED.sub(" ", title).split()) or urlsplit(url).hostname or url
    keys = {"id": id, "title": name, "url": url, "language": language, "outlet": "" if outlet == id else outlet}
    made: dict[str, str | tuple[str, ...]] = {key: value for key, value in keys.items() if value}
    return made | {"tags": tuple(tags)} if tags else made


def same_feed(url: str, written: Iterable[tuple[str, str]]) -> str:
    """Return the id of the one of *written* sources, `(id, url)`, whose feed is that at *url*, or an empty string."""
    link = canonical_link(url)
    return next((id for id, other in written if canonical_link(other) == link), "")


def newcomers(outlines: Sequence[Outline], *, config: Config, written: Sequence[tuple[str, str]]) -> Newcomers:
    """Return what *outlines* bring to a newsroom whose file has *written* sources, `(id, url)`, used or not.

    A category that names a tag, by its id or a label, becomes that tag. Where an outline has none, its folders do.
    Another folder is the outlet if it is called as one that we have, or as the host is; else it is dropped.
    """
    links = {canonical_link(url): id for id, url in written}
    ids = {id for id, _ in written}
    by_host = outlets_by_host(config.sources.values())
    outlets = {source.outlet for source in config.sources.values()}
    sources, twins, unknown = [], [], Counter[str]()
    for outline in outlines:
        link = canonical_link(outline.url)
        if link in links:
            twins.append((outline, links[link]))
            continue
        outlet = _outlet(outline, config, outlets)
        named = outline.categories or tuple(f for f in outline.folders if slug(f) != outlet)
        tags = _tags(named, config.tags, unknown)
        outlet = outlet or by_host.get(host_of(outline.url), "") or propose_outlet(outline.url)
        id = propose_id(outline.url, outlet=outlet, taken=ids)
        ids.add(id)
        links[link] = id
        sources.append(
            make_source(
                id=id, title=outline.title, url=outline.url, language=outline.language, outlet=outlet, tags=tags
            )
        )
    return Newcomers(sources=tuple(sources), twins=tuple(twins), unknown=unknown)


def _outlet(outline: Outline, config: Config, outlets: Collection[str]) -> str:
    """Return the outlet that a folder of *outline* names: one that we have, or one whose name its host bears."""
    host = re.sub(r"[.-]", "", host_of(outline.url))
    for folder in reversed(outline.folders):
        name = slug(folder)
        named = name in outlets or (len(name) > 2 and name.replace("-", "") in host)
        if named and not find_tag(folder, config.tags):
            return name
    return ""


def _tags(names: Sequence[str], tags: Mapping[str, Tag], unknown: Counter[str]) -> list[str]:
    """Return the tags that *names* name, each once; a name such as `/news/world` is looked for by its last part too."""
    found = []
    for name in names:
        tag = find_tag(name, tags) or find_tag(name.rpartition("/")[2], tags)
        if not tag:
            unknown[name] += 1
        elif tag not in found:
            found.append(tag)
    return found

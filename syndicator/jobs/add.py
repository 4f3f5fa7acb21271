"""Look for the feeds of a site: at the address itself, among those that its page names, where others have theirs."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import datetime

from syndicator.model.entry import Parsed, Problem
from syndicator.model.language import suggest_language
from syndicator.model.source import Blocked, Body, Failed, Fetched, Gone, Question, Source
from syndicator.pipeline.autodiscovery import FoundFeed, common_paths, find_feeds
from syndicator.pipeline.not_a_feed import recognise
from syndicator.pipeline.parse import parse_feed
from syndicator.ports import Fetcher

MAX_ASKED = 40  # feeds of one page that are asked; the fetcher spaces them, so that this takes about eight seconds

_SCHEME = re.compile(r"^(?:feed:(?://)?(?=https?:)|feed(?=://))", re.IGNORECASE)
_NETWORK = "check the spelling of the address, and whether there is a network"
_REFUSED = "ask the publisher to let feed readers in, or for another address"
# Pages behind which no feed is to be looked for: whoever shows them wants no programs, or has nothing any more.
_NO_SITES = frozenset({"challenge", "parked", "login", "maintenance", "empty_document", "image", "pdf"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A feed that was found: *url* is its permanent address, *title* its own, or that by which a page names it.

    *language* is that of most of its entries, else what it says of itself. *newest* is the date of its newest entry.
    """

    url: str
    title: str
    version: str
    language: str
    entries: int
    newest: datetime | None
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What was found for *url*: *candidates*, the likeliest first, or *why* there are none, and a *remedy*.

    *direct*: the address is a feed itself. *unasked* feeds were named by the page and not looked at.
    """

    url: str
    candidates: tuple[Candidate, ...] = ()
    direct: bool = False
    unasked: int = 0
    why: str = ""
    remedy: str = ""


async def search_feeds(
    address: str, *, fetcher: Fetcher, tell: Callable[[str], None], allow_private: bool = False
) -> Search:
    """Return the feeds that are found for *address*, as a person types it; *tell* hears of each address asked.

    A feed stands for itself. A page is looked through for feeds that it names, and a page that it names in their
    place, as newspapers have them, likewise; then, one after the other, the usual addresses are tried, up to the
    first that is a feed. Never raise for what a server does.
    """
    asker = _Asker(fetcher, tell, allow_private=allow_private)
    url = _SCHEME.sub(lambda found: "" if found[0].endswith((":", "/")) else "https", address.strip())
    if "://" in url:
        [answer] = await asker.ask([url])
    else:
        [answer] = await asker.ask([f"https://{url}"])
        if isinstance(answer, Failed) and not answer.status:
            # A server without TLS does not answer there; one that answers anything has the last word.
            [second] = await asker.ask([f"http://{url}"])
            answer = second if isinstance(second, Body) else answer
        url = answer.source
    if not isinstance(answer, Body):
        return _no_answer(url, answer)
    candidate = await _read(answer)
    if candidate:
        return Search(url=url, candidates=(candidate,), direct=True)
    page = recognise(answer.content, content_type=answer.content_type, url=answer.url)
    if page and page.kind in _NO_SITES:
        return Search(url=url, why=f"what came {page.text}", remedy=page.remedy)
    return await _search_site(url, answer, asker)


class _Asker:
    """Asks addresses, none of them twice."""

    def __init__(self, fetcher: Fetcher, tell: Callable[[str], None], *, allow_private: bool) -> None:
        self._fetcher = fetcher
        self._tell = tell
        self._allow_private = allow_private
        self.asked: set[str] = set()

    async def ask(self, urls: Sequence[str]) -> list[Fetched]:
        """Return the answers to *urls*, in their order; the address stands in `source`."""
        self.asked.update(urls)
        questions = [Question(source=url, url=url, allow_private=self._allow_private) for url in urls]
        answers: dict[str, Fetched] = {}
        async with aclosing(self._fetcher.fetch(questions)) as coming:
            async for answer in coming:
                self._tell(answer.source)
                answers[answer.source] = answer
        return [answers[url] for url in urls]


async def _search_site(url: str, page: Body, asker: _Asker) -> Search:
    """Return the feeds of the site that *page* belongs to."""
    found = find_feeds(page.content, url=page.url, content_type=page.content_type)
    candidates, answers = await _ask_named(found, asker)
    unasked = max(0, len(found) - MAX_ASKED)
    if not candidates:
        # "/rss" of a newspaper is often a page that lists its feeds.
        lists = [answer for answer in answers if isinstance(answer, Body)]
        for answer in lists[:2]:
            listed = find_feeds(answer.content, url=answer.url, content_type=answer.content_type)
            candidates, _ = await _ask_named([feed for feed in listed if feed.url not in asker.asked], asker)
            unasked = max(0, len(listed) - MAX_ASKED)
            if candidates:
                break
    if not candidates:
        unasked = 0
        candidates = await _guess(page, asker)
    if candidates:
        return Search(url=url, candidates=tuple(candidates), unasked=unasked)
    looked = f"the page names {len(found)} that are none" if found else "the page names none"
    return Search(
        url=url,
        why=f"no feed found: {looked}, and none stands where sites usually have theirs",
        remedy="look on the site for the word RSS, and give that address; some sites have no feed",
    )


async def _ask_named(found: Sequence[FoundFeed], asker: _Asker) -> tuple[list[Candidate], list[Fetched]]:
    """Return those of *found* that are feeds, and all the answers."""
    if not found:
        return [], []
    named = {feed.url: feed for feed in found[:MAX_ASKED]}
    answers = await asker.ask(list(named))
    candidates: dict[str, Candidate] = {}
    for answer in answers:
        candidate = await _read(answer) if isinstance(answer, Body) else None
        if candidate:
            candidate = replace(candidate, title=candidate.title or named[answer.source].title)
            candidates.setdefault(candidate.url, candidate)
    return list(candidates.values()), answers


async def _guess(page: Body, asker: _Asker) -> list[Candidate]:
    for url in common_paths(page.url):
        if url in asker.asked:
            continue
        [answer] = await asker.ask([url])
        if isinstance(answer, Blocked):
            break  # whoever turns us away is not asked further
        candidate = await _read(answer) if isinstance(answer, Body) else None
        if candidate:
            return [candidate]
    return []


async def _read(answer: Body) -> Candidate | None:
    """Return what *answer* holds, if it is a feed."""
    source = Source(id="new", title="", url=answer.source, language="")
    # Reading takes tens of milliseconds of processor time; other answers go on arriving meanwhile.
    parsed = await asyncio.to_thread(
        parse_feed, answer.content, source=source, url=answer.url, content_type=answer.content_type
    )
    if not parsed.version:
        return None
    dates = [date for entry in parsed.entries if (date := entry.updated or entry.published)]
    return Candidate(
        url=answer.moved_to or answer.source,
        title=parsed.title,
        version=parsed.version,
        language=_language(parsed),
        entries=len(parsed.entries),
        newest=max(dates, default=None),
        problems=parsed.problems,
    )


def _language(parsed: Parsed) -> str:
    spoken = Counter(entry.language for entry in parsed.entries if entry.language)
    tag = spoken.most_common(1)[0][0] if spoken else parsed.language
    return suggest_language(tag) if tag else ""


def _no_answer(url: str, answer: Fetched) -> Search:
    match answer:
        case Blocked():
            return Search(url=url, why=f"it turns us away: {answer.why}", remedy=_REFUSED)
        case Gone():
            return Search(url=url, why=answer.why, remedy="it is gone for good; look on the site for a new address")
        case Failed(status=0) if "private network" in answer.why:
            why = answer.why.partition(";")[0]
            return Search(url=url, why=why, remedy="if it is your own newsroom's, add --allow-private")
        case Failed(status=0):
            return Search(url=url, why=answer.why, remedy=_NETWORK)
        case Failed(status=status) if status >= 500:
            return Search(url=url, why=answer.why, remedy="the server is in trouble; try again later")
    why = answer.why if isinstance(answer, Failed) else "nothing came"
    return Search(url=url, why=why, remedy="look on the site for the right address; its front page will do")

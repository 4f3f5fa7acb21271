"""Say what the page "Why this story?" shows: words, tags and places as the values that its template gets."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from syndicator.config.model import Config
from syndicator.model.edition import Edition
from syndicator.model.entry import Item, Objection, Reason, Verdict
from syndicator.model.language import language_name, show_date
from syndicator.pipeline.desk import Desk, edition_path, language_folder
from syndicator.pipeline.explain import Explanation, Placement
from syndicator.pipeline.views import ReportView, tag_view
from syndicator.web.marks import Mark, Piece, cut, distance, marks_in, shown_pieces

# Of a feed that takes a dozen tags, a reader wants to know a few that would have done.
MAX_WANTED = 6
MAX_MISSING = 4  # words of a list of hundreds, of which one would have done


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonView:
    """Why a tag was given: *words* in *field*, for the *term* of the rule (empty where it says the same).

    Where *field* is `tag` or `source`, *words* are the name of what brings it.
    """

    field: str
    words: str
    term: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectionView:
    """What kept a tag out, by its *kind* (see `Objection`): *words* that exclude, or what is missing."""

    kind: str
    words: str
    found: str
    wanted: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictView:
    """A tag by its name, why it was given or which words of its rule were met, and what kept it out."""

    id: str
    label: str
    reasons: tuple[ReasonView, ...]
    objections: tuple[ObjectionView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedView:
    """A report with the words that earned it its tags marked; *report* is None for a text that somebody typed."""

    report: ReportView | None
    title: tuple[Piece, ...]
    summary: tuple[Piece, ...]
    date: str
    datetime: str
    given: tuple[VerdictView, ...]
    nearly: tuple[VerdictView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceView:
    """A feed or newsletter: whether the story stands there, or why not. Links are relative to the site's root.

    *place* is 0 where the order is not told. *lead* is the report that tells the story there, if it is another.
    """

    kind: str
    title: str
    path: str
    absence: str
    place: int
    limit: int
    days: int
    names: str
    unwanted: str
    lead: ReportView | None
    edition: tuple[str, str] | None


def judged_report(explanation: Explanation, desk: Desk) -> JudgedView:
    """Return one report of a story with its verdicts; no more of its words than its source's rights allow."""
    item = explanation.item
    source = next((desk.sources[id] for id in (item.entry.source, *item.sources) if id in desk.sources), None)
    words = source.rights.words if source and source.rights.show != "title" else 0
    reasons = _reasons_given(explanation.verdicts, desk)
    title = unicodedata.normalize("NFC", item.entry.title)
    summary = shown_pieces(item.entry.summary, marks_in("summary", reasons), words=words) if words else []
    return JudgedView(
        report=desk.report(item),
        title=tuple(cut(title, marks_in("title", reasons))),
        summary=tuple(summary),
        date=show_date(item.published_at, desk.language, timezone=desk.site.timezone),
        datetime=item.published_at.isoformat(timespec="seconds"),
        given=_verdicts(explanation.verdicts, desk, given=True),
        nearly=_verdicts(explanation.verdicts, desk, given=False),
    )


def judged_text(text: str, verdicts: Sequence[Verdict], desk: Desk) -> JudgedView:
    """Return *text* (NFC) with the *verdicts* on it, read as a title."""
    marks: list[Mark] = marks_in("title", _reasons_given(verdicts, desk))
    return JudgedView(
        report=None,
        title=tuple(cut(text, marks)),
        summary=(),
        date="",
        datetime="",
        given=_verdicts(verdicts, desk, given=True),
        nearly=_verdicts(verdicts, desk, given=False),
    )


def place_view(placement: Placement, config: Config, desk: Desk, editions: Mapping[str, Edition]) -> PlaceView:
    """Return where a story stands or why it does not; *editions* are the earlier ones, by id."""
    language, folder = desk.language, language_folder(desk.language, desk.site)
    feed = config.feeds[placement.id] if placement.kind == "feed" else None
    titled = feed or config.newsletters[placement.id]
    told = editions.get(placement.edition)
    languages = feed.select.languages if feed else ()
    names = (
        ", ".join(language_name(tag, language) for tag in languages)
        if placement.absence == "language"
        else _labels(placement.wanted[:MAX_WANTED], desk)
    )
    return PlaceView(
        kind=placement.kind,
        title=titled.title.to(language, *desk.site.languages) or placement.id,
        path=f"{folder}feeds/{placement.id}/index.html" if feed else f"{folder}subscribe/index.html",
        absence=placement.absence or "",
        place=placement.place,
        limit=placement.limit,
        days=feed.select.newer_than.days if feed else 0,
        names=names,
        unwanted=_labels(placement.unwanted, desk),
        lead=desk.report(placement.lead) if placement.lead else None,
        edition=(edition_path(told, language, desk.site), show_date(told.period, language)) if told else None,
    )


def best_report(items: Sequence[Item], lead: Item) -> list[Item]:
    """Return *items* with the *lead* first, the others in their order."""
    return [lead, *(item for item in items if item.id != lead.id)]


def _reasons_given(verdicts: Iterable[Verdict], desk: Desk) -> list[tuple[Reason, str]]:
    """Return the reasons of the tags that are given, each with the name of its tag."""
    return [(reason, _labels([v.tag], desk)) for v in verdicts if v.given for reason in v.reasons]


def _verdicts(verdicts: Iterable[Verdict], desk: Desk, *, given: bool) -> tuple[VerdictView, ...]:
    return tuple(
        VerdictView(
            id=verdict.tag,
            label=_labels([verdict.tag], desk),
            reasons=_distinct(_reason(reason, desk) for reason in verdict.reasons),
            objections=tuple(dict.fromkeys(_objection(each, desk) for each in verdict.objections)),
        )
        for verdict in sorted(verdicts, key=distance)
        if verdict.given == given
    )


def _distinct(reasons: Iterable[ReasonView]) -> tuple[ReasonView, ...]:
    """Return *reasons* without those that show the same words in the same field; the plainest of each stays."""
    plainest: dict[tuple[str, str], ReasonView] = {}
    for reason in reasons:
        known = plainest.setdefault((reason.field, reason.words), reason)
        if known.term and not reason.term:
            plainest[reason.field, reason.words] = reason
    return tuple(plainest.values())


def _reason(reason: Reason, desk: Desk) -> ReasonView:
    match reason:
        case Reason(field="tag"):
            return ReasonView(field="tag", words=_labels([reason.term], desk), term="")
        case Reason(field="source", words=""):
            named = desk.sources.get(reason.term)
            return ReasonView(field="brought", words=named.title if named else reason.term, term="")
        case _:
            same = reason.words.casefold() == reason.term.casefold()
            return ReasonView(field=reason.field, words=reason.words, term="" if same else reason.term)


def _objection(objection: Objection, desk: Desk) -> ObjectionView:
    listed = objection.missing
    if objection.kind == "any" and len(listed) > MAX_MISSING:
        listed = (*listed[:MAX_MISSING], "…")
    missing = _labels(listed, desk) if objection.kind == "requires" else ", ".join(listed)
    return ObjectionView(
        kind=objection.kind,
        words=objection.reason.words if objection.reason else missing,
        found=f"{objection.found:g}" if objection.found else "",
        wanted=f"{objection.wanted:g}",
    )


def _labels(ids: Iterable[str], desk: Desk) -> str:
    return ", ".join(tag_view(desk.tags[id], desk.language).label if id in desk.tags else id for id in ids)

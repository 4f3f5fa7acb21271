"""Keep the roll of readers for the admin: add, import, list, remove.

An admin's list never brings back a reader who left, and changes nothing that a reader chose.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from functools import partial

from syndicator.config.addresses import check_address
from syndicator.config.values import Wrong, time_of_day
from syndicator.jobs.confirmations import owe_confirmations
from syndicator.jobs.subscribe import MAX_NAME, withdraw
from syndicator.log import get_logger
from syndicator.model.edition import Newsletter
from syndicator.model.language import is_language_tag, suggest_language
from syndicator.model.site import Site
from syndicator.model.subscriber import Subscriber, fold_address
from syndicator.model.tag import Tag
from syndicator.pipeline import readers
from syndicator.pipeline.readers import Wish
from syndicator.ports import Store, Templates

log = get_logger()

FIRST_ROW = 2  # the number that a spreadsheet shows beside the first row under the headings
COLUMNS = {
    "email": "email", "e-mail": "email", "address": "email", "name": "name",
    "language": "languages", "languages": "languages", "timezone": "timezone",
    "newsletter": "newsletters", "newsletters": "newsletters",
    "topic": "topics", "topics": "topics", "hour": "hour", "confirmed": "confirmed",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What became of the rows: how many brought a reader something new, how many nothing, which were refused, and why.

    *asked* of the *added* are owed a confirmation mail.
    """

    added: int = 0
    known: int = 0
    asked: int = 0
    refused: Sequence[tuple[int, str]] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Removed:
    """Which addresses were taken off the roll, and which were not on it."""

    removed: tuple[str, ...]
    unknown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Row:
    number: int
    email: str
    wish: Wish
    confirmed_at: datetime | None


@dataclass(slots=True)
class _Roll:
    """The readers as the rows leave them, by folded address, and what has become of the rows.

    *asked* now have to confirm; *silent* had to before, and have not yet.
    """

    people: dict[str, Subscriber]
    changed: set[str] = field(default_factory=set)
    asked: set[str] = field(default_factory=set)
    silent: set[str] = field(default_factory=set)
    added: int = 0
    known: int = 0
    refused: dict[int, str] = field(default_factory=dict)


async def import_rows(
    rows: Sequence[Mapping[str, str | None]],
    *,
    newsletters: Mapping[str, Newsletter],
    tags: Mapping[str, Tag],
    site: Site,
    store: Store,
    templates: Templates,
    now: datetime,
    new_id: Callable[[], str],
    default_newsletters: Sequence[str] = (),
    consent: str = "",
    dry_run: bool = False,
) -> Imported:
    """Put the readers of *rows* on the roll and report; with *dry_run*, report only.

    A row has `email`, and may have `name`, `language`, `timezone`, `newsletter`, `topics` (several are
    separated by spaces, commas or semicolons), `hour` (of the reader's own clock, as 07:00) and `confirmed`
    (an ISO date). Mail goes to a reader whose row says when they confirmed, or for whom *consent*, which
    goes into the ledger, says how they did; the others are asked to confirm first. Doing it again adds nobody.
    """
    good: list[_Row] = []
    refused: dict[int, str] = {}
    for number, row in enumerate(map(_named, rows), start=FIRST_ROW):
        try:
            good.append(_read(number, row, newsletters, tags, site, default_newsletters, now))
        except ValueError as error:
            refused[number] = str(error)

    def change(people: Mapping[str, Subscriber]) -> tuple[list[Subscriber], _Roll]:
        roll = _Roll(people=dict(people))
        for row in good:
            person = roll.people.get(fold_address(row.email)) or Subscriber(
                id=new_id(), email=row.email, languages=row.wish.languages, timezone=row.wish.timezone
            )
            _enter(roll, row, person, consent, now)
        return [roll.people[key] for key in sorted(roll.changed)], roll

    addresses = [row.email for row in good]
    if dry_run:
        _, roll = change(await store.subscribers_by_email(addresses))
    else:
        roll = await store.change_subscribers(change, emails=addresses)
        # Should we die before the mails are owed, the next import owes them: to the silent ones as well.
        asked = [roll.people[key] for key in sorted(roll.asked | roll.silent)]
        await owe_confirmations(asked, newsletters=newsletters, site=site, store=store, templates=templates, now=now)
        log.info("imported", added=roll.added, known=roll.known, asked=len(roll.asked))
    refused |= roll.refused
    return Imported(added=roll.added, known=roll.known, asked=len(roll.asked), refused=tuple(sorted(refused.items())))


async def listed(*, store: Store, newsletter: str = "") -> Sequence[Subscriber]:
    """Return all readers, or those who have or await *newsletter*, in the order of their addresses."""
    everybody = sorted(await store.subscribers(), key=lambda subscriber: fold_address(subscriber.email))
    if not newsletter:
        return everybody
    return [s for s in everybody if any(x.newsletter == newsletter and not x.ended_at for x in s.subscriptions)]


async def remove(emails: Sequence[str], *, store: Store, now: datetime, erase: bool = False) -> Removed:
    """End all that the readers of *emails* get; with *erase*, delete all that is known of them.

    Whoever is ended is remembered, so that no import brings them back; who is erased is not.
    """
    wanted = {email: _address(email) for email in emails}
    addresses = list(wanted.values())
    if erase:
        found = await store.subscribers_by_email(addresses)
        await store.forget_subscribers([person.id for person in found.values()])
    else:
        found = await store.change_subscribers(partial(_end_all, now=now), emails=addresses)
        leavings = [(person.id, s.newsletter) for person in found.values() for s in person.subscriptions]
        await withdraw(leavings, store=store, now=now)
    log.info("removed", readers=len(found), erased=erase)
    return Removed(
        removed=tuple(person.email for person in found.values()),
        unknown=tuple(email for email, address in wanted.items() if fold_address(address) not in found),
    )


def _end_all(people: Mapping[str, Subscriber], *, now: datetime) -> tuple[list[Subscriber], Mapping[str, Subscriber]]:
    ended = []
    for person in people.values():
        gone = person
        for subscription in person.subscriptions:
            gone = readers.leave(gone, subscription.newsletter, now=now, how="removed by the admin")
        ended.append(gone)
    return ended, people


def _named(row: Mapping[str, str | None]) -> dict[str, str]:
    """Return *row* by our names for its columns; a cell that a short row lacks is empty."""
    return {
        COLUMNS[heading]: (cell or "").strip()
        for name, cell in row.items()
        if isinstance(name, str) and (heading := name.strip().lower()) in COLUMNS
    }


def _address(text: str) -> str:
    try:
        return check_address(text)
    except ValueError:
        return text


def _read(
    number: int,
    row: Mapping[str, str],
    newsletters: Mapping[str, Newsletter],
    tags: Mapping[str, Tag],
    site: Site,
    default_newsletters: Sequence[str],
    now: datetime,
) -> _Row:
    """Return whose *row* this is, what it wishes and when it was confirmed; raise `ValueError` with what is wrong."""
    email = check_address(row.get("email", ""))
    chosen = _several(row, "newsletters") or tuple(default_newsletters)
    if not chosen:
        raise ValueError(f"no newsletter is named; name one of {', '.join(newsletters)}")
    _demand(chosen, newsletters, "newsletter")
    topics = _several(row, "topics")
    _demand(topics, tags, "topic")
    languages = _several(row, "languages") or (site.languages[0],)
    for language in languages:
        if not is_language_tag(language):
            meant = suggest_language(language)
            remedy = f'did you mean "{meant}"?' if meant else "write it like vi or zh-Hans"
            raise ValueError(f'no language "{language}"; {remedy}')
    timezone = row.get("timezone") or site.timezone
    if not readers.is_zone(timezone):
        raise ValueError(f'no time zone "{timezone}"; write it like Asia/Ho_Chi_Minh')
    wish = Wish(
        newsletters=chosen,
        languages=languages,
        timezone=timezone,
        topics=topics,
        name=row.get("name", "")[:MAX_NAME],
        at=_hour(row.get("hour", "")),
    )
    return _Row(number, email, wish, _confirmed_at(row.get("confirmed", ""), now))


def _several(row: Mapping[str, str], column: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for word in re.split(r"[\s,;]+", row.get(column, "")) if word))


def _demand(ids: Sequence[str], known: Mapping[str, object], what: str) -> None:
    for id in ids:
        if id not in known:
            raise ValueError(f'no {what} "{id}" in feeds.yaml; there is {", ".join(known) or "none"}')


def _hour(text: str) -> time | None:
    try:
        return time_of_day(text) if text else None
    except Wrong as wrong:
        raise ValueError("hour: " + wrong.text.replace("{value}", f'"{text}"')) from wrong


def _confirmed_at(text: str, now: datetime) -> datetime | None:
    if not text:
        return None
    try:
        # A day is enough; a time without a zone is taken for UTC.
        day_only = len(text) == len("2026-07-14")
        value = datetime.combine(date.fromisoformat(text), time()) if day_only else datetime.fromisoformat(text)
        instant = value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise ValueError(f'confirmed: "{text}" is no date; write it like 2026-07-14') from None
    if instant > now:
        raise ValueError(f'confirmed: "{text}" is in the future; write the day on which the reader confirmed')
    return instant


def _enter(roll: _Roll, row: _Row, person: Subscriber, consent: str, now: datetime) -> None:
    """Enter one row of *person*, unless they left; change nothing of what they have or await already."""
    wish, confirmed_at = row.wish, row.confirmed_at or (now if consent else None)
    if any(readers.has_left(person, newsletter) for newsletter in wish.newsletters):
        roll.refused[row.number] = f"{person.email} left, and comes back only by signing up again"
        return
    # A reader who was asked and did not answer is not asked again, but may be vouched for.
    has = {s.newsletter for s in person.subscriptions if s.active or not confirmed_at}
    missing = replace(wish, newsletters=tuple(id for id in wish.newsletters if id not in has))
    key = fold_address(person.email)
    if not missing.newsletters:
        roll.known += 1
        if readers.awaiting(person):
            roll.silent.add(key)
        return
    if confirmed_at:
        how = consent or f"import, confirmed on {confirmed_at.date().isoformat()}"
        person = readers.vouch(person, missing, confirmed_at=confirmed_at, now=now, how=how)
    else:
        person = readers.ask(person, missing, now=now, how="import")
        roll.asked.add(key)
    roll.people[key] = person
    roll.changed.add(key)
    roll.added += 1

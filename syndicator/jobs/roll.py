"""Keep the roll of readers for the admin: add, import, list, remove.

An admin's list never brings back a reader who left, and changes nothing that a reader chose.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time

from syndicator.config.addresses import check_address
from syndicator.jobs.subscribe import MAX_NAME, confirmation, withdraw
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
    "topic": "topics", "topics": "topics", "confirmed": "confirmed",
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


@dataclass(slots=True)
class _Roll:
    """The readers as the rows leave them, by folded address, and what has become of the rows."""

    people: dict[str, Subscriber]
    changed: set[str] = field(default_factory=set)
    asked: set[str] = field(default_factory=set)
    added: int = 0
    known: int = 0
    refused: list[tuple[int, str]] = field(default_factory=list)


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
    separated by spaces, commas or semicolons) and `confirmed` (an ISO date). Mail goes to a reader whose
    row says when they confirmed, or for whom *consent*, which goes into the ledger, says how they did;
    the others are asked to confirm first. Doing it again adds nobody.
    """
    named = [_named(row) for row in rows]
    addresses = [address for row in named if (address := _address(row)) is not None]
    roll = _Roll(people=dict(await store.subscribers_by_email(addresses)))
    for number, row in enumerate(named, start=FIRST_ROW):
        try:
            email = check_address(row.get("email", ""))
            wish, confirmed_at = _read(row, newsletters, tags, site, default_newsletters, now)
            person = roll.people.get(fold_address(email)) or Subscriber(
                id=new_id(), email=email, languages=wish.languages, timezone=wish.timezone
            )
            _enter(roll, person, wish, confirmed_at or (now if consent else None), consent, now)
        except ValueError as error:
            roll.refused.append((number, str(error)))
    if not dry_run:
        await _write(roll, newsletters=newsletters, site=site, store=store, templates=templates, now=now)
    return Imported(added=roll.added, known=roll.known, asked=len(roll.asked), refused=tuple(roll.refused))


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
    wanted = {email: _address({"email": email}) or email for email in emails}
    found = await store.subscribers_by_email(list(wanted.values()))
    people = list(found.values())
    if erase:
        await store.forget_subscribers([person.id for person in people])
    else:
        ended, leavings = [], []
        for person in people:
            gone = person
            for newsletter in dict.fromkeys(s.newsletter for s in person.subscriptions):
                gone = readers.leave(gone, newsletter, now=now, how="removed by the admin")
                leavings.append((person.id, newsletter))
            ended.append(gone)
        await store.record_subscribers(ended)
        await withdraw(leavings, store=store, now=now)
    log.info("removed", readers=len(people), erased=erase)
    return Removed(
        removed=tuple(person.email for person in people),
        unknown=tuple(email for email, address in wanted.items() if fold_address(address) not in found),
    )


def _named(row: Mapping[str, str | None]) -> dict[str, str]:
    """Return *row* by our names for its columns; a cell that a short row lacks is empty."""
    return {
        COLUMNS[heading]: (cell or "").strip()
        for name, cell in row.items()
        if isinstance(name, str) and (heading := name.strip().lower()) in COLUMNS
    }


def _address(row: Mapping[str, str]) -> str | None:
    try:
        return check_address(row.get("email", ""))
    except ValueError:
        return None


def _read(
    row: Mapping[str, str],
    newsletters: Mapping[str, Newsletter],
    tags: Mapping[str, Tag],
    site: Site,
    default_newsletters: Sequence[str],
    now: datetime,
) -> tuple[Wish, datetime | None]:
    """Return what *row* wishes and when it was confirmed; raise `ValueError` with what is wrong, and the remedy."""
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
        newsletters=chosen, languages=languages, timezone=timezone, topics=topics, name=row.get("name", "")[:MAX_NAME]
    )
    return wish, _confirmed_at(row.get("confirmed", ""), now)


def _several(row: Mapping[str, str], column: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for word in re.split(r"[\s,;]+", row.get(column, "")) if word))


def _demand(ids: Sequence[str], known: Mapping[str, object], what: str) -> None:
    for id in ids:
        if id not in known:
            raise ValueError(f'no {what} "{id}" in feeds.yaml; there is {", ".join(known) or "none"}')


def _confirmed_at(text: str, now: datetime) -> datetime | None:
    if not text:
        return None
    try:
        # A day is enough; a time without a zone is taken for UTC.
        day_only = len(text) == len("2026-07-14")
        value = datetime.combine(date.fromisoformat(text), time()) if day_only else datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f'confirmed: "{text}" is no date; write it like 2026-07-14') from None
    instant = value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)
    if instant > now:
        raise ValueError(f'confirmed: "{text}" is in the future; write the day on which the reader confirmed')
    return instant


def _enter(
    roll: _Roll, person: Subscriber, wish: Wish, confirmed_at: datetime | None, consent: str, now: datetime
) -> None:
    """Enter one row. Raise `ValueError` when the reader left; change nothing of what they have or await already."""
    for newsletter in wish.newsletters:
        if readers.has_left(person, newsletter):
            raise ValueError(f"{person.email} left, and comes back only by signing up again")
    # A reader who was asked and did not answer is not asked again, but may be vouched for.
    has = {s.newsletter for s in person.subscriptions if s.active or not confirmed_at}
    missing = replace(wish, newsletters=tuple(id for id in wish.newsletters if id not in has))
    key = fold_address(person.email)
    if not missing.newsletters:
        roll.known += 1
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


async def _write(
    roll: _Roll,
    *,
    newsletters: Mapping[str, Newsletter],
    site: Site,
    store: Store,
    templates: Templates,
    now: datetime,
) -> None:
    people = [roll.people[key] for key in sorted(roll.changed)]
    mails = [
        confirmation(roll.people[key], newsletters=newsletters, site=site, templates=templates, now=now)
        for key in sorted(roll.asked)
    ]
    variants = {variant.id: variant for variant, _ in mails}
    await store.record_subscribers(people)
    await store.freeze(None, list(variants.values()), [delivery for _, delivery in mails])
    log.info("imported", added=roll.added, known=roll.known, asked=len(mails), refused=len(roll.refused))

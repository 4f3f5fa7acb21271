"""Let a person ask for newsletters, confirm that by mail, and leave again.

Nobody is mailed without having asked: typing an address owes it one confirmation mail a day, whoever
types it and however often, and changes nothing else until its owner confirms.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from syndicator.config.addresses import check_address
from syndicator.errors import TokenError
from syndicator.jobs.confirmations import owe_confirmations
from syndicator.log import get_logger
from syndicator.model.edition import Newsletter
from syndicator.model.language import is_language_tag
from syndicator.model.mail import delivery_id
from syndicator.model.site import Site
from syndicator.model.subscriber import Subscriber, fold_address
from syndicator.model.tag import Tag
from syndicator.pipeline import readers, tokens
from syndicator.pipeline.readers import Wish
from syndicator.ports import Store, Templates

log = get_logger()

MAX_NAME = 100  # characters; the form says the same
# A delivery of an older edition is long settled; daily newsletters have one edition a day.
OPEN_EDITIONS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class SignUp:
    """What a visitor typed and ticked, as it came; *page_language* is that of the page before them."""

    email: str
    newsletters: tuple[str, ...]
    page_language: str
    name: str = ""
    languages: tuple[str, ...] = ()
    timezone: str = ""
    topics: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The wish is written down. A visitor is told the same whether the address was known or not."""

    email: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """What is wrong, by field of the form, in the visitor's language."""

    errors: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmed:
    """What a confirmation link is about, or has brought: the ids of the newsletters."""

    subscriber: Subscriber
    newsletters: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """What an unsubscribe link is about, or has ended; *subscriber* is None when we do not know them any more."""

    newsletter: str
    subscriber: Subscriber | None


async def ask(
    request: SignUp,
    *,
    newsletters: Mapping[str, Newsletter],
    tags: Mapping[str, Tag],
    site: Site,
    store: Store,
    templates: Templates,
    now: datetime,
    new_id: Callable[[], str],
) -> Asked | Rejected:
    """Write a wish down and owe its confirmation mail; while a mail of this day (UTC) awaits its answer, do neither.

    Otherwise a stranger could have an address mailed as often as they type it.
    """
    errors = _find_errors(request, newsletters=newsletters, tags=tags, templates=templates)
    if errors:
        return Rejected(errors=errors)
    email = check_address(request.email)
    wish = Wish(
        newsletters=tuple(dict.fromkeys(request.newsletters)),
        languages=tuple(dict.fromkeys(request.languages)) or (request.page_language,),
        timezone=request.timezone or site.timezone,
        name=request.name.strip(),
        topics=tuple(dict.fromkeys(request.topics)),
    )

    def change(people: Mapping[str, Subscriber]) -> tuple[list[Subscriber], Subscriber]:
        person = people.get(fold_address(email)) or Subscriber(
            id=new_id(), email=email, languages=wish.languages, timezone=wish.timezone
        )
        if not readers.is_asked(person, now=now):
            person = readers.ask(person, wish, now=now, how="web form")
        return [person], person

    asking = await store.change_subscribers(change, emails=[email])
    # Should we die between the two, the next asking owes the mail.
    if await owe_confirmations([asking], newsletters=newsletters, site=site, store=store, templates=templates, now=now):
        log.info("asked", subscriber=asking.id, newsletters=wish.newsletters)
    return Asked(email=email)


async def show_confirmation(token: str, *, secret: bytes, store: Store, now: datetime) -> Confirmed:
    """Return what *token* would confirm, and change nothing. Raise `TokenError` as `confirm` does."""
    id, *words = tokens.read(tokens.CONFIRM, token, secret=secret, now=now, max_age=tokens.CONFIRM_MAX_AGE)
    people = {subscriber.id: subscriber for subscriber in await store.subscribers([id])}
    return _asked_by(people.get(id), words, token, secret=secret, now=now)


async def confirm(token: str, *, how: str, secret: bytes, store: Store, now: datetime) -> Confirmed:
    """Begin what *token* confirms, and return it; the second time, change nothing.

    Raise `TokenError` when the link is forged, cut short, older than 72 hours, or older than the reader's leaving:
    who left comes back by asking anew; and when all that its mail asked was replaced by another wish since.
    """
    id, *words = tokens.read(tokens.CONFIRM, token, secret=secret, now=now, max_age=tokens.CONFIRM_MAX_AGE)

    def change(people: Mapping[str, Subscriber]) -> tuple[list[Subscriber], tuple[Confirmed, bool]]:
        shown = _asked_by(people.get(id), words, token, secret=secret, now=now)
        confirmed = readers.confirm(shown.subscriber, shown.newsletters, now=now, how=how)
        return [confirmed], (replace(shown, subscriber=confirmed), confirmed != shown.subscriber)

    done, changed = await store.change_subscribers(change, ids=[id])
    if changed:
        log.info("confirmed", subscriber=id, newsletters=done.newsletters)
    return done


async def show_leaving(token: str, *, secret: bytes, store: Store) -> Left:
    """Return what *token* would end, and change nothing. Raise `TokenError` when it is forged or cut short."""
    id, newsletter = tokens.read(tokens.UNSUBSCRIBE, token, secret=secret)
    found = await store.subscribers([id])
    return Left(newsletter=newsletter, subscriber=found[0] if found else None)


async def leave(token: str, *, how: str, secret: bytes, store: Store, now: datetime) -> Left:
    """End the one newsletter that *token* names and withdraw what is still owed of it; the second time, change nothing.

    Whom we do not know any more has left already. Raise `TokenError` when the link is forged or cut short.
    """
    id, newsletter = tokens.read(tokens.UNSUBSCRIBE, token, secret=secret)

    def change(people: Mapping[str, Subscriber]) -> tuple[list[Subscriber], tuple[Subscriber | None, bool]]:
        person = people.get(id)
        gone = person and readers.leave(person, newsletter, now=now, how=how)
        return [gone] if gone else [], (gone, gone != person)

    gone, changed = await store.change_subscribers(change, ids=[id])
    if changed:
        # Should we die before, nothing of it is sent all the same: consent is looked up before a mail leaves.
        await withdraw([(id, newsletter)], store=store, now=now)
        log.info("left", subscriber=id, newsletter=newsletter, how=how)
    return Left(newsletter=newsletter, subscriber=gone)


async def withdraw(leavings: Sequence[tuple[str, str]], *, store: Store, now: datetime) -> None:
    """Withdraw the mails still owed of those (subscriber's id, newsletter's id)."""
    owed = []
    for newsletter in {newsletter for _, newsletter in leavings}:
        for edition in await store.editions(newsletter, limit=OPEN_EDITIONS):
            owed += [delivery_id(edition.id, subscriber) for subscriber, name in leavings if name == newsletter]
    deliveries = (await store.deliveries(owed)).values()
    # A mail that is on its way at this moment stays withdrawn only if it does not leave: the receipt has the last word.
    pending = [replace(d, state="withdrawn", settled_at=now) for d in deliveries if d.state == "pending"]
    if pending:
        await store.settle(pending)


def _find_errors(
    request: SignUp, *, newsletters: Mapping[str, Newsletter], tags: Mapping[str, Tag], templates: Templates
) -> dict[str, str]:
    language = request.page_language
    errors = {}
    try:
        check_address(request.email)
    except ValueError:
        errors["email"] = templates.translate(
            "This is not an e-mail address. It looks like name@example.org.", language=language
        )
    if len(request.name) > MAX_NAME or not request.name.isprintable():
        errors["name"] = templates.translate("Write a shorter name, on one line.", language=language)
    if not request.newsletters or not newsletters.keys() >= set(request.newsletters):
        errors["newsletter"] = templates.translate("Choose at least one newsletter of this list.", language=language)
    if not tags.keys() >= set(request.topics):
        errors["topic"] = templates.translate("Choose topics of this list only.", language=language)
    if not all(is_language_tag(tag) for tag in request.languages):
        errors["language"] = templates.translate("Choose a language of this list.", language=language)
    if request.timezone and not readers.is_zone(request.timezone):
        errors["timezone"] = templates.translate("Choose a time zone of this list.", language=language)
    return errors


def _asked_by(
    subscriber: Subscriber | None, words: Sequence[str], token: str, *, secret: bytes, now: datetime
) -> Confirmed:
    """Return what the mail with *token*, which asked for the wishes of *words*, begins or has begun."""
    if subscriber:
        waiting = {s.newsletter for s in readers.awaiting(subscriber)}
        begun = {s.newsletter for s in subscriber.subscriptions if s.active} - waiting
        named = [word.partition(":")[0] for word in words]
        found = {*readers.still_awaiting(subscriber, words), *begun}
        newsletters = [n for n in named if n in found and not _left_since(subscriber, n, token, secret, now)]
        if newsletters:
            return Confirmed(subscriber=subscriber, newsletters=tuple(newsletters))
    raise TokenError("what the link would confirm has been withdrawn or replaced since", expired=True)


def _left_since(subscriber: Subscriber, newsletter: str, token: str, secret: bytes, now: datetime) -> bool:
    """Tell whether *subscriber* left *newsletter* after *token* was issued."""
    left_at = readers.left_at(subscriber, newsletter)
    if left_at is None:
        return False
    try:
        tokens.read(tokens.CONFIRM, token, secret=secret, now=now, max_age=now - left_at)
    except TokenError:
        return True
    return False

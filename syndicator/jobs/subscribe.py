"""Let a person ask for newsletters, confirm that by mail, and leave again.

Nobody is mailed without having asked: typing an address owes it one confirmation mail a day, whoever
types it and however often, and changes nothing else until its owner confirms.

These functions read a subscriber and write it back. Whoever calls them for one store lets one finish
before the next begins.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from syndicator.config.addresses import check_address
from syndicator.errors import TokenError
from syndicator.log import get_logger
from syndicator.model.edition import Newsletter, Variant
from syndicator.model.language import choose_language, is_language_tag
from syndicator.model.mail import Delivery, delivery_id
from syndicator.model.site import Site
from syndicator.model.subscriber import Subscriber, fold_address
from syndicator.model.tag import Tag
from syndicator.pipeline import readers, tokens
from syndicator.pipeline.compose import CONFIRM_URL, EMAIL
from syndicator.pipeline.readers import Wish
from syndicator.pipeline.views import newsletter_view, site_view
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
    """Write a wish down and owe its confirmation mail; the second time on one day (UTC), do nothing.

    A second wish waits for the next day because a stranger could otherwise change what the mail of
    this day asks its reader to confirm.
    """
    errors = _find_errors(request, newsletters=newsletters, tags=tags, templates=templates)
    if errors:
        return Rejected(errors=errors)
    email = check_address(request.email)
    found = await store.subscribers_by_email([email])
    known = found.get(fold_address(email))
    if known and await store.deliveries([delivery_id(_confirmation_edition(now), known.id)]):
        return Asked(email=email)
    wish = Wish(
        newsletters=tuple(dict.fromkeys(request.newsletters)),
        languages=tuple(dict.fromkeys(request.languages)) or (request.page_language,),
        timezone=request.timezone or site.timezone,
        name=request.name.strip(),
        topics=tuple(dict.fromkeys(request.topics)),
    )
    person = known or Subscriber(id=new_id(), email=email, languages=wish.languages, timezone=wish.timezone)
    asking = readers.ask(person, wish, now=now, how="web form")
    mail = confirmation(asking, newsletters=newsletters, site=site, templates=templates, now=now)
    # The reader is written first: should we die between the two, the next asking owes the mail.
    await store.record_subscribers([asking])
    await store.freeze(None, [mail[0]], [mail[1]])
    log.info("asked", subscriber=asking.id, newsletters=wish.newsletters)
    return Asked(email=email)


def confirmation(
    subscriber: Subscriber, *, newsletters: Mapping[str, Newsletter], site: Site, templates: Templates, now: datetime
) -> tuple[Variant, Delivery]:
    """Return the mail by which *subscriber* confirms what they asked for: one a day (UTC), and no list mail.

    It holds nothing that was typed into a form but the address itself.
    """
    waiting = readers.awaiting(subscriber)
    language = choose_language(waiting[-1].languages or subscriber.languages, templates.languages) or site.languages[0]
    context = {
        "site": site_view(site, language),
        "newsletters": [
            newsletter_view(newsletters[s.newsletter], language) for s in waiting if s.newsletter in newsletters
        ],
        "slots": {"confirm_url": CONFIRM_URL, "email": EMAIL},
    }
    subject = templates.translate("Please confirm your subscription", language=language)
    html = templates.render("email/confirm.html", language=language, **context)
    text = templates.render("email/confirm.txt", language=language, **context)
    edition = _confirmation_edition(now)
    # The content names the variant, so that all who ask for the same share one.
    digest = hashlib.sha256("\0".join((subject, html, text)).encode()).hexdigest()[:16]
    variant = Variant(
        id=f"confirm/{language}/{digest}", edition=edition, language=language, subject=subject, html=html, text=text
    )
    delivery = Delivery(
        id=delivery_id(edition, subscriber.id),
        edition=edition,
        subscriber=subscriber.id,
        variant=variant.id,
        due_at=now,
        created_at=now,
        language=language,
    )
    return variant, delivery


async def show_confirmation(token: str, *, secret: bytes, store: Store, now: datetime) -> Confirmed:
    """Return what *token* would confirm, and change nothing. Raise `TokenError` as `confirm` does."""
    id, *newsletters = tokens.read(tokens.CONFIRM, token, secret=secret, now=now, max_age=tokens.CONFIRM_MAX_AGE)
    for subscriber in await store.subscribers([id]):
        asked = {s.newsletter for s in readers.awaiting(subscriber)}
        active = {s.newsletter for s in subscriber.subscriptions if s.active}
        found = [n for n in newsletters if n in asked | active and not _left_since(subscriber, n, token, secret, now)]
        if found:
            return Confirmed(subscriber=subscriber, newsletters=tuple(dict.fromkeys(found)))
    raise TokenError("what the link would confirm has been withdrawn since", expired=True)


async def confirm(token: str, *, how: str, secret: bytes, store: Store, now: datetime) -> Confirmed:
    """Begin what *token* confirms, and return it; the second time, change nothing.

    Raise `TokenError` when the link is forged, cut short, older than 72 hours, or older than the reader's leaving:
    who left comes back by asking anew.
    """
    shown = await show_confirmation(token, secret=secret, store=store, now=now)
    confirmed = readers.confirm(shown.subscriber, shown.newsletters, now=now, how=how)
    if confirmed != shown.subscriber:
        await store.record_subscribers([confirmed])
        log.info("confirmed", subscriber=confirmed.id, newsletters=shown.newsletters)
    return replace(shown, subscriber=confirmed)


async def show_leaving(token: str, *, secret: bytes, store: Store) -> Left:
    """Return what *token* would end, and change nothing. Raise `TokenError` when it is forged or cut short."""
    id, newsletter = tokens.read(tokens.UNSUBSCRIBE, token, secret=secret)
    found = await store.subscribers([id])
    return Left(newsletter=newsletter, subscriber=found[0] if found else None)


async def leave(token: str, *, how: str, secret: bytes, store: Store, now: datetime) -> Left:
    """End the one newsletter that *token* names and withdraw what is still owed of it; the second time, change nothing.

    Whom we do not know any more has left already. Raise `TokenError` when the link is forged or cut short.
    """
    shown = await show_leaving(token, secret=secret, store=store)
    if shown.subscriber is None:
        return shown
    gone = readers.leave(shown.subscriber, shown.newsletter, now=now, how=how)
    if gone == shown.subscriber:
        return shown
    await store.record_subscribers([gone])
    await withdraw([(gone.id, shown.newsletter)], store=store, now=now)
    log.info("left", subscriber=gone.id, newsletter=shown.newsletter, how=how)
    return replace(shown, subscriber=gone)


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


def _confirmation_edition(now: datetime) -> str:
    return f"confirm/{now.date().isoformat()}"

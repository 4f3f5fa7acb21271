"""Owe the mails by which people confirm what they asked for."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from syndicator.model.edition import Newsletter, Variant
from syndicator.model.language import choose_language
from syndicator.model.mail import Delivery, delivery_id
from syndicator.model.site import Site
from syndicator.model.subscriber import Subscriber
from syndicator.pipeline import readers
from syndicator.pipeline.compose import Slots
from syndicator.pipeline.views import newsletter_view, site_view
from syndicator.ports import Store, Templates

# Nothing that others wrote stands in a confirmation mail, so that its slots need no secret.
SLOTS = Slots(key="CONFIRMATION")

# A person waits before a screen for this mail: it goes before the digests that became due meanwhile, be they
# thousands.
AHEAD = timedelta(days=1)


async def owe_confirmations(
    subscribers: Sequence[Subscriber],
    *,
    newsletters: Mapping[str, Newsletter],
    site: Site,
    store: Store,
    templates: Templates,
    now: datetime,
) -> int:
    """Owe each of *subscribers* one mail by which they confirm what they asked for last; return how many are new.

    Each asking is an edition of its own, `confirm/<day>`: whose mail is owed, or was sent, gets no second one.
    """
    asked = {
        delivery_id(edition, subscriber.id): (edition, subscriber)
        for subscriber in subscribers
        if readers.awaiting(subscriber) and (edition := _edition(subscriber))
    }
    there = await store.deliveries(asked)
    variants: dict[tuple[str, ...], Variant] = {}
    deliveries = []
    for id, (edition, subscriber) in asked.items():
        if id in there:
            continue
        wanted = readers.awaiting(subscriber)[-1].languages or subscriber.languages
        language = choose_language(wanted, templates.languages) or site.languages[0]
        # What feeds.yaml has no more, the mail does not name, and so its link does not confirm it.
        words = {
            name: word for word in readers.wish_words(subscriber) if (name := word.partition(":")[0]) in newsletters
        }
        named = tuple(words)
        if (language, *named) not in variants:
            asking = [newsletters[name] for name in named]
            variants[language, *named] = _confirmation(edition, asking, language, site=site, templates=templates)
        deliveries.append(
            Delivery(
                id=id,
                edition=edition,
                subscriber=subscriber.id,
                variant=variants[language, *named].id,
                due_at=now - AHEAD,
                created_at=now,
                language=language,
                wish=" ".join(words.values()),
            )
        )
    return await store.freeze(None, list(variants.values()), deliveries) if deliveries else 0


def _confirmation(
    edition: str, newsletters: Sequence[Newsletter], language: str, *, site: Site, templates: Templates
) -> Variant:
    """Return the mail that asks to confirm *newsletters*; it is no list mail.

    It holds nothing that was typed into a form but the address itself.
    """
    context = {
        "site": site_view(site, language),
        "newsletters": [newsletter_view(newsletter, language) for newsletter in newsletters],
        "slots": SLOTS,
    }
    subject = templates.translate("Please confirm your subscription", language=language)
    html = templates.render("email/confirm.html", language=language, **context)
    text = templates.render("email/confirm.txt", language=language, **context)
    # The content names the variant, so that all who ask for the same share one.
    digest = hashlib.sha256("\0".join((subject, html, text)).encode()).hexdigest()[:16]
    return Variant(
        id=f"confirm/{language}/{digest}",
        edition=edition,
        language=language,
        subject=subject,
        html=html,
        text=text,
        slot_key=SLOTS.key,
    )


def _edition(subscriber: Subscriber) -> str:
    asking = readers.last_asking(subscriber)
    return f"confirm/{asking}" if asking else ""

"""Freeze an edition for every newsletter that is due for somebody, and owe it to its readers."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from syndicator.config.model import Config
from syndicator.model.edition import Edition, Newsletter, Variant
from syndicator.model.language import choose_language
from syndicator.model.mail import Delivery, delivery_id
from syndicator.model.story import Story
from syndicator.model.subscriber import Subscriber, Subscription
from syndicator.pipeline.calendar import Occasion, owed
from syndicator.pipeline.digest import make_edition, make_variant, ranked_languages, variant_id
from syndicator.ports import Clock, Progress, Store, Templates

# A story is told once; an edition older than this has none that is still fresh.
EARLIER_EDITIONS = 8


@dataclass(slots=True, kw_only=True)
class FreezeReport:
    """The *editions* frozen now (by id), how many mails are *owed* anew, and how many readers got none
    because the edition holds *nothing* of what they asked for."""

    editions: list[str] = field(default_factory=list)
    owed: int = 0
    nothing: int = 0


@dataclass(frozen=True, slots=True)
class _Claim:
    subscriber: Subscriber
    subscription: Subscription
    occasion: Occasion


async def freeze(
    config: Config,
    stories: Sequence[Story],
    *,
    secret: bytes,
    store: Store,
    templates: Templates,
    clock: Clock,
    progress: Progress,
) -> FreezeReport:
    """Freeze what is due and insert its deliveries, each edition in one transaction; again, it adds nothing."""
    room = _Room(config, stories, secret, store, templates, clock.now(), FreezeReport())
    claims = _claims(config, await store.subscribers(), now=room.now)
    progress.begin("editions", len(claims))
    for name, claimed in claims.items():
        earlier = await store.editions(name, limit=EARLIER_EDITIONS)
        for period, mine in _by_edition(claimed, earlier).items():
            ids = {delivery_id(f"{name}/{period}", claim.subscriber.id): claim for claim in mine}
            there = await store.deliveries(ids)
            if fresh := [claim for id, claim in ids.items() if id not in there]:
                await room.freeze(config.newsletters[name], period, fresh, earlier)
        progress.step("editions", name)
    return room.report


def _claims(config: Config, subscribers: Sequence[Subscriber], *, now: datetime) -> dict[str, list[_Claim]]:
    """Return who is owed an edition of which newsletter now."""
    claims: dict[str, list[_Claim]] = defaultdict(list)
    for subscriber in subscribers:
        for subscription in subscriber.subscriptions:
            newsletter = config.newsletters.get(subscription.newsletter)
            occasion = newsletter and owed(newsletter, subscriber, subscription, now=now)
            if newsletter and occasion:
                claims[newsletter.id].append(_Claim(subscriber, subscription, occasion))
    return claims


def _by_edition(claims: Sequence[_Claim], earlier: Sequence[Edition]) -> dict[date, list[_Claim]]:
    """Return *claims* by the period of the edition that meets them.

    The first zone that reaches a day freezes its edition for all. Where that did not happen, because
    the newsroom was down or is new, several days may be due at once, in zones east and west: then
    everybody gets the edition of the newest, as one about yesterday would only compete with it.
    """
    frozen = {edition.period for edition in earlier}
    newest = max(claim.occasion.period for claim in claims)
    chosen: dict[date, list[_Claim]] = defaultdict(list)
    for claim in claims:
        period = claim.occasion.period
        chosen[period if period in frozen else newest].append(claim)
    return dict(sorted(chosen.items()))


@dataclass(frozen=True, slots=True)
class _Room:
    """Where editions are frozen: all that one freezing needs."""

    config: Config
    stories: Sequence[Story]
    secret: bytes
    store: Store
    templates: Templates
    now: datetime
    report: FreezeReport

    async def freeze(
        self, newsletter: Newsletter, period: date, claims: Sequence[_Claim], earlier: Sequence[Edition]
    ) -> None:
        """Freeze one edition and owe it to those who claim it and for whom it holds something."""
        frozen = next((edition for edition in earlier if edition.period == period), None)
        edition = frozen or make_edition(
            newsletter,
            self.config.feeds,
            self.stories,
            period=period,
            now=self.now,
            sources=self.config.sources,
            earlier=earlier,
        )
        if not edition.stories:
            return  # without news there is no edition; it goes out when there is some, if that is soon enough
        variants: dict[str, Variant | None] = {}
        deliveries = []
        for claim in claims:
            language = self._language(claim.subscriber)
            id = variant_id(edition.id, ranked_languages(language, claim.subscriber), claim.subscription.topics)
            if id not in variants:
                # Rendering takes tens of milliseconds of processor time; the site must go on answering meanwhile.
                variants[id] = await asyncio.to_thread(self._variant, edition, newsletter, claim, language)
            if variants[id]:
                deliveries.append(self._delivery(edition, claim, id, language))
        if frozen is None:
            self.report.nothing += len(claims) - len(deliveries)
        if not deliveries:
            return
        made = [variant for variant in variants.values() if variant]
        owed = await self.store.freeze(edition, made, deliveries)
        self.report.owed += owed
        if frozen is None and owed:
            self.report.editions.append(edition.id)

    def _variant(self, edition: Edition, newsletter: Newsletter, claim: _Claim, language: str) -> Variant | None:
        return make_variant(
            edition,
            newsletter,
            claim.subscriber,
            claim.subscription,
            site=self.config.site,
            sources=self.config.sources,
            tags=self.config.tags,
            render=self.templates.render,
            translate=self.templates.translate,
            language=language,
            secret=self.secret,
        )

    def _language(self, subscriber: Subscriber) -> str:
        """Return the language in which a mail's own words are: the reader's best that has a catalogue."""
        return choose_language(subscriber.languages, self.templates.languages) or self.config.site.languages[0]

    def _delivery(self, edition: Edition, claim: _Claim, variant: str, language: str) -> Delivery:
        return Delivery(
            id=delivery_id(edition.id, claim.subscriber.id),
            edition=edition.id,
            subscriber=claim.subscriber.id,
            variant=variant,
            due_at=self.now,
            created_at=self.now,
            late_at=claim.occasion.late_at,
            language=language,
        )

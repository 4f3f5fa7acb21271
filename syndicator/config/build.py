"""Turn the shapes of feeds.yaml, found right, into the nouns of `model/`."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta

from syndicator.config import addresses, values
from syndicator.config.build_rules import localized
from syndicator.config.model import Config
from syndicator.config.shape import (
    ExpectShape,
    FeedShape,
    MailShape,
    NewsletterShape,
    NewsroomShape,
    RepairShape,
    ScheduleShape,
    SiteShape,
    SourceShape,
)
from syndicator.model.edition import Newsletter, Schedule
from syndicator.model.mail import MailSettings
from syndicator.model.site import Publisher, Site
from syndicator.model.source import Expect, Repair, Rights, Source
from syndicator.model.story import Feed, Selection, TagChoice
from syndicator.model.tag import Vocabulary

FIRST_ROUND = timedelta(minutes=30)  # where finding out how often a source changes begins; it suits most newspapers


def build_config(shape: NewsroomShape, *, rules: Vocabulary, text: str = "", secret: Collection[object] = ()) -> Config:
    """Return the newsroom that *shape* describes, with its *rules*; sources that are not enabled are left out.

    *text* is the file. *secret* are the numbers, from 0 on, of the sources whose addresses the environment filled.
    """
    language = shape.site.languages[0]
    return Config(
        site=_site(shape.site),
        sources={
            source.id: replace(_source(source, language), secret=number in secret)
            for number, source in enumerate(shape.sources)
            if source.enabled
        },
        use=tuple(shape.use),
        tags=rules.tags,
        words=rules.words,
        feeds={id: _feed(id, feed, language) for id, feed in shape.feeds.items()},
        newsletters={id: _newsletter(id, newsletter, language) for id, newsletter in shape.newsletters.items()},
        mail=_mail(shape.mail),
        store=shape.store,
        public=shape.public,
        templates=shape.templates,
        keep_rejected=values.duration(shape.keep.rejected),
        keep_items=values.duration(shape.keep.items),
        secret=shape.secret,
        same=tuple(tuple(group) for group in shape.same),
        not_same=tuple(tuple(group) for group in shape.not_same),
        text=text,
    )


def _site(shape: SiteShape) -> Site:
    language = shape.languages[0]
    return Site(
        title=localized(shape.title, language),
        description=localized(shape.description, language),
        url=shape.url,
        languages=tuple(shape.languages),
        timezone=shape.timezone,
        publisher=Publisher(
            name=shape.publisher.name,
            email=shape.publisher.email,
            postal_address=shape.publisher.postal_address.strip(),
        ),
    )


def _source(shape: SourceShape, language: str) -> Source:
    every = values.interval(shape.every)
    return Source(
        id=shape.id,
        title=shape.title,
        url=shape.url,
        language=shape.language or language,
        outlet=shape.outlet or shape.id,
        every=every or FIRST_ROUND,
        adaptive=every is None,
        allow_private=shape.allow_private,
        ignore_robots=shape.ignore_robots,
        tags=tuple(shape.tags),
        weight=shape.weight,
        rights=Rights(show=shape.rights.show, words=shape.rights.words, images=shape.rights.images),
        repair=_repair(shape.repair),
        expect=_expect(shape.expect),
    )


def _repair(shape: RepairShape) -> Repair:
    return Repair(
        timezone=shape.timezone,
        encoding=shape.encoding,
        date_format=shape.date_format,
        id_from=shape.id_from or "",
        title_type=shape.title_type or "",
        future_dates=shape.future_dates,
        ignore=tuple(shape.ignore),
    )


def _expect(shape: ExpectShape) -> Expect:
    return Expect(
        language=shape.language,
        min_items=shape.min_items,
        max_silence=values.duration(shape.max_silence) if shape.max_silence else None,
        words=tuple(shape.words),
        host=shape.host,
    )


def _feed(id: str, shape: FeedShape, language: str) -> Feed:
    select = shape.select
    return Feed(
        id=id,
        title=localized(shape.title, language),
        description=localized(shape.description, language),
        select=Selection(
            tags=TagChoice(any=tuple(select.tags.any), all=tuple(select.tags.all), none=tuple(select.tags.none)),
            languages=tuple(select.languages),
            sources=tuple(select.sources),
            newer_than=values.duration(select.newer_than),
            limit=select.limit,
        ),
    )


def _newsletter(id: str, shape: NewsletterShape, language: str) -> Newsletter:
    return Newsletter(
        id=id,
        title=localized(shape.title, language),
        description=localized(shape.description, language),
        feeds=tuple(shape.feeds),
        schedule=_schedule(shape.schedule),
        max_stories=shape.max_stories,
    )


def _schedule(shape: ScheduleShape) -> Schedule:
    first = 0 if shape.every == "day" else 1
    return Schedule(
        every=shape.every,
        on=values.day(shape.on, shape.every) if shape.on else first,
        at=values.time_of_day(shape.at),
        late=values.duration(shape.late) if shape.late else None,
    )


def _mail(shape: MailShape) -> MailSettings:
    name, address = addresses.mailbox(shape.sender) if shape.sender else ("", "")
    return MailSettings(
        sender=address,
        sender_name=name,
        reply_to=shape.reply_to,
        smtp=shape.smtp,
        maildir=shape.maildir,
        connections=shape.connections,
    )

"""Make an edition of a newsletter, and its variants: one rendering for each language and choice of topics."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from syndicator.model.edition import Edition, Newsletter, Section, Variant
from syndicator.model.language import base_language, show_date
from syndicator.model.site import Site
from syndicator.model.source import Source
from syndicator.model.story import Feed, Story
from syndicator.model.subscriber import Subscriber, Subscription
from syndicator.model.tag import Tag
from syndicator.pipeline.calendar import span
from syndicator.pipeline.compose import slots_for
from syndicator.pipeline.curate import NO_SOURCES, in_order, is_selected
from syndicator.pipeline.desk import Desk
from syndicator.pipeline.views import newsletter_view, site_view

# Headlines that stand beside the subject in a list of mails; more are cut off by every mail program.
PREHEADER_HEADLINES = 3


def make_edition(
    newsletter: Newsletter,
    feeds: Mapping[str, Feed],
    stories: Sequence[Story],
    *,
    period: date,
    now: datetime,
    sources: Mapping[str, Source] = NO_SOURCES,
    earlier: Sequence[Edition] = (),
) -> Edition:
    """Return the edition of *newsletter* for *period*, as *stories* stand *now*.

    A story is told once: it stands in the first section that takes it, and in none when one of the
    *earlier* editions told it. The first edition looks back for one period; a later one for two, so
    that what came late or found no room is not lost. What stood there when a source was first asked, after the
    last edition, did not come late: of that only what was published since then is told.
    """
    told = {story.id for edition in earlier for story in edition.stories}
    since = now - span(newsletter.schedule) * (2 if earlier else 1)
    last = max((edition.frozen_at for edition in earlier), default=since)
    fresh = [
        story
        for story in stories
        if story.id not in told and story.published_at >= (last if _is_backfill_since(last, story) else since)
    ]
    queues: list[list[Story]] = []
    taken: set[str] = set()
    for feed in newsletter.feeds:
        select = feeds[feed].select
        mine = [s for s in fresh if s.id not in taken and is_selected(s, select, now=now)]
        taken.update(story.id for story in mine)
        queues.append(in_order(mine, sources=sources))
    shares = _share([len(queue) for queue in queues], newsletter.max_stories)
    return Edition(
        id=f"{newsletter.id}/{period.isoformat()}",
        newsletter=newsletter.id,
        period=period,
        title=newsletter.title,
        frozen_at=now,
        sections=tuple(
            Section(feed=feed, title=feeds[feed].title, stories=tuple(_lighten(s) for s in queue[:share]))
            for feed, queue, share in zip(newsletter.feeds, queues, shares, strict=True)
            if share
        ),
    )


def ranked_languages(language: str, subscriber: Subscriber) -> tuple[str, ...]:
    """Return the languages by which stories are chosen for *subscriber*, whose mail's own words are in *language*."""
    return tuple(dict.fromkeys([language, *subscriber.languages]))


def variant_id(edition: str, languages: Sequence[str], topics: Sequence[str]) -> str:
    """Return the id of the rendering of *edition* for ranked *languages* and *topics* (in any order; none: all)."""
    chosen = hashlib.sha256("\n".join(sorted(topics)).encode()).hexdigest()[:10] if topics else "all"
    return f"{edition}/{'+'.join(languages)}/{chosen}"


def make_variant(
    edition: Edition,
    newsletter: Newsletter,
    subscriber: Subscriber,
    subscription: Subscription,
    *,
    site: Site,
    sources: Mapping[str, Source],
    tags: Mapping[str, Tag],
    render: Callable[..., str],
    translate: Callable[..., str],
    language: str,
    secret: bytes,
) -> Variant | None:
    """Return the rendering that suits *subscriber*, its own words in *language*; None when nothing in it is for them.

    Two readers with the same languages and topics get the same variant; nothing of the reader is in it.
    """
    ranked = ranked_languages(language, subscriber)
    slots = slots_for(edition.id, secret=secret)
    desk = Desk(site=site, sources=sources, tags=tags, language=language)
    view = desk.edition(edition, languages=ranked, topics=frozenset(subscription.topics))
    if not view.count:
        return None
    stories = [story for section in view.sections for story in section.stories]
    # The sections keep their order, but the envelope shows what the reader can read.
    bases = {base_language(tag) for tag in ranked}
    headlines = [s.lead.title for s in sorted(stories, key=lambda s: base_language(s.lead.language) not in bases)]
    context: dict[str, Any] = {
        "site": site_view(site, language),
        "newsletter": newsletter_view(newsletter, language),
        "edition": view,
        "preheader": " · ".join(headlines[1 : 1 + PREHEADER_HEADLINES]),
        "slots": slots,
    }
    return Variant(
        id=variant_id(edition.id, ranked, subscription.topics),
        edition=edition.id,
        language=language,
        subject=subject_line(edition, view.title, headlines[0], language=language, translate=translate),
        html=render("email/digest.html", language=language, **context),
        text=render("email/digest.txt", language=language, **context),
        list_id=newsletter.id,
        list_title=newsletter.title.to(language),
        slot_key=slots.key,
        stories=tuple(story.id for story in stories),
    )


def subject_line(edition: Edition, title: str, headline: str, *, language: str, translate: Callable[..., str]) -> str:
    """Return the newsletter's *title*, the day and a *headline*, as *language* puts them together.

    The day keeps mail programs from taking two editions for one conversation.
    """
    day = show_date(edition.period, language)
    return translate("%(title)s, %(day)s: %(headline)s", language=language, title=title, day=day, headline=headline)


def _share(wanted: Sequence[int], room: int) -> list[int]:
    """Return how many each of several queues gets of *room* places: one each in turn, while it wants more.

    >>> _share([10, 1, 3], 6)
    [3, 1, 2]
    """
    given = [0] * len(wanted)
    while room and any(g < w for g, w in zip(given, wanted, strict=True)):
        for place, want in enumerate(wanted):
            if room and given[place] < want:
                given[place] += 1
                room -= 1
    return given


def _is_backfill_since(last: datetime, story: Story) -> bool:
    return story.first_seen_at > last and all(item.backfill for item in story.items)


def _lighten(story: Story) -> Story:
    """Return *story* without the full text of its items, which an edition never shows."""
    return replace(story, items=tuple(replace(item, entry=replace(item.entry, content="")) for item in story.items))

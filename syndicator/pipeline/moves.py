"""Decide whether a source has moved for good: days of documents that are the same feed at another address."""

from __future__ import annotations

from datetime import datetime, timedelta

from syndicator.model.entry import Parsed
from syndicator.model.source import Body, Move, NotModified, SourceState
from syndicator.pipeline.known import known_fingerprints
from syndicator.pipeline.urls import host_of

MOVE_PATIENCE = timedelta(days=6)  # longer than a domain is parked, or a site under repair, by mistake
MOVE_ANSWERS = 4  # one document before and one after a silence of a week prove little
# While a move is to be proved, a document is wanted: a server that has never seen the feed can say 304 as well. A day
# is often enough for the four of six days, and no more than 50 kB each.
PROOF_EVERY = timedelta(days=1)


def follow_move(move: Move | None, answer: Body | NotModified, *, now: datetime) -> Move | None:
    """Return *move* after *answer*: with one more document from the same place, a new one, or none.

    What is not a whole document leads there, but proves nothing, and neither counts nor begins the days anew.
    """
    if not answer.moved_to:
        return None
    if move is None or move.url != answer.moved_to:
        move = Move(url=answer.moved_to, since=now, answers=0)
    if isinstance(answer, NotModified) or answer.partial:
        return move
    return Move(url=move.url, since=move.since if move.answers else now, answers=move.answers + 1)


def is_elsewhere(state: SourceState, parsed: Parsed, *, familiar: bool = False, partial: bool = False) -> bool:
    """Tell whether a permanent redirect led to another feed than the one that was read before, as far as there was one.

    A site under repair, or the buyer of a domain, may serve a feed of its own, and the titles of many are "RSS" or
    "News". So one entry that is known proves that it is the same, be it as it was written, or edited (*familiar*: the
    store knows the link of one of them as this source's). The title decides only where none can be known, in a window
    of new entries (*partial*) or where none was ever read, or where no other host took over.
    """
    if state.move is None or not (state.title or state.read):
        return False
    if familiar or not known_fingerprints(state).isdisjoint(parsed.fingerprints):
        return False
    title_decides = partial or not state.read or host_of(state.move.url) == host_of(state.url)
    return not (title_decides and parsed.title != "" and parsed.title == state.title)


def settled_move(state: SourceState, *, now: datetime) -> str:
    """Return the address to which a source has moved for good, or an empty string while that is not sure.

    It is when its documents have agreed for `MOVE_PATIENCE`, the last of them included, and there were a few of them.
    """
    move = state.move
    if move is None or state.full_at is None or state.failures or move.answers < MOVE_ANSWERS:
        return ""
    # The last document and not this moment: a newsroom that was switched off for a week has learned nothing.
    return move.url if min(now, state.full_at) - move.since >= MOVE_PATIENCE else ""

from dataclasses import replace
from datetime import timedelta

import pytest

from syndicator.model.entry import Entry, Parsed
from syndicator.model.source import Body, Failed, Move, NotModified, Validators
from syndicator.pipeline.cadence import FULL_EVERY, after_answer, after_reading, first_state, question
from syndicator.pipeline.moves import MOVE_ANSWERS, PROOF_EVERY, follow_move, is_elsewhere, settled_move
from syndicator.testing import NOON, a_source

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SOURCE = a_source(every=HOUR)
MOVED = "https://new.example/rss"
VALIDATORS = Validators(etag='"a"')
DOWN = Failed(source="vna", why="no answer within 30 s")


def a_document(*numbers, **changes):
    prints = tuple(f"{number:011}" for number in numbers)
    entries = tuple(Entry(source="vna", guid=str(number)) for number in numbers)
    return Parsed(**({"version": "rss20", "title": "Wire", "entries": entries, "fingerprints": prints} | changes))


def a_body(**changes):
    return Body(**({"source": "vna", "url": SOURCE.url, "content": b"<rss/>", "validators": VALIDATORS} | changes))


def a_304(moved_to=MOVED):
    return NotModified(source="vna", moved_to=moved_to)


def read(state, parsed=None, *, body=None, body_hash="h1", now=NOON):
    body, parsed = body or a_body(moved_to=MOVED), parsed or a_document(1, 2)
    state = after_answer(state, SOURCE, body, now=now, jitter=0.0)
    return after_reading(
        state, SOURCE, parsed=parsed, read=parsed.fingerprints, body_hash=body_hash, new=0, problems=(), now=now,
        jitter=0.0, elsewhere=is_elsewhere(state, parsed, partial=body.partial), partial=body.partial,
    )  # fmt: skip


def answered(state, answer, *, source=SOURCE, now=NOON):
    return after_answer(state, source, answer, now=now, jitter=0.0)


KNOWN = read(first_state(SOURCE), body=a_body())


def agree(days, *, every=DAY, state=KNOWN, moved_to=MOVED, now=NOON):
    """Return the state after documents that were moved, one each *every* for *days*."""
    last = now + days * DAY
    while now <= last:
        state = read(state, body=a_body(moved_to=moved_to), now=now)
        now += every
    return state


def test_a_move_settles_after_days_of_agreeing_documents():
    assert settled_move(agree(5), now=NOON + 5 * DAY) == ""
    assert settled_move(agree(6), now=NOON + 6 * DAY) == MOVED
    assert settled_move(KNOWN, now=NOON) == ""
    assert settled_move(first_state(SOURCE), now=NOON) == ""


@pytest.mark.parametrize(
    "state",
    [
        pytest.param(agree(60, every=30 * DAY), id="three documents in two months"),
        pytest.param(agree(1, every=HOUR), id="many documents, all of one day"),
        pytest.param(answered(agree(0.5, every=HOUR), a_304(), now=NOON + 9 * DAY),
                     id="many documents of one day, and a 304 days later"),
        pytest.param(answered(agree(9), DOWN, now=NOON + 10 * DAY), id="the last answer failed"),
        pytest.param(answered(agree(9), a_304(""), now=NOON + 10 * DAY), id="the redirect is gone"),
        pytest.param(agree(3, state=agree(5), moved_to="https://third.example/", now=NOON + 6 * DAY),
                     id="it leads elsewhere now"),
        pytest.param(answered(agree(9), a_304(""), source=replace(SOURCE, url="https://elsewhere.example/"),
                              now=NOON + 10 * DAY), id="feeds.yaml has a new address"),
    ],
)  # fmt: skip
def test_a_move_is_not_settled_while_there_is_doubt(state):
    assert settled_move(state, now=NOON + 100 * DAY) == ""


def test_304s_alone_settle_no_move_as_nobody_saw_a_document():
    state = KNOWN
    for day in range(30):
        state = answered(state, a_304(), now=NOON + day * DAY)

    assert state.move == Move(url=MOVED, since=NOON, answers=0)
    assert settled_move(state, now=NOON + 30 * DAY) == ""


def test_a_304_on_the_way_neither_counts_nor_begins_the_days_anew():
    before = agree(3)

    after = answered(before, a_304(), now=NOON + 4 * DAY)

    assert after.move == before.move
    assert settled_move(agree(0, state=after, now=NOON + 6 * DAY), now=NOON + 6 * DAY) == MOVED


def test_the_days_begin_with_the_first_document_and_not_with_a_304():
    move = follow_move(None, a_304(), now=NOON)

    move = follow_move(move, a_body(moved_to=MOVED), now=NOON + 5 * DAY)

    assert move == Move(url=MOVED, since=NOON + 5 * DAY)


def test_a_window_of_new_entries_proves_nothing():
    move = follow_move(Move(url=MOVED, since=NOON), a_body(moved_to=MOVED, partial=True), now=NOON + DAY)

    assert move == Move(url=MOVED, since=NOON)


def test_a_failure_on_the_way_does_not_begin_the_days_anew():
    state = answered(agree(3), DOWN, now=NOON + 3 * DAY)

    assert settled_move(agree(3, state=state, now=NOON + 4 * DAY), now=NOON + 7 * DAY) == MOVED


@pytest.mark.parametrize(
    ("state", "wait"),
    [
        pytest.param(answered(KNOWN, a_304()), PROOF_EVERY, id="a redirect that was met on a 304"),
        pytest.param(agree(3), 3 * DAY + PROOF_EVERY, id="a move that is to be proved"),
    ],
)
def test_while_a_move_is_to_be_proved_a_document_is_asked_for_once_a_day_and_no_more(state, wait):
    assert question(state, SOURCE, now=NOON + wait - HOUR).validators == VALIDATORS
    assert question(state, SOURCE, now=NOON + wait).validators == Validators()


def test_once_a_move_has_settled_documents_are_asked_for_as_seldom_as_ever():
    state = agree(6)

    assert question(state, SOURCE, now=NOON + 6 * DAY + FULL_EVERY / 2).validators == VALIDATORS


def test_a_server_that_answers_304_whenever_it_may_still_proves_its_move_within_days():
    state, now = KNOWN, NOON
    while now < NOON + 8 * DAY:
        now += HOUR
        conditional = question(state, SOURCE, now=now).validators != Validators()
        state = answered(state, a_304(), now=now) if conditional else read(state, now=now)

    assert state.move.answers >= MOVE_ANSWERS
    assert settled_move(state, now=now) == MOVED


@pytest.mark.parametrize(
    ("parsed", "agrees"),
    [
        pytest.param(a_document(1, 2), True, id="the same feed"),
        pytest.param(a_document(2, 9, title="The Wire"), True, id="another title, and an entry that was known"),
        pytest.param(a_document(8, 9), False, id="the same title, and no entry that was known"),
        pytest.param(a_document(8, 9, title="Parked"), False, id="another feed"),
        pytest.param(a_document(title=""), False, id="an empty feed without a title"),
        pytest.param(Parsed(), False, id="a page"),
    ],
)
def test_a_move_must_lead_to_the_same_feed(parsed, agrees):
    moved = read(agree(6), parsed, body_hash="h2", now=NOON + 7 * DAY)

    assert moved.move == (Move(url=MOVED, since=NOON, answers=8) if agrees else None)
    assert (moved.failures, "another feed" in moved.outcome) == (not agrees, not agrees and bool(parsed.version))


ALL_NEW = a_document(8, 9)
MOVING = replace(KNOWN, move=Move(url=MOVED, since=NOON))


@pytest.mark.parametrize(
    ("state", "parsed", "more", "elsewhere"),
    [
        pytest.param(MOVING, ALL_NEW, {}, True, id="all new at another host"),
        pytest.param(MOVING, ALL_NEW, {"familiar": True}, False, id="an entry that was edited"),
        pytest.param(MOVING, ALL_NEW, {"partial": True}, False, id="a window of new entries"),
        pytest.param(replace(MOVING, read=""), ALL_NEW, {}, False, id="the title, where no entry was ever read"),
        pytest.param(replace(MOVING, read="", title="News"), ALL_NEW, {}, True, id="another title, likewise"),
        pytest.param(replace(MOVING, url="http://www.new.example/feed"), ALL_NEW, {}, False,
                     id="all new at the same host, and the same title"),
        pytest.param(replace(MOVING, url="http://new.example/feed"), a_document(8, title="B"), {}, True,
                     id="another section of the same host"),
        pytest.param(KNOWN, a_document(8, title="B"), {}, False, id="no redirect"),
    ],
)  # fmt: skip
def test_a_feed_is_the_same_by_an_entry_and_by_its_title_only_where_that_is_all_there_is(
    state, parsed, more, elsewhere
):
    assert is_elsewhere(state, parsed, **more) is elsewhere


def test_the_first_document_of_all_is_the_one_with_which_later_ones_are_compared():
    assert read(first_state(SOURCE)).move == Move(url=MOVED, since=NOON)

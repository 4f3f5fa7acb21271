from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicator.edges.codec import decode, encode
from syndicator.model.entry import Entry, Parsed, Problem
from syndicator.model.source import (
    Answered,
    Blocked,
    Body,
    Failed,
    Gone,
    NotModified,
    Pace,
    Robots,
    SourceState,
    Validators,
)
from syndicator.pipeline.cadence import (
    FULL_EVERY,
    MAX_RUNS,
    after_answer,
    after_reading,
    first_state,
    is_due,
    is_gone,
    question,
)
from syndicator.pipeline.known import MAX_READ, known_fingerprints
from syndicator.pipeline.waits import MAX_BACKOFF, MAX_WAIT, NEVER, SPREAD, longest_wait
from syndicator.testing import NOON, a_source

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
EVERY = timedelta(minutes=30)
SOURCE = a_source(every=EVERY)
ELSEWHERE = a_source(every=EVERY, url="https://elsewhere.example/rss")
MOVED = "https://new.example/rss"
VALIDATORS = Validators(etag='W/"a-gzip"', last_modified="Tue, 14 Jul 2026 05:00:00 GMT")
OK = NotModified(source="vna")
DOWN = Failed(source="vna", why="no answer within 30 s")


def a_state(**changes):
    return replace(first_state(SOURCE), **changes)


def a_body(**changes):
    return Body(**({"source": "vna", "url": SOURCE.url, "content": b"<rss/>", "validators": VALIDATORS} | changes))


def a_print(number):
    return f"{number:011}"


def a_document(*numbers, **changes):
    """Return a document of the entries of these *numbers*, none of which was known."""
    entries = tuple(Entry(source="vna", guid=str(number)) for number in numbers)
    prints = tuple(a_print(number) for number in numbers)
    return Parsed(**({"version": "rss20", "title": "Wire", "entries": entries, "fingerprints": prints} | changes))


def answered(state, answer=OK, *, source=SOURCE, now=NOON, jitter=0.0, body_hash=""):
    return after_answer(state, source, answer, now=now, jitter=jitter, body_hash=body_hash)


def read(state, parsed=None, *, source=SOURCE, body=None, body_hash="h1", new=0, now=NOON, jitter=0.0, problems=()):
    """Return *state* after a body that was read."""
    body, parsed = body or a_body(), parsed or a_document(1, 2)
    state = after_answer(state, source, body, now=now, jitter=jitter, body_hash=body_hash)
    return after_reading(
        state, source, parsed=parsed, read=parsed.fingerprints, body_hash=body_hash, new=new, problems=problems,
        now=now, jitter=jitter, partial=body.partial,
    )  # fmt: skip


# ---- when it is asked again


@pytest.mark.parametrize(
    ("answer", "failures", "wait"),
    [
        pytest.param(OK, 3, EVERY, id="an answer ends all failures"),
        pytest.param(NotModified(source="vna", max_age=2 * EVERY), 0, 2 * EVERY, id="a longer max-age is obeyed"),
        pytest.param(NotModified(source="vna", max_age=EVERY / 2), 0, EVERY, id="a shorter one does not hurry us"),
        pytest.param(NotModified(source="vna", max_age=400 * DAY), 0, MAX_WAIT, id="an absurd one is capped"),
        pytest.param(DOWN, 0, EVERY, id="the first failure waits as usual"),
        pytest.param(DOWN, 2, 4 * EVERY, id="each failure doubles the wait"),
        pytest.param(DOWN, 999, MAX_BACKOFF, id="the wait is bounded"),
        pytest.param(Failed(source="vna", why="404 Not Found", status=404), 999, DAY, id="404 is asked once a day"),
        pytest.param(Failed(source="vna", why="x", status=503), 0, HOUR, id="503 is left alone for an hour"),
        pytest.param(Failed(source="vna", why="x", status=503), 4, 16 * EVERY, id="and longer, if that does not help"),
        pytest.param(Failed(source="vna", why="x", status=500, retry_at=NOON + 3 * HOUR), 0, 3 * HOUR,
                     id="Retry-After is obeyed with any status"),
        pytest.param(Blocked(source="vna", why="x", status=429), 0, 4 * HOUR, id="429 is left alone for hours"),
        pytest.param(Blocked(source="vna", why="x", status=403), 999, DAY, id="403 is asked once a day"),
        pytest.param(Blocked(source="vna", why="x", retry_at=NOON + 6 * HOUR), 0, 6 * HOUR, id="Retry-After of a 429"),
        pytest.param(Blocked(source="vna", why="x", retry_at=NOON + 6 * HOUR), 999, DAY, id="the later of both"),
        pytest.param(Blocked(source="vna", why="x", retry_at=NOON + 99 * DAY), 0, MAX_WAIT, id="an absurd Retry-After"),
        pytest.param(Blocked(source="vna", why="x", retry_at=NOON), 0, HOUR, id="a past Retry-After is not obeyed"),
    ],
)  # fmt: skip
def test_next_asking(answer, failures, wait):
    after = answered(a_state(failures=failures), answer)

    assert after.next_at == NOON + wait
    assert after.failures == (0 if answer.__class__ is NotModified else failures + 1)


def test_a_source_that_is_asked_once_a_week_is_not_asked_more_often_when_it_fails():
    weekly = a_source(every=7 * DAY)

    after = answered(first_state(weekly), DOWN, source=weekly)

    assert after.next_at == NOON + 7 * DAY


@pytest.mark.parametrize(
    ("pace", "wait"),
    [
        pytest.param(Pace(wait=2 * HOUR), 2 * HOUR, id="a ttl"),
        pytest.param(Pace(wait=MINUTE), EVERY, id="a ttl shorter than every"),
        pytest.param(Pace(wait=365 * DAY), MAX_WAIT, id="an absurd ttl"),
        pytest.param(Pace(skip_hours=(5, 6)), 2 * HOUR, id="hours to be skipped"),
        pytest.param(Pace(skip_days=tuple(range(7)), skip_hours=tuple(range(24))), EVERY, id="nothing but skipping"),
    ],
)
def test_the_pace_of_the_document_is_obeyed_at_once_on_a_304_and_after_a_failure(pace, wait):
    state = read(first_state(SOURCE), a_document(1, pace=pace))

    assert state.pace == pace
    assert state.next_at == NOON + wait
    assert answered(state).next_at == NOON + wait
    assert answered(state, DOWN).next_at == NOON + wait


def test_the_latest_pace_counts():
    slow = read(first_state(SOURCE), a_document(1, pace=Pace(wait=2 * HOUR)))

    quick = read(slow, a_document(1, 2), body_hash="h2")

    assert quick.next_at == NOON + EVERY


def test_a_max_age_counts_with_a_body_too():
    assert read(first_state(SOURCE), body=a_body(max_age=3 * HOUR)).next_at == NOON + 3 * HOUR


def test_a_max_age_holds_on_with_a_304_that_says_nothing_of_it():
    fresh = read(first_state(SOURCE), body=a_body(max_age=3 * HOUR))

    bare = answered(answered(fresh), OK, now=NOON + DAY)
    said = answered(fresh, NotModified(source="vna", max_age=2 * HOUR))

    assert bare.next_at == NOON + DAY + 3 * HOUR
    assert (said.next_at, answered(said).next_at) == (NOON + 2 * HOUR, NOON + 2 * HOUR)


def test_a_max_age_ends_with_a_document_that_says_nothing_of_it_and_at_another_address():
    fresh = read(first_state(SOURCE), body=a_body(max_age=3 * HOUR))

    document = read(fresh, body_hash="h2")
    elsewhere = answered(fresh, source=ELSEWHERE)

    assert (document.next_at, answered(document).next_at) == (NOON + EVERY, NOON + EVERY)
    assert elsewhere.next_at == NOON + EVERY


# An answer of each kind, with all that it may carry.
WHENS = st.none() | st.timedeltas(-DAY, 400 * DAY).map(lambda span: NOON + span)
AGES = st.none() | st.timedeltas(timedelta(0), 400 * DAY)
STATUSES = st.sampled_from([0, 304, 401, 403, 404, 429, 451, 500, 502, 503])
FAILURES = st.builds(Failed, source=st.just("vna"), why=st.just("no"), status=STATUSES, retry_at=WHENS) | st.builds(
    Blocked, source=st.just("vna"), why=st.just("no"), status=STATUSES, retry_at=WHENS
)
SUCCESSES = st.builds(NotModified, source=st.just("vna"), max_age=AGES, moved_to=st.sampled_from(["", MOVED]))
STATES = st.builds(
    a_state,
    failures=st.integers(0, 200),
    pace=st.builds(Pace, wait=st.timedeltas(timedelta(0), 400 * DAY), skip_hours=st.just((1, 2, 3, 5, 6)),
                   skip_days=st.sampled_from([(), (1, 2), (5, 6)])),
    rhythm=st.none() | st.timedeltas(10 * MINUTE, DAY),
    new_at=st.none() | st.timedeltas(-DAY, 400 * DAY).map(lambda ago: NOON - ago),
)  # fmt: skip
SOURCES = st.builds(a_source, every=st.timedeltas(MINUTE, 30 * DAY), adaptive=st.booleans())


@given(state=STATES, source=SOURCES, answer=FAILURES | SUCCESSES, jitter=st.floats(0, 1))
def test_whatever_is_answered_the_next_asking_is_neither_in_the_past_nor_too_far_off(state, source, answer, jitter):
    after = answered(state, answer, source=source, jitter=jitter)

    assert NOON < after.next_at <= NOON + longest_wait(source)
    assert not is_due(after, source, now=NOON)
    assert is_due(after, source, now=after.next_at)


@given(state=STATES, source=SOURCES, answer=FAILURES | SUCCESSES, jitter=st.floats(0, 1))
def test_no_publisher_is_asked_sooner_than_it_wishes(state, source, answer, jitter):
    after = answered(state, answer, source=source, jitter=jitter)

    wished = [state.pace.wait]
    if isinstance(answer, NotModified):
        wished.append(answer.max_age or timedelta(0))
    elif answer.retry_at:
        wished.append(answer.retry_at - NOON)
    assert after.next_at - NOON >= min(max(wished), MAX_WAIT)
    assert after.next_at - NOON >= source.every or source.adaptive
    assert after.next_at.hour not in state.pace.skip_hours
    assert after.next_at.weekday() not in state.pace.skip_days


@given(answer=FAILURES, jitter=st.floats(0, 1))
def test_failures_in_a_row_are_never_asked_sooner_than_the_one_before(answer, jitter):
    state, waits = first_state(SOURCE), []
    for _ in range(12):
        state = answered(state, answer, jitter=jitter)
        waits.append(state.next_at - NOON)

    assert waits == sorted(waits)
    assert waits[-1] <= MAX_WAIT * (1 + SPREAD)


# ---- whether it is due


def test_a_source_is_due_when_its_time_has_come_or_its_address_has_changed():
    state = answered(first_state(SOURCE))

    assert is_due(first_state(SOURCE), SOURCE, now=NOON)
    assert not is_due(state, SOURCE, now=NOON + EVERY / 2)
    assert is_due(state, SOURCE, now=NOON + EVERY)
    assert is_due(state, ELSEWHERE, now=NOON)
    assert is_due(state, SOURCE, now=NOON - 365 * DAY)  # the clock was a year ahead when it was set


def test_a_source_that_is_gone_stops_and_says_so():
    gone = answered(first_state(SOURCE), Gone(source="vna"))

    assert gone.next_at == NEVER
    assert is_gone(gone, SOURCE)
    assert not any(is_due(gone, SOURCE, now=NOON + years * 365 * DAY) for years in range(-50, 50))
    assert gone.outcome == "410 Gone: it is asked no more; give it another url in feeds.yaml, or take it out"


def test_a_source_that_is_gone_starts_again_at_another_address():
    gone = answered(a_state(validators=VALIDATORS, failures=3), Gone(source="vna"))

    assert is_due(gone, ELSEWHERE, now=NOON)
    assert not is_gone(gone, ELSEWHERE)
    assert answered(gone, DOWN, source=ELSEWHERE).failures == 1


def test_a_source_that_is_gone_and_asked_by_force_goes_on_when_it_answers():
    gone = answered(first_state(SOURCE), Gone(source="vna"))

    back = read(gone, now=NOON + DAY)

    assert back.next_at == NOON + DAY + EVERY
    assert back.failures == 0


# ---- what it is asked


def test_a_question_carries_the_validators_verbatim_but_not_to_another_address():
    state = read(first_state(SOURCE))

    assert question(state, SOURCE, now=NOON).validators == VALIDATORS
    assert question(state, ELSEWHERE, now=NOON).validators == Validators()
    assert question(state, ELSEWHERE, now=NOON).url == ELSEWHERE.url


def test_a_304_confirms_validators_which_it_does_not_repeat_and_replaces_them_if_it_does():
    state = read(first_state(SOURCE))

    assert answered(state, OK).validators == VALIDATORS
    assert answered(state, NotModified(source="vna", validators=Validators(etag='"b"'))).validators.etag == '"b"'


def test_a_question_says_what_robots_txt_and_the_admin_allow():
    robots = Robots(url=SOURCE.url, read_at=NOON, spacing=timedelta(seconds=10))
    state = a_state(robots=robots)
    private = a_source(allow_private=True, ignore_robots="it is our own")

    heeded, unheeded = (question(state, source, now=NOON) for source in (SOURCE, private))

    assert (heeded.spacing, heeded.allow_private) == (timedelta(seconds=10), False)
    assert (unheeded.spacing, unheeded.allow_private) == (timedelta(0), True)
    assert question(state, ELSEWHERE, now=NOON).spacing == timedelta(0)


def is_conditional(state, now):
    return question(state, SOURCE, now=now).validators == VALIDATORS


def test_a_validator_that_answers_304_for_ever_is_found_out_by_asking_in_full_now_and_then():
    state, now, full = read(first_state(SOURCE)), NOON, []
    while now < NOON + 60 * DAY:
        if is_conditional(state, now):
            state = answered(state, OK, now=now)
        else:
            full.append(now)
            state = read(state, now=now)
        now = state.next_at

    assert 6 <= len(full) <= 11
    gaps = [later - sooner for sooner, later in pairwise(full)]
    assert all(FULL_EVERY * 0.75 <= gap <= FULL_EVERY * 1.25 + EVERY for gap in gaps)


def test_sources_that_were_added_together_are_not_asked_in_full_together():
    days = set()
    for number in range(50):
        source = a_source(f"s{number}")
        state = replace(first_state(source), validators=VALIDATORS, full_at=NOON)
        days.add(next(day for day in range(20) if not question(state, source, now=NOON + day * DAY).validators.etag))

    assert len(days) >= 3


def test_any_whole_document_counts_as_a_full_answer_and_a_partial_one_does_not():
    state = read(first_state(SOURCE))

    later = NOON + DAY
    assert state.full_at == NOON
    assert read(state, body_hash="h2", now=later).full_at == later
    assert answered(state, a_body(), body_hash="h1", now=later).full_at == later
    assert answered(state, OK, now=later).full_at == NOON
    assert answered(state, a_body(partial=True), now=later).full_at == NOON


def test_a_304_to_a_full_question_is_one_failure_and_the_next_question_is_conditional():
    weeks = NOON + 3 * FULL_EVERY
    state = read(first_state(SOURCE))
    assert not is_conditional(state, weeks)

    refused = answered(state, Failed(source="vna", why="304 Not Modified, though …", status=304), now=weeks)

    assert refused.failures == 1
    assert is_conditional(refused, weeks)
    assert not is_conditional(answered(refused, OK, now=weeks), weeks)


def test_a_source_that_never_answered_in_full_or_did_so_in_the_future_is_asked_in_full():
    assert not is_conditional(a_state(validators=VALIDATORS), NOON)
    assert not is_conditional(a_state(validators=VALIDATORS, full_at=NOON + DAY), NOON)


# ---- what is remembered of an answer


def test_an_answer_ends_the_lease_and_is_counted():
    state = answered(a_state(claimed_until=NOON + HOUR), DOWN)
    state = answered(state, OK, now=NOON + HOUR)

    assert state.claimed_until is None
    assert (state.asked_times, state.unmodified) == (2, 1)
    assert (state.first_asked_at, state.asked_at) == (NOON, NOON + HOUR)


def test_the_same_bytes_again_are_unchanged_and_need_no_reading():
    state = replace(read(first_state(SOURCE)), failures=2)

    again = answered(state, a_body(), body_hash="h1", now=NOON + HOUR)

    assert (again.outcome, again.failures, again.changed_at) == ("unchanged", 0, NOON)
    assert again.history[-1] == Answered(outcome="unchanged", first_at=NOON + HOUR, last_at=NOON + HOUR)


def test_the_same_bytes_that_are_read_again_are_one_answer():
    state = read(first_state(SOURCE))

    half, parsed = answered(state, a_body(), now=NOON + HOUR), a_document(1, 2)
    again = after_reading(
        half, SOURCE, parsed=parsed, read=parsed.fingerprints, body_hash="h1", new=0, problems=(), now=NOON + HOUR,
        jitter=0.0,
    )  # fmt: skip

    assert again.history[-1] == Answered(outcome="unchanged", first_at=NOON + HOUR, last_at=NOON + HOUR)


def test_what_was_read_is_remembered():
    problem = Problem(text="not well-formed", where="line 3")

    state = read(first_state(SOURCE), new=2, problems=[problem])

    assert (state.title, state.entries, state.body_hash) == ("Wire", 2, "h1")
    assert (state.changed_at, state.new_at, state.outcome) == (NOON, NOON, "changed")
    assert state.problems == ("line 3: not well-formed",)
    assert known_fingerprints(state) == {a_print(1), a_print(2)}


def test_a_document_that_changed_and_brought_nothing_new_moves_changed_at_only():
    state = read(first_state(SOURCE), new=2)

    later = read(state, body_hash="h2", now=NOON + HOUR)

    assert (later.changed_at, later.new_at) == (NOON + HOUR, NOON)


def test_the_rhythm_is_learned_from_new_entries():
    dates = tuple(Entry(source="vna", published=NOON - 3 * hours * HOUR) for hours in range(1, 5))
    state = read(first_state(SOURCE), a_document(entries=dates), new=4)

    later = read(state, body_hash="h2", new=1, now=NOON + HOUR)
    silent = read(later, body_hash="h3", now=NOON + 2 * HOUR)

    assert state.rhythm == pytest.approx(3 * HOUR, abs=5 * MINUTE)
    assert HOUR < later.rhythm < 3 * HOUR
    assert silent.rhythm == later.rhythm


def test_an_adaptive_source_begins_at_every_and_goes_on_at_its_rhythm():
    source = a_source(every=EVERY, adaptive=True)
    dates = tuple(Entry(source="vna", published=NOON - 4 * hours * HOUR) for hours in range(1, 5))

    unknown = answered(first_state(source), OK, source=source)
    known = read(first_state(source), a_document(entries=dates), source=source, new=4)

    assert unknown.next_at == NOON + EVERY
    assert known.next_at - NOON == pytest.approx(2 * HOUR, abs=5 * MINUTE)


# ---- a partial document


def test_a_partial_document_takes_nothing_away():
    state = read(first_state(SOURCE), a_document(1, 2, 3))

    partial = read(state, a_document(4, 1), body=a_body(partial=True), body_hash="h2", new=1, now=NOON + HOUR)

    assert partial.read == "".join(a_print(number) for number in (4, 1, 2, 3))
    assert (partial.entries, partial.body_hash) == (3, "h1")
    assert (partial.outcome, partial.changed_at, partial.new_at) == ("changed", NOON + HOUR, NOON + HOUR)


@given(st.lists(st.integers(0, 50), unique=True), st.lists(st.integers(0, 50), unique=True))
def test_a_partial_document_read_twice_is_remembered_once(old, new):
    partial = a_body(partial=True)
    state = read(first_state(SOURCE), a_document(*old))

    once = read(state, a_document(*new), body=partial)
    twice = read(once, a_document(*new), body=partial)

    assert twice.read == once.read
    assert known_fingerprints(once) == {a_print(number) for number in {*old, *new}}


def test_what_is_remembered_as_read_is_bounded_and_the_first_entries_are_those_that_stay():
    state = read(first_state(SOURCE), a_document(*range(MAX_READ + 5)))

    partial = read(state, a_document(9999), body=a_body(partial=True))

    assert len(known_fingerprints(state)) == len(known_fingerprints(partial)) == MAX_READ
    assert {a_print(0), a_print(9999)} <= known_fingerprints(partial)


# ---- a page in place of a feed


PAGE = Parsed(problems=(Problem(text="not a feed: it is an HTML page"),))


def test_a_page_in_place_of_a_feed_is_a_failure_and_what_was_known_stays():
    state = read(first_state(SOURCE), a_document(1, 2, pace=Pace(wait=MINUTE)), new=2)

    page = read(state, PAGE, body_hash="p", now=NOON + HOUR, problems=PAGE.problems)

    assert (page.failures, page.outcome) == (1, "not a feed: it is an HTML page")
    assert page.validators == Validators()
    kept = ("title", "read", "entries", "body_hash", "changed_at", "new_at", "pace", "rhythm")
    assert all(getattr(page, name) == getattr(state, name) for name in kept)


def test_pages_in_place_of_a_feed_are_asked_for_ever_more_seldom_until_the_feed_is_back():
    state, waits = read(first_state(SOURCE)), []
    for _ in range(8):
        state = read(state, PAGE, body_hash="p")
        waits.append(state.next_at - NOON)

    back = answered(state, a_body(), body_hash="h1")

    assert waits == [min(EVERY * 2**count, DAY) for count in range(8)]
    assert (back.failures, back.outcome) == (0, "unchanged")


@pytest.mark.parametrize(
    ("body_hash", "suggested"),
    [
        pytest.param("p2", "https://x.example/feed", id="another page"),
        pytest.param("h1", "", id="the feed as it was"),
        pytest.param("h2", "", id="the feed with news"),
    ],
)
def test_what_a_page_suggested_is_forgotten_when_the_feed_is_back(body_hash, suggested):
    page = read(read(first_state(SOURCE)), PAGE, body_hash="p")
    page = replace(page, suggested="https://x.example/feed", discovered_at=NOON)

    if body_hash == "h1":
        after = answered(page, a_body(), body_hash=body_hash)
    else:
        after = read(page, PAGE if body_hash == "p2" else a_document(3), body_hash=body_hash)

    assert after.suggested == suggested
    assert after.discovered_at == (NOON if suggested else None)


# ---- the history


def test_like_answers_in_a_row_are_one_line_of_the_history():
    state = read(first_state(SOURCE), new=3)
    for hours in (1, 2, 3):
        state = answered(state, OK, now=NOON + hours * HOUR)
    state = read(state, PAGE, body_hash="p", now=NOON + 4 * HOUR, problems=PAGE.problems)

    assert state.history == (
        Answered(outcome="changed", first_at=NOON, last_at=NOON, new=3),
        Answered(outcome="unchanged", first_at=NOON + HOUR, last_at=NOON + 3 * HOUR, times=3),
        Answered(outcome=PAGE.problems[0].text, first_at=NOON + 4 * HOUR, last_at=NOON + 4 * HOUR),
    )


@given(st.lists(st.sampled_from(["a", "b", "c"]), max_size=40))
def test_the_history_is_bounded_and_ends_with_the_last_answer(whys):
    state = first_state(SOURCE)
    for minutes, why in enumerate(whys):
        state = answered(state, Failed(source="vna", why=why), now=NOON + minutes * MINUTE)

    outcomes = [run.outcome for run in state.history]
    assert len(outcomes) <= MAX_RUNS
    assert all(one != other for one, other in pairwise(outcomes))
    assert outcomes[-1:] == whys[-1:]
    assert len(outcomes) == MAX_RUNS or sum(run.times for run in state.history) == len(whys)


# ---- the store


@given(
    answers=st.lists(FAILURES | SUCCESSES | st.just(Gone(source="vna")) | st.just(a_body(moved_to=MOVED)), max_size=8)
)
def test_a_state_comes_back_from_the_store_as_it_was(answers):
    state = first_state(SOURCE)
    for hours, answer in enumerate(answers):
        if isinstance(answer, Body):
            state = read(state, a_document(hours), body=answer, body_hash=str(hours), new=1, now=NOON + hours * HOUR)
        else:
            state = answered(state, answer, now=NOON + hours * HOUR, jitter=0.25)

    assert decode(SourceState, encode(state)) == state


def test_an_edited_address_keeps_what_is_the_sources_and_forgets_what_was_the_addresss():
    state = read(first_state(SOURCE), a_document(1, pace=Pace(wait=HOUR)), body=a_body(moved_to=MOVED), new=1)
    state = answered(state, now=NOON + 3 * DAY, answer=NotModified(source="vna", moved_to=MOVED))
    state = replace(answered(state, DOWN, now=NOON + 4 * DAY), id_rule="link", held=2, held_since=NOON)

    edited = answered(state, DOWN, source=ELSEWHERE, now=NOON + 5 * DAY)

    assert (edited.url, edited.failures, edited.next_at) == (ELSEWHERE.url, 1, NOON + 5 * DAY + EVERY)
    assert (edited.validators, edited.body_hash, edited.read, edited.pace) == (Validators(), "", "", Pace())
    assert (edited.full_at, edited.move) == (None, None)
    kept = ("title", "first_asked_at", "changed_at", "new_at", "entries", "rhythm", "id_rule", "held", "held_since")
    assert all(getattr(edited, name) == getattr(state, name) for name in kept)
    assert edited.history[-1].times == 2

from datetime import timedelta

import pytest

from syndicator.model.source import Blocked, Body, Failed, Gone, NotModified, Validators
from syndicator.pipeline.cadence import GONE_WAIT, MAX_BACKOFF, MAX_WAIT, after_answer, first_state, is_due
from syndicator.testing import NOON, a_source

EVERY = timedelta(minutes=30)
SOURCE = a_source(every=EVERY)


@pytest.mark.parametrize(
    ("answer", "failures", "wait"),
    [
        pytest.param(NotModified(source="vna"), 3, EVERY, id="an answer ends all failures"),
        pytest.param(NotModified(source="vna", max_age=2 * EVERY), 0, 2 * EVERY, id="a longer max-age is obeyed"),
        pytest.param(NotModified(source="vna", max_age=EVERY / 2), 0, EVERY, id="a shorter one does not hurry us"),
        pytest.param(NotModified(source="vna", max_age=timedelta(days=400)), 0, MAX_WAIT, id="an absurd one is capped"),
        pytest.param(Failed(source="vna", why="x"), 0, EVERY, id="the first failure waits as usual"),
        pytest.param(Failed(source="vna", why="x"), 2, 4 * EVERY, id="each failure doubles the wait"),
        pytest.param(Failed(source="vna", why="x"), 999, MAX_BACKOFF, id="the wait is bounded"),
        pytest.param(Blocked(source="vna", why="x", retry_at=NOON + timedelta(hours=6)), 0, timedelta(hours=6),
                     id="Retry-After is obeyed"),
        pytest.param(Blocked(source="vna", why="x", retry_at=NOON), 1, 2 * EVERY, id="a past Retry-After is not"),
        pytest.param(Gone(source="vna"), 0, GONE_WAIT, id="one that is gone is asked again after a week"),
    ],
)  # fmt: skip
def test_next_asking(answer, failures, wait):
    state = first_state(SOURCE)
    state = type(state)(id=state.id, url=state.url, failures=failures)

    after = after_answer(state, SOURCE, answer, now=NOON, jitter=0.0)

    assert after.next_at == NOON + wait


def test_a_source_that_is_asked_once_a_week_is_not_asked_more_often_when_it_fails():
    weekly = a_source(every=timedelta(days=7))

    after = after_answer(first_state(weekly), weekly, Failed(source="vna", why="x"), now=NOON, jitter=0.0)

    assert after.next_at == NOON + timedelta(days=7)


def test_an_answer_keeps_its_validators_and_a_304_confirms_them():
    validators = Validators(etag='"a"')
    body = Body(source="vna", url="u", content=b"", validators=validators)

    state = after_answer(first_state(SOURCE), SOURCE, body, now=NOON, jitter=0.5)
    later = after_answer(state, SOURCE, NotModified(source="vna"), now=NOON + EVERY, jitter=0.5)

    assert later.validators == validators


def test_a_source_is_due_when_its_time_has_come_or_its_address_has_changed():
    state = after_answer(first_state(SOURCE), SOURCE, NotModified(source="vna"), now=NOON, jitter=0.0)

    assert not is_due(state, SOURCE, now=NOON + EVERY / 2)
    assert is_due(state, SOURCE, now=NOON + EVERY)
    assert is_due(state, a_source(url="https://elsewhere.example/"), now=NOON)
    assert is_due(state, SOURCE, now=NOON - timedelta(days=365))  # the clock was a year ahead when it was set

from datetime import timedelta

import pytest

from syndicator.model.mail import Accepted, Deferred, Refused
from syndicator.pipeline.outbox import FIRST_WAIT, GIVE_UP, MAX_WAIT, settle
from syndicator.testing import NOON, a_delivery

ID = a_delivery().id


@pytest.mark.parametrize(
    ("attempts", "wait"),
    [
        pytest.param(0, FIRST_WAIT, id="first refusal waits five minutes"),
        pytest.param(1, 2 * FIRST_WAIT, id="the next one twice as long"),
        pytest.param(30, MAX_WAIT, id="the wait is bounded"),
    ],
)
def test_a_deferred_mail_is_tried_again_later(attempts, wait):
    settled = settle(a_delivery(attempts=attempts), Deferred(delivery=ID, reply="450"), now=NOON, jitter=0.0)

    assert (settled.state, settled.due_at, settled.attempts) == ("pending", NOON + wait, attempts + 1)


def test_an_accepted_mail_is_done_with():
    settled = settle(a_delivery(), Accepted(delivery=ID, reply="250 2.0.0 Ok"), now=NOON, jitter=0.0)

    assert (settled.state, settled.settled_at, settled.reply) == ("sent", NOON, "250 2.0.0 Ok")


def test_a_refused_mail_is_not_tried_again():
    assert settle(a_delivery(), Refused(delivery=ID, reply="550"), now=NOON, jitter=0.0).state == "refused"


def test_a_mail_that_is_four_days_old_is_given_up():
    old = a_delivery(created_at=NOON - GIVE_UP)

    assert settle(old, Deferred(delivery=ID), now=NOON, jitter=0.0).state == "refused"
    younger = a_delivery(created_at=NOON - GIVE_UP + timedelta(minutes=1))
    assert settle(younger, Deferred(delivery=ID), now=NOON, jitter=0.0).state == "pending"

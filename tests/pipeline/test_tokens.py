"""Links in mails: what is signed comes back, and nothing else does."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicator.errors import TokenError
from syndicator.pipeline.tokens import CONFIRM, CONFIRM_MAX_AGE, UNSUBSCRIBE, read, sign

SECRET = b"0123456789abcdef0123456789abcdef"
NOON = datetime(2026, 7, 14, 5, 0, tzinfo=UTC)
ids = st.text(max_size=30)


@given(st.lists(ids, max_size=6))
def test_what_is_signed_is_read_again(values):
    token = sign(CONFIRM, *values, secret=SECRET, issued_at=NOON)

    assert read(CONFIRM, token, secret=SECRET, now=NOON, max_age=CONFIRM_MAX_AGE) == tuple(values)


@given(st.lists(ids, max_size=12))
def test_a_token_survives_plain_text_mail_and_web_servers(values):
    token = sign(UNSUBSCRIBE, *values, secret=SECRET)

    assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.-]*[A-Za-z0-9]", token)


def test_a_token_is_short_enough_for_a_header():
    token = sign(UNSUBSCRIBE, "k3jx81mzq0w7tz2c", "consular-weekly", secret=SECRET)

    assert len(token) < 90  # letters; with a site's address the link stays within a line of 998 (RFC 5322, 2.1.1)


@given(st.data())
def test_a_cut_token_is_refused(data):
    token = sign(CONFIRM, "ada", "weekly", secret=SECRET, issued_at=NOON)
    length = data.draw(st.integers(0, len(token) - 1))

    with pytest.raises(TokenError) as refusal:
        read(CONFIRM, token[:length], secret=SECRET)

    assert not refusal.value.expired


@given(st.data())
def test_a_token_with_one_letter_changed_is_refused_or_says_the_same(data):
    token = sign(CONFIRM, "ada", "weekly", secret=SECRET, issued_at=NOON)
    place = data.draw(st.integers(0, len(token) - 1))
    letter = data.draw(st.sampled_from("ABCabc012-_.é"))
    changed = token[:place] + letter + token[place + 1 :]

    try:
        values = read(CONFIRM, changed, secret=SECRET)
    except TokenError:
        assert changed != token
    else:
        # The last letter of a signature carries two bits that say nothing.
        assert values == ("ada", "weekly")
        assert changed == token or place == len(token) - 1


@pytest.mark.parametrize(
    ("purpose", "secret"),
    [
        pytest.param(CONFIRM, SECRET, id="an unsubscribe link cannot confirm"),
        pytest.param(UNSUBSCRIBE, b"another secret of another server", id="another server's secret is no use"),
    ],
)
def test_a_token_is_good_for_its_purpose_and_secret_only(purpose, secret):
    token = sign(UNSUBSCRIBE, "ada", "weekly", secret=SECRET)

    with pytest.raises(TokenError):
        read(purpose, token, secret=secret)


@pytest.mark.parametrize("text", ["", ".", "..", "a.b", "é.ü", "\x00", "x" * 10_000, "WzAsImFkYSJd."])
def test_what_is_no_token_is_refused(text):
    with pytest.raises(TokenError) as refusal:
        read(CONFIRM, text, secret=SECRET)

    assert not refusal.value.expired


def test_a_confirmation_expires():
    token = sign(CONFIRM, "ada", "weekly", secret=SECRET, issued_at=NOON)

    in_time = read(CONFIRM, token, secret=SECRET, now=NOON + timedelta(hours=71, minutes=59), max_age=CONFIRM_MAX_AGE)
    with pytest.raises(TokenError) as refusal:
        read(CONFIRM, token, secret=SECRET, now=NOON + timedelta(hours=72), max_age=CONFIRM_MAX_AGE)

    assert in_time == ("ada", "weekly")
    assert refusal.value.expired


def test_an_unsubscribe_link_never_expires():
    token = sign(UNSUBSCRIBE, "ada", "weekly", secret=SECRET)

    values = read(UNSUBSCRIBE, token, secret=SECRET, now=NOON + timedelta(days=3650))

    assert values == ("ada", "weekly")


def test_an_undated_token_is_too_old_for_any_age():
    token = sign(CONFIRM, "ada", "weekly", secret=SECRET)

    with pytest.raises(TokenError) as refusal:
        read(CONFIRM, token, secret=SECRET, now=NOON, max_age=CONFIRM_MAX_AGE)

    assert refusal.value.expired

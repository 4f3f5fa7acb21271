"""What the head of an HTTP answer means."""

from __future__ import annotations

from datetime import datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicator.edges.http_answers import (
    MAX_MAX_AGE,
    MAX_RETRY_AFTER,
    read_max_age,
    read_retry_after,
    read_validators,
    request_headers,
    say_status,
)
from syndicator.model.source import Validators
from syndicator.testing import NOON


class Headers:
    """Header lines, `Name: value` each."""

    def __init__(self, *lines: str) -> None:
        self._lines = [line.split(": ", 1) for line in lines]

    def getall(self, name: str, default: list[str], /) -> list[str]:
        return [value for key, value in self._lines if key.lower() == name.lower()] or default

    def get(self, name: str, default: str, /) -> str:
        return self.getall(name, [default])[0]


def at(instant: datetime) -> str:
    return format_datetime(instant, usegmt=True)


@pytest.mark.parametrize(
    ("lines", "max_age"),
    [
        pytest.param([], None, id="nothing said"),
        pytest.param(["Cache-Control: public"], None, id="nothing said of time"),
        pytest.param(["Cache-Control: public, max-age=900"], timedelta(minutes=15), id="max-age"),
        pytest.param(["Cache-Control: public", 'Cache-Control: MAX-AGE = "900"'], timedelta(minutes=15), id="as odd"),
        pytest.param(["Cache-Control: max-age=0"], timedelta(0), id="fresh for no time"),
        pytest.param(["Cache-Control: max-age=999999999999"], MAX_MAX_AGE, id="an absurd age is a year"),
        pytest.param(["Cache-Control: s-maxage=5, x-max-age=7"], None, id="ages for others"),
        pytest.param(["Cache-Control: max-age=900, no-cache"], timedelta(0), id="kept only to ask about it"),
        pytest.param(["Cache-Control: no-store,max-age=900"], timedelta(0), id="not kept"),
        pytest.param(
            ['Cache-Control: no-cache="Set-Cookie", max-age=900'], timedelta(minutes=15), id="a field not kept"
        ),
        pytest.param(["Cache-Control: max-age=900", "Age: 300"], timedelta(minutes=10), id="some of it is over"),
        pytest.param(["Cache-Control: max-age=900", "Age: 9000"], timedelta(0), id="all of it is over"),
        pytest.param(["Cache-Control: max-age=900", "Age: old"], timedelta(minutes=15), id="no age"),
        pytest.param(
            [f"Expires: {at(NOON + timedelta(hours=1))}", f"Date: {at(NOON)}"], timedelta(hours=1), id="Expires"
        ),
        pytest.param(
            [f"Expires: {at(NOON + timedelta(hours=1))}", f"Date: {at(NOON - timedelta(hours=1))}"],
            timedelta(hours=2),
            id="Expires by the server's clock",
        ),
        pytest.param(
            [f"Expires: {at(NOON + timedelta(hours=1))}", f"Date: {at(NOON)}", "Age: 600"],
            timedelta(minutes=50),
            id="Expires, and some of it is over",
        ),
        pytest.param([f"Expires: {at(NOON + timedelta(hours=1))}"], timedelta(hours=1), id="Expires by our clock"),
        pytest.param([f"Expires: {at(NOON - timedelta(hours=1))}"], timedelta(0), id="expired"),
        pytest.param(["Expires: 0"], timedelta(0), id="expired for ever"),
        pytest.param(["Expires: Fri, 31 Dec 9999 23:59:59 GMT"], MAX_MAX_AGE, id="expires never"),
        pytest.param(
            [f"Expires: {at(NOON + timedelta(hours=9))}", "Cache-Control: max-age=60"],
            timedelta(minutes=1),
            id="max-age counts before Expires",
        ),
    ],
)
def test_reads_how_long_an_answer_is_fresh(lines, max_age):
    assert read_max_age(Headers(*lines), now=NOON) == max_age


@pytest.mark.parametrize(
    ("text", "wait"),
    [
        pytest.param("120", timedelta(minutes=2), id="seconds"),
        pytest.param("0", timedelta(0), id="no seconds"),
        pytest.param("9" * 40, MAX_RETRY_AFTER, id="an absurd number"),
        pytest.param(at(NOON + timedelta(hours=1)), timedelta(hours=1), id="a date"),
        pytest.param(at(NOON - timedelta(hours=1)), timedelta(0), id="a date gone by is now"),
        pytest.param("Tue Jul 14 06:00:00 2026", timedelta(hours=1), id="a date as C writes it"),
        pytest.param("Fri, 31 Dec 9999 23:59:59 GMT", MAX_RETRY_AFTER, id="an absurd date"),
        pytest.param("", None, id="nothing"),
        pytest.param("soon", None, id="neither"),
        pytest.param("-5", None, id="less than nothing"),
    ],
)
def test_reads_when_to_ask_again(text, wait):
    retry_at = read_retry_after(Headers(f"Retry-After: {text}"), now=NOON)

    assert retry_at == (None if wait is None else NOON + wait)


@given(st.text(max_size=40))
def test_whatever_is_in_a_header_is_read_without_an_error(text):
    headers = Headers(*(f"{name}: {text}" for name in ("Cache-Control", "Expires", "Date", "Age", "Retry-After")))
    max_age, retry_at = read_max_age(headers, now=NOON), read_retry_after(headers, now=NOON)

    assert max_age is None or timedelta(0) <= max_age <= MAX_MAX_AGE
    assert retry_at is None or NOON <= retry_at <= NOON + MAX_RETRY_AFTER


@pytest.mark.parametrize("etag", ['"a"', 'W/"a-gzip"', "bare", '"tin-tức"'])
def test_brings_validators_back_as_they_came(etag):
    validators = read_validators(Headers(f"ETag: {etag}", "Last-Modified: yesterday"))

    assert request_headers(validators) == {
        "If-None-Match": etag, "If-Modified-Since": "yesterday", "A-IM": "feed",
    }  # fmt: skip


def test_brings_back_no_validators_that_cannot_be_sent():
    assert read_validators(Headers('ETag: "\udce9"', "Last-Modified: a\x7fb")) == Validators()


def test_asks_for_changes_only_where_there_is_something_to_compare_with():
    assert request_headers(Validators()) == {}


@pytest.mark.parametrize(
    ("status", "reason", "words"),
    [
        pytest.param(404, "Nope", "404 Not Found", id="in the standard's words"),
        pytest.param(520, "Web\x1b[31m Server", "520 Web[31m Server", id="in the server's, fit for a terminal"),
        pytest.param(599, "", "599", id="without words"),
    ],
)
def test_names_a_status(status, reason, words):
    assert say_status(status, reason) == words

"""The dates that newspapers write are read as they mean them, and nonsense is no date."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syndicator.pipeline import dates
from syndicator.pipeline.dates import BACKFILL_AGE, read_date, settle_dates
from syndicator.testing import NOON, an_entry, an_item

AT_3 = datetime(2026, 7, 14, 3, 0, tzinfo=UTC)
AT_10 = datetime(2026, 7, 14, 10, 0, tzinfo=UTC)
MIDNIGHT = datetime(2026, 7, 14, 0, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        pytest.param("Tue, 14 Jul 2026 10:00:00 +0700", AT_3, id="RFC 5322"),
        pytest.param("14 Jul 2026 10:00 +0700", AT_3, id="RFC 5322 without weekday and seconds"),
        pytest.param("Fri, 14 Jul 2026 10:00:00 +0700", AT_3, id="a wrong weekday is not checked"),
        pytest.param("Tue, 14 Jul 26 03:00:00 GMT", AT_3, id="a year of two digits"),
        pytest.param("Tue, 14 Jul 2026 03:00:00 Z", AT_3, id="Z"),
        pytest.param("Mon, 13 Jul 2026 23:00:00 EDT", AT_3, id="an American zone"),
        pytest.param("Tue, 14 Jul 2026 10:00:00 GMT+7", AT_3, id="GMT+7"),
        pytest.param("Tue, 14 Jul 2026 10:00:00 UTC+07:00", AT_3, id="UTC+07:00"),
        pytest.param("Tue, 14 Jul 2026 10:00:00 ICT", AT_3, id="ICT is seven hours ahead"),
        pytest.param("Tue, 14 Jul 2026 10:00:00 +0700 (ICT)", AT_3, id="a comment after the zone"),
        pytest.param("Tue, 14 July 2026 10:00:00 GMT", AT_10, id="a month written out"),
        pytest.param("Tue, 14 Jul 2026 10:00:00 XYZ", AT_10, id="an unknown zone is UTC"),
        pytest.param("Tue, 14 Jul 2026 10:00:00", AT_10, id="no zone is UTC"),
        pytest.param("Tue, 14 Jul 2026 10:00:60 GMT", AT_10 + timedelta(seconds=59), id="a leap second"),
        pytest.param("2026-07-14T10:00:00+07:00", AT_3, id="RFC 3339"),
        pytest.param("2026-07-14T03:00:00.123Z", AT_3, id="fractions are left out"),
        pytest.param("2026-07-14T10:00:00", AT_10, id="ISO without a zone"),
        pytest.param("2026-07-14 10:00:00 +0700", AT_3, id="ISO with blanks"),
        pytest.param("2026-07-14", MIDNIGHT, id="a day is its midnight"),
        pytest.param("20260714", MIDNIGHT, id="a day without dashes"),
        pytest.param("July 14, 2026 10:00 AM", AT_10, id="month first, in words"),
        pytest.param("Thứ Ba, 14/07/2026 10:00", AT_10, id="a Vietnamese weekday"),
        pytest.param("Chủ nhật, ngày 12/07/2026, 10:00 (GMT+7)", AT_3 - timedelta(days=2), id="with all trimmings"),
        pytest.param("Thu Ba, 14/07/2026", MIDNIGHT, id="a Vietnamese weekday without marks"),
        pytest.param("10:00 14/07/2026", AT_10, id="the hour first"),
        pytest.param("05/07/2026 10:00", AT_10 - timedelta(days=9), id="day before month"),
        pytest.param("7/14/2026 10:00:00 AM", AT_10, id="month before day where the day is no month"),
        pytest.param("7/5/2026 10:00:00 AM", AT_10 - timedelta(days=9), id="month before day with AM"),
        pytest.param("7/13/2026 12:00:00 AM", MIDNIGHT - timedelta(days=1), id="12 AM is midnight"),
        pytest.param("14/07/2026 10:00:00 PM", AT_10 + 12 * HOUR, id="day first, though with PM"),
        pytest.param("05/07/2026 10:00:00 CH", AT_10 + 12 * HOUR - timedelta(days=9), id="a Vietnamese afternoon"),
        pytest.param("\n  14/07/2026\n 10:00 ", AT_10, id="blanks around"),
        pytest.param("Tue, 14 Jul 2026 10:00:00 +07", AT_3, id="+07"),
        pytest.param("Tue, 14 Jul 2026 10:00:00 UTC+7", AT_3, id="UTC+7"),
        pytest.param("2026-07-14T10:00:00+07", AT_3, id="ISO with an offset of hours"),
        pytest.param("14-07-2026 | 10:00", AT_10, id="a bar between day and hour"),
        pytest.param("14 Tháng 7 2026", MIDNIGHT, id="a Vietnamese month"),
        pytest.param("ngày 14 tháng 7 năm 2026", MIDNIGHT, id="a Vietnamese date in full"),
        pytest.param("14 Tháng Bảy, 2026", MIDNIGHT, id="a Vietnamese month in words"),
        pytest.param("14 Tha\u0301ng Ba\u0309y, 2026", MIDNIGHT, id="in letters that are not composed"),
        pytest.param("14 tháng năm năm 2026", MIDNIGHT - timedelta(days=61), id="May, which is also the word for year"),
        pytest.param("14 Tháng Mười Hai 2026", MIDNIGHT + timedelta(days=153), id="December, which begins as October"),
        pytest.param("14 Th7, 2026", MIDNIGHT, id="as blogs shorten it"),
        pytest.param("10h00 14/07/2026", AT_10, id="10h00"),
        pytest.param("10 giờ 00, 14/7/2026", AT_10, id="10 giờ 00"),
        pytest.param("mar. 14 juil. 2026 à 10h", AT_10, id="a French date, shortened"),
        pytest.param("14 juin 2026", MIDNIGHT - timedelta(days=30), id="June, which begins as July in French"),
        pytest.param("1er août 2026", MIDNIGHT + timedelta(days=18), id="the first of a month in French"),
        pytest.param("14. Juli 2026, 10:00 Uhr", AT_10, id="a German date"),
        pytest.param("14 de julio de 2026", MIDNIGHT, id="a Spanish date"),
        pytest.param("14 июля 2026, 10:00", AT_10, id="a Russian date"),
        pytest.param("14 Agustus 2026 10:00 WIB", AT_3 + timedelta(days=31), id="an Indonesian date"),
        pytest.param("2026年7月14日", MIDNIGHT, id="a Chinese or Japanese date"),
        pytest.param("2026年07月14日 10时00分00秒", AT_10, id="with a Chinese hour"),
        pytest.param("2026年7月14日（火）午後3時20分", AT_10 + HOUR * 16 / 3, id="a Japanese afternoon"),
        pytest.param("2026년 7월 14일 오전 10:00", AT_10, id="a Korean date"),
        pytest.param("2026. 7. 14. 오후 10:00", AT_10 + 12 * HOUR, id="a Korean date with dots"),
        pytest.param("1783994400", AT_10 - 8 * HOUR, id="seconds since 1970"),
        pytest.param("1783994400000", AT_10 - 8 * HOUR, id="milliseconds since 1970"),
        pytest.param("20260714T100000Z", AT_10, id="ISO without any mark"),
        pytest.param("20260714100000", AT_10, id="digits alone"),
    ],
)
def test_reads(text, instant):
    assert read_date(text) == instant


@pytest.mark.parametrize(
    ("text", "zone", "instant"),
    [
        pytest.param("14/07/2026 10:00", "Asia/Ho_Chi_Minh", AT_3, id="no zone is the source's"),
        pytest.param("2026-07-14T10:00:00", "Asia/Ho_Chi_Minh", AT_3, id="in ISO too"),
        pytest.param("14 Jul 2026 10:00 -0000", "Asia/Ho_Chi_Minh", AT_3, id="-0000 says that it knows none"),
        pytest.param("14 Jul 2026 10:00 +0000", "Asia/Ho_Chi_Minh", AT_10, id="a zone that is named is believed"),
        pytest.param("14/07/2026 10:00", "Mars/Olympus", AT_10, id="an unknown zone of the source is UTC"),
        pytest.param("14/07/2026 12:00", "Europe/Paris", AT_10, id="summer time counts"),
    ],
)
def test_a_date_without_a_zone_is_in_that_of_its_source(text, zone, instant):
    assert read_date(text, timezone=zone) == instant


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("yesterday", id="words"),
        pytest.param("Mon, 01 Jan 0001 00:00:00 GMT", id="the year 1"),
        pytest.param("0001-01-01T00:00:00+14:00", id="before the year 1"),
        pytest.param("1970-01-01T00:00:00Z", id="the epoch"),
        pytest.param("2199-01-01", id="far away"),
        pytest.param("31/02/2026", id="a day that there is not"),
        pytest.param("14/14/2026", id="a month that there is not"),
        pytest.param("14 Foo 2026", id="a month of another tongue"),
        pytest.param("14/07/2026 25:00", id="an hour that there is not"),
        pytest.param("2026-W29-2", id="a week date"),
        pytest.param("2026-195", id="an ordinal date"),
        pytest.param("2026112", id="an ordinal date without a dash, which is not November 2"),
        pytest.param("0000000000", id="the epoch in seconds"),
        pytest.param("12345678901234567890", id="any number"),
    ],
)
def test_nonsense_is_no_date(text):
    assert read_date(text, timezone="Asia/Ho_Chi_Minh") is None


@pytest.mark.parametrize(
    ("text", "form", "instant"),
    [
        pytest.param("07.14.26 10-00", "%m.%d.%y %H-%M", AT_3, id="a form of its own, in the source's zone"),
        pytest.param("07.14.26 10-00 +0900", "%m.%d.%y %H-%M %z", AT_10 - 9 * HOUR, id="with a zone"),
        pytest.param("05/07/2026 10:00", "%m/%d/%Y %H:%M", AT_3 - timedelta(days=68), id="it comes first"),
        pytest.param("Tue, 14 Jul 2026 10:00:00 +0700", "%m/%d/%Y", AT_3, id="what is not of it is read as ever"),
        pytest.param("14/07/2026 10:00", "%", AT_3, id="a form that is none changes nothing"),
        pytest.param("14/07/2026 10:00", "%d/%d", AT_3, id="nor does one that names the day twice"),
    ],
)
def test_a_source_may_name_the_form_of_its_dates(text, form, instant):
    assert read_date(text, timezone="Asia/Ho_Chi_Minh", form=form) == instant


STANDARD = st.builds(
    "{}{} {} {} {:02}:{:02}:{:02} {}".format,
    st.sampled_from(["", "Tue, ", "Xyz, "]),
    st.integers(0, 32),
    st.sampled_from(["Jan", "Jul", "Dec", "Foo", "Mai"]),
    st.integers(1980, 2110),
    *(st.integers(0, 25), st.integers(0, 61), st.integers(0, 61)),
    st.sampled_from(["+0700", "-0500", "GMT", "UTC", "Z", "-0000", "+1500", "+9999", "EST", ""]),
) | st.builds(
    "{}-{:02}-{:02}T{:02}:{:02}:{:02}{}{}".format,
    st.integers(1980, 2110),
    *(st.integers(0, 13), st.integers(0, 32), st.integers(0, 25), st.integers(0, 61), st.integers(0, 61)),
    st.sampled_from(["", ".5", ".123456789"]),
    st.sampled_from(["Z", "+07:00", "-05:30", "-00:00", "+15:00", "+07", ""]),
)


@settings(max_examples=200)
@given(STANDARD)
def test_the_shortcut_for_standard_dates_reads_what_the_long_way_reads(text):
    with patch.object(dates, "_of_standard", lambda _: None):
        slow = read_date(text, timezone="Asia/Ho_Chi_Minh")

    assert read_date(text, timezone="Asia/Ho_Chi_Minh") == slow


@given(st.text(alphabet="0123456789/-:+ TZGMTAPJul.", max_size=40) | st.text(max_size=40))
def test_no_text_raises(text):
    instant = read_date(text, timezone="Asia/Ho_Chi_Minh")

    assert instant is None or instant.tzinfo is UTC


@given(st.datetimes(min_value=datetime(1991, 1, 1), max_value=datetime(2099, 1, 1)), st.integers(-12, 14))  # noqa: DTZ001
def test_iso_dates_come_back_as_they_were_written(naive, hours):
    text = naive.replace(microsecond=0).isoformat() + f"{hours:+03d}:00"

    assert read_date(text) == datetime.fromisoformat(text)


def entry(published: datetime | None = None, updated: datetime | None = None, **changes):
    return an_entry(published=published, updated=updated, **changes)


@pytest.mark.parametrize(
    ("published", "updated", "settled"),
    [
        pytest.param(None, None, (NOON, NOON), id="no date is the first sight"),
        pytest.param(NOON - HOUR, None, (NOON - HOUR, NOON - HOUR), id="what is claimed is believed"),
        pytest.param(NOON - HOUR, NOON, (NOON - HOUR, NOON), id="an update too"),
        pytest.param(None, NOON - HOUR, (NOON - HOUR, NOON - HOUR), id="an update alone is both"),
        pytest.param(None, NOON + HOUR, (NOON, NOON), id="a future update alone is the first sight"),
        pytest.param(NOON + HOUR, None, (NOON, NOON), id="the future is the first sight"),
        pytest.param(NOON + HOUR / 12, None, (NOON + HOUR / 12, NOON + HOUR / 12), id="a clock may be minutes ahead"),
        pytest.param(NOON - HOUR, NOON + HOUR, (NOON - HOUR, NOON - HOUR), id="a future update is none"),
        pytest.param(NOON - HOUR, NOON - 2 * HOUR, (NOON - HOUR, NOON - HOUR), id="nor one before the beginning"),
    ],
)
def test_settles_the_dates_of_a_new_entry(published, updated, settled):
    assert settle_dates(entry(published, updated), first_seen_at=NOON, known=None) == settled


@pytest.mark.parametrize(
    ("published", "updated", "settled"),
    [
        pytest.param(None, None, NOON - BACKFILL_AGE, id="without a date"),
        pytest.param(NOON + HOUR, None, NOON - BACKFILL_AGE, id="with one in the future"),
        pytest.param(NOON - HOUR, None, NOON - HOUR, id="with a date that can be believed"),
        pytest.param(None, NOON - HOUR, NOON - HOUR, id="with an update that can"),
    ],
)
def test_what_stood_there_before_a_source_was_first_asked_is_no_news(published, updated, settled):
    assert settle_dates(entry(published, updated), first_seen_at=NOON, known=None, backfill=True) == (settled, settled)


def test_dates_that_are_made_up_at_every_fetch_move_nothing():
    known = an_item(published=NOON - HOUR)

    settled = settle_dates(replace(known.entry, published=NOON, updated=NOON), first_seen_at=NOON, known=known)

    assert settled == (NOON - HOUR, NOON - HOUR)


@pytest.mark.parametrize(
    ("updated", "settled"),
    [
        pytest.param(None, NOON, id="an edit is dated when it is seen"),
        pytest.param(NOON - HOUR / 2, NOON - HOUR / 2, id="unless the publisher dates it"),
        pytest.param(NOON - 2 * HOUR, NOON, id="but not before the last one"),
        pytest.param(NOON + HOUR, NOON, id="and not in the future"),
    ],
)
def test_an_edit_moves_updated_and_leaves_published(updated, settled):
    known = an_item(published=NOON - HOUR)
    edited = replace(known.entry, title="Another title", published=NOON, updated=updated)

    assert settle_dates(edited, first_seen_at=NOON, known=known) == (NOON - HOUR, settled)

"""The doctor sees what HTTP does not, says it in plain words, and keeps quiet about what is well."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from syndicator.model.entry import Parsed, Problem
from syndicator.model.source import Answered, Expect, Finding, Move, Repair, Robots, SourceState
from syndicator.pipeline.cadence import FULL_EVERY
from syndicator.pipeline.doctor import diagnose, is_broken, remedy_for, show_span
from syndicator.pipeline.examine import SAMPLE, cut_sample, extend_sample
from syndicator.pipeline.not_a_feed import Page
from syndicator.pipeline.waits import NEVER
from syndicator.testing import NOON, a_source, an_entry

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
URL = a_source("vna").url
CHALLENGE = Page(kind="challenge", text="looks like a page that checks for a browser (Cloudflare)", remedy="ask")


def a_state(**changes):
    """Return the state of a source that has just answered 304, and is well."""
    base = {
        "id": "vna", "url": URL, "asked_at": NOON, "full_at": NOON - DAY, "changed_at": NOON - HOUR,
        "new_at": NOON - HOUR, "outcome": "unchanged", "entries": 40, "id_rule": "guid and link", "rhythm": HOUR,
        "unmodified": 5, "robots": Robots(url=URL, read_at=NOON),
    }  # fmt: skip
    return SourceState(**(base | changes))


def a_reading(*entries, count=10, problems=(), **changes):
    """Return a document with *entries*, or with *count* plausible ones that all bear *changes*."""
    told = entries or [
        an_entry(f"News {number}", **({"published": NOON - timedelta(minutes=number), "claimed": "Z"} | changes))
        for number in range(count)
    ]
    return Parsed(version="rss20", title="Wire", entries=tuple(told), problems=tuple(problems))


def kinds(state=None, *, source=None, **given):
    return [finding.kind for finding in told(source or a_source("vna"), state or a_state(), **given)]


def told(source, state, *, parsed=None, now=NOON, **given):
    sample = extend_sample(source, state.sample, parsed.entries) if parsed else state.sample
    return diagnose(source, state, parsed=parsed, sample=sample, now=now, **given)


def test_a_source_that_is_well_has_no_findings():
    assert kinds() == []
    assert kinds(parsed=a_reading()) == []


# ---- no answer


def failing(outcome, *, times=3, since=NOON - 5 * HOUR, **changes):
    history = (
        Answered(outcome="unchanged", first_at=NOON - 9 * DAY, last_at=since - HOUR, times=99),
        Answered(outcome=outcome, first_at=since, last_at=NOON, times=times),
    )
    return a_state(failures=times, outcome=outcome, history=history, **changes)


@pytest.mark.parametrize(
    ("outcome", "kind", "remedy"),
    [
        pytest.param("403 Forbidden", "blocked", "ask the publisher to let feed readers in", id="forbidden"),
        pytest.param("429 Too Many Requests", "blocked", "a longer `every`", id="too many requests"),
        pytest.param("200 OK: a challenge page for browsers", "blocked", "ask the publisher", id="a challenge"),
        pytest.param("404 Not Found", "failing", "syndicator add URL", id="not found"),
        pytest.param("503 Service Unavailable", "failing", "wait", id="in trouble"),
        pytest.param("host not found", "failing", "DNS", id="no such host"),
        pytest.param("the certificate expired", "failing", "must be renewed", id="an old certificate"),
        pytest.param("the certificate is for another host", "failing", "without www", id="another's certificate"),
        pytest.param(
            "the certificate is signed by an authority that we do not know, or the server leaves out an intermediate "
            "certificate", "failing", "whole chain", id="a missing link in the chain",
        ),
        pytest.param("no answer within 30 s", "failing", "how slow", id="slow"),
        pytest.param("larger than 8 MiB", "failing", "a shorter feed", id="too large"),
        pytest.param("too many redirects (more than 5)", "failing", "where that ends", id="a circle of redirects"),
        pytest.param("connection refused", "failing", "open the address in a browser", id="anything else"),
    ],
)  # fmt: skip
def test_a_source_that_does_not_answer_is_told_of_with_cause_and_remedy(outcome, kind, remedy):
    (finding,) = diagnose(a_source("vna"), failing(outcome), parsed=None, now=NOON)

    assert (finding.kind, finding.since) == (kind, NOON - 5 * HOUR)
    assert finding.text.endswith(f"since 2026-07-14: {outcome}")
    assert remedy in finding.remedy
    assert is_broken(finding)


@pytest.mark.parametrize(
    ("times", "since", "told"),
    [
        pytest.param(1, NOON - HOUR, [], id="one failure is nothing"),
        pytest.param(2, NOON - 23 * HOUR, [], id="nor are two within a day"),
        pytest.param(3, NOON - HOUR, ["failing"], id="three are"),
        pytest.param(2, NOON - 25 * HOUR, ["failing"], id="so is more than a day"),
    ],
)
def test_a_passing_trouble_needs_nobody(times, since, told):
    assert kinds(failing("502 Bad Gateway", times=times, since=since)) == told


def test_failing_begins_with_the_first_failure_whatever_its_cause():
    history = (
        Answered(outcome="changed", first_at=NOON - 9 * DAY, last_at=NOON - 8 * DAY),
        Answered(outcome="host not found", first_at=NOON - 3 * DAY, last_at=NOON - 2 * DAY, times=2),
        Answered(outcome="no answer within 30 s", first_at=NOON - DAY, last_at=NOON),
    )

    (finding,) = diagnose(
        a_source("vna"),
        a_state(failures=3, outcome="no answer within 30 s", history=history),
        parsed=None,
        now=NOON,
    )

    assert finding.since == NOON - 3 * DAY


def test_gone_is_said_once_and_at_once():
    (finding,) = diagnose(
        a_source("vna"), a_state(failures=1, outcome="410 Gone", next_at=NEVER), parsed=None, now=NOON
    )

    assert finding.kind == "gone"
    assert "asked no more" in finding.text


def test_robots_txt_is_named_with_its_rule_unless_it_does_not_count():
    state = a_state(robots=Robots(url=URL, read_at=NOON, disallows="/rss"), failures=4, outcome="robots.txt forbids it")

    (finding,) = diagnose(a_source("vna"), state, parsed=None, now=NOON)
    assert (finding.kind, "/rss" in finding.text) == ("robots", True)
    assert kinds(replace(state, failures=0), source=a_source("vna", ignore_robots="they allow it")) == []


def test_only_a_setting_opens_a_private_address():
    outcome = "wire.example leads to 10.0.0.7, which is an address of a private network; if it is your own newsroom's"

    (finding,) = diagnose(a_source("vna"), failing(outcome), parsed=None, now=NOON)

    assert (finding.remedy, "allow_private" in finding.remedy) == (remedy_for(outcome), True)
    assert remedy_for("503 Service Unavailable") == ""


# ---- over days and weeks


@pytest.mark.parametrize(
    ("answers", "days", "told"),
    [
        pytest.param(4, 7, ["moved"], id="a week of agreeing answers"),
        pytest.param(3, 7, [], id="too few answers"),
        pytest.param(90, 5, [], id="too few days"),
    ],
)
def test_a_move_is_told_when_it_is_sure(answers, days, told):
    move = Move(url="https://new.example/rss", since=NOON - days * DAY, answers=answers)

    findings = diagnose(a_source("vna"), a_state(move=move), parsed=None, now=NOON)

    assert [finding.kind for finding in findings] == told
    assert all("--apply-moves" in finding.remedy and "https://new.example/rss" in finding.text for finding in findings)


def test_a_move_that_was_told_stays_while_the_source_fails():
    move = Move(url="https://new.example/rss", since=NOON - 9 * DAY, answers=9)
    told = diagnose(a_source("vna"), a_state(move=move), parsed=None, now=NOON)

    assert kinds(a_state(move=move, failures=1, outcome="502 Bad Gateway", findings=told)) == ["moved"]


@pytest.mark.parametrize(
    ("silent", "rhythm", "allowed", "told"),
    [
        pytest.param(3 * DAY, HOUR, 2 * DAY, True, id="longer than is expected"),
        pytest.param(DAY, HOUR, 2 * DAY, False, id="shorter than is expected"),
        pytest.param(50 * DAY, HOUR, 60 * DAY, False, id="what is expected goes before what was learned"),
        pytest.param(9 * DAY, HOUR, None, False, id="the holidays of Tết"),
        pytest.param(11 * DAY, HOUR, None, True, id="a lively source that fell silent"),
        pytest.param(60 * DAY, DAY, None, False, id="a slow source may be a quarterly"),
        pytest.param(100 * DAY, DAY, None, True, id="a slow source that is dead"),
        pytest.param(100 * DAY, None, None, True, id="a source that was dead when it was added"),
    ],
)
def test_silence_is_told_when_it_is_longer_than_usual(silent, rhythm, allowed, told):
    source = a_source("vna", expect=Expect(max_silence=allowed))

    assert kinds(a_state(new_at=NOON - silent, rhythm=rhythm), source=source) == (["silent"] if told else [])


def test_bytes_that_change_without_news_do_not_hide_the_silence():
    assert kinds(a_state(new_at=NOON - 30 * DAY, changed_at=NOON), parsed=a_reading(count=0)) == ["silent"]


def test_a_server_that_answers_304_for_ever_is_found_out():
    stuck = a_state(full_at=NOON - 4 * FULL_EVERY)

    assert kinds(stuck) == ["stuck"]
    assert kinds(replace(stuck, failures=1, outcome="502 Bad Gateway")) == []


def test_entries_that_are_held_back_are_told_of():
    (finding,) = diagnose(a_source("vna"), a_state(held=38, held_since=NOON - HOUR), parsed=None, now=NOON)

    assert finding.kind == "held"
    assert finding.text.startswith("38 new entries are held back since 2026-07-14")


def test_what_is_held_back_is_no_drop():
    whole = replace(a_reading(count=0), fingerprints=tuple(f"{number:011}" for number in range(40)))

    assert kinds(a_state(entries=2, held=38, held_since=NOON), parsed=whole, entries_before=40) == ["held"]


def test_ids_of_poor_quality_are_named():
    assert kinds(a_state(id_rule="title")) == ["ids"]
    assert kinds(a_state(id_rule="title"), source=a_source("vna", repair=Repair(id_from="title"))) == []
    assert kinds(a_state(id_rule="link")) == kinds(a_state(id_rule="")) == []


# ---- what stands in place of a feed


def test_a_page_in_place_of_a_feed_is_named():
    no_feed = Parsed(problems=(Problem(text="not a feed: it is an HTML page"),))
    state = a_state(failures=9, outcome="not a feed: it is an HTML page", suggested="https://vna.example/new.rss")

    (finding,) = diagnose(a_source("vna"), state, parsed=no_feed, page=CHALLENGE, now=NOON)

    assert finding.kind == "challenge"
    assert finding.text == "what came in place of the feed looks like a page that checks for a browser (Cloudflare)"
    assert "https://vna.example/new.rss" in finding.remedy
    assert is_broken(finding)


def test_what_is_no_page_that_we_know_is_told_in_the_readers_words():
    no_feed = Parsed(problems=(Problem(text="not a feed: neither RSS, Atom nor JSON Feed"),))

    (finding,) = diagnose(a_source("vna"), a_state(failures=1), parsed=no_feed, now=NOON)

    assert (finding.kind, finding.text) == ("not_a_feed", "not a feed: neither RSS, Atom nor JSON Feed")


def test_a_page_stays_named_until_a_feed_comes_or_something_else_goes_on():
    page = diagnose(a_source("vna"), a_state(failures=1), parsed=Parsed(), page=CHALLENGE, now=NOON - HOUR)

    assert kinds(failing("502 Bad Gateway", times=1, findings=page)) == ["challenge"]
    assert kinds(failing("502 Bad Gateway", times=3, findings=page)) == ["failing"]
    assert kinds(a_state(findings=page), parsed=a_reading()) == []


def test_what_was_found_in_the_entries_outlives_a_page_that_stands_in_their_place():
    wrong = told(a_source("vna"), a_state(), parsed=a_reading(language="vi"))

    assert kinds(a_state(findings=wrong), parsed=Parsed(), page=CHALLENGE) == ["challenge", "language"]


# ---- how many


@pytest.mark.parametrize(
    ("count", "before", "least", "told"),
    [
        pytest.param(0, 40, 0, ["empty"], id="well-formed, and empty"),
        pytest.param(7, 8, 20, ["few"], id="fewer than are expected"),
        pytest.param(15, 40, 0, ["drop"], id="a sudden drop"),
        pytest.param(16, 40, 0, [], id="40 % are left"),
        pytest.param(2, 9, 0, [], id="of few entries each counts too much"),
        pytest.param(20, 0, 20, [], id="as many as are expected"),
    ],
)
def test_the_number_of_entries_is_looked_at(count, before, least, told):
    source = a_source("vna", expect=Expect(min_items=least))

    found = kinds(a_state(entries=count), source=source, parsed=a_reading(), entries_before=before)

    assert found == told


def test_a_drop_is_told_for_three_days_or_until_the_document_is_long_again():
    fell = diagnose(a_source("vna"), a_state(entries=10), parsed=a_reading(), entries_before=50, now=NOON)
    state = a_state(entries=12, findings=fell)
    later = NOON + 4 * DAY

    assert fell[0].text == "fell from 50 entries to 10"
    assert kinds(state, parsed=a_reading(), entries_before=10) == ["drop"]
    assert kinds(replace(state, entries=50), parsed=a_reading(), entries_before=10) == []
    assert kinds(state) == ["drop"]
    assert kinds(replace(state, new_at=later), now=later) == []
    assert kinds(replace(state, new_at=later), now=later, parsed=a_reading(), entries_before=12) == []


# ---- what stands in the entries


def dated(*dates, claimed="Tue, 14 Jul 2026 10:00:00 +0700"):
    return a_reading(*(an_entry(f"News {n}", published=date, claimed=claimed) for n, date in enumerate(dates)))


@pytest.mark.parametrize(
    ("parsed", "source", "told", "words"),
    [
        pytest.param(
            a_reading(language="vi"), {}, "language", "10 of its last 10 entries are in Vietnamese", id="language"
        ),
        pytest.param(
            a_reading(language="en"), {"expect": Expect(language="ja")}, "language", "Japanese", id="expected language"
        ),
        pytest.param(
            a_reading(summary="Tòa án tuyên án."), {"expect": Expect(words=("thế giới", "ngoại giao"))}, "section",
            "none of its last 10 entries", id="another section",
        ),
        pytest.param(
            a_reading(url="https://casino.example/1"), {"expect": Expect(host="vna.example")}, "host",
            "10 of its last 10 links lead to casino.example or elsewhere, and not to vna.example", id="another host",
        ),
        pytest.param(
            a_reading(*(an_entry("RSS", published=NOON - n * HOUR) for n in range(6))), {}, "titles",
            "all 6 new entries have one title: “RSS”", id="one title",
        ),
        pytest.param(
            dated(*[NOON - HOUR] * 6), {}, "dates_equal", "one date, 2026-07-14 04:00 UTC", id="one date"
        ),
        pytest.param(
            dated(*(NOON + n * HOUR for n in range(1, 8))), {}, "dates_future", "7 of 7 dates lie in the", id="future"
        ),
        pytest.param(
            dated(*[None] * 6, claimed="thứ ba ngày rằm"), {}, "dates_unread", "6 of 6 dates cannot be read, as “thứ",
            id="unread dates",
        ),
        pytest.param(
            dated(*(NOON - n * HOUR for n in range(6)), claimed="14/07/2026 10:00:00 SA"), {}, "dates_no_zone",
            "name no time zone, as “14/07/2026 10:00:00 SA”", id="no zone",
        ),
        pytest.param(
            a_reading(problems=[Problem(text="bad date", where=f"line {n}, entry {n}") for n in range(12)]), {},
            "problems", "12 problems with its entries; the first: line 0, entry 0: bad date", id="many problems",
        ),
        pytest.param(
            a_reading(problems=[Problem(text="not well-formed: mismatched tag", where="line 7")]), {}, "markup",
            "line 7: not well-formed: mismatched tag", id="not well-formed",
        ),
        pytest.param(
            a_reading(problems=[Problem(text="the bytes are not UTF-8; read as TCVN3")]), {},
            "encoding", "the bytes are not UTF-8", id="encoding",
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_with_the_entries_is_told(parsed, source, told, words):
    findings = diagnose(
        a_source("vna", **source),
        a_state(),
        parsed=parsed,
        sample=extend_sample(a_source("vna", **source), (), parsed.entries),
        now=NOON,
    )

    assert [finding.kind for finding in findings] == [told]
    assert words in findings[0].text
    assert findings[0].remedy
    assert not is_broken(findings[0])


@pytest.mark.parametrize(
    ("parsed", "source"),
    [
        pytest.param(a_reading(language="en-GB"), {}, id="a region of the language"),
        pytest.param(
            a_reading(summary="Hội nghị NGOẠI GIAO"),
            {"expect": Expect(words=("ngoại giao",))},
            id="the section's words",
        ),
        pytest.param(a_reading(summary="东京与世界"), {"expect": Expect(words=("世界",))}, id="words without spaces"),
        pytest.param(
            a_reading(url="https://m.vna.example/1"), {"expect": Expect(host="www.vna.example")}, id="below the host"
        ),
        pytest.param(
            dated(*(NOON - n * HOUR for n in range(6)), claimed="14/07/2026 10:00"),
            {"repair": Repair(timezone="Asia/Ho_Chi_Minh")},
            id="dates without a zone that are repaired",
        ),
        pytest.param(dated(*(NOON - n * HOUR for n in range(6)), claimed="14/07/2026"), {}, id="days need no zone"),
        pytest.param(a_reading(problems=[Problem(text="bad date", where="entry 1")] * 9), {}, id="a few problems"),
        pytest.param(a_reading(problems=[Problem(text="2 ampersands or HTML entities")]), {}, id="what is mended"),
    ],
)
def test_what_is_usual_is_no_finding(parsed, source):
    # Entries of one title each are not what these are about.
    entries = tuple(replace(entry, title=f"{entry.title} {n}") for n, entry in enumerate(parsed.entries))

    assert kinds(source=a_source("vna", **source), parsed=replace(parsed, entries=entries)) == []


@pytest.mark.parametrize("zone", ["Z", "GMT+7", " GMT", " +0700", "+07:00", " ICT", " PM GMT+7", ".123Z"])
def test_a_zone_in_any_form_is_one(zone):
    parsed = dated(*(NOON - n * HOUR for n in range(6)), claimed=f"Tue, 14 Jul 2026 10:00:00{zone}")

    assert kinds(parsed=parsed) == []


def test_too_few_new_entries_leave_the_verdict_as_it_was():
    wrong = told(a_source("vna"), a_state(), parsed=a_reading(language="vi"))
    state = a_state(findings=wrong)

    assert kinds(state) == ["language"]
    assert kinds(state, parsed=a_reading(count=4)) == ["language"]
    assert kinds(state, parsed=a_reading(count=5)) == []
    assert kinds(parsed=a_reading(count=4, language="vi")) == []


# ---- what stands in the last entries of a feed that brings two an hour

HOUSE = Expect(host="vna.example", words=("hội nghị",))
GOOD = {"language": "vi", "url": "https://vna.example/1", "summary": "Hội nghị cấp cao"}
HOME = a_source("vna", language="vi", expect=HOUSE)


def two_an_hour(state, hours, *, source=HOME, start=NOON, word="Tin", **wrong):
    """Return the states of *source* after each of *hours* in which two entries came that are good but for *wrong*."""
    states = []
    for hour in range(hours):
        now = start + hour * HOUR
        dates = {"published": now, "claimed": "Z"}
        parsed = a_reading(*(an_entry(f"{word} {now} {n}", **(GOOD | dates | wrong)) for n in "12"))
        sample = extend_sample(source, state.sample, parsed.entries)
        state = replace(state, new_at=now)
        findings = diagnose(source, state, parsed=parsed, sample=sample, now=now)
        state = replace(state, findings=findings, sample=cut_sample(sample))
        states.append(state)
    return states


@pytest.mark.parametrize(
    ("wrong", "kind", "after"),
    [
        pytest.param({"language": "en"}, "language", 6, id="it turns English"),
        pytest.param({"url": "https://casino.example/1"}, "host", 6, id="its links lead elsewhere"),
        pytest.param({"summary": "Tòa án tuyên án."}, "section", 8, id="it is another section"),
    ],
)
def test_a_feed_that_trickles_is_found_out_and_healed_as_its_entries_turn_over(wrong, kind, after):
    well = two_an_hour(a_state(), 12)[-1]

    ill = two_an_hour(well, 14, start=NOON + DAY, **wrong)
    mended = two_an_hour(ill[-1], 14, start=NOON + 2 * DAY)

    found = [[finding.kind for finding in state.findings] for state in ill]
    assert (well.findings, found) == ((), [[]] * (after - 1) + [[kind]] * (15 - after))
    assert {state.findings[0].since for state in ill if state.findings} == {NOON + DAY + (after - 1) * HOUR}
    assert mended[0].findings[0].since == ill[-1].findings[0].since
    assert mended[-1].findings == ()


@pytest.mark.parametrize(
    "edit",
    [
        pytest.param({"language": "en"}, id="language"),
        pytest.param({"expect": replace(HOUSE, language="en")}, id="expected language"),
        pytest.param({"expect": replace(HOUSE, host="casino.example")}, id="host"),
        pytest.param({"expect": replace(HOUSE, words=("tòa án",))}, id="words"),
    ],
)
def test_an_edit_of_what_is_expected_judges_anew(edit):
    wrong = {"language": "en", "url": "https://casino.example/1", "summary": "Tòa án"}
    ill = two_an_hour(a_state(), 12, **wrong)[-1]
    edited = replace(HOME, **edit)

    first, *_, last = two_an_hour(ill, 3, source=edited, start=NOON + DAY, **wrong)

    assert kinds(ill, source=HOME, now=NOON + 12 * HOUR) == ["language", "section", "host"]
    assert kinds(ill, source=edited, now=NOON + 12 * HOUR) == []
    assert (len(first.sample), first.findings) == (3, ())
    assert len(last.findings) == 2


def test_a_first_document_is_judged_as_a_whole_and_its_newest_entries_are_kept():
    newest, rest = (
        [an_entry(f"{word} {n}", language=language) for n in range(count)]
        for word, language, count in (("New", "vi", SAMPLE), ("Old", "en", 30))
    )

    sample = extend_sample(HOME, (), [*newest, *rest])

    assert len(sample) == 51
    assert cut_sample(sample) == extend_sample(HOME, (), newest)


def test_an_entry_that_is_read_again_counts_once_and_keeps_its_place():
    first, second, third = (an_entry(title, url="https://vna.example/") for title in ("One", "Two", "Three"))
    sample = extend_sample(HOME, (), [second, first])

    again = extend_sample(HOME, sample, [third, replace(first, language="vi")])

    assert [row.split()[0] for row in again] == [*(row.split()[0] for row in sample), again[-1].split()[0]]
    assert (len(again), again[1].split()[1:]) == (4, ["vi", "vna.example", "0"])


@pytest.mark.parametrize("url", ["", "https://[broken", "mailto:desk@vna.example"])
def test_what_an_entry_does_not_have_is_no_evidence(url):
    state = two_an_hour(a_state(), 12, url=url, language="")[-1]

    assert {tuple(row.split(" ")[1:]) for row in state.sample[1:]} == {("-", "-", "1")}
    assert state.findings == ()


# ---- since


def test_a_finding_keeps_its_since_while_its_kind_goes_on_and_goes_when_it_is_healed():
    silent = a_state(new_at=NOON - 11 * DAY)

    first = diagnose(a_source("vna"), silent, parsed=None, now=NOON)
    second = diagnose(a_source("vna"), replace(silent, findings=first), parsed=None, now=NOON + DAY)
    healed = diagnose(a_source("vna"), a_state(findings=second), parsed=None, now=NOON + DAY)

    assert [finding.since for finding in second] == [NOON]
    assert healed == ()


def test_the_worst_stands_first():
    state = a_state(entries=0, id_rule="title", new_at=NOON - 30 * DAY)

    assert kinds(state, parsed=a_reading(count=0)) == ["empty", "silent", "ids"]


def test_texts_do_not_change_with_the_hour():
    state = failing("host not found", id_rule="title", held=3, held_since=NOON - DAY)
    first = diagnose(a_source("vna"), state, parsed=None, now=NOON)

    assert diagnose(a_source("vna"), replace(state, findings=first), parsed=None, now=NOON + 2 * DAY) == first


def test_a_finding_of_an_older_version_is_kept_until_a_document_is_read():
    unknown = (Finding(kind="smell", text="odd", remedy="air", since=NOON),)

    assert kinds(a_state(findings=unknown)) == ["smell"]
    assert kinds(a_state(findings=unknown), parsed=a_reading()) == []


def test_spans_are_shown_in_their_largest_unit():
    spans = [timedelta(seconds=1), timedelta(minutes=20), timedelta(hours=3), timedelta(days=14)]

    assert [show_span(span) for span in spans] == ["1 second", "20 minutes", "3 hours", "14 days"]

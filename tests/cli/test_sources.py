"""`syndicator sources` tells the admin how the sources are: the worst first, in plain words, with what to try."""

from __future__ import annotations

import asyncio
import json
import re
import sys
from collections import namedtuple
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from rich.cells import cell_len

from syndicator.cli import main
from syndicator.cli.health import judge_all, show_about
from syndicator.edges.tiny_store import TinyStore
from syndicator.model.source import Answered, Finding, Move, Robots, SourceState, Validators
from syndicator.newsroom import SystemClock
from syndicator.pipeline.incidents import incidents_path
from syndicator.testing import a_source

Said = namedtuple("Said", "code out err")
# The command reads the clock: what these tests say of the past is told from their own beginning.
NOW = datetime(2026, 7, 14, 5, 0, tzinfo=UTC)


MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
SECRET = "a secret of forty letters, as one should be"

FEEDS_YAML = f"""\
site:
  title: {{en: The City}}
  url: https://city.example/
  timezone: Asia/Ho_Chi_Minh
  publisher: {{name: The Desk, email: desk@city.example, postal_address: 1 Square}}
secret: {SECRET}
sources:
  - id: well
    title: Viet Nam News
    url: https://well.example/rss      # the one that is always well
    language: en
    every: 30m
  - id: silent
    title: Sở Ngoại vụ
    url: https://silent.example/rss
    language: vi
    every: auto
  - id: blocked
    title: Lao Động [Thế giới]
    url: https://blocked.example/rss
    language: vi
  - id: never
    title: 日本経済新聞
    url: https://never.example/rss
    language: ja
  - id: stumbling
    title: Tiền Phong
    url: https://stumbling.example/rss
    language: vi
"""


@pytest.fixture(autouse=True)
def _stop_the_clock(monkeypatch):
    monkeypatch.setattr(SystemClock, "now", lambda _: NOW)


def a_state(id, **changes):
    """Return the state of a source that answered 304 five minutes ago."""
    base = {
        "id": id, "url": f"https://{id}.example/rss", "validators": Validators(etag='W/"1[0]"'),
        "asked_at": NOW - 5 * MINUTE, "full_at": NOW - 3 * HOUR, "changed_at": NOW - 3 * HOUR,
        "new_at": NOW - 3 * HOUR, "next_at": NOW + 25 * MINUTE + MINUTE / 2, "outcome": "unchanged", "entries": 1_050,
        "asked_times": 101, "unmodified": 87, "rhythm": HOUR, "id_rule": "guid and link",
        "robots": Robots(url=f"https://{id}.example/rss", read_at=NOW - HOUR),
        "history": (Answered(outcome="changed", first_at=NOW - 3 * HOUR, last_at=NOW - 3 * HOUR, new=4),
                    Answered(outcome="unchanged", first_at=NOW - 2 * HOUR, last_at=NOW - 5 * MINUTE, times=4)),
    }  # fmt: skip
    return SourceState(**(base | changes))


BLOCKED = Finding(
    kind="blocked", text="refuses us: 403 [Forbidden]", remedy="ask the publisher to let feed readers in",
    since=NOW - 2 * DAY,
)  # fmt: skip
SILENT = Finding(kind="silent", text="nothing new since then", remedy="look whether it is kept", since=NOW - DAY)
STATES = [
    a_state("well"),
    a_state("silent", new_at=NOW - 40 * DAY, findings=(SILENT,)),
    a_state(
        "blocked", failures=5, outcome="403 [Forbidden]", findings=(BLOCKED,),
        problems=("line 12, entry 3 “Tin [mới]”: the date 'hôm qua' cannot be read",),
    ),
    a_state("stumbling", failures=1, outcome="503 Service Unavailable"),
    a_state("left", title="The Old Paper"),
]  # fmt: skip


def keep(*states):
    async def write():
        async with TinyStore(Path("data")) as store:
            await store.record_harvest(states, [])

    asyncio.run(write())


@pytest.fixture
def sources(tmp_path, monkeypatch, capsys):
    """Type `syndicator sources …` in a newsroom that has asked some, and hear what it says."""
    monkeypatch.chdir(tmp_path)
    for name in ("FORCE_COLOR", "COLUMNS", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    Path("feeds.yaml").write_text(FEEDS_YAML, encoding="utf-8")
    keep(*STATES)

    def typed(*words, columns=0):
        if columns:
            monkeypatch.setenv("FORCE_COLOR", "1")
            monkeypatch.setenv("TERM", "xterm")
            monkeypatch.setenv("COLUMNS", str(columns))
        monkeypatch.setattr(sys, "argv", ["syndicator", "sources", *words])
        try:
            main()
            code = 0
        except SystemExit as exit:
            code = exit.code or 0
        return Said(code, *(re.sub(r"\x1b\[[0-9;]*m", "", text) for text in capsys.readouterr()))

    return typed


# ---- all of them


def test_a_log_gets_a_line_for_each_the_worst_first(sources):
    said = sources()

    cells = [line.split("\t") for line in said.out.splitlines()]
    assert said.code == 0
    assert [(row[0], row[1]) for row in cells] == [
        ("✗", "blocked"), ("!", "silent"), ("!", "stumbling"), ("○", "never"), ("✓", "well"), ("–", "left"),
    ]  # fmt: skip
    assert {len(row) for row in cells} == {9}
    assert cells[0][2] == f"{NOW - 5 * MINUTE:%Y-%m-%dT%H:%M:%SZ}"
    assert cells[0][8] == "refuses us: 403 [Forbidden] (ask the publisher to let feed readers in)"
    assert cells[4][4:] == ["30 min", "87%", "1050", "guid and link", "well"]
    assert cells[5][8] == "no longer in feeds.yaml"


@pytest.mark.parametrize("columns", [80, 120])
def test_a_person_gets_a_table_that_fits(sources, columns):
    said = sources(columns=columns)

    lines = [line.rstrip() for line in said.out.splitlines()]
    # The address at the end is one word, to be copied.
    assert max(cell_len(line) for line in lines if "https://" not in line) <= columns
    assert lines[0].split()[:7] == ["source", "asked", "new", "every", "304", "entries", "ids"]
    assert lines[1].startswith("✗ blocked")
    assert lines[2:4] == ["   refuses us: 403 [Forbidden]", "     → ask the publisher to let feed readers in"]
    assert "6 sources: 1 bring nothing, 2 need a look, 1 not asked yet, 1 well, 1 no longer in" in " ".join(lines)
    assert ("Lao Động [Thế giới]" in said.out) == (columns == 120)


def test_ids_are_cut_where_there_is_no_room(sources):
    keep(a_state("well", new_at=NOW - 40 * DAY))

    said = sources(columns=40)

    assert "✗ blocked" in said.out


def test_one_failure_is_told_before_the_doctor_speaks(sources):
    line = next(line for line in sources().out.splitlines() if "\tstumbling\t" in line)

    assert "the last answer: 503 Service Unavailable (wait: it is asked again in 25 min)" in line


def test_a_private_address_is_a_matter_of_a_setting_and_not_of_waiting(sources):
    outcome = "10.0.0.7 is an address of a private network; if it is your own newsroom's, set allow_private: true"
    keep(a_state("stumbling", failures=1, outcome=outcome))

    line = next(line for line in sources().out.splitlines() if "\tstumbling\t" in line)

    assert line.endswith("(if it is a machine of yours, `allow_private: true` lets it be asked)")
    assert "wait" not in line


FORBIDDEN = "robots.txt forbids it to us (/rss); ask the publisher, and say so under ignore_robots"
UNREADABLE = "its robots.txt answers 503, which forbids all until it can be read"


@pytest.mark.parametrize("outcome", [FORBIDDEN, UNREADABLE])
def test_a_source_that_robots_txt_forbids_was_not_asked(sources, outcome):
    runs = (Answered(outcome=outcome, first_at=NOW - DAY, last_at=NOW - 5 * MINUTE, times=2),)
    keep(a_state("stumbling", failures=2, outcome=outcome, history=runs, asked_times=2, unmodified=0))

    line = next(line for line in sources().out.splitlines() if "\tstumbling\t" in line)
    fact = json.loads(sources("stumbling", "--json").out)["source"]
    one = " ".join(sources("stumbling").out.split())

    assert (line.split("\t")[2], line.split("\t")[5]) == ("", "")
    assert (fact["asked_at"], fact["unmodified_share"]) == (None, None)
    assert "never; only its robots.txt was looked at, 5 min ago" in one
    assert "304" not in one
    assert "robots.txt 5 min" in next(row for row in sources(columns=120).out.splitlines() if "stumbling" in row)


def test_a_source_that_robots_txt_forbids_now_was_asked_before(sources):
    runs = (*a_state("stumbling").history, Answered(outcome=FORBIDDEN, first_at=NOW, last_at=NOW))
    keep(a_state("stumbling", failures=1, outcome=FORBIDDEN, asked_at=NOW, history=runs))

    fact = json.loads(sources("stumbling", "--json").out)["source"]

    assert fact["asked_at"] == (NOW - 5 * MINUTE).isoformat()
    assert "5 min ago" in sources("stumbling").out


def test_the_address_of_the_feed_of_incidents_is_told(sources):
    address = f"https://city.example/{incidents_path(SECRET.encode())}"

    assert sources().err == f"What is wrong, as a feed: {address}.atom\n"
    assert address in sources(columns=80).out
    assert json.loads(sources("--json").out)["incidents"]["json"] == f"{address}.json"


def test_who_has_stopped_asking_is_reminded(sources):
    keep(*(replace(state, next_at=NOW - DAY) for state in STATES))

    assert "nobody asks them" in sources(columns=80).out


def test_a_source_with_a_new_address_was_not_asked_there(sources):
    text = FEEDS_YAML.replace("https://blocked.example/rss", "https://blocked.example/new")
    Path("feeds.yaml").write_text(text, encoding="utf-8")

    assert "○\tblocked" in sources().out
    assert "until now it was https://blocked.example/rss" in sources("blocked").out


def test_a_newsroom_that_never_ran_has_only_sources_that_were_not_asked(sources):
    for file in Path("data").iterdir():
        file.unlink()

    assert [line[0] for line in sources().out.splitlines()] == ["○"] * 5


# ---- one


def test_one_source_is_shown_in_full(sources):
    said = sources("blocked")

    assert said.code == 0
    for words in (
        "✗ Lao Động [Thế giới]",
        "https://blocked.example/rss",
        "Vietnamese (vi)",
        "101 times, 87 of them with 304",
        "in 25 min",
        "something new about every 1 h",
        "1,050, known by guid and link",
        'ETag W/"1[0]"',
        "allows it; read 1 h ago",
        "refuses us: 403 [Forbidden]",
        "→ ask the publisher to let feed readers in",
        "begun 2 days ago",
        "changed; 4 new",
        "unchanged, 4 times since",
        "line 12, entry 3 “Tin [mới]”: the date 'hôm qua' cannot be read",
    ):
        assert words in said.out


@pytest.mark.parametrize(
    ("id", "words"),
    [
        pytest.param("never", "never; `syndicator run` asks it", id="one that was never asked"),
        pytest.param("left", "no longer in feeds.yaml", id="one that feeds.yaml has no more"),
        pytest.param("silent", "learned from how often it changes", id="one that is asked as often as it changes"),
    ],
)
def test_every_kind_of_source_can_be_shown(sources, id, words):
    said = sources(id, columns=80)

    assert said.code == 0
    assert words in said.out


def test_an_unknown_source_may_have_been_meant_otherwise(sources):
    said = sources("blokced")

    assert said.code == 1
    assert said.err == 'feeds.yaml: no source "blokced"; did you mean "blocked"?\n'


# ---- for programs


def test_a_program_gets_the_facts_under_stable_names(sources):
    told = json.loads(sources("--json").out)

    by_id = {each["id"]: each for each in told["sources"]}
    assert told["counts"] == {"broken": 1, "warning": 2, "unasked": 1, "well": 1, "left": 1}
    assert by_id["never"]["health"] == "unasked"
    assert "asked_at" not in by_id["never"]
    well = by_id["well"]
    assert (well["every_seconds"], well["unmodified_share"], well["rhythm_seconds"]) == (1800, 0.87, 3600)
    assert well["validators"] == {"etag": 'W/"1[0]"', "last_modified": ""}
    assert well["robots"]["disallows"] == ""
    assert by_id["blocked"]["findings"] == [
        {
            "kind": "blocked",
            "text": BLOCKED.text,
            "remedy": BLOCKED.remedy,
            "since": BLOCKED.since.isoformat(),
            "broken": True,
        }
    ]
    assert json.loads(sources("well", "--json").out) == {"source": well}


def test_monitoring_hears_of_a_source_that_brings_nothing(sources):
    assert sources("--check").code == 1
    assert sources("blocked", "--check").code == 1
    assert sources("silent", "--check").code == 0


# ---- moves


def moved(**changes):
    move = Move(url="https://new.example/rss?a=1", since=NOW - 8 * DAY, answers=90)
    return a_state("well", **({"move": move} | changes))


def test_moves_for_good_are_written_into_feeds_yaml_and_shown(sources):
    keep(moved())

    said = sources("--apply-moves")

    assert said.code == 0
    assert "-    url: https://well.example/rss      # the one that is always well" in said.out
    assert "+    url: https://new.example/rss?a=1      # the one that is always well" in said.out
    assert said.out.endswith("1 address written into feeds.yaml; the next run asks there.\n")
    written = Path("feeds.yaml").read_text(encoding="utf-8")
    assert written == FEEDS_YAML.replace("https://well.example/rss", "https://new.example/rss?a=1")
    assert sources("--apply-moves").out.startswith("No source has moved for good")


def test_a_rehearsal_of_moves_writes_nothing(sources):
    keep(moved())

    said = sources("--apply-moves", "--dry-run")

    assert "+    url: https://new.example/rss?a=1" in said.out
    assert Path("feeds.yaml").read_text(encoding="utf-8") == FEEDS_YAML


def test_a_move_that_is_not_sure_is_not_written(sources):
    keep(moved(move=Move(url="https://new.example/rss", since=NOW - DAY, answers=90)))

    assert sources("--apply-moves").out.startswith("No source has moved for good")
    assert "perhaps for good" in sources("well").out


def test_what_an_editor_put_around_the_text_stays(sources):
    keep(moved())
    content = b"\xef\xbb\xbf" + FEEDS_YAML.replace("\n", "\r\n").encode()
    Path("real.yaml").write_bytes(content)
    Path("real.yaml").chmod(0o640)
    Path("feeds.yaml").unlink()
    Path("feeds.yaml").symlink_to("real.yaml")

    assert sources("--apply-moves").code == 0

    assert Path("feeds.yaml").is_symlink()
    assert Path("real.yaml").stat().st_mode & 0o777 == 0o640
    assert Path("real.yaml").read_bytes() == content.replace(
        b"https://well.example/rss", b"https://new.example/rss?a=1"
    )


def test_a_dry_run_of_nothing_is_not_understood(sources):
    assert sources("--dry-run").code == 2


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(seconds=20), "less than a minute"),
        (timedelta(minutes=59), "59 min"),
        (timedelta(hours=23), "23 h"),
        (timedelta(days=13), "13 days"),
        (timedelta(days=14), "2 weeks"),
        (timedelta(days=70), "2 months"),
        (timedelta(days=800), "2 years"),
    ],
)
def test_spans_are_shown_in_few_letters(span, words):
    assert show_about(span) == words


def test_a_source_that_never_answered_is_broken_and_its_remedy_is_not_to_wait_where_waiting_helps_nothing():
    source = a_source("lost")
    state = SourceState(id="lost", url=source.url, failures=1, outcome="404 Not Found", asked_at=NOW)

    (found,) = judge_all({"lost": source}, {"lost": state}, now=NOW)

    assert (found.mark, "syndicator add" in found.findings[0].remedy) == ("broken", True)

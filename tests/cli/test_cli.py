"""The admin's commands, from the words typed to the exit code."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
from collections import namedtuple
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from syndicator.cli import main
from syndicator.cli.demo import run_demo
from syndicator.cli.init import STARTER
from syndicator.testing import FrozenClock

MONDAY = datetime(2026, 7, 13, 9, tzinfo=UTC)

Said = namedtuple("Said", "code out err")


@pytest.fixture
def syndicator(tmp_path, monkeypatch, capsys):
    """Type a command in an empty folder, and hear what it says."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SMTP_URL", raising=False)

    def typed(*words):
        monkeypatch.setattr(sys, "argv", ["syndicator", *words])
        try:
            main()
        except SystemExit as exit:
            return Said(exit.code or 0, *capsys.readouterr())
        return Said(0, *capsys.readouterr())

    return typed


def test_a_command_that_is_not_understood_exits_with_two(syndicator):
    assert syndicator("publish").code == 2
    assert syndicator("run", "--no-such-option").code == 2


def test_check_without_a_file_says_what_to_do(syndicator):
    said = syndicator("check")

    assert said.code == 1
    assert said.err == "feeds.yaml: there is no such file; `syndicator init` writes one, --config names another\n"


def test_init_writes_a_newsroom_that_is_right(syndicator):
    assert syndicator("init", "room").code == 0

    said = syndicator("check", "--config", "room/feeds.yaml")
    assert said.code == 0
    assert "Sources" in said.out
    assert Path("room/templates/email/digest.html").exists()
    assert Path("room/feeds.schema.json").exists()


def test_init_overwrites_nobodys_work(syndicator):
    Path("feeds.yaml").write_text("mine")

    said = syndicator("init")

    assert (said.code, Path("feeds.yaml").read_text()) == (1, "mine")
    assert "is there already" in said.err


def test_check_names_every_mistake_by_its_place(syndicator):
    text = STARTER.read_text(encoding="utf-8")
    Path("feeds.yaml").write_text(text.replace("language: vi", "language: vn").replace("every: 30m", "every: often"))

    said = syndicator("check")

    assert said.code == 1
    lines = said.out.splitlines()
    assert len([line for line in lines if line.startswith("feeds.yaml:")]) == 2
    assert any(
        line.endswith('sources[1].language: "vn" is no BCP 47 language tag; did you mean "vi"?') for line in lines
    )


def test_check_says_which_languages_have_no_words_of_their_own(syndicator):
    text = STARTER.read_text(encoding="utf-8")
    Path("feeds.yaml").write_text(text.replace("languages: [en, vi]", "languages: [en, vi, de]"))

    said = syndicator("check")

    assert said.code == 0
    assert "! de: has no catalogue" in said.out


def test_check_tells_mistakes_to_a_program(syndicator):
    Path("feeds.yaml").write_text("sites: {}\n")

    said = syndicator("check", "--json")

    report = json.loads(said.out)
    assert (said.code, report["ok"]) == (1, False)
    assert {"file", "line", "column", "path", "text"} <= set(report["mistakes"][0])


def test_a_sentence_that_does_not_match_fails_the_check_with_the_reason(syndicator):
    text = STARTER.read_text(encoding="utf-8")
    Path("feeds.yaml").write_text(text.replace("- A new consulate general opens", "- Nothing of the kind happens"))

    said = syndicator("check")

    assert said.code == 1
    assert "tags.diplomacy.must_match[0]" in said.out
    assert "no term of its rule is in it" in said.out


def test_the_committed_schema_is_current(syndicator):
    said = syndicator("schema")

    assert said.out == (Path(__file__).parents[2] / "feeds.schema.json").read_text(encoding="utf-8")


def test_preview_of_an_unknown_newsletter_says_which_there_are(syndicator):
    syndicator("init")

    said = syndicator("preview", "monthly", "--no-open")

    assert said.code == 1
    assert said.err == 'feeds.yaml: no newsletter "monthly"; there is weekly\n'


@pytest.fixture(scope="module")
def shown(tmp_path_factory):
    """Run the demo once, as a newcomer does; return its folder and what it said."""
    folder = tmp_path_factory.mktemp("newcomer") / "demo"
    command = [sys.executable, "-m", "syndicator", "demo", "--folder", str(folder)]
    return folder, subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_demo_says_what_it_did_and_where_to_look(shown):
    folder, said = shown

    assert said.returncode == 0
    for word in ("Sources", "Entries", "kept", "rejected", "Feeds", "Mails", "404 Not Found", "not a feed"):
        assert word in said.stdout
    assert re.search(r"One story, told by \d outlets in [2-9] languages", said.stdout)
    assert "(syndicator explain)" in said.stdout
    assert "✓ diplomacy" in said.stdout
    assert "(syndicator plan)" in said.stdout
    assert re.search(r"Feed +~ visitors: [1-9]\d* stor(y enters|ies enter), 0 leave", said.stdout)
    assert f"{folder}/public/index.html" in said.stdout
    assert "Asking sources 1/" in said.stderr
    assert len(list((folder / "mail/new").iterdir())) == 10


def test_the_demo_again_changes_nothing_and_mails_nobody(shown):
    folder, _ = shown
    before = {path: path.stat().st_mtime_ns for path in (folder / "public").rglob("*")}
    command = [sys.executable, "-m", "syndicator", "demo", "--folder", str(folder), "--json"]

    report = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)

    assert report["sources"]["unchanged"] == report["sources"]["not_modified"] >= 16
    assert (report["feeds"]["written"], report["pages"]["written"], report["mails"]["sent"]) == (0, 0, {})
    assert {path: path.stat().st_mtime_ns for path in (folder / "public").rglob("*")} == before


def test_preview_shows_the_digest_of_what_is_stored(shown, syndicator):
    folder, _ = shown

    said = syndicator("preview", "weekly", "-l", "ja", "--no-open", "-c", f"{folder}/feeds.yaml", "-o", "look")

    assert said.code == 0
    page = Path("look/weekly.ja.html").read_text(encoding="utf-8")
    assert 'lang="ja"' in page
    assert "SLOT-" not in page + Path("look/weekly.ja.txt").read_text(encoding="utf-8")


def test_a_dry_run_writes_and_sends_nothing(shown, syndicator):
    folder, _ = shown
    files = {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file() and "data" not in path.parts}

    said = syndicator("run", "--dry-run", "--quiet", "-c", f"{folder}/feeds.yaml")

    assert said.code == 0
    assert "nothing was written, nothing was sent" in said.out
    after = {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file() and "data" not in path.parts}
    assert after == files


def test_readers_are_added_listed_and_removed(syndicator):
    syndicator("init")

    added = syndicator("subscribers", "add", "ada@reader.example", "nobody", "--consent", "signed at the fair")
    listed = json.loads(syndicator("subscribers", "list", "--json").out)
    removed = syndicator("subscribers", "remove", "ada@reader.example")

    assert added.code == 1
    assert "1 added" in added.out
    assert "nobody" in added.err
    assert "row" not in added.err
    [ada] = listed["subscribers"]
    assert ada["ledger"][0]["how"] == "signed at the fair"
    assert (removed.code, removed.out) == (0, "1 removed\n")


def test_a_reader_may_be_given_an_hour_of_their_own(syndicator):
    syndicator("init")

    wrong = syndicator("subscribers", "add", "ada@reader.example", "--hour", "25:00")
    right = syndicator("subscribers", "add", "ada@reader.example", "--hour", "06:30")

    assert (wrong.code, right.code) == (1, 0)
    assert wrong.err.startswith('ada@reader.example: hour: "25:00" is no time of day')


def test_an_import_brings_nobody_back_who_left(syndicator):
    syndicator("init")
    Path("readers.csv").write_text("email,language,newsletter\nada@reader.example,vi,weekly\n", encoding="utf-8")
    syndicator("subscribers", "import", "readers.csv", "--consent", "a form")
    syndicator("subscribers", "remove", "ada@reader.example")

    said = syndicator("subscribers", "import", "readers.csv", "--consent", "a form")

    assert said.code == 1
    assert "0 added" in said.out
    assert "row 2: ada@reader.example left" in said.err


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_serve_serves_until_told_to_stop(tmp_path, number):
    (tmp_path / "feeds.yaml").write_text(
        STARTER.read_text(encoding="utf-8").split("\nsources:")[0]
        + "\nsources: [{id: nobody, title: Nobody, url: http://127.0.0.1:9/rss.xml}]\n"
    )
    command = [sys.executable, "-m", "syndicator", "serve", "--port", "0", "--json"]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True, env=environment) as server:
        address = next(json.loads(line)["address"] for line in server.stderr if '"serving"' in line)
        health = httpx.get(f"{address}health")
        server.send_signal(number)
        rest = server.stderr.read()

    assert health.json()["ok"] is True
    assert server.returncode == 0
    assert '"stopped"' in rest


def one_demo(folder, now):
    """Run the demo once in *folder*, as if it were *now*."""
    return asyncio.run(run_demo(folder, clock=FrozenClock(now), quiet=True, show=lambda *_: None, port=None))


def test_the_demo_lives_with_mail_that_others_left_in_its_maildir(tmp_path):
    folder = tmp_path / "demo"
    (folder / "mail/new").mkdir(parents=True)
    (folder / "mail/new/b6048c71.host").write_bytes(b"From: somebody\r\n\r\nHello\r\n")
    (folder / "newsroom.json").write_text(json.dumps({"epoch": MONDAY.isoformat()}))

    assert one_demo(folder, MONDAY).dispatch.sent.total() == 10


def test_a_demo_whose_news_has_grown_old_begins_anew(tmp_path):
    turns = [one_demo(tmp_path, now) for now in (MONDAY, MONDAY + timedelta(days=3))]

    assert [turn.dispatch.sent.total() for turn in turns] == [10, 10]


@pytest.mark.parametrize("public", ["public: .", "public: ..", "public: data/../", "public: /"])
def test_nothing_private_is_ever_published(syndicator, public):
    text = STARTER.read_text(encoding="utf-8")
    Path("feeds.yaml").write_text(text.replace("public: public/", public))

    said = syndicator("run", "--quiet")

    assert said.code == 1
    assert "must not lie in the public folder" in said.err or "not for the public" in said.err


def test_a_turn_in_which_no_source_could_be_read_says_so_and_fails(syndicator):
    text = STARTER.read_text(encoding="utf-8").split("\nsources:")[0]
    Path("feeds.yaml").write_text(
        text + "\nsources: [{id: nobody, title: Nobody, url: http://127.0.0.1:9/rss.xml, allow_private: true}]\n"
    )

    plain, program = syndicator("run", "--all", "--quiet"), syndicator("run", "--all", "--json")

    assert (plain.code, program.code) == (1, 1)
    assert "✗ Nobody: connection refused" in plain.out
    assert json.loads(program.out)["sources"]["failed"][0]["source"] == "nobody"


def test_the_demo_touches_no_newsroom_but_its_own(syndicator):
    syndicator("init", "mine")
    syndicator("subscribers", "add", "ada@reader.example", "--consent", "a form", "-c", "mine/feeds.yaml")

    said = syndicator("demo", "--folder", "mine")

    assert said.code == 1
    assert "not the demo's" in said.err
    listed = syndicator("subscribers", "list", "-c", "mine/feeds.yaml")
    assert listed.out.startswith("ada@reader.example\ten\t")


def test_the_demo_removes_no_folder_that_it_did_not_make(syndicator):
    Path("home/mail").mkdir(parents=True)
    Path("home/mail/inbox").write_text("mine")

    said = syndicator("demo", "--folder", "home")

    assert (said.code, Path("home/mail/inbox").read_text()) == (1, "mine")

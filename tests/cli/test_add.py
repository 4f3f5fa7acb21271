"""`syndicator add` and `syndicator opml`: what is found gets into feeds.yaml, and nothing else changes there."""

from __future__ import annotations

import io
import json
import os
import stat
import sys
from collections import namedtuple
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from syndicator.cli import add as command
from syndicator.cli import main, newsroom_file
from syndicator.cli.newsroom_file import open_file, rewrite
from syndicator.config.load import load_config
from syndicator.errors import SyndicatorError
from syndicator.model.source import Failed
from syndicator.testing import FakeFetcher, an_rss_document

Said = namedtuple("Said", "code out err")

ROOM = """\
# mine
site: {title: City Wire, url: https://wire.example/, publisher: {name: Desk, email: desk@wire.example}}
sources:
  - id: times   # the first
    title: The Times
    url: https://times.example/rss
tags:
  world: {label: World}
"""
LINKS = "".join(f"<link rel=alternate type=application/rss+xml href=/{name}.rss>" for name in ("world", "city"))
PAGES = {
    "https://news.example": (f"<html>{LINKS}<body>" + "<p>All that happened today." * 100).encode(),
    "https://news.example/world.rss": an_rss_document("One", "Two").replace(
        b"Wire</title>", b"News: World</title><language>en-us</language>"
    ),
    "https://news.example/city.rss": an_rss_document("Three").replace(b"Wire", b"News: City"),
    "https://times.example": b"<html><link rel=alternate type=application/rss+xml href=/rss>" + b"<p>Times" * 999,
    "https://times.example/rss": an_rss_document("Four"),
    "https://blog.example/feed": an_rss_document("Five"),
    "https://blog.example/robots.txt": b"User-agent: *\nDisallow: /feed\n",
}
WORLD = (
    "  - id: news-world\n    title: 'News: World'\n    url: https://news.example/world.rss\n"
    "    language: en-US\n    outlet: news\n"
)


@pytest.fixture
def syndicator(tmp_path, monkeypatch, capsys):
    """Type a command in a folder with a feeds.yaml, on a web of a few pages, and hear what it says."""
    monkeypatch.chdir(tmp_path)
    Path("feeds.yaml").write_text(ROOM)

    @asynccontextmanager
    async def open_fetcher(_, *, clock):
        yield FakeFetcher(PAGES)

    monkeypatch.setattr(command, "open_fetcher", open_fetcher)

    def typed(*words, answer=None):
        monkeypatch.setattr(sys, "argv", ["syndicator", *words])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(answer or b"")))
        monkeypatch.setattr(sys.stdin, "isatty", lambda: answer is not None, raising=False)
        try:
            main()
        except SystemExit as exit:
            return Said(exit.code or 0, *capsys.readouterr())
        return Said(0, *capsys.readouterr())

    return typed


def sources():
    return load_config(Path("feeds.yaml").read_text(), env={}).sources


def test_a_feed_is_written_below_the_others_and_shown(syndicator):
    said = syndicator("add", "https://news.example/world.rss")

    assert said.code == 0
    assert Path("feeds.yaml").read_text() == ROOM.replace("tags:\n", f"{WORLD}tags:\n")
    assert "@@ -6,2 +6,7 @@" in said.out
    assert "+  - id: news-world" in said.out
    assert "news-world is written into feeds.yaml" in said.out
    assert "run --dry-run" in said.out


def test_of_several_feeds_one_must_be_picked_where_nobody_can_be_asked(syndicator):
    said = syndicator("add", "news.example")

    assert said.code == 2
    assert said.err.endswith("https://news.example has several feeds; --pick N takes one, --yes the first.\n")
    first = said.out.splitlines()[0].split("\t")
    assert first == ["1", "News: World", "RSS 2.0", "en-US", "2", "2026-07-14", "https://news.example/world.rss"]
    assert Path("feeds.yaml").read_text() == ROOM


@pytest.mark.parametrize(
    ("options", "answer", "id"),
    [(["--pick", "2"], None, "news-city"), (["--yes"], None, "news-world"), ([], b"9\n2\n", "news-city")],
    ids=["by its number", "the first", "asked, until the answer fits"],
)
def test_a_feed_is_chosen(syndicator, options, answer, id):
    said = syndicator("add", "news.example", *options, answer=answer)

    assert said.code == 0
    assert list(sources()) == ["times", id]


def test_all_can_be_said_at_once(syndicator):
    options = ["--id", "n", "--title", "No. 1: N", "--language", "vi", "--outlet", "paper", "--every", "auto"]

    said = syndicator("add", "news.example", "--pick", "1", "--allow-private", *options)

    assert said.code == 0
    source = sources()["n"]
    assert (source.title, source.language, source.outlet) == ("No. 1: N", "vi", "paper")
    assert (source.adaptive, source.allow_private) == (True, True)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--pick", "3"], "there are 2"),
        (["--id", "The Post"], "did you mean"),
        (["--id", "times"], "is the id of another source"),
        (["--language", "vn"], "BCP 47"),
        (["--every", "often"], "is no duration"),
    ],
)
def test_an_option_that_cannot_be_is_told_before_anything_is_written(syndicator, options, told):
    said = syndicator("add", "news.example", *options)

    assert said.code == 2
    assert told in " ".join(said.err.replace("│", " ").split())
    assert Path("feeds.yaml").read_text() == ROOM


@pytest.mark.parametrize("url", ["https://times.example/rss", "http://www.times.example/rss/", "times.example"])
def test_what_is_there_already_is_not_added_again(syndicator, url):
    said = syndicator("add", url)

    assert said.code == 0
    assert "is in feeds.yaml already, as times; nothing was written" in said.out
    assert Path("feeds.yaml").read_text() == ROOM


def test_a_source_that_waits_in_the_file_is_there_too(syndicator):
    Path("feeds.yaml").write_text(ROOM + "x-a: 1\n")
    Path("feeds.yaml").write_text(
        ROOM.replace("tags:", "  - {id: news-world, title: N, url: https://old.example/, enabled: no}\ntags:")
    )

    twin, other = syndicator("add", "http://old.example"), syndicator("add", "https://news.example/world.rss")

    assert "already, as news-world" in twin.out
    assert "news-world-2 is written" in other.out


def test_a_dry_run_shows_and_writes_nothing(syndicator):
    said = syndicator("add", "https://news.example/world.rss", "--dry-run", "--json")

    report = json.loads(said.out)
    assert (report["written"], report["source"]["id"], report["candidates"][0]["entries"]) == (False, "news-world", 2)
    assert "+  - id: news-world" in report["diff"]
    assert Path("feeds.yaml").read_text() == ROOM


def test_a_program_is_told_the_feeds_and_that_one_must_be_picked(syndicator):
    said = syndicator("add", "news.example", "--json")

    report = json.loads(said.out)
    assert (said.code, report["written"]) == (2, False)
    assert [feed["url"] for feed in report["candidates"]] == [
        "https://news.example/world.rss",
        "https://news.example/city.rss",
    ]


def test_no_feed_is_told_with_the_cause_and_the_remedy(syndicator, monkeypatch):
    monkeypatch.setitem(PAGES, "https://gone.example", Failed(source="", why="404 Not Found", status=404))

    said, program = syndicator("add", "gone.example"), syndicator("add", "gone.example", "--json")

    assert said.code == program.code == 1
    assert said.err.endswith(
        "https://gone.example: 404 Not Found; look on the site for the right address; its front page will do\n"
    )
    assert json.loads(program.out)["why"] == "404 Not Found"


def test_a_rule_of_robots_txt_is_told_at_once(syndicator):
    said = syndicator("add", "https://blog.example/feed")

    assert said.code == 0
    assert "Its robots.txt forbids it to us (/feed)" in said.out


def test_a_file_with_mistakes_is_mended_first(syndicator):
    Path("feeds.yaml").write_text(ROOM.replace("title: The Times", "titel: The Times"))

    said = syndicator("add", "https://news.example/world.rss")

    assert said.code == 1
    assert 'feeds.yaml:5:5 sources[0].titel: there is no such key; did you mean "title"?' in said.err


@pytest.mark.parametrize("nothing", ["sources: []\n", "sources:\n", ""])
def test_a_newsroom_may_have_no_source_yet(syndicator, nothing):
    Path("feeds.yaml").write_text(ROOM.split("sources:")[0] + nothing)

    said = syndicator("add", "https://news.example/world.rss")

    assert said.code == 0
    assert list(sources()) == ["news-world"]


def test_line_ends_rights_and_links_stay(syndicator):
    Path("room").mkdir()
    Path("room/real.yaml").write_bytes(("\ufeff" + ROOM.replace("\n", "\r\n")).encode())
    Path("room/real.yaml").chmod(0o640)
    Path("feeds.yaml").unlink()
    Path("feeds.yaml").symlink_to("room/real.yaml")

    said = syndicator("add", "https://news.example/world.rss")

    assert said.code == 0
    assert Path("feeds.yaml").is_symlink()
    assert stat.S_IMODE(Path("room/real.yaml").stat().st_mode) == 0o640
    expected = "\ufeff" + ROOM.replace("tags:\n", f"{WORLD}tags:\n").replace("\n", "\r\n")
    assert Path("room/real.yaml").read_bytes() == expected.encode()
    assert os.listdir("room") == ["real.yaml"]


def test_what_somebody_else_wrote_meanwhile_is_not_lost(syndicator):
    file = open_file(Path("feeds.yaml"))
    Path("feeds.yaml").write_text(ROOM + "# theirs\n")

    with pytest.raises(SyndicatorError, match="was changed meanwhile"):
        rewrite(file, ROOM + "# ours\n", touched=[])

    assert Path("feeds.yaml").read_text() == ROOM + "# theirs\n"


def test_an_edit_that_would_change_more_than_it_should_is_not_written(syndicator):
    file = open_file(Path("feeds.yaml"))

    with pytest.raises(SyndicatorError, match="would change other parts of it"):
        rewrite(file, ROOM.replace("label: World", "label: Earth"), touched=["times"])

    assert Path("feeds.yaml").read_text() == ROOM


def test_a_disk_that_fails_leaves_the_old_file_and_no_other(syndicator, monkeypatch):
    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(newsroom_file.os, "fsync", fail)

    said = syndicator("add", "https://news.example/world.rss")

    assert said.code == 1
    assert "feeds.yaml: cannot be written: No space left on device; nothing was changed" in said.err
    assert (Path("feeds.yaml").read_text(), os.listdir(".")) == (ROOM, ["feeds.yaml"])


LIST = """\
<opml version="2.0"><head><title>Theirs</title></head><body>
<outline text="World"><outline type="rss" text="News &amp; World" xmlUrl="https://news.example/world.rss"/></outline>
<outline text="Fun"><outline type="rss" text="Times" xmlUrl="http://www.times.example/rss"/>
<outline type="rss" text="Blog" xmlUrl="https://blog.example/feed" language="vi"/>
<outline type="rss" text="Nowhere"/></outline>
</body></opml>
"""


def test_a_list_is_imported_but_for_what_is_there(syndicator):
    Path("list.opml").write_text(LIST)

    said = syndicator("opml", "import", "list.opml")

    assert said.code == 1  # one outline was left out
    assert "2 added; 1 there already; 1 left out" in said.out
    assert "Categories and folders that name no tag were dropped: Fun (1)" in said.err
    assert "line 5, “Nowhere”: has no xmlUrl" in said.err
    added = sources()
    assert list(added) == ["times", "news-world", "blog"]
    assert (added["news-world"].title, added["news-world"].tags) == ("News & World", ("world",))
    assert added["blog"].language == "vi"


def test_a_dry_run_of_an_import_writes_nothing(syndicator):
    Path("list.opml").write_text(LIST)

    said = syndicator("opml", "import", "list.opml", "--dry-run")

    assert "2 would be added" in said.out
    assert "+  - id: blog" in said.out
    assert Path("feeds.yaml").read_text() == ROOM


def test_an_import_tells_a_program_what_it_did(syndicator):
    said = syndicator("opml", "import", "-", "--json", answer=LIST.encode())

    report = json.loads(said.out)
    assert [source["id"] for source in report["added"]] == ["news-world", "blog"]
    assert (report["there"][0]["id"], report["dropped"], report["written"]) == ("times", {"Fun": 1}, True)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("<opml><body>\n<outline></body></opml>", "list.opml: line 2, column 12: is not well-formed there"),
        ("<!DOCTYPE opml><opml/>", "list.opml: line 1: has a DOCTYPE"),
        ("<opml><body/></opml>", "list.opml: names no feed; nothing is imported"),
        ("", "list.opml: is empty"),
    ],
)
def test_a_list_that_cannot_be_used_is_told_with_its_place(syndicator, content, told):
    Path("list.opml").write_text(content)

    said = syndicator("opml", "import", "list.opml")

    assert said.code == 1
    assert said.err.startswith(told)
    assert Path("feeds.yaml").read_text() == ROOM


def test_check_warns_of_a_source_that_is_asked_too_often(syndicator):
    Path("feeds.yaml").write_text(ROOM.replace("title: The Times", "title: The Times\n    every: 2m"))

    said = syndicator("check")

    assert said.code == 0
    assert "! times: asked more often than every 5 minutes" in said.out


def test_a_list_that_is_not_there_is_told(syndicator):
    said = syndicator("opml", "import", "nothing.opml")

    assert (said.code, said.err) == (1, "nothing.opml: cannot be read: No such file or directory\n")


def test_what_is_exported_can_be_imported_elsewhere(syndicator):
    syndicator("add", "https://news.example/world.rss")
    exported = syndicator("opml", "export", "ours.opml")
    before = sources()
    Path("feeds.yaml").write_text(ROOM.split("sources:")[0] + "sources: []\n")

    said = syndicator("opml", "import", "ours.opml")

    assert (exported.out, said.code) == ("ours.opml: 2 sources\n", 0)
    now = sources().values()
    assert [(s.url, s.title, s.language) for s in now] == [(s.url, s.title, s.language) for s in before.values()]


def test_an_export_overwrites_a_list_and_nothing_else(syndicator):
    first, second = syndicator("opml", "export", "ours.opml"), syndicator("opml", "export", "ours.opml")
    wrong = syndicator("opml", "export", "feeds.yaml")

    assert (first.code, second.code, wrong.code) == (0, 0, 1)
    assert wrong.err.startswith("feeds.yaml: is there already, and is no OPML")
    assert Path("feeds.yaml").read_text() == ROOM

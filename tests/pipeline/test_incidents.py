"""The admin's feed of incidents: one entry for each thing that goes on, the same bytes while nothing changes."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from xml.etree import ElementTree

import feedparser
import pytest

from syndicator.model.language import Localized
from syndicator.model.site import Publisher, Site
from syndicator.model.source import Finding, SourceState
from syndicator.pipeline.incidents import incident_documents, incidents_path
from syndicator.testing import NOON, a_source

ATOM = "{http://www.w3.org/2005/Atom}"
SITE = Site(
    title=Localized({"en": "City"}),
    url="https://city.example/",
    publisher=Publisher(name="The Desk", email="desk@city.example"),
)
SOURCES = {"vna": a_source("vna", title="Viet Nam News"), "tuoitre": a_source("tuoitre", title="Tuổi Trẻ <Home>")}
SILENT = Finding(kind="silent", text="nothing new since 2026-07-01", remedy="look whether it is kept", since=NOON)
BLOCKED = Finding(
    kind="blocked", text="refuses us: 403 Forbidden", remedy="ask the publisher", since=NOON - timedelta(days=2)
)


def states(**findings):
    return {
        id: SourceState(
            id=id, url=SOURCES[id].url if id in SOURCES else "https://old.example/rss", findings=tuple(told)
        )
        for id, told in findings.items()
    }


def documents(found, *, secret=b"secret"):
    return incident_documents(SOURCES, found, site=SITE, secret=secret)


def atom(found):
    return ElementTree.fromstring(documents(found)[0].body)


def ids(found):
    return [entry.findtext(f"{ATOM}id") for entry in atom(found).iter(f"{ATOM}entry")]


def test_each_finding_is_an_entry_with_text_remedy_and_address():
    read = feedparser.parse(documents(states(vna=[SILENT]))[0].body)

    (entry,) = read.entries
    assert (read.version, read.bozo) == ("atom10", False)
    assert entry.id == "tag:city.example,2026:incident/vna/silent/20260714T050000Z"
    assert entry.title == "Viet Nam News: nothing new since 2026-07-01"
    assert entry.link == SOURCES["vna"].url
    assert "What to try: Look whether it is kept." in entry.summary
    assert SOURCES["vna"].url in entry.summary
    assert entry.updated == "2026-07-14T05:00:00+00:00"


def test_both_formats_tell_the_same_the_latest_first():
    found = states(tuoitre=[BLOCKED], vna=[SILENT])

    json_feed = json.loads(documents(found)[1].body)

    assert [item["id"] for item in json_feed["items"]] == ids(found)
    assert [item["title"].partition(":")[0] for item in json_feed["items"]] == ["Viet Nam News", "Tuổi Trẻ <Home>"]
    assert json_feed["version"] == "https://jsonfeed.org/version/1.1"
    assert json_feed["items"][1]["_syndicator"] == {
        "source": "tuoitre",
        "kind": "blocked",
        "broken": True,
        "text": BLOCKED.text,
        "remedy": BLOCKED.remedy,
    }


def test_an_incident_keeps_its_id_while_it_goes_on_and_gets_another_when_it_comes_again():
    worse = replace(SILENT, text="nothing new since 2026-07-01, and worse")
    again = replace(SILENT, since=NOON + timedelta(days=9))

    assert ids(states(vna=[worse])) == ids(states(vna=[SILENT]))
    assert ids(states(vna=[again])) != ids(states(vna=[SILENT]))


def test_the_bytes_change_with_the_findings_and_with_nothing_else():
    first = documents(states(vna=[SILENT], tuoitre=[]))
    asked_again = {id: replace(state, asked_at=NOON, next_at=NOON) for id, state in states(vna=[SILENT]).items()}

    assert documents(asked_again) == first
    assert documents(states(vna=[BLOCKED])) != first


def test_when_all_is_well_the_feed_is_there_and_replaces_the_bad_news():
    found = documents(states(vna=[]))

    assert ids(states(vna=[])) == []
    assert not any(document.empty for document in found)


def test_what_was_said_of_another_address_or_of_a_source_that_left_is_not_told():
    moved = {"vna": SourceState(id="vna", url="https://before.example/rss", findings=(SILENT,))}

    assert ids(moved | states(gone=[BLOCKED])) == []


@pytest.mark.parametrize("text", ["\x00\x1b[31m red", "a\ud800b", "\ufffe", "two\nlines", "<b>&amp;"])
def test_whatever_a_server_said_the_documents_are_well_formed(text):
    odd = replace(BLOCKED, text=text, remedy=text)

    found = documents(states(vna=[odd]))

    assert len(ElementTree.fromstring(found[0].body).findall(f"{ATOM}entry")) == 1
    assert len(json.loads(found[1].body)["items"]) == 1


def test_nobody_guesses_where_the_feed_lies():
    path = incidents_path(b"secret")

    assert [document.path for document in documents({})] == [f"{path}.atom", f"{path}.json"]
    assert path == incidents_path(b"secret") != incidents_path(b"Secret")
    assert path.startswith("sources-")
    assert len(path) == len("sources-") + 24

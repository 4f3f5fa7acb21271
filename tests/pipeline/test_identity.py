"""An article keeps its id for ever, whatever its publisher does to guid, link and title."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syndicator.model.entry import Entry, Item, Tagging
from syndicator.model.source import Source
from syndicator.pipeline.identity import MAX_KEYS, canonical_link, entry_keys, identify
from syndicator.testing import NOON, a_source, an_entry

LATER = NOON + timedelta(hours=1)
PAPER = a_source("paper", outlet="paper")


def seen(
    *entries: Entry, known: Sequence[Item] = (), source: Source = PAPER, now=NOON, backfill: bool = False
) -> list[Item]:
    """Identify what stands in one document of *source*."""
    at = {key: item for item in known for key in item.keys}
    mine = [replace(entry, source=source.id) for entry in entries]
    return identify(mine, at, source=source, now=now, backfill=backfill)


class TestLinks:
    @pytest.mark.parametrize(
        ("one", "other"),
        [
            pytest.param("http://a.example/x", "https://a.example/x", id="scheme"),
            pytest.param("https://www.a.example/x", "https://a.example/x", id="www"),
            pytest.param("https://A.Example/x", "https://a.example/x", id="case of the host"),
            pytest.param("https://a.example:443/x", "http://a.example:80/x", id="default port"),
            pytest.param("https://a.example/x/", "https://a.example/x", id="last slash"),
            pytest.param("https://a.example/", "https://a.example", id="no path"),
            pytest.param("https://a.example/x#top", "https://a.example/x", id="fragment"),
            pytest.param("https://a.example/%7ex%c3%a9", "https://a.example/~x%C3%A9", id="escapes"),
            pytest.param("https://a.example/é", "https://a.example/%C3%A9", id="letters"),
            pytest.param("https://a.example/?utm_source=r&id=1&fbclid=x", "https://a.example/?id=1", id="tracking"),
            pytest.param("https://a.example/?mtm_x=1&GCLID=2", "https://a.example/", id="nothing but tracking"),
        ],
    )
    def test_are_the_same(self, one, other):
        assert canonical_link(one) == canonical_link(other)

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            pytest.param("https://a.example/X", "https://a.example/x", id="case of the path"),
            pytest.param("https://a.example/?id=1", "https://a.example/?id=2", id="parameters"),
            pytest.param("https://a.example:8080/", "https://a.example/", id="another port"),
            pytest.param("https://m.a.example/", "https://a.example/", id="another host"),
            pytest.param("https://a.example/a%2Fb", "https://a.example/a/b", id="an escaped slash"),
        ],
    )
    def test_are_not_the_same(self, one, other):
        assert canonical_link(one) != canonical_link(other)

    @settings(max_examples=300)
    @given(
        st.text(max_size=30)
        | st.lists(
            st.sampled_from(
                [
                    "https://",
                    "www.",
                    "a.example",
                    ":80",
                    ":443",
                    "/",
                    "?",
                    "&",
                    "#",
                    "%",
                    "%25",
                    "%41",
                    "=",
                    "utm_x=1",
                    " ",
                    "é",
                    "İ",
                ]
            ),
            max_size=12,
        ).map("".join)
    )
    def test_doing_it_twice_changes_nothing(self, url):
        once = canonical_link(url)

        assert canonical_link(once) == once


class TestKeys:
    @pytest.mark.parametrize(
        ("changes", "keys"),
        [
            pytest.param(
                {"url": "https://www.a.example/x", "guid": "https://www.a.example/?p=1"},
                ("paper link a.example/x", "paper guid a.example/?p=1"),
                id="link first, then guid; scheme and www do not count",
            ),
            pytest.param({"url": "", "guid": "7"}, ("paper guid 7",), id="guid alone"),
            pytest.param({"url": "https://a.example/x", "guid": " "}, ("paper link a.example/x",), id="an empty guid"),
        ],
    )
    def test_are_of_the_outlet(self, changes, keys):
        assert entry_keys(an_entry(**changes), outlet="paper") == keys

    def test_without_link_and_guid_title_and_date_as_written_make_the_key(self):
        bare = an_entry(url="", guid="", claimed="today")

        (key,) = entry_keys(bare, outlet="paper")

        assert re.fullmatch(r"paper text [0-9a-f]{32}", key)
        assert entry_keys(replace(bare, summary="other"), outlet="paper") == (key,)
        assert entry_keys(replace(bare, claimed="yesterday"), outlet="paper") != (key,)
        assert entry_keys(bare, outlet="other") != (key,)


class TestNew:
    def test_an_entry_never_seen_is_a_new_item(self):
        entry = an_entry(published=NOON - timedelta(hours=1))

        (item,) = seen(entry, backfill=True)

        assert re.fullmatch(r"i[a-z2-7]{15}", item.id)
        assert item.entry == replace(entry, source="paper")
        assert (item.outlet, item.sources, item.keys) == ("paper", ("paper",), entry_keys(entry, outlet="paper"))
        assert (item.first_seen_at, item.published_at, item.backfill) == (NOON, entry.published, True)
        assert (item.tags, item.rejected) == ((), "")

    def test_the_id_follows_from_outlet_and_first_key_alone(self):
        (first,) = seen(an_entry(guid="1"))
        (again,) = seen(an_entry(guid="2", summary="Other words"), now=LATER)
        (elsewhere,) = seen(an_entry(guid="1"), source=a_source("other", outlet="other"))

        assert first.id == again.id != elsewhere.id

    def test_a_source_without_an_outlet_is_one_by_itself(self):
        (item,) = seen(an_entry(), source=a_source("alone", outlet=""))

        assert item.outlet == "alone"

    def test_the_same_entry_twice_in_one_document_is_one_item(self):
        assert len(seen(an_entry(), an_entry())) == 1

    def test_one_guid_on_several_links_of_one_document_is_told_apart(self):
        one = an_entry("One", guid="0")
        two = an_entry("Two", guid="0")

        items = seen(one, two)

        assert [item.entry.title for item in items] == ["One", "Two"]
        assert items[0].id != items[1].id
        assert seen(two, one, known=items, now=LATER) == []

    def test_one_link_under_several_articles_of_one_document_is_told_apart(self):
        notices = [an_entry(title, guid=title, url="https://port.example/") for title in ("Berth 1", "Berth 2")]

        items = seen(*notices)

        assert len({item.id for item in items}) == 2
        assert seen(*notices, known=items, now=LATER) == []


class TestKnown:
    def test_what_did_not_change_is_left_out(self):
        known = seen(an_entry())

        assert seen(an_entry(), known=known, now=LATER) == []

    def test_dates_made_up_at_every_fetch_are_no_change(self):
        known = seen(an_entry())

        assert seen(an_entry(published=LATER, updated=LATER, claimed="now"), known=known, now=LATER) == []

    def test_a_changed_guid_with_the_same_link_is_the_same_item_which_learns_it(self):
        (old,) = seen(an_entry(guid="1"))

        (item,) = seen(an_entry(guid="2"), known=[old], now=LATER)

        assert item == replace(old, keys=(*old.keys, "paper guid 2"))

    def test_a_changed_link_with_the_same_guid_is_the_same_item_at_the_new_link(self):
        (old,) = seen(an_entry(guid="1"))

        (item,) = seen(an_entry(guid="1", url="https://vna.example/new"), known=[old], now=LATER)

        assert item.id == old.id
        assert item.entry.url == "https://vna.example/new"
        assert item.keys == (*old.keys, "paper link vna.example/new")
        assert item.updated_at == old.updated_at

    def test_an_edited_title_keeps_the_id_and_all_that_was_decided(self):
        (new,) = seen(an_entry("Old title", url="https://vna.example/1", guid="1"), backfill=True)
        old = replace(new, tags=(Tagging(tag="port"),), rejected="too old")

        (item,) = seen(an_entry("New title", url="https://vna.example/1", guid="1"), known=[old], now=LATER)

        assert item.entry.title == "New title"
        assert item.digest != old.digest
        assert (item.updated_at, item.published_at) == (LATER, old.published_at)
        kept = ("id", "first_seen_at", "backfill", "tags", "rejected", "keys", "sources")
        assert [getattr(item, name) for name in kept] == [getattr(old, name) for name in kept]

    def test_an_article_in_two_section_feeds_of_one_outlet_is_one_item_with_both(self):
        (old,) = seen(an_entry())
        section = a_source("paper-city", outlet="paper")

        (item,) = seen(an_entry(summary="Cut elsewhere"), known=[old], source=section, now=LATER)

        assert item == replace(old, sources=("paper", "paper-city"))
        assert seen(an_entry(summary="Cut elsewhere"), known=[item], source=section, now=LATER) == []

    def test_an_article_of_another_outlet_is_another_item(self):
        known = seen(an_entry())

        (item,) = seen(an_entry(), known=known, source=a_source("other", outlet="other"))

        assert item.id != known[0].id

    def test_a_source_that_makes_up_guids_adds_no_keys_without_end(self):
        known = seen(an_entry(guid="0"))
        for n in range(1, 2 * MAX_KEYS):
            known = seen(an_entry(guid=str(n)), known=known, now=LATER)

        (item,) = known
        assert len(item.keys) == MAX_KEYS
        assert item.keys[0] == entry_keys(an_entry(), outlet="paper")[0]
        assert item.keys[-1] == f"paper guid {2 * MAX_KEYS - 1}"


ENTRIES = st.lists(
    st.builds(
        an_entry,
        st.sampled_from(["One", "Two", ""]),
        guid=st.sampled_from(["", "1", "2", "3"]),
        url=st.sampled_from(["", "https://a.example/1", "http://www.a.example/1/", "https://a.example/2"]),
        summary=st.sampled_from(["", "words"]),
    ),
    max_size=6,
)


@settings(max_examples=150)
@given(ENTRIES, ENTRIES)
def test_the_same_document_twice_yields_nothing_new(before, entries):
    store: dict[str, Item] = {}
    for document in (before, entries):
        store |= {item.id: item for item in seen(*document, known=list(store.values()))}

    assert seen(*entries, known=list(store.values()), now=LATER) == []
    assert all(store[item_id].id == item_id for item_id in store)

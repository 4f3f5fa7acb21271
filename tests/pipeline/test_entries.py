"""An entry is cleaned once, repaired as its source needs it, and known by its fingerprint when it comes again."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicator.model.entry import Enclosure, Image
from syndicator.model.source import Ignorable, Repair
from syndicator.pipeline.entries import MAX_ENTRIES, RawEntry, RawFeed, fingerprinter, read_entries
from syndicator.pipeline.text import graphemes
from syndicator.testing import a_source

RAW = RawEntry(
    guid="tag:1",
    url="https://vna.example/1.html?utm_source=rss",
    title="A bridge opens",
    summary='<a href="https://vna.example/1.html"><img src="https://vna.example/1.jpg" ></a></br>Cars cross it.',
    base="https://vna.example/rss.xml",
    published="Tue, 14 Jul 2026 10:00:00 +0700",
    authors=("An",),
    categories=("City",),
)


def read(raw: RawEntry = RAW, **repair):
    (entry,) = read_entries(RawFeed(entries=(raw,)), source=a_source(repair=Repair(**repair))).entries
    return entry


def problems(raw: RawEntry):
    return [str(problem) for problem in read_entries(RawFeed(entries=(raw,)), source=a_source()).problems]


class TestFields:
    def test_an_everyday_entry_is_cleaned_in_all_its_fields(self):
        entry = read()

        assert entry.url == "https://vna.example/1.html"
        assert (entry.title, entry.summary) == ("A bridge opens", "Cars cross it.")
        assert entry.content.endswith('<img src="https://vna.example/1.jpg"></a><br>Cars cross it.')
        assert entry.published == datetime(2026, 7, 14, 3, 0, tzinfo=UTC)
        assert entry.claimed == "Tue, 14 Jul 2026 10:00:00 +0700"
        assert entry.image == Image(url="https://vna.example/1.jpg")
        assert (entry.authors, entry.categories) == (("An",), ("City",))

    @pytest.mark.parametrize(
        ("raw", "title"),
        [
            pytest.param(RawEntry(summary="<p>Cars cross it.</p>"), "Cars cross it.", id="the summary"),
            pytest.param(
                RawEntry(summary="a b c d e f g h i j k l m"), "a b c d e f g h i j k l …", id="its beginning"
            ),
            pytest.param(RawEntry(content="<p>One.</p><p>Two.</p>"), "One. Two.", id="the content"),
        ],
    )
    def test_an_entry_without_a_title_gets_one_from_its_words(self, raw, title):
        assert read(raw).title == title

    def test_an_entry_of_a_file_alone_keeps_it_with_its_type_and_length(self):
        file = Enclosure(url="/talk.mp3", type=" Audio/MPEG", length=1234)

        entry = read(RawEntry(title="Talk", base="https://vna.example/", enclosures=(file,)))

        assert entry.enclosures == (Enclosure(url="https://vna.example/talk.mp3", type="audio/mpeg", length=1234),)

    def test_of_an_article_that_stands_whole_in_its_title_the_beginning_is_the_title(self):
        raw = RawEntry(title="word " * 60_000, guid="1")

        entry = read(raw)

        assert (len(entry.title), entry.title[-5:]) == (1_000, "word…")
        assert entry.summary.startswith("word word")
        assert ["a title of 299,999 characters; the first 1,000 are kept" in each for each in problems(raw)] == [True]

    @pytest.mark.parametrize("sign", ["a", "ế", "字", "\N{THAI CHARACTER KO KAI}\N{THAI CHARACTER SARA AM}", "e\u0332"])
    def test_neither_title_nor_summary_is_without_end_where_no_space_parts_its_words(self, sign):
        entry = read(RawEntry(title=sign * 300_000, guid="1"))

        assert 900 < len(entry.title) <= 1_000
        assert set(graphemes(entry.title)) == {sign, "…"}
        assert 0 < len(entry.summary) <= 11_000

    def test_a_title_is_decoded_up_to_three_times_and_a_body_once(self):
        entry = read(RAW._replace(title="A &amp;amp;amp; B", summary="<p>A &amp;amp;amp; B</p>", content=""))

        assert entry.title == "A & B"
        assert entry.summary == "A &amp;amp; B"

    def test_an_agency_mark_goes_from_the_summary(self):
        assert read(RAW._replace(summary="<p>(TTXVN) - Mưa lớn.</p>")).summary == "Mưa lớn."

    @pytest.mark.parametrize(
        ("raw", "problem"),
        [
            pytest.param(RawEntry(line=7), "line 7, entry 1: neither title nor link nor summary; left out", id="empty"),
            pytest.param(
                RawEntry(title="A", url="javascript:x", line=7),
                "line 7, entry 1 “A”: the link 'javascript:x' is no http or https address and is left out",
                id="a script for a link",
            ),
            pytest.param(
                RawEntry(title="A", published="soon"), "entry 1 “A”: the date 'soon' cannot be read", id="no date"
            ),
        ],
    )
    def test_what_is_wrong_is_told_with_its_place(self, raw, problem):
        assert problems(raw) == [problem]

    @pytest.mark.parametrize(
        ("title", "summary", "language"),
        [
            pytest.param("A bridge opens", "", "vi", id="a headline says too little"),
            pytest.param(
                "A bridge opens", "The first cars of the year have come over it to the city.", "en", id="English"
            ),
            pytest.param("Thông xe cầu mới", "Những chiếc xe đầu tiên đã qua cầu.", "vi", id="Vietnamese"),
        ],
    )
    def test_the_language_is_that_of_the_words_where_they_say_it(self, title, summary, language):
        feed = RawFeed(entries=(RawEntry(title=title, summary=summary),))

        (entry,) = read_entries(feed, source=a_source(language="vi")).entries

        assert entry.language == language

    SHORT = (
        "Coffee exports hit record high",
        "Police arrest two over museum theft",
        "Metro opens",
        "Rain",
        "How one baker saved her village",
    )

    def test_an_english_document_of_headlines_that_declares_vietnamese_is_english_throughout(self):
        feed = RawFeed(entries=tuple(RawEntry(title=title, language="vi-vn") for title in self.SHORT))

        entries = read_entries(feed, source=a_source(language="vi")).entries

        assert [entry.language for entry in entries] == ["en"] * len(self.SHORT)

    def test_a_headline_that_comes_later_is_in_the_language_of_those_before(self):
        feed = RawFeed(entries=tuple(RawEntry(title=title) for title in self.SHORT))
        known = read_entries(feed, source=a_source(language="vi")).fingerprints
        later = replace(feed, entries=(RawEntry(title="Storm"), *feed.entries))

        (entry,) = read_entries(later, source=a_source(language="vi"), known=known).entries

        assert (entry.title, entry.language) == ("Storm", "en")

    def test_a_name_among_entries_that_are_as_declared_is_as_declared(self):
        titles = ("Quốc hội thông qua ngân sách", "Bão Yagi giật cấp 17", "Bắt hai nghi phạm trộm cổ vật", "VN-Index")
        feed = RawFeed(entries=tuple(RawEntry(title=title) for title in titles))

        entries = read_entries(feed, source=a_source(language="vi")).entries

        assert {entry.language for entry in entries} == {"vi"}


class TestImages:
    def test_the_feed_s_picture_gets_what_the_page_says_of_it(self):
        shown = (
            '<figure><img src="https://vna.example/1.jpg" alt="The bridge" width="640" height="360">'
            "<figcaption>At noon</figcaption></figure>"
        )

        entry = read(RAW._replace(content=shown, images=(Image(url="https://vna.example/1.jpg"),)))

        assert entry.image == Image(
            url="https://vna.example/1.jpg", alt="The bridge", caption="At noon", width=640, height=360
        )

    def test_the_feed_s_own_words_come_first(self):
        named = Image(url="/1.jpg", alt="A &amp; B", caption="Noon", width=9)

        entry = read(RAW._replace(images=(named,)))

        assert entry.image == Image(url="https://vna.example/1.jpg", alt="A & B", caption="Noon", width=9)

    @pytest.mark.parametrize(
        "pixel",
        [
            pytest.param(Image(url="https://vna.example/p.gif", width=1, height=1), id="of one pixel"),
            pytest.param(Image(url="https://b.scorecardresearch.com/p"), id="of a host that counts"),
            pytest.param(Image(url="data:image/gif;base64,R0"), id="that is no address"),
        ],
    )
    def test_a_picture_that_shows_nothing_is_none(self, pixel):
        entry = read(RAW._replace(images=(pixel, Image(url="https://vna.example/2.jpg"))))

        assert entry.image == Image(url="https://vna.example/2.jpg")


class TestRepairs:
    @pytest.mark.parametrize(
        ("kind", "title"),
        [
            pytest.param("", "Use x & y", id="found out: common tags and entities go"),
            pytest.param("text", "Use <b>x</b> &amp; <i>y</i>", id="text: every sign is meant"),
            pytest.param("html", "Use x & y", id="html"),
        ],
    )
    def test_the_type_of_titles_may_be_named(self, kind, title):
        assert read(RAW._replace(title="Use <b>x</b> &amp; <i>y</i>"), title_type=kind).title == title

    def test_a_title_that_is_html_loses_every_tag(self):
        assert read(RAW._replace(title="<section>A</section><x-y>B</x-y>"), title_type="html").title == "A B"

    def test_the_form_of_dates_may_be_named(self):
        entry = read(RAW._replace(published="07/05/2026"), date_format="%m/%d/%Y", timezone="Asia/Ho_Chi_Minh")

        assert entry.published == datetime(2026, 7, 4, 17, 0, tzinfo=UTC)

    @pytest.mark.parametrize("name", get_args(Ignorable))
    def test_an_ignored_field_is_read_as_if_it_were_not_there(self, name):
        full = RAW._replace(
            content="<p>Content</p>",
            language="en-GB",
            updated="2026-07-14T11:00:00Z",
            images=(Image(url="https://vna.example/9.jpg"),),
            enclosures=(Enclosure(url="https://vna.example/9.mp3"),),
        )
        field = "images" if name == "image" else name
        blank = RawEntry._field_defaults[field]

        assert read(full, ignore=(name,)) == read(full._replace(**{field: blank}))
        assert read(full, ignore=(name,)) != read(full)


class TestFingerprints:
    def test_an_entry_that_is_known_is_not_read_again(self):
        other = RAW._replace(guid="tag:2", title="Another")
        first = read_entries(RawFeed(entries=(RAW, other)), source=a_source())

        again = read_entries(RawFeed(entries=(other, RAW)), source=a_source(), known=first.fingerprints[:1])

        assert [entry.title for entry in again.entries] == ["Another"]
        assert again.fingerprints == first.fingerprints[::-1]

    def test_those_of_faulty_entries_are_told_apart(self):
        undated, empty = RAW._replace(published="soon"), RawEntry()

        parsed = read_entries(RawFeed(entries=(RAW, undated, empty)), source=a_source())

        assert parsed.faulty == parsed.fingerprints[1:]

    def test_fingerprints_are_eleven_signs_of_base64url(self):
        parsed = read_entries(RawFeed(entries=(RAW,)), source=a_source())

        assert all(re.fullmatch(r"[\w-]{11}", each, re.ASCII) for each in parsed.fingerprints)

    def test_entries_that_are_left_out_have_one_too(self):
        crowd = tuple(RawEntry(title=str(number)) for number in range(MAX_ENTRIES + 5))

        parsed = read_entries(RawFeed(entries=(RawEntry(), *crowd)), source=a_source())

        assert len(set(parsed.fingerprints)) == len(parsed.fingerprints) == MAX_ENTRIES + 6
        assert len(parsed.entries) == MAX_ENTRIES

    @pytest.mark.parametrize("name", [each for each in RawEntry._fields if each != "line"])
    def test_every_field_counts(self, name):
        others = {
            "images": (Image(url="x"),), "enclosures": (Enclosure(url="x"),), "authors": ("x",), "categories": ("x",),
        }  # fmt: skip
        fingerprint = fingerprinter(a_source())

        assert fingerprint(RAW) != fingerprint(RAW._replace(**{name: others.get(name, "x")}))

    def test_the_line_does_not_count(self):
        fingerprint = fingerprinter(a_source())

        assert fingerprint(RAW) == fingerprint(RAW._replace(line=9))

    @pytest.mark.parametrize(
        "changes",
        [
            pytest.param({"language": "vi"}, id="its language"),
            pytest.param({"repair": Repair(timezone="Asia/Ho_Chi_Minh")}, id="its time zone"),
            pytest.param({"repair": Repair(ignore=("guid",))}, id="what is ignored"),
        ],
    )
    def test_another_reading_of_a_source_reads_all_anew(self, changes):
        assert fingerprinter(a_source())(RAW) != fingerprinter(a_source(**changes))(RAW)

    def test_what_does_not_change_the_reading_reads_nothing_anew(self):
        assert fingerprinter(a_source())(RAW) == fingerprinter(a_source(title="Another", weight=2.0))(RAW)

    def test_an_author_is_told_from_a_category(self):
        fingerprint = fingerprinter(a_source())

        assert fingerprint(RawEntry(authors=("a",), categories=("b",))) != fingerprint(RawEntry(authors=("a", "b")))


@given(
    st.builds(
        RawEntry,
        **{
            name: st.text(max_size=20)
            for name in ("guid", "url", "title", "summary", "content", "base", "language", "published", "updated")
        },
    )
)
def test_whatever_a_document_holds_is_read_without_an_error(raw):
    for kind in ("", "text", "html"):
        parsed = read_entries(RawFeed(entries=(raw,)), source=a_source(repair=Repair(title_type=kind)))

        assert len(parsed.fingerprints) == 1

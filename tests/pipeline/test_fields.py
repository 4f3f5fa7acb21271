import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicator.pipeline.fields import FIELDS, lay_out, page_of
from syndicator.testing import an_entry


@given(st.lists(st.tuples(st.sampled_from(FIELDS), st.text(st.characters(exclude_characters="\x00"), max_size=9))))
def test_each_field_of_a_page_is_read_back_in_nfc(fields):
    page = lay_out(fields, language="vi")

    told = [(field, page.field_text(number)) for number, field in enumerate(page.fields)]

    assert told == [(field, unicodedata.normalize("NFC", text)) for field, text in fields if text]


def test_a_page_holds_the_fields_that_are_asked_for():
    entry = an_entry(
        "Title",
        summary="Summary",
        content="<p>One &amp; two</p><p>Three</p>",
        categories=("A", "B"),
        authors=("C",),
        url="https://paper.example/1",
        language="vi",
        source="home",
    )

    page = page_of(entry, FIELDS, outlet="paper")

    assert {field: page.field_text(number) for number, field in enumerate(page.fields)} == {
        "title": "Title",
        "summary": "Summary",
        "content": "One & two\nThree",
        "category": "A · B",
        "author": "C",
        "url": "https://paper.example/1",
        "source": "home · paper",
        "language": "vi",
    }


@pytest.mark.parametrize(
    ("fields", "language", "bare"),
    [
        pytest.param({"title": "Bo", "summary": "Hop"}, "vi", (True, True), id="a text without accents"),
        pytest.param({"title": "Bo", "summary": "Họp"}, "vi", (False, False), id="one with accents in one place"),
        pytest.param({"title": "Bo"}, "", (True,), id="of no known language"),
        pytest.param({"title": "Bo"}, "vi-VN", (True,), id="of a region"),
        pytest.param({"title": "Bo"}, "en", (False,), id="in another language"),
        pytest.param(
            {"title": "Bộ", "url": "http://x/bo", "author": "Bo"}, "vi", (False, True, False), id="an address"
        ),
    ],
)
def test_where_accents_are_left_out_is_known(fields, language, bare):
    assert lay_out(fields.items(), language=language).bare == bare

"""Plain text is one line of signs that can be seen, however it was written."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from syndicator.pipeline.plain import tidy, visible


@pytest.mark.parametrize(
    ("text", "line"),
    [
        pytest.param("  Hà Nội ", "Hà Nội", id="blanks at the ends"),
        pytest.param("a\n\t b\xa0\u3000c", "a b c", id="white space of every kind"),
        pytest.param("tha\u0300nh", "thành", id="letters in parts"),
        pytest.param("so\u00adft\u200b\u202e", "soft", id="signs that nobody sees"),
        pytest.param("می\u200cخواهم", "می\u200cخواهم", id="joiners, which Persian needs"),
    ],
)
def test_tidy_gives_one_line(text, line):
    assert tidy(text) == line


@given(st.text(alphabet="ab \u0301\n\t\xa0\u3000\u200b\x85\x1cé", max_size=20) | st.text(max_size=20))
@example("a  b")
def test_every_shortcut_gives_what_the_rule_says(text):
    seen = visible(text)

    assert tidy(text) == unicodedata.normalize("NFC", re.sub(r"\s+", " ", seen).strip())
    assert visible(seen) == seen

"""The shortcut around the HTML parser gives what the parser gives, and takes nothing that is not simple."""

from __future__ import annotations

from unittest.mock import patch

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from syndicator.pipeline import clean
from syndicator.pipeline.markup import read_simple
from syndicator.pipeline.plain import visible

BASE = "https://paper.example/news/1.html"

WORDS = st.sampled_from(
    [
        *(
            "word ",
            "Tiếng Việt",
            " ",
            "\n",
            "\t",
            "\xa0",
            "&amp;",
            "&nbsp;",
            "&lt;b&gt;",
            "&eacute;",
            "&#39;",
            "&#x2019;",
        ),
        *("<br>", "</br>", "<br/>", "<br lang='vi'>", ">", '"', "'", "=", "\x85", "\u3000", "e\u0301"),
        *(
            '<img src="https://x.example/i.jpg" alt="a &quot;b&quot; &amp;nbsp; c">',
            "<img src='https://x.example/i.jpg' />",
        ),
        *('<img src="https://x.example/i.jpg" width="1">', '<img alt="no source">', '<img src="https://xiti.com/p">'),
        '<img src="https://x.example/i.jpg" style="display:none" class="x">',
    ]
)
SPOILERS = st.sampled_from(
    [
        *(
            "&",
            "&copy",
            "&notit;",
            "&AMP;",
            "&#0;",
            "&#13;",
            "&#128;",
            "&#x338;",
            "<",
            "<!--",
            "-->",
            "<P>",
            "<hr>",
            "<pre>",
        ),
        *("</p>", "</a>", "<p>", "<li>", "<td>", "<script>", "</script>", "<svg>", "<nobr>", "<button>", "\r", "\x0c"),
        *(
            "\u0338",
            "\u0301",
            "\u200b",
            '<a href="/rel">',
            '<a href="javascript:x">',
            "<a href=x>",
            "<![CDATA[",
            "<b",
            "<a>",
        ),
        *(
            '<a href="https://x.example/" href="https://y.example/">',
            '<a href="https://1.2.3.999/">',
            "<span onclick='x'>",
        ),
        *(
            '<a href="https://xn--a.example/">',
            '<a title="a>b">',
            "<plaintext>",
            "<select>",
            "<math>",
            "<object>",
            "<s",
        ),
    ]
)
ELEMENTS = st.sampled_from(
    [
        *(
            "p",
            "b",
            "i",
            "em",
            "div",
            "ul",
            "ol",
            "li",
            "span",
            "h2",
            "figure",
            "figcaption",
            "blockquote",
            "code",
            "q",
        ),
        *('a href="https://x.example/a?b=1&amp;c=2" target="_blank"', 'a title="&lt;x&gt;"', 'p lang="vi" class="x"'),
        *('time datetime="2026-07-14"', 'ol start="3"', 'q cite="https://x.example/"', "del", "s", 'div style="x"'),
    ]
)


def within(children):
    return st.builds(
        lambda tag, inside: f"<{tag}>{''.join(inside)}</{tag.split()[0]}>", ELEMENTS, st.lists(children, max_size=4)
    )


NESTED = st.lists(st.recursive(WORDS, within, max_leaves=8), max_size=5).map("".join)
SPOILED = st.builds(lambda one, spoiler, other: one + spoiler + other, NESTED, SPOILERS, NESTED)


def parsed(html: str) -> tuple[str, str]:
    """Return what the parser makes of *html*, the shortcut closed."""
    with patch.object(clean, "read_simple", lambda _: None):
        return clean.clean_html(html, base=BASE), clean.plain_text(html)


@settings(max_examples=200, deadline=None)
@given(NESTED | SPOILED | st.text(max_size=30))
@example("<ul> <li>a</li>\n</ul>")
@example("<p>a</p>b<p>c</p>")
@example("<b>\u0338</b>")
@example('a<br lang="vi">b')
def test_the_shortcut_gives_what_the_parser_gives(html):
    assert clean.read_html(html, base=BASE) == parsed(html)


@settings(max_examples=100, deadline=None)
@given(NESTED)
def test_what_the_shortcut_wrote_it_reads_again_as_the_same(html):
    simple = read_simple(visible(html))

    if simple is not None:
        again = read_simple(simple.markup)
        assert again is not None
        assert again.markup == simple.markup


@pytest.mark.parametrize(
    ("html", "markup"),
    [
        pytest.param("Hà Nội &amp; Huế", "Hà Nội &amp; Huế", id="words"),
        pytest.param(
            '<a href="https://x.example/1.html"><img src="https://x.example/1.jpg" ></a></br>Tin',
            '<a href="https://x.example/1.html" rel="noopener noreferrer"><img src="https://x.example/1.jpg"></a><br>Tin',
            id="a picture in a link, a break that closes, and words",
        ),
        pytest.param(
            '<p class="x">a <b>b</b></p>\n<ul><li>c</li></ul>', "<p>a <b>b</b></p>\n<ul><li>c</li></ul>", id="blocks"
        ),
    ],
)  # fmt: skip
def test_what_newspapers_write_every_day_is_simple(html, markup):
    simple = read_simple(html)

    assert simple is not None
    assert simple.markup == markup


@pytest.mark.parametrize(
    "html",
    [
        pytest.param("<p>a", id="an element that stays open"),
        pytest.param("<p><p>a</p></p>", id="a paragraph in a paragraph"),
        pytest.param("<b><p>a</p></b>", id="a block in an inline element"),
        pytest.param("<b><i>a</b></i>", id="elements that overlap"),
        pytest.param("<a>a<a>b</a></a>", id="a link in a link"),
        pytest.param("<li>a</li>", id="a list item in no list"),
        pytest.param("<ul><p>a</p></ul>", id="a list without items"),
        pytest.param("<script>a</script>", id="a script"),
        pytest.param("<B>a</B>", id="upper case"),
        pytest.param("<b>a", id="half an element"),
        pytest.param("a < b", id="a sign that begins no tag"),
        pytest.param("R&D", id="an ampersand that begins no entity"),
        pytest.param("<a href=/x>a</a>", id="a value without quotes"),
        pytest.param('<a href="/x">a</a>', id="a relative link"),
        pytest.param('<a href="javascript:x">a</a>', id="a script in a link"),
        pytest.param('<a lang="a" lang="b">a</a>', id="an attribute given twice"),
        pytest.param("<!-- a -->", id="a comment"),
        pytest.param("<div>" * 40 + "</div>" * 40, id="elements deep within each other"),
    ],
)
def test_anything_else_is_for_the_parser(html):
    assert read_simple(html) is None

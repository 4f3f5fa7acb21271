"""Nothing that runs, tracks or points elsewhere than to http comes through; the words do."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from syndicator.model.entry import Image
from syndicator.pipeline.clean import (
    clean_html,
    clean_title,
    excerpt,
    first_image,
    length,
    plain_text,
    read_html,
)
from syndicator.pipeline.urls import clean_url, untracked

BASE = "https://paper.example/news/1.html"

FRAGMENTS = st.sampled_from(
    [
        "<p>",
        "</p>",
        '<a href="javascript:x">',
        "<a href=/rel>",
        "</a>",
        "<b>",
        "</b>",
        "<i>",
        "<script>",
        "</script>",
        "<style>",
        "<img src=x onerror=y>",
        '<img src="data:x">',
        "<svg>",
        "<math>",
        "<mtext>",
        "<table>",
        "<tr>",
        "<td>",
        "</table>",
        "<button>",
        "</button>",
        "<li>",
        "<ul>",
        "<!--",
        "-->",
        "<![CDATA[",
        "]]>",
        "&lt;",
        "&amp;lt;",
        "<",
        ">",
        '"',
        "'",
        "<form>",
        "<select>",
        "<noscript>",
        "<iframe>",
        "<template>",
        '<div style="x">',
        "<h1>",
        "<pre>",
        "<br>",
        "<hr>",
        "&#x3c;",
        "<img src=/a.png width=1>",
        "\u0338",
        "\u0301",
        "\u200b",
        '<a title="</p>">',
        "<object>",
        "<plaintext>",
        "<textarea>",
        "<title>",
        " onload=x",
        "word",
    ]
)
HTML = st.lists(FRAGMENTS | st.text(max_size=5), max_size=25).map("".join)


class TestHtml:
    @pytest.mark.parametrize(
        ("html", "clean"),
        [
            pytest.param('<p class="a" id="b" style="color:red" onclick="x()">a</p>', "<p>a</p>", id="attributes"),
            pytest.param("<script>alert(1)</script><p>a</p><style>p{}</style>", "<p>a</p>", id="scripts and styles"),
            pytest.param("<section><p>a</p></section>", "<p>a</p>", id="unknown elements leave their content"),
            pytest.param('<iframe src="https://v.example"></iframe>a', "a", id="frames"),
            pytest.param('<a href="javascript:x">a</a>', '<a rel="noopener noreferrer">a</a>', id="scripts in links"),
            pytest.param(
                '<a href=" java&#9;script:alert(1)">a</a>', '<a rel="noopener noreferrer">a</a>', id="hidden ones"
            ),
            pytest.param('<a href="mailto:a@b.c">a</a>', '<a rel="noopener noreferrer">a</a>', id="links to mail"),
            pytest.param(
                '<a href="../2.html?a=1&amp;b=2">a</a>',
                '<a href="https://paper.example/2.html?a=1&amp;b=2" rel="noopener noreferrer">a</a>',
                id="relative links become absolute",
            ),
            pytest.param('<img src="/a.png">', '<img src="https://paper.example/a.png">', id="pictures"),
            pytest.param('<img src="data:image/gif;base64,R0">a', "a", id="pictures in the page"),
            pytest.param('<img src="https://c.example/p" width="1" height="1">a', "a", id="tracking pixels"),
            pytest.param('<img src="https://c.example/p" width=0>a', "a", id="pictures without a width"),
            pytest.param('<img src="https://c.example/p" height="1px">a', "a", id="pictures a pixel high"),
            pytest.param('<img src="https://c.example/p" style="display: none">a', "a", id="hidden pictures"),
            pytest.param('<IMG style="x:y;width:1px;height:1px" SRC="https://c.example/p">a', "a", id="hidden by size"),
            pytest.param(
                '<img src="https://c.example/p" style="max-width:100%">',
                '<img src="https://c.example/p">',
                id="a style that hides nothing goes alone",
            ),
            pytest.param(
                '<img src="https://c.example/p" alt="style=&quot;display:none&quot;">',
                '<img src="https://c.example/p" alt="style=&quot;display:none&quot;">',
                id="words about a style are none",
            ),
            pytest.param('<img src="https://pixel.wp.com/g.gif?x=1">a', "a", id="known counters"),
            pytest.param('<img src="https://www.facebook.com/tr?id=1&amp;ev=PageView">a', "a", id="counting addresses"),
            pytest.param('<img src="https://stats.paper.example/matomo.php?idsite=1">a', "a", id="a paper's counter"),
            pytest.param("<p>a</br>b", "<p>a<br>b</p>", id="broken tags are mended as HTML says"),
            pytest.param("<!-- a -->b", "b", id="comments"),
            pytest.param("tha\u0300nh &#x61;&#x301;", "thành á", id="letters are composed"),
            pytest.param("<b>\u0338</b>", "<b>\u0338</b>", id="and tags are not"),
        ],
    )  # fmt: skip
    def test_is_cut_down_to_the_allow_list(self, html, clean):
        assert clean_html(html, base=BASE) == clean

    @settings(max_examples=200)
    @given(HTML)
    @example("<p><button><p>a</p></button></p>")
    def test_cleaning_twice_changes_nothing(self, html):
        once = clean_html(html, base=BASE)

        assert clean_html(once, base=BASE) == once

    @settings(max_examples=200)
    @given(HTML)
    def test_nothing_that_runs_comes_through(self, html):
        tags = re.findall(r"<[^>]*>", clean_html(html, base=BASE))

        for tag in tags:
            assert not re.match(r"</?(?:script|style|iframe|svg|math|form|object|template|button)\b", tag), tag
            assert not re.search(r"\s(?:on\w+|style|class|id)=", re.sub(r'"[^"]*"', '""', tag)), tag
            for url in re.findall(r'(?:href|src|cite)="([^"]*)"', tag):
                assert url.startswith(("https://", "http://")), tag

    @given(HTML)
    def test_reading_both_at_once_gives_the_same_as_each_alone(self, html):
        assert read_html(html, base=BASE) == (clean_html(html, base=BASE), plain_text(html))

    @given(HTML)
    def test_text_has_no_half_letters_and_no_controls(self, html):
        for text in (clean_html(html, base=BASE), plain_text(html), clean_title(html)):
            assert not re.search("[\x00-\x08\x0e-\x1b\ud800-\udfff]", text)
            assert unicodedata.is_normalized("NFC", text) or "\u0338" in text

    @pytest.mark.parametrize(
        "html",
        [
            pytest.param("<div>" * 100_000, id="elements nested without end"),
            pytest.param("<section><button>" * 50_000, id="and unknown ones"),
        ],
    )
    def test_markup_nested_too_deeply_loses_its_tags_and_keeps_its_words(self, html):
        # nh3 alone would need half a minute for the first of these.
        assert clean_html(f"{html}word", base=BASE) == "word"
        assert plain_text(f"{html}word") == "word"

    def test_long_markup_that_is_not_deep_keeps_its_tags(self):
        html = "<p>a<br>b</p>" * 1_000

        assert clean_html(html, base=BASE) == html


class TestPlainText:
    @pytest.mark.parametrize(
        ("html", "text"),
        [
            pytest.param("<p>One</p><p>Two</p>", "One\nTwo", id="a line for each paragraph"),
            pytest.param("One<br>two", "One two", id="a break is a blank"),
            pytest.param("One<br/> <br/>Two", "One\nTwo", id="two are a paragraph"),
            pytest.param('One<br lang="vi">two', "One two", id="also one with a language"),
            pytest.param("V<b>N</b>", "VN", id="inline tags leave no gap"),
            pytest.param("  a \n\t b&nbsp; c ", "a b c", id="white space collapses"),
            pytest.param("&amp;lt;b&amp;gt; &amp; &eacute;", "&lt;b&gt; & é", id="entities are decoded once"),
            pytest.param("<script>x</script>a<style>b</style>", "a", id="scripts are no words"),
            pytest.param("5 < 6 and 7 > 3", "5 < 6 and 7 > 3", id="signs stay"),
            pytest.param("&lt;b&gt; is bold", "<b> is bold", id="escaped tags are words"),
            pytest.param("<ul><li>a</li><li>b</li></ul>c", "a\nb\nc", id="lists"),
            pytest.param('<a href="x"><img alt="no"></a></br>Tin', "Tin", id="a picture has no words"),
        ],
    )
    def test_gives_the_words(self, html, text):
        assert plain_text(html) == text

    @pytest.mark.parametrize(
        ("text", "title"),
        [
            pytest.param("Q&amp;A", "Q&A", id="escaped"),
            pytest.param("&amp;amp;apos;a&amp;amp;apos;", "'a'", id="three times"),
            pytest.param("&amp;amp;amp;amp;", "&amp;", id="and not a fourth"),
            pytest.param("R&D; &copy 2 &notit;", "R&D; &copy 2 &notit;", id="what is no entity stays"),
            pytest.param("V<b>N</b><br>2", "VN 2", id="common tags go"),
            pytest.param("Use List<T> if a < b", "Use List<T> if a < b", id="other signs stay"),
            pytest.param(" a\n\u200b b ", "a b", id="one line"),
        ],
    )
    def test_titles(self, text, title):
        assert clean_title(text) == title


class TestExcerpt:
    @pytest.mark.parametrize(
        ("text", "words", "short"),
        [
            pytest.param("one two three", 2, "one two …", id="cut"),
            pytest.param("one two three", 3, "one two three", id="not cut"),
            pytest.param("one,  two\nthree", 2, "one,  two …", id="the words unaltered"),
            pytest.param("一二三四五六七", 2, "一二三四 …", id="two signs are a word"),
            pytest.param("一二三四", 2, "一二三四", id="four are two"),
            pytest.param("用Python寫", 1, "用 …", id="a word among signs is whole"),
            pytest.param("one", 0, "…", id="no words"),
            pytest.param("x" * 250, 2, "x" * 200 + " …", id="a word without end is several"),
            pytest.param("", 3, "", id="nothing"),
        ],
    )
    def test_keeps_the_first_words(self, text, words, short):
        assert excerpt(text, words=words) == short

    @given(st.text(alphabet="ab ,\n一二", max_size=40), st.integers(0, 10))
    def test_is_the_beginning_of_the_text_and_marked_only_if_cut(self, text, words):
        short = excerpt(text, words=words)

        assert short == text.strip() or (short.endswith("…") and text.strip().startswith(short[:-1].rstrip()))


class TestUrls:
    @pytest.mark.parametrize(
        ("url", "clean"),
        [
            pytest.param("https://a.example/b?c=d#e", "https://a.example/b?c=d#e", id="stays"),
            pytest.param("//a.example/b", "https://a.example/b", id="no scheme"),
            pytest.param("/b", "https://paper.example/b", id="no host"),
            pytest.param("", "", id="nothing is not the base"),
            pytest.param(" https://a.example/a b\n", "https://a.example/a%20b", id="blanks"),
            pytest.param("https://a.example/ế?q=ệ", "https://a.example/%E1%BA%BF?q=%E1%BB%87", id="letters"),
            pytest.param("https://ví-dụ.example/", "https://xn--v-d-rma6749a.example/", id="a host with letters"),
            pytest.param("javascript:alert(1)", "", id="a script"),
            pytest.param("JaVa\tScript:alert(1)", "", id="a hidden one"),
            pytest.param("data:text/html,x", "", id="data"),
            pytest.param("http://", "", id="no host at all"),
            pytest.param("http://[broken/", "", id="a broken host"),
            pytest.param("http://a.example:99999/", "", id="a port that there is not"),
            pytest.param('https://a.example/"><script>', "https://a.example/%22%3E%3Cscript%3E", id="markup"),
            pytest.param("https://good.example\\@bad.example/", "", id="a host in disguise"),
        ],
    )  # fmt: skip
    def test_are_absolute_ascii_and_http(self, url, clean):
        assert clean_url(url, base=BASE) == clean

    @given(st.text(max_size=40) | st.text(max_size=20).map("https://a.example/".__add__))
    def test_any_text_gives_a_url_that_stands_still_or_none(self, text):
        clean = clean_url(text, base=BASE)

        assert clean == "" or (clean.isascii() and clean.startswith("http"))
        assert clean_url(clean) == clean


@pytest.mark.parametrize(
    "html",
    [
        pytest.param('<figure><img src="/1.png"><figcaption>At <b>noon</b></figcaption></figure>', id="in a figure"),
        pytest.param(
            '<figure><a href="/"><img src="/1.png"></a> <figcaption><p>At noon</p></figcaption></figure>',
            id="in a link",
        ),
    ],
)
def test_the_caption_of_a_figure_is_that_of_its_picture(html):
    assert first_image(clean_html(html, base=BASE)) == Image(url="https://paper.example/1.png", caption="At noon")


@pytest.mark.parametrize(
    ("written", "width"),
    [
        pytest.param("640", 640, id="a number"),
        pytest.param(" 640px", 640, id="in pixels"),
        pytest.param("100%", 0, id="per cent of we do not know what"),
        pytest.param("100 %", 0, id="per cent behind a blank"),
        pytest.param("wide", 0, id="words"),
    ],
)
def test_a_width_is_in_pixels(written, width):
    assert length(written) == width


def test_a_caption_further_down_belongs_to_another_picture():
    html = '<img src="/1.png"><p>a</p><figure><img src="/2.png"><figcaption>b</figcaption></figure>'

    assert first_image(clean_html(html, base=BASE)) == Image(url="https://paper.example/1.png")


def test_the_first_image_has_its_words_and_size():
    html = clean_html('<p>a<img src="/1.png" alt="Q&amp;A" width="640px" height="x"><img src="/2.png">', base=BASE)

    assert first_image(html) == Image(url="https://paper.example/1.png", alt="Q&A", width=640)
    assert first_image("<p>a</p>") is None


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        pytest.param("https://a.example/x?utm_source=rss&utm_medium=feed", "https://a.example/x", id="nothing else"),
        pytest.param("https://a.example/x?id=7&fbclid=q#top", "https://a.example/x?id=7#top", id="the rest stays"),
        pytest.param("https://a.example/x?q=utm_source", "https://a.example/x?q=utm_source", id="a value is no name"),
        pytest.param("https://a.example/x#?gclid=1", "https://a.example/x#?gclid=1", id="a fragment is left alone"),
    ],
)
def test_a_link_tells_nobody_who_followed_it(url, kept):
    assert untracked(url) == kept

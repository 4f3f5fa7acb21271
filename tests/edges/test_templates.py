"""Pages and mails say what they were given, safely, in the reader's language."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicator.edges import templates as room
from syndicator.edges.templates import JinjaTemplates, page_file, shipped, wrap_columns
from syndicator.errors import TemplateError
from syndicator.model.language import direction, language_name
from syndicator.pipeline.views import (
    EditionView,
    FeedView,
    NewsletterView,
    ReportView,
    SectionView,
    SiteView,
    SourceView,
    StoryView,
    TagView,
)
from syndicator.web.marks import Piece
from syndicator.web.why_view import JudgedView, ObjectionView, PlaceView, ReasonView, VerdictView

TEMPLATES = JinjaTemplates()
LANGUAGES = ("en", "vi", "zh-Hans", "ja", "ko", "fr", "ru")
PAGES = ("index", "feed", "archive", "edition", "sources", "subscribe", "notice", "why")
VOID = frozenset({"meta", "link", "br", "input"})
SLOTS = SimpleNamespace(
    unsubscribe_url="SLOT-UNSUBSCRIBE-URL", confirm_url="SLOT-CONFIRM-URL", email="SLOT-EMAIL"
)  # fmt: skip


class Page(HTMLParser):
    """What stands in a page: its elements, and that each one that was opened is closed."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.open: list[str] = []
        self.feed(html)
        self.close()
        assert not self.open, f"never closed: {self.open}"

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, f"</{tag}> closes something else, line {self.getpos()[0]}"

    def all(self, tag: str, **wanted: str) -> list[dict[str, str]]:
        return [a for t, a in self.elements if t == tag and all(a.get(k) == v for k, v in wanted.items())]


def a_report(number: int = 1, *, language: str = "en", page: str = "en", **changes) -> ReportView:
    base = {
        "title": f"Headline {number} & what it says", "url": f"https://news.example/{number}?a=1&b=2",
        "source": f"Paper {number}", "language": language, "language_name": language_name(language, page),
        "direction": direction(language), "foreign": language != page,
    }  # fmt: skip
    return ReportView(**(base | changes))


def a_story(number: int = 1, *, page: str = "en", **changes) -> StoryView:
    base = {
        "id": f"s-{number}", "lead": a_report(number, page=page), "summary": f"What story {number} says.",
        "date": "14 July 2026", "datetime": "2026-07-14T05:00:00+00:00", "corrected": "",
        "tags": (TagView(id="trade", label="Trade"),),
        "others": (a_report(number + 100, language="vi", page=page), a_report(number + 200, page=page)),
    }  # fmt: skip
    return StoryView(**(base | changes))


def a_site(language: str = "en") -> SiteView:
    return SiteView(
        title="Saigon Wire", description="The city & the world", url="https://wire.example/", publisher="The Wire",
        email="desk@wire.example", postal_address="12 Nguyễn Huệ", language=language, direction=direction(language),
        languages=tuple((tag, language_name(tag)) for tag in LANGUAGES),
    )  # fmt: skip


def an_edition(*stories: StoryView) -> EditionView:
    return EditionView(
        id="weekly/2026-07-13", newsletter="weekly", title="The week", date="13 July 2026", datetime="2026-07-13",
        url="https://wire.example/archive/weekly/2026-07-13.html", path="archive/weekly/2026-07-13.html",
        count=len(stories) or 2, sections=(SectionView(title="Trade", stories=stories or (a_story(1), a_story(2))),),
    )  # fmt: skip


WEEKLY = NewsletterView(id="weekly", title="The week", description="On Mondays", every="week")
DAILY = NewsletterView(id="daily", title="The day", description="", every="day")
TRADE = FeedView(id="trade", title="Trade", description="Goods", path="feeds/trade/")
BAO = SourceView(
    title="Báo", url="https://bao.example/", feed="https://bao.example/rss", language="vi", language_name="Vietnamese"
)


PLACES = [
    PlaceView(
        kind=kind, title=f"The {absence}", path="feeds/trade/index.html", absence=absence, place=61, limit=60,
        days=14, names="Trade", unwanted="Sport", lead=None, edition=None,
    )
    for kind, absence in (("feed", ""), ("feed", "tags"), ("feed", "limit"), ("newsletter", "told"))
]  # fmt: skip


def a_judged(number: int, *, page: str) -> JudgedView:
    given = VerdictView(id="trade", label="Trade", reasons=(ReasonView(field="title", words="goods", term="good*"),),
                        objections=())  # fmt: skip
    nearly = VerdictView(id="sport", label="Sport", reasons=(),
                         objections=(ObjectionView(kind="none", words="ban", found="", wanted="0"),))  # fmt: skip
    return JudgedView(
        report=a_report(number, page=page), title=(Piece(text="Headline of "), Piece(text="goods", notes=("Trade",))),
        summary=(Piece(text="<b> & summary"),), date="14 July 2026", datetime="2026-07-14T05:00:00+00:00",
        given=(given,), nearly=(nearly,),
    )  # fmt: skip


def render_page(name: str, *, language: str = "en", **changes) -> str:
    stories = tuple(a_story(number, page=language) for number in range(1, 13))
    feed = replace(TRADE, stories=stories[:5])
    context = {
        "site": a_site(language), "root": "../", "home": "../", "page": "x.html", "by_mail": True,
        "alternates": [(tag, language_name(tag), f"../{tag}/x.html") for tag in LANGUAGES],
        "feeds": [feed], "feed": feed, "latest": list(stories), "newsletters": [WEEKLY, DAILY],
        "edition": an_edition(), "editions": [an_edition()], "rss": "rss.xml", "atom": "atom.xml", "json": "feed.json",
        "sources": [BAO],
        "tags": [TagView(id="trade", label="Trade")], "languages": [("en", "English"), ("vi", "Tiếng Việt")],
        "timezones": ["Asia/Ho_Chi_Minh", "Europe/Paris"], "values": {}, "errors": {}, "action": "/subscribe",
        "title": "A notice", "paragraphs": ["One thing."], "button": {"action": "/c/1", "label": "Do it"}, "link": None,
        "reports": [a_judged(1, page=language), a_judged(2, page=language)], "places": PLACES, "more": 1, "asked": "",
        "problem": "", "max_text": 500,
    }  # fmt: skip
    return TEMPLATES.render(f"site/{name}.html", language=language, **(context | changes))


def render_digest(kind: str, *stories: StoryView, language: str = "en", site: SiteView | None = None) -> str:
    return TEMPLATES.render(
        f"email/digest.{kind}", language=language, site=site or a_site(language), newsletter=WEEKLY,
        edition=an_edition(*stories), preheader="Two & three", slots=SLOTS,
    )  # fmt: skip


def render_confirm(kind: str, language: str = "en") -> str:
    return TEMPLATES.render(
        f"email/confirm.{kind}", language=language, site=a_site(language), newsletters=[WEEKLY, DAILY], slots=SLOTS
    )


# ---- pages


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_whole_and_says_its_language(name, language):
    page = Page(render_page(name, language=language))

    assert page.elements[0] == ("html", {"lang": language, "dir": "ltr"})
    assert len(page.all("h1")) == len(page.all("main")) == len(page.all("title")) == 1
    assert page.all("a", **{"class": "skip"})[0]["href"] == "#" + page.all("main")[0]["id"]
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("name", PAGES)
def test_a_page_loads_nothing_from_elsewhere(name):
    page = Page(render_page(name))

    loaded = [a["href"] for a in page.all("link")] + [a["src"] for _, a in page.elements if "src" in a]
    assert loaded
    assert not [address for address in loaded if ":" in address or address.startswith("//")]
    assert not [a for _, a in page.elements if "style" in a]


@pytest.mark.parametrize("name", PAGES)
def test_links_within_the_site_name_a_file_so_that_it_can_be_read_from_a_disk(name):
    links = [a["href"] for a in Page(render_page(name)).all("a")]

    inside = [link for link in links if not re.match(r"https?:|mailto:|#", link)]
    assert inside
    # Why a story is here only a server can answer, as it does for the sign-up form.
    assert not [link for link in inside if not re.search(r"^[^/].*(\.(html|xml|json)|/why/s-\d+)$", link)]


def test_a_page_names_itself_in_every_other_language():
    page = Page(render_page("archive", language="vi"))

    switch = page.all("a", lang="ja")
    assert [a["href"] for a in switch] == ["../ja/x.html"]
    assert not page.all("a", lang="vi", hreflang="vi")
    assert {a["hreflang"] for a in page.all("link", rel="alternate")} == set(LANGUAGES)


@pytest.mark.parametrize("name", ["index", "feed", "edition"])
def test_what_a_publisher_wrote_is_escaped(name):
    evil = a_story(1, lead=a_report(title="<script>x</script>", source="<b>", url='https://x.example/"onclick=1'))

    html = render_page(
        name,
        latest=[evil],
        feeds=[],
        feed=FeedView(id="t", title="<i>", description="", path="feeds/t/", stories=(evil,)),
        edition=an_edition(evil),
    )

    assert "<script>x" not in html
    assert "&lt;script&gt;x" in html
    assert '"onclick' not in html


def test_a_foreign_report_is_marked_as_such_and_one_of_the_page_is_not():
    arabic = a_report(7, language="ar", title="عنوان")

    html = render_page("edition", edition=an_edition(a_story(7, lead=arabic), a_story(8, others=())))

    page = Page(html)
    assert page.all("h3") == [{"lang": "ar", "dir": "rtl"}, {}]
    assert page.all("p", **{"class": "summary"}) == [
        {"class": "summary", "lang": "ar", "dir": "rtl"},
        {"class": "summary"},
    ]
    assert '<span class="badge">Arabic</span>' in html


def test_a_story_names_its_source_the_other_reports_and_a_correction():
    html = render_page("edition", edition=an_edition(a_story(1, corrected="15 July 2026")))

    assert "Source: <b>Paper 1</b>" in html
    assert '<time datetime="2026-07-14T05:00:00+00:00">14 July 2026</time>' in html
    assert "Edited by the publisher on 15 July 2026" in html
    links = {a["href"] for a in Page(html).all("a", rel="external noopener")}
    assert links == {f"https://news.example/{number}?a=1&b=2" for number in (1, 101, 201)}
    assert "</a> (Vietnamese), <a" in html


@pytest.mark.parametrize("name", ["index", "feed", "edition"])
def test_what_has_no_address_is_named_and_not_linked(name):
    voices = (a_report(2, language="vi", url=""), a_report(3, url=""))
    mute = a_story(1, lead=a_report(1, url=""), others=voices)

    html = render_page(name, latest=[mute], feeds=[], feed=replace(TRADE, stories=(mute,)), edition=an_edition(mute))

    assert "Headline 1 &amp; what it says</h" in html
    assert '<span lang="vi" dir="ltr">Paper 2</span> (Vietnamese), <span>Paper 3</span>' in html
    assert not [a for a in Page(html).all("a") if not a["href"]]


@pytest.mark.parametrize(
    ("language", "said"),
    [
        pytest.param("en", "Also reported by: Paper 101 (Arabic), Paper 201", id="English"),
        pytest.param("ja", "ほかの報道：Paper 101（アラビア語）、Paper 201", id="Japanese has marks of full width"),
        pytest.param("zh-Hans", "其他报道：Paper 101（阿拉伯语）、Paper 201", id="so has Chinese"),
        pytest.param("ko", "다른 보도: Paper 101(아랍어), Paper 201", id="Korean sets no space before a bracket"),
    ],
)
@pytest.mark.parametrize("place", ["page", "mail"])
def test_the_other_reports_stand_in_a_line_as_the_language_sets_them(place, language, said):
    others = (a_report(101, language="ar", page=language), a_report(201, language=language, page=language))
    story = a_story(1, page=language, others=others)

    if place == "page":
        html = render_page("edition", language=language, edition=an_edition(story))
    else:
        html = render_digest("html", story, language=language)

    assert said in re.sub(r"<[^>]+>", "", html)


def test_the_front_page_leads_to_every_feed_in_the_head_and_in_its_section():
    feeds = [TRADE, replace(TRADE, id="visas", title="Visas", path="feeds/visas/")]

    page = Page(render_page("index", language="vi", feeds=feeds, home="../vi/"))

    links = page.all("link", type="application/rss+xml", rel="alternate")
    addresses = ["../feeds/trade/rss.xml", "../feeds/visas/rss.xml"]
    assert [(a["title"], a["href"]) for a in links] == list(zip(["Trade (RSS)", "Visas (RSS)"], addresses, strict=True))
    assert [a["href"] for a in page.all("a", type="application/rss+xml")] == addresses


def test_a_section_without_stories_keeps_its_heading_and_its_links():
    html = render_page("index", feeds=[TRADE])

    assert "There is nothing here yet." not in html
    assert [a["href"] for a in Page(html).all("a") if "trade" in a["href"]] == [
        "../feeds/trade/index.html",
        "../feeds/trade/index.html",
        "../feeds/trade/rss.xml",
    ]


def test_a_feed_page_says_in_which_language_the_feed_speaks_when_it_is_another():
    assert "フィード自体の言語：英語" in render_page("feed", language="ja", feed=replace(TRADE, language_name="英語"))
    assert "フィード自体の言語" not in render_page("feed", language="ja")


def test_a_source_leads_home_and_offers_its_feed_and_the_languages_keep_their_order():
    wire = replace(BAO, title="Wire", url="https://wire.example/", language="en", language_name="English")

    html = render_page("sources", sources=[BAO, replace(BAO, title="Tin"), wire])

    assert re.findall(r"<h2>(.*?)</h2>", html) == ["Vietnamese", "English"]
    links = [a["href"] for a in Page(html).all("a", rel="external noopener")]
    assert links[::2] == ["https://bao.example/", "https://bao.example/", "https://wire.example/"]
    assert links[1::2] == ["https://bao.example/rss"] * 3


@pytest.mark.parametrize("name", ["index", "feed", "archive", "sources"])
def test_an_empty_site_has_pages_too(name):
    empty = FeedView(id="trade", title="Trade", description="", path="feeds/trade/")

    html = render_page(name, latest=[], feeds=[empty], feed=empty, editions=[], newsletters=[], sources=[])

    assert "There is nothing here yet." in html


def test_the_style_sheet_and_the_icon_are_files_as_they_are():
    for name in ("site/style.css", "site/icon.svg"):
        assert TEMPLATES.render(name, language="vi") == (shipped("templates") / name).read_text(encoding="utf-8")


def test_every_ink_can_be_read_on_its_paper_by_day_and_by_night():
    sheet = (shipped("templates") / "site/style.css").read_text(encoding="utf-8")
    schemes = [
        dict(re.findall(r"--([\w-]+): (#\w{6});", block)) for block in re.findall(r":root \{(.*?)\}", sheet, re.S)
    ]

    day, night = schemes[:2]

    for scheme in (day, night):
        for ink in ("ink", "soft", "accent", "wrong"):
            assert contrast(scheme[ink], scheme["paper"]) >= 4.5, ink  # WCAG 2.2, 1.4.3
        assert contrast(scheme["on-accent"], scheme["accent"]) >= 4.5


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours (WCAG 2.2)."""

    def luminance(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


# ---- the form


def test_the_form_asks_and_every_question_has_its_label():
    page = Page(render_page("subscribe"))

    names = {a["name"] for _, a in page.elements if "name" in a and a["name"] not in {"viewport", "description"}}
    assert names - {"color-scheme"} == {"email", "name", "newsletter", "topic", "language", "timezone"}
    assert {a["for"] for a in page.all("label") if "for" in a} == {"email", "name", "language", "timezone"}
    assert page.all("form") == [{"method": "post", "action": "/subscribe"}]


def test_a_form_that_comes_back_keeps_what_was_typed_and_ties_each_fault_to_its_field():
    values = {
        "email": 'a"b',
        "newsletter": ("daily",),
        "topic": ("trade",),
        "language": "vi",
        "timezone": "Europe/Paris",
    }

    page = Page(render_page("subscribe", values=values, errors={"email": "That is no address."}))

    field = page.all("input", id="email")[0]
    assert field["value"] == 'a"b'
    assert field["aria-invalid"] == "true"
    assert page.all("p", id=field["aria-describedby"])
    assert page.all("a", href="#email")
    assert [a["value"] for a in page.all("input") if "checked" in a] == ["daily", "trade"]
    assert [a["value"] for a in page.all("option") if "selected" in a] == ["vi", "Europe/Paris"]


def test_nothing_is_ticked_for_a_visitor_beforehand():
    page = Page(render_page("subscribe"))

    assert not [a for a in page.all("input") if "checked" in a]
    assert [a["value"] for a in page.all("option") if "selected" in a] == ["en"]


def test_a_site_with_one_newsletter_does_not_ask_which():
    page = Page(render_page("subscribe", newsletters=[WEEKLY]))

    assert page.all("input", name="newsletter") == [{"type": "hidden", "name": "newsletter", "value": "weekly"}]


def test_only_on_a_disk_the_form_says_that_it_needs_a_server():
    html = render_page("subscribe")

    (hint,) = Page(html).all("p", id="from-disk")
    assert "hidden" in hint
    assert '.getElementById("from-disk").hidden = location.protocol !== "file:"' in html


@pytest.mark.parametrize("name", PAGES)
def test_a_site_without_newsletters_invites_nobody_to_subscribe(name):
    page = Page(render_page(name, newsletters=[], editions=[], by_mail=False, button=None))

    assert not page.all("form", method="post")
    assert not [a for a in page.all("a") if "subscribe" in a["href"]]
    assert not page.all("div", **{"class": "closing"})


def test_a_site_without_newsletters_says_so_where_the_form_would_be():
    html = render_page("subscribe", newsletters=[], by_mail=False)

    assert "There is no newsletter yet." in html
    assert "<script>" not in html


def test_the_script_is_the_same_for_everybody_so_that_a_policy_can_name_its_hash():
    pages = [
        render_page("subscribe", language=language, values={"email": language}, errors={"name": language})
        for language in LANGUAGES
    ]

    scripts = {script for html in pages for script in re.findall(r"<script>(.*?)</script>", html, re.S)}

    assert len(scripts) == 1


def test_a_notice_needs_neither_button_nor_link():
    assert not Page(render_page("notice", button=None)).all("form")
    assert Page(render_page("notice", link=("/", "Home"))).all("a", href="/")


# ---- mails


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_mail_carries_its_style_in_its_elements_and_only_media_rules_in_its_head(language):
    for html in (render_digest("html", language=language), render_confirm("html", language)):
        page = Page(html)

        assert page.all("html") == [{"lang": language, "dir": "ltr"}]
        assert all("font:" in a["style"] for a in page.all("p"))
        (sheet,) = re.findall(r"<style>(.*?)</style>", html, re.S)
        assert "prefers-color-scheme: dark" in sheet
        assert not re.sub(r"@media[^{]*\{(?:[^{}]*\{[^{}]*\})*\s*\}", "", sheet).strip()
        assert {a["role"] for a in page.all("table")} == {"presentation"}
        assert not [a for _, a in page.elements if "src" in a]
        # A page that is saved is decoded by what its first 1024 bytes say (HTML, section 13.2.3.2).
        assert b'<meta charset="utf-8">' in html.encode()[:1024]


@pytest.mark.parametrize("kind", ["html", "txt"])
def test_the_slots_of_a_mail_come_through_untouched(kind):
    digest, confirm = render_digest(kind), render_confirm(kind)

    assert digest.count("SLOT-UNSUBSCRIBE-URL") == digest.count("SLOT-EMAIL") == 1
    assert "SLOT-CONFIRM-URL" in confirm
    assert confirm.count("SLOT-EMAIL") == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_text_part_has_the_stories_links_and_address_of_the_html_part(language):
    stories = tuple(a_story(number, page=language, corrected="15 July 2026") for number in range(1, 6))

    html, text = (render_digest(kind, *stories, language=language) for kind in ("html", "txt"))

    inside = {a["href"] for a in Page(html).all("a")} - {"https://wire.example/", "mailto:desk@wire.example"}
    assert len(inside) == 3 * len(stories) + 2  # each story's reports, the page of the edition, the way out
    assert not [link for link in inside if link not in text]
    for story in stories:
        for words in (story.lead.title, story.lead.source, story.summary, *(report.source for report in story.others)):
            assert words in text
    assert "12 Nguyễn Huệ" in text
    assert text.count("15 July 2026") == html.count("15 July 2026") == 5


@pytest.mark.parametrize("language", LANGUAGES)
def test_both_parts_name_what_has_no_address_and_link_it_nowhere(language):
    voices = (a_report(2, language="ar", page=language, url=""), a_report(3, language=language, page=language, url=""))
    story = a_story(1, page=language, lead=a_report(1, page=language, url=""), others=voices)

    html, text = (render_digest(kind, story, language=language) for kind in ("html", "txt"))

    for part in (html, text):
        assert all(paper in part for paper in ("Paper 1", "Paper 2", "Paper 3"))
        assert "news.example" not in part
    assert not [a for a in Page(html).all("a") if not a["href"]]
    assert not [line for line in text.splitlines() if line != line.rstrip()]


def test_a_line_of_the_text_part_has_at_most_72_columns_unless_it_is_a_link():
    long = "第七郡の新しい埠頭では、" * 20
    story = a_story(1, page="ja", summary=long, lead=a_report(1, language="ja", page="ja", title=long))

    text = render_digest("txt", story, language="ja")

    wide = [line for line in text.splitlines() if room._columns(line) > 72 and "https://" not in line]
    assert not wide


def test_a_full_digest_stays_below_the_size_at_which_it_is_clipped():
    words = " ".join(["достопримечательность"] * 60)
    stories = [
        a_story(
            number,
            lead=a_report(number, language="ru", title=words[:160], url=f"https://news.example/{'x' * 150}{number}"),
            summary=words,
            corrected="15 July 2026",
        )
        for number in range(20)
    ]

    size = len(render_digest("html", *stories).encode())

    assert size <= 102_400  # bytes; Gmail cuts a longer part off, and the link to unsubscribe with it


def test_a_mail_from_right_to_left_is_set_from_right_to_left():
    page = Page(render_digest("html", site=a_site("ar")))

    assert page.all("html") == [{"lang": "ar", "dir": "rtl"}]
    assert {a["align"] for a in page.all("td") if "top" in a.get("class", "")} == {"right"}


# ---- words


def test_translate_fills_the_words_of_the_language():
    said = TEMPLATES.translate("Published by %(publisher)s", language="fr", publisher="L’Écho & Cie, 100 %")

    assert said == "Publié par L’Écho & Cie, 100 %"


def test_a_language_without_a_catalogue_reads_english():
    assert TEMPLATES.translate("Unsubscribe", language="th") == "Unsubscribe"
    assert "There is nothing here yet." in render_page("archive", language="th", editions=[])


def test_the_same_content_gives_the_same_bytes():
    again = JinjaTemplates()

    for name, context in (
        ("email/confirm.html", {"newsletters": [WEEKLY]}),
        ("email/confirm.txt", {"newsletters": []}),
    ):
        pages = {t.render(name, language="ja", site=a_site("ja"), slots=SLOTS, **context) for t in (TEMPLATES, again)}
        assert len(pages) == 1


# ---- a site's own templates, and their mistakes


def test_a_sites_own_template_comes_first_and_may_build_on_ours(tmp_path):
    (tmp_path / "site").mkdir()
    (tmp_path / "site/notice.html").write_text(
        '{% extends "site/base.html" %}{% block main %}<h1>Ours: {{ _("Archive") }}</h1>{% endblock %}', "utf-8"
    )
    own = JinjaTemplates(tmp_path)

    html = own.render(
        "site/notice.html", language="vi", site=a_site("vi"), root="", home="", page="", by_mail=True, alternates=[]
    )  # fmt: skip

    assert "<h1>Ours: Lưu trữ</h1>" in html


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("a\n{{ nobody }}", r"^site/x\.html:2: 'nobody' is undefined; ", id="a name that has no value"),
        pytest.param("a\n\n{% if %}", r"^site/x\.html:3: .*; mend that line", id="a tag that is not whole"),
        pytest.param("{{ 1 / 0 }}", r"^site/x\.html:1: ZeroDivisionError: .*; mend", id="a sum that cannot be done"),
        pytest.param(
            '{% include "site/y.html" %}',
            r"^site/y\.html: there is no such template in ",
            id="a part that is not there",
        ),
        pytest.param(
            '\n{{ _("%(who)s is here") }}', r"^site/x\.html:2: KeyError: ", id="a placeholder without a value"
        ),
    ],
)
def test_a_mistake_in_a_template_is_named_with_its_line(tmp_path, text, said):
    (tmp_path / "site").mkdir()
    (tmp_path / "site/x.html").write_text(text, "utf-8")

    with pytest.raises(TemplateError, match=said):
        JinjaTemplates(tmp_path).render("site/x.html", language="en")


def test_a_translation_that_cannot_be_filled_is_named():
    with pytest.raises(TemplateError, match=r"fr\.po: .*placeholders"):
        TEMPLATES.translate("Published by %(publisher)s", language="fr")


def test_what_we_ship_is_found_beside_the_package_and_in_a_wheel(tmp_path, monkeypatch):
    monkeypatch.setattr(room, "_PACKAGE", tmp_path / "syndicator")
    (tmp_path / "feeds.yaml").touch()

    beside = shipped("feeds.yaml")
    (tmp_path / "syndicator/_shipped").mkdir(parents=True)
    (tmp_path / "syndicator/_shipped/feeds.yaml").touch()

    assert beside == tmp_path / "feeds.yaml"
    assert shipped("feeds.yaml") == tmp_path / "syndicator/_shipped/feeds.yaml"


# ---- filters


@pytest.mark.parametrize(
    ("path", "file"),
    [
        pytest.param("feeds/trade/", "feeds/trade/index.html", id="a folder opens its index"),
        pytest.param("archive/weekly/1.html", "archive/weekly/1.html", id="a file is itself"),
    ],
)
def test_page_file(path, file):
    assert page_file(path) == file


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        pytest.param("one two three", ["one two", "three"], id="words go to the next line whole"),
        pytest.param("https://a.example/b c", ["https://a.example/b", "c"], id="a link is never cut"),
        pytest.param("日本語の文章です。", ["日本語の", "文章で", "す。"], id="no line begins with a full stop"),
        pytest.param("한국어 문장입니다", ["한국어", "문장입니다"], id="a Korean word stays whole"),
        pytest.param("prix\u00a0: dix euros", ["prix\u00a0:", "dix euros"], id="a no-break space holds"),
        pytest.param("", [""], id="nothing is one empty line"),
    ],
)
def test_wrap(text, lines):
    assert wrap_columns(text, 9).split("\n") == lines


@given(text=st.text("a bé，。「日本 한\n-", max_size=80), width=st.integers(4, 30))
def test_wrapping_loses_no_letter_and_adds_none(text, width):
    wrapped = wrap_columns(text, width, first="* ", rest="  ")

    assert wrapped.startswith("* ")
    assert re.sub(r"\s", "", wrapped[2:]) == re.sub(r"\s", "", text)

"""The studio shows at once what rules match, to this machine only, and what an edit of them changed."""

from __future__ import annotations

import asyncio
import json
import re

import httpx
import pytest

from syndicator.config.mistake import Mistake
from syndicator.config.model import Config
from syndicator.errors import ConfigError
from syndicator.model.language import Localized
from syndicator.model.mail import MailSettings
from syndicator.model.tag import Match, Tag
from syndicator.testing import NOON, a_source, an_item
from syndicator.web.serve import listening
from syndicator.web.studio import Studio, create_studio, is_loopback
from syndicator.web.studio_bench import MAX_SHOWN, set_up

ITEMS = [
    an_item("A consulate opens", summary="The consul spoke of visas."),
    an_item("The brand ambassador of a shoe", summary="An ambassador in a shop."),
    an_item("The river rose", summary=""),
]


def tags(**terms):
    """Return tags that ask for any of their *terms*; `__` in a name is the slash of a child."""
    return {
        id: Tag(id=id, label=Localized({"en": id.title()}), match=Match(any=any_, none=("brand ambassador",)))
        for id, any_ in ((name.replace("__", "/"), any_) for name, any_ in terms.items())
    }


def a_config(settings, tags):
    return Config(
        site=settings.site, sources={"vna": a_source()}, tags=tags, feeds={}, newsletters={}, mail=MailSettings()
    )


@pytest.fixture
def bench(settings):
    """Set up a bench of the items with other terms, and other items if there are any."""

    def build(items=ITEMS, **terms):
        wanted = tags(**(terms or {"diplomacy": ("consulate", "ambassador"), "diplomacy__visits": ("visit",)}))
        return set_up(a_config(settings, wanted), items, now=NOON)

    return build


@pytest.fixture
def studio(bench):
    return Studio(bench(), name="feeds.yaml")


@pytest.fixture
async def browser(studio):
    transport = httpx.ASGITransport(create_studio(studio))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8001") as client:
        yield client


async def rows(browser):
    return {row["id"]: row for row in (await browser.get("/tags")).json()["tags"]}


async def titles(browser, **question):
    found = (await browser.get("/items", params=question)).json()
    return ["".join(piece[0] for piece in item["title"]) for item in found["items"]]


# ---- who may look


@pytest.mark.parametrize(
    ("host", "admitted"),
    [
        pytest.param("127.0.0.1:8001", True, id="this machine by its address"),
        pytest.param("LOCALHOST:8001", True, id="and by its name"),
        pytest.param("[::1]:8001", True, id="and in IPv6"),
        pytest.param("[::1]", True, id="in IPv6 without a port"),
        pytest.param("studio.evil.example", False, id="a name of the internet that leads here"),
        pytest.param("localhost.evil.example:8001", False, id="one that begins like this machine"),
        pytest.param("127.0.0.1.evil.example", False, id="or like its address"),
        pytest.param("127.0.0.1:x@evil.example", False, id="no port"),
        pytest.param("", False, id="none at all"),
    ],
)
async def test_only_who_asks_for_this_machine_by_name_is_answered(host, admitted, browser):
    answers = [await browser.get(path, headers={"Host": host}) for path in ("/", "/tags", "/items", "/script.js")]

    assert is_loopback(host) is admitted
    assert {answer.status_code for answer in answers} == ({200} if admitted else {403})


async def test_no_answer_may_be_read_or_framed_by_another_site(browser):
    answers = [await browser.get(path) for path in ("/", "/tags", "/nothing")]

    for answer in answers:
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["cross-origin-resource-policy"] == "same-origin"
        assert "access-control-allow-origin" not in answer.headers


async def test_the_page_loads_nothing_from_elsewhere_and_has_no_script_of_its_own(browser):
    page = (await browser.get("/")).text
    loaded = [address for address in re.findall(r'(?:src|href)="([^"]*)"', page) if not address.startswith("data:")]

    answers = [await browser.get(f"/{address}") for address in loaded]

    assert sorted(loaded) == ["script.js", "style.css"]
    assert {answer.headers["content-type"] for answer in answers} == {
        "text/css; charset=utf-8",
        "text/javascript; charset=utf-8",
    }
    assert not any("http://" in answer.text or "https://" in answer.text for answer in answers)
    assert re.findall(r"<script[^>]*>", page) == ['<script src="script.js" defer>']


# ---- what is seen


async def test_tags_stand_as_a_tree_with_the_number_of_their_items(bench, studio, browser):
    studio.bench = bench(diplomacy__visits=("opens",), trade=("tariff",), diplomacy=("river",))

    found = (await browser.get("/tags")).json()

    assert [(row["id"], row["depth"], row["given"]) for row in found["tags"]] == [
        ("trade", 0, 0),
        ("diplomacy", 0, 2),
        ("diplomacy/visits", 1, 1),
    ]
    assert (found["items"], found["sample"], found["edited"]) == (3, False, False)


async def test_what_matches_is_marked_with_its_term_and_what_excludes_is_told_apart(browser):
    given = (await browser.get("/items", params={"tag": "diplomacy"})).json()
    nearly = (await browser.get("/items", params={"tag": "diplomacy", "show": "nearly"})).json()

    assert [item["title"] for item in given["items"]] == [[["A "], ["consulate", "diplomacy: consulate"], [" opens"]]]
    [item] = nearly["items"]
    assert item["title"][1] == ["brand ambassador", "diplomacy, kept out by: brand ambassador", "against"]
    assert item["lines"] == ["held back by “brand ambassador” in the title at 4"]
    assert (given["nearly"], nearly["nearly"]) == (None, 1)  # it is not counted before somebody asks


@pytest.mark.parametrize(
    ("question", "shown"),
    [
        pytest.param({"tag": "diplomacy", "show": "all"}, 3, id="all items, whatever the tag"),
        pytest.param({"show": "given"}, 1, id="what any tag is given to"),
        pytest.param({"tag": "diplomacy", "show": "changed"}, 0, id="nothing changed yet"),
    ],
)
async def test_the_items_that_are_asked_for_are_shown(question, shown, browser):
    assert len(await titles(browser, **question)) == shown


async def test_no_more_items_are_shown_than_a_browser_lays_out_at_once(bench, studio, browser):
    studio.bench = bench([an_item(f"A consulate opens {number}") for number in range(MAX_SHOWN + 5)])

    found = (await browser.get("/items", params={"tag": "diplomacy"})).json()

    assert (found["total"], len(found["items"])) == (MAX_SHOWN + 5, MAX_SHOWN)


@pytest.mark.parametrize("question", [{"tag": "dipl"}, {"show": "everything"}])
async def test_what_there_is_not_is_refused(question, browser):
    assert (await browser.get("/items", params=question)).status_code == 422


async def test_a_text_gets_its_verdicts_at_once(browser):
    found = (await browser.get("/try", params={"text": "A consulate visit"})).json()
    long = await browser.get("/try", params={"text": "x" * 2_001})

    assert found["title"][1] == ["consulate", "diplomacy: consulate"]
    assert [(verdict["tag"], verdict["given"]) for verdict in found["verdicts"]] == [
        ("diplomacy", True),
        ("diplomacy/visits", True),
    ]
    assert long.status_code == 422


async def test_without_items_the_test_sentences_stand_in_for_them(settings, browser, studio):
    wanted = {"trade": Tag(id="trade", label=Localized(), match=Match(any=("tariff",)), must_match=("A tariff falls",),
                           must_not_match=("A river falls",))}  # fmt: skip
    studio.bench = set_up(a_config(settings, wanted), [], now=NOON)

    found = (await browser.get("/tags")).json()

    assert (found["items"], found["sample"]) == (2, True)
    assert await titles(browser, tag="trade") == ["A tariff falls"]
    assert (await browser.get("/items", params={"show": "all"})).json()["items"][1]["outlet"] == (
        "must_not_match of trade"
    )


# ---- an edit


async def test_an_edit_shows_what_each_tag_gained_and_lost(bench, studio, browser):
    studio.accept(bench(diplomacy=("river",), diplomacy__visits=("visit",)))

    row = (await rows(browser))["diplomacy"]
    changed = (await browser.get("/items", params={"tag": "diplomacy", "show": "changed"})).json()
    assert (row["gained"], row["lost"]) == (1, 1)
    assert sorted(item["change"] for item in changed["items"]) == ["+", "-"]


async def test_a_saved_file_that_says_the_same_keeps_what_the_last_edit_changed(bench, studio, browser):
    studio.accept(bench(diplomacy=("river",)))
    studio.accept(bench(diplomacy=("river",)))

    assert (await rows(browser))["diplomacy"]["gained"] == 1


async def test_mistakes_are_all_shown_and_the_last_good_rules_stay(bench, studio, browser):
    mistakes = [
        Mistake(file="feeds.yaml", line=line, column=3, path="tags.x", text="there is no such key; drop it")
        for line in (4, 9)
    ]
    studio.refuse(ConfigError(mistakes))
    refused = (await browser.get("/tags")).json()
    studio.accept(bench())
    mended = (await browser.get("/tags")).json()

    assert refused["mistakes"] == [f"feeds.yaml:{n}:3 tags.x: there is no such key; drop it" for n in (4, 9)]
    assert refused["tags"] == mended["tags"]
    assert mended["mistakes"] == []


async def test_the_pages_that_are_open_are_told_of_every_edit_over_http(bench, studio):
    async def versions(lines):
        async for line in lines:
            if line.startswith("data: "):
                yield json.loads(line.removeprefix("data: "))

    async with (
        asyncio.timeout(20),
        httpx.AsyncClient() as client,
        listening(create_studio(studio), host="127.0.0.1", port=0) as (host, port),
        client.stream("GET", f"http://{host}:{port}/events") as answer,
    ):
        told = versions(answer.aiter_lines())
        first = await anext(told)
        studio.accept(bench(diplomacy=("river",)))
        second = await anext(told)
        studio.close()
        rest = [version async for version in told]

    assert answer.headers["content-type"].startswith("text/event-stream")
    assert (first, second, rest) == (1, 2, [])


async def test_an_idle_page_hears_that_the_studio_is_there():
    studio = Studio(None, name="feeds.yaml")
    told = studio.versions(heartbeat=0.01)

    assert [await anext(told), await anext(told)] == [1, None]

"""A site over HTTP without a socket: real store, real templates, a clock that stands still."""

from __future__ import annotations

import itertools

import httpx
import pytest

from syndicator.edges.templates import JinjaTemplates
from syndicator.edges.tiny_store import TinyStore
from syndicator.model.edition import Newsletter
from syndicator.model.language import Localized
from syndicator.model.site import Publisher, Site
from syndicator.model.tag import Match, Tag
from syndicator.testing import FrozenClock
from syndicator.web import WebSettings, create_app

SETTINGS = WebSettings(
    site=Site(
        title=Localized({"en": "City Wire", "vi": "Tin Thành phố"}),
        url="https://news.example/",
        publisher=Publisher(name="City Wire", email="desk@news.example"),
        languages=("en", "vi"),
        timezone="Asia/Ho_Chi_Minh",
    ),
    newsletters={
        id: Newsletter(id=id, title=Localized({"en": f"The {id}"}), feeds=("all",)) for id in ("weekly", "daily")
    },
    tags={"trade": Tag(id="trade", label=Localized({"en": "Trade"}), match=Match(any=("trade",)))},
    secret=b"0123456789abcdef0123456789abcdef",
)


@pytest.fixture
def settings():
    return SETTINGS


@pytest.fixture(scope="session")
def templates():
    return JinjaTemplates()


@pytest.fixture
def clock():
    return FrozenClock()


@pytest.fixture
async def store():
    async with TinyStore.in_memory() as store:
        yield store


@pytest.fixture
def public(tmp_path):
    folder = tmp_path / "public"
    folder.mkdir()
    return folder


@pytest.fixture
def app(public, store, templates, settings, clock):
    counter = itertools.count(1)
    return create_app(
        public=public,
        store=store,
        templates=templates,
        settings=settings,
        clock=clock,
        new_id=lambda: f"reader-{next(counter)}",
        last_turn=clock.now,
    )


@pytest.fixture
def visit(app):
    """Make a browser at an address of the internet; redirects are shown, not followed."""

    def browser(address: str = "192.0.2.7") -> httpx.AsyncClient:
        transport = httpx.ASGITransport(app, client=(address, 40000))
        return httpx.AsyncClient(transport=transport, base_url="https://news.example", follow_redirects=False)

    return browser


@pytest.fixture
async def browser(visit):
    async with visit() as client:
        yield client

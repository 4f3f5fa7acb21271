import gc
from datetime import timedelta

import pytest

from syndicator.config.model import Config
from syndicator.edges.templates import JinjaTemplates
from syndicator.edges.tiny_store import TinyStore
from syndicator.model.edition import Newsletter, Schedule
from syndicator.model.language import Localized
from syndicator.model.mail import MailSettings
from syndicator.model.site import Publisher, Site
from syndicator.model.story import Feed, Selection, TagChoice
from syndicator.model.tag import Match, Tag
from syndicator.testing import FrozenClock, a_source

# The rules of the shipped vocabulary are a million objects, which every full collection goes through.
gc.set_threshold(50_000, 20, 50)


@pytest.fixture
def config():
    """A newsroom with two sources, one theme, one feed, one weekly newsletter."""
    both = {"en": "Diplomacy", "vi": "Ngoại giao"}
    return Config(
        site=Site(
            title=Localized({"en": "City"}),
            url="https://city.example/",
            publisher=Publisher(name="The Desk", email="desk@city.example", postal_address="1 Square"),
            languages=("en", "vi"),
        ),
        sources={"vna": a_source("vna"), "tuoitre": a_source("tuoitre", language="vi")},
        tags={"diplomacy": Tag(id="diplomacy", label=Localized(both), match=Match(any=("consulate", "lãnh sự")))},
        feeds={
            "diplomacy": Feed(
                id="diplomacy", title=Localized(both), select=Selection(tags=TagChoice(any=("diplomacy",)))
            )
        },
        newsletters={
            "weekly": Newsletter(
                id="weekly",
                title=Localized({"en": "The week"}),
                feeds=("diplomacy",),
                schedule=Schedule(every="week", late=timedelta(days=7)),
            )
        },
        mail=MailSettings(sender="desk@city.example", sender_name="The Desk"),
        keep_rejected=timedelta(days=30),
    )


@pytest.fixture
async def store():
    async with TinyStore.in_memory() as opened:
        yield opened


@pytest.fixture
def clock():
    return FrozenClock()


@pytest.fixture(scope="session")
def templates():
    return JinjaTemplates()

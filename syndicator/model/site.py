"""The site: whose newsroom this is."""

from __future__ import annotations

from dataclasses import dataclass

from syndicator.model.language import Localized


@dataclass(frozen=True, slots=True, kw_only=True)
class Publisher:
    """Who answers for what is sent: shown in every mail and on every page."""

    name: str
    email: str
    postal_address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """The public face. *url* is absolute and ends in a slash; the first of *languages* is the default."""

    title: Localized
    url: str
    publisher: Publisher
    description: Localized = Localized()
    languages: tuple[str, ...] = ("en",)
    timezone: str = "UTC"

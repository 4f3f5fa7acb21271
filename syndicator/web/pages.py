"""Make the pages that a visitor gets at once: the sign-up form, and notices in their language."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from types import MappingProxyType
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse

from syndicator.model.edition import Newsletter
from syndicator.model.language import language_name
from syndicator.model.site import Site
from syndicator.model.tag import Tag
from syndicator.pipeline.pages import page_context, subscribe_context
from syndicator.ports import Templates
from syndicator.web.languages import page_language

SUBSCRIBE_PAGE = "subscribe/index.html"  # under this name the menu of the site knows the form

NO_QUERY: Mapping[str, str] = MappingProxyType({})

_INLINE_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class WebSettings:
    """What the site over HTTP needs to know of the newsroom. *secret* signs the links in mails."""

    site: Site
    newsletters: Mapping[str, Newsletter]
    tags: Mapping[str, Tag]
    secret: bytes
    feed_max_age: timedelta = timedelta(minutes=30)  # what the feeds themselves say (`ttl`)
    sign_ups_an_hour: int = 20  # by one client: a class at school signs up, a script does not get far


class Pages:
    """Renders for one visitor after another, each in their own language."""

    def __init__(self, settings: WebSettings, templates: Templates) -> None:
        self._settings = settings
        self._templates = templates

    def language(self, request: Request) -> str:
        """Return the language of the page that answers *request*."""
        return page_language(request, self._settings.site.languages)

    def translator(self, language: str) -> Callable[..., str]:
        """Return what says an English sentence in *language*; values for its `%(name)s` are named arguments."""
        return partial(self._templates.translate, language=language)

    def titles(self, language: str, ids: tuple[str, ...]) -> str:
        """Return what those newsletters are called; one that is gone from feeds.yaml, its id."""
        known = self._settings.newsletters
        return ", ".join(known[id].title.to(language) if id in known else id for id in ids)

    def topics(self, language: str, ids: tuple[str, ...]) -> str:
        """Return what those topics are called."""
        known = self._settings.tags
        return ", ".join(known[id].label.to(language) or id for id in ids if id in known)

    def form(
        self,
        language: str,
        *,
        values: Mapping[str, Any] | None = None,
        errors: Mapping[str, str] | None = None,
        status: int = 200,
    ) -> HTMLResponse:
        """Return the sign-up form, with what was typed and what is wrong with it."""
        offered = subscribe_context(self._settings.newsletters, self._settings.tags, self._settings.site, language) | {
            "values": values or {},
            "errors": errors or {},
        }
        return self.page("site/subscribe.html", language, page=SUBSCRIBE_PAGE, status=status, **offered)

    def notice(
        self,
        language: str,
        *,
        title: str,
        paragraphs: list[str],
        button: Mapping[str, str] | None = None,
        link: tuple[str, str] | None = None,
        status: int = 200,
    ) -> HTMLResponse:
        """Return a page that says one thing. *button* posts to its `action` and is called `label`."""
        return self.page(
            "site/notice.html",
            language,
            page="",
            status=status,
            title=title,
            paragraphs=paragraphs,
            button=button,
            link=link,
        )

    def script_hashes(self) -> list[str]:
        """Return the hashes of the inline scripts of the empty form, as a content security policy names them.

        They are taken once, before any visitor has typed anything: a script that somebody smuggles into a
        page later has another hash, and does not run (CSP Level 3, section 6.7.3.2).
        """
        empty = bytes(self.form(self._settings.site.languages[0]).body).decode()
        return [
            f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"
            for script in _INLINE_SCRIPT.findall(empty)
        ]

    def page(
        self,
        template: str,
        language: str,
        *,
        page: str,
        status: int = 200,
        query: Mapping[str, str] = NO_QUERY,
        **context: Any,
    ) -> HTMLResponse:
        """Return *template* filled with *context*, as the *page* of that name; *query* is kept in other languages."""
        site = self._settings.site
        by_mail = bool(self._settings.newsletters)
        layout = page_context(site, language, page, absolute=True, by_mail=by_mail)
        layout["alternates"] = [
            (tag, language_name(tag), f"?{urlencode({**query, 'lang': tag})}") for tag in site.languages
        ]
        body = self._templates.render(template, language=language, **layout, **context)
        headers = {"Content-Language": language, "Vary": "Accept-Language", "Cache-Control": "no-store"}
        return HTMLResponse(body, status_code=status, headers=headers)

"""Put the site together: the published files, the readers' doors, health; and what every answer carries."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from http import HTTPStatus
from pathlib import Path

from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from syndicator.errors import SyndicatorError, TemplateError
from syndicator.log import get_logger
from syndicator.ports import Clock, Store, Templates
from syndicator.web.files import PublicFiles
from syndicator.web.limits import BodyLimit
from syndicator.web.pages import Pages, WebSettings
from syndicator.web.readers import SUBSCRIBE, ReaderDoors
from syndicator.web.why import Explained, WhyDoors

log = get_logger()


def create_app(
    *,
    public: Path,
    store: Store,
    templates: Templates,
    settings: WebSettings,
    clock: Clock,
    new_id: Callable[[], str],
    last_turn: Callable[[], datetime | None] = lambda: None,
    explained: Explained | None = None,
) -> Starlette:
    """Return the site over HTTP: the files in *public*, and the pages by which readers come and go.

    *new_id* makes the random id of a new reader; *last_turn* tells `/health` when the newsroom last went
    through its work, if it knows; *explained* are the stories for which there is a page that says why. Raise
    `TemplateError` when the sign-up form cannot be rendered.
    """
    pages = Pages(settings, templates)
    files = PublicFiles(public, feed_max_age=settings.feed_max_age)
    doors = ReaderDoors(settings, pages, store=store, templates=templates, clock=clock, new_id=new_id)
    faults = _Faults(pages)
    why = _why(WhyDoors(explained, pages, store=store, clock=clock), settings.site.languages) if explained else []
    return Starlette(
        routes=[
            Route("/health", _health(store, last_turn)),
            Route(SUBSCRIBE, doors.show_form),
            Route(SUBSCRIBE, doors.sign_up, methods=["POST"]),
            Route("/confirm/{token}", doors.show_confirmation),
            Route("/confirm/{token}", doors.confirm, methods=["POST"]),
            Route("/unsubscribe/{token}", doors.show_leaving),
            Route("/unsubscribe/{token}", doors.leave, methods=["POST"]),
            *why,
            Route("/{path:path}", files.answer),
        ],
        middleware=[Middleware(_Armour, policy=_policy(pages.script_hashes())), Middleware(BodyLimit)],
        exception_handlers={HTTPException: faults.refused, SyndicatorError: faults.failed},
    )


class _Armour:
    """Adds to every answer what keeps browsers from doing with it what we never meant."""

    def __init__(self, app: ASGIApp, policy: str) -> None:
        self._app = app
        self._headers = {
            "X-Content-Type-Options": "nosniff",
            # The address of a page may hold a reader's token; no publisher to whom we link learns it.
            "Referrer-Policy": "no-referrer",
            "Content-Security-Policy": policy,
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def armoured(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(self._headers)
            await send(message)

        await self._app(scope, receive, armoured)


class _Faults:
    """Says what went wrong, in the visitor's language."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages

    async def refused(self, request: Request, error: Exception) -> Response:
        """Answer a request that cannot be met."""
        assert isinstance(error, HTTPException)
        language = self._pages.language(request)
        translate = self._pages.translator(language)
        missing = error.status_code == HTTPStatus.NOT_FOUND
        page = self._pages.notice(
            language,
            title=translate("There is no such page") if missing else translate("That did not work"),
            paragraphs=[
                translate("It may have moved, or its address was cut short.")
                if missing
                else translate("We could not make sense of what your browser sent.")
            ],
            link=("/", translate("To the front page")),
            status=error.status_code,
        )
        page.headers.update(error.headers or {})
        return page

    async def failed(self, request: Request, error: Exception) -> Response:
        """Answer when the fault is ours: nothing was kept, and the visitor may try again."""
        # The rest of the path may hold a reader's token.
        log.error("request failed", door=request.url.path.split("/")[1], cause=str(error))
        if isinstance(error, TemplateError):
            return PlainTextResponse("Please try again later.", status_code=500)
        language = self._pages.language(request)
        translate = self._pages.translator(language)
        page = self._pages.notice(
            language,
            title=translate("That did not work"),
            paragraphs=[translate("The fault is ours. Please try again later.")],
            status=503,
        )
        page.headers["Retry-After"] = "600"
        return page


def _health(store: Store, last_turn: Callable[[], datetime | None]) -> Callable[[Request], object]:
    async def health(request: Request) -> Response:  # noqa: ARG001 — Starlette hands it over
        try:
            await store.source_states([])
            reachable = True
        except SyndicatorError as error:
            log.error("store not reachable", cause=str(error))
            reachable = False
        last = last_turn()
        return JSONResponse(
            {"ok": reachable, "store": reachable, "last_turn": last.isoformat(timespec="seconds") if last else None},
            status_code=200 if reachable else 503,
            headers={"Cache-Control": "no-store"},
        )

    return health


def _why(doors: WhyDoors, languages: Sequence[str]) -> list[Route]:
    """Return the ways to the pages that say why, below the root and below the folder of each language."""
    folders = ["", *(f"/{language}" for language in languages)]
    return [
        route
        for folder in folders
        for route in (
            Route(f"{folder}/why", doors.show_form),
            Route(f"{folder}/why/", doors.show_form),
            Route(f"{folder}/why/{{story}}", doors.show_story),
        )
    ]


def _policy(scripts: list[str]) -> str:
    """Return the content security policy: our own style, our forms, the few scripts we know, our own pictures."""
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src {' '.join(scripts)}" if scripts else "script-src 'none'",
            "style-src 'self'",
            "img-src 'self' data:",  # data: is the icon of the layout; publishers' pictures would tell them who reads
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        )
    )

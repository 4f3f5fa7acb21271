"""The readers' doors: sign up, confirm by a button, leave by a button or by the mail program's one click."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from syndicator.errors import TokenError
from syndicator.jobs import subscribe
from syndicator.jobs.subscribe import Confirmed, Left, Rejected, SignUp
from syndicator.model.language import choose_language
from syndicator.pipeline.readers import mask_address
from syndicator.ports import Clock, Store, Templates
from syndicator.web.limits import RateLimit
from syndicator.web.pages import Pages, WebSettings

SUBSCRIBE = "/subscribe"
RATE_SPAN = timedelta(hours=1)


class ReaderDoors:
    """The pages by which readers come and go. Only a POST changes anything: scanners and prefetchers GET."""

    def __init__(
        self,
        settings: WebSettings,
        pages: Pages,
        *,
        store: Store,
        templates: Templates,
        clock: Clock,
        new_id: Callable[[], str],
    ) -> None:
        self._settings = settings
        self._pages = pages
        self._store = store
        self._templates = templates
        self._clock = clock
        self._new_id = new_id
        self._limit = RateLimit(times=settings.sign_ups_an_hour, span=RATE_SPAN)

    async def show_form(self, request: Request) -> Response:
        """Show the sign-up form."""
        return self._pages.form(self._pages.language(request))

    async def sign_up(self, request: Request) -> Response:
        """Take a sign-up. The answer is the same whether or not we know the address."""
        async with request.form(max_files=0) as form:
            wish = _read_form(form, self._settings.site.languages, self._pages.language(request))
        now = self._clock.now()
        if not self._limit.admits(request.client.host if request.client else "", now=now):
            return self._too_many(wish.page_language)
        outcome = await subscribe.ask(
            wish,
            newsletters=self._settings.newsletters,
            tags=self._settings.tags,
            site=self._settings.site,
            store=self._store,
            templates=self._templates,
            now=now,
            new_id=self._new_id,
        )
        if isinstance(outcome, Rejected):
            return self._pages.form(wish.page_language, values=_values(wish), errors=outcome.errors, status=422)
        translate = self._pages.translator(wish.page_language)
        return self._pages.notice(
            wish.page_language,
            title=translate("Look into your mailbox"),
            paragraphs=[
                translate("A mail is on its way to %(email)s. Press the button in it to confirm.", email=outcome.email),
                translate("We send one such mail a day to an address: if you asked earlier today, use that one."),
                translate("If you cannot find it, look among the junk mail."),
            ],
        )

    async def show_confirmation(self, request: Request) -> Response:
        """Show what the link would confirm, and a button."""
        language = self._pages.language(request)
        translate = self._pages.translator(language)
        try:
            shown = await subscribe.show_confirmation(
                _token(request), secret=self._settings.secret, store=self._store, now=self._clock.now()
            )
        except TokenError as error:
            return self._bad_link(language, error)
        titles, email = self._pages.titles(language, shown.newsletters), mask_address(shown.subscriber.email)
        paragraphs = [
            translate("Press the button to receive %(newsletters)s at %(email)s.", newsletters=titles, email=email)
        ]
        topics = self._pages.topics(language, _topics(shown))
        if topics:
            paragraphs.append(translate("Topics: %(topics)s", topics=topics))
        return self._pages.notice(
            language,
            title=translate("Please confirm your subscription"),
            paragraphs=paragraphs,
            button={"action": f"{request.url.path}?lang={language}", "label": translate("Confirm the subscription")},
        )

    async def confirm(self, request: Request) -> Response:
        """Begin what the link confirms."""
        language = self._pages.language(request)
        translate = self._pages.translator(language)
        try:
            confirmed = await subscribe.confirm(
                _token(request),
                how="button on the web page",
                secret=self._settings.secret,
                store=self._store,
                now=self._clock.now(),
            )
        except TokenError as error:
            return self._bad_link(language, error)
        titles = self._pages.titles(language, confirmed.newsletters)
        return self._pages.notice(
            language,
            title=translate("Your subscription has begun"),
            paragraphs=[
                translate("From now on you receive %(newsletters)s.", newsletters=titles),
                translate("Every mail has a link by which you leave at once, without giving a reason."),
            ],
        )

    async def show_leaving(self, request: Request) -> Response:
        """Show what the link would end, and a button."""
        language = self._pages.language(request)
        translate = self._pages.translator(language)
        try:
            shown = await subscribe.show_leaving(_token(request), secret=self._settings.secret, store=self._store)
        except TokenError as error:
            return self._bad_link(language, error)
        person = shown.subscriber
        if person is None or not any(s.newsletter == shown.newsletter and not s.ended_at for s in person.subscriptions):
            return self._goodbye(language, shown)
        title, email = self._pages.titles(language, (shown.newsletter,)), mask_address(person.email)
        return self._pages.notice(
            language,
            title=translate("Unsubscribe"),
            paragraphs=[
                translate("Press the button to end %(newsletter)s for %(email)s.", newsletter=title, email=email)
            ],
            button={"action": f"{request.url.path}?lang={language}", "label": translate("Unsubscribe")},
        )

    async def leave(self, request: Request) -> Response:
        """End the one newsletter that the link names, now: for a person's button, and for RFC 8058's one click.

        Whatever the body says, or whether it can be read at all, a POST to this address means to leave.
        """
        # RFC 8058, section 3.2: the body is urlencoded or multipart, and holds this word in both.
        one_click = b"One-Click" in await request.body()
        language = self._pages.language(request)
        try:
            left = await subscribe.leave(
                _token(request),
                how="one click (RFC 8058)" if one_click else "button on the web page",
                secret=self._settings.secret,
                store=self._store,
                now=self._clock.now(),
            )
        except TokenError as error:
            return self._bad_link(language, error)
        return self._goodbye(language, left)

    def _goodbye(self, language: str, left: Left) -> Response:
        translate = self._pages.translator(language)
        title = self._pages.titles(language, (left.newsletter,))
        return self._pages.notice(
            language,
            title=translate("You have unsubscribed"),
            paragraphs=[
                translate("We send you nothing more of %(newsletter)s.", newsletter=title),
                translate("Should you miss it, you can sign up again at any time."),
            ],
            link=(SUBSCRIBE, translate("Subscribe")),
        )

    def _too_many(self, language: str) -> Response:
        translate = self._pages.translator(language)
        page = self._pages.notice(
            language,
            title=translate("Too many sign-ups"),
            paragraphs=[translate("Many people signed up from your network. Please try again in an hour.")],
            status=429,
        )
        page.headers["Retry-After"] = str(int(RATE_SPAN.total_seconds()))
        return page

    def _bad_link(self, language: str, error: TokenError) -> Response:
        translate = self._pages.translator(language)
        if error.expired:
            return self._pages.notice(
                language,
                title=translate("This link is no longer of use"),
                paragraphs=[
                    translate("It was good for three days, and until you unsubscribed."),
                    translate("Sign up again, and we send you a new one."),
                ],
                link=(SUBSCRIBE, translate("Subscribe")),
                status=410,
            )
        return self._pages.notice(
            language,
            title=translate("This link does not work"),
            paragraphs=[translate("A piece of it may be missing. Open it from the mail once more, or copy all of it.")],
            status=404,
        )


def _read_form(form: FormData, languages: tuple[str, ...], page_language: str) -> SignUp:
    def texts(name: str) -> tuple[str, ...]:
        return tuple(value for value in form.getlist(name) if isinstance(value, str) and value)

    def text(name: str) -> str:
        return next(iter(texts(name)), "")

    return SignUp(
        email=text("email"),
        name=text("name"),
        newsletters=texts("newsletter"),
        topics=texts("topic"),
        languages=texts("language"),
        timezone=text("timezone"),
        # The form on the published page has no address of its own language; what the visitor chose in it says more.
        page_language=choose_language(texts("language"), languages) or page_language,
    )


def _values(wish: SignUp) -> dict[str, object]:
    """Return what was typed by the names of the form's fields."""
    return {
        "email": wish.email,
        "name": wish.name,
        "newsletter": wish.newsletters,
        "topic": wish.topics,
        "language": next(iter(wish.languages), ""),
        "timezone": wish.timezone,
    }


def _token(request: Request) -> str:
    return str(request.path_params["token"])


def _topics(shown: Confirmed) -> tuple[str, ...]:
    subscriptions = [s for s in shown.subscriber.subscriptions if s.newsletter in shown.newsletters]
    # What awaits confirmation stands last; it is what the button brings.
    return subscriptions[-1].topics if subscriptions else ()

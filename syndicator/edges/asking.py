"""Keep where a question has come to on its way through redirects, and whether it may go on."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

from syndicator.model.source import Question

MAX_REDIRECTS = 5  # honest sites need two (to https, to www)


class UnfitError(Exception):
    """There is nothing to be had there; the text says why."""


class Asking:
    """A *question* on its way: it is to be put to *url* at *host*, within the *seconds* that are left for it."""

    __slots__ = ("_permanent", "_scheme", "_seen", "_wants_cookie", "host", "question", "seconds", "url")

    def __init__(self, question: Question, *, seconds: float) -> None:
        self.question = question
        self.seconds = seconds
        self._seen: list[str] = []
        self._permanent = True
        self._wants_cookie = False
        self._stand_at(question.url)

    @property
    def spacing(self) -> float:
        """The seconds that its host is to be left alone before and after."""
        return self.question.spacing.total_seconds()

    @property
    def moved(self) -> bool:
        """Whether permanent redirects, and no others, led to where it is."""
        return self._permanent and bool(self._seen)

    def follow(self, url: str, target: str, *, permanent: bool, wants_cookie: bool) -> None:
        """Go on from *url* to *target*, which may be relative to it."""
        self._seen.append(url)
        self._permanent &= permanent
        self._wants_cookie |= wants_cookie
        try:
            self._stand_at(urljoin(url, target))
        except ValueError:
            self._stand_at(target)

    def check(self) -> None:
        """Raise `UnfitError` when it must not be put there."""
        if not self.host:
            fault = "is no address" if self._scheme in ("http", "https", "") else "is not http or https"
            raise UnfitError(f"{self.url[:200]!r} {fault}")
        cookie = "; it wants a cookie, and feeds are read without" if self._wants_cookie else ""
        if self.url in self._seen:
            raise UnfitError(f"redirects in a circle: back to {self.url[:200]}{cookie}")
        if len(self._seen) > MAX_REDIRECTS:
            many = f"too many redirects (more than {MAX_REDIRECTS})"
            raise UnfitError(f"{many}: the last one to {self.url[:200]}{cookie}")

    def _stand_at(self, url: str) -> None:
        self.url, self.host, self._scheme = url, "", ""
        try:
            parts = urlsplit(url)
        except ValueError:
            return
        self._scheme = parts.scheme
        # What is not to be asked over HTTP is at no host of ours.
        if parts.scheme in ("http", "https"):
            self.host = parts.hostname or ""

"""Put the bundled newsroom together: its web servers and its mail server, for as long as a `with` lasts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from datetime import datetime
from importlib import resources
from pathlib import Path
from types import TracebackType

from syndicator.demo.content import SampleFeed, sample_feeds
from syndicator.demo.post import MailServer
from syndicator.demo.render import NOTICES, changed_at, render_feed, render_notices
from syndicator.demo.server import NewsServer, Page

_TYPES: Mapping[str, str] = {
    "rss": "application/rss+xml; charset=utf-8",
    "rdf": "application/rdf+xml",
    "atom": "application/atom+xml; charset=utf-8",
    "json": "application/feed+json",
}


class DemoNewsroom:
    """Serves the sample feeds and takes mail, on loopback ports that the system picks.

    The dates in the feeds are counted back from *epoch*, an aware instant: the same epoch gives the
    same bytes and the same validators. Mail goes to a Maildir under *folder*.
    """

    def __init__(self, folder: Path, epoch: datetime, *, slow_seconds: float = 1.0) -> None:
        self.epoch = epoch
        self.web = NewsServer(demo_pages(sample_feeds(), epoch=epoch), slow_seconds=slow_seconds)
        self.post = MailServer(folder / "mail")
        self._running = ExitStack()

    @property
    def hosts(self) -> Mapping[str, tuple[str, int]]:
        """Where each outlet's host is reached."""
        return self.web.hosts

    @property
    def smtp_url(self) -> str:
        """Where mail goes."""
        return self.post.url

    @property
    def environment(self) -> Mapping[str, str]:
        """The variables that the demo's feeds.yaml asks for."""
        return {"SYNDICATOR_DEMO_SMTP": self.smtp_url}

    def __enter__(self) -> DemoNewsroom:
        with ExitStack() as starting:
            starting.enter_context(self.web)
            starting.enter_context(self.post)
            self._running = starting.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._running.close()


def demo_config() -> str:
    """Return the text of the demo's feeds.yaml."""
    return (resources.files("syndicator.demo") / "feeds.yaml").read_text(encoding="utf-8")


def demo_pages(feeds: Sequence[SampleFeed], *, epoch: datetime, edition: int = 0) -> dict[tuple[str, str], Page]:
    """Return what the outlets' servers have at each (host, path); see `render_feed` for *epoch* and *edition*."""
    pages = {}
    for feed in feeds:
        pages[feed.host, feed.path] = _page(feed, epoch, edition)
        if feed.format == "html":
            pages[feed.host, NOTICES] = Page(body=render_notices(feed, epoch=epoch), content_type=_TYPES["rss"])
        if feed.moved_from:
            pages[feed.host, feed.moved_from] = Page(status=301, location=f"http://{feed.host}{feed.path}")
    return pages


def _page(feed: SampleFeed, epoch: datetime, edition: int) -> Page:
    if feed.format == "missing":
        return Page(status=404, body=b"Not found\n")
    return Page(
        body=render_feed(feed, epoch=epoch, edition=edition),
        content_type=feed.content_type or _TYPES[feed.format],
        modified_at=changed_at(feed, epoch),
        slow=feed.slow,
    )

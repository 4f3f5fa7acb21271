"""Read robots.txt: may a URL be asked for, and how long is its host to be left alone in between (RFC 9309)."""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import urlsplit

from protego import Protego

from syndicator.model.source import Robots

MAX_SIZE = 500 * 2**10  # characters; RFC 9309, section 2.5, asks for at least so many bytes
MAX_SPACING = timedelta(minutes=1)  # a longer one would not let an outlet of twenty sections be asked in time


def robots_url(url: str) -> str:
    """Return where the robots.txt lies that speaks of *url*: each scheme, host and port has its own (section 2.3).

    >>> robots_url("https://paper.example:8443/rss/world.xml?page=1")
    'https://paper.example:8443/robots.txt'

    Raise `ValueError` for what is no address of the web.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"{url[:200]!r} is not http or https")
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}/robots.txt"


def read_robots(text: str, *, url: str, agent: str, now: datetime) -> Robots:
    """Return what a robots.txt read at *now* says of *url* to *agent*, a product token such as `syndicator`.

    What is no rule is passed over, so that a page in the place of the file forbids nothing. `Robots.disallows` is the
    path that is forbidden.
    """
    rules = Protego.parse(text.removeprefix("\ufeff")[:MAX_SIZE])
    delay = rules.crawl_delay(agent) or 0
    spacing = min(timedelta(seconds=min(max(delay, 0), 10**6)), MAX_SPACING)
    path = urlsplit(url).path or "/"
    # The file itself may always be asked for.
    forbidden = path != "/robots.txt" and not rules.can_fetch(url, agent)
    return Robots(url=url, read_at=now, disallows=path if forbidden else "", spacing=spacing)

"""Make publishers' URLs absolute, ASCII, http or https, and free of what follows readers about."""

from __future__ import annotations

import re
from contextlib import suppress
from functools import lru_cache
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

from syndicator.pipeline.plain import visible

MAX_URL = 8_000  # characters; servers need not take more (RFC 9110, section 4.1)

_PLAIN = re.compile(
    # What every URL parser reads alike, and what `clean_url` therefore has nothing to do with: an absolute URL whose
    # host is a lower-case name without `xn--` or numbers at its end, with signs that `quote` leaves alone. An empty
    # query or fragment is not in it, as `urlunsplit` drops them, nor a semicolon, a bracket, or a port that may be
    # too large.
    r"https?://(?:[a-z0-9]+(?:-[a-z0-9]+)*\.)+[a-z]{2,}(?::[1-9][0-9]{0,3})?"
    r"(?:/[\w%/:=&~+!$,'@()*.-]*)?(?:\?[\w%/:=&?~+!$,'@()*.-]+)?(?:#[\w%/:=&?~+!$,'@()*.-]+)?",
    re.ASCII,
)
_HOSTLESS = re.compile(r"https?://(?:[/?#]|$)", re.IGNORECASE)
_TRACKING = re.compile(
    r"(?:utm|mtm|pk|hsa)_.*|_ga|_hsenc|_hsmi|at_campaign|at_medium|cmpid|dclid|fbclid|gbraid|gclid|gclsrc|igshid|mc_cid"
    r"|mc_eid|mkt_tok|msclkid|ref_src|s_cid|ttclid|twclid|vero_id|wbraid|yclid|zarsrc",
    re.IGNORECASE,
)
# Hosts whose pictures count readers and show nothing; so do those below them.
_COUNTERS = frozenset(
    {
        *("2o7.net", "adform.net", "ads-twitter.com", "adsafeprotected.com", "bat.bing.com", "chartbeat.net"),
        *("counter.yadro.ru", "demdex.net", "doubleclick.net", "feedsportal.com", "google-analytics.com"),
        *("googletagmanager.com", "histats.com", "hm.baidu.com", "imrworldwide.com", "ioam.de", "krxd.net"),
        *("mathtag.com", "mc.yandex.ru", "met.vgwort.de", "moatads.com", "omtrdc.net", "parsely.com"),
        *("pixel.wp.com", "quantserve.com", "scorecardresearch.com", "statcounter.com", "stats.wordpress.com"),
        *("stats.wp.com", "top-fwz1.mail.ru", "xiti.com"),
    }
)
# Addresses that count on hosts that also show pictures.
_COUNTING = re.compile(r"feeds\.feedburner\.com/~r/|facebook\.com/tr(?:[/?]|$)|/(?:matomo|piwik)\.php(?:\?|$)")


def clean_url(url: str, *, base: str = "") -> str:
    """Return *url* absolute against *base* and in ASCII (RFC 3986), or an empty string if it is not http or https."""
    if is_plain(url):
        return url
    url = re.sub(r"[\t\r\n]", "", visible(url).strip())
    # Joined to a base, a URL without a host would be one of that host.
    if not url or len(url) > MAX_URL or _HOSTLESS.match(url):
        return ""
    try:
        parts = urlsplit(urljoin(base, url))
        host = parts.netloc if parts.netloc.isascii() else parts.netloc.encode("idna").decode("ascii")
        if (
            parts.scheme not in ("http", "https")
            or not parts.hostname
            or parts.port == 0
            or re.search(r"[\s<>\"\\^`{|}]", host)
        ):
            return ""
    except ValueError:  # a broken IPv6 address or port, or a host that IDNA does not know (UnicodeError)
        return ""
    path, query, fragment = (quote(part, safe="%/:=&?~+!$,;'@()*[]") for part in parts[2:])
    return urlunsplit((parts.scheme, host, path, query, fragment))


def is_plain(url: str) -> bool:
    """Tell whether *url* is absolute, http or https, and so simple that `clean_url` would give it back as it is."""
    return len(url) <= MAX_URL and _PLAIN.fullmatch(url) is not None


def host_of(url: str) -> str:
    """Return the host of *url* in lower case and in Unicode, without `www.`; empty if it has none."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return ""
    with suppress(UnicodeError):  # it is in Unicode already, or in a form that IDNA does not know
        host = host.encode("ascii").decode("idna")
    return host.removeprefix("www.")


def untracked(url: str) -> str:
    """Return *url* without the parameters by which it is told who followed it; the rest is as it was.

    >>> untracked("https://tuoitre.example/tin.htm?utm_source=rss&id=7#top")
    'https://tuoitre.example/tin.htm?id=7#top'
    """
    if "?" not in url:
        return url
    address, mark, fragment = url.partition("#")
    page, question, query = address.partition("?")
    kept = "&".join(part for part in query.split("&") if not is_tracking(part))
    return page + (question + kept if kept else "") + mark + fragment


def is_tracking(parameter: str) -> bool:
    """Tell whether a *parameter* of a query (`name=value`) only tells who followed the link."""
    return _TRACKING.fullmatch(parameter.partition("=")[0]) is not None


def counts_readers(url: str) -> bool:
    """Tell whether the picture at *url*, an absolute one, is there to count who reads, and shows nothing."""
    end = url.find("/", 8)  # behind `https://`
    return _is_counter(url[:end] if end > 0 else url) or _COUNTING.search(url) is not None


@lru_cache(maxsize=1024)
def _is_counter(origin: str) -> bool:
    """Tell whether *origin* (scheme, host and port) is that of a counter; a site has its pictures on few of them."""
    labels = re.split(r"[:?#]", origin.partition("//")[2].lower())[0].split(".")
    return any(".".join(labels[at:]) in _COUNTERS for at in range(len(labels)))

"""Bring links to one page into one form, for comparing and not for following."""

from __future__ import annotations

import re
from urllib.parse import quote

from syndicator.pipeline.urls import is_tracking

_LEAD = re.compile(r"(?:\s|/|https?:/|www\.)*", re.IGNORECASE)
_DEFAULT_PORT = re.compile(r"(?:\s|:(?:80|443)?)+$")
_PERCENT = re.compile(r"%([0-9a-fA-F]{2})?")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")  # RFC 3986, 2.3
_SAFE = "%/:=&?~+!$,;'@()*[]|"  # what `quote` leaves alone beside the unreserved ones

# Nearly all links are of this form, and need nothing but to lose their ends: no letter is to be escaped, and those
# that are escaped stay so, as they are none of ASCII.
_USUAL = re.compile(
    r"https?://(?:www\.)?(?!www\.)(?P<address>[a-z0-9][a-z0-9.-]*"
    r"(?:/[A-Za-z0-9._~/:=&+!$,;'@()*\[\]|-]*(?:%[89A-F][0-9A-F][A-Za-z0-9._~/:=&+!$,;'@()*\[\]|-]*)*)?)"
    r"(?:\?(?P<query>[A-Za-z0-9._~/:=&?+!$,;'@()*\[\]|-]*))?(?:#.*)?",
    re.DOTALL,
)

# Hosts and paths under which an outlet shows the same pages to telephones. Two labels must be left, as `m.vn` may be
# a newspaper, and the rest must be a plain host, so that doing it twice changes nothing.
_MOBILE_HOST = re.compile(r"^(?:(?:m|mobile|amp|www)\.)+(?!www\.)(?=[a-z0-9-]+(?:\.[a-z0-9-]+)+(?::[0-9]+)?(?:[/?]|$))")
_AMP_PATH = re.compile(r"(?P<head>^/amp(?=/.))|(?P<tail>(?<=.)/amp$|(?<=[^/])\.amp(?=$|\.html?$))")
_AMP_PARAMETER = re.compile(r"amp(?:=(?:1|true)?)?|output[Tt]ype=amp")

_MOBILE_HOSTS = ("m.", "mobile.", "amp.")
_AMP_HINTS = ("/amp", ".amp", "?amp", "&amp", "=amp")


def canonical_link(url: str) -> str:
    """Return what links to one page have in common; empty if there is nothing. Doing it twice changes nothing.

    All that `plain_link` drops is dropped, and what leads to an outlet's pages for telephones: `m.`, `mobile.` and
    `amp.` before the host, `/amp` at an end of the path, a tail `.amp`, `?amp=1`. A host is in ASCII (RFC 5891).

    >>> canonical_link("https://m.Tuoitre.vn/amp/Tin-1.htm?id=7"), canonical_link("http://www.tuoitre.vn/Tin-1.htm/?id=7")
    ('tuoitre.vn/Tin-1.htm?id=7', 'tuoitre.vn/Tin-1.htm?id=7')
    """
    return (link_forms(url) or ("",))[-1]


def link_forms(url: str) -> tuple[str, ...]:
    """Return the plain link of *url* and, where that is another, the canonical one; nothing if there is no link."""
    plain = plain_link(url)
    if not plain:
        return ()
    amp = "amp" in plain and any(hint in plain for hint in _AMP_HINTS)
    if not amp and plain.isascii() and not plain.startswith(_MOBILE_HOSTS):
        return (plain,)
    canonical = _for_desktops(plain)
    return (plain,) if canonical == plain else (plain, canonical)


def plain_link(url: str) -> str:
    """Return *url* without what never tells pages apart; empty if there is nothing left.

    Scheme, `www.`, default port, fragment, tracking parameters and the last slash are dropped, host and
    percent-escapes are in one case (RFC 3986, section 6.2.2); the path keeps its case. Keys and digests that are
    stored are made of it: it stays as it is.

    >>> plain_link("https://www.Tuoitre.vn:443/Tin-1.htm/?utm_source=rss&id=7#top")
    'tuoitre.vn/Tin-1.htm?id=7'
    """
    if usual := _USUAL.fullmatch(url):
        address, query = usual.groups()
        return address.rstrip("/") + (_telling(query) if query else "")
    rest = without_scheme(url).partition("#")[0]
    address, _, query = rest.partition("?")
    host, _, path = address.partition("/")
    host = _DEFAULT_PORT.sub("", host.lower())
    if not host:
        return ""
    path = _escapes(path).rstrip("/")
    return host + (f"/{path}" if path else "") + _telling(_escapes(query))


def without_scheme(text: str) -> str:
    """Return a link, or a guid that may be one, without scheme and `www.`."""
    return _LEAD.sub("", text, count=1)


def _telling(query: str) -> str:
    """Return *query* with its question mark and without what only tells who followed the link."""
    kept = [part for part in query.split("&") if part and not is_tracking(part)]
    return f"?{'&'.join(kept)}" if kept else ""


def _for_desktops(plain: str) -> str:
    address, _, query = _MOBILE_HOST.sub("", plain, count=1).partition("?")
    host, slash, path = address.partition("/")
    path = slash + path
    while (shorter := _AMP_PATH.sub("", path).rstrip("/")) != path:
        path = shorter
    kept = [part for part in query.split("&") if part and not _AMP_PARAMETER.fullmatch(part)]
    return _in_ascii(host) + path + (f"?{'&'.join(kept)}" if kept else "")


def _in_ascii(host: str) -> str:
    if host.isascii():
        return host
    try:
        encoded = host.encode("idna").decode("ascii")
    except UnicodeError:  # no name that IDNA knows; it is compared as it is
        return host
    # Compatibility forms may hide a port, a slash or `www.`: then it is no host that anybody writes.
    return encoded if link_forms(f"http://{encoded}") == (encoded,) else host


def _escapes(text: str) -> str:
    """Return *text* in ASCII, its percent-escapes upper-case, and none where RFC 3986 asks for none."""
    return quote(_PERCENT.sub(_escape, text), safe=_SAFE)


def _escape(match: re.Match[str]) -> str:
    if not match[1]:
        return "%25"
    letter = chr(int(match[1], 16))
    return letter if letter in _UNRESERVED else f"%{match[1].upper()}"

"""Recognise what stands in place of a feed: a challenge page, a parked domain, a login, an error, a picture."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from html import unescape
from typing import Literal
from urllib.parse import urlsplit

MAX_LOOK = 256 * 2**10  # bytes; what a page is, its head and its first words say
# Characters of visible text: a page that says one thing only has fewer, a page of a newspaper many more. A word such
# as "login" or "maintenance" may stand anywhere on the latter.
SHORT = 1_500
# Characters of HTML: a page that only sets a cookie and loads again has about 1,000, one that is drawn by scripts
# and also sets cookies has more.
SMALL = 8_000

Kind = Literal[
    "challenge", "parked", "login", "maintenance", "error_page",
    "empty_document", "no_json_feed", "image", "pdf", "html",
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What stands in place of a feed. *text* is the rest of a sentence that begins with "what came …"."""

    kind: Kind
    text: str
    remedy: str


_ASK = "ask the publisher to let feed readers in, or for another address; ask less often (`every`) meanwhile"
_FIND = "`syndicator add URL` lists the feeds that a page names; put the right address into feeds.yaml"
_WAIT = "wait, the old entries stay; if it lasts for days, tell the publisher"
_OTHER = "look for the outlet's new address, and put it into feeds.yaml, or remove the source"
_PUBLIC = "ask the publisher for a public address of the feed"

_BLANK = b" \t\r\n\f\0\xef\xbb\xbf\xff\xfe"
# GIF8 and BM are letters too; a picture has a NUL soon after them.
_PICTURE = re.compile(
    rb"\x89PNG\r\n|\xff\xd8\xff|(?:GIF8|BM)[^\0]{0,30}\0|RIFF.{4}WEBP|.{4}ftypavif|\x00\x00\x01\x00.\x00", re.DOTALL
)
_FEED = re.compile(r"<(?:[\w.-]{1,40}:)?(?:rss|feed|rdf|channel)(?=[\s>/])", re.IGNORECASE)
_HTML = re.compile(r"<(?:!doctype\s+html|html|head|body|title|script|meta|div|h1)(?=[\s>/])", re.IGNORECASE)
_TAG = re.compile(r"/?[a-z][a-z0-9]*")
_HIDDEN = frozenset({"script", "style", "noscript", "template", "svg", "title"})

# What only a page of that service has: not the scripts that it puts into its customers' ordinary pages, as
# Cloudflare does with `/cdn-cgi/challenge-platform/scripts/`.
_CHALLENGES = (
    ("Cloudflare", ("_cf_chl_opt", "cf-chl-", "cf_chl_", "cf-browser-verification", "cf_captcha_kind")),
    ("Sucuri", ("sucuri_cloudproxy_js",)),
    ("DDoS-Guard", ("/.well-known/ddos-guard/", "data-ddg-origin")),
    ("Akamai", ("/_sec/cp_challenge", "sec-if-cpt-container")),
    ("AWS WAF", ("gokuprops", "captcha.awswaf.com")),
    ("DataDome", ("geo.captcha-delivery.com", "interstitial.captcha-delivery.com")),
    ("HUMAN", ("px-captcha", "_pxappid")),
    ("Imunify360", ("imunify360-webshield",)),
    ("Anubis", ("/.within.website/x/cmd/anubis",)),
    ("Vercel", ("vercel security checkpoint",)),
)
# These stand on ordinary pages too, beside a form, and count only where there is little else to see.
_WEAK_CHALLENGES = (
    ("Imperva", ("_incapsula_resource",)),
    ("Cloudflare Turnstile", ("cf-turnstile", "turnstile.render")),
    ("reCAPTCHA", ("g-recaptcha", "grecaptcha.")),
    ("hCaptcha", ("h-captcha", "hcaptcha.render")),
    ("AWS WAF", ("awswafintegration",)),
)
_FIREWALLS = (
    ("Akamai", ("errors.edgesuite.net",)),
    ("Sucuri", ("sucuri website firewall",)),
    ("Imperva", ("incapsula incident id",)),
    ("F5", ("the requested url was rejected. please consult with your administrator",)),
)
_CHALLENGE_TITLE = re.compile(
    r"just a moment|attention required! \| cloudflare|ddos-guard|one moment, please|checking your browser"
    r"|security check|are you (?:a robot|human)|robot or human|verify(?:ing)? (?:that )?you are (?:a )?human"
    r"|making sure you're not a bot|access denied|request rejected|xác minh|kiểm tra trình duyệt"
)
_LOADS_AGAIN = re.compile(r"location\s*\.\s*(?:reload|replace|assign|href)|location\s*=")

_PARKED = (
    ("Sedo", ("sedoparking.com", "sedo.com/search/details")),
    ("ParkingCrew", ("parkingcrew.net", "d38psrni17bvxu.cloudfront.net")),
    ("Bodis", ("bodis.com/", "bodiscdn.com")),
    ("ParkLogic", ("parklogic.com",)),
    ("GoDaddy", ("parking-lander", "godaddy.com/forsale", "window.location.href=\"/lander\"")),
    ("HugeDomains", ("hugedomains.com/domain_profile",)),
    ("Afternic", ("afternic.com/forsale",)),
    ("Dan.com", ("dan.com/buy-domain",)),
    ("Above.com", ("above.com/marketplace",)),
)  # fmt: skip
_PARKING_HOSTS = ("hugedomains.com", "sedo.com", "afternic.com", "dan.com", "bodis.com", "parkingcrew.net")
_FOR_SALE = re.compile(
    r"domain(?: name)?(?: \S{1,80})? (?:is|may be) (?:for sale|parked)|buy this domain|domain for sale"
    r"|domain (?:has )?expired|parked (?:free|domain)|mua tên miền|tên miền (?:này )?(?:đang |được )*(?:rao )?bán"
    r"|tên miền (?:này )?(?:đã |vừa )*hết hạn|bán tên miền"
)
_LOGIN_TITLE = re.compile(
    r"^(?:please )?(?:log ?in|sign ?in)\b|\b(?:log ?in|sign ?in)$|đăng nhập|^connexion\b|^anmelden\b"
    r"|登录|登入|ログイン|로그인"
)
_LOGIN_PATH = re.compile(r"/(?:wp-login\.php|log-?in|sign-?in|dang-?nhap|account/login|sso|cas/login)(?:[/.]|$)")
_PAYWALL = re.compile(
    r"subscribe to (?:continue|read)|subscribers only|already a subscriber|dành (?:riêng )?cho (?:thuê bao|hội viên)"
    r"|réservé aux abonnés"
)
_MAINTENANCE = re.compile(
    r"bảo trì|đang nâng cấp|nâng cấp hệ thống|under (?:scheduled )?maintenance|(?:scheduled|down for|site) maintenance"
    r"|^maintenance\b|be (?:right )?back (?:soon|shortly)|under construction|en maintenance"
    r"|メンテナンス|维护中|維護中|점검 중"
)
_ERROR = re.compile(
    r"^\W{0,9}(?:error|http|lỗi|oops)?\W{0,9}(?:40[0134]|410|50[0234])"
    r"(?:$| *[-:|·–—]| (?:error|not|page|bad|internal|forbidden))"
    r"|\b(?:error|lỗi) (?:40[0134]|410|50[0234])\b"
    r"|(?:page|file|site|url)(?: was| could)? not (?:be )?found|^not found\b|(?:bad gateway|internal server error)"
    r"|không tìm thấy (?:trang|nội dung|đường dẫn|kết quả)|trang (?:\S+ ){0,6}không (?:tồn tại|tìm thấy|được tìm thấy)"
    r"|page introuvable|页面不存在|找不到|見つかりません|찾을 수 없"
)


def recognise(content: bytes, *, content_type: str, url: str) -> Page | None:
    """Return what *content*, which came from *url* (the final one) in place of a feed, looks like; never raise.

    None for a feed, and for what is none of the pages that we know. Only the first 256 kB are looked at, and what is
    said of them is careful: a page is named by what only such pages have.
    """
    if not content.strip(_BLANK):
        return Page(kind="empty_document", text="is empty", remedy=_WAIT)
    if content.startswith(b"%PDF-"):
        return Page(kind="pdf", text="is a PDF file", remedy=_FIND)
    if _PICTURE.match(content):
        return Page(kind="image", text="is a picture", remedy=_FIND)
    text = _decode(content[:MAX_LOOK])
    bare = _without_comments(text)
    html = _HTML.search(bare)
    if _FEED.search(bare, 0, html.start() if html else len(bare)):
        return None
    start = text[:1000].lstrip("\ufeff \t\r\n")
    if re.match(r'\{\s*["}]|\[\s*[\[{"\]]', start):
        if "jsonfeed.org/version" in text:
            return None
        return Page(kind="no_json_feed", text="is JSON, but no JSON Feed", remedy=_FIND)
    if html is None and "html" not in content_type.lower():
        return None
    return _recognise_page(_see(text), url)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """A web page: its *source* and *title* and *words* in lower case; *words* are cut when they are no longer short."""

    source: str
    shown_title: str
    title: str
    words: str

    @property
    def is_short(self) -> bool:
        return len(self.words) <= SHORT


def _recognise_page(page: _Seen, url: str) -> Page:
    host, path = _parts(url)
    if challenge := _challenge(page):
        return Page(kind="challenge", text=f"looks like {challenge}", remedy=_ASK)
    seller = _first(_PARKED, page)
    by_host = any(host == each or host.endswith(f".{each}") for each in _PARKING_HOSTS)
    if (seller and page.is_short) or by_host or _says(_FOR_SALE, page):
        return Page(
            kind="parked", text="looks like a parked domain" + (f" ({seller})" if seller else ""), remedy=_OTHER
        )
    asks_password = page.is_short and re.search(r"type\s*=\s*[\"']?password", page.source) is not None
    if asks_password or _LOGIN_TITLE.search(page.title) or _LOGIN_PATH.search(path):
        return Page(kind="login", text="looks like a page that asks for a login", remedy=_PUBLIC)
    if page.is_short and _PAYWALL.search(page.words):
        return Page(kind="login", text="looks like a page for subscribers only", remedy=_PUBLIC)
    if _says(_MAINTENANCE, page):
        return Page(kind="maintenance", text="looks like a page that tells of maintenance", remedy=_WAIT)
    if _says(_ERROR, page):
        return Page(kind="error_page", text=f"looks like an error page{_named(page)}", remedy=_FIND)
    return Page(kind="html", text=f"is a web page{_named(page)}", remedy=_FIND)


def _challenge(page: _Seen) -> str:
    """Return what the page looks like that keeps programs out, or nothing."""
    if name := _first(_CHALLENGES, page) or (_first(_WEAK_CHALLENGES, page) if page.is_short else ""):
        return f"a page that checks for a browser ({name})"
    if name := _first(_FIREWALLS, page):
        return f"a page by which a firewall turns us away ({name})"
    if page.is_short and _CHALLENGE_TITLE.search(page.title):
        return f"a page that keeps programs out{_named(page)}"
    if len(page.source) > SMALL or not page.is_short:
        return ""
    if "slowaes.decrypt" in page.source or "__test=" in page.source:
        return "a page that sets a cookie by JavaScript and loads again (aes.js, __test)"
    if "document.cookie" in page.source and _LOADS_AGAIN.search(page.source):
        # D1N is what several Vietnamese hosters' front servers set.
        return "a page that sets a cookie by JavaScript and loads again" + (" (D1N)" if "d1n=" in page.source else "")
    return ""


def _first(services: tuple[tuple[str, tuple[str, ...]], ...], page: _Seen) -> str:
    """Return the name of the first of *services* whose mark stands in *page*."""
    return next((name for name, marks in services if any(mark in page.source for mark in marks)), "")


def _says(pattern: re.Pattern[str], page: _Seen) -> bool:
    """Tell whether the title says so, or the few words that there are to read."""
    return bool(pattern.search(page.title) or (page.is_short and pattern.search(page.words)))


def _named(page: _Seen) -> str:
    return f": “{page.shown_title[:80]}”" if page.shown_title else ""


def _decode(content: bytes) -> str:
    """Return the text of *content*, ASCII at least: that is what names a page."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    if b"\0" in content[:64]:
        return content.decode("utf-16-le" if content[1:2] == b"\0" else "utf-16-be", errors="replace")
    return content.decode("utf-8", errors="replace")


def _without_comments(text: str) -> str:
    first, *others = text.split("<!--")
    return first + "".join(other.partition("-->")[2] for other in others)


def _see(text: str) -> _Seen:
    lower = text.lower()
    if len(lower) != len(text):  # a letter or two become more; the title is then shown in lower case
        text = lower
    opened = lower.find("<title")
    start, end = lower.find(">", opened) + 1, lower.find("</title", opened)
    shown = _plain(text[start : min(end, start + 1_000)]) if 0 <= opened < start <= end else ""
    return _Seen(source=lower, shown_title=shown, title=_folded(shown), words=_folded(_words(lower)))


def _words(lower: str) -> str:
    """Return the visible words of a page in lower case, or so many of them that it is not short.

    A parser would take longer over what is no HTML at all; this goes over the text once, whatever it is.
    """
    first, *pieces = lower.split("<")
    found, size, hidden = first.split(), len(first), ""
    for piece in pieces:
        match = _TAG.match(piece)
        name = match.group() if match else ""
        if hidden and name != f"/{hidden}":
            continue
        hidden = name if name in _HIDDEN else ""
        if not hidden:
            words = piece.partition(">")[2].split()
            found += words
            size += sum(map(len, words))
        if size > 4 * SHORT:  # escapes become shorter when they are read
            break
    return _plain(" ".join(found))


def _plain(text: str) -> str:
    return " ".join("".join(sign if sign.isprintable() else " " for sign in unescape(text)).split())


def _folded(text: str) -> str:
    return unicodedata.normalize("NFC", text.casefold())


def _parts(url: str) -> tuple[str, str]:
    """Return host and path of *url* in lower case."""
    try:
        parts = urlsplit(url)
        return (parts.hostname or "").lower(), parts.path.lower()
    except ValueError:
        return "", ""

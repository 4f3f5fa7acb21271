"""What stands in place of a feed is named by what only such pages have, and whatever the bytes are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicator.pipeline.not_a_feed import MAX_LOOK, SHORT, recognise
from syndicator.testing import an_rss_document

URL = "https://vna.example/rss.xml"
MUCH = "<p>" + "Thành phố đón đoàn khách quốc tế đến thăm và làm việc. " * 100 + "</p>"


def look(content, *, content_type="text/html", url=URL):
    page = recognise(content.encode() if isinstance(content, str) else content, content_type=content_type, url=url)
    return page and (page.kind, page.text)


def html(title="", body="", head=""):
    return f"<!DOCTYPE html><html><head><title>{title}</title>{head}</head><body>{body}</body></html>"


CLOUDFLARE = html(
    "Just a moment...",
    "<noscript>Enable JavaScript and cookies to continue</noscript>",
    "<script>window._cf_chl_opt={cvId:'3',cType:'managed'};</script>",
)
COOKIE_WALL = (
    '<html><body><script>document.cookie="D1N=3c2b1a"+"; expires=Fri, 31-Dec-2099 23:59:59 GMT; path=/";'
    "window.location.reload(true);</script></body></html>"
)
AES_WALL = (
    '<html><body><script type="text/javascript" src="/aes.js" ></script><script>function toNumbers(d){}var a=1;'
    'document.cookie="__test="+toHex(slowAES.decrypt(c,2,a,b))+"; path=/";'
    'location.href="http://vna.example/rss.xml?i=1";</script><noscript>This site requires Javascript</noscript></html>'
)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param(CLOUDFLARE, "a page that checks for a browser (Cloudflare)", id="Cloudflare's Just a moment"),
        pytest.param(
            html("vna.example", "<script>sucuri_cloudproxy_js='';</script>You are being redirected..."),
            "a page that checks for a browser (Sucuri)",
            id="Sucuri's cookie",
        ),
        pytest.param(
            html("", "<iframe src='/_Incapsula_Resource?SWUDNSAI=31'>Request unsuccessful.</iframe>"),
            "a page that checks for a browser (Imperva)",
            id="Incapsula's frame",
        ),
        pytest.param(
            html("", "Request unsuccessful. Incapsula incident ID: 12-34"),
            "a page by which a firewall turns us away (Imperva)",
            id="Incapsula's refusal",
        ),
        pytest.param(
            html("DDoS-Guard", "<script src='/.well-known/ddos-guard/js-challenge/index.js'></script>"),
            "a page that checks for a browser (DDoS-Guard)",
            id="DDoS-Guard",
        ),
        pytest.param(
            html("Access Denied", "Reference #18.2d3 https://errors.edgesuite.net/18.2d3"),
            "a page by which a firewall turns us away (Akamai)",
            id="Akamai's refusal",
        ),
        pytest.param(
            html("", "", "<script>window.gokuProps={key:'A'};</script>"),
            "a page that checks for a browser (AWS WAF)",
            id="the firewall of AWS",
        ),
        pytest.param(
            html("Xin chờ", "<div class='g-recaptcha' data-sitekey='x'></div>"),
            "a page that checks for a browser (reCAPTCHA)",
            id="nothing to see but a reCAPTCHA",
        ),
        pytest.param(
            html("", "<div class='h-captcha'></div>"), "a page that checks for a browser (hCaptcha)", id="an hCaptcha"
        ),
        pytest.param(
            html("", "<div class='cf-turnstile'></div>"),
            "a page that checks for a browser (Cloudflare Turnstile)",
            id="a Turnstile",
        ),
        pytest.param(
            html("Security check", "Please wait."),
            "a page that keeps programs out: “Security check”",
            id="by its title",
        ),
        pytest.param(
            AES_WALL, "a page that sets a cookie by JavaScript and loads again (aes.js, __test)", id="the aes.js wall"
        ),
        pytest.param(
            COOKIE_WALL, "a page that sets a cookie by JavaScript and loads again (D1N)", id="the D1N wall of Viet Nam"
        ),
        pytest.param(
            COOKIE_WALL.replace("D1N", "seen"),
            "a page that sets a cookie by JavaScript and loads again",
            id="any other cookie wall",
        ),
    ],
)
def test_a_challenge_is_named(content, said):
    page = recognise(content.encode(), content_type="text/html", url=URL)

    assert (page.kind, page.text) == ("challenge", f"looks like {said}")
    # We do not pretend to be a browser, and never advise it.
    assert "ask the publisher" in page.remedy
    assert "user-agent" not in page.remedy.lower()


@pytest.mark.parametrize(
    ("content", "url", "kind"),
    [
        pytest.param(
            html("vna.example", "", "<script src='//www.sedoparking.com/frmpark/x.js'>"), URL, "parked", id="Sedo"
        ),
        pytest.param(html("", "<script src='https://c.parkingcrew.net/x.js'>"), URL, "parked", id="ParkingCrew"),
        pytest.param(html("", "<script src='https://www.bodis.com/x.js'>"), URL, "parked", id="Bodis"),
        pytest.param(html("", "<img src='https://d.parklogic.com/x'>"), URL, "parked", id="ParkLogic"),
        pytest.param(html("", "The domain vna.example is for sale! Buy it."), URL, "parked", id="for sale, in English"),
        pytest.param(html("Mua tên miền vna.example"), URL, "parked", id="for sale, in Vietnamese"),
        pytest.param(html("", "Tên miền này đã hết hạn."), URL, "parked", id="expired, in Vietnamese"),
        pytest.param(
            html("VNA.example", MUCH),
            "https://www.hugedomains.com/domain_profile.cfm?d=vna",
            "parked",
            id="by its host",
        ),
        pytest.param(html("Đăng nhập - VNA", MUCH), URL, "login", id="a login, by its title"),
        pytest.param(html("VNA", MUCH), "https://vna.example/wp-login.php?to=rss", "login", id="a login, by address"),
        pytest.param(html("VNA", "<input name=p type='password'>"), URL, "login", id="a login and no more"),
        pytest.param(html("VNA", "Subscribe to continue reading."), URL, "login", id="a paywall"),
        pytest.param(html("Hệ thống đang bảo trì", MUCH), URL, "maintenance", id="maintenance, by its title"),
        pytest.param(
            html("VNA", "We'll be back soon!".replace("'", "&#39;")), URL, "maintenance", id="maintenance, by its words"
        ),
        pytest.param(html("404 Not Found", "nginx"), URL, "error_page", id="404 with 200"),
        pytest.param(html("Lỗi 404 | VNA", MUCH), URL, "error_page", id="lỗi 404"),
        pytest.param(html("VNA", "Không tìm thấy trang bạn yêu cầu"), URL, "error_page", id="không tìm thấy trang"),
        pytest.param(html("502 Bad Gateway"), URL, "error_page", id="502 with 200"),
        pytest.param(html("VNA - Tin mới", MUCH), URL, "html", id="the outlet's own page"),
    ],
)
def test_other_pages_are_told_apart(content, url, kind):
    page = recognise(content.encode(), content_type="text/html; charset=utf-8", url=url)

    assert page.kind == kind


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(
            "<script src='/cdn-cgi/challenge-platform/scripts/jsd/x.js'></script>", id="a script of Cloudflare"
        ),
        pytest.param("<form><div class='g-recaptcha'></div></form>", id="a captcha beside a form"),
        pytest.param("<form><input type=password></form>", id="a login in the corner"),
        pytest.param("<a>Lịch bảo trì điện</a> <a>Mua tên miền</a> Error 404 thành phim", id="words in headlines"),
        pytest.param("<script>document.cookie='a=1';function go(){location.href='/'}</script>", id="cookies"),
        pytest.param("<a href='https://sedo.com/search/details/?domain=x'>ad</a>", id="a link to a seller of domains"),
    ],
)
def test_an_ordinary_page_of_a_newspaper_is_not_taken_for_something_worse(body):
    assert look(html("VNA - Tin mới", MUCH + body)) == ("html", "is a web page: “VNA - Tin mới”")


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param(b"", ("empty_document", "is empty"), id="nothing"),
        pytest.param(b"\xef\xbb\xbf \r\n\0", ("empty_document", "is empty"), id="blanks and a byte order mark"),
        pytest.param(b"%PDF-1.7\n1 0 obj", ("pdf", "is a PDF file"), id="a PDF file"),
        pytest.param(b"\x89PNG\r\n\x1a\n\0\0", ("image", "is a picture"), id="a PNG"),
        pytest.param(b"\xff\xd8\xff\xe0\0\x10JFIF", ("image", "is a picture"), id="a JPEG"),
        pytest.param(b"GIF89a\1\0\1\0", ("image", "is a picture"), id="a GIF"),
        pytest.param(b"RIFF\x24\0\0\0WEBPVP8 ", ("image", "is a picture"), id="a WebP"),
        pytest.param(b' {"error": "no such feed"}', ("no_json_feed", "is JSON, but no JSON Feed"), id="JSON"),
        pytest.param(b'[{"title": "x"}]', ("no_json_feed", "is JSON, but no JSON Feed"), id="a JSON list"),
        pytest.param(b"GIF8 is a format of pictures", None, id="plain text"),
        pytest.param(b"[1] See below", None, id="a footnote, which begins like JSON"),
        pytest.param(b"<?xml version='1.0'?><urlset/>", None, id="XML of another kind"),
    ],
)  # fmt: skip
def test_what_is_no_page_at_all(content, expected):
    assert look(content, content_type="") == expected


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(an_rss_document("One"), id="RSS"),
        pytest.param(b"<?xml version='1.0'?><!-- <html> --><feed xmlns='http://www.w3.org/2005/Atom'/>", id="Atom"),
        pytest.param(an_rss_document("One").decode().encode("utf-16"), id="UTF-16"),
        pytest.param(an_rss_document("One").decode().encode("utf-16-le"), id="UTF-16 without a byte order mark"),
        pytest.param(b"<br /><b>Warning</b>: oops\n<rss version='2.0'></rss>", id="RSS behind a warning of PHP"),
        pytest.param(b'{"version": "https://jsonfeed.org/version/1.1", "items": []}', id="JSON Feed"),
        pytest.param(b"<rss><channel><item><description><html>404</html></description>", id="RSS that holds a page"),
    ],
)
def test_a_feed_is_left_alone(content):
    assert look(content) is None


def test_only_the_beginning_of_a_page_is_looked_at():
    padding = "<p>" + " " * MAX_LOOK

    assert look(html("VNA", padding + "window._cf_chl_opt"))[0] == "html"


def test_a_title_of_control_characters_and_tags_is_shown_harmless():
    _, text = look(html("\x1b[31mVNA\n&lt;b&gt;", MUCH))

    assert text == "is a web page: “[31mVNA <b>”"


@given(
    st.binary(max_size=400)
    | st.lists(
        st.sampled_from(
            ["<html>", "<title>", "</title>", "<script", "</script>", "<", ">", "&#x", "&amp;", "404", "\u0130", "\0",
             "document.cookie", "location.reload", "đăng nhập", "<!--", "-->", "{", "[", '"', " ", "rss", "%PDF-"]
        ) | st.text(max_size=5)
    ).map(lambda parts: "".join(parts).encode("utf-8", "surrogatepass")),
    st.sampled_from(["text/html", "", "application/rss+xml"]),
    st.sampled_from([URL, "", "http://[", "https://x.example/login"]),
)  # fmt: skip
def test_whatever_the_bytes_it_never_raises(content, content_type, url):
    page = recognise(content, content_type=content_type, url=url)

    assert page is None or (page.text and page.remedy and page.text.isprintable())


def test_hostile_pages_take_no_longer_than_others():
    """Each is as large as what is looked at; a pattern that goes back and forth would take minutes."""
    for piece in ("<script", "<", "<title>", "<!--", "\u0130<p>", "&", "domain ", "trang ", "- ", "<rss", "<a-"):
        look(html("VNA", piece * (MAX_LOOK // len(piece))))
        look(piece * (MAX_LOOK // len(piece)), content_type="text/html")
        look(html(piece * SHORT))

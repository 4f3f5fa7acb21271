"""Links to one page are known to be the same, however they are written; doing it twice changes nothing."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syndicator.pipeline.canonical import canonical_link, plain_link


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("http://a.example/x", "https://a.example/x", id="scheme"),
        pytest.param("https://www.a.example/x", "https://a.example/x", id="www"),
        pytest.param("https://A.Example/x", "https://a.example/x", id="case of the host"),
        pytest.param("https://a.example:443/x", "http://a.example:80/x", id="default port"),
        pytest.param("https://a.example/x/", "https://a.example/x", id="last slash"),
        pytest.param("https://a.example/", "https://a.example", id="no path"),
        pytest.param("https://a.example/x#top", "https://a.example/x", id="fragment"),
        pytest.param("https://a.example/%7ex%c3%a9", "https://a.example/~x%C3%A9", id="escapes"),
        pytest.param("https://a.example/é", "https://a.example/%C3%A9", id="letters"),
        pytest.param("https://a.example/?utm_source=r&id=1&fbclid=x", "https://a.example/?id=1", id="tracking"),
        pytest.param("https://a.example/?mtm_x=1&GCLID=2", "https://a.example/", id="nothing but tracking"),
        pytest.param("https://m.a.example/x", "https://www.a.example/x", id="the host for telephones"),
        pytest.param("https://mobile.a.example:8080/x", "http://a.example:8080/x", id="another such host, with a port"),
        pytest.param("https://amp.a.example/x", "https://a.example/x", id="the host for AMP"),
        pytest.param("https://a.example/amp/x.htm", "https://a.example/x.htm", id="AMP before the path"),
        pytest.param("https://a.example/x/amp/", "https://a.example/x", id="AMP after the path"),
        pytest.param("https://a.example/x.amp", "https://a.example/x", id="AMP as an ending"),
        pytest.param("https://a.example/x.amp.html", "https://a.example/x.html", id="AMP before the ending"),
        pytest.param("https://a.example/x?id=1&amp=1", "https://a.example/x?id=1", id="AMP as a parameter"),
        pytest.param("https://a.example/x?outputType=amp", "https://a.example/x", id="AMP as a kind of output"),
        pytest.param(
            "https://bücher.example/x", "https://xn--bcher-kva.example/x", id="a host in letters and in ASCII"
        ),
    ],
)
def test_are_the_same(one, other):
    assert canonical_link(one) == canonical_link(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("https://a.example/X", "https://a.example/x", id="case of the path"),
        pytest.param("https://a.example/?id=1", "https://a.example/?id=2", id="parameters"),
        pytest.param("https://a.example:8080/", "https://a.example/", id="another port"),
        pytest.param("https://news.a.example/", "https://a.example/", id="another host"),
        pytest.param("https://m.vn/x", "https://vn/x", id="a short name of a host"),
        pytest.param("https://a.example/amp", "https://a.example/", id="a page called AMP"),
        pytest.param("https://a.example/amplifier", "https://a.example/lifier", id="a word that begins with amp"),
        pytest.param("https://a.example/x?amplitude=1", "https://a.example/x", id="such a parameter"),
        pytest.param("https://a.example/a%2Fb", "https://a.example/a/b", id="an escaped slash"),
    ],
)
def test_are_not_the_same(one, other):
    assert canonical_link(one) != canonical_link(other)


PIECES = (
    "https:// http:// www. m. amp. mobile. a.example vn :80 :443 :8080 / ? & # % %25 %41 %c3 = amp=1 utm_x=1 /amp "
    "/amp/ .amp .html . é İ ｗ 。 A"
)
WRITTEN = st.text(max_size=30) | st.lists(st.sampled_from([*PIECES.split(), " "]), max_size=12).map("".join)


@settings(max_examples=400)
@given(WRITTEN)
def test_doing_it_twice_changes_nothing(url):
    plain, canonical = plain_link(url), canonical_link(url)

    assert plain_link(plain) == plain
    assert canonical_link(canonical) == canonical == canonical_link(plain)


@pytest.mark.parametrize(
    ("url", "plain"),
    [
        pytest.param(
            "https://a.example/b%C3%A0i-1.htm/?id=%20&fbclid=1#x", "a.example/b%C3%A0i-1.htm?id=%20", id="all"
        ),
        pytest.param("https://m.a.example/x?amp=1", "m.a.example/x?amp=1", id="telephones"),
        pytest.param("", "", id="nothing"),
        pytest.param("https:///", "", id="no host"),
    ],
)
def test_the_plain_form_of_which_stored_keys_are_made_stays_as_it_is(url, plain):
    assert plain_link(url) == plain

"""Nothing in a published feed makes the W3C's feed validator speak, whatever the publishers wrote."""

from __future__ import annotations

import re
from collections import Counter
from email.utils import parsedate_to_datetime

import pytest
from lxml import etree

from syndicator.model.entry import Enclosure, Image
from syndicator.model.language import Localized
from syndicator.model.site import Publisher, Site
from syndicator.model.source import Rights
from syndicator.model.story import Feed
from syndicator.model.tag import Tag
from syndicator.pipeline.syndicate import feed_documents
from syndicator.testing import NOON, a_source, a_story, an_item

NS = {
    "a": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "media": "http://search.yahoo.com/mrss/",
}
SITE = Site(
    title=Localized({"en": "City news"}),
    url="https://city.example/",
    publisher=Publisher(name="City desk", email="desk@city.example"),
    languages=("en", "vi"),
)
FEED = Feed(
    id="diplomacy",
    title=Localized({"en": "Treaties & visits"}),
    description=Localized({"en": "Who meets whom < where"}),
)
SOURCES = {
    "vna": a_source("vna", title="Viet Nam News", rights=Rights(images="link")),
    "tt": a_source("tt", title="Tuổi Trẻ", language="vi", rights=Rights(show="full", images="link")),
    "lcv": a_source("lcv", title="Le Courrier", language="fr", rights=Rights(show="title")),
}
STORIES = (
    a_story(
        an_item(
            "A treaty: R&D < 5 ]]> 7\x00\x85\ufffd",
            summary="Rates < 5 & falling \x0b ]]> R&D; said the officials",
            image=Image(url="https://vna.example/a b.jpg", alt='The "hall"', width=640),
            authors=("Lan Anh", "B\x08 & C"),
            enclosures=tuple(
                Enclosure(url=f"https://vna.example/{n}.mp3", type="audio/mpeg", length=n) for n in (7, 9)
            ),
            updated=NOON.replace(microsecond=5),
        ),
        an_item("Hiệp ước", source="tt", language="vi"),
        an_item("Traité", source="lcv", language="fr"),
    ),
    a_story(an_item("Tin 😀", source="tt", language="vi", content="<p>Toàn văn &amp; ]]> <b>đậm</b></p>")),
    a_story(an_item("Titre", source="lcv", language="fr", url="https://lcv.example/a b?c=[d]")),
    a_story(an_item("", source="gone", url="")),
)
RSS_BODY, ATOM_BODY, JSON_BODY = (
    document.body
    for document in feed_documents(
        FEED,
        STORIES,
        site=SITE,
        tags={"diplomacy": Tag(id="diplomacy", label=Localized({"en": "R&D <deals>"}), mediatopic=20000639)},
        sources=SOURCES,
    )
)
RSS, ATOM = etree.fromstring(RSS_BODY), etree.fromstring(ATOM_BODY)
KNOWN = len(STORIES) - 1  # stories whose source is configured

TAG_URI = re.compile(r"tag:[a-z0-9.-]+,\d{4}(-\d\d(-\d\d)?)?:[0-9a-zA-Z;/?:@&=+$._!~*'()%,-]+")
FULL_URI = re.compile(r"[a-zA-Z][0-9a-zA-Z+.-]*:(//)?[0-9a-zA-Z;/?:@&=+$._!~*'()%,#-]+")
RFC_2822 = re.compile(r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d [+-]\d\d[03]0")
RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
MARKUP = re.compile(r"</\w+>|&(?:#\w+|amp|lt|gt|quot|apos);")
UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffd]")
ONCE_A_CHANNEL = ("title", "link", "description", "language", "lastBuildDate", "ttl", "generator", "docs", "copyright")
ONCE_AN_ITEM = ("title", "link", "description", "guid", "pubDate", "source", f"{{{NS['content']}}}encoded")


def rss(path):
    return RSS.xpath(path, namespaces=NS)


def atom(path):
    return ATOM.xpath(path, namespaces=NS)


def values(path):
    """The values of *path* in both documents, which must have some."""
    found = rss(path) + atom(path)
    assert found
    return found


def all_match(pattern, texts):
    assert texts
    return all(pattern.fullmatch(text) for text in texts)


def once(parents, names):
    return all(Counter(child.tag for child in parent)[name] <= 1 for parent in parents for name in names)


# Each key is a message of the validator, each value what keeps it silent.
RULES = {
    "MissingAtomSelfLink": lambda: rss("//channel/a:link[@rel='self']/@href") == [f"{SITE.url}feeds/diplomacy/rss.xml"],
    "MissingSelf": lambda: atom("/*/a:link[@rel='self']/@href") == [f"{SITE.url}feeds/diplomacy/atom.xml"],
    "SelfNotAtom": lambda: values("//a:link[@rel='self']/@type") == ["application/rss+xml", "application/atom+xml"],
    "MissingDescription": lambda: rss("//channel/description/text()") == ["Who meets whom < where"],
    "MissingLink": lambda: rss("//channel/link/text()") == [f"{SITE.url}feeds/diplomacy/index.html"],
    "MissingTitle": lambda: rss("//channel/title/text()") == atom("/*/a:title/text()") == ["Treaties & visits"],
    "MissingDCLanguage": lambda: rss("//channel/language/text()") == atom("/*/@xml:lang") == ["en"],
    "MisplacedItem": lambda: rss("//item") and not rss("//item/following-sibling::*[not(self::item)]"),
    "DuplicateElement": lambda: once(rss("//channel"), ONCE_A_CHANNEL) and once(rss("//item"), ONCE_AN_ITEM),
    "DuplicateEnclosure": lambda: once(rss("//item[enclosure]"), ["enclosure"]),
    "DuplicateSemantics": lambda: not rss("//channel/dc:* | //channel/pubDate"),
    "DuplicateItemSemantics": lambda: not rss("//item/author | //item/a:id | //item/dc:date | //item/dc:subject"),
    "DuplicateDescriptionSemantics": lambda: not rss("//item/a:summary | //item/a:content"),
    "MissingRealName": lambda: (
        rss("//managingEditor/text() | //webMaster/text()") == ["desk@city.example (City desk)"] * 2
    ),
    "ContainsEmail": lambda: not any("@" in name for name in rss("//dc:creator/text()") + atom("//a:name/text()")),
    "InvalidPositiveInteger": lambda: rss("//ttl/text()") == ["30"],
    "MissingGuid": lambda: rss("count(//item[guid])") == len(STORIES),
    "InvalidPermalink": lambda: rss("//guid/@isPermaLink") == ["false"] * len(STORIES),
    "InvalidTAG": lambda: all_match(TAG_URI, values("//guid/text() | /a:feed/a:id/text() | //a:entry/a:id/text()")),
    "DuplicateIds": lambda: len(set(atom("//a:entry/a:id/text()"))) == len(STORIES),
    "DuplicateValue": lambda: len(set(rss("//guid/text()"))) == len(STORIES),
    "DuplicateAtomLink": lambda: atom("count(//a:entry/a:link[@rel='alternate'])") == len(STORIES),
    "MissingContentOrAlternate": lambda: atom("count(//a:entry[a:link[@rel='alternate']])") == len(STORIES),
    "MissingSummary": lambda: not atom("//a:entry[not(a:summary) and not(a:content)]"),
    "MissingSourceElement": lambda: atom("count(//a:entry/a:source[a:id and a:title and a:updated])") == KNOWN,
    "InvalidRFC3339Date": lambda: all_match(RFC_3339, atom("//a:updated/text() | //a:published/text()")),
    "ProblematicalRFC822Date": lambda: all_match(RFC_2822, rss("//pubDate/text() | //lastBuildDate/text()")),
    "IncorrectDOW": lambda: all(
        parsedate_to_datetime(date).strftime("%a") == date[:3] for date in rss("//*[contains(name(), 'Date')]/text()")
    ),
    "ContainsHTML": lambda: not any(MARKUP.search(title) for title in rss("//title/text()")),
    "ContainsUndeclaredHTML": lambda: (
        atom("//a:title/@type") == ["text"] * len(atom("//a:title")) and atom("//a:subtitle/@type") == ["text"]
    ),
    "NeedDescriptionBeforeContent": lambda: (
        rss("//content:encoded") == rss("//description/following-sibling::content:encoded") != []
    ),
    "MissingAttribute": lambda: rss("count(//enclosure[@url and @length and @type])") == 1,
    "InvalidFullLink": lambda: all_match(FULL_URI, values("//@href | //@url | //@domain | //@scheme | //link/text()")),
    "InvalidHttpGUID": lambda: not any(id.startswith("http") for id in rss("//guid/text()")),
    "AttrNotBlank": lambda: all(value.strip() for value in values("//@*")),
    "NotBlank": lambda: not rss("//*[not(*|@*|text())]") and not atom("//*[not(*|@*|text())]"),
    "MediaGroupWithoutAlternatives": lambda: len(values("//media:content")) == 2 and not rss("//media:group"),
    "UnregisteredAtomLinkRel": lambda: set(values("//@rel")) == {"self", "alternate", "related", "enclosure"},
    "BadCharacters": lambda: not any(UNFIT.search(text) for text in values("//text() | //@*")),
    "UndefinedNamedEntity": lambda: not re.search(rb"&(?!amp;|lt;|gt;|quot;|apos;)", RSS_BODY + ATOM_BODY),
    "NotUTF8": lambda: [body.decode("utf-8")[0] for body in (RSS_BODY, ATOM_BODY, JSON_BODY)] == ["<", "<", "{"],
    "MissingEncoding": lambda: (
        {body.splitlines()[0] for body in (RSS_BODY, ATOM_BODY)} == {b"<?xml version='1.0' encoding='UTF-8'?>"}
    ),
    "AvoidNamespacePrefix": lambda: (
        {e.prefix for e in ATOM.iter()} == {None, "media"}
        and {e.prefix for e in RSS.iter()} == {None, "atom", "content", "dc", "media"}
    ),
}


@pytest.mark.parametrize("message", RULES)
def test_the_w3c_validator_has_no_reason_to_say(message):
    assert RULES[message]()

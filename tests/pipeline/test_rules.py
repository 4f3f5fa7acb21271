import pytest

from syndicator.model.language import Localized
from syndicator.model.story import Feed, Selection, TagChoice
from syndicator.model.tag import Match, Tag
from syndicator.pipeline.rules import compile_rules, excluding_reason, tag_entry, tag_items, try_sentence
from syndicator.testing import a_source, an_entry, an_item


def a_tag(id: str = "diplomacy", **match: object) -> Tag:
    return Tag(id=id, label=Localized({"en": id}), match=Match(**match) if match else None)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("term", "text", "met"),
    [
        pytest.param("consul", "The Consul spoke", "Consul", id="case does not matter"),
        pytest.param("consul", "The consulate spoke", "", id="a part of a word is not the word"),
        pytest.param("ngoại giao", "Bộ NGOẠI GIAO họp", "NGOẠI GIAO", id="upper case with accents"),
        pytest.param("ngoại giao", "Bộ ngoại giao họp", "ngoại giao", id="decomposed text is the same text"),
        pytest.param("ngoại giao", "Bo ngoai giao hop", "ngoai giao", id="text without accents"),
        pytest.param("ngoại giao", "Bộ ngoai giao họp", "", id="a slip in text that has accents is no match"),
        pytest.param("ngoại giao", "“Bo ngoai giao” – hop", "ngoai giao", id="typographic signs are no accents"),
        pytest.param("đức", "Duc gap go", "", id="one word without accents means too much"),
        pytest.param("TP.HCM", "ở TP HCM", "TP HCM", id="a full stop inside a name may be a space"),
        pytest.param("TP.HCM", "ở TP. HCM", "TP. HCM", id="and a space may follow it after an abbreviation"),
        pytest.param("văn hóa", "tuần văn hoá Nga", "văn hoá", id="tones in the old place and in the new"),
        pytest.param("nội đức", "ở Hà Nội. Đức thắng", "", id="no match across the end of a sentence"),
        pytest.param("nội đức", "ở Hà Nội, Đức thắng", "", id="no match across a comma"),
        pytest.param("总领事", "日本驻胡志明市总领事馆", "总领事", id="Chinese is met anywhere"),
        pytest.param("총영사", "주호찌민총영사관은", "총영사", id="Korean is met before its particles"),
        pytest.param("sister city", "a sister  city, a sister-city", "sister  city", id="spaces between words"),
    ],
)
def test_a_term_is_met_as_whole_words_whatever_their_form(term, text, met):
    import unicodedata

    entry = an_entry(unicodedata.normalize("NFC", text), summary="", language="vi")

    taggings = tag_entry(entry, compile_rules({"t": a_tag("t", any=(term,))}))

    assert [reason.words for tagging in taggings for reason in tagging.reasons] == ([met] if met else [])


@pytest.mark.parametrize(
    ("match", "title", "given"),
    [
        pytest.param({"any": ("visit", "trade")}, "A visit", True, id="one of any is enough"),
        pytest.param({"any": ("visit", "trade")}, "A walk", False, id="none of any is not"),
        pytest.param({"all": ("visit", "osaka")}, "Osaka visit", True, id="all of all"),
        pytest.param({"all": ("visit", "osaka")}, "A visit", False, id="not all of all"),
        pytest.param({"any": ("visit",), "all": ("osaka",)}, "A visit", False, id="any without all"),
        pytest.param({"any": ("visit",), "all": ("osaka",)}, "Osaka", False, id="all without any"),
        pytest.param({"any": ("visit",), "none": ("museum",)}, "A museum visit", False, id="none excludes"),
    ],
)
def test_any_all_and_none_make_a_rule(match, title, given):
    rules = compile_rules({"t": a_tag("t", **match)})

    taggings = tag_entry(an_entry(title, summary=""), rules)

    assert bool(taggings) is given


def test_a_reason_names_the_term_the_words_the_field_and_the_place():
    entry = an_entry("Nothing here", summary="Then the Consul General spoke.")

    [tagging] = tag_entry(entry, compile_rules({"d": a_tag("d", any=("consul general",))}))

    [reason] = tagging.reasons
    assert (reason.field, reason.term, reason.words) == ("summary", "consul general", "Consul General")
    assert entry.summary[reason.start :].startswith("Consul General")


def test_a_rule_looks_only_where_it_is_told():
    rules = compile_rules({"d": a_tag("d", any=("visit",), fields=("title",))})

    assert tag_entry(an_entry("Nothing", summary="A visit"), rules) == ()


def test_a_source_may_give_a_tag_and_says_so():
    [tagging] = tag_entry(an_entry("Nothing"), compile_rules({"v": a_tag("v")}), given=["v"])

    assert (tagging.tag, tagging.reasons[0].field) == ("v", "source")


def test_an_item_that_no_feed_takes_is_kept_with_the_reason():
    feed = Feed(id="f", title=Localized(), select=Selection(tags=TagChoice(any=("diplomacy",))))
    tags = {"diplomacy": a_tag(any=("consulate",)), "vietnam": a_tag("vietnam")}

    taken, tagged, bare = tag_items(
        [an_item("A consulate"), an_item("Rain", source="tuoitre", summary=""), an_item("Sun", summary="")],
        compile_rules(tags),
        sources={"vna": a_source(), "tuoitre": a_source("tuoitre", tags=("vietnam",))},
        feeds=[feed],
    )

    assert taken.rejected == ""
    assert tagged.rejected == "no feed takes it: its tags are vietnam"
    assert bare.rejected == "no feed takes it: no rule gave it a tag"


def test_a_sentence_tells_which_word_keeps_a_tag_away():
    tag = a_tag(any=("ngoại",), none=("ngoại hạng",))

    assert try_sentence(tag, "Giải ngoại hạng Anh") == []
    reason = excluding_reason(tag, "Giải ngoại hạng Anh")
    assert reason is not None
    assert reason.words == "ngoại hạng"

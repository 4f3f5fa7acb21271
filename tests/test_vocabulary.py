"""The shipped vocabulary keeps its own promises: its sentences, its labels, its topics, its size, its quality."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import chain

import pytest
from babel import Locale
from quality import LABELS, NEWSROOM, SPLITS, UNSEEN, headlines, tag_quality, vocabulary

from syndicator.model.tag import Match, Tag
from syndicator.newsroom import load_text
from syndicator.pipeline.quality import overall
from syndicator.pipeline.rule_faults import rule_faults
from syndicator.pipeline.rules import judge_sentence

LANGUAGES = {"en", "vi", "zh-Hans", "ja", "ko", "fr", "ru"}
TAGS = load_text(NEWSROOM, env={}).tags
THEMES = [tag for tag in LABELS if tag not in ("hcmc", "countries")]
# The ids that IPTC has retired, by what its release of July 2026 says.
RETIRED = {20000367, 20000378, 20000564, 20000647, 20000649, 20000651, 20000652}
VIETNAMESE = set("ăâđêôơưàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ")


def terms(match: Match) -> Iterator[str]:
    """Yield every term that speaks for a rule, nested ones too."""
    parts = chain(match.any, match.all, match.at_least.of if match.at_least else ())
    for part in parts:
        yield from terms(part) if isinstance(part, Match) else [part]
    yield from match.near.words if match.near else ()
    yield from (term for term, weight in (match.score.weights if match.score else ()) if weight > 0)


@cache
def all_terms() -> frozenset[str]:
    return frozenset(term.casefold() for tag in TAGS.values() if tag.match for term in terms(tag.match))


@pytest.mark.parametrize("tag", [tag for tag in TAGS.values() if tag.match], ids=lambda tag: tag.id)
def test_its_sentences_hold(tag: Tag):
    wrong = []
    for wanted, sentences in ((True, tag.must_match), (False, tag.must_not_match)):
        for sentence in sentences:
            given = {verdict.tag for verdict in judge_sentence(sentence, vocabulary()) if verdict.given}
            if (tag.id in given) is not wanted:
                wrong.append(sentence)

    assert wrong == []


@pytest.mark.parametrize("theme", [*THEMES, "hcmc", "countries", "vietnam", "ho-chi-minh"])
def test_every_theme_is_tried_on_sentences_of_both_kinds_and_both_languages(theme):
    for sentences in (TAGS[theme].must_match, TAGS[theme].must_not_match):
        assert len(sentences) >= 8
        assert any(VIETNAMESE & set(sentence.casefold()) for sentence in sentences)
        assert any(sentence.replace("’", "").isascii() for sentence in sentences)


def test_every_tag_is_named_in_seven_languages():
    unnamed = {tag.id: LANGUAGES - set(tag.label.texts) for tag in TAGS.values()}

    assert {id: missing for id, missing in unnamed.items() if missing} == {}


def test_every_theme_has_a_media_topic_of_its_own_or_of_its_parent():
    places = {"hcmc", "vietnam", "ho-chi-minh"}  # IPTC has no topics for places and persons
    topics = {tag.id: tag.mediatopic for tag in TAGS.values()}

    assert {id for id, topic in topics.items() if not topic} == places
    assert RETIRED.isdisjoint(topics.values())


def test_every_child_has_its_parent():
    assert [tag.id for tag in TAGS.values() if tag.parent and tag.parent not in TAGS] == []


def test_it_has_1500_terms_and_more_in_each_of_two_languages():
    vietnamese = [term for term in all_terms() if VIETNAMESE & set(term)]
    english = [term for term in all_terms() if term.isascii()]

    assert len(vietnamese) >= 1_500
    assert len(english) >= 1_500


def test_every_country_of_the_world_has_a_tag():
    # CLDR's territories of two letters, without those that are no countries and without Viet Nam itself.
    other = {"EU", "EZ", "UN", "XA", "XB", "ZZ", "QO", "AC", "CP", "CQ", "DG", "EA", "IC", "TA", "VN"}
    wanted = {code.lower() for code in Locale("en").territories if len(code) == 2 and code.isalpha()} - {
        code.lower() for code in other
    }

    missing = wanted - {tag.removeprefix("countries/") for tag in TAGS if tag.startswith("countries/")}

    assert missing == set()


def test_no_rule_is_silent():
    assert rule_faults(TAGS) == []


# docs/decisions.md tells how far this goes: of the first of the two held-out sets alone it is 0.883, short of 0.90.
@pytest.mark.parametrize(
    ("splits", "least"),
    [
        pytest.param(["dev"], 0.95, id="dev"),
        pytest.param(["dev-2", "dev-3"], 0.94, id="dev-2 and 3"),
        pytest.param(["dev-4", "dev-5", "dev-6", "dev-7"], 0.90, id="dev-4 to 7"),
        pytest.param(["held-out"], 0.87, id="held-out"),
        pytest.param(UNSEEN, 0.90, id="all that nobody looked at"),
    ],
)
def test_it_tags_rightly(splits, least):
    quality = overall(tag_quality(item for split in splits for item in headlines(split)))

    # No item is named: whoever mends the words by those that were held out spends them.
    assert (quality.f1 >= least) is True


def test_the_labelled_headlines_are_what_they_say():
    items = {split: headlines(split) for split in SPLITS}
    everything = [item for split in items.values() for item in split]

    assert len({item.id for item in everything}) == len(everything) >= 600
    for split in (items["dev"], *(items[unseen] for unseen in UNSEEN)):
        share = {language: sum(item.language == language for item in split) / len(split) for language in ("vi", "en")}
        assert min(share.values()) >= 0.4
        assert sum(item.hard for item in split) >= len(split) / 3.3
    assert {tag for item in everything for tag in item.tags} <= set(LABELS)

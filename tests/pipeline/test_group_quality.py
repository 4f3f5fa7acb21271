"""Stories are gathered as well as promised: on pairs by which the words were tuned, and on pairs that were held out."""

import pytest
from quality_stories import PARTS, pair_quality, read_pairs

from syndicator.pipeline.quality import overall

PRECISION, RECALL = 0.98, 0.75


@pytest.mark.parametrize("part", PARTS)
def test_a_merge_is_hardly_ever_wrong_and_three_of_four_are_found(part):
    quality = overall(pair_quality(read_pairs(part)))

    assert quality.precision >= PRECISION
    assert quality.recall >= RECALL


def test_there_are_enough_pairs_to_say_so_and_a_third_are_across_languages():
    pairs = [pair for part in PARTS for pair in read_pairs(part)]

    assert len(pairs) >= 400
    assert sum(pair.a.entry.language != pair.b.entry.language for pair in pairs) >= len(pairs) / 3
    assert 0.3 <= sum(pair.same for pair in pairs) / len(pairs) <= 0.7

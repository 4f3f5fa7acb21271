"""Precision, recall and F1 are what the textbooks say."""

from __future__ import annotations

import pytest

from syndicator.pipeline.quality import Quality, measure, overall


@pytest.mark.parametrize(
    ("quality", "precision", "recall", "f1"),
    [
        pytest.param(Quality(rightly=3, wrongly=1, missed=2), 3 / 4, 3 / 5, 6 / 9, id="some of each"),
        pytest.param(Quality(missed=2), 1, 0, 0, id="nothing was given, and something was to be"),
        pytest.param(Quality(wrongly=2), 0, 1, 0, id="something was given, and nothing was to be"),
        pytest.param(Quality(), 1, 1, 1, id="nothing was given, and nothing was to be"),
    ],
)
def test_the_measures(quality, precision, recall, f1):
    assert (quality.precision, quality.recall, quality.f1) == pytest.approx((precision, recall, f1))


def test_each_label_is_measured_for_itself_and_all_add_up():
    judged = [({"a", "b"}, {"a"}), (set(), {"a", "x"}), ({"b"}, {"b"})]

    found = measure(judged, ["a", "b"])

    assert found == {"a": Quality(rightly=1, wrongly=1), "b": Quality(rightly=1, missed=1)}
    assert overall(found) == Quality(rightly=2, wrongly=1, missed=1)

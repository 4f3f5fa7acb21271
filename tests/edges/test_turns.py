"""Whose turn it is to ask."""

from __future__ import annotations

import pytest

from syndicator.edges.turns import Hosts, Turns


def turns(*, per_host: int = 1, gap: float = 0.0, unspaced: frozenset[str] = frozenset()) -> Turns[str]:
    return Turns(Hosts(per_host=per_host, gap=gap, unspaced=unspaced))


def taken(line: Turns[str], now: float = 0.0) -> list[str]:
    """Return all whose turn it is at *now*."""
    return list(iter(lambda: line.next(now), None))


def test_hosts_take_turns():
    line = turns(per_host=2)
    for who in ("a1", "a2", "a3", "b1", "c1"):
        line.join(who[0], who, spacing=0.0)

    assert taken(line) == ["a1", "b1", "c1", "a2"]


def test_a_host_that_is_full_is_waited_for():
    line = turns()
    line.join("a", "a1", spacing=0.0)
    line.join("a", "a2", spacing=0.0)
    before = taken(line)

    line.leave("a")
    line.freed("a")

    assert (before, taken(line)) == (["a1"], ["a2"])


def test_parties_share_the_places_at_a_host():
    hosts = Hosts(per_host=1, gap=0.0)
    one, other = Turns[str](hosts), Turns[str](hosts)
    one.join("a", "mine", spacing=0.0)
    other.join("a", "yours", spacing=0.0)
    first, second = taken(one), taken(other)

    one.leave("a")
    other.freed("a")

    assert (first, second, taken(other)) == (["mine"], [], ["yours"])


@pytest.mark.parametrize(
    ("gap", "first", "second", "rested_at"),
    [
        pytest.param(0.0, 0.0, 0.0, None, id="none"),
        pytest.param(0.2, 0.0, 0.0, 10.2, id="the gap"),
        pytest.param(0.2, 0.0, 5.0, 15.0, id="what the next one asks for"),
        pytest.param(0.2, 5.0, 0.0, 15.0, id="what the last one asked for"),
        pytest.param(9.0, 5.0, 5.0, 19.0, id="the gap, where it is wider"),
    ],
)
def test_a_host_rests_between_two_questions_for(gap, first, second, rested_at):
    line = turns(per_host=9, gap=gap)
    line.join("a", "a1", spacing=first)
    line.join("a", "a2", spacing=second)

    now = taken(line, 10.0)

    assert line.rested_at == rested_at
    assert now + (taken(line, rested_at) if rested_at else []) == ["a1", "a2"]


def test_a_host_that_rests_holds_up_no_other():
    line = turns(gap=1.0, per_host=9)
    for who in ("a1", "a2", "b1"):
        line.join(who[0], who, spacing=0.0)

    assert taken(line, 0.0) == ["a1", "b1"]


def test_a_host_rests_also_after_all_that_waited_for_it_are_served():
    line = turns(gap=1.0, per_host=9)
    line.join("a", "a1", spacing=0.0)
    taken(line, 0.0)

    line.join("a", "a2", spacing=0.0)

    assert (taken(line, 0.5), taken(line, 1.0)) == ([], ["a2"])


def test_some_hosts_need_no_gap_but_keep_to_what_is_asked_for():
    line = turns(gap=1.0, per_host=9, unspaced=frozenset({"a"}))
    for who, spacing in (("a1", 0.0), ("a2", 0.0), ("a3", 2.0)):
        line.join("a", who, spacing=spacing)

    assert (taken(line, 0.0), taken(line, 2.0)) == (["a1", "a2"], ["a3"])


def test_who_is_on_the_way_already_goes_before_who_waits():
    line = turns(per_host=1)
    line.join("a", "waits", spacing=0.0)

    line.join("a", "comes by a redirect", spacing=0.0, first=True)

    assert taken(line) == ["comes by a redirect"]

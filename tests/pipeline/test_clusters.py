import random
from collections import defaultdict
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syndicator.pipeline.clusters import Clustering, cluster
from syndicator.pipeline.cues import cues
from syndicator.pipeline.group import name_stories
from syndicator.pipeline.knots import LARGEST
from syndicator.pipeline.ties import MOST, Disputes
from syndicator.testing import NOON, an_item

NONE = Disputes()
TITLES = (
    "Norland opens a consulate in Da Nang with 12 staff",
    "Norland opens a consulate in Da Nang with 40 staff",
    "Norland opens a consulate in Da Nang",
    "Consulate of Norland opens its doors in Da Nang",
    "Norland mở lãnh sự quán ở Đà Nẵng với 12 nhân viên",
    "Busan sends 30 students to Can Tho",
    "Can Tho welcomes 30 students from Busan",
)
LEADERS = (
    "Osvel Karun",
    "Bunov Lyston",
    "Velka Marder",
    "Karia Osgard",
    "Lydia Velwick",
    "Osman Burtek",
    "Buran Lysan",
)
CITIES = ("Hue", "Da Nang", "Can Tho", "Vung Tau", "Nha Trang", "Da Lat", "Quy Nhon", "Bien Hoa")
DEEDS = ("visits", "opens a school in", "signs an agreement in", "speaks of peace in", "tours a factory in")


def parts(groups):
    return {frozenset(item.id for item in group) for group in groups}


class Archive:
    """Items as a store has them: looked up by cues, grouped as they come."""

    def __init__(self):
        self.items, self.index, self.stories, self.compared = {}, defaultdict(dict), {}, 0

    def store(self, items):
        for item in items:
            self.items[item.id] = item
            for cue in item.cues:
                self.index[cue][item.id] = item

    def take_in(self, fresh, *, disputes=NONE):
        """Store *fresh*, group what hangs together with them, and return the ids of what was touched."""
        self.store(fresh)
        clustering = Clustering(fresh, disputes=disputes)
        touched = True
        while touched:
            while clustering.is_open:
                for most, wanted in clustering.wanted().items():
                    found = {cue: list(self.index[cue]) for cue in wanted}
                    clustering.learn(wanted, {cue: ids for cue, ids in found.items() if len(ids) <= most})
                clustering.meet({id: self.items[id] for id in clustering.unmet()})
            stories = {self.stories[id] for id in clustering.touched if id in self.stories}
            touched = clustering.touch([self.items[id] for id, story in self.stories.items() if story in stories])
        groups = clustering.groups()
        for name, group in zip(name_stories(groups, known=self.stories), groups, strict=True):
            self.stories.update((item.id, name) for item in group)
        self.compared = clustering.compared
        return set(clustering.touched)

    def parts(self):
        by_story = defaultdict(set)
        for id, story in self.stories.items():
            by_story[story].add(id)
        return {frozenset(its) for its in by_story.values()}


def an_article(number, title, *, outlet, hours, url="", summary=""):
    item = an_item(
        title,
        id=f"i-{number}",
        source=outlet,
        language="vi" if "ở" in title else "en",
        published=NOON + timedelta(hours=hours),
        summary=summary,
        url=url or f"https://{outlet}.example/{number}",
    )
    return replace(item, cues=cues(item))


articles = st.lists(
    st.builds(
        lambda title, outlet, hours, shared: (title, outlet, hours, shared),
        st.sampled_from(TITLES),
        st.sampled_from("abcde"),
        st.integers(0, 90),
        st.sampled_from(["", "", "https://x.example/1", "https://x.example/2"]),
    ),
    max_size=12,
)


@settings(max_examples=60, deadline=None)
@given(st.data(), articles)
def test_grouped_as_they_come_in_any_order_and_batch_items_make_the_same_stories_as_all_at_once(data, rows):
    items = [an_article(n, title, outlet=o, hours=h, url=url) for n, (title, o, h, url) in enumerate(rows)]
    waiting, archive = data.draw(st.permutations(items)), Archive()

    while waiting:
        size = data.draw(st.integers(1, len(waiting)))
        archive.take_in(waiting[:size])
        waiting = waiting[size:]

    assert archive.parts() == parts(cluster(items, disputes=NONE))


def test_a_new_item_touches_only_what_hangs_together_with_it():
    archive = Archive()
    archive.take_in([an_article(n, TITLES[5], outlet=f"o{n}", hours=0) for n in range(4)])

    touched = archive.take_in([an_article(9, TITLES[0], outlet="z", hours=1)])

    assert touched == {"i-9"}


def test_a_cue_that_becomes_too_common_tells_nothing_whatever_came_first():
    # One word in each headline is its own, so that what joins them is what they have in common.
    items = [
        an_article(n, f"Live: the {chr(97 + n % 26)}{n}x debate in parliament", outlet=f"o{n}", hours=0)
        for n in range(MOST + 6)
    ]
    archive = Archive()

    for item in items:
        archive.take_in([item])

    assert archive.parts() == parts(cluster(items, disputes=NONE))


def test_however_many_print_one_headline_it_is_one_story_whatever_came_first():
    items = [an_article(n, TITLES[0], outlet=f"o{n}", hours=n % 9) for n in range(MOST + 8)]
    archive = Archive()

    for begin, end in ((0, MOST), (MOST, MOST + 1), (MOST + 1, len(items))):
        archive.take_in(items[begin:end])

    assert len(cluster(items, disputes=NONE)) == 1
    assert len(archive.parts()) == 1


SMALL = {"ties.MOST": 4, "ties.HUBS": 2, "ties._MOST_COPIES": 9, "ties._MOST_LINKED": 6, "knots.LARGEST": 2}


@settings(max_examples=30, deadline=None)
@given(st.data())
def test_the_order_makes_no_difference_where_cues_are_too_common_and_knots_too_large(data):
    with pytest.MonkeyPatch.context() as patch:
        for name, value in SMALL.items():
            patch.setattr(f"syndicator.pipeline.{name}", value)
        items = list(dense(data.draw(st.integers(4, 22)), seed=data.draw(st.integers(0, 99)), a_day=8))
        waiting, archive = data.draw(st.permutations(items)), Archive()

        while waiting:
            size = data.draw(st.integers(1, min(6, len(waiting))))
            archive.take_in(waiting[:size])
            waiting = waiting[size:]

        names = dict(archive.stories)
        assert archive.parts() == parts(cluster(items, disputes=NONE))
        archive.take_in(items)
        assert archive.stories == names


def test_a_new_item_in_dense_news_is_work_that_does_not_grow_with_what_is_stored():
    *old, new = dense(1601, seed=0, a_day=80)
    archive = Archive()
    archive.store(old)

    touched = archive.take_in([new])

    assert len(touched) <= 8 * LARGEST
    assert archive.compared <= 8 * LARGEST


def dense(count, *, seed, a_day):
    """Yield the news of few leaders who go to few cities, each naming two of both."""
    for number in range(count):
        chance = random.Random(1000 * seed + number)
        (leader, other), (city, last) = chance.sample(LEADERS, 2), chance.sample(CITIES, 2)
        item = an_article(
            number,
            f"{leader} {chance.choice(DEEDS)} {city}",
            summary=f"{leader} {chance.choice(DEEDS)} {city} and {last}, where {other} is expected.",
            outlet=f"o{chance.randrange(40)}",
            hours=number * 24 / a_day,
        )
        yield item


def test_what_an_admin_settles_wins_also_over_what_was_grouped_before():
    a, b, c = (an_article(n, TITLES[n], outlet=o, hours=n) for n, o in ((0, "a"), (2, "b"), (5, "c")))
    archive = Archive()
    archive.take_in([a, b, c])
    disputes = Disputes(same=[[a.entry.url, c.entry.url]], not_same=[[a.entry.url, b.entry.url]])

    archive.take_in([a, b, c], disputes=disputes)

    assert archive.parts() == {frozenset({a.id, c.id}), frozenset({b.id})}


def test_the_same_and_not_the_same_is_not_the_same():
    a, b = (an_article(n, TITLES[0], outlet=o, hours=0) for n, o in enumerate("ab"))
    both = [[a.entry.url, b.entry.url]]

    assert len(cluster([a, b], disputes=Disputes(same=both, not_same=both))) == 2

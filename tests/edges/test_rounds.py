"""How many questions are put and taken in turns."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from datetime import timedelta

from syndicator.edges.asking import Asking
from syndicator.edges.rounds import Round
from syndicator.edges.turns import Hosts
from syndicator.model.source import Failed, Fetched, Gone, Question

IDLE = 20  # steps of the loop in which everything that can happen has happened


class Desk:
    """Asks nobody: answers at once, but for hosts called slow, which wait until they are released."""

    def __init__(self, *, per_host: int = 99) -> None:
        self.hosts = Hosts(per_host=per_host, gap=0.0)
        self.rounds: list[Round] = []
        self.begun: list[str] = []
        self.released = asyncio.Event()

    def answers(self, *urls: str, places: int = 99) -> AsyncGenerator[Fetched, None]:
        askings = [Asking(Question(source=url, url=url), seconds=1.0) for url in urls]
        return Round(askings, ask=self._ask, hosts=self.hosts, places=places, rounds=self.rounds).answers()

    async def _ask(self, asking: Asking) -> Fetched | None:
        self.begun.append(asking.url)
        if asking.host.startswith("slow"):
            await self.released.wait()
        if asking.url.endswith("/moves"):
            asking.follow(asking.url, "http://b.example/", permanent=True, wants_cookie=False)
            return None
        return Gone(source=asking.question.source)


async def idle() -> None:
    for _ in range(IDLE):
        await asyncio.sleep(0)


async def test_who_is_busy_with_an_answer_finds_only_so_many_behind_it():
    desk = Desk()
    answers = desk.answers(*(f"http://a.example/{n}" for n in range(20)), places=3)

    await anext(answers)
    await idle()
    begun = len(desk.begun)
    rest = [answer async for answer in answers]

    assert (begun, len(rest)) == (3, 19)


async def test_a_slow_host_fills_its_own_places_only():
    desk = Desk(per_host=2)
    answers = desk.answers(*(f"http://slow.example/{n}" for n in range(9)), "http://a.example/", places=3)

    first = await anext(answers)
    desk.released.set()
    rest = [answer async for answer in answers]

    assert first.source == "http://a.example/"
    assert len(rest) == 9


async def test_a_redirect_gives_its_place_back_and_waits_at_the_other_host():
    desk = Desk(per_host=1)

    answers = [answer async for answer in desk.answers("http://a.example/moves", "http://b.example/1", places=1)]

    assert sorted(answer.source for answer in answers) == ["http://a.example/moves", "http://b.example/1"]
    assert desk.begun[-1] == "http://b.example/1"


async def test_two_rounds_wait_for_one_another_at_a_host():
    desk = Desk(per_host=1)
    one, other = desk.answers("http://slow.example/1"), desk.answers("http://slow.example/2")
    both = asyncio.gather(anext(one), anext(other))
    await idle()
    begun = len(desk.begun)

    desk.released.set()
    answers = await both
    await one.aclose()
    await other.aclose()

    assert begun == 1
    assert [answer.source for answer in answers] == ["http://slow.example/1", "http://slow.example/2"]


async def test_a_round_inside_a_round_finds_places():
    desk = Desk(per_host=1)
    urls = [f"http://a.example/{n}" for n in range(3)]

    inner = [
        [one async for one in desk.answers(url, places=1)] async for _ in desk.answers(*urls, places=1) for url in urls
    ]

    assert [len(answers) for answers in inner] == [1] * 9


async def test_who_stops_early_gives_all_places_back():
    desk = Desk(per_host=2)
    answers = desk.answers(
        "http://slow.example/1", "http://slow.example/2", "http://slow.example/3", "http://a.example/"
    )
    await anext(answers)

    await answers.aclose()
    desk.released.set()
    later = [answer async for answer in desk.answers("http://slow.example/4", "http://slow.example/5")]

    assert len(later) == 2
    assert "http://slow.example/3" not in desk.begun
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_a_question_that_somebody_else_ends_still_has_an_answer():
    desk = Desk()
    answers = asyncio.ensure_future(anext(desk.answers("http://slow.example/")))
    await idle()

    (task,) = asyncio.all_tasks() - {asyncio.current_task(), answers}
    task.cancel()

    assert await answers == Failed(source="http://slow.example/", why="interrupted")


def test_an_asking_knows_how_long_its_host_is_to_be_left_alone():
    question = Question(source="a", url="http://a.example/", spacing=timedelta(seconds=2))

    assert Asking(question, seconds=1.0).spacing == 2.0

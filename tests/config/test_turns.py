"""Whose request is worked on next, when more are asked than can be worked on."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Coroutine
from dataclasses import dataclass, field

import pytest
from django.http import HttpResponse
from django.test import AsyncRequestFactory
from hypothesis import given
from hypothesis import strategies as st

from wushu.config.turns import FairHandler, Turns


@dataclass
class Desk:
    """Works on requests until told to end one, and keeps the order in which they began."""

    turns: Turns
    begun: list[str] = field(default_factory=list)
    working: dict[str, list[asyncio.Event]] = field(default_factory=dict)

    async def ask(self, reader: str) -> None:
        async with self.turns.taken(reader):
            self.begun.append(reader)
            end = asyncio.Event()
            self.working.setdefault(reader, []).append(end)
            try:
                await end.wait()
            finally:
                self.working[reader].remove(end)

    async def asked(self, *readers: str) -> list[asyncio.Task[None]]:
        tasks = [asyncio.create_task(self.ask(reader)) for reader in readers]
        await settled()
        return tasks

    async def end(self, reader: str) -> None:
        self.working[reader][0].set()
        await settled()

    @property
    def at_work(self) -> list[str]:
        """Readers, each as often as requests of it are worked on."""
        return [reader for reader, ends in self.working.items() for _ in ends]


async def settled() -> None:
    """Let everything run that can."""
    for _ in range(10):
        await asyncio.sleep(0)


def run(story: Coroutine[None, None, None]) -> None:
    """Tell a story; what still waits at its end is given up."""
    asyncio.run(story)


def test_who_asks_once_waits_for_one_request_of_each_other_reader_not_for_all_of_them() -> None:
    async def story() -> None:
        desk = Desk(Turns(at_once=1, of_one=1))
        await desk.asked(*["crawler a"] * 50, *["crawler b"] * 50, "other")
        for _ in range(3):
            await desk.end(desk.begun[-1])
        assert desk.begun == ["crawler a", "crawler a", "crawler b", "other"]

    run(story())


def test_one_reader_alone_never_takes_the_last_places() -> None:
    async def story() -> None:
        desk = Desk(Turns(at_once=4, of_one=2))
        await desk.asked(*["slow"] * 10)
        assert desk.begun == ["slow"] * 2
        await desk.asked("other")
        assert desk.begun[-1] == "other"

    run(story())


def test_who_gives_up_waiting_or_is_given_up_at_work_keeps_nobody_waiting() -> None:
    async def story() -> None:
        desk = Desk(Turns(at_once=1, of_one=1))
        at_work, gives_up, _patient = await desk.asked("first", "second", "third")
        gives_up.cancel()
        await settled()
        at_work.cancel()
        await settled()
        assert desk.begun == ["first", "third"]

    run(story())


def test_who_gives_up_in_the_moment_of_the_turn_passes_it_on() -> None:
    async def story() -> None:
        desk = Desk(Turns(at_once=1, of_one=1))
        _at_work, gives_up, _next = await desk.asked("first", "second", "third")
        desk.working["first"][0].set()
        while desk.turns._working["second"] == 0:  # its turn is given, and it has not heard of it
            await asyncio.sleep(0)
        gives_up.cancel()
        await settled()
        assert desk.begun == ["first", "third"]

    run(story())


@given(
    st.lists(
        st.tuples(st.sampled_from(["ask", "end", "give up"]), st.integers(0, 20)), max_size=80
    ),
    st.integers(1, 5),
    st.integers(1, 3),
)
def test_no_place_is_lost_none_is_given_twice_and_everybody_has_a_turn(
    moves: list[tuple[str, int]], at_once: int, of_one: int
) -> None:
    async def story() -> None:
        desk = Desk(Turns(at_once=at_once, of_one=of_one))
        waiting: list[asyncio.Task[None]] = []
        given_up = asked = 0
        for move, number in moves:
            if move == "ask":
                asked += 1
                waiting += await desk.asked("abcde"[number % 5])
            elif move == "end" and desk.at_work:
                await desk.end(desk.at_work[number % len(desk.at_work)])
            elif move == "give up" and waiting:
                task = waiting[number % len(waiting)]
                given_up += not task.done()
                task.cancel()
                await settled()
            assert len(desk.at_work) <= at_once
            assert all(count <= of_one for count in Counter(desk.at_work).values())
        while desk.at_work:
            await desk.end(desk.at_work[0])
        assert asked - given_up <= len(desk.begun) <= asked
        assert all(task.done() for task in waiting)

    run(story())


def test_health_is_told_while_every_place_is_taken() -> None:
    async def story() -> None:
        handler = FairHandler()
        handler.turns = Turns(at_once=0, of_one=0)

        async def answer(_request: object) -> HttpResponse:
            return HttpResponse("fine")

        handler._middleware_chain = answer
        asked = AsyncRequestFactory().get
        for probe in ("/healthz", "/readyz"):
            assert (await handler.get_response_async(asked(probe))).content == b"fine"
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.01):
                await handler.get_response_async(asked("/datasets"))

    run(story())

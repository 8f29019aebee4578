"""Few requests at a time are worked on, and their readers take turns.

A page is a twentieth of a second of processor. Fifty at once would each last as long as all of them,
for everybody; where a few are worked on and the rest wait by reader, whoever asks for one page waits
for one of each other reader, however many those have asked for.
"""

from __future__ import annotations

import asyncio
from collections import Counter, OrderedDict, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from django.http import HttpRequest, HttpResponseBase

from wushu.config.border import UNCOUNTED
from wushu.config.spooling import SpoolingHandler
from wushu.parties.selectors import address_block

AT_ONCE = 8
"""Requests of one process that are worked on at the same time."""
OF_ONE = AT_ONCE // 2
"""How many of them may be of one reader: who makes the node wait leaves room for others."""
WITHOUT_TURN = (*UNCOUNTED, "/readyz")
"""A node with much to do is ready all the same."""


class Turns:
    """Who is next. Everything happens on the one event loop, so nothing is locked."""

    def __init__(self, at_once: int = AT_ONCE, of_one: int = OF_ONE) -> None:
        self._at_once = at_once
        self._of_one = of_one
        self._working: Counter[str] = Counter()
        self._waiting: OrderedDict[str, deque[asyncio.Future[None]]] = OrderedDict()

    @asynccontextmanager
    async def taken(self, reader: str) -> AsyncIterator[None]:
        """Wait for a turn of the reader, and hold it for the block."""
        await self._turn(reader)
        try:
            yield
        finally:
            self._release(reader)

    async def _turn(self, reader: str) -> None:
        if reader not in self._waiting and self._has_room(reader):
            self._working[reader] += 1
            return
        mine = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(reader, deque()).append(mine)
        try:
            await mine
        except asyncio.CancelledError:  # whoever asked is gone
            if mine.done() and not mine.cancelled():
                self._release(reader)
            raise

    def _has_room(self, reader: str) -> bool:
        return self._working.total() < self._at_once and self._working[reader] < self._of_one

    def _release(self, reader: str) -> None:
        self._working[reader] -= 1
        if not self._working[reader]:
            del self._working[reader]
        while (following := self._following()) is not None:
            self._begin(following)

    def _following(self) -> str | None:
        """The first in the line that may have a turn; who had one stands at its end."""
        return next((reader for reader in self._waiting if self._has_room(reader)), None)

    def _begin(self, reader: str) -> None:
        queue = self._waiting[reader]
        mine = queue.popleft()
        if queue:
            self._waiting.move_to_end(reader)
        else:
            del self._waiting[reader]
        if not mine.done():  # else it was given up while it waited
            self._working[reader] += 1
            mine.set_result(None)


class FairHandler(SpoolingHandler):
    """Django's handler; a request takes its turn once its body is there, until its answer begins."""

    def __init__(self) -> None:
        super().__init__()
        self.turns = Turns()

    async def get_response_async(self, request: HttpRequest) -> HttpResponseBase:
        """The answer, when it is the reader's turn: the block of addresses it comes from."""
        if request.path.startswith(WITHOUT_TURN):
            return await super().get_response_async(request)
        async with self.turns.taken(address_block(request.META.get("REMOTE_ADDR", ""))):
            return await super().get_response_async(request)

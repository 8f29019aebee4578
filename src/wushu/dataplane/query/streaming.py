"""An answer in pieces, watched over while it goes out.

While it streams, the whole question "may this request read this?" is asked again every second; the
connection is broken off when the answer has changed. Who takes nothing, or too little for too long, is
let go: there are only so many places.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from django.conf import settings

from wushu.dataplane.query import http
from wushu.dataplane.query.http import Header, Receive, Request, Send
from wushu.dataplane.query.pieces import Chunks
from wushu.dataplane.query.plane import Plane
from wushu.dataplane.query.types import (
    DOWNLOADS_WAITING,
    GRANT_CHANGED,
    TOO_MANY_DOWNLOADS,
    Access,
    Surface,
)
from wushu.dataplane.types import NO_QUOTA
from wushu.kernel.errors import Refusal

ASK_AGAIN_SECONDS = 1.0
IDLE_SECONDS = 60.0
"""A client that does not take one piece within this time is let go."""
SLOWEST = 16 * 1024
"""Bytes a second that a client takes on average, the first ``IDLE_SECONDS`` not counted."""

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Pace:
    """How fast the client takes what is sent: only the time it is waited for counts."""

    sent: int = 0
    waited: float = 0.0

    async def wait_for(self, sending: Awaitable[None], size: int) -> None:
        """Send so many bytes; ``TimeoutError`` when the client is too slow."""
        allowed = IDLE_SECONDS + self.sent / SLOWEST - self.waited
        begun = time.monotonic()
        async with asyncio.timeout(min(IDLE_SECONDS, allowed)):
            await sending
        self.waited += time.monotonic() - begun
        self.sent += size


@dataclass(slots=True)
class Stream:
    """One answer in pieces, watched over while it goes out."""

    plane: Plane
    request: Request
    receive: Receive
    send: Send
    access: Access
    columns: tuple[str, ...]
    count: Callable[[], int]
    """How many rows go out; asked where the grant has a quota of rows."""
    surface: Surface = Surface.DOWNLOAD
    beside: tuple[Access, ...] = ()
    """Other versions whose rows are in the answer; they are asked for and noted like the first."""
    _pace: _Pace = field(default_factory=_Pace, init=False)
    _asked_at: float = field(default_factory=time.monotonic, init=False)
    """When the grant was last asked for."""

    @property
    def _question(self) -> str:
        """The request as receipts keep it."""
        asked = self.request.query_string.decode("latin-1")
        return f"{self.request.path}?{asked}" if asked else self.request.path

    async def send_all(
        self,
        status: int,
        headers: list[Header],
        chunks: Callable[[], Chunks],
        require: Callable[[], None] | None = None,
    ) -> None:
        """Send the pieces; returns early, with the answer incomplete, when reading ends.

        An incomplete answer makes the server close the connection, which tells the client that the
        table is not whole.
        """
        if self.request.head:
            await http.start(self.send, status, headers)
            await self.send({"type": "http.response.body", "body": b""})
            return
        with self._place():
            if require is not None:
                await self.plane.in_thread(require)
            # Not before there is a place: a receipt says that somebody read.
            quota = await self._receipts()
            source = chunks()
            left = asyncio.ensure_future(self._left())
            try:
                piece = await self.plane.in_thread(next, source, b"")
                await self._require_granted()  # the first piece may have taken long to make
                begun = http.start(self.send, status, [*headers, *quota])
                await self._pace.wait_for(begun, 0)
                await self._send_pieces(source, piece, left)
            except TimeoutError:
                _log.warning("%s: a client took so little that it was let go", self.request.path)
            finally:
                left.cancel()
                await self.plane.in_thread(source.close)

    async def _receipts(self) -> list[Header]:
        """One for each version that is read; the rows count once, where the quota is."""
        quota: list[Header] = []
        for access in (self.access, *self.beside):
            again = access.grant == self.access.grant and access is not self.access
            counted = access.quota.rows is not None and not again
            rows = await self.plane.in_thread(self.count) if counted else 0
            told = await self.plane.receipt(
                replace(access, quota=NO_QUOTA) if again else access,
                surface=self.surface, columns=self.columns, query=self._question, rows=rows,
            )  # fmt: skip
            quota = quota or told
        return quota

    @contextmanager
    def _place(self) -> Iterator[None]:
        """One of the places for downloads; ``too-many-downloads``, ``downloads-waiting``."""
        streams, reader = self.plane.streams, self.plane.reader(self.request)
        if streams[reader] >= settings.DOWNLOADS_PER_READER:
            raise TOO_MANY_DOWNLOADS(limit=settings.DOWNLOADS_PER_READER)
        if streams.total() >= settings.DOWNLOADS_MAX:
            raise DOWNLOADS_WAITING()
        streams[reader] += 1
        try:
            yield
        finally:
            streams[reader] -= 1
            if not streams[reader]:
                del streams[reader]

    async def _left(self) -> None:
        """Ends when the client has closed the connection."""
        while (await self.receive())["type"] != "http.disconnect":
            pass

    async def _send_pieces(self, source: Chunks, piece: bytes, left: asyncio.Future[None]) -> None:
        while piece:
            if left.done():
                return
            try:
                await self._require_granted()
            except Refusal as refusal:
                _log.warning("%s: broken off, %s", self.request.path, refusal.name)
                return
            message = {"type": "http.response.body", "body": piece, "more_body": True}
            await self._pace.wait_for(self.send(message), len(piece))
            piece = await self.plane.in_thread(next, source, b"")
        await self._pace.wait_for(self.send({"type": "http.response.body", "body": b""}), 0)

    async def _require_granted(self) -> None:
        """Ask again once ``ASK_AGAIN_SECONDS`` have passed: ``grant-changed`` and those of ``decide``."""
        if time.monotonic() - self._asked_at < ASK_AGAIN_SECONDS:
            return
        for held in (self.access, *self.beside):
            now = await self.plane.admit(
                self.request, held.dataset, version=held.number, grant=held.grant
            )
            if now.content != held.content:
                raise GRANT_CHANGED(dataset=held.slug)
        self._asked_at = time.monotonic()

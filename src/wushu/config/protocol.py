"""HTTP connections that are not held by who sends or takes nothing.

The server keeps what it reads of a request's head, and what a client has not taken of an answer, for as
long as the connection lasts and however much it is. So a head has an end in bytes and in time, and an
answer has to be taken at some rate.
"""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_BYTES = 64 * 1024
"""More than ``border.MAX_HEAD``, which answers with a named refusal; beyond this there is no answer."""
HEAD_SECONDS = 20.0
"""From the connection, or the first byte of a further request, to the end of a request's head."""
TAKE_SECONDS = 30.0
"""How often is looked whether a client that has not taken all takes anything."""
TAKE_BYTES = 16 * 1024 * int(TAKE_SECONDS)
"""What it must take in that time."""


class BoundedProtocol(HttpToolsProtocol):
    """One connection."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._head_bytes = 0
        self._in_head = True
        self._head_alarm: asyncio.TimerHandle | None = None
        self._take_alarm: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Wait for the first head."""
        super().connection_made(transport)
        self._expect_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing is waited for any more."""
        self._cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Count what belongs to a head; the last piece may hold some of the body."""
        if self._in_head:
            if self._head_alarm is None:
                self._expect_head()
            self._head_bytes += len(data)
        super().data_received(data)
        if self._in_head and self._head_bytes > HEAD_BYTES:
            self.transport.abort()

    def on_headers_complete(self) -> None:
        """The head has come."""
        self._in_head = False
        self._head_bytes = 0
        if self._head_alarm is not None:
            self._head_alarm.cancel()
            self._head_alarm = None
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """What comes now is the next request's head."""
        self._in_head = True
        super().on_message_complete()

    def pause_writing(self) -> None:
        """The client takes less than is sent."""
        super().pause_writing()
        self._expect_taken()

    def resume_writing(self) -> None:
        """It has taken nearly all."""
        super().resume_writing()
        if self._take_alarm is not None:
            self._take_alarm.cancel()
            self._take_alarm = None

    def _expect_head(self) -> None:
        self._head_alarm = self.loop.call_later(HEAD_SECONDS, self.transport.abort)

    def _expect_taken(self) -> None:
        left = self.transport.get_write_buffer_size()
        self._take_alarm = self.loop.call_later(TAKE_SECONDS, self._look, left)

    def _look(self, before: int) -> None:
        """Nothing is added to the buffer while it is paused, so that it shrinks by what was taken."""
        if before - self.transport.get_write_buffer_size() < TAKE_BYTES:
            self.transport.abort()
        else:
            self._expect_taken()

    def _cancel(self) -> None:
        for alarm in (self._head_alarm, self._take_alarm):
            if alarm is not None:
                alarm.cancel()
        self._head_alarm = self._take_alarm = None

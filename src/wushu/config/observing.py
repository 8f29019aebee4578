"""Around every answer: its number for the reader, its line in the log, its counts."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from wushu.config import logs, metrics
from wushu.config.deprecation import headers_for
from wushu.dataplane.services import use_count
from wushu.kernel.noting import Noted, current

Receive = Callable[[], Awaitable[Mapping[str, Any]]]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]
Application = Callable[[Mapping[str, Any], Receive, Send], Awaitable[None]]

HEADER = b"x-request-id"


async def observed(
    answer: Application, scope: Mapping[str, Any], receive: Receive, send: Send
) -> None:
    """Answer one HTTP request, and tell of it when the answer has ended, however it ended."""
    noted = Noted()
    token = current.set(noted)
    began = time.perf_counter()
    status = size = 0

    async def sending(message: Mapping[str, Any]) -> None:
        nonlocal status, size
        if message["type"] == "http.response.start":
            status = message["status"]
            headers = [
                *message.get("headers", ()),
                (HEADER, noted.id.encode()),
                *headers_for(noted.route),
            ]
            await send({**message, "headers": headers})
            return
        size += len(message.get("body", b""))
        await send(message)

    try:
        await answer(scope, receive, sending)
    except Exception:
        status = status or 500  # the server answers so when nothing was sent
        raise
    finally:
        current.reset(token)
        seconds = time.perf_counter() - began
        metrics.count(noted, scope["method"], status, seconds, size)
        use_count(noted, scope["method"], scope["headers"], status, size)
        logs.tell_request(noted, scope["method"], status, seconds)

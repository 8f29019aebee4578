"""The application as a serving process lives with it."""

from __future__ import annotations

import gc
from typing import Any

import pytest
from asgiref.sync import async_to_sync

from wushu.config import asgi


def test_what_the_program_consists_of_is_no_garbage_while_it_serves(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("dataplane.usage_begin", "dataplane.usage_end", "data_plane.application.close"):
        monkeypatch.setattr(f"wushu.config.asgi.{name}", lambda: None)
    messages = iter(["lifespan.startup", "lifespan.shutdown"])
    held: dict[str, int] = {}

    async def receive() -> dict[str, Any]:
        return {"type": next(messages)}

    async def send(message: Any) -> None:
        held[message["type"]] = gc.get_freeze_count()

    async_to_sync(asgi._live)(receive, send)
    assert held["lifespan.startup.complete"] > 100_000
    assert held["lifespan.shutdown.complete"] == 0

"""The node's ASGI application: the data plane answers first, Django answers the rest."""

from __future__ import annotations

import gc
import os
import warnings
from asyncio import to_thread
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wushu.config.settings")

import django

# Style sheets and scripts are a few kilobytes: reading one whole before it is sent costs nothing.
warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous")

django.setup(set_prefix=False)

from wushu.config.border import within_bounds  # noqa: E402
from wushu.config.observing import observed  # noqa: E402
from wushu.config.turns import FairHandler  # noqa: E402  (needs Django's set-up, as models do)
from wushu.dataplane import asgi as data_plane  # noqa: E402
from wushu.dataplane import services as dataplane  # noqa: E402
from wushu.kernel.noting import note_route  # noqa: E402

_django = FairHandler()

Receive = Callable[[], Awaitable[Mapping[str, Any]]]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]


async def application(scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
    """Send each request to the one who answers it."""
    if scope["type"] == "lifespan":
        await _live(receive, send)
    elif scope["type"] == "http":
        await observed(_bounded, scope, receive, send)
    else:
        await _django(dict(scope), receive, send)


async def _bounded(scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
    await within_bounds(_answer, scope, receive, send)


async def _answer(scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
    found = data_plane.route(scope["path"])
    if found is None:
        await _django(dict(scope), receive, send)
        return
    note_route(found[0].template)
    await data_plane.application(scope, receive, send)


async def _live(receive: Receive, send: Send) -> None:
    """Start counting use; with the process end the data plane's threads, and write the counts.

    What the program consists of stays until the process ends. Looking through it for garbage, every few
    hundred pages, would hold up one answer for a tenth of a second.
    """
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            dataplane.usage_begin()
            gc.collect()
            gc.freeze()
            await send({"type": "lifespan.startup.complete"})
        else:
            data_plane.application.close()
            await to_thread(dataplane.usage_end)
            gc.unfreeze()
            await send({"type": "lifespan.shutdown.complete"})
            return

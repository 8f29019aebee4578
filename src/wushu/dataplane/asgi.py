"""The data plane as an ASGI application: it answers before Django's handler sees the request.

``ROUTES`` names every surface on which rows can be read this way; the test of grants enumerates it.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from wushu.dataplane.query import ckan, delta, downloads, http, rows
from wushu.dataplane.query.http import Receive, Request, Send, refusal_headers
from wushu.dataplane.query.plane import Plane, actor_of_session, session_key
from wushu.dataplane.query.types import (
    ANSWER_FAILED,
    DATASET_NOT_FOUND,
    METHOD_NOT_ALLOWED,
    Surface,
)
from wushu.kernel.errors import Refusal
from wushu.kernel.noting import note_refusal

__all__ = ["ROUTES", "DataPlane", "Request", "Route", "application", "refusal_headers", "route"]

DESCRIPTION = ".csv-metadata.json"
"""Ends the addresses at which the catalogue describes a CSV file; no row is there."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Route:
    """One surface: the addresses it answers."""

    surface: Surface
    template: str
    """As the documentation writes it."""
    pattern: re.Pattern[str]


ROUTES = (
    Route(
        Surface.ROWS,
        "/api/v1/datasets/{slug}/rows",
        re.compile(r"/api/v1/datasets/(?P<slug>[^/]+)/rows"),
    ),
    Route(
        Surface.DELTA,
        "/api/v1/datasets/{slug}/delta",
        re.compile(r"/api/v1/datasets/(?P<slug>[^/]+)/delta"),
    ),
    Route(
        Surface.DOWNLOAD,
        "/data/{slug}.{format}",
        re.compile(r"/data/(?P<slug>[^/]+)\.(?P<suffix>[A-Za-z0-9]+)"),
    ),
    Route(
        Surface.CKAN,
        "/api/3/action/datastore_search",
        re.compile(r"/api/(3/)?action/datastore_search/?"),
    ),
)


def route(path: str) -> tuple[Route, Mapping[str, str]] | None:
    """The data plane's route of a path, with its parts; None for what Django answers."""
    if not path.startswith(("/api/", "/data/")) or path.endswith(DESCRIPTION):
        return None
    for one in ROUTES:
        found = one.pattern.fullmatch(path)
        if found is not None:
            return one, found.groupdict()
    return None


class DataPlane:
    """Answers the requests of ``ROUTES``."""

    def __init__(self) -> None:
        self.plane = Plane()

    async def __call__(self, scope: http.Scope, receive: Receive, send: Send) -> None:
        """One HTTP request. Refusals become problem details, CKAN's in its own envelope."""
        found = route(scope["path"])
        request = Request.of(scope)
        started = _Started(send, lambda: self._rate_headers(request))
        try:
            await self._answer(request, receive, started, found)
            return
        except http.Gone:
            return
        except Refusal as caught:
            refusal = caught
            if refusal.status == 401:
                refusal = self.plane.key_refused(request) or refusal
        except Exception:
            _log.exception("%s %s failed", request.method, request.path)
            refusal = ANSWER_FAILED()
        # Made in a thread perhaps, where nothing of the request is known.
        note_refusal(refusal.name, refusal.status)
        if not started.yes:
            in_ckan = found is not None and found[0].surface is Surface.CKAN
            await (ckan if in_ckan else http).problem(started, request, refusal)

    def _rate_headers(self, request: Request) -> list[http.Header]:
        allowed = self.plane.allowance(self.plane.reader(request))
        return [] if allowed is None else allowed.headers()

    def over_the_rate(self, address: str) -> Refusal | None:
        """Count a request that Django answers; the refusal ``too-many-requests`` or None."""
        return self.plane.over_the_rate(address)

    async def is_signed_in(self, request: Request) -> bool:
        """Whether the request comes with the session of an account that holds."""
        key = session_key(request)
        return bool(key) and await self.plane.in_thread(actor_of_session, key) is not None

    def close(self) -> None:
        """End the data plane's threads."""
        self.plane.close()

    async def _answer(
        self,
        request: Request,
        receive: Receive,
        send: Send,
        found: tuple[Route, Mapping[str, str]] | None,
    ) -> None:
        await self.plane.require_within_rate(request)
        if found is None:
            raise DATASET_NOT_FOUND(dataset=request.path)
        one, parts = found
        if one.surface is Surface.CKAN:
            await ckan.respond(self.plane, request, receive, send)
            return
        if request.method not in ("GET", "HEAD"):
            raise METHOD_NOT_ALLOWED(method=request.method, allowed="GET, HEAD")
        slug = parts["slug"]
        if one.surface is Surface.ROWS:
            await rows.respond(self.plane, request, send, slug)
        elif one.surface is Surface.DELTA:
            await delta.respond(self.plane, request, receive, send, slug)
        else:
            await downloads.respond(self.plane, request, receive, send, slug, parts["suffix"])


class _Started:
    """Remembers whether an answer has begun: after that no other can be given.

    Each answer says what is left of the reader's rate.
    """

    def __init__(self, send: Send, rate: Callable[[], list[http.Header]]) -> None:
        self._send = send
        self._rate = rate
        self.yes = False

    async def __call__(self, message: dict[str, Any]) -> None:
        self.yes = True
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message["headers"], *self._rate()]}
        await self._send(message)


application = DataPlane()

"""What no request may be, whoever answers it: too long, too large, too slow, too often.

Django keeps whatever is sent before it asks who sends it, and the data plane answers before Django;
so these bounds stand before both. The refusal is a page, or problem details (RFC 9457) for programs.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import Any

import orjson
from django.conf import settings
from django.http.request import split_domain_port, validate_host
from django.template.loader import render_to_string
from django.utils import translation

from wushu.config.refusals import (
    HEADERS_TOO_LONG,
    HOST_NOT_THIS_NODE,
    REQUEST_TOO_LARGE,
    REQUEST_TOO_SLOW,
)
from wushu.dataplane import asgi as data_plane
from wushu.dataplane.asgi import Request, refusal_headers
from wushu.kernel.errors import Language, Refusal

MAX_HEAD = 32 * 1024
"""Bytes of a request's headers and query together."""
BODY_SECONDS = 30.0
"""Time a body may take however small it is."""
BODY_SLOWEST = 16 * 1024
"""Bytes a second of a larger one."""

_SLACK = 1024**2
"""What a form has around the file that is handed in."""
UNCOUNTED = ("/healthz", "/static/")
"""Answered without the database."""

Scope = Mapping[str, Any]
Receive = Callable[[], Awaitable[Mapping[str, Any]]]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]


async def within_bounds(answer: Application, scope: Scope, receive: Receive, send: Send) -> None:
    """Let an HTTP request in to who answers it, or refuse it.

    Refusals: ``headers-too-long``, ``host-not-this-node``, ``too-many-requests``,
    ``request-too-large``, ``request-too-slow``.
    """
    request = Request.of(scope)
    refusal = _first_refusal(scope, request)
    if refusal is not None:
        await _refuse(send, request, refusal)
        return
    if not _has_body(request):
        await answer(scope, receive, send)
        return
    body = _Body(receive, await _largest(request))
    if body.declared_too_large(request):
        await _refuse(send, request, REQUEST_TOO_LARGE(limit=body.most))
        return
    started = False

    async def sending(message: Mapping[str, Any]) -> None:
        nonlocal started
        if body.refusal is None or started:
            started = True
            await send(message)

    await answer(scope, body, sending)
    if body.refusal is not None and not started:
        await _refuse(send, request, body.refusal)


def _first_refusal(scope: Scope, request: Request) -> Refusal | None:
    length = len(request.query_string) + len(scope.get("raw_path") or b"")
    length += sum(map(len, chain.from_iterable(scope["headers"])))
    if length > MAX_HEAD:
        return HEADERS_TOO_LONG(limit=MAX_HEAD)
    if data_plane.route(request.path) is not None:
        # Its rate is the data plane's own: a key counts for itself, not for its address
        ours = _is_ours(request.text(b"host"), tuple(settings.ALLOWED_HOSTS))
        return None if ours else HOST_NOT_THIS_NODE()
    if request.path.startswith(UNCOUNTED):
        return None
    return data_plane.application.over_the_rate(request.address)


@lru_cache(maxsize=256)
def _is_ours(host: str, allowed: tuple[str, ...]) -> bool:
    """Django's own check of ``Host``. A request without one (HTTP/1.0) names no other node."""
    domain, _ = split_domain_port(host)
    return not host or (bool(domain) and validate_host(domain, allowed))


def _has_body(request: Request) -> bool:
    """Whether a body follows the head (RFC 9112, 6.3)."""
    return b"content-length" in request.headers or b"transfer-encoding" in request.headers


async def _largest(request: Request) -> int:
    """Bytes the body may have: a file from somebody signed in, a form of the desk, or little."""
    path = request.path.removeprefix("/en")
    if not path.startswith("/desk/"):
        return int(settings.BODY_MAX_BYTES)
    uploads = path == "/desk/upload" and request.method == "POST"
    if uploads and await data_plane.application.is_signed_in(request):
        return int(settings.UPLOAD_MAX_BYTES) + _SLACK
    return int(settings.DATA_UPLOAD_MAX_MEMORY_SIZE)


@dataclass(slots=True)
class _Body:
    """Receives the body, as far as it is allowed: then the client is gone, for who answers."""

    receive: Receive
    most: int
    size: int = 0
    waited: float = 0.0
    whole: bool = False
    refusal: Refusal | None = None

    def declared_too_large(self, request: Request) -> bool:
        """By its own word; a word that is no number is left to the server."""
        said = request.text(b"content-length")
        return said.isascii() and said.isdigit() and (len(said) > 18 or int(said) > self.most)

    async def __call__(self) -> Mapping[str, Any]:
        """The next message."""
        if self.refusal is not None:
            return {"type": "http.disconnect"}
        if self.whole:
            return await self.receive()
        begun = time.monotonic()
        try:
            async with asyncio.timeout(BODY_SECONDS + self.size / BODY_SLOWEST - self.waited):
                message = await self.receive()
        except TimeoutError:
            self.refusal = REQUEST_TOO_SLOW()
            return {"type": "http.disconnect"}
        self.waited += time.monotonic() - begun
        if message["type"] == "http.request":
            self.size += len(message.get("body", b""))
            self.whole = not message.get("more_body", False)
        if self.size > self.most:
            self.refusal = REQUEST_TOO_LARGE(limit=self.most)
            return {"type": "http.disconnect"}
        return message


async def _refuse(send: Send, request: Request, refusal: Refusal) -> None:
    """Say no, and end the connection: what is still coming is not read."""
    as_page = "text/html" in request.text(b"accept")
    content = _page(request, refusal) if as_page else orjson.dumps(_problem(request, refusal))
    media_type = b"text/html; charset=utf-8" if as_page else b"application/problem+json"
    headers = [
        (b"content-type", media_type),
        (b"content-length", str(len(content)).encode()),
        (b"content-security-policy", b"default-src 'none'; style-src 'self'"),
        (b"x-content-type-options", b"nosniff"),
        (b"cache-control", b"no-store"),
        (b"connection", b"close"),
        *refusal_headers(refusal),
    ]
    await send({"type": "http.response.start", "status": refusal.status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if request.head else content})


def _problem(request: Request, refusal: Refusal) -> dict[str, Any]:
    return refusal.as_problem(request.language)


def _page(request: Request, refusal: Refusal) -> bytes:
    """A page that asks no database."""
    english = f"{request.path}/".startswith("/en/")
    language: Language = "en" if english else "zh"
    said = {
        "name": refusal.name,
        "status": refusal.status,
        "sentence": refusal.sentence(language),
        "way_out": refusal.way_out(language),
        "language": language,
    }
    with translation.override("en" if english else "zh-hans"):
        return render_to_string("portal/turned_away.html", said).encode()

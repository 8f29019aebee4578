"""What the data plane needs of HTTP: a request read once, answers written once."""

from __future__ import annotations

import asyncio
import hashlib
import zlib
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl

import orjson

from wushu.dataplane.query.types import BODY_TOO_LARGE, PARAMETER_NOT_UNDERSTOOD
from wushu.kernel.errors import Language, Refusal, Said
from wushu.kernel.languages import language_of
from wushu.parties.selectors import address_block, api_key_digest

Scope = Mapping[str, Any]
Receive = Callable[[], Awaitable[Mapping[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Header = tuple[bytes, bytes]

MAX_BODY = 64 * 1024
COMPRESS_FROM = 2_048
"""Smaller answers gain nothing from gzip."""
APART_FROM = 64 * 1024
"""Bytes from which work on an answer is done in a thread: the event loop has other readers."""

_COMMON: tuple[Header, ...] = (
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"referrer-policy", b"same-origin"),
)


class Gone(Exception):
    """The client left before its request was complete."""


@dataclass(frozen=True)
class Request:
    """One request. Header names are lower case; of repeated headers the last counts."""

    method: str
    path: str
    query_string: bytes
    headers: dict[bytes, bytes]
    address: str

    @classmethod
    def of(cls, scope: Scope) -> Request:
        """From an ASGI scope."""
        client = scope.get("client")
        return cls(
            scope["method"],
            scope["path"],
            scope["query_string"],
            dict(scope["headers"]),
            client[0] if client else "",
        )

    @cached_property
    def parameters(self) -> list[tuple[str, str]]:
        """Query parameters in order; refusal ``parameter-not-understood`` for what is not UTF-8."""
        return pairs(self.query_string)

    def text(self, name: bytes) -> str:
        """A header's text; empty when it is missing."""
        return self.headers.get(name, b"").decode("latin-1")

    @cached_property
    def key(self) -> str:
        """The API key: ``Authorization: Bearer …``, or bare as CKAN's clients send it; or empty."""
        given = self.text(b"authorization") or self.text(b"x-ckan-api-key")
        scheme, space, rest = given.strip().partition(" ")
        return rest.strip() if space and scheme.lower() == "bearer" else given.strip()

    @cached_property
    def key_digest(self) -> str:
        """By what the key is known; empty without one, and for what cannot be one."""
        return api_key_digest(self.key) if self.key else ""

    @cached_property
    def address_block(self) -> str:
        """What counts as the one address it came from; empty when that is unknown."""
        return address_block(self.address)

    @property
    def language(self) -> Language:
        """Language of sentences: Chinese unless English is asked for first."""
        return language_of(self.text(b"accept-language"))

    @property
    def head(self) -> bool:
        """Only headers are wanted."""
        return self.method == "HEAD"

    @property
    def takes_gzip(self) -> bool:
        """Whether the client names gzip without refusing it."""
        for part in self.text(b"accept-encoding").lower().split(","):
            name, _, quality = part.partition(";")
            if name.strip() == "gzip":
                return quality.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
        return False


def pairs(query_string: bytes) -> list[tuple[str, str]]:
    """Parameters of a query string or a form body."""
    try:
        return parse_qsl(
            query_string.decode("ascii"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=200,
        )
    except ValueError:
        shown = query_string[:80].decode("latin-1")
        limits = Said(
            "UTF-8，按百分号编码，最多 200 个参数", "UTF-8, percent-encoded, at most 200 parameters"
        )
        raise PARAMETER_NOT_UNDERSTOOD(parameter="?", value=shown, allowed=limits) from None


def require_known(given: Iterable[tuple[str, str]], known: Sequence[str]) -> None:
    """Refusal ``parameter-not-understood``: ignoring one would answer another question."""
    for name, value in given:
        if name not in known:
            raise PARAMETER_NOT_UNDERSTOOD(parameter=name, value=value, allowed=", ".join(known))


def once(given: Iterable[tuple[str, str]], repeatable: Collection[str] = ()) -> dict[str, str]:
    """Parameters by name; refusal ``parameter-not-understood`` for one given twice.

    Of two values one would be silently ignored. ``repeatable``: those that may come more than once.
    """
    single: dict[str, str] = {}
    for name, value in given:
        if name in single and name not in repeatable:
            every = Said("每个参数只写一次", "each parameter once")
            raise PARAMETER_NOT_UNDERSTOOD(parameter=name, value=value, allowed=every)
        single[name] = value
    return single


async def body(receive: Receive) -> bytes:
    """The request's body; refusal ``body-too-large``. ``Gone`` when the client leaves."""
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Gone
        part = message.get("body", b"")
        size += len(part)
        if size > MAX_BODY:
            raise BODY_TOO_LARGE(limit=MAX_BODY)
        parts.append(part)
        if not message.get("more_body"):
            return b"".join(parts)


async def answer(
    send: Send, request: Request, status: int, headers: Iterable[Header], content: bytes = b""
) -> None:
    """One complete answer, compressed when the client takes gzip and it is worth it."""
    made = [*_COMMON, *headers]
    if len(content) >= COMPRESS_FROM and request.takes_gzip:
        apart = len(content) > APART_FROM
        content = await asyncio.to_thread(_gzip, content) if apart else _gzip(content)
        made.append((b"content-encoding", b"gzip"))
    if status != 304:
        made.append((b"content-length", str(len(content)).encode()))
    await send({"type": "http.response.start", "status": status, "headers": made})
    await send({"type": "http.response.body", "body": b"" if request.head else content})


def _gzip(content: bytes) -> bytes:
    packer = zlib.compressobj(1, zlib.DEFLATED, 31)
    return packer.compress(content) + packer.flush()


async def start(send: Send, status: int, headers: Iterable[Header]) -> None:
    """The head of an answer whose body follows in pieces."""
    await send({"type": "http.response.start", "status": status, "headers": [*_COMMON, *headers]})


async def problem(send: Send, request: Request, refusal: Refusal) -> None:
    """A refusal as problem details (RFC 9457)."""
    headers = [
        (b"content-type", b"application/problem+json"),
        (b"cache-control", b"no-store"),
        *refusal_headers(refusal),
    ]
    await answer(
        send, request, refusal.status, headers, orjson.dumps(refusal.as_problem(request.language))
    )


def refusal_headers(refusal: Refusal) -> list[Header]:
    """Headers that go with a status."""
    headers: list[Header] = []
    if refusal.status == 401:
        headers.append((b"www-authenticate", b'Bearer realm="wushu"'))
    if refusal.status == 405:
        headers.append((b"allow", str(refusal.facts["allowed"]).encode()))
    if refusal.status == 416:  # RFC 9110, 15.5.17
        headers.append((b"content-range", f"bytes */{refusal.facts['size']}".encode()))
    if refusal.status in (429, 503):
        seconds = refusal.facts.get("seconds", 5) if refusal.status == 429 else 5
        headers.append((b"retry-after", str(seconds).encode()))
    return headers


def weak_etag(parts: list[Any]) -> bytes:
    """A tag of what is made for each reader: by all that it depends on, in JSON's types."""
    return b'W/"' + hashlib.sha256(orjson.dumps(parts)).hexdigest()[:32].encode() + b'"'


def matches(request: Request, etag: bytes) -> bool:
    """If-None-Match names this entity (weak comparison, RFC 9110, 13.1.2)."""
    given = request.headers.get(b"if-none-match")
    if given is None:
        return False
    wanted = etag.removeprefix(b"W/")
    return given.strip() == b"*" or any(
        one.strip().removeprefix(b"W/") == wanted for one in given.split(b",")
    )

"""Answers of which every byte is known before it is sent: with length, strong tag, digest and parts."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from dataclasses import dataclass

from wushu.dataplane.query.http import Header, Request
from wushu.dataplane.query.pieces import Chunks
from wushu.dataplane.query.streaming import Stream
from wushu.dataplane.query.types import RANGE_NOT_THERE

_RANGE = re.compile(rb"bytes=(\d{0,19})-(\d{0,19})")


@dataclass(frozen=True, slots=True)
class Known:
    """An answer whose size and digest are known before it is sent."""

    size: int
    sha256: str
    part: Callable[[int, int], Chunks]
    """The bytes from the first up to one past the last."""
    tag: bytes = b""
    """Strong; empty: the digest of the bytes."""

    @property
    def etag(self) -> bytes:
        """Strong: the same bytes."""
        return self.tag or f'"{self.sha256}"'.encode()


async def send_known(stream: Stream, known: Known, headers: list[Header]) -> None:
    """The whole, or the part of it that is asked for (RFC 9110, 14), with its digest (RFC 9530).

    Refusal: ``range-not-there``.
    """
    digest = b"sha-256=:" + base64.b64encode(bytes.fromhex(known.sha256)) + b":"
    headers += [(b"accept-ranges", b"bytes"), (b"repr-digest", digest)]
    span = _span(stream.request, known)
    if span is None:
        raise RANGE_NOT_THERE(size=known.size)
    first, past = span
    status = 200 if (first, past) == (0, known.size) else 206
    if status == 206:
        headers.append((b"content-range", f"bytes {first}-{past - 1}/{known.size}".encode()))
    else:
        headers.append((b"content-digest", digest))
    headers.append((b"content-length", str(past - first).encode()))
    await stream.send_all(status, headers, lambda: known.part(first, past))


def _span(request: Request, known: Known) -> tuple[int, int] | None:
    """First byte and one past the last; None for a range that cannot be met."""
    asked = None if request.head else request.headers.get(b"range")  # RFC 9110, 14.2: of GET only
    if asked is None or request.headers.get(b"if-range", known.etag) != known.etag:
        return 0, known.size
    found = _RANGE.fullmatch(asked.strip())
    if found is None or found.groups() == (b"", b""):
        return 0, known.size  # several ranges, or another unit: the whole is an allowed answer
    first, last = found.groups()
    if not first:
        begin, past = max(0, known.size - int(last)), known.size
    else:
        begin, past = int(first), min(known.size, int(last) + 1 if last else known.size)
    return (begin, past) if begin < past else None

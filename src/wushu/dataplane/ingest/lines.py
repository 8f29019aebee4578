"""How long a line may be, asked before anything holds one in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from wushu.dataplane.ingest.refusals import LINE_TOO_LONG

LINE_BYTES = 16 * 1024 * 1024
"""Bytes of one line. The engine and the careful parser keep a few lines of this size in memory."""


def bounded(chunks: Iterable[bytes], line_at: Callable[[int], int]) -> Iterator[bytes]:
    """The chunks of a text whose line ends are LF and CR bytes, until a line is too long.

    ``line_at`` tells the line of an offset; it is asked only for the refusal. Chunks are shorter than
    a line may be, so that only what stands across their borders needs a look. Refusal:
    ``line-too-long``.
    """
    offset = begun = 0
    for chunk in chunks:
        ends = [place for place in (chunk.find(b"\n"), chunk.find(b"\r")) if place >= 0]
        if offset + min(ends, default=len(chunk)) - begun > LINE_BYTES:
            raise LINE_TOO_LONG(line=line_at(begun), limit=LINE_BYTES)
        if ends:
            begun = offset + max(chunk.rfind(b"\n"), chunk.rfind(b"\r")) + 1
        offset += len(chunk)
        yield chunk

"""Answers in pieces: some quarter of a megabyte each, which a slow client can take in its time."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from pathlib import Path

CHUNK = 256 * 1024
"""Bytes of the largest piece."""

Chunks = Generator[bytes, None, None]


def gathered(pieces: Iterator[bytes]) -> Chunks:
    """The first piece at once, the others in larger ones, none larger than ``CHUNK``."""
    waiting: list[bytes] = []
    size = 0
    first = True
    for piece in pieces:
        waiting.append(piece)
        size += len(piece)
        if size >= CHUNK or first:
            yield from _cut(b"".join(waiting))
            waiting, size, first = [], 0, False
    if waiting:
        yield from _cut(b"".join(waiting))


def of_file(path: Path, first: int, past: int) -> Chunks:
    """Bytes ``first`` up to ``past`` of a file."""
    with path.open("rb") as file:
        file.seek(first)
        while first < past and (piece := file.read(min(CHUNK, past - first))):
            first += len(piece)
            yield piece


def _cut(piece: bytes) -> Iterator[bytes]:
    """Rows may be long."""
    for first in range(0, len(piece), CHUNK):
        yield piece[first : first + CHUNK]

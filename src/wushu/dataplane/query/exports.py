"""What is known of a generated download before it is asked for, and how a part of it is made.

A download that everybody may have whole is made once in the background, and nothing of it is kept but its
size, its SHA-256, and at which byte some of its rows begin. A range then begins at the mark before it. Why
no file is kept: ``docs/decisions/0015-export-facts.md``.
"""

from __future__ import annotations

import hashlib
import zlib
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import duckdb
import pyarrow as pa

from wushu import __version__

RECIPE = (
    f"1 wushu {__version__} duckdb {duckdb.__version__} arrow {pa.__version__} "
    f"zlib {zlib.ZLIB_RUNTIME_VERSION}"
)
"""What the bytes depend on beside the version. Another release may write the same rows otherwise."""

MARK_EVERY = 4 * 1024 * 1024
"""Bytes between two marks: a range makes at most so many before its first in vain."""
MARKS = 512
"""Most marks of an export; beyond, every second is dropped and they come half as often."""


class Run(NamedTuple):
    """A piece of an export as its writer gives it."""

    rows: int
    """Whole rows in it; 0 for what stands before and after the rows."""
    data: bytes


class ExportDiffers(Exception):
    """What was made is not what was measured."""


class Stopped(Exception):
    """The work was told to end."""


@dataclass(frozen=True, slots=True)
class Facts:
    """Of one export in one variant."""

    size: int
    """Bytes."""
    sha256: str
    marks: tuple[tuple[int, int], ...] = ()
    """Pairs of a row's place, from 0, and the byte at which it begins; both ascending."""

    def mark_before(self, byte: int) -> tuple[int, int]:
        """The last mark at or before a byte; (0, 0) where there is none."""
        place = bisect_right(self.marks, byte, key=lambda mark: mark[1])
        return self.marks[place - 1] if place else (0, 0)


class _Tally:
    """Counts, hashes and marks one export as it goes by."""

    def __init__(self, before: bytes) -> None:
        self._digest = hashlib.sha256(before)
        self._size, self._rows = len(before), 0
        self._every, self._next = MARK_EVERY, MARK_EVERY
        self._marks: list[tuple[int, int]] = []

    def take(self, run: Run) -> None:
        if run.rows and self._rows and self._size >= self._next:
            self._mark()
        self._digest.update(run.data)
        self._size += len(run.data)
        self._rows += run.rows

    def _mark(self) -> None:
        self._marks.append((self._rows, self._size))
        if len(self._marks) > MARKS:
            self._marks, self._every = self._marks[1::2], self._every * 2
        self._next = self._marks[-1][1] + self._every

    def facts(self) -> Facts:
        return Facts(self._size, self._digest.hexdigest(), tuple(self._marks))


def measure(
    runs: Iterable[Run],
    before: Sequence[bytes] = (b"",),
    stopped: Callable[[], bool] = lambda: False,
) -> list[Facts]:
    """Facts of an export, for each of the beginnings it may have, in constant memory; ``Stopped``."""
    tallies = [_Tally(one) for one in before]
    for run in runs:
        if stopped():
            raise Stopped
        for tally in tallies:
            tally.take(run)
    return [tally.facts() for tally in tallies]


def part(
    facts: Facts, first: int, past: int, make: Callable[[int], Iterator[Run]]
) -> Iterator[bytes]:
    """Bytes ``first`` up to ``past`` of an export; ``make`` gives it from a row on.

    The whole is hashed on its way, and its last piece held back until the digest fits:
    ``ExportDiffers``.
    """
    if (first, past) == (0, facts.size):
        yield from _verified(facts, (run.data for run in make(0)))
        return
    row, at = facts.mark_before(first)
    for run in make(row):
        begin, at = at, at + len(run.data)
        if at > first:
            yield run.data[max(0, first - begin) : past - begin]
        if at >= past:
            return
    raise ExportDiffers


def _verified(facts: Facts, pieces: Iterable[bytes]) -> Iterator[bytes]:
    digest, size, held = hashlib.sha256(), 0, b""
    for piece in pieces:
        if held:
            yield held
        digest.update(piece)
        size, held = size + len(piece), piece
        if size > facts.size:
            raise ExportDiffers
    if digest.hexdigest() != facts.sha256:
        raise ExportDiffers
    yield held

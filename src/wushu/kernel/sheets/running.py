"""A file, row by row: planned, and unless only tried, done."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from itertools import islice
from typing import IO, Protocol, TypeVar

from wushu.kernel.errors import Refusal
from wushu.kernel.sheets.reporting import CellRefusal, Line


class Rowlike(Protocol):
    """A row, or several rows that speak of one thing."""

    @property
    def number(self) -> int:
        """The first row."""

    @property
    def fault(self) -> CellRefusal | None:
        """The first cell that could not be read."""

    def __getitem__(self, key: str, /) -> str:
        """The text of a cell."""

    def cell(self, key: str, /) -> str:
        """Name of a cell."""


One = TypeVar("One", bound=Rowlike)
Plan = tuple[Line, Callable[[], Line] | None]
"""What would become of a row, and what does it; None: nothing is to be done."""


BATCH = 25
"""Rows that commit together: waiting for the disk after each would be half of the time."""


def run(
    rows: Iterable[One],
    plan: Callable[[One], Plan],
    *,
    key: str,
    dry_run: bool,
    together: Callable[[], AbstractContextManager[object]],
    batch: int = BATCH,
) -> Iterator[Line]:
    """A line for every row. ``key`` is the column whose text names a refused row.

    A dry run plans as the real one does and does nothing; the plan of a row may rely on the rows above
    it. A refusal while a row is done (somebody else was faster) becomes its line too. ``together``
    makes a transaction around ``batch`` rows, each of which is whole or not at all by itself; their
    lines are told once it has ended.
    """
    waiting = iter(rows)
    while several := list(islice(waiting, batch)):
        with nullcontext() if dry_run else together():
            lines = [_line(row, plan, key, dry_run) for row in several]
        yield from lines


def _line(row: One, plan: Callable[[One], Plan], key: str, dry_run: bool) -> Line:
    try:
        if row.fault is not None:
            raise row.fault
        line, work = plan(row)
        return work() if work is not None and not dry_run else line
    except CellRefusal as refused:
        return Line.refused(row.number, row[key], refused.refusal, refused.cell)
    except Refusal as refusal:
        return Line.refused(row.number, row[key], refusal, row.cell(""))


def sha256_of(stream: IO[bytes]) -> str:
    """Digest of a file in hexadecimal; the stream is at its beginning afterwards."""
    stream.seek(0)
    digest = hashlib.file_digest(stream, "sha256").hexdigest()  # type: ignore[arg-type]
    stream.seek(0)
    return digest

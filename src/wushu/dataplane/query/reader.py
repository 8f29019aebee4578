"""Reads a serving file in place: nothing is copied but the rows that go out.

The layout is that of ``wushu.dataplane.serving``. A reader is immutable and may be used by any number
of threads at once.
"""

from __future__ import annotations

import json
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal, Protocol

import pyarrow as pa
from pyarrow import ipc

from wushu.catalog.types import FieldType
from wushu.dataplane import serving
from wushu.dataplane.query.conditions import Value

Key = int | bytes
"""A value as an index stores it: texts as UTF-8, dates as days, times as microseconds."""

_EPOCH_DAY = date(1970, 1, 1).toordinal()
_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001  (local times of the source, without a zone)


class _Keys(Protocol):
    """Keys of one batch, ascending."""

    def __getitem__(self, place: int, /) -> Any: ...

    def __len__(self) -> int: ...


class Texts:
    """Texts of one Arrow column of a batch, without NULLs, as the engine makes it (64-bit offsets)."""

    __slots__ = ("data", "offsets")

    def __init__(self, column: Any) -> None:
        _, offsets, data = column.buffers()
        self.offsets = memoryview(offsets).cast("q")
        self.data = memoryview(data) if data is not None else memoryview(b"")

    def __getitem__(self, place: int, /) -> bytes:
        return bytes(self.data[self.offsets[place] : self.offsets[place + 1]])

    def view(self, place: int) -> memoryview:
        """The same without a copy."""
        return self.data[self.offsets[place] : self.offsets[place + 1]]

    @property
    def together(self) -> bytes:
        """All texts, one after the other."""
        return bytes(self.data[self.offsets[0] : self.offsets[-1]])

    def __len__(self) -> int:
        return len(self.offsets) - 1


_STEP = 512
"""Every so many keys of a batch one is kept in memory: most of a search happens among those."""


@dataclass(frozen=True, slots=True)
class _Batch:
    """Some entries of an index: the n-th is ``start + n`` in the whole."""

    start: int
    keys: _Keys
    positions: memoryview[int]
    landmarks: list[Key]
    """Keys 0, _STEP, 2 * _STEP …"""

    def left(self, key: Key) -> int:
        """How many entries of the whole are smaller, when the key falls into this batch."""
        mark = bisect_left(self.landmarks, key)
        low, high = max(0, (mark - 1) * _STEP), min(mark * _STEP, len(self.keys))
        return self.start + bisect_left(self.keys, key, low, high)

    def right(self, key: Key) -> int:
        """The same of those smaller or equal."""
        mark = bisect_right(self.landmarks, key)
        low, high = max(0, (mark - 1) * _STEP), min(mark * _STEP, len(self.keys))
        return self.start + bisect_right(self.keys, key, low, high)


class Index:
    """The values of one column in ascending order, equal ones by the place of their row."""

    def __init__(self, type_: FieldType, batches: Iterator[Any]) -> None:
        self.type = type_
        self._batches: list[_Batch] = []
        start = 0
        for batch in batches:
            keys, positions = batch.column(0), batch.column(1)
            made = Texts(keys) if type_ is FieldType.TEXT else _numbers(keys)
            landmarks = [made[place] for place in range(0, len(made), _STEP)]
            self._batches.append(_Batch(start, made, _numbers(positions), landmarks))
            start += batch.num_rows
        self._starts = [batch.start for batch in self._batches]
        self._last_keys = [batch.keys[len(batch.keys) - 1] for batch in self._batches]
        self.size = start

    def key(self, value: Value) -> Key:
        """The value as the index stores it."""
        if isinstance(value, str):
            return value.encode()
        if isinstance(value, datetime):
            since = value - _EPOCH
            return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds
        if isinstance(value, date):
            return value.toordinal() - _EPOCH_DAY
        assert isinstance(value, int)
        return value

    def left(self, key: Key) -> int:
        """How many entries are smaller than the key."""
        number = bisect_left(self._last_keys, key)
        if number == len(self._batches):
            return self.size
        return self._batches[number].left(key)

    def right(self, key: Key) -> int:
        """How many entries are smaller than or equal to the key."""
        number = bisect_right(self._last_keys, key)
        if number == len(self._batches):
            return self.size
        return self._batches[number].right(key)

    def prefix(self, text: str) -> tuple[int, int]:
        """Entries whose text begins so: (first, one past the last)."""
        low = text.encode()
        # 0xFF occurs in no UTF-8 text: this is greater than every text with the prefix
        return self.left(low), self.left(low + b"\xff")

    def positions(self, first: int, past: int) -> list[int]:
        """Places of the rows of entries ``first`` up to ``past``, in the order of the index."""
        found: list[int] = []
        number = bisect_right(self._starts, first) - 1
        while first < past:
            batch = self._batches[number]
            begin = first - batch.start
            taken = batch.positions[begin : begin + past - first]
            found += taken.tolist()
            first += len(taken)
            number += 1
        return found

    def entry(self, key: Key, position: int) -> int:
        """Which entry the row at ``position``, which holds the key, is."""
        return self.first_after(self.left(key), self.right(key), position - 1)

    def first_after(self, first: int, past: int, position: int) -> int:
        """First of the entries ``first`` up to ``past``, all of one key, beyond ``position``."""
        while first < past:
            middle = (first + past) // 2
            if self.position(middle) <= position:
                first = middle + 1
            else:
                past = middle
        return first

    def position(self, entry: int) -> int:
        """The row of an entry."""
        batch = self._batches[bisect_right(self._starts, entry) - 1]
        return int(batch.positions[entry - batch.start])


class Reader:
    """One serving file, mapped into memory.

    ``OSError``, ``KeyError``, ``tarfile.TarError`` or ``pyarrow.ArrowInvalid`` for a file that is none.
    """

    def __init__(self, path: Path) -> None:
        spans = serving.members(path)
        mapped = pa.memory_map(str(path)).read_buffer()

        def member(name: str) -> Any:
            offset, size = spans[name]
            return mapped.slice(offset, size)

        description = json.loads(member(serving.DESCRIPTION).to_pybytes())
        if description["layout"] != serving.LAYOUT:
            raise ValueError(f"{path.name} has the layout {description['layout']!r}")
        self.rows: int = description["rows"]
        types = [FieldType(field["type"]) for field in description["fields"]]
        self.names: list[str] = [field["name"] for field in description["fields"]]
        self.indexes: dict[int, Index] = {
            item["field"]: Index(types[item["field"]], _batches(member(item["member"])))
            for item in description["indexes"]
        }
        self._starts: list[int] = []
        self._texts: list[Texts] = []
        start = 0
        for batch in _batches(member(serving.ROWS)):
            self._starts.append(start)
            self._texts.append(Texts(batch.column(0)))
            start += batch.num_rows
        if start != self.rows:
            raise ValueError(f"{path.name} has {start} rows, not {self.rows}")

    def texts(self, positions: Sequence[int]) -> list[memoryview]:
        """The rows' JSON texts, in the order of ``positions``."""
        found: list[memoryview] = []
        low = high = 0
        for position in positions:
            if not low <= position < high:  # neighbours mostly lie in one batch
                number = bisect_right(self._starts, position) - 1
                texts, low = self._texts[number], self._starts[number]
                offsets, data, high = texts.offsets, texts.data, low + len(texts)
            place = position - low
            found.append(data[offsets[place] : offsets[place + 1]])
        return found

    def runs(self, rows: int, first: int = 0) -> Iterator[list[memoryview]]:
        """All rows from ``first`` on in order, at most ``rows`` at a time."""
        for start, texts in zip(self._starts, self._texts, strict=True):
            for begin in range(max(0, first - start), len(texts), rows):
                yield [texts.view(n) for n in range(begin, min(begin + rows, len(texts)))]


_CODES: dict[tuple[int, bool], Literal["i", "q", "I", "Q"]] = {
    (32, True): "i",
    (64, True): "q",
    (32, False): "I",
    (64, False): "Q",
}


def _numbers(column: Any) -> memoryview[int]:
    """Values of an Arrow column of integers, dates or times without NULLs."""
    code = _CODES[column.type.bit_width, not str(column.type).startswith("uint")]
    return memoryview(column.buffers()[1]).cast(code)[: len(column)]


def _batches(buffer: Any) -> Iterator[Any]:
    """Record batches of an Arrow IPC file, in place; empty ones are skipped."""
    with ipc.open_file(pa.BufferReader(buffer)) as file:
        for number in range(file.num_record_batches):
            batch = file.get_batch(number)
            if batch.num_rows:
                yield batch

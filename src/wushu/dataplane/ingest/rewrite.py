"""The careful way through a text table, for files in which a line is not always a row.

Python's own CSV parser reads record by record, in strict mode, and knows the physical line of each;
what it can divide goes to a clean CSV with the row's number and line before its cells, what it cannot
is a reject with its reason. Slower than the engine's parser (about half a million rows a second), and
needed only for quoted line ends, ragged rows, blank lines, CR or mixed line ends, misplaced quotes.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
from pyarrow import parquet

from wushu.dataplane.ingest.lines import LINE_BYTES
from wushu.dataplane.ingest.refusals import LINE_TOO_LONG, QUOTE_NOT_CLOSED
from wushu.dataplane.ingest.source import TextFile
from wushu.dataplane.types import CellExample, Dialect, RejectReason

FIELD_LIMIT = 4 * 1024 * 1024
"""Characters of one cell; a longer one is an unclosed quote."""
HEAD_ROWS = 2000
SPREAD_ROWS = 2500
_SAMPLE_WIDTH = 1000
_LINE_COST = 64
"""What a line of a record costs in memory beside its characters."""
_EXAMPLES = 5
_EXAMPLE_WIDTH = 500

csv.field_size_limit(FIELD_LIMIT)


@dataclass(slots=True)
class Rewritten:
    """What the pass counted."""

    declared: int = 0
    good: int = 0
    breaks_in_cells: bool = False
    examples: list[CellExample] = field(default_factory=list)
    """First rejected rows."""
    sample: list[list[str]] = field(default_factory=list)
    """First rows and some of every later part."""

    @property
    def rejected(self) -> int:
        """Rows that could not be divided into the table's cells."""
        return self.declared - self.good


class _Lines:
    """The physical lines, counted, with those of the current record kept.

    Refusals: ``line-too-long``; ``quote-not-closed`` for a record that would go on and on, since its
    lines end between quotes.
    """

    def __init__(self, stream: io.TextIOBase, skip: int) -> None:
        self._stream = stream
        self.number = 0
        self.record: list[str] = []
        self._size = 0
        for _ in range(skip):
            next(self)
            self.begin()

    def begin(self) -> int:
        """Forget the record that was read; the line on which the next one begins."""
        self.record.clear()
        self._size = 0
        return self.number + 1

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._stream.readline(LINE_BYTES + 1)
        if not line:
            raise StopIteration
        if len(line) > LINE_BYTES:
            raise LINE_TOO_LONG(line=self.number + 1, limit=LINE_BYTES)
        if self._size + len(line) > LINE_BYTES:
            raise QUOTE_NOT_CLOSED(line=self.number - len(self.record) + 1)
        self.number += 1
        self._size += len(line) + _LINE_COST
        self.record.append(line)
        return line


def rewrite(
    text: TextFile, dialect: Dialect, columns: int, target: Path, rejects: Path
) -> Rewritten:
    """Divide the text into ``target`` (row, line, cells) and ``rejects`` (row, line, reason, text).

    ``target`` is CSV with LF line ends, ``rejects`` is Parquet. Constant memory.
    Refusal: ``quote-not-closed`` when the rest of the file hangs on an open quote.
    """
    done = Rewritten()
    with (
        text.path.open("rb") as raw,
        target.open("w", encoding="utf-8", newline="") as good_file,
        _Spool(rejects) as bad,
    ):
        raw.seek(text.start)
        # All texts quoted: by default a carriage return would stand there bare.
        good = csv.writer(good_file, lineterminator="\n", quoting=csv.QUOTE_NONNUMERIC)
        step = _step(text)
        for line, cells, reason, source in _records(raw, dialect, columns):
            done.declared += 1
            if reason is None:
                done.good += 1
                good.writerow([done.declared, line, *cells])
                _sample(done, cells, step)
                done.breaks_in_cells = done.breaks_in_cells or _has_breaks(source)
            else:
                shown = source.rstrip("\r\n")
                bad.add(done.declared, line, reason, shown)
                if len(done.examples) < _EXAMPLES:
                    done.examples.append(CellExample(line, shown[:_EXAMPLE_WIDTH]))
    return done


def _records(
    raw: io.BufferedReader, dialect: Dialect, columns: int
) -> Iterator[tuple[int, list[str], RejectReason | None, str]]:
    """(line, cells, why rejected, source text) of each record after the header."""
    stream = io.TextIOWrapper(raw, encoding="utf-8", errors="strict", newline="")
    lines = _Lines(stream, dialect.skip_lines)
    reader = csv.reader(
        lines,
        delimiter=dialect.delimiter,
        quotechar=dialect.quote or None,
        quoting=csv.QUOTE_MINIMAL if dialect.quote else csv.QUOTE_NONE,
        strict=True,
    )
    header = dialect.header
    while True:
        line = lines.begin()
        try:
            cells, reason = next(reader), None
        except StopIteration:
            break
        except csv.Error as error:
            if "unexpected end" in str(error) or "field limit" in str(error):
                raise QUOTE_NOT_CLOSED(line=line) from None
            cells, reason = [], RejectReason.QUOTE_MISPLACED
        if header:
            header = False
            continue
        if not cells and reason is None:
            if columns > 1:
                continue  # a blank line is no row; in a table of one column it is an empty value
            cells = [""]
        if reason is None and len(cells) != columns:
            few = len(cells) < columns
            reason = RejectReason.TOO_FEW_CELLS if few else RejectReason.TOO_MANY_CELLS
        record = "".join(lines.record)
        if len(record) > LINE_BYTES // 4 and len(record.encode()) * 2 > LINE_BYTES:
            reason = RejectReason.ROW_TOO_LONG  # quotes may double in the clean copy
        yield line, cells, reason, record
    stream.detach()


def _has_breaks(source: str) -> bool:
    """Whether the text of a record holds a line end before its last characters."""
    inner = source[:-2]
    return "\n" in inner or "\r" in inner


def _step(text: TextFile) -> int:
    """Every how many rows one is sampled, if rows are about a hundred bytes long."""
    return max(1, text.size // 100 // SPREAD_ROWS)


def _sample(done: Rewritten, cells: list[str], step: int) -> None:
    if len(done.sample) < HEAD_ROWS or (
        done.good % step == 0 and len(done.sample) < HEAD_ROWS + SPREAD_ROWS
    ):
        done.sample.append([cell[:_SAMPLE_WIDTH] for cell in cells])


class _Spool:
    """Rejected rows on their way to a Parquet file, a few thousand at a time."""

    _SCHEMA = pa.schema(
        [("row", pa.int64()), ("line", pa.int64()), ("reason", pa.string()), ("text", pa.string())]
    )
    _ROWS, _CHARACTERS = 5000, 8 * 1024 * 1024

    def __init__(self, path: Path) -> None:
        self._writer = parquet.ParquetWriter(path, self._SCHEMA)
        self._rows: list[tuple[int, int, str, str]] = []
        self._size = 0

    def __enter__(self) -> _Spool:
        return self

    def __exit__(self, *_: object) -> None:
        self._flush()
        self._writer.close()

    def add(self, row: int, line: int, reason: str, text: str) -> None:
        """One rejected row."""
        self._rows.append((row, line, reason, text))
        self._size += len(text)
        if len(self._rows) >= self._ROWS or self._size >= self._CHARACTERS:
            self._flush()

    def _flush(self) -> None:
        columns = list(zip(*self._rows, strict=True)) or [(), (), (), ()]
        self._writer.write_table(pa.table(list(map(list, columns)), schema=self._SCHEMA))
        self._rows, self._size = [], 0

"""A text table as a relation of the engine: columns ``c0``, ``c1`` … as text, never NULL.

Two ways lead there. *In place*: every line is a row, the engine reads the text itself in parallel.
*Rewritten*: some line is not a row; ``rewrite`` divides the text, the engine reads the clean copy.
The way is chosen by proof: the engine's rows, bytes and faults must account for every byte of the
text (``inspect``), otherwise the careful way is taken.
"""
# ruff: noqa: S608  (queries are put together from places and quoted literals, see quoting)

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from wushu.dataplane.ingest import engine
from wushu.dataplane.ingest.lines import LINE_BYTES
from wushu.dataplane.ingest.rewrite import HEAD_ROWS, Rewritten, rewrite
from wushu.dataplane.ingest.source import TextFile
from wushu.dataplane.quoting import literal
from wushu.dataplane.types import CellExample, Dialect, Newline

_HEAD_BYTES = 4 * 1024 * 1024
_SLICES = 20
_SLICE_BYTES = 32 * 1024


@dataclass(frozen=True, slots=True)
class Table:
    """A relation with what is known of its rows."""

    relation: str
    """SQL that gives c0 … and, when rewritten, also ``_row`` and ``_line``."""
    columns: int
    rewritten: bool
    first_line: int
    """Physical line of the first row; when not rewritten, lines follow each other."""
    rejects: Path | None = None
    """Spool of rows that could not be divided: row, line, reason, text."""
    counts: Rewritten | None = None
    examples: tuple[CellExample, ...] = field(default=())

    @property
    def row_sql(self) -> str:
        """Declared row number, given the rowid of a table that holds the relation in order."""
        return "_row" if self.rewritten else "rowid + 1"

    @property
    def line_sql(self) -> str:
        """Physical line of the row."""
        return "_line" if self.rewritten else f"rowid + {self.first_line}"


def in_place(text: TextFile, dialect: Dialect, columns: int, first_line: int) -> Table:
    """The text read where it is; only for LF and CRLF files without line ends between quotes."""
    names = [f"c{place}" for place in range(columns)]
    relation = _read_csv(text.path, names, dialect, skip=first_line - 1)
    return Table(relation, columns, rewritten=False, first_line=first_line)


def rewritten(text: TextFile, dialect: Dialect, columns: int, work: Path) -> Table:
    """The text divided by the careful parser; refusal ``quote-not-closed``."""
    clean, rejects = work / "clean.csv", work / "rejects.parquet"
    with engine.disk_full_refused():
        counts = rewrite(text, dialect, columns, clean, rejects)
    names = ["_row", "_line", *(f"c{place}" for place in range(columns))]
    plain = Dialect(",", '"', Newline.LF, 0, header=False)
    relation = _read_csv(clean, names, plain, line_end="\\n", parallel=not counts.breaks_in_cells)
    relation = f"(SELECT * REPLACE (_row::BIGINT AS _row, _line::BIGINT AS _line) FROM {relation})"
    return Table(
        relation, columns, rewritten=True, first_line=0, rejects=rejects, counts=counts,
        examples=tuple(counts.examples),
    )  # fmt: skip


def sample(text: TextFile, offset: int, dialect: Dialect, columns: int) -> list[list[str]]:
    """First rows of a text in place, and some of twenty later parts of it."""
    rows = _rows_at(text, offset, dialect, HEAD_ROWS, _HEAD_BYTES)
    rest = text.size - offset
    if len(rows) >= HEAD_ROWS or rest > _HEAD_BYTES:
        for part in range(1, _SLICES):
            place = offset + rest * part // _SLICES
            # The first line of a slice is cut, and so is the last.
            rows += _rows_at(text, place, dialect, 200, _SLICE_BYTES)[1:-1]
    return [row for row in rows if len(row) == columns]


def _rows_at(
    text: TextFile, offset: int, dialect: Dialect, rows: int, size: int
) -> list[list[str]]:
    with text.path.open("rb") as stream:
        stream.seek(offset)
        part = stream.read(size)
    if offset + len(part) < text.size:
        part = part[: part.rfind(b"\n") + 1]
    lines = part.decode("utf-8", "ignore").splitlines(keepends=True)[: rows + 1]
    return list(_parsed(lines, dialect))[:rows]


def _parsed(lines: Sequence[str], dialect: Dialect) -> list[list[str]]:
    return list(
        csv.reader(
            lines,
            delimiter=dialect.delimiter,
            quotechar=dialect.quote or None,
            quoting=csv.QUOTE_MINIMAL if dialect.quote else csv.QUOTE_NONE,
        )
    )


def _read_csv(
    path: Path,
    names: Sequence[str],
    dialect: Dialect,
    *,
    skip: int = 0,
    line_end: str = "",
    parallel: bool = True,
) -> str:
    """The engine's reader, told everything and left to guess nothing.

    Strict: in its lenient mode it drops surplus cells without a word. ``force_not_null`` keeps empty
    cells empty texts, so that no text at all means NULL before somebody says so. ``line_end`` is told
    only of the clean copy, where a return in a cell would mislead the engine's guess; told of CRLF,
    version 2.0.0 skips to the end of the file.
    """
    columns = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in names)
    options = [
        "auto_detect = false",
        "header = false",
        "strict_mode = true",
        "store_rejects = true",
        "rejects_limit = 0",
        f"skip = {skip}",
        f"delim = {literal(dialect.delimiter)}",
        f"quote = {literal(dialect.quote)}",
        f"escape = {literal(dialect.quote)}",
        f"max_line_size = {LINE_BYTES}",
        f"buffer_size = {2 * LINE_BYTES}",
        f"parallel = {str(parallel).lower()}",
        f"columns = {{{columns}}}",
        f"force_not_null = [{engine.texts(names)}]",
    ]
    if line_end:
        options.append(f"new_line = '{line_end}'")
    return f"read_csv({literal(str(path))}, {', '.join(options)})"

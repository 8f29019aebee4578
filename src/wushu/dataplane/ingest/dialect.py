"""How the cells of a text table stand: delimiter, quote, preamble, header, line ends. No I/O.

Judged on the first megabyte; what does not fit further down is a rejected row, never a guess.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from wushu.dataplane.types import Dialect, Newline

USUAL = (",", "\t", ";", "|")
UNUSUAL = (
    ":",
    "^",
    "~",
    "¦",
    "，",
    "\x01",
    "\x02",
    "\x1e",
    "\x1f",
    "!",
    "#",
    "@",
    "$",
    "&",
    "*",
    "=",
)
NULL_LITERALS = (
    "", "NA", "N/A", "n/a", "#N/A", "NULL", "null", "None", "NaN", "nan", "-", "--", "---", "—", "——",
    "－", "/", "\\", "\\N", "?", "*", "**", ".", "..", "…", "……", "缺失", "暂无", "无数据",
)  # fmt: skip
"""Texts that mean "no value" where they stand among numbers or dates."""
SAMPLE_ROWS = 1000
_USUAL_SHARE = 0.7
"""Share of rows of equal width from which a usual delimiter is believed; preambles and notes differ."""
_UNUSUAL_SHARE = 0.95
_CORE_SHARE = 0.4
_PREAMBLE_LINES = 50
_TYPED_SHARE = 0.8
_YEAR = re.compile(r"(19|20)\d\d")
_TYPED = re.compile(
    r"[+-]?\d[\d,]*(\.\d+)?([eE][+-]?\d+)?%?"
    r"|\d{2,4}[-/.年]\d{1,2}([-/.月]\d{1,4}日?)?([ T]\d{1,2}:\d\d(:\d\d(\.\d+)?)?)?"
)


@dataclass(frozen=True, slots=True)
class Sniffed:
    """What the beginning of the text says."""

    dialect: Dialect
    header: tuple[str, ...]
    """Cells of the header row as they stand; empty when there is none."""
    columns: int
    data_line: int
    """Physical line after the header, from 1."""
    preamble: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Row:
    line: int
    last_line: int
    cells: tuple[str, ...]

    @property
    def filled(self) -> int:
        return sum(1 for cell in self.cells if cell.strip())


def sniff(sample: str, newline: Newline, told: Dialect | None = None) -> Sniffed:
    """Dialect, header and number of columns of a text that begins like ``sample`` (whole lines)."""
    if told is not None:
        rows = _parse(sample, told.delimiter, told.quote)
        body = [row for row in rows if row.line > told.skip_lines]
        return _described(sample, told, body, _usual_width(body))
    quote = _quote(sample)
    delimiter = _delimiter(sample, quote)
    rows = _parse(sample, delimiter, quote)
    width = _usual_width(rows)
    first = _header_place(rows, width)
    body = rows[first:]
    dialect = Dialect(
        delimiter=delimiter,
        quote=quote,
        newline=newline,
        skip_lines=body[0].line - 1 if body else 0,
        header=_has_header(body, width),
    )
    return _described(sample, dialect, body, width)


def newline_of(feeds: int, returns: int, pairs: int) -> Newline:
    """Kind of line end by the numbers of LF, CR and CRLF."""
    if not returns:
        return Newline.LF
    if not feeds:
        return Newline.CR
    return Newline.CRLF if feeds == returns == pairs else Newline.MIXED


def _described(sample: str, dialect: Dialect, body: Sequence[_Row], width: int) -> Sniffed:
    header = body[0].cells if body and dialect.header else ()
    while len(header) > width and not header[-1].strip():
        header = header[:-1]
    columns = max(width, len(header))
    if dialect.header:
        header = (*header, *("" for _ in range(columns - len(header))))
    lines = io.StringIO(sample, newline="")
    above = [line.rstrip("\r\n") for line, _ in zip(lines, range(dialect.skip_lines), strict=False)]
    data_line = body[0].last_line + 1 if body and dialect.header else dialect.skip_lines + 1
    preamble = tuple(line for line in above if line.strip())
    return Sniffed(dialect, header, columns, data_line, preamble)


def _parse(sample: str, delimiter: str, quote: str) -> list[_Row]:
    """The first rows with the line each begins on; blank lines left out."""
    reader = csv.reader(
        io.StringIO(sample, newline=""),
        delimiter=delimiter,
        quotechar=quote or None,
        quoting=csv.QUOTE_MINIMAL if quote else csv.QUOTE_NONE,
    )
    rows: list[_Row] = []
    while len(rows) < SAMPLE_ROWS:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except (StopIteration, csv.Error):
            break
        if cells:
            rows.append(_Row(line, reader.line_num, tuple(cells)))
    return rows


def _quote(sample: str) -> str:
    """The double quote, unless only single quotes enclose cells."""
    if '"' in sample or "'" not in sample:
        return '"'
    lines = sample.splitlines()[:SAMPLE_ROWS]
    enclosed = sum(bool(re.search(r"(^|[,;\t|])'[^']*'([,;\t|]|$)", line)) for line in lines)
    return "'" if enclosed * 2 > len(lines) else '"'


def _delimiter(sample: str, quote: str) -> str:
    for candidates, share in ((USUAL, _USUAL_SHARE), (UNUSUAL, _UNUSUAL_SHARE)):
        scored = []
        for order, delimiter in enumerate(candidates):
            if delimiter not in sample:
                continue
            widths = Counter(len(row.cells) for row in _core(_parse(sample, delimiter, quote)))
            if not widths:
                continue
            width, rows = widths.most_common(1)[0]
            if width > 1 and rows / widths.total() >= share:
                scored.append((round(rows / widths.total(), 1), width, -order, delimiter))
        if scored:
            return max(scored)[-1]
    return _by_first_line(sample)


def _by_first_line(sample: str) -> str:
    """No width repeats: the delimiter that divides the first line most, a comma if none does."""
    first = next((line for line in sample.splitlines() if line.strip()), "")
    return max(USUAL, key=lambda delimiter: (first.count(delimiter), -USUAL.index(delimiter)))


def _core(rows: Sequence[_Row]) -> Sequence[_Row]:
    """The rows without lines of one cell before and after them, if a fair part is left."""
    many = [place for place, row in enumerate(rows) if len(row.cells) > 1]
    core = rows[many[0] : many[-1] + 1] if many else rows
    return core if len(core) >= max(3, _CORE_SHARE * len(rows)) else rows


def _usual_width(rows: Sequence[_Row]) -> int:
    widths = Counter(len(row.cells) for row in _core(rows))
    return max(widths, key=lambda width: (widths[width], width)) if widths else 0


def _header_place(rows: Sequence[_Row], width: int) -> int:
    """Place of the first row that is no preamble."""
    for place, row in enumerate(rows[:_PREAMBLE_LINES]):
        if not _is_preamble(row, width):
            return place
    return 0


def _is_preamble(row: _Row, width: int) -> bool:
    """Too few cells for the table, or one text padded with delimiters."""
    if len(row.cells) != width:
        return row.filled <= max(1, width // 3)
    return width >= 4 and row.filled <= 1


def _has_header(body: Sequence[_Row], width: int) -> bool:
    """Whether the first row names the columns: its cells are texts over typed columns.

    A row that is typed like the rows below it is data, unless its numbers are years (wide tables) or
    ascend behind an empty corner (matrices).
    """
    first, rest = (
        body[0].cells if body else (),
        [r.cells for r in body[1:] if len(r.cells) == width],
    )
    if not rest or len(first) != width:
        return True
    if _is_matrix_header(first):
        return True
    contrast = likeness = 0
    for place, cell in enumerate(first):
        filled = [cells[place].strip() for cells in rest if cells[place].strip()]
        typed = sum(_TYPED.fullmatch(text) is not None for text in filled)
        if not filled or typed < _TYPED_SHARE * len(filled):
            continue
        text = cell.strip()
        if _TYPED.fullmatch(text):
            likeness += not _YEAR.fullmatch(text)
        elif text not in NULL_LITERALS:
            contrast += 1
    return contrast > likeness or likeness == 0


def _is_matrix_header(cells: Sequence[str]) -> bool:
    corner, *labels = cells
    if corner.strip() or len(labels) < 3 or not all(label.strip().isdecimal() for label in labels):
        return False
    numbers = [int(label) for label in labels]
    return all(low < high for low, high in pairwise(numbers))

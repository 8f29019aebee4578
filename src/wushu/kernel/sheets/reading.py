"""Rows of a spreadsheet, CSV or XLSX, one at a time.

Nothing is guessed: formulas, error values and numbers whose last digits a spreadsheet has lost are
refused by the name of their cell. Memory does not grow with the rows; a workbook's table of shared
texts is the one part its format forces to be held, and it counts under the limit of unpacked bytes.
"""

from __future__ import annotations

import codecs
import csv
import io
import warnings
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import cache
from typing import IO, TYPE_CHECKING, Any

from wushu.kernel.errors import Refusal, Said
from wushu.kernel.lazily import lazily
from wushu.kernel.sheets import refusals as no
from wushu.kernel.sheets.layout import Column, Layout
from wushu.kernel.sheets.reporting import CellRefusal

if TYPE_CHECKING:
    import openpyxl
    import openpyxl.utils
else:
    openpyxl = lazily("openpyxl")

MAX_BYTES = 20 * 1024 * 1024
"""Of the file as sent."""
MAX_UNPACKED = 200 * 1024 * 1024
"""Of a workbook's parts together, as its directory declares them; no part is read further."""
MAX_ROWS = 50_000
MAX_COLUMNS = 100
MAX_CELL = 20_000
_MAX_PARTS = 2_000
_MEGABYTE = 1024 * 1024
_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0"
"""Old XLS files, and workbooks under a password."""
_EXACT_DIGITS = 10**15
"""A double holds every integer below it; spreadsheets round longer ones to 15 digits."""
_BROKEN = (
    zipfile.BadZipFile, zlib.error, KeyError, ValueError, TypeError, AttributeError, IndexError,
    SyntaxError, EOFError, csv.Error, NotImplementedError, RuntimeError,
)  # fmt: skip
"""What readers raise for a file that is not what it says; all of it is said as ``sheet-damaged``."""

Cell = str | Refusal
"""The text of a cell, or why there is none."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its texts by column key, without blanks around them."""

    number: int
    """As the spreadsheet counts, the heading included."""
    values: Mapping[str, str]
    places: Mapping[str, str] = field(repr=False, default_factory=dict)
    """Letter of each column."""
    fault: CellRefusal | None = None
    """The first cell that could not be read."""

    def __getitem__(self, key: str) -> str:
        return self.values.get(key, "")

    def cell(self, key: str) -> str:
        """Name of a cell, ``B3``; of a column that is not there only the row."""
        return f"{self.places.get(key, '')}{self.number}"

    @contextmanager
    def at(self, *keys: str) -> Iterator[None]:
        """What is refused inside is about the first of these cells that the file has."""
        try:
            yield
        except Refusal as refusal:
            raise CellRefusal(refusal, self._named(keys)) from refusal

    def _named(self, keys: Sequence[str]) -> str:
        found = next((key for key in keys if key in self.places), "")
        return self.cell(found)

    def choice(self, column: Column, choices: Mapping[str, Any], default: Any) -> Any:
        """The value of one of a few words, in any of its writings; ``cell-choice``."""
        text = self[column.key]
        if not text:
            return default
        found = choices.get(text.casefold())
        if found is None:
            allowed = "、".join(dict.fromkeys(choices))
            refusal = no.CELL_CHOICE(field=column.named, value=text, allowed=allowed)
            raise CellRefusal(refusal, self.cell(column.key))
        return found


def read(stream: IO[bytes], name: str, layout: Layout) -> Iterator[Row]:
    """The rows of a file under the layout's heading; the heading is checked at once.

    Blank rows, and those whose first text begins with ``#``, are left out. Refusals: ``sheet-*``;
    those of one cell come as the row's ``fault``.
    """
    lines = _guarded_lines(_lines(stream, name), name)
    header = next(lines, None)
    if header is None:
        raise no.SHEET_EMPTY(name=name)
    return _rows(_columns(header[1], layout), lines, name)


def _lines(stream: IO[bytes], name: str) -> Iterator[tuple[int, Sequence[Cell]]]:
    size = stream.seek(0, io.SEEK_END)
    _refuse_size(name, size, MAX_BYTES)
    stream.seek(0)
    start = stream.read(4)
    stream.seek(0)
    if start == _ZIP:
        _require_bounded(stream, name)
        return _xlsx_lines(stream)
    if start == _OLE:
        raise no.SHEET_FORMAT(name=name)
    return _csv_lines(stream, name)


def _guarded_lines(
    lines: Iterator[tuple[int, Sequence[Cell]]], name: str
) -> Iterator[tuple[int, Sequence[Cell]]]:
    """Lines that say something; a reader that stumbles is a damaged file."""
    number = 0
    try:
        for number, cells in lines:
            if number > MAX_ROWS:
                raise no.SHEET_TOO_MANY_ROWS(name=name, limit=MAX_ROWS)
            first = next((cell for cell in cells if cell), "")
            if first and not (isinstance(first, str) and first.startswith("#")):
                yield number, cells
    except _BROKEN as error:
        raise no.SHEET_DAMAGED(name=name, row=number) from error


def _columns(header: Sequence[Cell], layout: Layout) -> list[Column | None]:
    found: list[Column | None] = []
    for place, cell in enumerate(header, start=1):
        if isinstance(cell, Refusal):
            raise cell
        heading = cell.rstrip("*＊ ").strip()
        column = layout.by_heading.get(heading.casefold()) if heading else None
        where = f"{_letter(place)}1"
        if heading and column is None:
            raise no.SHEET_COLUMN_UNKNOWN(cell=where, heading=heading[:100])
        if column is not None and column in found:
            raise no.SHEET_COLUMN_TWICE(cell=where, heading=heading)
        found.append(column)
    missing = [one.heading for one in layout.columns if one.required and one not in found]
    if missing:
        zh = "、".join(one.zh for one in missing)
        en = ", ".join(one.en for one in missing)
        raise no.SHEET_COLUMNS_MISSING(missing=Said(zh, en))
    return found


def _rows(
    columns: Sequence[Column | None], lines: Iterator[tuple[int, Sequence[Cell]]], name: str
) -> Iterator[Row]:
    places = {
        column.key: _letter(place)
        for place, column in enumerate(columns, start=1)
        if column is not None
    }
    empty = True
    for number, cells in lines:
        empty = False
        yield _row(number, columns, cells, places)
    if empty:
        raise no.SHEET_EMPTY(name=name)


def _row(
    number: int,
    columns: Sequence[Column | None],
    cells: Sequence[Cell],
    places: Mapping[str, str],
) -> Row:
    values: dict[str, str] = {}
    fault: CellRefusal | None = None
    for place, cell in enumerate(cells):
        column = columns[place] if place < len(columns) else None
        where = f"{_letter(place + 1)}{number}"
        refusal = cell if isinstance(cell, Refusal) else None
        if isinstance(cell, str):
            if len(cell) > MAX_CELL:
                refusal = no.SHEET_CELL_TOO_LONG(cell=where, limit=MAX_CELL)
            elif cell and column is None:
                refusal = no.SHEET_CELL_OUTSIDE(cell=where)
            elif column is not None:
                values[column.key] = cell
        if refusal is not None and fault is None:
            fault = CellRefusal(refusal, where)
    return Row(number, values, places, fault)


# CSV


def _csv_lines(stream: IO[bytes], name: str) -> Iterator[tuple[int, Sequence[Cell]]]:
    kept = io.BufferedReader(_Kept(stream))
    text = io.TextIOWrapper(kept, encoding=_encoding(stream, name), newline="")
    first = text.readline()
    text.seek(0)
    # The heading has no quoted text, so that what stands between its words is the delimiter.
    delimiter = max(",\t;", key=first.count)
    for number, cells in enumerate(csv.reader(text, delimiter=delimiter, strict=True), start=1):
        yield number, [cell.strip() for cell in cells]


def _encoding(stream: IO[bytes], name: str) -> str:
    """UTF-8 (with its mark or without), UTF-16 with its mark, or GB 18030, whole and strict."""
    start = stream.read(4)
    stream.seek(0)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        candidates = ("utf-16",)
    else:
        candidates = ("utf-8-sig", "gb18030")  # type: ignore[assignment]
    for encoding in candidates:
        if _decodes(stream, encoding):
            return encoding
    raise no.SHEET_ENCODING(name=name)


def _decodes(stream: IO[bytes], encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    stream.seek(0)
    try:
        while block := stream.read(_MEGABYTE):
            if "\x00" in decoder.decode(block):
                return False
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    finally:
        stream.seek(0)
    return True


class _Kept(io.RawIOBase):
    """A stream that stays open when its reader is done: it is its owner's to close."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        block = self._stream.read(len(buffer))
        buffer[: len(block)] = block
        return len(block)

    def seek(self, offset: int, whence: int = 0, /) -> int:
        return self._stream.seek(offset, whence)

    def tell(self) -> int:
        return self._stream.tell()


# XLSX


def _require_bounded(stream: IO[bytes], name: str) -> None:
    """Refuse a workbook that unpacks to more than the limit, before anything is unpacked.

    ``zipfile`` never reads a part beyond the length its directory declares, so that a bomb must
    declare itself.
    """
    try:
        with zipfile.ZipFile(stream) as parts:
            listed = parts.infolist()
    except _BROKEN as error:
        raise no.SHEET_DAMAGED(name=name, row=0) from error
    if "xl/workbook.xml" not in {one.filename for one in listed}:
        raise no.SHEET_FORMAT(name=name)
    unpacked = sum(one.file_size for one in listed)
    _refuse_size(name, unpacked if len(listed) <= _MAX_PARTS else MAX_UNPACKED + 1, MAX_UNPACKED)
    stream.seek(0)


def _refuse_size(name: str, size: int, limit: int) -> None:
    if size > limit:
        raise no.SHEET_TOO_LARGE(name=name, size=-(-size // _MEGABYTE), limit=limit // _MEGABYTE)


def _xlsx_lines(stream: IO[bytes]) -> Iterator[tuple[int, Sequence[Cell]]]:
    """The rows of the first sheet."""
    with warnings.catch_warnings():  # of extensions that it leaves out
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(stream, read_only=True, keep_links=False)
    try:
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # what the file claims of its size need not be true
        for number, cells in enumerate(sheet.iter_rows(max_col=MAX_COLUMNS), start=1):
            yield number, _trimmed([_cell(one, number, at) for at, one in enumerate(cells, 1)])
    finally:
        book.close()


@cache
def _letter(place: int) -> str:
    """What spreadsheets call a column; the first is 1."""
    return openpyxl.utils.get_column_letter(place)


def _trimmed(cells: list[Cell]) -> list[Cell]:
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _cell(cell: Any, row: int, column: int) -> Cell:
    """A cell's text; dates as ISO 8601, whole numbers without a fraction."""
    value, kind = cell.value, cell.data_type
    if value is None:
        return ""
    where = f"{_letter(column)}{row}"
    if kind == "e":
        return no.SHEET_CELL_ERROR(cell=where, value=str(value)[:20])
    if kind == "f" or not isinstance(value, str | int | float | date | time):
        return no.SHEET_FORMULA(cell=where)
    if isinstance(value, int | float) and abs(value) >= _EXACT_DIGITS:
        return no.SHEET_NUMBER_LOST(cell=where)
    return _text_of(value)


def _text_of(value: str | float | date | time) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, int | float):
        return str(int(value)) if value == int(value) else repr(value)
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    return value.strip() if isinstance(value, str) else value.isoformat()

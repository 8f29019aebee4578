"""A workbook of one sheet (ECMA-376, Office Open XML), written as it goes out.

Libraries write the sheet to a disk first and pack it when all rows are there; here the engine makes the
text of the rows and the standard library packs it, so that the first byte does not wait for the last.
Nothing of it depends on the hour or the host.

Texts are typed as texts and shown as such, so that no spreadsheet runs one as a formula and no code
loses its zeros. What a spreadsheet's numbers cannot hold exactly is text too: more than 15 digits, and
days before 1900-03-01, of which spreadsheets count one that never was.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from decimal import Decimal
from xml.sax.saxutils import escape

from wushu.catalog.selectors import SHEET_COLUMNS, SHEET_ROWS
from wushu.catalog.types import FieldType
from wushu.dataplane.query import engine
from wushu.dataplane.query.formats.refusals import TEXT_TOO_LONG_FOR_XLSX, TOO_LARGE_FOR_XLSX
from wushu.dataplane.query.formats.sheet_parts import PARTS, Styles, core, sheet_head
from wushu.dataplane.query.formats.table import Run, Table
from wushu.dataplane.query.sql import Column
from wushu.dataplane.quoting import literal

CELL_LENGTH = 32_767
"""Characters of a cell, as spreadsheets count: units of UTF-16."""
TEXT_MEGABYTES = 512
"""Of texts in one sheet: larger ones do not open, and pass what a ZIP archive of old holds."""

_LEVEL = 3
_SHEET = "xl/worksheets/sheet1.xml"
_MOST = 10**15 - 1
_FORBIDDEN = [*(n for n in range(32) if n not in (9, 10)), 0xFFFE, 0xFFFF]
"""Characters that XML does not know or alters; the format writes them as ``_xHHHH_``."""
_AWKWARD = "[\\x00-\\x08\\x0B-\\x1F\\x{FFFE}\\x{FFFF}]|_x[0-9A-Fa-f]{4}_"


def require(table: Table) -> None:
    """What a sheet cannot hold: ``too-large-for-xlsx``, ``text-too-long-for-xlsx``; looks at each text."""
    texts = [column for column in table.columns if column.type is FieldType.TEXT]
    sizes = [f"coalesce(sum(strlen(c{column.place})), 0)" for column in texts]
    lengths = [f"coalesce(max({_length(column)}), 0)" for column in texts]
    rows, size, *longest = table.one(["count(*)", " + ".join(sizes) or "0", *lengths])
    megabytes = -(-int(size) // 1_000_000)
    if rows >= SHEET_ROWS or len(table.columns) > SHEET_COLUMNS or megabytes > TEXT_MEGABYTES:
        raise TOO_LARGE_FOR_XLSX(
            dataset=table.name.slug, rows=rows, columns=len(table.columns), megabytes=megabytes,
            rows_most=SHEET_ROWS - 1, columns_most=SHEET_COLUMNS, megabytes_most=TEXT_MEGABYTES,
        )  # fmt: skip
    for column, length in zip(texts, longest, strict=True):
        if length > CELL_LENGTH:
            raise TEXT_TOO_LONG_FOR_XLSX(
                dataset=table.name.slug, column=column.name, length=length, most=CELL_LENGTH
            )


def runs(table: Table, first: int = 0) -> Iterator[Run]:
    """The workbook. It cannot begin at a later row: what is packed goes on from what was."""
    if first:
        raise ValueError("a workbook is made from its first row on")
    styles = Styles.of(table.columns)
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL) as archive:
        for name, text in (
            *PARTS,
            ("docProps/core.xml", core(table.name)),
            ("xl/styles.xml", styles.xml),
        ):
            archive.writestr(_member(name), text, zipfile.ZIP_DEFLATED, _LEVEL)
        member = _member(_SHEET)
        with archive.open(member, "w") as sheet:
            sheet.write((sheet_head(table.columns) + _head_row(table.columns)).encode())
            cells = " || ".join(_cell(column, styles) for column in table.columns)
            for run in table.lines(f"'<row>' || {cells} || '</row>'"):
                sheet.write(run.data)
                yield Run(0, sink.taken())
            sheet.write(b"</sheetData></worksheet>")
    yield Run(0, sink.taken())


class _Sink:
    """Takes what is packed; it cannot be sought in, so nothing is changed once it is written."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def write(self, data: bytes) -> int:
        self._parts.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing waits here."""

    def close(self) -> None:
        """Nothing is held."""

    def taken(self) -> bytes:
        """What was written since it was last asked."""
        data = b"".join(self._parts)
        self._parts.clear()
        return data


def _member(name: str) -> zipfile.ZipInfo:
    """A file of the archive, of no particular time and host."""
    member = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
    member.compress_type = zipfile.ZIP_DEFLATED
    member.create_system = 0
    return member


def _length(column: Column) -> str:
    """Units of UTF-16; characters beyond the first plane have two, counted only where it matters."""
    cell = f"c{column.place}"
    beyond = f"length(regexp_replace({cell}, '[^\\x{{10000}}-\\x{{10FFFF}}]', '', 'g'))"
    return f"CASE WHEN length({cell}) * 2 > {CELL_LENGTH} THEN length({cell}) + {beyond} ELSE 0 END"


def _head_row(columns: Sequence[Column]) -> str:
    return f"<row>{''.join(_text(_escaped(column.name), Styles.HEAD) for column in columns)}</row>"


def _text(content: str, style: int) -> str:
    return f'<c s="{style}" t="inlineStr"><is><t xml:space="preserve">{content}</t></is></c>'


def _escaped(text: str) -> str:
    """The same as ``_escaped_sql`` makes."""
    text = text.replace("_x", "_x005F_x")
    for n in _FORBIDDEN:
        text = text.replace(chr(n), f"_x{n:04X}_")
    return escape(text)


def _escaped_sql(cell: str) -> str:
    awkward = f"replace({cell}, '_x', '_x005F_x')"
    for n in _FORBIDDEN:
        awkward = f"replace({awkward}, chr({n}), '_x{n:04X}_')"
    text = f"CASE WHEN regexp_matches({cell}, '{_AWKWARD}') THEN {awkward} ELSE {cell} END"
    for character, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
        text = f"replace({text}, '{character}', '{entity}')"
    return text


def _cell(column: Column, styles: Styles) -> str:
    """A cell as an expression of the engine; an empty one where there is no value."""
    cell = f"c{column.place}"
    text = _text_cell(engine.text_cell(column.place, column.type))
    match column.type:
        case FieldType.TEXT:
            made = _text_cell(_escaped_sql(cell))
        case FieldType.BOOLEAN:
            made = f"CASE WHEN {cell} THEN '<c t=\"b\"><v>1</v></c>' WHEN NOT {cell} THEN '<c t=\"b\"><v>0</v></c>' END"
        case FieldType.INTEGER:
            number = _value(f"{cell}::VARCHAR", Styles.INTEGER)
            made = f"CASE WHEN {cell} BETWEEN -{_MOST} AND {_MOST} THEN {number} ELSE {text} END"
        case FieldType.DECIMAL:
            most = f"'{Decimal(_MOST).scaleb(-column.scale):f}'::DECIMAL(38, {column.scale})"
            number = _value(f"{cell}::VARCHAR", styles.decimal(column.scale))
            made = f"CASE WHEN {cell} BETWEEN -{most} AND {most} THEN {number} ELSE {text} END"
        case FieldType.NUMBER:
            number = _value(f"{cell}::VARCHAR", Styles.PLAIN)
            made = f"CASE WHEN isfinite({cell}) THEN {number} ELSE {text} END"
        case FieldType.DATE:
            days = _value(f"({cell} - DATE '1899-12-30')::VARCHAR", Styles.DATE)
            made = f"CASE WHEN {_counted(cell)} THEN {days} ELSE {text} END"
        case FieldType.DATETIME:
            days = _value(f"(epoch_us({cell}) / 86400e6 + 25569)::VARCHAR", Styles.DATETIME)
            made = f"CASE WHEN {_counted(cell)} THEN {days} ELSE {text} END"
    return f"coalesce({made}, '<c/>')"


def _counted(cell: str) -> str:
    """Whether spreadsheets count to that day."""
    return f"({cell} >= DATE '1900-03-01' AND {cell} < DATE '9999-12-31')"


def _value(number: str, style: int) -> str:
    return f"'<c s=\"{style}\"><v>' || {number} || '</v></c>'"


def _text_cell(text: str) -> str:
    begin, end = _text("\0", Styles.TEXT).split("\0")
    return f"{literal(begin)} || {text} || {literal(end)}"

"""Templates: an empty spreadsheet that explains its columns."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from wushu.kernel.errors import Said
from wushu.kernel.formulas import guarded
from wushu.kernel.lazily import lazily
from wushu.kernel.sheets.layout import Column, Layout

if TYPE_CHECKING:
    import openpyxl
    import openpyxl.styles
    import openpyxl.utils
    from openpyxl.cell import Cell
else:
    openpyxl = lazily("openpyxl")

_WIDTH = 22
_WIDE = 80
_TEXT = "@"
_ROWS = 200
"""So many empty rows are formatted as text, so that no credit code becomes a number."""
_EXPLAINED = (
    Said("列名", "Column"), Said("必填", "Required"), Said("填写说明", "What belongs there"),
    Said("示例", "Example"), Said("英文列名", "English heading"),
)  # fmt: skip


def template_csv(layout: Layout) -> str:
    """The template as CSV in UTF-8 with a byte order mark; rows that begin with ``#`` explain."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([_heading(one) for one in layout.columns])
    for row in (
        [one.explanation.zh for one in layout.columns],
        [one.example for one in layout.columns],
    ):
        writer.writerow([guarded(f"# {row[0]}"), *(guarded(cell) for cell in row[1:])])
    for sentence in layout.advice:
        writer.writerow([f"# {sentence.zh}"])
    return "\ufeff" + text.getvalue()


def template_xlsx(layout: Layout) -> bytes:
    """The template as a workbook: a sheet to fill in, formatted as text, and one that explains."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet(layout.title.zh)
    sheet.freeze_panes = "A2"
    for place in range(1, len(layout.columns) + 1):
        sheet.column_dimensions[openpyxl.utils.get_column_letter(place)].width = _WIDTH
    sheet.append([_bold(sheet, _heading(one)) for one in layout.columns])
    for _row in range(_ROWS):
        sheet.append([_text(sheet, None) for _column in layout.columns])
    help_sheet = book.create_sheet("填写说明")
    for letter, width in (("A", _WIDTH), ("B", 8), ("C", _WIDE), ("D", _WIDE // 2), ("E", _WIDTH)):
        help_sheet.column_dimensions[letter].width = width
    help_sheet.append([_bold(help_sheet, one.zh) for one in _EXPLAINED])
    for one in layout.columns:
        required = "是" if one.required else ""
        cells = (one.heading.zh, required, one.explanation.zh, one.example, one.heading.en)
        help_sheet.append([_text(help_sheet, cell) for cell in cells])
    for sentence in layout.advice:
        help_sheet.append([_text(help_sheet, sentence.zh)])
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _heading(column: Column) -> str:
    return f"{column.heading.zh}*" if column.required else column.heading.zh


def _bold(sheet: object, text: str) -> Cell:
    cell = openpyxl.cell.WriteOnlyCell(sheet, value=text)  # type: ignore[arg-type]
    cell.font = openpyxl.styles.Font(bold=True)
    return cell


def _text(sheet: object, text: str | None) -> Cell:
    cell = openpyxl.cell.WriteOnlyCell(sheet, value=text)  # type: ignore[arg-type]
    cell.number_format = _TEXT
    cell.alignment = openpyxl.styles.Alignment(wrap_text=True, vertical="top")
    return cell

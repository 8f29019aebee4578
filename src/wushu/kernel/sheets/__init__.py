"""Spreadsheets that people fill in: read row by row with limits, explained by a template, reported on."""

from wushu.kernel.sheets.layout import Column, Layout
from wushu.kernel.sheets.reading import MAX_BYTES, MAX_ROWS, Row, read
from wushu.kernel.sheets.refusals import CELL_CHOICE, CELL_EMPTY
from wushu.kernel.sheets.reporting import (
    OUTCOMES,
    CellRefusal,
    Changed,
    Line,
    Outcome,
    Tally,
    report_csv,
)
from wushu.kernel.sheets.running import Plan, run, sha256_of
from wushu.kernel.sheets.writing import template_csv, template_xlsx

__all__ = [
    "CELL_CHOICE",
    "CELL_EMPTY",
    "MAX_BYTES",
    "MAX_ROWS",
    "OUTCOMES",
    "CellRefusal",
    "Changed",
    "Column",
    "Layout",
    "Line",
    "Outcome",
    "Plan",
    "Row",
    "Tally",
    "read",
    "report_csv",
    "run",
    "sha256_of",
    "template_csv",
    "template_xlsx",
]

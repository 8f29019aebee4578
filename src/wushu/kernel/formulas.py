"""The guard against formulas in CSV: spreadsheets run cells that begin like one (OWASP, CSV injection).

A text cell that begins with ``= + - @``, one of these in full width (which Chinese and Japanese
spreadsheets read as the same), tab or carriage return gets an apostrophe before it; plain numbers such
as ``-12.5`` or ``+86`` are harmless and stay.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from typing import Any

STARTS = (
    "=", "+", "-", "@", "\t", "\r",
    "\N{FULLWIDTH EQUALS SIGN}", "\N{FULLWIDTH PLUS SIGN}", "\N{FULLWIDTH HYPHEN-MINUS}",
    "\N{FULLWIDTH COMMERCIAL AT}",
)  # fmt: skip
NUMBER = r"[+-]?[0-9]+([.][0-9]+)?"
_NUMBER = re.compile(NUMBER)


def guarded(text: str) -> str:
    """The text, or the text behind an apostrophe."""
    return f"'{text}" if text.startswith(STARTS) and not _NUMBER.fullmatch(text) else text


def csv_line(cells: Iterable[Any]) -> str:
    """A row of CSV, each cell guarded."""
    text = io.StringIO()
    csv.writer(text).writerow([guarded(str(cell)) for cell in cells])
    return text.getvalue()

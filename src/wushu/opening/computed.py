"""A result as it is kept and delivered, and as a file or a page shows it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from wushu.kernel.canonical import canonical_json
from wushu.kernel.formulas import csv_line
from wushu.opening.types import ComputedFile, ComputedTable
from wushu.privacy.types import Computed

FORMS: Mapping[str, str] = {"csv": "text/csv; charset=utf-8", "json": "application/json"}
"""In which a result is delivered, and the media type of each."""


def document_of(found: Computed, *, program: str, salt: str) -> bytes:
    """A result as it is kept and delivered; the salt in it does for it what it does for the program."""
    return canonical_json(
        {
            "program": program,
            "salt": salt,
            "columns": [{"name": name, "type": type_} for name, type_ in found.columns],
            "rows": [list(row) for row in found.rows],
        }
    )


def table_of(document: bytes, most: int | None = None) -> ComputedTable:
    """The columns and the first rows of a result that was kept."""
    kept = json.loads(document)
    return ComputedTable(
        columns=tuple((one["name"], one["type"]) for one in kept["columns"]),
        rows=tuple(tuple(row) for row in kept["rows"][:most]),
        all_rows=len(kept["rows"]),
    )


def file_of(document: bytes, form: str) -> ComputedFile:
    """A result as a file in one of ``FORMS``: the JSON as it is kept, or CSV (RFC 4180, UTF-8)."""
    content = csv_of(table_of(document)).encode() if form == "csv" else document
    return ComputedFile(content, FORMS[form])


def csv_of(found: ComputedTable) -> str:
    """A table as lines of CSV, guarded against formulas as all downloads are."""
    lines = [
        [name for name, _ in found.columns],
        *([cell(one) for one in row] for row in found.rows),
    ]
    return "".join(map(csv_line, lines))


def cell(value: Any) -> str:
    """A value as text; empty for none."""
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)

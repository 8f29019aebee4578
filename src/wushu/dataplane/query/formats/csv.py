"""CSV (RFC 4180) with a header line. An empty cell is no value, ``""`` an empty text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import orjson

from wushu.catalog.types import FieldType
from wushu.dataplane.query import engine
from wushu.dataplane.query.formats.table import Run, Table
from wushu.dataplane.query.guard import guarded, guarded_sql
from wushu.dataplane.query.sql import Column

BOM = "\ufeff".encode()


def runs(table: Table, first: int = 0, *, guard: bool = True, bom: bool = False) -> Iterator[Run]:
    """The table; from a later row on without the header. ``guard``: ``query.guard``; ``bom``: a mark."""
    if not first:
        head = _line([column.name for column in table.columns], guard=guard)
        yield Run(0, (BOM if bom else b"") + head.encode())
    cells = " || ',' || ".join(_cell_sql(column, guard) for column in table.columns)
    yield from table.lines(f"{cells} || chr(13) || chr(10)", first)


def page(rows: Sequence[bytes | memoryview], names: Sequence[str], *, guard: bool) -> bytes:
    """Rows given as JSON texts."""
    lines = [_line(names, guard=guard)]
    for row in rows:
        values = orjson.loads(row)
        lines.append(_line([values[name] for name in names], guard=guard))
    return "".join(lines).encode()


def _line(values: Sequence[Any], *, guard: bool) -> str:
    return ",".join(_cell(value, guard=guard) for value in values) + "\r\n"


def _cell(value: Any, *, guard: bool) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        return str(value).lower() if isinstance(value, bool) else str(value)
    text = guarded(value) if guard else value
    if not text or any(mark in text for mark in ',"\r\n'):
        return '"' + text.replace('"', '""') + '"'
    return text


def _cell_sql(column: Column, guard: bool) -> str:
    """The same as an expression of the engine."""
    cell = engine.text_cell(column.place, column.type)
    if column.type is not FieldType.TEXT:
        return f"coalesce({cell}, '')"
    text = guarded_sql(cell) if guard else cell
    marks = " OR ".join(
        f"contains({cell}, {mark})" for mark in ("','", "'\"'", "chr(10)", "chr(13)")
    )
    return (
        f"coalesce(CASE WHEN {cell} = '' OR {marks} "
        f"THEN '\"' || replace({text}, '\"', '\"\"') || '\"' ELSE {text} END, '')"
    )

"""A page of rows in the formats of whole tables, by the same writers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import orjson
import pyarrow as pa

from wushu.catalog.selectors import forms
from wushu.catalog.types import FieldType
from wushu.dataplane.query.formats import WRITERS, parquet
from wushu.dataplane.query.formats.table import Table, of_version
from wushu.dataplane.query.sql import Column
from wushu.dataplane.query.types import FORMAT_NOT_OFFERED, Format
from wushu.dataplane.query.versions import Version

PAGED = {
    Format.XML: WRITERS[Format.XML].content_type,
    Format.XLSX: WRITERS[Format.XLSX].content_type,
    Format.PARQUET: parquet.CONTENT_TYPE,
    Format.ARROW: WRITERS[Format.ARROW].content_type,
    Format.GEOJSON: WRITERS[Format.GEOJSON].content_type,
}
"""Formats a page can be had in beside JSON, NDJSON and CSV. Turtle names rows by their place in the
whole table, which a page does not tell."""

_SQL = {
    FieldType.TEXT: "VARCHAR",
    FieldType.INTEGER: "BIGINT",
    FieldType.NUMBER: "DOUBLE",
    FieldType.DATE: "DATE",
    FieldType.DATETIME: "TIMESTAMP",
    FieldType.BOOLEAN: "BOOLEAN",
}


def require_paged(asked: Format, version: Version, names: Sequence[str]) -> None:
    """Refuse a format these columns do not allow: ``format-not-offered``."""
    fields = [version.fields[version.columns[name].place] for name in names]
    offered = {one.suffix for one in forms(fields, None)}
    if asked in PAGED and asked.value not in offered:
        others = ["json", "ndjson", "csv", *(one.value for one in PAGED if one.value in offered)]
        raise FORMAT_NOT_OFFERED(format=asked.value, offered=", ".join(others))


def written(
    asked: Format,
    slug: str,
    version: Version,
    rows: Sequence[bytes | memoryview],
    names: Sequence[str],
) -> bytes:
    """The page in one of ``PAGED``; refusals are the writers' own."""
    table = _of_page(of_version(slug, version, names), rows)
    if asked is Format.PARQUET:
        return parquet.page(table)
    writer = WRITERS[asked]
    if writer.require is not None:
        writer.require(table)
    return b"".join(run.data for run in writer.runs(table))


def _of_page(whole: Table, rows: Sequence[bytes | memoryview]) -> Table:
    """The page as a table. Its cells come as the texts the rows hold; the engine made those texts."""
    values = [orjson.loads(row) for row in rows]
    texts = {
        f"c{n}": pa.array([_text(row[one.name]) for row in values], pa.large_string())
        for n, one in enumerate(whole.columns)
    }
    columns = tuple(replace(one, place=n) for n, one in enumerate(whole.columns))
    cells = ", ".join(f"CAST(c{one.place} AS {_sql_type(one)}) AS c{one.place}" for one in columns)
    return replace(
        whole,
        columns=columns,
        source=f"(SELECT {cells}, pos FROM page)",  # noqa: S608  (types and places)
        rows=len(values),
        page=pa.table({**texts, "pos": pa.array(range(len(values)), pa.int64())}),
    )


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return str(value).lower() if isinstance(value, bool) else repr(value)


def _sql_type(column: Column) -> str:
    if column.type is FieldType.DECIMAL:
        return f"DECIMAL(38, {column.scale})"
    return _SQL[column.type]

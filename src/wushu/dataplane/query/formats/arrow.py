"""Apache Arrow's IPC stream: the rows with their types, read without being parsed.

Texts have 64-bit offsets; decimals, dates and times are Arrow's own. Nothing is compressed, which every
reader understands. The stream ends with the mark of its end: one that lacks it was broken off.
"""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa

from wushu.catalog.types import FieldType
from wushu.dataplane.query.formats.table import RUN_ROWS, Run, Table
from wushu.dataplane.query.sql import Column

_TYPES = {
    FieldType.TEXT: pa.large_string(),
    FieldType.INTEGER: pa.int64(),
    FieldType.NUMBER: pa.float64(),
    FieldType.DATE: pa.date32(),
    FieldType.DATETIME: pa.timestamp("us"),
    FieldType.BOOLEAN: pa.bool_(),
}
_END = b"\xff\xff\xff\xff\x00\x00\x00\x00"
"""End of stream: a continuation mark and no metadata (Arrow, "IPC streaming format")."""


def runs(table: Table, first: int = 0) -> Iterator[Run]:
    """The stream; from a later row on without the schema, which stands first."""
    schema = _schema(table)
    if not first:
        yield Run(0, schema.serialize().to_pybytes())
    for batch in _even(table.batches(first)):
        yield Run(batch.num_rows, batch.cast(schema).serialize().to_pybytes())
    yield Run(0, _END)


def _schema(table: Table) -> pa.Schema:
    fields = [pa.field(column.name, arrow_type(column)) for column in table.columns]
    return pa.schema(
        fields,
        metadata={
            "wushu.dataset": table.name.slug,
            "wushu.version": str(table.name.number),
            "wushu.manifest_sha256": table.name.manifest_sha256,
        },
    )


def arrow_type(column: Column) -> pa.DataType:
    """The type of a column's values."""
    if column.type is FieldType.DECIMAL:
        return pa.decimal128(38, column.scale)
    return _TYPES[column.type]


def _even(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """The same rows, ``RUN_ROWS`` in each batch but the last, however the engine cut them."""
    waiting: list[pa.RecordBatch] = []
    rows = 0
    for batch in batches:
        waiting.append(batch)
        rows += batch.num_rows
        if rows < RUN_ROWS:
            continue
        together = pa.concat_batches(waiting)
        whole = rows - rows % RUN_ROWS
        for begin in range(0, whole, RUN_ROWS):
            yield together.slice(begin, RUN_ROWS)
        rows -= whole
        waiting = [together.slice(whole)] if rows else []
    if rows:
        yield pa.concat_batches(waiting)

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
            yield _copied(together.slice(begin, RUN_ROWS))
        rows -= whole
        waiting = [together.slice(whole)] if rows else []
    if rows:
        yield _copied(pa.concat_batches(waiting))


def _copied(batch: pa.RecordBatch) -> pa.RecordBatch:
    """The same rows in buffers that hold nothing else.

    A slice is written with what lies around it, and an empty cell with what the engine left there: the
    bytes would depend on how the engine cut the table, and no part could begin in the middle.
    """
    columns = [_copied_column(column) for column in batch.columns]
    return pa.RecordBatch.from_arrays(columns, schema=batch.schema)


def _copied_column(column: pa.Array) -> pa.Array:
    own = pa.concat_arrays([column, column.slice(0, 0)])
    if not own.null_count:
        return own
    filled = own.fill_null(_nothing(column.type))
    return pa.Array.from_buffers(
        column.type, len(own), [own.is_valid().buffers()[1], *filled.buffers()[1:]]
    )


def _nothing(type_: pa.DataType) -> pa.Scalar:
    """What stands in an empty cell, unseen."""
    if pa.types.is_large_string(type_) or pa.types.is_string(type_):
        return pa.scalar("", type_)
    if pa.types.is_boolean(type_):
        return pa.scalar(False)
    if pa.types.is_date32(type_):
        return pa.scalar(0, pa.int32()).cast(type_)
    return pa.scalar(0).cast(type_)

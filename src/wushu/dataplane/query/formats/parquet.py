"""Parquet. A whole version goes out as the stored file; here its parts are made, as a file or a page."""

from __future__ import annotations

import io
from uuid import uuid4

import pyarrow as pa
from pyarrow import parquet

from wushu.dataplane.ingest.store import working
from wushu.dataplane.query import engine, pieces
from wushu.dataplane.query.formats.arrow import arrow_type
from wushu.dataplane.query.formats.table import Table
from wushu.dataplane.quoting import identifier, literal

CONTENT_TYPE = b"application/vnd.apache.parquet"


def chunks(table: Table) -> pieces.Chunks:
    """A file of the table, made first, then sent."""
    # Where a killed process's files are swept away: these may hold rows that are not public.
    with working(f"download-{uuid4().hex}") as folder:
        path = folder / "data.parquet"
        with engine.connect(temporary=folder / "spill") as db:
            if table.order is None:
                cells = ", ".join(
                    f"c{one.place} AS {identifier(one.name)}" for one in table.columns
                )
                rows, params = (
                    f"{table.select(cells)} ORDER BY {engine.POSITION}",
                    table.matching.params,
                )
            else:
                db.register("arranged", _as_arranged(table))
                rows, params = "SELECT * FROM arranged", ()
            db.execute(
                f"COPY ({rows}) TO {literal(str(path))} (FORMAT parquet, COMPRESSION zstd)",
                list(params),
            )
        yield from pieces.of_file(path, 0, path.stat().st_size)


def _as_arranged(table: Table) -> pa.RecordBatchReader:
    """The rows as they come, which the engine takes one batch after the other."""
    schema = _schema(table)
    return pa.RecordBatchReader.from_batches(
        schema, (batch.cast(schema) for batch in table.batches())
    )


def _schema(table: Table) -> pa.Schema:
    return pa.schema([pa.field(one.name, arrow_type(one)) for one in table.columns])


def page(table: Table) -> bytes:
    """A small table at once."""
    schema = _schema(table)
    sink = io.BytesIO()
    with parquet.ParquetWriter(sink, schema, compression="zstd") as file:
        for batch in table.batches():
            file.write_batch(batch.cast(schema))
    return sink.getvalue()

"""Arrow, read by other people's software."""

from __future__ import annotations

import polars
from pyarrow import ipc


def test_arrow_reads_as_the_table_with_its_types(client, public):
    content = client.get("/data/streets.arrow").content
    table = ipc.open_stream(content).read_all()
    assert [tuple(row.values()) for row in table.to_pylist()] == public.rows
    assert str(table.schema.field("fee").type) == "decimal128(38, 2)"
    assert table.schema.metadata[b"wushu.version"] == b"1"
    assert polars.read_ipc_stream(content).shape == (1000, 9)

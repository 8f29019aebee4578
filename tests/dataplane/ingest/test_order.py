"""Rows keep the order of the source, whatever the engine makes of the expressions."""

from __future__ import annotations

from dataclasses import replace

from tests.dataplane.ingest.conftest import Desk, desk

__all__ = ["desk"]


def test_rows_keep_their_order_when_many_texts_mean_no_value(desk: Desk):
    # more than one of the engine's buffers, so that several threads read
    rows = "".join(f"{n:06d},{n % 7 or '无'},{'名' * 60}{n}\n" for n in range(200_000))
    content = f"编号,数量,名称\n{rows}".encode()
    found = desk.found(content)
    empty = ("", "无", "NA", "N/A", "-", "—", "null", "NULL", "不详")
    fields = [replace(column.proposal, null_values=empty) for column in found.columns]
    loaded = desk.load(content, fields)
    codes = loaded.data('"编号"')
    assert codes == [(f"{n:06d}",) for n in range(200_000)]
    assert loaded.data("_row") == [(n,) for n in range(1, 200_001)]

"""Rows keep the order of the source, whatever the engine makes of the expressions."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.dataplane.ingest.conftest import Desk, desk
from wushu.dataplane.ingest import engine

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


def test_a_plan_that_may_lose_the_order_is_not_run(tmp_path):
    with engine.connect(tmp_path, columns=1) as connection:
        engine.run(connection, "CREATE TEMP TABLE t AS SELECT range::VARCHAR AS a FROM range(10)")
        engine.run_in_order(connection, "CREATE TEMP TABLE s AS SELECT nullif(a, '1') AS b FROM t")
        with pytest.raises(RuntimeError, match="order"):
            engine.run_in_order(
                connection,
                "CREATE TEMP TABLE r AS "
                "SELECT CASE WHEN a IN ('1', '2', '3', '4', '5', '6', '7') THEN a END AS b FROM t",
            )
        assert engine.run(connection, "SELECT count(*) FROM s") == [(10,)]

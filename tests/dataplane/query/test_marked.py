"""Downloads in an order of their reader's own, on a running node."""

from __future__ import annotations

import io
import json

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.utils import timezone

from tests.dataplane.query import support
from tests.evidence.conftest import initialise
from wushu.dataplane.models import Receipt
from wushu.dataplane.query import exports, marked, streaming
from wushu.dataplane.query.types import Condition, Op
from wushu.dataplane.types import Watermark

pytestmark = (
    pytest.mark.once
)  # files and streams: the grants behind them are asked on both databases

FORMATS = ("csv", "json", "ndjson", "parquet", "xlsx", "xml", "arrow", "ttl")


@pytest.fixture
def streets(node):
    """A conditional table of three blocks."""
    initialise()
    return support.publish(rows=support.table(5_000), conditions="研究")


def marked_grant(dataset, reader, **values):
    made = support.grant(dataset, reader.actor.person, **values)
    made.watermark = Watermark.ORDER.value
    made.save()
    return made


def header(reader):
    return {"authorization": f"Bearer {reader.key}"}


def rows_of(answer) -> list[dict]:
    return [json.loads(line) for line in answer.text.splitlines()]


def codes(answer) -> list[str]:
    return [row["code"] for row in rows_of(answer)]


def test_the_rows_are_those_of_the_table_in_another_order_and_nothing_else_differs(client, streets):
    reader = support.reader()
    marked_grant(streets, reader)
    answer = client.get("/data/streets.ndjson", headers=header(reader))
    assert answer.headers["wushu-row-order"] == "recipient"
    assert rows_of(answer) != streets.json
    assert sorted(rows_of(answer), key=lambda row: row["code"]) == streets.json


@pytest.mark.parametrize("suffix", FORMATS)
def test_a_reader_gets_the_same_bytes_each_time_and_others_get_others(client, streets, suffix):
    one, other = support.reader(), support.reader("zweite")
    marked_grant(streets, one)
    marked_grant(streets, other)
    address = f"/data/streets.{suffix}"
    first = client.get(address, headers=header(one))
    assert first.status_code == 200
    assert client.get(address, headers=header(one)).content == first.content
    assert client.get(address, headers=header(other)).content != first.content


def test_every_form_has_the_same_order(client, streets):
    reader = support.reader()
    marked_grant(streets, reader)

    def get(suffix: str) -> bytes:
        return client.get(f"/data/streets.{suffix}", headers=header(reader)).content

    order = [json.loads(line)["code"] for line in get("ndjson").splitlines()]
    assert [row["code"] for row in json.loads(get("json"))] == order
    assert pq.read_table(io.BytesIO(get("parquet"))).column("code").to_pylist() == order
    assert pa.ipc.open_stream(get("arrow")).read_all().column("code").to_pylist() == order
    assert list(pd.read_csv(io.BytesIO(get("csv")), dtype=str)["code"]) == order
    assert list(pd.read_excel(io.BytesIO(get("xlsx")), dtype=str)["code"]) == order


def test_the_stored_file_with_its_row_numbers_does_not_go_out(client, streets):
    reader = support.reader()
    marked_grant(streets, reader)
    answer = client.get("/data/streets.parquet", headers=header(reader))
    table = pq.read_table(io.BytesIO(answer.content))
    assert table.schema.names == [field.name for field in streets.fields]


def test_columns_and_rows_of_the_grant_bind_as_ever(client, streets):
    reader = support.reader()
    only = (Condition("区 名", Op.EQ, ("姑苏区",)),)
    marked_grant(streets, reader, columns=["code", "区 名"], row_filter=only)
    found = rows_of(client.get("/data/streets.ndjson", headers=header(reader)))
    assert {row["区 名"] for row in found} == {"姑苏区"}
    assert len(found) == 1_000
    assert [row["code"] for row in found] != sorted(row["code"] for row in found)


def test_a_grant_without_the_mark_gives_the_rows_as_they_stand(client, streets):
    reader = support.reader()
    support.grant(streets, reader.actor.person)
    answer = client.get("/data/streets.ndjson", headers=header(reader))
    assert "wushu-row-order" not in answer.headers
    assert rows_of(answer) == streets.json


def test_pages_of_rows_stand_in_the_order_of_the_table(client, streets):
    reader = support.reader()
    marked_grant(streets, reader)
    page = client.get("/api/v1/datasets/streets/rows?limit=50", headers=header(reader)).json()
    assert page["rows"] == streets.json[:50]


@pytest.mark.parametrize("suffix", ["csv", "ndjson", "arrow", "json"])
@pytest.mark.parametrize("only", [(), (Condition("区 名", Op.EQ, ("姑苏区",)),)])
def test_an_interrupted_download_goes_on_where_it_ended(client, streets, suffix, only, monkeypatch):
    monkeypatch.setattr(exports, "MARK_EVERY", 64 * 1024)
    reader = support.reader()
    marked_grant(streets, reader, row_filter=only)
    address = f"/data/streets.{suffix}"
    whole = client.get(address, headers=header(reader))
    assert whole.headers["accept-ranges"] == "bytes"
    had = len(whole.content) * 2 // 3
    rest = client.get(
        address,
        headers={
            **header(reader), "range": f"bytes={had}-", "if-range": whole.headers["etag"],
        },
    )  # fmt: skip
    assert rest.status_code == 206
    assert rest.headers["etag"] == whole.headers["etag"]
    assert whole.content[:had] + rest.content == whole.content
    assert Receipt.objects.count() == 2


def test_another_readers_file_is_not_gone_on_with(client, streets):
    one, other = support.reader(), support.reader("zweite")
    marked_grant(streets, one)
    marked_grant(streets, other)
    begun = client.get("/data/streets.csv", headers=header(one))
    answer = client.get(
        "/data/streets.csv",
        headers={**header(other), "range": "bytes=100-", "if-range": begun.headers["etag"]},
    )
    assert answer.status_code == 200
    assert answer.headers["etag"] != begun.headers["etag"]


def test_who_loses_the_grant_while_the_bytes_are_counted_gets_none(client, streets, monkeypatch):
    reader = support.reader()
    grant = marked_grant(streets, reader)
    count = exports.measure

    def slowly(*given, **how):
        facts = count(*given, **how)
        grant.revoked_at, grant.revoked_reason = timezone.now(), "外泄"
        grant.save()
        return facts

    monkeypatch.setattr(exports, "measure", slowly)
    monkeypatch.setattr(streaming, "ASK_AGAIN_SECONDS", 0.0)
    answer = client.get("/data/streets.csv", headers={**header(reader), "range": "bytes=9-"})
    assert answer.status_code == 403
    assert answer.json()["name"] == "grant-revoked"


def test_what_takes_too_long_to_count_goes_out_whole(client, streets, monkeypatch):
    monkeypatch.setattr(marked, "SECONDS", -1.0)
    reader = support.reader()
    marked_grant(streets, reader)
    answer = client.get("/data/streets.csv", headers={**header(reader), "range": "bytes=9-"})
    assert answer.status_code == 200
    assert len(answer.text.splitlines()) > 5_000

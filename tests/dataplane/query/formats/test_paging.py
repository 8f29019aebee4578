"""Pages of rows in the formats of whole tables."""

from __future__ import annotations

import io
import json
from typing import Any
from xml.etree import ElementTree

import pandas as pd
import pyarrow.parquet as pq
import pytest
from pyarrow import ipc

from tests.dataplane.query import support
from tests.dataplane.query.formats.tables import cells, require_rfc_7946
from wushu.catalog.types import FieldSpec
from wushu.dataplane.models import Receipt

PAGE = (
    "/api/v1/datasets/streets/rows?filter=level:eq:3&sort=-code&select=fee,code,seen,note&limit=7"
)


def read_page(form: str, content: bytes) -> list[dict[str, Any]]:
    if form == "xml":
        return [cells(one) for one in ElementTree.fromstring(content)]
    if form == "xlsx":
        return pd.read_excel(io.BytesIO(content), dtype={"code": str}).to_dict("records")
    if form == "arrow":
        return ipc.open_stream(content).read_all().to_pylist()
    return pq.read_table(io.BytesIO(content)).to_pylist()


@pytest.mark.parametrize("form", ["xml", "xlsx", "arrow", "parquet"])
def test_a_page_has_the_rows_columns_and_order_of_the_json_page(client, public, form):
    plain = client.get(PAGE)
    answer = client.get(f"{PAGE}&format={form}")
    assert answer.status_code == 200
    found = read_page(form, answer.content)
    assert [row["code"] for row in found] == [row["code"] for row in plain.json()["rows"]]
    if form in ("arrow", "parquet"):
        assert [list(row) for row in found] == [["fee", "code", "seen", "note"]] * 7
        assert [f"{row['fee']:.2f}" for row in found] == [r["fee"] for r in plain.json()["rows"]]
    following = answer.headers["link"].partition(">")[0].removeprefix("<")
    assert f"format={form}" in following
    assert read_page(form, client.get(following).content)[0]["code"] < found[-1]["code"]
    assert answer.headers["wushu-version"] == "1"


def test_pages_keep_every_value_in_every_form(client, edges):
    address = "/api/v1/datasets/edges/rows?limit=100"
    table = ipc.open_stream(client.get(f"{address}&format=arrow").content).read_all()
    whole = ipc.open_stream(client.get("/data/edges.arrow").content).read_all()
    assert table.schema.equals(whole.schema)
    assert str(table.to_pylist()) == str(whole.to_pylist())
    for form in ("xml", "xlsx"):
        page, file = client.get(f"{address}&format={form}"), client.get(f"/data/edges.{form}")
        assert page.content == file.content, form


def test_a_page_of_places_is_geojson_where_both_coordinates_are_selected(client, places):
    address = "/api/v1/datasets/stops/rows?format=geojson"
    document = json.loads(client.get(address).content)
    require_rfc_7946(document)
    assert len(document["features"]) == 5
    refused = client.get(f"{address}&select=stop,longitude").json()
    assert (refused["name"], "geojson" in refused["way_out"]) == ("format-not-offered", False)


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        ("application/xml", "application/xml"),
        ("application/vnd.apache.arrow.stream", "application/vnd.apache.arrow.stream"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "application/json"),
        ("*/*", "application/json"),
    ],
)
def test_the_form_of_a_page_is_negotiated(client, public, accept, content_type):
    answer = client.get("/api/v1/datasets/streets/rows?limit=1", headers={"accept": accept})
    assert answer.headers["content-type"] == content_type


def test_a_page_that_a_sheet_cannot_hold_leaves_no_receipt(client, node):
    dataset = support.publish("long-text", fields=(FieldSpec("text"),), rows=[("x" * 32_768,)])
    someone = support.reader()
    support.grant(dataset, someone.actor.person)
    answer = client.get(
        "/api/v1/datasets/long-text/rows?format=xlsx",
        headers={"authorization": f"Bearer {someone.key}"},
    )
    assert answer.json()["name"] == "text-too-long-for-xlsx"
    assert not Receipt.objects.exists()

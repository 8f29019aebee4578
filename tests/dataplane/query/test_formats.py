"""Whole tables as XML, XLSX, Arrow, Turtle and GeoJSON, read by other people's software."""

# ruff: noqa: DTZ001  (times of tables have no zone)
from __future__ import annotations

import base64
import io
import json
import math
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree

import httpx
import openpyxl
import pandas as pd
import polars
import pyarrow.parquet as pq
import pytest
from openpyxl.utils.escape import unescape
from pyarrow import ipc
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import XSD

from tests.dataplane.query import support
from tests.evidence.conftest import initialise
from wushu.catalog.selectors import every_form
from wushu.catalog.types import FieldSpec, FieldType
from wushu.dataplane.models import Receipt
from wushu.dataplane.query import downloads
from wushu.dataplane.query.formats import WRITERS, of_version, xlsx
from wushu.dataplane.query.formats.xml import NAMESPACE, column_name, element_name
from wushu.dataplane.query.types import Condition, Format, Op
from wushu.dataplane.query.versions import version_by_manifest
from wushu.evidence import selectors as evidence

NEW = ("xml", "xlsx", "arrow", "ttl", "geojson")

PLACES = (
    FieldSpec("stop", key=True),
    FieldSpec("longitude", FieldType.NUMBER),
    FieldSpec("纬度", FieldType.DECIMAL, "2"),
    FieldSpec("name"),
)
STOPS: list[tuple[Any, ...]] = [
    ("0012", 120.5853, Decimal("31.29"), "观前街"),
    ("0013", -180.0, Decimal("-90.00"), 'a "quoted" name\n<&>'),
    ("0014", None, Decimal("31.29"), None),
    ("0015", 200.0, Decimal("31.29"), "off the world"),
    ("0016", math.nan, Decimal("31.29"), ""),
]
"""No value, no degrees, no number: rows without a geometry."""
AWKWARD = (
    "=1+1", "@SUM(A1)", "0012", " a ", "\ttab\n", "a\rb", "\r\n", "a\x01b\x00", "\ufffe", "_x0041_",
    "_x", "]]>&<>\"'", "𝄞", "\\u0041\\", "", "'",
)  # fmt: skip
EDGES = (
    FieldSpec("区 名/1"),
    FieldSpec("whole", FieldType.INTEGER),
    FieldSpec("fee", FieldType.DECIMAL, "2"),
    FieldSpec("ratio", FieldType.NUMBER),
    FieldSpec("day", FieldType.DATE),
    FieldSpec("seen", FieldType.DATETIME),
    FieldSpec("yes", FieldType.BOOLEAN),
)
EDGE_ROWS: list[tuple[Any, ...]] = [
    *((text, None, None, None, None, None, None) for text in AWKWARD),
    ("big", 2**60, Decimal("123456789012345678.25"), math.inf, date(1899, 12, 31),
     datetime(1800, 1, 1), True),
    ("small", -(2**60), Decimal("-0.05"), -1e-7, date(1900, 3, 1), datetime(1900, 3, 1), False),
    ("usual", 999_999_999_999_999, Decimal("12.50"), math.nan, date(2024, 2, 29),
     datetime(2024, 2, 29, 23, 59, 59), None),
    (None, None, None, None, None, None, None),
]  # fmt: skip


@pytest.fixture
def public(node):
    dataset = support.publish()
    support.grant(dataset)
    return dataset


@pytest.fixture
def places(node):
    initialise()
    dataset = support.publish("stops", fields=PLACES, rows=STOPS)
    support.grant(dataset)
    return dataset


@pytest.fixture
def edges(node):
    initialise()
    dataset = support.publish("edges", fields=EDGES, rows=EDGE_ROWS)
    support.grant(dataset)
    return dataset


def cells(element: ElementTree.Element) -> dict[str, str]:
    """Values of a row of our XML by column."""
    found = {}
    for one in element:
        text = one.text or ""
        if one.get("encoding") == "base64":
            text = base64.b64decode(text).decode()
        found[column_name(one.tag.removeprefix(f"{{{NAMESPACE}}}"))] = text
    return found


def as_text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


# XML


def test_xml_reads_back_as_the_table(client, public):
    answer = client.get("/data/streets.xml")
    assert answer.headers["content-type"] == "application/xml"
    root = ElementTree.fromstring(answer.content)
    assert root.get("manifest-sha256") == public.version.manifest_sha256
    wanted = [
        {name: as_text(value) for name, value in row.items() if value is not None}
        for row in public.json
    ]
    assert [cells(row) for row in root] == wanted


def test_xml_keeps_every_character_of_every_text(client, edges):
    root = ElementTree.fromstring(client.get("/data/edges.xml").content)
    texts = [cells(row).get("区 名/1") for row in root]
    assert texts == [row[0] for row in EDGE_ROWS]
    assert list(root[len(root) - 1]) == []


@pytest.mark.parametrize(
    ("column", "element"),
    [
        ("code", "code"),
        ("区名", "区名"),
        ("区 名", "区_x0020_名"),
        ("1st", "_x0031_st"),
        ("xmlns", "_x0078_mlns"),
        ("a:b", "a_x003A_b"),
        ("_x0041_", "_x005F_x0041_"),
        ("", "_x0000_"),
        ("a<b>&", "a_x003C_b_x003E__x0026_"),
    ],
)
def test_names_of_columns_become_names_of_elements_and_come_back(column, element):
    assert element_name(column) == element
    assert column_name(element) == column
    ElementTree.fromstring(f"<{element}/>")


# XLSX


def sheet(content: bytes) -> list[tuple[Any, ...]]:
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
    assert book.sheetnames == ["data"]
    return list(book["data"].iter_rows(values_only=True))


def test_pandas_reads_the_workbook_with_codes_as_text_and_dates_as_dates(client, public):
    answer = client.get("/data/streets.xlsx")
    frame = pd.read_excel(io.BytesIO(answer.content), dtype={"code": str})
    assert list(frame.columns) == [field.name for field in public.fields]
    assert list(frame["code"]) == [row[0] for row in public.rows]
    assert [day.date() for day in frame["opened"]] == [row[5] for row in public.rows]
    assert [moment.to_pydatetime() for moment in frame["seen"]] == [row[6] for row in public.rows]
    assert [Decimal(f"{fee:.2f}") for fee in frame["fee"]] == [row[3] for row in public.rows]


def test_no_text_of_a_workbook_is_a_formula(client, edges):
    book = openpyxl.load_workbook(io.BytesIO(client.get("/data/edges.xlsx").content))
    types = {cell.data_type for row in book["data"].iter_rows(min_row=2, max_col=1) for cell in row}
    assert types <= {"s", "inlineStr", "n"}  # n: the cell without a value
    formats = {book["data"].cell(n + 2, 1).number_format for n in range(len(AWKWARD))}
    assert formats == {"@"}


def test_a_workbook_keeps_texts_and_what_its_numbers_cannot_hold(client, edges):
    head, *found = sheet(client.get("/data/edges.xlsx").content)
    assert head == tuple(field.name for field in EDGES)
    texts = [None if row[0] is None else unescape(row[0]) for row in found[: len(AWKWARD)]]
    assert texts == list(AWKWARD)
    big, small, usual, nothing = found[len(AWKWARD) :]
    assert big[1:] == (
        str(2**60), "123456789012345678.25", "inf", "1899-12-31", "1800-01-01T00:00:00", True,
    )  # fmt: skip
    assert small[1:4] == (str(-(2**60)), -0.05, -1e-7)
    assert small[4:] == (datetime(1900, 3, 1), datetime(1900, 3, 1), False)
    assert usual[1:] == (
        999_999_999_999_999, 12.5, "nan", datetime(2024, 2, 29), datetime(2024, 2, 29, 23, 59, 59),
        None,
    )  # fmt: skip
    assert set(nothing) <= {None}


def test_a_text_too_long_for_a_cell_is_refused_by_name_before_the_first_byte(client, node):
    rows = [("a",), ("x" * 32_768,)]
    dataset = support.publish("long-text", fields=(FieldSpec("text"),), rows=rows)
    someone = support.reader()
    support.grant(dataset, someone.actor.person)
    answer = client.get("/data/long-text.xlsx", headers={"authorization": f"Bearer {someone.key}"})
    assert (answer.status_code, answer.json()["name"]) == (406, "text-too-long-for-xlsx")
    assert "32768" in answer.text
    assert not Receipt.objects.exists()


def test_cells_are_measured_as_spreadsheets_count(client, node):
    """A character beyond the first plane counts twice."""
    dataset = support.publish("music", fields=(FieldSpec("text"),), rows=[("𝄞" * 16_384,)])
    support.grant(dataset)
    assert "32768" in client.get("/data/music.xlsx").text


def test_more_rows_than_a_sheet_has_are_refused_by_name(client, public, monkeypatch):
    monkeypatch.setattr("wushu.catalog.forms.SHEET_ROWS", 1000)
    monkeypatch.setattr(xlsx, "SHEET_ROWS", 1000)
    for method in ("GET", "HEAD"):
        assert client.request(method, "/data/streets.xlsx").status_code == 406
    found = client.get("/data/streets.xlsx")
    assert found.json()["name"] == "too-large-for-xlsx"
    assert "1000" in found.text
    monkeypatch.setattr("wushu.catalog.forms.SHEET_ROWS", 1001)
    monkeypatch.setattr(xlsx, "SHEET_ROWS", 1001)
    assert len(sheet(client.get("/data/streets.xlsx").content)) == 1001


# Arrow


def test_arrow_reads_as_the_table_with_its_types(client, public):
    content = client.get("/data/streets.arrow").content
    table = ipc.open_stream(content).read_all()
    assert [tuple(row.values()) for row in table.to_pylist()] == public.rows
    assert str(table.schema.field("fee").type) == "decimal128(38, 2)"
    assert table.schema.metadata[b"wushu.version"] == b"1"
    assert polars.read_ipc_stream(content).shape == (1000, 9)


# Turtle


def literal(value: Any, type_: FieldType) -> Literal:
    if type_ is FieldType.TEXT:
        return Literal(value)
    datatype = {
        FieldType.INTEGER: XSD.integer, FieldType.DECIMAL: XSD.decimal, FieldType.NUMBER: XSD.double,
        FieldType.DATE: XSD.date, FieldType.DATETIME: XSD.dateTime, FieldType.BOOLEAN: XSD.boolean,
    }[type_]  # fmt: skip
    return Literal(value, datatype=datatype)


def test_rdflib_reads_one_triple_for_each_value(client, edges):
    graph = Graph().parse(data=client.get("/data/edges.ttl").text, format="turtle")
    base = f"{evidence.node().identifier_base}/id"
    wanted = {}
    for n, row in enumerate(EDGE_ROWS):
        for field, value in zip(EDGES, row, strict=True):
            if value is not None:
                key = (
                    URIRef(f"{base}/{edges.version.pk}#row={n + 2}"),
                    URIRef(f"{base}/{edges.id}#{quote(field.name, safe='')}"),
                )
                wanted[key] = literal(value, field.type)
    found = {(s, p): o for s, p, o in graph}
    assert found.keys() == wanted.keys()
    for key, value in wanted.items():
        assert found[key].datatype == value.datatype, key
        if isinstance(value.value, float) and math.isnan(value.value):
            assert math.isnan(found[key].value)
        else:
            assert found[key].value == value.value, key


# GeoJSON


def require_rfc_7946(document: Any) -> None:
    """What RFC 7946 demands of a collection of points: 3, 3.1.1, 3.2, 3.3, 4, 6."""
    assert document["type"] == "FeatureCollection"
    assert isinstance(document["features"], list)
    assert "crs" not in document
    for feature in document["features"]:
        assert feature["type"] == "Feature"
        assert {"geometry", "properties"} <= feature.keys()
        assert not {"coordinates", "geometries", "features"} & feature.keys()  # 7.1
        assert isinstance(feature.get("id", ""), str | int | float)
        geometry = feature["geometry"]
        if geometry is not None:
            assert geometry.keys() == {"type", "coordinates"}
            assert geometry["type"] == "Point"
            longitude, latitude = geometry["coordinates"]
            assert -180 <= longitude <= 180
            assert -90 <= latitude <= 90


def test_geojson_follows_rfc_7946_and_has_every_row(client, places):
    answer = client.get("/data/stops.geojson")
    assert answer.headers["content-type"] == "application/geo+json"
    document = json.loads(answer.content)
    require_rfc_7946(document)
    assert [one["properties"]["name"] for one in document["features"]] == [r[3] for r in STOPS]
    geometries = [
        one["geometry"] and one["geometry"]["coordinates"] for one in document["features"]
    ]
    assert geometries == [[120.5853, 31.29], [-180.0, -90.0], None, None, None]
    assert [one["id"] for one in document["features"]] == [row[0] for row in STOPS]
    assert document["manifest_sha256"] == places.version.manifest_sha256


def test_a_table_without_coordinates_has_no_geojson(client, public):
    answer = client.get("/data/streets.geojson")
    assert (answer.status_code, answer.json()["name"]) == (406, "format-not-offered")
    assert ".geojson" not in answer.json()["way_out"]
    assert ".ttl" in answer.json()["way_out"]


def test_a_grant_without_both_coordinates_has_no_geojson(client, node):
    dataset = support.publish("stops", fields=PLACES, rows=STOPS)
    support.grant(dataset, columns=["stop", "longitude"])
    assert client.get("/data/stops.geojson").json()["name"] == "format-not-offered"


# All of them


@pytest.mark.parametrize("suffix", NEW)
def test_the_same_version_has_the_same_bytes_each_time(places, suffix):
    version = places.version
    opened = version_by_manifest(
        places.id, version.number, version.pk, version.manifest_sha256, "stops"
    )
    table = of_version("stops", opened, opened.names)
    made = [b"".join(run.data for run in WRITERS[Format(suffix)].runs(table)) for _ in range(3)]
    assert made[0] == made[1] == made[2]


@pytest.mark.parametrize("suffix", ["xml", "arrow", "ttl", "geojson"])
def test_an_export_can_begin_at_any_of_its_runs(node, suffix):
    initialise()
    rows: list[tuple[Any, ...]] = [(f"{n:06d}", n / 100, Decimal(n % 90), "x") for n in range(7000)]
    dataset = support.publish("many", fields=PLACES, rows=rows)
    version = dataset.version
    opened = version_by_manifest(
        dataset.id, version.number, version.pk, version.manifest_sha256, "many"
    )
    table, writer = of_version("many", opened, opened.names), WRITERS[Format(suffix)]
    pieces = list(writer.runs(table))
    assert sum(run.rows for run in pieces) == 7000
    done, before = 0, 0
    for run in pieces:
        if run.rows and done:
            later = b"".join(one.data for one in writer.runs(table, done))
            assert later == b"".join(one.data for one in pieces)[before:]
        done, before = done + run.rows, before + len(run.data)


@pytest.mark.parametrize("suffix", NEW)
def test_a_table_without_rows_is_still_one(client, node, suffix):
    initialise()
    dataset = support.publish("empty", fields=PLACES, rows=[])
    support.grant(dataset)
    content = client.get(f"/data/empty.{suffix}").content
    read = {
        "xml": lambda: len(ElementTree.fromstring(content)),
        "xlsx": lambda: len(sheet(content)) - 1,
        "arrow": lambda: ipc.open_stream(content).read_all().num_rows,
        "ttl": lambda: len(Graph().parse(data=content, format="turtle")),
        "geojson": lambda: len(json.loads(content)["features"]),
    }
    assert read[suffix]() == 0


@pytest.mark.parametrize("suffix", NEW)
def test_only_granted_columns_and_rows_go_out(client, node, suffix):
    initialise()
    dataset = support.publish("stops", fields=PLACES, rows=STOPS)
    someone = support.reader()
    where = (Condition("stop", Op.IN, ("0012", "0014")),)
    support.grant(
        dataset, someone.actor.person, columns=["stop", "longitude", "纬度"], row_filter=where
    )
    answer = client.get(f"/data/stops.{suffix}", headers={"authorization": f"Bearer {someone.key}"})
    content = answer.content
    read = {
        "xml": lambda: [cells(one)["stop"] for one in ElementTree.fromstring(content)],
        "xlsx": lambda: [row[0] for row in sheet(content)[1:]],
        "arrow": lambda: ipc.open_stream(content).read_all().column("stop").to_pylist(),
        "ttl": lambda: sorted(
            str(o) for _, p, o in Graph().parse(data=content, format="turtle") if "#stop" in p
        ),
        "geojson": lambda: [one["id"] for one in json.loads(content)["features"]],
    }
    assert read[suffix]() == ["0012", "0014"]
    whole = content if suffix != "xlsx" else str(sheet(content)).encode()
    assert "观前街".encode() not in whole
    receipt = Receipt.objects.get()
    assert (receipt.surface, receipt.columns) == ("download", ["stop", "longitude", "纬度"])


def test_every_format_has_one_entry_in_the_catalogues_list():
    named = {one.suffix: one.media_type.encode() for one in every_form()}
    assert named.keys() == {one.value for one in Format}
    for format_, writer in WRITERS.items():
        assert writer.content_type.partition(b";")[0] == named[format_.value]


def test_pandas_and_geopandas_like_readers_take_the_addresses(node, places):
    codes = [row[0] for row in STOPS]
    assert list(pd.read_excel(f"{node}/data/stops.xlsx", dtype={"stop": str})["stop"]) == codes
    frame = pd.read_xml(
        io.StringIO(httpx.get(f"{node}/data/stops.xml").text), xpath=".//w:row",
        namespaces={"w": NAMESPACE}, dtype={"stop": str},
    )  # fmt: skip
    assert list(frame["stop"]) == codes


# Pages of rows


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


def test_only_what_a_version_can_be_had_in_is_measured(places):
    """Sizes and digests are told of what answers: not of a sheet that cannot hold a text."""
    long_text = support.publish("long-text", fields=(FieldSpec("text"),), rows=[("x" * 32_768,)])
    measured = {}
    for dataset in (places, long_text):
        version = dataset.version
        opened = version_by_manifest(
            dataset.id, version.number, version.pk, version.manifest_sha256, dataset.slug
        )
        measured[dataset.slug] = {asked.format for asked in downloads.measured(opened)}
    assert measured["stops"] == set(Format) - {Format.PARQUET}
    assert measured["long-text"] == set(Format) - {Format.PARQUET, Format.XLSX, Format.GEOJSON}

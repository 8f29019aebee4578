"""Which forms a table can be had in."""

from __future__ import annotations

import pytest

from tests.catalog.conftest import City
from wushu.catalog import selectors
from wushu.catalog.forms import SHEET_ROWS, every_form, forms
from wushu.catalog.rules.places import coordinates
from wushu.catalog.types import Coordinates, FieldSpec, FieldType

LONGITUDE = FieldSpec("longitude", FieldType.NUMBER)
LATITUDE = FieldSpec("latitude", FieldType.DECIMAL)


def codes(*fields: FieldSpec, rows: int | None = 10) -> set[str]:
    return {one.code for one in forms(fields, rows)}


def test_every_table_has_the_forms_that_need_nothing_of_it():
    wanted = {"CSV", "JSON", "PARQUET", "XLSX", "XML", "RDF_TURTLE", "NDJSON", "ARROW"}
    assert codes(FieldSpec("code")) == wanted


def test_the_order_of_forms_stays_since_identifiers_follow_from_it():
    assert [one.suffix for one in every_form()] == [
        "csv", "json", "parquet", "xlsx", "xml", "ttl", "geojson", "ndjson", "arrow",
    ]  # fmt: skip


def test_a_table_with_coordinates_is_geojson_too():
    assert "GEOJSON" in codes(LONGITUDE, LATITUDE)


@pytest.mark.parametrize(
    "names", [("lon", "lat"), ("LNG", "Lat"), ("经度", "纬度"), (" longitude ", "latitude")]
)
def test_coordinates_are_known_by_their_names(names: tuple[str, str]):
    pair = [FieldSpec(one, FieldType.NUMBER) for one in names]
    assert coordinates(pair) == Coordinates(*names)


@pytest.mark.parametrize(
    "fields",
    [
        (LONGITUDE,),
        (LONGITUDE, LATITUDE, FieldSpec("lat", FieldType.NUMBER)),
        (LONGITUDE, FieldSpec("latitude", FieldType.TEXT)),
        (LONGITUDE, FieldSpec("latitude", FieldType.NUMBER, description="高德坐标，GCJ-02")),
        (LONGITUDE, FieldSpec("latitude", FieldType.NUMBER, unit="BD09")),
    ],
)
def test_what_may_not_be_degrees_of_wgs_84_is_taken_for_no_coordinate(
    fields: tuple[FieldSpec, ...],
):
    assert coordinates(fields) is None
    assert "GEOJSON" not in codes(*fields)


def test_a_table_longer_than_a_sheet_is_no_workbook():
    assert "XLSX" in codes(FieldSpec("code"), rows=SHEET_ROWS - 1)
    assert "XLSX" not in codes(FieldSpec("code"), rows=SHEET_ROWS)
    assert "XLSX" in codes(FieldSpec("code"), rows=None)


def test_the_interface_links_the_forms_a_listed_dataset_has(client, city: City):
    entry = city.listed()
    links = client.get(f"/api/v1/datasets/{entry.slug}").json()["links"]
    assert links["xlsx"] == f"http://testserver/data/{entry.slug}.xlsx"
    assert links["data_ttl"] == f"http://testserver/data/{entry.slug}.ttl"
    assert links["ttl"] == f"http://testserver/datasets/{entry.slug}.ttl"
    assert "geojson" not in links
    assert entry.revision is not None
    assert {one.suffix for one in selectors.forms_of(entry.revision)} <= {
        name.removeprefix("data_") for name in links
    }

"""GeoJSON, by its own rules."""

from __future__ import annotations

import json

import pytest

from tests.dataplane.query import support
from tests.dataplane.query.formats.tables import PLACES, STOPS, require_rfc_7946
from wushu.catalog.types import FieldSpec
from wushu.dataplane.query import engine
from wushu.dataplane.query.formats.geometry import geometry_sql


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


SQUARE = [[0, 0], [1, 0], [1, 1], [0, 0]]


@pytest.mark.parametrize(
    ("text", "type_", "coordinates"),
    [
        ("POINT (120.5 31.25)", "Point", [120.5, 31.25]),
        ("point z(1 -2 3.5)", "Point", [1, -2, 3.5]),
        ("LINESTRING (1 2, 3 4,5 6)", "LineString", [[1, 2], [3, 4], [5, 6]]),
        ("POLYGON((0 0, 1 0, 1 1, 0 0))", "Polygon", [SQUARE]),
        ("MULTIPOINT (1 2, 3 4)", "MultiPoint", [[1, 2], [3, 4]]),
        ("MULTIPOINT ((1 2), (3 4))", "MultiPoint", [[1, 2], [3, 4]]),
        ("MULTILINESTRING ((1 2,\n3 4))", "MultiLineString", [[[1, 2], [3, 4]]]),
        (
            "MULTIPOLYGON (((0 0, 1 0, 1 1, 0 0)),((0 0, 1 0, 1 1, 0 0)))",
            "MultiPolygon",
            [[SQUARE], [SQUARE]],
        ),
        ('{"coordinates": [120.50, 31], "type": "Point"}', "Point", [120.5, 31]),
        (json.dumps({"type": "Polygon", "coordinates": [SQUARE]}), "Polygon", [SQUARE]),
    ],
)
def test_wkt_and_geojson_are_geometries(text, type_, coordinates):
    assert geometry_of(text) == {"type": type_, "coordinates": coordinates}


@pytest.mark.parametrize(
    "text",
    [
        None, "", "x", "{", "[1,2]", "POINT EMPTY", "POINT (1 )", "POINT (05 1)", "POINT ((1 2))",
        'POINT (1 2)"', "POINT(1 2),(3 4)", "SRID=4326;POINT (1 2)", "GEOMETRYCOLLECTION(POINT(1 2))",
        "POINT (500000 3400000)", "POINT (200 1)", "POINT (1 91)", "LINESTRING (1 2)",
        '{"type":"Point"}', '{"type":"Point","coordinates":["a",1]}',
        '{"type":"Polygon","coordinates":[[[0,0],[1,0],[0,0]]]}',
    ],
)  # fmt: skip
def test_what_is_no_geometry_in_degrees_is_none(text):
    assert geometry_of(text) is None


def geometry_of(text: str | None):
    with engine.connect() as db:
        made = db.execute(f"SELECT {geometry_sql('c0')} FROM (SELECT ?::VARCHAR AS c0)", [text])
        return json.loads(made.fetchall()[0][0])


def test_a_column_of_geometries_makes_geojson_where_no_coordinates_do(client, node):
    rows = [("a", "POINT (1 2)"), ("b", "nowhere"), ("c", None)]
    support.grant(
        support.publish("parks", fields=(FieldSpec("id"), FieldSpec("geometry")), rows=rows)
    )
    for address in ("/data/parks.geojson", "/api/v1/datasets/parks/rows?format=geojson"):
        features = client.get(address).json()["features"]
        assert [one["geometry"] for one in features] == [
            {"type": "Point", "coordinates": [1, 2]}, None, None,
        ]  # fmt: skip
        assert [one["properties"]["geometry"] for one in features] == [row[1] for row in rows]


def test_two_columns_of_geometries_or_shifted_ones_make_no_geojson(client, node):
    shifted = FieldSpec("geometry", description="GCJ-02")
    for slug, fields in {
        "two": (FieldSpec("wkt"), FieldSpec("geometry")),
        "shifted": (FieldSpec("id"), shifted),
    }.items():
        support.grant(support.publish(slug, fields=fields, rows=[("POINT (1 2)", "POINT (1 2)")]))
        assert client.get(f"/data/{slug}.geojson").json()["name"] == "format-not-offered"

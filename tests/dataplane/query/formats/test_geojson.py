"""GeoJSON, by its own rules."""

from __future__ import annotations

import json

from tests.dataplane.query import support
from tests.dataplane.query.formats.tables import PLACES, STOPS, require_rfc_7946


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

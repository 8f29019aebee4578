"""What holds for each format of whole tables."""

from __future__ import annotations

import io
import json
from decimal import Decimal
from typing import Any
from xml.etree import ElementTree

import httpx
import pandas as pd
import pytest
from pyarrow import ipc
from rdflib import Graph

from tests.dataplane.query import support
from tests.dataplane.query.formats.tables import PLACES, STOPS, cells, sheet
from tests.evidence.conftest import initialise
from wushu.catalog.selectors import every_form
from wushu.catalog.types import FieldSpec
from wushu.dataplane.models import Receipt
from wushu.dataplane.query import downloads
from wushu.dataplane.query.formats import WRITERS, of_version
from wushu.dataplane.query.formats.xml import NAMESPACE
from wushu.dataplane.query.types import Condition, Format, Op
from wushu.dataplane.query.versions import version_by_manifest

pytestmark = (
    pytest.mark.once
)  # files and streams: the grants behind them are asked on both databases

NEW = ("xml", "xlsx", "arrow", "ttl", "geojson")


@pytest.mark.parametrize("suffix", [one.value for one in WRITERS])
def test_the_same_version_has_the_same_bytes_each_time(places, suffix):
    version = places.version
    opened = version_by_manifest(
        places.id, version.number, version.pk, version.manifest_sha256, "stops"
    )
    table = of_version("stops", opened, opened.names)
    made = [b"".join(run.data for run in WRITERS[Format(suffix)].runs(table)) for _ in range(3)]
    assert made[0] == made[1] == made[2]


@pytest.mark.parametrize("suffix", [one.value for one in WRITERS if one is not Format.XLSX])
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


def test_only_what_a_version_can_be_had_in_is_measured(places):
    """Sizes and digests are told of what answers: not of a sheet that cannot hold a text."""
    long_text = support.publish("long-text", fields=(FieldSpec("text"),), rows=[("x" * 32_768,)])
    measured = {}
    for dataset in (places, long_text):
        version = dataset.version
        opened = version_by_manifest(
            dataset.id, version.number, version.pk, version.manifest_sha256, dataset.slug
        )
        measured[dataset.slug] = {
            one.format for one in downloads.passes() if downloads.holds(one.format, opened)
        }
    assert measured["stops"] == set(Format) - {Format.PARQUET}
    assert measured["long-text"] == set(Format) - {Format.PARQUET, Format.XLSX, Format.GEOJSON}

"""Another node harvests all that a node lists, in each protocol, and stays in step with it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.harvest.conftest import Desk, log_size, shown
from tests.harvest.neighbour import DATASETS
from tests.portal.live import ROOT, LiveNode, live_node
from wushu.harvest import selectors
from wushu.harvest.models import Record
from wushu.harvest.types import RecordState, SourceKind

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.once]

WAYS = {
    "ckan": ("", SourceKind.CKAN, ""),
    "ttl": ("/catalog.ttl", SourceKind.DCAT, ""),
    "jsonld": ("/catalog.jsonld", SourceKind.DCAT, ""),
    "rdf": ("/catalog.rdf", SourceKind.DCAT, ""),
    "oai-dcat": ("/oai", SourceKind.OAI_PMH, ""),
    "oai-dc": ("/oai", SourceKind.OAI_PMH, "oai_dc"),
}


@pytest.fixture
def neighbour(tmp_path: Path) -> Iterator[LiveNode]:
    with live_node(tmp_path / "neighbour", program="tests.harvest.neighbour") as running:
        yield running


def listed(node: LiveNode) -> dict[str, str]:
    """Id and title of all that the neighbour lists, as its own API says."""
    answer = httpx.get(f"{node.url}/api/3/action/package_search?rows=1000", timeout=60).json()
    return {one["id"]: one["title"] for one in answer["result"]["results"]}


def titles(way: str) -> dict[str, str]:
    """The same of what was harvested; every protocol's identifier ends with the dataset's id."""
    found = shown(source=way).items()
    return {identifier[-36:]: one.title for identifier, one in found}


def test_another_node_harvests_it_all_and_stays_in_step(desk: Desk, neighbour: LiveNode) -> None:
    before = listed(neighbour)
    assert len(before) == DATASETS
    for way, (path, kind, prefix) in WAYS.items():
        desk.active(neighbour.url + path, kind, name=way, prefix=prefix)
        run = desk.run(way)
        assert (way, run.refusal, run.added, run.skipped_count) == (way, "", DATASETS, 0)
        assert titles(way) == before, way
        assert_says_what_the_neighbour_says(way, neighbour)

    quiet = log_size()
    assert {desk.run(way).unchanged for way in WAYS} == {DATASETS}
    assert log_size() == quiet

    subprocess.run(
        [sys.executable, "-m", "tests.harvest.neighbour", "change"],
        env=neighbour.environment, cwd=ROOT, check=True, capture_output=True,
    )  # fmt: skip
    after = listed(neighbour)
    assert len(after) == DATASETS - 1
    for way in WAYS:
        run = desk.run(way)
        assert (way, run.refusal, run.added, run.gone) == (way, "", 1, 2)
        assert run.changed >= 1
        assert titles(way) == after, way
        gone = Record.objects.filter(source__name=way, state=RecordState.GONE.value)
        assert sorted(one.description["title"] for one in gone) == ["数据集 005", "数据集 007"]
    assert {desk.run(way).unchanged for way in WAYS} == {len(after)}


def assert_says_what_the_neighbour_says(way: str, neighbour: LiveNode) -> None:
    one = selectors.records(query="数据集 003", source=way).items[0]
    said = one.description
    assert (one.title("zh"), one.title("en")) == ("数据集 003", "Dataset 003"), way
    assert said.publisher == "交通运输局", way
    assert "CC_BY_4_0" in said.licence or "licenses/by/4.0" in said.licence, way
    assert {"停车", "parking"} <= set(said.keywords), way
    assert said.page.startswith(f"{neighbour.url}/datasets/"), way
    if way != "oai-dc":  # Dublin Core has no word for files
        csv = f"{said.page.replace('/datasets/', '/data/')}.csv"
        assert csv in {file.url for file in said.files if file.format == "CSV"}, way

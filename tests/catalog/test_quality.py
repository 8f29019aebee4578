"""Points of the metadata quality assessment, counted on what is published."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from django.test import Client
from rdflib import Graph, URIRef
from rdflib.namespace import DCTERMS

from tests.catalog.conftest import METADATA, City
from wushu.catalog import selectors
from wushu.catalog.dcat.quality import INDICATORS, assess
from wushu.catalog.dcat.terms import DCAT
from wushu.catalog.types import Attribute, EntryView
from wushu.catalog.types.quality import MOST, Dimension

FULL = replace(
    METADATA,
    licence="https://creativecommons.org/licenses/by/4.0/",
    temporal_start=date(2026, 1, 1),
    temporal_end=date(2026, 6, 30),
)


def graph_of(entry: EntryView) -> tuple[Graph, URIRef]:
    return selectors.dcat_graph(entry.slug), URIRef(f"https://id.test.example/id/{entry.id}")


def lost(entry: EntryView) -> set[str]:
    return {one.name for one in selectors.metadata_quality(entry).lost}


def test_the_dimensions_weigh_what_the_methodology_says() -> None:
    weights = {
        dimension.value: sum(one.points for one in INDICATORS if one.dimension is dimension)
        for dimension in Dimension
    }
    assert weights == {
        "findability": 100,
        "accessibility": 100,
        "interoperability": 110,
        "reusability": 75,
        "contextuality": 20,
    }
    assert sum(weights.values()) == MOST == 405


def test_a_complete_open_dataset_loses_only_what_is_not_known_of_its_files(city: City) -> None:
    entry = city.listed(FULL)
    assert lost(entry) == {"byte-size"}
    assert selectors.metadata_quality(entry).rating == "excellent"


@pytest.mark.parametrize(
    ("change", "names"),
    [
        ({"licence": ""}, {"licence", "licence-in-list"}),
        ({"licence": "https://example.org/own-terms"}, {"licence-in-list"}),
        ({"keywords": ()}, {"keyword"}),
        ({"temporal_start": None, "temporal_end": None}, {"temporal"}),
    ],
)
def test_what_is_missing_is_named(city: City, change: dict[str, object], names: set[str]) -> None:
    assert lost(city.listed(replace(FULL, **change))) == {"byte-size", *names}  # type: ignore[arg-type]


def test_conditional_data_have_no_download_address_and_lose_its_points(city: City) -> None:
    entry = city.listed(
        replace(
            FULL, attribute=Attribute.CONDITIONAL, attribute_basis="第七条", conditions="仅限研究"
        )
    )
    assert lost(entry) >= {"download-url", "download-answers"}


def test_one_distribution_without_a_property_loses_its_points(city: City) -> None:
    graph, dataset = graph_of(city.listed(FULL))
    one = next(graph.objects(dataset, DCAT.distribution))
    graph.remove((one, DCTERMS.format, None))
    assert {"format", "format-in-list", "machine-readable", "non-proprietary"} <= {
        indicator.name for indicator in assess(graph, dataset).lost
    }


def test_an_empty_graph_gets_nothing_and_is_bad() -> None:
    found = assess(Graph(), URIRef("https://id.test.example/id/nothing"))
    assert (found.points, found.rating) == (0, "bad")


def test_the_interface_says_points_and_what_was_lost(client: Client, city: City) -> None:
    entry = city.listed(replace(FULL, licence=""))
    quality = client.get(f"/api/v1/datasets/{entry.slug}").json()["metadata_quality"]
    assert (quality["points"], quality["of"]) == (405 - 35, 405)
    assert {one["indicator"] for one in quality["lost"]} == {
        "byte-size", "licence", "licence-in-list",
    }  # fmt: skip

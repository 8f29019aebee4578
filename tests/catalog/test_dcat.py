"""What machines read: DCAT-AP 3.0.1 without a violation, and nothing that is not known."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pyshacl
import pytest
from rdflib import Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCTERMS, FOAF, RDF, RDFS, SH, SKOS, XSD

from tests.catalog.conftest import METADATA, City
from wushu.catalog import selectors, services
from wushu.catalog.selectors import describing
from wushu.catalog.types import Attribute, EntryView, GroupingKind, Words
from wushu.kernel.errors import Refusal

DCAT = Namespace("http://www.w3.org/ns/dcat#")
HYDRA = Namespace("http://www.w3.org/ns/hydra/core#")
SPDX = Namespace("http://spdx.org/rdf/terms#")
EU = "http://publications.europa.eu/resource/authority/"
SHAPES = "vectors/dcat-ap-3.0.1"

OPEN = replace(METADATA, temporal_start=date(2025, 1, 1), temporal_end=date(2025, 12, 31))
CONDITIONAL = replace(
    METADATA,
    title_zh="公交刷卡明细",
    title_en="",
    attribute=Attribute.CONDITIONAL,
    attribute_reason="含出行轨迹，脱敏后向研究机构开放。",
    conditions="高校和科研院所，用于公共交通研究。",
    synthetic=True,
    source_note="按真实分布生成。",
    source_url="https://example.org/bus?a=1&b=2",
    spatial="CN",
    licence="https://example.org/licences/own-terms",
    contact_phone="0512-6522 1234",
    change_note="补充 2025 年数据。",
)
CLOSED = replace(
    METADATA,
    title_zh="重点设施监控点位",
    attribute=Attribute.NONE,
    attribute_reason="公开后危及设施安全。",
    attribute_basis="《数据安全法》第二十一条",
    spatial="WORLD",
    licence="",
)


def shapes(file: Path) -> Graph:
    """The shapes of a file; references to property shapes that it does not define are dropped."""
    graph = Graph().parse(file)
    for triple in list(graph.triples((None, SH.property, None))):
        if graph.value(triple[2], SH.path) is None:
            graph.remove(triple)
    return graph


def objections(graph: Graph, shape_graph: Graph) -> set[tuple[str, str]]:
    """(severity, path) of everything the shapes object to."""
    _, report, _ = pyshacl.validate(graph, shacl_graph=shape_graph, inference="none")
    assert isinstance(report, Graph)
    return {
        (
            str(report.value(result, SH.resultSeverity)).rpartition("#")[2],
            str(report.value(result, SH.resultPath)),
        )
        for result in report.objects(None, SH.result)
    }


def arrange(city: City, listed: list[EntryView]) -> None:
    """All in a series and in a base database; the first was made from the last."""
    words = Words("历年点位", "每年一份。", "By year", "One a year.")
    series = services.series_propose(actor=city.clerk, body=city.transport.id, words=words)
    grouping = services.grouping_create(
        actor=city.reviewer, division="320500", kind=GroupingKind.BASE, slug="places", words=words
    )
    for year, entry in enumerate(listed, start=2023):
        services.series_add(actor=city.clerk, series=series.id, entry=entry.id, period=str(year))
        services.grouping_add(actor=city.reviewer, grouping=grouping.id, entry=entry.id)
    services.series_list(actor=city.reviewer, series=series.id)


@pytest.fixture
def graphs(city: City) -> list[Graph]:
    """Of an open, a conditional and a closed dataset, and of the catalogue."""
    listed = [city.listed(one) for one in (OPEN, CONDITIONAL, CLOSED)]
    arrange(city, listed)
    return [*(selectors.dcat_graph(one.slug) for one in listed), selectors.catalog_graph()]


def test_the_world_is_a_place_of_geonames_and_of_no_list_of_the_eu(graphs: list[Graph]) -> None:
    earth = URIRef("https://sws.geonames.org/6295630/")
    closed = graphs[2]
    assert (None, DCTERMS.spatial, earth) in closed
    assert Literal("全世界", lang="zh") in set(closed.objects(earth, SKOS.prefLabel))
    assert not list(closed.objects(earth, SKOS.inScheme))


@pytest.mark.data
@pytest.mark.parametrize(
    "file",
    [
        "shacl_dcat-ap-SHACL.ttl",
        "shacl_ranges.ttl",
        "html_shacl_shapes.ttl",
        "html_shacl_range.ttl",
        "html_shacl_mdr-vocabularies.shape.ttl",
        "html_shacl_deprecateduris.ttl",
        "html_shacl_shapes_recommended.ttl",
    ],
)
def test_no_shape_of_the_profile_is_violated(
    file: str, graphs: list[Graph], test_data: Path
) -> None:
    shape_graph = shapes(test_data / SHAPES / file)
    for graph in graphs:
        found = objections(graph, shape_graph)
        assert {path for severity, path in found if severity == "Violation"} == set()


@pytest.mark.data
def test_what_is_recommended_is_there_as_far_as_it_is_known(
    graphs: list[Graph], test_data: Path
) -> None:
    shape_graph = shapes(test_data / SHAPES / "html_shacl_shapes_recommended.ttl")
    unknown_of_every_place = {str(DCAT.bbox), str(DCAT.centroid)}
    left_out = [
        {path for _, path in objections(graph, shape_graph)} - unknown_of_every_place
        for graph in graphs
    ]
    assert left_out == [
        set(),
        # A licence that no vocabulary knows has no type; the period covered is not known.
        {str(DCTERMS.type), str(DCTERMS.temporal)},
        # What is not opened has no distribution.
        {str(DCAT.distribution), str(DCTERMS.temporal)},
        # All of these together; the catalogue's own licence is for its operator to choose.
        {str(DCTERMS.type), str(DCTERMS.temporal), str(DCAT.distribution), str(DCTERMS.license)},
    ]


@pytest.mark.data
def test_a_description_that_lacks_its_title_would_be_caught(
    graphs: list[Graph], test_data: Path
) -> None:
    dataset = graphs[0].value(None, RDF.type, DCAT.Dataset)
    graphs[0].remove((dataset, DCTERMS.title, None))
    found = objections(graphs[0], shapes(test_data / SHAPES / "shacl_dcat-ap-SHACL.ttl"))
    assert ("Violation", str(DCTERMS.title)) in found


def test_a_dataset_is_named_for_ever_and_has_its_oid(city: City) -> None:
    entry = city.listed(OPEN)
    graph = selectors.dcat_graph(entry.slug)
    dataset = URIRef(f"https://id.test.example/id/{entry.id}")
    assert (dataset, RDF.type, DCAT.Dataset) in graph
    oid = f"urn:oid:2.25.{entry.id.int}"
    assert (None, SKOS.notation, Literal(oid, datatype=XSD.anyURI)) in graph


def test_a_series_names_its_ends_and_each_dataset_its_neighbours(city: City) -> None:
    listed = [city.listed(one) for one in (OPEN, CONDITIONAL, CLOSED)]
    arrange(city, listed)
    first, middle, last = (URIRef(f"https://id.test.example/id/{one.id}") for one in listed)
    graph = selectors.dcat_graph(listed[1].slug)
    (series,) = graph.objects(middle, DCAT.inSeries)
    assert (series, RDF.type, DCAT.DatasetSeries) in graph
    assert [*graph.objects(series, DCAT.first), *graph.objects(series, DCAT.last)] == [first, last]
    assert [*graph.objects(middle, DCAT.prev), *graph.objects(middle, DCAT.next)] == [first, last]
    assert not list(selectors.dcat_graph(listed[0].slug).objects(first, DCAT.prev))


def test_a_grouping_is_a_theme_of_the_nodes_own_beside_the_eus(city: City) -> None:
    listed = [city.listed(one) for one in (OPEN, CONDITIONAL)]
    arrange(city, listed)
    graph = selectors.dcat_graph(listed[0].slug)
    themes = set(graph.objects(None, DCAT.theme))
    assert len(themes) == 2
    assert Literal("历年点位", lang="zh") in {
        label for theme in themes for label in graph.objects(theme, SKOS.prefLabel)
    }


def test_downloads_sizes_and_hashes_are_said_where_they_are_known(city: City) -> None:
    entry = city.listed(OPEN)
    graph = selectors.dcat_graph(entry.slug)
    downloads = {str(address) for address in graph.objects(None, DCAT.downloadURL)}
    base = f"http://testserver/data/{entry.slug}"
    assert downloads == {
        f"{base}.{one}" for one in ("csv", "json", "parquet", "xlsx", "xml", "ttl")
    }
    parquet = graph.value(None, DCAT.downloadURL, URIRef(f"{base}.parquet"))
    assert int(str(graph.value(parquet, DCAT.byteSize))) == 1500
    checksum = graph.value(parquet, SPDX.checksum)
    assert str(graph.value(checksum, SPDX.checksumValue)) == "cd" * 32
    assert len(list(graph.triples((None, DCAT.byteSize, None)))) == 1


def test_conditional_data_are_described_without_an_address_to_download_them(city: City) -> None:
    graph = selectors.dcat_graph(city.listed(CONDITIONAL).slug)
    assert list(graph.objects(None, DCAT.downloadURL)) == []
    assert len(list(graph.objects(None, DCAT.distribution))) == 6
    assert (None, DCTERMS.accessRights, URIRef(EU + "access-right/RESTRICTED")) in graph
    labels = "".join(str(label) for label in graph.objects(None, RDFS.label))
    assert "合成数据" in labels
    assert "高校和科研院所" in labels


def test_what_is_not_opened_has_no_distribution_but_its_reason(city: City) -> None:
    graph = selectors.dcat_graph(city.listed(CLOSED).slug)
    assert list(graph.objects(None, DCAT.distribution)) == []
    assert (None, DCTERMS.accessRights, URIRef(EU + "access-right/NON_PUBLIC")) in graph
    assert "《数据安全法》第二十一条" in "".join(
        str(one) for one in graph.objects(None, RDFS.label)
    )


def test_a_licence_is_the_vocabularys_only_when_it_means_the_same(city: City) -> None:
    same = replace(OPEN, licence="https://spdx.org/licenses/MIT")
    graph = selectors.dcat_graph(city.listed(same).slug)
    assert (None, DCTERMS.license, URIRef(EU + "licence/MIT")) in graph
    graph = selectors.dcat_graph(city.listed(CONDITIONAL).slug)
    assert (None, DCTERMS.license, URIRef("https://example.org/licences/own-terms")) in graph


def test_an_unknown_licence_is_left_out(city: City) -> None:
    graph = selectors.dcat_graph(city.listed(replace(OPEN, licence="")).slug)
    assert list(graph.objects(None, DCTERMS.license)) == []


# rdflib's own parser of JSON-LD still uses what rdflib has deprecated.
@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
@pytest.mark.parametrize(
    ("suffix", "parser"), [("ttl", "turtle"), ("jsonld", "json-ld"), ("rdf", "xml")]
)
def test_three_syntaxes_say_the_same(city: City, suffix: str, parser: str) -> None:
    graph = selectors.dcat_graph(city.listed(CONDITIONAL).slug)
    text = selectors.serialise(graph, suffix)
    assert Graph().parse(data=text, format=parser).isomorphic(graph)


def test_json_ld_is_compact_and_readable(city: City) -> None:
    text = selectors.serialise(selectors.dcat_graph(city.listed(OPEN).slug), "jsonld")
    document = json.loads(text)
    assert document["@context"]["dcat"] == str(DCAT)
    assert "公共停车场分布" in text


def test_the_catalogue_is_paged_and_every_dataset_is_on_one_page(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(describing, "CATALOGUE_PAGE", 2)
    listed = {
        URIRef(f"https://id.test.example/id/{city.listed(replace(OPEN, title_zh=f'第{n}号')).id}")
        for n in range(5)
    }
    seen: list[URIRef] = []
    cursor: str | None = None
    for _ in range(5):
        graph = selectors.catalog_graph(cursor=cursor)
        catalog = graph.value(None, RDF.type, DCAT.Catalog)
        seen += graph.objects(catalog, DCAT.dataset)  # type: ignore[arg-type]
        following = graph.value(graph.value(catalog, HYDRA.view), HYDRA.next)
        if following is None:
            break
        cursor = str(following).partition("cursor=")[2]
    assert len(seen) == 5
    assert set(seen) == listed


def test_a_page_of_the_catalogue_costs_few_queries_however_many_datasets_it_holds(
    city: City, django_assert_max_num_queries: object
) -> None:
    for n in range(6):
        city.listed(replace(OPEN, title_zh=f"第{n}号"))
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        selectors.catalog_graph()


def test_the_catalogue_names_its_publisher_and_its_services(city: City) -> None:
    city.listed(OPEN)
    graph = selectors.catalog_graph()
    catalog = graph.value(None, RDF.type, DCAT.Catalog)
    publisher = graph.value(catalog, DCTERMS.publisher)
    assert "示范市" in str(list(graph.objects(publisher, FOAF.name)))
    assert len(list(graph.objects(catalog, DCAT.service))) == 1


def test_a_sealed_dataset_is_not_described(city: City) -> None:
    entry = city.listed(OPEN)
    services.entry_seal(actor=city.clerk, entry=entry.id, reason="核实", basis="细则第十二条")
    with pytest.raises(Refusal) as refused:
        selectors.dcat_graph(entry.slug)
    assert refused.value.name == "entry-sealed"

"""The catalogue at its addresses: JSON, RDF, permanent identifiers, refusals as problem details."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from rdflib import Graph

from tests.catalog.conftest import METADATA, City
from wushu.catalog import services
from wushu.catalog.types import Attribute
from wushu.evidence import selectors as evidence


def get(client: Client, path: str, **headers: str) -> Any:
    return client.get(path, headers=headers)


# JSON


def test_the_list_says_where_its_next_page_is(client: Client, city: City) -> None:
    for number in range(5):
        city.listed(replace(METADATA, title_zh=f"停车场{number}"))
    seen: list[str] = []
    address: str | None = "/api/v1/datasets?q=停车场&limit=2"
    while address:
        page = get(client, address.removeprefix("http://testserver")).json()
        assert (page["total"], page["more_than_total"], page["approximate"]) == (5, False, False)
        seen += [one["title_zh"] for one in page["items"]]
        address = page["next"]
    assert sorted(seen) == [f"停车场{number}" for number in range(5)]


def test_one_dataset_is_told_with_its_columns_reason_and_links(client: Client, city: City) -> None:
    entry = city.listed()
    document = get(client, f"/api/v1/datasets/{entry.slug}").json()
    assert document["identifier"] == f"https://id.test.example/id/{entry.id}"
    assert document["attribute"] == "unconditional"
    assert document["attribute_reason"] == METADATA.attribute_reason
    assert document["theme"] == {"code": "TRAN", "zh": "交通运输", "en": "Transport"}
    assert document["body"]["name_zh"] == "交通运输局"
    assert [one["name"] for one in document["fields"]] == ["编号", "名称", "泊位数"]
    assert document["fields"][2]["unit"] == "个"
    assert document["version"]["rows"] == 11
    assert document["links"]["parquet"] == f"http://testserver/data/{entry.slug}.parquet"
    assert document["links"]["rows"] == f"http://testserver/api/v1/datasets/{entry.slug}/rows"


def test_versions_are_listed_with_the_hash_of_their_source(client: Client, city: City) -> None:
    entry = city.listed()
    items = get(client, f"/api/v1/datasets/{entry.slug}/versions").json()["items"]
    assert [(one["number"], one["source_sha256"]) for one in items] == [(1, "ab" * 32)]


def test_any_page_of_the_web_may_read_the_catalogue(client: Client, city: City) -> None:
    response = get(client, "/api/v1/datasets")
    assert response.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("theme=HEAL", ["医院"]),
        ("attribute=none", ["监控"]),
        ("format=CSV", ["公共停车场分布", "医院"]),
        ("keyword=停车", ["公共停车场分布"]),
        ("q=ting&theme=TRAN", ["公共停车场分布"]),
        ("q=", ["公共停车场分布", "医院", "监控"]),
        ("q=%25%25", []),
    ],
)
def test_choices_narrow_the_list(client: Client, city: City, query: str, titles: list[str]) -> None:
    city.listed()
    city.listed(replace(METADATA, title_zh="医院", theme="HEAL", keywords=()), by=city.stranger)
    city.listed(replace(METADATA, title_zh="监控", theme="JUST", keywords=(),
                        attribute=Attribute.NONE, attribute_basis="《数据安全法》"))  # fmt: skip
    items = get(client, f"/api/v1/datasets?{query}").json()["items"]
    assert sorted(one["title_zh"] for one in items) == sorted(titles)


def test_a_body_is_chosen_by_its_code_or_its_id(client: Client, city: City) -> None:
    city.listed()
    city.listed(replace(METADATA, title_zh="医院"), by=city.stranger)
    for name in (city.health.code, str(city.health.id)):
        items = get(client, f"/api/v1/datasets?body={name}").json()["items"]
        assert [one["title_zh"] for one in items] == ["医院"]


@pytest.mark.parametrize(
    ("path", "status", "name"),
    [
        ("/api/v1/datasets?colour=red", 400, "parameter-unknown"),
        ("/api/v1/datasets?theme=SPORT", 400, "parameter-wrong"),
        ("/api/v1/datasets?attribute=open", 400, "parameter-wrong"),
        ("/api/v1/datasets?limit=0", 400, "parameter-wrong"),
        ("/api/v1/datasets?limit=101", 400, "parameter-wrong"),
        ("/api/v1/datasets?limit=٣", 400, "parameter-wrong"),
        ("/api/v1/datasets?limit=-1", 400, "parameter-wrong"),
        ("/api/v1/datasets?cursor=abc", 400, "cursor-invalid"),
        ("/api/v1/datasets?body=%00", 404, "not-found"),
        ("/api/v1/datasets?body=nobody", 404, "not-found"),
        ("/api/v1/datasets/nothing-here", 404, "not-found"),
        ("/api/v1/datasets/nothing-here/versions", 404, "not-found"),
        ("/datasets/nothing-here.ttl", 404, "not-found"),
        ("/catalog.ttl?cursor=abc", 400, "cursor-invalid"),
        ("/catalog.ttl?page=2", 400, "parameter-unknown"),
        ("/id/00000000-0000-4000-8000-000000000000", 404, "not-found"),
    ],
)
def test_a_refusal_is_a_named_problem_in_both_languages(
    client: Client, city: City, path: str, status: int, name: str
) -> None:
    response = get(client, path)
    assert response.status_code == status
    assert response.headers["Content-Type"] == "application/problem+json"
    document = response.json()
    assert document["name"] == name
    assert document["zh"]
    assert document["en"]
    assert get(client, path, accept_language="en").json()["detail"] == document["en"]


def test_a_draft_is_nowhere(client: Client, city: City) -> None:
    entry = city.submitted()
    for path in (
        f"/api/v1/datasets/{entry.slug}", f"/api/v1/datasets/{entry.slug}/versions",
        f"/datasets/{entry.slug}.ttl", f"/id/{entry.id}",
    ):  # fmt: skip
        assert get(client, path).status_code == 404
    assert get(client, "/api/v1/datasets").json()["items"] == []
    assert entry.slug not in get(client, "/catalog.ttl").content.decode()


def test_sealed_and_withdrawn_datasets_leave_a_notice_with_its_basis(
    client: Client, city: City
) -> None:
    entry = city.listed()
    services.entry_seal(actor=city.clerk, entry=entry.id, reason="有人主张侵权", basis="第十二条")
    for path in ("", "/versions"):
        response = get(client, f"/api/v1/datasets/{entry.slug}{path}")
        document = response.json()
        assert (response.status_code, document["name"]) == (451, "entry-sealed")
        assert (document["reason"], document["basis"]) == ("有人主张侵权", "第十二条")
        assert "fields" not in document
    assert get(client, f"/datasets/{entry.slug}.ttl").status_code == 451
    services.entry_withdraw(actor=city.reviewer, entry=entry.id, reason="属实", basis="核实结论")
    assert get(client, f"/api/v1/datasets/{entry.slug}").status_code == 410
    assert get(client, f"/datasets/{entry.slug}.rdf").status_code == 410


def test_only_reading_is_possible(client: Client, city: City) -> None:
    for path in ("/api/v1/datasets", "/catalog.ttl", f"/id/{uuid4()}"):
        assert client.post(path).status_code == 405


# RDF


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
@pytest.mark.parametrize(
    ("suffix", "media_type", "parser"),
    [
        ("ttl", "text/turtle; charset=utf-8", "turtle"),
        ("jsonld", "application/ld+json", "json-ld"),
        ("rdf", "application/rdf+xml; charset=utf-8", "xml"),
    ],
)
def test_descriptions_have_their_media_type_and_parse(
    client: Client, city: City, suffix: str, media_type: str, parser: str
) -> None:
    entry = city.listed()
    for path in (f"/datasets/{entry.slug}.{suffix}", f"/catalog.{suffix}"):
        response = get(client, path)
        assert response.headers["Content-Type"] == media_type
        assert len(Graph().parse(data=response.content.decode(), format=parser)) > 50


def test_the_next_page_of_a_description_has_the_same_syntax(
    client: Client, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    from wushu.catalog.selectors import describing

    monkeypatch.setattr(describing, "CATALOGUE_PAGE", 1)
    city.listed()
    city.listed(replace(METADATA, title_zh="医院"))
    assert "catalog.jsonld?cursor=" in get(client, "/catalog.jsonld").content.decode()


# Permanent identifiers


def test_an_identifier_leads_to_the_page_or_to_the_description(client: Client, city: City) -> None:
    entry = city.listed()
    page = get(client, f"/id/{entry.id}")
    assert (page.status_code, page.headers["Location"]) == (
        303, f"http://testserver/datasets/{entry.slug}",
    )  # fmt: skip
    assert "Accept" in page.headers["Vary"]
    rdf = get(client, f"/id/{entry.id}", accept="text/turtle")
    assert rdf.headers["Location"] == f"http://testserver/datasets/{entry.slug}.ttl"


def test_versions_organisations_and_the_catalogue_have_identifiers_too(
    client: Client, city: City
) -> None:
    entry = city.listed()
    assert entry.revision is not None
    assert entry.revision.version is not None
    base = "http://testserver"
    for identifier, path in [
        (entry.revision.version.id, f"/datasets/{entry.slug}?version=1"),
        (city.transport.id, f"/bodies/{city.transport.code}"),
        (evidence.node().node_uuid, "/"),
    ]:
        assert get(client, f"/id/{identifier}").headers["Location"] == base + path
    rdf = get(client, f"/id/{evidence.node().node_uuid}", accept="application/ld+json")
    assert rdf.headers["Location"] == f"{base}/catalog.jsonld"


def test_what_was_withdrawn_keeps_its_identifier(client: Client, city: City) -> None:
    entry = city.listed()
    services.entry_withdraw(actor=city.clerk, entry=entry.id, reason="撤销", basis="决定")
    assert get(client, f"/id/{entry.id}").headers["Location"].endswith(entry.slug)


def test_a_version_that_was_never_public_has_no_address(client: Client, city: City) -> None:
    entry = city.listed()
    second = city.load(entry, 2)
    assert get(client, f"/id/{second.id}").status_code == 404

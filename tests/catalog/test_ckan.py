"""CKAN's clients read the catalogue: ckanapi against a running server, and the envelope by hand."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from ckanapi import NotFound, RemoteCKAN, SearchQueryError, ValidationError
from django.test import Client
from pytest_django.live_server_helper import LiveServer

from tests.catalog.conftest import METADATA, City
from wushu.catalog import selectors, services
from wushu.catalog.api.ckan_arguments import SearchQueryWrong, filter_query
from wushu.catalog.types import Attribute

HOSPITALS = replace(
    METADATA,
    title_zh="医院名录",
    title_en="Hospitals",
    theme="HEAL",
    keywords=("医院",),
    licence="",
)


@pytest.fixture(params=["post", "get"])
def ckan(live_server: LiveServer, request: pytest.FixtureRequest) -> Iterator[RemoteCKAN]:
    with RemoteCKAN(live_server.url, get_only=request.param == "get") as remote:
        yield remote


def call(client: Client, name: str, **given: Any) -> Any:
    """The whole envelope of a GET."""
    return client.get(f"/api/3/action/{name}", given).json()


def test_ckanapi_lists_shows_and_searches(ckan: RemoteCKAN, city: City) -> None:
    parking = city.listed()
    city.listed(HOSPITALS, by=city.stranger)
    assert ckan.action.package_list() == ["gong-gong-ting-che-chang-fen-bu", "yi-yuan-ming-lu"]
    package = ckan.action.package_show(id=parking.slug)
    assert package["title"] == "公共停车场分布"
    assert package["organization"]["title"] == "交通运输局"
    assert ckan.action.package_show(id=str(parking.id))["name"] == parking.slug
    found = ckan.action.package_search(q="tingchechang")
    assert [one["name"] for one in found["results"]] == [parking.slug]
    assert ckan.action.status_show()["extensions"] == ["datastore"]


def test_ckanapi_gets_not_found_as_its_own_exception(ckan: RemoteCKAN, city: City) -> None:
    with pytest.raises(NotFound):
        ckan.action.package_show(id="nothing-here")


def test_ckanapi_gets_a_missing_argument_as_its_own_exception(ckan: RemoteCKAN, city: City) -> None:
    with pytest.raises(ValidationError) as wrong:
        ckan.action.package_show()
    assert wrong.value.error_dict["id"] == ["Missing value"]


def test_ckanapi_gets_a_filter_that_is_not_understood_as_its_own_exception(
    ckan: RemoteCKAN, city: City
) -> None:
    with pytest.raises(SearchQueryError, match="unknown field colour"):
        ckan.action.package_search(fq="colour:red")


def test_resources_name_the_datastore_by_the_entrys_id(client: Client, city: City) -> None:
    entry = city.listed()
    resources = call(client, "package_show", id=entry.slug)["result"]["resources"]
    assert [(one["format"], one["datastore_active"]) for one in resources] == [
        ("CSV", True), ("JSON", False), ("PARQUET", False), ("XLSX", False), ("XML", False),
        ("RDF_TURTLE", False), ("NDJSON", False), ("ARROW", False),
    ]  # fmt: skip
    assert [one["position"] for one in resources] == list(range(8))
    assert UUID(resources[0]["id"]) == entry.id
    assert resources[2]["url"] == f"http://testserver/data/{entry.slug}.parquet"
    assert (resources[2]["size"], resources[2]["hash"]) == (1500, "cd" * 32)
    assert len({one["id"] for one in resources}) == 8


def test_every_resource_is_found_by_its_id(client: Client, city: City) -> None:
    entry = city.listed()
    for resource in call(client, "package_show", id=entry.slug)["result"]["resources"]:
        assert call(client, "resource_show", id=resource["id"])["result"] == resource


def test_what_is_not_opened_has_no_resource(client: Client, city: City) -> None:
    closed = replace(METADATA, attribute=Attribute.NONE, attribute_basis="《数据安全法》第二十一条")
    package = call(client, "package_show", id=city.listed(closed).slug)["result"]
    assert package["resources"] == []
    assert {"key": "opening_attribute", "value": "none"} in package["extras"]


def test_a_licence_is_named_as_ckan_names_it(client: Client, city: City) -> None:
    package = call(client, "package_show", id=city.listed().slug)["result"]
    assert (package["license_id"], package["isopen"]) == ("CC-BY-4.0", True)
    package = call(client, "package_show", id=city.listed(HOSPITALS).slug)["result"]
    assert (package["license_id"], package["isopen"]) == ("notspecified", False)


def test_a_draft_is_in_no_answer(client: Client, city: City) -> None:
    draft = city.submitted()
    assert call(client, "package_list")["result"] == []
    assert call(client, "package_search", q="停车")["result"]["count"] == 0
    response = client.get("/api/3/action/package_show", {"id": str(draft.id)})
    assert response.status_code == 404
    assert response.json()["error"]["__type"] == "Not Found Error"


def test_a_sealed_dataset_is_gone_for_ckan_and_says_why(client: Client, city: City) -> None:
    entry = city.listed()
    services.entry_seal(actor=city.clerk, entry=entry.id, reason="核实", basis="第十二条")
    response = client.get("/api/3/action/package_show", {"id": entry.slug})
    assert (response.status_code, response.json()["error"]["name"]) == (404, "entry-sealed")


@pytest.mark.parametrize(
    ("fq", "expected"),
    [
        ("groups:heal", 1),
        ('groups:"tran" AND res_format:csv', 1),
        ("+groups:tran +tags:停车", 1),
        ("tags:医院", 1),
        ("groups:nosuch", 0),
        ("res_format:SHP", 0),
        ("res_format:GEOJSON", 0),
        ("res_format:XLSX", 2),
        ("metadata_modified:[2020-01-01T00:00:00Z TO *]", 2),
        ("metadata_modified:[2999-01-01T00:00:00Z TO *]", 0),
        ("state:active", 2),
        ("private:true", 0),
        ("name:yi-yuan-ming-lu", 1),
        ("", 2),
    ],
)
def test_filter_queries_narrow_the_search(
    client: Client, city: City, fq: str, expected: int
) -> None:
    city.listed()
    city.listed(HOSPITALS, by=city.stranger)
    assert call(client, "package_search", fq=fq)["result"]["count"] == expected


def test_a_format_finds_what_has_a_file_in_it(client: Client, city: City) -> None:
    city.listed()
    closed = replace(METADATA, attribute=Attribute.NONE, attribute_basis="《数据安全法》第二十一条")
    entry = city.draft(closed)
    city.load(entry)
    services.revision_submit(actor=city.clerk, revision=city.newest(entry))
    services.revision_pass_gate(actor=city.reviewer, revision=city.newest(entry))
    for code in ("CSV", "XLSX"):
        found = call(client, "package_search", fq=f"res_format:{code}")["result"]
        formats = [{one["format"] for one in each["resources"]} for each in found["results"]]
        assert (found["count"], [code in each for each in formats]) == (1, [True])
    facets = selectors.facets().formats
    assert {one.value: one.count for one in facets}["CSV"] == 1


def test_a_body_is_filtered_by_its_code(client: Client, city: City) -> None:
    city.listed()
    city.listed(HOSPITALS, by=city.stranger)
    code = city.health.code.lower()
    found = call(client, "package_search", fq=f"organization:{code}")["result"]
    assert [one["title"] for one in found["results"]] == ["医院名录"]
    shown = call(client, "organization_show", id=code)["result"]
    assert (shown["title"], shown["package_count"]) == ("卫生健康委员会", 1)


def test_facets_count_what_was_found(client: Client, city: City) -> None:
    city.listed()
    city.listed(HOSPITALS, by=city.stranger)
    asked = json.dumps(["organization", "groups", "res_format", "tags"])
    result = call(client, "package_search", q="医院", **{"facet.field": asked})["result"]
    assert result["facets"] == {
        "organization": {city.health.code.lower(): 1}, "groups": {"heal": 1},
        "res_format": {"CSV": 1, "JSON": 1, "PARQUET": 1, "RDF_TURTLE": 1, "XLSX": 1, "XML": 1},
        "tags": {},
    }  # fmt: skip
    assert result["search_facets"]["groups"]["items"][0]["display_name"] == "健康"


def test_a_harvester_pages_through_everything_once(client: Client, city: City) -> None:
    expected = {city.listed(replace(METADATA, title_zh=f"第{n}号")).slug for n in range(5)}
    seen: list[str] = []
    for start in range(0, 6, 2):
        page = call(client, "package_search", q="*:*", sort="id asc", rows=2, start=start)
        seen += [one["name"] for one in page["result"]["results"]]
    assert sorted(seen) == sorted(expected)


def test_lists_of_bodies_themes_keywords_and_licences(client: Client, city: City) -> None:
    city.listed()
    assert city.transport.code.lower() in call(client, "organization_list")["result"]
    groups = call(client, "group_list", all_fields="true")["result"]
    assert {one["name"]: one["package_count"] for one in groups}["tran"] == 1
    assert call(client, "group_show", id="tran")["result"]["title"] == "交通运输"
    assert call(client, "tag_list")["result"] == ["parking", "停车"]
    assert "CC-BY-4.0" in {one["id"] for one in call(client, "license_list")["result"]}
    whole = call(client, "current_package_list_with_resources")["result"]
    assert whole[0]["num_resources"] == 8


def test_every_action_explains_itself(client: Client, city: City) -> None:
    from wushu.catalog.api.ckan import ACTIONS

    for name in ACTIONS:
        assert client.get("/api/3/action/help_show", {"name": name}).json()["result"]
    assert client.get("/api/3/action/help_show", {"name": "_entry"}).status_code == 404
    rows = client.get("/api/3/action/help_show", {"name": "datastore_search"}).json()
    assert "resource_id" in rows["result"]


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/json", '{"id": "gong-gong-ting-che-chang-fen-bu"}'),
        ("application/x-www-form-urlencoded", "id=gong-gong-ting-che-chang-fen-bu"),
        # curl -d without a media type, as CKAN's own documentation shows it
        ("application/x-www-form-urlencoded", '{"id": "gong-gong-ting-che-chang-fen-bu"}'),
    ],
)
def test_a_post_may_carry_its_arguments_as_clients_do(
    client: Client, city: City, content_type: str, body: str
) -> None:
    city.listed()
    response = client.post("/api/action/package_show", body, content_type=content_type)
    assert response.json()["success"] is True


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("package_show", "[1]", 409),
        ("package_show", "{", 409),
        ("package_show", '{"id": {"a": 1}}', 409),
        ("package_show", '{"id": "\\u0000"}', 404),
        ("package_show", '{"id": "\\ud800"}', 404),
        ("package_search", '{"q": "\\ud800\\u0000", "fq": "tags:\\ud800"}', 200),
        ("package_search", '{"rows": -1}', 409),
        ("package_search", '{"rows": 1e99}', 409),
        ("package_search", '{"q": "停车", "start": 999999999}', 409),
        ("package_search", '{"sort": "colour"}', 400),
        ("package_search", '{"fq": "(a OR b)"}', 400),
        ("package_search", '{"fq": "metadata_modified:[x TO *]"}', 400),
        ("organization_show", '{"id": "../../etc"}', 404),
        ("group_show", '{"id": "../../etc"}', 404),
        ("package_delete", "{}", 400),
    ],
)
def test_what_cannot_be_understood_is_refused_and_never_an_error_of_the_server(
    client: Client, city: City, path: str, body: str, status: int
) -> None:
    response = client.post(f"/api/3/action/{path}", body, content_type="application/json")
    assert response.status_code == status


def test_only_get_and_post_are_answered(client: Client, city: City) -> None:
    assert client.delete("/api/3/action/package_list").status_code == 405


@pytest.mark.parametrize(
    "given",
    [
        {"fq": "a" * 100_000},
        {"fq": "n:[" * 40_000},
        {"fq_list": ["organization:x"] * 1_000},
        {"q": "zhuang" * 40},
    ],
)
def test_a_search_longer_than_anybody_means_is_refused_by_name(
    client: Client, city: City, given: dict[str, Any]
) -> None:
    begun = time.process_time()
    answer = client.post(
        "/api/3/action/package_search", json.dumps(given), content_type="application/json"
    )
    assert answer.json()["error"]["name"] == "search-too-long"
    assert time.process_time() - begun < 1


@pytest.mark.parametrize("text", ["a" * 1_999, 'n:"' * 600, "n:[" * 600, "organizatio:" * 150])
def test_a_filter_within_the_limit_is_read_in_no_time(text: str) -> None:
    begun = time.process_time()
    with pytest.raises(SearchQueryWrong):
        filter_query([text])
    assert time.process_time() - begun < 0.2


def test_a_list_nested_without_end_is_a_wrong_argument(client: Client, city: City) -> None:
    given = {"facet.field": "[" * 100_000}
    answer = client.post(
        "/api/3/action/package_search", json.dumps(given), content_type="application/json"
    )
    assert answer.status_code == 409
    assert answer.json()["error"]["facet.field"] == ["must be a list"]

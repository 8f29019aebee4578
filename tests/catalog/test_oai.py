"""OAI-PMH: a foreign client harvests the whole catalogue, and the protocol's own errors."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st
from oaipmh_scythe import Scythe
from pytest_django.live_server_helper import LiveServer
from rdflib import Graph, URIRef
from rdflib.namespace import DCTERMS

from tests.catalog.conftest import METADATA, City
from wushu.catalog import services
from wushu.catalog.oai import provider
from wushu.catalog.oai.protocol import (
    ErrorCode,
    Prefix,
    ProtocolError,
    Selection,
    Verb,
    require_arguments,
    selection_of,
    verb_of,
)
from wushu.catalog.types import EntryView

OAI = "{http://www.openarchives.org/OAI/2.0/}"
TITLES = ("医院名录", "学校名录", "公园名录", "车站名录", "图书馆名录")


@pytest.fixture
def scythe(live_server: LiveServer) -> Iterator[Scythe]:
    with Scythe(f"{live_server.url}/oai") as client:
        yield client


@pytest.fixture
def five(city: City) -> list[EntryView]:
    return [city.listed(replace(METADATA, title_zh=title, title_en="")) for title in TITLES]


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(provider, "PAGE", dict.fromkeys(provider.PAGE, 2))


def ask(client: Client, **arguments: str) -> ET.Element:
    answer = client.get("/oai", arguments)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/xml; charset=utf-8"
    return ET.fromstring(answer.content)


def error(document: ET.Element) -> str:
    found = document.find(f"{OAI}error")
    assert found is not None
    assert found.text
    return found.get("code", "")


def identifiers(document: ET.Element) -> list[str | None]:
    return [one.text for one in document.iter(f"{OAI}identifier")]


@pytest.mark.parametrize("prefix", ["oai_dc", "dcat_ap"])
def test_a_foreign_client_harvests_every_dataset_once(
    scythe: Scythe, five: list[EntryView], small_pages: None, prefix: str
) -> None:
    records = list(scythe.list_records(metadata_prefix=prefix))
    assert [one.header.identifier for one in records] == [
        f"https://id.test.example/id/{one.id}" for one in five
    ]


def test_a_foreign_client_reads_who_answers_and_what_is_offered(scythe: Scythe, city: City) -> None:
    assert scythe.identify().repositoryName == "示范市公共数据目录"
    assert [one.metadataPrefix for one in scythe.list_metadata_formats()] == ["oai_dc", "dcat_ap"]
    assert "theme:TRAN" in [one.setSpec for one in scythe.list_sets()]


def test_dublin_core_says_what_the_catalogue_says(client: Client, city: City) -> None:
    entry = city.listed()
    record = ask(
        client, verb="GetRecord", metadataPrefix="oai_dc",
        identifier=f"https://id.test.example/id/{entry.id}",
    )  # fmt: skip
    dc = "{http://purl.org/dc/elements/1.1/}"
    assert "公共停车场分布" in [one.text for one in record.iter(f"{dc}title")]
    assert [one.text for one in record.iter(f"{dc}type")] == ["Dataset"]
    assert f"https://id.test.example/id/{entry.id}" in [
        one.text for one in record.iter(f"{dc}identifier")
    ]


def test_dcat_in_a_record_is_the_description_of_the_dataset(client: Client, city: City) -> None:
    entry = city.listed()
    identifier = f"https://id.test.example/id/{entry.id}"
    record = ask(client, verb="GetRecord", metadataPrefix="dcat_ap", identifier=identifier)
    rdf = record.find(f".//{OAI}metadata/*")
    assert rdf is not None
    graph = Graph().parse(data=ET.tostring(rdf), format="xml")
    own = Graph().parse(data=client.get(f"/datasets/{entry.slug}.rdf").content, format="xml")
    assert len(graph) == len(own)
    assert (URIRef(identifier), DCTERMS.publisher, None) in graph


def test_a_long_page_asks_the_database_no_more_often_than_a_short_one(
    client: Client, five: list[EntryView], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    for size in (2, 5):
        monkeypatch.setattr(provider, "PAGE", dict.fromkeys(provider.PAGE, size))
        with CaptureQueriesContext(connection) as queries:
            found = ask(client, verb="ListRecords", metadataPrefix="dcat_ap")
        assert len(list(found.iter(f"{OAI}record"))) == size
        asked.append(len(queries))
    assert asked[1] <= asked[0]


def test_a_withdrawn_dataset_stays_as_a_deleted_record(client: Client, city: City) -> None:
    entry = city.listed()
    services.entry_withdraw(actor=city.clerk, entry=entry.id, reason="重复", basis="第十五条")
    document = ask(client, verb="ListRecords", metadataPrefix="oai_dc")
    (header,) = document.iter(f"{OAI}header")
    assert header.get("status") == "deleted"
    assert document.find(f".//{OAI}metadata") is None


def test_drafts_and_submissions_are_not_harvested(client: Client, city: City) -> None:
    draft, submitted = city.draft(slug="geheim"), city.submitted()
    assert error(ask(client, verb="ListIdentifiers", metadataPrefix="oai_dc")) == "noRecordsMatch"
    for entry in (draft, submitted):
        identifier = f"https://id.test.example/id/{entry.id}"
        document = ask(client, verb="GetRecord", metadataPrefix="oai_dc", identifier=identifier)
        assert error(document) == "idDoesNotExist"


def test_sets_are_themes_and_bodies(client: Client, city: City) -> None:
    parking = city.listed()
    hospital = city.listed(replace(METADATA, title_zh="医院", theme="HEAL"), by=city.stranger)
    for spec, wanted in (
        ("theme:TRAN", parking),
        ("theme:HEAL", hospital),
        (f"body:{parking.body_code}", parking),
    ):
        document = ask(client, verb="ListIdentifiers", metadataPrefix="oai_dc", set=spec)
        assert identifiers(document) == [f"https://id.test.example/id/{wanted.id}"]
    nowhere = ask(client, verb="ListIdentifiers", metadataPrefix="oai_dc", set="theme:NOWHERE")
    assert error(nowhere) == "noRecordsMatch"


def test_the_last_moment_asked_for_still_counts(client: Client, city: City) -> None:
    entry = city.listed()
    moment = entry.changed_at.strftime("%Y-%m-%dT%H:%M:%SZ")
    asked = {"verb": "ListIdentifiers", "metadataPrefix": "oai_dc"}
    assert len(identifiers(ask(client, **asked, **{"from": moment, "until": moment}))) == 1
    day = moment[:10]
    assert len(identifiers(ask(client, **asked, **{"from": day, "until": day}))) == 1
    assert error(ask(client, **asked, until="2001-01-01")) == "noRecordsMatch"


def test_what_changes_between_two_pages_moves_to_the_end_and_is_not_missed(
    client: Client, city: City, five: list[EntryView], small_pages: None
) -> None:
    document = ask(client, verb="ListIdentifiers", metadataPrefix="oai_dc")
    seen = identifiers(document)
    services.entry_withdraw(actor=city.clerk, entry=five[0].id, reason="重复", basis="第十五条")
    while token := document.findtext(f".//{OAI}resumptionToken"):
        document = ask(client, verb="ListIdentifiers", resumptionToken=token)
        seen += identifiers(document)
    first = f"https://id.test.example/id/{five[0].id}"
    assert seen[-1] == first
    assert len(seen) == 6
    assert document.find(f".//{OAI}resumptionToken") is not None


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({}, "badVerb"),
        ({"verb": "Delete"}, "badVerb"),
        ({"verb": "Identify", "colour": "red"}, "badArgument"),
        ({"verb": "ListRecords"}, "badArgument"),
        ({"verb": "GetRecord", "metadataPrefix": "oai_dc"}, "badArgument"),
        ({"verb": "ListRecords", "metadataPrefix": "marc21"}, "cannotDisseminateFormat"),
        ({"verb": "ListRecords", "metadataPrefix": "oai_dc", "from": "gestern"}, "badArgument"),
        ({"verb": "ListRecords", "metadataPrefix": "oai_dc", "from": "2026-02-30"}, "badArgument"),
        ({"verb": "ListRecords", "metadataPrefix": "oai_dc", "until": ""}, "badArgument"),
        ({"verb": "ListRecords", "resumptionToken": "made up"}, "badResumptionToken"),
        ({"verb": "ListSets", "resumptionToken": "made up"}, "badResumptionToken"),
        (
            {"verb": "ListRecords", "resumptionToken": "x", "metadataPrefix": "oai_dc"},
            "badArgument",
        ),
        (
            {
                "verb": "ListRecords", "metadataPrefix": "oai_dc",
                "from": "2026-01-01", "until": "2026-01-01T00:00:00Z",
            },
            "badArgument",
        ),
        (
            {
                "verb": "ListRecords", "metadataPrefix": "oai_dc",
                "from": "2026-01-02", "until": "2026-01-01",
            },
            "badArgument",
        ),
        (
            {"verb": "GetRecord", "metadataPrefix": "oai_dc", "identifier": "\x0b"},
            "idDoesNotExist",
        ),
    ],
)  # fmt: skip
def test_a_wrong_request_gets_the_protocol_s_own_error(
    client: Client, city: City, arguments: dict[str, str], code: str
) -> None:
    assert error(ask(client, **arguments)) == code


def test_a_token_of_one_list_opens_no_other(
    client: Client, five: list[EntryView], small_pages: None
) -> None:
    document = ask(client, verb="ListIdentifiers", metadataPrefix="oai_dc")
    token = document.findtext(f".//{OAI}resumptionToken")
    assert token
    assert error(ask(client, verb="ListRecords", resumptionToken=token)) == "badResumptionToken"


def test_a_form_is_answered_as_an_address(client: Client, city: City) -> None:
    answer = client.post("/oai", {"verb": "Identify"})
    assert ET.fromstring(answer.content).find(f"{OAI}Identify") is not None


@given(
    st.dictionaries(
        st.sampled_from(["verb", "metadataPrefix", "from", "until", "set", "resumptionToken"])
        | st.text(max_size=5),
        st.lists(st.sampled_from([*Verb, *Prefix, "2026-01-01", "0000-00-00", ""]) | st.text()),
    )
)
def test_any_arguments_are_understood_or_refused_in_the_protocol_s_words(
    arguments: dict[str, list[str]],
) -> None:
    try:
        verb = verb_of(arguments)
        taken = require_arguments(verb, arguments)
        if verb in (Verb.LIST_RECORDS, Verb.LIST_IDENTIFIERS) and "metadataPrefix" in taken:
            assert isinstance(selection_of(taken), Selection)
    except ProtocolError as wrong:
        said = (wrong.code, wrong.sentence)
        assert said[0] in list(ErrorCode)
        assert said[1]

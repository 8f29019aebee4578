"""The whole catalogue as a dataset: every listed entry with every field, and nothing else."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import fields, replace
from datetime import timedelta
from typing import Any

import pandas as pd
import pytest
from asgiref.sync import async_to_sync
from django.test import AsyncClient, Client
from django.utils import timezone
from rdflib.namespace import RDF

from tests.catalog.conftest import METADATA, City
from wushu.catalog import selectors, services
from wushu.catalog.api import complete
from wushu.catalog.dcat.terms import DCAT
from wushu.catalog.types import Attribute, Metadata


@async_to_sync
async def got(path: str, **headers: str) -> tuple[Any, bytes]:
    answer = await AsyncClient().get(path, headers=headers)
    if not answer.streaming:
        return answer, answer.content
    return answer, b"".join([piece async for piece in answer.streaming_content])


def rows_of(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode(), newline="")))


@pytest.fixture
def three(city: City) -> list[str]:
    entries = [
        city.listed(),
        city.listed(replace(METADATA, title_zh="=1+1", keywords=("甲", "乙"))),
        city.listed(replace(METADATA, title_zh="=1+1")),
    ]
    return sorted(one.slug for one in entries)


def test_every_listed_entry_is_in_each_form_once_however_many_pages_there_are(
    three: list[str], monkeypatch
):
    monkeypatch.setattr(complete, "PAGE", 2)
    assert [one["slug"] for one in rows_of(got("/catalog.csv")[1])] == three
    assert [one["slug"] for one in json.loads(got("/catalog.json")[1])] == three
    lines = got("/catalog.ndjson")[1].splitlines()
    assert [json.loads(line)["slug"] for line in lines] == three


def test_what_is_not_listed_is_not_in_it(city: City):
    city.submitted()
    sealed, withdrawn = city.listed(), city.listed()
    services.entry_seal(actor=city.reviewer, entry=sealed.id, reason="复核", basis="第三十七条")
    services.entry_withdraw(
        actor=city.reviewer, entry=withdrawn.id, reason="停用", basis="第三十七条"
    )
    assert rows_of(got("/catalog.csv")[1]) == []
    assert json.loads(got("/catalog.json")[1]) == []
    assert got("/catalog.ndjson")[1] == b""


def test_every_field_of_the_description_is_a_column(three: list[str]):
    row = rows_of(got("/catalog.csv")[1])[0]
    assert {one.name for one in fields(Metadata)} <= set(row)
    entry = selectors.entry_by_slug(three[0])
    assert entry.revision is not None
    assert entry.revision.version is not None
    assert row["rows"] == str(entry.revision.version.rows_loaded)
    assert row["page"].endswith(f"/datasets/{entry.slug}")
    document = json.loads(got("/catalog.json")[1])[0]
    assert document["fields"] == [one.as_json() for one in entry.revision.fields]
    assert [one["format"] for one in document["files"]] == ["parquet"]


def test_spreadsheets_run_no_title_and_see_the_characters(three: list[str]):
    content = got("/catalog.csv?bom=on")[1]
    assert content.startswith("\ufeff".encode())
    frame = pd.read_csv(io.BytesIO(content), dtype=str, keep_default_na=False)
    assert list(frame["slug"]) == three
    assert sorted(frame["title_zh"])[:2] == ["'=1+1", "'=1+1"]
    assert "甲|乙" in set(frame["keywords"])


def test_closed_data_tell_no_files(city: City):
    city.listed(
        replace(
            METADATA, attribute=Attribute.CONDITIONAL, conditions="研究", attribute_basis="第七条"
        )
    )
    assert json.loads(got("/catalog.json")[1])[0]["files"] == []
    assert rows_of(got("/catalog.csv")[1])[0]["csv_bytes"] == ""


def test_data_that_are_not_opened_have_no_address(city: City):
    entry = city.draft(
        replace(METADATA, attribute=Attribute.NONE, attribute_basis="《数据安全法》第二十一条")
    )
    city.load(entry)
    services.revision_submit(actor=city.clerk, revision=city.newest(entry))
    services.revision_pass_gate(actor=city.reviewer, revision=city.newest(entry))
    row = rows_of(got("/catalog.csv")[1])[0]
    assert (row["rows"], row["formats"], row["csv"]) == ("11", "", "")


def test_an_unchanged_catalogue_is_not_sent_again(three: list[str], city: City):
    answer, _ = got("/catalog.csv")
    etag = answer.headers["etag"]
    assert got("/catalog.csv", if_none_match=etag)[0].status_code == 304
    assert got("/catalog.csv?bom=on", if_none_match=etag)[0].status_code == 200
    city.listed(replace(METADATA, title_zh="新的"))
    assert got("/catalog.csv", if_none_match=etag)[0].status_code == 200


def test_what_counts_days_is_another_answer_the_next_day(
    three: list[str], monkeypatch: pytest.MonkeyPatch
):
    known = {path: got(path)[0].headers["etag"] for path in ("/catalog.csv", "/catalog.json")}
    tomorrow = timezone.localdate() + timedelta(days=1)
    monkeypatch.setattr(timezone, "localdate", lambda *_: tomorrow)
    answered = {path: got(path, if_none_match=tag)[0].status_code for path, tag in known.items()}
    assert answered == {"/catalog.csv": 304, "/catalog.json": 200}


def test_it_is_named_where_machines_and_people_look(client: Client, three: list[str]):
    assert "/catalog.csv" in client.get("/sitemap-1.xml").content.decode()
    for page in ("/", "/datasets"):
        assert 'href="/catalog.csv?bom=on"' in client.get(page).content.decode()
    graph = selectors.catalog_graph()
    (catalogue,) = graph.subjects(RDF.type, DCAT.Catalog)
    files = {
        str(graph.value(one, DCAT.downloadURL)).rpartition("/")[2]
        for one in graph.objects(catalogue, DCAT.distribution)
    }
    assert files == {"catalog.csv", "catalog.json"}


def test_an_unknown_parameter_is_refused_and_head_reads_nothing(client: Client, three: list[str]):
    assert client.get("/catalog.csv?q=x").json()["name"] == "parameter-unknown"
    assert client.get("/catalog.json?bom=on").json()["name"] == "parameter-unknown"
    assert client.get("/catalog.csv?bom=yes").json()["name"] == "parameter-wrong"
    head = client.head("/catalog.csv")
    assert (head.status_code, head.content) == (200, b"")

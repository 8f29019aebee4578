"""Other people's programs read a table by what describes it."""

from __future__ import annotations

import hashlib
import json

import frictionless
import httpx
import pytest
import requests
from csvw import CSVW
from frictionless import Package

from tests.dataplane.query import support
from tests.evidence.conftest import initialise
from wushu.catalog.types import FieldSpec, FieldType
from wushu.dataplane.services import exports_measure

DESCRIBED = (
    FieldSpec("code", title_zh="代码", title_en="Code", key=True, required=True),
    FieldSpec("区 名", title_zh="所属区", description="街道所属的区"),
    FieldSpec("level", FieldType.INTEGER, unit="级", null_meaning="未评级"),
    *support.FIELDS[3:],
)


@pytest.fixture
def node_address(node, settings):
    settings.BASE_URL = node
    initialise()
    return node


@pytest.fixture
def dataset(node_address):
    made = support.publish(fields=DESCRIBED)
    support.grant(made)
    revision = made.entry.listed_revision
    for name, value in {
        "title_en": "Streets", "description_zh": "街道名录", "keywords": ["街道", "区划"],
        "licence": "https://creativecommons.org/licenses/by/4.0/",
        "source_url": "https://example.gov.cn/streets", "contact_email": "data@example.gov.cn",
    }.items():  # fmt: skip
        setattr(revision, name, value)
    revision.save()
    exports_measure()
    return made


def test_frictionless_finds_the_package_and_every_row_of_the_table_valid(node_address, dataset):
    report = frictionless.validate(f"{node_address}/datasets/streets/datapackage.json")
    assert report.valid, report.to_summary()
    (task,) = report.tasks
    assert (task.stats["rows"], task.stats["fields"]) == (1000, 9)
    assert task.stats["bytes"] > 0  # size and hash of the package were compared


def test_frictionless_reads_the_rows_with_their_types(node_address, dataset):
    package = Package(f"{node_address}/datasets/streets/datapackage.json")
    rows = package.resources[0].read_rows()
    assert [row["code"] for row in rows] == [row[0] for row in dataset.rows]
    for read, row in zip(rows, dataset.rows, strict=True):
        assert tuple(read.values())[2:8] == row[2:8]


@pytest.mark.parametrize("change", [{"bytes": 5}, {"hash": "sha256:" + "0" * 64}])
def test_frictionless_finds_a_table_that_is_not_the_packages(client, dataset, change, tmp_path):
    document = client.get("/datasets/streets/datapackage.json").json()
    document["resources"][0] |= change
    file = tmp_path / "datapackage.json"
    file.write_text(json.dumps(document))
    assert not frictionless.validate(file).valid


def test_the_package_says_who_what_where_from_and_under_which_licence(client, dataset):
    answer = client.get("/datasets/streets/datapackage.json")
    assert answer.headers["content-type"] == "application/vnd.datapackage+json"
    package = answer.json()
    assert package["$schema"].startswith("https://datapackage.org/profiles/2.0/")
    assert package["licenses"][0]["name"] == "CC-BY-4.0"
    assert package["sources"][0]["path"] == "https://example.gov.cn/streets"
    assert package["contributors"][0]["roles"] == ["publisher"]
    (resource,) = package["resources"]
    table = client.get(resource["path"]).content
    assert resource["bytes"] == len(table)
    assert resource["hash"] == f"sha256:{hashlib.sha256(table).hexdigest()}"
    level = resource["schema"]["fields"][2]
    assert (level["type"], level["unit"], level["emptyMeans"]) == ("integer", "级", "未评级")
    assert resource["schema"]["primaryKey"] == ["code"]


def test_the_hash_stays_true_when_the_next_version_is_listed(client, dataset):
    before = client.get("/datasets/streets/datapackage.json").json()["resources"][0]
    revision = dataset.entry.listed_revision
    row = support.Revision.objects.get(pk=revision.pk)
    row.pk, row.number, row.state = support.uuid4(), 0, "superseded"
    row.save(force_insert=True)
    revision.version = support.add_version(dataset.entry, 2, DESCRIBED, support.table(5))
    revision.save()
    after = client.get("/datasets/streets/datapackage.json").json()["resources"][0]
    assert "hash" not in after  # not measured yet
    table = client.get(before["path"]).content
    assert f"sha256:{hashlib.sha256(table).hexdigest()}" == before["hash"]


def test_csvw_reads_the_table_by_the_document_beside_it(node_address, dataset):
    address = f"{node_address}/data/streets.csv"
    link = httpx.head(address).headers["link"]
    assert link == '<streets.csv-metadata.json>; rel="describedby"; type="application/csvm+json"'
    found = CSVW(f"{address}-metadata.json", validate=True)
    assert found.is_valid, [str(one.message) for one in found.warnings]
    (table,) = found.tables
    rows = list(table)
    assert len(rows) == 1000
    first = rows[1]
    assert first["code"] == dataset.rows[1][0]
    assert first["fee"] == dataset.rows[1][3]
    assert first["opened"].date() == dataset.rows[1][5]  # csvw reads days as midnights
    assert first["active"] is dataset.rows[1][7]


@pytest.mark.filterwarnings("always:Invalid column value")
def test_csvw_finds_a_table_that_is_not_as_described(client, dataset, tmp_path):
    (tmp_path / "m.json").write_bytes(client.get("/data/streets.csv-metadata.json").content)
    table = client.get("/data/streets.csv").text.replace("\r\n", "\r\nx,y,not a number\r\n", 1)
    (tmp_path / "streets.csv").write_text(table)
    assert not CSVW(str(tmp_path / "m.json"), validate=True).is_valid


def test_conditional_data_are_described_without_size_and_hash(client, node_address):
    support.publish(conditions="研究")
    resource = client.get("/datasets/streets/datapackage.json").json()["resources"][0]
    assert not {"bytes", "hash"} & set(resource)
    assert resource["rowOrder"] == "no information"
    assert client.get("/data/streets.csv-metadata.json").status_code == 200
    assert client.get("/data/streets.csv").status_code == 403


@pytest.mark.parametrize("columns", [None, ["code", "fee", "opened"]])
def test_frictionless_finds_valid_what_a_reader_was_granted_of_conditional_data(
    node_address, columns
):
    made = support.publish(conditions="研究", fields=DESCRIBED)
    someone = support.reader()
    support.grant(made, someone.actor.person, columns=columns)
    session = requests.Session()
    session.headers["Authorization"] = f"Bearer {someone.key}"
    with frictionless.system.use_context(http_session=session):
        report = frictionless.validate(f"{node_address}/datasets/streets/datapackage.json")
        resource = Package(f"{node_address}/datasets/streets/datapackage.json").resources[0]
        row = resource.read_rows()[1].to_dict()
    assert report.valid, report.to_summary()
    assert report.tasks[0].stats["rows"] == 1000
    given = {name for name, value in row.items() if value is not None}
    assert given <= set(columns or row)
    assert row["code"] == made.rows[1][0]


@pytest.mark.parametrize(
    "path", ["/datasets/streets/datapackage.json", "/data/streets.csv-metadata.json"]
)
def test_what_has_no_table_or_is_closed_has_no_description(client, node_address, path):
    dataset = support.publish()
    revision = dataset.entry.listed_revision
    revision.attribute = "none"
    revision.save()
    assert client.get(path).json()["name"] == "table-not-there"
    dataset.entry.state = "sealed"
    dataset.entry.save()
    assert client.get(path).json()["name"] == "entry-sealed"

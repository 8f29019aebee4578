"""Size, digest and parts of downloads that are made on the way, on a running node."""

from __future__ import annotations

import base64
import hashlib
import subprocess
from datetime import timedelta

import httpx
import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rdflib import Graph
from rdflib.namespace import RDF

from tests.dataplane.query import support
from tests.evidence.conftest import initialise
from wushu.catalog import selectors as catalog
from wushu.catalog.dcat.terms import DCAT, SPDX
from wushu.catalog.models import Entry
from wushu.dataplane.models import Export
from wushu.dataplane.query import exports
from wushu.dataplane.query.formats import Table
from wushu.dataplane.services import exports_measure

pytestmark = (
    pytest.mark.once
)  # files and streams: the grants behind them are asked on both databases

ROWS = 20_000
MADE = [
    "csv", "csv?bom=on", "csv?guard=off", "csv?guard=off&bom=on", "json", "ndjson", "xml", "xlsx",
    "arrow", "ttl",
]  # fmt: skip
RESUMING = [one for one in MADE if one != "xlsx"]
"""Those of which a part can begin at a mark; the others are made from their first row on."""


def rows_of(count: int) -> list[tuple[str, str]]:
    return [(f"{n:06d}", f"名称 {n}" if n % 7 else '含"引号",\n换行') for n in range(count)]


def publish(slug: str = "streets", count: int = ROWS) -> support.Dataset:
    fields = (support.FieldSpec("编号", key=True), support.FieldSpec("名称"))
    dataset = support.publish(slug, fields=fields, rows=rows_of(count))
    support.grant(dataset)
    return dataset


@pytest.fixture(autouse=True)
def _named_node(node):
    """Turtle names rows below the node's identifiers."""
    initialise()


@pytest.fixture
def few_marks(monkeypatch):
    """Marks close together, so that a small table has many."""
    monkeypatch.setattr(exports, "MARK_EVERY", 30_000)


@pytest.mark.parametrize("suffix", MADE)
def test_a_measured_download_has_length_digest_and_a_strong_tag(client, node, suffix):
    publish()
    unmeasured = client.get(f"/data/streets.{suffix}")
    assert unmeasured.headers["accept-ranges"] == "none"
    assert unmeasured.headers["wushu-no-ranges"] == "not-measured-yet"
    assert unmeasured.headers["etag"].startswith('W/"')
    exports_measure()
    answer = client.get(f"/data/streets.{suffix}")
    assert answer.content == unmeasured.content
    sha256 = hashlib.sha256(answer.content)
    digest = f"sha-256=:{base64.b64encode(sha256.digest()).decode()}:"
    assert answer.headers["content-length"] == str(len(answer.content))
    assert answer.headers["etag"] == f'"{sha256.hexdigest()}"'
    assert answer.headers["repr-digest"] == answer.headers["content-digest"] == digest
    assert answer.headers["accept-ranges"] == "bytes"
    head = client.head(f"/data/streets.{suffix}", headers={"range": "bytes=0-3"})
    assert head.status_code == 200
    assert head.headers["content-length"] == str(len(answer.content))
    assert client.get(
        f"/data/streets.{suffix}", headers={"if-none-match": answer.headers["etag"]}
    ).status_code == 304  # fmt: skip


@pytest.mark.usefixtures("few_marks")
def test_random_parts_are_those_of_the_whole_file(client, node):
    publish()
    exports_measure()
    whole = {suffix: client.get(f"/data/streets.{suffix}").content for suffix in MADE}
    marks = {row.suffix: len(row.marks) for row in Export.objects.all()}
    assert all(marks[suffix.partition("?")[0]] > 3 for suffix in RESUMING)

    @settings(
        max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )
    @given(suffix=st.sampled_from(MADE), data=st.data())
    def check(suffix, data):
        size = len(whole[suffix])
        first = data.draw(st.integers(0, size - 1))
        last = data.draw(st.integers(first, size + 10))
        answer = client.get(f"/data/streets.{suffix}", headers={"range": f"bytes={first}-{last}"})
        wanted = whole[suffix][first : last + 1]
        assert answer.content == wanted
        assert answer.status_code == (200 if len(wanted) == size else 206)
        if answer.status_code == 206:
            end = min(last, size - 1)
            assert answer.headers["content-range"] == f"bytes {first}-{end}/{size}"

    check()


@pytest.mark.usefixtures("few_marks")
def test_every_format_goes_on_at_any_mark_whatever_the_types_and_row_groups(client, node):
    dataset = support.publish(rows=support.table(7_000))  # in groups of 300 rows, with gaps
    support.grant(dataset)
    exports_measure()
    for suffix in ("csv", "ndjson", "xml", "arrow", "ttl"):
        whole = client.get(f"/data/streets.{suffix}").content
        row = Export.objects.get(suffix=suffix, variant="")
        assert len(row.marks) >= 3
        for _, byte in row.marks[:: len(row.marks) // 3]:
            asked = {"range": f"bytes={byte - 1}-"}
            got = client.get(f"/data/streets.{suffix}", headers=asked).content
            assert got == whole[byte - 1 :], suffix


@pytest.mark.usefixtures("few_marks")
@pytest.mark.parametrize("suffix", ["csv", "json", "xlsx", "arrow"])
def test_curl_goes_on_with_a_download_that_was_broken_off(node, client, tmp_path, suffix):
    publish()
    exports_measure()
    whole = client.get(f"/data/streets.{suffix}").content
    target = tmp_path / "file"
    target.write_bytes(whole[: len(whole) * 2 // 3])
    subprocess.run(
        ["curl", "-sSf", "-C", "-", "-o", str(target), f"{node}/data/streets.{suffix}"], check=True
    )
    assert hashlib.sha256(target.read_bytes()).digest() == hashlib.sha256(whole).digest()


def test_a_new_version_has_a_new_tag_and_if_range_gives_it_whole(client, node):
    dataset = publish(count=500)
    exports_measure()
    old = client.get("/data/streets.csv").headers["etag"]
    same = client.get("/data/streets.csv", headers={"range": "bytes=10-19", "if-range": old})
    assert same.status_code == 206
    made = support.add_version(dataset.entry, 2, dataset.fields, rows_of(501))
    revision = dataset.entry.listed_revision
    revision.version = made
    revision.save()
    exports_measure()
    again = client.get("/data/streets.csv", headers={"range": "bytes=10-19", "if-range": old})
    assert again.status_code == 200
    assert again.headers["etag"] != old
    assert again.text.count("\r\n") == 502


@pytest.mark.parametrize("how", ["sealed", "revoked"])
def test_no_part_is_given_of_what_was_closed(client, node, how):
    dataset = publish(count=500)
    exports_measure()
    asked = {"range": "bytes=10-19"}
    assert client.get("/data/streets.csv", headers=asked).status_code == 206
    if how == "sealed":
        dataset.entry.state = "sealed"
        dataset.entry.save()
    else:
        support.Grant.objects.update(revoked_at=support.timezone.now())
    answer = client.get("/data/streets.csv", headers=asked)
    assert answer.status_code in (403, 410, 451)
    assert "etag" not in answer.headers


def test_conditional_data_are_not_measured_and_say_why_they_have_no_ranges(client, node):
    dataset = support.publish(conditions="研究")
    someone = support.reader()
    support.grant(dataset, someone.actor.person)
    exports_measure()
    assert not Export.objects.exists()
    headers = {"authorization": f"Bearer {someone.key}", "range": "bytes=0-9"}
    answer = client.get("/data/streets.csv", headers=headers)
    assert answer.status_code == 200
    assert answer.headers["accept-ranges"] == "none"
    assert answer.headers["wushu-no-ranges"] == "conditional"


def test_bytes_that_do_not_fit_the_digest_are_not_sent_to_their_end(client, node):
    publish(count=500)
    exports_measure()
    Export.objects.update(sha256="0" * 64)
    with pytest.raises(httpx.RemoteProtocolError):
        client.get("/data/streets.csv")
    assert not Export.objects.filter(suffix="csv", variant="").exists()
    assert client.get("/data/streets.csv").text.count("\r\n") == 501


def test_one_broken_version_does_not_keep_the_others_waiting(node):
    broken, sound = publish("a-broken", 10), publish("b-sound", 10)
    (broken.folder / "data.parquet").write_bytes(b"nothing")
    done = exports_measure()
    assert done.failed == 1
    assert set(Export.objects.values_list("version", flat=True)) == {sound.version.pk}


def test_rows_that_cannot_be_read_do_not_keep_the_others_waiting(node):
    """The file opens, by what stands at its end; that its rows are damaged shows when they are read."""
    broken, sound = publish("a-broken", 500), publish("b-sound", 10)
    path = broken.folder / "data.parquet"
    whole = path.read_bytes()
    path.write_bytes(whole[:4] + bytes(len(whole) // 2) + whole[4 + len(whole) // 2 :])
    assert exports_measure().failed
    assert Export.objects.filter(version=sound.version.pk, suffix="xlsx").exists()
    assert not Export.objects.filter(version=broken.version.pk, suffix="xlsx").exists()


def test_no_row_is_looked_at_again_of_what_was_measured(node, monkeypatch):
    publish(count=10)
    assert exports_measure().made
    monkeypatch.setattr(Table, "one", lambda *_: pytest.fail("rows were looked at"))
    Entry.objects.update(changed_at=timezone.now())
    again = exports_measure()
    assert (again.made, again.failed) == (0, 0)


def test_measuring_goes_on_where_it_was_stopped_and_never_twice(node):
    publish(count=10)
    assert exports_measure(stopped=lambda: True).made == 0
    first = exports_measure()
    assert first.made == Export.objects.count() > 0
    assert exports_measure(after=first.until).made == 0


def test_a_round_looks_only_at_what_changed_and_again_at_what_failed(node):
    publish("a-sound", 10)
    Entry.objects.update(changed_at=timezone.now() - timedelta(hours=1))
    first = exports_measure()
    broken = publish("b-broken", 10)
    (broken.folder / "data.parquet").write_bytes(b"nothing")
    # What was looked at before is not even opened: the kept facts could be gone.
    Export.objects.all().delete()
    second = exports_measure(after=first.until)
    assert (second.made, second.failed) == (0, 1)
    third = exports_measure(after=second.until)
    assert (third.made, third.failed) == (0, 1)


def test_every_distribution_tells_its_size_and_hash_and_nothing_is_lost_for_it(client, node):
    dataset = publish(count=50)
    revision = dataset.entry.listed_revision
    for name, value in {
        "description_zh": "说明", "keywords": ["街道"], "theme": "REGI", "spatial": "320500",
        "temporal_start": "2020-01-01", "temporal_end": "2020-12-31", "update_cycle": "ANNUAL",
        "licence": "http://publications.europa.eu/resource/authority/licence/CC_BY_4_0",
        "contact_email": "data@example.gov.cn",
    }.items():  # fmt: skip
        setattr(revision, name, value)
    revision.save()
    entry = catalog.entry_by_slug("streets")
    assert {one.name for one in catalog.metadata_quality(entry).lost} == {"byte-size"}
    exports_measure()
    assert catalog.metadata_quality(entry).points == catalog.METADATA_QUALITY_MOST == 405
    graph = Graph().parse(data=client.get("/datasets/streets.ttl").text, format="turtle")
    told = {
        str(graph.value(one, DCAT.downloadURL)).rsplit("/", 1)[1]: (
            int(str(graph.value(one, DCAT.byteSize))),
            str(graph.value(graph.value(one, SPDX.checksum), SPDX.checksumValue)),
        )
        for one in graph.subjects(RDF.type, DCAT.Distribution)
    }
    got = {name: client.get(f"/data/{name}").content for name in told}
    del told["streets.parquet"], got["streets.parquet"]  # published here without its digest
    assert told == {name: (len(c), hashlib.sha256(c).hexdigest()) for name, c in got.items()}
    assert len(told) >= 5
    package = client.get("/api/3/action/package_show?id=streets").json()["result"]
    sizes = {one["url"].rsplit("/", 1)[1]: one["size"] for one in package["resources"]}
    assert sizes["streets.csv"] == told["streets.csv"][0]

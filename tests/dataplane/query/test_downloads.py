"""Whole tables over HTTP, on a running node."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import json
import random
import time
from decimal import Decimal
from typing import Any
from urllib.parse import unquote

import httpx
import pandas as pd
import pyarrow.parquet as pq
import pytest

from tests.dataplane.query import support
from wushu.catalog.types import FieldSpec
from wushu.dataplane.models import Grant, Receipt
from wushu.dataplane.query import streaming
from wushu.dataplane.query.formats import parquet
from wushu.dataplane.query.types import Condition, Op


def test_json_and_ndjson_are_the_rows(client, public):
    assert client.get("/data/streets.json").json() == public.json
    lines = client.get("/data/streets.ndjson").text.splitlines()
    assert [json.loads(line) for line in lines] == public.json


def test_csv_reads_back_as_the_table(client, public):
    answer = client.get("/data/streets.csv?guard=off")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8; header=present"
    table = list(csv.reader(io.StringIO(answer.content.decode(), newline="")))
    assert table[0] == [field.name for field in public.fields]
    for read, row in zip(table[1:], public.json, strict=True):
        for text, value in zip(read, row.values(), strict=True):
            if value is None:
                assert text == ""
            elif isinstance(value, bool):
                assert text == str(value).lower()
            elif isinstance(value, float):
                assert float(text) == value
            else:
                assert text == str(value)


def test_csv_tells_an_empty_text_from_no_value(client, node):
    dataset = support.publish(
        fields=(FieldSpec("a"), FieldSpec("b")), rows=[("", None), (None, "")]
    )
    support.grant(dataset)
    assert client.get("/data/streets.csv").text == 'a,b\r\n"",\r\n,""\r\n'
    page = client.get("/api/v1/datasets/streets/rows?format=csv").text
    assert page == 'a,b\r\n"",\r\n,""\r\n'


def test_csv_guards_formulas_and_says_so(client, public):
    guarded, exact = client.get("/data/streets.csv"), client.get("/data/streets.csv?guard=off")
    assert guarded.headers["wushu-formula-guard"] == "on"
    assert exact.headers["wushu-formula-guard"] == "off"
    assert "'=HYPERLINK" in guarded.text
    assert "'=HYPERLINK" not in exact.text


def test_csv_has_a_byte_order_mark_when_asked(client, public):
    assert client.get("/data/streets.csv?bom=on").content.startswith(b"\xef\xbb\xbfcode")
    assert client.get("/data/streets.csv").content.startswith(b"code")


def test_pandas_reads_codes_as_text_and_every_row(client, public):
    frame = pd.read_csv(io.BytesIO(client.get("/data/streets.csv").content), dtype={"code": str})
    assert len(frame) == 1000
    assert list(frame["code"]) == [row["code"] for row in public.json]


def test_the_whole_parquet_file_is_the_stored_one(client, public):
    answer = client.get("/data/streets.parquet")
    stored = (public.folder / "data.parquet").read_bytes()
    assert answer.content == stored
    digest = base64.b64encode(hashlib.sha256(stored).digest()).decode()
    assert answer.headers["repr-digest"] == f"sha-256=:{digest}:"
    assert answer.headers["etag"] == f'"{hashlib.sha256(stored).hexdigest()}"'
    assert answer.headers["content-length"] == str(len(stored))
    table = pq.read_table(io.BytesIO(answer.content))
    assert table.column("fee")[1].as_py() == Decimal("1.75")


@pytest.mark.parametrize(
    ("asked", "first", "past"),
    [
        ("bytes=0-99", 0, 100),
        ("bytes=100-", 100, None),
        ("bytes=-50", -50, None),
        ("bytes=5-5", 5, 6),
    ],
)
def test_parts_of_the_parquet_file_can_be_asked_for(client, public, asked, first, past):
    stored = (public.folder / "data.parquet").read_bytes()
    answer = client.get("/data/streets.parquet", headers={"range": asked})
    assert answer.status_code == 206
    assert answer.content == stored[first:past]
    span, _, size = answer.headers["content-range"].removeprefix("bytes ").partition("/")
    assert int(size) == len(stored)
    assert span.split("-")[0] == str(first % len(stored))


def test_a_range_beyond_the_end_cannot_be_met(client, public):
    answer = client.get("/data/streets.parquet", headers={"range": "bytes=99999999-"})
    assert answer.status_code == 416
    assert answer.headers["content-range"].startswith("bytes */")
    assert answer.json()["name"] == "range-not-there"


def test_a_range_of_an_older_file_gives_the_whole_new_one(client, public):
    headers = {"range": "bytes=0-9", "if-range": '"something older"'}
    assert client.get("/data/streets.parquet", headers=headers).status_code == 200


@pytest.mark.parametrize("suffix", ["csv", "json", "ndjson", "parquet"])
def test_an_unchanged_table_is_not_sent_again(client, public, suffix):
    etag = client.get(f"/data/streets.{suffix}").headers["etag"]
    again = client.get(f"/data/streets.{suffix}", headers={"if-none-match": etag})
    assert again.status_code == 304
    assert again.content == b""


@pytest.mark.parametrize("suffix", ["csv", "json", "ndjson", "parquet"])
def test_head_sends_no_rows_and_leaves_no_receipt(client, node, suffix):
    dataset = support.publish()
    someone = support.reader()
    support.grant(dataset, someone.actor.person)
    answer = client.head(
        f"/data/streets.{suffix}", headers={"authorization": f"Bearer {someone.key}"}
    )
    assert answer.status_code == 200
    assert answer.content == b""
    assert not Receipt.objects.exists()


def test_the_file_name_is_safe_on_every_system(client, node):
    dataset = support.publish()
    support.grant(dataset)
    revision = dataset.entry.listed_revision
    revision.title_zh = '../街道"名录"\r\nSet-Cookie: x=1; /etc'
    revision.save()
    answer = client.get("/data/streets.csv")
    disposition = answer.headers["content-disposition"]
    assert "set-cookie" not in answer.headers
    assert disposition.startswith("attachment; filename=\"streets-v1.csv\"; filename*=UTF-8''")
    name = unquote(disposition.split("UTF-8''")[1])
    assert "街道" in name
    assert not set('/\\"\r\n:') & set(name)


def test_only_granted_columns_and_rows_go_out_in_every_format(client, node):
    dataset = support.publish()
    where = (Condition("区 名", Op.EQ, ("吴中区",)),)
    support.grant(dataset, columns=["code", "note"], row_filter=where)
    wanted = [
        {"code": row["code"], "note": row["note"]}
        for row in dataset.json
        if row["区 名"] == "吴中区"
    ]
    assert client.get("/data/streets.json").json() == wanted
    lines = client.get("/data/streets.ndjson").text.splitlines()
    assert [json.loads(line) for line in lines] == wanted
    table = list(
        csv.DictReader(io.StringIO(client.get("/data/streets.csv?guard=off").text, newline=""))
    )
    assert [row["code"] for row in table] == [row["code"] for row in wanted]
    parquet = client.get("/data/streets.parquet")
    assert pq.read_table(io.BytesIO(parquet.content)).to_pylist() == wanted
    assert parquet.headers["accept-ranges"] == "none"
    assert parquet.headers["wushu-no-ranges"] == "granted-part"


def test_a_table_without_rows_downloads_in_every_format(client, node):
    dataset = support.publish(rows=[])
    support.grant(dataset)
    assert client.get("/data/streets.json").json() == []
    assert client.get("/data/streets.ndjson").text == ""
    assert client.get("/data/streets.csv").text.count("\r\n") == 1
    assert pq.read_table(io.BytesIO(client.get("/data/streets.parquet").content)).num_rows == 0


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/data/streets.docx", "format-not-offered"),
        ("/data/none.csv", "dataset-not-found"),
        ("/data/streets.csv?limit=3", "parameter-not-understood"),
        ("/data/streets.csv?bom=yes", "parameter-not-understood"),
        ("/data/streets.csv?guard=maybe", "parameter-not-understood"),
        ("/data/streets.csv?version=7", "version-not-found"),
    ],
)
def test_each_wrong_question_has_its_named_refusal(client, public, path, name):
    assert client.get(path).json()["name"] == name


def test_a_read_under_a_grant_leaves_its_receipt_first(client, node):
    dataset = support.publish()
    someone = support.reader()
    given = support.grant(dataset, someone.actor.person, columns=["code"])
    headers = {"authorization": f"Bearer {someone.key}"}
    assert client.get("/data/streets.csv?bom=on", headers=headers).status_code == 200
    receipt = Receipt.objects.get()
    assert (receipt.grant_id, receipt.surface, receipt.columns) == (given.pk, "download", ["code"])
    assert receipt.query == "/data/streets.csv?bom=on"


def big(rows: int):
    """More than the sockets' buffers hold, in any format: the text does not compress."""
    noise = random.Random(1)
    return [(f"{n:08d}", base64.b85encode(noise.randbytes(240)).decode()) for n in range(rows)]


@pytest.fixture
def long_table(node):
    fields = (FieldSpec("code"), FieldSpec("text"))
    return support.publish("long", fields=fields, rows=big(60_000))


def read_until_broken_off(node: str, path: str, headers: dict[str, str], act) -> int:
    """Bytes that came before the connection broke; ``act`` is done after the first of them."""
    received = 0
    plain = {**headers, "accept-encoding": "identity"}
    try:
        with httpx.stream("GET", f"{node}{path}", headers=plain) as answer:
            assert answer.status_code == 200
            for piece in answer.iter_raw(4096):
                if not received:
                    act()
                received += len(piece)
    except httpx.RemoteProtocolError:
        return received
    raise AssertionError(f"{path} came whole: {received} bytes")


@pytest.mark.parametrize("suffix", ["csv", "json", "ndjson", "parquet"])
def test_revoking_bites_while_the_table_streams(node, long_table, suffix, monkeypatch, caplog):
    monkeypatch.setattr(streaming, "ASK_AGAIN_SECONDS", 0.0)
    someone = support.reader()
    columns = ["code", "text"] if suffix == "parquet" else None
    given = support.grant(long_table, someone.actor.person, columns=columns)
    headers = {"authorization": f"Bearer {someone.key}"}

    def revoke() -> None:
        Grant.objects.filter(pk=given.pk).update(
            revoked_at=given.created_at, revoked_reason="用途不符"
        )

    assert read_until_broken_off(node, f"/data/long.{suffix}", headers, revoke) > 0
    assert "grant-revoked" in caplog.text
    refused = httpx.get(f"{node}/data/long.{suffix}", headers=headers)
    assert refused.json()["name"] == "grant-revoked"


def test_revoking_while_the_file_is_made_lets_no_byte_out(node, long_table, monkeypatch):
    monkeypatch.setattr(streaming, "ASK_AGAIN_SECONDS", 0.0)
    someone = support.reader()
    given = support.grant(long_table, someone.actor.person, columns=["code"])
    made = parquet.chunks

    def revoked_meanwhile(*args: Any) -> Any:
        pieces = made(*args)
        piece = next(pieces)
        Grant.objects.filter(pk=given.pk).update(
            revoked_at=given.created_at, revoked_reason="用途不符"
        )
        yield piece
        yield from pieces

    monkeypatch.setattr(parquet, "chunks", revoked_meanwhile)
    headers = {"authorization": f"Bearer {someone.key}"}
    refused = httpx.get(f"{node}/data/long.parquet", headers=headers)
    assert (refused.status_code, refused.json()["name"]) == (403, "grant-revoked")


def test_a_narrowed_grant_breaks_a_stream_off_too(node, long_table, monkeypatch, caplog):
    monkeypatch.setattr(streaming, "ASK_AGAIN_SECONDS", 0.0)
    given = support.grant(long_table)
    narrow = Grant.objects.filter(pk=given.pk)
    read_until_broken_off(node, "/data/long.csv", {}, lambda: narrow.update(columns=["code"]))
    assert "grant-changed" in caplog.text


def test_the_first_byte_does_not_wait_for_the_table(node, long_table):
    support.grant(long_table)
    with httpx.Client(base_url=node) as client:
        client.get("/data/long.csv", headers={"range": "bytes=0-0"})
        begun = time.perf_counter()
        with client.stream("GET", "/data/long.csv") as answer:
            waited, size = 0.0, 0
            for piece in answer.iter_raw():
                waited = waited or time.perf_counter() - begun
                size += len(piece)
            whole = time.perf_counter() - begun
    assert size > 10_000_000
    assert waited < whole / 2


def test_a_client_that_leaves_ends_the_work(node, long_table):
    support.grant(long_table)
    from wushu.dataplane.asgi import application

    with httpx.Client(base_url=node) as client, client.stream("GET", "/data/long.csv") as answer:
        next(answer.iter_raw(1024))
    until = time.monotonic() + 10
    while application.plane.open_streams and time.monotonic() < until:
        httpx.get(f"{node}/data/none.csv")
    assert application.plane.open_streams == 0


def test_there_are_only_so_many_downloads_at_once(client, public, settings):
    settings.DOWNLOADS_MAX = 0
    answer = client.get("/data/streets.csv")
    assert answer.status_code == 503
    assert answer.json()["name"] == "downloads-waiting"


def test_a_download_that_finds_no_place_leaves_no_receipt(client, node, settings):
    someone = support.reader()
    support.grant(support.publish(), someone.actor.person)
    key = {"authorization": someone.key}
    settings.DOWNLOADS_MAX = 0
    for suffix in ("csv", "parquet"):
        assert client.get(f"/data/streets.{suffix}", headers=key).status_code == 503
    assert not Receipt.objects.exists()
    settings.DOWNLOADS_MAX = 2
    for suffix in ("csv", "parquet"):
        assert client.get(f"/data/streets.{suffix}", headers=key).status_code == 200
    assert Receipt.objects.count() == 2


@pytest.mark.parametrize("query", ["version=1&version=1", "bom=on&bom=off"])
def test_a_parameter_given_twice_is_refused(client, public, query):
    answer = client.get(f"/data/streets.csv?{query}")
    assert (answer.status_code, answer.json()["name"]) == (400, "parameter-not-understood")


def test_pandas_reads_every_format_from_its_address(node, public):
    codes = [row["code"] for row in public.json]
    for frame in (
        pd.read_csv(f"{node}/data/streets.csv", dtype={"code": str}),
        pd.read_json(f"{node}/data/streets.json", dtype={"code": str}),
        pd.read_json(f"{node}/data/streets.ndjson", lines=True, dtype={"code": str}),
        pd.read_parquet(f"{node}/data/streets.parquet"),
    ):
        assert list(frame["code"]) == codes

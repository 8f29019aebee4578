"""What one reader can hold of a node, on a running one: places, bytes, time; others are answered."""

from __future__ import annotations

import base64
import random
import socket
import threading
import time
from urllib.parse import urlsplit

import httpx
import pytest
from django.utils import timezone

from tests.dataplane.query import support
from tests.evidence.conftest import initialise
from tests.support.waiting import waited
from wushu.catalog.types import FieldSpec
from wushu.dataplane import access
from wushu.dataplane.asgi import application
from wushu.dataplane.models import Receipt
from wushu.dataplane.query import downloads, pages, pieces, plane, receipts, rows, streaming
from wushu.dataplane.query.database import DjangoDatabase
from wushu.dataplane.query.formats import of_version
from wushu.dataplane.query.types import Format
from wushu.dataplane.query.versions import version_of
from wushu.parties import selectors
from wushu.parties import services as parties
from wushu.parties.rules import (
    API_KEY_PREFIX_LENGTH,
    API_KEY_SECRET_LENGTH,
    looks_like_api_key,
)

pytestmark = (
    pytest.mark.once
)  # files and streams: the grants behind them are asked on both databases

ROWS = "/api/v1/datasets/streets/rows"
CKAN = "/api/3/action/datastore_search"


def noise(count: int, length: int = 240):
    dice = random.Random(1)
    return [(f"{n:08d}", base64.b85encode(dice.randbytes(length)).decode()) for n in range(count)]


# Downloads


@pytest.fixture
def long_table(node):
    fields = (FieldSpec("code"), FieldSpec("text"))
    dataset = support.publish("long", fields=fields, rows=noise(60_000))
    support.grant(dataset)
    return dataset


def taking_nothing(node: str, path: str) -> socket.socket:
    """A client that asks and reads nothing of the answer."""
    one = socket.socket()
    one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
    one.settimeout(30)
    one.connect((urlsplit(node).hostname, urlsplit(node).port))
    one.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
    return one


def test_clients_that_take_nothing_give_their_places_back(
    node, public, long_table, settings, monkeypatch, caplog
):
    settings.DOWNLOADS_PER_READER = settings.DOWNLOADS_MAX = 4
    monkeypatch.setattr(streaming, "IDLE_SECONDS", 0.3)
    idle = [taking_nothing(node, f"/data/long.{form}") for form in ("csv", "json", "ndjson")]
    idle.append(taking_nothing(node, "/data/long.parquet"))
    try:
        assert waited(lambda: caplog.text.count("took so little") == 4)
        assert waited(lambda: application.plane.open_streams == 0)
    finally:
        for one in idle:
            one.close()
    assert httpx.get(f"{node}/data/streets.csv").status_code == 200


def test_a_client_that_takes_a_little_now_and_then_is_let_go_too(
    node, long_table, monkeypatch, caplog
):
    """No single piece waits for long; all of them together do."""
    monkeypatch.setattr(streaming, "IDLE_SECONDS", 0.5)
    monkeypatch.setattr(streaming, "SLOWEST", 100 * 1024 * 1024)
    pause = threading.Event()  # between two pieces: the client is what is slow here
    with taking_nothing(node, "/data/long.csv") as slow:
        received = 0
        while part := slow.recv(65_536):
            received += len(part)
            pause.wait(0.005)
    assert waited(lambda: "took so little" in caplog.text)
    assert received < 15_000_000


def test_one_reader_has_only_some_of_the_places(node, public, long_table, settings):
    settings.DOWNLOADS_PER_READER = 2
    someone = support.reader()
    idle = [taking_nothing(node, "/data/long.ndjson") for _ in range(2)]
    try:
        assert waited(lambda: application.plane.open_streams == 2)
        refused = httpx.get(f"{node}/data/streets.csv")
        assert (refused.status_code, refused.json()["name"]) == (429, "too-many-downloads")
        headers = {"authorization": f"Bearer {someone.key}"}
        assert httpx.get(f"{node}/data/streets.csv", headers=headers).status_code == 200
    finally:
        for one in idle:
            one.close()
    assert waited(lambda: application.plane.open_streams == 0)
    assert application.plane.streams == {}


def test_no_piece_of_a_download_is_larger_than_a_client_must_take(node):
    initialise()  # Turtle names rows below the node's identifiers
    fields = (FieldSpec("code"), FieldSpec("text"), FieldSpec("geometry"))  # GeoJSON wants one
    rows = [(*row, "POINT (120.5 31.25)") for row in noise(300, 40_000)]
    support.grant(support.publish("fat", fields=fields, rows=rows))
    found = access.decide(DjangoDatabase(), "fat", None, timezone.now())
    version = version_of(found)
    table = of_version("fat", version, version.names)
    for form in Format:
        asked = downloads.Asked(form, None, None, guard=True, bom=False)
        made = list(downloads.chunks(table, asked))
        assert max(map(len, made)) <= pieces.CHUNK, form
        assert sum(map(len, made)) > 10_000_000, form


@pytest.mark.parametrize("digits", [20, 5_000])
def test_a_range_of_endless_digits_is_no_range(client, public, digits):
    answer = client.get("/data/streets.parquet", headers={"range": f"bytes={'9' * digits}-"})
    assert answer.status_code == 200


# Pages


@pytest.fixture
def wide(node):
    fields = (FieldSpec("code"), FieldSpec("text"))
    dataset = support.publish("wide", fields=fields, rows=noise(300, 40_000))
    support.grant(dataset)
    return dataset


@pytest.mark.parametrize("more", ["", "&select=text,code", "&format=csv", "&sort=text,code"])
def test_a_page_of_long_rows_ends_early_and_goes_on_by_cursor(client, wide, more, monkeypatch):
    monkeypatch.setattr(rows, "PAGE_BYTES", 1_000_000)
    path, texts, cut = f"/api/v1/datasets/wide/rows?limit=1000{more}", [], 0
    while path:
        answer = client.get(path)
        assert len(answer.content) < 1_200_000
        cut += rows.BYTES_CUT in answer.headers.get("wushu-ceilings", "")
        if "csv" in more:
            texts += answer.text.splitlines()[1:]
        else:
            assert (rows.BYTES_CUT in answer.json()["ceilings"]) == bool(answer.json()["next"])
            texts += answer.json()["rows"]
        path = answer.links.get("next", {}).get("url")
    assert len(texts) == 300
    assert cut > 10


def test_a_row_longer_than_a_page_comes_alone(client, wide, monkeypatch):
    monkeypatch.setattr(rows, "PAGE_BYTES", 1_000)
    assert len(client.get("/api/v1/datasets/wide/rows").json()["rows"]) == 1


def test_a_cut_page_of_ckan_says_so_and_goes_on_where_it_ended(client, wide, monkeypatch):
    monkeypatch.setattr(rows, "PAGE_BYTES", 1_000_000)
    first = client.get(CKAN, params={"resource_id": "wide", "limit": 300}).json()["result"]
    assert first["records_truncated"] is True
    second = client.get(first["_links"]["next"]).json()["result"]
    assert second["records"][0]["_id"] == first["records"][-1]["_id"] + 1
    few = client.get(CKAN, params={"resource_id": "wide", "limit": 3}).json()["result"]
    assert few["records_truncated"] is False


def test_large_pages_do_not_keep_small_ones_waiting(node, public, wide):
    """Compressing megabytes on the event loop stops everybody."""
    url = f"{node}/api/v1/datasets/wide/rows?limit=1000&select=text"
    busy = [threading.Thread(target=httpx.get, args=(url,)) for _ in range(4)]
    for one in busy:
        one.start()
    slowest = 0.0
    with httpx.Client() as client:
        while any(one.is_alive() for one in busy):
            begun = time.perf_counter()
            assert client.get(f"{node}{ROWS}?limit=1").status_code == 200
            slowest = max(slowest, time.perf_counter() - begun)
    assert slowest < 2


def test_long_questions_are_not_kept(client, public):
    rows._asked.cache_clear()
    for n in range(20):
        client.get(f"{ROWS}?limit=1&filter=note:eq:{n}{'x' * 2_000}")
        client.get(f"{ROWS}?limit=1", headers={"accept": f"text/{n}{'x' * 2_000}"})
    assert rows._asked.cache_info().currsize <= 1


# Scans


def test_one_reader_cannot_fill_the_queue_of_scans(node, public, monkeypatch):
    """Others are answered while somebody's slow questions wait."""
    go = threading.Event()
    scan = pages.scan

    def slow(*args, **kwargs):
        go.wait(20)
        return scan(*args, **kwargs)

    monkeypatch.setattr(pages, "scan", slow)
    someone = support.reader()
    question = {"resource_id": "streets", "q": "备注", "limit": "1"}
    statuses: list[int] = []

    def ask(headers=None) -> None:
        answer = httpx.get(f"{node}{CKAN}", params=question, headers=headers, timeout=60)
        statuses.append(answer.status_code)

    asking = [threading.Thread(target=ask) for _ in range(34)]
    for one in asking:
        one.start()
    assert waited(lambda: len(statuses) == 30)
    assert set(statuses) == {429}
    refused = httpx.get(f"{node}{CKAN}", params=question)
    assert refused.json()["error"]["name"] == "too-many-scans"
    other = threading.Thread(target=ask, args=({"authorization": f"Bearer {someone.key}"},))
    other.start()
    go.set()
    for one in (*asking, other):
        one.join()
    assert statuses.count(200) == 5


# Keys and rates


def key_like(n: int) -> str:
    """Looks like a key, and is none."""
    made = f"wsk_{n:0{API_KEY_PREFIX_LENGTH}d}_{'x' * API_KEY_SECRET_LENGTH}"
    assert looks_like_api_key(made)
    return made


def test_bad_keys_count_whatever_else_is_wrong(client, public, settings):
    settings.RATE_LIMIT_PER_MINUTE = 400
    for made in (lambda n: f"x{n}", key_like):
        application.plane.forget()
        statuses = [
            client.get(f"{ROWS}?bogus=1", headers={"authorization": made(n)}).status_code
            for n in range(200)
        ]
        assert statuses[-1] == 429


def test_good_keys_pass_beside_bad_ones_from_the_same_address(client, public, settings):
    settings.RATE_LIMIT_PER_MINUTE = 6_000
    someone = support.reader()
    bad = [
        client.get(ROWS, headers={"authorization": f"Bearer {n}"}).status_code
        for n in range(plane.BAD_KEYS_PER_MINUTE)
    ]
    assert bad[-1] == 429
    good = {"authorization": f"Bearer {someone.key}"}
    assert client.get(ROWS, headers=good).status_code == 200


def test_a_key_taken_back_is_refused_at_once(client, public, settings):
    settings.RATE_LIMIT_PER_MINUTE = 6_000
    someone = support.reader()
    good = {"authorization": f"Bearer {someone.key}"}
    assert client.get(ROWS, headers=good).status_code == 200
    (key,) = selectors.api_keys(actor=someone.actor)
    parties.api_key_revoke(actor=someone.actor, key=key.id)
    refused = client.get(ROWS, headers=good)
    assert (refused.status_code, refused.json()["name"]) == (401, "api-key-revoked")


def test_what_is_remembered_of_keys_does_not_grow_with_them(client, public, settings):
    settings.RATE_LIMIT_PER_MINUTE = 60_000
    for n in range(100):
        client.get(ROWS, headers={"authorization": f"{n}{'x' * 20_000}"})
    remembered = application.plane._rate()._buckets
    assert len(remembered) <= 1
    assert all(len(one) < 100 for one in remembered)


def test_the_addresses_of_one_subscriber_are_one(settings):
    settings.RATE_LIMIT_PER_MINUTE = 8
    statuses = [application.plane.over_the_rate(f"2001:db8::{n:x}") is None for n in range(4)]
    assert statuses == [True, True, False, False]
    assert application.plane.over_the_rate("2001:db8:0:1::1") is None


# Receipts


@pytest.fixture
def held(node):
    """Rows under somebody's grant, and the headers with which they read them."""
    dataset = support.publish()
    someone = support.reader()
    support.grant(dataset, someone.actor.person)
    return {"authorization": f"Bearer {someone.key}"}


def test_asking_for_the_length_of_an_answer_leaves_its_receipt(client, held):
    for path in (f"{ROWS}?filter=level:eq:1", f"{CKAN}?resource_id=streets&q=1"):
        before = Receipt.objects.count()
        assert client.head(path, headers=held).status_code == 200
        assert Receipt.objects.count() == before + 1


def test_a_receipt_tells_the_whole_question(client, held):
    padding = f"filter=note:ne:{'x' * 2_500}"
    assert client.get(f"{ROWS}?{padding}&filter=level:eq:1", headers=held).status_code == 200
    assert Receipt.objects.get().query.endswith("&filter=level:eq:1")


def test_a_question_too_long_for_a_receipt_is_refused(client, held):
    padding = f"filter=note:ne:{'x' * receipts.MAX_QUERY}"
    refused = client.get(f"{ROWS}?{padding}", headers=held)
    assert (refused.status_code, refused.json()["name"]) == (413, "query-too-long")
    assert not Receipt.objects.exists()

"""The published log over HTTP, as C2SP tlog-tiles and our own API have it."""

from __future__ import annotations

import base64
import gzip
import json

import pytest
from django.db import transaction
from django.test import Client

from tests.evidence.conftest import mention
from wushu.evidence import selectors, services
from wushu.evidence.models import Detail, Entry
from wushu.evidence.rules import merkle, notes, tiles
from wushu.evidence.rules.notes import VerifierKey
from wushu.evidence.rules.tiles import Tile
from wushu.evidence.store import Store
from wushu.evidence.types import NodeView

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(node: NodeView) -> Client:
    """A client of a node whose log has 301 entries."""
    mention(40)
    services.sequence()
    mention(260)
    services.sequence()
    return Client()


def test_the_checkpoint_is_text_that_no_cache_keeps(client: Client, node: NodeView) -> None:
    response = client.get("/evidence/checkpoint")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response["Cache-Control"] == "no-cache"
    key = VerifierKey.parse(client.get("/evidence/key").content.decode())
    assert str(key) == node.verifier_key
    assert notes.open_checkpoint(response.content, key).size == 301


@pytest.mark.parametrize("path", ["tile/0/000", "tile/0/001.p/45", "tile/1/000.p/1"])
def test_a_tile_is_bytes_for_ever(client: Client, path: str) -> None:
    response = client.get(f"/evidence/{path}")
    assert response.content == Store.of_node().read(tiles.parse_path(path))
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "Content-Encoding" not in response


def test_a_partial_tile_of_an_earlier_checkpoint_is_still_served(client: Client) -> None:
    assert not Store.of_node().path(Tile(0, 0, 41)).exists()
    whole = client.get("/evidence/tile/0/000").content
    assert client.get("/evidence/tile/0/000.p/41").content == whole[: 41 * 32]
    bundle = tiles.split_entries(client.get("/evidence/tile/entries/000").content)
    part = tiles.split_entries(client.get("/evidence/tile/entries/000.p/41").content)
    assert part == bundle[:41]


@pytest.mark.parametrize(
    "path",
    [
        "tile/0/001", "tile/0/001.p/46", "tile/0/002.p/1", "tile/1/000", "tile/2/000.p/1",
        "tile/entries/002", "tile/0/1", "tile/0/../../checkpoint", "tile/entries/000.p/0",
        "tile/0/000.p/256", "tile//000", "detail/" + "0" * 64, "detail/..", "tile/0/x001/000",
    ],
)  # fmt: skip
def test_what_is_not_in_the_tree_is_not_found(client: Client, path: str) -> None:
    response = client.get(f"/evidence/{path}")
    assert response.status_code == 404
    assert "immutable" not in response["Cache-Control"]


def test_bundles_come_compressed_to_who_asks_for_it(client: Client) -> None:
    plain = client.get("/evidence/tile/entries/000")
    packed = client.get("/evidence/tile/entries/000", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in plain
    assert packed["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed["Vary"]
    assert gzip.decompress(packed.content) == plain.content
    entries = tiles.split_entries(plain.content)
    hashes = tiles.split_hashes(client.get("/evidence/tile/0/000").content)
    assert [merkle.leaf_hash(entry) for entry in entries] == hashes


def test_a_detail_is_served_by_its_hash(client: Client) -> None:
    with transaction.atomic():
        services.record("a.b.c", actor="urn:a", subject="urn:b", data={"n": "x" * 70_000}, rows=[])
    services.sequence()
    detail = Detail.objects.get()
    response = client.get(f"/evidence/detail/{detail.sha256}")
    assert response.content == bytes(detail.body)
    assert "immutable" in response["Cache-Control"]


def test_only_reading_is_allowed(client: Client) -> None:
    for path in ("checkpoint", "key", "tile/0/000", "entries/1.tlog-proof"):
        assert client.head(f"/evidence/{path}").status_code == 200
        assert client.post(f"/evidence/{path}").status_code == 405
    assert client.post("/api/v1/evidence/entries/1").status_code == 405


def test_an_entry_comes_with_a_proof_under_the_checkpoint(client: Client) -> None:
    answer = client.get("/api/v1/evidence/entries/7").json()
    leaf = base64.b64decode(answer["leaf"])
    assert json.loads(leaf) == answer["entry"]
    checkpoint = notes.parse_checkpoint(answer["checkpoint"].rpartition("\n\n")[0] + "\n")
    assert base64.b64decode(answer["proof"]["root"]) == checkpoint.root
    merkle.verify_inclusion(
        index=7,
        size=checkpoint.size,
        leaf=merkle.leaf_hash(leaf),
        proof=[base64.b64decode(h) for h in answer["proof"]["hashes"]],
        root=checkpoint.root,
    )


def test_proof_and_checkpoint_are_of_one_tree_while_the_log_grows(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    size_of = selectors.published_size

    def size_before_it_grows() -> int:
        size = size_of()
        mention(1)
        services.sequence()
        return size

    monkeypatch.setattr(selectors, "published_size", size_before_it_grows)
    answer = client.get("/api/v1/evidence/entries/7").json()
    checkpoint = notes.parse_checkpoint(answer["checkpoint"].rpartition("\n\n")[0] + "\n")
    assert answer["proof"]["size"] == checkpoint.size
    assert base64.b64decode(answer["proof"]["root"]) == checkpoint.root


@pytest.mark.parametrize("start", ["first", "tile", "entry"])
def test_numbers_of_thousands_of_digits_are_no_error_of_the_server(
    client: Client, start: str
) -> None:
    paths = {
        "first": [f"/api/v1/evidence/proof?{name}=" + "0" * 5000 for name in ("index", "first")]
        + ["/api/v1/evidence/proof?index=1&size=" + "0" * 5000],
        "tile": ["/evidence/tile/0/" + "x001/" * 1500 + "001", f"/evidence/tile/{'1' * 5000}/000",
                 f"/evidence/tile/0/000.p/{'1' * 5000}"],
        "entry": [f"/evidence/entries/{'1' * 5000}.tlog-proof",
                  f"/api/v1/evidence/entries/{'1' * 5000}"],
    }  # fmt: skip
    for path in paths[start]:
        assert client.get(path).status_code == (422 if start == "first" else 404)


@pytest.mark.parametrize(
    ("query", "status", "name"),
    [
        ("index=7&size=100", 200, ""), ("index=7", 200, ""), ("first=41", 200, ""),
        ("first=41&second=256", 200, ""), ("first=301&second=301", 200, ""),
        ("index=301", 422, "proof-out-of-range"), ("index=5&size=5", 422, "proof-out-of-range"),
        ("first=0", 422, "proof-out-of-range"), ("first=5&second=4", 422, "proof-out-of-range"),
        ("first=5&second=302", 422, "proof-out-of-range"), ("", 422, "invalid-value"),
        ("index=-1", 422, "invalid-value"), ("index=x", 422, "invalid-value"),
        ("index=" + "9" * 60, 422, "invalid-value"), ("first=٣", 422, "invalid-value"),
    ],
)  # fmt: skip
def test_a_proof_is_given_or_refused_by_name(
    client: Client, query: str, status: int, name: str
) -> None:
    response = client.get(f"/api/v1/evidence/proof?{query}")
    assert response.status_code == status
    if name:
        assert response["Content-Type"] == "application/problem+json"
        assert response.json()["name"] == name


def test_an_entry_that_is_not_published_is_refused_by_name(client: Client) -> None:
    for index in (301, 10**30):
        response = client.get(f"/api/v1/evidence/entries/{index}")
        assert (response.status_code, response.json()["name"]) == (404, "entry-not-published")
        assert client.get(f"/evidence/entries/{index}.tlog-proof").status_code == 404


def test_an_entry_that_was_made_unreadable_is_refused_by_name(client: Client) -> None:
    Entry.objects.filter(index=7).update(leaf=b"[]")
    response = client.get("/api/v1/evidence/entries/7")
    assert (response.status_code, response.json()["name"]) == (503, "database-diverged")


def test_a_proof_can_be_taken_home(client: Client) -> None:
    response = client.get("/evidence/entries/7.tlog-proof")
    assert 'filename="7.tlog-proof"' in response["Content-Disposition"]
    head, _, note = response.content.decode().partition("\n\n")
    assert head.startswith("c2sp.org/tlog-proof@v1\nindex 7\n")
    assert note == selectors.checkpoint()


def test_before_initialisation_there_is_nothing(node_home: None) -> None:
    for path in ("checkpoint", "key", "tile/0/000", "entries/0.tlog-proof"):
        assert Client().get(f"/evidence/{path}").status_code in (404, 503, 409)
    assert Client().get("/api/v1/evidence/entries/0").status_code == 409

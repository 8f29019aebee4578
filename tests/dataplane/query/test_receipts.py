"""Receipts: durable before the first byte, sealed in batches, every change found."""

from __future__ import annotations

import hashlib
import json

import pytest

from tests.dataplane.query import support
from tests.evidence.conftest import initialise
from wushu.dataplane.models import Receipt
from wushu.dataplane.query import receipts
from wushu.dataplane.query.types import Access, Surface
from wushu.evidence.models import Entry
from wushu.evidence.services import sequence


@pytest.fixture
def given(db, node_home):
    initialise()
    dataset = support.publish()
    someone = support.reader()
    grant = support.grant(dataset, someone.actor.person)
    return Access(
        dataset=dataset.id, slug="streets", title="", version=dataset.version.pk, number=1,
        manifest_sha256=dataset.version.manifest_sha256, grant=grant.pk, public=False, columns=None,
        row_filter=(), actor=someone.actor.urn,
    )  # fmt: skip


def write(given: Access, count: int) -> None:
    for n in range(count):
        receipts.receipt_write(given, surface=Surface.ROWS, columns=["code"], query=f"q{n}", rows=1)


def seal() -> int:
    """Seal, and let the sequencer give the entry its place."""
    sealed = receipts.receipts_seal()
    sequence()
    return sealed


def test_nothing_new_makes_no_entry(given):
    before = Entry.objects.count()
    assert receipts.receipts_seal() == 0
    assert Entry.objects.count() == before


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 8, 13])
def test_one_entry_carries_the_merkle_root_of_the_new_ones(given, count):
    write(given, count)
    assert receipts.receipts_seal() == count
    entry = Entry.objects.get(act="dataplane.receipts.sealed")
    said = json.loads(bytes(entry.leaf))["data"]
    sealed = list(Receipt.objects.filter(batch=1).order_by("at", "id"))
    assert said == {
        "batch": 1,
        "count": count,
        "root": merkle([receipts.leaf(r) for r in sealed]).hex(),
    }
    assert receipts.receipts_seal() == 0


def merkle(leaves: list[bytes]) -> bytes:
    """RFC 6962, 2.1, word for word."""
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return hashlib.sha256(b"\x01" + merkle(leaves[:k]) + merkle(leaves[k:])).digest()


def test_nothing_of_the_reader_enters_the_log(given):
    write(given, 2)
    receipts.receipts_seal()
    leaf = bytes(Entry.objects.get(act="dataplane.receipts.sealed").leaf).decode()
    assert given.actor not in leaf
    assert str(given.grant) not in leaf
    assert "code" not in json.loads(leaf)["data"]


def test_a_sealed_batch_that_was_not_touched_has_no_fault(given):
    write(given, 3)
    seal()
    write(given, 2)
    assert list(receipts.receipt_faults()) == []


@pytest.mark.parametrize(
    "change",
    [
        {"actor": "urn:uuid:somebody-else"},
        {"query": "other"},
        {"columns": ["code", "name"]},
        {"surface": "page"},
        {"batch": None},
        {"batch": 7},
    ],
)
def test_a_changed_receipt_is_named_by_its_batch(given, change):
    write(given, 3)
    seal()
    Receipt.objects.filter(query="q1").update(**change)
    faults = list(receipts.receipt_faults())
    assert faults
    assert any("batch 1" in fault.en and "第 1 批" in fault.zh for fault in faults)


def test_a_removed_and_an_added_receipt_are_found(given):
    write(given, 3)
    seal()
    Receipt.objects.filter(query="q1").delete()
    assert list(receipts.receipt_faults())
    write(given, 1)
    Receipt.objects.filter(batch=None).update(batch=1)
    assert list(receipts.receipt_faults())


def test_a_batch_that_the_log_does_not_know_is_found(given):
    write(given, 1)
    Receipt.objects.update(batch=1)
    assert any("batch 1" in fault.en for fault in receipts.receipt_faults())

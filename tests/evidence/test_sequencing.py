"""Acts get their place, the tree grows, what does not extend the published log is refused."""

from __future__ import annotations

import shutil
import time
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction

from tests.evidence.conftest import initialise, mention, register
from wushu.evidence import selectors, sequencing, services, signers
from wushu.evidence.locks import sequencer_lock
from wushu.evidence.models import Checkpoint, Entry, Node, RowSalt
from wushu.evidence.rules import merkle, notes, tiles
from wushu.evidence.rules.notes import VerifierKey
from wushu.evidence.store import Store
from wushu.evidence.types import NodeView, SequenceResult
from wushu.kernel.errors import Refusal

pytestmark = pytest.mark.django_db


def refused(name: str) -> None:
    with pytest.raises(Refusal) as caught:
        services.sequence()
    assert caught.value.name == name


def published() -> notes.Checkpoint:
    key = VerifierKey.parse(selectors.node().verifier_key)
    return notes.open_checkpoint(selectors.checkpoint().encode(), key)


def test_a_burst_is_placed_without_joining_each_act_with_each(node: NodeView) -> None:
    """Before the database has counted them: it planned by what it knew of an empty table."""
    plans: list[str] = []
    explain = "EXPLAIN" if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN"

    def explained(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.lstrip().startswith("UPDATE evidence_entry"):
            execute(f"{explain} {sql}", params, many, context)
            plans.append(str(context["cursor"].fetchall()))
        return execute(sql, params, many, context)

    register()
    with connection.execute_wrapper(explained):
        services.sequence()
    [plan] = plans
    if connection.vendor == "postgresql":
        assert "Nested Loop" not in plan
    else:
        assert "USING INTEGER PRIMARY KEY" in plan


def test_initialisation_publishes_the_first_entry(node: NodeView) -> None:
    assert published().size == 1
    entry = selectors.entry(0)
    assert entry.act == "evidence.node.initialised"
    assert entry.document["data"]["verifier_key"] == node.verifier_key
    assert (Path(settings.SECRETS_DIR) / "log.key").stat().st_mode & 0o777 == 0o600


def test_a_node_is_initialised_once(node: NodeView) -> None:
    with pytest.raises(Refusal, match="node-already-initialised"):
        initialise()
    assert selectors.node() == node


def test_a_node_begins_with_its_initialisation(node_home: Path) -> None:
    register()
    with pytest.raises(Refusal, match="acts-before-initialisation"):
        initialise()


def test_an_interrupted_initialisation_is_repeated(node: NodeView) -> None:
    """Key and empty checkpoint are on disk, the database knows nothing yet."""
    Store.of_node().checkpoint_path.unlink()
    shutil.rmtree(settings.EVIDENCE_DIR)
    Checkpoint.objects.all().delete()
    Entry.objects.all().delete()
    Node.objects.all().delete()
    assert initialise().verifier_key == node.verifier_key


def test_a_lost_database_cannot_start_over_on_a_published_log(node: NodeView) -> None:
    Checkpoint.objects.all().delete()
    Entry.objects.all().delete()
    Node.objects.all().delete()
    with pytest.raises(Refusal, match="database-behind"):
        initialise()


def test_nothing_is_sequenced_before_initialisation(node_home: Path) -> None:
    refused("node-not-initialised")


@pytest.mark.parametrize("counts", [[1], [3, 5], [254, 1, 1], [255], [300, 300], [600]])
def test_every_act_is_in_the_tree_once_and_in_order(node: NodeView, counts: list[int]) -> None:
    for count in counts:
        mention(count)
        assert services.sequence().added == count
    size = 1 + sum(counts)
    assert published().size == size
    leaves = [bytes(e.leaf) for e in Entry.objects.order_by("index")]
    assert list(Entry.objects.order_by("index").values_list("index", flat=True)) == list(
        range(size)
    )
    assert [e.pk for e in Entry.objects.order_by("index")] == sorted(
        Entry.objects.values_list("pk", flat=True)
    )
    builder = tiles.Builder()
    for leaf in leaves:
        builder.push(merkle.leaf_hash(leaf))
    assert builder.root() == published().root
    store = Store.of_node()
    kept = [
        entry
        for number in range((size + 255) // 256)
        for entry in store.entries(number, tiles.width_in(tiles.ENTRIES, number, size))
    ]
    assert kept == leaves


def test_every_checkpoint_is_consistent_with_the_last(node: NodeView) -> None:
    for _ in range(5):
        register(3)
        services.sequence()
    last = published()
    sizes = list(Checkpoint.objects.order_by("size").values_list("size", flat=True))
    assert sizes == [1, 4, 7, 10, 13, 16]
    for size in sizes:
        proof = selectors.consistency_proof(size)
        merkle.verify_consistency(
            first=size,
            second=last.size,
            first_root=proof.first_root,
            second_root=last.root,
            proof=proof.hashes,
        )


def test_the_sequencer_with_nothing_to_do_changes_nothing(node: NodeView) -> None:
    before = selectors.checkpoint()
    assert services.sequence().added == 0
    assert selectors.checkpoint() == before


def test_partial_tiles_go_when_the_full_one_is_there(node: NodeView) -> None:
    mention(10)
    services.sequence()
    store = Store.of_node()
    assert [t.width for t in store.variants(0, 0)] == [11, 1]
    mention(300)
    services.sequence()
    assert [t.width for t in store.variants(0, 0)] == [256]
    assert [t.width for t in store.variants(tiles.ENTRIES, 0)] == [256]
    assert store.read(tiles.Tile(0, 0, 11)) == store.read(tiles.Tile(0, 0))[: 11 * 32]
    assert selectors.consistency_proof(11).first == 11


def test_acts_that_roll_back_leave_no_entry(node: NodeView) -> None:
    with transaction.atomic():
        register()
        transaction.set_rollback(True)
    assert services.sequence().size == 1


def restore_backup(size: int) -> None:
    """Leave the database as it was when the log had ``size`` entries."""
    RowSalt.objects.filter(entry__index__gte=size).delete()
    Entry.objects.filter(index__gte=size).delete()
    Checkpoint.objects.filter(size__gt=size).delete()


def test_a_restored_database_is_refused_a_fork(node: NodeView) -> None:
    register(5)
    services.sequence()
    restore_backup(1)
    register(7)
    before = selectors.checkpoint()
    refused("database-behind")
    assert selectors.checkpoint() == before
    assert selectors.unsequenced_count() == 7


def test_a_missing_checkpoint_stops_the_sequencer(node: NodeView) -> None:
    Store.of_node().checkpoint_path.unlink()
    refused("checkpoint-missing")


def test_a_checkpoint_of_another_key_stops_the_sequencer(node: NodeView) -> None:
    path = Store.of_node().checkpoint_path
    note = path.read_text()
    path.write_text(note.replace("\n1\n", "\n2\n"))
    refused("checkpoint-invalid")


def test_an_older_checkpoint_is_carried_on_from_the_database(node: NodeView) -> None:
    """A crash between keeping a checkpoint and publishing it leaves exactly this."""
    store = Store.of_node()
    older = store.checkpoint_path.read_text()
    register(3)
    services.sequence()
    newer = store.checkpoint_path.read_text()
    store.publish(older)
    register(2)
    assert services.sequence().size == 6
    assert Checkpoint.objects.get(size=4).note == newer


def test_tiles_that_do_not_give_the_published_root_stop_the_sequencer(node: NodeView) -> None:
    register(3)
    services.sequence()
    store = Store.of_node()
    for tile in store.variants(0, 0):
        store.path(tile).unlink()
    register()
    refused("tiles-disagree")


def test_a_gap_in_the_entries_stops_the_sequencer(node: NodeView) -> None:
    register(3)
    services.sequence()
    register(3)
    sequencing.assign_indexes()
    RowSalt.objects.filter(entry__index=5).delete()
    Entry.objects.filter(index=5).delete()
    refused("entries-missing")


def test_a_checkpoint_row_that_is_not_the_published_one_stops_the_sequencer(node: NodeView) -> None:
    Checkpoint.objects.update(root="A" * 43 + "=")
    register()
    refused("database-diverged")


def test_without_its_key_the_node_signs_nothing(node: NodeView) -> None:
    path = signers.key_path()
    key = path.read_bytes()
    path.unlink()
    register()
    refused("log-key-missing")
    signers.load_or_create("x")
    refused("log-key-foreign")
    path.write_bytes(b"no key")
    refused("log-key-foreign")
    path.write_bytes(key)
    assert services.sequence().size == 2


@pytest.mark.parametrize("origin", ["", "two words", "a+b", "a\nb", "城" * 100])
def test_an_origin_that_no_note_can_carry_is_refused(node_home: Path, origin: str) -> None:
    with pytest.raises(Refusal, match="bad-origin"):
        services.node_initialise(
            origin=origin, identifier_base="https://x.cn", region_zh="市", division="440300"
        )


@pytest.mark.parametrize(
    ("fact", "value", "name"),
    [
        ("identifier_base", "id.example.cn", "invalid-value"),
        ("identifier_base", "https://id.example.cn/?a=1", "invalid-value"),
        ("division", "44", ""), ("division", "4x", "identifier-"), ("oid_arc", "1.2.156.1", ""),
        ("oid_arc", "3.1", "identifier-part"),
    ],
)  # fmt: skip
def test_what_is_fixed_for_ever_is_looked_at_first(
    node_home: Path, fact: str, value: str, name: str
) -> None:
    facts = {
        "origin": "x.cn/log", "identifier_base": "https://x.cn", "region_zh": "市",
        "division": "440300", fact: value,
    }  # fmt: skip
    if name:
        with pytest.raises(Refusal, match=name):
            services.node_initialise(**facts)
        assert selectors.node_or_none() is None
        assert not signers.key_path().exists()
    else:
        assert getattr(services.node_initialise(**facts), fact) == value


def test_a_node_without_an_arc_of_its_own_has_that_of_its_uuid(node: NodeView) -> None:
    assert node.oid_arc == f"2.25.{node.node_uuid.int}"


@pytest.mark.django_db(transaction=True)
def test_the_sequencer_is_not_run_inside_a_transaction(node_home: Path) -> None:
    initialise()
    with transaction.atomic():
        register()
        with pytest.raises(RuntimeError, match="durable"):
            services.sequence()


def test_a_second_sequencer_leaves_the_work_to_the_first(node: NodeView) -> None:
    register(2)
    with sequencer_lock(Store.of_node().lock_path, wait=True) as held:
        assert held
        assert services.sequence(wait=False) == SequenceResult(size=1, busy=True)
    assert services.sequence(wait=False).size == 3


def test_two_thousand_acts_are_sequenced_in_under_a_second(node: NodeView) -> None:
    mention(2000)
    started = time.process_time()
    assert services.sequence().added == 2000
    assert time.process_time() - started < 1


def test_an_act_that_was_made_unreadable_before_its_place_is_refused_by_name(
    node: NodeView,
) -> None:
    leaf = b'{"data_sha256":"' + b"0" * 64 + b'"}'
    Entry.objects.filter(subject=f"urn:uuid:{register()[0].pk}").update(leaf=leaf)
    refused("entry-unreadable")

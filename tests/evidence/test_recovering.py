"""After a loss the published log goes on: nothing is forked, nothing is lost without being named."""

from __future__ import annotations

import shutil
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction

from tests.evidence.conftest import mention, register
from tests.evidence.test_sequencing import restore_backup
from wushu.evidence import selectors, services
from wushu.evidence.models import Checkpoint, Detail, Entry, RowSalt, Waiver
from wushu.evidence.rules import tiles
from wushu.evidence.store import Store
from wushu.evidence.types import Fault, NodeView
from wushu.kernel.errors import Refusal
from wushu.parties.models import Organisation
from wushu.parties.types import NODE, Actor, HeldRole, Role, Scope

pytestmark = pytest.mark.django_db
FACTS = {"actor": "urn:uuid:a", "subject": "urn:uuid:b"}
WAIVED = {"decision": "某数〔2026〕12号", "reason": "应张三的申请删除其电话"}


def faults() -> list[tuple[str, str]]:
    return [(f.kind, f.where) for f in selectors.audit()]


def recover_refused(name: str, **choices: bytes) -> None:
    with pytest.raises(Refusal) as caught:
        services.recover(**choices)
    assert caught.value.name == name


def test_a_restored_database_takes_the_lost_entries_back(node: NodeView) -> None:
    register(3)
    services.sequence()
    lost = register(2)
    services.sequence()
    leaves = list(Entry.objects.order_by("index").values_list("leaf", flat=True))
    restore_backup(4)
    Organisation.objects.filter(pk__in=[row.pk for row in lost]).delete()
    after = register()  # somebody worked on before anyone noticed
    result = services.recover()
    assert (result.imported, result.placed, result.files) == (2, 0, 0)
    placed = Entry.objects.filter(index__isnull=False).order_by("index")
    assert list(placed.values_list("leaf", flat=True)) == leaves
    assert services.sequence().size == 8  # the late act and the act that tells of the recovery
    assert Entry.objects.get(subject=f"urn:uuid:{after[0].pk}").index == 6
    assert selectors.consistency_proof(4).second == 8


def test_the_audit_names_the_rows_of_lost_acts_until_their_loss_is_accepted(node: NodeView) -> None:
    (kept,) = register(1)
    services.sequence()
    gone, changed = register(2)
    with transaction.atomic():
        changed.name_zh = "新名"
        changed.save()
        services.record("test.row.changed", **FACTS, data={}, rows=[changed])
        services.record("test.row.removed", **FACTS, data={}, rows=[], deleted=[kept])
    services.sequence()
    restore_backup(2)
    Organisation.objects.filter(pk=gone.pk).delete()
    services.recover()
    named = [("row-lost", f"parties_organisation {row.pk}") for row in (gone, changed, kept)]
    assert set(faults()) == set(named)
    services.sequence()
    said = Entry.objects.get(act="evidence.log.recovered")
    assert selectors.entry(said.index or 0).document["data"] == {"entries": [[2, 5]]}
    with transaction.atomic():  # done again: not lost any more
        services.record("test.row.changed", **FACTS, data={}, rows=[changed])
    assert set(faults()) == {named[0], named[2]}
    services.losses_accept(actor=NODE, **WAIVED)
    assert faults() == []
    with pytest.raises(Refusal, match="not-found"):
        services.losses_accept(actor=NODE, **WAIVED)


def operator(division: str, role: Role = Role.PLATFORM_OPERATOR, **changes: Any) -> Actor:
    held = HeldRole(uuid.uuid4(), role, division)
    return Actor(urn="urn:uuid:x", name="某人", account=uuid.uuid4(), roles=(held,), **changes)


@pytest.mark.parametrize(
    ("actor", "name"),
    [
        (Actor(urn="urn:uuid:x", name="某人"), "not-permitted"),
        (operator("440300", Role.DATA_AUTHORITY), "not-permitted"),
        (operator("440305"), "not-permitted"),  # a district of the node's city
        (operator("320500"), "not-permitted"),
        (operator(""), "not-permitted"),
        (operator("440300", scopes=frozenset({Scope.ROWS_READ})), "key-cannot-manage"),
        (operator("440300", scopes=frozenset(Scope)), "key-cannot-manage"),
        (operator("440300"), "not-found"),  # permitted: there is only nothing to accept
        (operator("440000"), "not-found"),
    ],
)
def test_only_an_operator_of_the_place_at_the_desk_gives_up_proofs(
    node: NodeView, actor: Actor, name: str
) -> None:
    with pytest.raises(Refusal) as caught:
        services.losses_accept(actor=actor, **WAIVED)
    assert caught.value.name == name
    with pytest.raises(Refusal) as caught:
        services.salts_destroy(actor=actor, table="t", row="1", **WAIVED)
    assert caught.value.name == ("salts-in-use" if name == "not-found" else name)
    assert not Waiver.objects.exists()


@pytest.mark.parametrize(
    ("decision", "reason", "name"),
    [
        ("因张三申请删除", "x", "decision-not-named"), ("", "x", "decision-not-named"),
        ("urn:x", "x", "decision-not-named"), ("urn:uuid:张三", "x", "decision-not-named"),
        ("某数〔2026〕012号", "x", "decision-not-named"), ("某数[2026]12号", "x", "decision-not-named"),
        ("urn:uuid:" + "1" * 100, "x", "decision-not-named"),
        ("某数〔2026〕12号\n张三", "x", "decision-not-named"),
        ("某数〔2026〕12号", " ", "waiver-without-reason"),
        ("某数〔2026〕12号", "x", "not-found"), ("（2026）苏05行终12号", "x", "not-found"),
        ("（2026）最高法行申3号", "x", "not-found"), ("urn:uuid:37cd4401-ffde-4949-ade2-242d4e701ae2", "x", "not-found"),
    ],
)  # fmt: skip
def test_a_public_act_names_a_decision_by_its_reference_alone(
    node: NodeView, decision: str, reason: str, name: str
) -> None:
    with pytest.raises(Refusal) as caught:
        services.losses_accept(actor=NODE, decision=decision, reason=reason)
    assert caught.value.name == name


def test_an_act_that_the_lost_database_had_placed_keeps_its_place(node: NodeView) -> None:
    """The backup was taken after the act and before it was sequenced."""
    rows = register(3)
    services.sequence()
    Checkpoint.objects.filter(size=4).delete()
    Entry.objects.update(index=None)
    Entry.objects.filter(act="evidence.node.initialised").update(index=0)
    late = register()
    result = services.recover()
    assert (result.imported, result.placed) == (0, 3)
    services.sequence()
    for row in [*rows, *late]:
        assert Entry.objects.filter(subject=f"urn:uuid:{row.pk}").count() == 1
    assert faults() == []


def test_a_checkpoint_that_only_the_file_has_comes_back(node: NodeView) -> None:
    register(2)
    services.sequence()
    Checkpoint.objects.filter(size=3).delete()
    with pytest.raises(Refusal, match="database-behind"):
        services.sequence()
    services.recover()
    assert services.sequence().size == 3
    assert faults() == []


@pytest.mark.parametrize("count", [5, 300])
def test_lost_tiles_are_written_again_from_the_database(node: NodeView, count: int) -> None:
    register(count)
    services.sequence()
    before = {p: p.read_bytes() for p in Store.of_node().files()}
    shutil.rmtree(settings.EVIDENCE_DIR)
    result = services.recover()
    after = {p: p.read_bytes() for p in Store.of_node().files()}
    assert result.files == len(after)
    assert after.items() <= before.items()
    assert faults() == []
    register()
    assert services.sequence().size == count + 2


def test_a_changed_tile_is_written_again(node: NodeView) -> None:
    register(300)
    services.sequence()
    store = Store.of_node()
    for tile in (tiles.Tile(0, 0), tiles.Tile(tiles.ENTRIES, 1, 45), tiles.Tile(1, 0, 1)):
        path = store.path(tile)
        data = path.read_bytes()
        path.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
        assert len(faults()) == 1
        assert services.recover().files == 1
        assert path.read_bytes() == data
    assert faults() == []


def test_a_lost_detail_comes_back_from_the_other_side(node: NodeView) -> None:
    with transaction.atomic():
        services.record("test.row.written", **FACTS, data={"n": "x" * 70_000}, rows=[])
    services.sequence()
    detail = Detail.objects.get()
    path = Store.of_node().detail_path(detail.sha256)
    body = path.read_bytes()
    Detail.objects.all().delete()
    assert services.recover().details == 1
    path.unlink()
    assert services.recover().details == 1
    path.write_bytes(b"{}")
    assert services.recover().details == 1
    assert (path.read_bytes(), bytes(Detail.objects.get().body)) == (body, body)
    path.write_bytes(b"{}")
    Detail.objects.update(body=b"{}")
    recover_refused("detail-lost")


def test_a_restored_database_takes_lost_details_back(node: NodeView) -> None:
    with transaction.atomic():
        rows = register(1)
        services.record("test.row.written", **FACTS, data={"n": "x" * 70_000}, rows=rows)
    services.sequence()
    restore_backup(1)
    Detail.objects.all().delete()
    result = services.recover()
    assert (result.imported, result.details) == (2, 1)


def test_a_lost_checkpoint_is_put_back_and_an_older_one_is_not(node: NodeView) -> None:
    store = Store.of_node()
    first = store.checkpoint_path.read_bytes()
    register(2)
    services.sequence()
    second = store.checkpoint_path.read_bytes()
    store.checkpoint_path.unlink()
    recover_refused("checkpoint-missing")
    recover_refused("checkpoint-older", checkpoint=first)
    recover_refused("checkpoint-invalid", checkpoint=second.replace(b"\n3\n", b"\n4\n"))
    assert services.recover(checkpoint=second).checkpoint
    assert store.checkpoint_path.read_bytes() == second
    assert faults() == []


def test_a_database_that_says_otherwise_is_not_recovered(node: NodeView) -> None:
    register(2)
    services.sequence()
    entry = Entry.objects.get(index=1)
    Entry.objects.filter(pk=entry.pk).update(
        leaf=bytes(entry.leaf).replace(b"urn:uuid:a", b"urn:uuid:z")
    )
    recover_refused("database-diverged")


def test_without_entries_on_either_side_nothing_is_recovered(node: NodeView) -> None:
    register(2)
    services.sequence()
    restore_backup(1)
    shutil.rmtree(Path(settings.EVIDENCE_DIR) / "tile" / "entries")
    recover_refused("nothing-to-recover-from")


def test_salts_of_old_content_are_destroyed_in_a_public_act(node: NodeView) -> None:
    row = register()[0]
    services.sequence()
    choice = {"table": "parties_organisation", "row": str(row.pk), **WAIVED}
    with pytest.raises(Refusal, match="salts-in-use"):
        services.salts_destroy(actor=NODE, **choice)
    with transaction.atomic():
        row.contact_phone = ""
        row.save()
        services.record("test.row.erased", **FACTS, data={}, rows=[row])
    services.sequence()
    services.salts_destroy(actor=NODE, **choice)
    services.sequence()
    salts = RowSalt.objects.filter(row=str(row.pk)).order_by("entry__index")
    assert [salt.salt is None for salt in salts] == [True, False]
    assert faults() == []
    (said,) = selectors.acts_said(
        f"urn:wushu:salts:parties_organisation:{row.pk}", "evidence.salts.destroyed"
    )
    assert said.data["decision"] == WAIVED["decision"]
    assert Waiver.objects.get().reason == WAIVED["reason"]
    for entry in Entry.objects.all():
        assert "张三" not in bytes(entry.leaf).decode()


def test_salts_that_nobody_said_were_destroyed_are_named(node: NodeView) -> None:
    row = register()[0]
    with transaction.atomic():
        services.record("test.row.seen", **FACTS, data={}, rows=[row])
    services.sequence()
    RowSalt.objects.filter(entry__index=1).update(salt=None)
    assert faults() == [("salt-missing", f"parties_organisation {row.pk}")]
    RowSalt.objects.filter(entry__index=2).update(salt=None)
    assert set(faults()) == {
        ("salt-missing", f"parties_organisation {row.pk}"),
        ("row-unprovable", f"parties_organisation {row.pk}"),
    }


def test_a_fault_is_said_in_two_languages(node: NodeView) -> None:
    row = register()[0]
    Organisation.objects.filter(pk=row.pk).update(name_zh="改")
    (fault,) = selectors.audit()
    assert isinstance(fault, Fault)
    assert "recorded" in fault.sentence("en")
    assert "不符" in fault.sentence("zh")


@pytest.mark.parametrize(("before", "during"), [(3, 3), (250, 20), (2, 600)])
def test_acts_sequenced_while_the_audit_runs_are_no_faults(
    node: NodeView, before: int, during: int
) -> None:
    register(before)
    services.sequence()
    told = []

    def others_work(part: str, done: int, total: int) -> None:
        told.append(part)
        mention(during)
        services.sequence()

    assert [(f.kind, f.where) for f in selectors.audit(others_work)] == []
    assert len(told) > 2


def test_a_file_changed_while_the_audit_runs_beside_a_sequencer_is_named(node: NodeView) -> None:
    register(3)
    services.sequence()

    def others_work(part: str, done: int, total: int) -> None:
        if part == "entries" and done == 0:
            mention(3)
            services.sequence()
            path = Store.of_node().path(tiles.Tile(0, 0, 7))
            path.write_bytes(b"x" + path.read_bytes()[1:])

    assert [(f.kind, f.where) for f in selectors.audit(others_work)] == [
        ("tile-changed", "tile/0/000.p/7")
    ]

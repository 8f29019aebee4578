"""Verification from outside, over real HTTP, through the command line."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from django.conf import settings
from django.db import transaction

from tests.evidence.conftest import initialise, mention, register
from tests.evidence.test_sequencing import restore_backup
from wushu.config.cli import main
from wushu.evidence import services
from wushu.evidence.models import RowSalt
from wushu.evidence.rules import merkle, notes, tiles
from wushu.evidence.rules.notes import Checkpoint
from wushu.evidence.rules.tiles import Tile
from wushu.evidence.store import Store
from wushu.evidence.types import NodeView
from wushu.kernel.canonical import canonical_json
from wushu.parties.models import Organisation

pytestmark = pytest.mark.django_db(transaction=True)
ACCEPTED = ("--accept-losses", "某数〔2026〕12号", "--reason", "disk failure")


@pytest.fixture
def served(node_home: Path, live_server: Any) -> NodeView:
    """A node with a log of 302 entries, one of them with a detail, on a real socket."""
    node = initialise()
    with transaction.atomic():
        register(1)
        mention(299)
        services.record("a.b.c", actor="urn:a", subject="urn:b", data={"n": "x" * 70_000}, rows=[])
    services.sequence()
    return node


def wushu(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(a) for a in arguments], env={"WUSHU_LANG": "en"})


def verify(live_server: Any, *arguments: object) -> tuple[int, dict[str, Any]]:
    result = wushu("evidence", "verify", live_server.url, "--json", *arguments)
    return result.exit_code, json.loads(result.output)


def named(answer: dict[str, Any]) -> set[tuple[str, str]]:
    return {(fault["kind"], fault["where"]) for fault in answer["faults"]}


def test_a_sound_log_is_verified_with_a_given_key(served: NodeView, live_server: Any) -> None:
    code, answer = verify(live_server, "--key", served.verifier_key)
    assert (code, answer["faults"], answer["size"]) == (0, [], 302)


def test_the_own_log_is_verified_with_the_own_key(
    served: NodeView, live_server: Any, settings: Any
) -> None:
    settings.BASE_URL = live_server.url
    result = wushu("evidence", "verify")
    assert result.exit_code == 0
    assert "faults           0" in result.output


def test_a_key_is_not_taken_on_trust_unless_told_so(served: NodeView, live_server: Any) -> None:
    result = wushu("evidence", "verify", live_server.url)
    assert result.exit_code == 1
    assert "log-key-unknown" in result.output
    assert verify(live_server, "--trust-key")[0] == 0


def test_another_key_does_not_verify(served: NodeView, live_server: Any) -> None:
    other = notes.VerifierKey(served.origin, bytes(32))
    code, answer = verify(live_server, "--key", other)
    assert (code, named(answer)) == (3, {("checkpoint-wrong", "checkpoint")})


def test_the_next_check_compares_with_the_last(
    served: NodeView, live_server: Any, tmp_path: Path
) -> None:
    state = tmp_path / "state.json"
    assert verify(live_server, "--trust-key", "--state", state)[1]["size"] == 302
    register(5)
    services.sequence()
    code, answer = verify(live_server, "--state", state)
    assert (code, answer["before"], answer["size"]) == (0, 302, 307)
    assert json.loads(state.read_text())["size"] == 307


def test_a_log_that_was_rewritten_or_cut_is_named(
    served: NodeView, live_server: Any, tmp_path: Path
) -> None:
    """Another database under the same key: signatures and tiles are in order, history is not."""
    state = tmp_path / "state.json"
    verify(live_server, "--trust-key", "--state", state)
    kept = json.loads(state.read_text())
    state.write_text(json.dumps({**kept, "size": 400}))
    assert named(verify(live_server, "--state", state)[1]) == {("log-shrank", "checkpoint")}
    state.write_text(json.dumps({**kept, "size": 200}))
    assert named(verify(live_server, "--state", state)[1]) == {("log-rewritten", "checkpoint")}
    assert json.loads(state.read_text())["size"] == 200


def test_a_text_that_is_no_key_is_refused(served: NodeView, live_server: Any) -> None:
    result = wushu("evidence", "verify", live_server.url, "--key", "nonsense")
    assert (result.exit_code, "invalid-value" in result.output) == (1, True)


def test_a_state_of_another_key_or_unreadable_is_refused(
    served: NodeView, live_server: Any, tmp_path: Path
) -> None:
    state = tmp_path / "state.json"
    verify(live_server, "--key", served.verifier_key, "--state", state)
    other = notes.VerifierKey(served.origin, bytes(32))
    result = wushu("evidence", "verify", live_server.url, "--key", other, "--state", state)
    assert (result.exit_code, "verifier-state-invalid" in result.output) == (1, True)
    state.write_text("{}")
    result = wushu("evidence", "verify", live_server.url, "--state", state)
    assert (result.exit_code, "verifier-state-invalid" in result.output) == (1, True)


Damage = Callable[[Store], None]


def flipped(tile: Tile, place: int = -1) -> Damage:
    def damage(store: Store) -> None:
        path = store.path(tile)
        data = bytearray(path.read_bytes())
        data[place] ^= 1
        path.write_bytes(data)

    return damage


def signed_otherwise(store: Store) -> None:
    """A checkpoint that the node's own key signed for another root."""
    from wushu.evidence import signers

    signer = signers.load("data.example.gov.cn/log")
    text = Checkpoint(signer.key.name, 302, merkle.EMPTY_ROOT).text
    line = notes.signature_line(signer.key.name, signer.key.key_id, signer.sign(text.encode()))
    store.publish(notes.signed_note(text, [line]))


def without_facts(store: Store) -> None:
    """A first entry in canonical form whose data are a list."""
    path = store.path(Tile(-1, 0))
    first, *others = tiles.split_entries(path.read_bytes())
    leaf = canonical_json({**json.loads(first), "data": []})
    path.write_bytes(tiles.join_entries([leaf, *others]))


@pytest.mark.parametrize(
    ("damage", "expected"),
    [
        (flipped(Tile(0, 0)), ("tile-changed", "tile/0/000")),
        (flipped(Tile(0, 1, 46)), ("tile-changed", "tile/0/001.p/46")),
        (flipped(Tile(1, 0, 1)), ("tile-changed", "tile/1/000.p/1")),
        (flipped(Tile(-1, 1, 46)), ("root-differs", "checkpoint")),
        (flipped(Tile(-1, 1, 46)), ("entry-malformed", "entry 301")),
        (flipped(Tile(-1, 0), 0), ("tile-changed", "tile/entries/000")),
        (lambda s: s.path(Tile(0, 0)).unlink(), ("tile-missing", "tile/0/000")),
        (lambda s: s.path(Tile(-1, 0)).unlink(), ("tile-missing", "tile/entries/000")),
        (lambda s: shutil.rmtree(s.folder / "detail"), ("detail-missing", "detail/")),
        (lambda s: next((s.folder / "detail").rglob("*/*")).write_bytes(b"{}"), ("detail-changed", "detail/")),
        (lambda s: s.checkpoint_path.unlink(), ("tile-missing", "checkpoint")),
        (without_facts, ("entry-malformed", "entry 0")),
        (signed_otherwise, ("root-differs", "checkpoint")),
    ],
    ids=lambda v: " ".join(v) if isinstance(v, tuple) else "",
)  # fmt: skip
def test_whatever_is_wrong_with_the_published_files_is_named(
    served: NodeView, live_server: Any, damage: Damage, expected: tuple[str, str]
) -> None:
    damage(Store.of_node())
    code, answer = verify(live_server, "--key", served.verifier_key)
    assert code == 3
    assert any(k == expected[0] and w.startswith(expected[1]) for k, w in named(answer)), answer


@pytest.mark.parametrize("url", ["ftp://x", "nonsense", "http://127.0.0.1:9"])
def test_an_address_without_a_log_is_refused(served: NodeView, url: str) -> None:
    result = wushu("evidence", "verify", url, "--key", served.verifier_key)
    assert result.exit_code == 1
    assert "log-unreachable" in result.output


def test_the_audit_command_names_each_fault_on_a_line(served: NodeView) -> None:
    assert wushu("evidence", "audit").exit_code == 0
    row = Organisation.objects.first()
    assert row is not None
    Organisation.objects.filter(pk=row.pk).update(name_zh="改")
    result = wushu("evidence", "audit")
    assert result.exit_code == 3
    assert result.output.startswith(f"row-changed  parties_organisation {row.pk}  the row differs")
    answer = json.loads(wushu("evidence", "audit", "--json").output)
    assert [fault["kind"] for fault in answer["faults"]] == ["row-changed"]


def test_the_sequence_command_publishes_what_waits(served: NodeView) -> None:
    register(2)
    assert json.loads(wushu("evidence", "sequence", "--json").output)["added"] == 2


def test_the_recover_command_names_lost_rows_until_they_are_accepted(served: NodeView) -> None:
    (row,) = register(1)
    services.sequence()
    restore_backup(302)
    result = wushu("evidence", "recover")
    assert result.exit_code == 3
    assert f"row-lost  parties_organisation {row.pk}" in result.output
    assert wushu("evidence", "recover", "--accept-losses", "某数〔2026〕12号").exit_code == 2
    assert wushu("evidence", "recover", "--reason", "disk failure").exit_code == 2
    result = wushu("evidence", "recover", *ACCEPTED)
    assert (result.exit_code, "faults           0" in result.output) == (0, True)
    assert wushu("evidence", "audit").exit_code == 0


def test_the_destroy_salts_command_makes_old_contents_meaningless(served: NodeView) -> None:
    (row,) = register(1)
    choice = ("parties_organisation", row.pk, "--decision", "某数〔2026〕12号", "--reason", "erase")
    result = wushu("evidence", "destroy-salts", *choice)
    assert (result.exit_code, "salts-in-use" in result.output) == (1, True)
    with transaction.atomic():
        row.contact_phone = ""
        row.save()
        services.record("test.row.erased", actor="urn:a", subject="urn:b", data={}, rows=[row])
    assert wushu("evidence", "destroy-salts", *choice, "--json").exit_code == 0
    salts = RowSalt.objects.filter(row=str(row.pk)).order_by("entry__index")
    assert [salt.salt is None for salt in salts] == [True, False]
    assert wushu("evidence", "audit").exit_code == 0


def test_the_recover_command_rewrites_and_accepts(served: NodeView, tmp_path: Path) -> None:
    note = tmp_path / "note"
    shutil.copy(Store.of_node().checkpoint_path, note)
    shutil.rmtree(settings.CHECKPOINT_DIR)
    shutil.rmtree(settings.EVIDENCE_DIR)
    assert wushu("evidence", "audit").exit_code == 3
    result = wushu("evidence", "sequence")
    assert result.exit_code == 1
    assert "checkpoint-missing" in result.output
    answer = json.loads(wushu("evidence", "recover", "--checkpoint", note, "--json").output)
    assert answer["checkpoint"] is True
    assert answer["files"] > 0
    result = wushu("evidence", "recover", *ACCEPTED)
    assert (result.exit_code, "not-found" in result.output) == (1, True)
    assert wushu("evidence", "audit").exit_code == 0

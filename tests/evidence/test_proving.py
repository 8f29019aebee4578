"""A record that carries acts with their proofs, checked without the node that made it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.evidence.conftest import node, register
from tests.evidence.test_verifying import wushu
from wushu.evidence import selectors, services
from wushu.evidence.rules import notes
from wushu.evidence.rules.notes import NoteError, VerifierKey
from wushu.evidence.types import NodeView

__all__ = ["node"]

pytestmark = pytest.mark.django_db

SUBJECT = "urn:uuid:5d7f0f1c-6f0b-4d3c-9a55-0d1f3b1f8f10"


@pytest.fixture
def lines(node: NodeView) -> list[dict[str, Any]]:
    """Three acts about one thing as a record has them: two proved, the last not in a checkpoint yet."""
    for act in ("a.b.first", "a.b.second"):
        services.record(act, actor="urn:a", subject=SUBJECT, data={"act": act}, rows=[])
        register(1)
    services.sequence()
    services.record("a.b.third", actor="urn:a", subject=SUBJECT, data={}, rows=[])
    acts = selectors.acts_proved([SUBJECT], limit=10)
    return [{"evidence": selectors.act_document(one)} for one in acts]


def check(tmp_path: Path, key: object, lines: list[Any]) -> tuple[int, dict[str, Any]]:
    file = tmp_path / "record.json"
    file.write_text(json.dumps({"lines": lines}), "utf-8")
    done = wushu("evidence", "check", file, "--key", key, "--json")
    return done.exit_code, json.loads(done.output)


def test_what_a_record_says_of_acts_is_proved_by_the_logs_key_alone(
    node: NodeView, lines: list[dict[str, Any]], tmp_path: Path
) -> None:
    code, found = check(tmp_path, node.verifier_key, lines)
    assert (code, found["proved"], found["waiting"], found["faults"]) == (0, 2, 1, [])


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("act", "a.b.other"),
        ("actor", "urn:b"),
        ("subject", "urn:other"),
        ("at", "2020-01-01T00:00:00.000000Z"),
        ("data", {"act": "a.b.other"}),
        ("index", 0),
    ],
)
def test_a_record_that_says_otherwise_than_the_log_is_told_apart(
    node: NodeView, lines: list[dict[str, Any]], tmp_path: Path, field: str, value: Any
) -> None:
    lines[1]["evidence"][field] = value
    code, found = check(tmp_path, node.verifier_key, lines)
    assert (code, found["proved"]) == (3, 1)
    (fault,) = found["faults"]
    assert (fault["kind"], fault["where"]) == ("told-otherwise", "lines[2]")
    assert field in fault["en"]


def test_a_proof_of_another_act_proves_nothing(
    node: NodeView, lines: list[dict[str, Any]], tmp_path: Path
) -> None:
    lines[0]["evidence"]["proof"] = lines[1]["evidence"]["proof"]
    code, found = check(tmp_path, node.verifier_key, lines)
    assert (code, [one["kind"] for one in found["faults"]]) == (3, ["proof-wrong"])


def test_another_logs_key_proves_nothing(
    node: NodeView, lines: list[dict[str, Any]], tmp_path: Path
) -> None:
    public = Ed25519PrivateKey.generate().public_key().public_bytes_raw()
    code, found = check(tmp_path, VerifierKey(node.origin, public), lines)
    assert (code, found["proved"]) == (3, 0)


def test_a_line_without_an_act_is_named(
    node: NodeView, lines: list[dict[str, Any]], tmp_path: Path
) -> None:
    code, found = check(tmp_path, node.verifier_key, [lines[0], {"words": "审查"}])
    assert (code, found["faults"][0]["kind"]) == (3, "proof-missing")


def test_what_is_no_record_is_refused(node: NodeView, tmp_path: Path) -> None:
    file = tmp_path / "record.json"
    file.write_text("[]", "utf-8")
    done = wushu("evidence", "check", file, "--key", node.verifier_key)
    assert done.exit_code == 1
    assert "[record-unreadable]" in done.output


@pytest.mark.parametrize(
    "text",
    [
        "",
        "index 1\n\nnote",
        "c2sp.org/tlog-proof@v1\n\nnote",
        "c2sp.org/tlog-proof@v1\nindex -1\n\nn",
    ],
)
def test_a_text_that_is_no_proof_is_not_read_as_one(text: str) -> None:
    with pytest.raises(NoteError):
        notes.parse_proof_file(text)

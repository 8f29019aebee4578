"""Signed notes and checkpoints, against the specification's own examples and Wycheproof."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from wushu.evidence.rules import merkle, notes
from wushu.evidence.rules.notes import Checkpoint, NoteError, VerifierKey

# The example of the package golang.org/x/mod/sumdb/note.
GO_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_NOTE = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
GO_OTHER = "— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n"


def signed(text: str, name: str = "example.org/log") -> tuple[bytes, VerifierKey]:
    private = Ed25519PrivateKey.generate()
    key = VerifierKey(name, private.public_key().public_bytes_raw())
    line = notes.signature_line(name, key.key_id, private.sign(text.encode()))
    return notes.signed_note(text, [line]).encode(), key


@contextmanager
def refused() -> Iterator[None]:
    """The block ends in a `NoteError` that says why in either language, each without the other."""
    with pytest.raises(NoteError) as caught:
        yield
    assert re.search("[\u4e00-\u9fff]", caught.value.zh)
    assert not re.search("[\u4e00-\u9fff]", str(caught.value))
    assert not re.search("[a-z]+ [a-z]+", caught.value.zh)


def test_a_note_that_go_signed_is_opened() -> None:
    key = VerifierKey.parse(GO_KEY)
    assert str(key) == GO_KEY
    text = notes.open_note(GO_NOTE.encode(), key)
    assert text.startswith("If you think")
    assert text.endswith("problem is.\n")
    assert notes.open_note((GO_NOTE + GO_OTHER).encode(), key) == text


@pytest.mark.parametrize(
    "note",
    [
        GO_NOTE.replace("answer", "question"),
        GO_NOTE.replace("x08go/ZJ", "x08go/ZK"),
        GO_NOTE.replace("x08g", "y08g"),
        GO_NOTE.replace("— Peter", "- Peter"),
        GO_NOTE.replace("\n\n", "\n"),
        GO_NOTE.rstrip("\n"),
        GO_NOTE + "\n",
        GO_NOTE + "x",
        GO_NOTE.replace("PeterNeumann", "Peter Neumann"),
        GO_NOTE.replace("nAM=", "nAM"),
        GO_NOTE.replace("problem,", "problem,\r"),
        GO_OTHER,
        "",
        GO_NOTE + GO_OTHER * 101,
    ],
)
def test_a_note_that_is_changed_or_malformed_is_refused(note: str) -> None:
    with refused():
        notes.open_note(note.encode(), VerifierKey.parse(GO_KEY))


def test_a_note_that_is_not_utf8_or_endless_is_refused() -> None:
    key = VerifierKey.parse(GO_KEY)
    for note in (b"\xff\n\n\xe2\x80\x94 a b\n", GO_NOTE.encode() * 10_000):
        with refused():
            notes.open_note(note, key)


@pytest.mark.parametrize(
    "text",
    [
        "", "name", "name+c74f20a3", GO_KEY.replace("c74f20a3", "c74f20a4"),
        GO_KEY.replace("+AR", "+AB"), GO_KEY[:-4], GO_KEY.replace("Peter", "Peter "), "+" + GO_KEY,
        GO_KEY.replace("PeterNeumann", "Другой"),
    ],
)  # fmt: skip
def test_a_verifier_key_that_is_not_its_own_id_is_refused(text: str) -> None:
    with refused():
        VerifierKey.parse(text)


def test_a_checkpoint_is_read_back() -> None:
    given = Checkpoint("example.org/log", 123, merkle.leaf_hash(b""))
    note, key = signed(given.text)
    assert notes.open_checkpoint(note, key) == given


@pytest.mark.parametrize(
    "text",
    [
        "example.org/log\n123\n", "example.org/log\n0123\nAAAA\n", "example.org/log\n-1\nAAAA\n",
        "example.org/log\n1\nAAAA\n", "\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
        "example.org/log\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2J=\n",
        "other.org/log\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
        "example.org/log\n١\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
    ],
)  # fmt: skip
def test_a_signed_text_that_is_no_checkpoint_of_this_log_is_refused(text: str) -> None:
    note, key = signed(text)
    with refused():
        notes.open_checkpoint(note, key)


def test_extension_lines_are_accepted() -> None:
    given = Checkpoint("example.org/log", 1, merkle.leaf_hash(b""))
    note, key = signed(given.text + "an extension\n")
    assert notes.open_checkpoint(note, key) == given


def test_a_proof_file_has_the_form_of_tlog_proof() -> None:
    note = Checkpoint("example.org/log", 2, b"\0" * 32).text + "\n— example.org/log AAAA\n"
    assert notes.proof_file(1, [b"\1" * 32], note) == (
        "c2sp.org/tlog-proof@v1\nindex 1\nAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=\n\n" + note
    )


@pytest.mark.data
def test_every_ed25519_vector_of_wycheproof_is_judged_as_it_says(test_data: Path) -> None:
    groups = json.loads((test_data / "vectors/wycheproof/ed25519_test.json").read_text())
    judged = 0
    for group in groups["testGroups"]:
        key = VerifierKey("wycheproof", bytes.fromhex(group["publicKey"]["pk"]))
        for vector in group["tests"]:
            valid = key.verify(bytes.fromhex(vector["msg"]), bytes.fromhex(vector["sig"]))
            assert valid is (vector["result"] == "valid"), vector["tcId"]
            judged += 1
    assert judged == groups["numberOfTests"] == 151

"""RFC 6962 trees and proofs, on the vectors of transparency-dev and on every small tree."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wushu.evidence import selectors
from wushu.evidence.rules import merkle

KINDS = {"inclusion": 98, "consistency": 98}


def decoded(text: str) -> bytes:
    return base64.b64decode(text)


@pytest.mark.data
@pytest.mark.parametrize("kind", KINDS)
def test_every_vector_of_transparency_dev_is_judged_as_it_says(kind: str, test_data: Path) -> None:
    files = sorted((test_data / "vectors/tdev-merkle/testdata" / kind).rglob("*.json"))
    assert len(files) == KINDS[kind]
    for file in files:
        vector = json.loads(file.read_text())
        proof = [decoded(h) for h in vector["proof"] or []]
        try:
            if kind == "inclusion":
                merkle.verify_inclusion(
                    index=vector["leafIdx"],
                    size=vector["treeSize"],
                    leaf=decoded(vector["leafHash"]),
                    proof=proof,
                    root=decoded(vector["root"]),
                )
            else:
                merkle.verify_consistency(
                    first=vector["size1"],
                    second=vector["size2"],
                    first_root=decoded(vector["root1"]),
                    second_root=decoded(vector["root2"]),
                    proof=proof,
                )
            refused = False
        except merkle.ProofError:
            refused = True
        assert refused is vector["wantErr"], file.name


def leaves(count: int) -> list[bytes]:
    return [merkle.leaf_hash(str(i).encode()) for i in range(count)]


def subtree_of(hashes: list[bytes]) -> merkle.Subtree:
    def subtree(height: int, number: int) -> bytes:
        return merkle.complete_root(hashes[number << height : (number + 1) << height])

    return subtree


def naive_root(hashes: list[bytes]) -> bytes:
    """RFC 6962 section 2.1, word for word."""
    if not hashes:
        return merkle.EMPTY_ROOT
    if len(hashes) == 1:
        return hashes[0]
    k = 1
    while k * 2 < len(hashes):
        k *= 2
    return merkle.node_hash(naive_root(hashes[:k]), naive_root(hashes[k:]))


@pytest.mark.parametrize("size", range(1, 34))
def test_every_leaf_of_every_small_tree_is_proved(size: int) -> None:
    hashes = leaves(size)
    root = naive_root(hashes)
    assert merkle.root(size, subtree_of(hashes)) == root
    assert merkle.join_peaks(merkle.peaks(hashes)) == root
    for index in range(size):
        proof = merkle.inclusion_proof(index, size, subtree_of(hashes))
        merkle.verify_inclusion(index=index, size=size, leaf=hashes[index], proof=proof, root=root)


@pytest.mark.parametrize("second", range(1, 34))
def test_every_small_tree_is_proved_to_begin_every_larger_one(second: int) -> None:
    hashes = leaves(second)
    for first in range(1, second + 1):
        merkle.verify_consistency(
            first=first,
            second=second,
            first_root=naive_root(hashes[:first]),
            second_root=naive_root(hashes),
            proof=merkle.consistency_proof(first, second, subtree_of(hashes)),
        )


@settings(deadline=None, max_examples=50)
@given(st.integers(2, 200), st.data())
def test_a_proof_with_any_one_bit_turned_is_refused(size: int, data: st.DataObject) -> None:
    hashes = leaves(size)
    index = data.draw(st.integers(0, size - 1))
    proof = merkle.inclusion_proof(index, size, subtree_of(hashes))
    place = data.draw(st.integers(0, len(proof) - 1))
    bit = data.draw(st.integers(0, 255))
    changed = bytearray(proof[place])
    changed[bit // 8] ^= 1 << (bit % 8)
    with pytest.raises(merkle.ProofError):
        merkle.verify_inclusion(
            index=index,
            size=size,
            leaf=hashes[index],
            proof=[*proof[:place], bytes(changed), *proof[place + 1 :]],
            root=naive_root(hashes),
        )


@settings(deadline=None, max_examples=50)
@given(st.integers(1, 300), st.integers(1, 300))
def test_another_history_has_no_consistency_proof(first: int, more: int) -> None:
    other = leaves(first + more)
    other[first - 1] = merkle.leaf_hash(b"another past")
    with pytest.raises(merkle.ProofError):
        merkle.verify_consistency(
            first=first,
            second=first + more,
            first_root=naive_root(leaves(first)),
            second_root=naive_root(other),
            proof=merkle.consistency_proof(first, first + more, subtree_of(other)),
        )


def test_no_proof_is_made_for_what_is_not_in_the_tree() -> None:
    with pytest.raises(ValueError, match="not in a tree"):
        merkle.inclusion_proof(5, 5, subtree_of(leaves(5)))
    with pytest.raises(ValueError, match="no consistency proof"):
        merkle.consistency_proof(6, 5, subtree_of(leaves(5)))


@given(st.lists(st.binary(max_size=5), max_size=300))
def test_a_tree_whose_leaves_are_at_hand_has_the_root_of_rfc_6962(leaves: list[bytes]) -> None:
    assert selectors.tree_root(leaves) == naive_root([merkle.leaf_hash(leaf) for leaf in leaves])

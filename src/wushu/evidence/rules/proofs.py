"""An act with what proves it, checked by itself: no node, no database, only the log's public key."""

from __future__ import annotations

from dataclasses import dataclass

from wushu.evidence.rules import leaves, merkle, notes
from wushu.evidence.rules.leaves import Leaf
from wushu.evidence.rules.notes import VerifierKey
from wushu.evidence.rules.reasons import Malformed


@dataclass(frozen=True, slots=True)
class Proved:
    """An act that is in the signed tree."""

    index: int
    size: int
    """Of the tree whose checkpoint was signed."""
    leaf: Leaf


def proved(leaf: bytes, proof: str, key: VerifierKey) -> Proved:
    """The act that a leaf tells, if its proof (C2SP tlog-proof) leads to a checkpoint that ``key`` signed.

    Raises ``Malformed`` with the reason.
    """
    index, hashes, note = notes.parse_proof_file(proof)
    checkpoint = notes.open_checkpoint(note.encode(), key)
    try:
        merkle.verify_inclusion(
            index=index, size=checkpoint.size, leaf=merkle.leaf_hash(leaf), proof=hashes,
            root=checkpoint.root,
        )  # fmt: skip
    except merkle.ProofError as error:
        raise Malformed("存在证明不成立", f"the proof does not hold ({error})") from error
    return Proved(index, checkpoint.size, leaves.parse(leaf))

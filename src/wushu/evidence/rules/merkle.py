"""Merkle trees over SHA-256: hashes, roots, and the two kinds of proof (RFC 6962 section 2.1)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence

HASH_BYTES = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()
"""Root of the tree without leaves."""

Subtree = Callable[[int, int], bytes]
"""``(height, number) -> hash`` of the complete subtree over the leaves
``[number * 2**height, (number + 1) * 2**height)``."""


class ProofError(ValueError):
    """A proof does not prove what it claims."""


def leaf_hash(leaf: bytes) -> bytes:
    """Hash of a leaf: SHA-256 of 0x00 and the leaf."""
    return hashlib.sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash of an inner node: SHA-256 of 0x01 and both children."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def complete_root(hashes: Sequence[bytes]) -> bytes:
    """Root of the complete subtree over ``2**k`` hashes."""
    level = list(hashes)
    while len(level) > 1:
        level = [node_hash(level[i], level[i + 1]) for i in range(0, len(level), 2)]
    return level[0]


def peaks(hashes: Sequence[bytes]) -> list[bytes]:
    """Roots of the complete subtrees that cover the hashes, largest first."""
    found, start = [], 0
    while start < len(hashes):
        size = 1 << ((len(hashes) - start).bit_length() - 1)
        found.append(complete_root(hashes[start : start + size]))
        start += size
    return found


def join_peaks(found: Sequence[bytes]) -> bytes:
    """Root of the tree whose complete subtrees, largest first, have these roots."""
    if not found:
        return EMPTY_ROOT
    joined = found[-1]
    for peak in reversed(found[:-1]):
        joined = node_hash(peak, joined)
    return joined


def _split(size: int) -> int:
    """The largest power of two below ``size`` (RFC 6962: k)."""
    return 1 << ((size - 1).bit_length() - 1)


def _range_root(start: int, end: int, subtree: Subtree) -> bytes:
    """Root over the leaves ``[start, end)`` of a range that a tree of RFC 6962 can contain."""
    size = end - start
    if size & (size - 1) == 0:
        height = size.bit_length() - 1
        return subtree(height, start >> height)
    middle = start + _split(size)
    return node_hash(_range_root(start, middle, subtree), _range_root(middle, end, subtree))


def root(size: int, subtree: Subtree) -> bytes:
    """Root of the tree over the first ``size`` leaves."""
    return _range_root(0, size, subtree) if size else EMPTY_ROOT


def root_of(leaves: Iterable[bytes]) -> bytes:
    """Root of the tree over leaves that are all at hand (RFC 6962: MTH)."""
    return join_peaks(peaks([leaf_hash(leaf) for leaf in leaves]))


def inclusion_proof(index: int, size: int, subtree: Subtree) -> list[bytes]:
    """Audit path from the leaf up (RFC 6962 section 2.1.1). ``ValueError``: not in the tree."""
    if not 0 <= index < size:
        raise ValueError(f"leaf {index} is not in a tree of {size}")

    def path(start: int, end: int) -> list[bytes]:
        if end - start == 1:
            return []
        middle = start + _split(end - start)
        if index < middle:
            return [*path(start, middle), _range_root(middle, end, subtree)]
        return [*path(middle, end), _range_root(start, middle, subtree)]

    return path(0, size)


def consistency_proof(first: int, second: int, subtree: Subtree) -> list[bytes]:
    """Proof that the smaller tree is a beginning of the larger (RFC 6962 section 2.1.2)."""
    if not 0 < first <= second:
        raise ValueError(f"no consistency proof leads from {first} to {second}")

    def path(start: int, end: int, whole: bool) -> list[bytes]:
        if first == end:
            return [] if whole else [_range_root(start, end, subtree)]
        middle = start + _split(end - start)
        if first <= middle:
            return [*path(start, middle, whole), _range_root(middle, end, subtree)]
        return [*path(middle, end, False), _range_root(start, middle, subtree)]

    return path(0, second, True)


def verify_inclusion(
    *, index: int, size: int, leaf: bytes, proof: Sequence[bytes], root: bytes
) -> None:
    """Check an audit path for a leaf hash (RFC 9162 section 2.1.3.2); raises `ProofError`."""
    if not 0 <= index < size:
        raise ProofError(f"leaf {index} cannot be in a tree of {size}")
    _check_lengths([leaf, *proof])
    position, last, computed = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            raise ProofError("the proof is too long")
        if position & 1 or position == last:
            computed = node_hash(sibling, computed)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            computed = node_hash(computed, sibling)
        position, last = position >> 1, last >> 1
    if last:
        raise ProofError("the proof is too short")
    if computed != root:
        raise ProofError("the proof leads to another root")


def verify_consistency(
    *, first: int, second: int, first_root: bytes, second_root: bytes, proof: Sequence[bytes]
) -> None:
    """Check that one tree begins another (RFC 9162 section 2.1.4.2); raises `ProofError`."""
    if not 0 < first <= second:
        raise ProofError(f"a tree of {first} proves nothing about a tree of {second}")
    if first == second:
        if proof or first_root != second_root:
            raise ProofError("trees of one size have different roots, or a proof too many")
        return
    _check_lengths(proof)
    begins_whole = first & (first - 1) == 0
    old, new = _climb(first - 1, second - 1, [first_root, *proof] if begins_whole else proof)
    if old != first_root or new != second_root:
        raise ProofError("the proof leads to other roots")


def _check_lengths(hashes: Sequence[bytes]) -> None:
    if any(len(hash_) != HASH_BYTES for hash_ in hashes):
        raise ProofError("a hash is not 32 bytes long")


def _climb(position: int, last: int, path: Sequence[bytes]) -> tuple[bytes, bytes]:
    """The two roots that a consistency path leads to."""
    if not path:
        raise ProofError("the proof is empty")
    while position & 1:
        position, last = position >> 1, last >> 1
    old = new = path[0]
    for sibling in path[1:]:
        if last == 0:
            raise ProofError("the proof is too long")
        if position & 1 or position == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            new = node_hash(new, sibling)
        position, last = position >> 1, last >> 1
    if last:
        raise ProofError("the proof is too short")
    return old, new

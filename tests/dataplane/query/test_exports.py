"""What is known of an export, and any part of it, without a node."""

from __future__ import annotations

import functools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wushu.dataplane.query import exports
from wushu.dataplane.query.exports import ExportDiffers, Facts, Run, measure, part

PIECES = [
    Run(0, b"head,"),
    *(Run(3, f"row {n:05d};".encode() * 3) for n in range(200)),
    Run(0, b"!"),
]
WHOLE = b"".join(one.data for one in PIECES)


def from_row(row: int):
    return iter(PIECES if not row else PIECES[1 + row // 3 :])


@functools.cache
def measured(every: int, most: int) -> Facts:
    before = exports.MARK_EVERY, exports.MARKS
    exports.MARK_EVERY, exports.MARKS = every, most
    try:
        return measure(PIECES)[0]
    finally:
        exports.MARK_EVERY, exports.MARKS = before


@given(
    first=st.integers(0, len(WHOLE) - 1),
    length=st.integers(1, len(WHOLE)),
    every=st.sampled_from([1, 100, 999, 1 << 20]),
    most=st.sampled_from([2, 5, 512]),
)
def test_any_part_is_the_same_as_of_the_whole(first, length, every, most):
    facts = measured(every, most)
    past = min(len(WHOLE), first + length)
    assert b"".join(part(facts, first, past, from_row)) == WHOLE[first:past]


def test_marks_never_become_too_many_and_stay_ascending():
    facts = measured(1, 5)
    assert 2 <= len(facts.marks) <= 6
    assert list(facts.marks) == sorted(facts.marks)


def test_what_is_made_otherwise_than_measured_is_never_complete():
    facts = measured(100, 512)
    changed = [*PIECES[:-1], Run(0, b"?")]
    got: list[bytes] = []
    with pytest.raises(ExportDiffers):
        got.extend(part(facts, 0, facts.size, lambda _: iter(changed)))
    assert sum(map(len, got)) < facts.size
    with pytest.raises(ExportDiffers):
        list(part(facts, 5, facts.size, lambda row: iter(PIECES[1 + row // 3 : -4])))

"""Rows in an order of their reader's own: pure."""

from __future__ import annotations

from uuid import UUID

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from wushu.dataplane.query import ordering

GRANT, OTHER, VERSION = (UUID(int=n) for n in (1, 2, 3))
SECRET = bytes(32)


def order(places: list[int], key: bytes, cut: int = 700, skip: int = 0) -> list[int]:
    """The places as they go out, given to the function some at a time."""
    column = pa.array(places, pa.int64())
    batches = [
        pa.record_batch([column[n : n + cut], column[n : n + cut]], names=["line", "pos"])
        for n in range(0, len(places), cut)
    ]
    return [one for part in ordering.arranged(batches, key, skip) for one in part.to_pylist()]


places_of_rows = st.lists(st.integers(0, 9_000), unique=True, max_size=400).map(sorted)


@settings(deadline=None)  # the first use of Arrow loads pandas
@given(places_of_rows, st.integers(1, 500))
def test_the_order_is_a_permutation_that_leaves_blocks_where_they_are(places, cut):
    key = ordering.order_key(SECRET, GRANT, VERSION)
    found = order(places, key, cut)
    assert sorted(found) == places
    assert sorted(found, key=lambda place: place // ordering.BLOCK_ROWS) == found


@settings(deadline=None)
@given(places_of_rows, st.integers(1, 500))
def test_the_order_does_not_depend_on_how_rows_arrive_and_on_which_are_left_out(places, cut):
    key = ordering.order_key(SECRET, GRANT, VERSION)
    whole = order(list(range(9_001)), key)
    assert order(places, key, cut) == [one for one in whole if one in set(places)]


def test_each_grant_and_each_version_has_an_order_of_its_own():
    places = list(range(5_000))
    keys = [
        ordering.order_key(SECRET, GRANT, VERSION),
        ordering.order_key(SECRET, OTHER, VERSION),
        ordering.order_key(SECRET, GRANT, OTHER),
        ordering.order_key(bytes(31) + b"1", GRANT, VERSION),
    ]
    assert len({tuple(order(places, key)) for key in keys}) == 4
    assert tuple(places) not in {tuple(order(places, key)) for key in keys}


def test_the_order_of_this_scheme_never_changes():
    """What was delivered stays traceable only so: another order must be another scheme."""
    key = ordering.order_key(SECRET, GRANT, VERSION)
    assert order(list(range(5_000)), key)[:5] == FIRST
    assert order(list(range(2_048, 5_000)), key)[:3] == SECOND


def test_rows_can_be_left_out_at_the_beginning():
    key = ordering.order_key(SECRET, GRANT, VERSION)
    whole = order(list(range(5_000)), key)
    assert order(list(range(2_048, 5_000)), key, skip=100) == whole[2_148:]


FIRST = [1288, 699, 918, 1065, 1501]
SECOND = [2761, 2657, 2170]

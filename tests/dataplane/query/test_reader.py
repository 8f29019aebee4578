"""Searching an index in place gives what searching a plain list gives."""

from __future__ import annotations

from bisect import bisect_left, bisect_right

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wushu.catalog.types import FieldType
from wushu.dataplane.query import reader
from wushu.dataplane.query.reader import Index

TEXTS = st.text(st.sampled_from("ab中\x00~"), max_size=3)
NUMBERS = st.integers(-5, 5)


@pytest.fixture(autouse=True)
def _small_steps(monkeypatch):
    monkeypatch.setattr(reader, "_STEP", 3)


def index(type_: FieldType, keys: list, batch: int) -> tuple[Index, list]:
    ordered = sorted((k.encode() if isinstance(k, str) else k, n) for n, k in enumerate(keys))
    kind = pa.large_string() if type_ is FieldType.TEXT else pa.int64()
    batches = [
        pa.record_batch(
            [
                pa.array([k.decode() if isinstance(k, bytes) else k for k, _ in part], kind),
                pa.array([n for _, n in part], pa.uint32()),
            ],
            names=["key", "pos"],
        )
        for part in (ordered[i : i + batch] for i in range(0, len(ordered), batch))
    ]
    return Index(type_, iter(batches)), ordered


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.one_of(
        st.tuples(st.just(FieldType.TEXT), st.lists(TEXTS, max_size=40), TEXTS),
        st.tuples(st.just(FieldType.INTEGER), st.lists(NUMBERS, max_size=40), NUMBERS),
    ),
    st.integers(1, 17),
)
def test_every_search_agrees_with_a_plain_list(given_, batch):
    type_, keys, wanted = given_
    made, ordered = index(type_, keys, batch)
    key = made.key(wanted)
    plain = [k for k, _ in ordered]
    first, past = bisect_left(plain, key), bisect_right(plain, key)
    assert (made.left(key), made.right(key)) == (first, past)
    assert made.positions(first, past) == [n for _, n in ordered[first:past]]
    assert made.positions(0, made.size) == [n for _, n in ordered]
    for entry in range(first, past):
        assert made.position(entry) == ordered[entry][1]
        assert made.entry(key, ordered[entry][1]) == entry
    if type_ is FieldType.TEXT:
        low, high = made.prefix(wanted)
        assert plain[low:high] == [k for k in plain if k.startswith(key)]

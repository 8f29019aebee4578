"""Which new record is a known one, and when a loss is suspicious."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wushu.harvest.rules import is_suspicious, renamed


def test_a_shared_name_joins_a_new_and_a_vanished_record() -> None:
    assert renamed({"new": ["urn:x:1"]}, {"old": ["urn:x:1"], "other": ["urn:x:2"]}) == {
        "new": "old"
    }


def test_http_and_https_and_a_slash_at_the_end_make_no_difference() -> None:
    assert renamed({"new": ["https://a.example/D/"]}, {"old": ["http://a.example/d"]}) == {
        "new": "old"
    }


@pytest.mark.parametrize(
    ("new", "vanished"),
    [
        ({"n": ["shared-name"], "m": ["shared-name"]}, {"old": ["shared-name"]}),
        ({"n": ["shared-name"]}, {"old": ["shared-name"], "older": ["shared-name"]}),
        ({"n": ["name-one", "name-two"]}, {"a": ["name-one"], "b": ["name-two"]}),
        ({"n": ["name-one"], "m": ["name-two"]}, {"a": ["name-one", "name-two"]}),
        ({"n": ["1"]}, {"old": ["1"]}),
        ({"n": []}, {"old": []}),
    ],
    ids=range(6),
)
def test_a_name_that_leaves_a_doubt_joins_nothing(
    new: dict[str, list[str]], vanished: dict[str, list[str]]
) -> None:
    assert renamed(new, vanished) == {}


names = st.dictionaries(
    st.text("abc", min_size=6, max_size=7), st.lists(st.text("xy", min_size=6, max_size=7)), max_size=6
)  # fmt: skip


@given(names, names)
def test_matches_are_one_to_one(new: dict[str, list[str]], vanished: dict[str, list[str]]) -> None:
    found = renamed(new, vanished)
    assert set(found) <= set(new)
    assert set(found.values()) <= set(vanished)
    assert len(set(found.values())) == len(found)


@pytest.mark.parametrize(
    ("before", "missing", "is_so"),
    [(0, 0, False), (1, 1, True), (3, 1, False), (3, 2, False), (3, 3, True), (9, 8, False),
     (10, 4, False), (10, 5, True), (1000, 499, False), (1000, 500, True), (1000, 1000, True)],
)  # fmt: skip
def test_half_or_all_missing_is_suspicious(before: int, missing: int, is_so: bool) -> None:
    assert is_suspicious(before, missing) is is_so

"""Cursors: typed values come back, and nothing forged or borrowed is accepted."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wushu.kernel.cursors import MAX_CHARACTERS, decode, encode, node_key
from wushu.kernel.errors import Refusal

KEY = bytes(range(32))
CONTEXT = {"version": "7d444840-9dc0-11d1-b245-5ffdce74fad2", "sort": ["code"]}
values = st.lists(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(allow_nan=False, allow_infinity=False),
        st.text(st.characters(exclude_categories=["Cs"]), max_size=50),
        st.decimals(allow_nan=False, allow_infinity=False),
        st.dates(),
        st.datetimes(timezones=st.sampled_from([UTC])),
    ),
    max_size=6,
)


def refused(text: str, *, context: object = CONTEXT, key: bytes = KEY) -> str:
    with pytest.raises(Refusal) as caught:
        decode(text, context, key=key)
    return caught.value.name


@given(values)
def test_values_come_back_with_their_types(given_values):
    back = decode(encode(given_values, CONTEXT, key=KEY), CONTEXT, key=KEY)
    assert [(type(v), str(v)) for v in back] == [(type(v), str(v)) for v in given_values]


def test_numbers_beyond_2_to_the_53_and_times_are_exact():
    given_values = (
        2**70,
        Decimal("1.10"),
        date(2024, 2, 29),
        datetime(2024, 1, 1, tzinfo=UTC),
        -0.0,
    )
    assert decode(encode(given_values, CONTEXT, key=KEY), CONTEXT, key=KEY) == given_values


@given(values, st.data())
def test_a_cursor_with_any_character_changed_is_invalid(given_values, data):
    text = encode(given_values, CONTEXT, key=KEY)
    place = data.draw(st.integers(0, len(text) - 2))  # the last one may carry unused bits
    other = data.draw(st.sampled_from("ABCabc-_09").filter(lambda c: c != text[place]))
    assert refused(text[:place] + other + text[place + 1 :]) == "cursor-invalid"


@given(st.text(max_size=200))
def test_any_other_text_is_invalid_and_nothing_worse(text):
    assert refused(text) == "cursor-invalid"


def test_a_cursor_of_another_query_says_so():
    text = encode(["110101"], CONTEXT, key=KEY)
    assert refused(text, context={**CONTEXT, "sort": ["name"]}) == "cursor-of-another-query"


def test_a_cursor_of_another_node_is_invalid():
    assert refused(encode([1], CONTEXT, key=KEY), key=bytes(32)) == "cursor-invalid"


def test_a_huge_text_is_refused_unread():
    assert refused("A" * (MAX_CHARACTERS + 1)) == "cursor-invalid"
    with pytest.raises(ValueError, match="too long"):
        encode(["长" * MAX_CHARACTERS], CONTEXT, key=KEY)


def test_a_cursor_fits_into_a_url_unescaped():
    text = encode(["朝阳", 12], CONTEXT, key=KEY)
    assert set(text) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


def test_a_short_key_is_a_mistake_of_the_caller():
    with pytest.raises(ValueError, match="32 bytes"):
        encode([1], CONTEXT, key=b"short")


def test_nan_has_no_place_in_an_order():
    with pytest.raises(ValueError, match="NaN"):
        encode([float("nan")], CONTEXT, key=KEY)


def test_the_key_of_a_node_is_its_files_and_before_it_is_initialised_another(tmp_path):
    before = node_key(tmp_path, "secret")
    assert before == node_key(tmp_path, "secret") != node_key(tmp_path, "another")
    (tmp_path / "cursor.key").write_text("00" * 32 + "\n")
    after = node_key(tmp_path, "secret")
    assert after == node_key(tmp_path, "another") != before
    assert decode(encode([1], {}, key=after), {}, key=after) == (1,)


def test_a_key_that_an_earlier_release_did_without_is_the_one_it_was_made_of(tmp_path):
    (tmp_path / "cursor.key").write_text("00" * 32)
    cursor = node_key(tmp_path, "secret")
    assert node_key(tmp_path, "secret", "marks.key", "cursor.key") == cursor
    (tmp_path / "marks.key").write_text("11" * 32)
    assert node_key(tmp_path, "secret", "marks.key", "cursor.key") != cursor

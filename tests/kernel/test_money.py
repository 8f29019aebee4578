"""Money: exact in, exact out, and no fen is ever lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wushu.kernel.errors import Refusal
from wushu.kernel.money import ZERO, Money, parse_money, total

amounts = st.integers(-(10**15), 10**15).map(Money)


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("1,234.50", 123450),
        ("1234.5", 123450),
        ("0.01", 1),
        ("-0.01", -1),
        ("+7", 700),
        (" 1,000,000 ", 100000000),
        ("007.10", 710),
    ],
)
def test_yuan_are_read_into_fen(text, fen):
    assert parse_money(text) == Money(fen)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1.234",
        "1.",
        ".5",
        "1,23.00",
        "12,345,6",
        "1234,567",
        "N/A",
        "1e3",
        "１２",
        "--1",
        "1 2",
    ],
)
def test_what_is_no_exact_amount_is_refused_and_never_rounded(text):
    with pytest.raises(Refusal) as caught:
        parse_money(text)
    assert caught.value.name == "money-invalid"


@given(amounts)
def test_every_amount_is_read_back_as_written(amount):
    assert parse_money(amount.format()) == amount
    assert parse_money(amount.format(grouping=False)) == amount


@given(st.sampled_from("0179"), st.integers(1, 18), st.sampled_from(["", ".5"]))
def test_up_to_eighteen_digits_of_yuan_are_read(digit, count, decimals):
    assert parse_money(digit * count + decimals).fen // 100 == int(digit * count)


@given(st.sampled_from("0179"), st.integers(19, 6000), st.sampled_from(["", ".5", ",000"]))
def test_more_digits_than_any_amount_has_are_refused(digit, count, decimals):
    with pytest.raises(Refusal) as caught:
        parse_money(digit * count + decimals)
    assert caught.value.name == "money-invalid"


def test_amounts_are_written_as_people_write_them():
    assert str(Money(123450)) == "1,234.50"
    assert Money(-5).format() == "-0.05"


@given(amounts, st.lists(st.integers(0, 10**6), min_size=1, max_size=20).filter(any))
def test_shares_add_up_and_are_within_a_fen_of_their_part(amount, weights):
    shares = amount.allocate(weights)
    assert total(shares) == amount
    for share, weight in zip(shares, weights, strict=True):
        assert abs(share.fen * sum(weights) - amount.fen * weight) < sum(weights)


def test_the_fen_left_over_goes_to_the_largest_remainder_then_to_the_first():
    assert [s.fen for s in Money(100).allocate([1, 1, 1])] == [34, 33, 33]
    assert [s.fen for s in Money(-100).allocate([1, 1, 1])] == [-34, -33, -33]
    assert [s.fen for s in Money(10).allocate([0, 3, 8])] == [0, 3, 7]


@pytest.mark.parametrize("weights", [[], [0, 0], [1, -1]])
def test_weights_that_divide_nothing_are_an_error(weights):
    with pytest.raises(ValueError, match="weights"):
        Money(1).allocate(weights)


def test_amounts_add_compare_and_multiply_by_whole_numbers():
    assert Money(5) + Money(7) - Money(2) == 2 * Money(5) == Money(10)
    assert Money(-3) < ZERO < abs(Money(-3))
    assert not ZERO


@pytest.mark.parametrize("value", [1.0, True, "1"])
def test_only_whole_fen_make_money(value):
    with pytest.raises(TypeError):
        Money(value)

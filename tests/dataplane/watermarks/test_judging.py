"""What an order proves: pure."""

from __future__ import annotations

import math
from fractions import Fraction
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wushu.dataplane.watermarks import judging
from wushu.dataplane.watermarks.types import Pairing, Reading

ONE, OTHER = UUID(int=1), UUID(int=2)


def readings(agreeing: int, pairs: int) -> list[Reading]:
    return [Reading(pairing, False, agreeing, pairs) for pairing in Pairing]


@given(st.integers(0, 300).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n))))
def test_the_chance_is_the_exact_one_of_fair_coins(drawn):
    pairs, agreeing = drawn
    exact = Fraction(sum(math.comb(pairs, k) for k in range(agreeing, pairs + 1)), 2**pairs)
    if 2 * agreeing <= pairs:
        assert judging.log10_tail(pairs, agreeing) == 0.0
    else:
        known = math.log10(exact.numerator) - math.log10(exact.denominator)
        assert judging.log10_tail(pairs, agreeing) == pytest.approx(known, abs=1e-6)


def test_half_a_million_pairs_that_agree_are_no_number_too_large():
    assert judging.log10_tail(500_000, 500_000) == pytest.approx(-150_514.998, abs=0.01)


def test_a_delivery_that_fits_is_named_and_one_that_does_not_is_not():
    fits = judging.judged({ONE: readings(51, 100), OTHER: readings(95, 100)})
    assert [(fit.grant, fit.named) for fit in fits] == [(OTHER, True), (ONE, False)]


def test_a_file_from_its_end_to_its_beginning_fits_too():
    (fit,) = judging.judged({ONE: readings(3, 100)})
    assert fit.named
    assert fit.reading.backwards
    assert fit.reading.agreeing == 97


def test_what_fits_one_of_few_does_not_suffice_for_one_of_many():
    enough = {ONE: readings(24, 24)}
    assert judging.judged(enough)[0].named
    many = {UUID(int=n): readings(12, 24) for n in range(2, 1_000)}
    assert not any(fit.named for fit in judging.judged(enough | many))


def test_few_rows_never_suffice():
    (fit,) = judging.judged({ONE: readings(20, 20)})
    assert not fit.named


def test_no_pairs_prove_nothing():
    (fit,) = judging.judged({ONE: readings(0, 0)})
    assert (fit.named, fit.log10_p) == (False, 0.0)

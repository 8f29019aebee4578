"""Small distributions stay inside their frame and say what they show."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from wushu.dataplane.types import ColumnProfile, HistogramBin, SemanticType, ValueCount
from wushu.portal import pictures

PLAIN = ColumnProfile(
    name="a", type="text", semantic=SemanticType.NONE, filled=10, empty=0, distinct=3,
    distinct_approximate=False, minimum=None, maximum=None, mean=None, histogram=(), top=(),
    examples=(),
)  # fmt: skip


@given(st.lists(st.integers(0, 10**9), max_size=200), st.integers(0, 12))
def test_bars_stay_inside_the_frame_and_none_that_counts_is_lost(counts: list[int], slots: int):
    drawn = pictures.bars(counts, slots=slots)
    for bar in drawn:
        assert float(bar.x) >= 0
        assert float(bar.x) + float(bar.width) <= pictures.WIDTH + 0.02
        assert float(bar.y) >= 0
        assert float(bar.height) >= 1
        assert abs(float(bar.y) + float(bar.height) - pictures.HEIGHT) < 0.02
    assert bool(drawn) == any(counts)
    assert len(drawn) <= pictures.MOST_BARS


def test_a_histogram_says_where_most_values_are():
    profile = replace(
        PLAIN, minimum="0", maximum="9", histogram=(HistogramBin("0", "5", 1), HistogramBin("5", "9", 4))
    )  # fmt: skip
    picture = pictures.distribution(profile)
    assert picture is not None
    assert all(text in picture.words for text in ("0", "9", "5"))
    assert len(picture.bars) == 2


def test_frequent_values_are_named():
    profile = replace(PLAIN, top=(ValueCount("北", 6), ValueCount("南", 4)))
    picture = pictures.distribution(profile)
    assert picture is not None
    assert "北" in picture.words
    assert "6" in picture.words


def test_a_column_of_different_values_has_no_picture():
    profile = replace(PLAIN, distinct=9, top=(ValueCount("a", 2), ValueCount("b", 1)))
    assert pictures.distribution(profile) is None
    assert pictures.distribution(replace(PLAIN, filled=0, empty=10)) is None

"""How numbers, days, sizes and two-language texts are written."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wushu.portal import text


@pytest.mark.parametrize(
    ("number", "written"),
    [(0, "0"), (9999, "9999"), (10482, "10\u202f482"), (-1234567, "-1\u202f234\u202f567")],
)
def test_digits_are_grouped_from_five_on(number: int, written: str):
    assert text.grouped(number) == written


@given(st.integers(-(10**18), 10**18))
def test_grouping_loses_no_digit(number: int):
    assert int(text.grouped(number).replace(text.THIN_SPACE, "")) == number


def test_days_are_written_as_people_write_them():
    assert text.day_words(date(2026, 11, 21), "zh") == "2026年11月21日"
    assert text.day_words(date(2026, 1, 2), "en") == "2 January 2026"
    assert text.moment_words(datetime(2026, 1, 2, 3, 4, tzinfo=UTC), "zh") == "2026年1月2日 03:04"


@pytest.mark.parametrize(
    ("size", "written"),
    [(0, "0 B"), (999, "999 B"), (1000, "1.00 kB"), (12_345, "12.3 kB"), (999_949, "1.00 MB"),
     (2 * 10**9, "2.00 GB"), (10**16, "10000 TB")],
)  # fmt: skip
def test_sizes_have_three_digits(size: int, written: str):
    assert text.size_words(size).replace(text.THIN_SPACE, " ") == written


@pytest.mark.parametrize(
    ("share", "written"),
    [(0, "0 %"), (1, "100 %"), (0.9999, "99.9 %"), (0.00001, "<0.1 %"), (0.964, "96.4 %")],
)
def test_a_share_is_whole_only_when_it_is(share: float, written: str):
    assert text.share_words(share).replace(text.THIN_SPACE, " ") == written


@pytest.mark.parametrize(
    ("span", "zh", "en"),
    [(timedelta(seconds=3), "1 分钟", "1 minute"), (timedelta(hours=5), "5 小时", "5 hours"),
     (timedelta(days=2, hours=13), "3 天", "3 days")],
)  # fmt: skip
def test_a_span_is_said_in_its_largest_unit(span: timedelta, zh: str, en: str):
    assert text.duration_words(span, "zh").replace(text.THIN_SPACE, " ") == zh
    assert text.duration_words(span, "en").replace(text.THIN_SPACE, " ") == en


def test_a_text_in_two_languages_shows_the_readers_half():
    assert text.one_language("度，北纬为正 / degrees north", "zh") == "度，北纬为正"
    assert text.one_language("度，北纬为正 / degrees north", "en") == "degrees north"


@pytest.mark.parametrize("whole", ["km / h", "上海 / 苏州", "公里", "", "公里 / ", "a/b"])
def test_other_texts_with_a_slash_stay_whole(whole: str):
    assert text.one_language(whole, "en") == whole
    assert text.one_language(whole, "zh") == whole


def test_a_missing_language_falls_back_to_the_other():
    assert text.either("公交", "", "en") == "公交"
    assert text.either("", "Bus", "zh") == "Bus"


def test_a_mean_is_written_as_people_write_numbers():
    from wushu.portal.templatetags.wushu import mean

    assert [mean(one) for one in (458_000.4, 2.14159, -31_415.9, 0.5)] == [
        "458\u202f000", "2.142", "-31\u202f416", "0.5",
    ]  # fmt: skip

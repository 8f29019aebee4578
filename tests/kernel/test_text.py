"""Text for search: folding, bigrams, and every reading of a character."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wushu.kernel.text import (
    READINGS_CEILING,
    bigrams,
    normalise,
    pinyin_initials,
    pinyin_readings,
    readings,
    syllables,
    unigrams,
)


def test_full_width_case_and_blanks_are_folded():
    assert normalise("　Ａｂｃ\t１２３\n Straße ") == "abc 123 strasse"


@given(st.text())
def test_folding_twice_changes_nothing(text):
    assert normalise(normalise(text)) == normalise(text)


def test_chinese_becomes_bigrams_and_everything_else_stays_whole():
    assert bigrams("朝阳区2024年GDP，(人均) 路") == [
        "朝阳",
        "阳区",
        "2024",
        "年",
        "gdp",
        "人均",
        "路",
    ]


@given(st.text("朝阳区街道办事处 a1", max_size=20), st.data())
def test_every_part_of_a_text_that_is_searched_for_is_found_by_its_bigrams(text, data):
    start = data.draw(st.integers(0, len(text)))
    part = text[start : data.draw(st.integers(start, len(text)))]
    chinese = [run for run in part.replace("a", " ").replace("1", " ").split() if len(run) > 1]
    for run in chinese:
        assert set(bigrams(run)) <= set(bigrams(text))


def test_one_character_can_be_searched_too():
    assert unigrams("朝阳 abc") == ["朝", "阳"]


def test_both_readings_of_chaoyang_are_given():
    assert {"chaoyang", "zhaoyang"} <= set(pinyin_readings("朝阳"))
    assert {"cy", "zy"} <= set(pinyin_initials("朝阳"))


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("重庆", "chongqing"),
        ("长乐", "changle"),
        ("六安", "luan"),
        ("蚌埠", "bengbu"),
        ("厦门", "xiamen"),
        ("大夏", "daxia"),
        ("乐清", "yueqing"),
        ("吕梁", "lvliang"),
        ("臺灣", "taiwan"),
        ("台湾", "taiwan"),
        ("朝阳区ABC12", "chaoyangquabc12"),
    ],
)
def test_names_are_found_by_the_reading_people_use(text, reading):
    assert reading in pinyin_readings(text)


def test_readings_have_a_ceiling_and_the_likeliest_come_first():
    long = "朝" * 30
    cut = pinyin_readings(long)
    assert len(cut) == READINGS_CEILING
    assert cut[0] == readings("朝")[0] * 30
    assert pinyin_readings(long, limit=3) == cut[:3]
    single_departures = {r for r in cut if r.count("chao") == 29}
    assert len(single_departures) == 30 * (len(readings("朝")) - 1)


@given(st.text("朝重长乐行", max_size=5))
def test_below_the_ceiling_every_combination_is_given_once(text):
    combinations = 1
    for options in syllables(text):
        combinations *= len(options)
    found = pinyin_readings(text, limit=100_000)
    assert len(found) == len(set(found))
    assert len(found) <= combinations
    assert bool(found) == bool(text)


@given(st.text(max_size=8))
def test_any_text_has_readings_without_an_error(text):
    for reading in pinyin_readings(text, limit=4) + pinyin_initials(text, limit=4):
        assert reading


@pytest.mark.data
def test_every_street_of_the_country_has_a_reading(test_data: Path):
    path = test_data / "public" / "admin-divisions" / "streets.csv"
    with path.open(encoding="utf-8", newline="") as file:
        names = {row["name"] for row in csv.DictReader(file)}
    without = {name for name in names if any(not readings(c) for c in unigrams(name))}
    assert not without, sorted(without)[:10]

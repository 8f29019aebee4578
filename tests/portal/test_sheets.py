"""The table of a dataset's page: columns with what is known of them, cells as people write them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.utils import translation

from tests.portal.test_pictures import PLAIN
from wushu.catalog.types import FieldSpec, FieldType
from wushu.dataplane.types import Profile
from wushu.portal import sheets

GRADE = FieldSpec(name="等级", code_list=(("a", "枢纽站 / hub"), ("b", "干线站")))
AT = FieldSpec(name="时间", type=FieldType.DATETIME)
OPEN = FieldSpec(name="营业", type=FieldType.BOOLEAN)


@pytest.mark.parametrize(
    ("filled", "empty", "width"), [(0, 10, 0), (10, 0, 100), (1, 999, 1), (9999, 1, 99), (0, 0, 0)]
)
def test_the_fill_bar_is_full_only_when_every_cell_is(filled: int, empty: int, width: int):
    profile = replace(PLAIN, filled=filled, empty=empty)
    assert sheets.Column(GRADE, profile).fill_percent == width


def test_columns_without_a_profile_are_shown_all_the_same():
    (column,) = sheets.columns([GRADE], Profile(0, 0, (), ()))
    assert (column.fill_percent, column.picture) == (0, None)


def test_cells_are_written_for_people():
    with translation.override("zh-hans"):
        ((when, open_, nothing),) = sheets.cells(
            [AT, OPEN, OPEN], [["2026-03-02T06:00:00", True, None]]
        )
        assert when.text == "2026-03-02 06:00:00"
        assert open_.text == "是"
        assert nothing.empty


@pytest.mark.parametrize(
    ("language", "code", "meaning"),
    [("zh-hans", "a", "枢纽站"), ("en", "a", "hub"), ("en", "b", ""), ("zh-hans", "c", "")],
)
def test_a_code_is_followed_by_its_meaning_in_the_readers_language(
    language: str, code: str, meaning: str
):
    with translation.override(language):
        ((cell,),) = sheets.cells([GRADE], [[code]])
        assert (cell.text, cell.meaning) == (code, meaning)


def test_the_catalogue_gives_the_meaning_and_the_version_its_type():
    loaded = FieldSpec(name="泊位", type=FieldType.INTEGER)
    dictionary = [FieldSpec(name="泊位", unit="个", type=FieldType.TEXT)]
    (made,) = sheets.described([loaded], dictionary)
    assert (made.type, made.unit) == (FieldType.INTEGER, "个")
    assert sheets.described([loaded], []) == (loaded,)

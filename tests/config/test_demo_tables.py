"""The tables of the demonstration region: what each promises of its cells, licence and origin."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from importlib.metadata import version

import pytest

from tests.config.test_demo import needs_packages
from wushu.catalog import vocabulary
from wushu.catalog.types import FieldSpec, FieldType
from wushu.config.demo import cities, divisions, holidays_abroad, lunar, phones, rates, small
from wushu.config.demo.catalogue import DATASETS
from wushu.config.demo.dataset import UNICODE, DemoDataset, TableFile

pytestmark = needs_packages

LONG = {
    "calling-codes-abroad",
    "exchange-rates",
    "holidays-abroad",
    "lunar-calendar",
    "mobile-prefixes",
    "word-readings",
}
"""More than sixty thousand rows."""
TABLES = [
    pytest.param(slug, marks=pytest.mark.slow) if slug in LONG else slug
    for slug in DATASETS
    if slug != "marriage-registrations"
]
FAULTY = {"area-codes": 4}
"""Rows that do not fit their dictionary, and are rejected."""
ELSEWHERE = {UNICODE, rates.TERMS}
"""Licences that the EU's list does not have."""


@contextmanager
def _rows(file: TableFile) -> Iterator[Iterator[list[str]]]:
    """The file's rows, the header first, as a reader of the bytes sees them."""
    with (
        file.open() as stored,
        io.TextIOWrapper(stored, encoding=file.encoding, newline="") as text,
    ):
        yield csv.reader(text, delimiter=file.delimiter)


def _moment(form: str, text: str) -> datetime:
    return datetime.strptime(text, form.replace("%-", "%"))  # noqa: DTZ007


def _reader(field: FieldSpec) -> Callable[[str], object]:
    if field.type in (FieldType.DATE, FieldType.DATETIME):
        return lambda text: _moment(field.format, text)
    return {FieldType.INTEGER: int, FieldType.NUMBER: float, FieldType.TEXT: str}[field.type]


def _fits(field: FieldSpec, read: Callable[[str], object], text: str) -> bool:
    """Whether a cell is as its dictionary says; ``ValueError`` where it is not of the type."""
    if text in field.null_values:
        return not field.required
    read(text)
    return not field.code_list or text in {code for code, _ in field.code_list}


@pytest.mark.parametrize("slug", TABLES)
def test_every_row_of_every_edition_is_as_the_dictionary_says(slug: str) -> None:
    dataset = DATASETS[slug]()
    readers = [_reader(field) for field in dataset.fields]
    keys = [i for i, field in enumerate(dataset.fields) if field.key]
    for edition in dataset.editions:
        assert edition.file is not None
        with _rows(edition.file) as rows:
            assert next(rows) == [field.name for field in dataset.fields]
            seen, faulty, count = set(), 0, 0
            for row in rows:
                count += 1
                cells = zip(dataset.fields, readers, row, strict=True)
                faulty += not all(_fits(*cell) for cell in cells)
                seen.add(tuple(row[i] for i in keys))
        assert count
        assert faulty == FAULTY.get(slug, 0)
        assert len(seen) == count or not keys


def test_every_data_item_is_explained_in_both_languages() -> None:
    for build in DATASETS.values():
        for field in build().fields:
            assert field.title_zh
            assert field.title_en
            assert " / " in field.description
            assert " / " in field.null_meaning


def _real() -> list[DemoDataset]:
    return [dataset for build in DATASETS.values() if (dataset := build()).package]


def test_every_real_table_names_its_package_origin_and_licence() -> None:
    known = {concept.uri for concept in vocabulary.licences().concepts.values()}
    for dataset in _real():
        for edition in dataset.editions:
            text = edition.metadata
            assert not text.synthetic
            assert text.licence in known | ELSEWHERE, dataset.slug
            assert text.licence_note
            assert text.source_url.startswith("https://")
            assert f"{dataset.package} {version(dataset.package)}" in text.source_note


def test_the_tables_are_spread_over_bodies_themes_cycles_and_ways_of_writing() -> None:
    datasets = [build() for build in DATASETS.values()]
    files = [dataset.file for dataset in datasets if dataset.file]
    assert len({dataset.body for dataset in datasets}) >= 12
    assert len({dataset.metadata.theme for dataset in datasets}) >= 8
    assert len({dataset.metadata.update_cycle for dataset in datasets}) >= 4
    assert {file.encoding for file in files} == {
        "utf-8", "utf-8-sig", "utf-16", "gb18030", "big5",
    }  # fmt: skip
    assert {file.delimiter for file in files} == {",", "\t", ";", "|"}


@pytest.mark.parametrize("slug", ["work-calendar", "yuan-rates", "emoji"])
def test_each_edition_goes_on_from_the_one_before(slug: str) -> None:
    editions = DATASETS[slug]().editions
    ends = [edition.metadata.temporal_end for edition in editions]
    assert len(editions) == 3
    assert ends == sorted(ends, key=lambda end: end or date.min)
    assert len({edition.metadata.change_note for edition in editions}) == 3
    tables = []
    for edition in editions:
        assert edition.file is not None
        with _rows(edition.file) as rows:
            tables.append({tuple(row) for row in rows})
    assert tables[0] < tables[1] < tables[2]


def test_a_division_code_that_changed_its_name_has_a_row_for_each() -> None:
    rows = [row for row in divisions.rows() if row[0] == "210311"]
    assert [(row[1], row[3], row[4]) for row in rows] == [
        ("郊区", None, 1983),
        ("旧堡区", 1984, 1995),
        ("千山区", 1996, None),
    ]


def test_the_first_level_codes_of_geonames_name_the_right_provinces() -> None:
    capitals = {"杭州": "浙江", "南京": "江苏", "贵阳": "贵州", "昆明": "云南", "长沙": "湖南"}
    seen = {}
    for row in cities.rows():
        for name in str(row[2]).split("；"):
            if name in capitals:
                seen.setdefault(name, cities.ADMIN1[str(row[3])])
    assert seen == capitals


def test_the_area_codes_without_a_chinese_name_are_those_of_simao() -> None:
    nameless = [row for row in phones.area_rows() if row[1] is None]
    assert {row[2] for row in nameless} == {"Simao, Yunnan"}


def test_prefixes_read_as_text_are_those_the_package_answers_with() -> None:
    geocoder = phones.d.package_module("phonenumbers.geocoder", phones.PACKAGE)
    numbers = phones.d.package_module("phonenumbers", phones.PACKAGE)
    known = dict(row[:2] for row in phones.area_rows())
    number = numbers.parse("+862583191234")
    assert known["025"] == geocoder.description_for_number(number, "zh")


def test_the_lunar_new_year_leap_month_and_solar_terms_fall_where_they_do() -> None:
    days = {row[0]: row[1:] for row in lunar.day_rows() if row[0].year in (2025, 2026)}  # type: ignore[attr-defined]
    assert days[date(2026, 2, 17)] == ("丙午", "马", "正", "初一", "壬戌", None)
    assert days[date(2025, 7, 25)][:4] == ("乙巳", "蛇", "闰六", "初一")
    assert days[date(2026, 2, 4)][-1] == "立春"
    assert ("立春", date(2026, 2, 4), 3) in set(lunar.term_rows())


def test_the_calendars_abroad_leave_out_what_has_a_table_of_its_own() -> None:
    countries = {row[0] for row in holidays_abroad.abroad_rows()}
    assert len(countries) > 200
    assert not countries & {"CN", "HK", "MO", "TW"}


@pytest.mark.parametrize(
    ("text", "expected"), [("+3114", 31.2333), ("-0353800", -35.6333), ("-07000", -70.0)]
)
def test_degrees_and_minutes_become_decimal_degrees(text: str, expected: float) -> None:
    assert small.degrees(text) == expected

"""Exactly of the type, or rejected: every type against Python's own strict reading."""

from __future__ import annotations

import math
import re
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wushu.catalog.types import FieldSpec, FieldType
from wushu.dataplane.ingest import convert
from wushu.dataplane.ingest.engine import literal
from wushu.dataplane.ingest.formats import format_fault

FAULT = object()


def converted(field: FieldSpec, texts: list[str]) -> list[Any]:
    """The values; ``FAULT`` for what would be rejected, None for "no value"."""
    rows = ", ".join(f"({n}, {literal(text)})" for n, text in enumerate(texts))
    relation = f"(SELECT * FROM (VALUES {rows}) AS t(n, c0))"
    one = convert.Conversion(0, field, "c0")
    sql = f"SELECT v0, {one.is_fault} FROM {convert.converted(relation, [one], keep=['n'])} ORDER BY n"
    return [FAULT if fault else value for value, fault in duckdb.sql(sql).fetchall()]


def value(field: FieldSpec, text: str) -> Any:
    return converted(field, [text])[0]


INTEGER = FieldSpec("n", FieldType.INTEGER)
GROUPED = FieldSpec("n", FieldType.INTEGER, ",")
DECIMAL = FieldSpec("n", FieldType.DECIMAL, "2")
NUMBER = FieldSpec("n", FieldType.NUMBER)
DATE = FieldSpec("d", FieldType.DATE, "%Y-%m-%d")


@pytest.mark.parametrize(
    ("field", "text", "wanted"),
    [
        (INTEGER, "12", 12), (INTEGER, "-7", -7), (INTEGER, "+7", 7), (INTEGER, "007", 7),
        (INTEGER, " 12 ", 12), (INTEGER, "\u300012\u3000", 12), (INTEGER, "\t12", 12),
        (INTEGER, "1.5", FAULT), (INTEGER, "1.0", FAULT), (INTEGER, "1_000", FAULT),
        (INTEGER, "1e3", FAULT), (INTEGER, "0x1F", FAULT), (INTEGER, "１２", FAULT),
        (INTEGER, "1,000", FAULT), (INTEGER, "9223372036854775807", 2**63 - 1),
        (INTEGER, "9223372036854775808", FAULT), (INTEGER, "--1", FAULT), (INTEGER, "", None),
        (INTEGER, "  ", None), (INTEGER, "true", FAULT),
        (GROUPED, "1,234,567", 1234567), (GROUPED, "1234567", 1234567), (GROUPED, "12,34", FAULT),
        (GROUPED, ",123", FAULT), (GROUPED, "1,2345", FAULT), (GROUPED, "-1,000", -1000),
        (DECIMAL, "1.5", Decimal("1.50")), (DECIMAL, "1.239", FAULT), (DECIMAL, "1.", FAULT),
        (DECIMAL, ".5", Decimal("0.50")), (DECIMAL, "-.5", Decimal("-0.50")), (DECIMAL, ".", FAULT),
        (DECIMAL, "1e2", FAULT), (DECIMAL, "1,000.00", FAULT), (DECIMAL, "9" * 36, Decimal("9" * 36)),
        (DECIMAL, "9" * 37, FAULT), (DECIMAL, "5", Decimal("5.00")), (DECIMAL, "NaN", FAULT),
        (NUMBER, "1e3", 1000.0), (NUMBER, "1.", 1.0), (NUMBER, ".5", 0.5), (NUMBER, "1e400", FAULT),
        (NUMBER, "inf", FAULT), (NUMBER, "nan", FAULT), (NUMBER, "1_0", FAULT),
        (NUMBER, "-1.77635683940025e-15", -1.77635683940025e-15),
        (DATE, "2023-11-03xyz", FAULT), (DATE, "2023-1-3", FAULT), (DATE, "2023-02-30", FAULT),
        (DATE, "2023-11-03 10:00", FAULT), (DATE, "0001-01-01", date(1, 1, 1)),
        (DATE, "2024-02-29", date(2024, 2, 29)), (DATE, " 2024-02-29", date(2024, 2, 29)),
        (DATE, "infinity", FAULT), (DATE, "epoch", FAULT), (DATE, "20240229", FAULT),
    ],
)  # fmt: skip
def test_each_text_is_a_value_or_a_fault(field, text, wanted):
    assert value(field, text) == wanted or value(field, text) is wanted


@pytest.mark.parametrize(
    ("format_", "right", "wrong"),
    [
        (
            "%Y年%-m月%-d日",
            "2020年1月11日",
            ["2020年01月11日", "1月11日", "2020年1月11", "2020年13月1日"],
        ),
        ("%Y年%m月%d日", "2020年01月11日", ["2020年1月11日"]),
        ("%Y/%-m/%-d", "2020/1/5", ["2020/01/05", "2020/1/5 x"]),
        ("%Y%m%d", "20200115", ["2020115", "20201315"]),
        ("%d-%b-%y", "23-Sep-11", ["23-sep-11x", "32-Sep-11"]),
        ("%-m/%-d/%Y", "1/5/2020", ["01/05/2020", "13/1/2020"]),
    ],
)
def test_a_date_format_is_exact_about_padding(format_, right, wrong):
    field = FieldSpec("d", FieldType.DATE, format_)
    assert value(field, right).year in (2020, 2011)
    assert converted(field, wrong) == [FAULT] * len(wrong)


def test_a_datetime_keeps_its_time():
    field = FieldSpec("t", FieldType.DATETIME, "%Y-%m-%d %H:%M:%S")
    assert value(field, "2022-01-21 13:47:05") == datetime(2022, 1, 21, 13, 47, 5)  # noqa: DTZ001  (naive, as stored)
    assert value(field, "2022-01-21 24:00:00") is FAULT
    assert value(field, "2022-01-21") is FAULT


def test_a_boolean_is_one_of_two_texts():
    field = FieldSpec("b", FieldType.BOOLEAN, "是|否")
    assert converted(field, ["是", "否", "", "Y", "true", " 是 "]) == [
        True,
        False,
        None,
        FAULT,
        FAULT,
        True,
    ]


def test_null_literals_are_no_values_and_no_faults_even_when_they_are_numbers():
    field = FieldSpec("n", FieldType.INTEGER, null_values=("", "NA", "-999"))
    assert converted(field, ["NA", " NA ", "-999", " -999", "", "5", "N/A"]) == [
        None, None, None, None, None, 5, FAULT,
    ]  # fmt: skip


def test_without_null_values_an_empty_cell_of_a_number_is_a_fault():
    assert value(FieldSpec("n", FieldType.INTEGER, null_values=()), "") is FAULT


def test_text_is_kept_as_it_is():
    plain, marked = FieldSpec("t"), FieldSpec("t", null_values=("", "NA", "-"))
    texts = [" x ", "", "NA", "-", "'quoted'", "1.50", "\u3000"]
    assert converted(plain, texts) == [" x ", None, "NA", "-", "'quoted'", "1.50", "\u3000"]
    assert converted(marked, texts) == [" x ", None, None, None, "'quoted'", "1.50", "\u3000"]


number_like = st.text(alphabet="0123456789+-.,eE_ x", max_size=12)


@settings(max_examples=60, deadline=None)
@given(texts=st.lists(number_like, min_size=1, max_size=40))
def test_numbers_agree_with_an_exact_reading_in_python(texts):
    def integer(text: str) -> Any:
        text = text.strip(convert.BLANKS)
        if not text:
            return None
        if re.fullmatch(r"[+-]?[0-9]+", text) and -(2**63) <= int(text) < 2**63:
            return int(text)
        return FAULT

    def decimal(text: str) -> Any:
        text = text.strip(convert.BLANKS)
        if not text:
            return None
        if re.fullmatch(r"[+-]?([0-9]+(\.[0-9]{1,2})?|\.[0-9]{1,2})", text):
            return Decimal(text)
        return FAULT

    assert converted(INTEGER, texts) == [integer(text) for text in texts]
    assert converted(DECIMAL, texts) == [decimal(text) for text in texts]
    for text, found in zip(texts, converted(NUMBER, texts), strict=True):
        if isinstance(found, float):
            assert math.isclose(found, float(text.strip(convert.BLANKS)))


@settings(max_examples=60, deadline=None)
@given(moments=st.lists(st.dates(), min_size=1, max_size=20))
def test_every_date_written_in_a_format_is_read_back(moments):
    formats = {
        "%Y-%m-%d": lambda d: f"{d.year:04}-{d.month:02}-{d.day:02}",
        "%Y年%-m月%-d日": lambda d: f"{d.year:04}年{d.month}月{d.day}日",
        "%d/%m/%Y": lambda d: f"{d.day:02}/{d.month:02}/{d.year:04}",
    }
    for format_, write in formats.items():
        field = FieldSpec("d", FieldType.DATE, format_)
        assert converted(field, [write(d) for d in moments]) == moments


@pytest.mark.parametrize(
    ("type_", "format_", "is_right"),
    [
        (FieldType.DATE, "%Y-%m-%d", True), (FieldType.DATE, "%Y-%j", True),
        (FieldType.DATE, "%Y-%m", False), (FieldType.DATE, "%m-%d", False), (FieldType.DATE, "", False),
        (FieldType.DATE, "%Y-%m-%d %H", False), (FieldType.DATE, "%Y-%m-%q", False),
        (FieldType.DATE, "%c", False), (FieldType.DATE, "%Y-%m-%d%", False),
        (FieldType.DATETIME, "%Y-%m-%d %H:%M", True), (FieldType.DATETIME, "%Y-%m-%d", False),
        (FieldType.DATETIME, "%Y-%m-%d %I:%M", False), (FieldType.DATETIME, "%Y-%m-%d %I:%M %p", True),
        (FieldType.DATETIME, "%Y-%m-%dT%H:%M:%S%z", False),
        (FieldType.DECIMAL, "2", True), (FieldType.DECIMAL, "2,", True), (FieldType.DECIMAL, "", False),
        (FieldType.DECIMAL, "39", False), (FieldType.DECIMAL, "38", True), (FieldType.DECIMAL, "-1", False),
        (FieldType.INTEGER, "", True), (FieldType.INTEGER, ",", True), (FieldType.INTEGER, "2", False),
        (FieldType.BOOLEAN, "是|否", True), (FieldType.BOOLEAN, "", True), (FieldType.BOOLEAN, "是", False),
        (FieldType.BOOLEAN, "x|x", False), (FieldType.BOOLEAN, "|x", False),
        (FieldType.TEXT, "", True), (FieldType.TEXT, "x", False), (FieldType.NUMBER, "2", False),
    ],
)  # fmt: skip
def test_formats_that_say_too_little_are_refused(type_, format_, is_right):
    assert (format_fault(FieldSpec("f", type_, format_)) is None) == is_right

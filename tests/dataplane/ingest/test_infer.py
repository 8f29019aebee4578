"""What is proposed for a column: codes stay text, numbers and dates are exact."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from wushu.catalog.types import FieldType
from wushu.dataplane.ingest.infer import Proposal, Why, propose, widened
from wushu.dataplane.types import SemanticType

T, I, D, N = FieldType.TEXT, FieldType.INTEGER, FieldType.DECIMAL, FieldType.NUMBER  # noqa: E741


def first(header: str, *values: str) -> Proposal:
    return propose(header, values)[0]


@pytest.mark.parametrize(
    ("header", "values", "why"),
    [
        ("编号", ["1", "2", "3"], Why.CODE_HEADER),
        ("id", ["0", "1", "2"], Why.CODE_HEADER),
        ("station_id", ["7", "8"], Why.CODE_HEADER),
        ("provinceCode", ["11", "12"], Why.CODE_HEADER),
        ("邮编", ["215000", "215001"], Why.CODE_HEADER),
        ("数量", ["01", "02", "10"], Why.LEADING_ZERO),
        ("x", ["0164", "1644"], Why.LEADING_ZERO),
        ("x", ["60001449", "60002210"], Why.CODE_LENGTH),
        ("x", ["12345678901234567890", "1"], Why.TOO_LONG),
        ("x", ["110101001", "320505002"], Why.IDENTIFIER),
        ("区划", ["320505", "320506"], Why.IDENTIFIER),
        ("x", ["0164A", "0165B"], Why.TEXT),
        ("x", [], Why.EMPTY),
        ("x", ["", "NA", "-"], Why.EMPTY),
    ],
)
def test_codes_and_unknowns_stay_text(header, values, why):
    proposal = first(header, *values)
    assert (proposal.type, proposal.why) == (T, why)


def test_credit_codes_and_resident_ids_are_known_by_their_check_digits():
    codes = ["91350211M00013FA1N", "91210402603406213Q"]
    assert first("x", *codes * 3).semantic in (SemanticType.CREDIT_CODE, SemanticType.NONE)
    ids = ["11010519491231002X", "440524188001010014"]
    assert first("x", *ids).semantic is SemanticType.RESIDENT_ID


@pytest.mark.parametrize(
    ("header", "values", "type_", "format_"),
    [
        ("数量", ["1", "2", "-3"], I, ""),
        ("year", ["2013", "2014"], I, ""),
        ("No", ["1", "2"], I, ""),
        ("金额", ["1.5", "2.25", "3"], D, "2"),
        ("金额", ["1,234.50", "12.00"], D, "2,"),
        ("人数", ["1,234", "56"], I, ","),
        ("x", [".5", "1.25"], D, "2"),
        ("x", ["1e-5", "2.5"], N, ""),
        ("x", ["NA", "5", "", "7"], I, ""),
        ("日期", ["2020年1月11日", "2020年12月1日"], FieldType.DATE, "%Y年%-m月%-d日"),
        ("日期", ["2020年01月11日", "2020年12月01日"], FieldType.DATE, "%Y年%m月%d日"),
        ("日期", ["2020-01-11", "2020-12-01"], FieldType.DATE, "%Y-%m-%d"),
        ("日期", ["20200111", "20201201"], FieldType.DATE, "%Y%m%d"),
        ("日期", ["13/01/2020", "01/02/2020"], FieldType.DATE, "%d/%m/%Y"),
        ("t", ["2022-01-21 13:47:00"], FieldType.DATETIME, "%Y-%m-%d %H:%M:%S"),
        ("t", ["2022-01-21T13:47"], FieldType.DATETIME, "%Y-%m-%dT%H:%M"),
        ("公开", ["是", "否", "是"], FieldType.BOOLEAN, "是|否"),
    ],
)
def test_values_of_one_type_are_proposed_with_their_format(header, values, type_, format_):
    proposal = first(header, *values)
    assert (proposal.type, proposal.format) == (type_, format_)


def test_day_and_month_that_may_be_exchanged_are_left_to_the_person():
    assert first("d", "01/02/2020", "03/04/2020") == Proposal(T, why=Why.DAY_OR_MONTH)


def test_one_stray_value_in_many_does_not_hide_the_type_and_many_do():
    dates = [f"2020-01-{d:02}" for d in range(1, 32)] * 4
    assert first("d", *dates, "unknown").type is FieldType.DATE
    assert first("d", *dates[:20], *["unknown"] * 5).type is T


def test_eight_digits_that_are_no_dates_are_a_code():
    assert first("x", "99999999", "12345678").why is Why.CODE_LENGTH


def test_coordinates_and_money_are_named():
    assert first("经度", "120.58", "120.60").semantic is SemanticType.LONGITUDE
    assert first("lat", "31.3", "31.4").semantic is SemanticType.LATITUDE
    assert first("lat", "131.3", "31.4").semantic is SemanticType.NONE
    assert first("amount", "1.50", "2").semantic is SemanticType.MONEY


def test_few_repeating_texts_are_a_category():
    assert first("wd", *["N", "NNW", "E"] * 20).semantic is SemanticType.CATEGORY


@pytest.mark.parametrize(
    ("proposal", "places", "grouped", "exponent", "wanted"),
    [
        (Proposal(I), 4, False, False, (D, "4")),
        (Proposal(I), 0, True, False, (I, ",")),
        (Proposal(D, "1"), 3, False, False, (D, "3")),
        (Proposal(D, "3"), 0, True, False, (D, "3,")),
        (Proposal(D, "3,"), 5, False, False, (D, "5,")),
        (Proposal(D, "1"), 0, False, True, (N, "")),
        (Proposal(D, "1"), 19, False, False, (N, "")),
    ],
)
def test_a_numeric_proposal_is_widened_to_what_the_column_holds(
    proposal, places, grouped, exponent, wanted
):
    wide = widened(proposal, places, grouped=grouped, exponent=exponent)
    assert (wide.type, wide.format) == wanted


# An outside yardstick: 236 columns of real tables with types given by people (ptype, MIT).

AGREEING = {
    "string": {"text", "boolean", "date", "datetime"},
    "integer": {"integer", "decimal", "text"},  # codes stay text by design
    "float": {"decimal", "number", "integer", "text"},
    "boolean": {"boolean", "integer", "text"},
    "gender": {"text", "integer"},  # one table codes it 1 and 2
    "all identical": {"text", "integer", "decimal", "boolean", "date"},
}


@pytest.mark.data
def test_no_column_that_people_call_text_is_proposed_as_a_number(test_data: Path, tmp_path: Path):
    from wushu.dataplane.ingest.inspect import inspect

    folder = test_data / "public" / "ptype-types"
    labels = json.loads((folder / "annotations" / "annotations.json").read_text())
    checked, wrong = 0, []
    for name, types in labels.items():
        path = folder / "data" / f"{name}.csv"
        encoding = "cp1252" if name == "mass_6" else ""
        found = inspect(path, path.name, tmp_path, encoding=encoding, max_columns=2000)
        if len(found.columns) != len(types):
            continue
        for column, label in zip(found.columns, types, strict=True):
            checked += 1
            allowed = AGREEING.get(label, {"date", "datetime", "text", "integer"})
            if column.proposal.type.value not in allowed:
                wrong.append(
                    (name, column.header, label, column.proposal.type.value, column.samples)
                )
    assert checked > 150
    assert wrong == []

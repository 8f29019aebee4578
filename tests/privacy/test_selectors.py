"""Scanning tables: the right columns are named, codes and times are left alone, quickly."""

from __future__ import annotations

import csv
import random
import time
from datetime import date, timedelta
from pathlib import Path

import pyarrow as pa
import pytest
from django.utils.translation import override

from tests.privacy.support import Permits
from wushu.privacy.selectors import CONFIDENCES, KINDS, scan, scan_column
from wushu.privacy.types import Confidence, Kind

ROWS = 2000


def permits_table(rows: int = ROWS) -> pa.Table:
    made = Permits(rows)
    return pa.table(
        {
            "id": list(range(rows)),
            "uscc": made.credit_codes(),
            "name": made.names(),
            "phone": made.phones(),
            "id_number": made.resident_ids(),
            "date": [f"20{10 + i % 15:02}-{1 + i % 12:02}-{1 + i % 28:02}" for i in range(rows)],
            "amount": made.amounts(),
            "district": [("110105", "441900")[i % 2] for i in range(rows)],
            "remark": made.remarks(),
        }
    )


def personal_kinds(table: pa.Table) -> dict[str, list[Kind]]:
    found = scan(table.to_batches(max_chunksize=500), table.schema)
    return {column.name: [f.kind for f in column.personal] for column in found.personal}


def test_a_permit_register_is_warned_of_its_people_and_not_of_its_firms():
    assert personal_kinds(permits_table()) == {
        "name": [Kind.PERSON_NAME],
        "phone": [Kind.MOBILE],
        "id_number": [Kind.RESIDENT_ID],
    }


def test_a_column_of_credit_codes_is_recognised_and_is_not_personal():
    column = scan_column("代码", Permits(ROWS).credit_codes())
    (finding,) = column.findings
    assert (finding.kind, finding.matches, finding.share) == (Kind.CREDIT_CODE, ROWS, 1.0)
    assert column.personal == ()


def test_without_a_telling_header_the_values_speak_for_themselves():
    made = Permits(ROWS)
    for values, kind in (
        (made.resident_ids(), Kind.RESIDENT_ID),
        (made.cards(), Kind.BANK_CARD),
        (made.phones(), Kind.MOBILE),
    ):
        (finding,) = scan_column("c1", values).personal
        assert (finding.kind, finding.confidence, finding.header) == (kind, Confidence.HIGH, False)


def test_numbers_of_a_cell_are_counted_where_they_were_read_as_integers():
    phones = pa.array([int(p) for p in Permits(100).phones()], pa.int64())
    found = scan([pa.record_batch([phones], ["c"])])
    assert [f.kind for f in found.columns[0].personal] == [Kind.MOBILE]


def test_one_number_in_a_remark_is_worth_a_warning_and_is_shown_masked():
    remarks = ["现场检查合格"] * 999 + ["联系人电话13800138000，身份证11010519491231002X"]
    column = scan_column("备注", remarks)
    assert {f.kind for f in column.personal} == {Kind.MOBILE, Kind.RESIDENT_ID}
    for finding in column.personal:
        assert (finding.matches, finding.embedded, finding.share) == (1, 1, 0.001)
        assert "*" in finding.examples[0]
    assert "13800138000" not in repr(column)
    assert "19491231" not in repr(column)


@pytest.mark.parametrize("length", [15, 16, 17, 18, 19])
def test_order_numbers_are_not_taken_for_cards_or_people(length):
    chance = random.Random(7)
    for prefix in ("2024", "62", "4", ""):
        orders = [
            prefix + "".join(chance.choices("0123456789", k=length - len(prefix)))
            for _ in range(5000)
        ]
        assert scan_column("订单编号", orders).personal == ()


def test_order_numbers_that_carry_a_date_are_not_people():
    chance = random.Random(7)
    orders = [
        f"110105{2000 + i % 24}{1 + i % 12:02}{1 + i % 28:02}{chance.randrange(10**4):04}"
        for i in range(5000)
    ]
    assert scan_column("流水号", orders).personal == ()


@pytest.mark.parametrize(
    "values",
    [
        [f"{110000 + i}" for i in range(1000)],
        [f"{110105001000 + i:012}" for i in range(1000)],
        [f"2024-01-{1 + i % 28:02} 13:{i % 60:02}:00" for i in range(1000)],
        [str(1_705_312_345_000 + i) for i in range(1000)],
        [f"{10_000_000_000 + i}" for i in range(1000)],
        [f"{i * 1.37:.11f}" for i in range(1000)],
        [f"{13_800_138_000 + i}.50" for i in range(1000)],
    ],
    ids=["divisions", "villages", "times", "epoch", "eleven digits", "decimals", "amounts"],
)
def test_codes_times_and_amounts_are_left_alone(values):
    assert scan_column("值", values).findings == ()


def test_empty_cells_and_nulls_do_not_dilute_the_share():
    column = scan_column("手机", ["13800138000", "", None, "  "])
    assert column.values == 1
    assert column.findings[0].share == 1.0


def test_batches_add_up_and_the_headers_may_come_from_the_caller():
    table = permits_table()
    headers = [f"列{i}" for i in range(table.num_columns)]
    whole = scan(table.to_batches(), headers)
    parts = scan(table.to_batches(max_chunksize=7), headers)
    assert whole == parts
    assert whole.rows == ROWS
    assert [column.name for column in whole.columns] == headers


def test_headers_of_another_width_are_a_mistake():
    with pytest.raises(ValueError, match="2 headers for 9 columns"):
        scan(permits_table(5).to_batches(), ["a", "b"])


def test_a_table_without_rows_has_its_columns_and_no_findings():
    found = scan([], ["身份证", "手机"])
    assert [(c.name, c.values, c.findings) for c in found.columns] == [
        ("身份证", 0, ()),
        ("手机", 0, ()),
    ]


@pytest.mark.parametrize(
    "kind",
    [pa.string(), pa.large_string(), pa.string_view(), pa.dictionary(pa.int32(), pa.string())],
)
def test_every_arrow_form_of_text_is_read(kind):
    values = pa.array(["13800138000", None, "13900139000"]).cast(kind)
    found = scan([pa.record_batch([values], ["c"])])
    assert found.columns[0].findings[0].matches == 2


def test_types_that_cannot_hold_any_kind_are_passed_over():
    batch = pa.record_batch([pa.array([1.5, None]), pa.array([True, False])], ["a", "b"])
    assert [(c.values, c.findings) for c in scan([batch]).columns] == [(1, ()), (2, ())]


def test_a_sample_of_100_000_rows_takes_seconds_not_minutes():
    table = permits_table(20_000)
    batches = table.to_batches() * 5
    scan(batches[:1])  # what is imported lazily
    began = time.process_time()
    found = scan(batches)
    assert found.rows == 100_000
    assert time.process_time() - began < 10  # about one; the margin is for slow machines


def test_kinds_have_a_name_in_both_languages():
    for kind in Kind:
        with override("en"):
            assert str(KINDS[kind]).isascii()
    for level in Confidence:
        with override("en"):
            assert str(CONFIDENCES[level])


@pytest.mark.data
def test_the_labelled_set_differs_from_its_plain_copy_by_the_personal_data_put_in(test_data: Path):
    folder = test_data / "public" / "qsv-gov"
    plain, planted = (
        scan([_texts(folder / f"boston311-100-with-{kind}.csv")])
        for kind in ("nonascii", "fake-pii")
    )
    assert plain.personal == ()
    (column,) = planted.personal
    # American telephone and social security numbers were put in too: not kinds of this node
    assert column.name == "closure_reason"
    assert {f.kind: f.matches for f in column.personal} == {Kind.EMAIL: 1, Kind.BANK_CARD: 1}


@pytest.mark.data
def test_the_national_division_tables_hold_nobody(test_data: Path):
    folder = test_data / "public" / "admin-divisions"
    for name in ("provinces", "cities", "areas", "streets"):
        assert scan([_texts(folder / f"{name}.csv")]).personal == ()


def _texts(path: Path) -> pa.RecordBatch:
    with path.open(encoding="utf-8-sig", newline="") as file:
        header, *rows = csv.reader(file)
    return pa.record_batch([pa.array(column) for column in zip(*rows, strict=True)], header)


def test_one_resident_number_in_a_column_of_remarks_is_warned_of_though_another_is_mistyped():
    remarks = ["已核"] * 300 + ["身份证11010519491231002X", "身份证110105194912310021"]
    found = scan_column("备注", remarks)
    assert [one.kind for one in found.personal] == [Kind.RESIDENT_ID]


def test_a_column_of_codes_of_files_is_not_warned_of():
    """Division, day and serial number: eighteen digits whose province and date fit."""
    chance = random.Random(11)
    codes = [
        f"320500{date(2024, 1, 1) + timedelta(chance.randrange(700)):%Y%m%d}{chance.randrange(10_000):04d}"
        for _ in range(400)
    ]
    assert scan_column("件号", codes).personal == ()
    assert scan_column("件号", [f"JH{code}" for code in codes]).personal == ()

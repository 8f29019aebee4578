"""Spreadsheets: what is read, what is refused by the name of its cell, and how little may be sent."""

from __future__ import annotations

import csv
import io
import tracemalloc
import zipfile
from contextlib import suppress
from datetime import date
from itertools import islice

import pytest
from openpyxl import Workbook

from wushu.kernel.errors import Refusal, Said
from wushu.kernel.sheets import (
    MAX_ROWS,
    Changed,
    Column,
    Layout,
    Line,
    Outcome,
    read,
    reading,
    report_csv,
    template_csv,
    template_xlsx,
)

LAYOUT = Layout(
    "test",
    Said("试", "test"),
    (
        Column("code", Said("代码", "Code"), Said("代码说明", "the code"), "001", required=True),
        Column("name", Said("名称", "Name"), Said("名称说明", "the name")),
    ),
)


def rows(content: bytes | str, name: str = "表.csv"):  # type: ignore[no-untyped-def]
    data = content.encode() if isinstance(content, str) else content
    return list(read(io.BytesIO(data), name, LAYOUT))


def values(content: bytes | str) -> list[dict[str, str]]:
    return [dict(row.values) for row in rows(content)]


def workbook(*records: tuple[object, ...]) -> bytes:
    book = Workbook()
    for record in records:
        book.active.append(record)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def refusal(content: bytes | str) -> str:
    with pytest.raises(Refusal) as caught:
        rows(content)
    assert caught.value.sentence("zh")
    return caught.value.name


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_the_encodings_and_delimiters_of_spreadsheet_programs(encoding: str, delimiter: str):
    text = f"代码{delimiter}名称\r\n001{delimiter}“甲”，乙\r\n"
    assert values(text.encode(encoding)) == [{"code": "001", "name": "“甲”，乙"}]


def test_headings_in_any_order_and_either_language():
    assert (
        values("Name,代码*\n甲,1\n") == values("名称,code\n甲,1\n") == [{"code": "1", "name": "甲"}]
    )


def test_rows_that_explain_and_blank_rows_are_left_out_and_numbers_stay_the_spreadsheets():
    found = rows("# 先看说明\n代码,名称\n# 说明,x\n,\n1,甲\n")
    assert [(row.number, row["code"]) for row in found] == [(5, "1")]


def test_a_workbook_gives_texts_dates_and_whole_numbers():
    found = values(workbook(("代码", "名称"), (7, date(2026, 11, 21)), ("001", 2.5), ("x", True)))
    assert [tuple(one.values()) for one in found] == [
        ("7", "2026-11-21"), ("001", "2.5"), ("x", "是"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("record", "name", "cell"),
    [
        (("=1+1", "甲"), "sheet-formula", "A2"),
        (("1", "#N/A"), "sheet-cell-error", "B2"),
        ((320505199001011234, "甲"), "sheet-number-lost", "A2"),
        (("1", "甲", "外"), "sheet-cell-outside", "C2"),
        (("1", "长" * 20_001), "sheet-cell-too-long", "B2"),
    ],
)  # fmt: skip
def test_what_cannot_be_trusted_is_refused_by_its_cell(
    record: tuple[object, ...], name: str, cell: str
):
    [row] = rows(workbook(("代码", "名称"), record))
    assert row.fault is not None
    assert (row.fault.refusal.name, row.fault.cell) == (name, cell)


def test_a_formula_in_csv_is_text_and_its_report_runs_nothing():
    [row] = rows("代码,名称\n=cmd|' /C calc'!A0,甲\n")
    line = Line(row.number, Outcome.CHANGED, row["code"], (Changed(Said("名", "n"), "", "+1+1"),))
    [_, written] = csv.reader(io.StringIO("".join(report_csv([line], "zh")).lstrip("\ufeff")))
    assert written[2].startswith("'=")


@pytest.mark.parametrize(
    ("content", "name"),
    [
        ("名称\n甲\n", "sheet-columns-missing"),
        ("代码,身份证号\n1,2\n", "sheet-column-unknown"),
        ("代码,Code\n1,2\n", "sheet-column-twice"),
        ("代码,名称\n", "sheet-empty"),
        ("", "sheet-empty"),
        (b"\x81\xff\xff", "sheet-encoding"),
        ("代码\n\x00\n", "sheet-encoding"),
        ('代码,名称\n"1,甲\n', "sheet-damaged"),
        (b"\xd0\xcf\x11\xe0old or encrypted", "sheet-format"),
        (b"PK\x03\x04cut", "sheet-damaged"),
    ],
)
def test_what_is_no_such_spreadsheet_is_refused_by_name(content: bytes | str, name: str):
    assert refusal(content) == name


def test_another_archive_is_no_workbook():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("a.txt", "x")
    assert refusal(stream.getvalue()) == "sheet-format"


def test_a_bomb_is_refused_before_it_is_unpacked():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<x/>")
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            for _block in range(210):
                part.write(b"0" * 1024 * 1024)
    assert len(stream.getvalue()) < 1024 * 1024
    tracemalloc.start()
    assert refusal(stream.getvalue()) == "sheet-too-large"
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 5_000_000


def test_xml_entities_of_a_workbook_are_not_expanded():
    stream = io.BytesIO(workbook(("代码",), ("1",)))
    hostile = io.BytesIO()
    with zipfile.ZipFile(stream) as source, zipfile.ZipFile(hostile, "w") as target:
        for part in source.namelist():
            text = source.read(part)
            if part == "xl/worksheets/sheet1.xml":
                text = b'<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet>&a;</worksheet>'
            target.writestr(part, text)
    assert refusal(hostile.getvalue()) == "sheet-damaged"


def test_too_many_bytes_and_too_many_rows_are_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(reading, "MAX_BYTES", 10)
    assert refusal("代码,名称\n1,甲\n") == "sheet-too-large"
    monkeypatch.undo()
    assert refusal("代码\n" + "1\n" * MAX_ROWS) == "sheet-too-many-rows"


def test_memory_does_not_grow_with_the_rows():
    text = ("代码,名称\n" + "1234567890,某某某某某\n" * (MAX_ROWS - 2)).encode()
    stream = io.BytesIO(text)
    found = read(stream, "表.csv", LAYOUT)
    list(islice(found, 1_000))
    tracemalloc.start()
    for _row in found:
        pass
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 2_000_000


def test_templates_explain_in_chinese_and_hold_no_rows():
    assert "代码说明" in template_csv(LAYOUT)
    for content in (template_csv(LAYOUT).encode(), template_xlsx(LAYOUT)):
        assert refusal(content) == "sheet-empty"


@pytest.mark.parametrize("cut", range(0, 4_000, 397))
def test_a_workbook_cut_anywhere_is_refused_or_read(cut: int):
    whole = workbook(("代码", "名称"), *[("1", "甲")] * 50)
    with suppress(Refusal):  # and nothing else
        rows(whole[:cut])

"""XLSX, read by other people's software."""

from __future__ import annotations

# ruff: noqa: DTZ001  (times of tables have no zone)
import io
from datetime import datetime
from decimal import Decimal

import openpyxl
import pandas as pd
from openpyxl.utils.escape import unescape

from tests.dataplane.query import support
from tests.dataplane.query.formats.tables import AWKWARD, EDGES, sheet
from wushu.catalog.types import FieldSpec
from wushu.dataplane.models import Receipt
from wushu.dataplane.query.formats import xlsx


def test_pandas_reads_the_workbook_with_codes_as_text_and_dates_as_dates(client, public):
    answer = client.get("/data/streets.xlsx")
    frame = pd.read_excel(io.BytesIO(answer.content), dtype={"code": str})
    assert list(frame.columns) == [field.name for field in public.fields]
    assert list(frame["code"]) == [row[0] for row in public.rows]
    assert [day.date() for day in frame["opened"]] == [row[5] for row in public.rows]
    assert [moment.to_pydatetime() for moment in frame["seen"]] == [row[6] for row in public.rows]
    assert [Decimal(f"{fee:.2f}") for fee in frame["fee"]] == [row[3] for row in public.rows]


def test_no_text_of_a_workbook_is_a_formula(client, edges):
    book = openpyxl.load_workbook(io.BytesIO(client.get("/data/edges.xlsx").content))
    types = {cell.data_type for row in book["data"].iter_rows(min_row=2, max_col=1) for cell in row}
    assert types <= {"s", "inlineStr", "n"}  # n: the cell without a value
    formats = {book["data"].cell(n + 2, 1).number_format for n in range(len(AWKWARD))}
    assert formats == {"@"}


def test_a_workbook_keeps_texts_and_what_its_numbers_cannot_hold(client, edges):
    head, *found = sheet(client.get("/data/edges.xlsx").content)
    assert head == tuple(field.name for field in EDGES)
    texts = [None if row[0] is None else unescape(row[0]) for row in found[: len(AWKWARD)]]
    assert texts == list(AWKWARD)
    big, small, usual, nothing = found[len(AWKWARD) :]
    assert big[1:] == (
        str(2**60), "123456789012345678.25", "inf", "1899-12-31", "1800-01-01T00:00:00", True,
    )  # fmt: skip
    assert small[1:4] == (str(-(2**60)), -0.05, -1e-7)
    assert small[4:] == (datetime(1900, 3, 1), datetime(1900, 3, 1), False)
    assert usual[1:] == (
        999_999_999_999_999, 12.5, "nan", datetime(2024, 2, 29), datetime(2024, 2, 29, 23, 59, 59),
        None,
    )  # fmt: skip
    assert set(nothing) <= {None}


def test_a_text_too_long_for_a_cell_is_refused_by_name_before_the_first_byte(client, node):
    rows = [("a",), ("x" * 32_768,)]
    dataset = support.publish("long-text", fields=(FieldSpec("text"),), rows=rows)
    someone = support.reader()
    support.grant(dataset, someone.actor.person)
    answer = client.get("/data/long-text.xlsx", headers={"authorization": f"Bearer {someone.key}"})
    assert (answer.status_code, answer.json()["name"]) == (406, "text-too-long-for-xlsx")
    assert "32768" in answer.text
    assert not Receipt.objects.exists()


def test_cells_are_measured_as_spreadsheets_count(client, node):
    """A character beyond the first plane counts twice."""
    dataset = support.publish("music", fields=(FieldSpec("text"),), rows=[("𝄞" * 16_384,)])
    support.grant(dataset)
    assert "32768" in client.get("/data/music.xlsx").text


def test_more_rows_than_a_sheet_has_are_refused_by_name(client, public, monkeypatch):
    monkeypatch.setattr("wushu.catalog.forms.SHEET_ROWS", 1000)
    monkeypatch.setattr(xlsx, "SHEET_ROWS", 1000)
    for method in ("GET", "HEAD"):
        assert client.request(method, "/data/streets.xlsx").status_code == 406
    found = client.get("/data/streets.xlsx")
    assert found.json()["name"] == "too-large-for-xlsx"
    assert "1000" in found.text
    monkeypatch.setattr("wushu.catalog.forms.SHEET_ROWS", 1001)
    monkeypatch.setattr(xlsx, "SHEET_ROWS", 1001)
    assert len(sheet(client.get("/data/streets.xlsx").content)) == 1001

"""Masks: what is shown of any value, and that the engine shows exactly that."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wushu.casework.types import OFFERED, FieldKind
from wushu.dataplane.query.types import Op
from wushu.privacy.masking import expression, shown_type, tells_apart
from wushu.privacy.types import Mask, MaskMethod

KEY = b"k" * 32
SQL_TYPES = {
    "text": "VARCHAR", "integer": "BIGINT", "decimal": "DECIMAL(38, 2)", "number": "DOUBLE",
    "date": "DATE", "datetime": "TIMESTAMP", "boolean": "BOOLEAN",
}  # fmt: skip


@pytest.fixture(scope="module")
def db() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as opened:
        yield opened


def mask(notation: str) -> Mask:
    method, *values = notation.split(":")
    return Mask("c", MaskMethod(method), tuple(values))


def shown(db: duckdb.DuckDBPyConnection, notation: str, type_: str, value: Any) -> Any:
    """What the engine makes of a value of a column of this type."""
    made = expression(mask(notation), "c0", "c0::VARCHAR", type_, 2, KEY)
    rows = db.execute(f"SELECT {made} FROM (SELECT ?::{SQL_TYPES[type_]} AS c0)", [value])
    return rows.fetchall()[0][0]


@given(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])))
def test_of_a_text_only_the_kept_characters_are_shown(text: str) -> None:
    with duckdb.connect() as db:
        assert shown(db, "hide", "text", text) == "***"
        kept = shown(db, "keep:2:1", "text", text)
        assert kept == ("***" if len(text) <= 3 else f"{text[:2]}***{text[-1:]}")
        name = hmac.new(KEY, text.encode(), hashlib.sha256).hexdigest()[:20]
        assert shown(db, "pseudonym", "text", text) == name


@pytest.mark.parametrize(
    ("notation", "type_", "value", "expected"),
    [
        ("hide", "boolean", True, "***"),
        ("keep:3:4", "text", "13812345678", "138***5678"),
        ("keep:0:1", "integer", 12345, "***5"),
        ("keep:0:0", "text", "", "***"),
        ("day", "datetime", datetime(2024, 5, 1, 8, 30), "2024-05-01"),  # noqa: DTZ001
        ("month", "date", date(2024, 5, 1), "2024-05"),
        ("year", "datetime", datetime(2024, 5, 1, 8, 30), "2024"),  # noqa: DTZ001
        ("step:100", "integer", 1250, 1200),
        ("step:100", "integer", -1250, -1200),
        ("step:1000", "integer", -(2**63), -9223372036854775000),
        ("step:0.5", "decimal", Decimal("12.75"), Decimal("12.50")),
        ("step:0.01", "number", 120.123456, 120.12),
    ],
)
def test_what_is_shown_of_a_value(db, notation, type_, value, expected) -> None:
    assert shown(db, notation, type_, value) == expected
    assert shown(db, notation, type_, None) is None, "what is empty stays empty"
    assert mask(notation).fault(type_, 2) is None
    assert shown_type(mask(notation), type_) == (type_ if "step" in notation else "text")


@given(st.integers(-(2**63), 2**63 - 1), st.integers(1, 10**11))
def test_a_number_is_cut_down_to_its_step_and_tells_no_more(number: int, step: int) -> None:
    with duckdb.connect() as db:
        cut = shown(db, f"step:{step}", "integer", number)
    assert cut % step == 0
    assert abs(cut) <= abs(number) < abs(cut) + step


@pytest.mark.parametrize(
    ("notation", "type_"),
    [
        ("keep:3", "text"), ("keep:3:21", "text"), ("keep:a:1", "text"), ("keep:1:1", "date"),
        ("day", "date"), ("month", "text"), ("step", "integer"), ("step:0", "integer"),
        ("step:-5", "number"), ("step:0.5", "integer"), ("step:0.001", "decimal"),
        ("step:NaN", "number"), ("pseudonym", "decimal"), ("hide:1", "text"),
    ],
)  # fmt: skip
def test_a_mask_that_does_not_suit_a_column_says_why(notation: str, type_: str) -> None:
    said = mask(notation).fault(type_, 2)
    assert said is not None
    assert said.zh
    assert said.en


def test_only_pseudonyms_keep_values_apart() -> None:
    assert [one for one in MaskMethod if tells_apart(Mask("c", one))] == [MaskMethod.PSEUDONYM]


def test_a_mask_is_kept_and_said_as_it_was_given() -> None:
    given = mask("keep:3:4")
    assert Mask.from_json(given.as_json()) == given
    assert given.notation == "keep:3:4"
    assert "前 3 字" in given.words.zh
    assert "last 4" in given.words.en


def test_regulations_offer_what_the_data_plane_knows() -> None:
    assert OFFERED[FieldKind.MASKS] == set(MaskMethod)
    assert OFFERED[FieldKind.ROWS] == set(Op)

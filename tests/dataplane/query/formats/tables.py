"""Tables whose values formats find hard, and how their answers are read back."""

from __future__ import annotations

# ruff: noqa: DTZ001  (times of tables have no zone)
import base64
import io
import math
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from xml.etree import ElementTree

import openpyxl

from wushu.catalog.types import FieldSpec, FieldType
from wushu.dataplane.query.formats.xml import NAMESPACE, column_name

PLACES = (
    FieldSpec("stop", key=True),
    FieldSpec("longitude", FieldType.NUMBER),
    FieldSpec("纬度", FieldType.DECIMAL, "2"),
    FieldSpec("name"),
)
STOPS: list[tuple[Any, ...]] = [
    ("0012", 120.5853, Decimal("31.29"), "观前街"),
    ("0013", -180.0, Decimal("-90.00"), 'a "quoted" name\n<&>'),
    ("0014", None, Decimal("31.29"), None),
    ("0015", 200.0, Decimal("31.29"), "off the world"),
    ("0016", math.nan, Decimal("31.29"), ""),
]
"""No value, no degrees, no number: rows without a geometry."""
AWKWARD = (
    "=1+1", "@SUM(A1)", "0012", " a ", "\ttab\n", "a\rb", "\r\n", "a\x01b\x00", "\ufffe", "_x0041_",
    "_x", "]]>&<>\"'", "𝄞", "\\u0041\\", "", "'",
)  # fmt: skip
EDGES = (
    FieldSpec("区 名/1"),
    FieldSpec("whole", FieldType.INTEGER),
    FieldSpec("fee", FieldType.DECIMAL, "2"),
    FieldSpec("ratio", FieldType.NUMBER),
    FieldSpec("day", FieldType.DATE),
    FieldSpec("seen", FieldType.DATETIME),
    FieldSpec("yes", FieldType.BOOLEAN),
)
EDGE_ROWS: list[tuple[Any, ...]] = [
    *((text, None, None, None, None, None, None) for text in AWKWARD),
    ("big", 2**60, Decimal("123456789012345678.25"), math.inf, date(1899, 12, 31),
     datetime(1800, 1, 1), True),
    ("small", -(2**60), Decimal("-0.05"), -1e-7, date(1900, 3, 1), datetime(1900, 3, 1), False),
    ("usual", 999_999_999_999_999, Decimal("12.50"), math.nan, date(2024, 2, 29),
     datetime(2024, 2, 29, 23, 59, 59), None),
    (None, None, None, None, None, None, None),
]  # fmt: skip


def cells(element: ElementTree.Element) -> dict[str, str]:
    """Values of a row of our XML by column."""
    found = {}
    for one in element:
        text = one.text or ""
        if one.get("encoding") == "base64":
            text = base64.b64decode(text).decode()
        found[column_name(one.tag.removeprefix(f"{{{NAMESPACE}}}"))] = text
    return found


def sheet(content: bytes) -> list[tuple[Any, ...]]:
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
    assert book.sheetnames == ["data"]
    return list(book["data"].iter_rows(values_only=True))


def require_rfc_7946(document: Any) -> None:
    """What RFC 7946 demands of a collection of points: 3, 3.1.1, 3.2, 3.3, 4, 6."""
    assert document["type"] == "FeatureCollection"
    assert isinstance(document["features"], list)
    assert "crs" not in document
    for feature in document["features"]:
        assert feature["type"] == "Feature"
        assert {"geometry", "properties"} <= feature.keys()
        assert not {"coordinates", "geometries", "features"} & feature.keys()  # 7.1
        assert isinstance(feature.get("id", ""), str | int | float)
        geometry = feature["geometry"]
        if geometry is not None:
            assert geometry.keys() == {"type", "coordinates"}
            assert geometry["type"] == "Point"
            longitude, latitude = geometry["coordinates"]
            assert -180 <= longitude <= 180
            assert -90 <= latitude <= 90

"""What refusals call the reasons for which rows are rejected. Pages have them through gettext."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from wushu.dataplane.types import RejectReason
from wushu.kernel.errors import Said

REJECT_REASONS: Mapping[str, Said] = MappingProxyType(
    {
        RejectReason.TOO_FEW_CELLS: Said("单元格比列少", "fewer cells than columns"),
        RejectReason.TOO_MANY_CELLS: Said("单元格比列多", "more cells than columns"),
        RejectReason.QUOTE_MISPLACED: Said("引号位置不对", "a quotation mark in the wrong place"),
        RejectReason.ROW_TOO_LONG: Said(
            "一行过长，可能有引号没有闭合",
            "a row far too long, probably a quotation mark that never closes",
        ),
        RejectReason.NOT_AN_INTEGER: Said("不是整数", "not a whole number"),
        RejectReason.NOT_A_DECIMAL: Said("不是小数", "not a decimal number"),
        RejectReason.NOT_A_NUMBER: Said("不是数字", "not a number"),
        RejectReason.NOT_THE_DATE_FORMAT: Said(
            "不是确认格式的日期", "not a date in the confirmed format"
        ),
        RejectReason.NOT_THE_DATETIME_FORMAT: Said(
            "不是确认格式的日期时间", "not a date and time in the confirmed format"
        ),
        RejectReason.NOT_A_BOOLEAN: Said("既不是“是”也不是“否”", "neither yes nor no"),
        RejectReason.REQUIRED_IS_EMPTY: Said("必填而为空", "empty, though a value is required"),
    }
)
"""By reason; a member of the enumeration and its text are the same key."""

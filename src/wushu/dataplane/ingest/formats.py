"""Which formats a field may have. Pure; what they mean is in ``convert``."""

from __future__ import annotations

import re
from dataclasses import dataclass

from wushu.catalog.types import FieldSpec, FieldType

MAX_DIGITS = 38
DEFAULT_BOOLEAN = "true|false"
DIRECTIVES = frozenset(
    (
        "%Y", "%y", "%m", "%-m", "%d", "%-d", "%H", "%-H", "%I", "%-I", "%M", "%-M", "%S", "%-S",
        "%f", "%g", "%p", "%b", "%B", "%j", "%-j", "%%",
    )
)  # fmt: skip
"""Of strptime and strftime; they must name a whole day (and, for times, an hour)."""

_DIRECTIVE = re.compile(r"%-?.?")


@dataclass(frozen=True, slots=True)
class FormatFault:
    """Why a format cannot be used, in two languages."""

    zh: str
    en: str


def scale(field: FieldSpec) -> int:
    """Fraction digits of a decimal field; a checked format is assumed."""
    return int(field.format.rstrip(",") or 0)


def format_fault(field: FieldSpec) -> FormatFault | None:
    """What is wrong with the field's format, None when nothing is."""
    match field.type:
        case FieldType.DATE | FieldType.DATETIME:
            return _moment_fault(field)
        case FieldType.DECIMAL:
            if not re.fullmatch(r"\d{1,2},?", field.format) or scale(field) > MAX_DIGITS:
                return FormatFault(
                    "应为小数位数，如 2，或 2, 表示有千分位",
                    "give the scale: 2, or “2,” with grouping",
                )
        case FieldType.INTEGER:
            if field.format not in ("", ","):
                return FormatFault("应为空，或 , 表示有千分位", "leave empty, or “,” for grouping")
        case FieldType.BOOLEAN:
            parts = field.format.split("|") if field.format else ["true", "false"]
            if len(parts) != 2 or not all(parts) or parts[0] == parts[1]:
                return FormatFault(
                    "应为“是|否”这样的两个不同文字", "give two different texts, such as yes|no"
                )
        case _:
            if field.format:
                return FormatFault("该类型没有格式", "this type has no format")
    return None


def _moment_fault(field: FieldSpec) -> FormatFault | None:
    found = _DIRECTIVE.findall(field.format)
    unknown = [directive for directive in found if directive not in DIRECTIVES]
    if unknown:
        return FormatFault(f"不认识 {unknown[0]}", f"{unknown[0]} is not understood")
    plain = {directive.replace("-", "") for directive in found}
    has_day = plain & {"%Y", "%y"} and (
        "%j" in plain or ("%d" in plain and plain & {"%m", "%b", "%B"})
    )
    if not has_day:
        return FormatFault("缺少年、月或日", "it lacks year, month or day")
    has_hour = bool(plain & {"%H", "%I"})
    if has_hour != (field.type is FieldType.DATETIME):
        return FormatFault(
            "日期不含时刻，日期时间须含时刻", "a date has no hour, a datetime has one"
        )
    if "%I" in plain and "%p" not in plain:
        return FormatFault("12 小时制须有 %p", "%I needs %p")
    return None

"""From a source text to a typed value, exactly or not at all, as expressions of the engine.

The engine's own casts are lenient (``1.5`` becomes the integer 2, ``1_000`` a thousand, a date may
carry blanks), so each type first states which texts it takes:

* integer: sign and digits; ``,`` as format allows commas between groups of three
* decimal: the same with up to *scale* fraction digits, ``.5`` too; format ``2`` or ``2,``
* number: decimal or exponent notation, finite
* date, datetime: the value written in the format is the text again (``strftime(strptime(t)) = t``)
* boolean: one of two texts, format ``true|false``

Blanks around a typed value are no part of it; text is kept as it is, blanks and all.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from wushu.catalog.types import FieldSpec, FieldType
from wushu.dataplane.ingest.engine import literal, texts
from wushu.dataplane.types import RejectReason

BLANKS = " \t\u00a0\u3000"
MAX_DIGITS = 38
DEFAULT_BOOLEAN = "true|false"
DIRECTIVES = frozenset(
    "%Y %y %m %-m %d %-d %H %-H %I %-I %M %-M %S %-S %f %g %p %b %B %j %-j %%".split()
)
"""Of strptime and strftime; they must name a whole day (and, for times, an hour)."""

_SQL_TYPES = {
    FieldType.TEXT: "VARCHAR",
    FieldType.INTEGER: "BIGINT",
    FieldType.NUMBER: "DOUBLE",
    FieldType.DATE: "DATE",
    FieldType.DATETIME: "TIMESTAMP",
    FieldType.BOOLEAN: "BOOLEAN",
}
REASONS = {
    FieldType.INTEGER: RejectReason.NOT_AN_INTEGER,
    FieldType.DECIMAL: RejectReason.NOT_A_DECIMAL,
    FieldType.NUMBER: RejectReason.NOT_A_NUMBER,
    FieldType.DATE: RejectReason.NOT_THE_DATE_FORMAT,
    FieldType.DATETIME: RejectReason.NOT_THE_DATETIME_FORMAT,
    FieldType.BOOLEAN: RejectReason.NOT_A_BOOLEAN,
}
_DIRECTIVE = re.compile(r"%-?.?")


@dataclass(frozen=True, slots=True)
class FormatFault:
    """Why a format cannot be used, in two languages."""

    zh: str
    en: str


def sql_type(field: FieldSpec) -> str:
    """The engine's type of the column."""
    if field.type is FieldType.DECIMAL:
        return f"DECIMAL({MAX_DIGITS}, {scale(field)})"
    return _SQL_TYPES[field.type]


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


def is_null(field: FieldSpec, cell: str) -> str:
    """SQL: whether the cell means "no value"."""
    if not field.null_values:
        return "false"
    literals = texts(field.null_values)
    if field.type is FieldType.TEXT:
        return f"{cell} IN ({literals})"
    return f"({cell} IN ({literals}) OR {stripped(cell)} IN ({literals}))"


def value(field: FieldSpec, cell: str) -> str:
    """SQL: the typed value, NULL for "no value" and for what is not of the type."""
    nulls = texts(field.null_values) if field.null_values else "NULL"
    if field.type is FieldType.TEXT:
        return f"CASE WHEN {cell} IN ({nulls}) THEN NULL ELSE {cell} END"
    # Blanks are rare and taking them off is dear: only cells that fail are tried again without.
    exact = f"coalesce({_exact(field, cell)}, {_exact(field, stripped(cell))})"
    return f"CASE WHEN {cell} IN ({nulls}) THEN NULL ELSE {exact} END"


def is_fault(field: FieldSpec, cell: str, typed: str) -> str:
    """SQL: whether the cell holds something that is not of the type; ``typed`` is its value."""
    if field.type is FieldType.TEXT:
        return "false"
    return f"CASE WHEN {typed} IS NULL THEN NOT {is_null(field, cell)} ELSE false END"


def stripped(cell: str) -> str:
    """SQL: the cell without blanks around it."""
    return f"trim({cell}, {literal(BLANKS)})"


def _exact(field: FieldSpec, text: str) -> str:
    match field.type:
        case FieldType.INTEGER:
            return _number(field, text, 0)
        case FieldType.DECIMAL:
            return _number(field, text, scale(field))
        case FieldType.NUMBER:
            pattern = r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?"
            cast = f"TRY_CAST({text} AS DOUBLE)"
            return (
                f"CASE WHEN regexp_full_match({text}, {literal(pattern)}) AND isfinite({cast}) "
                f"THEN {cast} END"
            )
        case FieldType.DATE | FieldType.DATETIME:
            pattern = literal(field.format)
            moment = f"try_strptime({text}, {pattern})"
            return (
                f"CASE WHEN strftime({moment}, {pattern}) = {text} "
                f"THEN {moment}::{sql_type(field)} END"
            )
        case FieldType.BOOLEAN:
            true, false = (field.format or DEFAULT_BOOLEAN).split("|")
            return (
                f"CASE {text} WHEN {literal(true)} THEN true WHEN {literal(false)} THEN false END"
            )
        case _:
            return text


def _number(field: FieldSpec, text: str, places: int) -> str:
    grouped = field.format.endswith(",")
    digits = "([0-9]+|[0-9]{1,3}(,[0-9]{3})+)" if grouped else "[0-9]+"
    fraction = f"\\.[0-9]{{1,{places}}}"
    pattern = f"[+-]?({digits}({fraction})?|{fraction})" if places else f"[+-]?{digits}"
    bare = f"replace({text}, ',', '')" if grouped else text
    return (
        f"CASE WHEN regexp_full_match({text}, {literal(pattern)}) "
        f"THEN TRY_CAST({bare} AS {sql_type(field)}) END"
    )

"""Filters, orders and selections: from a reader's text to typed values. Pure."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from wushu.catalog.types import FieldType
from wushu.dataplane.query.types import (
    COLUMN_NOT_GRANTED,
    FILTER_NOT_UNDERSTOOD,
    PARAMETER_NOT_UNDERSTOOD,
    UNKNOWN_COLUMN,
    Access,
    Condition,
    Op,
    RowsQuery,
    SortKey,
)
from wushu.kernel.errors import Said

MAX_CONDITIONS = 20
MAX_VALUES = 100
"""Values one ``in`` may list."""
MAX_SORT_KEYS = 3

Value = str | int | float | bool | Decimal | date | datetime
Columns = Mapping[str, FieldType]
"""Columns of a version in table order."""

_TEXT_ONLY = (Op.PREFIX, Op.CONTAINS)
_ORDERED = (Op.LT, Op.LE, Op.GT, Op.GE)
_INT64 = 2**63
_MAX_EXPONENT = 100  # far beyond the 38 digits of a column; keeps 1e999999999 out of arithmetic


def condition(text: str, columns: Columns) -> Condition:
    """Read ``column:comparison:value``; a column's name may itself contain colons.

    ``in`` takes values between commas, or a JSON list when values contain commas. Refusals:
    ``filter-not-understood``, ``unknown-column``.
    """
    name = max((c for c in columns if text.startswith(f"{c}:")), key=len, default=None)
    if name is None:
        column, colon, _ = text.partition(":")
        if not colon:
            raise _wrong(text, "缺少冒号", "it has no colon")
        raise UNKNOWN_COLUMN(column=column, columns=listed(columns))
    comparison, colon, value = text[len(name) + 1 :].partition(":")
    if not colon or comparison not in Op.__members__.values():
        raise _wrong(text, f"没有比较“{comparison}”", f"there is no comparison “{comparison}”")
    op = Op(comparison)
    values = _listed_values(text, value) if op is Op.IN else (value,)
    made = Condition(name, op, values)
    check(made, columns)
    return made


def stored(document: Mapping[str, Any], columns: Columns) -> Condition:
    """Read and check a condition of a grant's ``row_filter``. Refusals as ``condition``."""
    try:
        made = Condition.from_json(document)
    except (KeyError, ValueError, TypeError):
        shown = json.dumps(document, ensure_ascii=False, default=str)
        raise _wrong(shown, "不是条件", "it is no condition") from None
    several = made.op is Op.IN
    if not made.values or len(made.values) > (MAX_VALUES if several else 1):
        shown = json.dumps(document, ensure_ascii=False)
        raise _wrong(shown, "值的个数不对", "it has the wrong number of values")
    check(made, columns)
    return made


def check(asked: Condition, columns: Columns) -> None:
    """Refuse a condition whose column is unknown or whose value is not of the column's type."""
    if asked.column not in columns:
        raise UNKNOWN_COLUMN(column=asked.column, columns=listed(columns))
    typed_values(asked, columns[asked.column])


def typed_values(asked: Condition, type_: FieldType) -> tuple[Value, ...]:
    """The condition's values as values of the column's type; refusal ``filter-not-understood``."""
    text = f"{asked.column}:{asked.op.value}:{','.join(asked.values)}"
    if asked.op is Op.NULL:
        if asked.values not in (("true",), ("false",)):
            raise _wrong(text, "null 的值是 true 或 false", "null takes true or false")
        return (asked.values[0] == "true",)
    if asked.op in _TEXT_ONLY and type_ is not FieldType.TEXT:
        raise _wrong(text, "该比较只用于文本列", "this comparison is for text columns")
    if asked.op in _ORDERED and type_ is FieldType.BOOLEAN:
        raise _wrong(text, "布尔列没有大小", "booleans have no order")
    try:
        return tuple(value(one, type_) for one in asked.values)
    except (ValueError, InvalidOperation):
        raise _wrong(
            text, f"值不是 {type_.value} 类型", f"the value is not of type {type_.value}"
        ) from None


def value(text: str, type_: FieldType) -> Value:
    """The value of a text in JSON form; ``ValueError`` or ``decimal.InvalidOperation``."""
    return _READERS[type_](text)


def order(text: str, columns: Columns) -> tuple[SortKey, ...]:
    """Read ``a,-b``: ascending by a, then descending by b. Refusals as ``condition``."""
    keys = []
    for part in filter(None, text.split(",")):
        descending = part.startswith("-") and part not in columns
        name = part[1:] if descending else part
        if name not in columns:
            raise UNKNOWN_COLUMN(column=name, columns=listed(columns))
        keys.append(SortKey(name, descending))
    if len(keys) > MAX_SORT_KEYS or len({key.column for key in keys}) < len(keys):
        each_once = Said(
            f"最多 {MAX_SORT_KEYS} 列，每列一次，倒序写作 -列名",
            f"at most {MAX_SORT_KEYS} columns, each once, -column for descending order",
        )
        raise PARAMETER_NOT_UNDERSTOOD(parameter="sort", value=text, allowed=each_once)
    return tuple(keys)


def selection(text: str, columns: Columns) -> tuple[str, ...]:
    """Read ``a,b``, or a JSON list where names contain commas."""
    names = _json_list(text) if text.startswith("[") else [n for n in text.split(",") if n]
    if names is None or len(set(names)) < len(names):
        each_once = Said('a,b 或 ["a","b"]，每列一次', 'a,b or ["a","b"], each column once')
        raise PARAMETER_NOT_UNDERSTOOD(parameter="select", value=text, allowed=each_once)
    for name in names:
        if name not in columns:
            raise UNKNOWN_COLUMN(column=name, columns=listed(columns))
    return tuple(names)


def require_granted(query: RowsQuery, access: Access) -> None:
    """Refuse what reaches outside the grant, filters and order included: they would tell values."""
    if access.columns is None:
        return
    used = [*query.columns, *(c.column for c in query.conditions), *(k.column for k in query.order)]
    for name in used:
        if name not in access.columns:
            raise COLUMN_NOT_GRANTED(column=name, columns=listed(access.columns))


def listed(names: Sequence[str] | Mapping[str, FieldType]) -> str:
    """Names for a sentence, at most 30 of them."""
    chosen = list(names)
    return ", ".join(chosen[:30]) + (" …" if len(chosen) > 30 else "")


def _listed_values(text: str, value: str) -> tuple[str, ...]:
    values = _json_list(value) if value.startswith("[") else value.split(",")
    if values is None:
        raise _wrong(text, "不是 JSON 字符串列表", "the value is no JSON list of texts")
    if len(values) > MAX_VALUES:
        raise _wrong(text, f"最多 {MAX_VALUES} 个值", f"at most {MAX_VALUES} values")
    return tuple(dict.fromkeys(values))


def _json_list(text: str) -> list[str] | None:
    try:
        values = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(values, list) or not all(isinstance(v, str) for v in values):
        return None
    return values


def _wrong(text: str, reason_zh: str, reason_en: str) -> Exception:
    return FILTER_NOT_UNDERSTOOD(filter=text[:200], reason_zh=reason_zh, reason_en=reason_en)


def _text(text: str) -> str:
    text.encode()  # half a surrogate pair is no text: UnicodeEncodeError is a ValueError
    return text


def _integer(text: str) -> int:
    read = int(text) if text.isascii() and "_" not in text else None
    if read is None or not -_INT64 <= read < _INT64:
        raise ValueError(text)
    return read


def _decimal(text: str) -> Decimal:
    read = Decimal(text)
    if not text.isascii() or not read.is_finite() or abs(read.adjusted()) > _MAX_EXPONENT:
        raise ValueError(text)
    return read


def _number(text: str) -> float:
    if not text.isascii() or "_" in text:
        raise ValueError(text)
    return float(text)


def _date(text: str) -> date:
    if len(text) != 10:
        raise ValueError(text)
    return date.fromisoformat(text)


def _datetime(text: str) -> datetime:
    read = datetime.fromisoformat(text)
    if read.tzinfo is not None:
        raise ValueError(text)
    return read


def _boolean(text: str) -> bool:
    if text not in ("true", "false"):
        raise ValueError(text)
    return text == "true"


_READERS: dict[FieldType, Callable[[str], Value]] = {
    FieldType.TEXT: _text,
    FieldType.INTEGER: _integer,
    FieldType.DECIMAL: _decimal,
    FieldType.NUMBER: _number,
    FieldType.DATE: _date,
    FieldType.DATETIME: _datetime,
    FieldType.BOOLEAN: _boolean,
}

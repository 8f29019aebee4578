"""Data items (数据项): when two columns of two datasets are the same thing, and how rare it is."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from wushu.catalog.types import FieldSpec, FieldType
from wushu.kernel.text import runs

GENERIC = frozenset({
    "id", "no", "code", "name", "title", "type", "date", "time", "year", "month", "remark", "note",
    "notes", "value", "count", "number", "status", "description", "url", "source", "order", "rank",
    "序号", "编号", "编码", "代码", "名称", "标题", "类型", "类别", "分类", "日期", "时间", "年份", "年度",
    "月份", "备注", "说明", "描述", "数值", "数量", "合计", "总数", "状态", "网址", "来源", "排序", "单位",
    "年", "月", "日", "值", "主键", "更新时间", "创建时间", "录入时间", "发布时间", "发布日期",
})  # fmt: skip
"""Names that say nothing of what is collected: every body has a 备注. They are no shared item."""

_KINDS = MappingProxyType(
    {
        FieldType.INTEGER: FieldType.NUMBER,
        FieldType.DECIMAL: FieldType.NUMBER,
        FieldType.DATETIME: FieldType.DATE,
    }
)
SIGN = ":"


def kind_of(of: FieldType) -> FieldType:
    """The types that hold the same thing, under one of them: whole numbers and decimals, days and times."""
    return _KINDS.get(of, of)


def item_key(name: str, title: str, of: str) -> str:
    """What a column holds, as one text: ``number:泊位数``; empty for a name that says nothing.

    By the Chinese title, else the name, without blanks and signs, in one case and width.
    """
    called = _plain(title or name)
    if called in GENERIC or len(called) < 2:
        return ""
    return f"{kind_of(FieldType(of)).value}{SIGN}{called}"


def _plain(text: str) -> str:
    """Without blanks and signs, in one case and width; what is so already is not looked at twice."""
    if text.isalnum() and text == text.casefold() and unicodedata.is_normalized("NFKC", text):
        return text
    return _runs(text)


@lru_cache(maxsize=20_000)
def _runs(text: str) -> str:
    return "".join(runs(text))


def item_of(spec: FieldSpec) -> str:
    """The same of a data item."""
    return item_key(spec.name, spec.title_zh, spec.type.value)


def item_of_stored(spec: Mapping[str, Any]) -> str:
    """The same of a data item as it is stored (``FieldSpec.as_json``), not read whole."""
    return item_key(spec["name"], spec.get("title_zh", ""), spec.get("type", "text"))


def named_items(fields: Sequence[FieldSpec]) -> dict[str, str]:
    """The items of a dataset, each once and in the order of its columns, as the columns are called."""
    return {item: spec.title_zh or spec.name for spec in fields if (item := item_of(spec))}


def items_of(fields: Sequence[FieldSpec]) -> tuple[str, ...]:
    """The items alone."""
    return tuple(named_items(fields))


def rarity(holders: int, entries: int) -> float:
    """What it says that two datasets share an item: nothing where all have it, much where only they do."""
    return math.log((entries + 1) / (holders + 1)) if 0 < holders <= entries else 0.0


def item_parts(key: str) -> tuple[str, str]:
    """Type and name of a key."""
    kind, _, name = key.partition(SIGN)
    return kind, name

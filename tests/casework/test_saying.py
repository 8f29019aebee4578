"""Answers of a step in words, the same on a case's page and in the record of due care."""

from __future__ import annotations

from typing import Any

import pytest

from wushu.casework.rules.saying import answer_words
from wushu.casework.types import Choice, FieldKind, FormField, Ground
from wushu.kernel.errors import Said

CHOICES = (
    Choice("yes", Said("同意", "agreed")),
    Choice("law", Said("法律", "law")),
    Choice("eq", Said("等于", "equals")),
    Choice("hide", Said("不显示", "hidden")),
)
PROVISION = {"level": "law", "title": "数据安全法", "article": "第三十八条"}


@pytest.mark.parametrize(
    ("kind", "value", "zh", "en"),
    [
        (FieldKind.TEXT, "可以开放", "可以开放", "可以开放"),
        (FieldKind.NUMBER, 500, "500", "500"),
        (FieldKind.PLEDGE, True, "✓", "✓"),
        (FieldKind.COLUMNS, ["编号", "名称"], "编号、名称", "编号, 名称"),
        (FieldKind.CHOICE, "yes", "同意", "agreed"),
        (FieldKind.CHOICE, "gone", "gone", "gone"),
        (FieldKind.PROVISION, PROVISION, "法律 数据安全法 第三十八条", "law 数据安全法 第三十八条"),
        (
            FieldKind.ROWS,
            [{"column": "区", "op": "eq", "values": ["甲区"]}] * 2,
            "区 等于 甲区；区 等于 甲区",
            "区 equals 甲区; 区 equals 甲区",
        ),
        (
            FieldKind.MASKS,
            [{"column": "电话", "method": "hide", "values": []}],
            "电话：不显示",
            "电话: hidden",
        ),
    ],
)
def test_an_answer_is_said_in_both_languages(kind: FieldKind, value: Any, zh: str, en: str):
    field = FormField("asked", Said("问", "asked"), kind, Ground(article="1"), choices=CHOICES)
    said = answer_words(field, value)
    assert (said.zh, said.en) == (zh, en)

"""In which language commands speak: ``WUSHU_LANG``, Chinese unless it says English.

Only what people read. ``--json`` and the help texts are English.
"""

from __future__ import annotations

import os

from wushu.kernel.errors import Language, Said
from wushu.kernel.languages import language_of


def language() -> Language:
    """The language of this command's output."""
    return language_of(os.environ.get("WUSHU_LANG", "zh"))


def said(zh: str, en: str) -> str:
    """A sentence in that language."""
    return Said(zh, en)(language())


_FACTS = {
    "node": "节点", "origin": "日志名称", "verifier_key": "验证公钥", "oid_arc": "OID 弧",
    "identifier_base": "标识网址", "url": "网址", "key": "公钥", "size": "条目数", "root": "树根",
    "before": "上次看到的条目数", "unsequenced": "待排序的行为", "added": "新增条目",
    "busy": "另一进程正在排序", "imported": "导入的条目", "placed": "归位的行为",
    "details": "恢复的附件", "files": "重写的文件", "checkpoint": "检查点已恢复",
    "losses_accepted": "已认可损失", "table": "表", "row": "行", "decision": "决定",
    "faults": "问题", "file": "文件", "proved": "已证实的行为", "waiting": "尚无检查点的行为",
}  # fmt: skip
"""What the facts of ``--json`` are called in Chinese."""


def fact(name: str, value: object) -> str:
    """One fact as a line; the English name is that of ``--json``."""
    return said(f"{_FACTS.get(name, name)}：{value}", f"{name:16} {value}")

"""What the commands of ``wushu account`` print: a sentence, a table, or JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from wushu.config.saying import language, said
from wushu.kernel.errors import Language, Said


def say(as_json: bool, document: dict[str, Any], sentence: str) -> None:
    """The sentence, or with ``--json`` the document."""
    click.echo(json.dumps(document, ensure_ascii=False, default=str) if as_json else sentence)


def show(as_json: bool, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """A table, or with ``--json`` a list of objects, in English."""
    if as_json:
        found = [
            {name: _cell(cell, "en") for name, cell in zip(columns, row, strict=True)}
            for row in rows
        ]
        click.echo(json.dumps(found, ensure_ascii=False, default=str))
        return
    table = Table()
    for column in columns:
        table.add_column(
            said(_HEADINGS[column], column), overflow="fold"
        )  # an identifier cut short helps nobody
    for row in rows:
        table.add_row(*("" if cell is None else str(_cell(cell, language())) for cell in row))
    Console().print(table)


_HEADINGS = {
    "username": "用户名", "person": "姓名", "state": "状态", "one-time codes": "动态验证码",
    "roles": "角色", "id": "标识", "prefix": "前缀", "name": "名称", "scopes": "权限",
    "issued": "签发时间", "code": "统一社会信用代码", "kind": "类型", "division": "行政区划",
    "level": "层级",
}  # fmt: skip
"""Chinese headings of the tables; the English ones are the names in ``--json``."""


def _cell(cell: Any, wanted: Language) -> Any:
    return cell(wanted) if isinstance(cell, Said) else cell

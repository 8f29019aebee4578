"""Which columns of a file are loaded, under which names and as what: options of the desks' commands."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import click
from django.utils.translation import override

from wushu.catalog.types import FieldSpec, FieldType
from wushu.config.refusals import PERSONAL_INFORMATION
from wushu.config.saying import said
from wushu.dataplane.types import Found, PersonalInformation
from wushu.kernel.errors import INVALID_VALUE, Refusal, Said
from wushu.privacy import selectors as privacy

_OPTIONS = (
    click.option(
        "--type", "types", multiple=True, metavar="COLUMN=TYPE[:FORMAT]",
        help="Confirm another type than the proposed one, e.g. 日期=date:%Y年%m月%d日. Repeatable. "
        "COLUMN is its name in the file, or #3 for the third.",
    ),
    click.option(
        "--rename", "renames", multiple=True, metavar="COLUMN=NAME",
        help="Load a column under another name. Repeatable.",
    ),
    click.option(
        "--drop", "drops", multiple=True, metavar="COLUMN", help="Leave a column out. Repeatable."
    ),
    click.option(
        "--personal-reason", default="",
        help="Why columns that look like personal information may be opened as they are; the "
        "reviewer and the public read it.",
    ),
)  # fmt: skip


def column_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """``--type``, ``--rename``, ``--drop``, ``--personal-reason``."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns to be loaded, in the order of the file."""

    fields: tuple[FieldSpec, ...]
    positions: tuple[int, ...]
    """Column of the file of each field, from 0."""
    personal: tuple[PersonalInformation, ...]
    """What in them looks like personal information."""


def chosen(
    found: Found,
    known: Mapping[str, FieldSpec],
    *,
    types: Sequence[str],
    renames: Sequence[str],
    drops: Sequence[str],
) -> Columns:
    """What was found, with what the options say.

    ``known``: columns the dataset already has, by name; they keep their type. Refusals:
    ``invalid-value`` for a column that is not there, a name that several have, an unknown type.
    """
    names = {position: column.proposal.name for position, column in enumerate(found.columns)}
    for told in renames:
        column, name = _divided("--rename", told)
        names[_position(found, column, "--rename", told)] = name.strip()
    for column in drops:
        names.pop(_position(found, column, "--drop", column), None)
    fields = {
        position: replace(known.get(name, found.columns[position].proposal), name=name)
        for position, name in names.items()
    }
    for told in types:
        column, rest = _divided("--type", told)
        position = _position(found, column, "--type", told)
        if position in fields:
            fields[position] = _typed(fields[position], rest, told)
    positions = tuple(fields)
    listed = tuple(fields.values())
    return Columns(listed, positions, found.personal_in(positions, listed))


def require_explained(name: str, columns: Columns, reason: str) -> str:
    """The sentence that explains what looks personal, "" where nothing does.

    Refusal ``personal-information`` where it is not explained.
    """
    if not columns.personal:
        return ""
    named = dict.fromkeys(one.column for one in columns.personal)
    if not reason.strip():
        counted = Said(
            "，".join(
                _each("{column}（{kind}）：{matches}/{checked}", columns.personal, "zh-hans")
            ),
            ", ".join(_each("{column} ({kind}): {matches}/{checked}", columns.personal, "en")),
        )
        raise PERSONAL_INFORMATION(name=name, columns=counted)
    return f"像是个人信息的列（{'、'.join(named)}）可以开放的理由：{reason.strip()}"


def personal_words(personal: Sequence[PersonalInformation]) -> list[str]:
    """A line for each finding."""
    chinese = _each(
        "像是个人信息：“{column}”列，{kind}，查看的 {checked:,} 个值中有 {matches:,} 个",
        personal,
        "zh-hans",
    )
    english = _each(
        "may be personal: column {column}, {kind}, {matches:,} of {checked:,} values looked at",
        personal,
        "en",
    )
    return [said(zh, en) for zh, en in zip(chinese, english, strict=True)]


def personal_facts(personal: Sequence[PersonalInformation]) -> list[dict[str, Any]]:
    """The findings for ``--json``, without the values."""
    return [
        {"column": one.column, "kind": one.kind, "matches": one.matches, "checked": one.checked}
        for one in personal
    ]


def _each(form: str, personal: Sequence[PersonalInformation], language: str) -> list[str]:
    with override(language):
        kinds = {kind.value: str(label) for kind, label in privacy.KINDS.items()}
    return [
        form.format(
            column=one.column, kind=kinds[one.kind], matches=one.matches, checked=one.checked
        )
        for one in personal
    ]


def _divided(option: str, told: str) -> tuple[str, str]:
    column, sign, rest = told.partition("=")
    if not sign:
        raise _wrong(option, told, "应写成“列=…”", "it must read COLUMN=…")
    return column, rest


def _position(found: Found, column: str, option: str, told: str) -> int:
    """The one column of this name, or of this number (``#3``)."""
    named = [n for n, one in enumerate(found.columns) if one.proposal.name == column]
    if not named and column.startswith("#") and column[1:].isdecimal():
        named = [n for n in range(len(found.columns)) if n == int(column[1:]) - 1]
    if len(named) > 1:
        numbers = " / ".join(f"#{n + 1}" for n in named)
        raise _wrong(
            option, told, f"几列同名，请写 {numbers}", f"several columns have this name: write {numbers}"
        )  # fmt: skip
    if not named:
        raise _wrong(option, told, "文件没有这一列", "the file has no such column")
    return named[0]


def _typed(field: FieldSpec, rest: str, told: str) -> FieldSpec:
    name, _, pattern = rest.partition(":")
    if name not in set(FieldType):
        known = ", ".join(FieldType)
        raise _wrong("--type", told, f"没有这种类型；有：{known}", f"the types are {known}")
    return replace(field, type=FieldType(name), format=pattern)


def _wrong(option: str, told: str, zh: str, en: str) -> Refusal:
    return INVALID_VALUE(field=option, value=told, reason_zh=zh, reason_en=en)

"""The table of a dataset's page: its columns with what is known of them, and its first rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil
from typing import Any

from django.utils.translation import gettext as _

from wushu.catalog.types import FieldSpec, FieldType
from wushu.dataplane.types import ColumnProfile, Profile
from wushu.portal.pictures import Distribution, distribution
from wushu.portal.requests import language
from wushu.portal.text import is_chinese, one_language

_NUMBERS = frozenset({FieldType.INTEGER, FieldType.DECIMAL, FieldType.NUMBER})


@dataclass(frozen=True, slots=True)
class Column:
    """One column: what the dictionary says and what was measured."""

    field: FieldSpec
    profile: ColumnProfile | None

    @property
    def fill_percent(self) -> int:
        """Width of the fill bar; never empty when there is a value, never full when one lacks."""
        if self.profile is None:
            return 0
        return min(ceil(self.profile.fill_rate * 100), 99 if self.profile.empty else 100)

    @property
    def number(self) -> bool:
        """Stands to the right."""
        return self.field.type in _NUMBERS

    @property
    def picture(self) -> Distribution | None:
        """What the values look like."""
        return None if self.profile is None else distribution(self.profile)


def columns(fields: Sequence[FieldSpec], profile: Profile | None) -> tuple[Column, ...]:
    """Columns in their order, with their profile where there is one."""
    measured = {one.name: one for one in profile.columns} if profile is not None else {}
    return tuple(Column(field, measured.get(field.name)) for field in fields)


def described(
    loaded: Sequence[FieldSpec], dictionary: Sequence[FieldSpec]
) -> tuple[FieldSpec, ...]:
    """Columns as they were loaded, with the meaning the catalogue gives them now."""
    known = {field.name: field for field in dictionary}
    return tuple(
        replace(known[field.name], type=field.type, format=field.format)
        if field.name in known
        else field
        for field in loaded
    )


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of the preview."""

    text: str
    empty: bool
    number: bool
    """Stands to the right."""
    meaning: str
    """Of the code, where the column has a code list."""

    @property
    def long(self) -> bool:
        """Longer than its column shows: the whole text is in the title."""
        return len(self.text) > 24


def cells(
    fields: Sequence[FieldSpec], rows: Sequence[Sequence[Any]]
) -> tuple[tuple[Cell, ...], ...]:
    """Rows of values in the order of the fields, None where there is none."""
    codes = [dict(field.code_list) for field in fields]
    return tuple(
        tuple(
            Cell(
                text="" if value is None else _text(value, field.type),
                empty=value is None,
                number=field.type in _NUMBERS,
                meaning=_meaning(str(value), meanings) if value is not None else "",
            )
            for field, meanings, value in zip(fields, codes, row, strict=True)
        )
        for row in rows
    )


def _meaning(code: str, meanings: Mapping[str, str]) -> str:
    """What a code means, where it tells this reader more than the code itself."""
    meaning = one_language(meanings.get(code, ""), language())
    if language() == "zh":
        return meaning if is_chinese(meaning) and not is_chinese(code) else ""
    return "" if is_chinese(meaning) or meaning.casefold() == code.casefold() else meaning


def _text(value: Any, type_: FieldType) -> str:
    """As people write it; files and the API keep ISO 8601."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(value).replace("T", " ") if type_ is FieldType.DATETIME else str(value)

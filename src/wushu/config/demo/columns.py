"""Data items in few words: most tables of the demonstration explain theirs alike."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from wushu.catalog.types import FieldSpec, FieldType

Words = tuple[str, str]
"""Chinese, English."""

NEVER_EMPTY: Words = ("不会为空", "never empty")


def both(zh: str, en: str) -> str:
    """One text in two languages, for places that hold a single text."""
    return f"{zh} / {en}"


def column(
    name: str,
    title: Words,
    about: Words,
    *,
    type: FieldType = FieldType.TEXT,
    format: str = "",
    unit: Words | None = None,
    codes: Iterable[tuple[str, Words]] = (),
    empty: Words | None = None,
) -> FieldSpec:
    """A data item. ``empty`` says what an empty cell means; without it the item is required."""
    return FieldSpec(
        name=name,
        type=type,
        format=format,
        title_zh=title[0],
        title_en=title[1],
        description=both(*about),
        unit=both(*unit) if unit else "",
        code_list=tuple((code, both(*meaning)) for code, meaning in codes),
        null_meaning=both(*(empty or NEVER_EMPTY)),
        required=empty is None,
    )


def key(name: str, title: Words, about: Words) -> FieldSpec:
    """A required text that, alone or with other keys, names a row."""
    return replace(column(name, title, about), key=True)


def day(name: str, title: Words, about: Words, *, form: str = "%Y-%m-%d") -> FieldSpec:
    """A date that is never empty and, alone or with other keys, names a row."""
    return replace(column(name, title, about, type=FieldType.DATE, format=form), key=True)


def number(
    name: str, title: Words, about: Words, *, unit: Words, empty: Words | None = None
) -> FieldSpec:
    """A double-precision number."""
    return column(name, title, about, type=FieldType.NUMBER, unit=unit, empty=empty)


def integer(
    name: str, title: Words, about: Words, *, unit: Words, empty: Words | None = None
) -> FieldSpec:
    """A whole number."""
    return column(name, title, about, type=FieldType.INTEGER, unit=unit, empty=empty)


def names(fields: Sequence[FieldSpec]) -> tuple[str, ...]:
    """The header that belongs to these items."""
    return tuple(field.name for field in fields)

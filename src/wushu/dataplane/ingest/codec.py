"""Dataclasses to JSON values and back, by their annotations; the stored form of what was found.

Understood: dataclasses, enums, ``tuple[T, ...]``, ``tuple[A, B]``, ``T | None``, ``UUID``,
``datetime``, ``date`` and JSON's own types. Anything else is a ``TypeError``: a stored form that
cannot be read back is a bug.
"""

from __future__ import annotations

import dataclasses
import types
import typing
from datetime import date, datetime
from enum import Enum
from functools import cache
from typing import Any, TypeVar
from uuid import UUID

T = TypeVar("T")


def to_json(value: Any) -> Any:  # noqa: PLR0911  (one kind of value, one line)
    """The JSON value of a dataclass tree."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: to_json(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, (tuple, list)):
        return [to_json(item) for item in value]
    if isinstance(value, dict):
        return {str(key): to_json(item) for key, item in value.items()}
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    if value is None or isinstance(value, (str, int, float, bool)):
        return value
    raise TypeError(f"{type(value).__name__} has no JSON form")


def from_json(kind: type[T], value: Any) -> T:
    """Read back what ``to_json`` wrote; ``TypeError``, ``KeyError`` or ``ValueError`` when it is not that."""
    return typing.cast(T, _read(kind, value))


@cache
def _hints(kind: type) -> dict[str, Any]:
    return typing.get_type_hints(kind)


def _read(kind: Any, value: Any) -> Any:  # noqa: PLR0911  (as in to_json)
    origin = typing.get_origin(kind)
    if origin in (types.UnionType, typing.Union):
        if value is None:
            return None
        (only,) = (part for part in typing.get_args(kind) if part is not type(None))
        return _read(only, value)
    if origin is tuple:
        parts = typing.get_args(kind)
        if len(parts) == 2 and parts[1] is Ellipsis:
            return tuple(_read(parts[0], item) for item in value)
        return tuple(_read(part, item) for part, item in zip(parts, value, strict=True))
    if origin is dict:
        return {key: _read(typing.get_args(kind)[1], item) for key, item in value.items()}
    if dataclasses.is_dataclass(kind):
        assert isinstance(kind, type)
        hints = _hints(kind)
        return kind(**{name: _read(hints[name], item) for name, item in value.items()})
    if kind is Any or kind in (str, int, bool):
        return value
    if kind is float:
        return float(value)
    if kind in (datetime, date):
        return kind.fromisoformat(value)
    if isinstance(kind, type) and issubclass(kind, (Enum, UUID)):
        return kind(value)
    raise TypeError(f"{kind!r} cannot be read from JSON")

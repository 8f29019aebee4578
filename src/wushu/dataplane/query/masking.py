"""A version as a grant with masks shows it: other values, and where they differ other types.

The masks stand below everything else that is asked of the version. Whatever filters, sorts, searches, groups
or measures a masked column sees only what is shown, so that no question tells the true value.
"""
# ruff: noqa: S608  (put together from places; masks are checked)

from __future__ import annotations

import hmac
from dataclasses import replace
from uuid import UUID

from django.conf import settings

from wushu.catalog.types import FieldSpec, FieldType
from wushu.dataplane.query import engine
from wushu.dataplane.query.marked import MARKS_KEYS
from wushu.dataplane.query.sql import Column
from wushu.kernel import cursors
from wushu.privacy import selectors as privacy
from wushu.privacy.types import Mask


def pseudonym_key(dataset: UUID, reading: str, column: str) -> bytes:
    """The key of a column's pseudonyms (HMAC-SHA256, RFC 2104): of one reader and purpose, as ``reading`` says."""
    secret = cursors.node_key(settings.SECRETS_DIR, settings.SECRET_KEY, *MARKS_KEYS)
    return hmac.digest(
        secret, f"wushu pseudonym 1 {dataset} {column}\n{reading}".encode(), "sha256"
    )


def fits(masks: tuple[Mask, ...], columns: dict[str, Column]) -> bool:
    """Whether each column that is there can be masked as the grant says."""
    return not any(
        one.fault(found.type.value, found.scale)
        for one in masks
        if (found := columns.get(one.column)) is not None
    )


def source(
    whole: str, columns: dict[str, Column], masks: tuple[Mask, ...], dataset: UUID, reading: str
) -> str:
    """FROM clause like ``whole``, with what is shown in the place of the masked cells."""
    by_name = {one.column: one for one in masks}
    cells = [
        f"{_shown(one, by_name[one.name], dataset, reading)} AS c{one.place}"
        if one.name in by_name
        else f"c{one.place}"
        for one in columns.values()
    ]
    return f"(SELECT {', '.join([*cells, engine.POSITION])} FROM {whole}) AS masked"


def _shown(column: Column, mask: Mask, dataset: UUID, reading: str) -> str:
    return privacy.mask_expression(
        mask, f"c{column.place}", engine.text_cell(column.place, column.type),
        column.type.value, column.scale, pseudonym_key(dataset, reading, column.name),
    )  # fmt: skip


def fields(whole: tuple[FieldSpec, ...], masks: tuple[Mask, ...]) -> tuple[FieldSpec, ...]:
    """The fields as they are shown. A key of which a part is masked is none, unless values stay different."""
    by_name = {one.column: one for one in masks}
    made = tuple(_field(one, by_name[one.name]) if one.name in by_name else one for one in whole)
    loses = any(
        one.key and one.name in by_name and not privacy.mask_tells_apart(by_name[one.name])
        for one in whole
    )
    return tuple(replace(one, key=False) for one in made) if loses else made


def _field(whole: FieldSpec, mask: Mask) -> FieldSpec:
    """What holds of the true values need not hold of those shown."""
    type_ = FieldType(privacy.mask_shown_type(mask, whole.type.value))
    if type_ is whole.type:
        return replace(whole, code_list=())
    return replace(whole, type=type_, format="", unit="", code_list=())

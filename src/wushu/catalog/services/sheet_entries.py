"""Rows of the catalogue's spreadsheet as datasets: metadata and data items, cell by cell."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from wushu.catalog import layouts, rules
from wushu.catalog.types import Attribute, FieldSpec, FieldType, Metadata
from wushu.kernel.errors import INVALID_VALUE, Refusal, Said
from wushu.kernel.sheets import CELL_EMPTY, CellRefusal, Changed, Row

_COLUMNS = layouts.CATALOGUE.by_key
_BETWEEN = re.compile(r"[、,，;；\n]+")
_BETWEEN_CODES = re.compile(r"[;；\n]+")
_TEXTS = (
    "title_zh", "title_en", "description_zh", "description_en", "attribute_reason",
    "attribute_basis", "conditions", "spatial", "licence_note", "source_url", "source_note",
    "contact_name", "contact_email", "contact_phone",
)  # fmt: skip
_DATES = ("%Y-%m-%d", "%Y/%m/%d", "%Y%m%d", "%Y年%m月%d日")
_ITEM_CELLS = {
    "name": "item_name", "title_zh": "item_title_zh", "title_en": "item_title_en",
    "description": "item_description", "unit": "item_unit", "format": "item_format",
    "null_meaning": "item_null",
}  # fmt: skip
"""Column of the spreadsheet by a data item's property."""


@dataclass
class SheetEntry:
    """The rows of one dataset."""

    first: Row
    items: list[Row] = field(default_factory=list)

    @property
    def number(self) -> int:
        """The first row."""
        return self.first.number

    @property
    def fault(self) -> CellRefusal | None:
        """The first cell of any row that could not be read."""
        return next((row.fault for row in self.items if row.fault is not None), None)

    def __getitem__(self, key: str) -> str:
        return self.first[key]

    def cell(self, key: str) -> str:
        """Name of a cell of the first row."""
        return self.first.cell(key)


def grouped(rows: Iterable[Row]) -> Iterator[SheetEntry]:
    """Datasets with their rows: one begins where another title, body or slug stands."""
    current: SheetEntry | None = None
    for row in rows:
        if current is None or not _continues(current.first, row):
            if current is not None:
                yield current
            current = SheetEntry(row)
        current.items.append(row)
    if current is not None:
        yield current


def _continues(first: Row, row: Row) -> bool:
    if not row["item_name"] and row.fault is None:
        return False
    return all(row[key] in ("", first[key]) for key in ("body", "title_zh", "slug"))


def require_filled(entry: SheetEntry) -> None:
    """What every dataset must say in a file (``cell-empty``)."""
    for column in layouts.CATALOGUE.columns:
        if column.required and not entry[column.key]:
            raise CellRefusal(CELL_EMPTY(field=column.named), entry.cell(column.key))


def metadata_from(entry: SheetEntry, before: Metadata | None) -> Metadata:
    """What the first row says, over what is there; empty cells change nothing."""
    row = entry.first
    said: dict[str, Any] = {key: row[key] for key in _TEXTS if row[key]}
    if row["keywords"]:
        said["keywords"] = tuple(filter(None, map(str.strip, _BETWEEN.split(row["keywords"]))))
    choices: Mapping[str, Mapping[str, Any]] = {
        "theme": layouts.themes(),
        "update_cycle": layouts.frequencies(),
        "attribute": layouts.ATTRIBUTES,
    }
    for key, allowed in choices.items():
        if row[key]:
            said[key] = row.choice(_COLUMNS[key], allowed, None)
    for key in ("temporal_start", "temporal_end"):
        if row[key]:
            said[key] = _date(row, key)
    if row["licence"]:
        said["licence"] = layouts.licences().get(row["licence"].casefold(), row["licence"])
    if before is not None:
        return replace(before, **said)
    return Metadata(**{"attribute": Attribute.UNCONDITIONAL, "attribute_reason": "", **said})


def _date(row: Row, key: str) -> date:
    for notation in _DATES:
        try:
            return datetime.strptime(row[key], notation).date()  # noqa: DTZ007  (a day has no zone)
        except ValueError:
            continue
    with row.at(key):
        raise INVALID_VALUE(
            field=_COLUMNS[key].named, value=row[key], reason_zh="应写作 2026-01-31",
            reason_en="it should look like 2026-01-31",
        )  # fmt: skip
    raise AssertionError


def fields_from(entry: SheetEntry) -> tuple[FieldSpec, ...]:
    """The data items of all rows; none where the file names none."""
    return tuple(_item(row) for row in entry.items if row["item_name"])


def _item(row: Row) -> FieldSpec:
    return FieldSpec(
        name=row["item_name"],
        type=row.choice(_COLUMNS["item_type"], layouts.TYPES, FieldType.TEXT),
        format=row["item_format"],
        title_zh=row["item_title_zh"],
        title_en=row["item_title_en"],
        description=row["item_description"],
        unit=row["item_unit"],
        code_list=_codes(row),
        null_meaning=row["item_null"],
        key=row.choice(_COLUMNS["item_key"], layouts.YES, False),
    )


def _codes(row: Row) -> tuple[tuple[str, str], ...]:
    pairs = []
    for text in filter(None, map(str.strip, _BETWEEN_CODES.split(row["item_codes"]))):
        code, sign, meaning = text.partition("=")
        if not sign:
            with row.at("item_codes"):
                raise INVALID_VALUE(
                    field=_COLUMNS["item_codes"].named, value=text,
                    reason_zh="应写作 代码=含义", reason_en="it should look like code=meaning",
                )  # fmt: skip
        pairs.append((code.strip(), meaning.strip()))
    return tuple(pairs)


def require_sound(entry: SheetEntry, metadata: Metadata, fields: Sequence[FieldSpec]) -> None:
    """Refuse what could not be saved as a draft, at the cell it is about."""
    for refusal in rules.draft_problems(metadata, fields):
        raise CellRefusal(refusal, _cell_of(entry, refusal))


def _cell_of(entry: SheetEntry, refusal: Refusal) -> str:
    about = refusal.facts.get("field")
    key = about.key if isinstance(about, Said) else ""
    place, _, name = key.removeprefix("fields.").partition(".")
    if not place.isdigit():
        place, name = str(refusal.facts.get("position", "")), "name"
    items = [row for row in entry.items if row["item_name"]]
    if place.isdigit() and 0 < int(place) <= len(items):
        return items[int(place) - 1].cell(_ITEM_CELLS.get(name, "item_name"))
    return entry.cell(key)


def changes_between(
    before: tuple[Metadata, Sequence[FieldSpec]] | None,
    after: tuple[Metadata, Sequence[FieldSpec]],
) -> tuple[Changed, ...]:
    """What a file changes, in the words of the spreadsheet."""
    old = None if before is None else (*before, None)
    found = []
    for change in rules.revision_changes(old, (*after, None)):
        column = _COLUMNS.get(change.field)
        what = column.named if column is not None else _item_words(change.field)
        found.append(Changed(what, _text(change.old), _text(change.new)))
    return tuple(found)


def _item_words(key: str) -> Said:
    name = key.removeprefix("fields.")
    return Said(f"数据项 {name}", f"item {name}", key)


def _text(value: Any) -> str:
    if isinstance(value, FieldSpec):
        return value.title_zh or value.name
    if isinstance(value, tuple | list):
        return "、".join(map(str, value))
    return "" if value is None else str(value)

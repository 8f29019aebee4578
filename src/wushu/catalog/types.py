"""What other apps see of the catalogue."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID


class Attribute(StrEnum):
    """Opening attribute (开放属性), opening rules art. 7."""

    UNCONDITIONAL = "unconditional"  # 无条件开放
    CONDITIONAL = "conditional"  # 有条件开放
    NONE = "none"  # 不予开放


class EntryState(StrEnum):
    """Where a catalogue entry stands."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    LISTED = "listed"
    SEALED = "sealed"
    WITHDRAWN = "withdrawn"


class RevisionState(StrEnum):
    """Where a revision stands."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    RETURNED = "returned"
    LISTED = "listed"
    SUPERSEDED = "superseded"


class ReviewDecision(StrEnum):
    """What the second person decided."""

    LIST = "list"
    RETURN = "return"


class FieldType(StrEnum):
    """Confirmed type of a column."""

    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    NUMBER = "number"  # IEEE 754 double
    DATE = "date"
    DATETIME = "datetime"
    BOOLEAN = "boolean"


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One data item of a catalogue entry (opening rules art. 15)."""

    name: str
    """Column name in the API and the files; the source's header, trimmed."""
    type: FieldType = FieldType.TEXT
    format: str = ""
    """Exact format of dates and times in the source, strptime notation; scale for decimals."""
    title_zh: str = ""
    title_en: str = ""
    description: str = ""
    unit: str = ""
    code_list: tuple[tuple[str, str], ...] = ()
    """(code, meaning) pairs."""
    null_values: tuple[str, ...] = ("",)
    """Source texts that mean "no value"."""
    null_meaning: str = ""
    """What an empty value means here."""
    required: bool = False
    key: bool = False
    """Part of the table's key; keys are indexed in the serving file."""

    def as_json(self) -> dict[str, Any]:
        """The stored form."""
        return {
            "name": self.name,
            "type": self.type.value,
            "format": self.format,
            "title_zh": self.title_zh,
            "title_en": self.title_en,
            "description": self.description,
            "unit": self.unit,
            "code_list": [list(pair) for pair in self.code_list],
            "null_values": list(self.null_values),
            "null_meaning": self.null_meaning,
            "required": self.required,
            "key": self.key,
        }

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> FieldSpec:
        """Read the stored form; unknown keys are an error."""
        values = dict(stored)
        values["type"] = FieldType(values.get("type", "text"))
        values["code_list"] = tuple((str(c), str(m)) for c, m in values.get("code_list", []))
        values["null_values"] = tuple(values.get("null_values", [""]))
        return cls(**values)


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a clerk writes about a dataset; the content of a revision."""

    title_zh: str
    attribute: Attribute
    attribute_reason: str
    title_en: str = ""
    description_zh: str = ""
    description_en: str = ""
    keywords: tuple[str, ...] = ()
    theme: str = ""
    attribute_basis: str = ""
    conditions: str = ""
    update_cycle: str = ""
    spatial: str = ""
    temporal_start: date | None = None
    temporal_end: date | None = None
    licence: str = ""
    licence_note: str = ""
    source_url: str = ""
    source_note: str = ""
    synthetic: bool = False
    contact_name: str = ""
    contact_email: str = ""
    contact_phone: str = ""
    change_note: str = ""


@dataclass(frozen=True, slots=True)
class VersionView:
    """A version of the data as pages and other apps see it."""

    id: UUID
    entry: UUID
    number: int
    manifest_sha256: str
    source_name: str
    source_sha256: str
    source_bytes: int
    rows_declared: int
    rows_loaded: int
    rows_rejected: int
    parquet_bytes: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class ReviewView:
    """A recorded decision."""

    id: UUID
    revision: UUID
    decision: ReviewDecision
    reasons: str
    reviewer: str
    reviewer_name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class RevisionView:
    """A revision with its content."""

    id: UUID
    entry: UUID
    number: int
    state: RevisionState
    metadata: Metadata
    fields: tuple[FieldSpec, ...]
    version: VersionView | None
    created_by: str
    created_at: datetime
    submitted_by: str
    submitted_at: datetime | None
    reviews: tuple[ReviewView, ...] = ()


@dataclass(frozen=True, slots=True)
class EntryView:
    """A catalogue entry as a reader may see it: identity, standing and one revision."""

    id: UUID
    slug: str
    state: EntryState
    body: UUID
    body_code: str
    body_name_zh: str
    body_name_en: str
    revision: RevisionView | None
    """The listed revision for the public; the newest one for its own body and the authority."""
    created_at: datetime
    listed_at: datetime | None
    changed_at: datetime
    closed_reason: str = ""
    closed_basis: str = ""

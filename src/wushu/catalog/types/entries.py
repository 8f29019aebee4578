"""Entries as other apps see them: their metadata, revisions, versions and files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any
from uuid import UUID

from wushu.kernel.errors import Said
from wushu.kernel.languages import in_language


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


class EntryAct(StrEnum):
    """What can be done to an entry; ``rules.TRANSITIONS`` says from which state to which."""

    EDIT = "edit"
    SUBMIT = "submit"
    RETURN = "return"
    LIST = "list"
    SEAL = "seal"
    RESTORE = "restore"
    WITHDRAW = "withdraw"


class FieldType(StrEnum):
    """Confirmed type of a column."""

    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    NUMBER = "number"  # IEEE 754 double
    DATE = "date"
    DATETIME = "datetime"
    BOOLEAN = "boolean"

    @property
    def xsd(self) -> str:
        """Its datatype in XML Schema, by which RDF and CSV on the Web call it."""
        return _XSD[self]


_XSD = MappingProxyType(
    {
        FieldType.TEXT: "string",
        FieldType.INTEGER: "integer",
        FieldType.DECIMAL: "decimal",
        FieldType.NUMBER: "double",
        FieldType.DATE: "date",
        FieldType.DATETIME: "dateTime",
        FieldType.BOOLEAN: "boolean",
    }
)


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
class Form:
    """A form in which a version's data are delivered."""

    code: str
    """Of the EU's file types where they have one for it (``listed``)."""
    label: str
    suffix: str
    """Of its address, ``/data/<slug>.<suffix>``."""
    media_type: str
    listed: bool


@dataclass(frozen=True, slots=True)
class Coordinates:
    """Names of the columns that hold degrees of WGS 84."""

    longitude: str
    latitude: str


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a clerk writes about a dataset; the content of a revision."""

    title_zh: str
    attribute: Attribute
    attribute_reason: str
    """Why this opening attribute (art. 7); whoever changes the attribute says why anew."""
    title_en: str = ""
    description_zh: str = ""
    description_en: str = ""
    keywords: tuple[str, ...] = ()
    theme: str = ""
    """Code of the EU data theme vocabulary."""
    attribute_basis: str = ""
    """Legal basis; when an unconditional dataset becomes stricter, the filing (art. 8)."""
    conditions: str = ""
    """Audience, purpose, scope, requirements, where conditional."""
    update_cycle: str = ""
    """Code of the EU frequency vocabulary."""
    spatial: str = ""
    """Division code (GB/T 2260 and the levels below), or ``CN`` for the whole country."""
    temporal_start: date | None = None
    temporal_end: date | None = None
    licence: str = ""
    """Licence as a URI; empty when the true licence is not known."""
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
    parquet_sha256: str = ""
    """Of the stored Parquet file; empty where it was not given."""


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What is known of a generated file of a version before it is asked for."""

    suffix: str
    """As its address ends."""
    size: int
    """Bytes."""
    sha256: str
    variant: str = ""
    """Parameters of its address that change its bytes; empty: the usual file."""


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
    case: UUID | None = None
    """Whose step submitted it, where rules ask for a procedure: its steps list or return it."""
    reviews: tuple[ReviewView, ...] = ()


@dataclass(frozen=True, slots=True)
class ListingProcedure:
    """What the rules of a place ask for before something is listed."""

    id: str
    title: Said


@dataclass(frozen=True, slots=True)
class ListedAs:
    """A listed entry, as short as a list of very many needs it."""

    entry: UUID
    body: UUID
    listed_at: datetime
    """When it was first listed."""


@dataclass(frozen=True, slots=True)
class SealingCase:
    """An open case by whose step a dataset was sealed."""

    id: UUID
    number: str
    title: Said
    """Of its procedure."""
    awaits_listing: bool
    """It waits for a new, reviewed revision (处理后再开放)."""


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
    """When it was first listed; None: the public has never seen it."""
    changed_at: datetime
    """When the public last saw a change; strictly increasing over the whole catalogue."""
    closed_reason: str = ""
    closed_basis: str = ""
    title_zh: str = ""
    """Of the listed revision, kept on the notice of a sealed or withdrawn entry; else the newest."""
    title_en: str = ""
    listed_revision: UUID | None = None

    def title(self, language: str) -> str:
        """Title in the language, Chinese where there is no English one."""
        return in_language(language, self.title_zh, self.title_en)

    def body_name(self, language: str) -> str:
        """Name of the opening body in the language, Chinese where there is no English one."""
        return in_language(language, self.body_name_zh, self.body_name_en)

    @property
    def urn(self) -> str:
        """Subject of the entry's acts in the evidence log."""
        return f"urn:uuid:{self.id}"


@dataclass(frozen=True, slots=True)
class Change:
    """One difference between what is listed and what is proposed, for the reviewer."""

    field: str
    """Name of the metadata field, ``fields.<column>`` (added, removed), ``fields.<column>.<property>``,
    ``fields`` (order of the columns) or ``version``."""
    old: Any
    """None: there was nothing."""
    new: Any
    """None: there is nothing any more."""


@dataclass(frozen=True, slots=True)
class IdentifierTarget:
    """What a permanent identifier ``…/id/<uuid>`` stands for."""

    kind: str
    """``dataset``, ``version``, ``series``, ``grouping`` or ``organisation``."""
    page: str
    """Path of its page on the portal."""
    slug: str = ""
    """Of the dataset, where it is one (or a version of one)."""


@dataclass(frozen=True, slots=True)
class CorrectionView:
    """A statement that an earlier act was wrong; the act itself stays as it is."""

    id: UUID
    entry: UUID
    index: int
    """Place in the log of the act that was wrong."""
    act: str
    reason: str
    right: str
    """What should have been said; may be empty."""
    proposed_by: str
    proposed_at: datetime
    confirmed_by: str
    """Empty while it waits for the second person."""
    confirmed_at: datetime | None

    @property
    def in_force(self) -> bool:
        """Whether it stands, and does not wait for a second person."""
        return self.confirmed_at is not None

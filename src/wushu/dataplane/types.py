"""What other apps see of the data plane."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from wushu.catalog.types import FieldSpec
from wushu.dataplane.ingest.codec import from_json, to_json
from wushu.kernel.errors import Said


class UploadState(StrEnum):
    """How far the work on an upload is."""

    RECEIVED = "received"
    UNDECIDED = "undecided"  # waiting for the person to choose the encoding
    FOUND = "found"  # waiting for the person to confirm the schema
    QUEUED = "queued"
    LOADING = "loading"
    LOADED = "loaded"
    FAILED = "failed"


class GranteeKind(StrEnum):
    """Whom a grant is for."""

    PUBLIC = "public"
    ORGANISATION = "organisation"
    PERSON = "person"


class GrantStanding(StrEnum):
    """Whether a grant lets anybody read."""

    IN_FORCE = "in_force"
    FUTURE = "future"
    EXPIRED = "expired"
    REVOKED = "revoked"


class Watermark(StrEnum):
    """How downloads under a grant are marked for their reader. No value is ever altered."""

    NONE = ""
    ORDER = "order-1"  # rows in an order of the reader's own (query.ordering)


class Delivery(StrEnum):
    """How what a grant covers is delivered (art. 24)."""

    ROWS = ""  # rows: by page, API and download
    COMPUTED = "computed"  # results of programs run where the data are; the rows stay there


@dataclass(frozen=True, slots=True)
class Quota:
    """How much may be read under a grant on one day of Asia/Shanghai; None: no limit."""

    rows: int | None = None
    requests: int | None = None

    def __bool__(self) -> bool:
        return self.rows is not None or self.requests is not None


NO_QUOTA = Quota()


class Evidence(StrEnum):
    """Why a file is read in an encoding."""

    TOLD = "told"  # the person said so
    BOM = "bom"  # byte order mark
    NUL_PATTERN = "nul_pattern"  # every second byte is NUL: UTF-16
    STRICT = "strict"  # only this encoding decodes every byte (or plain ASCII)
    FREQUENCY = "frequency"  # several decode every byte; the characters speak for this one


class Newline(StrEnum):
    """Line ends of the source."""

    LF = "lf"
    CRLF = "crlf"
    CR = "cr"
    MIXED = "mixed"


class SemanticType(StrEnum):
    """What the values of a column are, beyond their data type."""

    NONE = ""
    CREDIT_CODE = "credit_code"  # 统一社会信用代码
    RESIDENT_ID = "resident_id"  # 公民身份号码
    PHONE = "phone"
    DIVISION_CODE = "division_code"  # 行政区划代码
    EMAIL = "email"
    URL = "url"
    MONEY = "money"
    LONGITUDE = "longitude"
    LATITUDE = "latitude"
    CODE = "code"
    CATEGORY = "category"  # few different values that repeat


class RejectReason(StrEnum):
    """Why a row did not become data. Each has its sentence in ``docs/reference/ingest.md``."""

    TOO_FEW_CELLS = "too-few-cells"
    TOO_MANY_CELLS = "too-many-cells"
    QUOTE_MISPLACED = "quote-misplaced"
    ROW_TOO_LONG = "row-too-long"
    NOT_AN_INTEGER = "not-an-integer"
    NOT_A_DECIMAL = "not-a-decimal"
    NOT_A_NUMBER = "not-a-number"
    NOT_THE_DATE_FORMAT = "not-the-date-format"
    NOT_THE_DATETIME_FORMAT = "not-the-datetime-format"
    NOT_A_BOOLEAN = "not-a-boolean"
    REQUIRED_IS_EMPTY = "required-is-empty"


@dataclass(frozen=True, slots=True)
class EncodingCandidate:
    """One encoding in which every byte of the file decodes."""

    encoding: str
    """Python's name: ``utf-8``, ``utf-16-le``, ``utf-16-be``, ``gb18030``, ``big5``."""
    score: float
    """Mean log10 frequency of its Chinese characters; higher is more like written Chinese."""
    sample: tuple[str, ...]
    """A few lines that hold Chinese characters, as they read in this encoding."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """How cells stand in lines."""

    delimiter: str
    quote: str
    """Empty: quotes mean nothing."""
    newline: Newline
    skip_lines: int
    """Physical lines before the header (preamble)."""
    header: bool


@dataclass(frozen=True, slots=True)
class CellExample:
    """One cell and where it stands."""

    line: int
    """Physical line of the source where its row begins, from 1."""
    text: str


@dataclass(frozen=True, slots=True)
class PersonalInformation:
    """Values of a column that recognisers take for personal information."""

    column: str
    kind: str
    """Name of the recogniser, ``wushu.privacy``."""
    matches: int
    checked: int
    """Filled cells that were looked at (a sample on large tables)."""
    examples: tuple[str, ...]
    """Masked: never a whole value."""


@dataclass(frozen=True, slots=True)
class ColumnFound:
    """One column of the source and what is proposed for it. Nothing is typed until confirmed."""

    position: int
    """From 0, in the source."""
    header: str
    """Text of the header cell as it stands in the source; empty when there is no header."""
    proposal: FieldSpec
    why: str
    """Name of the reason for the proposed type, ``dataplane.ingest.infer.Why``."""
    semantic: SemanticType
    filled: int
    """Cells that are not a null literal."""
    empty: int
    """Cells that are a null literal of the proposal."""
    null_literals: tuple[tuple[str, int], ...]
    """(text, how often) of the null literals that occur, the empty text among them."""
    rejected: int
    """Cells that the proposal would reject."""
    rejected_examples: tuple[CellExample, ...]
    samples: tuple[str, ...]
    """First few different filled values."""


@dataclass(frozen=True, slots=True)
class Found:
    """What was found in an upload: shown to the person, who confirms or corrects it."""

    bytes: int
    encoding: str
    evidence: Evidence
    candidates: tuple[EncodingCandidate, ...]
    """More than one: the person was or must be asked."""
    dialect: Dialect
    preamble: tuple[str, ...]
    """Lines before the header, as they stand."""
    rows: int
    """Declared rows: records after the header."""
    in_place: bool
    """Every line is one row (proved byte by byte): the text can be read where it is."""
    first_line: int
    """Physical line of the first row, from 1."""
    ragged: int
    """Declared rows that cannot be divided into the header's cells; they will be rejected."""
    ragged_examples: tuple[CellExample, ...]
    columns: tuple[ColumnFound, ...]
    sample: tuple[tuple[str, ...], ...]
    """First rows, as text, one cell per column."""
    personal: tuple[PersonalInformation, ...]
    warnings: tuple[str, ...] = ()
    """Names of what deserves a look: ``headers-invented``, ``personal-information`` …"""

    def personal_in(
        self, positions: Sequence[int], fields: Sequence[FieldSpec]
    ) -> tuple[PersonalInformation, ...]:
        """What looks personal in the columns that are taken, under the names they are taken by."""
        taken = {
            self.columns[position].proposal.name: field.name
            for position, field in zip(positions, fields, strict=True)
        }
        return tuple(
            replace(one, column=taken[one.column]) for one in self.personal if one.column in taken
        )

    def as_json(self) -> dict[str, Any]:
        """The stored form."""
        return dict(to_json(self))

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Found:
        """Read the stored form."""
        return from_json(cls, stored)


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What the person confirmed."""

    encoding: str
    dialect: Dialect
    fields: tuple[FieldSpec, ...]
    positions: tuple[int, ...]
    """Source column of each field, from 0: columns may be left out."""

    def as_json(self) -> dict[str, Any]:
        """The stored form."""
        return dict(to_json(self))

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Confirmed:
        """Read the stored form."""
        return from_json(cls, stored)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a load is."""

    state: UploadState
    bytes_total: int
    bytes_done: int
    rows_total: int
    """0 until the rows are counted."""
    rows_done: int
    started_at: datetime | None
    finished_at: datetime | None

    @property
    def share(self) -> float:
        """Part done, 0 to 1."""
        if self.state is UploadState.LOADED:
            return 1.0
        return min(1.0, self.bytes_done / self.bytes_total) if self.bytes_total else 0.0

    def rows_per_second(self, now: datetime) -> float:
        """Mean rate since the start; 0 before it."""
        if self.started_at is None:
            return 0.0
        seconds = ((self.finished_at or now) - self.started_at).total_seconds()
        return self.rows_done / seconds if seconds > 0 else 0.0

    def seconds_left(self, now: datetime) -> float | None:
        """Estimated by bytes; None while nothing can be said."""
        if self.started_at is None or self.finished_at is not None or not self.share:
            return None
        return (now - self.started_at).total_seconds() * (1 - self.share) / self.share


@dataclass(frozen=True, slots=True)
class UploadView:
    """An upload and the newest load of it."""

    id: UUID
    load: UUID
    body: UUID
    name: str
    sha256: str
    size: int
    encoding: str
    """Told by the person; empty: to be found."""
    received_at: datetime
    state: UploadState


@dataclass(frozen=True, slots=True)
class LoadView:
    """A load as the desk and the command line see it."""

    id: UUID
    upload: UploadView
    state: UploadState
    found: Found | None
    candidates: tuple[EncodingCandidate, ...]
    """When ``state`` is UNDECIDED: what to choose from."""
    confirmed: Confirmed | None
    progress: Progress
    entry: UUID | None
    version: UUID | None
    refusal: dict[str, Any] | None
    """Problem details (``Refusal.as_problem``) of a failed load."""


@dataclass(frozen=True, slots=True)
class HistogramBin:
    """Values from ``low`` (included) to ``high`` (excluded, but included in the last bin)."""

    low: str
    high: str
    count: int


@dataclass(frozen=True, slots=True)
class ValueCount:
    """A value and how often it occurs."""

    value: str
    count: int


@dataclass(frozen=True, slots=True)
class ColumnProfile:
    """What the loaded values of a column look like. Values are in their JSON text form."""

    name: str
    type: str
    semantic: SemanticType
    filled: int
    empty: int
    distinct: int
    distinct_approximate: bool
    """HyperLogLog estimate, typically within 7 %; exact otherwise."""
    minimum: str | None
    maximum: str | None
    mean: float | None
    histogram: tuple[HistogramBin, ...]
    """Numbers, dates and times; empty for the others."""
    top: tuple[ValueCount, ...]
    """Most frequent values of text, booleans and columns with few values."""
    examples: tuple[str, ...]

    @property
    def fill_rate(self) -> float:
        """Share of rows with a value, 0 to 1; 0 for a table without rows."""
        rows = self.filled + self.empty
        return self.filled / rows if rows else 0.0


@dataclass(frozen=True, slots=True)
class Profile:
    """``profile.json`` of a version."""

    rows: int
    duplicate_rows: int
    """Loaded rows equal in every column to an earlier one."""
    key_candidates: tuple[str, ...]
    """Columns without empty values in which no value occurs twice (checked exactly)."""
    columns: tuple[ColumnProfile, ...]

    def as_json(self) -> dict[str, Any]:
        """The stored form."""
        return dict(to_json(self))

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Profile:
        """Read the stored form."""
        return from_json(cls, stored)


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """One row of ``rejects.parquet``."""

    row: int
    """Declared row number, from 1."""
    line: int
    """Physical line of the source where the row begins, from 1."""
    column: str
    """Empty when the whole row is at fault."""
    reason: RejectReason
    text: str
    """The cell's text; the row's source text when the whole row is at fault."""
    cells: tuple[str, ...]
    """All cells of the row; none when it could not be divided."""


@dataclass(frozen=True, slots=True)
class FileFault:
    """A file of a version that is not what the manifest or the catalogue says."""

    kind: str
    """``missing``, ``changed``, ``unlisted``, ``manifest`` or ``orphan``."""
    where: str
    """Path below WUSHU_HOME's object or serving folder."""
    message: Said


@dataclass(frozen=True, slots=True)
class ServingInfo:
    """The derived file that answers pages of rows."""

    path: str
    layout: str
    sha256: str
    bytes: int

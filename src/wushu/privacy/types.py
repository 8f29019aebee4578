"""What other apps see of a search for personal information."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum


class Kind(StrEnum):
    """What a recogniser looks for."""

    RESIDENT_ID = "resident_id"
    RESIDENT_ID_15 = "resident_id_15"
    MOBILE = "mobile"
    BANK_CARD = "bank_card"
    PLATE = "plate"
    EMAIL = "email"
    PERSON_NAME = "person_name"
    CREDIT_CODE = "credit_code"

    @property
    def personal(self) -> bool:
        """Whether it is personal information; the code of a body (统一社会信用代码) is not."""
        return self is not Kind.CREDIT_CODE


class Confidence(IntEnum):
    """How sure a finding is; comparable."""

    LOW = 1
    """No more than chance would give."""
    MEDIUM = 2
    """More than chance, or the header says so."""
    HIGH = 3
    """More than chance, and the header, the checksum or most of the values agree."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One kind found in one column."""

    kind: Kind
    matches: int
    """Values in which it was found and its check holds."""
    shaped: int
    """Values that look like it, whether or not the check holds."""
    share: float
    """``matches`` of the non-empty values, 0 to 1."""
    embedded: int
    """Matches inside a longer text, such as a remark."""
    header: bool
    """The column's header names it."""
    confidence: Confidence
    examples: tuple[str, ...]
    """Up to three matches, masked."""


@dataclass(frozen=True, slots=True)
class ColumnFindings:
    """All that was found in one column, the surest first."""

    name: str
    values: int
    """Non-empty values looked at."""
    findings: tuple[Finding, ...]

    @property
    def personal(self) -> tuple[Finding, ...]:
        """What a person should be warned of: personal, and more than chance."""
        return tuple(
            f for f in self.findings if f.kind.personal and f.confidence >= Confidence.MEDIUM
        )


@dataclass(frozen=True, slots=True)
class TableFindings:
    """All columns, in the table's order."""

    rows: int
    """Rows looked at: the sample the caller chose."""
    columns: tuple[ColumnFindings, ...]

    @property
    def personal(self) -> tuple[ColumnFindings, ...]:
        """Columns a person should be warned of."""
        return tuple(column for column in self.columns if column.personal)

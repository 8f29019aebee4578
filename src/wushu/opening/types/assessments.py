"""Yearly assessments by declared indicators."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from wushu.casework.types import Ground
from wushu.kernel.errors import Said
from wushu.kernel.languages import in_language


class Counted(StrEnum):
    """What an indicator counts, out of the platform's own records."""

    UPDATES = "updates-kept"
    REPLY_DAYS = "reply-days"
    IN_TIME = "replies-in-time"
    PROCEDURE = "procedure-in-time"
    REJECTS = "rows-rejected"
    USE = "uses-per-dataset"
    PLAN = "plan-done"
    PRIORITY = "priority-done"
    RATINGS = "user-ratings"
    SURVEY = "survey"  # typed in by the authority, with its source


class Unit(StrEnum):
    """In what an indicator's value is said."""

    SHARE = "share"
    WORKING_DAYS = "working-days"
    NUMBER = "number"
    POINTS = "points"


@dataclass(frozen=True, slots=True)
class Indicator:
    """One thing that is counted of each body."""

    id: str
    label: Said
    how: Said
    counts: Counted
    unit: Unit
    weight: float
    best: float
    """The value that is worth 100 points."""
    worst: float
    """The value that is worth none."""
    ground: Ground
    procedure: str = ""
    """Of ``procedure-in-time``: the procedure of the regulation."""


@dataclass(frozen=True, slots=True)
class IndicatorSystem:
    """A declared indicator system (考核评估指标体系)."""

    regulation: str
    """Key of the regulation whose folder it stands in."""
    title: Said
    ground: Ground
    weights: Said
    """Where the weights come from."""
    indicators: tuple[Indicator, ...]


@dataclass(frozen=True, slots=True)
class Measured:
    """A value of a body, with what it was counted from; None: there was nothing to count."""

    indicator: str
    value: float | None
    points: float | None
    of: int
    """Over how many datasets, cases, items or rows it was counted."""
    source: str = ""
    """Of a survey."""


@dataclass(frozen=True, slots=True)
class BodyAssessed:
    """What was counted of one body."""

    code: str
    name_zh: str
    name_en: str
    measured: tuple[Measured, ...]
    """In the order of the indicators."""
    score: float | None
    """Mean of the points by weight, over what there was to count."""
    comment: str = ""

    def name(self, language: str) -> str:
        """In the language, Chinese where there is no English one."""
        return in_language(language, self.name_zh, self.name_en)


@dataclass(frozen=True, slots=True)
class AssessmentView:
    """A year's assessment of a division: as it was published, or as it stands now."""

    id: UUID
    division: str
    year: int
    system: IndicatorSystem
    bodies: tuple[BodyAssessed, ...]
    """The highest score first."""
    counted_on: date
    published_at: datetime | None
    sha256: str
    document: str
    """Canonical JSON of what was published, or would be."""

    @property
    def urn(self) -> str:
        """Subject of its acts in the evidence log."""
        return f"urn:uuid:{self.id}"


@dataclass(frozen=True, slots=True)
class AssessmentLine:
    """An assessment in a list."""

    division: str
    year: int
    published_at: datetime | None

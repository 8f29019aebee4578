"""How fast cases are answered: of one case, and in figures over many."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from wushu.kernel.errors import Said


@dataclass(frozen=True, slots=True)
class Answer:
    """When a case got its first answer."""

    received: date
    answered: date
    working_days: int
    """From the day after receipt through the day of the answer; waiting for a supplement counts too."""
    in_time: bool
    """Whether every limit that ran until then was kept."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How many were answered, and how fast."""

    answered: int
    median: float
    """Working days from receipt to the first answer: half took no longer."""
    in_time: int
    late: int


@dataclass(frozen=True, slots=True)
class ProcedurePace:
    """The same of one procedure."""

    procedure: str
    title: Said
    pace: Pace


@dataclass(frozen=True, slots=True)
class CaseFigures:
    """What was answered from a day through another."""

    first: date
    last: date
    total: Pace | None
    """None where nothing was answered."""
    procedures: tuple[ProcedurePace, ...]
    """In the order of their ids; those without an answer are left out."""

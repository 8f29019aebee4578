"""Whether a dataset is as new as promised."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Freshness(StrEnum):
    """How the newest version stands to the promised update cycle."""

    KEPT = "kept"
    MISSED = "missed"
    IRREGULAR = "irregular"
    FINAL = "final"
    UNKNOWN = "unknown"
    NO_DATA = "no-data"


@dataclass(frozen=True, slots=True)
class Due:
    """Whether it is kept, and until when."""

    freshness: Freshness
    on: date | None = None
    """The day by which the next version is due; None where no day was promised."""
    soon: bool = False
    """Kept, but the day is near."""
    days: int | None = None
    """Days left (0: today), or as a negative number days late."""

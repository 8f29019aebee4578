"""When what is not opened is re-assessed (art. 8)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from wushu.catalog.types import EntryView


@dataclass(frozen=True, slots=True)
class ReassessmentDue:
    """A dataset that is not opened, and the day on which that is to be looked at again."""

    entry: EntryView
    procedure: str
    """By which, where its body is."""
    due: date
    is_late: bool
    assessed: date | None
    """When it last was; None: never."""
    under_way: bool
    """A case is at it."""


@dataclass(frozen=True, slots=True)
class ReassessmentPage:
    """A page of them, the soonest first."""

    items: tuple[ReassessmentDue, ...]
    cursor: str | None
    """Where the next page begins; None: this was the last."""

"""Calls for needs and what people ask for in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from wushu.catalog.types import EntryView
from wushu.opening.types.plans import PlannedItem
from wushu.parties.types import OrganisationView


class NeedState(StrEnum):
    """Where a need for data (公共数据开放需求) stands."""

    WAITING = "waiting"  # the authority is to look at it
    DECLINED = "declined"  # not published
    PUBLISHED = "published"
    HANDED = "handed-over"  # published, and a body is to answer
    ANSWERED = "answered"


@dataclass(frozen=True, slots=True)
class NeedCallView:
    """A call for needs."""

    id: UUID
    division: str
    title: str
    text: str
    begins: date
    ends: date
    """The last day."""
    is_open: bool


@dataclass(frozen=True, slots=True)
class NeedGiven:
    """What somebody writes into a call."""

    title: str
    data: str
    purpose: str
    body: UUID | None = None
    """Who is believed to hold the data."""


@dataclass(frozen=True, slots=True)
class NeedAnswer:
    """What becomes of a need: words, and the dataset or the planned item that meets it."""

    text: str
    dataset: UUID | None = None
    plan_body: UUID | None = None
    plan_year: int = 0
    plan_item: UUID | None = None


@dataclass(frozen=True, slots=True)
class NeedView:
    """A need as its reader may see it; of the person never more than whether it is their own."""

    id: UUID
    call: NeedCallView
    title: str
    data: str
    purpose: str
    body: OrganisationView | None
    state: NeedState
    submitted_at: datetime
    published_at: datetime | None
    supports: int
    answer: str
    answered_at: datetime | None
    dataset: EntryView | None
    """As the public sees it."""
    planned: PlannedItem | None
    plan_year: int | None
    case: str
    """Number of the case it became; empty: of none."""
    is_own: bool = False
    is_supported: bool = False
    reasons: str = ""
    """Why it was not published; for who wrote it and who decides."""

    @property
    def urn(self) -> str:
        """Subject of its acts in the evidence log."""
        return f"urn:uuid:{self.id}"


@dataclass(frozen=True, slots=True)
class NeedPage:
    """Published needs, the newest first."""

    needs: tuple[NeedView, ...]
    cursor: str | None

"""Yearly opening plans and how far they are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from wushu.casework.types import PriorityDomain
from wushu.catalog.types import Attribute, EntryView
from wushu.parties.types import OrganisationView


class PlanState(StrEnum):
    """Where an edition of a yearly opening plan (年度开放计划) stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ACCEPTED = "accepted"


class ItemStanding(StrEnum):
    """How a planned item stands, by the catalogue and the calendar."""

    DONE = "done"  # its dataset is listed as planned, or more open
    COMING = "coming"
    LATE = "late"  # its quarter has passed


@dataclass(frozen=True, slots=True)
class PlanItem:
    """One thing that a body will open."""

    key: UUID
    """The same in every edition of the plan."""
    title: str
    attribute: Attribute
    quarter: int
    """1 to 4: by the end of which it is to be open."""
    theme: str = ""
    """Code of the data themes."""
    update_cycle: str = ""
    """Code of the frequencies."""
    dataset: UUID | None = None
    """Catalogue entry, where there is one already."""
    domain: str = ""
    """Id of the priority domain that the body names."""


@dataclass(frozen=True, slots=True)
class PlanContent:
    """What a plan says (细则第十四条): the list of datasets, key scenarios, measures."""

    items: tuple[PlanItem, ...] = ()
    scenarios: str = ""
    measures: str = ""
    reason: str = ""
    """Why the accepted plan is amended."""


@dataclass(frozen=True, slots=True)
class PlannedItem:
    """A planned item as it stands today."""

    item: PlanItem
    standing: ItemStanding
    dataset: EntryView | None
    """As the public sees it; None where it is not listed."""
    domain: PriorityDomain | None = None
    """Whose data are opened first."""


@dataclass(frozen=True, slots=True)
class PlanChange:
    """One difference between two accepted editions: an item as it was, and as it is."""

    before: PlanItem | None
    after: PlanItem | None


@dataclass(frozen=True, slots=True)
class PlanEditionView:
    """One state of a plan."""

    number: int
    state: PlanState
    content: PlanContent
    sha256: str
    revised: int
    submitted_at: datetime | None
    decided_at: datetime | None
    reasons: str
    changes: tuple[PlanChange, ...] = ()
    """Against the accepted edition before it."""


@dataclass(frozen=True, slots=True)
class PlanProgress:
    """How many items of a plan are open."""

    planned: int
    done: int
    late: int


@dataclass(frozen=True, slots=True)
class DomainProgress:
    """How far a plan is in a priority domain (细则第十八条)."""

    domain: PriorityDomain
    progress: PlanProgress


@dataclass(frozen=True, slots=True)
class PlanView:
    """A body's plan of a year, as the reader may see it."""

    id: UUID
    body: OrganisationView
    year: int
    in_force: PlanEditionView | None
    former: tuple[PlanEditionView, ...]
    """Accepted before, the newest first."""
    working: PlanEditionView | None
    """Draft, submitted or returned; for its body and its authority."""
    items: tuple[PlannedItem, ...]
    """Of what is in force."""
    progress: PlanProgress
    domains: tuple[DomainProgress, ...] = ()
    """Every priority domain of the place, those without an item too."""

    @property
    def urn(self) -> str:
        """Subject of the plan's acts in the evidence log."""
        return f"urn:uuid:{self.id}"


@dataclass(frozen=True, slots=True)
class PlanLine:
    """A plan in a list."""

    body: OrganisationView
    year: int
    state: PlanState
    """Of the newest edition that the reader may see."""
    progress: PlanProgress
    since: datetime | None = None
    """When it came to stand so; None: it is a draft."""
    domains: tuple[DomainProgress, ...] = ()
    """Every priority domain of the place."""


@dataclass(frozen=True, slots=True)
class PlanPage:
    """Plans of a year, by the bodies' credit codes."""

    lines: tuple[PlanLine, ...]
    cursor: str | None

"""Programs that users have run where the data are, and what becomes of their results (细则第九、二十四条)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from wushu.catalog.types import EntryView
from wushu.parties.types import OrganisationView


class ComputationState(StrEnum):
    """How far a computation is."""

    QUEUED = "queued"  # it waits for a worker, or a worker is at it
    WAITING = "waiting"  # it has run; an official of the opening body decides on its result
    FAILED = "failed"
    RELEASED = "released"
    WITHHELD = "withheld"


@dataclass(frozen=True, slots=True)
class ComputationView:
    """A computation as who submitted it, or who decides on it, may see it."""

    id: UUID
    dataset: EntryView
    grant: UUID
    """Under which it was submitted."""
    purpose: str
    """What the grant is for."""
    organisation: OrganisationView | None
    """The organisation it is for; None: a person."""
    state: ComputationState
    program: str
    submitted_at: datetime
    ran_at: datetime | None
    decided_at: datetime | None
    reason: str
    """Why the result was released or withheld."""
    refusal: dict[str, Any] | None
    """Problem details of a computation that failed."""
    version: int | None
    """Number of the dataset version it read."""
    manifest_sha256: str
    program_sha256: str
    result_sha256: str
    columns: tuple[tuple[str, str], ...]
    """Of the result: name and type of each; for who submitted it once it is released."""
    rows: int | None
    bytes: int | None
    smallest_group: int | None
    """For who decides: the fewest rows behind a value of the result; None: nothing sound is known."""
    is_own: bool
    is_decided_here: bool
    """Whether the reader is one of those who decide on its result."""

    @property
    def urn(self) -> str:
        """As the log names it."""
        return f"urn:uuid:{self.id}"


@dataclass(frozen=True, slots=True)
class ComputationPage:
    """Some computations, and the cursor of the next ones."""

    items: tuple[ComputationView, ...]
    cursor: str | None


@dataclass(frozen=True, slots=True)
class ComputedFile:
    """A result as a file."""

    content: bytes
    media_type: str


@dataclass(frozen=True, slots=True)
class ComputedTable:
    """A result: its columns, and its rows or the first of them."""

    columns: tuple[tuple[str, str], ...]
    rows: tuple[tuple[Any, ...], ...]
    all_rows: int
    """How many there are, shown or not."""

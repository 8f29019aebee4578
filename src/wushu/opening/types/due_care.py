"""Who reviewed what of a dataset and when: the record of due care."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from wushu.casework.types import Ground
from wushu.catalog.types import Attribute, EntryView
from wushu.evidence.types import ProvedAct
from wushu.kernel.errors import Said
from wushu.parties.types import OrganisationView


@dataclass(frozen=True, slots=True)
class CareCase:
    """The case in which something was done."""

    id: UUID
    number: str
    procedure: str
    title: Said


@dataclass(frozen=True, slots=True)
class CareRevision:
    """Which state of the entry an act was about."""

    number: int
    attribute: Attribute
    reasons: str = ""
    """Of its reviewer, in an act that lists or returns it."""


@dataclass(frozen=True, slots=True)
class CareAnswer:
    """What an official found, decided or did, in their words."""

    label: Said
    text: Said


@dataclass(frozen=True, slots=True)
class CarePaper:
    """A paper that came with it."""

    name: str
    """Empty for what came from outside."""
    label: Said
    sha256: str


@dataclass(frozen=True, slots=True)
class CareLine:
    """One thing that was done."""

    at: datetime
    act: str
    """Of the log."""
    words: Said | None
    """Of what was done in a case; acts on the entry itself have words of their own."""
    seat: Said | None
    organisation: str
    """For whom they act or acted; empty for people from outside."""
    name: str
    """Of the person, for readers who may know it."""
    case: CareCase | None = None
    ground: Ground | None = None
    revision: CareRevision | None = None
    answers: tuple[CareAnswer, ...] = ()
    text: str = ""
    """What was asked or found by experts, or where the case goes on."""
    papers: tuple[CarePaper, ...] = ()
    proved: ProvedAct | None = None


@dataclass(frozen=True, slots=True)
class DueCare:
    """All that shows due care for a dataset (细则第四十二条), as far as its reader may see it."""

    entry: EntryView
    body: OrganisationView
    made_at: datetime
    lines: tuple[CareLine, ...]
    """The oldest first."""
    unseen_cases: int
    """In which the reader has no part."""
    withheld_lines: int
    """That are not for the reader."""
    cut: bool
    """There is more, and older, than is shown."""

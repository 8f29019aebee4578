"""Cases: who files what under which regulation, what has happened, and whose turn it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from wushu.casework.types.clocks import Clock
from wushu.casework.types.regulations import ClockRule, Procedure, Regulation, State, Step
from wushu.kernel.errors import Said
from wushu.parties.types import Actor

Values = Mapping[str, Any]
"""Answers to the fields of a step, by their names."""


class HappenedKind(StrEnum):
    """What a line of a case's timeline is."""

    STEP = "step"
    MESSAGE = "message"
    """Between who filed and who decides; both read it."""
    NOTE = "note"
    """Among officials."""
    ASSIGNED = "assigned"
    COUNTER = "counter"
    """Somebody else follows it at the counter, for who came in person."""
    REFERRED = "referred"
    """An expert was asked."""
    OPINION = "opinion"
    MERGED = "merged"
    """It goes on in another case."""
    TAKEN_IN = "taken-in"
    """Another case goes on in this one."""
    WARNED = "warned"
    """The day comes near."""
    OVERDUE = "overdue"
    ESCALATED = "escalated"
    """The day has passed, and somebody above was told; the line's seat says who."""
    RECOUNTED = "recounted"
    """A work calendar was published, and a due day moved."""


@dataclass(frozen=True, slots=True)
class Happened:
    """One line of the timeline."""

    number: int
    """From 1, in the order in which it happened."""
    kind: HappenedKind
    at: datetime
    actor: str
    """URN."""
    actor_name: str
    seat: str
    person: UUID | None = None
    step: str = ""
    state: str = ""
    """Where the case stood afterwards."""
    values: Values | None = None
    text: str = ""
    id: UUID | None = None

    @property
    def urn(self) -> str:
        """Its name in the log and in grants."""
        return f"urn:uuid:{self.id}"


@dataclass(frozen=True, slots=True)
class Sides:
    """Who stands where in a case: what seats are asked about."""

    filer_person: UUID | None
    filer_organisation: UUID | None
    """None: a natural person, for themselves."""
    body: UUID
    division: str
    """Of the body."""
    counter: UUID | None = None
    """Who filed it at the counter, for somebody who came in person."""
    experts_asked: bool = False
    """Whether the expert panel was asked, by an official or by a step: before, experts have no seat."""


@dataclass(frozen=True, slots=True)
class PaperView:
    """A paper handed in with a step."""

    id: UUID
    kind: str
    name: str
    media_type: str
    size: int
    sha256: str
    happened: int
    """Number of the line it came with."""


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case, as who may see it sees it."""

    id: UUID
    number: str
    title: str
    regulation: Regulation
    procedure: Procedure
    subject: UUID
    sides: Sides
    filer_name: str
    state: State
    opened_at: datetime
    closed_at: datetime | None
    assignee: UUID | None = None
    """Who works on it; told to those alone who are on the same side."""
    assignee_name: str = ""
    history: tuple[Happened, ...] = ()
    papers: tuple[PaperView, ...] = ()
    clocks: tuple[CaseClock, ...] = ()
    seats: tuple[str, ...] = ()
    """Seats of who asks."""
    steps: tuple[Step, ...] = ()
    """What who asks can do now."""
    merged_into: str = ""
    version: int = 0
    """Number of the version of the regulation that it runs under."""

    @property
    def urn(self) -> str:
        """Its name in the log."""
        return f"urn:uuid:{self.id}"

    def happened(self, step: str) -> Happened | None:
        """The newest time that a step was done."""
        done = (one for one in reversed(self.history) if one.step == step)
        return next(done, None)


@dataclass(frozen=True, slots=True)
class CasesAbout:
    """Cases about something, as far as who asks has a part in them."""

    cases: tuple[CaseView, ...]
    unseen: int
    """Cases in which they have none."""
    withheld: int
    """Lines of the others that are not for them to read."""
    cut: bool
    """There are more, older ones."""


@dataclass(frozen=True, slots=True)
class CaseClock:
    """A time limit of a case, counted."""

    rule: ClockRule
    clock: Clock


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A case in a list: nothing in it but what the list's readers may know."""

    id: UUID
    number: str
    title: str
    procedure: str
    procedure_title: Said
    state: str
    state_label: Said
    turn: str
    turn_label: Said | None
    body: UUID
    subject: UUID
    opened_at: datetime
    closed_at: datetime | None
    due: date | None
    """None where no clock runs."""
    provisional: bool
    assignee: UUID | None = None


@dataclass(frozen=True, slots=True)
class PublicAct:
    """One step of a case as everybody may know it: what was done and what was answered in public."""

    at: datetime
    done: Said
    seat: Said | None
    """Whose part it was; None: the node's."""
    state: Said
    """Where the case stood afterwards."""
    answers: tuple[tuple[Said, Said], ...]
    """Labels and answers of the fields that the regulation makes public."""


@dataclass(frozen=True, slots=True)
class LastAnswer:
    """What was last answered about something in a procedure that is gone through again and again."""

    on: date
    value: str
    """Empty: it was not asked."""


@dataclass(frozen=True, slots=True)
class GoverningCase:
    """An open case that decides about something outside it."""

    id: UUID
    number: str
    title: Said
    """Of its procedure."""
    can: frozenset[str]
    """Effects of the steps that can be done now."""


@dataclass(frozen=True, slots=True)
class PublicCase:
    """A case as everybody may know it."""

    line: CaseLine
    acts: tuple[PublicAct, ...]


@dataclass(frozen=True, slots=True)
class PublishedNotice:
    """What officials published out of a case that is not public: its public answers, and no more of it."""

    id: UUID
    at: datetime
    answers: tuple[tuple[Said, Said], ...]
    """Label and text, in the order of the form."""


@dataclass(frozen=True, slots=True)
class NoticePage:
    """A page of them."""

    notices: tuple[PublishedNotice, ...]
    cursor: str | None
    """Where the next page begins; None: this was the last."""


@dataclass(frozen=True, slots=True)
class CasePage:
    """A page of a list of cases."""

    lines: tuple[CaseLine, ...]
    cursor: str | None
    """Where the next page begins; None: this was the last."""


@dataclass(frozen=True, slots=True)
class News:
    """A line of a case's timeline, and for whom it is news."""

    case: UUID
    line: int
    """Its number."""
    kind: HappenedKind
    number: str
    """Of the case."""
    title: str
    words: Said
    at: datetime
    people: frozenset[UUID]
    """Whoever did it is told nothing."""


@dataclass(frozen=True, slots=True)
class WalkIn:
    """Somebody who came to the counter in person, and how they were known."""

    name: str
    identity: str
    """What they showed, such as 居民身份证, and the last four characters of its number; never all of it."""


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper as it comes in."""

    kind: str
    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Decided:
    """What an effect is told of the step that has it."""

    actor: Actor
    case: CaseView
    """As it was before the step."""
    step: Step
    happened: Happened


Effect = Callable[[Decided], None]
"""Does outside the case what a step decides, in the step's transaction; a refusal undoes the step."""


@dataclass(frozen=True, slots=True)
class PublishedRegulation:
    """A version of a regulation that can no longer change."""

    id: UUID
    key: str
    number: int
    sha256: str
    published_at: datetime


@dataclass(frozen=True, slots=True)
class AdoptionView:
    """A jurisdiction applies a version from a day to a day."""

    id: UUID
    version: PublishedRegulation
    division: str
    begins: date
    ends: date | None
    """The last day."""
    decision: str
    """By what decision, in words."""

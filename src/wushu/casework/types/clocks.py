"""Work calendars, the events of a clock, and what a clock says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from wushu.kernel.errors import Said

ZONE = ZoneInfo("Asia/Shanghai")
"""Where the offices are: whose days count."""

# Work calendars


@dataclass(frozen=True, slots=True)
class Arrangement:
    """One holiday of a notice: days of rest, and weekend days worked for them (调休)."""

    name: Said
    rest: tuple[date, ...]
    work: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice of the State Council's General Office on the days of one year."""

    number: str
    """文号, such as 国办发明电〔2025〕7号."""
    title: str
    issuer: str
    issued: date
    year: int
    source: str
    """Address where it is published."""
    arrangements: tuple[Arrangement, ...]


class DayKind(StrEnum):
    """What a day is for working time."""

    WORKING = "working"
    MAKE_UP = "make-up"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"


@dataclass(frozen=True, slots=True)
class Day:
    """One day of a work calendar."""

    date: date
    kind: DayKind
    holiday: Said | None = None
    """The holiday that it belongs to, or is worked for."""
    notice: str = ""
    """Number of the notice that names this very day."""
    provisional: bool = False
    """No notice of its year is out yet: only weekends are known."""

    @property
    def works(self) -> bool:
        """Whether it is a working day."""
        return self.kind in {DayKind.WORKING, DayKind.MAKE_UP}


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """Notices in the order of issue; each overrides, day by day, those before it."""

    notices: tuple[Notice, ...]
    version: str
    """SHA-256 of the notices' canonical JSON: two nodes with the same one count alike."""
    days: dict[date, Day]
    """The days that a notice names."""
    years: frozenset[int]
    """Years of which a notice is out."""


# Clocks


class Supplement(StrEnum):
    """What a resubmission does to the step's clock; the regulation says which."""

    RESTART = "restart"
    RESUME = "resume"


@dataclass(frozen=True, slots=True)
class Limit:
    """A step's time limit, as its regulation sets it."""

    working_days: int
    supplement: Supplement = Supplement.RESTART

    def __post_init__(self) -> None:
        if self.working_days < 1:
            raise ValueError(f"a limit of {self.working_days} working days")


class EventKind(StrEnum):
    """What can happen to a clock."""

    STARTED = "started"
    RETURNED = "returned"
    RESUBMITTED = "resubmitted"
    PAUSED = "paused"
    RESUMED = "resumed"
    EXTENDED = "extended"
    FINISHED = "finished"


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened, and when."""

    kind: EventKind
    at: datetime
    """Aware; its day is that of Asia/Shanghai."""
    working_days: int | None = None
    """Of an extension: the new limit in all, counted from receipt."""


class ClockState(StrEnum):
    """How a clock stands."""

    RUNNING = "running"
    RETURNED = "returned"
    PAUSED = "paused"
    FINISHED = "finished"


class Why(StrEnum):
    """Why a day counted or did not."""

    COUNTED = "counted"
    BEGINS = "begins"
    """The day of receipt, resubmission or resumption: counting begins on the day after."""
    REST = "rest"
    STOPPED = "stopped"
    """Returned for supplement or paused, on this day or before."""
    LATE = "late"
    """A working day after the due day."""


@dataclass(frozen=True, slots=True)
class Line:
    """One day of the explanation."""

    day: Day
    why: Why
    number: int | None = None
    """Which working day of the limit it was, from 1; None when it did not count."""


@dataclass(frozen=True, slots=True)
class Round:
    """From receipt, or from a resubmission that restarts the clock, to the next such."""

    began: date
    due: date | None
    """None when it was stopped before: nobody can know."""
    ended: date | None
    """The day of return or end; None while it goes on."""

    @property
    def kept(self) -> bool | None:
        """Whether it ended in time; None while it goes on."""
        if self.ended is None:
            return None
        return self.due is None or self.ended <= self.due


@dataclass(frozen=True, slots=True)
class Clock:
    """What follows from the events, the limit and the calendar, as of a day."""

    state: ClockState
    limit: int
    """Working days in all, extensions included."""
    used: int
    """Working days counted through the day asked about."""
    due: date | None
    """The last day in time; None while stopped before it came."""
    provisional: bool
    """A day without a published calendar stands before the due day: it may still move."""
    late: int
    """Working days since the due day; 0 in time."""
    rounds: tuple[Round, ...]
    """The newest last; several when resubmissions restarted the clock."""
    lines: tuple[Line, ...]
    """Day by day, from receipt to the due day or the day asked about, whichever is later; while
    stopped, to the day asked about."""
    calendar: str
    """Version of the work calendar."""

    @property
    def left(self) -> int:
        """Working days left after the day asked about; 0 on the due day and later."""
        return max(self.limit - self.used, 0)

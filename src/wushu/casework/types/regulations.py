"""A regulation as data: who is who, what happens in which order, within which time, by which article.

These classes are the schema of the files under ``regulations/``: what is written there and not here is
refused, and so is what is missing. Words stand in two languages (``Said``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Protocol, TypeVar

from wushu.casework.rules.articles import article_words
from wushu.casework.types.clocks import EventKind, Supplement
from wushu.kernel.errors import Said
from wushu.parties.types import Role

_PLATFORM = Said("平台规则", "platform rule")
NODE_SEAT = "node"
"""The seat of what the node does by itself when a day has come."""


@dataclass(frozen=True, slots=True)
class Ground:
    """Where a rule stands: an article of the regulation, or a rule of the platform with its reason.

    Exactly one of the two is said.
    """

    article: str = ""
    """``21`` or ``21(2)``: number of the article, then of paragraph or item."""
    platform_rule: Said | None = None

    @property
    def words(self) -> Said:
        """第二十一条第（二）项, or that it is a rule of the platform."""
        return article_words(self.article) if self.article else _PLATFORM


class SeatOf(StrEnum):
    """Over what a seat's role must be held."""

    FILER = "filer"
    """Who filed: the person, or whoever holds the role in the organisation they filed for."""
    BODY = "body"
    """The case's body."""
    DIVISION = "division"
    """The division of the case's body, or one above it; never within that body."""


@dataclass(frozen=True, slots=True)
class Seat:
    """A part to play in cases, such as 公共数据主管部门."""

    id: str
    label: Said
    role: Role
    of: SeatOf
    ground: Ground
    within: SeatOf | None = None
    """Of a filer's seat: they file for the case's body, or for one that governs its division."""


class FieldKind(StrEnum):
    """What is asked for in a field of a form."""

    LINE = "line"
    TEXT = "text"
    CHOICE = "choice"
    DATE = "date"
    WORKING_DAYS = "working-days"
    PLEDGE = "pledge"
    """A sentence that must be agreed to."""
    COLUMNS = "columns"
    """Names of data items of the case's dataset."""
    PROVISION = "provision"
    """A provision of a law, administrative regulation or 规章: level, title, article."""
    NUMBER = "number"
    """A whole number above 0."""
    ROWS = "rows"
    """Conditions that rows of the case's dataset fulfil: data item, comparison, values."""
    MASKS = "masks"
    """Data items of the case's dataset that are shown masked: data item, method, its numbers."""


CHOOSING = frozenset({FieldKind.CHOICE, FieldKind.PROVISION, FieldKind.ROWS, FieldKind.MASKS})
"""Kinds of fields that say which values there are to choose from."""
PER_ITEM = {FieldKind.ROWS: "op", FieldKind.MASKS: "method"}
"""Kinds whose answers are lists of one data item each, and what is chosen for it."""
OFFERED = {
    FieldKind.ROWS: frozenset(
        ("eq", "ne", "lt", "le", "gt", "ge", "in", "prefix", "contains", "null")
    ),
    FieldKind.MASKS: frozenset(("hide", "keep", "day", "month", "year", "step", "pseudonym")),
}
"""Comparisons and methods that the data plane knows."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the values of a field."""

    id: str
    label: Said
    after: tuple[str, ...] = ()
    """It can be chosen once one of these steps was done; empty: at any time."""


@dataclass(frozen=True, slots=True)
class FormField:
    """What a step asks for."""

    id: str
    label: Said
    kind: FieldKind
    ground: Ground
    required: bool = True
    public: bool = False
    """Whether everybody may read the answer."""
    help: Said | None = None
    choices: tuple[Choice, ...] = ()
    """The values of a choice; of a provision the levels that suffice; of rows the comparisons, of masks the
    methods."""

    def line(self, given: Mapping[str, Any]) -> Said:
        """One line of an answer of ``PER_ITEM`` in words: 区 等于 甲区; 电话 只显示首尾（3、4）."""
        chosen = given[PER_ITEM[self.kind]]
        label = next((one.label for one in self.choices if one.id == chosen), Said(chosen, chosen))
        zh, en = "、".join(given["values"]), ", ".join(given["values"])
        if self.kind is FieldKind.MASKS:
            zh, en = (f"（{zh}）", f" ({en})") if given["values"] else ("", "")
            return Said(f"{given['column']}：{label.zh}{zh}", f"{given['column']}: {label.en}{en}")
        return Said(
            f"{given['column']} {label.zh} {zh}".strip(),
            f"{given['column']} {label.en} {en}".strip(),
        )


@dataclass(frozen=True, slots=True)
class PaperRule:
    """A paper (材料) that a step takes."""

    id: str
    label: Said
    ground: Ground
    required: bool = True


@dataclass(frozen=True, slots=True)
class ClockMove:
    """What a step does to a clock."""

    clock: str
    event: EventKind


@dataclass(frozen=True, slots=True)
class ClockRule:
    """A time limit in working days."""

    id: str
    label: Said
    working_days: int
    ground: Ground
    supplement: Supplement = Supplement.RESTART
    supplement_ground: Ground | None = None
    extension_in_all: int | None = None
    """The most working days in all, from receipt, that it may be extended to."""
    extension_ground: Ground | None = None


@dataclass(frozen=True, slots=True)
class State:
    """Where a case can stand."""

    id: str
    label: Said
    ground: Ground
    turn: str = ""
    """The seat whose turn it is; empty where nobody has to do anything."""
    end: bool = False
    """Nothing happens after it."""


@dataclass(frozen=True, slots=True)
class Step:
    """An act by which a case goes on."""

    id: str
    label: Said
    """A verb, as on a button."""
    done: Said
    """What the timeline says once it has happened."""
    seats: tuple[str, ...]
    ground: Ground
    to: str | None = None
    """The state it leads to; None: the case stays where it is."""
    starts: bool = False
    """It begins a case."""
    at: tuple[str, ...] = ()
    """The states in which it can be done; empty only where it begins a case."""
    once: bool = False
    """Only once in a case."""
    unlike: tuple[str, ...] = ()
    """Steps that somebody else must have done (four eyes)."""
    clocks: tuple[ClockMove, ...] = ()
    fields: tuple[FormField, ...] = ()
    papers: tuple[PaperRule, ...] = ()
    effect: str = ""
    """What it does outside the case, by the name under which a capability app offers it."""
    publishes: str = ""
    """The public list on which its public answers stand, and nothing else of a case that is in no ledger."""
    takes_down: str = ""
    """The step, taken before, whose public answers no longer stand on a list once this one is taken."""


PUBLIC_LISTS = frozenset({"breaches"})
"""Public lists that steps of cases in no ledger can publish on."""


class _Identified(Protocol):
    @property
    def id(self) -> str: ...


_One = TypeVar("_One", bound=_Identified)


def _named(several: tuple[_One, ...], key: str) -> _One:
    found = next((one for one in several if one.id == key), None)
    if found is None:
        raise KeyError(key)
    return found


class SubjectKind(StrEnum):
    """What a case is about."""

    DATASET = "dataset"
    BODY = "body"
    GRANT = "grant"


@dataclass(frozen=True, slots=True)
class Reassesses:
    """How often datasets that are not opened are re-assessed by a procedure."""

    field: str
    """What one of its steps asks for: the day on which it is due the next time."""
    days: int
    """Due so many days after listing where it was never done; 0: at once."""
    ground: Ground


@dataclass(frozen=True, slots=True)
class Procedure:
    """One kind of case: its states, steps and time limits."""

    id: str
    code: str
    """Two or three capital letters of its case numbers."""
    title: Said
    summary: Said
    ground: Ground
    subject: SubjectKind
    states: tuple[State, ...]
    steps: tuple[Step, ...]
    clocks: tuple[ClockRule, ...] = ()
    public: bool = True
    """Whether its cases stand in the public ledger, without names."""
    reassesses: Reassesses | None = None
    """It re-assesses from time to time what is not opened."""

    def state(self, key: str) -> State:
        """One of its states; ``KeyError``."""
        return _named(self.states, key)

    def step(self, key: str) -> Step:
        """One of its steps; ``KeyError``."""
        return _named(self.steps, key)

    def clock(self, key: str) -> ClockRule:
        """One of its clocks; ``KeyError``."""
        return _named(self.clocks, key)


class RegulationStatus(StrEnum):
    """What the text was when it was written down."""

    DRAFT = "draft"
    """征求意见稿"""
    IN_FORCE = "in-force"


@dataclass(frozen=True, slots=True)
class Article:
    """One article: its heading, and where it lives in the program or why it is no software."""

    number: int
    heading: Said
    lives: tuple[str, ...] = ()
    """``procedure:…``, ``page:…``, ``command:…``."""
    not_software: Said | None = None


@dataclass(frozen=True, slots=True)
class Reminder:
    """When whoever's turn it is is reminded that a due day comes near."""

    before: int
    """Working days before the due day; 0: on the day itself."""
    ground: Ground


@dataclass(frozen=True, slots=True)
class Escalation:
    """Who is told next when a due day has passed and nobody acted."""

    seat: str
    """Of officials. One of a body is told of that body's own delay alone."""
    after: int
    """Working days after the due day on which it is told; 0: on the first day after it."""
    ground: Ground


@dataclass(frozen=True, slots=True)
class Silence:
    """A question the text leaves open, and the platform's answer."""

    question: Said
    answer: Said
    decision: str
    """File name of the page under ``docs/decisions``."""


@dataclass(frozen=True, slots=True)
class PriorityDomain:
    """A domain whose data are opened before others (优先开放领域)."""

    id: str
    label: Said
    themes: tuple[str, ...]
    """Codes of the catalogue's data themes (主题) that it falls under."""
    ground: Ground


@dataclass(frozen=True, slots=True)
class Regulation:
    """A regulation, with all its procedures."""

    id: str
    """Name of its folder: ``<jurisdiction>-<subject>-<year>``."""
    title: Said
    issuer: Said
    number: str
    """文号; empty where it has none."""
    status: RegulationStatus
    division: str
    """Division code of the place it was made for."""
    valid_from: date
    source: str
    """Where its text was found."""
    seats: tuple[Seat, ...]
    articles: tuple[Article, ...]
    procedures: tuple[Procedure, ...]
    reminder: Reminder
    silences: tuple[Silence, ...] = ()
    escalation: tuple[Escalation, ...] = ()
    """In the order in which they are told."""
    priorities: tuple[PriorityDomain, ...] = ()
    """Domains whose data are opened first."""
    valid_until: date | None = None
    """The last day; None where none is set."""
    partly_read: bool = False
    """Its text could not be read in full: articles may be missing, and nothing stands on one that is."""

    def covers(self, begins: date, ends: date | None) -> bool:
        """Whether it gives itself all the days from one to another (None: without an end)."""
        if begins < self.valid_from:
            return False
        return self.valid_until is None or (ends is not None and ends <= self.valid_until)

    def seat(self, key: str) -> Seat:
        """One of its seats; ``KeyError``."""
        return _named(self.seats, key)

    def procedure(self, key: str) -> Procedure:
        """One of its procedures; ``KeyError``."""
        return _named(self.procedures, key)

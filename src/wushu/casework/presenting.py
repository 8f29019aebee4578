"""Rows of casework as others see them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.db.models import Q

from wushu.casework.models import Case, CaseEvent, CasePaper
from wushu.casework.rules import cases as rules
from wushu.casework.rules import clock as clocks
from wushu.casework.rules import officials
from wushu.casework.types import (
    CaseClock,
    CaseView,
    Happened,
    HappenedKind,
    PaperView,
    Procedure,
    Regulation,
    Sides,
    WorkCalendar,
)


def sides_of(row: Case, regulation: Regulation, *, asked: bool | None = None) -> Sides:
    """Who stands where, and whether the expert panel was asked (``asked``, where that is known)."""
    if asked is None:
        turns = rules.asks_experts(regulation, regulation.procedure(row.procedure))
        either = Q(kind=HappenedKind.REFERRED.value) | Q(state__in=turns)
        asked = row.events.filter(either).exists()
    return Sides(
        row.filer_id, row.filer_organisation_id, row.body_id, row.body.division,
        counter=row.counter_id, experts_asked=asked,
    )  # fmt: skip


def asked_experts(procedure: str, regulation: Regulation, history: Sequence[Happened]) -> bool:
    """Whether the expert panel was asked, by the whole timeline."""
    turns = rules.asks_experts(regulation, regulation.procedure(procedure))
    return any(one.kind is HappenedKind.REFERRED or one.state in turns for one in history)


def about_of(row: Case) -> tuple[str, str, UUID, UUID]:
    """What duplicates have in common: regulation, procedure, subject and body."""
    return row.version.key, row.procedure, row.subject, row.body_id


def happened_of(row: CaseEvent) -> Happened:
    """A line of the timeline."""
    return Happened(
        number=row.number, kind=HappenedKind(row.kind), at=row.at, actor=row.actor,
        actor_name=row.actor_name, seat=row.seat, person=row.person, step=row.step,
        state=row.state, values=row.values, text=row.text, id=row.pk,
    )  # fmt: skip


def paper_view(row: CasePaper) -> PaperView:
    """A paper without its content."""
    return PaperView(
        id=row.pk, kind=row.kind, name=row.name, media_type=row.media_type, size=row.size,
        sha256=row.sha256, happened=row.event.number,
    )  # fmt: skip


def counted(
    procedure: Procedure, history: Sequence[Happened], calendar: WorkCalendar, today: date
) -> tuple[CaseClock, ...]:
    """The newest run of each clock that has started, in the procedure's order."""
    runs = rules.clock_runs(procedure, history)
    return tuple(
        CaseClock(rule, clocks.clock(runs[rule.id][-1], rules.limit_of(rule), calendar, today))
        for rule in procedure.clocks
        if rule.id in runs
    )


def case_view(
    row: Case,
    regulation: Regulation,
    *,
    history: Sequence[Happened] = (),
    papers: Sequence[PaperView] = (),
    clocks: Sequence[CaseClock] = (),
    seats: Sequence[str] = (),
    sides: Sides | None = None,
) -> CaseView:
    """A case with what is asked for; ``sides`` where they are known."""
    procedure = regulation.procedure(row.procedure)
    mine = set(seats)
    assignee, assignee_name = _in_charge(row, regulation, history, seats)
    steps = (
        ()
        if row.closed_at is not None and row.merged_into_id is not None
        else rules.possible(procedure, row.state, history)
    )
    return CaseView(
        id=row.pk, number=row.number, title=row.title, regulation=regulation, procedure=procedure,
        subject=row.subject, sides=sides or sides_of(row, regulation),
        filer_name=_filer_name(row), state=procedure.state(row.state),
        opened_at=row.opened_at, closed_at=row.closed_at,
        assignee=assignee, assignee_name=assignee_name,
        history=tuple(history), papers=tuple(papers), clocks=tuple(clocks), seats=tuple(seats),
        steps=tuple(one for one in steps if mine & set(one.seats)),
        merged_into=row.merged_into.number if row.merged_into is not None else "",
        version=row.version.number,
    )  # fmt: skip


def _in_charge(
    row: Case, regulation: Regulation, history: Sequence[Happened], seats: Sequence[str]
) -> tuple[UUID | None, str]:
    """Who works on it, for those on their side: the office that filed, or those who decide."""
    mine = officials.offices(regulation, seats)
    told = next((one for one in reversed(history) if one.kind is HappenedKind.ASSIGNED), None)
    if row.assignee is None or told is None or not mine:
        return None, ""
    newest = (told.values or {}).get("to") == str(row.assignee)  # not all read all lines
    sides = {rules.is_filing_office(regulation.seat(one)) for one in (told.seat, mine[0])}
    return (row.assignee, told.text) if newest and len(sides) == 1 else (None, "")


def _filer_name(row: Case) -> str:
    return row.filer_organisation.name_zh if row.filer_organisation else row.filer.name

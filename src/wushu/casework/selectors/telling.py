"""For whom a line of a case's timeline is news, and whose time is over. Asked by the node's own work."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from wushu.casework.models import CaseEvent, CaseTurn, RegulationVersion
from wushu.casework.presenting import happened_of, sides_of
from wushu.casework.rules import cases as rules
from wushu.casework.rules import telling
from wushu.casework.rules.clock import local_day
from wushu.casework.selectors.cases import RELATED
from wushu.casework.selectors.regulations import content
from wushu.casework.types import (
    Happened,
    HappenedKind,
    News,
    Procedure,
    Regulation,
    Seat,
    SeatOf,
    Sides,
)
from wushu.kernel.errors import Refusal, Said
from wushu.parties import selectors as parties


def news_of(event: UUID) -> News | None:
    """A line with those who are to be told of it, each as they sit today; None: there is no such line."""
    related = (f"case__{one}" for one in RELATED)
    row = CaseEvent.objects.select_related("case", *related).filter(pk=event).first()
    if row is None:
        return None
    case = row.case
    regulation = content(case.version.sha256)
    procedure = regulation.procedure(case.procedure)
    one, sides = happened_of(row), sides_of(case, regulation)
    turn = procedure.state(one.state).turn
    seats = set(telling.seats_told(one, turn, _last_official(row, regulation), regulation))
    if one.kind is HappenedKind.ASSIGNED:
        to = (one.values or {}).get("to")
        people = {UUID(to)} if to else set()
    else:
        people = {
            person
            for seat in map(regulation.seat, seats)
            for person in _told(seat, one, regulation, sides, case.assignee)
        }
    return News(
        case=case.pk, line=one.number, kind=one.kind, number=case.number, title=case.title,
        words=_words(one, procedure), at=one.at,
        people=frozenset(person for person in people if person not in {None, one.person}),
    )  # fmt: skip


def cases_left(now: datetime) -> Iterator[tuple[UUID, str]]:
    """Open cases in which who filed let their limit pass, each with the step that the node takes then."""
    passed = CaseTurn.objects.filter(due__lt=local_day(now)).order_by("due", "case_id")
    for version, sha256 in RegulationVersion.objects.order_by().values_list("pk", "sha256"):
        for one in telling.lapses(content(sha256)):
            rows = passed.filter(
                case__version=version, case__procedure=one.procedure, case__state__in=one.states
            )
            yield from ((key, one.step) for key in rows.values_list("case", flat=True))


def _told(
    seat: Seat, one: Happened, regulation: Regulation, sides: Sides, assignee: UUID | None
) -> set[UUID]:
    """Who of a seat is told; where somebody is in charge, their colleagues are not.

    Nor are the colleagues of who filed for an office told what the office itself does.
    """
    sitting = _sitting(seat, regulation, sides)
    own = one.person is not None and rules.is_filing_office(seat) and _files(one, regulation)
    if one.kind is not HappenedKind.ESCALATED and (own or assignee in sitting):
        return sitting & {assignee, sides.filer_person, sides.counter}
    return sitting


def _files(one: Happened, regulation: Regulation) -> bool:
    return bool(one.seat) and regulation.seat(one.seat).of is SeatOf.FILER


def _sitting(seat: Seat, regulation: Regulation, sides: Sides) -> set[UUID]:
    """Who has a seat in a case now, as the rules of its steps see it."""
    if rules.is_filing_office(seat) and sides.filer_organisation is not None:
        candidates = parties.holders(seat.role, organisation=sides.filer_organisation)
    elif seat.of is SeatOf.FILER:
        candidates = {one for one in (sides.filer_person, sides.counter) if one is not None}
    elif seat.of is SeatOf.BODY:
        candidates = parties.holders(seat.role, organisation=sides.body)
    else:
        candidates = parties.holders(seat.role, over=sides.division)
    return {one for one in candidates if seat.id in _seats(one, regulation, sides)}


def _seats(person: UUID, regulation: Regulation, sides: Sides) -> tuple[str, ...]:
    try:
        actor = parties.actor_of_person(person)
    except Refusal:  # their account was closed
        return ()
    return rules.seats_of(actor, regulation, sides)


def _last_official(row: CaseEvent, regulation: Regulation) -> str:
    filing = {one.id for one in regulation.seats if one.of is SeatOf.FILER}
    steps = CaseEvent.objects.filter(
        case=row.case_id, number__lt=row.number, kind=HappenedKind.STEP.value
    )
    seats = steps.exclude(seat__in=filing).order_by("-number").values_list("seat", flat=True)
    return seats.first() or ""


def _words(one: Happened, procedure: Procedure) -> Said:
    if one.kind is HappenedKind.STEP:
        return procedure.step(one.step).done
    words = telling.WORDS[one.kind]
    if one.kind not in telling.TO_ITS_SEAT:
        return words
    _, due = one.text.split()
    return Said(f"{words.zh}（{due}）", f"{words.en} ({due})")

"""Who could take a case, what somebody works on, and on what experts were asked."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from wushu.casework import refusals as no
from wushu.casework.models import Case, CaseEvent
from wushu.casework.presenting import case_view, sides_of
from wushu.casework.rules import cases as rules
from wushu.casework.rules import officials
from wushu.casework.selectors.cases import RELATED, lines_of
from wushu.casework.selectors.regulations import content
from wushu.casework.selectors.seated import governed
from wushu.casework.types import (
    CaseLine,
    CaseView,
    HappenedKind,
    Procedure,
    Regulation,
    Seat,
    SeatOf,
    Sides,
    Step,
)
from wushu.kernel.errors import Refusal, Said
from wushu.parties import selectors as parties
from wushu.parties.types import Actor, Role, Scope


def colleagues(case: CaseView, *, actor: Actor) -> dict[UUID, str]:
    """To whom the actor can give a case: names of those in their bodies who sit where they sit.

    Themselves among them; nobody for who sits there for no office.
    """
    now = timezone.now()
    found: dict[UUID, str] = {}
    seats = rules.seats_of(actor, case.regulation, case.sides)
    for name in officials.offices(case.regulation, seats):
        seat = case.regulation.seat(name)
        for body in _bodies(seat, case.sides, actor):
            for one in parties.memberships_in(body, actor=actor):
                ended = one.valid_until is not None and one.valid_until <= now
                if one.role is seat.role and one.valid_from <= now and not ended:
                    found[one.person] = one.person_name
    if not rules.is_filer(actor, case.sides):  # who filed decides nothing in it
        for own in set(found) & {case.sides.filer_person, case.sides.counter}:
            del found[own]
    return dict(sorted(found.items(), key=lambda one: (one[0] != actor.person, one[1])))


def _bodies(seat: Seat, sides: Sides, actor: Actor) -> Collection[UUID]:
    """Of the actor's bodies those whose people sit there."""
    bodies = actor.organisations_as(seat.role)
    if seat.of is SeatOf.DIVISION:
        return bodies
    return bodies & {sides.body if seat.of is SeatOf.BODY else sides.filer_organisation}


def filing_for(
    step: Step, *, actor: Actor, regulation: Regulation, procedure: Procedure, body: UUID
) -> list[UUID | None]:
    """For whom the actor can begin a case of a body by a step: organisations, and None for themselves."""
    division = parties.organisation(body).division
    return [
        one
        for one in dict.fromkeys(held.organisation for held in actor.roles)
        if rules.filing_obstacle(
            actor, one, step, regulation=regulation, procedure=procedure, body=body,
            division=division,
        ) is None
    ]  # fmt: skip


def runs_counter(body: UUID, *, actor: Actor) -> bool:
    """Whether the actor can file with a body for somebody who comes in person."""
    return rules.runs_counter(actor, parties.organisation(body).division)


def cases_referred(*, actor: Actor, limit: int = 50) -> list[CaseLine]:
    """Open cases in which an official asked the expert panel, for its members; newest first.

    Those in which a step asks it are in the inbox. Never their own.
    """
    within = governed(actor, Role.EXPERT, column="body__division")
    if not within or actor.person is None or not actor.allows(Scope.CASES_HANDLE):
        return []
    asked = CaseEvent.objects.filter(case=OuterRef("pk"), kind=HappenedKind.REFERRED.value)
    rows = Case.objects.filter(within, Exists(asked), closed_at=None)
    found = [
        row
        for row in rows.select_related("body", "version").order_by("-opened_at", "-id")[:limit]
        if _advises(actor, row)
    ]
    return lines_of(found)


def _advises(actor: Actor, row: Case) -> bool:
    regulation = content(row.version.sha256)
    seats = rules.seats_of(actor, regulation, sides_of(row, regulation))
    return bool(officials.experts(regulation, seats))


def step_obstacle(case: CaseView, step: str, *, actor: Actor) -> Refusal | None:
    """Why the actor cannot take a step of a case now, whatever comes with it, or None.

    Refusals as ``services.case_step`` without those of answers, papers and effects.
    """
    later = [one for one in case.procedure.steps if not one.starts]
    asked = next((one for one in later if one.id == step), None)
    if asked is None:
        known = ", ".join(one.id for one in later)
        return no.STEP_UNKNOWN(procedure=case.procedure.title, step=step, steps=known)
    if case.merged_into:
        return no.STEP_NOT_NOW(state=case.state.label, step=asked.label)
    return rules.obstacle(
        actor, asked, regulation=case.regulation, procedure=case.procedure, state=case.state.id,
        sides=case.sides, history=case.history,
    )  # fmt: skip


def assigning_obstacle(case: CaseView, *, actor: Actor) -> Refusal | None:
    """Why the actor can assign a case to nobody now, or None."""
    if case.merged_into:
        return no.CASE_MERGED(number=case.number, into=case.merged_into)
    if case.closed_at is not None:
        return no.CASE_CLOSED(number=case.number)
    what = Said("分派", "assign it")
    return officials.office_obstacle(actor, what, regulation=case.regulation, sides=case.sides)


def writing_obstacle(case: CaseView, *, actor: Actor, among_officials: bool) -> Refusal | None:
    """Why the actor cannot write in a case, to the other side or among officials, or None."""
    if case.merged_into:
        return no.CASE_MERGED(number=case.number, into=case.merged_into)
    return officials.writing_obstacle(
        actor, among_officials=among_officials, regulation=case.regulation, sides=case.sides
    )


def cases_like(case: CaseView, *, actor: Actor, limit: int = 20) -> list[CaseView]:
    """Other open cases of the same procedure, subject and body, of which the actor is an official too."""
    if not officials.officials(case.regulation, case.seats) or case.closed_at is not None:
        return []
    rows = Case.objects.filter(
        subject=case.subject, procedure=case.procedure.id, body=case.sides.body,
        version__key=case.regulation.id, closed_at=None,
    ).exclude(pk=case.id)  # fmt: skip
    found = []
    for row in rows.select_related(*RELATED).order_by("opened_at", "id")[:limit]:
        regulation = content(row.version.sha256)
        seats = rules.seats_of(actor, regulation, sides_of(row, regulation))
        if officials.officials(regulation, seats):
            found.append(case_view(row, regulation, seats=seats))
    return found


def cases_in_charge(leaver: Actor, organisation: UUID) -> dict[UUID, str]:
    """Open cases that somebody works on by their roles in one organisation alone, with their numbers.

    Those too that they filed for it while nobody is in charge, and those they filed there at the counter. Asked by the hand-over of who leaves.
    """
    there = replace(leaver, roles=tuple(o for o in leaver.roles if o.organisation == organisation))
    elsewhere = replace(leaver, roles=tuple(o for o in leaver.roles if o not in there.roles))
    filed = Q(filer=leaver.person, filer_organisation=organisation, assignee=None)
    theirs = Q(assignee=leaver.person) | Q(counter=leaver.person) | filed
    rows = Case.objects.filter(theirs, closed_at=None)
    return {
        row.pk: row.number
        for row in rows.select_related("body", "version").order_by("pk")
        if _works_on(there, row) and not _works_on(elsewhere, row)
    }


def _works_on(leaver: Actor, row: Case) -> bool:
    """Whether they sit in it for an office, or followed it at the counter, by the roles they have."""
    if row.counter_id == leaver.person:
        return rules.serves_counter(leaver, row.body.division)
    regulation = content(row.version.sha256)
    seats = rules.seats_of(leaver, regulation, sides_of(row, regulation))
    return bool(officials.offices(regulation, seats))

"""Who works on a case: taken, given to a colleague, handed over when somebody leaves."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from wushu.casework import refusals as no
from wushu.casework.models import Case
from wushu.casework.presenting import sides_of
from wushu.casework.rules import cases as rules
from wushu.casework.rules import officials
from wushu.casework.selectors.cases import case as case_seen
from wushu.casework.selectors.regulations import content
from wushu.casework.services.cases import locked_case
from wushu.casework.services.lines import Told, line_add, require_open
from wushu.casework.types import CaseView, HappenedKind
from wushu.kernel.errors import NOT_FOUND, Refusal, Said
from wushu.parties import selectors as parties
from wushu.parties.types import Actor


def case_assign(*, actor: Actor, case: UUID, person: UUID) -> CaseView:
    """Take an open case, or give it to somebody who has the same seat in it; an office that filed does too.

    Who has it changes nothing in who may take its steps. Refusals: ``not-found``, ``own-case``,
    ``not-in-seat``, ``case-closed``, ``case-merged``, ``assignee-not-seated``.
    """
    with transaction.atomic():
        row = locked_case(case)
        regulation = content(row.version.sha256)
        sides = sides_of(row, regulation)
        what = Said("分派", "assign it")
        obstacle = officials.office_obstacle(actor, what, regulation=regulation, sides=sides)
        if obstacle is not None:
            raise obstacle
        require_open(row)
        own = officials.offices(regulation, rules.seats_of(actor, regulation, sides))
        chosen = actor if person == actor.person else parties.actor_of_person(person)
        theirs = set(rules.seats_of(chosen, regulation, sides))
        shared = next((one for one in own if one in theirs), None)
        if shared is None:
            raise no.ASSIGNEE_NOT_SEATED(number=row.number)
        if row.assignee != person:
            _assign(actor, row, shared, chosen)
    return case_seen(case, actor=actor)


def cases_hand_over(
    *, actor: Actor, cases: Sequence[UUID], organisation: UUID, leaver: UUID, successor: UUID
) -> None:
    """Give the open cases of who leaves an organisation to the successor, for who governs it.

    Those they worked on, filed for their office, or followed at the counter. A case that the successor
    filed for themselves, or has no seat in, is nobody's then; so is one at the counter in whose decision the successor had a hand.
    Refusals: ``not-governing``, ``key-cannot-manage``.
    """
    parties.require_governing_body(actor, organisation)
    follower = _acting(successor)
    for one in sorted(cases):  # in the order of their keys, so that two never wait in a ring
        with transaction.atomic():
            row = locked_case(one)
            if row.assignee == leaver or (row.assignee is None and row.filer_id == leaver):
                _follow_at_desk(actor, row, follower)
            if row.counter_id == leaver:
                _follow_at_counter(actor, row, follower)


def _follow_at_desk(actor: Actor, row: Case, follower: Actor | None) -> None:
    regulation = content(row.version.sha256)
    sides = sides_of(row, regulation)
    seats = () if follower is None else rules.seats_of(follower, regulation, sides)
    seat = next(iter(officials.offices(regulation, seats)), "")
    if seat or row.assignee is not None:
        _assign(actor, row, seat, follower if seat else None)


def _follow_at_counter(actor: Actor, row: Case, follower: Actor | None) -> None:
    """Who filed cannot decide: whoever has decided, or is to decide, does not follow it for the filer."""
    if follower is not None:
        decided = follower.person == row.assignee or (
            row.events.filter(person=follower.person).exists()
        )
        if decided or not rules.serves_counter(follower, row.body.division):
            follower = None
    row.counter_id = None if follower is None else follower.person
    row.save(update_fields=["counter"])
    told = Told(HappenedKind.COUNTER, "counter-changed", "–" if follower is None else follower.name)
    line_add(actor, row, "", told, rows=[row])


def _acting(person: UUID) -> Actor | None:
    """A person as they can act; None for who has no open account."""
    try:
        return parties.actor_of_person(person)
    except Refusal as refusal:
        if refusal.name != NOT_FOUND.name:
            raise
        return None


def _assign(actor: Actor, row: Case, seat: str, chosen: Actor | None) -> None:
    row.assignee = None if chosen is None else chosen.person
    row.save(update_fields=["assignee"])
    told = Told(
        HappenedKind.ASSIGNED,
        "assigned",
        "" if chosen is None else chosen.name,
        {"to": None if chosen is None else str(chosen.person)},
    )
    line_add(actor, row, seat, told, rows=[row])

"""The expert panel: an official asks, experts give their opinions."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from wushu.casework import refusals as no
from wushu.casework.presenting import sides_of
from wushu.casework.rules import cases as rules
from wushu.casework.rules import officials
from wushu.casework.selectors.cases import case as case_seen
from wushu.casework.selectors.regulations import content
from wushu.casework.services.cases import locked_case
from wushu.casework.services.lines import Told, line_add, require_open
from wushu.casework.types import CaseView, HappenedKind
from wushu.kernel.errors import Said
from wushu.parties.types import Actor


def case_refer(*, actor: Actor, case: UUID, question: str) -> CaseView:
    """Ask the expert panel; from then on its members over the division have their seat in the case.

    Refusals: ``not-found``, ``own-case``, ``not-in-seat``, ``case-closed``, ``case-merged``,
    ``no-experts``, ``answer-wrong``.
    """
    with transaction.atomic():
        row = locked_case(case)
        regulation = content(row.version.sha256)
        sides = sides_of(row, regulation)
        what = Said("征求专家意见", "ask the expert panel")
        obstacle = officials.official_obstacle(actor, what, regulation=regulation, sides=sides)
        if obstacle is not None:
            raise obstacle
        require_open(row)
        if not officials.experts(regulation, (one.id for one in regulation.seats)):
            raise no.NO_EXPERTS(regulation=regulation.title)
        seat = officials.officials(regulation, rules.seats_of(actor, regulation, sides))[0]
        told = Told(HappenedKind.REFERRED, "referred", officials.written(question))
        line_add(actor, row, seat, told)
    return case_seen(case, actor=actor)


def case_advise(*, actor: Actor, case: UUID, opinion: str) -> CaseView:
    """Give an opinion as an expert who was asked; the officials of the case read it.

    Refusals: ``not-found``, ``own-case``, ``not-in-seat``, ``case-closed``, ``case-merged``,
    ``answer-wrong``.
    """
    with transaction.atomic():
        row = locked_case(case)
        regulation = content(row.version.sha256)
        sides = sides_of(row, regulation)
        obstacle = officials.advising_obstacle(actor, regulation=regulation, sides=sides)
        if obstacle is not None:
            raise obstacle
        require_open(row)
        seat = officials.experts(regulation, rules.seats_of(actor, regulation, sides))[0]
        told = Told(HappenedKind.OPINION, "advised", officials.written(opinion))
        line_add(actor, row, seat, told)
    return case_seen(case, actor=actor)

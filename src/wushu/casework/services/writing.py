"""Messages between who filed and who decides, and notes among officials."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from wushu.casework.presenting import sides_of
from wushu.casework.rules import cases as rules
from wushu.casework.rules import officials
from wushu.casework.selectors.cases import case as case_seen
from wushu.casework.selectors.regulations import content
from wushu.casework.services.cases import locked_case
from wushu.casework.services.lines import Told, line_add, require_not_merged
from wushu.casework.types import CaseView, HappenedKind
from wushu.parties.types import Actor


def case_write(*, actor: Actor, case: UUID, text: str, among_officials: bool = False) -> CaseView:
    """Write to the other side of a case, or a note that only its officials read.

    Also in a case that has ended, not in one that goes on elsewhere. Refusals: ``not-found``,
    ``own-case`` and ``not-in-seat`` (a note by who is no official), ``answer-wrong``, ``case-merged``.
    """
    with transaction.atomic():
        row = locked_case(case)
        regulation = content(row.version.sha256)
        sides = sides_of(row, regulation)
        obstacle = officials.writing_obstacle(
            actor, among_officials=among_officials, regulation=regulation, sides=sides
        )
        if obstacle is not None:
            raise obstacle
        require_not_merged(row)
        seats = rules.seats_of(actor, regulation, sides)
        kind = HappenedKind.NOTE if among_officials else HappenedKind.MESSAGE
        seat = next(iter(officials.officials(regulation, seats)), seats[0])
        line_add(actor, row, seat, Told(kind, "wrote", officials.written(text)))
    return case_seen(case, actor=actor)

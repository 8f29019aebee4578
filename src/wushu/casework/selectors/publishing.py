"""What officials published out of cases that are in no public ledger, such as breaches (art. 37)."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from wushu.casework.models import CaseEvent
from wushu.casework.rules.saying import public_answers
from wushu.casework.selectors.seated import versions
from wushu.casework.types import (
    NODE_SEAT,
    HappenedKind,
    NoticePage,
    PublishedNotice,
    Regulation,
    Step,
)
from wushu.kernel.paging import page_of


def published_page(on: str, *, cursor: str | None = None, limit: int = 50) -> NoticePage:
    """Notices that stand on a public list (``PUBLIC_LISTS``), newest first, for everybody.

    The public answers of the steps that publish there, and nothing else of their cases. Refusals:
    ``cursor-invalid``, ``cursor-of-another-query``.
    """
    regulations = dict(versions())
    publishing = _steps(regulations, lambda one: one.publishes == on)
    if publishing is None:
        return NoticePage((), None)
    rows = CaseEvent.objects.filter(publishing, kind=HappenedKind.STEP.value)
    taking_down = _steps(regulations, lambda one: bool(one.takes_down))
    if taking_down is not None:
        rows = rows.exclude(Exists(CaseEvent.objects.filter(taking_down, case=OuterRef("case"))))
    held, following = page_of(
        rows.select_related("case"), "-at", ["published", on], cursor=cursor, limit=limit
    )
    shown = (_notice(one, regulations[one.case.version_id]) for one in held)
    return NoticePage(tuple(one for one in shown if one.answers), following)


def _steps(regulations: dict[UUID, Regulation], wanted: Callable[[Step], bool]) -> Q | None:
    """What happened by such steps, as one condition; None where there are none."""
    versions: dict[tuple[str, str], set[UUID]] = {}
    for version, regulation in regulations.items():
        for procedure in regulation.procedures:
            for step in procedure.steps:
                if wanted(step):
                    versions.setdefault((procedure.id, step.id), set()).add(version)
    found = Q()
    for (procedure_id, step_id), those in versions.items():
        found |= Q(case__procedure=procedure_id, case__version__in=those, step=step_id)
    return found or None


def _notice(row: CaseEvent, regulation: Regulation) -> PublishedNotice:
    step = regulation.procedure(row.case.procedure).step(row.step)
    seat = None if row.seat == NODE_SEAT else regulation.seat(row.seat)
    return PublishedNotice(row.pk, row.at, public_answers(step, row.values, seat))

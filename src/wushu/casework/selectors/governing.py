"""Open cases that govern something outside them, for the services that would act beside them.

They say a number and no more of a case; who asks has looked already whether its reader answers for
what the case is about.
"""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db.models import QuerySet

from wushu.casework.models import Case, CaseEvent
from wushu.casework.selectors.regulations import content
from wushu.casework.types import GoverningCase, HappenedKind


def open_case_that_did(subject: UUID, effect: str) -> GoverningCase | None:
    """The open case about something in which a step with an effect was done, the newest first."""
    for row in _open().filter(subject=subject):
        procedure = content(row.version.sha256).procedure(row.procedure)
        steps = [one.id for one in procedure.steps if one.effect == effect]
        done = CaseEvent.objects.filter(case=row, kind=HappenedKind.STEP.value, step__in=steps)
        if done.exists():
            return _governing(row)
    return None


def open_case_of(cases: Collection[UUID]) -> GoverningCase | None:
    """The newest of some cases that is still open."""
    row = _open().filter(pk__in=cases).first()
    return None if row is None else _governing(row)


def _open() -> QuerySet[Case]:
    rows = Case.objects.filter(closed_at__isnull=True, merged_into__isnull=True)
    return rows.select_related("version").defer("version__document").order_by("-opened_at", "-id")


def _governing(row: Case) -> GoverningCase:
    procedure = content(row.version.sha256).procedure(row.procedure)
    can = {one.effect for one in procedure.steps if row.state in one.at and one.effect}
    return GoverningCase(row.pk, row.number, procedure.title, frozenset(can))

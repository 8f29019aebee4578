"""What was last answered about many things in a procedure that is gone through again and again."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from wushu.casework.models import Case, CaseEvent
from wushu.casework.rules.clock import local_day
from wushu.casework.types import HappenedKind, LastAnswer


def last_answers(
    procedure: str, field: str, *, bodies: Collection[UUID] | None = None
) -> dict[UUID, LastAnswer]:
    """By subject, what a field held when a case of the procedure last ended; empty where it was not asked.

    ``bodies``: of the cases of these alone. For fields that everybody may read.
    """
    rows = CaseEvent.objects.filter(
        kind=HappenedKind.STEP.value, case__procedure=procedure, case__closed_at__isnull=False,
        case__merged_into__isnull=True,
    )  # fmt: skip
    if bodies is not None:
        rows = rows.filter(case__body__in=bodies)
    found: dict[UUID, LastAnswer] = {}
    for subject, at, values in rows.order_by("case__closed_at", "case", "number").values_list(
        "case__subject", "at", "values"
    ):
        found[subject] = LastAnswer(local_day(at), str(values.get(field, "")))
    return found


def under_way(procedure: str, *, bodies: Collection[UUID] | None = None) -> set[UUID]:
    """What open cases of the procedure are about."""
    rows = Case.objects.filter(procedure=procedure, closed_at__isnull=True)
    return set(
        (rows if bodies is None else rows.filter(body__in=bodies)).values_list("subject", flat=True)
    )

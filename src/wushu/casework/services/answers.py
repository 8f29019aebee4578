"""When each case was answered, kept for figures."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.db.models import Prefetch, Q

from wushu.casework.models import Case, CaseAnswer, CaseEvent
from wushu.casework.presenting import happened_of
from wushu.casework.rules.answers import answer_of
from wushu.casework.selectors.counting import work_calendar
from wushu.casework.selectors.regulations import content
from wushu.casework.types import Happened

_BATCH = 500
_IN_ORDER = Prefetch("events", CaseEvent.objects.order_by("number"))


def answer_keep(row: Case, history: Sequence[Happened]) -> CaseAnswer | None:
    """Keep when the case was answered, by the newest calendar; None where it is not."""
    calendar = work_calendar()
    found = answer_of(content(row.version.sha256), row.procedure, history, calendar)
    if found is None:
        return None
    made, _ = CaseAnswer.objects.update_or_create(
        case=row,
        defaults={
            "procedure": row.procedure, "version": row.version_id, "body": row.body_id,
            "answered": found.answered, "working_days": found.working_days,
            "in_time": found.in_time, "calendar": calendar.version,
        },
    )  # fmt: skip
    return made


def answers_recount() -> int:
    """Count answers again by a newer work calendar, and all of them where none are kept; how many.

    Background work.
    """
    wanted = Case.objects.order_by("pk")
    if CaseAnswer.objects.exists():
        old = CaseAnswer.objects.filter(~Q(calendar=work_calendar().version))
        wanted = wanted.filter(pk__in=old.values("case"))
    keys = list(wanted.values_list("pk", flat=True))
    return sum(_counted(keys[first : first + _BATCH]) for first in range(0, len(keys), _BATCH))


def _counted(keys: Sequence[UUID]) -> int:
    rows = Case.objects.select_related("version").defer("version__document").filter(pk__in=keys)
    with transaction.atomic():
        return sum(
            answer_keep(row, [happened_of(one) for one in row.events.all()]) is not None
            for row in rows.prefetch_related(_IN_ORDER)
        )

"""How fast cases are answered, for everybody."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from django.db.models import Count, Exists, OuterRef
from django.utils import timezone

from wushu.casework.models import Case, CaseAnswer, CaseEvent
from wushu.casework.rules.answers import pace
from wushu.casework.rules.clock import local_day
from wushu.casework.selectors.cases import public_procedures
from wushu.casework.selectors.regulations import procedures_known
from wushu.casework.types import CaseFigures, HappenedKind, ProcedurePace

YEAR_DAYS = 365


def closed_in_time(procedure: str, *, body: UUID, last: date | None = None) -> tuple[int, int]:
    """Of a body's cases of one procedure that ended in the same year: how many never were overdue, and all.

    Public or not: also tasks that an authority gave the body, which nobody's answer ends.
    """
    rows = Case.objects.filter(procedure=procedure, body=body, closed_at__date__range=_year(last))
    overdue = CaseEvent.objects.filter(case=OuterRef("pk"), kind=HappenedKind.OVERDUE.value)
    counted = rows.aggregate(all=Count("pk"), late=Count("pk", filter=Exists(overdue)))
    return counted["all"] - counted["late"], counted["all"]


def _year(last: date | None) -> tuple[date, date]:
    """The first and the last day of the year through ``last`` (without: today)."""
    until = last or local_day(timezone.now())
    return until - timedelta(days=YEAR_DAYS - 1), until


def case_figures(*, last: date | None = None, body: UUID | None = None) -> CaseFigures:
    """What was answered in the year through ``last`` (without: today), by procedure.

    Of procedures with limits that stand in the public ledger, and without names. Counted by the database from a
    row for each answered case, which is written with the answer.
    """
    since, until = _year(last)
    rows = CaseAnswer.objects.filter(public_procedures(), answered__range=(since, until))
    if body is not None:
        rows = rows.filter(body=body)
    groups = rows.values_list("procedure", "working_days", "in_time")
    found: dict[str, list[tuple[int, bool, int]]] = {}
    for name, days, in_time, many in groups.annotate(many=Count("pk")).order_by():
        found.setdefault(name, []).append((days, in_time, many))
    titles = dict(procedures_known())
    return CaseFigures(
        first=since,
        last=until,
        total=pace(one for several in found.values() for one in several),
        procedures=tuple(
            ProcedurePace(name, titles[name], counted)
            for name, several in sorted(found.items())
            if name in titles and (counted := pace(several)) is not None
        ),
    )

"""What each body lists, counted by the database in one pass."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, Sum
from django.utils import timezone

from wushu.catalog.models import Entry
from wushu.catalog.rules.scoring import BodyFigures
from wushu.catalog.selectors.freshening import as_fresh
from wushu.catalog.types import Attribute, EntryState, Freshness

_AT_ONCE = 500


def body_figures() -> dict[UUID, BodyFigures]:
    """Figures of every body that lists anything."""
    today = timezone.localdate()
    there = Q(listed_revision__version__isnull=False)
    shown = ~Q(listed_revision__attribute=Attribute.NONE.value)
    open_to_all = Q(listed_revision__attribute=Attribute.UNCONDITIONAL.value)
    found = (
        Entry.objects.filter(state=EntryState.LISTED.value)
        .order_by()
        .values("body")
        .annotate(
            listed=Count("pk"),
            kept=Count("pk", filter=as_fresh(Freshness.KEPT, today)),
            missed=Count("pk", filter=as_fresh(Freshness.MISSED, today)),
            assessments=Count("assessed"),
            points=Sum("assessed__points", default=0),
            readable=Count("pk", filter=there & shown),
            rows=Sum("listed_revision__version__rows_loaded", filter=open_to_all, default=0),
        )
    )
    return {
        one["body"]: BodyFigures(
            body=one["body"],
            listed=one["listed"],
            kept=one["kept"],
            missed=one["missed"],
            assessed=one["assessments"],
            points=one["points"],
            readable=one["readable"],
            rows=one["rows"],
        )
        for one in found
    }


def rows_by_body() -> dict[UUID, tuple[int, int]]:
    """Rows declared and rejected in the newest version of what each body lists."""
    version = "listed_revision__version__"
    rows = (
        Entry.objects.filter(state=EntryState.LISTED.value, listed_revision__version__isnull=False)
        .order_by()
        .values_list("body")
        .annotate(declared=Sum(f"{version}rows_declared"), rejected=Sum(f"{version}rows_rejected"))
    )
    return {body: (declared, rejected) for body, declared, rejected in rows}


def bodies_of(entries: Iterable[UUID]) -> dict[UUID, UUID]:
    """The body of each listed entry among these."""
    return _of_listed(entries, "body")


def attributes_of(entries: Iterable[UUID]) -> dict[UUID, Attribute]:
    """As what each listed entry among these is opened."""
    found = _of_listed(entries, "listed_revision__attribute")
    return {entry: Attribute(one) for entry, one in found.items()}


def _of_listed(entries: Iterable[UUID], what: str) -> dict[UUID, Any]:
    wanted = list(entries)
    found: dict[UUID, Any] = {}
    for first in range(0, len(wanted), _AT_ONCE):
        rows = Entry.objects.filter(
            pk__in=wanted[first : first + _AT_ONCE], state=EntryState.LISTED.value
        )
        found.update(rows.values_list("pk", what))
    return found

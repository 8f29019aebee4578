"""What each body lists, counted by the database in one pass."""

from __future__ import annotations

from collections.abc import Iterable
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


def bodies_of(entries: Iterable[UUID]) -> dict[UUID, UUID]:
    """The body of each listed entry among these."""
    wanted = list(entries)
    found: dict[UUID, UUID] = {}
    for first in range(0, len(wanted), _AT_ONCE):
        rows = Entry.objects.filter(
            pk__in=wanted[first : first + _AT_ONCE], state=EntryState.LISTED.value
        )
        found.update(rows.values_list("pk", "body"))
    return found

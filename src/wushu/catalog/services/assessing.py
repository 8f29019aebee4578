"""Points of the metadata quality assessment, kept for each listed entry so that they can be added up.

Working them out builds the entry's whole description; a list of bodies cannot do that for every
entry. The worker does, a batch at a time, whenever an entry has changed.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.db.models import F, Q
from django.utils import timezone

from wushu.catalog.models import Assessed, Entry
from wushu.catalog.selectors.describing import metadata_quality
from wushu.catalog.selectors.entries import views_of
from wushu.catalog.types import EntryState

BATCH = 100
"""Entries of one round."""
ANEW_AFTER = timedelta(days=7)
"""What the description takes from elsewhere (a body's contact) may have changed meanwhile."""

_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


def quality_outdate(entry: UUID) -> None:
    """Have an entry's points worked out anew, though it has not changed: what surrounds it has.

    Background work of the node itself (the sizes of its files are known now). Until then the points
    stand as they are.
    """
    Assessed.objects.filter(entry=entry).update(seen=_NEVER)


def quality_refresh(*, limit: int = BATCH) -> int:
    """Work out the points of at most ``limit`` listed entries that have none, or old ones.

    How many were worked out: less than ``limit`` when none is left. Background work of the node
    itself: derived figures, that every dataset's page shows for itself as well.
    """
    now = timezone.now()
    old = Q(assessed__isnull=True) | ~Q(assessed__seen=F("changed_at"))
    rows = Entry.objects.filter(state=EntryState.LISTED.value).select_related("body")
    waiting = list(rows.filter(old).order_by("changed_at")[:limit])
    if len(waiting) < limit:
        aged = rows.filter(~old, assessed__at__lt=now - ANEW_AFTER).order_by("assessed__at")
        waiting += aged[: limit - len(waiting)]
    made = [
        Assessed(
            entry_id=entry.id, points=metadata_quality(entry).points, seen=entry.changed_at, at=now
        )
        for entry in views_of(waiting, None)
        if entry.revision is not None
    ]
    Assessed.objects.bulk_create(
        made,
        update_conflicts=True,
        unique_fields=["entry"],
        update_fields=["points", "seen", "at"],
    )
    return len(made)

"""The whole catalogue, piece by piece, for who takes it away."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Max

from wushu.catalog.models import Entry
from wushu.catalog.selectors.entries import views_of, visible_entries
from wushu.catalog.types import EntryState, EntryView


def listed_after(slug: str, *, limit: int) -> list[EntryView]:
    """The next listed entries as the public sees them, by slug; from the first one after ``""``."""
    rows = visible_entries(None).filter(state=EntryState.LISTED.value, slug__gt=slug)
    return views_of(rows.order_by("slug")[:limit], None)


def catalogue_changed() -> datetime | None:
    """When the public last saw a change of the catalogue; None before the first."""
    seen = Entry.objects.filter(listed_at__isnull=False)
    changed: datetime | None = seen.aggregate(changed=Max("changed_at"))["changed"]
    return changed

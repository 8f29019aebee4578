"""What a harvester asks: which entries the public saw change, from when until when."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Min, Q

from wushu.catalog.models import Entry
from wushu.catalog.selectors.entries import views_of, visible_entries
from wushu.catalog.types import EntryView
from wushu.kernel.errors import NOT_FOUND


def changed_entries(
    *,
    since: datetime | None = None,
    before: datetime | None = None,
    theme: str | None = None,
    body: UUID | None = None,
    after: datetime | None = None,
    limit: int = 100,
) -> list[EntryView]:
    """Entries the public ever saw, in the order of their last change.

    ``since`` is inclusive, ``before`` exclusive; ``after`` is the ``changed_at`` of the last one of
    the page before, which no two entries share. Closed entries come without a revision, under the
    theme they were last listed with.
    """
    wanted = Q(listed_at__isnull=False)
    if since is not None:
        wanted &= Q(changed_at__gte=since)
    if before is not None:
        wanted &= Q(changed_at__lt=before)
    if after is not None:
        wanted &= Q(changed_at__gt=after)
    if theme is not None:
        wanted &= Q(listed_revision__theme=theme)
    if body is not None:
        wanted &= Q(body=body)
    rows = visible_entries(None).filter(wanted).order_by("changed_at")[:limit]
    return views_of(rows, None)


def changed_entry(entry: UUID) -> EntryView:
    """One entry the public ever saw, closed or not; ``not-found``."""
    rows = visible_entries(None).filter(pk=entry, listed_at__isnull=False)
    found = views_of(rows, None)
    if not found:
        raise NOT_FOUND(what=str(entry))
    return found[0]


def earliest_change() -> datetime | None:
    """The oldest last change of what the public ever saw; None while it has seen nothing."""
    seen = Entry.objects.filter(listed_at__isnull=False)
    earliest: datetime | None = seen.aggregate(earliest=Min("changed_at"))["earliest"]
    return earliest

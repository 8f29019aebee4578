"""Whether entries are as new as promised: of one, of those of a body, as a condition."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.db.models import Q
from django.utils import timezone

from wushu.catalog import rules
from wushu.catalog.models import Entry
from wushu.catalog.rules.freshness import (
    FINAL_CODES,
    IRREGULAR_CODES,
    PERIODS,
    SOON_DAYS,
    due,
    oldest_kept,
)
from wushu.catalog.selectors.desk import DESK_LIMIT
from wushu.catalog.selectors.entries import views_of
from wushu.catalog.types import Due, EntryState, EntryView, Freshness
from wushu.parties.types import Actor

_VERSION = "listed_revision__version"
_CYCLE = "listed_revision__update_cycle"
_DATED = f"{_VERSION}__created_at"


def due_of(entry: EntryView, today: date | None = None) -> Due:
    """Whether the newest listed version is as new as promised, and when the next is due."""
    revision = entry.revision
    if revision is None:
        return Due(Freshness.NO_DATA)
    version = revision.version
    newest = None if version is None else timezone.localdate(version.created_at)
    return due(revision.metadata.update_cycle, newest, today or timezone.localdate())


def updates_due(*, actor: Actor) -> list[tuple[EntryView, Due]]:
    """Listed entries of the actor's bodies whose update is missed or due soon, the oldest day first.

    Of the ``DESK_LIMIT`` whose versions are oldest. Empty for who works for no body.
    """
    bodies = rules.bodies_read(actor)
    if not bodies:
        return []
    today = timezone.localdate()
    near = today + timedelta(days=SOON_DAYS + 1)
    rows = (
        Entry.objects.filter(
            as_fresh(Freshness.MISSED, near),
            body__in=bodies,
            state=EntryState.LISTED.value,
        )
        .select_related("body")
        .order_by(_DATED, "pk")[:DESK_LIMIT]
    )
    found = [(entry, due_of(entry, today)) for entry in views_of(rows, None)]
    wanted = [one for one in found if one[1].soon or one[1].freshness is Freshness.MISSED]
    return sorted(wanted, key=lambda one: (one[1].days or 0, one[0].slug))


def as_fresh(wanted: Freshness, today: date) -> Q:
    """``rules.freshness.due`` as a condition on listed entries."""
    known = frozenset(PERIODS) | IRREGULAR_CODES | FINAL_CODES
    there = Q(**{f"{_VERSION}__isnull": False})
    if wanted is Freshness.NO_DATA:
        return ~there
    if wanted is Freshness.IRREGULAR:
        return there & Q(**{f"{_CYCLE}__in": sorted(IRREGULAR_CODES)})
    if wanted is Freshness.FINAL:
        return there & Q(**{f"{_CYCLE}__in": sorted(FINAL_CODES)})
    if wanted is Freshness.UNKNOWN:
        return there & ~Q(**{f"{_CYCLE}__in": sorted(known)})
    comparison = "gte" if wanted is Freshness.KEPT else "lt"
    by_day: dict[date, list[str]] = {}
    for code in PERIODS:
        by_day.setdefault(oldest_kept(code, today), []).append(code)
    found = Q(pk__in=[])
    for day, codes in by_day.items():
        begin = timezone.make_aware(datetime.combine(day, time.min))
        found |= Q(**{f"{_CYCLE}__in": codes, f"{_DATED}__{comparison}": begin})
    return found

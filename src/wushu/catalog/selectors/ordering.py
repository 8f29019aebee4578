"""The list in another order than the newest change, and narrowed by how fresh its data are.

Where words are asked for, the index gives the best ``DEPTH_CAP``; these are narrowed and ordered.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any, Unpack

from django.db.models import Q, QuerySet
from django.utils import timezone

from wushu.catalog import rules
from wushu.catalog.models import Entry
from wushu.catalog.popularity import Popularity
from wushu.catalog.refusals import PAGE_TOO_DEEP
from wushu.catalog.rules.freshness import (
    FINAL_CODES,
    IRREGULAR_CODES,
    PERIODS,
    Due,
    Freshness,
    due,
    oldest_kept,
)
from wushu.catalog.search.index import catalogue_index
from wushu.catalog.search.queries import Wanted
from wushu.catalog.selectors.desk import DESK_LIMIT
from wushu.catalog.selectors.entries import entries_by_id, views_of, visible_entries
from wushu.catalog.selectors.finding import (
    COUNT_CAP,
    DEPTH_CAP,
    PAGE_LIMIT,
    Choices,
    after,
    bodies_for,
    cursor_key,
    entries,
    filtered,
    wanted_of,
)
from wushu.catalog.types import EntryState, EntryView, Page
from wushu.kernel import cursors
from wushu.parties.types import Actor

_VERSION = "listed_revision__version"
_CYCLE = "listed_revision__update_cycle"
_DATED = f"{_VERSION}__created_at"


class Order(StrEnum):
    """Orders of the list."""

    NEWEST = "newest"
    """The best match first where words are asked for, else the newest change."""
    USED = "used"
    """The most used lately first (``popularity_replace``), then the others by newest change."""


def entries_sorted(
    *,
    order: Order = Order.NEWEST,
    freshness: Freshness | None = None,
    cursor: str | None = None,
    limit: int = 20,
    **choices: Unpack[Choices],
) -> Page:
    """One page of what is listed, in the order, of those as fresh as asked.

    Refusals as ``entries``.
    """
    if order is Order.NEWEST and freshness is None:
        return entries(cursor=cursor, limit=limit, **choices)
    wanted = wanted_of(**choices)
    limit = max(1, min(limit, PAGE_LIMIT))
    context = {
        "list": "sorted", "text": wanted.text, "filters": dict(wanted.filters),
        "order": order.value, "freshness": str(freshness or ""),
    }  # fmt: skip
    place = cursors.decode(cursor, context, key=cursor_key()) if cursor else []
    rows = filtered(visible_entries(None).filter(state=EntryState.LISTED.value), wanted)
    if freshness is not None:
        rows = rows.filter(as_fresh(freshness, timezone.localdate()))
    if wanted.text or wanted.keyword:
        page, following = _with_words(rows, wanted, order, place, limit)
    else:
        page, following = _without_words(rows, order, place, limit)
    if following is None:
        return page
    sealed = cursors.encode(following, context, key=cursor_key())
    return Page(page.items, sealed, page.total, page.more_than_total, page.approximate)


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
    rows = (
        Entry.objects.filter(
            body__in=rules.bodies_read(actor),
            state=EntryState.LISTED.value,
            listed_revision__version__isnull=False,
            listed_revision__update_cycle__in=sorted(PERIODS),
        )
        .select_related("body")
        .order_by(_DATED, "pk")[:DESK_LIMIT]
    )
    today = timezone.localdate()
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


def _with_words(
    rows: QuerySet[Entry], wanted: Wanted, order: Order, place: Sequence[Any], limit: int
) -> tuple[Page, list[Any] | None]:
    offset = int(str(place[0])) if place else 0
    if offset >= DEPTH_CAP:
        raise PAGE_TOO_DEEP(limit=DEPTH_CAP)
    found = catalogue_index().find(wanted, bodies_for(wanted.text), offset=0, limit=DEPTH_CAP)
    fitting = set(rows.filter(pk__in=found.ids).values_list("pk", flat=True))
    ids = [one for one in found.ids if one in fitting]
    if order is Order.USED:
        places = dict(Popularity.objects.filter(entry__in=ids).values_list("entry", "place"))
        ids.sort(key=lambda one: places.get(one, len(places) + max(places.values(), default=0)))
    end = offset + limit
    page = Page(
        tuple(entries_by_id(ids[offset:end])), None, len(ids),
        more_than_total=found.total > DEPTH_CAP, approximate=found.approximate,
    )  # fmt: skip
    return page, [end] if end < len(ids) else None


def _without_words(
    rows: QuerySet[Entry], order: Order, place: Sequence[Any], limit: int
) -> tuple[Page, list[Any] | None]:
    total = rows.order_by()[: COUNT_CAP + 1].count()
    held: list[Entry] = []
    if order is Order.USED and (not place or place[0] == "used"):
        beyond = int(str(place[1])) if place else 0
        used = rows.filter(popularity__place__gt=beyond).select_related("body", "popularity")
        held = list(used.order_by("popularity__place")[: limit + 1])
        place = []
    if len(held) <= limit:
        rest = rows.filter(popularity__isnull=True) if order is Order.USED else rows
        if place:
            rest = rest.filter(after(place[1:]))
        held += rest.order_by("-changed_at", "-pk")[: limit + 1 - len(held)]
    shown = held[:limit]
    page = Page(
        tuple(views_of(shown, None)), None, min(total, COUNT_CAP), more_than_total=total > COUNT_CAP
    )
    return page, _place(shown[-1], order) if len(held) > limit else None


def _place(last: Entry, order: Order) -> list[Any]:
    """Where the next page begins: after a used entry by its place, else by its change."""
    if order is Order.USED:
        ranked = Popularity.objects.filter(entry=last).values_list("place", flat=True).first()
        if ranked is not None:
            return ["used", ranked]
    return ["newest", last.changed_at, str(last.pk)]

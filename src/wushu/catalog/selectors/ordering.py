"""The list in the order of use: what was used most lately first, the others as ever.

Both parts come from the index, so that a page costs the same with any filter and at any size.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Unpack

from wushu.catalog.models import Demand, Popularity
from wushu.catalog.refusals import PAGE_TOO_DEEP
from wushu.catalog.search.index import catalogue_index
from wushu.catalog.selectors.entries import entries_by_id
from wushu.catalog.selectors.finding import (
    COUNT_CAP,
    DEPTH_CAP,
    PAGE_LIMIT,
    Choices,
    bodies_for,
    context_of,
    cursor_key,
    entries,
    wanted_of,
)
from wushu.catalog.types import Page
from wushu.kernel import cursors


class Order(StrEnum):
    """Orders of the list."""

    NEWEST = "newest"
    """The best match first where words are asked for, else the newest change."""
    USED = "used"
    """The most used lately first (``popularity_replace``), then the others by ``NEWEST``."""
    WANTED = "wanted"
    """What many marked or follow first (``demand_replace``), then the others by ``NEWEST``."""


def entries_sorted(
    *,
    order: Order = Order.NEWEST,
    cursor: str | None = None,
    limit: int = 20,
    **choices: Unpack[Choices],
) -> Page:
    """One page of what is listed, in the order; by use or demand only the first ``DEPTH_CAP``.

    Refusals as ``entries``.
    """
    if order is Order.NEWEST:
        return entries(cursor=cursor, limit=limit, **choices)
    wanted = wanted_of(**choices)
    limit = max(1, min(limit, PAGE_LIMIT))
    key, context = cursor_key(), {**context_of(wanted), "order": order.value}
    offset = int(str(cursors.decode(cursor, context, key=key)[0])) if cursor else 0
    if offset >= DEPTH_CAP:
        raise PAGE_TOO_DEEP(limit=DEPTH_CAP)
    table = (Demand if order is Order.WANTED else Popularity)._default_manager
    ranked = tuple(table.order_by("place").values_list("entry", flat=True))
    found = catalogue_index().find(
        wanted, bodies_for(wanted.text), first=ranked, offset=offset, limit=limit
    )
    end = offset + limit
    more = end < min(found.total, DEPTH_CAP)
    return Page(
        items=tuple(entries_by_id(found.ids)),
        cursor=cursors.encode([end], context, key=key) if more else None,
        total=min(found.total, COUNT_CAP),
        more_than_total=found.total > COUNT_CAP,
        approximate=found.approximate,
    )

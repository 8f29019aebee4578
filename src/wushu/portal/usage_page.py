"""What stands on the page of usage statistics, and of a dataset's own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from wushu.catalog import selectors as catalog
from wushu.catalog.types import EntryView
from wushu.dataplane import selectors as dataplane

MOST_USED = 20


@dataclass(slots=True)
class Day:
    """One day's line."""

    day: date
    browsers: int = 0
    programs: int = 0
    size: int = 0


def content() -> dict[str, Any]:
    """Context of ``/usage``."""
    first, last = dataplane.recent()
    return {
        "first": first,
        "last": last,
        "totals": dataplane.use_totals(first, last),
        "days": _days(first, last),
        "used": used(first, last, MOST_USED),
    }


def of_dataset(dataset: UUID) -> dict[str, Any]:
    """A dataset's own statistics, for its page."""
    first, last = dataplane.recent()
    return {"first": first, "last": last, "totals": dataplane.use_totals(first, last, dataset)}


def used(first: date, last: date, limit: int) -> list[tuple[EntryView, dataplane.DatasetUse]]:
    """The most used datasets that are listed, with their use."""
    # Some may be listed no more: a few more are asked for.
    uses = dataplane.most_used(first, last, 2 * limit)
    entries = {one.id: one for one in catalog.entries_by_id([use.dataset for use in uses])}
    found = [(entries[use.dataset], use) for use in uses if use.dataset in entries]
    return found[:limit]


def _days(first: date, last: date) -> list[Day]:
    days: dict[date, Day] = {}
    for line in dataplane.uses_by_day(first, last):
        one = days.setdefault(line.day, Day(line.day))
        if line.client is dataplane.Client.BROWSER:
            one.browsers += line.requests
        else:
            one.programs += line.requests
        one.size += line.size
    return sorted(days.values(), key=lambda one: one.day, reverse=True)

"""The counts, as the public reads them: of a day, a dataset, the node. Only aggregates exist.

Reads of data that are not everybody's are not counted here: where few may read, a count would say
what they do. They leave receipts instead.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet, Sum
from django.utils import timezone

from wushu.dataplane.models import DailyKeyUse, DailyUse
from wushu.dataplane.usage.types import (
    PAGE,
    ROWS,
    Client,
    DatasetUse,
    DayOfUse,
    KeyUse,
    UseTotal,
)

RECENT_DAYS = 30
"""Days that "most used" and the summaries look back, today among them."""
MOST_DAYS = 366
"""Days of one answer."""

_BROWSER, _PROGRAM = Client.BROWSER.value, Client.PROGRAM.value


def recent() -> tuple[date, date]:
    """First and last day of the recent ones."""
    today = timezone.localdate()
    return today - timedelta(days=RECENT_DAYS - 1), today


def uses_by_day(first: date, last: date, dataset: UUID | None = None) -> list[DayOfUse]:
    """Lines of the days, newest day first; of one dataset or of all together.

    At most ``MOST_DAYS`` days, counted back from the last.
    """
    first = max(first, last - timedelta(days=MOST_DAYS - 1))
    found = (
        _between(first, last, dataset)
        .order_by("-day", "use", "client")
        .values("day", "use", "client")
        .annotate(all_requests=Sum("requests"), all_rows=Sum("rows"), all_size=Sum("size"))
    )
    return [
        DayOfUse(
            one["day"], one["use"], Client(one["client"]),
            one["all_requests"], one["all_rows"], one["all_size"],
        )
        for one in found
    ]  # fmt: skip


def use_totals(first: date, last: date, dataset: UUID | None = None) -> list[UseTotal]:
    """Each kind of use over the days: pages, rows, then the formats of downloads."""
    found = (
        _between(first, last, dataset)
        .order_by()
        .values("use")
        .annotate(
            browsers=Sum("requests", filter=Q(client=_BROWSER), default=0),
            programs=Sum("requests", filter=Q(client=_PROGRAM), default=0),
            all_rows=Sum("rows"),
            all_size=Sum("size"),
        )
    )
    totals = [
        UseTotal(one["use"], one["browsers"], one["programs"], one["all_rows"], one["all_size"])
        for one in found
    ]
    return sorted(totals, key=lambda one: (one.is_download, one.use))


def most_used(first: date, last: date, limit: int) -> list[DatasetUse]:
    """The datasets that browsers used most, then programs; ties in a fixed order."""
    rows = _by_dataset(_between(first, last, None))
    ordered = rows.order_by("-by_browsers", "-by_programs", "dataset")
    return [_dataset_use(one) for one in ordered[:limit]]


def uses_by_dataset(first: date, last: date) -> dict[UUID, DatasetUse]:
    """The use of every dataset; those nobody used are not in it."""
    rows = _by_dataset(_between(first, last, None)).order_by()
    return {one["dataset"]: _dataset_use(one) for one in rows}


def key_uses(digests: Iterable[str]) -> Mapping[str, KeyUse]:
    """What API keys (by SHA-256) asked for today; for the keys' owner."""
    rows = DailyKeyUse.objects.filter(day=timezone.localdate(), key__in=list(digests))
    return {one.key: KeyUse(one.requests, one.size, one.counted_at) for one in rows}


def _between(first: date, last: date, dataset: UUID | None) -> QuerySet[DailyUse]:
    rows = DailyUse.objects.filter(day__gte=first, day__lte=last)
    return rows if dataset is None else rows.filter(dataset=dataset)


def _by_dataset(rows: QuerySet[DailyUse]) -> Any:
    download = ~Q(use__in=(PAGE, ROWS))
    seen = Q(client=_BROWSER) & ~Q(use=ROWS)
    taken = Q(client=_PROGRAM) & ~Q(use=PAGE)
    return rows.values("dataset").annotate(
        pages=Sum("requests", filter=Q(use=PAGE, client=_BROWSER), default=0),
        rows_requests=Sum("requests", filter=Q(use=ROWS), default=0),
        downloads=Sum("requests", filter=download, default=0),
        by_browsers=Sum("requests", filter=seen, default=0),
        by_programs=Sum("requests", filter=taken, default=0),
        all_size=Sum("size"),
    )


def _dataset_use(one: Mapping[str, Any]) -> DatasetUse:
    return DatasetUse(
        dataset=one["dataset"],
        pages=one["pages"],
        rows_requests=one["rows_requests"],
        downloads=one["downloads"],
        by_browsers=one["by_browsers"],
        by_programs=one["by_programs"],
        size=one["all_size"],
    )

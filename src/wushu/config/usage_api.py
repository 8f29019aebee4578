"""``/api/v1/usage``: how much the datasets are read, by day and by declared client, as JSON or CSV."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from wushu.catalog import selectors as catalog
from wushu.catalog.api import responses
from wushu.catalog.refusals import PARAMETER_WRONG
from wushu.config.figure_tables import csv_response, wants_csv
from wushu.dataplane import selectors as dataplane
from wushu.kernel.errors import Said

PARAMETERS = ("dataset", "from", "to", "format")
_YEARS = Said("2000-01-01 至 9998-12-31", "2000-01-01 to 9998-12-31")
COLUMNS = ("day", "use", "client", "requests", "rows", "bytes")


@responses.answering
def usage(request: HttpRequest) -> HttpResponse:
    """Lines of at most 366 days, the newest first; of one dataset or of all together.

    Refusals: ``parameter-unknown``, ``parameter-wrong``, ``not-found``, ``entry-sealed``,
    ``entry-withdrawn``.
    """
    responses.require_known(request, PARAMETERS)
    first, last = _days(request)
    slug = request.GET.get("dataset", "")
    dataset = catalog.listed_entry(slug).id if slug else None
    lines = dataplane.uses_by_day(first, last, dataset)
    if wants_csv(request):
        name = f"usage-{slug or 'all'}-{first}-{last}.csv"
        return csv_response(name, COLUMNS, ([*_line(one).values()] for one in lines))
    return responses.json_response(
        {
            "dataset": slug or None,
            "from": first,
            "to": last,
            "counted": "by declared client, not by person; reads of data that need a grant "
            "are not counted",
            "items": [_line(one) for one in lines],
        }
    )


def _line(one: dataplane.DayOfUse) -> dict[str, Any]:
    return {
        "day": one.day,
        "use": one.use,
        "client": one.client.value,
        "requests": one.requests,
        "rows": one.rows,
        "bytes": one.size,
    }


def _days(request: HttpRequest) -> tuple[date, date]:
    """The days asked for; by default the recent ones."""
    last = _day(request, "to") or timezone.localdate()
    first = _day(request, "from") or last - timedelta(days=dataplane.RECENT_DAYS - 1)
    if not 0 <= (last - first).days < dataplane.MOST_DAYS:
        span = Said(
            f"不晚于 to，且最多 {dataplane.MOST_DAYS} 天",
            f"not after to, and at most {dataplane.MOST_DAYS} days",
        )
        raise PARAMETER_WRONG(name="from", value=first.isoformat(), allowed=span)
    return first, last


def _day(request: HttpRequest, name: str) -> date | None:
    text = request.GET.get(name)
    if not text:
        return None
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise PARAMETER_WRONG(name=name, value=text[:80], allowed="YYYY-MM-DD") from None
    if not 2000 <= found.year < 9999:
        raise PARAMETER_WRONG(name=name, value=text[:80], allowed=_YEARS)
    return found

"""Figures as a table for spreadsheets: what ``/api/v1/scoreboard`` and ``/api/v1/usage`` share."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse

from wushu.catalog.refusals import PARAMETER_WRONG
from wushu.kernel.formulas import guarded


def wants_csv(request: HttpRequest) -> bool:
    """Whether ``format=csv`` is asked for; ``parameter-wrong`` for what is neither CSV nor JSON."""
    wanted = request.GET.get("format", "json")
    if wanted not in ("json", "csv"):
        raise PARAMETER_WRONG(name="format", value=wanted[:80], allowed="json, csv")
    return wanted == "csv"


def csv_response(name: str, header: Iterable[str], rows: Iterable[Iterable[Any]]) -> HttpResponse:
    """A table in RFC 4180 with a byte order mark, for spreadsheets; no cell of it is run."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(header)
    writer.writerows([guarded(c) if isinstance(c, str) else c for c in row] for row in rows)
    response = HttpResponse(
        f"\ufeff{text.getvalue()}".encode(), content_type="text/csv; charset=utf-8; header=present"
    )
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response

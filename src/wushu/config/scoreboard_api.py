"""``/api/v1/scoreboard``: the scoreboard of bodies as JSON or CSV."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from wushu.catalog import selectors as catalog
from wushu.catalog.api import responses
from wushu.config.figure_tables import csv_response, wants_csv
from wushu.portal import selectors as portal

COLUMNS = (
    "place", "score", "code", "name_zh", "name_en", "datasets", "kept", "missed", "points_mean",
    "assessed", "readable", "rows_open", "used_by_browsers", "used_by_programs",
)  # fmt: skip


@responses.answering
def scoreboard(request: HttpRequest) -> HttpResponse:
    """All bodies, as the page shows them; ``parameter-unknown``, ``parameter-wrong``."""
    responses.require_known(request, ("format",))
    as_csv = wants_csv(request)
    board = portal.board()
    lines = [_line(one) for one in board.lines]
    if as_csv:
        return csv_response("scoreboard.csv", COLUMNS, (one.values() for one in lines))
    return responses.json_response(
        {"at": board.at, "points_most": catalog.METADATA_QUALITY_MOST, "items": lines}
    )


def _line(one: portal.Line) -> dict[str, Any]:
    figures = one.figures
    points = figures.mean_points
    values = (
        one.place, one.score, one.body.code, one.body.name_zh, one.body.name_en, figures.listed,
        figures.kept, figures.missed, None if points is None else round(points, 1),
        figures.assessed, figures.readable, figures.rows, one.by_browsers, one.by_programs,
    )  # fmt: skip
    return dict(zip(COLUMNS, values, strict=True))

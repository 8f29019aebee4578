"""The time for which an entry of a series stands: a year, or a half, quarter or month of one.

A fixed form and no free text, so that a membership says nothing that somebody would have to review.
"""

from __future__ import annotations

import re

from wushu.catalog.arranging_refusals import PERIOD_WRONG

_PERIOD = re.compile(
    r"(?P<year>[12]\d{3})(?:-(?:(?P<month>0[1-9]|1[0-2])|H(?P<half>[12])|Q(?P<quarter>[1-4])))?"
)


def require_period(text: str) -> str:
    """The period as it is kept: ``2024``, ``2024-H1``, ``2024-Q3``, ``2024-05``; ``series-period-wrong``."""
    period = text.strip().upper()
    if not _PERIOD.fullmatch(period):
        raise PERIOD_WRONG(period=text[:40])
    return period


def period_order(period: str) -> tuple[int, int, int]:
    """Sorts periods by when they begin, the longer one first."""
    found = _PERIOD.fullmatch(period)
    if found is None:
        return (0, 0, 0)
    months = 12
    begins = 1
    if found["month"]:
        months, begins = 1, int(found["month"])
    elif found["quarter"]:
        months, begins = 3, 3 * int(found["quarter"]) - 2
    elif found["half"]:
        months, begins = 6, 6 * int(found["half"]) - 5
    return (int(found["year"]), begins, -months)

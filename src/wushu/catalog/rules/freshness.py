"""Whether a dataset is as new as its opening body said it would be (更新周期).

From the code of the EU frequency vocabulary and the day of the newest version follows the day on which
the next version is due: so many calendar days, months or years later. It is **kept** until that day has
passed, **missed** from the day after. These are calendar periods that a body promised in the catalogue,
no statutory time limits: those run in working days, can pause, and are another part of the product.

* A period of less than a day (hourly, every minute, continuous) is looked at as one day: a version is a
  whole table, and the day is all that is compared.
* Several times in a period (three times a week) is the period divided and rounded up to whole days.
* A month after 31 January is the last day of February.
* ``IRREG``, ``AS_NEEDED``, ``OTHER``: no day was promised, so none can be missed (``irregular``).
* ``NEVER``, ``NOT_PLANNED``: it is not meant to be updated (``final``).
* ``UNKNOWN``, no code, or one outside the vocabulary: the body has not said (``unknown``).
* No version yet: there is nothing that could be old (``no-data``).
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType

from wushu.catalog.types import Due, Freshness

SOON_SHARE = 4
"""Due soon: when no more than a quarter of the period is left, and no more than …"""
SOON_DAYS = 30
"""… so many days."""


@dataclass(frozen=True, slots=True)
class Period:
    """A span of the calendar."""

    days: int = 0
    months: int = 0

    def after(self, day: date) -> date:
        """The day that lies this span later; the month's last day where it has no such day."""
        month = day.month - 1 + self.months
        year, month = day.year + month // 12, month % 12 + 1
        if year > date.max.year - 1:
            return date.max
        moved = date(year, month, min(day.day, monthrange(year, month)[1]))
        return moved + timedelta(days=self.days)


_DAY = Period(days=1)
PERIODS: Mapping[str, Period] = MappingProxyType(
    {
        **dict.fromkeys(
            (
                "1MIN", "5MIN", "10MIN", "15MIN", "30MIN", "CONT", "UPDATE_CONT", "HOURLY",
                "BIHOURLY", "TRIHOURLY", "12HRS", "DAILY_2", "DAILY",
            ),
            _DAY,
        ),
        "WEEKLY_3": Period(days=3),
        "WEEKLY_2": Period(days=4),
        "WEEKLY": Period(days=7),
        "BIWEEKLY": Period(days=14),
        "MONTHLY_3": Period(days=11),
        "MONTHLY_2": Period(days=16),
        "MONTHLY": Period(months=1),
        "BIMONTHLY": Period(months=2),
        "QUARTERLY": Period(months=3),
        "ANNUAL_3": Period(months=4),
        "ANNUAL_2": Period(months=6),
        "ANNUAL": Period(months=12),
        "BIENNIAL": Period(months=24),
        "TRIENNIAL": Period(months=36),
        "QUADRENNIAL": Period(months=48),
        "QUINQUENNIAL": Period(months=60),
        "DECENNIAL": Period(months=120),
        "BIDECENNIAL": Period(months=240),
        "TRIDECENNIAL": Period(months=360),
    }
)  # fmt: skip
"""Codes with a period that can be kept or missed."""
IRREGULAR_CODES = frozenset({"IRREG", "AS_NEEDED", "OTHER"})
FINAL_CODES = frozenset({"NEVER", "NOT_PLANNED"})


def due(code: str, newest: date | None, today: date) -> Due:
    """How a dataset with this update cycle stands whose newest version is of the day ``newest``."""
    if newest is None:
        return Due(Freshness.NO_DATA)
    if code in IRREGULAR_CODES:
        return Due(Freshness.IRREGULAR)
    if code in FINAL_CODES:
        return Due(Freshness.FINAL)
    period = PERIODS.get(code)
    if period is None:
        return Due(Freshness.UNKNOWN)
    on = period.after(newest)
    left = (on - today).days
    if left < 0:
        return Due(Freshness.MISSED, on, days=left)
    soon = left <= min(SOON_DAYS, (on - newest).days // SOON_SHARE)
    return Due(Freshness.KEPT, on, soon, left)


def oldest_kept(code: str, today: date) -> date:
    """The oldest day a newest version may be of so that ``code`` is still kept today.

    What a list asks the database for instead of every date: ``due`` is kept exactly from it on.
    ``KeyError`` for a code without a period.
    """
    period = PERIODS[code]
    # The period is never shorter than this guess goes back, but may be a few days longer.
    months = today.year * 12 + today.month - 1 - period.months
    year, month = divmod(months, 12)
    if year < 1:
        return date.min
    day = date(year, month + 1, 1) - timedelta(days=period.days)
    while period.after(day) < today:
        day += timedelta(days=1)
    return day

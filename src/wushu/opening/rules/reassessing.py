"""When a dataset that is not opened is due to be re-assessed (定期评估审查, art. 8)."""

from __future__ import annotations

from datetime import date, timedelta

from wushu.casework.types import LastAnswer


def due_day(listed: date, days: int, last: LastAnswer | None) -> date:
    """The day that the body set when it last looked; where it never did, so many days after listing.

    A re-assessment that set no day, since it found that the data can be opened while they still are
    not, is followed by the next after as many days.
    """
    if last is None:
        return listed + timedelta(days=days)
    if last.value:
        return date.fromisoformat(last.value)
    return last.on + timedelta(days=days)

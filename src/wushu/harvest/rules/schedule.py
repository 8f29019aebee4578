"""When a source is to be read."""

from __future__ import annotations

from datetime import date, datetime, timedelta

LATE = timedelta(hours=6)
"""Beyond the moment a source is due nobody reads it: those before it take an hour each at most."""


WHOLE_EVERY = timedelta(days=7)
"""How often a source is read as a whole that could always be asked for changes alone."""


def changed_since(*, read_until: str, whole_at: datetime | None, now: datetime) -> str:
    """The day since which changes are asked for; empty: the whole is read.

    ``read_until``: the source's day of the last reading, if it forgets no deletion. One day before it,
    since all sources understand days and some stamp late.
    """
    if not read_until or whole_at is None or whole_at + WHOLE_EVERY <= now:
        return ""
    return (date.fromisoformat(read_until) - timedelta(days=1)).isoformat()


def due_since(
    *,
    activated_at: datetime,
    every_hours: int,
    last_asked_at: datetime | None,
    waiting_since: datetime | None,
) -> datetime:
    """From when an active source is to be read; may lie ahead.

    Since somebody asked for it, else by its schedule; one that was never read since its activation.
    """
    if waiting_since is not None:
        return waiting_since
    if last_asked_at is None:
        return activated_at
    return max(activated_at, last_asked_at + timedelta(hours=every_hours))


def is_overdue(due: datetime, now: datetime) -> bool:
    """Whether something keeps the node from reading it."""
    return due + LATE <= now

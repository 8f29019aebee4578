"""When a source is to be read."""

from __future__ import annotations

from datetime import datetime, timedelta

LATE = timedelta(hours=6)
"""Beyond the moment a source is due nobody reads it: those before it take an hour each at most."""


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

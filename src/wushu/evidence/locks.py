"""One sequencer at a time, on one host and on many.

A lock of the file system covers all processes that share the tiles, whatever the database; on
PostgreSQL an advisory lock of the session covers hosts that share only the database. Both end with
the process that holds them.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection

ADVISORY_KEY = 0x5775736875_4C6F  # "Wushu" "Lo": any number that nothing else in the database uses


@contextmanager
def sequencer_lock(path: Path, *, wait: bool) -> Iterator[bool]:
    """Hold both locks; yields False, holding nothing, when another has them and ``wait`` is off."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            yield False
            return
        with _database_lock(wait=wait) as held:
            yield held


@contextmanager
def _database_lock(*, wait: bool) -> Iterator[bool]:
    if connection.vendor != "postgresql":
        yield True
        return
    with connection.cursor() as cursor:
        function = "pg_advisory_lock" if wait else "pg_try_advisory_lock"
        cursor.execute(f"SELECT {function}(%s)", [ADVISORY_KEY])
        held = cursor.fetchone()[0] is not False
    if not held:
        yield False
        return
    try:
        yield True
    finally:
        if not connection.needs_rollback and connection.connection is not None:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [ADVISORY_KEY])

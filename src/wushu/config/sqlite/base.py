"""Django's SQLite with a fair queue for writers.

SQLite's own way of waiting looks again after 1, 2, 5 … 100 ms: who came last looks most often, and
who waited longest is passed over. Beside four writers an act of the sequencer was refused as locked
after 20 s. Here all who wait look equally often, so each has the same chance at each release.
"""

from __future__ import annotations

import random
import sqlite3
import time

from django.db.backends.sqlite3 import base
from django.db.utils import OperationalError

PAUSE = 0.004
"""Mean seconds between two looks: an act with its disk sync takes about so long."""


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection whose transactions begin in fair turns; ``timeout`` (seconds) bounds the wait."""

    def _start_transaction_under_autocommit(self) -> None:
        seconds = float(self.settings_dict["OPTIONS"].get("timeout", 5))
        until = time.monotonic() + seconds
        self._wait_inside_sqlite(0)
        try:
            while not self._begun(or_raise=time.monotonic() >= until):
                time.sleep(PAUSE * random.uniform(0.5, 1.5))  # noqa: S311 - no secret, only a turn
        finally:
            self._wait_inside_sqlite(seconds)

    def _begun(self, *, or_raise: bool) -> bool:
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]  # not in the stubs
        except OperationalError as error:
            if or_raise or not _is_busy(error.__cause__):
                raise
            return False
        return True

    def _wait_inside_sqlite(self, seconds: float) -> None:
        self.connection.execute(f"PRAGMA busy_timeout = {int(seconds * 1000)}")


def _is_busy(error: BaseException | None) -> bool:
    """Whether another has the turn, be it that it puts the journal of a crash in order (BUSY_RECOVERY)."""
    # The low byte is the code, the rest says more of it.
    return isinstance(error, sqlite3.Error) and error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY

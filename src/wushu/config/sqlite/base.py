"""Django's SQLite with a fair queue for writers.

SQLite's own way of waiting looks again after 1, 2, 5 … 100 ms: who came last looks most often, and
who waited longest is passed over. Beside four writers an act of the sequencer was refused as locked
after 20 s, and beside three a single statement. Here all who want to write look equally often, so each
has the same chance at each release.
"""

from __future__ import annotations

import random
import re
import sqlite3
import time
from collections.abc import Callable
from typing import Any, TypeVar

from django.db.backends.sqlite3 import base
from django.db.utils import OperationalError

T = TypeVar("T")
PAUSE = 0.004
"""Mean seconds between two looks: an act with its disk sync takes about so long."""
_WRITES = re.compile(r"\s*(?:INSERT|UPDATE|DELETE|REPLACE)\b", re.IGNORECASE)


class Cursor(base.SQLiteCursorWrapper):
    """A cursor whose single writing statements wait in fair turns too."""

    in_turn: Callable[[Callable[[], Any]], Any]

    def execute(self, query: str, params: Any = None) -> Any:
        """As Django's; within a transaction the turn is ours already, and readers wait for nobody."""

        def ask() -> Any:
            return base.SQLiteCursorWrapper.execute(self, query, params)

        if self.connection.in_transaction or not _WRITES.match(query):
            return ask()
        return self.in_turn(ask)


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection whose writes begin in fair turns; ``timeout`` (seconds) bounds the wait."""

    def create_cursor(self, name: str | None = None) -> Cursor:
        """A cursor that waits as transactions do."""
        made: Cursor = self.connection.cursor(factory=Cursor)
        made.in_turn = self._in_turn
        return made

    def _start_transaction_under_autocommit(self) -> None:
        self._in_turn(super()._start_transaction_under_autocommit)  # type: ignore[misc]  # not in the stubs

    def _in_turn(self, ask: Callable[[], T]) -> T:
        """Ask until nobody else has the turn; what is no matter of turns is raised at once."""
        seconds = float(self.settings_dict["OPTIONS"].get("timeout", 5))
        until = time.monotonic() + seconds
        self._wait_inside_sqlite(0)
        try:
            while True:
                is_over = time.monotonic() >= until
                try:
                    return ask()
                except (OperationalError, sqlite3.OperationalError) as error:
                    if is_over or not _is_busy(error):
                        raise
                time.sleep(PAUSE * random.uniform(0.5, 1.5))  # noqa: S311 - no secret, only a turn
        finally:
            self._wait_inside_sqlite(seconds)

    def _wait_inside_sqlite(self, seconds: float) -> None:
        self.connection.execute(f"PRAGMA busy_timeout = {int(seconds * 1000)}")


def _is_busy(error: BaseException) -> bool:
    """Whether another has the turn, be it that it puts the journal of a crash in order (BUSY_RECOVERY)."""
    cause = error if isinstance(error, sqlite3.Error) else error.__cause__
    # The low byte is the code, the rest says more of it.
    return isinstance(cause, sqlite3.Error) and cause.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY

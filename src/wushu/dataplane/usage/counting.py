"""Counting in memory, writing in batches.

An answer costs one addition, the database one transaction every few seconds. Each serving process
counts for itself and adds what it counted to the day's rows. A process that is killed loses what it
has not written: at most ``FLUSH_SECONDS`` of counts. One that is told to end writes first.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import close_old_connections, connection, models, transaction
from django.utils import timezone

from wushu.dataplane.models import DailyKeyUse, DailyUse
from wushu.dataplane.usage.types import Client, Tally

FLUSH_SECONDS = 10.0
MOST = 100_000
"""Counts held in memory while the database cannot be written; further new ones are let go."""
KEY_DAYS = 7
"""Days for which the use of API keys is kept: it says how much one account reads."""

_log = logging.getLogger(__name__)

Use = tuple[int, UUID, str, Client]
KeyOfDay = tuple[int, str]


class Counts:
    """What one process has counted and not written yet. ``clock`` gives seconds since 1970."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._writing = threading.Lock()
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None
        self._day = 0
        self._day_ends = 0.0
        self._uses: dict[Use, Tally] = {}
        self._keys: dict[KeyOfDay, Tally] = {}

    def use(
        self, dataset: UUID, use: str, client: Client, requests: int, rows: int, size: int
    ) -> None:
        """Count an answer about a dataset; ``requests`` 0 for the rest of a resumed download."""
        with self._lock:
            key = (self._today(), dataset, use, client)
            _tally(self._uses, key).add(requests, rows, size)

    def key(self, digest: str, size: int) -> None:
        """Count an answer to an API key."""
        with self._lock:
            _tally(self._keys, (self._today(), digest)).add(1, 0, size)

    def flush(self) -> None:
        """Write what was counted. What cannot be written now is kept for the next time."""
        with self._writing:
            with self._lock:
                uses, self._uses = self._uses, {}
                keys, self._keys = self._keys, {}
            if not uses and not keys:
                return
            try:
                with transaction.atomic():
                    _write(DailyUse, _USE, _use_values(uses))
                    _write(DailyKeyUse, _KEY, _key_values(keys, timezone.now()))
            except Exception:
                # The database may be away for a moment; counts must not stop the answers.
                _log.warning("counts of use could not be written; kept", exc_info=True)
                self._give_back(uses, keys)

    def begin(self) -> None:
        """Write every ``FLUSH_SECONDS`` from now on, in a thread of its own."""
        self._ended.clear()
        self._thread = threading.Thread(target=self._steadily, name="usage", daemon=True)
        self._thread.start()

    def end(self) -> None:
        """Stop the thread and write the last counts."""
        self._ended.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def _steadily(self) -> None:
        last = False
        while not last:
            last = self._ended.wait(FLUSH_SECONDS)
            self.flush()
            close_old_connections()
        connection.close()

    def _today(self) -> int:
        """The node's day as an ordinal, looked up once a day."""
        now = self._clock()
        if not self._day_ends - 86_400 <= now < self._day_ends:
            local = timezone.localtime(datetime.fromtimestamp(now, tz=UTC))
            midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
            self._day = local.toordinal()
            self._day_ends = (midnight + timedelta(days=1)).timestamp()
        return self._day

    def _give_back(self, uses: Mapping[Use, Tally], keys: Mapping[KeyOfDay, Tally]) -> None:
        with self._lock:
            for use, one in uses.items():
                _tally(self._uses, use).add(one.requests, one.rows, one.size)
            for key, one in keys.items():
                _tally(self._keys, key).add(one.requests, one.rows, one.size)


def _tally(held: dict[Any, Tally], key: Any) -> Tally:
    found = held.get(key)
    if found is None:
        found = Tally()
        if len(held) < MOST:
            held[key] = found
    return found


COUNTS = Counts()
"""Of this process."""


def forget_keys(today: date) -> int:
    """Remove the use of keys older than ``KEY_DAYS``; how many rows."""
    return DailyKeyUse.objects.filter(day__lt=today - timedelta(days=KEY_DAYS)).delete()[0]


# Adding to the day's rows, in one statement both databases know

_USE = ("day", "dataset", "use", "client"), ("requests", "rows", "size"), ()
_KEY = ("day", "key"), ("requests", "size"), ("counted_at",)
_AT_ONCE = 100
"""Rows of one statement: SQLite allows 999 parameters in its oldest versions."""

Columns = tuple[Sequence[str], Sequence[str], Sequence[str]]


def _use_values(uses: Mapping[Use, Tally]) -> Iterable[tuple[Any, ...]]:
    # In one order everywhere, so that two processes never wait for each other's rows.
    for (day, dataset, use, client), one in sorted(uses.items(), key=lambda pair: pair[0]):
        yield (
            date.fromordinal(day), dataset, use, client.value,
            one.requests, one.rows, one.size,
        )  # fmt: skip


def _key_values(keys: Mapping[KeyOfDay, Tally], now: datetime) -> Iterable[tuple[Any, ...]]:
    for (day, key), one in sorted(keys.items(), key=lambda pair: pair[0]):
        yield date.fromordinal(day), key, one.requests, one.size, now


def _write(model: type[models.Model], columns: Columns, values: Iterable[tuple[Any, ...]]) -> None:
    """Insert rows, or add their counts to the rows that are there."""
    known, counted, replaced = columns
    names = (*known, *counted, *replaced)
    columns_there = {one.name: one for one in model._meta.fields}
    fields = [columns_there[name] for name in names]
    quote, table = connection.ops.quote_name, model._meta.db_table
    marks = f"({', '.join(['%s'] * len(names))})"
    changes = [f"{quote(n)} = {quote(table)}.{quote(n)} + excluded.{quote(n)}" for n in counted]
    changes += [f"{quote(n)} = excluded.{quote(n)}" for n in replaced]
    prepared = [
        [
            field.get_db_prep_save(value, connection)
            for field, value in zip(fields, row, strict=True)
        ]
        for row in values
    ]
    with connection.cursor() as cursor:
        for first in range(0, len(prepared), _AT_ONCE):
            some = prepared[first : first + _AT_ONCE]
            cursor.execute(
                f"INSERT INTO {quote(table)} ({', '.join(map(quote, names))}) "  # noqa: S608
                f"VALUES {', '.join([marks] * len(some))} "
                f"ON CONFLICT ({', '.join(map(quote, known))}) DO UPDATE SET {', '.join(changes)}",
                [value for row in some for value in row],
            )

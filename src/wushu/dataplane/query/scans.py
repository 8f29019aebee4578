"""Work that scans a table: a few threads with an engine each, a queue with an end, a time limit.

One reader gets a few places of the queue, so that nobody's slow questions keep all others waiting.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeVar

import duckdb
from django.conf import settings

from wushu.dataplane.query import engine
from wushu.dataplane.query.types import (
    QUERY_TOO_LARGE,
    QUERY_TOO_SLOW,
    READERS_WAITING,
    TOO_MANY_SCANS,
)

Answer = TypeVar("Answer")
Work = Callable[[duckdb.DuckDBPyConnection], Answer]

OF_ONE_READER = 4
"""Scans of one reader that may run or wait at once."""


@dataclass(slots=True)
class _Job:
    """One scan: what stops it once its time is over."""

    deadline: float
    lock: threading.Lock = field(default_factory=threading.Lock)
    db: duckdb.DuckDBPyConnection | None = None
    over: bool = False

    def stop(self) -> None:
        """Interrupt the scan if it is running; never the next one on the same engine."""
        with self.lock:
            self.over = True
            if self.db is not None:
                self.db.interrupt()

    def do(self, work: Work[Answer], db: duckdb.DuckDBPyConnection) -> Answer:
        """The work, while there is time; ``duckdb.InterruptException`` when it is over."""
        with self.lock:
            if self.over:
                raise duckdb.InterruptException("its time was over before it began")
            self.db = db
        try:
            return work(db)
        finally:
            with self.lock:
                self.db = None


class Scans:
    """Bounded: ``threads`` scans run, ``waiting`` more may wait."""

    def __init__(self, *, threads: int, waiting: int) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="scan")
        self._limit = threads + waiting
        self._taken = 0
        self._of: Counter[str] = Counter()
        self._local = threading.local()

    async def run(self, work: Work[Answer], *, reader: str, seconds: float, dataset: str) -> Answer:
        """The answer of ``work`` for a reader (``Plane.reader``); waiting counts as time too.

        Refusals: ``too-many-scans`` when the reader has ``OF_ONE_READER`` of them,
        ``readers-waiting`` when the queue is full, ``query-too-slow`` after ``seconds``,
        ``query-too-large``.
        """
        if self._of[reader] >= OF_ONE_READER:
            raise TOO_MANY_SCANS(limit=OF_ONE_READER)
        if self._taken >= self._limit:
            raise READERS_WAITING()
        job = _Job(time.monotonic() + seconds)
        loop = asyncio.get_running_loop()
        alarm = loop.call_later(seconds, job.stop)
        self._taken += 1
        self._of[reader] += 1
        try:
            with _refusing(seconds, dataset):
                return await loop.run_in_executor(self._pool, self._do, job, work)
        finally:
            self._taken -= 1
            self._of[reader] -= 1
            self._of += Counter()  # forgets readers without a scan
            alarm.cancel()

    def close(self) -> None:
        """Wait for what runs and end the threads."""
        self._pool.shutdown(cancel_futures=True)

    def _do(self, job: _Job, work: Work[Answer]) -> Answer:
        return job.do(work, self._engine())

    def _engine(self) -> duckdb.DuckDBPyConnection:
        """The thread's own; it is confined to the node's objects, so that it ends with their folder."""
        objects, db = getattr(self._local, "engine", (None, None))
        if db is None or objects != settings.OBJECTS_DIR:
            db = engine.connect()
            self._local.engine = (settings.OBJECTS_DIR, db)
        return db


def scan_here(work: Work[Answer], *, seconds: float, dataset: str) -> Answer:
    """The answer of ``work`` in the thread that asks: of a view, which waits for it anyway.

    Refusals: ``query-too-slow`` after ``seconds``, ``query-too-large``.
    """
    job = _Job(time.monotonic() + seconds)
    alarm = threading.Timer(seconds, job.stop)
    alarm.start()
    try:
        with engine.connect() as db, _refusing(seconds, dataset):
            return job.do(work, db)
    finally:
        alarm.cancel()


@contextmanager
def _refusing(seconds: float, dataset: str) -> Iterator[None]:
    """Name what stopped a scan."""
    try:
        yield
    except duckdb.InterruptException:
        raise QUERY_TOO_SLOW(seconds=f"{seconds:g}", dataset=dataset) from None
    except duckdb.OutOfMemoryException:
        raise QUERY_TOO_LARGE(dataset=dataset) from None

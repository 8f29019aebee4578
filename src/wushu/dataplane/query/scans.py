"""Work that scans a table: a few threads with an engine each, a queue with an end, a time limit."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TypeVar

import duckdb

from wushu.dataplane.query import engine
from wushu.dataplane.query.types import QUERY_TOO_LARGE, QUERY_TOO_SLOW, READERS_WAITING

Answer = TypeVar("Answer")


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


class Scans:
    """Bounded: ``threads`` scans run, ``waiting`` more may wait."""

    def __init__(self, *, threads: int, waiting: int) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="scan")
        self._limit = threads + waiting
        self._taken = 0
        self._local = threading.local()

    async def run(
        self, work: Callable[[duckdb.DuckDBPyConnection], Answer], *, seconds: float, dataset: str
    ) -> Answer:
        """The answer of ``work``; waiting counts as time too.

        Refusals: ``readers-waiting`` when the queue is full, ``query-too-slow`` after ``seconds``,
        ``query-too-large``.
        """
        if self._taken >= self._limit:
            raise READERS_WAITING()
        job = _Job(time.monotonic() + seconds)
        loop = asyncio.get_running_loop()
        alarm = loop.call_later(seconds, job.stop)
        self._taken += 1
        try:
            return await loop.run_in_executor(self._pool, self._do, job, work)
        except duckdb.InterruptException:
            raise QUERY_TOO_SLOW(seconds=f"{seconds:g}", dataset=dataset) from None
        except duckdb.OutOfMemoryException:
            raise QUERY_TOO_LARGE(dataset=dataset) from None
        finally:
            self._taken -= 1
            alarm.cancel()

    def close(self) -> None:
        """Wait for what runs and end the threads."""
        self._pool.shutdown(cancel_futures=True)

    def _do(self, job: _Job, work: Callable[[duckdb.DuckDBPyConnection], Answer]) -> Answer:
        db: duckdb.DuckDBPyConnection | None = getattr(self._local, "db", None)
        if db is None:
            db = self._local.db = engine.connect()
        with job.lock:
            if job.over:
                raise duckdb.InterruptException("its time was over before it began")
            job.db = db
        try:
            return work(db)
        finally:
            with job.lock:
                job.db = None

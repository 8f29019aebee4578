"""DuckDB as the batch engine: connections with limits, quoting, progress, the disk-full refusal."""

from __future__ import annotations

import errno
import json
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import duckdb
from django.conf import settings

from wushu.dataplane.ingest.refusals import DISK_FULL
from wushu.dataplane.query.engine import confine
from wushu.dataplane.quoting import literal

MEMORY = "600MB"
"""What DuckDB may hold before it spills to the load's own folder; the process stays below 1 GiB."""
THREADS = 2
WIDE = 400
"""Columns from which one thread's buffers alone are large."""
WIDE_MEMORY = "1500MB"
PROGRESS_SECONDS = 0.5

_T = TypeVar("_T")

Tick = Callable[[float], None]
"""Told now and then, in the caller's thread, which share of a statement is done (0 to 1)."""


@contextmanager
def connect(spill: Path, *, columns: int) -> Iterator[duckdb.DuckDBPyConnection]:
    """An in-memory database for a table of so many columns.

    It spills into ``spill``, uses no files but the work's beside it and the node's objects, and can
    load no extension.
    """
    is_wide = columns > WIDE
    connection = duckdb.connect(
        config={
            "threads": 1 if is_wide else THREADS,
            "memory_limit": WIDE_MEMORY if is_wide else MEMORY,
            "temp_directory": str(spill),
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }
    )
    # Progress is known only with the bar enabled; the bar itself is not to be printed.
    connection.execute("SET enable_progress_bar = true; SET enable_progress_bar_print = false")
    try:
        confine(connection, [spill.parent, Path(settings.OBJECTS_DIR)])
        yield connection
    finally:
        connection.close()


def run(
    connection: duckdb.DuckDBPyConnection, sql: str, tick: Tick | None = None
) -> list[tuple[Any, ...]]:
    """All rows of a statement; ``disk-full`` when there is no space left for it."""
    with disk_full_refused():
        if tick is None:
            return connection.execute(sql).fetchall()
        with ThreadPoolExecutor(1) as pool:
            work = pool.submit(lambda: connection.execute(sql).fetchall())
            try:
                while wait([work], timeout=PROGRESS_SECONDS).not_done:
                    tick(max(0.0, connection.query_progress()) / 100)
            except BaseException:
                connection.interrupt()
                raise
            return work.result()


@contextmanager
def beside(
    connection: duckdb.DuckDBPyConnection, work: Callable[[duckdb.DuckDBPyConnection], _T]
) -> Iterator[Future[_T]]:
    """Do ``work`` on a connection of its own to the same database, beside the block.

    It sees tables, but no temporary ones. When the block fails it is interrupted.
    """
    with connection.cursor() as own, ThreadPoolExecutor(1) as pool:
        working = pool.submit(work, own)
        try:
            yield working
        except BaseException:
            own.interrupt()
            raise


def run_in_order(connection: duckdb.DuckDBPyConnection, sql: str, tick: Tick | None = None) -> None:
    """Run a statement that must keep the order of rows; ``RuntimeError`` if its plan may not.

    The engine keeps the order while it reads, computes and filters, so the plan must be one straight
    line of operators. It makes joins of its own where one does not see them (of ``IN`` lists).
    """
    (_, plan), *_ = run(connection, f"EXPLAIN (FORMAT json) {sql}")
    nodes = json.loads(plan)
    while nodes:
        if len(nodes) > 1:
            raise RuntimeError(f"the engine would not keep the order of rows: {nodes[0]['name']}")
        nodes = nodes[0]["children"]
    run(connection, sql, tick)


@contextmanager
def disk_full_refused() -> Iterator[None]:
    """Turn the ways in which a full disk shows itself into one refusal (``disk-full``)."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise disk_full() from error
        raise
    except (duckdb.IOException, duckdb.OutOfMemoryException) as error:
        if any(word in str(error) for word in ("No space left", "File too large", "quota")):
            raise disk_full() from error
        raise


def disk_full() -> Exception:
    """The refusal."""
    return DISK_FULL(what_zh="装载", what_en="the load")


def throttled(action: Callable[..., None], seconds: float = 1.0) -> Callable[..., None]:
    """``action``, called at most once in ``seconds``; calls in between are dropped."""
    last = time.monotonic()

    def call(*arguments: Any) -> None:
        nonlocal last
        if time.monotonic() - last >= seconds:
            last = time.monotonic()
            action(*arguments)

    return call


def is_one_of(text: str, values: Sequence[str]) -> str:
    """SQL: whether the text is one of the values.

    Not ``IN`` and not ``list_contains``: of five and more values the engine makes a join of either,
    which does not keep the order of rows (``run_in_order``).
    """
    if not values:
        return "false"
    return "(" + " OR ".join(f"{text} = {literal(value)}" for value in values) + ")"


def texts(values: Sequence[str]) -> str:
    """A SQL list of text literals, without brackets."""
    return ", ".join(literal(value) for value in values)

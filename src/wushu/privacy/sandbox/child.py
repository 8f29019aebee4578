"""The process in which a program of somebody else runs; started by ``running``, never imported by the node.

It reads one request from its standard input and writes one answer to its standard output. Between
the two it makes an engine's file of the table, opens it for reading, and then takes from itself the
right to open anything: with no file descriptor to be had there is no other file, no socket and no
library to load, whatever the engine or a fault in it would do.
"""
# ruff: noqa: S608  (put together from constants and what the engine itself wrote)

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from datetime import date, datetime
from datetime import time as day_time
from decimal import Decimal
from math import isfinite
from pathlib import Path
from typing import Any

import duckdb

from wushu.privacy.sandbox import judging
from wushu.privacy.sandbox.judging import Fault

SAFE_INTEGER = 2**53 - 1
"""RFC 7493 (I-JSON), 2.2."""
OVERHEAD = 2 * 1024**3
"""Address space beside the engine's memory: libraries, stacks, what is mapped and never touched."""
DEPTH = 10_000
"""Of the syntax tree as JSON; the engine itself takes expressions 1,000 deep, each a few levels of it."""
BATCH = 500
_WARM = """
SELECT 1.5::DECIMAL(4, 1), DATE '2026-01-01', TIMESTAMP '2026-01-01 00:00:00', TIME '00:00:00',
       INTERVAL 1 DAY, 'a'::BLOB, [1], {'a': 1}, 1e0, true, 1::HUGEINT, MAP {'a': 1}, uuid(),
       json('{}'), sum(i) FROM range(100000) AS t(i) GROUP BY ALL
"""
"""One value of each kind: what turning them into Python's needs is loaded while files can be opened."""


class TooLarge(Exception):
    """The result has more rows or bytes than it may have."""


def main() -> None:
    """Answer the one request."""
    sys.setrecursionlimit(DEPTH)
    asked = json.loads(sys.stdin.buffer.read())
    try:
        answer = _checked(asked) if asked["check"] else _ran(asked)
    except MemoryError:
        answer = {"fault": ["program-too-large", ""]}
    sys.stdout.buffer.write(json.dumps(answer, ensure_ascii=False).encode())


def _checked(asked: dict[str, Any]) -> dict[str, Any]:
    """Whether it is one query of the one table; nothing is run."""
    _limit(asked)
    with duckdb.connect(":memory:", config=_options(asked)) as db:
        _tree(db, "SELECT 1")  # what parsing needs is loaded while files can be opened
        _shut()
        fault = judging.fault_of(_tree(db, asked["program"]))
    return {"fault": [fault.name, fault.what] if fault else None}


def _ran(asked: dict[str, Any]) -> dict[str, Any]:
    begun = time.monotonic()
    _limit(asked)
    folder = Path(asked["folder"])
    made = folder / "granted.duckdb"
    with duckdb.connect(str(made), config=_options(asked)) as db:
        db.execute(
            f"CREATE TABLE {judging.TABLE} AS SELECT * FROM read_parquet(?)", [asked["table"]]
        )
    with duckdb.connect(str(made), read_only=True, config=_options(asked)) as db:
        db.execute("SET enable_external_access = false")
        db.execute("SET lock_configuration = true")
        db.execute(_WARM).fetchall()
        tree = _tree(db, asked["program"])
        fault = judging.fault_of(tree)
        if fault is None:
            _shut()
            fault = _planned(db, asked["program"])
        if fault is not None:
            return {"fault": [fault.name, fault.what]}
        try:
            ran = time.monotonic()
            found = _result(db, asked)
            # The count takes about as long again: rather none than no result.
            left = asked["seconds"] - (time.monotonic() - begun)
            is_time = time.monotonic() - ran < left
            return {**found, "behind": _behind(db, tree) if is_time else None}
        except TooLarge:
            return {"fault": ["computed-too-large", ""]}
        except duckdb.OutOfMemoryException:
            return {"fault": ["program-too-large", ""]}
        except duckdb.Error as error:
            # Never its words: they can hold values of the table, which nobody has released.
            return {"fault": ["program-failed", type(error).__name__.removesuffix("Exception")]}


_OPTIONS: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "temp_directory": "",
}


def _options(asked: dict[str, Any]) -> dict[str, str | bool | int | float | list[str]]:
    return {
        **_OPTIONS, "memory_limit": f"{asked['memory']}MB", "threads": asked["threads"],
    }  # fmt: skip


def _limit(asked: dict[str, Any]) -> None:
    """What the system counts: address space, processor time, dumps of memory."""
    space = asked["memory"] * 1024**2 + OVERHEAD
    seconds = int(asked["seconds"]) * asked["threads"] + 10
    for what, most in (
        (resource.RLIMIT_AS, space),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


def _shut() -> None:
    """From here on nothing can be opened, written or started; what is open stays so (getrlimit(2))."""
    for what in (resource.RLIMIT_NOFILE, resource.RLIMIT_FSIZE, resource.RLIMIT_NPROC):
        resource.setrlimit(what, (0, 0))


def _tree(db: duckdb.DuckDBPyConnection, program: str) -> dict[str, Any]:
    found = db.execute("SELECT json_serialize_sql(?::VARCHAR)", [program]).fetchall()
    tree: dict[str, Any] = json.loads(found[0][0])
    return tree


def _planned(db: duckdb.DuckDBPyConnection, program: str) -> Fault | None:
    """What is wrong with its names and types: said in full, since no row has been looked at."""
    try:
        db.execute(f"EXPLAIN {program}").fetchall()
    except (duckdb.ParserException, duckdb.BinderException, duckdb.CatalogException) as error:
        return Fault("program-not-understood", str(error).partition("\n")[0])
    except duckdb.OutOfMemoryException:
        return Fault("program-too-large")
    except duckdb.Error as error:
        return Fault("program-failed", type(error).__name__.removesuffix("Exception"))
    return None


def _result(db: duckdb.DuckDBPyConnection, asked: dict[str, Any]) -> dict[str, Any]:
    """All of it, or ``TooLarge``."""
    cursor = db.execute(asked["program"])
    columns = [[str(one[0]), str(one[1])] for one in cursor.description or ()]
    rows: list[list[Any]] = []
    size = 0
    while batch := cursor.fetchmany(BATCH):
        made = [[_plain(value) for value in row] for row in batch]
        size += len(json.dumps(made, ensure_ascii=False).encode())
        rows += made
        if len(rows) > asked["rows"] or size > asked["bytes"]:
            raise TooLarge
    return {"fault": None, "columns": columns, "rows": rows}


def _behind(db: duckdb.DuckDBPyConnection, tree: dict[str, Any]) -> int | None:
    """The fewest rows of the table behind a value of the result; None where nothing sound is said.

    A count that fails (it has no limit where the program may have one) leaves the result as it is.
    """
    wanted = judging.counting(tree)
    if wanted is None:
        return None
    program, names = wanted
    columns = ", ".join(f'"{name}"' for name in names)
    try:
        found = db.execute("SELECT json_deserialize_sql(?::JSON)", [json.dumps(program)]).fetchall()
        counted = db.execute(f"SELECT min(least({columns})) FROM ({found[0][0]})").fetchall()
    except (duckdb.Error, MemoryError):
        return None
    return None if counted[0][0] is None else int(counted[0][0])


def _plain(value: Any) -> Any:
    """A value as JSON holds it: exact numbers and moments as text, as the rows API gives them."""
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, int | float):
        is_safe = isfinite(value) if isinstance(value, float) else abs(value) <= SAFE_INTEGER
        return value if is_safe else str(value)
    if isinstance(value, dict):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return _TEXTS.get(type(value), str)(value)


_TEXTS: dict[type, Callable[[Any], str]] = {
    Decimal: lambda value: format(value, "f"),
    bytes: bytes.hex,
    date: date.isoformat,
    datetime: datetime.isoformat,
    day_time: day_time.isoformat,
}


if __name__ == "__main__":
    main()

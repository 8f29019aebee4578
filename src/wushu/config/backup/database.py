"""Copies of the relational database: one snapshot, taken beside its writers."""

from __future__ import annotations

import errno
import itertools
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import connection

from wushu.config.backup.refusals import (
    CLIENT_PROGRAM_FAILED,
    CLIENT_PROGRAM_MISSING,
    DATABASE_DAMAGED,
)

Ask = Callable[[str], Iterable[tuple[Any, ...]]]

SQLITE_NAME = "wushu.db"
POSTGRES_NAME = "wushu.dump"
_CHUNK = 1000


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A copy of the database, and questions to exactly the state that was copied."""

    engine: str
    """``sqlite`` or ``postgresql``."""
    name: str
    """Of the file."""
    ask: Ask


@contextmanager
def snapshot(folder: Path) -> Iterator[Snapshot]:
    """Copy the database into the folder; inside the block the same state answers questions.

    Refusals: ``client-program-missing``, ``client-program-failed``, ``database-damaged``.
    """
    taken = _sqlite if connection.vendor == "sqlite" else _postgres
    with taken(folder) as made:
        yield made


@contextmanager
def _sqlite(folder: Path) -> Iterator[Snapshot]:
    """SQLite's online backup, in one step: with WAL it reads one state and keeps nobody waiting."""
    target = folder / SQLITE_NAME
    name = str(connection.settings_dict["NAME"])
    try:
        with (
            closing(sqlite3.connect(name, timeout=60, uri=name.startswith("file:"))) as source,
            closing(sqlite3.connect(target)) as copy,
        ):
            source.execute("PRAGMA query_only = ON")
            source.backup(copy)
            # One file without a journal beside it, so that its hash stays what it is.
            copy.execute("PRAGMA journal_mode = DELETE")
            said = copy.execute("PRAGMA quick_check(1)").fetchone()[0]
    except sqlite3.DatabaseError as error:
        _refuse_full_disk(error)
        raise DATABASE_DAMAGED(reason=error) from error
    if said != "ok":
        raise DATABASE_DAMAGED(reason=said)
    with closing(sqlite3.connect(f"file:{target}?mode=ro&immutable=1", uri=True)) as opened:
        yield Snapshot("sqlite", SQLITE_NAME, lambda sql: iter(opened.execute(sql)))


def _refuse_full_disk(error: sqlite3.DatabaseError) -> None:
    """A full disk as the system names it, which the caller tells from damage."""
    if "disk is full" in str(error) or "disk I/O error" in str(error):
        raise OSError(errno.ENOSPC, str(error)) from error


@contextmanager
def _postgres(folder: Path) -> Iterator[Snapshot]:
    """``pg_dump`` of an exported snapshot, which this session holds open and asks too."""
    import psycopg  # noqa: PLC0415  (installed where PostgreSQL is used)

    program = client_program("pg_dump")
    with psycopg.connect(**parameters(), autocommit=True) as session:
        session.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        exported = session.execute("SELECT pg_export_snapshot()").fetchone()
        assert exported is not None
        run_client(
            program,
            "--format=custom",
            "--no-owner",
            "--no-privileges",
            f"--snapshot={exported[0]}",
            f"--file={folder / POSTGRES_NAME}",
        )

        numbers = itertools.count()

        def ask(sql: str) -> Iterator[tuple[Any, ...]]:
            with session.cursor(name=f"wushu_{next(numbers)}") as cursor:
                cursor.itersize = _CHUNK
                yield from cursor.execute(sql)

        yield Snapshot("postgresql", POSTGRES_NAME, ask)


def parameters() -> dict[str, Any]:
    """Libpq's keywords of the database in use."""
    settings = connection.settings_dict
    given = {
        "dbname": settings["NAME"],
        "user": settings["USER"],
        "password": settings["PASSWORD"],
        "host": settings["HOST"],
        "port": settings["PORT"],
        **{k: v for k, v in settings["OPTIONS"].items() if k not in ("pool", "isolation_level")},
    }
    return {key: value for key, value in given.items() if value not in ("", None)}


def client_program(name: str) -> str:
    """Path of one of PostgreSQL's client programs; refusal ``client-program-missing``."""
    found = shutil.which(name)
    if found is None:
        raise CLIENT_PROGRAM_MISSING(program=name)
    return found


def run_client(program: str, *arguments: str) -> None:
    """Run a client program on the database in use; the password goes by the environment.

    Refusal: ``client-program-failed``; ``OSError`` with ENOSPC when its disk is full.
    """
    from psycopg.conninfo import make_conninfo  # noqa: PLC0415

    given = parameters()
    password = given.pop("password", "")
    done = subprocess.run(
        [program, f"--dbname={make_conninfo(**given)}", *arguments],
        env={**os.environ, **({"PGPASSWORD": password} if password else {})},
        stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        if "No space left" in done.stderr:
            raise OSError(errno.ENOSPC, done.stderr.strip())
        raise CLIENT_PROGRAM_FAILED(
            program=Path(program).name, reason=" ".join(done.stderr.split())[-500:]
        )

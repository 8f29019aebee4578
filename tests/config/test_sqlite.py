"""Writers of one SQLite file take turns."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.sqlite3 import base
from django.db.utils import load_backend

pytestmark = pytest.mark.once
SETTINGS: dict[str, Any] = {
    "ENGINE": "wushu.config.sqlite", "AUTOCOMMIT": True, "TIME_ZONE": None, "CONN_MAX_AGE": 0,
    "CONN_HEALTH_CHECKS": False, "ATOMIC_REQUESTS": False, "TEST": {},
}  # fmt: skip


def connect(file: Path, *, timeout: float) -> BaseDatabaseWrapper:
    options = {"transaction_mode": "IMMEDIATE", "timeout": timeout}
    settings = {**SETTINGS, "NAME": str(file), "OPTIONS": options}
    made: BaseDatabaseWrapper = load_backend(SETTINGS["ENGINE"]).DatabaseWrapper(settings, "writer")
    return made


@pytest.fixture(autouse=True)
def files_of_the_tests_own(django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock():
        yield


@pytest.fixture
def writing(tmp_path: Path) -> Iterator[tuple[BaseDatabaseWrapper, Path]]:
    """A connection in the middle of a transaction, and its file."""
    file = tmp_path / "wushu.sqlite3"
    with closing(connect(file, timeout=0)) as holder:
        begin(holder)
        yield holder, file


def begin(connection: BaseDatabaseWrapper) -> None:
    connection.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)


def test_a_writer_gets_its_turn_when_the_one_before_ends(
    writing: tuple[BaseDatabaseWrapper, Path],
) -> None:
    holder, file = writing
    begun = threading.Event()

    def wait_and_begin() -> None:
        with closing(connect(file, timeout=30)) as waiting:
            begin(waiting)
            begun.set()
            waiting.rollback()

    thread = threading.Thread(target=wait_and_begin)
    thread.start()
    assert not begun.wait(0.1)
    holder.rollback()
    assert begun.wait(30)
    thread.join()


def test_a_writer_is_refused_as_locked_only_when_its_time_is_over(
    writing: tuple[BaseDatabaseWrapper, Path],
) -> None:
    _, file = writing
    with closing(connect(file, timeout=0.05)) as waiting:
        with pytest.raises(OperationalError, match="database is locked"):
            begin(waiting)
        # Single statements wait inside SQLite, as long as before.
        with waiting.cursor() as cursor:
            assert cursor.execute("PRAGMA busy_timeout").fetchone() == (50,)


def test_a_single_statement_waits_in_the_same_turns(
    writing: tuple[BaseDatabaseWrapper, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beside three hands that wait by turns one that waited as SQLite does was never let through."""
    holder, file = writing
    with holder.cursor() as cursor:
        cursor.execute("CREATE TABLE said (word TEXT)")
    holder.commit()
    begin(holder)
    looks = 0
    asked = base.SQLiteCursorWrapper.execute

    def counted(self: Any, query: str, params: Any = None) -> Any:
        nonlocal looks
        looks += query.startswith("INSERT")
        return asked(self, query, params)

    monkeypatch.setattr(base.SQLiteCursorWrapper, "execute", counted)
    several = threading.Event()

    def sleep(_seconds: float) -> None:
        if looks > 3:
            several.set()
        pause(_seconds)

    pause = time.sleep
    monkeypatch.setattr(time, "sleep", sleep)

    def write() -> None:
        with closing(connect(file, timeout=30)) as waiting, waiting.cursor() as cursor:
            cursor.execute("INSERT INTO said VALUES (%s)", ["later"])

    thread = threading.Thread(target=write)
    thread.start()
    assert several.wait(30), "it looks again and again by itself"
    holder.rollback()
    thread.join(30)
    with holder.cursor() as cursor:
        assert cursor.execute("SELECT word FROM said").fetchall() == [("later",)]


def test_a_single_statement_is_refused_as_locked_when_its_time_is_over(
    writing: tuple[BaseDatabaseWrapper, Path],
) -> None:
    holder, file = writing
    with holder.cursor() as cursor:
        cursor.execute("CREATE TABLE said (word TEXT)")
    holder.commit()
    begin(holder)
    with closing(connect(file, timeout=0.05)) as waiting, waiting.cursor() as cursor:
        with pytest.raises(OperationalError, match="database is locked"):
            cursor.execute("DELETE FROM said")
        assert cursor.execute("SELECT count(*) FROM said").fetchone() == (0,)
        assert cursor.execute("PRAGMA busy_timeout").fetchone() == (50,)


def test_who_comes_while_another_puts_a_crash_in_order_waits_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite calls that SQLITE_BUSY_RECOVERY, a code of its own."""
    begins = base.DatabaseWrapper._start_transaction_under_autocommit
    recovering = [True, True]

    def first_recovering(self: base.DatabaseWrapper) -> None:
        if recovering:
            recovering.pop()
            cause = sqlite3.OperationalError("database is locked")
            cause.sqlite_errorcode = sqlite3.SQLITE_BUSY_RECOVERY
            raise OperationalError("database is locked") from cause
        begins(self)

    monkeypatch.setattr(
        base.DatabaseWrapper, "_start_transaction_under_autocommit", first_recovering
    )
    with closing(connect(tmp_path / "wushu.sqlite3", timeout=30)) as connection:
        begin(connection)
        assert not recovering
        connection.rollback()


def test_what_is_no_matter_of_turns_is_told_at_once(tmp_path: Path) -> None:
    with closing(connect(tmp_path / "wushu.sqlite3", timeout=60)) as connection:
        begin(connection)
        with pytest.raises(OperationalError, match="within a transaction"):
            connection._start_transaction_under_autocommit()
        connection.rollback()

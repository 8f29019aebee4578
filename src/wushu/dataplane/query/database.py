"""The relational database as the data plane asks it: plain SQL, outside Django's ORM.

Statements use ``?`` for parameters and standard SQL that SQLite and PostgreSQL both run. Reads only.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, Protocol
from uuid import UUID

from django.db import connection

Row = tuple[Any, ...]
Parameter = str | int | UUID | datetime


class Database(Protocol):
    """Answers one statement."""

    blocks: bool
    """An answer may take a network round trip: do not ask on the event loop."""

    def rows(self, sql: str, params: Sequence[Parameter]) -> list[Row]:
        """All rows of the answer; values as the driver gives them, see ``uuid`` and ``moment``."""
        ...


class DjangoDatabase:
    """Django's own connection of this thread: sees the transaction it is called in."""

    blocks = True

    def rows(self, sql: str, params: Sequence[Parameter]) -> list[Row]:
        """All rows of the answer."""
        store = _as_sqlite if connection.vendor == "sqlite" else _as_postgres
        with connection.cursor() as cursor:
            cursor.execute(sql.replace("?", "%s"), [store(value) for value in params])
            return list(cursor.fetchall())


class _PerThread:
    """A connection for each thread, all of which can be closed at once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._local = threading.local()
        self._opened: list[Any] = []

    @property
    def mine(self) -> Any:
        """The connection of the thread that asks, or None."""
        return getattr(self._local, "connection", None)

    def keep(self, made: Any) -> Any:
        """Make it this thread's."""
        with self._lock:
            self._opened.append(made)
        self._local.connection = made
        return made

    def drop(self, used: Any) -> None:
        """Close this thread's, which is of no use any more."""
        with self._lock:
            self._opened.remove(used)
        self._local.connection = None
        used.close()

    def close(self) -> None:
        """Close every thread's. No thread may be using one."""
        with self._lock:
            opened, self._opened, self._local = self._opened, [], threading.local()
        for one in opened:
            one.close()


class SqliteDatabase:
    """One read-only connection a thread to the node's SQLite file."""

    blocks = False

    def __init__(self, name: str) -> None:
        self._name = name
        self._connections = _PerThread()

    def rows(self, sql: str, params: Sequence[Parameter]) -> list[Row]:
        """All rows of the answer."""
        opened = self._connections.mine or self._open()
        rows: list[Row] = opened.execute(sql, [_as_sqlite(value) for value in params]).fetchall()
        return rows

    def close(self) -> None:
        """Close all connections; the next question opens its own."""
        self._connections.close()

    def _open(self) -> sqlite3.Connection:
        opened = sqlite3.connect(
            self._name,
            timeout=20,
            isolation_level=None,
            uri=self._name.startswith("file:"),
            cached_statements=64,
            check_same_thread=False,  # each is used by one thread, and closed by any
        )
        opened.execute("PRAGMA query_only = ON")
        # Without effect on a file; a test's database in memory has locks per table instead of WAL.
        opened.execute("PRAGMA read_uncommitted = ON")
        self._connections.keep(opened)
        return opened


class PostgresDatabase:
    """One read-only connection a thread; opened again when the server went away."""

    blocks = True

    def __init__(self, connect: Callable[[], Any]) -> None:
        self._connect = connect
        self._connections = _PerThread()

    def rows(self, sql: str, params: Sequence[Parameter]) -> list[Row]:
        """All rows of the answer."""
        import psycopg  # noqa: PLC0415  (installed where PostgreSQL is used)

        opened = self._connections.mine
        if opened is not None:
            try:
                return self._ask(opened, sql, params)
            except psycopg.OperationalError:
                self._connections.drop(opened)
        return self._ask(self._connections.keep(self._connect()), sql, params)

    def close(self) -> None:
        """Close all connections; the next question opens its own."""
        self._connections.close()

    def _ask(self, opened: Any, sql: str, params: Sequence[Parameter]) -> list[Row]:
        return list(
            opened.execute(sql.replace("?", "%s"), [_as_postgres(v) for v in params]).fetchall()
        )


_raw: dict[str, SqliteDatabase | PostgresDatabase] = {}


def raw() -> Database:
    """The connection for requests that never enter Django, of the database Django uses."""
    name = str(connection.settings_dict["NAME"])
    found = _raw.get(name)
    if found is None:
        if connection.vendor == "sqlite":
            found = SqliteDatabase(name)
        else:
            found = PostgresDatabase(_postgres_connector(dict(connection.settings_dict)))
        _raw[name] = found
    return found


def close_all() -> None:
    """Close every raw connection of this process."""
    while _raw:
        _raw.popitem()[1].close()


def _postgres_connector(settings: dict[str, Any]) -> Callable[[], Any]:
    def connect() -> Any:
        import psycopg  # noqa: PLC0415

        # the names of Django's settings are those of libpq's keywords
        keywords = {
            "dbname": settings["NAME"],
            "user": settings["USER"],
            "password": settings["PASSWORD"],
            "host": settings["HOST"],
            "port": settings["PORT"],
        }
        options = {
            **{key: value for key, value in settings["OPTIONS"].items() if key != "pool"},
            **{key: value for key, value in keywords.items() if value},
        }
        given = f"{options.pop('options', '')} -c default_transaction_read_only=on".strip()
        return psycopg.connect(**options, options=given, autocommit=True)

    return connect


def uuid(value: Any) -> UUID:
    """A UUID as either driver gives it."""
    return value if isinstance(value, UUID) else UUID(value)


def moment(value: Any) -> datetime | None:
    """A time as either driver gives it: SQLite keeps the UTC text that Django wrote."""
    if value is None or isinstance(value, datetime):
        return value if value is None or value.tzinfo else value.replace(tzinfo=UTC)
    return datetime.fromisoformat(value).replace(tzinfo=UTC)


def _as_sqlite(value: Parameter) -> str | int:
    if isinstance(value, UUID):
        return value.hex
    if isinstance(value, datetime):
        return str(value.astimezone(UTC).replace(tzinfo=None))
    return value


def _as_postgres(value: Parameter) -> Parameter:
    return value

"""From the tables of the release before to those of this one: all of it or nothing.

One process upgrades at a time. All migrations run in one transaction of the database, on SQLite as on
PostgreSQL, so that a failure or a kill half-way leaves the tables, the rows and the log of the release
before. A copy of the database is taken first all the same.
"""

from __future__ import annotations

import fcntl
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

from wushu.config.backup import files
from wushu.config.backup.database import snapshot
from wushu.config.backup.refusals import RELEASE_OLDER, UPGRADE_FAILED
from wushu.kernel.failpoints import failpoint

ADVISORY_KEY = 0x5775736875_5570  # "Wushu" "Up": any number that nothing else in the database uses
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Upgraded:
    """What an upgrade did."""

    migrations: tuple[str, ...]
    """``app.name`` in the order they ran; empty: the tables were current."""
    copy: Path | None
    """The database from before; None where there was nothing to copy, or no copy was wanted."""


def upgrade(*, keep_copy: bool = True) -> Upgraded:
    """Bring the tables up to date; waits while another process does.

    Refusals: ``release-older``, ``upgrade-failed``, those of ``database.snapshot``.
    """
    with _lock():
        _keep_marks_key()
        pending = _pending()
        if not pending:
            return Upgraded((), None)
        copy = _copy() if keep_copy and _holds_a_node() else None
        try:
            _migrate()
        except Exception as error:
            logger.exception("the upgrade broke off")
            reason = f"{type(error).__name__}: {error}"
            raise UPGRADE_FAILED(reason=reason, copy=copy or "–") from error
        return Upgraded(pending, copy)


def _keep_marks_key() -> None:
    """Marks of recipients were made by the cursors' key once: what was delivered must stay traceable."""
    cursor, marks = (Path(settings.SECRETS_DIR) / name for name in ("cursor.key", "marks.key"))
    if cursor.is_file() and not marks.is_file():
        files.copy(cursor, marks)


@contextmanager
def _lock() -> Iterator[None]:
    """Processes of one host by a file, other hosts of the same database by an advisory lock."""
    folder = Path(settings.HOME) / "run"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (folder / "upgrade.lock").open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        if connection.vendor != "postgresql":
            yield
            return
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [ADVISORY_KEY])
        try:
            yield
        finally:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [ADVISORY_KEY])


def _pending() -> tuple[str, ...]:
    """Migrations to run, in order; refusal ``release-older`` where some are not known here."""
    executor = MigrationExecutor(connection)
    loader = executor.loader
    ours = {config.label for config in apps.get_app_configs()}
    # A squashed migration counts as applied though the file it replaced is gone.
    replaced = {old for one in loader.disk_migrations.values() for old in one.replaces}
    unknown = sorted(
        f"{app}.{name}"
        for app, name in loader.applied_migrations
        if app in ours and (app, name) not in loader.disk_migrations and (app, name) not in replaced
    )
    if unknown:
        raise RELEASE_OLDER(migrations=", ".join(unknown))
    plan = executor.migration_plan(loader.graph.leaf_nodes())
    return tuple(f"{migration.app_label}.{migration.name}" for migration, _ in plan)


def _holds_a_node() -> bool:
    """Whether there is anything that could be lost: an empty database needs no copy."""
    return "evidence_node" in connection.introspection.table_names()


def _copy() -> Path:
    moment = f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
    folder = Path(settings.HOME) / "upgrades" / f"before-{version('wushu')}-{moment}"
    folder.mkdir(parents=True, mode=0o700)
    with snapshot(folder) as taken:
        return folder / taken.name


def _migrate() -> None:
    # SQLite changes tables by copying them, which needs its foreign keys switched off; within a
    # transaction they cannot be. They are checked before it ends.
    switched_off = connection.vendor == "sqlite" and connection.disable_constraint_checking()
    try:
        with transaction.atomic(durable=True):
            call_command("migrate", verbosity=0, interactive=False)
            failpoint("upgrade.migrated")
            connection.check_constraints()
    finally:
        if switched_off:
            connection.enable_constraint_checking()
    failpoint("upgrade.committed")

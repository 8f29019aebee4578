"""Emptying the suite's database after a test that needed transactions of its own.

Django truncates every table and makes its content types anew, which takes PostgreSQL longer than most tests.
"""

from __future__ import annotations

from functools import cache

from django.db import connections, transaction
from django.test import TransactionTestCase

_KEPT = frozenset({"django_content_type", "auth_permission"})
"""They follow from the models alone; Django's own flush makes them again as they were."""


def flush_by_deleting() -> None:
    """From here on tables are emptied row by row: hardly any holds more than a few."""
    TransactionTestCase._fixture_teardown = _empty_all  # type: ignore[method-assign]


def _empty_all(case: TransactionTestCase) -> None:
    for alias in case._databases_names(include_mirrors=False):  # type: ignore[attr-defined]
        with transaction.atomic(using=alias), connections[alias].cursor() as cursor:
            for statement in _statements(alias):
                cursor.execute(statement)


@cache
def _statements(alias: str) -> tuple[str, ...]:
    connection = connections[alias]
    tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
    deletions = [
        f"DELETE FROM {connection.ops.quote_name(table)}" for table in sorted(set(tables) - _KEPT)
    ]
    if connection.vendor == "postgresql":  # for this transaction neither triggers nor foreign keys
        return ("SET LOCAL session_replication_role = replica", *deletions)
    return tuple(deletions)

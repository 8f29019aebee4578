"""Migrations that change a recorded table, so that its rows still audit clean afterwards.

A row's digest is of all its columns; a column that comes, goes or changes makes every digest of the
table wrong. ``Rerecorded`` wraps the operations that do so::

    operations = [
        Rerecorded(
            "parties.0002_organisation_telephone",
            "organisation",
            [migrations.AddField("organisation", "telephone", models.CharField(default=""))],
        ),
    ]

Rows that were what the log says *before* are recorded anew in an act ``config.schema.migrated`` of the
same transaction. A row that was not is left out, so that the audit goes on naming it: a migration must
not launder what somebody changed. The migration depends on one of ``evidence``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState


class Rerecorder(Protocol):
    """What the evidence log does before and after such a change, with the models of that moment."""

    def unsound(self, apps: Any, model: Any) -> set[str]:
        """Keys of rows that are not what the log last said of them."""

    def rerecord(self, apps: Any, model: Any, *, migration: str, leave_out: set[str]) -> None:
        """Record all other rows anew, in the transaction that is open."""


_rerecorder: Rerecorder | None = None


def bind(rerecorder: Rerecorder) -> None:
    """Called once, by the app that keeps the log."""
    global _rerecorder  # noqa: PLW0603  (one log per process)
    _rerecorder = rerecorder


class Rerecorded(Operation):
    """Operations on one recorded table, and the act that says so."""

    reduces_to_sql = False
    reversible = False

    def __init__(self, migration: str, model_name: str, operations: Sequence[Operation]) -> None:
        self.migration = migration
        self.model_name = model_name
        self.operations = list(operations)

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """As the operations themselves."""
        for operation in self.operations:
            operation.state_forwards(app_label, state)

    def database_forwards(
        self,
        app_label: str,
        schema_editor: Any,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Look at the rows, change the table, record the rows; ``RuntimeError`` when no log is bound."""
        if _rerecorder is None:
            raise RuntimeError("no evidence log is bound: rows must not change unrecorded")
        if not schema_editor.connection.in_atomic_block:
            raise RuntimeError(f"{self.migration} must be atomic: table and act change together")
        before = from_state.apps.get_model(app_label, self.model_name)
        leave_out = _rerecorder.unsound(from_state.apps, before)
        state = from_state
        for operation in self.operations:
            changed = state.clone()
            operation.state_forwards(app_label, changed)
            operation.database_forwards(app_label, schema_editor, state, changed)
            state = changed
        after = state.apps.get_model(app_label, self.model_name)
        _rerecorder.rerecord(state.apps, after, migration=self.migration, leave_out=leave_out)
        # PostgreSQL alters no table that waits for a deferred constraint to be looked at.
        schema_editor.connection.check_constraints()

    def database_backwards(
        self,
        app_label: str,
        schema_editor: Any,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Never: what the log says stays said. The copy from before the upgrade is the way back."""
        raise NotImplementedError(f"{self.migration} is in the log and cannot be taken back")

    def describe(self) -> str:
        """In words."""
        return f"Change the recorded table of {self.model_name} and record its rows anew"

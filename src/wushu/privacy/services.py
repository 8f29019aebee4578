"""What this app does: running a program of somebody else where the data are, so that they see its result only."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from wushu.privacy.sandbox import running
from wushu.privacy.types import Computed, ProgramLimits

__all__ = ["program_check", "program_run"]


def program_check(program: str, limits: ProgramLimits) -> None:
    """Refuse a text that is no program to run: it is one ``SELECT`` of the table ``data``.

    Nothing is run and no data are there. Refusals: ``program-empty``, ``program-too-long``,
    ``program-not-understood``, ``program-not-one-statement``, ``program-not-a-query``,
    ``program-other-table``, ``program-function-refused``.
    """
    running.check(program, limits)


def program_run(
    program: str, *, table: Path, folder: Path, limits: ProgramLimits, may_run: Callable[[], bool]
) -> Computed:
    """Run a program over the table of a Parquet file, in a process that can open nothing else.

    ``folder`` is for work and is the caller's to remove; ``may_run`` is asked every second. Whoever
    calls has asked who may: this app knows no dataset and no grant. Refusals: those of
    ``program_check``, ``program-too-slow``, ``program-too-large``, ``computed-too-large``,
    ``program-failed``, ``program-broke``, ``program-stopped``.
    """
    return running.run(program, table=table, folder=folder, limits=limits, may_run=may_run)

"""How each table stands to the evidence log; every model names one (``evidence = ...``)."""

from __future__ import annotations

from enum import StrEnum


class TableKind(StrEnum):
    """What an auditor may expect of a table's rows."""

    RECORDED = "recorded"
    """Every written row has a salted digest in the log; a changed row is named by the audit."""
    LOG = "log"
    """The log itself and what belongs to it; checked by its own mathematics."""
    TRANSIENT = "transient"
    """Sessions, counters, queue: worth nothing tomorrow, believed by no one."""

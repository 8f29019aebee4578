"""The published checkpoint as pages show it."""

from __future__ import annotations

from dataclasses import dataclass

from wushu.evidence import selectors as evidence
from wushu.kernel.errors import Refusal


@dataclass(frozen=True, slots=True)
class Published:
    """Size and root of the tree, and the signed note they come from (C2SP tlog-checkpoint)."""

    size: int
    root: str
    note: str


def published() -> Published | None:
    """The newest checkpoint; None when there is none to read."""
    try:
        note = evidence.checkpoint()
    except Refusal:
        return None
    lines = note.split("\n")
    return Published(size=int(lines[1]), root=lines[2], note=note)

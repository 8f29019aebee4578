"""When a catalogue shrank so much that somebody looks before it is believed."""

from __future__ import annotations

_FEW = 10
"""Of fewer records than this only the loss of all is suspicious."""


def is_suspicious(before: int, missing: int) -> bool:
    """Whether half or more of the records are missing without a word, or all of them.

    What the source itself says was deleted is not missing.
    """
    if not missing:
        return False
    return missing >= before or (before >= _FEW and missing * 2 >= before)

"""Waiting for what another thread or program is about to do."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Event

_LOOK_AGAIN = 0.02


def waited(holds: Callable[[], object], seconds: float = 30.0) -> bool:
    """Whether it comes to hold within the time; no longer waited than it takes."""
    pause, until = Event(), time.monotonic() + seconds
    while not holds():
        if time.monotonic() >= until:
            return False
        pause.wait(_LOOK_AGAIN)
    return True

"""The sign of life of background work: a file that a worker touches, and removes when it ends well."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

EVERY = 5.0
"""Seconds between two signs of life."""
SILENT_AFTER = 60.0
"""Seconds without one after which a worker has died or hangs."""


def _folder() -> Path:
    return Path(settings.HOME) / "run" / "workers"


class Heartbeat:
    """One worker's."""

    def __init__(self) -> None:
        self.path = _folder() / f"{os.uname().nodename}-{os.getpid()}"

    def beat(self) -> None:
        """I live."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.touch()

    def end(self) -> None:
        """I ended as I was told to."""
        self.path.unlink(missing_ok=True)


def _ages() -> Iterator[tuple[str, float]]:
    now = time.time()
    for path in sorted(_folder().glob("*")):
        try:
            yield path.name, max(0.0, now - path.stat().st_mtime)
        except FileNotFoundError:
            continue  # it has just ended


def age() -> float | None:
    """Seconds since any worker last showed that it lives; None when none runs, or none ever did."""
    return min((seconds for _, seconds in _ages()), default=None)


def silent() -> list[tuple[str, float]]:
    """Workers that fell silent without having been told to end, where no other has taken over."""
    ages = list(_ages())
    if any(seconds < SILENT_AFTER for _, seconds in ages):
        return []
    return ages

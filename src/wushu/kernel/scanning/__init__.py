"""Looks for malware in what somebody hands in, before it is accepted: the seam, and the null scanner.

``config`` binds the scanner that the settings name. Where they name none, nothing is looked at, and
``wushu doctor`` says so. Where they name one that is away, nothing is accepted.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import IO, Protocol


class Scanner(Protocol):
    """Reads a file and refuses what must not come in."""

    def require_clean(self, stream: IO[bytes], name: str) -> None:
        """Read to the end. Refusals: ``malware-found``, ``scan-unavailable``, ``scan-too-large``."""


class NoScanner:
    """None is set up: everything passes unseen."""

    def require_clean(self, stream: IO[bytes], name: str) -> None:
        """Looks at nothing."""


_factory: Callable[[], Scanner] = NoScanner


def bind(factory: Callable[[], Scanner]) -> None:
    """Called once, when the program starts; the factory is asked at each file."""
    global _factory  # noqa: PLW0603  (one per process)
    _factory = factory


def require_clean(stream: IO[bytes], name: str) -> None:
    """Refuse a file that the node's scanner finds something in, or that it cannot look at."""
    _factory().require_clean(stream, name)

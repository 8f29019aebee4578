"""What pages show beside their subject from the search index, without which they stand all the same."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from wushu.kernel.errors import Refusal

T = TypeVar("T")
_UNAVAILABLE = "search-unavailable"


def unless_away(ask: Callable[[], T], nothing: T) -> T:
    """The index's answer; ``nothing`` while it cannot be read, which the search itself says."""
    try:
        return ask()
    except Refusal as refusal:
        if refusal.name != _UNAVAILABLE:
            raise
        return nothing

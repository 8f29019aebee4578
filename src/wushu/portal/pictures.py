"""Small pictures of what a column holds, as places on a 120 × 32 grid. Pure functions.

Every picture has its words and its figures in a table: none carries anything alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from wushu.dataplane.types import ColumnProfile
from wushu.portal.text import grouped

WIDTH = 120
HEIGHT = 32
MOST_BARS = 24


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar; ``y`` is its upper end, downwards from the top."""

    x: str
    y: str
    width: str
    height: str


@dataclass(frozen=True, slots=True)
class Distribution:
    """Bars and what they say in words."""

    bars: tuple[Bar, ...]
    words: str


def distribution(profile: ColumnProfile) -> Distribution | None:
    """A histogram, or the most frequent values; None where a picture would say nothing."""
    if profile.histogram and profile.filled:
        most = max(profile.histogram, key=lambda one: one.count)
        words = _("Distribution from {first} to {last}, most often {low} to {high}").format(
            first=profile.minimum, last=profile.maximum, low=most.low, high=most.high
        )
        return Distribution(bars([one.count for one in profile.histogram]), words)
    if len(profile.top) > 1 and profile.distinct * 2 <= profile.filled:
        words = _("Most frequent values: {values}").format(
            values=_(", ").join(f"{one.value} ({grouped(one.count)})" for one in profile.top[:3])
        )
        return Distribution(bars([one.count for one in profile.top], slots=10), words)
    return None


def bars(counts: Sequence[int], *, slots: int = 0) -> tuple[Bar, ...]:
    """Bars as high as their counts; what is not zero is at least one unit high.

    ``slots``: keep room for so many bars, so that two values do not fill the picture.
    """
    joined = _joined(counts)
    highest = max(joined, default=0)
    if not highest:
        return ()
    step = WIDTH / max(len(joined), slots)
    width = max(step - 1.5, step * 0.6)
    return tuple(
        Bar(_short(place * step), _short(HEIGHT - tall), _short(width), _short(tall))
        for place, count in enumerate(joined)
        if (tall := max(1.0, HEIGHT * count / highest) if count else 0.0)
    )


def _joined(counts: Sequence[int]) -> list[int]:
    """Neighbours added up until at most ``MOST_BARS`` are left."""
    size = -(-len(counts) // MOST_BARS) or 1
    return [sum(counts[i : i + size]) for i in range(0, len(counts), size)]


def _short(number: float) -> str:
    return f"{number:.2f}".rstrip("0").rstrip(".")

"""How opening bodies are compared (公示排行). Pure, and told on the page in the same words.

A body's score is the mean of three shares, each from 0 to 1 and each of equal weight:

* **kept**: of its datasets with a promised update cycle, those that kept it (``rules.freshness``);
* **described**: the mean of its datasets' metadata quality points, of the most there are;
* **readable**: of its datasets, those whose data programs can read.

A share that has nothing to be of is left out of the mean; a body that lists nothing has no score and no
place. Scores are compared in tenths of a per cent: equal ones share a place, the next place is so many
further on (1, 1, 3), and those who share stand in the order of their credit codes. How much is listed,
how many rows and how often they are used are shown but not compared: they follow from what a body is
for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class BodyFigures:
    """What one body lists."""

    body: UUID
    listed: int = 0
    kept: int = 0
    missed: int = 0
    assessed: int = 0
    """Datasets whose quality points are known."""
    points: int = 0
    """Of these datasets together."""
    readable: int = 0
    """Datasets with data that programs can read (under a grant or without)."""
    rows: int = 0
    """Rows open to everybody, in the newest versions."""

    @property
    def kept_share(self) -> float | None:
        """Of the datasets with a promised update cycle."""
        promised = self.kept + self.missed
        return self.kept / promised if promised else None

    @property
    def mean_points(self) -> float | None:
        """Mean of the quality points."""
        return self.points / self.assessed if self.assessed else None

    @property
    def readable_share(self) -> float | None:
        """Of the listed datasets."""
        return self.readable / self.listed if self.listed else None


def score(figures: BodyFigures, most_points: int) -> float | None:
    """The score in tenths of a per cent as a share (``0.873``); None without anything listed."""
    if not figures.listed:
        return None
    points = figures.mean_points
    shares = (
        figures.kept_share,
        None if points is None else points / most_points,
        figures.readable_share,
    )
    known = [one for one in shares if one is not None]
    return round(sum(known) / len(known), 3)


def places(scores: Sequence[float | None]) -> list[int | None]:
    """The place of each score, 1 for the highest; equal scores share one; None for no score."""
    return [
        None if one is None else 1 + sum(other is not None and other > one for other in scores)
        for one in scores
    ]
